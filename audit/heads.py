"""Where every subject of the log stands: its count, its stream version, the hash of its last entry (FORMAT 3.3, 9).

A log names more subjects than memory should hold. The heads that came last stay in memory; those that came first are moved to a
temporary file that the operating system removes, and come back as new ones when they are named again. A Bloom filter over what was
moved spares new subjects, the most frequent kind of miss, the look into the file. The filter may only say "perhaps": the file decides.
"""

from __future__ import annotations

import mmap
import sqlite3
from collections.abc import Sequence
from itertools import islice

from audit.entry import NO_PREVIOUS

Head = tuple[int, int, str]  # count, version, leaf hash of the last entry in hexadecimal
NEW: Head = (0, 0, NO_PREVIOUS)

HEADS_IN_MEMORY = 60_000
_FILTER_BITS = 1 << 26  # 8 MiB, touched only once something has been moved


class Heads:
    """A map of subject to head with bounded memory. Not for several threads."""

    def __init__(self, in_memory_max: int = HEADS_IN_MEMORY) -> None:
        if in_memory_max < 2:
            raise ValueError("at least two heads must stay in memory")
        self._max = in_memory_max
        self._recent: dict[str, Head] = {}
        self._moved: sqlite3.Connection | None = None
        self._filter: mmap.mmap | None = None

    def name(self, subjects: Sequence[str], stream: str, leaf: str) -> tuple[list[str], int]:
        """An entry with this leaf hash names these subjects, `stream` among them, and stands in that stream.

        The rows that FORMAT 7.2 wants for them in `subjects`, and the version.
        """
        recent, moved = self._recent, self._moved is not None
        rows: list[str] = []
        stands_at = 0
        for subject in subjects:
            head = recent.get(subject) or (self._moved_head(subject) if moved else NEW)
            count, version, previous = head
            count += 1
            if subject == stream:
                version = stands_at = version + 1
            recent[subject] = (count, version, leaf)
            rows.append(f'["{subject}",{count},"{previous}"]')
        if len(recent) > self._max:
            self._move_older_half()
        return rows, stands_at

    def close(self) -> None:
        if self._moved is not None:
            self._moved.close()

    def _move_older_half(self) -> None:
        if self._moved is None:
            self._moved = sqlite3.connect("")  # SQLite's name for a private temporary file
            self._moved.execute("PRAGMA journal_mode=OFF")
            self._moved.execute("PRAGMA synchronous=OFF")
            self._moved.execute("PRAGMA cache_size=-8000")
            self._moved.execute(
                "CREATE TABLE head (subject TEXT PRIMARY KEY, count INTEGER, version INTEGER, leaf TEXT) WITHOUT ROWID"
            )
            self._filter = mmap.mmap(-1, _FILTER_BITS // 8)
        assert self._filter is not None
        half = len(self._recent) // 2
        older = sorted(islice(self._recent.items(), half))
        self._recent = dict(islice(self._recent.items(), half, None))
        for subject, _ in older:
            for bit in _bits(subject):
                self._filter[bit >> 3] |= 1 << (bit & 7)
        with self._moved:
            self._moved.executemany(
                "INSERT OR REPLACE INTO head VALUES (?, ?, ?, ?)",
                ((subject, *head) for subject, head in older),
            )

    def _moved_head(self, subject: str) -> Head:
        assert self._moved is not None
        assert self._filter is not None
        if not all(self._filter[bit >> 3] & 1 << (bit & 7) for bit in _bits(subject)):
            return NEW
        row = self._moved.execute(
            "SELECT count, version, leaf FROM head WHERE subject = ?", (subject,)
        ).fetchone()
        return NEW if row is None else (row[0], row[1], row[2])


def _bits(subject: str) -> tuple[int, int, int]:
    # Python's own hash of a string is keyed anew in every process, so nobody can prepare ids that collide here.
    number = hash(subject)
    return number % _FILTER_BITS, (number >> 19) % _FILTER_BITS, (number >> 38) % _FILTER_BITS
