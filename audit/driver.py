"""What a database must do for the log: one lock, one transaction, and a few reads. Obligations, and the shapes of rows.

The log (`audit/log.py`) decides everything; a driver only keeps. Every driver passes tests/audit/contract_driver.py.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple, Protocol

from audit.checkpoint import Seal
from audit.entry import Entry, unframe
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


class Head(NamedTuple):
    """What is read under the head lock."""

    seal: Seal | None  # of the last commit; its size is the log's size
    commands: dict[bytes, int]  # of the statement ids asked for: those recorded, with their position
    subjects: dict[
        str, tuple[int, str]
    ]  # of the subjects asked for: (count, leaf hash in hex of the last entry naming it)
    versions: dict[str, int]  # of the streams asked for: last version

    @property
    def size(self) -> int:
        return self.seal.size if self.seal else 0


class Driver(Protocol):
    """A store of one log.

    `begin`, `write` and `abandon` are called by one thread of a process at a time, in that order; other processes may do the
    same and are kept out from `begin` to the end of `write` or `abandon`. The reads may be called by any thread at any time
    and see whole commits only.
    """

    def begin(self, commands: Sequence[bytes], subjects: Sequence[str], streams: Sequence[str]) -> Head:
        """Take the head lock, then read under it. May raise: then no lock is held and nothing has changed."""
        ...

    def write(self, rows: Sequence[Row], subjects: Sequence[tuple[str, int, int]], seal: Seal) -> None:
        """Store entries, (subject, count, position) rows and the seal, commit, release the lock.

        When it returns, all of it is durable. When it raises, the outcome is unknown: all of it is there or nothing;
        the caller reads the head again before it believes either.
        """
        ...

    def abandon(self) -> None:
        """Give up after `begin`, or after a failed `write`: roll back, release the lock. Never raises."""
        ...

    def put_archive(self, sha256: str, body: bytes) -> None:
        """Keep the archive of a rules epoch. Idempotent; durable on return."""
        ...

    def archives(self) -> dict[str, bytes]: ...

    def last_seal(self) -> Seal | None: ...

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

    def naming(self, subject: str, start: int = 0) -> Iterator[Row]:
        """Rows that have the subject, from position `start`, ascending."""
        ...

    def standing(self, start: int) -> Iterator[Row]:
        """Rows from position `start` whose stream is of a standing kind (FORMAT 3.4), ascending."""
        ...

    def find(self, command: bytes) -> int | None:
        """Position of the first entry of a recorded statement."""
        ...

    def counts(self, subjects: Sequence[str]) -> dict[str, int]:
        """Counts of those of the subjects that were ever named."""
        ...

    def versions(self, streams: Sequence[str]) -> dict[str, int]:
        """Last versions of those of the streams that exist."""
        ...

    def unsound(self) -> str:
        """What is wrong with the database itself: its schema, its indexes, anything added to it; empty when sound.

        A reader that asks an index believes the index; step 50 therefore asks the database whether both agree.
        """
        ...

    def strays(self, size: int) -> list[int]:
        """Up to ten positions of rows that no seal of this size covers: position < 0 or ≥ size."""
        ...

    def subjects_total(self) -> int:
        """The number of (subject, count, position) rows."""
        ...

    def missing_subjects(self, rows: Sequence[tuple[str, int, int]]) -> list[tuple[str, int, int]]:
        """Those of the (subject, count, position) rows that are not kept exactly so."""
        ...

    def close(self) -> None: ...
