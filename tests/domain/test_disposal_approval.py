"""DISP-12, DISP-14, DISP-17 and DOC-1: who approves, that the hands are several, and the papers that each method needs."""

import pytest

from domain.errors_disposal import DocumentMissing, InDispute, SameHand, StepNotOnPath, WrongApprover
from domain.paths import METHODS
from tests.domain.disposals import COLLECTIVE, EQUITY, HOUSEHOLD, STATE, Course, estate, leased
from tests.domain.estate import report as reported
from tests.domain.paths import METHOD_PAPERS, NOTHING_RECEIVED, all_but_one
from tests.domain.story import WAN, Town


@pytest.mark.parametrize(
    ("course", "limit"),
    [(STATE, 5 * WAN), (COLLECTIVE, 20 * WAN), (EQUITY, 20 * WAN)],
    ids=["state", "collective", "equity"],
)
def test_disp_14_from_an_amount_on_the_county_approves(town: Town, course: Course, limit: int) -> None:
    its = estate(town, course)
    its.decided(expected_fen=limit).collected()
    its.papers["appraisal"] = its.paper("appraisal", "评估", amount_fen=limit)
    documents = [*its.approval()["documents"], its.papers["appraisal"]]
    with town.refused(WrongApprover, "县级"):
        its.when("approve", its.approval(documents=documents))
    with town.refused(WrongApprover):
        its.when("approve", its.approval(documents=documents, level="county"))
    with town.refused(WrongApprover):
        its.when("approve", its.approval(documents=documents), "county")
    its.when("approve", its.approval(documents=documents, level="county"), "county")
    town.check()


@pytest.mark.parametrize(
    ("course", "limit"), [(STATE, 5 * WAN), (COLLECTIVE, 20 * WAN)], ids=["state", "collective"]
)
def test_disp_14_below_it_the_township_does(town: Town, course: Course, limit: int) -> None:
    its = estate(town, course)
    its.decided(expected_fen=limit - 1).collected()
    documents = [*its.approval()["documents"], its.paper("appraisal", "评估")]
    with town.refused(WrongApprover, "乡党委政府"):
        its.when("approve", its.approval(documents=documents, level="county"), "county")
    its.when("approve", its.approval(documents=documents))


def test_disp_14_an_unknown_amount_and_state_land_are_the_countys(town: Town) -> None:
    its = estate(town, STATE)
    its.decided(land_house_vehicle=True).collected()
    with town.refused(WrongApprover):
        its.when("approve", its.approval())
    its.when("approve", its.approval(level="county"), "county")


def test_disp_14_nobody_knows_the_amount(town: Town) -> None:
    its = estate(town, original_fen=None, depreciation_fen=0, carrying_fen=None)
    its.decided().collected()
    documents = [its.paper("appraisal")]
    with town.refused(WrongApprover):
        its.when("approve", its.approval(documents=documents))
    its.when("approve", its.approval(documents=documents, level="county"), "county")


def test_disp_14_the_amount_is_a_dated_parameter(town: Town) -> None:
    its = estate(town)
    its.decided().collected()
    town.law("collective_county_fen", WAN, "2026-12-01")
    with town.refused(WrongApprover):
        its.when("approve", its.approval())


def test_disp_12_who_decided_does_not_approve(town: Town) -> None:
    its = estate(town)
    its.decided().collected()
    town.enrol("chair as head", "township", "town", person="chair", post="head")
    twin = town.extra["chair as head"]
    with town.refused(SameHand):
        its.when("approve", its.approval(), signers=[twin.capacity])


def test_disp_12_who_approved_or_proposed_does_not_derecognise(town: Town) -> None:
    its = estate(town).settled().vouched()
    with town.refused(SameHand):
        its.when("derecognise", its.parting(), "chair")
    its.when("derecognise", its.parting(), "treasurer")


@pytest.mark.parametrize("method", METHODS)
def test_doc_1_each_method_has_its_papers(town: Town, method: str) -> None:
    its = leased(town, STATE, method)
    its.decided(months=120).collected()
    before, after = METHOD_PAPERS[method]

    papers = [its.paper(kind, f"{method} {kind}") for kind in before]
    for fewer in all_but_one(papers):
        with town.refused(DocumentMissing):
            its.when("approve", its.approval(documents=fewer))
    its.when("approve", its.approval(documents=papers))
    papers = [its.paper(kind, f"{method} {kind} 后") for kind in after]
    money = {} if "receipt" in after else NOTHING_RECEIVED
    if method in {"scrap", "demolish"}:
        money = NOTHING_RECEIVED | {"deal_fen": 0}
    for fewer in all_but_one(papers):
        with town.refused(DocumentMissing):
            its.when("settle", its.settlement(documents=fewer, **money))
    its.when("settle", its.settlement(documents=papers, **money))
    if method != "lease":
        its.vouched().when("derecognise", its.parting())
    town.check()


def test_doc_1_a_collective_appraises_from_an_amount_on(town: Town) -> None:
    its = estate(town)
    its.decided(expected_fen=5 * WAN).collected()
    with town.refused(DocumentMissing, "评估报告"):
        its.when("approve", its.approval())
    its.when("approve", its.approval(documents=[its.paper("appraisal")]))


def test_disp_17_nobody_approves_what_a_household_owns(town: Town) -> None:
    its = estate(town, HOUSEHOLD).decided()
    its.papers["approval"] = its.paper("approval")
    with town.refused(StepNotOnPath, "不经审批"):
        its.when("approve", its.approval(), "head")


def test_disp_2_the_assets_are_asked_again_at_each_step(town: Town) -> None:
    its = estate(town)
    its.decided().collected()
    report = {"disputed": True, "name": "冷库", "asset": its.asset}
    town.when("asset.report_condition.v1", reported("idle", **report), "typist", nature="fact")
    with town.refused(InDispute):
        its.when("approve", its.approval())
