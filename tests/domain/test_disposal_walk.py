"""Whatever anybody tries in whatever order: what the entries then say is right, read naively from the entries alone."""

from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from domain.errors import Refused
from domain.record import Recorded
from tests.domain.disposals import AFTER, COURSES, Course, Estate, estate
from tests.domain.story import ACTORS, LATER_ACTORS, WAN, Json, identity, settled

PEOPLE = (
    "clerk",
    "chair",
    "bookkeeper",
    "centre",
    "centre2",
    "treasurer",
    "head",
    "county",
    "typist",
    "discipline",
)
STEPS = ("propose", "decide", "approve", "settle", "derecognise", "handle", "endorse", "withdraw", "reject")
PERSON = {one.key: one.person for one in (*ACTORS.values(), *LATER_ACTORS.values())}

Way = tuple[
    str, str, str, bool
]  # step, nature, by whom ("": the hand that the course names), whether it is right

tries = st.tuples(
    st.sampled_from(STEPS), st.sampled_from(("act", "fact")), st.sampled_from(("", *PEOPLE)), st.booleans()
)
# A way that may lead to the end, each step as an act or as a fact, with anything at all tried between.
ALONG = (
    "propose",
    "decide",
    "approve",
    "settle",
    "endorse",
    "endorse",
    "endorse",
    "decide",
    "endorse",
    "handle",
)


@st.composite
def ways(draw: st.DrawFn) -> list[Way]:
    walked: list[Way] = []
    for step in (*ALONG, "derecognise"):
        nature = draw(st.sampled_from(("act", "act", "fact"))) if step in ALONG[:4] else "act"
        walked += draw(st.lists(tries, max_size=2))
        walked.append((step, nature, "", draw(st.sampled_from((True, True, True, False)))))
    return walked


def payload(its: Estate, step: str, *, right: bool, nature: str) -> Json:
    late = {} if nature == "act" else {"late_reason": "补登"}
    match step:
        case "propose":
            return its.proposal() | late
        case "decide":
            return its.decision() | late
        case "approve":
            return its.approval() | late
        case "settle":
            return its.settlement(allocated_fen=WAN if right else 2 * WAN) | late
        case "derecognise":
            return its.parting()
        case "handle":
            return its.handling("confirmed" if right else "rectify")
        case "endorse":
            waiting = [
                one.version for one in its.town.books.stream(its.disposal) if one.state.get("unchecked")
            ]
            return its.endorsement(waiting[-1 if right else 0] if waiting else 1)
        case _:
            return its.of(reason="示例")


def walk(course: Course, walked: list[Way]) -> Estate:
    its = estate(settled(), course)
    first = True
    for step, nature, hand, right in walked:
        named = {
            "approve": course.approver or "head",
            "handle": "head",
            "endorse": "centre",
            "withdraw": course.proposer,
            "reject": "head",
        }
        by = hand or ("typist" if nature == "fact" else named.get(step, ""))
        try:
            its.when(step, payload(its, step, right=right, nature=nature), by, nature=nature)
        except Refused:
            continue
        if first:
            papers(its)
            first = False
    return its


def papers(its: Estate) -> None:
    """Every paper, the meeting and the notice are there as soon as there is a disposal."""
    its.ground().collected().sold().vouched()
    its.papers["handling"] = its.paper("approval", "处理意见")


def steps(entries: list[Recorded], event: str) -> list[Recorded]:
    return [one for one in entries if one.event == f"disposal.{event}.v1"]


def people(entries: list[Recorded]) -> list[str]:
    return [
        PERSON[key] for one in entries for key in one.state["by"] if one.state.get("nature", "act") == "act"
    ]


@settings(max_examples=40, deadline=None)
@given(st.sampled_from(COURSES), ways())
def test_disp_15_nothing_is_derecognised_without_those_who_must_act(
    course: Course, walked: list[Way]
) -> None:
    its = walk(course, walked)
    entries = its.town.books.stream(its.disposal)
    gone = steps(entries, "derecognised")
    ended = [*gone, *steps(entries, "withdrawn"), *steps(entries, "rejected")]
    ended += [one for one in steps(entries, "handled") if one.state["outcome"] == "rectify"]
    assert len(ended) <= 1
    if ended:
        assert all(one.event == "disposal.endorsed.v1" or one.version <= ended[0].version for one in entries)
    asset: Any = its.town.ledger.repository.get(its.asset)
    assert bool(asset.open_disposal) == (bool(entries) and not ended)
    for one in steps(entries, "settled"):
        money = one.state
        adds_up = money["received_fen"] == money["allocated_fen"] + money["retained_fen"]
        assert adds_up or (money["nature"] == "fact" and "DISP-18" in money["notes"])
    assert asset.carrying_fen(AFTER) == (0 if gone else 3 * WAN)
    if gone:
        of_owner = [one for one in steps(entries, "decided") if one.state["nature"] == "act"]
        of_approver = [one for one in steps(entries, "approved") if one.state["nature"] == "act"]
        handled = steps(entries, "handled")
        sold = steps(entries, "settled")
        assert of_owner
        assert of_approver or handled or not course.approver
        if sold[-1].state["nature"] == "fact":
            facts = [one.version for one in entries if one.state.get("nature") == "fact"]
            assert handled[-1].version > max(facts)
        waiting = {one.version for one in entries if one.state.get("unchecked")}
        assert waiting <= {one.state["version"] for one in steps(entries, "endorsed")}
        hands = people([*steps(entries, "proposed"), *of_owner, *of_approver, *gone])
        assert len(set(hands)) == len(hands)
    assert identity("person", "discipline") not in {PERSON[key] for one in entries for key in one.state["by"]}
    its.town.check()


def test_a_likely_walk_gets_there() -> None:
    """The walk is no walk if nobody ever arrives."""
    for course in COURSES:
        its = walk(course, [(step, "act", "", True) for step in STEPS[:5]])
        assert steps(its.town.books.stream(its.disposal), "derecognised")
