"""Make every row anew from zero and say what differs: live rows must equal replayed ones (D14).

A digest of a table is the sum of its rows' hashes, so it depends on no order, collation or database. It finds
slips of ours, not forgers: nobody believes rows.
"""

import gc
import hashlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from sqlalchemy import Boolean, ColumnElement, Engine, Integer, Table, Text, cast, func, select

from projections import tables
from projections.database import empty, prepare
from projections.follow import Lease, follow, position
from projections.ports import Entries

_MODULUS = 2**160
_BETWEEN, _NULL = "\x1f", "\x1e"  # between values, and for none


@dataclass(frozen=True, slots=True)
class Digest:
    rows: int
    sum: str


@dataclass(frozen=True, slots=True)
class Difference:
    """A table whose live rows were not what the log says."""

    table: str
    live: Digest
    replayed: Digest


@dataclass(frozen=True, slots=True)
class Rebuilt:
    next: int  # the entries before it were replayed and compared
    differences: tuple[Difference, ...]


def digests(engine: Engine) -> dict[str, Digest]:
    """The digest of every table that is made from entries."""
    return {table.name: _digest(engine, table) for table in tables.DERIVED}


def _digest(engine: Engine, table: Table) -> Digest:
    total, count = 0, 0
    with engine.connect().execution_options(yield_per=500) as connection:
        for part in connection.execute(select(_text(table, engine.dialect.name))).partitions():
            for (text,) in part:
                # Against slips the quickest is good enough.
                total += int.from_bytes(hashlib.sha1(text.encode(), usedforsecurity=False).digest(), "big")
            count += len(part)
    return Digest(count, f"{total % _MODULUS:040x}")


def _text(table: Table, dialect: str) -> ColumnElement[str]:
    """A row as one text that every database makes the same, itself: one value to fetch instead of thirty."""
    shown = [
        cast(cast(one, Integer) if isinstance(one.type, Boolean) else one, Text)  # yes-or-no is 1 or 0
        for one in table.c
    ]
    told = [
        func.coalesce(text, _NULL) if one.nullable else text for one, text in zip(table.c, shown, strict=True)
    ]
    made = func.printf if dialect == "sqlite" else func.format
    return made(_BETWEEN.join(["%s"] * len(told)), *told, type_=Text)


@contextmanager
def _only_new_garbage() -> Iterator[None]:
    """Thousands of values come and go: the collector shall not look through the whole program for each of them."""
    if gc.get_freeze_count():
        yield  # the program has seen to it already
        return
    gc.freeze()
    try:
        yield
    finally:
        gc.unfreeze()


def rebuild(entries: Entries, engine: Engine) -> Rebuilt:
    """Empty the tables, replay up to where they were, compare, and follow on to the end.

    Meanwhile readers see a register that grows from nothing, and say so by its position. A crash on the way
    leaves rows that are right up to their position: the next to follow goes on from there.
    """
    with _only_new_garbage():
        return _rebuild(entries, engine, Lease(engine))


def _rebuild(entries: Entries, engine: Engine, lease: Lease) -> Rebuilt:
    with engine.begin() as connection:
        lease.hold(connection)
    try:
        at = position(engine)
        live = digests(engine)
        with engine.begin() as connection:
            lease.hold(connection)
            empty(connection)
        follow(entries, engine, stop=at, lease=lease)
        found = _differences(live, digests(engine))
        follow(entries, engine, lease=lease)
    finally:
        lease.release()
    return Rebuilt(at, found)


def compare(entries: Entries, live: Engine, scratch: Engine) -> Rebuilt:
    """Replay into an empty scratch database and compare; the live rows are only read.

    Live rows that move meanwhile would differ for no fault, so the caller compares a database at rest.
    """
    at = position(live)
    scratch = prepare(scratch)
    follow(entries, scratch, stop=at)
    return Rebuilt(at, _differences(digests(live), digests(scratch)))


def _differences(live: dict[str, Digest], replayed: dict[str, Digest]) -> tuple[Difference, ...]:
    return tuple(
        Difference(name, live[name], replayed[name]) for name in sorted(live) if live[name] != replayed[name]
    )
