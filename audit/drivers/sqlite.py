"""A log in one SQLite file: the embedded default. Every commit is on the disk when it returns (synchronous=FULL)."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlencode

from sqlalchemy import create_engine, event, inspect
from sqlalchemy.dialects.sqlite.base import SQLiteDialect
from sqlalchemy.engine import make_url
from sqlalchemy.schema import CreateTable

from audit.checkpoint import Seal
from audit.driver import EMPTY, Head, Look, Named, Posting, Row, StoreFailure
from audit.drivers.schema import METADATA
from audit.drivers.sql import CHUNK, HEAD, SqlDriver, head_of, said
from audit.kept import is_kept

_Mark = tuple[int, int, int]  # of a file: which it is, its size, when it was written last
_SCHEMA = "SELECT type, name, tbl_name, sql FROM sqlite_master"
_WAIT_SECONDS = 30
_ARGUMENTS: dict[str, Any] = {
    "check_same_thread": False,
    "timeout": _WAIT_SECONDS,
    "cached_statements": 256,
}

# One statement asks for all: (0, size, root, blob, indexed), (1, position, statement id), (2, subject, count, leaf, version).
_HEAD = f"SELECT 0 AS sort, size, root, blob, indexed FROM ({HEAD})"  # noqa: S608
_KNOWN = " UNION ALL SELECT 1, position, command, NULL, NULL FROM entries WHERE command IN ({})"
# CROSS JOIN keeps the order: each asked for is looked up, never the table walked through.
_NAMED = (
    " UNION ALL SELECT 2, s.subject, s.count, e.leaf, (SELECT MAX(version) FROM entries WHERE stream = s.subject) "
    "FROM json_each(?) a CROSS JOIN subjects s "
    "ON s.subject = a.value AND s.count = (SELECT MAX(count) FROM subjects WHERE subject = a.value) "
    "CROSS JOIN entries e ON e.position = s.position"
)


def _looked(rows: Sequence[Any]) -> Look:
    head, known, named = EMPTY, {}, {}
    for sort, first, second, third, fourth in rows:
        if sort == 0:
            head = head_of((first, second, third, fourth))
        elif sort == 1:
            known[second] = first
        else:
            named[first] = Named(second, third.hex(), fourth or 0)
    return Look(head, known, named)


def _settings(connection: Any, _record: object) -> None:
    _harmless(connection, _record)
    for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON"):
        connection.execute(f"PRAGMA {pragma}")


def _harmless(connection: Any, _record: object) -> None:
    connection.isolation_level = None  # BEGIN and COMMIT are ours
    connection.execute("PRAGMA trusted_schema=OFF")


def kept_query(path: Path) -> dict[str, str]:
    """How a kept file is opened, as SQLite has it in the query of a URI.

    What was committed and still stands beside the file (-wal) is read by its index (-shm), and so is what another process will
    write there that is at work on it by a way of its own: both files are there then. Where the index alone is missing SQLite
    itself refuses, so that nobody is shown less than there is.
    """
    beside, index = Path(f"{path}-wal"), Path(f"{path}-shm")
    try:
        stands = beside.stat().st_size > 0 or index.exists()
    except OSError:  # none stands there, or one that whoever wrote it has just put away
        stands = False
    return {"mode": "ro"} if stands else {"mode": "ro", "immutable": "1"}


class _Kept(sqlite3.Connection):
    """A connection to a kept file; the file as it was before it was opened for good, if it was (immutable)."""

    at_rest: _Mark | None = None

    @classmethod
    def to(cls, path: Path) -> _Kept:
        mark, how = _mark(path), kept_query(path)
        uri = f"file:{quote(str(path.absolute()))}?{urlencode(how)}"
        made = sqlite3.connect(uri, factory=cls, uri=True, **_ARGUMENTS)
        made.at_rest = mark if "immutable" in how else None
        return made

    def is_as_opened(self, path: Path) -> bool:
        """Whether what it reads is of one moment: SQLite looks after that itself, but of a file that is said never to change."""
        return self.at_rest is None or self.at_rest == _mark(path)

    def is_current(self, path: Path) -> bool:
        """Whether it would be opened in this way again."""
        return self.at_rest is None or (self.is_as_opened(path) and "immutable" in kept_query(path))


def _mark(path: Path) -> _Mark:
    """Raises StoreFailure for a file that is there no more: a disc that was taken out."""
    try:
        found = path.stat()
    except OSError as error:
        raise StoreFailure(f"读取失败：{path.name} 已不在原处（{error.strerror}）") from error
    return found.st_ino, found.st_size, found.st_mtime_ns


class SqliteDriver(SqlDriver):
    def __init__(self, url: str) -> None:
        """Raises StoreFailure. A file in a directory where nothing can be written is opened to be read only."""
        found = make_url(url)
        path = Path(found.database or "")
        kept = path.is_file() and is_kept(path.parent)
        self._kept = path if kept else None
        how: dict[str, Any] = {"creator": lambda: _Kept.to(path)} if kept else {"connect_args": _ARGUMENTS}
        engine = create_engine(found, pool_size=0, max_overflow=-1, **how)
        event.listen(engine, "connect", _harmless if kept else _settings)
        try:
            super().__init__(engine, sqlite3.Error)
        except StoreFailure as failure:
            if not kept:
                raise
            raise StoreFailure(
                f"{path.parent} 只能读，而 {path.name} 还有未并入的部分：请把整个目录复制到可写的地方再打开"
            ) from failure

    def _create_tables(self) -> None:
        with self._engine.connect() as connection:
            if inspect(connection).has_table("entries"):
                return  # an existing file may be opened by one who may only read it
            connection.exec_driver_sql("BEGIN IMMEDIATE")
            METADATA.create_all(connection)
            connection.exec_driver_sql("COMMIT")

    def _prepare_reader(self, connection: Any) -> None:
        connection.execute("PRAGMA query_only=ON")

    @contextmanager
    def _reading(self) -> Iterator[Any]:
        """A kept file may be another's who goes on with it. Then it is opened anew, as one at work; what was read while it was
        changed is of no one moment, and is refused."""
        if self._kept is None:
            with super()._reading() as cursor:
                yield cursor
            return
        with super()._reading() as cursor:
            try:
                yield cursor
            except sqlite3.Error as error:
                self._require_as_opened(cursor.connection, self._kept, error)
                raise
            self._require_as_opened(cursor.connection, self._kept, None)

    def _idle_reader(self) -> Any:
        """Of a kept file none from before somebody else began to write: that one is closed."""
        while (idle := super()._idle_reader()) is not None and self._kept is not None:
            try:
                if idle.driver_connection.is_current(self._kept):
                    break
            except StoreFailure:
                idle.invalidate()
                raise
            idle.invalidate()
        return idle

    @staticmethod
    def _require_as_opened(connection: _Kept, path: Path, error: sqlite3.Error | None) -> None:
        if not connection.is_as_opened(path):
            raise sqlite3.OperationalError(f"{path.name} 在读取的时候被另一进程改动了，请再试一次") from error

    def begin(self) -> Head:
        if self._writer is None:
            self._writer = self._connect()
        connection = self._writer.driver_connection
        try:
            connection.execute("BEGIN IMMEDIATE")
            return head_of(connection.execute(HEAD).fetchone())
        except sqlite3.Error as error:
            self.abandon()
            raise StoreFailure(f"不能开始写入：{said(error)}") from error

    def write(self, rows: Sequence[Row], seal: Seal, indexed: int, postings: Sequence[Posting] = ()) -> None:
        cursor = self._writer.driver_connection.cursor()
        try:
            cursor.executemany("INSERT INTO entries VALUES (?, ?, ?, ?, ?, ?)", rows)
            if postings:
                cursor.executemany("INSERT INTO subjects VALUES (?, ?, ?, ?)", postings)
            cursor.execute(
                "INSERT INTO seals VALUES (?, ?, ?, ?)", (seal.size, seal.root, seal.blob, indexed)
            )
            cursor.execute("COMMIT")
        except sqlite3.Error as error:
            raise StoreFailure(f"写入失败：{said(error)}") from error

    def look(self, commands: Sequence[bytes], subjects: Sequence[str]) -> Look:
        rows: list[Any] = []
        with self._reading() as cursor:
            if len(commands) > CHUNK:
                cursor.execute("BEGIN")  # one snapshot for all chunks
            for k in range(0, max(1, len(commands)), CHUNK):
                chunk = commands[k : k + CHUNK]
                sql, values = _HEAD, list[Any](chunk)
                if chunk:
                    sql += _KNOWN.format(",".join("?" * len(chunk)))
                if subjects and not k:
                    sql += _NAMED
                    values.append(json.dumps(subjects))
                rows += cursor.execute(sql, values).fetchall()
            if len(commands) > CHUNK:
                cursor.execute("COMMIT")
        return _looked(rows)

    def put_archive(self, sha256: str, body: bytes) -> None:
        connection = self._connect()
        try:
            connection.driver_connection.execute(
                "INSERT OR IGNORE INTO archives VALUES (?, ?)", (sha256, body)
            )
        except sqlite3.Error as error:
            raise StoreFailure(f"写入失败：{said(error)}") from error
        finally:
            connection.close()

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
