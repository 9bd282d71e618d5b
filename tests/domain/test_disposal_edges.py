"""DISP: beside each thing that a disposal may do, its nearest neighbour that it may not, and the other way round."""

import pytest

from domain.disposal import Disposal
from domain.errors import LabelDiffers, WrongEntry, WrongParty
from domain.errors_disposal import (
    DecisionMissing,
    GroundUsed,
    InOtherDisposal,
    StepDone,
    StepNotOnPath,
    WrongApprover,
    WrongHand,
    WrongOrder,
)
from tests.domain.disposals import COLLECTIVE, HOUSEHOLD, NOBODY, STATE, Course, Estate, estate, leased
from tests.domain.paths import NOTHING_RECEIVED, asset_of
from tests.domain.story import WAN, Town

LAPSED = "2027-01-01"  # the day after EXPIRY


def again(its: Estate) -> Estate:
    return Estate(its.town, its.course, its.method, "2", papers=dict(its.papers))


def disposal_of(its: Estate) -> Disposal:
    return its.town.the(Disposal, its.disposal)


# --- the order of the steps (DISP-10) ------------------------------------------------------------------


def test_disp_10_nothing_is_settled_before_it_is_approved(town: Town) -> None:
    its = estate(town).decided().collected().sold()
    with town.refused(WrongOrder, "须先审批"):
        its.when("settle", its.settlement())
    its.when("approve", its.approval())
    its.when("settle", its.settlement())


def test_disp_10_an_approval_that_was_never_given_is_made_good_when_the_facts_are_handled(town: Town) -> None:
    its = estate(town).decided()
    its.collected().sold()
    its.fact("settle", its.settlement())
    its.checked().vouched()
    its.papers["handling"] = its.paper("approval", "处理意见")
    its.when("handle", its.handling(), "head")
    assert "approve" not in disposal_of(its).done
    its.when("derecognise", its.parting())
    town.check()


def test_disp_10_only_what_is_signed_with_somebody_waits_for_the_approval(town: Town) -> None:
    """An older paper that is no contract binds nobody."""
    its = estate(town).decided().collected()
    its.when("approve", its.approval())
    old = its.paper("tender", "早先的询价", issued_on="2026-11-20")
    contract = its.paper("contract", "早签的合同", issued_on="2026-11-20")
    its.sold()
    papers = its.settlement()["documents"]
    with town.refused(WrongOrder, "签订在先"):
        its.when("settle", its.settlement(documents=[*papers, contract]))
    its.when("settle", its.settlement(documents=[*papers, old]))


# --- who (AUTH-2, DISP-14) -----------------------------------------------------------------------------


def test_disp_14_what_a_household_did_without_consent_is_for_the_township(town: Town) -> None:
    its = estate(town, HOUSEHOLD)
    its.fact("propose", its.proposal())
    its.sold().fact("settle", its.settlement())
    its.checked().ground()
    its.when("decide", its.decision())
    its.papers["handling"] = its.paper("approval", "处理意见")
    with town.refused(WrongApprover):
        its.when("handle", its.handling(level="county"), "county")
    its.when("handle", its.handling(), "head")


def test_auth_2_a_key_that_ends_after_the_approval_stops_no_settlement(town: Town) -> None:
    """What was decided and approved is carried out; only before is it completed by good keys alone."""
    its = estate(town).approved().sold()
    town.when(
        "key.revoke.v1", {"key": town.known("chair").key, "reason": "离任"}, "registrar", valid_until=LAPSED
    )
    its.when("settle", its.settlement())


# --- what waits, and for how long (DISP-25) ------------------------------------------------------------


def test_disp_25_what_a_household_has_decided_waits_for_nobody(town: Town) -> None:
    """No one approves it: its asset is in this disposal until it is settled."""
    its = estate(town, HOUSEHOLD).decided()
    town.books.today = LAPSED
    with town.refused(InOtherDisposal):
        again(its).proposed(expires_on="2027-01-31")


def test_disp_25_what_is_approved_waits_for_nobody(town: Town) -> None:
    its = estate(town).approved()
    town.books.today = LAPSED
    with town.refused(InOtherDisposal):
        again(its).proposed(expires_on="2027-01-31")
    its.sold().when("settle", its.settlement())


def test_disp_25_what_has_ended_waits_no_more(town: Town) -> None:
    its = estate(town).proposed()
    assert disposal_of(its).is_lapsed(LAPSED)
    its.when("withdraw", its.of(reason="价格未定"), "clerk")
    assert not disposal_of(its).is_lapsed(LAPSED)
    assert asset_of(its).open_disposal == ""


# --- the price (DISP-19) -------------------------------------------------------------------------------


def test_disp_19_where_nothing_fixed_a_price_none_is_asked_for(town: Town) -> None:
    its = leased(town, method="donate")
    its.proposed(expected_fen=None)
    its.papers["decision"] = its.held(resolution={"amount_fen": None})
    its.when("decide", its.decision())
    its.collected()
    its.when("approve", its.approval(documents=[its.paper("contract")]))
    given = its.settlement(documents=[its.paper("handover")], deal_fen=None, **NOTHING_RECEIVED)
    assert town.only(its.when("settle", given)).state["notes"] == []


def test_disp_19_of_a_fact_nobody_may_know_the_price(town: Town) -> None:
    its = leased(town, STATE, "swap")
    its.decided().collected()
    its.papers["appraisal"] = its.paper("appraisal", "评估", amount_fen=WAN)
    its.when("approve", its.approval())
    swapped = its.settlement(documents=[its.paper("contract")], deal_fen=None, **NOTHING_RECEIVED)
    told = its.fact("settle", swapped)
    assert town.only(told).state["notes"] == ["DISP-19:unknown"]


# --- what the next step is about (PROJ-10, ID-3) --------------------------------------------------------


def test_proj_10_who_approves_names_exactly_what_was_proposed(town: Town) -> None:
    its = estate(town).decided().collected()
    for wrong in ({"leaf": "0" * 64}, {"position": 1}):
        with town.refused(WrongEntry):
            its.when("approve", its.approval(**wrong))
    its.when("approve", its.approval())


def test_id_3_who_ends_a_disposal_recognises_it(town: Town) -> None:
    its = estate(town).proposed()
    for step, by in (("withdraw", "clerk"), ("reject", "chair")):
        with town.refused(LabelDiffers):
            its.when(step, its.of(reason="价格未定", name="转让：另一冷库"), by)
    its.when("withdraw", its.of(reason="价格未定"), "clerk")


def test_id_3_who_handles_a_disposal_recognises_it(town: Town) -> None:
    its = dealt(estate(town))
    with town.refused(LabelDiffers):
        its.when("handle", its.handling("rectify", name="转让：另一冷库"), "head")
    its.when("handle", its.handling("rectify"), "head")


def test_party_1_a_buyer_that_is_registered_is_named_as_it_is(town: Town) -> None:
    its = estate(town).approved().sold()
    body = town.known("chair").organisation
    name = town.books.stream(body)[0].state["name"]
    buyer = NOBODY | {"kind": "organisation", "organisation": body}
    with town.refused(WrongParty, name):
        its.when("settle", its.settlement(counterparty=buyer))
    its.when("settle", its.settlement(counterparty=buyer | {"name": name}))


def test_party_1_nobody_need_be_named(town: Town) -> None:
    its = estate(town).approved().sold()
    its.when("settle", its.settlement(counterparty=None))


# --- what is over (DISP-11, DISP-17) --------------------------------------------------------------------


def dealt(its: Estate, title: str = "处理意见") -> Estate:
    """Sold outside before anybody was asked; checked, and a paper of the township about it there."""
    its.fact("propose", its.proposal())
    its.fact("settle", its.settlement())
    its.checked()
    its.papers["handling"] = its.paper("approval", title)
    return its


def test_disp_11_what_has_ended_is_ended_by_nobody_again(town: Town) -> None:
    its = estate(town).proposed()
    its.when("withdraw", its.of(reason="价格未定"), "clerk")
    for step, by in (("withdraw", "clerk"), ("reject", "chair")):
        with town.refused(StepDone, "已撤回"):
            its.when(step, its.of(reason="价格未定"), by)


def test_disp_11_what_must_be_mended_is_handled_by_nobody_again(town: Town) -> None:
    its = dealt(estate(town))
    its.when("handle", its.handling("rectify"), "head")
    with town.refused(StepDone, "已责令整改"):
        its.when("handle", its.handling("rectify"), "head")


def test_disp_17_what_was_settled_through_the_ledger_is_handled_by_nobody(town: Town) -> None:
    its = estate(town).settled()
    its.papers["handling"] = its.paper("approval", "处理意见")
    with town.refused(StepNotOnPath, "没有已成事实"):
        its.when("handle", its.handling(), "head")


def test_disp_11_what_was_sold_outside_is_withdrawn_by_nobody(town: Town) -> None:
    """It waits for whoever was competent to approve; only what is merely decided is given up."""
    its = estate(town).decided()
    its.sold()
    sold = its.settlement()
    its.fact("settle", sold)
    with town.refused(StepDone, "不能撤回"):
        its.when("withdraw", its.of(reason="价格未定"), "clerk")


def test_disp_11_what_is_decided_is_still_withdrawn(town: Town) -> None:
    its = estate(town).decided()
    its.when("withdraw", its.of(reason="价格未定"), "clerk")
    assert asset_of(its).open_disposal == ""


# --- who rejects (DISP-8) -------------------------------------------------------------------------------


def test_disp_8_who_decides_may_reject(town: Town) -> None:
    its = estate(town).proposed()
    with town.refused(WrongHand):
        its.when("reject", its.of(reason="价格不实"), "centre")
    its.when("reject", its.of(reason="价格不实"), "chair")


def test_disp_8_nobody_who_approves_rejects_what_a_household_owns(town: Town) -> None:
    its = estate(town, HOUSEHOLD).proposed()
    for by in ("head", "county"):
        with town.refused(WrongHand):
            its.when("reject", its.of(reason="价格不实"), by)
    its.when("reject", its.of(reason="价格不实"), "centre")


# --- what a step rests on (DISP-13, DISP-24) ------------------------------------------------------------


@pytest.mark.parametrize("course", [COLLECTIVE, STATE], ids=lambda course: course.owner_type)
def test_disp_13_a_decision_rests_on_what_the_owner_decides_by_and_on_nothing_else(
    town: Town, course: Course
) -> None:
    its = estate(town, course).proposed().ground()
    other = (
        {"document": its.paper("unit_decision")}
        if course is COLLECTIVE
        else {"meeting": its.held(), "resolution": 1}
    )
    with town.refused(DecisionMissing, "不凭别的"):
        its.when("decide", its.decision(**other))
    its.when("decide", its.decision())


def test_disp_24_a_paper_handles_one_disposal(town: Town) -> None:
    its = dealt(estate(town))
    its.when("handle", its.handling("rectify"), "head")
    second = dealt(Estate(town, COLLECTIVE, number="2"))
    with town.refused(GroundUsed):
        second.when("handle", second.handling("rectify", approval=its.papers["handling"]), "head")
    second.when("handle", second.handling("rectify"), "head")
