"""PROJ-7 to 10, BATCH-2 and 3, of claims and debts: the check by a second person, and batches of them."""

from domain.decide import batch_summary
from domain.errors import AlreadyChecked, NotChecked, SamePerson, WrongEntry, WrongSum
from tests.domain.estate import (
    LAND_RENT,
    demand,
    endorse,
    endorsement,
    obligation_id,
    opening_of,
    owed,
    owing,
    repayment,
    settled_owing,
)
from tests.domain.story import WAN, Town

REGISTER = "obligation.register.v1"
DEMAND = "obligation.demand.v1"
REPAY = "obligation.repay.v1"


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
