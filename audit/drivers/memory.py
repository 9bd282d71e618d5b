"""A log in memory: a real driver, for tests and trials. Durable as long as the process lives."""

from __future__ import annotations

import threading
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence

from audit.checkpoint import Seal
from audit.driver import EMPTY, Head, Look, Named, Posting, Row
from audit.ids import STANDING, kind


class MemoryDriver:
    def __init__(self) -> None:
        self._head_lock = threading.Lock()
        self._data = threading.RLock()  # a reader sees whole commits only
        self._rows: list[Row] = []
        self._seals: list[Seal] = []
        self._commands: dict[bytes, int] = {}
        self._streams: defaultdict[str, list[int]] = defaultdict(list)
        self._indexed: list[int] = []  # as each seal says
        self._postings: defaultdict[str, list[Posting]] = defaultdict(list)
        self._archives: dict[str, bytes] = {}

    def begin(self) -> Head:
        self._head_lock.acquire()
        return self.head()

    def write(self, rows: Sequence[Row], seal: Seal, indexed: int, postings: Sequence[Posting] = ()) -> None:
        with self._data:
            for row in rows:
                self._rows.append(row)
                self._streams[row.stream].append(row.position)
                if row.command is not None:
                    self._commands[row.command] = row.position
            for one in postings:
                self._postings[one.subject].append(one)
            self._seals.append(seal)
            self._indexed.append(indexed)
        self._head_lock.release()

    def abandon(self) -> None:
        if self._head_lock.locked():
            self._head_lock.release()

    def look(self, commands: Sequence[bytes], subjects: Sequence[str]) -> Look:
        with self._data:
            known = {command: self._commands[command] for command in commands if command in self._commands}
            heads = {}
            for subject in subjects:
                if found := self._postings.get(subject):
                    leaf = self._rows[found[-1].position].leaf.hex()
                    heads[subject] = Named(found[-1].counted, leaf, len(self._streams.get(subject, ())))
            return Look(self.head(), known, heads)

    def put_archive(self, sha256: str, body: bytes) -> None:
        with self._data:
            self._archives[sha256] = body

    def archives(self) -> dict[str, bytes]:
        with self._data:
            return dict(self._archives)

    def head(self) -> Head:
        with self._data:
            return Head(self._seals[-1], self._indexed[-1]) if self._seals else EMPTY

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

    def at(self, positions: Iterable[int]) -> Iterator[Row]:
        with self._data:
            return iter([self._rows[position] for position in positions if position < len(self._rows)])

    def postings(self, subject: str, start: int = 0) -> Iterator[Posting]:
        with self._data:
            return iter([one for one in self._postings.get(subject, ()) if one.position >= start])

    def standing(self, start: int) -> Iterator[Row]:
        with self._data:
            return iter([row for row in self._rows[start:] if kind(row.stream) in STANDING])

    def find(self, command: bytes) -> int | None:
        with self._data:
            return self._commands.get(command)

    def unsound(self) -> str:
        return ""

    def strays(self, size: int) -> list[int]:
        return [row.position for row in self._rows if not 0 <= row.position < size][:10]

    def renewals(self) -> Iterator[tuple[int, int]]:
        with self._data:
            return iter([(seal.size, at) for seal, at in zip(self._seals, self._indexed, strict=True)])

    def postings_total(self) -> int:
        with self._data:
            return sum(map(len, self._postings.values()))

    def missing(self, postings: Sequence[Posting]) -> list[Posting]:
        with self._data:
            return [one for one in postings if one not in self._postings.get(one.subject, ())]

    def close(self) -> None:
        return None
