"""Several device keys of one person (D15): each works and ends by itself, and a person is one person whatever the key."""

from dataclasses import replace
from typing import Any

import pytest

from domain.errors import KeyNotGood, LastRegistrar, SamePerson, WrongSigners
from domain.errors_disposal import SameHand
from tests.domain import estate as holding
from tests.domain.disposals import estate
from tests.domain.story import ACTORS, LEDGER_ID, Json, Town, actor, identity, opening

ENDINGS: list[tuple[str, Json]] = [
    ("key.revoke.v1", {}),
    ("key.report_lost.v1", {}),
    ("key.report_compromise.v1", {"from_position": 10_000}),
]


def tablet(town: Town, of: str) -> str:
    """A second device of somebody, in the same post; its name in the stories."""
    first, name = town.known(of), f"{of} tablet"
    made = actor(name, first.role, "", person=of, post=of)
    town.extra[name] = replace(made, organisation=first.organisation)
    by = ["registrar", "registrar2"] if first.role == "registrar" else ["registrar"]
    town.when("key.enrol.v1", town.known(name).enrolment, [*by, name])
    return name


def ending(town: Town, name: str, more: Json) -> Json:
    return {"key": town.known(name).key, "reason": "示例"} | more


@pytest.mark.parametrize(("command", "more"), ENDINGS)
def test_d15_two_devices_of_a_person_work_and_end_each_by_itself(
    town: Town, command: str, more: Json
) -> None:
    other = tablet(town, "clerk")
    town.listed("油茶基地", by="clerk")
    town.listed("茶园", by=other)
    town.when(command, ending(town, "clerk", more), "registrar")
    with town.refused(KeyNotGood, ACTORS["clerk"].key):
        town.listed("竹园", by="clerk")
    town.listed("竹园", by=other)
    third = "clerk phone"
    town.enrol(third, "village_admin", "village", person="clerk", post="clerk")
    town.when(command, ending(town, other, more), "registrar")
    with town.refused(KeyNotGood):
        town.listed("果园", by=other)
    town.listed("果园", by=third)
    town.check()


@pytest.mark.parametrize(("command", "more"), ENDINGS[1:])
def test_d15_one_device_does_not_report_the_other(town: Town, command: str, more: Json) -> None:
    """Whoever holds one device shall not end the other: each reports itself, or a registrar does."""
    other = tablet(town, "clerk")
    with pytest.raises(Exception, match="登记员"):
        town.when(command, ending(town, "clerk", more), other)
    town.when(command, ending(town, other, more), other)
    town.listed(by="clerk")


def test_key_2_the_devices_of_the_last_registrar_are_keys_like_others(town: Town) -> None:
    """What may not end is the last good key; a second device of the same registrar keeps the ledger governed."""
    other = tablet(town, "registrar")
    town.when("key.report_lost.v1", ending(town, "registrar2", {}), "registrar2")
    town.when("key.report_lost.v1", ending(town, "registrar", {}), "registrar")
    with town.refused(LastRegistrar):
        town.when("key.report_lost.v1", ending(town, other, {}), other)
    town.when("person.register.v1", {"person": identity("person", "new")}, other)
    town.check()


# --- different persons, never different keys -------------------------------------------------------------


def test_proj_9_who_entered_does_not_check_with_another_device(town: Town) -> None:
    town.extra["both"] = actor("both", "service_centre", "centre", person="typist", post="centre")
    town.when("key.enrol.v1", town.known("both").enrolment, ["registrar", "both"])
    town.listed(by="typist")
    with town.refused(SamePerson):
        town.when("project.endorse.v1", town.endorsement(), "both")
    other = tablet(town, "centre")
    town.listed("茶园", by=other)
    with town.refused(SamePerson):
        town.when("project.endorse.v1", town.endorsement("茶园"), "centre")
    town.when("project.endorse.v1", town.endorsement("茶园"), "centre2")
    town.when("project.endorse.v1", town.endorsement(), other)
    town.check()


def test_proj_9_nor_a_batch(town: Town) -> None:
    other = tablet(town, "centre")
    accepted = town.when_batch(
        [town.command("project.list.v1", town.project(), "centre", nature="fact")], "centre"
    )
    outcome = town.books.entries[accepted.position]
    check = {
        "batch": outcome.stream,
        "excepted": [],
        "leaf": outcome.leaf,
        "position": outcome.position,
        "rows": 1,
    }
    with town.refused(SamePerson):
        town.when("batch.endorse.v1", check, other)
    town.when("batch.endorse.v1", check, "centre2")


def test_proj_9_nor_sign_a_proposal_twice(town: Town) -> None:
    town.checked()
    town.when("project.opine_class.v1", town.opinion(), "clerk")
    proposer, sealer = "clerk as centre", "centre as head"
    for name, role, person, post in (
        (proposer, "service_centre", "clerk", "centre"),
        (sealer, "township", "centre", "head"),
    ):
        body = town.known(post)
        town.extra[name] = actor(
            name, role, "centre" if post == "centre" else "town", person=person, post=post
        )
        assert town.known(name).organisation == body.organisation
        town.when("key.enrol.v1", town.known(name).enrolment, ["registrar", name])
    with town.refused(SamePerson):
        town.when("proposal.endorse.v1", town.signature("checks"), proposer)
    town.when("proposal.endorse.v1", town.signature("checks"), "centre")
    with town.refused(SamePerson):
        town.when("proposal.endorse.v1", town.signature("seals"), sealer)
    town.when("proposal.endorse.v1", town.signature("seals"), "head")
    town.check()


def test_disp_12_nor_take_two_steps_of_a_disposal(town: Town) -> None:
    its = estate(town)
    its.decided().collected()
    chair = tablet(town, "chair")
    town.enrol("chair as head", "township", "town", person="chair", post="head")
    with town.refused(SameHand):
        its.when("approve", its.approval(), "chair as head")
    its.when("approve", its.approval(), "head")
    assert town.known(chair).person == town.known("chair").person


def test_asset_16_nor_propose_and_seal_a_title(town: Town) -> None:
    holding.checked(town)
    town.when("asset.register_ownership.v1", holding.title_of(), tablet(town, "clerk"))
    town.enrol("clerk as head", "township", "town", person="clerk", post="head")
    sealing = holding.signature(town, "seals", "确权")
    with town.refused(SamePerson):
        town.when("proposal.endorse.v1", sealing, "clerk as head")
    town.when("proposal.endorse.v1", sealing, "head")


def test_auth_8_two_devices_of_one_registrar_are_not_two_registrars(town: Town) -> None:
    other = tablet(town, "registrar")
    rules = opening()["rules"] | {"archive": "b" * 64, "epoch": 2}
    with town.refused(WrongSigners, "两名不同"):
        town.when("rules.adopt.v1", {"ledger": LEDGER_ID, "rules": rules}, ["registrar", other])
    third = actor("registrar3", "registrar", "town", person="registrar3", post="registrar")
    town.extra["registrar3"] = third
    town.when("person.register.v1", {"person": third.person}, "registrar")
    with town.refused(WrongSigners, "两名不同"):
        town.when("key.enrol.v1", third.enrolment, ["registrar", other, "registrar3"])
    town.when("key.enrol.v1", third.enrolment, ["registrar2", other, "registrar3"])
    with town.refused(WrongSigners, "两名不同"):
        town.when("key.revoke.v1", ending(town, "registrar2", {}), ["registrar", other])
    town.when("key.revoke.v1", ending(town, "registrar2", {}), ["registrar3", other])
    town.check()


def test_d9_ones_own_may_be_taken_back_with_another_device(town: Town) -> None:
    """What is the enterer's or the proposer's alone (PROJ-11, PROP-4) is theirs with whatever device."""
    other = tablet(town, "clerk")
    town.listed("茶园")
    better: dict[str, Any] = {"reason": "年度写错", "version": 1}
    town.when("project.supersede.v1", town.project("茶园") | better, other, nature="fact")
    town.checked()
    town.when("project.opine_class.v1", town.opinion(), "clerk")
    withdrawal = {"label": "村级初步认定：闲置类", "proposal": identity("proposal", "1"), "reason": "另提"}
    town.when("proposal.withdraw.v1", withdrawal, other)
    town.check()
