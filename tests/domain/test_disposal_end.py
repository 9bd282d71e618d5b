"""DISP-8, 11, 17, 22, 23 and PROP-4: how a disposal ends: leased, derecognised, withdrawn or rejected."""

from domain.asset import Asset
from domain.errors import NotProposer, WrongNature
from domain.errors_disposal import (
    PartOfNothing,
    SameHand,
    StepDone,
    StepNotOnPath,
    WrongDocumentKind,
    WrongHand,
    WrongPart,
    WrongResolution,
)
from tests.domain.disposals import AFTER, estate, leased
from tests.domain.paths import asset_of
from tests.domain.story import WAN, Town


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
    second = town.the(Asset, other)
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
