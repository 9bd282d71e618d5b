"""Who was named last and where, kept in memory: the naming that the index in the database does not have yet, and more.

The index of subjects is renewed not in every commit but now and then, many entries at once: nine subjects an entry would
scatter every commit over the whole index. What it says is derived from the entries; what it does not say yet, the *tail*, is
read from the entries too, by every process for itself. Beside the tail stands a bounded part of what the index was asked.
All of it is exact as of one size of the log.
"""

from __future__ import annotations

import threading
from collections.abc import Iterable, Mapping, Sequence
from typing import Generic, NamedTuple, TypeVar

from audit import canonical
from audit.driver import NEVER, Look, Named, Posting, Row, posting

NAMINGS_MAX = 10_000  # of the tail: the commit that reaches it renews the index
KEPT_MAX = 16_384  # answers of the index; up to twice as many for a while
_UNKNOWN = -1  # the version of a stream that another process has named, and this one never asked for

Key = TypeVar("Key")
Value = TypeVar("Value")


class Known(NamedTuple):
    """All that was asked for: the statements that are recorded, with their position, and every one of the subjects."""

    commands: dict[bytes, int]
    subjects: dict[str, Named]


class Asked(NamedTuple):
    """A question, and of it what only the database can answer."""

    commands: Sequence[bytes]
    subjects: Iterable[str]
    new_commands: list[bytes]
    new_subjects: list[str]

    @property
    def is_answered(self) -> bool:
        return not self.new_commands and not self.new_subjects


class Naming(NamedTuple):
    """What some entries that follow each other say: the head of each subject they name, where, and of which statements."""

    heads: Mapping[str, Named]
    positions: Mapping[str, Sequence[int]]
    commands: Mapping[bytes, int]


class _Recent(Generic[Key, Value]):
    """What was used lately: two generations, of which the older one is forgotten when the younger one is full."""

    def __init__(self) -> None:
        self._young: dict[Key, Value] = {}
        self._old: dict[Key, Value] = {}

    def get(self, key: Key) -> Value | None:
        found = self._young.get(key)
        if found is None and (found := self._old.get(key)) is not None:
            self.put(key, found)
        return found

    def put(self, key: Key, value: Value) -> None:
        if len(self._young) >= KEPT_MAX:
            self._young, self._old = {}, self._young
        self._young[key] = value

    def drop(self, key: Key) -> None:
        self._young.pop(key, None)
        self._old.pop(key, None)


class Names:
    """Changed by the one thread that holds the log's tree lock; asked by any."""

    def __init__(self, namings_max: int) -> None:
        self._namings_max = namings_max
        self._lock = threading.RLock()
        self._forget(0)

    def _forget(self, indexed: int) -> None:
        self.indexed = self.size = indexed
        self._heads: dict[str, Named] = {}
        self._positions: dict[str, list[int]] = {}
        self._namings = 0
        self._commands: dict[bytes, int] = {}
        self._kept: _Recent[str, Named] = _Recent()
        self._unrecorded: _Recent[bytes, bool] = _Recent()

    # --- asked ------------------------------------------------------------------------------------------

    def ask(self, commands: Sequence[bytes], subjects: Iterable[str]) -> tuple[Known, Asked]:
        """What is known already, and what has to be looked up: see `complete`."""
        with self._lock:
            recorded = {one: at for one in commands if (at := self._commands.get(one)) is not None}
            new_commands = [one for one in commands if one not in recorded and not self._unrecorded.get(one)]
            named: dict[str, Named] = {}
            new_subjects = []
            for one in subjects:
                found = self._heads.get(one) or self._kept.get(one)
                if found is None or found.version == _UNKNOWN:
                    new_subjects.append(one)
                else:
                    named[one] = found
            return Known(recorded, named), Asked(commands, subjects, new_commands, new_subjects)

    def complete(self, asked: Asked, look: Look) -> Known | None:
        """The whole answer, from memory and from what was looked up, as of a size that is not below that of the look.

        None when the index was renewed since: then the tail no longer has what lies between.
        """
        with self._lock:
            if look.head.indexed != self.indexed or look.head.size > self.size:
                return None
            recorded = dict(look.commands)
            for command in asked.commands:
                if (at := self._commands.get(command)) is not None:
                    recorded[command] = at
            found = {one: self._merged(one, look) for one in asked.new_subjects}
            named: dict[str, Named] = {}
            for one in asked.subjects:
                head = found.get(one) or self._heads.get(one) or self._kept.get(one)
                if head is None or head.version == _UNKNOWN:
                    return None  # known when it was asked, forgotten since
                named[one] = head
            for one, head in found.items():
                if one in self._heads:
                    self._heads[one] = head
                else:
                    self._kept.put(one, head)
            for command in asked.new_commands:
                if command not in recorded:
                    self._unrecorded.put(command, True)
            return Known(recorded, named)

    def _merged(self, subject: str, look: Look) -> Named:
        """The head of a subject by the tail, and by the index as far as the tail does not say."""
        indexed = look.subjects.get(subject, NEVER)
        head = self._heads.get(subject)
        if head is None:
            return indexed
        return head if head.version != _UNKNOWN else head._replace(version=indexed.version)

    def tail_of(self, subject: str) -> tuple[int, tuple[int, ...]]:
        """How far the index reaches, and where the subject was named from there on."""
        with self._lock:
            return self.indexed, tuple(self._positions.get(subject, ()))

    # --- changed ------------------------------------------------------------------------------------------

    def restart(self, indexed: int) -> None:
        """Forget everything: others have renewed the index. The entries from there on are to be read."""
        with self._lock:
            self._forget(indexed)

    def read(self, rows: Iterable[Row]) -> None:
        """Take over entries that were not built here, from `size` on. Raises Damaged."""
        for row in rows:
            header = canonical.decode_trusted(row.sections().header)
            leaf = row.leaf.hex()
            with self._lock:
                heads = {
                    subject: Named(count, leaf, self._version_after(row, subject, count))
                    for subject, count, _ in header["subjects"]
                }
                here = dict.fromkeys(heads, (row.position,))
                commands = {} if row.command is None else {row.command: row.position}
                self.add(Naming(heads, here, commands), row.position + 1)

    def _version_after(self, row: Row, subject: str, count: int) -> int:
        if subject == row.stream:
            return row.version
        if count == 1:
            return 0
        before = self._heads.get(subject) or self._kept.get(subject)
        return _UNKNOWN if before is None else before.version

    def add(self, naming: Naming, size: int) -> None:
        """Entries up to `size` are durable."""
        with self._lock:
            self._heads.update(naming.heads)
            for subject, positions in naming.positions.items():
                known = self._positions.get(subject)
                if known is None:
                    self._positions[subject] = [*positions]
                else:
                    known += positions
                self._namings += len(positions)
            self._commands.update(naming.commands)
            for command in naming.commands:
                self._unrecorded.drop(command)
            self.size = size

    def due(self, naming: Naming) -> list[Posting]:
        """What the commit of further entries must add to the index: nothing, or the whole tail with these entries."""
        with self._lock:
            if self._namings + sum(map(len, naming.positions.values())) < self._namings_max:
                return []
            subjects = sorted(self._positions.keys() | naming.positions.keys())
            return [
                posting(
                    one,
                    (naming.heads.get(one) or self._heads[one]).counted,
                    [*self._positions.get(one, ()), *naming.positions.get(one, ())],
                )
                for one in subjects
            ]

    def renewed(self) -> None:
        """The index now reaches as far as the log: the tail is empty, its newest heads are kept with the others."""
        with self._lock:
            for subject, head in self._heads.items():
                if head.version != _UNKNOWN:
                    self._kept.put(subject, head)
                else:
                    self._kept.drop(subject)
            self._heads, self._positions, self._commands, self._namings = {}, {}, {}, 0
            self.indexed = self.size
