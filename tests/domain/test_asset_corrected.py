"""CORR-1, of assets: what was booked or said of one is struck out or put right, and no sum falls below zero."""

import pytest

from domain.errors import BadShape, LabelDiffers, NotFound, NothingCorrected
from domain.errors_asset import CarryingBelowZero
from tests.domain.estate import COLD_STORE, asset, asset_id, booking, checked, correct, correction_of, report
from tests.domain.story import ACTORS, WAN, Town, identity

BOOK = "asset.book.v1"
REPORT = "asset.report_condition.v1"


def test_corr_1_a_booking_that_should_not_be_is_struck_out(town: Town) -> None:
    checked(town)
    town.when(BOOK, booking("additions", 5 * WAN))
    was = {"amount_fen": 5 * WAN, "kind": "additions"}
    correct(town, asset_id(), COLD_STORE, ("movement", was, None), version=3)
    assert asset(town).carrying_fen(town.books.today) == 40 * WAN
    town.check()


def test_corr_1_a_booking_is_corrected_to_another_amount(town: Town) -> None:
    checked(town)
    town.when(BOOK, booking("additions", 5 * WAN), occurred_on="2026-11-10")
    was = {"amount_fen": 5 * WAN, "kind": "additions"}
    with town.refused(NothingCorrected):
        town.when(
            "asset.correct.v1",
            correction_of(asset_id(), COLD_STORE, ("movement", was | {"amount_fen": 1}, was), version=3),
        )
    correct(town, asset_id(), COLD_STORE, ("movement", was, was | {"amount_fen": 7 * WAN}), version=3)
    assert asset(town).carrying_fen("2026-11-10") == 47 * WAN
    assert asset(town).carrying_fen("2026-11-09") == 40 * WAN


def test_asset_3_a_correction_does_not_bring_it_below_zero(town: Town) -> None:
    checked(town)
    town.when(BOOK, booking("depreciation", 40 * WAN))
    with town.refused(CarryingBelowZero):
        asked = correction_of(asset_id(), COLD_STORE, ("original_fen", 50 * WAN, 49 * WAN))
        town.when("asset.correct.v1", asked)
    correct(town, asset_id(), COLD_STORE, ("original_fen", 50 * WAN, 51 * WAN))


@pytest.mark.parametrize(
    ("field", "was", "now"),
    [
        ("original_fen", 50 * WAN, "500000"),
        ("condition", "idle", "asleep"),
        ("disputed", False, 0),
        ("movement", {"amount_fen": 1, "kind": "disposed"}, None),
        ("shares", [], ["甲"]),
    ],
)
def test_cmd_2_a_field_is_corrected_to_what_it_might_be(
    town: Town, field: str, was: object, now: object
) -> None:
    checked(town)
    with town.refused(BadShape, "/payload/changes/0"):
        asked = correction_of(asset_id(), COLD_STORE, (field, was, now))
        town.when("asset.correct.v1", asked)


def test_cmd_5_the_summary_of_a_correction_says_in_words_what_changes(town: Town) -> None:
    checked(town)
    asked = correction_of(
        asset_id(), COLD_STORE, ("original_fen", 50 * WAN, 51 * WAN), ("disputed", False, True)
    )
    assert town.summary("asset.correct.v1", asked) == f"更正（笔误）：原值、有争议，资产：{COLD_STORE}"
    town.when("asset.correct.v1", asked)
    assert town.books.entries[-1].state["label"] == "更正（笔误）：原值、有争议"


def test_corr_1_the_name_is_corrected_for_the_day_it_was_said(town: Town) -> None:
    checked(town)
    correct(town, asset_id(), COLD_STORE, ("name", COLD_STORE, "示例保鲜库"))
    assert asset(town).name == "示例保鲜库"
    with town.refused(LabelDiffers):
        town.when(REPORT, report())
    town.when(REPORT, report() | {"name": "示例保鲜库"})


def test_id_2_a_correction_is_of_what_is_there_and_names_what_is_there(town: Town) -> None:
    was, now = (ACTORS[by].organisation for by in ("clerk", "centre"))
    checked(town, custodian=was)
    unknown = correction_of(asset_id("没有"), COLD_STORE, ("custodian", was, now))
    with town.refused(NotFound, "资产"):
        town.when("asset.correct.v1", unknown)
    nobody = correction_of(asset_id(), COLD_STORE, ("custodian", was, identity("organisation", "没有")))
    with town.refused(NotFound, "单位"):
        town.when("asset.correct.v1", nobody)
    correct(town, asset_id(), COLD_STORE, ("custodian", was, now))
    assert asset(town).last("custodian") == now
