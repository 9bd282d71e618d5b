"""DISP-24, DISP-25: a second disposal of the same asset stands on grounds of its own, and no proposal waits for ever."""

import pytest

from domain.document import ONCE
from domain.errors import ProposalClosed, WrongExpiry
from domain.errors_disposal import GroundUsed, InOtherDisposal, StepDone, WrongDisposalTerm
from domain.rules import RULES
from tests.domain.disposals import AFTER, EXPIRY, HOUSEHOLD, LATER, STATE, Course, Estate, estate
from tests.domain.estate import correct
from tests.domain.paths import asset_of, by_owner
from tests.domain.story import WAN, Town

LAPSED = "2027-01-01"  # the day after EXPIRY


def again(its: Estate, number: str = "2") -> Estate:
    """Another disposal of the same asset, which has the papers of the first at hand."""
    return Estate(its.town, its.course, its.method, number, papers=dict(its.papers))


def withdrawn(its: Estate) -> Estate:
    its.when("withdraw", its.of(reason="价格未定"), its.course.proposer)
    return its


# --- one deal, one ground -----------------------------------------------------------------------------


def test_disp_24_a_resolution_about_the_asset_bears_one_disposal(town: Town) -> None:
    its = estate(town).proposed()
    its.ground(its.asset).when("decide", its.decision())
    second = again(withdrawn(its)).proposed()
    with town.refused(GroundUsed):
        second.when("decide", second.decision())
    second.ground(second.asset).when("decide", second.decision())
    town.check()


def test_disp_24_no_correction_lets_a_ground_serve_twice(town: Town) -> None:
    its = estate(town).proposed()
    its.ground(its.asset).when("decide", its.decision())
    second = again(withdrawn(its)).proposed()
    was = town.books.stream(its.papers["decision"])[0].state["resolutions"]
    renamed = ("resolutions", was, [was[0] | {"subject": second.disposal}])
    correct(town, its.papers["decision"], "成员大会", renamed, valid_until=LATER)
    with town.refused(GroundUsed):
        second.when("decide", second.decision())
    minutes = second.paper("minutes", "另一次记录")
    second.papers["decision"] = second.held("另一次大会", minutes=minutes)
    second.when("decide", second.decision())


def test_disp_24_no_correction_makes_another_kind_of_a_paper(town: Town) -> None:
    """A consent that was used is not made a photograph, nor one that names the second disposal."""
    its = estate(town, HOUSEHOLD).decided()
    consent = its.papers["decision"]
    second = again(withdrawn(its)).proposed()
    correct(
        town, consent, "consent", ("subjects", [its.asset], [its.asset, second.disposal]), valid_until=LATER
    )
    with town.refused(GroundUsed):
        second.when("decide", second.decision())
    second.ground().when("decide", second.decision())


def test_disp_24_another_resolution_of_the_same_meeting_is_another_ground(town: Town) -> None:
    its = estate(town).proposed()
    votes = {"abstained": 10, "against": 10, "agreed": 80, "amount_fen": None, "matter": "disposal"}
    both = [votes | {"subject": its.asset, "text": text} for text in ("同意转让", "流拍后同意再转让")]
    its.papers["decision"] = its.held(resolutions=both)
    its.when("decide", its.decision())
    second = again(withdrawn(its)).proposed()
    with town.refused(GroundUsed):
        second.when("decide", second.decision())
    second.when("decide", second.decision(resolution=2))


@pytest.mark.parametrize("course", [STATE, HOUSEHOLD], ids=lambda course: course.owner_type)
def test_disp_24_a_paper_bears_the_disposals_that_it_names(town: Town, course: Course) -> None:
    its = estate(town, course).proposed()
    second, third = again(its), again(its, "3")
    second.fact("propose", second.proposal())  # found, while the first was on its way
    its.papers["decision"] = its.paper(course.decision, subjects=[its.asset, second.disposal])
    its.when("decide", its.decision())
    withdrawn(its)
    second.checked()
    second.when("decide", second.decision(document=its.papers["decision"]))
    third.fact("propose", third.proposal())
    third.checked()
    second.when("reject", second.of(reason="价格不实"), course.decider)
    with town.refused(GroundUsed):
        third.when("decide", third.decision(document=its.papers["decision"]))


def test_disp_24_approval_and_notice_are_given_once_and_an_appraisal_serves_again(town: Town) -> None:
    its = estate(town, STATE).decided().collected()
    about = its.posting(subject=its.asset, notice=its.id_of("notice", "资产"))
    town.books.today = "2026-11-25"
    town.when("notice.post.v1", about | {"until": "2026-12-05"}, "clerk", valid_until="2027-06-30")
    town.books.today = "2026-12-06"
    proof = its.paper("notice_proof", "资产公示照片")
    closing = its.closing(notice=about["notice"], proof=proof)
    town.when("notice.close.v1", closing, "clerk", valid_until="2027-06-30")
    its.papers["notice"] = about["notice"]
    its.when("approve", its.approval())
    its.when("reject", its.of(reason="另行研究"), "head")
    second = again(its).proposed().ground()
    second.when("decide", second.decision())
    with town.refused(GroundUsed, its.papers["approval"]):
        second.when("approve", second.approval())
    second.papers["approval"] = second.paper("approval")
    with town.refused(GroundUsed, its.papers["notice"]):
        second.when("approve", second.approval())
    town.books.today = "2026-12-07"
    own = second.posting(until="2026-12-17")
    town.when("notice.post.v1", own, "clerk", valid_until="2027-06-30")
    town.books.today = "2026-12-18"
    proof = second.paper("notice_proof", "第二份公示照片", subjects=[second.disposal])
    closing = second.closing(notice=own["notice"], proof=proof)
    town.when("notice.close.v1", closing, "clerk", valid_until="2027-06-30")
    second.papers["notice"] = own["notice"]
    second.when("approve", second.approval())  # on the appraisal and the vouchers of the first


def test_disp_24_a_receipt_proves_one_deal(town: Town) -> None:
    """Half of it is sold, then the other half."""
    its = estate(town).settled().vouched()
    half = [{"amount_fen": WAN, "asset": its.asset}]
    its.when("derecognise", its.parting(parts=half))
    second = again(its)
    town.books.today = AFTER
    second.proposed().ground().when("decide", second.decision())
    second.papers["approval"] = second.paper("approval")
    notice = second.posting(until="2026-12-15")
    town.when("notice.post.v1", notice, "clerk")
    town.books.today = "2026-12-16"
    second.papers["notice_proof"] = second.paper("notice_proof", "照片", subjects=[second.disposal])
    town.when("notice.close.v1", second.closing(), "clerk")
    second.papers["notice"] = notice["notice"]
    second.when("approve", second.approval())
    contract = second.paper("contract")
    with town.refused(GroundUsed, its.papers["receipt"]):
        second.when("settle", second.settlement(documents=[contract, its.papers["receipt"]]))
    second.when("settle", second.settlement(documents=[contract, second.paper("receipt")]))
    with town.refused(GroundUsed):
        second.when("derecognise", second.parting(voucher=its.papers["voucher"]))
    second.vouched().when("derecognise", second.parting())


def test_disp_24_a_fact_says_that_its_ground_was_used(town: Town) -> None:
    its = estate(town).proposed()
    its.ground(its.asset).when("decide", its.decision())
    second = again(withdrawn(its)).proposed()
    noted = town.only(second.fact("decide", second.decision()))
    assert noted.state["notes"] == ["DISP-24"]
    town.check()


def test_disp_24_says_every_kind_of_paper_that_bears_one_disposal() -> None:
    words = {
        "unit_decision": "决定",
        "consent": "决定",
        "approval": "批复",
        "contract": "合同",
        "tender": "招租招标",
        "auction_notice": "拍卖公告",
        "deal": "成交",
        "receipt": "收款",
        "handover": "移交",
        "voucher": "记账",
    }
    assert words.keys() == ONCE
    assert [word for word in words.values() if word not in RULES["DISP-24"].statement] == []


# --- no proposal waits for ever -----------------------------------------------------------------------


@by_owner
def test_disp_25_an_act_waits_until_a_day_and_a_fact_for_nobody(town: Town, course: Course) -> None:
    its = estate(town, course)
    with town.refused(WrongDisposalTerm):
        its.when("propose", its.proposal(expires_on=""))
    payload = its.proposal(late_reason="补登")
    with town.refused(WrongDisposalTerm):
        town.when("disposal.propose.v1", payload, "typist", nature="fact")
    town.when("disposal.propose.v1", payload | {"expires_on": ""}, "typist", nature="fact")


@pytest.mark.parametrize(
    ("day", "refused"),
    [("2026-11-22", True), ("2026-11-23", False), ("2027-02-21", False), ("2027-02-22", True)],
)
def test_prop_3_the_term_of_a_disposal_has_bounds(town: Town, day: str, *, refused: bool) -> None:
    its = estate(town)
    if refused:
        with town.refused(WrongExpiry):
            its.proposed(expires_on=day)
    else:
        its.proposed(expires_on=day)


@by_owner
def test_prop_1_what_waited_too_long_is_decided_by_nobody(town: Town, course: Course) -> None:
    its = estate(town, course).proposed().ground()
    town.books.today = LAPSED
    with town.refused(ProposalClosed, EXPIRY):
        its.when("decide", its.decision())
    town.books.today = EXPIRY
    its.when("decide", its.decision())


def test_prop_1_what_waited_too_long_is_approved_by_nobody(town: Town) -> None:
    its = estate(town).decided().collected()
    town.books.today = LAPSED
    with town.refused(ProposalClosed, EXPIRY):
        its.when("approve", its.approval())
    town.books.today = EXPIRY
    its.when("approve", its.approval())
    town.books.today = LAPSED
    its.sold().when("settle", its.settlement())  # what has been approved is carried out in its own time


def test_disp_25_an_asset_is_free_of_what_waited_too_long(town: Town) -> None:
    its = estate(town).proposed()
    second = again(its)
    town.books.today = EXPIRY
    with town.refused(InOtherDisposal):
        second.proposed(expires_on="2027-01-31")
    town.books.today = LAPSED
    second.proposed(expires_on="2027-01-31")
    assert asset_of(its).open_disposal == second.disposal
    withdrawn(its)  # it takes nothing from the second
    assert asset_of(its).open_disposal == second.disposal
    town.check()


def test_disp_25_what_was_done_outside_is_past_waiting(town: Town) -> None:
    """The deal was struck before the proposal expired: its asset is not free, and the owner may still decide."""
    its = estate(town).proposed()
    its.fact("settle", its.settlement())
    its.checked().ground()
    town.books.today = LAPSED
    with town.refused(InOtherDisposal):
        again(its).proposed(expires_on="2027-01-31")
    its.when("decide", its.decision())


# --- two at once --------------------------------------------------------------------------------------


def test_disp_7_of_two_disposals_of_one_asset_only_one_goes_on(town: Town) -> None:
    """A fact finds the asset in another disposal: its acts wait until that one is given up."""
    its = estate(town).proposed()
    second = again(its)
    second.fact("propose", second.proposal())
    second.checked().ground()
    with town.refused(InOtherDisposal):
        second.when("decide", second.decision())
    withdrawn(its)
    decided = town.entries_of(second.when("decide", second.decision()))
    assert [one.event for one in decided] == ["asset.disposal_proposed.v1", "disposal.decided.v1"]
    assert asset_of(its).open_disposal == second.disposal
    with town.refused(InOtherDisposal):
        again(its, "3").proposed()
    town.check()


def test_disp_11_what_is_settled_is_rejected_by_nobody(town: Town) -> None:
    its = estate(town).approved()
    its.sold().when("settle", its.settlement())
    with town.refused(StepDone, "已结算"):
        its.when("reject", its.of(reason="价格不实"), "head")
    with town.refused(StepDone, "不能撤回"):
        its.when("withdraw", its.of(reason="价格不实"), "clerk")
    town.check()
