"""A log in memory: a real driver, for tests and trials. Durable as long as the process lives."""

from __future__ import annotations

import threading
from collections import defaultdict
from collections.abc import Iterator, Sequence

from audit.checkpoint import Seal
from audit.driver import Head, Row
from audit.ids import STANDING, kind


class MemoryDriver:
    def __init__(self) -> None:
        self._head_lock = threading.Lock()
        self._data = threading.RLock()  # a reader sees whole commits only
        self._rows: list[Row] = []
        self._seals: list[Seal] = []
        self._commands: dict[bytes, int] = {}
        self._streams: defaultdict[str, list[int]] = defaultdict(list)
        self._subjects: defaultdict[str, list[int]] = defaultdict(list)
        self._archives: dict[str, bytes] = {}

    def begin(self, commands: Sequence[bytes], subjects: Sequence[str], streams: Sequence[str]) -> Head:
        self._head_lock.acquire()
        with self._data:
            heads = {}
            for subject in subjects:
                if positions := self._subjects.get(subject):
                    heads[subject] = (len(positions), self._rows[positions[-1]].leaf.hex())
            known = {command: self._commands[command] for command in commands if command in self._commands}
            return Head(self.last_seal(), known, heads, self.versions(streams))

    def write(self, rows: Sequence[Row], subjects: Sequence[tuple[str, int, int]], seal: Seal) -> None:
        with self._data:
            for row in rows:
                self._rows.append(row)
                self._streams[row.stream].append(row.position)
                if row.command is not None:
                    self._commands[row.command] = row.position
            for subject, _, position in subjects:
                self._subjects[subject].append(position)
            self._seals.append(seal)
        self._head_lock.release()

    def abandon(self) -> None:
        if self._head_lock.locked():
            self._head_lock.release()

    def put_archive(self, sha256: str, body: bytes) -> None:
        with self._data:
            self._archives[sha256] = body

    def archives(self) -> dict[str, bytes]:
        with self._data:
            return dict(self._archives)

    def last_seal(self) -> Seal | None:
        with self._data:
            return self._seals[-1] if self._seals else None

    def seals(self, after: int = 0) -> Iterator[Seal]:
        with self._data:
            return iter([seal for seal in self._seals if seal.size > after])

    def rows(self, start: int, stop: int) -> Iterator[Row]:
        with self._data:
            return iter(self._rows[start:stop])

    def leaves(self, start: int, stop: int) -> list[bytes]:
        with self._data:
            return [row.leaf for row in self._rows[start:stop]]

    def stream(
        self,
        stream: str,
        after: int = 0,
        last: int | None = None,
        newest_first: bool = False,
        limit: int | None = None,
    ) -> list[Row]:
        with self._data:
            rows = [self._rows[position] for position in self._streams.get(stream, ())][after:last]
            return (rows[::-1] if newest_first else rows)[:limit]

    def naming(self, subject: str, start: int = 0) -> Iterator[Row]:
        with self._data:
            return iter(
                [self._rows[position] for position in self._subjects.get(subject, ()) if position >= start]
            )

    def standing(self, start: int) -> Iterator[Row]:
        with self._data:
            return iter([row for row in self._rows[start:] if kind(row.stream) in STANDING])

    def find(self, command: bytes) -> int | None:
        with self._data:
            return self._commands.get(command)

    def counts(self, subjects: Sequence[str]) -> dict[str, int]:
        with self._data:
            return {
                subject: len(self._subjects[subject]) for subject in subjects if subject in self._subjects
            }

    def versions(self, streams: Sequence[str]) -> dict[str, int]:
        with self._data:
            return {stream: len(self._streams[stream]) for stream in streams if stream in self._streams}

    def unsound(self) -> str:
        return ""

    def strays(self, size: int) -> list[int]:
        return [row.position for row in self._rows if not 0 <= row.position < size][:10]

    def subjects_total(self) -> int:
        with self._data:
            return sum(map(len, self._subjects.values()))

    def missing_subjects(self, rows: Sequence[tuple[str, int, int]]) -> list[tuple[str, int, int]]:
        with self._data:
            return [
                (subject, count, position)
                for subject, count, position in rows
                if self._subjects.get(subject, [])[count - 1 : count] != [position]
            ]

    def close(self) -> None:
        return None
