"""Rows in the order of their first entry, without looking at those before them or at those that are not wanted.

The tallies know where there are any: in which territory, with which value of every column by which the noun is
tallied. What agrees in these is a line of rows, which lie in an index one after another, in order; lines are merged.
So a page costs what it shows, and a step for every line, of which there are about as many as areas, however long the
log is. Only what no tally knows, a part of a name, is looked for among all rows of the territories, in an index.
"""

from collections.abc import Iterator, Mapping, Sequence
from heapq import heapify, heappop, heappush
from typing import Any

from sqlalchemy import ColumnElement, Connection, select

from projections.noun import Noun
from projections.wanted import Choice

Row = Mapping[Any, Any]


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
    column = noun.table.c.position
    names, lines = _lines(connection, noun, wanted, after)
    conditions = tuple(wanted.of(noun.table)) if wanted.further else ()
    if wanted.until is not None:
        conditions += (column <= wanted.until,)
    # Where each line goes on: a position that is wanted, or one from which on has still to be looked.
    waiting = [(position, False, number) for number, (position, *_) in enumerate(lines)]
    heapify(waiting)
    held: dict[int, list[int]] = {}
    while waiting:
        position, is_wanted, number = heappop(waiting)
        if is_wanted:
            yield position
        else:
            of_line = _same(noun, names, lines[number][1:])
            query = select(column).where(*of_line, column >= position, *conditions, *wanted.further)
            found = list(connection.execute(query.order_by(column).limit(block)).scalars())
            if len(found) == block:
                heappush(waiting, (found[-1] + 1, False, number))
            held[number] = found[::-1]
        if held[number]:
            heappush(waiting, (held[number].pop(), True, number))


def _same(noun: Noun, names: Sequence[str], values: Sequence[Any]) -> list[ColumnElement[bool]]:
    return [noun.table.c[name] == value for name, value in zip(names, values, strict=True)]


def _lines(
    connection: Connection, noun: Noun, wanted: Choice, after: int
) -> tuple[Sequence[str], Sequence[Sequence[Any]]]:
    """The columns that make up a line; of each line where it goes on after a position, and their values."""
    if noun.tally is None or wanted.further or (wanted.territories is None and not wanted.keys):
        return (), [(after + 1,)]  # all rows are one line
    rows, names = noun.table.c, ("territory", *(noun.tally.by if wanted.keys else ()))
    tally = noun.tally.table
    found = select(*(tally.c[name] for name in names)).where(*wanted.of(tally)).distinct().subquery()
    following = (
        select(rows.position)
        .where(*(rows[name] == found.c[name] for name in names), rows.position > after)
        .order_by(rows.position)
        .limit(1)
        .scalar_subquery()
    )
    lines = connection.execute(select(following, *found.c)).all()
    return names, [line for line in lines if line[0] is not None]
