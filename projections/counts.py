"""The tallies beside the rows: what is added, changed and moved in a transaction changes how many lie where (D9).

A tally is what its rows come to, whatever happened to them on the way: it is raised by the difference between what a
row says now and what it said when it was last written, in the transaction that writes the row.
"""

from collections.abc import Callable, Mapping, Sequence
from operator import itemgetter
from typing import Any

from sqlalchemy import Connection, Table

from projections.tables import TALLIES
from projections.tally import Tally
from projections.writing import write

Row = Mapping[str, Any]

Part = tuple[tuple[Any, ...], Sequence[int]]  # which line of the tally a row belongs to, and what it adds


class Counts:
    def __init__(self) -> None:
        self._stood: dict[Table, dict[str, Part | None]] = {}  # as last written; None: not there

    def begins(self, table: Table, identity: str) -> None:
        """Before a row is added."""
        if table in TALLIES:
            self._stood.setdefault(table, {}).setdefault(identity, None)

    def moves(self, table: Table, row: Row) -> None:
        """Before a row is changed."""
        if table in TALLIES:
            stood = self._stood.setdefault(table, {})
            if row["id"] not in stood:
                stood[row["id"]] = _PARTS[table](row)

    def write(self, connection: Connection, rows: Mapping[Table, Mapping[str, Row | None]]) -> None:
        for table, stood in self._stood.items():
            tally, part = TALLIES[table], _PARTS[table]
            raised: dict[tuple[Any, ...], list[int]] = {}
            for identity, before in stood.items():
                row = rows[table][identity]
                assert row is not None
                after = part(row)
                if after == before:
                    continue
                _add(raised, after, 1)
                if before is not None:
                    _add(raised, before, -1)
            names = [column.name for column in tally.table.c]
            lines = [dict(zip(names, (*key, *sums), strict=True)) for key, sums in sorted(raised.items())]
            write(connection, "raise", tally.table, lines)
            write(connection, "clear", tally.table, [line for line in lines if line["lying"] < 0])
        self._stood.clear()


def _add(raised: dict[tuple[Any, ...], list[int]], part: Part, sign: int) -> None:
    key, figures = part
    sums = raised.get(key)
    if sums is None:
        raised[key] = [sign * one for one in figures]
    else:
        for index, one in enumerate(figures):
            sums[index] += sign * one


def _part_of(tally: Tally) -> Callable[[Row], Part]:
    keys: Callable[[Row], Any] = itemgetter("territory", *tally.by)
    uncounted = (1, 0, 0, *(0 for _ in tally.fen))

    def part(row: Row) -> Part:
        if row.get("duplicate_of"):  # CORR-8
            return keys(row), uncounted
        sums = [row[name] or 0 for name in tally.fen]
        unknown = bool(tally.fen) and row[tally.fen[-1]] is None
        return keys(row), (1, 1, int(unknown), *sums)

    return part


_PARTS = {table: _part_of(tally) for table, tally in TALLIES.items()}
