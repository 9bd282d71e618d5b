"""A paper corrected after the act that rests on it (D8, D12): the act stands, and whoever reads it is led to what has changed."""

from collections.abc import Callable
from typing import Any

import pytest

from domain.meeting import Meeting
from domain.values import days_after
from domain.written import Written
from projections.leads import Lead
from projections.timeline import timeline
from projections.trace import trace
from tests.domain.deeds import DAY, Deed, let, posted, registered
from tests.domain.disposals import LATER, STATE, Estate, estate
from tests.domain.estate import correct, correction_of, signature
from tests.domain.story import WAN, Town, identity, settled
from tests.projections.told import Told


@pytest.fixture
def town() -> Town:
    return settled()


def approved(town: Town) -> Estate:
    """State property, approved on an appraisal."""
    its = estate(town, STATE).decided().collected()
    its.when("approve", its.approval())
    return its


def put_right(
    town: Town, subject: str, *changes: tuple[str, Any, Any], proposal: str = "更正", **more: Any
) -> int:
    """A correction of two hands; the position of it."""
    name = town.the(Written, subject).name
    correct(town, subject, name, *changes, proposal=proposal, valid_until=LATER, **more)
    return len(town.books.entries) - 1


def led(town: Town, subject: str, known_at: int | None = None) -> dict[str, tuple[Lead, ...]]:
    return {one.event: one.leads for one in timeline(Told(town), subject, known_at) if one.leads}


def test_an_act_on_a_paper_that_was_corrected_since_carries_a_lead(town: Town) -> None:
    its = approved(town)
    paper = its.papers["appraisal"]
    before = len(town.books.entries) - 1
    assert led(town, its.disposal) == {}
    at = put_right(town, paper, ("amount_fen", 3 * WAN, 9 * WAN))
    text = (
        f"所凭的材料“appraisal”此后已更正（所载金额），见第 {at} 号："
        "可能不再符合当时所据的规则，由有权办理的单位认定"
    )
    for subject in (its.disposal, its.asset, paper):
        assert led(town, subject) == {"disposal.approved.v1": (Lead(paper, at, text),)}
        assert led(town, subject, before) == {}  # as it was known then there was nothing to be led to
        told = "".join(trace(Told(town), subject).as_text().split())
        assert "线索（不是结论）" in told
        assert text.replace(" ", "") in told


@pytest.mark.parametrize("begin", [posted, registered, let])
@pytest.mark.parametrize(
    "change",
    [("issued_on", DAY, days_after(DAY, 1)), ("quality", "original", "recollection"), ("subjects", None, [])],
    ids=["its day", "its source", "what it is about"],
)
def test_law_1_what_rests_on_a_paper_of_before_is_led_to_what_was_corrected_of_it(
    town: Town, begin: Callable[[Town], Deed], change: tuple[str, Any, Any]
) -> None:
    deed = begin(town)
    deed.tightened()
    paper = deed.paper()
    deed.act(paper)
    field, was, now = change
    at = put_right(
        town, paper, (field, [deed.about] if was is None else was, now), occurred_on=town.books.today
    )
    ((lead,),) = led(town, deed.about).values()
    assert (lead.subject, lead.position) == (paper, at)
    town.check()


def test_param_2_a_law_of_days_gone_by_is_led_to_what_was_corrected_of_its_paper(town: Town) -> None:
    town.law("late_days", 20, "2026-10-01", "示例府发〔2026〕9号")
    (paper,) = [one.stream for one in town.books.entries if one.event == "document.registered.v1"]
    assert led(town, identity("parameter", "late_days")) == {}
    change = correction_of(
        paper, "late_days 20 2026-10-01", ("number", "示例府发〔2026〕9号", "示例府发〔2026〕6号")
    )
    town.when("document.correct.v1", change, "typist")
    town.when("proposal.endorse.v1", signature(town, "checks", "更正"), "centre2")
    at = len(town.books.entries) - 1
    ((lead,),) = led(town, identity("parameter", "late_days")).values()
    assert (lead.position, "文号" in lead.text) == (at, True)


def test_a_decision_is_led_to_what_was_corrected_of_its_meeting(town: Town) -> None:
    its = estate(town).decided()
    meeting = its.papers["decision"]
    at = put_right(town, meeting, ("present", 100, 70))
    assert [(one.subject, one.position) for one in led(town, its.disposal)["disposal.decided.v1"]] == [
        (meeting, at)
    ]


def test_what_a_correction_replaced_leads_nowhere_and_what_it_put_there_does(town: Town) -> None:
    its = estate(town).decided()
    meeting = its.papers["decision"]
    replaced = town.the(Meeting, meeting).last("minutes")
    right = its.paper("minutes", "补正的记录", issued_on=town.books.today)
    put_right(town, meeting, ("minutes", replaced, right))
    put_right(town, replaced, ("quality", "original", "recollection"), proposal="旧件")
    found = led(town, meeting)
    assert [one.subject for one in found["meeting.recorded.v1"]] == [replaced]
    assert "meeting.corrected.v1" not in found
    put_right(town, right, ("quality", "original", "recollection"), proposal="新件")
    assert [one.subject for one in led(town, meeting)["meeting.corrected.v1"]] == [right]


def test_a_paper_that_does_not_count_any_more_is_led_to(town: Town) -> None:
    its = approved(town)
    paper, twin = its.papers["appraisal"], its.paper("appraisal", "又一份", amount_fen=3 * WAN)
    asked = correction_of(paper, "appraisal") | {
        "instead": twin, "instead_name": "又一份", "kind": "duplicate"
    }  # fmt: skip
    town.when("document.correct.v1", asked, "clerk", valid_until=LATER)
    town.when("proposal.endorse.v1", signature(town, "checks", "更正"), "centre", valid_until=LATER)
    ((lead,),) = led(town, its.disposal).values()
    assert "重复登记" in lead.text
    put_right(
        town,
        paper,
        ("duplicate_of", twin, ""),
        version=town.the(Written, paper).version,
        proposal="恢复",
    )
    assert led(town, its.disposal) == {}


def test_what_no_rule_asks_of_a_paper_leads_nowhere(town: Town) -> None:
    its = approved(town)
    put_right(town, its.papers["appraisal"], ("pages", 2, 3), ("issuer", "青溪乡人民政府", "青溪乡财政办"))
    assert led(town, its.disposal) == {}


def test_what_was_corrected_before_the_act_leads_nowhere(town: Town) -> None:
    its = estate(town, STATE).decided().collected()
    put_right(town, its.papers["appraisal"], ("amount_fen", 3 * WAN, 4 * WAN))
    its.when("approve", its.approval())
    assert led(town, its.disposal) == {}


def test_what_was_corrected_and_corrected_back_leads_nowhere(town: Town) -> None:
    its = approved(town)
    paper = its.papers["appraisal"]
    put_right(town, paper, ("amount_fen", 3 * WAN, 9 * WAN))
    version = town.the(Written, paper).version
    put_right(town, paper, ("amount_fen", 9 * WAN, 3 * WAN), version=version, proposal="改回")
    assert led(town, its.disposal) == {}


def test_what_is_only_proposed_leads_nowhere(town: Town) -> None:
    its = approved(town)
    change = correction_of(its.papers["appraisal"], "appraisal", ("amount_fen", 3 * WAN, 9 * WAN))
    town.when("document.correct.v1", change, "clerk", valid_until=LATER)
    assert led(town, its.disposal) == {}
    assert led(town, identity("proposal", "更正")) == {}


def test_each_correction_elsewhere_changes_what_is_told(town: Town) -> None:
    its = approved(town)
    appraisal, proof = its.papers["appraisal"], its.papers["value_proof"]
    told = [timeline(Told(town), its.asset)]
    put_right(town, appraisal, ("amount_fen", 3 * WAN, 9 * WAN))
    told.append(timeline(Told(town), its.asset))
    put_right(town, proof, ("quality", "original", "recollection"), proposal="又更正")
    told.append(timeline(Told(town), its.asset))
    version = town.the(Written, appraisal).version
    put_right(town, appraisal, ("amount_fen", 9 * WAN, 3 * WAN), proposal="改回", version=version)
    told.append(timeline(Told(town), its.asset))
    assert [sum(len(one.leads) for one in items) for items in told] == [0, 1, 2, 1]
    assert len({len(items) for items in told}) == 1
    assert len({tuple(one.leads for one in items) for items in told}) == len(told)
