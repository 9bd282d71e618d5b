"""LEDGER-1 to 6: the opening of a ledger, and the editions of its rules that two registrars adopt."""

from typing import Any

import pytest

from domain.errors import (
    AlreadyOpened,
    ForeignRules,
    NotOpened,
    RulesNotAdopted,
    WrongBinding,
    WrongEpoch,
    WrongOpening,
    WrongSigners,
)
from tests.domain.story import ACTORS, LEDGER, LEDGER_ID, Town, identity, opened, opening

OPENERS = ["ledger", "registrar", "registrar2"]


def test_ledger_1_the_opening_is_entry_0_and_gives_the_origin() -> None:
    town = opened()
    entry = town.books.entries[0]
    assert (entry.event, entry.stream, entry.version, entry.n) == ("ledger.opened.v1", LEDGER_ID, 1, 1)
    assert sorted(entry.state) == ["archive", "area_code", "area_name", "epoch", "keys", "ledger"]
    assert entry.state["keys"] == opening()["keys"]
    assert town.ledger.directory.origin == f"bangfu/999999001/{entry.leaf[:32]}"
    town.check()


def test_ledger_1_it_is_opened_once() -> None:
    town = opened()
    with town.refused(AlreadyOpened):
        town.when("ledger.open.v1", opening(), OPENERS, origin="")


def _without_table() -> dict[str, Any]:
    return {"rules": opening()["rules"] | {"table": {"commands": []}}}


FIRST, SECOND = ACTORS["registrar"].enrolment, ACTORS["registrar2"].enrolment


@pytest.mark.parametrize(
    ("changed", "says"),
    [
        ({"keys": [FIRST, SECOND, LEDGER.enrolment]}, "第一把密钥须是台账自身的"),
        (
            {"keys": [LEDGER.enrolment | {"person": FIRST["person"]}, FIRST, SECOND]},
            "第一把密钥须是台账自身的",
        ),
        ({"keys": [LEDGER.enrolment, FIRST, SECOND | {"role": "ledger"}]}, "须是登记员的"),
        ({"keys": [LEDGER.enrolment, FIRST, SECOND | {"post": ""}]}, "须写明人、单位、岗位"),
        ({"keys": [LEDGER.enrolment, FIRST, SECOND | {"person": FIRST["person"]}]}, "至少两人"),
        (
            {"keys": [LEDGER.enrolment, FIRST, SECOND, SECOND | {"person": identity("person", "third")}]},
            "不得列两次",
        ),
        ({"rules": opening()["rules"] | {"epoch": 2}}, "第 1 版"),
        ({"rules": opening()["rules"] | {"archive": "b" * 64}}, "规则包"),
        (_without_table(), "规则目录"),
    ],
)
def test_ledger_2_an_incomplete_opening_is_refused(changed: dict[str, Any], says: str) -> None:
    town = Town()
    payload = opening(**changed)
    signers = [{part: key[part] for part in ("key", "organisation", "post")} for key in payload["keys"]]
    with town.refused(WrongOpening, says):
        town.when("ledger.open.v1", payload, OPENERS, origin="", signers=signers)


def test_key_1_an_opened_key_has_the_id_of_its_public_key() -> None:
    town = Town()
    keys = [
        LEDGER.enrolment,
        ACTORS["registrar"].enrolment,
        ACTORS["registrar2"].enrolment | {"public": "0" * 64},
    ]
    with town.refused(WrongBinding):
        town.when("ledger.open.v1", opening(keys=keys), OPENERS, origin="")


def test_auth_8_every_opened_key_signs_the_opening() -> None:
    town = Town()
    with town.refused(WrongSigners):
        town.when("ledger.open.v1", opening(), ["ledger", "registrar"], origin="")


def test_ledger_5_nothing_is_entered_before_the_opening() -> None:
    town = Town()
    with town.refused(NotOpened):
        town.when("person.register.v1", {"person": identity("person", "x")}, "registrar", origin="")


def test_ledger_5_no_batch_is_entered_before_the_opening() -> None:
    town = Town()
    with town.refused(NotOpened):
        town.when_batch(
            [town.command("person.register.v1", {"person": identity("person", "x")}, "registrar")],
            "registrar",
        )


def adoption(epoch: int = 2, archive: str = "b" * 64) -> dict[str, Any]:
    return {"ledger": LEDGER_ID, "rules": opening()["rules"] | {"archive": archive, "epoch": epoch}}


def test_ledger_3_two_registrars_adopt_the_next_edition(town: Town) -> None:
    newer = town.another_process("b" * 64)
    accepted = newer.handle(
        town.sign(town.command("rules.adopt.v1", adoption(), ["registrar", "registrar2"]))
    )
    entry = town.only(accepted)
    assert (entry.event, entry.state, entry.epoch) == (
        "rules.adopted.v1",
        {"archive": "b" * 64, "epoch": 2},
        1,
    )
    signed = town.sign(town.command("project.list.v1", town.project(), nature="fact"))
    assert town.books.entries[newer.handle(signed).position].epoch == 2
    assert town.check(epoch=1)["decided"] == entry.position + 1
    assert town.check(epoch=2)["decided"] == 1


def test_ledger_3_editions_follow_one_another(town: Town) -> None:
    for epoch in (1, 3):
        with town.refused(WrongEpoch):
            town.when("rules.adopt.v1", adoption(epoch), ["registrar", "registrar2"])


def test_ledger_6_rules_are_adopted_by_the_program_that_has_them(town: Town) -> None:
    with town.refused(ForeignRules):
        town.when("rules.adopt.v1", adoption(), ["registrar", "registrar2"])
    newer = town.another_process("b" * 64)
    other = adoption()
    other["rules"]["table"]["commands"] = other["rules"]["table"]["commands"][1:]
    with town.refused(ForeignRules):
        newer.handle(town.sign(town.command("rules.adopt.v1", other, ["registrar", "registrar2"])))


def test_auth_8_one_registrar_adopts_nothing(town: Town) -> None:
    with town.refused(WrongSigners):
        town.when("rules.adopt.v1", adoption(), "registrar")


def test_ledger_4_a_program_with_other_rules_is_read_only_until_they_are_adopted(town: Town) -> None:
    newer = town.another_process("b" * 64)
    signed = town.sign(town.command("project.list.v1", town.project(), nature="fact"))
    with town.refused(RulesNotAdopted):
        newer.handle(signed)
    newer.handle(town.sign(town.command("rules.adopt.v1", adoption(), ["registrar", "registrar2"])))
    newer.handle(signed)
    with town.refused(RulesNotAdopted):
        town.listed("茶园")
