"""OBL-1 to 8: claims and debts are registered with two sides, and what may not be borrowed at all (domain/RULES.md)."""

from typing import Any

import pytest

from domain.command import COMMANDS
from domain.errors import BadShape, LabelDiffers, LateReasonMissing, NotFound, Taken, WrongParty
from domain.errors_obligation import (
    GovernmentLoan,
    InsiderLoan,
    InstalmentsDiffer,
    LoanNotDecided,
    OutstandingBelowZero,
    OutstandingDiffers,
    OwedToItself,
    SideMissing,
)
from domain.personal import places
from tests.domain.estate import (
    LAND_RENT,
    SINCE,
    asset_id,
    correct,
    endorse,
    noted,
    obligation,
    obligation_id,
    opened,
    owed,
    owing,
    party,
    repayment,
)
from tests.domain.story import ACTORS, AREAS, WAN, Town, identity

REGISTER = "obligation.register.v1"
REPAY = "obligation.repay.v1"
COMPANY = party("operator", "青溪农业公司")


def test_obl_is_one_record_with_two_sides(town: Town) -> None:
    asset = opened(town)
    project = town.listed()
    payload = owed(number="QX-Z-01", assets=[asset], projects=[project])
    entry = town.only(town.when(REGISTER, payload, nature="opening", occurred_on=SINCE))
    assert (entry.event, entry.stream) == ("obligation.registered.v1", obligation_id())
    assert entry.state["code"] == "code:debt:QX-Z-01"
    assert {subject for subject, _ in entry.subjects} >= {asset, project}
    found = obligation(town)
    assert found.side("creditor", SINCE) == party("household")
    assert found.side("debtor", SINCE) == party()
    assert found.outstanding_fen(SINCE) == 10 * WAN
    assert found.outstanding_fen("2026-10-31") is None
    town.check()


def test_d17_who_is_a_natural_person_stands_as_a_commitment(town: Town) -> None:
    with town.refused(BadShape, "creditor/person"):
        owing(town, creditor=party("household", person="张三"))
    with town.refused(BadShape, "handler"):
        owing(town, handler="李四")
    marked = {"/".join(place.path) for place in places(COMMANDS[REGISTER].payload)}
    assert marked == {"creditor/person", "debtor/person", "handler", "witness"}
    assert "changes//now/person" in {
        "/".join(place.path) for place in places(COMMANDS["obligation.correct.v1"].payload)
    }


def test_id_1_a_number_is_used_once(town: Town) -> None:
    owing(town, "示例欠款一", number="QX-Z-01")
    with town.refused(Taken, "债权债务编号 QX-Z-01 已被使用"):
        owing(town, "示例欠款二", number="QX-Z-01")
    owing(town, "示例欠款二", number="QX-Z-02")


def test_id_1_a_sheet_row_enters_once(town: Town) -> None:
    row = {"code": "code:row:" + "f" * 64 + ":1:5", "file": "f" * 64, "row": 5, "sheet": "Sheet1"}
    owing(town, "示例欠款一", row=row)
    with town.refused(Taken, "工作表“Sheet1”第 5 行已经登记过"):
        owing(town, "示例欠款二", row=row)


def test_id_2_what_it_is_linked_to_is_in_the_ledger(town: Town) -> None:
    with town.refused(NotFound, "资产"):
        owing(town, assets=[asset_id()])
    with town.refused(NotFound, "项目"):
        owing(town, projects=[identity("project", "没有")])
    owing(town, assets=[opened(town)])


def test_id_3_the_area_label_is_the_names_in_order(town: Town) -> None:
    with town.refused(LabelDiffers):
        owing(town, area_label=AREAS["shan"])
    owing(town)


def test_cmd_8_what_is_registered_late_says_why(town: Town) -> None:
    with town.refused(LateReasonMissing):
        owing(town, on="2024-12-31")
    owing(town, on="2024-12-31", late_reason="按年终账册建账")


@pytest.mark.parametrize(
    "sides",
    [
        {"creditor": None, "debtor": None, "basis": "示例收据"},
        {"creditor": None, "basis": ""},
        {"debtor": None, "basis": ""},
    ],
    ids=["neither", "no creditor", "no debtor"],
)
def test_obl_1_both_sides_or_one_and_what_there_is(town: Town, sides: dict[str, Any]) -> None:
    with town.refused(SideMissing):
        owing(town, **sides)
    owing(town, creditor=None, basis="示例收据")
    assert obligation(town).side("creditor", SINCE) is None


def test_party_1_each_side_is_written_as_what_it_is(town: Town) -> None:
    with town.refused(WrongParty):
        owing(town, creditor=party("household", person=""))
    with town.refused(WrongParty):
        owing(town, debtor=party(organisation=ACTORS["clerk"].organisation))


def test_obl_2_a_stated_total_that_differs_is_noted_and_settled_on_by_no_act(town: Town) -> None:
    assert noted(town, REGISTER, owed(outstanding_fen=1)) == ["OBL-2"]
    endorse(town, obligation_id(), LAND_RENT)
    with town.refused(OutstandingDiffers):
        town.when(REPAY, repayment())
    assert noted(town, REPAY, repayment()) == ["OBL-2"]
    endorse(town, obligation_id(), LAND_RENT, version=3)
    correct(town, obligation_id(), LAND_RENT, ("outstanding_fen", 1, 10 * WAN))
    town.when(REPAY, repayment())


def test_obl_2_an_act_states_the_right_total(town: Town) -> None:
    with town.refused(OutstandingDiffers):
        town.when(REGISTER, owed(outstanding_fen=1))
    town.when(REGISTER, owed())


def test_obl_2_what_nobody_knows_is_noted_so(town: Town) -> None:
    assert noted(town, REGISTER, owed(principal_fen=None)) == ["OBL-2:unknown"]
    assert obligation(town).outstanding_fen(town.books.today) is None


@pytest.mark.parametrize("nature", ["act", "fact", "opening"])
def test_obl_3_nobody_has_paid_more_than_is_owed(town: Town, nature: str) -> None:
    over = owed(paid_fen=12 * WAN + 1, outstanding_fen=None)
    with town.refused(OutstandingBelowZero, "-1"):
        town.when(REGISTER, over, nature=nature)
    town.when(REGISTER, over | {"paid_fen": 12 * WAN}, nature=nature)


def test_obl_4_instalments_are_the_principal(town: Town) -> None:
    halves = [
        {"amount_fen": 6 * WAN, "due_on": "2024-12-31"},
        {"amount_fen": 6 * WAN, "due_on": "2025-12-31"},
    ]
    short = owed(instalments=[halves[0], halves[1] | {"amount_fen": 1}])
    with town.refused(InstalmentsDiffer):
        town.when(REGISTER, short)
    assert noted(town, REGISTER, short) == ["OBL-4"]
    town.when(REGISTER, owed("示例欠款二", instalments=halves))


def test_obl_5_nobody_owes_themselves(town: Town) -> None:
    with town.refused(OwedToItself):
        owing(town, creditor=party())
    owing(town, creditor=COMPANY)


def test_obl_6_insiders_do_not_borrow_from_the_collective(town: Town) -> None:
    lent = owed(creditor=party(), debtor=party("individual"), category="loan", insider=True)
    with town.refused(InsiderLoan):
        town.when(REGISTER, lent)
    assert noted(town, REGISTER, lent) == ["OBL-6"]
    other = owed("示例借款二", creditor=party(), debtor=party("individual"), category="loan", insider=False)
    town.when(REGISTER, other)


def test_obl_7_a_collective_does_not_borrow_for_a_government(town: Town) -> None:
    borrowed = owed(creditor=COMPANY, for_government=True)
    with town.refused(GovernmentLoan):
        town.when(REGISTER, borrowed)
    assert noted(town, REGISTER, borrowed) == ["OBL-7"]
    # A company may.
    town.when(REGISTER, owed("示例借款二", debtor=COMPANY, for_government=True))


@pytest.mark.parametrize(("decided", "noted_as"), [(False, "OBL-8"), (None, "OBL-8:unknown")])
def test_obl_8_a_collective_decides_before_it_borrows(
    town: Town, decided: bool | None, noted_as: str
) -> None:
    borrowed = owed(creditor=COMPANY, category="loan", democratic=decided)
    with town.refused(LoanNotDecided):
        town.when(REGISTER, borrowed)
    assert noted(town, REGISTER, borrowed) == [noted_as]
    town.when(REGISTER, owed("示例借款二", creditor=COMPANY, category="loan", democratic=True))
