"""OBL: claims and debts registered, confirmed by both sides, demanded, repaid (domain/RULES.md)."""

from typing import Any

import pytest

from domain.command import COMMANDS
from domain.decide import batch_summary
from domain.errors import (
    AlreadyChecked,
    BadShape,
    LabelDiffers,
    LateReasonMissing,
    NotChecked,
    NotFound,
    NothingCorrected,
    SamePerson,
    Taken,
    WrongEntry,
    WrongParty,
    WrongSum,
)
from domain.errors_obligation import (
    AlreadySettled,
    AssistanceFundsUsed,
    ConfirmedOtherwise,
    DemandNotServed,
    GovernmentLoan,
    InsiderLoan,
    InstalmentsDiffer,
    LoanNotDecided,
    NotConfirmable,
    NothingRepaid,
    OffsetNotNotified,
    OutstandingBelowZero,
    OutstandingDiffers,
    OwedToItself,
    SideMissing,
    VoucherMissing,
)
from domain.obligation_card import years_after
from domain.personal import places
from tests.domain.estate import (
    LAND_RENT,
    SINCE,
    asset_id,
    confirmation,
    correct,
    correction_of,
    demand,
    endorse,
    endorsement,
    obligation,
    obligation_id,
    opened,
    opening_of,
    owed,
    owing,
    party,
    repayment,
    settled_owing,
)
from tests.domain.story import ACTORS, AREAS, WAN, Json, Town, identity

REGISTER = "obligation.register.v1"
CONFIRM = "obligation.confirm.v1"
DEMAND = "obligation.demand.v1"
REPAY = "obligation.repay.v1"
COMPANY = party("operator", "青溪农业公司")


def noted(town: Town, name: str, payload: Json, **header: Any) -> list[str]:
    """The rules that an entry notes when it is told as a fact."""
    notes: list[str] = town.only(town.when(name, payload, nature="fact", **header)).state["notes"]
    return notes


# --- registration -----------------------------------------------------------------------------------


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
    with town.refused(Taken, "code:debt:QX-Z-01"):
        owing(town, "示例欠款二", number="QX-Z-01")
    owing(town, "示例欠款二", number="QX-Z-02")


def test_id_1_a_sheet_row_enters_once(town: Town) -> None:
    row = {"code": "code:row:" + "f" * 64 + ":1:5", "file": "f" * 64, "row": 5, "sheet": "Sheet1"}
    owing(town, "示例欠款一", row=row)
    with town.refused(Taken, "code:row"):
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


# --- bans -------------------------------------------------------------------------------------------


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


# --- the check by another ---------------------------------------------------------------------------


def test_proj_7_no_act_rests_on_what_nobody_has_checked(town: Town) -> None:
    owing(town)
    with town.refused(NotChecked):
        town.when(REPAY, repayment())
    endorse(town, obligation_id(), LAND_RENT)
    town.when(REPAY, repayment())
    with town.refused(NotChecked):
        town.when(DEMAND, demand())


def test_proj_8_what_is_checked_is_not_checked_again(town: Town) -> None:
    settled_owing(town)
    with town.refused(AlreadyChecked):
        endorse(town, obligation_id(), LAND_RENT, by="centre2")


def test_proj_9_nobody_checks_what_they_entered(town: Town) -> None:
    owing(town, by="centre")
    with town.refused(SamePerson):
        endorse(town, obligation_id(), LAND_RENT)
    endorse(town, obligation_id(), LAND_RENT, by="centre2")


def test_proj_10_an_endorsement_names_exactly_the_entry(town: Town) -> None:
    owing(town)
    with town.refused(WrongEntry):
        town.when(
            "obligation.endorse.v1",
            endorsement(town, obligation_id(), LAND_RENT, leaf="0" * 64),
            "centre",
        )


def test_batch_3_a_batch_of_obligations_is_checked_but_for_the_excepted_rows(town: Town) -> None:
    rows = [
        town.command(REGISTER, owed(name), "typist", nature="opening")
        for name in ("示例欠款一", "示例欠款二")
    ]
    outcome = town.books.entries[town.when_batch(rows).position]
    check = {
        "batch": outcome.stream,
        "excepted": [[0, "待查"]],
        "leaf": outcome.leaf,
        "position": outcome.position,
        "rows": 2,
    }
    town.when("batch.endorse.v1", check, "centre")
    with town.refused(NotChecked):
        town.when(REPAY, repayment(name="示例欠款一"))
    town.when(REPAY, repayment(name="示例欠款二"))
    town.check()


def test_batch_2_the_sum_of_a_batch_counts_what_each_row_is_about(town: Town) -> None:
    """The total of a project, the original value of an asset, the principal of an obligation."""
    rows = [
        town.command("project.list.v1", town.project(), "typist", nature="opening"),
        town.command("asset.open.v1", opening_of(), "typist", nature="opening"),
        town.command(REGISTER, owed(), "typist", nature="opening"),
    ]
    total = 113_500_000 + 50 * WAN + 12 * WAN
    source = {"sha256": "f" * 64, "sum_fen": total}
    summary = batch_summary(3, total, "f" * 64)
    with town.refused(WrongSum):
        short = source | {"sum_fen": total - 1}
        town.when_batch(rows, source=short, summary=batch_summary(3, total - 1, "f" * 64))
    town.when_batch(rows, source=source, summary=summary)


# --- confirmation -----------------------------------------------------------------------------------


def test_obl_is_confirmed_when_both_sides_have_confirmed(town: Town) -> None:
    settled_owing(town)
    assert town.only(town.when(CONFIRM, confirmation("debtor"))).state["level"] == "B"
    assert not obligation(town).confirmed(town.books.today)
    endorse(town, obligation_id(), LAND_RENT, version=3)
    town.when(CONFIRM, confirmation("creditor"))
    assert obligation(town).confirmed(town.books.today)
    assert not obligation(town).confirmed("2026-11-22")


def test_obl_9_what_is_confirmed_is_what_is_outstanding(town: Town) -> None:
    settled_owing(town)
    with town.refused(ConfirmedOtherwise):
        town.when(CONFIRM, confirmation(amount_fen=10 * WAN + 1))
    assert noted(town, CONFIRM, confirmation(amount_fen=10 * WAN + 1)) == ["OBL-9"]


@pytest.mark.parametrize("lacking", [{"image": ""}, {"original_seen": False}], ids=str)
def test_obl_10_anothers_word_stands_on_a_paper_that_was_seen(town: Town, lacking: dict[str, Any]) -> None:
    settled_owing(town)
    with town.refused(NotConfirmable):
        town.when(CONFIRM, confirmation(**lacking))
    assert noted(town, CONFIRM, confirmation(**lacking)) == ["OBL-10"]


def test_obl_10_ones_own_word_needs_no_paper(town: Town) -> None:
    own = ACTORS["clerk"].organisation
    name = town.ledger.directory.organisations[own].name
    # 示例单位 is no body's word, so the name of the story gets one.
    body = {"area": identity("area", "kang"), "kind": "village_collective", "name": "康家村集体"}
    assert name.startswith("示例单位")
    new = identity("organisation", "康家村集体")
    town.when("organisation.register.v1", body | {"organisation": new}, "registrar")
    settled_owing(town, debtor=party(name="康家村集体", organisation=new))
    post = {"areas": [identity("area", "kang")], "organisation": new, "post": identity("post", "理事长")}
    town.when("person.register.v1", {"person": identity("person", "理事长")}, "registrar")
    town.when("post.establish.v1", post | {"role": "village_admin", "title": "理事长"}, "registrar")
    town.enrol("chair", "village_admin", "康家村集体", person="理事长", post="理事长")
    signers = [town.extra["chair"].capacity]
    paperless = confirmation(image="", original_seen=False)
    assert town.only(town.when(CONFIRM, paperless, signers=signers)).state["level"] == "A"
    with town.refused(NotChecked):
        town.when(CONFIRM, paperless | {"side": "creditor"}, signers=signers)


def test_obl_10_a_side_that_nobody_knows_confirms_nothing(town: Town) -> None:
    settled_owing(town, creditor=None, basis="示例收据")
    for nature in ("act", "fact"):
        with town.refused(NotConfirmable):
            town.when(CONFIRM, confirmation("creditor"), nature=nature)
    town.when(CONFIRM, confirmation("debtor"))


# --- demands and the limitation period ----------------------------------------------------------------


def test_obl_limitation_runs_three_years_from_the_due_day(town: Town) -> None:
    settled_owing(town)
    assert obligation(town).limitation_until(SINCE) == "2027-12-31"


def test_obl_limitation_runs_from_the_last_instalment(town: Town) -> None:
    halves = [
        {"amount_fen": 6 * WAN, "due_on": "2024-12-31"},
        {"amount_fen": 6 * WAN, "due_on": "2025-06-30"},
    ]
    settled_owing(town, instalments=halves)
    assert obligation(town).limitation_until(SINCE) == "2028-06-30"


def test_obl_limitation_does_not_run_before_a_due_day_is_known(town: Town) -> None:
    settled_owing(town, due_on="")
    assert obligation(town).limitation_until(SINCE) == ""


@pytest.mark.parametrize(
    ("name", "payload"),
    [(DEMAND, demand()), (CONFIRM, confirmation("debtor")), (REPAY, repayment())],
    ids=["demand", "debtor's confirmation", "payment"],
)
def test_obl_limitation_is_restarted(town: Town, name: str, payload: Json) -> None:
    settled_owing(town)
    town.when(name, payload, occurred_on="2026-11-20")
    found = obligation(town)
    assert found.limitation_until("2026-11-19") == "2027-12-31"
    assert found.limitation_until("2026-11-20") == "2029-11-20"


@pytest.mark.parametrize(
    ("name", "payload"),
    [
        (CONFIRM, confirmation("creditor")),
        (REPAY, repayment(means="offset", notice="示例抵销通知")),
    ],
    ids=["creditor's confirmation", "offset"],
)
def test_obl_limitation_is_not_restarted_by_the_creditors_own_word(
    town: Town, name: str, payload: Json
) -> None:
    settled_owing(town)
    town.when(name, payload, occurred_on="2026-11-20")
    assert obligation(town).limitation_until("2026-11-20") == "2027-12-31"


def test_obl_limitation_that_has_run_out_is_not_restarted_by_a_demand(town: Town) -> None:
    settled_owing(town, due_on="2020-12-31")
    town.when(DEMAND, demand())
    assert obligation(town).limitation_until(town.books.today) == "2023-12-31"


def test_obl_limitation_a_demand_of_earlier_years_keeps_it_running(town: Town) -> None:
    settled_owing(town, due_on="2020-12-31")
    late = demand(late_reason="补登催收")
    town.when(DEMAND, late, nature="fact", occurred_on="2023-06-01")
    assert obligation(town).limitation_until(town.books.today) == "2026-06-01"


def test_obl_limitation_ends_after_twenty_years(town: Town) -> None:
    settled_owing(town, due_on="2006-12-01")
    for day in ("2009-11-01", "2012-10-01", "2015-09-01", "2018-08-01", "2021-07-01", "2024-06-01"):
        town.when(DEMAND, demand(late_reason="补登催收"), nature="fact", occurred_on=day)
    found = obligation(town)
    assert found.limitation_until("2024-05-31") == "2024-07-01"
    assert found.limitation_until("2024-06-01") == "2026-12-01"


def test_obl_limitation_of_a_leap_day() -> None:
    assert years_after("2024-02-29", 3) == "2027-02-28"
    assert years_after("2024-02-29", 4) == "2028-02-29"


def test_obl_15_a_demand_that_was_not_served_restarts_nothing(town: Town) -> None:
    settled_owing(town)
    with town.refused(DemandNotServed):
        town.when(DEMAND, demand(receipt=""))
    assert noted(town, DEMAND, demand(receipt="")) == ["OBL-15"]
    assert obligation(town).limitation_until(town.books.today) == "2027-12-31"


# --- repayment --------------------------------------------------------------------------------------


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


# --- correction -------------------------------------------------------------------------------------


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
    assert found.limitation_until(town.books.today) == "2027-12-31"
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
