"""Limitation of action (诉讼时效) by the law of each day: how long a claim could be brought to court, and when it ran out.

Until 2017-09-30 two years, one for rent (民法通则135, 136); since then three (民法总则188, 民法典188), also for what had not run
out on that day (法释〔2018〕12号 2, 3).
"""

from typing import Any

import pytest

from domain import limitation
from domain.limitation import TABLE, Limitation, years_after
from domain.owing import CATEGORIES
from tests.domain.estate import confirmation, demand, obligation, repayment, settled_owing
from tests.domain.story import WAN, Town

GENERAL = "construction"
EVER = "9999-12-31"


def owed(town: Town, due_on: str, category: str = GENERAL, **changed: Any) -> None:
    settled_owing(town, due_on=due_on, category=category, **changed)


def told(town: Town, name: str, payload: Any, *days: str) -> None:
    for day in days:
        payload = payload | {"late_reason": "补登"}
        town.when(f"obligation.{name}.v1", payload, nature="fact", occurred_on=day)


def demanded(town: Town, *days: str) -> None:
    told(town, "demand", demand(), *days)


def until(town: Town, day: str = EVER) -> str:
    return limitation.limitation_until(obligation(town).field, day)


def found(town: Town, day: str = EVER) -> Limitation:
    found = limitation.limitation(obligation(town).field, day)
    assert found is not None
    return found


@pytest.mark.parametrize(
    ("due_on", "last"),
    [
        ("2013-06-30", "2015-06-30"),
        ("2015-09-29", "2017-09-29"),
        ("2015-09-30", "2017-09-30"),  # had run out when the new law came into force: it stays out
        ("2015-10-01", "2018-10-01"),  # had not: three years, from the same day
        ("2017-09-30", "2020-09-30"),
        ("2017-10-01", "2020-10-01"),
        ("2024-12-31", "2027-12-31"),
    ],
)
def test_obl_limitation_is_of_two_years_where_it_had_run_out_before_2017_10_01(
    town: Town, due_on: str, last: str
) -> None:
    owed(town, due_on)
    assert until(town) == last


@pytest.mark.parametrize(
    ("due_on", "last"),
    [
        ("2013-06-30", "2014-06-30"),
        ("2016-09-30", "2017-09-30"),
        ("2016-10-01", "2019-10-01"),
        ("2017-10-01", "2020-10-01"),
    ],
)
def test_obl_limitation_of_rent_was_one_year(town: Town, due_on: str, last: str) -> None:
    owed(town, due_on, "rent")
    assert until(town) == last


@pytest.mark.parametrize("category", sorted(CATEGORIES.keys() - {"rent"}))
def test_obl_limitation_of_all_else_was_two_years(town: Town, category: str) -> None:
    owed(town, "2014-06-30", category)
    assert until(town) == "2016-06-30"


@pytest.mark.parametrize(
    ("due_on", "days", "last"),
    [
        ("2013-06-01", ["2015-06-01"], "2017-06-01"),  # in time; ran out again before the change
        ("2013-06-01", ["2015-06-02"], "2015-06-01"),  # a day late
        ("2013-06-01", ["2015-05-01", "2017-05-01"], "2020-05-01"),
        ("2013-06-01", ["2015-05-01", "2017-05-02"], "2017-05-01"),
        ("2014-06-01", ["2015-09-30"], "2017-09-30"),
        ("2014-06-01", ["2015-10-01"], "2018-10-01"),
        ("2015-09-30", ["2017-09-30"], "2020-09-30"),
        ("2015-09-30", ["2017-10-01"], "2017-09-30"),  # had run out the day before
        ("2015-10-01", ["2018-10-01"], "2021-10-01"),  # only the new law kept it running until then
        ("2015-10-01", ["2018-10-02"], "2018-10-01"),
        ("2015-10-01", ["2017-12-01", "2020-12-01"], "2023-12-01"),
        ("2014-06-01", ["2014-06-01"], "2016-06-01"),  # a demand on the due day or before it restarts nothing
        ("2014-06-01", ["2014-05-01"], "2016-06-01"),
    ],
)
def test_obl_limitation_a_demand_restarts_what_had_not_run_out_by_the_law_of_its_day(
    town: Town, due_on: str, days: list[str], last: str
) -> None:
    owed(town, due_on)
    demanded(town, *days)
    assert until(town) == last


def test_obl_limitation_a_demand_for_rent_had_to_come_within_the_year(town: Town) -> None:
    owed(town, "2014-06-01", "rent")
    demanded(town, "2015-06-02")
    assert until(town) == "2015-06-01"
    demanded(town, "2015-06-01")  # told later: now the demand of the next day was in time as well
    assert until(town) == "2016-06-02"
    demanded(town, "2016-10-01")
    assert until(town) == "2016-06-02"
    demanded(town, "2016-06-02")
    assert until(town) == "2019-10-01"


def test_obl_limitation_runs_from_the_last_instalment_under_the_former_law_too(town: Town) -> None:
    halves = [
        {"amount_fen": 6 * WAN, "due_on": "2013-12-31"},
        {"amount_fen": 6 * WAN, "due_on": "2015-09-30"},
    ]
    owed(town, "", instalments=halves)
    assert until(town) == "2017-09-30"


def test_obl_limitation_as_it_stood_on_a_day_is_by_the_law_of_that_day(town: Town) -> None:
    """Who asks how it stood in September 2017 is told what an officer of then had to reckon with."""
    owed(town, "2016-05-31")
    assert until(town, "2017-09-30") == "2018-05-31"
    assert until(town, "2017-10-01") == "2019-05-31"


def test_obl_limitation_of_what_is_not_due_yet_is_by_no_law_that_is_still_to_come(town: Town) -> None:
    owed(town, "2018-01-01")
    assert (until(town, "2015-01-01"), found(town, "2015-01-01").years) == ("2020-01-01", 2)
    assert (until(town, "2017-09-30"), found(town, "2017-09-30").years) == ("2020-01-01", 2)
    assert (until(town, "2017-10-01"), found(town, "2017-10-01").years) == ("2021-01-01", 3)


@pytest.mark.parametrize(
    ("category", "due_on", "last"),
    [
        (GENERAL, "2012-02-29", "2014-02-28"),
        (GENERAL, "2016-02-29", "2019-02-28"),
        ("rent", "2016-02-29", "2017-02-28"),
        (GENERAL, "2020-02-29", "2023-02-28"),
    ],
)
def test_obl_limitation_of_a_leap_day_ends_on_the_last_of_february(
    town: Town, category: str, due_on: str, last: str
) -> None:
    owed(town, due_on, category)
    assert until(town) == last


def test_obl_limitation_of_a_leap_day() -> None:
    assert years_after("2024-02-29", 3) == "2027-02-28"
    assert years_after("2024-02-29", 4) == "2028-02-29"


def test_obl_limitation_the_twenty_years_are_those_of_both_laws(town: Town) -> None:
    owed(town, "1997-11-01")
    demanded(town, *(f"{year}-11-01" for year in range(1999, 2016, 2)))
    assert until(town, "2017-09-30") == "2017-11-01"
    demanded(town, "2017-10-31")
    assert (until(town), found(town).years) == ("2017-11-01", 20)


@pytest.mark.parametrize(
    ("due_on", "category", "last", "years"),
    [
        ("1987-01-01", GENERAL, "1989-01-01", 2),
        ("1986-12-31", GENERAL, "1989-01-01", 2),
        ("1980-05-01", GENERAL, "1989-01-01", 2),
        ("1980-05-01", "rent", "1988-01-01", 1),
        ("1960-05-01", GENERAL, "1989-01-01", 2),  # of more than twenty years before
        ("1987-01-02", GENERAL, "1989-01-02", 2),
    ],
)
def test_obl_limitation_of_what_is_older_than_the_law_begins_with_the_law(
    town: Town, due_on: str, category: str, last: str, years: int
) -> None:
    owed(town, due_on, category)
    assert (until(town), found(town).years) == (last, years)


@pytest.mark.parametrize(
    ("due_on", "last", "years"),
    [
        ("1966-05-01", "1989-01-01", 2),
        ("1967-05-01", "1989-01-01", 2),  # twenty years within the first period: it is not cut short
        ("1968-05-01", "1989-01-01", 2),
        ("1968-12-31", "1989-01-01", 2),
        ("1969-01-02", "1989-01-02", 20),
        ("1969-05-01", "1989-05-01", 20),
        ("1985-05-01", "1990-12-01", 2),
    ],
)
def test_obl_limitation_what_is_older_than_the_law_is_restarted_and_ends_as_all_else(
    town: Town, due_on: str, last: str, years: int
) -> None:
    owed(town, due_on)
    demanded(town, "1986-06-01", "1988-12-01")
    assert (until(town), found(town).years) == (last, years)


# --- what comes after it has run out -------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "payload", "acknowledged"),
    [
        ("demand", demand(), False),
        ("confirm", confirmation("creditor"), False),
        ("repay", repayment(means="offset", notice="示例抵销通知"), False),
        ("confirm", confirmation("debtor"), True),
        ("repay", repayment(), True),
    ],
    ids=["demand", "creditor's confirmation", "offset", "debtor's confirmation", "payment"],
)
def test_obl_limitation_that_has_run_out_is_restarted_by_nothing_and_what_the_debtor_did_is_told(
    town: Town, name: str, payload: Any, acknowledged: bool
) -> None:
    """Whether a debtor who confirms or pays afterwards has agreed to perform (民法典192) a court says, not we."""
    owed(town, "2014-06-01")
    told(town, name, payload, "2019-05-01")
    now = found(town)
    assert (now.until, now.acknowledged_on) == ("2016-06-01", "2019-05-01" if acknowledged else "")
    assert ("2019-05-01" in str(now)) is ("民法典192" in str(now)) is acknowledged
    assert found(town, "2019-04-30").acknowledged_on == ""


def test_obl_limitation_what_the_debtor_did_in_time_is_no_word_of_afterwards(town: Town) -> None:
    owed(town, "2014-06-01")
    told(town, "repay", repayment(), "2016-06-01")
    assert (until(town), found(town).acknowledged_on) == ("2019-06-01", "")
    told(town, "repay", repayment(), "2020-01-02", "2019-06-02")
    assert (until(town), found(town).acknowledged_on) == ("2019-06-01", "2020-01-02")


# --- what a court may see otherwise --------------------------------------------------------------------


@pytest.mark.parametrize(
    ("due_on", "as_rent"),
    [
        ("2016-09-30", "2017-09-30"),
        ("2016-10-01", ""),  # three years, as whatever it is
        ("2020-12-31", ""),
    ],
)
def test_obl_limitation_of_land_rent_tells_the_other_day_where_it_may_be_rent(
    town: Town, due_on: str, as_rent: str
) -> None:
    owed(town, due_on, "land_rent")
    now = found(town)
    assert now.as_rent == as_rent
    assert ("如属租金" in str(now)) is bool(as_rent)
    assert found(town).until == years_after(due_on, 3)


def test_obl_limitation_of_other_claims_tells_no_other_day(town: Town) -> None:
    owed(town, "2016-09-30")
    assert found(town).as_rent == ""


def test_obl_limitation_says_its_law_and_leaves_it_to_the_court(town: Town) -> None:
    owed(town, "2015-09-30")
    assert str(found(town)) == "诉讼时效期间可能至 2017-09-30（2年，民法通则135），由人民法院认定"


def test_obl_limitation_names_the_law_that_gave_it_its_length(town: Town) -> None:
    owed(town, "2015-10-01")
    assert (found(town, "2017-09-30").years, found(town, "2017-09-30").source) == (2, "民法通则135")
    assert (found(town).years, found(town).source) == (3, "民法总则188、法释〔2018〕12号")


def test_obl_limitation_the_table_is_in_order_and_each_row_has_its_source() -> None:
    assert [one.since for one in TABLE] == sorted(one.since for one in TABLE)
    assert all(one.years > 0 and one.source and one.tag.startswith("规定") for one in TABLE)
    assert {one.category for one in TABLE} <= {"", *CATEGORIES}
    assert limitation.LONGEST.years == 20


def test_d8_a_period_ends_where_the_calendar_does(town: Town) -> None:
    """A due day that nobody can mean is recorded as it is said; what is reckoned from it is told all the same."""
    owed(town, "9998-06-01")
    assert until(town) == EVER
