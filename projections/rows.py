"""The rows that one transaction reads and changes: asked for in bulk, kept here, written in bulk.

A table with an `id` is read and written by it. Lines (`asset_project`, `awaiting`) belong to a row, which their first
column names, and are replaced as a whole. A row not prefetched is asked for by itself: prefetching is speed, never meaning.
The territory of a row follows from its areas, and the tallies from the rows: no handler sees to them.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from sqlalchemy import Connection, Table, select

from projections.counts import Counts
from projections.tables import TALLIES, territory_area
from projections.territory import lines_of, territory_of
from projections.writing import write

Row = dict[str, Any]


class Rows:
    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._rows: dict[Table, dict[str, Row | None]] = {}
        self._new: dict[Table, set[str]] = {}
        self._changed: dict[Table, set[str]] = {}
        self._lines: dict[Table, dict[str, list[Row]]] = {}
        self._stale: dict[Table, set[str]] = {}  # owners whose stored lines go
        self._counts = Counts()
        self._territories: dict[str, str] = {}  # those met in this transaction -> their areas
        self._known: set[str] = set()

    def fetch(self, table: Table, ids: Iterable[str]) -> None:
        """Ask for many rows at once."""
        held = self._rows.setdefault(table, {})
        wanted = sorted(one for one in set(ids) if one not in held)
        if not wanted:
            return
        held.update(dict.fromkeys(wanted))
        for start in range(0, len(wanted), 500):
            query = table.select().where(table.c.id.in_(wanted[start : start + 500]))
            for found in self._connection.execute(query).mappings():
                held[found["id"]] = dict(found)

    def get(self, table: Table, identity: str) -> Row | None:
        """A row to be read, or changed through `change`; None when there is none."""
        held = self._rows.setdefault(table, {})
        if identity not in held:
            self.fetch(table, (identity,))
        return held[identity]

    def having(self, table: Table, column: str, value: str) -> list[Row]:
        """Every row with a value in a column; what is pending is written first."""
        self.flush()
        query = table.select().where(table.c[column] == value).order_by(table.c.id)
        held = self._rows.setdefault(table, {})
        found = [dict(one) for one in self._connection.execute(query).mappings()]
        for row in found:
            held[row["id"]] = row
        return found

    def owners(self, table: Table, column: str, value: str) -> list[str]:
        """The owners of lines with a value in a column; what is pending is written first."""
        self.flush()
        owner = table.c[0]
        query = table.select().with_only_columns(owner).where(table.c[column] == value).distinct()
        return list(self._connection.execute(query.order_by(owner)).scalars())

    def add(self, table: Table, row: Row) -> None:
        """A new row."""
        self._counts.begins(table, row["id"])
        self._settle(table, row)
        self._rows.setdefault(table, {})[row["id"]] = row
        self._new.setdefault(table, set()).add(row["id"])

    def change(self, table: Table, identity: str, **values: Any) -> None:
        """Other values in a row that is there."""
        row = self.get(table, identity)
        assert row is not None, f"{table.name} {identity} is changed before it is there"
        self._counts.moves(table, row)
        row.update(values)
        if "areas" in values:
            self._settle(table, row)
        if identity not in self._new.get(table, ()):
            self._changed.setdefault(table, set()).add(identity)

    def replace(self, table: Table, owner: str, lines: Sequence[Mapping[str, Any]], *, new: bool) -> None:
        """All lines of an owner; `new` when the owner has none stored."""
        self._lines.setdefault(table, {})[owner] = [dict(line) for line in lines]
        if not new:
            self._stale.setdefault(table, set()).add(owner)

    def flush(self) -> None:
        """Write everything pending; the rows stay at hand."""
        for table, ids in self._new.items():
            write(self._connection, "insert", table, [self._held(table, one) for one in sorted(ids)])
        for table, ids in self._changed.items():
            changed = [{"of": one, **self._held(table, one)} for one in sorted(ids)]
            write(self._connection, "update", table, changed)
        for table, owners in self._stale.items():
            write(self._connection, "delete", table, [{"of": one} for one in sorted(owners)])
        for table, lines in self._lines.items():
            new = [line for owner in sorted(lines) for line in lines[owner]]
            write(self._connection, "insert", table, new)
        self._counts.write(self._connection, self._rows)
        self._write_territories()
        for pending in (self._new, self._changed, self._stale, self._lines):
            pending.clear()

    def _held(self, table: Table, identity: str) -> Row:
        row = self._rows[table][identity]
        assert row is not None
        return row

    def _settle(self, table: Table, row: Row) -> None:
        if table in TALLIES:
            row["territory"] = territory = territory_of(row["areas"])
            self._territories[territory] = row["areas"]

    def _write_territories(self) -> None:
        """A territory once met stays, whether something lies there or not: a rebuild meets the same ones."""
        new = sorted(self._territories.keys() - self._known)
        if not new:
            return
        query = select(territory_area.c.territory).where(territory_area.c.territory.in_(new))
        there = set(self._connection.execute(query).scalars())
        lines = [line for one in new if one not in there for line in lines_of(self._territories[one])]
        write(self._connection, "insert", territory_area, lines)
        self._known.update(new)
