"""AUTH-8, KEY-1 and 2: how many registrars make and end a key, no fewer and no more; and who reports his own."""

from typing import Any

import pytest

from domain.errors import CapacityNotHeld, WrongSigners
from tests.domain.posts import CLOSING, third_registrar
from tests.domain.story import ACTORS, Json, Town, actor

ENDINGS: list[tuple[str, Json]] = [
    ("key.revoke.v1", {}),
    ("key.report_lost.v1", {}),
    ("key.report_compromise.v1", {"from_position": 10_000}),
]
endings = pytest.mark.parametrize(("command", "more"), ENDINGS)


def ending(name: str, more: Json) -> Json:
    return {"key": ACTORS[name].key, "reason": "示例"} | more


def test_auth_8_one_registrar_enrols_the_key_of_a_clerk_and_two_are_too_many(town: Town) -> None:
    """A signature that is not asked for would say that somebody answers for what he was not asked."""
    second = actor("second", "village_admin", "village", person="clerk", post="clerk")
    by = [ACTORS["registrar"].capacity, ACTORS["registrar2"].capacity, second.capacity]
    with town.refused(WrongSigners, "1 名"):
        town.when("key.enrol.v1", second.enrolment, signers=by)
    town.when("key.enrol.v1", second.enrolment, signers=by[1:])


@endings
def test_auth_8_one_registrar_ends_the_key_of_a_clerk_and_two_are_too_many(
    town: Town, command: str, more: Json
) -> None:
    with town.refused(WrongSigners, "1 名"):
        town.when(command, ending("clerk", more), ["registrar", "registrar2"])
    town.when(command, ending("clerk", more), "registrar")


@endings
def test_auth_8_two_registrars_end_the_key_of_a_third_and_three_are_too_many(
    town: Town, command: str, more: Json
) -> None:
    third_registrar(town)
    payload: dict[str, Any] = {"key": town.extra["third"].key, "reason": "示例"} | more
    with town.refused(WrongSigners, "2 名"):
        town.when(command, payload, ["registrar", "registrar2", "third"])
    town.when(command, payload, ["registrar", "registrar2"])


@pytest.mark.parametrize(("command", "more"), ENDINGS[1:])
def test_auth_8_who_reports_his_own_key_signs_alone(town: Town, command: str, more: Json) -> None:
    with town.refused(WrongSigners):
        town.when(command, ending("clerk", more), ["clerk", "registrar"])
    town.when(command, ending("clerk", more), "clerk")


@pytest.mark.parametrize(("command", "more"), ENDINGS[1:])
def test_auth_3_who_reports_his_own_key_signs_in_his_own_post(town: Town, command: str, more: Json) -> None:
    other = ACTORS["centre"].capacity | {"key": ACTORS["clerk"].key}
    with town.refused(CapacityNotHeld):
        town.when(command, ending("clerk", more), signers=[other])
    town.when(command, ending("clerk", more), "clerk")


@pytest.mark.parametrize(
    ("command", "payload"),
    [
        ("key.report_lost.v1", {"key": ACTORS["registrar2"].key, "reason": "示例"}),
        ("post.close.v1", {}),
    ],
    ids=["key", "post"],
)
def test_key_2_who_leaves_a_registrar_behind_has_read_that_he_is_there(
    town: Town, command: str, payload: Json
) -> None:
    """Two who leave at once: one of them is decided anew, and finds that he is the last."""
    third_registrar(town)
    closing = CLOSING | {"post": town.extra["third"].post, "title": "第三登记员"}
    by = "third" if command == "post.close.v1" else "registrar2"
    reads = town.reads_of(command, payload or closing, by)
    assert {ACTORS["registrar"].key, ACTORS["registrar"].post} <= reads.keys()
