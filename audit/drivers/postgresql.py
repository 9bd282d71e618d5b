"""A log in PostgreSQL: two round trips a commit, one that locks and reads, one that writes and commits."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import psycopg
from sqlalchemy import create_engine
from sqlalchemy.engine import make_url
from sqlalchemy.exc import DBAPIError

from audit.checkpoint import Seal
from audit.driver import Head, Row, StoreFailure
from audit.drivers.schema import METADATA
from audit.drivers.sql import SqlDriver

_LOCK = "SELECT id FROM writer WHERE id = 1 FOR UPDATE"
_SEAL = "SELECT size, root, blob FROM seals ORDER BY size DESC LIMIT 1"
_KNOWN = "SELECT command, position FROM entries WHERE command = ANY(%s)"
_HEADS = (
    "SELECT a.subject, s.count, e.leaf FROM unnest(%s::text[]) AS a(subject) "
    "CROSS JOIN LATERAL (SELECT count, position FROM subjects WHERE subject = a.subject ORDER BY count DESC LIMIT 1) s "
    "JOIN entries e ON e.position = s.position"
)
_VERSIONS = (
    "SELECT a.stream, s.version FROM unnest(%s::text[]) AS a(stream) "
    "CROSS JOIN LATERAL (SELECT version FROM entries WHERE stream = a.stream ORDER BY version DESC LIMIT 1) s"
)
_INSERT_ENTRIES = (
    "INSERT INTO entries (position, stream, version, command, leaf, entry) "
    "SELECT * FROM unnest(%s::bigint[], %s::text[], %s::bigint[], %s::bytea[], %s::bytea[], %s::bytea[])"
)
_INSERT_SUBJECTS = "INSERT INTO subjects (subject, count, position) SELECT * FROM unnest(%s::text[], %s::bigint[], %s::bigint[])"
_INSERT_SEAL = "INSERT INTO seals (size, root, blob) VALUES (%s, %s, %s)"


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

    def begin(self, commands: Sequence[bytes], subjects: Sequence[str], streams: Sequence[str]) -> Head:
        if self._writer is None:
            self._writer = self._connect()
            self._writer.driver_connection.prepare_threshold = 2
            self._writer.driver_connection.isolation_level = psycopg.IsolationLevel.READ_COMMITTED
        connection = self._writer.driver_connection
        try:
            # One snapshot a statement (READ COMMITTED), and each runs after the lock is held: what is read cannot move.
            with connection.pipeline():
                lock = connection.execute(_LOCK, binary=True)
                seal = connection.execute(_SEAL, binary=True)
                known = connection.execute(_KNOWN, (list(commands),), binary=True)
                heads = connection.execute(_HEADS, (list(subjects),), binary=True)
                versions = connection.execute(_VERSIONS, (list(streams),), binary=True)
            if lock.fetchone() is None:
                self.abandon()
                raise StoreFailure("表 writer 缺少其唯一的一行，不能加锁")
            found = seal.fetchone()
            return Head(
                Seal(*found) if found else None,
                dict(known.fetchall()),
                {subject: (count, leaf.hex()) for subject, count, leaf in heads.fetchall()},
                dict(versions.fetchall()),
            )
        except psycopg.Error as error:
            self.abandon()
            raise StoreFailure(f"不能开始写入：{error}") from error

    def write(self, rows: Sequence[Row], subjects: Sequence[tuple[str, int, int]], seal: Seal) -> None:
        connection = self._writer.driver_connection
        try:
            with connection.pipeline():
                connection.execute(_INSERT_ENTRIES, [list(column) for column in zip(*rows, strict=True)])
                connection.execute(_INSERT_SUBJECTS, [list(column) for column in zip(*subjects, strict=True)])
                connection.execute(_INSERT_SEAL, (seal.size, seal.root, seal.blob))
                # Not commit(): that waits for the answer while part of a large batch may still be unsent, and so for ever
                # (psycopg 3.3.9). Leaving the pipeline sends what is left.
                connection.execute("COMMIT")
        except psycopg.Error as error:
            raise StoreFailure(f"写入失败：{error}") from error

    def put_archive(self, sha256: str, body: bytes) -> None:
        connection = self._connect()
        try:
            with connection.driver_connection.cursor() as cursor:
                cursor.execute("INSERT INTO archives VALUES (%s, %s) ON CONFLICT DO NOTHING", (sha256, body))
            connection.driver_connection.commit()
        except psycopg.Error as error:
            raise StoreFailure(f"写入失败：{error}") from error
        finally:
            connection.close()

    def _chosen(self, subjects: Sequence[str]) -> tuple[str, list[object]]:
        return "= ANY(?)", [list(subjects)]
