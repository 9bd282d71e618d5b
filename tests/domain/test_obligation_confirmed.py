"""OBL-9, 10 and 15: both sides confirm, the creditor demands, and the limitation period (诉讼时效) runs or starts again."""

from typing import Any

import pytest

from domain.errors import NotChecked
from domain.errors_obligation import ConfirmedOtherwise, DemandNotServed, NotConfirmable
from domain.limitation import limitation_until
from tests.domain.estate import (
    LAND_RENT,
    SINCE,
    confirmation,
    demand,
    endorse,
    noted,
    obligation,
    obligation_id,
    party,
    repayment,
    settled_owing,
)
from tests.domain.story import ACTORS, WAN, Json, Town, identity

CONFIRM = "obligation.confirm.v1"
DEMAND = "obligation.demand.v1"
REPAY = "obligation.repay.v1"


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
    # 示例中心 is no body's word, so the name of the story gets one.
    body = {"area": identity("area", "kang"), "kind": "village_collective", "name": "康家村集体"}
    assert name.startswith("示例中心")
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


def test_obl_limitation_runs_three_years_from_the_due_day(town: Town) -> None:
    settled_owing(town)
    assert limitation_until(obligation(town).field, SINCE) == "2027-12-31"


def test_obl_limitation_runs_from_the_last_instalment(town: Town) -> None:
    halves = [
        {"amount_fen": 6 * WAN, "due_on": "2024-12-31"},
        {"amount_fen": 6 * WAN, "due_on": "2025-06-30"},
    ]
    settled_owing(town, instalments=halves)
    assert limitation_until(obligation(town).field, SINCE) == "2028-06-30"


def test_obl_limitation_does_not_run_before_a_due_day_is_known(town: Town) -> None:
    settled_owing(town, due_on="")
    assert limitation_until(obligation(town).field, SINCE) == ""


@pytest.mark.parametrize(
    ("name", "payload"),
    [(DEMAND, demand()), (CONFIRM, confirmation("debtor")), (REPAY, repayment())],
    ids=["demand", "debtor's confirmation", "payment"],
)
def test_obl_limitation_is_restarted(town: Town, name: str, payload: Json) -> None:
    settled_owing(town)
    town.when(name, payload, occurred_on="2026-11-20")
    found = obligation(town)
    assert limitation_until(found.field, "2026-11-19") == "2027-12-31"
    assert limitation_until(found.field, "2026-11-20") == "2029-11-20"


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
    assert limitation_until(obligation(town).field, "2026-11-20") == "2027-12-31"


def test_obl_limitation_that_has_run_out_is_not_restarted_by_a_demand(town: Town) -> None:
    settled_owing(town, due_on="2020-12-31")
    town.when(DEMAND, demand())
    assert limitation_until(obligation(town).field, town.books.today) == "2023-12-31"


def test_obl_limitation_a_demand_of_earlier_years_keeps_it_running(town: Town) -> None:
    settled_owing(town, due_on="2020-12-31")
    late = demand(late_reason="补登催收")
    town.when(DEMAND, late, nature="fact", occurred_on="2023-06-01")
    assert limitation_until(obligation(town).field, town.books.today) == "2026-06-01"


def test_obl_limitation_ends_after_twenty_years(town: Town) -> None:
    settled_owing(town, due_on="2006-12-01")
    days = ("2008-11-01", "2010-10-01", "2012-09-01", "2014-08-01", "2016-07-01", "2019-06-01", "2021-07-01")
    for day in (*days, "2024-06-01"):
        town.when(DEMAND, demand(late_reason="补登催收"), nature="fact", occurred_on=day)
    found = obligation(town)
    assert limitation_until(found.field, "2024-05-31") == "2024-07-01"
    assert limitation_until(found.field, "2024-06-01") == "2026-12-01"


def test_obl_15_a_demand_that_was_not_served_restarts_nothing(town: Town) -> None:
    settled_owing(town)
    with town.refused(DemandNotServed):
        town.when(DEMAND, demand(receipt=""))
    assert noted(town, DEMAND, demand(receipt="")) == ["OBL-15"]
    assert limitation_until(obligation(town).field, town.books.today) == "2027-12-31"
