"""DOC-1, DISP-19, DISP-21, DISP-22 for every owner: each method's own papers, the floor of its price, the whole of its money
and of its assets; as acts, and as facts with their notes."""

import pytest

from domain.errors import WrongNature
from domain.errors_disposal import DocumentMissing, LateAct, NotFullyReceived, PriceTooLow, WrongPart
from domain.paths import METHODS, SOLD
from tests.domain.disposals import (
    AFTER,
    COLLECTIVE,
    COURSES,
    EQUITY,
    HOUSEHOLD,
    STATE,
    Course,
    Estate,
    estate,
)
from tests.domain.paths import METHOD_PAPERS, NOTHING_RECEIVED, all_but_one, asset_of, by_owner
from tests.domain.story import WAN, Json, Town

LARGE = 5 * WAN  # from here on a collective has its assets appraised
by_method = pytest.mark.parametrize("method", METHODS)


def papers_of(course: Course, method: str) -> tuple[list[str], list[str]]:
    """The papers before the approval, and those on settling. What a household keeps is its own affair."""
    before, after = METHOD_PAPERS[method]
    if course is HOUSEHOLD:
        return [], []
    return [one for one in before if course is STATE or one != "value_proof"], after


def money_of(course: Course, method: str) -> Json:
    """What is received: the whole price, or nothing where there is none."""
    if method in {"scrap", "demolish"}:
        return NOTHING_RECEIVED | {"deal_fen": 0}
    received = "receipt" in METHOD_PAPERS[method][1] or course is HOUSEHOLD
    return {} if received else dict(NOTHING_RECEIVED)


def begun(town: Town, course: Course, method: str, name: str = "冷库") -> Estate:
    its = Estate(town, course, method, asset_name=name)
    its.opened(name)
    return its


def decided(its: Estate) -> Estate:
    """Decided without a price: what is scrapped or given away has none."""
    its.proposed(expected_fen=LARGE if its.course is not STATE else 3 * WAN, months=120)
    if its.course.decision == "meeting":
        its.papers["decision"] = its.held(resolution={"amount_fen": None})
    else:
        its.papers["decision"] = its.paper(its.course.decision, "决定")
    its.when("decide", its.decision())
    return its


@by_owner
@by_method
def test_doc_1_each_method_has_its_papers_whoever_owns(town: Town, course: Course, method: str) -> None:
    town.people()
    its = decided(begun(town, course, method))
    before, after = papers_of(course, method)
    if course.approver:
        its.collected()
        papers = [its.paper(kind, f"{kind} 前") for kind in before]
        for fewer in all_but_one(papers):
            with town.refused(DocumentMissing, "审批缺少"):
                its.when("approve", its.approval(documents=fewer))
        its.when("approve", its.approval(documents=papers))
    papers = [its.paper(kind, f"{kind} 后") for kind in after]
    money = money_of(course, method)
    for fewer in all_but_one(papers):
        with town.refused(DocumentMissing, "结算缺少"):
            its.when("settle", its.settlement(documents=fewer, **money))
    its.when("settle", its.settlement(documents=papers, **money))
    if method != "lease":
        its.vouched().when("derecognise", its.parting())


@by_owner
def test_doc_1_a_fact_of_each_method_says_that_its_papers_are_missing(town: Town, course: Course) -> None:
    town.people()
    for number, method in enumerate(METHODS):
        its = begun(town, course, method, f"{number}号库")
        its.number = f"{course.owner_type} {method}"
        its.fact("propose", its.proposal(expected_fen=LARGE if course is not STATE else 3 * WAN, months=120))
        before, after = papers_of(course, method)
        if course.approver:
            approval = its.paper("approval", f"批复 {method}")
            noted = town.entries_of(its.fact("approve", its.approval(approval=approval)))[0].state["notes"]
            assert noted == ["DISP-10", *(["DOC-1"] if before else []), "NOTICE-6"]
        settled = its.settlement(documents=[], **money_of(course, method))
        noted = town.entries_of(its.fact("settle", settled))[0].state["notes"]
        unknown = ["DISP-26:unknown"] if method == "auction" and after else []
        assert noted == ["DISP-10", *(["DOC-1"] if after else []), *unknown]


# --- the price ----------------------------------------------------------------------------------------

FLOORS = [(STATE, 3 * WAN * 9 // 10), (COLLECTIVE, 2 * WAN), (EQUITY, 3 * WAN * 9 // 10), (HOUSEHOLD, 0)]


@pytest.mark.parametrize(("course", "floor"), FLOORS, ids=lambda one: getattr(one, "owner_type", ""))
def test_disp_19_each_owner_has_a_floor_of_its_own(town: Town, course: Course, floor: int) -> None:
    """What the appraisal comes to, what the meeting fixed; a household sells for what it likes."""
    its = estate(town, course).decided()
    if course.approver:
        its.collected()
        papers = [*its.approval()["documents"]]
        if course is EQUITY:
            papers.append(its.paper("appraisal", "股权评估", amount_fen=3 * WAN))
        its.when("approve", its.approval(documents=papers))
    its.sold()

    def sold_for(deal: int) -> Json:
        whole = {"allocated_fen": 0, "deal_fen": deal, "received_fen": deal, "retained_fen": deal}
        return its.settlement(**whole) | ({} if deal else {"account": "none"})

    if floor:
        with town.refused(PriceTooLow):
            its.when("settle", sold_for(floor - 1))
    its.when("settle", sold_for(floor))


@by_owner
def test_disp_21_what_is_sold_is_paid_in_full_whoever_owns(town: Town, course: Course) -> None:
    its = estate(town, course).approved().sold()
    for wrong in ({"deal_fen": 4 * WAN}, {"deal_fen": None}):
        with town.refused(NotFullyReceived):
            its.when("settle", its.settlement(**wrong))
    its.when("settle", its.settlement())


@by_owner
def test_disp_22_every_asset_is_derecognised_whoever_owns(town: Town, course: Course) -> None:
    its = estate(town, course).settled().vouched()
    other = its.opened("另一冷库")
    for assets in ([other], [its.asset, other], [its.asset, its.asset]):
        with town.refused(WrongPart):
            its.when("derecognise", its.parting(parts=[{"amount_fen": None, "asset": one} for one in assets]))
    with town.refused(WrongNature):  # CMD-6: nothing is derecognised by a fact
        its.when("derecognise", its.parting(), "typist", nature="fact")
    its.when("derecognise", its.parting())
    assert asset_of(its).carrying_fen(AFTER) == 0


def test_every_method_is_told() -> None:
    assert set(METHOD_PAPERS) == set(METHODS) >= SOLD
    assert len(COURSES) == 4


@by_owner
def test_doc_8_no_later_step_is_entered_late_as_an_act(town: Town, course: Course) -> None:
    its = estate(town, course).proposed().ground()
    with town.refused(LateAct):
        its.when("decide", its.decision(late_reason="补登"))
    its.when("decide", its.decision())
    if course.approver:
        its.collected()
        with town.refused(LateAct):
            its.when("approve", its.approval(late_reason="补登"))
        its.when("approve", its.approval())
    its.sold()
    with town.refused(LateAct):
        its.when("settle", its.settlement(late_reason="补登"))
    its.when("settle", its.settlement())
