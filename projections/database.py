"""The read database: a SQLite file of its own, or the schema `bangfu_read` of a PostgreSQL database.

Its durability is relaxed: what a crash loses is made again, since rows and position are lost together.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from sqlalchemy import Connection, Engine, event, insert, inspect, select, text, update
from sqlalchemy.exc import IntegrityError, OperationalError

from projections import tables

SCHEMA = "bangfu_read"


def prepare(engine: Engine) -> Engine:
    """The engine to use from now on, with every table there. May be called again, and by several processes.

    When the tables are of another shape, or were filled by another program than this, they are dropped and followed from zero.
    """
    if engine.dialect.name == "sqlite":
        if not event.contains(engine, "connect", _relaxed):
            event.listen(engine, "connect", _relaxed)
            engine.dispose()  # connections made before are not relaxed
    else:
        with engine.begin() as connection:
            connection.execute(text(f"CREATE SCHEMA IF NOT EXISTS {SCHEMA}"))
        engine = engine.execution_options(schema_translate_map={None: SCHEMA})
    with engine.begin() as connection:
        if _shape(connection) not in (None, tables.shape()):
            tables.metadata.drop_all(connection)
        tables.metadata.create_all(connection)
    _begin(engine)
    return engine


def _relaxed(connection: Any, _record: object) -> None:
    connection.execute("PRAGMA page_size=8192")  # of a new file; of a smaller page long rows leave half empty
    connection.execute("PRAGMA journal_mode=WAL")
    connection.execute("PRAGMA synchronous=NORMAL")
    connection.execute("PRAGMA busy_timeout=10000")


def _shape(connection: Connection) -> str | None:
    schema = None if connection.dialect.name == "sqlite" else SCHEMA
    if not inspect(connection).has_table(tables.position.name, schema=schema):
        return None
    found = connection.execute(select(text("shape")).select_from(tables.position)).scalar()
    return None if found is None else str(found)


def _begin(engine: Engine) -> None:
    """The two rows that are always there."""
    for table, row in (
        (tables.position, {"id": 1, "next": 0, "leaf": "", "passed_over": 0, "shape": tables.shape()}),
        (tables.lease, {"id": 1, "holder": "", "until": ""}),
    ):
        with engine.connect() as connection:
            if connection.execute(select(table.c.id)).first() is not None:
                continue
        try:
            with engine.begin() as connection:
                connection.execute(insert(table), row)
        except IntegrityError:
            """Another process was faster."""


@contextmanager
def snapshot(engine: Engine) -> Iterator[Connection]:
    """A connection whose every answer is of the same moment."""
    if engine.dialect.name == "sqlite":
        with engine.connect() as connection:
            connection.exec_driver_sql("BEGIN")  # the driver itself begins at the first write only
            yield connection
    else:
        with engine.connect().execution_options(isolation_level="REPEATABLE READ") as connection:
            yield connection


def next_position(connection: Connection) -> int:
    """The next position to follow: every entry before it is in the rows."""
    return int(connection.execute(select(tables.position.c.next)).scalar_one())


def empty(connection: Connection) -> None:
    """Remove every derived row and begin at zero, in the transaction of the caller."""
    for table in tables.DERIVED:
        connection.execute(table.delete())
    connection.execute(update(tables.position).values(next=0, leaf="", passed_over=0))


Unreachable = OperationalError  # what a database that is away or locked raises: worth trying again
