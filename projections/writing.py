"""One statement for many rows, given to the driver as they are.

Columns hold text, integers and booleans, which each driver takes, so that nothing is left to be done for every value
of thousands of rows. The text of a statement is made once.
"""

from collections.abc import Callable, Mapping, Sequence
from functools import cache
from importlib import import_module
from operator import itemgetter
from typing import Any, Literal

from sqlalchemy import BindParameter, Connection, Table, bindparam, literal_column
from sqlalchemy.engine import make_url

# `insert` new rows; `update` those with an `id`, `delete` the lines of an owner, both named by `of`; `raise` sums by
# what the rows say, lines that are not there from nothing; `clear` away lines in which nothing lies any more.
Verb = Literal["insert", "update", "delete", "raise", "clear"]


def write(connection: Connection, verb: Verb, table: Table, rows: Sequence[Mapping[str, Any]]) -> None:
    if not rows:
        return
    dialect = connection.dialect
    schemas = connection.get_execution_options().get("schema_translate_map") or {}
    text, picked = _statement(verb, table, f"{dialect.name}+{dialect.driver}", schemas.get(None))
    connection.exec_driver_sql(text, [picked(row) for row in rows])


@cache
def _statement(
    verb: Verb, table: Table, dialect: str, schema: str | None
) -> tuple[str, Callable[[Mapping[str, Any]], tuple[Any, ...]]]:
    """The text of a statement, and what picks its parameters from a row."""
    made, names = _made(verb, table, dialect)
    spoken: Any = make_url(f"{dialect}://").get_dialect()
    compiled = made.compile(
        dialect=spoken(paramstyle="qmark" if dialect.startswith("sqlite") else "format"),
        column_keys=names or None,
        schema_translate_map={None: schema} if schema else None,
        render_schema_translate=schema is not None,
    )
    order = compiled.positiontup
    return str(compiled), itemgetter(*order) if len(order) > 1 else lambda row: (row[order[0]],)


def _made(verb: Verb, table: Table, dialect: str) -> tuple[Any, list[str]]:
    """The statement, and the columns that it sets."""
    of: BindParameter[str] = bindparam("of")
    names = [column.name for column in table.c]
    keys = [column.name for column in table.primary_key]
    if verb == "insert":
        return table.insert(), names
    if verb == "update":
        return table.update().where(table.c.id == of), [name for name in names if name != "id"]
    if verb == "delete":
        return table.delete().where(table.c[0] == of), []
    if verb == "clear":
        same = [table.c[name] == bindparam(name) for name in keys]
        return table.delete().where(*same, table.c["lying"] == literal_column("0")), []
    # Each dialect brings much of its own, and one is spoken.
    insert: Any = import_module(f"sqlalchemy.dialects.{dialect.partition('+')[0]}").insert(table)
    raised = {name: table.c[name] + insert.excluded[name] for name in names if name not in keys}
    return insert.on_conflict_do_update(index_elements=keys, set_=raised), names
