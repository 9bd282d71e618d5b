"""A log in one SQLite file: the embedded default. Every commit is on the disk when it returns (synchronous=FULL)."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Sequence
from typing import Any

from sqlalchemy import create_engine, event, inspect
from sqlalchemy.dialects.sqlite.base import SQLiteDialect
from sqlalchemy.engine import make_url
from sqlalchemy.schema import CreateTable

from audit.checkpoint import Seal
from audit.driver import Head, Row, StoreFailure
from audit.drivers.schema import METADATA
from audit.drivers.sql import SqlDriver

_SCHEMA = "SELECT type, name, tbl_name, sql FROM sqlite_master"
_CHUNK = 500  # parameters of one statement, far below SQLite's limit
_WAIT_SECONDS = 30

_KNOWN = "SELECT command, position FROM entries WHERE command IN ({})"
# CROSS JOIN keeps the order: each asked for is looked up, never the table walked through.
_HEADS = (
    "SELECT a.value, s.count, e.leaf FROM json_each(?) a CROSS JOIN subjects s "
    "ON s.subject = a.value AND s.count = (SELECT MAX(count) FROM subjects WHERE subject = a.value) "
    "CROSS JOIN entries e ON e.position = s.position"
)
_VERSIONS = (
    "SELECT a.value, s.version FROM json_each(?) a CROSS JOIN entries s "
    "ON s.stream = a.value AND s.version = (SELECT MAX(version) FROM entries WHERE stream = a.value)"
)


def _settings(connection: Any, _record: object) -> None:
    connection.isolation_level = None  # BEGIN and COMMIT are ours
    for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON", "trusted_schema=OFF"):
        connection.execute(f"PRAGMA {pragma}")


class SqliteDriver(SqlDriver):
    def __init__(self, url: str) -> None:
        arguments = {"check_same_thread": False, "timeout": _WAIT_SECONDS, "cached_statements": 256}
        engine = create_engine(make_url(url), connect_args=arguments, pool_size=0, max_overflow=-1)
        event.listen(engine, "connect", _settings)
        super().__init__(engine, sqlite3.Error)

    def _create_tables(self) -> None:
        with self._engine.connect() as connection:
            if inspect(connection).has_table("entries"):
                return  # an existing file may be opened by one who may only read it
            connection.exec_driver_sql("BEGIN IMMEDIATE")
            METADATA.create_all(connection)
            connection.exec_driver_sql("COMMIT")

    def _prepare_reader(self, connection: Any) -> None:
        connection.execute("PRAGMA query_only=ON")

    def begin(self, commands: Sequence[bytes], subjects: Sequence[str], streams: Sequence[str]) -> Head:
        if self._writer is None:
            self._writer = self._connect()
        cursor = self._writer.driver_connection.cursor()
        try:
            cursor.execute("BEGIN IMMEDIATE")
            found = cursor.execute("SELECT size, root, blob FROM seals ORDER BY size DESC LIMIT 1").fetchone()
            known: dict[bytes, int] = {}
            for k in range(0, len(commands), _CHUNK):
                chunk = commands[k : k + _CHUNK]
                known.update(cursor.execute(_KNOWN.format(",".join("?" * len(chunk))), chunk).fetchall())
            heads = {
                subject: (count, leaf.hex())
                for subject, count, leaf in cursor.execute(_HEADS, (json.dumps(subjects),)).fetchall()
            }
            versions = dict(cursor.execute(_VERSIONS, (json.dumps(streams),)).fetchall())
        except sqlite3.Error as error:
            self.abandon()
            raise StoreFailure(f"不能开始写入：{error}") from error
        return Head(Seal(*found) if found else None, known, heads, versions)

    def write(self, rows: Sequence[Row], subjects: Sequence[tuple[str, int, int]], seal: Seal) -> None:
        cursor = self._writer.driver_connection.cursor()
        try:
            cursor.executemany("INSERT INTO entries VALUES (?, ?, ?, ?, ?, ?)", rows)
            cursor.executemany("INSERT INTO subjects VALUES (?, ?, ?)", subjects)
            cursor.execute("INSERT INTO seals VALUES (?, ?, ?)", (seal.size, seal.root, seal.blob))
            cursor.execute("COMMIT")
        except sqlite3.Error as error:
            raise StoreFailure(f"写入失败：{error}") from error

    def put_archive(self, sha256: str, body: bytes) -> None:
        connection = self._connect()
        try:
            connection.driver_connection.execute(
                "INSERT OR IGNORE INTO archives VALUES (?, ?)", (sha256, body)
            )
        except sqlite3.Error as error:
            raise StoreFailure(f"写入失败：{error}") from error
        finally:
            connection.close()

    def counts(self, subjects: Sequence[str]) -> dict[str, int]:
        found: dict[str, int] = {}
        for k in range(0, len(subjects), _CHUNK):
            found.update(super().counts(subjects[k : k + _CHUNK]))
        return found

    def versions(self, streams: Sequence[str]) -> dict[str, int]:
        found: dict[str, int] = {}
        for k in range(0, len(streams), _CHUNK):
            found.update(super().versions(streams[k : k + _CHUNK]))
        return found

    def unsound(self) -> str:
        found = [str(line) for (line,) in self._all("PRAGMA integrity_check")]
        if found != ["ok"]:
            return f"数据库文件不完好：{found[0][:200]}"
        schema = set(self._all(_SCHEMA))
        with sqlite3.connect(":memory:") as fresh:
            for table in METADATA.sorted_tables:
                fresh.execute(str(CreateTable(table).compile(dialect=SQLiteDialect())))
            expected = set(fresh.execute(_SCHEMA).fetchall())
        fresh.close()
        odd = sorted(str(name) for _, name, *_ in schema ^ expected)
        return f"数据库的结构不是本程序所建：{odd[0][:80]}" if odd else ""
