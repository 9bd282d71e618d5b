"""The read database: a SQLite file of its own, or the schema `bangfu_read` of a PostgreSQL database.

Its durability is relaxed: what a crash loses is made again, since rows and position are lost together.
"""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from sqlalchemy import Connection, Engine, event, func, insert, inspect, select, text, update
from sqlalchemy.exc import DataError, DBAPIError, IntegrityError, NotSupportedError, OperationalError
from sqlalchemy.schema import DropIndex

from projections import tables

SCHEMA = "bangfu_read"
_MAKING = 0x62616E67  # key of the lock under which tables are made


def prepare(engine: Engine) -> Engine:
    """The engine to use from now on, with every table there. May be called again, and by several processes.

    When a table or column is missing, or they were filled by another program than this, they are dropped and followed from zero.
    """
    if engine.dialect.name == "sqlite":
        if not event.contains(engine, "connect", _relaxed):
            event.listen(engine, "connect", _relaxed)
            engine.dispose()  # connections made before are not relaxed
    else:
        with engine.begin() as connection:
            connection.execute(text(f"CREATE SCHEMA IF NOT EXISTS {SCHEMA}"))
        engine = engine.execution_options(schema_translate_map={None: SCHEMA})
    with engine.connect() as connection:
        if _are_ours(connection):
            return engine  # who only reads waits for nobody
    with engine.begin() as connection:
        _exclude_others(connection)
        if not _are_ours(connection):
            tables.metadata.drop_all(connection)
            for index in (one for table in tables.metadata.sorted_tables for one in table.indexes):
                connection.execute(DropIndex(index, if_exists=True))  # of a table that was renamed
            tables.metadata.create_all(connection)
            # In the transaction that makes the tables: nobody ever sees them without their two rows.
            connection.execute(
                insert(tables.position).values(id=1, next=0, leaf="", passed_over=0, shape=tables.shape())
            )
            connection.execute(insert(tables.lease).values(id=1, holder="", until=""))
    return engine


def _exclude_others(connection: Connection) -> None:
    """One process makes the tables; one that came at the same time finds them made. For the rest of the transaction."""
    if connection.dialect.name == "sqlite":
        connection.exec_driver_sql("BEGIN IMMEDIATE")  # the driver itself begins none for tables
    else:
        connection.execute(select(func.pg_advisory_xact_lock(_MAKING)))


def _relaxed(connection: Any, _record: object) -> None:
    connection.execute("PRAGMA page_size=8192")  # of a new file; of a smaller page long rows leave half empty
    connection.execute("PRAGMA journal_mode=WAL")
    connection.execute("PRAGMA synchronous=NORMAL")
    connection.execute("PRAGMA busy_timeout=10000")


def are_ours(engine: Engine) -> bool:
    """Whether the tables are still as this program makes them: another version may have made them its own since, or a hand
    have changed them."""
    with engine.connect() as connection:
        return _are_ours(connection)


def _are_ours(connection: Connection) -> bool:
    schema = None if connection.dialect.name == "sqlite" else SCHEMA
    there = {
        name: {one["name"] for one in columns}
        for (_, name), columns in inspect(connection).get_multi_columns(schema=schema).items()
    }
    if any(there.get(table.name) != set(table.c.keys()) for table in tables.metadata.sorted_tables):
        return False
    return bool(connection.execute(select(tables.position.c.shape)).scalar() == tables.shape())


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


def is_held(error: OperationalError) -> bool:
    """Whether it is only that another process has written for longer than this one waits (SQLite)."""
    return getattr(error.orig, "sqlite_errorcode", 0) & 0xFF in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED)


_UNDEFINED = frozenset({"42P01", "42703"})  # a table, a column (PostgreSQL, appendix A)


def is_fault_of_ours(error: DBAPIError) -> bool:
    """Whether this program asked for what cannot be; else the database is away, damaged, closed to us, or not as we made it."""
    return isinstance(error, DataError | IntegrityError | NotSupportedError)


def is_of_shape(error: DBAPIError) -> bool:
    """Whether it is the tables that do not fit the question: one is missing, or a column."""
    if getattr(error.orig, "sqlite_errorcode", 0) == sqlite3.SQLITE_ERROR:
        return str(error.orig).startswith(("no such table", "no such column"))
    return getattr(error.orig, "sqlstate", "") in _UNDEFINED
