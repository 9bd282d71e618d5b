"""A log in PostgreSQL: two round trips a commit, one that locks and reads the head, one that writes and commits."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import chain
from typing import Any

import psycopg
from sqlalchemy import create_engine
from sqlalchemy.engine import make_url
from sqlalchemy.exc import DBAPIError

from audit.checkpoint import Seal
from audit.driver import Head, Look, Named, Posting, Row, StoreFailure
from audit.drivers.schema import METADATA
from audit.drivers.sql import HEAD, SqlDriver, head_of, said

# One message. Each of its statements has a snapshot of its own (READ COMMITTED), and the last one after the lock is held: what
# it reads cannot move.
_BEGIN = f"BEGIN ISOLATION LEVEL READ COMMITTED; SELECT id FROM writer WHERE id = 1 FOR UPDATE; {HEAD}"  # noqa: S608
# One statement looks and one writes: each costs more in the client than in the server. What is few is asked for, and written,
# value by value: an array costs both sides more than such a statement does as a whole.
_FEW = 8
_HEAD = f"SELECT 'head' AS what, '' AS name, size, root, blob, indexed FROM ({HEAD}) AS head"  # noqa: S608
_COMMAND = " UNION ALL SELECT 'command', '', position, command, NULL, 0 FROM entries WHERE command = %s"
_COMMANDS = " UNION ALL SELECT 'command', '', position, command, NULL, 0 FROM entries WHERE command = ANY(%s)"
_SUBJECT = (
    " UNION ALL (SELECT 'subject', s.subject, s.count, (SELECT leaf FROM entries WHERE position = s.position), NULL, "
    "coalesce((SELECT version FROM entries WHERE stream = s.subject ORDER BY version DESC LIMIT 1), 0) "
    "FROM subjects s WHERE s.subject = %s ORDER BY s.count DESC LIMIT 1)"
)
_SUBJECTS = (
    " UNION ALL SELECT 'subject', a.subject, s.count, e.leaf, NULL, coalesce(v.version, 0) "
    "FROM unnest(%s::text[]) AS a(subject) "
    "CROSS JOIN LATERAL (SELECT count, position FROM subjects WHERE subject = a.subject ORDER BY count DESC LIMIT 1) s "
    "JOIN entries e ON e.position = s.position "
    "LEFT JOIN LATERAL (SELECT version FROM entries WHERE stream = a.subject ORDER BY version DESC LIMIT 1) v ON true"
)
_WRITTEN = (
    "WITH written AS (INSERT INTO entries (position, stream, version, command, leaf, entry) VALUES {}) "
)
_ROW = "(%s, %s, %s, %s, %s, %s)"
_SEALED = "INSERT INTO seals (size, root, blob, indexed) VALUES (%s, %s, %s, %s)"
# What is many is copied: a tenth of what arrays cost.
_COPY_ENTRIES = "COPY entries (position, stream, version, command, leaf, entry) FROM STDIN (FORMAT BINARY)"
_ENTRY_TYPES = ("int8", "text", "int8", "bytea", "bytea", "bytea")
_COPY_POSTINGS = "COPY subjects (subject, count, position, earlier) FROM STDIN (FORMAT BINARY)"
_POSTING_TYPES = ("text", "int8", "int8", "bytea")


def _copy(connection: Any, sql: str, types: Sequence[str], rows: Sequence[tuple[Any, ...]]) -> None:
    with connection.cursor() as cursor, cursor.copy(sql) as copy:
        copy.set_types(types)
        for row in rows:
            copy.write_row(row)


def _looked(found: Sequence[tuple[str, str, int, bytes, bytes | None, int]]) -> Look:
    """The answer of `look`, sorted into its parts."""
    head = head_of(None)
    known: dict[bytes, int] = {}
    named: dict[str, Named] = {}
    for what, name, number, digest, blob, other in found:
        if what == "subject":
            named[name] = Named(number, digest.hex(), other)
        elif what == "command":
            known[digest] = number
        else:
            head = head_of((number, digest, blob, other))
    return Look(head, known, named)


# What could answer in the place of a table, or change what is written to it. (For indexes against their tables, amcheck.)
_ADDED = (
    ("触发器", "SELECT tgname FROM pg_trigger WHERE NOT tgisinternal AND tgrelid::regclass::text = ANY(?)"),
    ("规则", "SELECT rulename FROM pg_rules WHERE tablename = ANY(?)"),
    ("行级策略", "SELECT policyname FROM pg_policies WHERE tablename = ANY(?)"),
    ("继承", "SELECT inhrelid::regclass::text FROM pg_inherits WHERE inhparent::regclass::text = ANY(?)"),
    (
        "视图或同名的别种对象",
        "SELECT relname FROM pg_class WHERE oid = to_regclass(relname) AND relname = ANY(?) AND relkind <> 'r'",
    ),
)
_COLUMNS = (
    "SELECT table_name::text, column_name::text, data_type::text || coalesce(' ' || collation_name::text, '') "
    "FROM information_schema.columns WHERE table_schema = current_schema() AND table_name = ANY(?)"
)
_COLUMNS_EXPECTED = {
    *(("entries", name, "bigint") for name in ("position", "version")),
    ("entries", "stream", "text C"),
    *(("entries", name, "bytea") for name in ("command", "leaf", "entry")),
    ("subjects", "subject", "text C"),
    *(("subjects", name, "bigint") for name in ("count", "position")),
    ("subjects", "earlier", "bytea"),
    *(("seals", name, "bigint") for name in ("size", "indexed")),
    *(("seals", name, "bytea") for name in ("root", "blob")),
    ("archives", "sha256", "text C"),
    ("archives", "body", "bytea"),
    ("writer", "id", "integer"),
}
_UNIQUE = (
    "SELECT i.indrelid::regclass::text, (SELECT string_agg(a.attname, ',' ORDER BY k.n) "
    "FROM unnest(i.indkey::int2[]) WITH ORDINALITY AS k(attnum, n) "
    "JOIN pg_attribute a ON a.attrelid = i.indrelid AND a.attnum = k.attnum) FROM pg_index i "
    "WHERE i.indisunique AND i.indisvalid AND i.indpred IS NULL AND i.indexprs IS NULL "
    "AND i.indrelid::regclass::text = ANY(?)"
)
_UNIQUE_EXPECTED = {
    ("entries", "position"),
    ("entries", "stream,version"),
    ("entries", "command"),
    ("subjects", "subject,count"),
    ("seals", "size"),
    ("archives", "sha256"),
    ("writer", "id"),
}


class PostgresqlDriver(SqlDriver):
    mark = "%s"

    def __init__(self, url: str) -> None:
        given = make_url(url)
        engine = create_engine(given.set(drivername="postgresql+psycopg"), pool_size=0, max_overflow=-1)
        super().__init__(engine, psycopg.Error)
        connection = self._connect()
        try:
            with connection.driver_connection.cursor() as cursor:
                cursor.execute("INSERT INTO writer (id) VALUES (1) ON CONFLICT DO NOTHING")
            connection.driver_connection.commit()
        finally:
            connection.close()

    def _create_tables(self) -> None:
        try:
            METADATA.create_all(self._engine)
        except DBAPIError:
            # Another process was making them, in one transaction: by now they are there, or this says what is wrong.
            METADATA.create_all(self._engine)

    def _prepare_reader(self, connection: Any) -> None:
        connection.autocommit = True
        connection.prepare_threshold = 2

    def begin(self) -> Head:
        if self._writer is None:
            self._writer = self._connect()
            connection = self._writer.driver_connection
            connection.autocommit = True  # BEGIN and COMMIT are ours
            connection.prepare_threshold = 2
        connection = self._writer.driver_connection
        try:
            answer = connection.execute(_BEGIN, prepare=False)
            answer.nextset()
            if answer.fetchone() is None:
                self.abandon()
                raise StoreFailure("表 writer 缺少其唯一的一行，不能加锁")
            answer.nextset()
            return head_of(answer.fetchone())
        except psycopg.Error as error:
            self.abandon()
            raise StoreFailure(f"不能开始写入：{said(error)}") from error

    def write(self, rows: Sequence[Row], seal: Seal, indexed: int, postings: Sequence[Posting] = ()) -> None:
        connection = self._writer.driver_connection
        sql, values = _SEALED, [seal.size, seal.root, seal.blob, indexed]
        try:
            if len(rows) > _FEW:
                _copy(connection, _COPY_ENTRIES, _ENTRY_TYPES, rows)
            else:
                sql = _WRITTEN.format(", ".join([_ROW] * len(rows))) + sql
                values = [*chain.from_iterable(rows), *values]
            if postings:
                _copy(connection, _COPY_POSTINGS, _POSTING_TYPES, postings)
            with connection.pipeline():
                connection.execute(sql, values)
                connection.execute("COMMIT")
        except psycopg.Error as error:
            raise StoreFailure(f"写入失败：{said(error)}") from error

    def look(self, commands: Sequence[bytes], subjects: Sequence[str]) -> Look:
        if len(commands) + len(subjects) <= _FEW:
            sql = _HEAD + _COMMAND * len(commands) + _SUBJECT * len(subjects)
            values: list[Any] = [*commands, *subjects]
        else:
            sql, values = _HEAD + _COMMANDS + _SUBJECTS, [list(commands), list(subjects)]
        with self._reading() as cursor:
            return _looked(cursor.execute(sql, values, binary=True).fetchall())

    def put_archive(self, sha256: str, body: bytes) -> None:
        connection = self._connect()
        try:
            with connection.driver_connection.cursor() as cursor:
                cursor.execute("INSERT INTO archives VALUES (%s, %s) ON CONFLICT DO NOTHING", (sha256, body))
            connection.driver_connection.commit()
        except psycopg.Error as error:
            raise StoreFailure(f"写入失败：{said(error)}") from error
        finally:
            connection.close()

    def _chosen(self, values: Sequence[Any]) -> tuple[str, list[object]]:
        return "= ANY(?)", [list(values)]

    def unsound(self) -> str:
        names = [table.name for table in METADATA.sorted_tables]
        for what, sql in _ADDED:
            if found := self._all(sql, names):
                return f"数据库里多出{what}：{found[0][0]}"
        columns = {(table, column, kind) for table, column, kind in self._all(_COLUMNS, names)}
        if odd := sorted(columns ^ _COLUMNS_EXPECTED):
            return f"数据库的结构不是本程序所建：{'.'.join(odd[0][:2])}"
        unique = {(table, keys) for table, keys in self._all(_UNIQUE, names)}
        if odd_keys := sorted(_UNIQUE_EXPECTED ^ unique):
            return f"数据库的唯一索引不是本程序所建：{odd_keys[0][0]}（{odd_keys[0][1]}）"
        return ""
