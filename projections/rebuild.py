"""Make every row anew from zero and say what differs: live rows must equal replayed ones (D14).

A digest of a table is the sum of its rows' hashes, so it depends on no order, collation or database. It finds
slips of ours, not forgers: nobody believes rows.
"""

import hashlib
from dataclasses import dataclass

import orjson
from sqlalchemy import Engine, Table, select

from projections import tables
from projections.database import empty, prepare
from projections.follow import Lease, follow, position
from projections.ports import Entries

_MODULUS = 2**256


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
        for part in connection.execute(select(table)).partitions():
            for row in part:
                total += int.from_bytes(hashlib.sha256(orjson.dumps(list(row))).digest(), "big")
            count += len(part)
    return Digest(count, f"{total % _MODULUS:064x}")


def rebuild(entries: Entries, engine: Engine) -> Rebuilt:
    """Empty the tables, replay up to where they were, compare, and follow on to the end.

    Meanwhile readers see a register that grows from nothing, and say so by its position. A crash on the way
    leaves rows that are right up to their position: the next to follow goes on from there.
    """
    lease = Lease(engine)
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
