"""AUTH: who may sign what, in which capacity, over which areas."""

from typing import Any

import pytest

from domain.authority import ROLES, Directory
from domain.command import COMMANDS
from domain.errors import (
    CapacityNotHeld,
    DisciplineIndependent,
    KeyNotGood,
    LedgerKeyLimited,
    OutsideArea,
    RoleNotAllowed,
    UnknownKey,
    WrongSigners,
)
from tests.domain.disposals import estate
from tests.domain.story import ACTORS, AREAS, LEDGER, Town, actor, identity


def test_auth_1_a_key_that_is_not_enrolled_signs_nothing(town: Town) -> None:
    stranger = actor("stranger", "village_admin", "village")
    with town.refused(UnknownKey, stranger.key):
        town.when("project.list.v1", town.project(), nature="fact", signers=[stranger.capacity])


@pytest.mark.parametrize(
    ("command", "more"),
    [
        ("key.revoke.v1", {}),
        ("key.report_lost.v1", {}),
        ("key.report_compromise.v1", {"from_position": 10_000}),
    ],
)
def test_auth_2_an_ended_key_signs_nothing_more(town: Town, command: str, more: dict[str, int]) -> None:
    town.listed("油茶基地")
    town.when(command, {"key": ACTORS["clerk"].key, "reason": "调离"} | more, "registrar")
    with town.refused(KeyNotGood, ACTORS["clerk"].key):
        town.listed("茶园")
    town.check()


def test_auth_3_a_key_signs_in_the_capacity_it_was_enrolled_for(town: Town) -> None:
    for field, other in (("post", ACTORS["centre"].post), ("organisation", ACTORS["centre"].organisation)):
        with town.refused(CapacityNotHeld):
            signers = [ACTORS["clerk"].capacity | {field: other}]
            town.when("project.list.v1", town.project(), nature="fact", signers=signers)


def test_auth_3_a_closed_post_is_no_capacity(town: Town) -> None:
    closing = {"post": ACTORS["clerk"].post, "reason": "机构改革", "title": "示例岗位clerk"}
    town.when("post.close.v1", closing, "registrar")
    with town.refused(CapacityNotHeld, "撤销"):
        town.listed()


def test_auth_4_a_post_gives_the_commands_of_its_role(town: Town) -> None:
    with town.refused(RoleNotAllowed, "村系统管理员"):
        town.listed(by="head")
    town.listed()
    with town.refused(RoleNotAllowed):
        town.when("project.endorse.v1", town.endorsement(), "clerk_shan")


def test_auth_5_a_village_lists_its_own_projects(town: Town) -> None:
    with town.refused(OutsideArea, "康家村"):
        town.listed(by="clerk_shan")
    town.listed("茶园", by="clerk_shan", areas=[identity("area", "shan")], area_label=AREAS["shan"])


def test_auth_5_a_project_over_two_villages_is_the_towns(town: Town) -> None:
    both: dict[str, Any] = {
        "areas": [identity("area", "kang"), identity("area", "shan")],
        "area_label": "康家村、山背村",
    }
    with town.refused(OutsideArea, "山背村"):
        town.listed(**both)
    town.listed(by="typist", **both)


def test_auth_5_an_external_source_is_over_nobodys_village(town: Town) -> None:
    abroad: dict[str, Any] = {"areas": [identity("area", "source")], "area_label": AREAS["source"]}
    with town.refused(OutsideArea):
        town.listed(**abroad)
    town.listed(by="typist", **abroad)


def test_auth_5_a_village_writes_into_no_subject_of_another(town: Town) -> None:
    """康家村 files papers, posts notices and records meetings about its own; not, under its own area, about 山背村's."""
    its = estate(town)
    theirs = its.opened("山背茶厂", areas=[identity("area", "shan")], area_label=AREAS["shan"])
    paper = its.paper("photo")
    foreign = its.paper("minutes", "山背记录", areas=[identity("area", "shan")], subjects=[theirs])
    filed = dict(town.books.stream(paper)[0].command["payload"])
    held = dict(town.books.stream(its.held(resolution={"subject": its.asset}))[0].command["payload"])
    about = {"subject": theirs}
    for name, nature, payload, abroad in (
        ("document.register.v1", "act", filed, {"subjects": [its.asset, theirs]}),
        ("document.register.v1", "act", filed, {"subjects": [foreign]}),
        ("notice.post.v1", "act", its.posting(subject=its.asset), about),
        ("meeting.record.v1", "fact", held, {"resolutions": [held["resolutions"][0] | about]}),
        ("meeting.record.v1", "fact", held, {"minutes": foreign}),
    ):
        noun = name.partition(".")[0]
        new = payload | abroad | {noun: identity(noun, f"{abroad}")}
        with town.refused(OutsideArea, "也不关联辖区内的事项"):
            town.when(name, new, "clerk", nature=nature)
        town.when(name, new, "typist", nature=nature)
        own = payload | {noun: identity(noun, f"{abroad} own")}
        town.when(name, own, "clerk", nature=nature)
    town.check()


def test_auth_5_a_proposal_and_a_batch_lie_where_their_subject_and_their_enterer_do(town: Town) -> None:
    its = estate(town)
    shan: dict[str, Any] = {"areas": [identity("area", "shan")], "area_label": AREAS["shan"]}
    town.checked("茶园", by="clerk_shan", **shan)
    town.when("project.opine_class.v1", town.opinion("茶园", "山背"), "clerk_shan")
    row = town.command("project.list.v1", town.project("茶厂", **shan), "clerk_shan", nature="fact")
    batch = town.books.entries[town.when_batch([row], "clerk_shan").position].stream
    filed = dict(town.books.stream(its.paper("photo"))[0].command["payload"])
    for subject in (identity("proposal", "山背"), batch):
        paper = filed | {"document": identity("document", subject), "subjects": [subject]}
        with town.refused(OutsideArea, "也不关联辖区内的事项"):
            town.when("document.register.v1", paper, "clerk")
        town.when("document.register.v1", paper | {"areas": shan["areas"]}, "clerk_shan")


def test_auth_5_where_a_village_lies_is_a_dated_question(town: Town) -> None:
    other = {"area": identity("area", "other"), "division_code": "", "kind": "town", "name": "示例乡"}
    town.when("area.register.v1", other | {"parent": identity("area", "county")}, "registrar")
    moved = {"area": identity("area", "kang"), "name": "康家村", "parent": identity("area", "other")}
    town.when("area.move.v1", moved, "registrar")
    with town.refused(OutsideArea):
        town.listed(by="typist")
    town.listed(by="clerk")  # the village's own post is over the village wherever it lies
    town.check()


@pytest.mark.parametrize("command", ["project.endorse.v1", "project.opine_class.v1", "project.list.v1"])
def test_auth_6_discipline_supervises_and_signs_no_classification(town: Town, command: str) -> None:
    town.listed()
    payload = {
        "project.endorse.v1": town.endorsement(),
        "project.opine_class.v1": town.opinion(),
        "project.list.v1": town.project("茶园"),
    }[command]
    nature = "fact" if command == "project.list.v1" else "act"
    with town.refused(DisciplineIndependent):
        town.when(command, payload, "discipline", nature=nature)


def test_auth_6_no_command_at_all_is_open_to_discipline_yet() -> None:
    assert "discipline" in ROLES
    assert not [
        spec.name for spec in COMMANDS.values() for roles in spec.may.values() if "discipline" in roles
    ]


def test_auth_7_the_ledgers_own_key_signs_nothing_after_the_opening(town: Town) -> None:
    with town.refused(LedgerKeyLimited):
        town.when("person.register.v1", {"person": identity("person", "new")}, "ledger")


def test_auth_7_the_ledgers_own_key_enrols_nobody(town: Town) -> None:
    new = actor("new", "village_admin", "village", person="clerk", post="clerk")
    with town.refused(LedgerKeyLimited):
        town.when("key.enrol.v1", new.enrolment, signers=[LEDGER.capacity, new.capacity])


def test_auth_8_an_ordinary_command_has_one_signer(town: Town) -> None:
    with town.refused(WrongSigners):
        town.when("project.list.v1", town.project(), ["clerk", "typist"], nature="fact")


def test_auth_8_the_signatures_are_those_of_the_signers(town: Town) -> None:
    signed = town.sign(town.command("project.list.v1", town.project(), nature="fact"))
    for signatures in (
        (),
        ((ACTORS["typist"].key, "c2ln"),),
        (*signed.signatures, (ACTORS["typist"].key, "c2ln")),
    ):
        with town.refused(WrongSigners):
            town.ledger.handle(type(signed)(signed.id, signed.body, signed.command, signatures))


def test_a_directory_is_what_its_entries_say_and_never_changes(town: Town) -> None:
    entries, _ = town.books.identities(0)
    whole = Directory().after(*entries)
    stepwise = Directory()
    for entry in entries:
        before = stepwise
        stepwise = stepwise.after(entry)
        assert before is not stepwise
    assert stepwise == whole
    assert whole.moves[ACTORS["clerk"].key] == 1
    assert whole.origin.startswith("bangfu/999999001/")


def test_what_a_decision_consults_is_in_its_read_set(town: Town) -> None:
    kang = identity("area", "kang")
    reads = town.reads_of(
        "project.list.v1", town.project(number="QX-1"), nature="fact", occurred_on="2026-11-22"
    )
    clerk = ACTORS["clerk"]
    assert reads[clerk.key] == 1
    assert reads[clerk.post] == 1
    assert reads[kang] == 1
    assert reads["code:parameter:late_days"] == 0
    assert reads["code:project:QX-1"] == 0
    assert reads[identity("project", "油茶基地")] == 0
