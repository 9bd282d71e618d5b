"""The rows that one transaction reads and changes: asked for in bulk, kept here, written in bulk.

A table with an `id` is read and written by it. Lines (`fund_line`, `project_area`) belong to a row and are
replaced as a whole. A row not prefetched is asked for by itself: prefetching is speed, never meaning.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from sqlalchemy import Connection, Table, bindparam

Row = dict[str, Any]


class Rows:
    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._rows: dict[Table, dict[str, Row | None]] = {}
        self._new: dict[Table, set[str]] = {}
        self._changed: dict[Table, set[str]] = {}
        self._lines: dict[Table, dict[str, list[Row]]] = {}
        self._stale: dict[Table, set[str]] = {}  # owners whose stored lines go

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

    def add(self, table: Table, row: Row) -> None:
        """A new row."""
        self._rows.setdefault(table, {})[row["id"]] = row
        self._new.setdefault(table, set()).add(row["id"])

    def change(self, table: Table, identity: str, **values: Any) -> None:
        """Other values in a row that is there."""
        row = self.get(table, identity)
        assert row is not None, f"{table.name} {identity} is changed before it is there"
        row.update(values)
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
            self._many(table.insert(), [self._held(table, one) for one in sorted(ids)])
        for table, ids in self._changed.items():
            statement = table.update().where(table.c.id == bindparam("of"))
            self._many(statement, [{"of": one, **_without_id(self._held(table, one))} for one in sorted(ids)])
        for table, owners in self._stale.items():
            self._many(
                table.delete().where(table.c.project == bindparam("of")),
                [{"of": one} for one in sorted(owners)],
            )
        for table, lines in self._lines.items():
            self._many(table.insert(), [line for owner in sorted(lines) for line in lines[owner]])
        for pending in (self._new, self._changed, self._stale, self._lines):
            pending.clear()

    def _held(self, table: Table, identity: str) -> Row:
        row = self._rows[table][identity]
        assert row is not None
        return row

    def _many(self, statement: Any, rows: Sequence[Row]) -> None:
        if rows:
            self._connection.execute(statement, rows)


def _without_id(row: Row) -> Row:
    return {name: value for name, value in row.items() if name != "id"}
