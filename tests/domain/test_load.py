"""LOAD-1 and 2, CMD-8: sessions in which the books of whole areas are built up are opened by two, with a population stated (D9)."""

from typing import Any

import pytest

from domain.errors import (
    BadShape,
    BooksClosed,
    DisciplineIndependent,
    LabelDiffers,
    LateReasonMissing,
    NotInBatch,
    OutsideArea,
    RoleNotAllowed,
    SamePerson,
    SessionOverlaps,
    WrongCapacity,
    WrongCutOver,
)
from domain.values import days_after
from tests.domain.loads import (
    CUT_OVER,
    LATE,
    approval,
    approve,
    closed,
    closing,
    load,
    opened,
    opening,
    population,
)
from tests.domain.posts import deputise, standing_in
from tests.domain.story import TODAY, Json, Town, identity
from tests.domain.test_ledger import meddled


def test_load_1_a_session_is_proposed_by_one_and_opened_by_another(town: Town) -> None:
    proposed, made = town.entries_of(town.when("load.open.v1", opening(), "centre"))
    assert (proposed.event, made.event) == ("load.proposed.v1", "proposal.made.v1")
    assert proposed.state["population"] == population(1)
    label = "开立集中登记场次：青溪乡清产核资，基准日 2026-06-30，应登记项目 1 项 113.5万元、资产 0 项 0万元、债权债务 0 项 0万元"
    assert made.state["label"] == label
    endorsed, session, area = approve(town, "开立")
    assert (endorsed.event, session.event, area.event) == (
        "proposal.endorsed.v1",
        "load.opened.v1",
        "area.load_changed.v1",
    )
    assert (session.state["number"], session.state["code"]) == (1, "code:load:1")
    assert area.stream == identity("area", "town")
    assert (area.state["phase"], area.state["cut_over_on"]) == ("open", CUT_OVER)
    town.check()


def test_proj_9_who_proposed_a_session_does_not_approve_it(town: Town) -> None:
    town.when("load.open.v1", opening(), "centre")
    town.enrol("centre as head", "township", "town", person="centre", post="head")
    with town.refused(SamePerson):
        approve(town, "开立", by="centre as head")
    with town.refused(WrongCapacity, "乡党委政府"):
        approve(town, "开立", by="centre2")
    with town.refused(DisciplineIndependent):
        approve(town, "开立", by="discipline")
    approve(town, "开立")


def test_prop_2_a_session_is_approved_and_not_sealed(town: Town) -> None:
    town.when("load.open.v1", opening(), "centre")
    with town.refused(WrongCapacity):
        payload = approval(town, "开立 青溪乡清产核资") | {"capacity": "seals"}
        town.when("proposal.endorse.v1", payload, "head")


def test_auth_4_auth_5_a_session_is_proposed_by_the_office_over_its_areas(town: Town) -> None:
    for by in ("clerk", "typist", "head"):
        with town.refused(RoleNotAllowed):
            town.when("load.open.v1", opening(), by)
    with town.refused(OutsideArea):
        town.when("load.open.v1", opening("全县", "county"), "centre")


@pytest.mark.parametrize(
    ("changed", "refusal"),
    [
        ({"cut_over_on": days_after(TODAY, 1)}, WrongCutOver),
        ({"area_label": "清溪乡"}, LabelDiffers),
        ({"population": {}}, BadShape),
        ({"population": population() | {"projects": {"count": -1, "total_fen": 0}}}, BadShape),
        ({"areas": []}, BadShape),
    ],
)
def test_load_1_what_a_session_states(town: Town, changed: Json, refusal: Any) -> None:
    with town.refused(refusal):
        town.when("load.open.v1", opening(**changed), "centre")
    town.when("load.open.v1", opening(cut_over_on=TODAY), "centre")


def test_load_1_an_area_stands_once(town: Town) -> None:
    with town.refused(WrongCutOver, "不得重复"):
        town.when("load.open.v1", opening("两村", "kang", "kang"), "centre")
    town.when("load.open.v1", opening("两村", "kang", "shan"), "centre")


@pytest.mark.parametrize(
    ("first", "then"), [(("town",), ("kang",)), (("kang",), ("town",)), (("kang",), ("kang",))]
)
def test_load_2_no_two_sessions_reach_into_each_other(
    town: Town, first: tuple[str, ...], then: tuple[str, ...]
) -> None:
    opened(town, "甲", *first)
    with town.refused(SessionOverlaps, "场次“甲”（load_.*）尚未封账"):
        town.when("load.open.v1", opening("乙", *then), "centre")
    town.when("load.close.v1", closing("甲", loaded=population(), explanation="未登记"), "centre")
    with town.refused(SessionOverlaps, "场次“甲”（load_.*）尚未封账"):
        town.when("load.open.v1", opening("乙", *then), "centre")
    approve(town, "封账", "甲")
    assert opened(town, "乙", *then)[1].state["number"] == 2
    town.check()


def test_load_2_of_two_that_were_proposed_before_either_was_open_one_is_approved(town: Town) -> None:
    for name in ("甲", "乙"):
        town.when("load.open.v1", opening(name, "kang"), "centre")
    approve(town, "开立", "甲")
    with town.refused(SessionOverlaps, "场次“甲”（load_.*）尚未封账"):
        approve(town, "开立", "乙")
    closed(town, "甲", loaded=population(), explanation="未登记")
    assert approve(town, "开立", "乙")[1].state["number"] == 2
    town.check()


def test_load_2_a_session_opened_between_question_and_record_is_seen(town: Town) -> None:
    """Or the replay, which knows it, would refuse what was recorded."""
    ledger = meddled(town, lambda _: opened(town, "甲", "kang"))
    with pytest.raises(SessionOverlaps):
        ledger.handle(town.sign(town.command("load.open.v1", opening("乙", "town"), "centre")))
    town.check()


def test_load_2_a_session_beside_an_open_one_is_proposed(town: Town) -> None:
    opened(town, "甲", "kang")
    town.when("load.open.v1", opening("乙", "shan"), "centre")
    town.check()


def test_load_2_the_sessions_of_another_process_are_known(town: Town) -> None:
    """A process that has not read on decides on what is recorded all the same, or the replay would find it out."""
    other = town.another_process()
    town.when("load.open.v1", opening("乙", "shan"), "centre")
    town.when("load.open.v1", opening("丙", "town"), "centre")
    opened(town, "甲", "kang")
    proposed = town.sign(town.command("load.open.v1", opening("丁", "kang"), "centre"))
    with town.refused(SessionOverlaps):
        other.handle(proposed)
    signed = town.sign(town.command("proposal.endorse.v1", approval(town, "开立 丙", "丙"), "head"))
    with town.refused(SessionOverlaps):
        other.handle(signed)
    also = town.sign(town.command("proposal.endorse.v1", approval(town, "开立 乙", "乙"), "head"))
    accepted = other.handle(also)
    assert town.entries_of(accepted)[1].state["number"] == 2
    town.check()


@pytest.mark.parametrize("nature", ["fact", "opening"])
def test_cmd_8_in_a_session_nobody_is_asked_why_so_late(town: Town, nature: str) -> None:
    with town.refused(LateReasonMissing):
        load(town, nature=nature)
    town.when("load.open.v1", opening(), "centre")
    with town.refused(LateReasonMissing):  # proposed is not opened
        load(town, nature=nature)
    approve(town, "开立")
    load(town, nature=nature)
    load(town, "茶园", CUT_OVER, nature)
    with town.refused(LateReasonMissing):
        load(town, "竹园", days_after(CUT_OVER, 1), nature)
    load(town, "竹园", days_after(CUT_OVER, 1), nature, late_reason="补登")
    town.check()


def test_cmd_8_a_session_covers_its_areas_and_all_of_them(town: Town) -> None:
    opened(town, "康家村清产核资", "kang")
    shan: Json = {"areas": [identity("area", "shan")], "area_label": "山背村"}
    both: Json = {
        "areas": [identity("area", "kang"), identity("area", "shan")],
        "area_label": "康家村、山背村",
    }
    load(town)
    for places in (shan, both):
        with town.refused(LateReasonMissing):
            load(town, "茶园", **places)
    opened(town, "山背村清产核资", "shan")
    load(town, "茶园", **both)
    load(town, "竹园", **shan)
    town.check()


def test_cmd_8_a_session_of_another_process_is_known_where_the_law_has_changed(town: Town) -> None:
    """To one that has not read on, and knows of no session at all: or the replay would find no reason for its note."""
    town.law("late_days", 1)
    other = town.another_process()
    opened(town, cut_over_on=TODAY)
    listing = town.command(
        "project.list.v1", town.project(), nature="fact", occurred_on=days_after(TODAY, -10)
    )
    assert town.only(other.handle(town.sign(listing))).state["notes"] == []
    town.check()


def test_cmd_8_an_act_is_late_in_a_session_too(town: Town) -> None:
    opened(town)
    load(town)
    entry = town.books.stream(identity("project", "油茶基地"))[0]
    check = town.endorsement() | {"position": entry.position, "leaf": entry.leaf}
    with town.refused(LateReasonMissing):
        town.when("project.endorse.v1", check, "centre", occurred_on=LATE)
    town.when("project.endorse.v1", check, "centre")


def test_cmd_8_a_session_of_the_old_village_covers_what_its_successor_has(town: Town) -> None:
    opened(town, "山背村清产核资", "shan")
    merger = {
        "area": identity("area", "kang"),
        "document": "示例府发〔2026〕3号",
        "how": "merged",
        "label": "山背村",
        "name": "康家村",
        "successors": [identity("area", "shan")],
    }
    with town.refused(LateReasonMissing):
        load(town)
    town.when("area.succeed.v1", merger, "registrar")
    load(town)
    town.check()


def test_batch_5_no_session_is_opened_or_closed_in_a_batch(town: Town) -> None:
    town.when("load.open.v1", opening(), "centre")
    row = town.command("proposal.endorse.v1", approval(town, "开立 青溪乡清产核资"), "head")
    other = town.command("proposal.withdraw.v1", {"label": "无", "proposal": "无", "reason": "无"}, "head")
    accepted = town.ledger.preview_batch(town.batch([row, other], "head"))
    assert type(accepted.refused[0][1]) is NotInBatch


def test_d9_a_whole_workbook_is_loaded_as_one_batch(town: Town) -> None:
    opened(town, stated=population(3))
    rows = [
        town.command("project.list.v1", town.project(name), "typist", nature="opening", occurred_on=LATE)
        for name in ("一", "二", "三")
    ]
    accepted = town.when_batch(rows)
    assert accepted.refused == ()
    closed(town, loaded=population(3))
    refused = town.ledger.preview_batch(
        town.batch([town.command("project.list.v1", town.project("四"), "typist", nature="opening")])
    ).refused
    assert [type(why) for _, why in refused] == [BooksClosed]
    town.check()


def test_auth_9_a_deputy_approves_a_session(town: Town) -> None:
    deputise(town, "head", "centre2")
    town.when("load.open.v1", opening(), "centre")
    payload = approval(town, "开立 青溪乡清产核资")
    accepted = town.when("proposal.endorse.v1", payload, signers=standing_in("centre2", "head"))
    assert town.entries_of(accepted)[1].event == "load.opened.v1"
    town.check()
