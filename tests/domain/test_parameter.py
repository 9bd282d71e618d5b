"""PARAM-1: parameters are known ones, within their bounds, each under one id."""

from typing import Any

from domain.errors import Taken, UnknownParameter
from tests.domain.story import Town, identity


def setting(name: str, value: int, parameter: str = "p") -> dict[str, Any]:
    return {
        "document": "示例府发〔2026〕2号",
        "effective_on": "2026-11-01",
        "name": name,
        "parameter": identity("parameter", parameter),
        "value": value,
    }


def test_param_1_only_known_parameters_within_their_bounds(town: Town) -> None:
    with town.refused(UnknownParameter, "late_days"):
        town.when("parameter.set.v1", setting("colour", 1), "registrar")
    with town.refused(UnknownParameter):
        town.when("parameter.set.v1", setting("late_days", 3651), "registrar")
    town.when("parameter.set.v1", setting("late_days", 3650), "registrar")


def test_id_1_a_parameter_keeps_its_id(town: Town) -> None:
    town.when("parameter.set.v1", setting("late_days", 10), "registrar")
    with town.refused(Taken):
        town.when("parameter.set.v1", setting("late_days", 20, "other"), "registrar")
    town.when("parameter.set.v1", setting("late_days", 20), "registrar")
    assert town.ledger.directory.parameters["late_days"].at("2026-11-23") == 20
    assert town.ledger.directory.parameters["late_days"].at("2026-10-31") is None
    town.check()
