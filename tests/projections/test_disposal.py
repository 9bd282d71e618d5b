"""Documents, meetings, notices and disposals as rows and in the trace: what the domain's own entries come to."""

import json
from typing import Any

import pytest
from sqlalchemy import Engine

from domain import voting
from domain.disposal import Disposal
from domain.errors import BadShape
from projections import tables
from projections.follow import follow
from projections.nouns import NOUNS, TABLES
from projections.pages import page
from projections.rebuild import digests, rebuild
from projections.resolve import resolve
from projections.timeline import timeline
from projections.trace import trace
from projections.wanted import Wanted
from tests.domain import corpus
from tests.domain.disposals import (
    AFTER,
    COLLECTIVE,
    COURSES,
    HOUSEHOLD,
    LATER,
    STATE,
    UNTIL,
    Course,
    estate,
    leased,
)
from tests.domain.estate import correct
from tests.domain.story import WAN, Town, identity, settled
from tests.projections.rows import lines, row
from tests.projections.told import Told


@pytest.fixture
def town() -> Town:
    return settled()


@pytest.mark.parametrize("course", COURSES, ids=lambda course: course.owner_type)
def test_a_disposal_is_a_row_that_goes_its_way(town: Town, engine: Engine, course: Course) -> None:
    its = estate(town, course)
    told = Told(town)
    stages = []

    def now() -> dict[str, Any]:
        follow(told, engine)
        found = row(engine, tables.disposal, its.disposal)
        stages.append((found["stage"], found["ending"]))
        return found

    its.proposed(number="QX-CZ-1")
    assert now()["number"] == "QX-CZ-1"
    its.ground()
    its.when("decide", its.decision())
    assert now()["assurance"] == ("B" if course is HOUSEHOLD else "A")
    if course.approver:
        its.collected()
        its.when("approve", its.approval())
        approved = now()
        assert (approved["level"], approved["appraised_fen"]) == (
            "township",
            3 * WAN if course is STATE else None,
        )
    else:
        town.books.today = AFTER
    its.sold().when("settle", its.settlement())
    settled_ = now()
    assert settled_["received_fen"] == settled_["allocated_fen"] + settled_["retained_fen"] == 3 * WAN
    its.vouched().when("derecognise", its.parting())
    gone = now()
    assert (gone["checked"], gone["has_facts"], json.loads(gone["notes"])) == (True, False, [])
    expected = ["propose", "decide", *(["approve"] if course.approver else []), "settle", "derecognise"]
    assert [stage for stage, _ in stages] == expected
    assert [ending for _, ending in stages] == [""] * (len(stages) - 1) + ["derecognised"]
    assert lines(engine, tables.disposal_asset, asset=its.asset) == [
        {"disposal": its.disposal, "asset": its.asset}
    ]
    assert row(engine, tables.asset, its.asset)["gone_on"] == AFTER


def test_d9_a_fact_waits_for_its_check_and_its_handling(town: Town, each_engine: Engine) -> None:
    its = leased(town)
    its.fact("propose", its.proposal(months=360, ground="use"), occurred_on="2016-05-10")
    its.fact("settle", its.settlement(), occurred_on="2016-05-10")
    told = Told(town)

    def now() -> tuple[Any, ...]:
        follow(told, each_engine)
        found = row(each_engine, tables.disposal, its.disposal)
        return found["checked"], found["has_facts"], found["handled"], found["ending"]

    assert now() == (False, True, "", "")
    assert json.loads(row(each_engine, tables.disposal, its.disposal)["notes"]) == [
        "DISP-6",
        "DISP-10",
        "DOC-1",
    ]
    its.when("endorse", its.endorsement(1), "centre")
    assert now()[0] is False
    its.when("endorse", its.endorsement(2), "centre")
    assert now()[0] is True
    its.papers["handling"] = its.paper("approval", "处理意见")
    its.when("handle", its.handling("rectify"), "head")
    assert now() == (True, True, "rectify", "rectify")


def test_d9_a_later_fact_is_to_be_handled_anew(town: Town, engine: Engine) -> None:
    its = estate(town).decided()
    its.fact("settle", its.settlement())
    its.checked()
    its.papers["handling"] = its.paper("approval", "处理意见")
    its.when("handle", its.handling(), "head")
    told = Told(town)
    follow(told, engine)
    assert row(engine, tables.disposal, its.disposal)["handled"] == "confirmed"
    its.fact("approve", its.approval())
    follow(told, engine)
    found = row(engine, tables.disposal, its.disposal)
    assert (found["handled"], found["checked"], found["ending"]) == ("", False, "")


def test_a_lease_ends_when_it_is_settled(town: Town, engine: Engine) -> None:
    its = leased(town)
    its.decided(months=120, ground="use").collected()
    its.when("approve", its.approval(documents=[its.paper("tender")]))
    papers = [its.paper("contract"), its.paper("receipt")]
    its.when("settle", its.settlement(documents=papers))
    follow(Told(town), engine)
    found = row(engine, tables.disposal, its.disposal)
    assert (found["stage"], found["ending"], found["months"]) == ("settle", "settled", 120)
    assert json.loads(found["counterparty"])["name"] == "青溪冷链公司"


@pytest.mark.parametrize(("step", "by"), [("withdraw", "clerk"), ("reject", "head")])
def test_a_disposal_that_is_given_up_has_ended(town: Town, engine: Engine, step: str, by: str) -> None:
    its = estate(town).decided()
    its.when(step, its.of(reason="示例"), by)
    follow(Told(town), engine)
    ending = row(engine, tables.disposal, its.disposal)["ending"]
    assert ending == {"withdraw": "withdrawn", "reject": "rejected"}[step]
    assert row(engine, tables.asset, its.asset)["open_disposal"] == ""


def test_a_meeting_is_a_row_with_its_resolutions(town: Town, each_engine: Engine) -> None:
    its = estate(town).proposed()
    meeting = its.held(resolution={"agreed": 79, "against": 11}, checked=False)
    follow(Told(town), each_engine)
    found = row(each_engine, tables.meeting, meeting)
    assert (found["body"], found["entitled"], found["present"], found["checked"]) == (
        "members",
        120,
        100,
        False,
    )
    assert json.loads(found["notes"]) == ["MEET-3"]
    (resolution,) = lines(each_engine, tables.meeting_resolution, subject=its.disposal)
    assert (resolution["agreed"], resolution["passed"], resolution["amount_fen"]) == (79, False, 2 * WAN)
    its.check_meeting()
    follow(Told(town), each_engine)
    assert row(each_engine, tables.meeting, meeting)["checked"] is True


@pytest.mark.parametrize(("agreed", "has"), [(51, True), (50, False)])
def test_d8_a_corrected_meeting_is_judged_by_the_law_as_it_was_set(
    town: Town, each_engine: Engine, agreed: int, has: bool
) -> None:
    its = estate(town).proposed()
    town.law("members_passing", voting.HALF, "2026-01-01")
    town.law("members_passing", voting.TWO_THIRDS_OF_ALL)
    meeting = its.held(occurred_on="2026-06-01", resolution={"agreed": 79, "against": 11})
    was = town.books.stream(meeting)[0].state["resolutions"]
    now = [was[0] | {"agreed": agreed, "against": 100 - agreed}]
    correct(town, meeting, "成员大会", ("resolutions", was, now), valid_until=LATER)
    told = Told(town)
    follow(told, each_engine)
    (resolution,) = lines(each_engine, tables.meeting_resolution, meeting=meeting)
    assert (resolution["agreed"], resolution["passed"]) == (agreed, has)
    assert rebuild(told, each_engine).differences == ()


def test_a_notice_and_a_paper_are_rows(town: Town, engine: Engine) -> None:
    its = estate(town).decided().collected()
    follow(Told(town), engine)
    found = row(engine, tables.notice, identity("notice", "1"))
    assert (found["subject"], found["until"], found["closed_on"]) == (its.disposal, UNTIL, AFTER)
    assert (found["objections"], found["answered"], found["checked"]) == (1, 1, True)
    proof = row(engine, tables.document, its.papers["notice_proof"])
    assert (proof["kind"], proof["name"], proof["quality"]) == ("notice_proof", "公示照片", "original")
    assert [one["document"] for one in lines(engine, tables.document_subject, subject=its.disposal)] == [
        its.papers["notice_proof"]
    ]


def test_d9_a_batch_checks_the_facts_it_brought(town: Town, engine: Engine) -> None:
    its = estate(town)
    commands = [
        town.command(
            "disposal.propose.v1",
            its.proposal(disposal=identity("disposal", str(number)), expires_on="", late_reason="补登"),
            "typist",
            nature="fact",
        )
        for number in (1, 2)
    ]
    accepted = town.when_batch(commands)
    follow(Told(town), engine)
    assert row(engine, tables.disposal, its.disposal)["checked"] is False
    outcome = town.books.entries[accepted.position]
    check = {"excepted": [[1, "重复"]], "leaf": outcome.leaf, "position": outcome.position, "rows": 2}
    town.when("batch.endorse.v1", check | {"batch": outcome.stream}, "centre")
    follow(Told(town), engine)
    assert row(engine, tables.disposal, its.disposal)["checked"] is True
    assert row(engine, tables.disposal, identity("disposal", "2"))["checked"] is False


def test_d14_rows_are_what_the_domain_holds_and_a_rebuild_gives_them_again(engine: Engine) -> None:
    told_of = corpus.history()
    told = Told(told_of)
    for stop in range(1, told.size() + 1, 7):
        follow(told, engine, stop)
    follow(told, engine)
    found = lines(engine, tables.disposal)
    assert {one["ending"] for one in found} == {"withdrawn", "rejected", "rectify", "derecognised"}
    for one in found:
        held = told_of.the(Disposal, one["id"])
        assert (one["ending"], one["handled"], one["name"]) == (held.ended, held.handled, held.name)
        assert set(json.loads(one["done"])) == set(held.done)
    live = digests(engine)
    assert {name: live[name].rows > 0 for name in TABLES} == dict.fromkeys(TABLES, True)
    assert rebuild(told, engine).differences == ()
    assert digests(engine) == live


def test_d7_pages_of_them_are_those_of_any_noun(town: Town, each_engine: Engine) -> None:
    its = estate(town)
    its.proposed()
    at = len(town.books.entries) - 1
    its.ground()
    its.when("decide", its.decision())
    its.collected().when("approve", its.approval())
    follow(Told(town), each_engine)

    def shown(noun: str, **wanted: Any) -> list[Any]:
        return [one.fields for one in page(each_engine, NOUNS[noun], Wanted(**wanted)).items]

    (now,) = shown("disposal", fields={"stage": "approve"}, known_as="冷库")
    assert (now["progress"], now["level"]) == ("approve", "township")
    (then,) = shown("disposal", known_at=at)
    assert then["progress"] == "propose"
    assert "level" not in then
    for noun in ("disposal", "document", "meeting", "notice"):
        assert shown(noun, areas=frozenset({identity("area", "town")}))
        assert shown(noun, areas=frozenset({identity("area", "shan")})) == []
    assert [one["name"] for one in shown("notice", checked=True)] == ["冷库处置公示"]
    assert shown("disposal", as_of="2020-01-01") == []
    with pytest.raises(BadShape):
        shown("document", checked=True)


# --- the trace ------------------------------------------------------------------------------------------


def test_the_trace_of_a_disposal_has_its_papers_its_meeting_and_its_notice(town: Town) -> None:
    its = estate(town)
    its.proposed(number="QX-CZ-1").ground()
    its.when("decide", its.decision())
    its.collected().when("approve", its.approval())
    told = Told(town)
    assert resolve(told, "disposal:QX-CZ-1") == its.disposal
    found = trace(told, its.disposal)
    assert found.value("progress") == "approve"
    events = [one.event for one in found.timeline]
    for event in ("meeting.recorded.v1", "notice.posted.v1", "notice.closed.v1", "document.registered.v1"):
        assert event in events
    text = found.as_text()
    for word in (
        "处置 QX-CZ-1 转让：冷库",
        "进度",
        "已审批",
        "处置方式",
        "转让",
        "处置情形",
        "技术淘汰",
        "登记会议",
    ):
        assert word in text
    for code in ("progress", "land_house_vehicle", "obsolete", "collective_village"):
        assert code not in text


def test_the_trace_of_an_asset_leads_to_its_disposals(town: Town) -> None:
    its = estate(town)
    its.gone()
    events = [one.event for one in timeline(Told(town), its.asset)]
    assert events[-2:] == ["disposal.derecognised.v1", "asset.derecognised.v1"]
    assert {"disposal.proposed.v1", "disposal.decided.v1", "disposal.settled.v1"} <= set(events)


def test_d9_a_fact_of_a_disposal_shows_its_notes_and_its_check(town: Town) -> None:
    its = estate(town, COLLECTIVE)
    its.fact("propose", its.proposal())
    its.fact("settle", its.settlement())
    assert trace(Told(town), its.disposal).checked is False
    its.checked()
    found = trace(Told(town), its.disposal)
    assert found.checked is True
    (settle,) = [one for one in found.timeline if one.event == "disposal.settled.v1"]
    assert (settle.notes, settle.nature, settle.late_reason) == (("DISP-10", "DOC-1"), "fact", "补登")


def test_d12_why_it_was_handled_is_not_why_it_was_done(town: Town, each_engine: Engine) -> None:
    """The reason of the disposal is corrected, whatever reasons whoever handled it gave since."""
    its = leased(town)
    its.fact("propose", its.proposal(), occurred_on="2026-05-10")
    its.fact("settle", its.settlement(), occurred_on="2026-05-10")
    its.checked()
    its.papers["handling"] = its.paper("approval", "处理意见")
    its.when("handle", its.handling("rectify", reason="集体研究"), "head")
    told = Told(town)
    follow(told, each_engine)
    was = row(each_engine, tables.disposal, its.disposal)["reason"]
    assert trace(told, its.disposal).value("reason") == was
    correct(town, its.disposal, its.name, ("reason", was, "设备老化，已报废"), valid_until=LATER)
    follow(told, each_engine)
    assert row(each_engine, tables.disposal, its.disposal)["reason"] == "设备老化，已报废"
    assert trace(told, its.disposal).value("reason") == "设备老化，已报废"
    handled = next(one for one in timeline(told, its.disposal) if one.event == "disposal.handled.v1")
    assert handled.reason == "集体研究"
    assert rebuild(told, each_engine).differences == ()


def test_d12_a_correction_of_two_hands_changes_the_row(town: Town, each_engine: Engine) -> None:
    """Whether a resolution has its votes follows from the counts as corrected."""
    its = estate(town).settled()
    meeting, receipt, notice = (its.papers[one] for one in ("decision", "receipt", "notice"))
    other = its.opened("另一冷库")
    was = town.books.stream(meeting)[0].state["resolutions"]
    changes: list[tuple[str, str, int, tuple[Any, ...]]] = [
        (receipt, "receipt", 1, (("subjects", [its.asset], [other]), ("pages", 2, 3))),
        (meeting, "成员大会", 1, (("resolutions", was, [was[0] | {"agreed": 70, "against": 20}]),)),
        (notice, "冷库处置公示", 1, (("board", "康家村公示栏", "村委会"),)),
        (its.disposal, its.name, 4, (("allocated_fen", WAN, 0), ("retained_fen", 2 * WAN, 3 * WAN))),
    ]
    for subject, name, version, fields in changes:
        correct(town, subject, name, *fields, version=version, proposal=f"更正 {subject}", valid_until=LATER)
    told = Told(town)
    follow(told, each_engine)
    assert row(each_engine, tables.document, receipt)["pages"] == 3
    assert [one["subject"] for one in lines(each_engine, tables.document_subject, document=receipt)] == [
        other
    ]
    (resolution,) = lines(each_engine, tables.meeting_resolution, meeting=meeting)
    assert (resolution["agreed"], resolution["passed"]) == (70, False)
    assert row(each_engine, tables.notice, notice)["board"] == "村委会"
    money = row(each_engine, tables.disposal, its.disposal)
    assert (money["allocated_fen"], money["retained_fen"]) == (0, 3 * WAN)
    assert rebuild(told, each_engine).differences == ()
