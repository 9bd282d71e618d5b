"""KEY-1 to 3: keys are enrolled, end once, and the last registrar stays."""

from typing import Any

import pytest

from domain.errors import (
    BadShape,
    KeyNotGood,
    LastRegistrar,
    NotFound,
    Taken,
    WrongBinding,
    WrongPosition,
    WrongSigners,
)
from tests.domain.posts import CLOSING, THIRD, third_registrar
from tests.domain.story import ACTORS, Town, actor, identity


def test_key_1_a_key_is_enrolled_by_a_registrar_and_itself(town: Town) -> None:
    second = actor("second", "village_admin", "village", person="clerk", post="clerk")
    accepted = town.when("key.enrol.v1", second.enrolment, "registrar", signers=_enrolling(second))
    entry = town.only(accepted)
    assert (entry.event, entry.stream, entry.state) == ("key.enrolled.v1", second.key, second.enrolment)
    town.when("project.list.v1", town.project(), nature="fact", signers=[second.capacity])
    town.check()


def _enrolling(new: Any, by: str = "registrar") -> list[dict[str, str]]:
    return [ACTORS[by].capacity, new.capacity]


def test_auth_8_a_key_is_not_enrolled_without_itself(town: Town) -> None:
    second = actor("second", "village_admin", "village", person="clerk", post="clerk")
    for signers in ([ACTORS["registrar"].capacity], _enrolling(second)[::-1]):
        with town.refused(WrongSigners):
            town.when("key.enrol.v1", second.enrolment, signers=signers)


@pytest.mark.parametrize(
    ("changed", "refusal"),
    [
        ({"public": "0" * 64}, WrongBinding),
        ({"role": "township"}, WrongBinding),
        ({"organisation": ACTORS["centre"].organisation}, WrongBinding),
        ({"person": identity("person", "nobody")}, NotFound),
        ({"post": identity("post", "nowhere")}, NotFound),
        ({"suite": "rsa"}, BadShape),
    ],
)
def test_key_1_person_post_and_organisation_agree(town: Town, changed: dict[str, str], refusal: Any) -> None:
    second = actor("second", "village_admin", "village", person="clerk", post="clerk")
    payload = second.enrolment | changed
    signers = [
        ACTORS["registrar"].capacity,
        {part: payload[part] for part in ("key", "organisation", "post")},
    ]
    with town.refused(refusal):
        town.when("key.enrol.v1", payload, signers=signers)


def test_key_1_no_key_is_enrolled_for_a_closed_post(town: Town) -> None:
    town.when("post.close.v1", CLOSING, "registrar")
    second = actor("second", "village_admin", "village", person="clerk", post="clerk")
    with town.refused(WrongBinding, "撤销"):
        town.when("key.enrol.v1", second.enrolment, signers=_enrolling(second))


def test_auth_2_a_key_ends_once(town: Town) -> None:
    ending = {"key": ACTORS["clerk"].key, "reason": "遗失"}
    town.when("key.revoke.v1", ending, "registrar")
    with town.refused(KeyNotGood):
        town.when("key.report_lost.v1", ending, "registrar")


def test_id_1_a_key_is_enrolled_once(town: Town) -> None:
    for name in ("clerk", "registrar2"):
        one = ACTORS[name]
        by = ["registrar"] if name == "clerk" else ["registrar", "registrar3"]
        if name != "clerk":
            third_registrar(town)
        with town.refused(Taken, one.key):
            capacities = [ACTORS.get(who, THIRD).capacity for who in by]
            town.when("key.enrol.v1", one.enrolment, signers=[*capacities, one.capacity])


def test_key_2_the_last_registrar_stays(town: Town) -> None:
    # A key of the opening has no entry of its own before this one.
    accepted = town.when(
        "key.report_lost.v1", {"key": ACTORS["registrar2"].key, "reason": "遗失"}, "registrar2"
    )
    assert town.only(accepted).version == 1
    with town.refused(LastRegistrar):
        town.when("key.report_lost.v1", {"key": ACTORS["registrar"].key, "reason": "遗失"}, "registrar")
    town.check()


def test_auth_8_no_registrar_makes_or_unmakes_a_registrar_alone(town: Town) -> None:
    with town.refused(WrongSigners):
        town.when("key.enrol.v1", THIRD.enrolment, signers=_enrolling(THIRD))
    third_registrar(town)
    ending = {"key": THIRD.key, "reason": "离任"}
    with town.refused(WrongSigners):
        town.when("key.revoke.v1", ending, "registrar")
    ended = {"key": ACTORS["registrar2"].key, "reason": "离任"}
    with town.refused(WrongSigners):  # the key that is ended is none of the two
        town.when("key.revoke.v1", ended, ["registrar", "registrar2"])
    town.when("key.revoke.v1", ending, ["registrar", "registrar2"])
    town.check()


def test_key_3_a_compromise_begins_after_the_enrolment(town: Town) -> None:
    clerk = ACTORS["clerk"].key
    enrolled = town.ledger.directory.keys[clerk].position
    with town.refused(WrongPosition):
        town.when(
            "key.report_compromise.v1", {"from_position": enrolled, "key": clerk, "reason": "失窃"}, "clerk"
        )
    payload = {"from_position": enrolled + 1, "key": clerk, "reason": "失窃"}
    accepted = town.when("key.report_compromise.v1", payload, "clerk")
    assert town.only(accepted).state == {"from_position": enrolled + 1, "key": clerk, "reason": "失窃"}
    town.check()


def test_key_a_key_reports_its_own_loss_but_does_not_revoke(town: Town) -> None:
    ending = {"key": ACTORS["clerk"].key, "reason": "遗失"}
    with pytest.raises(Exception, match="登记员"):
        town.when("key.revoke.v1", ending, "clerk")
    entry = town.only(town.when("key.report_lost.v1", ending, "clerk"))
    assert (entry.event, entry.state) == ("key.lost.v1", ending)
