"""DISP: who owns decides the whole path. For 国有, 集体, 到户 and 股权 the path as acts, and each way to go wrong:
the wrong signer, the wrong order, a stale view, a missing paper."""

from domain.errors import (
    DisciplineIndependent,
    KeyNotGood,
    LabelDiffers,
    LateReasonMissing,
    RoleNotAllowed,
    SubjectMoved,
    WrongEntry,
)
from domain.errors_disposal import (
    DecisionMissing,
    DocumentMissing,
    LateAct,
    SameHand,
    StepDone,
    WrongDocumentKind,
    WrongHand,
    WrongOrder,
)
from domain.paths import PATHS
from tests.domain.disposals import AFTER, HOUSEHOLD, LATER, STATE, Course, estate
from tests.domain.paths import asset_of, by_owner
from tests.domain.story import WAN, Town, actor


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
        with town.refused(WrongHand, "提出由.+办理，.+无权"):
            its.when("propose", its.proposal(), strangers["propose"])
    its.proposed().ground()
    with town.refused(WrongHand, "决定由.+办理，.+无权"):
        its.when("decide", its.decision(), strangers["decide"])
    its.when("decide", its.decision())
    if course.approver:
        its.collected()
        with town.refused(RoleNotAllowed):
            its.when("approve", its.approval(), "chair")
        its.when("approve", its.approval())
    its.sold()
    keepers = {STATE: "乡财政办", HOUSEHOLD: "乡农服中心、村系统管理员"}
    with town.refused(WrongHand, f"结算由{keepers.get(course, '集体经济组织、乡财政办')}办理，.+无权"):
        its.when("settle", its.settlement(), strangers["settle"])
    its.when("settle", its.settlement())
    its.vouched()
    with town.refused(WrongHand, "核销由.+办理，.+无权"):
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
        with town.refused(WrongEntry, r"第 \d+ 号、哈希 [0-9a-f]{64}"):
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


def test_every_owner_has_a_path_and_no_path_ends_in_a_personal_account() -> None:
    assert set(PATHS) >= {"state", "collective_village", "household", "equity"}
    assert all(one.account != "personal" for one in PATHS.values())
