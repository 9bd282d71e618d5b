"""Rows in the order of their first entry, without looking at those before them or at those that are not wanted.

The tallies know which lines of rows there are: a territory, with a value of every column by which the noun is tallied.
The rows of a line lie in the index one after another, in order; lines are merged. So a page costs what it shows, and
a step for every line: as many as there are areas, however long the log is.
"""

from collections.abc import Iterator, Mapping, Sequence
from heapq import heapify, heappop, heappush
from typing import Any

from sqlalchemy import ColumnElement, Connection, select

from projections.noun import Noun
from projections.wanted import Choice

Row = Mapping[Any, Any]
# A line of rows: conditions that say which, and the positions in it that are looked up and not taken yet.
_Line = tuple[tuple[ColumnElement[bool], ...], list[int]]


def walk(connection: Connection, noun: Noun, wanted: Choice, after: int, block: int) -> Iterator[Row]:
    """The rows that are wanted, from the first after a position on; `block` of them are looked up at a time."""
    taken: list[int] = []
    for position in _positions(connection, noun, wanted, after, block):
        taken.append(position)
        if len(taken) == block:
            yield from _rows(connection, noun, taken)
            taken = []
    yield from _rows(connection, noun, taken)


def _rows(connection: Connection, noun: Noun, positions: Sequence[int]) -> Sequence[Row]:
    if not positions:
        return ()
    column = noun.table.c.position
    query = select(noun.table).where(column.in_(positions)).order_by(column)
    return connection.execute(query).mappings().all()


def _positions(connection: Connection, noun: Noun, wanted: Choice, after: int, block: int) -> Iterator[int]:
    lines = _lines(connection, noun, wanted, after)
    # Where each line goes on: a position that is wanted, or one from which on has still to be looked.
    waiting = [(position, False, number) for number, (position, _) in enumerate(lines)]
    held: list[_Line] = [(conditions, []) for _, conditions in lines]
    heapify(waiting)
    while waiting:
        position, is_wanted, number = heappop(waiting)
        conditions, found = held[number]
        if is_wanted:
            yield position
        else:
            column = noun.table.c.position
            query = select(column).where(*conditions, column >= position, *wanted.further)
            found += connection.execute(query.order_by(column).limit(block)).scalars().all()
            if len(found) == block:
                heappush(waiting, (found[-1] + 1, False, number))
            found.reverse()
        if found:
            heappush(waiting, (found.pop(), True, number))


def _lines(
    connection: Connection, noun: Noun, wanted: Choice, after: int
) -> list[tuple[int, tuple[ColumnElement[bool], ...]]]:
    """Where each line of rows goes on after a position, and the conditions that say which line it is."""
    rows = noun.table.c
    if wanted.is_any or noun.tally is None:
        return [(after + 1, tuple(rows[name] == value for name, value in wanted.keys.items()))]
    tally, names = noun.tally.table, ("territory", *noun.tally.by)
    following = (
        select(rows.position)
        .where(*(rows[name] == tally.c[name] for name in names), rows.position > after)
        .order_by(rows.position)
        .limit(1)
        .scalar_subquery()
    )
    query = select(following, *(tally.c[name] for name in names)).where(*wanted.of(tally))
    return [
        (first, tuple(rows[name] == value for name, value in zip(names, values, strict=True)))
        for first, *values in connection.execute(query)
        if first is not None
    ]
