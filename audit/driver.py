"""What a database must do for the log: one lock, one transaction, and a few reads. Obligations, and the shapes of rows.

The log (`audit/log.py`) decides everything; a driver only keeps. Every driver passes tests/audit/contract_driver.py.
"""

from __future__ import annotations

import struct
from collections.abc import Iterable, Iterator, Sequence
from itertools import chain
from typing import NamedTuple, Protocol

from audit.checkpoint import Seal
from audit.entry import NO_PREVIOUS, Entry, unframe
from audit.merkle import leaf_hash


class StoreFailure(Exception):
    """The database did not do what was asked. Nothing is known to be recorded; the same command may be sent again."""


class Damaged(StoreFailure):
    """A stored row does not agree with itself. `bangfu verify` says more."""


class Row(NamedTuple):
    """One entry as a driver keeps it. `command` is the statement id in the first entry of a command, else None."""

    position: int
    stream: str
    version: int
    command: bytes | None
    leaf: bytes
    entry: bytes

    def sections(self) -> Entry:
        """The four sections of the entry, whose hash is the one stored with it. Raises Damaged."""
        if leaf_hash(self.entry) != self.leaf:
            raise Damaged(f"第 {self.position} 号分录与其哈希不符：先运行 bangfu verify")
        return unframe(self.entry)


class Named(NamedTuple):
    """What the next entry that names a subject must know of it."""

    counted: int  # entries that name it
    leaf: str  # hash in hex of the last of them
    version: int  # of its own stream, 0 when it has none


NEVER = Named(0, NO_PREVIOUS, 0)


class Posting(NamedTuple):
    """One row of the index of subjects: the entries that named a subject between two renewals of the index."""

    subject: str
    counted: int  # entries that name the subject, up to the last of these
    position: int  # of the last
    earlier: bytes  # positions of the others, ascending, eight bytes each, big-endian

    def positions(self) -> Iterator[int]:
        """Ascending; unpacked as they are asked for, since many want the first one only. Raises Damaged."""
        if len(self.earlier) % 8:
            raise Damaged(f"对象 {self.subject} 的索引行不完整：先运行 bangfu verify")
        return chain((one for (one,) in struct.iter_unpack(">q", self.earlier)), (self.position,))


def posting(subject: str, counted: int, positions: Sequence[int]) -> Posting:
    """The row of a subject named at these positions, at least one; `counted` includes them."""
    *earlier, last = positions
    return Posting(subject, counted, last, struct.pack(f">{len(earlier)}q", *earlier))


class Head(NamedTuple):
    """How far the log reaches, and how far the index of subjects reaches: both as the last commit says."""

    seal: Seal | None
    indexed: int  # entries before this position are in the index, those from it on are not

    @property
    def size(self) -> int:
        return self.seal.size if self.seal else 0


EMPTY = Head(None, 0)


class Look(NamedTuple):
    """Answers of one moment."""

    head: Head
    commands: dict[bytes, int]  # of the statement ids asked for: those recorded, with their position
    subjects: dict[str, Named]  # of the subjects asked for: those that the index has, as of `head.indexed`


class Driver(Protocol):
    """A store of one log.

    `begin`, `write` and `abandon` are called by one thread of a process at a time, in that order; other processes may do the
    same and are kept out from `begin` to the end of `write` or `abandon`. The reads may be called by any thread at any time,
    between `begin` and `write` too, and see whole commits only.
    """

    def begin(self) -> Head:
        """Take the head lock, then read the head under it. May raise: then no lock is held and nothing has changed."""
        ...

    def write(self, rows: Sequence[Row], seal: Seal, indexed: int, postings: Sequence[Posting] = ()) -> None:
        """Store entries, the seal, how far the index reaches and what is new in it; commit, release the lock.

        When it returns, all of it is durable. When it raises, the outcome is unknown: all of it is there or nothing;
        the caller reads the head again before it believes either.
        """
        ...

    def abandon(self) -> None:
        """Give up after `begin`, or after a failed `write`: roll back, release the lock. Never raises."""
        ...

    def look(self, commands: Sequence[bytes], subjects: Sequence[str]) -> Look:
        """The head, and what is known of some statements and subjects, all of one moment."""
        ...

    def put_archive(self, sha256: str, body: bytes) -> None:
        """Keep the archive of a rules epoch. Idempotent; durable on return."""
        ...

    def archives(self) -> dict[str, bytes]: ...

    def head(self) -> Head: ...

    def seals(self, after: int = 0) -> Iterator[Seal]:
        """Seals with a size greater than `after`, ascending."""
        ...

    def rows(self, start: int, stop: int) -> Iterator[Row]:
        """Rows with start ≤ position < stop, ascending, read in blocks."""
        ...

    def leaves(self, start: int, stop: int) -> list[bytes]:
        """As `rows`, the leaf hashes only."""
        ...

    def stream(
        self,
        stream: str,
        after: int = 0,
        last: int | None = None,
        newest_first: bool = False,
        limit: int | None = None,
    ) -> list[Row]:
        """Rows of a stream with after < version ≤ last."""
        ...

    def at(self, positions: Iterable[int]) -> Iterator[Row]:
        """The rows at positions, in the order asked for, read in blocks; what is not there is left out."""
        ...

    def postings(self, subject: str, start: int = 0) -> Iterator[Posting]:
        """Rows of the index whose last position is `start` or more, ascending."""
        ...

    def standing(self, start: int) -> Iterator[Row]:
        """Rows from position `start` whose stream is of a standing kind (FORMAT 3.4), ascending."""
        ...

    def find(self, command: bytes) -> int | None:
        """Position of the first entry of a recorded statement."""
        ...

    def unsound(self) -> str:
        """What is wrong with the database itself: its schema, its indexes, anything added to it; empty when sound.

        A reader that asks an index believes the index; step 50 therefore asks the database whether both agree.
        """
        ...

    def strays(self, size: int) -> list[int]:
        """Up to ten positions of rows that no seal of this size covers: position < 0 or ≥ size."""
        ...

    def renewals(self) -> Iterator[tuple[int, int]]:
        """(size, indexed) as each commit says, ascending by size."""
        ...

    def postings_total(self) -> int:
        """The number of rows of the index."""
        ...

    def missing(self, postings: Sequence[Posting]) -> list[Posting]:
        """Those of the rows of the index that are not kept exactly so."""
        ...

    def close(self) -> None: ...
