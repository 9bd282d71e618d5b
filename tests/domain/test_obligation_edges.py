"""OBL: beside each thing that may be said of a debt, its nearest neighbour that may not, and what nobody knows."""

import pytest

from domain.errors import LabelDiffers
from domain.errors_obligation import OutstandingDiffers, OwedToItself
from tests.domain.estate import (
    LAND_RENT,
    SINCE,
    confirmation,
    demand,
    endorse,
    noted,
    obligation,
    obligation_id,
    owed,
    owing,
    party,
    repayment,
    settled_owing,
)
from tests.domain.story import WAN, Json, Town

REGISTER = "obligation.register.v1"
CONFIRM = "obligation.confirm.v1"
REPAY = "obligation.repay.v1"


@pytest.mark.parametrize("side", ["creditor", "debtor"])
def test_obl_1_one_side_is_enough_where_there_is_something_to_go_by(town: Town, side: str) -> None:
    owing(town, **{side: None}, basis="示例收据")
    assert obligation(town).side(side, SINCE) is None


def test_obl_1_both_sides_need_no_basis(town: Town) -> None:
    owing(town, basis="")
    with town.refused(OwedToItself):
        owing(town, "欠自己", debtor=party("household"))


def test_obl_4_instalments_of_an_unknown_principal_differ_from_nothing(town: Town) -> None:
    halves = [{"amount_fen": WAN, "due_on": day} for day in ("2024-12-31", "2025-12-31")]
    unknown = owed(instalments=halves, principal_fen=None, outstanding_fen=None)
    assert noted(town, REGISTER, unknown) == ["OBL-2:unknown"]


def test_obl_6_and_7_what_nobody_knows_of_a_loan_is_noted_so(town: Town) -> None:
    lent = owed(creditor=party(), debtor=party("individual"), category="loan", insider=None)
    assert noted(town, REGISTER, lent) == ["OBL-6:unknown"]
    borrowed = owed("借款二", debtor=party(), for_government=None)
    assert noted(town, REGISTER, borrowed) == ["OBL-7:unknown"]


@pytest.mark.parametrize(
    ("name", "payload"),
    [(CONFIRM, confirmation()), ("obligation.demand.v1", demand()), (REPAY, repayment())],
    ids=["confirmed", "demanded", "repaid"],
)
def test_id_3_a_later_word_is_about_the_debt_that_its_signer_reads_of(
    town: Town, name: str, payload: Json
) -> None:
    settled_owing(town)
    with town.refused(LabelDiffers):
        town.when(name, payload | {"name": "另一笔欠款"})
    town.when(name, payload)


def test_obl_2_nobody_confirms_a_total_that_differs_from_its_parts(town: Town) -> None:
    assert noted(town, REGISTER, owed(outstanding_fen=1)) == ["OBL-2"]
    endorse(town, obligation_id(), LAND_RENT)
    with town.refused(OutstandingDiffers):
        town.when(CONFIRM, confirmation())
    assert noted(town, CONFIRM, confirmation()) == ["OBL-2"]


def test_obl_2_a_total_that_nobody_stated_differs_from_nothing(town: Town) -> None:
    settled_owing(town, outstanding_fen=None)
    town.when(REPAY, repayment())
    assert obligation(town).outstanding_fen(town.books.today) == 9 * WAN
    town.check()


def test_obl_2_and_9_of_an_unknown_principal_nothing_is_known(town: Town) -> None:
    settled_owing(town, principal_fen=None)
    assert town.only(town.when(CONFIRM, confirmation())).state["notes"] == ["OBL-9:unknown"]
    endorse(town, obligation_id(), LAND_RENT, version=3)
    town.when(REPAY, repayment())
    assert obligation(town).outstanding_fen(town.books.today) is None
    town.check()
