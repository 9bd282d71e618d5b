"""OBL-3, 11 to 14, 16 and CORR-1: what is repaid or offset, and corrected since."""

import pytest

from domain.errors import BadShape, NothingCorrected
from domain.errors_obligation import (
    AlreadySettled,
    AssistanceFundsUsed,
    NothingRepaid,
    OffsetNotNotified,
    OutstandingBelowZero,
    SideMissing,
    VoucherMissing,
)
from domain.limitation import limitation_until
from tests.domain.estate import (
    LAND_RENT,
    confirmation,
    correct,
    correction_of,
    demand,
    endorse,
    noted,
    obligation,
    obligation_id,
    party,
    repayment,
    settled_owing,
)
from tests.domain.story import WAN, Town

CONFIRM = "obligation.confirm.v1"
DEMAND = "obligation.demand.v1"
REPAY = "obligation.repay.v1"
COMPANY = party("operator", "青溪农业公司")


def test_obl_3_nothing_is_repaid_beyond_what_is_outstanding(town: Town) -> None:
    settled_owing(town)
    for nature in ("act", "fact"):
        with town.refused(OutstandingBelowZero, "-1"):
            town.when(REPAY, repayment(10 * WAN + 1), nature=nature)
    town.when(REPAY, repayment(10 * WAN, accrued_fen=7, interest_fen=7))
    assert obligation(town).outstanding_fen(town.books.today) == 0
    town.check()


def test_obl_3_not_on_any_day_that_follows_either(town: Town) -> None:
    settled_owing(town)
    town.when(REPAY, repayment(6 * WAN), occurred_on="2026-11-20")
    with town.refused(OutstandingBelowZero):
        town.when(REPAY, repayment(5 * WAN), nature="fact", occurred_on="2026-11-10")
    town.when(REPAY, repayment(4 * WAN), nature="fact", occurred_on="2026-11-10")
    found = obligation(town)
    assert [found.outstanding_fen(day) for day in ("2026-11-09", "2026-11-10", "2026-11-20")] == [
        10 * WAN,
        6 * WAN,
        0,
    ]


def test_obl_3_a_correction_does_not_bring_it_below_zero(town: Town) -> None:
    settled_owing(town)
    town.when(REPAY, repayment(9 * WAN))
    with town.refused(OutstandingBelowZero):
        town.when(
            "obligation.correct.v1",
            correction_of(obligation_id(), LAND_RENT, ("paid_fen", 2 * WAN, 3 * WAN + 1)),
        )
    correct(town, obligation_id(), LAND_RENT, ("paid_fen", 2 * WAN, 3 * WAN))


def test_obl_11_assistance_funds_pay_no_debts(town: Town) -> None:
    settled_owing(town)
    with town.refused(AssistanceFundsUsed):
        town.when(REPAY, repayment(funds="assistance"))
    assert noted(town, REPAY, repayment(funds="assistance")) == ["OBL-11"]


def test_obl_12_an_offset_is_notified(town: Town) -> None:
    settled_owing(town)
    with town.refused(OffsetNotNotified):
        town.when(REPAY, repayment(means="offset"))
    assert noted(town, REPAY, repayment(means="offset")) == ["OBL-12"]
    assert obligation(town).sums(town.books.today).offset_fen == WAN


def test_obl_13_a_repayment_has_its_voucher(town: Town) -> None:
    settled_owing(town)
    with town.refused(VoucherMissing):
        town.when(REPAY, repayment(voucher=""))
    assert noted(town, REPAY, repayment(voucher="")) == ["OBL-13"]


@pytest.mark.parametrize("nature", ["act", "fact"])
def test_obl_14_what_is_settled_is_left_alone(town: Town, nature: str) -> None:
    settled_owing(town)
    town.when(REPAY, repayment(10 * WAN), nature="fact", occurred_on="2026-11-20")
    endorse(town, obligation_id(), LAND_RENT, version=3)
    for name, payload in ((REPAY, repayment(1)), (DEMAND, demand()), (CONFIRM, confirmation(amount_fen=0))):
        with town.refused(AlreadySettled):
            town.when(name, payload, nature=nature)
    # On the day before, it was still owed.
    town.when(DEMAND, demand(), nature=nature, occurred_on="2026-11-19")


def test_obl_16_nothing_is_no_repayment(town: Town) -> None:
    settled_owing(town)
    with town.refused(NothingRepaid):
        town.when(REPAY, repayment(0))
    town.when(REPAY, repayment(0, interest_fen=1))


def test_corr_1_a_repayment_that_never_was_is_struck_out(town: Town) -> None:
    settled_owing(town)
    town.when(REPAY, repayment(10 * WAN))
    was = {"accrued_fen": 0, "interest_fen": 0, "kind": "paid", "principal_fen": 10 * WAN}
    with town.refused(NothingCorrected):
        town.when(
            "obligation.correct.v1",
            correction_of(obligation_id(), LAND_RENT, ("movement", was, None), version=1),
        )
    correct(town, obligation_id(), LAND_RENT, ("movement", was, None), version=3)
    found = obligation(town)
    assert found.outstanding_fen(town.books.today) == 10 * WAN
    assert limitation_until(found.field, town.books.today) == "2027-12-31"
    town.check()


def test_corr_1_the_unknown_side_becomes_known(town: Town) -> None:
    settled_owing(town, creditor=None, basis="示例收据")
    correct(town, obligation_id(), LAND_RENT, ("creditor", None, COMPANY))
    assert obligation(town).side("creditor", town.books.today) == COMPANY


def test_obl_1_a_correction_leaves_at_least_what_there_is(town: Town) -> None:
    settled_owing(town)
    with town.refused(SideMissing):
        town.when(
            "obligation.correct.v1",
            correction_of(obligation_id(), LAND_RENT, ("creditor", party("household"), None)),
        )
    changes = (("creditor", party("household"), None), ("basis", "", "示例收据"))
    correct(town, obligation_id(), LAND_RENT, *changes)


def test_cmd_2_a_field_is_corrected_to_what_it_might_be(town: Town) -> None:
    settled_owing(town)
    for field, was, now in (
        ("principal_fen", 12 * WAN, -1),
        ("category", "land_rent", "gift"),
        ("demand", None, 3),
    ):
        with town.refused(BadShape, "/payload/changes/0"):
            town.when("obligation.correct.v1", correction_of(obligation_id(), LAND_RENT, (field, was, now)))
