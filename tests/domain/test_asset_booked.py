"""ASSET-3 to 5 and D7: what is booked of an asset, and its condition, from which day on."""

from typing import Any

import pytest

from domain.errors import NotFound
from domain.errors_asset import AlreadyBooked, CarryingBelowZero, NotAccepted
from tests.domain.estate import COLD_STORE, asset, asset_id, booking, checked, endorse, report
from tests.domain.story import ACTORS, WAN, Town, identity

BOOK = "asset.book.v1"
REPORT = "asset.report_condition.v1"


def test_asset_3_nothing_is_carried_below_zero(town: Town) -> None:
    checked(town)
    with town.refused(CarryingBelowZero, "-1"):
        town.when(BOOK, booking("depreciation", 40 * WAN + 1))
    town.when(BOOK, booking("depreciation", 40 * WAN))
    assert asset(town).carrying_fen(town.books.today) == 0


def test_asset_3_not_on_any_day_that_follows_either(town: Town) -> None:
    checked(town)
    town.when(BOOK, booking("depreciation", 40 * WAN))
    endorse(town, asset_id(), COLD_STORE, version=3)
    with town.refused(CarryingBelowZero):
        town.when(BOOK, booking("depreciation", 1), occurred_on="2026-11-10")


def test_asset_4_the_original_value_is_booked_once(town: Town) -> None:
    checked(town, original_fen=None, carrying_fen=None)
    town.when(BOOK, booking("original", 50 * WAN))
    assert asset(town).carrying_fen(town.books.today) == 40 * WAN
    endorse(town, asset_id(), COLD_STORE, version=3)
    with town.refused(AlreadyBooked):
        town.when(BOOK, booking("original", 50 * WAN))
    town.when(BOOK, booking("additions", 50 * WAN))


def test_asset_4_what_the_opening_knows_is_not_booked_again(town: Town) -> None:
    checked(town)
    with town.refused(AlreadyBooked):
        town.when(BOOK, booking("original", 50 * WAN))


@pytest.mark.parametrize(
    "lacking",
    [{"voucher": ""}, {"acceptance": ""}, {"accepted_on": ""}, {"accepted_on": "2026-11-24"}],
    ids=str,
)
def test_asset_5_a_booking_has_its_papers(town: Town, lacking: dict[str, Any]) -> None:
    checked(town)
    with town.refused(NotAccepted):
        town.when(BOOK, booking(**lacking))
    assert town.only(town.when(BOOK, booking(**lacking), nature="fact")).state["notes"] == ["ASSET-5"]


def test_asset_5_depreciation_needs_no_acceptance(town: Town) -> None:
    checked(town)
    town.when(BOOK, booking("depreciation", WAN, acceptance="", accepted_on=""))


def test_d7_a_late_booking_of_earlier_years_does_not_change_what_was_found_since(town: Town) -> None:
    checked(town)
    late = booking("additions", 5 * WAN, late_reason="补登旧账", accepted_on="2020-01-01")
    town.when(BOOK, late, nature="fact", occurred_on="2020-05-01")
    assert asset(town).carrying_fen(town.books.today) == 40 * WAN
    assert asset(town).figures("2020-05-01").additions_fen == 5 * WAN


def test_asset_condition_holds_from_the_day_it_was_found(town: Town) -> None:
    checked(town)
    town.when(REPORT, report("damaged", disputed=True, encumbered=True), occurred_on="2026-11-10")
    found = asset(town)
    assert (found.state("2026-11-09"), found.state("2026-11-10")) == ("idle", "damaged")
    assert (found.disputed, found.encumbered) == (True, True)


def test_d7_a_late_report_never_hides_a_later_one(town: Town) -> None:
    checked(town)
    town.when(REPORT, report("in_operation"), nature="fact", occurred_on="2026-11-20")
    town.when(REPORT, report("missing"), nature="fact", occurred_on="2026-11-10")
    found = asset(town)
    assert (found.state("2026-11-15"), found.state("2026-11-20")) == ("missing", "in_operation")


def test_d7_what_a_report_leaves_open_stays_as_it_was(town: Town) -> None:
    checked(town)
    town.when(REPORT, report("in_operation"))
    assert asset(town).disputed is False


def test_id_2_who_answers_for_an_asset_is_in_the_ledger(town: Town) -> None:
    checked(town)
    with town.refused(NotFound, "单位"):
        town.when(REPORT, report(custodian=identity("organisation", "没有")))
    town.when(REPORT, report(custodian=ACTORS["clerk"].organisation))
    assert asset(town).last("custodian") == ACTORS["clerk"].organisation
