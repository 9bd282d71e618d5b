"""The rows that one transaction reads and changes: asked for in bulk, kept here, written in bulk.

A table with an `id` is read and written by it. Lines (`fund_line`, `project_area`) belong to a row, which their
first column names, and are replaced as a whole. A row not prefetched is asked for by itself: prefetching is speed, never meaning.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import cache
from operator import itemgetter
from typing import Any, Literal

from sqlalchemy import BindParameter, Connection, Table, bindparam
from sqlalchemy.engine import make_url

Row = dict[str, Any]
Verb = Literal["insert", "update", "delete"]


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

    def owners(self, table: Table, column: str, value: str) -> list[str]:
        """The owners of lines with a value in a column; what is pending is written first."""
        self.flush()
        owner = table.c[0]
        query = table.select().with_only_columns(owner).where(table.c[column] == value).distinct()
        return list(self._connection.execute(query.order_by(owner)).scalars())

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
            self._many("insert", table, [self._held(table, one) for one in sorted(ids)])
        for table, ids in self._changed.items():
            changed = [{"of": one, **self._held(table, one)} for one in sorted(ids)]
            self._many("update", table, changed)
        for table, owners in self._stale.items():
            self._many("delete", table, [{"of": one} for one in sorted(owners)])
        for table, lines in self._lines.items():
            self._many("insert", table, [line for owner in sorted(lines) for line in lines[owner]])
        for pending in (self._new, self._changed, self._stale, self._lines):
            pending.clear()

    def _held(self, table: Table, identity: str) -> Row:
        row = self._rows[table][identity]
        assert row is not None
        return row

    def _many(self, verb: Verb, table: Table, rows: list[Row]) -> None:
        """One statement for all rows, given to the driver as they are: columns hold text, integers and booleans,
        which each driver takes, so that nothing is left to be done for every value of thousands of rows."""
        if not rows:
            return
        dialect = self._connection.dialect
        schemas = self._connection.get_execution_options().get("schema_translate_map") or {}
        text, picked = _statement(verb, table, f"{dialect.name}+{dialect.driver}", schemas.get(None))
        self._connection.exec_driver_sql(text, [picked(row) for row in rows])


@cache
def _statement(
    verb: Verb, table: Table, dialect: str, schema: str | None
) -> tuple[str, Callable[[Row], tuple[Any, ...]]]:
    """The text of a statement, and what picks its parameters from a row; `of` is the row or the owner meant."""
    of: BindParameter[str] = bindparam("of")
    names = [column.name for column in table.c]
    if verb == "insert":
        made: Any = table.insert()
    elif verb == "update":
        made = table.update().where(table.c.id == of)
        names.remove("id")
    else:
        made, names = table.delete().where(table.c[0] == of), []
    spoken: Any = make_url(f"{dialect}://").get_dialect()
    compiled = made.compile(
        dialect=spoken(paramstyle="qmark" if dialect.startswith("sqlite") else "format"),
        column_keys=names or None,
        schema_translate_map={None: schema} if schema else None,
        render_schema_translate=schema is not None,
    )
    order = compiled.positiontup
    return str(compiled), itemgetter(*order) if len(order) > 1 else lambda row: (row[order[0]],)
