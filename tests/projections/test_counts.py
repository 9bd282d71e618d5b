"""D9, D14: the tallies are what the rows come to, whatever happened on the way; sums of either are the same."""

from typing import Any

import pytest
from sqlalchemy import Connection, Engine, insert, select, update

from projections import tables
from projections.follow import follow
from projections.nouns import NOUNS
from projections.rebuild import rebuild
from projections.register import register, tallied
from projections.rows import Rows
from projections.tally import Tally
from projections.wanted import Wanted
from tests.domain import corpus
from tests.projections.log import ELSEWHERE, QINGXI, VILLAGE, Log, an_id, line
from tests.projections.told import Told

PROJECT = NOUNS["project"]
Counted = dict[tuple[Any, ...], tuple[int, ...]]


def kept(connection: Connection, tally: Tally) -> Counted:
    """Every line of a tally."""
    wide = 1 + len(tally.by)
    found = connection.execute(select(tally.table)).all()
    return {tuple(one[:wide]): tuple(one[wide:]) for one in found}


def counted(connection: Connection, rows: Any, tally: Tally) -> Counted:
    """What it should be: every row looked at."""
    found: dict[tuple[Any, ...], list[int]] = {}
    for row in connection.execute(select(rows)).mappings():
        line = found.setdefault(
            tuple(row[name] for name in ("territory", *tally.by)), [0] * (3 + len(tally.fen))
        )
        line[0] += 1
        if not row.get("duplicate_of"):
            unknown = bool(tally.fen) and row[tally.fen[-1]] is None
            for place, one in enumerate((1, int(unknown), *(row[name] or 0 for name in tally.fen)), start=1):
                line[place] += one
    return {key: tuple(line) for key, line in found.items()}


def agree(engine: Engine) -> int:
    """How many lines of tallies there are, each as it should be."""
    lines = 0
    with engine.connect() as connection:
        for rows, tally in tables.TALLIES.items():
            found = kept(connection, tally)
            assert found == counted(connection, rows, tally), rows.name
            lines += len(found)
    return lines


@pytest.mark.parametrize("step", [1, 3, 1000])
def test_d9_tallies_are_what_the_rows_come_to_after_every_step(each_engine: Engine, step: int) -> None:
    """A history of every noun, followed in steps: what has moved away leaves nothing behind."""
    told = Told(corpus.history())
    if step == 1 and each_engine.dialect.name != "sqlite":
        step = 50
    for stop in range(step, told.size() + step, step):
        follow(told, each_engine, min(stop, told.size()))
        agree(each_engine)
    assert agree(each_engine) >= len(tables.TALLIES)


def test_a_project_that_is_classified_checked_and_moved_leaves_no_line_behind(
    log: Log, each_engine: Engine
) -> None:
    project = log.list("QX-1", fund_lines=[line(5)], total_fen=None)
    follow(log, each_engine)
    assert agree(each_engine) == 1
    log.determine(project, an_id("proposal", "1"), "idle", on="2026-11-01")
    log.check(project)
    follow(log, each_engine)
    assert agree(each_engine) == 1
    with each_engine.connect() as connection:
        ((key, sums),) = kept(connection, tables.TALLIES[tables.project]).items()
    assert (key[1:], sums) == (("idle", False, True), (1, 1, 1, 5, 0))


def test_what_comes_to_nothing_within_one_transaction_is_never_written(log: Log, engine: Engine) -> None:
    project = log.list("QX-1")
    log.supersede(project, "QX-2", on="2025-01-01", areas=[ELSEWHERE])
    log.list("QX-3", areas=[VILLAGE, ELSEWHERE])
    follow(log, engine)
    assert agree(engine) == 2


def test_d14_a_territory_once_met_stays_and_a_rebuild_meets_it_again(log: Log, engine: Engine) -> None:
    """Whether a subject stayed there for one entry or for years: tables do not depend on when they were followed."""
    log.list("QX-1", areas=[VILLAGE])
    project = log.list("QX-2", areas=[VILLAGE, QINGXI])
    log.supersede(project, "QX-2", on="2025-01-01", areas=[ELSEWHERE])
    follow(log, engine)
    with engine.connect() as connection:
        found = connection.execute(select(tables.territory_area.c.area)).scalars().all()
    assert sorted(found) == sorted([VILLAGE, VILLAGE, QINGXI, ELSEWHERE])


def test_the_order_in_which_areas_are_named_makes_no_other_territory(log: Log, engine: Engine) -> None:
    log.list("QX-1", areas=[VILLAGE, ELSEWHERE])
    log.list("QX-2", areas=[ELSEWHERE, VILLAGE])
    follow(log, engine)
    assert agree(engine) == 1


@pytest.mark.parametrize(
    "wanted",
    [
        {},
        {"areas": frozenset({QINGXI})},
        {"areas": frozenset({VILLAGE})},
        {"areas": frozenset()},
        {"fields": {"class": "idle"}},
        {"fields": {"external": True}},
        {"areas": frozenset({QINGXI}), "checked": True, "fields": {"class": ""}},
    ],
    ids=str,
)
def test_sums_of_the_tallies_and_of_the_rows_are_the_same(
    log: Log, each_engine: Engine, wanted: dict[str, Any]
) -> None:
    """A part of a name that is in every name leaves everything, and has the rows summed up one by one."""
    for number, areas in enumerate(([VILLAGE], [QINGXI], [ELSEWHERE], [VILLAGE, QINGXI])):
        project = log.list(f"QX-{number}", areas=areas, fund_lines=[line(10**number)], total_fen=7)
        if number % 2:
            log.determine(project, an_id("proposal", str(number)), "idle", on="2026-11-01")
        else:
            log.check(project)
    follow(log, each_engine)
    by_tally = register(each_engine, PROJECT, Wanted(**wanted))
    by_rows = register(each_engine, PROJECT, Wanted(**wanted, known_as="QX-"))
    assert by_tally == by_rows
    assert by_tally.sums.all.checked.count + by_tally.sums.all.unchecked.count + (
        by_tally.sums.external.checked.count + by_tally.sums.external.unchecked.count
    ) == len(by_tally.rows)


def test_d19_what_lies_in_two_areas_of_a_reader_is_counted_once(log: Log, engine: Engine) -> None:
    log.list("QX-1", areas=[VILLAGE, ELSEWHERE], fund_lines=[line(5)])
    follow(log, engine)
    found, following = tallied(engine, [PROJECT], frozenset({VILLAGE, ELSEWHERE}))
    assert [one.column.count for one in found["project"]] == [1]
    assert following == log.size()


def test_a_crash_leaves_neither_rows_nor_tallies(log: Log, engine: Engine) -> None:
    log.list("QX-1")
    follow(log, engine)
    with engine.connect() as connection:
        rows = Rows(connection)
        rows.change(tables.project, an_id("project", "QX-1"), **{"class": "idle"})
        rows.flush()
        connection.rollback()
    assert agree(engine) == 1
    assert [row["class"] for row in register(engine, PROJECT).rows] == [""]


def test_a_tally_that_was_changed_by_hand_is_found_by_a_rebuild(log: Log, engine: Engine) -> None:
    """The nearest neighbour of the test of rows: sums that nobody reads from rows are compared, too."""
    log.list("QX-1")
    follow(log, engine)
    tally = tables.TALLIES[tables.project].table
    with engine.begin() as connection:
        connection.execute(update(tally).values(total_fen=1))
    assert [one.table for one in rebuild(log, engine).differences] == ["project_tally"]
    with engine.begin() as connection:
        connection.execute(insert(tables.territory_area).values(territory="x", area="y"))
    assert [one.table for one in rebuild(log, engine).differences] == ["territory_area"]
    assert rebuild(log, engine).differences == ()
