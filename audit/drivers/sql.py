"""What the SQL drivers share: reads by driver cursor over SQLAlchemy's engine, and the retreat of a failed write.

Appending through `insert()` and a pooled connection for each commit costs four times as much (docs/decisions/0001), so a
driver keeps one connection for writing and lends a few for reading.
"""

from __future__ import annotations

import queue
from abc import ABC, abstractmethod
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from itertools import chain, islice, repeat
from typing import Any

from sqlalchemy import Engine
from sqlalchemy.exc import SQLAlchemyError

from audit.checkpoint import Seal
from audit.driver import EMPTY, Damaged, Head, Look, Posting, Row, StoreFailure
from audit.ids import STANDING

BLOCK = 1_000
CHUNK = 500  # parameters of one statement, far below SQLite's limit
HEAD = "SELECT size, root, blob, indexed FROM seals ORDER BY size DESC LIMIT 1"
_AT = (1, 16)  # rows asked for first: who wants one, or a few, does not wait for a block
_POSTINGS = 64  # rows of the index read at once: each may name a thousand entries
_ROW = "position, stream, version, command, leaf, entry"
_KINDS = sorted(STANDING)


def _typed(found: Sequence[Any], *types: type) -> Sequence[Any]:
    """A row whose columns have their types: SQLite keeps any value in any column. Raises Damaged."""
    if tuple(map(type, found)) != types:
        raise Damaged(f"库中有一行的列类型不对：{str(found[0])[:80]}。先运行 bangfu verify")
    return found


def _row(found: Sequence[Any]) -> Row:
    command = type(None) if found[3] is None else bytes
    return Row(*_typed(found, int, str, int, command, bytes, bytes))


def _seal(found: Sequence[Any]) -> Seal:
    return Seal(*_typed(found, int, bytes, bytes))


def head_of(found: Sequence[Any] | None) -> Head:
    """The answer to `HEAD`. Raises Damaged."""
    return EMPTY if found is None else Head(_seal(found[:3]), *_typed(found[3:], int))


# What a database says of a trouble that whoever runs it can end, in words for them.
_TROUBLES = {
    "disk is full": "磁盘已满，请腾出空间再试",
    "No space left": "磁盘已满，请腾出空间再试",
    "is locked": "另一进程占用着它，请稍候再试",
    "readonly database": "文件只能读",
    "not a database": "文件不是数据库",
    "malformed": "文件已损坏，请从备份恢复",
    "Connection refused": "数据库没有开着，或地址不对",
}


def said(error: Exception) -> str:
    """What the database said, without what the library adds for programmers."""
    text = str(getattr(error, "orig", None) or error).strip()
    known = next((words for part, words in _TROUBLES.items() if part in text), "")
    return f"{known}（{text}）" if known else text


class SqlDriver(ABC):
    """A driver on a DB-API connection. Subclasses know their lock and their fastest insert."""

    mark = "?"  # parameter mark of the DB-API module

    def __init__(self, engine: Engine, errors: type[Exception]) -> None:
        self._engine = engine
        self._errors = errors
        self._writer: Any = None
        self._readers: queue.LifoQueue[Any] = queue.LifoQueue()
        try:
            self._create_tables()
        except (SQLAlchemyError, errors) as error:
            engine.dispose()  # nobody has this driver, so nobody will close it
            raise StoreFailure(f"数据库不可用：{said(error)}") from error

    @abstractmethod
    def _create_tables(self) -> None:
        """Make what is missing; other processes may be doing the same."""

    # --- connections ---------------------------------------------------------------------------------

    @abstractmethod
    def _prepare_reader(self, connection: Any) -> None: ...

    def _connect(self) -> Any:
        try:
            return self._engine.raw_connection()
        except (SQLAlchemyError, self._errors) as error:
            raise StoreFailure(f"数据库不可用：{said(error)}") from error

    @contextmanager
    def _reading(self) -> Iterator[Any]:
        connection = self._idle_reader()
        if connection is None:
            connection = self._connect()
            self._prepare_reader(connection.driver_connection)
        cursor = connection.driver_connection.cursor()
        try:
            yield cursor
        except self._errors as error:
            # A server that was restarted has cut off those that wait, too: none of them shall fail after this one.
            for broken in (connection, *self._idle_readers()):
                with suppress(Exception):
                    broken.invalidate()
            raise StoreFailure(f"读取失败：{said(error)}") from error
        except BaseException:
            connection.invalidate()
            raise
        else:
            cursor.close()
            self._readers.put(connection)

    def _all(self, sql: str, *values: object) -> list[Any]:
        with self._reading() as cursor:
            return list(cursor.execute(sql.replace("?", self.mark), values).fetchall())

    def _idle_reader(self) -> Any:
        """A connection that waits to be used again; None when none does."""
        with suppress(queue.Empty):
            return self._readers.get_nowait()
        return None

    def _idle_readers(self) -> Iterator[Any]:
        with suppress(queue.Empty):
            while True:
                yield self._readers.get_nowait()

    def close(self) -> None:
        connections = [self._writer] if self._writer is not None else []
        self._writer = None
        for connection in (*connections, *self._idle_readers()):
            with suppress(Exception):
                connection.close()
        self._engine.dispose()

    # --- appending -----------------------------------------------------------------------------------

    @abstractmethod
    def begin(self) -> Head: ...

    @abstractmethod
    def write(
        self, rows: Sequence[Row], seal: Seal, indexed: int, postings: Sequence[Posting] = ()
    ) -> None: ...

    def abandon(self) -> None:
        connection, self._writer = self._writer, None
        if connection is None:
            return
        with suppress(Exception):
            connection.driver_connection.rollback()
        # The state of a connection after a failure is anybody's guess: the next commit gets a new one.
        with suppress(Exception):
            connection.invalidate()

    @abstractmethod
    def put_archive(self, sha256: str, body: bytes) -> None: ...

    # --- reads ---------------------------------------------------------------------------------------

    def archives(self) -> dict[str, bytes]:
        found = [_typed(one, str, bytes) for one in self._all("SELECT sha256, body FROM archives")]
        return dict(map(tuple, found))

    @abstractmethod
    def look(self, commands: Sequence[bytes], subjects: Sequence[str]) -> Look: ...

    def head(self) -> Head:
        return head_of(next(iter(self._all(HEAD)), None))

    def seals(self, after: int = 0) -> Iterator[Seal]:
        while True:
            sql = "SELECT size, root, blob FROM seals WHERE size > ? ORDER BY size LIMIT ?"
            found = self._all(sql, after, BLOCK)
            for one in found:
                yield _seal(one)
            if len(found) < BLOCK:
                return
            after = found[-1][0]

    def rows(self, start: int, stop: int) -> Iterator[Row]:
        while start < stop:
            sql = f"SELECT {_ROW} FROM entries WHERE position >= ? AND position < ? ORDER BY position LIMIT ?"  # noqa: S608
            found = self._all(sql, start, stop, BLOCK)
            for one in found:
                yield _row(one)
            if len(found) < BLOCK:
                return
            start = found[-1][0] + 1

    def leaves(self, start: int, stop: int) -> list[bytes]:
        sql = "SELECT leaf FROM entries WHERE position >= ? AND position < ? ORDER BY position"
        return [_typed(one, bytes)[0] for one in self._all(sql, start, stop)]

    def stream(
        self,
        stream: str,
        after: int = 0,
        last: int | None = None,
        newest_first: bool = False,
        limit: int | None = None,
    ) -> list[Row]:
        order = "DESC" if newest_first else "ASC"
        sql = f"SELECT {_ROW} FROM entries WHERE stream = ? AND version > ? AND version <= ? ORDER BY version {order}"  # noqa: S608
        values: list[object] = [stream, after, 2**53 if last is None else last]
        if limit is not None:
            sql, values = f"{sql} LIMIT ?", [*values, limit]
        return [_row(one) for one in self._all(sql, *values)]

    def at(self, positions: Iterable[int]) -> Iterator[Row]:
        wanted, limits = iter(positions), chain(_AT, repeat(CHUNK))
        while block := list(islice(wanted, next(limits))):
            chosen, values = self._chosen(block)
            sql = f"SELECT {_ROW} FROM entries WHERE position {chosen}"  # noqa: S608
            found = {one[0]: one for one in self._all(sql, *values)}
            yield from (_row(found[position]) for position in block if position in found)

    def postings(self, subject: str, start: int = 0) -> Iterator[Posting]:
        after, limit = -(2**53), 1
        while True:
            sql = (
                "SELECT subject, count, position, earlier FROM subjects "
                "WHERE subject = ? AND count > ? AND position >= ? ORDER BY count LIMIT ?"
            )
            found = self._all(sql, subject, after, start, limit)
            for one in found:
                yield Posting(*_typed(one, str, int, int, bytes))
            if len(found) < limit:
                return
            after, limit = found[-1][1], _POSTINGS

    def standing(self, start: int) -> Iterator[Row]:
        ranges = " OR ".join("(stream >= ? AND stream < ?)" for _ in _KINDS)
        values = [bound for kind in _KINDS for bound in (f"{kind}_", f"{kind}`")]  # "`" follows "_"
        sql = f"SELECT {_ROW} FROM entries WHERE position >= ? AND ({ranges}) ORDER BY position"  # noqa: S608
        return iter([_row(one) for one in self._all(sql, start, *values)])

    def find(self, command: bytes) -> int | None:
        found = self._all("SELECT position FROM entries WHERE command = ?", command)
        return found[0][0] if found else None

    def _chosen(self, values: Sequence[Any]) -> tuple[str, list[object]]:
        """A condition on a column, for some values, and its parameters."""
        return f"IN ({','.join('?' * len(values))})", list(values)

    # --- for step 50 -----------------------------------------------------------------------------------

    @abstractmethod
    def unsound(self) -> str: ...

    def strays(self, size: int) -> list[int]:
        sql = "SELECT position FROM entries WHERE position < 0 OR position >= ? ORDER BY position LIMIT 10"
        return [position for (position,) in self._all(sql, size)]

    def renewals(self) -> Iterator[tuple[int, int]]:
        after = -(2**53)
        while True:
            sql = "SELECT size, indexed FROM seals WHERE size > ? ORDER BY size LIMIT ?"
            found = self._all(sql, after, BLOCK)
            for one in found:
                size, indexed = _typed(one, int, int)
                yield size, indexed
            if len(found) < BLOCK:
                return
            after = found[-1][0]

    def postings_total(self) -> int:
        return int(self._all("SELECT COUNT(*) FROM subjects")[0][0])

    def missing(self, postings: Sequence[Posting]) -> list[Posting]:
        sql = "SELECT 1 FROM subjects WHERE subject = ? AND count = ? AND position = ? AND earlier = ?"
        sql = sql.replace("?", self.mark)
        with self._reading() as cursor:
            return [one for one in postings if cursor.execute(sql, one).fetchone() is None]
