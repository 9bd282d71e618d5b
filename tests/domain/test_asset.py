"""ASSET-1 to 3, 14 and 15, PARTY: assets opened as found, and what a disposal does to them (domain/RULES.md)."""

from typing import Any

import pytest

from domain.asset import Asset
from domain.errors import (
    BadShape,
    DisciplineIndependent,
    LabelDiffers,
    LateReasonMissing,
    NotFound,
    PersonalText,
    RoleNotAllowed,
    Taken,
    WrongNature,
    WrongParty,
)
from domain.errors_asset import AssetGone, CarryingBelowZero, CarryingDiffers, DisposalOpen, SharesDiffer
from domain.world import Case, World
from tests.domain.estate import (
    COLD_STORE,
    COMMITTED,
    SINCE,
    asset,
    asset_id,
    checked,
    correct,
    correction_of,
    opened,
    opening_of,
    party,
    share,
)
from tests.domain.story import ACTORS, WAN, Town, identity

OPEN = "asset.open.v1"
BAD_SHARES = [share(6_000), share(3_999)]


def test_asset_is_opened_as_found_and_bears_unchecked(town: Town) -> None:
    project = town.listed()
    entry = town.only(
        town.when(OPEN, opening_of(number="QX-A-01", projects=[project]), nature="opening", occurred_on=SINCE)
    )
    assert (entry.event, entry.stream) == ("asset.opened.v1", asset_id())
    assert entry.state["unchecked"] is True
    assert entry.state["code"] == "code:asset:QX-A-01"
    assert entry.state["papers_missing"] == ["竣工决算"]
    assert entry.state["notes"] == []
    assert {subject for subject, _ in entry.subjects} >= {project, "code:asset:QX-A-01"}
    town.check()


def test_asset_answers_what_disposals_ask(town: Town) -> None:
    opened(town, number="QX-A-01", owner_type="collective_village", shares=[share()])
    found = asset(town)
    assert (found.name, found.number, found.owner_type) == (COLD_STORE, "QX-A-01", "collective_village")
    assert found.shares == [share()]
    assert (found.registered, found.disputed, found.encumbered) == (False, False, False)
    assert found.places("2026-11-23") == [identity("area", "kang")]
    assert (found.carrying_fen(SINCE), found.carrying_fen("2026-10-31")) == (40 * WAN, None)
    assert (found.state(SINCE), found.state("2026-10-31")) == ("idle", "")
    assert found.open_disposal == ""


def test_cmd_6_nothing_is_opened_as_an_act(town: Town) -> None:
    with town.refused(WrongNature):
        town.when(OPEN, opening_of(), nature="act")


def test_cmd_8_an_opening_of_long_ago_says_why(town: Town) -> None:
    with town.refused(LateReasonMissing):
        opened(town, on="2024-12-31")
    opened(town, on="2024-12-31", late_reason="按年终账册建账")


@pytest.mark.parametrize("by", ["head", "discipline", "registrar"])
def test_auth_4_who_may_open(town: Town, by: str) -> None:
    with town.refused(DisciplineIndependent if by == "discipline" else RoleNotAllowed):
        opened(town, by=by)


def test_id_1_an_asset_number_is_used_once(town: Town) -> None:
    opened(town, "示例冷库", number="QX-A-01")
    with town.refused(Taken, "资产编号 QX-A-01 已被使用"):
        opened(town, "示例厂房", number="QX-A-01")
    opened(town, "示例厂房", number="QX-A-02")


def test_id_1_a_sheet_row_enters_once(town: Town) -> None:
    row = {"code": "code:row:" + "f" * 64 + ":1:5", "file": "f" * 64, "row": 5, "sheet": "Sheet1"}
    opened(town, "示例冷库", row=row)
    with town.refused(Taken, "工作表“Sheet1”第 5 行已经登记过"):
        opened(town, "示例厂房", row=row)


def test_id_2_what_an_asset_is_linked_to_is_in_the_ledger(town: Town) -> None:
    with town.refused(NotFound, "项目"):
        opened(town, projects=[identity("project", "没有")])
    with town.refused(NotFound, "单位"):
        opened(town, custodian=identity("organisation", "没有"))
    opened(town, custodian=ACTORS["clerk"].organisation)


def test_id_3_the_area_label_is_the_names_in_order(town: Town) -> None:
    areas = [identity("area", "kang"), identity("area", "shan")]
    with town.refused(LabelDiffers, "康家村、山背村"):
        opened(town, by="typist", areas=areas, area_label="康家村")
    opened(town, by="typist", areas=areas, area_label="康家村、山背村")


def test_asset_1_shares_are_the_whole(town: Town) -> None:
    with town.refused(SharesDiffer, "9999"):
        opened(town, owner_type="collective_village", shares=BAD_SHARES)
    opened(town, owner_type="collective_village", shares=[share(6_000), share(4_000)])


def test_asset_1_a_correction_leaves_the_whole(town: Town) -> None:
    checked(town, owner_type="collective_village", shares=[share()])
    with town.refused(SharesDiffer):
        asked = correction_of(asset_id(), COLD_STORE, ("shares", [share()], BAD_SHARES))
        town.when("asset.correct.v1", asked, "clerk")
    correct(town, asset_id(), COLD_STORE, ("shares", [share()], [share(6_000), share(4_000)]))
    assert [one["basis_points"] for one in asset(town).shares] == [6_000, 4_000]


def test_asset_2_a_carrying_amount_that_differs_is_noted(town: Town) -> None:
    entry = town.only(town.when(OPEN, opening_of(carrying_fen=1), nature="opening"))
    assert entry.state["notes"] == ["ASSET-2"]
    # The derived amount stands beside the stated one (D20).
    assert (entry.state["carrying_fen"], asset(town).carrying_fen(town.books.today)) == (1, 40 * WAN)


def test_asset_2_nothing_is_derecognised_on_a_total_that_differs(town: Town) -> None:
    checked(town, carrying_fen=1)
    held, case = deciding(town)
    held.propose_disposal(DISPOSAL, case)
    with pytest.raises(CarryingDiffers):
        held.derecognise(DISPOSAL, case, voucher="记-30")
    correct(town, asset_id(), COLD_STORE, ("carrying_fen", 1, 40 * WAN))
    held, case = deciding(town)
    held.propose_disposal(DISPOSAL, case)
    held.derecognise(DISPOSAL, case, voucher="记-30")


def test_asset_2_what_nobody_knows_is_noted_so(town: Town) -> None:
    entry = town.only(town.when(OPEN, opening_of(original_fen=None), nature="opening"))
    assert entry.state["notes"] == ["ASSET-2:unknown"]
    assert asset(town).carrying_fen(town.books.today) is None


def test_asset_3_more_depreciation_than_value_is_noted_of_what_is_found(town: Town) -> None:
    entry = town.only(
        town.when(OPEN, opening_of(depreciation_fen=51 * WAN, carrying_fen=None), nature="opening")
    )
    assert entry.state["notes"] == ["ASSET-2:unknown", "ASSET-3"]


@pytest.mark.parametrize(
    "wrong",
    [
        party("household", person=""),
        party("household") | {"name": "张三"},
        party() | {"person": COMMITTED},
        party("organisation", name=""),
        party("organisation", organisation=ACTORS["clerk"].organisation),
    ],
    ids=["no commitment", "a name", "a body with a person", "a body without a name", "another name"],
)
def test_party_1_a_person_is_a_commitment_and_a_body_a_name(town: Town, wrong: dict[str, Any]) -> None:
    shares = [{"basis_points": 10_000, "owner": wrong}]
    with town.refused(WrongParty):
        opened(town, owner_type="equity", kind="equity", shares=shares)
    right = [{"basis_points": 10_000, "owner": party("household")}]
    opened(town, owner_type="equity", kind="equity", shares=right)


def test_proj_6_no_natural_person_stands_as_a_body(town: Town) -> None:
    with town.refused(PersonalText):
        opened(town, owner_type="collective_village", shares=[share(name="张三")])


def test_cmd_2_a_clear_name_is_no_commitment(town: Town) -> None:
    with town.refused(BadShape, "owner/person"):
        opened(town, owner_type="household", shares=[share(kind="household", person="张三")])


DISPOSAL = identity("disposal", "处置一")


def deciding(town: Town, on: str = "2026-11-20") -> tuple[Asset, Case]:
    """An asset in the middle of a decision, as the disposal's own guards hold it."""
    world = World(town.books, town.ledger.repository.get, town.ledger.refresh())
    case = Case(
        world=world,
        command={"occurred_on": on, "payload": {}, "signers": [ACTORS["head"].capacity]},
        name="",
        title="",
        roles=frozenset(),
        nature="act",
        today=town.books.today,
    )
    return world.get(Asset, asset_id(), "资产"), case


def test_asset_14_what_is_derecognised_changes_no_more(town: Town) -> None:
    checked(town)
    held, case = deciding(town)
    held.propose_disposal(DISPOSAL, case)
    assert (held.state("2026-11-19"), held.state("2026-11-20")) == ("idle", "disposal_pending")
    held.derecognise(DISPOSAL, case, voucher="记-30")
    assert (held.state("2026-11-19"), held.state("2026-11-20")) == ("idle", "derecognised")
    assert (held.carrying_fen("2026-11-19"), held.carrying_fen("2026-11-20")) == (40 * WAN, 0)
    assert [event.TOPIC for event in case.world.pending] == [
        "asset.disposal_proposed.v1",
        "asset.derecognised.v1",
    ]
    with pytest.raises(AssetGone):
        held.propose_disposal(DISPOSAL, case)


def test_asset_2_each_asset_of_a_disposal_keeps_its_own_notes(town: Town) -> None:
    checked(town, "一号棚", original_fen=None, carrying_fen=None)
    checked(town)
    held, case = deciding(town)
    other = case.world.get(Asset, asset_id("一号棚"), "资产")
    for one in (other, held):
        one.propose_disposal(DISPOSAL, case)
        one.derecognise(DISPOSAL, case, voucher="记-30")
    notes = [vars(event)["notes"] for event in case.world.pending if event.TOPIC == "asset.derecognised.v1"]
    assert notes == [["ASSET-2:unknown"], []]


def test_asset_14_what_is_left_of_a_part_stays(town: Town) -> None:
    checked(town)
    held, case = deciding(town)
    held.propose_disposal(DISPOSAL, case)
    with pytest.raises(CarryingBelowZero):
        held.derecognise(DISPOSAL, case, voucher="记-30", amount_fen=40 * WAN + 1)
    held.derecognise(DISPOSAL, case, voucher="记-30", amount_fen=30 * WAN)
    assert (held.state("2026-11-20"), held.carrying_fen("2026-11-20")) == ("idle", 10 * WAN)
    held.propose_disposal(DISPOSAL, case)


def test_asset_15_one_disposal_at_a_time(town: Town) -> None:
    checked(town)
    held, case = deciding(town)
    with pytest.raises(DisposalOpen):
        held.derecognise(DISPOSAL, case, voucher="记-30")
    held.propose_disposal(DISPOSAL, case)
    other = identity("disposal", "处置二")
    with pytest.raises(DisposalOpen):
        held.propose_disposal(other, case)
    with pytest.raises(DisposalOpen):
        held.clear_disposal(other, case)
    held.clear_disposal(DISPOSAL, case)
    assert held.open_disposal == ""
    held.propose_disposal(other, case)
