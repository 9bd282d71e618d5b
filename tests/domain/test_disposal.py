"""DISP: who owns decides the whole path. For 国有, 集体, 到户 and 股权 the path as acts, and each way to go wrong:
the wrong signer, the wrong order, a stale view, a missing paper."""

from typing import Any

import pytest

from domain.asset import Asset
from domain.errors import (
    DisciplineIndependent,
    KeyNotGood,
    LabelDiffers,
    LateReasonMissing,
    NotProposer,
    OutsideArea,
    RoleNotAllowed,
    SubjectMoved,
    Taken,
    WrongEntry,
    WrongNature,
    WrongParty,
)
from domain.errors_disposal import (
    AssetNotChecked,
    DecisionMissing,
    DocumentMissing,
    Encumbered,
    GroundNotShown,
    InDispute,
    InOtherDisposal,
    LateAct,
    LeaseTooLong,
    MixedOwners,
    NotFullyReceived,
    OwnershipOpen,
    PartOfNothing,
    PriceTooLow,
    ProceedsDiffer,
    SameHand,
    StepDone,
    StepNotOnPath,
    WrongAccount,
    WrongApprover,
    WrongDocumentKind,
    WrongHand,
    WrongOrder,
    WrongPart,
    WrongResolution,
)
from domain.paths import ACCOUNTS, METHODS, PATHS
from tests.domain.disposals import (
    AFTER,
    COLLECTIVE,
    COURSES,
    EQUITY,
    HOUSEHOLD,
    LATER,
    STATE,
    Course,
    Estate,
    estate,
    leased,
)
from tests.domain.estate import report as reported
from tests.domain.story import WAN, Town, actor, identity

by_owner = pytest.mark.parametrize("course", COURSES, ids=lambda course: course.owner_type)


def asset_of(its: Estate) -> Asset:
    found: object = its.town.ledger.repository.get(its.asset)
    assert isinstance(found, Asset)
    return found


# --- the path of each owner ---------------------------------------------------------------------------


@by_owner
def test_disp_the_whole_path(town: Town, course: Course) -> None:
    its = estate(town, course)
    its.proposed()
    assert asset_of(its).open_disposal == its.disposal
    its.ground()
    decided = town.only(its.when("decide", its.decision()))
    assert decided.state["assurance"] == ("B" if course is HOUSEHOLD else "A")
    if course.approver:
        its.collected()
        approved = town.only(its.when("approve", its.approval()))
        assert approved.state["appraised_fen"] == (3 * WAN if course is STATE else None)
    else:
        town.books.today = AFTER
    settled = town.only(its.sold().when("settle", its.settlement()))
    assert settled.state["received_fen"] == settled.state["allocated_fen"] + settled.state["retained_fen"]
    gone = town.entries_of(its.vouched().when("derecognise", its.parting()))
    assert [one.event for one in gone] == ["disposal.derecognised.v1", "asset.derecognised.v1"]
    steps = town.books.stream(its.disposal)
    assert {one.state["nature"] for one in steps} == {"act"}
    assert all(one.state["notes"] == [] for one in steps)
    assert (asset_of(its).carrying_fen(AFTER), asset_of(its).state(AFTER)) == (0, "derecognised")
    town.check()


@by_owner
def test_disp_8_each_step_is_its_own_hands(town: Town, course: Course) -> None:
    its = estate(town, course)
    strangers = {"propose": "bookkeeper", "decide": "treasurer", "settle": "clerk", "derecognise": "clerk"}
    if course is STATE:
        strangers |= {"propose": "clerk", "decide": "chair"}
    elif course is HOUSEHOLD:
        strangers |= {
            "propose": "centre",
            "decide": "chair",
            "settle": "treasurer",
            "derecognise": "treasurer",
        }
    else:
        del strangers["propose"]  # the collective may propose as well as its clerk
        with town.refused(WrongHand):
            its.when("propose", its.proposal(), "centre")
    if "propose" in strangers:
        with town.refused(WrongHand):
            its.when("propose", its.proposal(), strangers["propose"])
    its.proposed().ground()
    with town.refused(WrongHand):
        its.when("decide", its.decision(), strangers["decide"])
    its.when("decide", its.decision())
    if course.approver:
        its.collected()
        with town.refused(RoleNotAllowed):
            its.when("approve", its.approval(), "chair")
        its.when("approve", its.approval())
    its.sold()
    with town.refused(WrongHand):
        its.when("settle", its.settlement(), strangers["settle"])
    its.when("settle", its.settlement())
    its.vouched()
    with town.refused(WrongHand):
        its.when("derecognise", its.parting(), strangers["derecognise"])
    its.when("derecognise", its.parting())


@by_owner
def test_auth_6_discipline_signs_none_of_it(town: Town, course: Course) -> None:
    its = estate(town, course)
    with town.refused(DisciplineIndependent):
        its.when("propose", its.proposal(), "discipline")
    its.settled().vouched()
    endorsement = its.of(**its.entry(), version=1)
    handling = its.of(approval=its.papers["voucher"], level="township", outcome="confirmed", reason="示例")
    for step, payload in {
        "decide": its.decision(),
        "approve": its.approval(),
        "settle": its.settlement(),
        "derecognise": its.parting(),
        "handle": handling,
        "withdraw": its.of(reason="示例"),
        "reject": its.of(reason="示例"),
        "endorse": endorsement,
    }.items():
        with town.refused(DisciplineIndependent):
            its.when(step, payload, "discipline")


@by_owner
def test_disp_10_the_order_of_the_steps_is_fixed(town: Town, course: Course) -> None:
    its = estate(town, course).proposed().ground().sold().vouched()
    if course.approver:
        its.collected()
        with town.refused(WrongOrder, "决定"):
            its.when("approve", its.approval())
    with town.refused(WrongOrder, "决定"):
        its.when("settle", its.settlement())
    with town.refused(WrongOrder, "决定"):
        its.when("derecognise", its.parting())
    its.when("decide", its.decision())
    if course.approver:
        with town.refused(WrongOrder, "审批"):
            its.when("settle", its.settlement())
        its.when("approve", its.approval())
    with town.refused(WrongOrder, "结算"):
        its.when("derecognise", its.parting())


@by_owner
def test_disp_10_no_step_is_dated_before_the_one_it_follows(town: Town, course: Course) -> None:
    its = estate(town, course)
    its.ground(its.asset)
    town.books.today = "2026-11-24"
    its.proposed()
    with town.refused(WrongOrder, "提出"):
        its.when("decide", its.decision(), occurred_on="2026-11-23")


@by_owner
def test_disp_11_a_step_is_taken_once(town: Town, course: Course) -> None:
    its = estate(town, course).settled()
    for step, payload in {"decide": its.decision(), "settle": its.settlement()}.items():
        with town.refused(StepDone):
            its.when(step, payload)
    if course.approver:
        with town.refused(StepDone):
            its.when("approve", its.approval())
    its.vouched().when("derecognise", its.parting())
    with town.refused(StepDone, "已核销"):
        its.when("derecognise", its.parting())


@by_owner
def test_disp_13_the_decision_rests_on_what_the_owner_decides_by(town: Town, course: Course) -> None:
    its = estate(town, course).proposed()
    with town.refused(DecisionMissing):
        its.when("decide", its.decision())
    photo = its.paper("photo")
    with town.refused(DecisionMissing if course.decision == "meeting" else WrongDocumentKind):
        its.when("decide", its.decision(document=photo))


@by_owner
def test_doc_1_no_step_without_its_papers(town: Town, course: Course) -> None:
    its = estate(town, course).decided()
    if course.approver:
        its.collected()
        for kind in (*course.papers, "approval"):
            kept = its.papers.pop(kind)
            with town.refused(DocumentMissing):
                its.when("approve", its.approval())
            its.papers[kind] = kept
        its.when("approve", its.approval())
    if course.deal:
        with town.refused(DocumentMissing, "收款凭据"):
            its.when("settle", its.settlement())
    its.sold().when("settle", its.settlement())


@by_owner
def test_seen_2_a_stale_view_signs_nothing(town: Town, course: Course) -> None:
    its = estate(town, course).proposed().ground()
    stale = town.command("disposal.decide.v1", its.decision(), course.decider, valid_until=LATER)
    its.paper("photo", subjects=[its.disposal])  # somebody has filed something about it meanwhile
    with town.refused(SubjectMoved):
        town.ledger.handle(town.sign(stale))
    its.when("decide", its.decision())


@by_owner
def test_disp_12_three_persons_take_it_and_another_keeps_the_books(town: Town, course: Course) -> None:
    its = estate(town, course)
    twins = {"chair": "bookkeeper", "centre2": "centre", "centre": "clerk"}
    twin = twins[course.decider]
    its.when("propose", its.proposal(), course.proposer if twin != "bookkeeper" else "chair")
    its.ground()
    with town.refused(SameHand):
        its.when("decide", its.decision(), "chair" if twin == "bookkeeper" else course.proposer)


@by_owner
def test_disp_12_who_decided_does_not_settle(town: Town, course: Course) -> None:
    """国资条例51: who authorises a deal does not carry it out. The same hand may settle and then derecognise."""
    its = estate(town, course).proposed().ground()
    both = {"state": "treasurer", "household": "centre"}.get(course.owner_type, "chair")
    its.when("decide", its.decision(), both)
    if course.approver:
        its.collected().when("approve", its.approval())
    its.sold()
    with town.refused(SameHand, "结算"):
        its.when("settle", its.settlement(), both)
    if course is STATE:
        another = {"cashier": actor("cashier", "finance", "finance2")}
        town.extra |= another
        town.establish(another, {"cashier": ("town",)})
    its.when("settle", its.settlement(), "cashier" if course is STATE else course.keeper)


@by_owner
def test_proj_10_who_decides_names_exactly_what_was_proposed(town: Town, course: Course) -> None:
    its = estate(town, course).proposed().ground()
    for wrong in ({"leaf": "0" * 64}, {"position": 1}):
        with town.refused(WrongEntry):
            its.when("decide", its.decision(**wrong))
    with town.refused(LabelDiffers):
        its.when("decide", its.decision(name="转让：另一冷库"))


@by_owner
def test_auth_2_the_keys_before_are_still_good(town: Town, course: Course) -> None:
    its = estate(town, course).proposed().ground()
    town.when("key.revoke.v1", {"key": town.known(course.proposer).key, "reason": "调离"}, "registrar")
    with town.refused(KeyNotGood):
        its.when("decide", its.decision())


@by_owner
def test_doc_8_no_step_is_entered_late_as_an_act(town: Town, course: Course) -> None:
    its = estate(town, course)
    with town.refused(LateAct):
        its.when("propose", its.proposal(late_reason="补登"))
    with town.refused(LateReasonMissing):
        its.when("propose", its.proposal(), occurred_on="2026-10-01")
    its.fact("propose", its.proposal(), occurred_on="2026-10-01")


@by_owner
def test_disp_10_nothing_is_signed_before_it_is_approved(town: Town, course: Course) -> None:
    its = estate(town, course).approved()
    early = its.paper("contract", "先签的合同", issued_on="2026-11-22")
    its.sold()
    documents = its.settlement()["documents"]
    with town.refused(WrongOrder, "签订在先"):
        its.when("settle", its.settlement(documents=[*documents, early]))
    its.when("settle", its.settlement(documents=[*documents, its.paper("contract", "后签的合同")]))


# --- what may be disposed of --------------------------------------------------------------------------

UNFIT: list[tuple[str, Any, dict[str, Any]]] = [
    ("DISP-1", OwnershipOpen, {"registered": False}),
    ("DISP-2", InDispute, {"disputed": True}),
    ("DISP-3", Encumbered, {"encumbered": True}),
    ("DISP-4", AssetNotChecked, {"checked": False}),
]


@by_owner
@pytest.mark.parametrize(("rule", "refusal", "changed"), UNFIT, ids=[one[0] for one in UNFIT])
def test_disp_4_an_asset_that_is_not_fit_is_not_proposed(
    town: Town, course: Course, rule: str, refusal: Any, changed: dict[str, Any]
) -> None:
    its = estate(town, course, **changed)
    with town.refused(refusal):
        its.when("propose", its.proposal())
    accepted = its.when("propose", its.proposal(late_reason="补登"), "typist", nature="fact")
    assert town.entries_of(accepted)[0].state["notes"] == [rule]


def test_disp_1_undetermined_ownership_goes_no_way(town: Town) -> None:
    undetermined = Course(
        "undetermined", "clerk", "chair", "meeting", "head", "bookkeeper", "bookkeeper", "none"
    )
    its = estate(town, undetermined)
    with town.refused(OwnershipOpen):
        its.when("propose", its.proposal())


def test_disp_3_and_2_what_nobody_knows_is_noted(town: Town) -> None:
    its = estate(town, disputed=None, encumbered=None)
    accepted = its.when("propose", its.proposal())
    assert town.entries_of(accepted)[0].state["notes"] == ["DISP-2:unknown", "DISP-3:unknown"]


def test_disp_5_one_owner_type_each_asset_once(town: Town) -> None:
    its = estate(town)
    with town.refused(MixedOwners):
        its.when("propose", its.proposal(owner_type="state"), "centre")
    state = its.opened("公车", owner_type="state")
    both = its.proposal(assets=[its.asset, state], name="转让：冷库、公车")
    with town.refused(MixedOwners, "公车（国有）"):
        its.when("propose", both)
    with town.refused(MixedOwners):
        its.when("propose", its.proposal(assets=[its.asset, its.asset], name="转让：冷库、冷库"))


def test_disp_6_a_lease_of_twenty_years(town: Town) -> None:
    its = estate(town)
    lease = its.proposal(method="lease", name="出租：冷库", ground="use")
    with town.refused(LeaseTooLong, "241"):
        its.when("propose", lease | {"months": 241})
    its.when("propose", lease | {"months": 240})


def test_disp_7_one_disposal_at_a_time(town: Town) -> None:
    its = estate(town).proposed()
    second = its.proposal(disposal=identity("disposal", "2"))
    with town.refused(InOtherDisposal, its.disposal):
        its.when("propose", second)
    its.when("withdraw", its.of(reason="价格未定"), "clerk")
    its.when("propose", second)
    town.check()


def test_disp_9_a_class_is_the_ground_only_where_it_is_determined(town: Town) -> None:
    project = town.checked()
    its = estate(town, projects=[project])
    idle = its.proposal(ground="idle_class", project=project)
    with town.refused(GroundNotShown):
        its.when("propose", idle)
    town.when("project.opine_class.v1", town.opinion(), "clerk")
    town.when("proposal.endorse.v1", town.signature("checks"), "centre")
    town.when("proposal.endorse.v1", town.signature("seals"), "head")
    with town.refused(GroundNotShown):
        its.when("propose", idle | {"ground": "eliminated_class"})
    with town.refused(GroundNotShown):
        its.when("propose", idle | {"project": ""})
    its.when("propose", idle)


def test_disp_9_the_project_is_that_of_the_assets(town: Town) -> None:
    project = town.checked()
    its = estate(town)
    with town.refused(GroundNotShown):
        its.when("propose", its.proposal(project=project))


def test_id_1_and_3_a_number_is_used_once_and_the_name_recognised(town: Town) -> None:
    its = estate(town)
    other = its.opened("另一冷库")
    with town.refused(LabelDiffers, "转让：冷库"):
        its.when("propose", its.proposal(name="转让：另一冷库"))
    its.when("propose", its.proposal(number="QX-CZ-1"))
    again = {"assets": [other], "disposal": identity("disposal", "2"), "name": "转让：另一冷库"}
    with town.refused(Taken):
        its.when("propose", its.proposal(**again, number="QX-CZ-1"))
    its.when("propose", its.proposal(**again, number="QX-CZ-2"))


def test_auth_5_the_assets_lie_in_the_proposers_village(town: Town) -> None:
    its = estate(town)
    with town.refused(OutsideArea):
        its.when("propose", its.proposal(), "clerk_shan")


# --- who approves --------------------------------------------------------------------------------------


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
    set_ = {"document": "示例府发〔2026〕9号", "effective_on": "2026-12-01", "name": "collective_county_fen"}
    town.when("parameter.set.v1", set_ | {"parameter": identity("parameter", "c"), "value": WAN}, "registrar")
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


APPRAISED = ["appraisal", "value_proof"]
METHOD_PAPERS: dict[str, tuple[list[str], list[str]]] = {  # before the approval; on settling
    "transfer": (APPRAISED, ["contract", "receipt"]),
    "auction": (APPRAISED, ["deal", "receipt"]),
    "swap": (APPRAISED, ["contract"]),
    "equity": (APPRAISED, ["contract"]),
    "debt_offset": (APPRAISED, ["contract"]),
    "scrap": (["expert_opinion", "photo"], []),
    "loss": (["loss_proof"], []),
    "demolish": (["permit", "contract"], []),
    "gratis_transfer": (["contract"], ["handover"]),
    "donate": (["contract"], ["handover"]),
    "lease": (["tender"], ["contract", "receipt"]),
}
NOTHING_RECEIVED = {"account": "none", "allocated_fen": 0, "received_fen": 0, "retained_fen": 0}


@pytest.mark.parametrize("method", METHODS)
def test_doc_1_each_method_has_its_papers(town: Town, method: str) -> None:
    its = leased(town, STATE, method)
    its.decided(months=120).collected()
    before, after = METHOD_PAPERS[method]

    def all_but_one(papers: list[str]) -> list[list[str]]:
        return [[one for one in papers if one != missing] for missing in papers]

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


# --- the money -----------------------------------------------------------------------------------------


def test_disp_18_proceeds_are_allocated_or_retained(town: Town) -> None:
    its = estate(town).approved().sold()
    with town.refused(ProceedsDiffer):
        its.when("settle", its.settlement(allocated_fen=WAN - 1))
    its.when("settle", its.settlement(allocated_fen=0, retained_fen=3 * WAN))


def test_disp_19_not_below_nine_tenths_of_the_appraisal(town: Town) -> None:
    its = estate(town, STATE).approved().sold()
    floor = 3 * WAN * 9 // 10
    for deal, good in ((floor - 1, False), (floor, True)):
        money = {"allocated_fen": 0, "deal_fen": deal, "received_fen": deal, "retained_fen": deal}
        if good:
            its.when("settle", its.settlement(**money))
        else:
            with town.refused(PriceTooLow, "90%"):
                its.when("settle", its.settlement(**money))


def test_disp_19_who_settles_knows_the_price(town: Town) -> None:
    its = leased(town, STATE, "swap")
    its.decided().collected()
    its.papers["appraisal"] = its.paper("appraisal", "评估", amount_fen=WAN)
    its.when("approve", its.approval())
    papers = [its.paper("contract")]
    with town.refused(PriceTooLow):
        its.when("settle", its.settlement(documents=papers, deal_fen=None, **NOTHING_RECEIVED))


def test_disp_19_not_below_what_the_meeting_fixed(town: Town) -> None:
    its = estate(town).approved().sold()
    for deal, good in ((2 * WAN - 1, False), (2 * WAN, True)):
        money = {"allocated_fen": 0, "deal_fen": deal, "received_fen": deal, "retained_fen": deal}
        if good:
            its.when("settle", its.settlement(**money))
        else:
            with town.refused(PriceTooLow):
                its.when("settle", its.settlement(**money))


@by_owner
def test_disp_20_the_money_goes_to_the_owners_account(town: Town, course: Course) -> None:
    its = estate(town, course).approved().sold()
    for account in ACCOUNTS:
        if account != course.account:
            with town.refused(WrongAccount):
                its.when("settle", its.settlement(account=account))
    its.when("settle", its.settlement())


def test_disp_21_what_is_sold_is_paid_in_full(town: Town) -> None:
    its = estate(town).approved().sold()
    for wrong in ({"deal_fen": 4 * WAN}, {"deal_fen": None}):
        with town.refused(NotFullyReceived):
            its.when("settle", its.settlement(**wrong))


def test_party_1_a_buyer_is_a_body_or_a_commitment(town: Town) -> None:
    its = estate(town).approved().sold()
    buyer = {"kind": "individual", "name": "张三", "organisation": "", "person": ""}
    with town.refused(WrongParty):
        its.when("settle", its.settlement(counterparty=buyer))
    buyer |= {"name": "", "person": "commit:" + "0f" * 32}
    its.when("settle", its.settlement(counterparty=buyer))


# --- how it ends ---------------------------------------------------------------------------------------


def test_disp_17_a_lease_leaves_the_asset_in_the_books(town: Town) -> None:
    its = leased(town)
    its.decided(months=120, ground="use").collected()
    its.when("approve", its.approval(documents=[its.paper("tender")]))
    papers = [its.paper("contract"), its.paper("receipt")]
    settled = its.when("settle", its.settlement(documents=papers))
    assert [one.event for one in town.entries_of(settled)] == [
        "disposal.settled.v1",
        "asset.disposal_cleared.v1",
    ]
    its.vouched()
    with town.refused(StepNotOnPath, "出租"):
        its.when("derecognise", its.parting())
    assert asset_of(its).carrying_fen(AFTER) == 3 * WAN
    town.check()


def test_disp_22_every_asset_is_derecognised_whole_or_in_part(town: Town) -> None:
    its = estate(town).settled().vouched()
    other = its.opened("另一冷库")
    for assets in ([other], [its.asset, other], [its.asset, its.asset]):
        with town.refused(WrongPart):
            its.when("derecognise", its.parting(parts=[{"amount_fen": None, "asset": one} for one in assets]))
    its.when("derecognise", its.parting(parts=[{"amount_fen": WAN, "asset": its.asset}]))
    assert (asset_of(its).carrying_fen(AFTER), asset_of(its).state(AFTER)) == (2 * WAN, "idle")
    town.check()


def test_disp_23_a_part_is_a_part_of_something(town: Town) -> None:
    """The least thing that ends a disposal is one fen, not nothing."""
    its = estate(town).settled().vouched()
    with town.refused(PartOfNothing):
        its.when("derecognise", its.parting(parts=[{"amount_fen": 0, "asset": its.asset}]))
    its.when("derecognise", its.parting(parts=[{"amount_fen": 1, "asset": its.asset}]))
    assert asset_of(its).carrying_fen(AFTER) == 3 * WAN - 1
    town.check()


def test_disp_22_two_assets_go_one_way(town: Town) -> None:
    its = estate(town)
    other = its.opened("二号库")
    name = "转让：冷库、二号库"
    its.when("propose", its.proposal(assets=[its.asset, other], expected_fen=6 * WAN, name=name))
    its.ground(its.asset)
    with town.refused(WrongResolution):  # a resolution about one of them is none about both
        its.when("decide", its.decision(name=name))
    its.papers["decision"] = its.held("再次大会")
    its.when("decide", its.decision(name=name))
    its.collected()
    papers = [its.paper("appraisal", amount_fen=3 * WAN)]
    its.when("approve", its.approval(documents=papers, name=name))
    its.sold().when("settle", its.settlement(name=name))
    parts = [{"amount_fen": None, "asset": its.asset}, {"amount_fen": WAN, "asset": other}]
    gone = its.vouched().when("derecognise", its.parting(parts=parts, name=name))
    assert [one.stream for one in town.entries_of(gone)] == [its.disposal, its.asset, other]
    second: object = town.ledger.repository.get(other)
    assert isinstance(second, Asset)
    assert (asset_of(its).carrying_fen(AFTER), second.carrying_fen(AFTER)) == (0, 2 * WAN)
    town.check()


def test_cmd_6_nothing_is_derecognised_by_a_fact(town: Town) -> None:
    its = estate(town).settled().vouched()
    with town.refused(WrongNature):
        its.when("derecognise", its.parting(), "typist", nature="fact")


def test_doc_1_a_voucher_shows_the_derecognition(town: Town) -> None:
    its = estate(town).settled()
    photo = its.paper("photo")
    with town.refused(WrongDocumentKind, "记账凭证"):
        its.when("derecognise", its.parting(voucher=photo))


def test_prop_4_only_the_proposer_withdraws_and_only_before_the_approval(town: Town) -> None:
    its = estate(town).decided()
    with town.refused(NotProposer):
        its.when("withdraw", its.of(reason="示例"), "chair")
    its.collected().when("approve", its.approval())
    with town.refused(StepDone, "不能撤回"):
        its.when("withdraw", its.of(reason="示例"), "clerk")


def test_disp_8_who_decides_or_approves_may_reject(town: Town) -> None:
    its = estate(town).decided()
    with town.refused(WrongHand):
        its.when("reject", its.of(reason="价格不实"), "treasurer")
    town.enrol("clerk as head", "township", "town", person="clerk", post="head")
    with town.refused(SameHand):
        its.when("reject", its.of(reason="价格不实"), signers=[town.extra["clerk as head"].capacity])


def test_disp_11_what_is_rejected_is_over_and_the_asset_free(town: Town) -> None:
    its = estate(town).decided()
    rejected = its.when("reject", its.of(reason="价格不实"), "head")
    assert [one.event for one in town.entries_of(rejected)] == [
        "disposal.rejected.v1",
        "asset.disposal_cleared.v1",
    ]
    assert asset_of(its).open_disposal == ""
    its.collected()
    with town.refused(StepDone, "已否决"):
        its.when("approve", its.approval())


def test_every_owner_has_a_path_and_no_path_ends_in_a_personal_account() -> None:
    assert set(PATHS) >= {"state", "collective_village", "household", "equity"}
    assert all(one.account != "personal" for one in PATHS.values())
