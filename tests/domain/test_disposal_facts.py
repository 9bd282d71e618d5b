"""DISP-15: what was done outside is recorded with what it did not meet. It confers no authority; nothing is
derecognised on it until it has been checked, and handled by whoever was competent to approve (D9)."""

from typing import Any

from domain.errors import (
    AlreadyChecked,
    LateReasonMissing,
    NotFound,
    RoleNotAllowed,
    SamePerson,
    WrongEntry,
)
from domain.errors_disposal import (
    DisposalNotChecked,
    FactNotHandled,
    InOtherDisposal,
    SameHand,
    StepDone,
    StepNotOnPath,
    WrongApprover,
    WrongDocumentKind,
    WrongHand,
)
from tests.domain.disposals import AFTER, COLLECTIVE, HOUSEHOLD, LATER, STATE, Course, Estate, estate, leased
from tests.domain.paths import asset_of, by_owner
from tests.domain.story import WAN, Json, Town, identity


def notes(its: Estate, step: str, payload: Json, **header: Any) -> list[str]:
    found: list[str] = its.town.entries_of(its.fact(step, payload, **header))[0].state["notes"]
    return found


@by_owner
def test_disp_15_the_whole_path_was_gone_outside(town: Town, course: Course) -> None:
    its = estate(town, course)
    assert notes(its, "propose", its.proposal()) == []
    its.ground()
    assert notes(its, "decide", its.decision()) == []
    if course.approver:
        its.collected()
        assert notes(its, "approve", its.approval()) == []
    else:
        town.books.today = AFTER
    its.sold().vouched()
    its.papers["handling"] = its.paper("approval", "处理意见")
    assert notes(its, "settle", its.settlement()) == []
    with town.refused(DisposalNotChecked):
        its.when("derecognise", its.parting())
    with town.refused(DisposalNotChecked):
        its.when("handle", its.handling())
    its.checked()
    with town.refused(FactNotHandled):
        its.when("derecognise", its.parting())
    with town.refused(FactNotHandled, "所有权人"):
        its.when("handle", its.handling(), "head")
    its.when("decide", its.decision())
    with town.refused(FactNotHandled, "结算"):
        its.when("derecognise", its.parting())
    its.when("handle", its.handling(), "head")
    its.when("derecognise", its.parting())
    assert asset_of(its).state(AFTER) == "derecognised"
    town.check()


@by_owner
def test_disp_10_and_13_nothing_came_first_and_nothing_is_there(town: Town, course: Course) -> None:
    """Pay first, paperwork later: settled before anybody decided, and no paper of any step."""
    its = estate(town, course)
    assert notes(its, "propose", its.proposal()) == []
    expected = ["DISP-10"] if course is HOUSEHOLD else ["DISP-10", "DOC-1"]
    assert notes(its, "settle", its.settlement()) == expected
    if course.approver:
        assert notes(its, "approve", its.approval()) == [
            "DISP-10",
            "DOC-1",
            *(["DOC-1"] if course is STATE else []),
            "NOTICE-6",
        ]
    assert notes(its, "decide", its.decision()) == ["DISP-13"]
    town.check()


@by_owner
def test_disp_14_18_19_20_21_a_fact_says_what_it_did_not_meet(town: Town, course: Course) -> None:
    its = estate(town, course)
    its.fact("propose", its.proposal(expected_fen=30 * WAN))
    its.ground()
    its.fact("decide", its.decision())
    if course.approver:
        its.collected()
        documents = [*its.approval()["documents"], its.paper("appraisal", "评估", amount_fen=30 * WAN)]
        assert notes(its, "approve", its.approval(documents=documents)) == ["DISP-14"]
    its.sold()
    money = {"account": "personal", "allocated_fen": 0, "deal_fen": 2 * WAN, "received_fen": WAN}
    price = [] if course is HOUSEHOLD else ["DISP-19"]
    assert notes(its, "settle", its.settlement(**money)) == ["DISP-18", "DISP-20", "DISP-21", *price]
    town.check()


@by_owner
def test_auth_4_a_fact_is_entered_by_those_who_enter(town: Town, course: Course) -> None:
    its = estate(town, course)
    for by in ("chair", "treasurer", "head", "county"):
        with town.refused(RoleNotAllowed):
            its.when("propose", its.proposal(), by, nature="fact")
    its.fact("propose", its.proposal())


@by_owner
def test_seen_2_a_fact_is_recorded_with_what_its_signer_had_seen(town: Town, course: Course) -> None:
    its = estate(town, course).proposed().ground()
    stale = town.command("disposal.decide.v1", its.decision(), "typist", nature="fact", valid_until=LATER)
    its.paper("photo", subjects=[its.disposal])
    town.ledger.handle(town.sign(stale))
    town.check()


def test_disp_6_a_thirty_year_lease_of_2016(town: Town) -> None:
    """示例数据: a cold store let in 2016 for thirty years, found in the books of 2026."""
    its = leased(town)
    lease = its.proposal(months=360, ground="use", expected_fen=None)
    with town.refused(LateReasonMissing):
        its.when("propose", lease, "typist", nature="fact", occurred_on="2016-05-10")
    assert notes(its, "propose", lease, occurred_on="2016-05-10") == ["DISP-6"]
    its.papers["contract"] = its.paper("contract", "租赁合同", issued_on="2016-05-10", quality="copy")
    money = {
        "account": "collective",
        "deal_fen": WAN,
        "received_fen": WAN,
        "allocated_fen": 0,
        "retained_fen": WAN,
    }
    settled = its.settlement(documents=[its.papers["contract"]], **money)
    assert notes(its, "settle", settled, occurred_on="2016-05-10") == ["DISP-10", "DOC-1"]
    assert asset_of(its).open_disposal == its.disposal
    its.checked()
    its.papers["handling"] = its.paper("approval", "关于冷库超期租赁的处理意见")
    handled = town.entries_of(its.when("handle", its.handling("rectify"), "head"))
    assert handled[0].state["not_met"] == ["DISP-6", "DISP-10", "DOC-1"]
    assert [one.event for one in handled] == ["disposal.handled.v1", "asset.disposal_cleared.v1"]
    assert asset_of(its).carrying_fen(AFTER) == 3 * WAN
    town.check()


def test_disp_6_a_term_that_nobody_knows_is_noted(town: Town) -> None:
    its = leased(town)
    assert notes(its, "propose", its.proposal(ground="use")) == ["DISP-6:unknown"]


def test_disp_10_s3_a_contract_older_than_its_decision(town: Town) -> None:
    its = leased(town)
    its.fact("propose", its.proposal(ground="use", months=12), occurred_on="2024-11-01")
    held = its.held(occurred_on="2024-12-10", body="villagers", resolution={"subject": its.asset})
    noted = notes(its, "decide", its.decision(meeting=held), occurred_on="2024-12-10")
    assert [one for one in noted if not one.startswith("LAW-1:MEET-")] == []
    assert notes(its, "settle", its.settlement(), occurred_on="2024-12-01") == ["DISP-10", "DOC-1"]


def test_disp_16_an_act_does_not_go_on_from_an_unchecked_fact(town: Town) -> None:
    its = estate(town)
    its.fact("propose", its.proposal())
    its.ground()
    with town.refused(DisposalNotChecked):
        its.when("decide", its.decision())
    its.checked()
    its.when("decide", its.decision())
    town.check()


@by_owner
def test_disp_15_a_decision_that_is_a_fact_decides_nothing(town: Town, course: Course) -> None:
    """The shortcut that is none: entered as a fact, a decision would spare the owner's."""
    its = estate(town, course).proposed()
    its.fact("decide", its.decision())
    its.checked()
    if course.approver:
        its.collected()
        with town.refused(FactNotHandled, "决定"):
            its.when("approve", its.approval())
    with town.refused(FactNotHandled):
        its.when("settle", its.settlement())
    its.ground()
    its.when("decide", its.decision())
    if course.approver:
        its.when("approve", its.approval())
    its.sold().when("settle", its.settlement())
    town.check()


def test_disp_15_an_approval_that_is_a_fact_approves_nothing(town: Town) -> None:
    its = estate(town)
    its.decided().collected()
    its.fact("approve", its.approval())
    its.checked().sold()
    with town.refused(FactNotHandled, "审批"):
        its.when("settle", its.settlement())
    its.when("approve", its.approval())
    its.when("settle", its.settlement())


@by_owner
def test_disp_15_a_deal_that_is_a_fact_is_not_papered_over(town: Town, course: Course) -> None:
    """Paid into a private account, and then settled by the book: the deal outside is handled first."""
    its = estate(town, course).approved().sold()
    outside = its.settlement(
        account="personal", deal_fen=WAN, received_fen=WAN, allocated_fen=WAN, retained_fen=0
    )
    its.fact("settle", outside)
    its.checked()
    with town.refused(FactNotHandled, "结算"):
        its.when("settle", its.settlement())
    its.papers["handling"] = its.paper("approval", "处理意见")
    town.when("person.register.v1", {"person": identity("person", "deputy")}, "registrar")
    town.enrol(
        "deputy", "township", "town", person="deputy", post="head"
    )  # the head approved: another handles
    its.when("handle", its.handling(), "deputy")
    its.when("settle", its.settlement())
    town.check()


def test_disp_15_a_later_fact_is_handled_anew(town: Town) -> None:
    its = estate(town)
    its.decided().sold().vouched()
    its.fact("settle", its.settlement())
    its.checked()
    its.papers["handling"] = its.paper("approval", "处理意见")
    its.when("handle", its.handling(), "head")
    its.fact("approve", its.approval())
    its.when("endorse", its.endorsement(town.books.stream(its.disposal)[-1].version), "centre")
    with town.refused(FactNotHandled):
        its.when("derecognise", its.parting())
    its.when("handle", its.handling(), "head")
    its.when("derecognise", its.parting())
    town.check()


def test_disp_14_whoever_approves_handles(town: Town) -> None:
    its = estate(town)
    its.decided(expected_fen=30 * WAN)
    its.fact("settle", its.settlement())
    its.checked()
    its.papers["handling"] = its.paper("approval", "处理意见")
    with town.refused(WrongApprover, "县级"):
        its.when("handle", its.handling(), "head")
    with town.refused(RoleNotAllowed):
        its.when("handle", its.handling(), "centre")
    its.when("handle", its.handling(level="county"), "county")


def test_disp_17_only_what_has_happened_is_handled_and_once(town: Town) -> None:
    its = estate(town).decided()
    its.papers["handling"] = its.paper("approval", "处理意见")
    with town.refused(StepNotOnPath, "没有已成事实"):
        its.when("handle", its.handling(), "head")
    its.fact("approve", its.approval())
    its.checked()
    with town.refused(StepNotOnPath):
        its.when("handle", its.handling(), "head")
    its.fact("settle", its.settlement())
    its.when("endorse", its.endorsement(town.books.stream(its.disposal)[-1].version), "centre")
    its.when("handle", its.handling(), "head")
    with town.refused(StepNotOnPath):
        its.when("handle", its.handling(), "head")


def sold_outside(town: Town) -> Estate:
    """Sold and paid for before anybody was asked; checked, and a paper about it there."""
    its = estate(town)
    its.fact("propose", its.proposal())
    its.fact("settle", its.settlement())
    its.checked()
    its.papers["handling"] = its.paper("approval", "处理意见")
    return its


def test_doc_2_a_handling_is_on_paper(town: Town) -> None:
    its = sold_outside(town)
    photo = its.paper("photo")
    with town.refused(WrongDocumentKind):
        its.when("handle", its.handling("rectify", approval=photo), "head")
    with town.refused(NotFound):
        its.when("handle", its.handling("rectify", approval=identity("document", "没有")), "head")


def test_disp_12_who_entered_a_fact_does_not_handle_it(town: Town) -> None:
    its = sold_outside(town)
    town.enrol("typist as head", "township", "town", person="typist", post="head")
    with town.refused(SameHand):
        its.when("handle", its.handling("rectify"), signers=[town.extra["typist as head"].capacity])


def test_disp_11_what_must_be_mended_goes_no_further(town: Town) -> None:
    its = sold_outside(town)
    its.when("handle", its.handling("rectify"), "head")
    with town.refused(StepDone, "责令整改"):
        its.fact("decide", its.decision())
    assert asset_of(its).open_disposal == ""


def test_disp_11_a_fact_takes_the_place_of_nothing(town: Town) -> None:
    its = estate(town).decided()
    with town.refused(StepDone):
        its.fact("decide", its.decision())
    its.fact("settle", its.settlement())
    with town.refused(StepDone):
        its.fact("settle", its.settlement())


def test_disp_7_a_fact_stands_beside_a_disposal_that_is_open(town: Town) -> None:
    its = estate(town).proposed()
    second = its.proposal(disposal=identity("disposal", "2"))
    assert notes(its, "propose", second) == ["DISP-7"]
    assert asset_of(its).open_disposal == its.disposal


def test_disp_8_a_hand_is_asked_of_acts_only(town: Town) -> None:
    its = estate(town)
    with town.refused(WrongHand):
        its.when("propose", its.proposal(), "centre")
    its.when("propose", its.proposal(), "centre", nature="fact")


def test_proj_9_and_10_another_checks_each_fact(town: Town) -> None:
    its = estate(town, COLLECTIVE)
    its.when("propose", its.proposal(), "centre", nature="fact")
    with town.refused(SamePerson):
        its.when("endorse", its.endorsement(), "centre")
    with town.refused(WrongEntry):
        its.when("endorse", its.endorsement(leaf="0" * 64), "centre2")
    its.when("endorse", its.endorsement(), "centre2")
    with town.refused(AlreadyChecked):
        its.when("endorse", its.endorsement(), "centre2")


def test_doc_3_a_recollection_bears_a_fact(town: Town) -> None:
    its = estate(town, STATE)
    its.fact("propose", its.proposal())
    its.papers["decision"] = its.paper("unit_decision", quality="recollection")
    assert notes(its, "decide", its.decision()) == ["DOC-3"]


def test_disp_15_what_goes_on_after_it_was_handled_keeps_its_asset(town: Town) -> None:
    """Only what ends lets go of it: else another disposal could take it before it is derecognised."""
    its = sold_outside(town).ground()
    its.when("decide", its.decision())
    its.when("handle", its.handling("confirmed"), "head")
    assert asset_of(its).open_disposal == its.disposal
    with town.refused(InOtherDisposal):
        Estate(town, its.course, number="2").proposed()
    its.vouched().when("derecognise", its.parting())
    assert asset_of(its).open_disposal == ""
