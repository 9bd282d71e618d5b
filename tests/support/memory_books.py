"""A store in memory that keeps the obligations of domain/ports.py: for the domain's tests. It signs nothing.

Real in what the domain relies on: one lock, positions without gaps, counts by FORMAT 3, the read set checked
at the append, states kept as JSON text and never as objects. Its leaf is only a hash of the entry's content.
"""

import hashlib
import json
import threading
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, cast

from eventsourcing.persistence import (
    ApplicationRecorder,
    InfrastructureFactory,
    Mapper,
    Notification,
    StoredEvent,
    Transcoder,
)

from domain.base import recall, state_of
from domain.errors import DateChanged, EpochChanged, Moved
from domain.record import Recorded, Signed, SignedBatch, Submission
from domain.values import ids_in, is_moving, kind_of


def canonical(value: Any) -> bytes:
    return json.dumps(
        value, ensure_ascii=False, sort_keys=True, separators=(",", ":"), allow_nan=False
    ).encode()


class MemoryBooks:
    """What is recorded; also the notional head under whose lock everything is appended."""

    def __init__(self, today: str) -> None:
        self.entries: list[Recorded] = []
        self.statements: dict[int, Mapping[str, Any]] = {}  # of outcome entries
        self.dates: list[str] = []
        self.today = today
        self.lock = threading.RLock()
        self._counts: dict[str, int] = {}
        self._streams: dict[str, list[int]] = {}
        self._commands: dict[str, tuple[int, int]] = {}
        self._epoch = 0

    # --- Books ---

    def moves(self, subjects: Sequence[str]) -> dict[str, int]:
        with self.lock:
            return {one: self._moves(one) for one in subjects}

    def look(
        self, command_ids: Sequence[str], subjects: Sequence[str]
    ) -> tuple[dict[str, tuple[int, int]], dict[str, int]]:
        with self.lock:
            found = {one: known for one in command_ids if (known := self.find(one)) is not None}
            return found, self.moves(subjects)

    def _moves(self, subject: str) -> int:
        return self._counts.get(subject, 0) if is_moving(subject) else len(self._streams.get(subject, ()))

    def find(self, command_id: str) -> tuple[int, int] | None:
        return self._commands.get(command_id)

    def located(self, stream: str, version: int) -> tuple[int, str] | None:
        positions = self._streams.get(stream, [])
        if not 1 <= version <= len(positions):
            return None
        found = self.entries[positions[version - 1]]
        return found.position, found.leaf

    def signers(self, position: int) -> Sequence[Mapping[str, str]]:
        entry = self.entries[position]
        first = self.entries[position - (entry.i - 1)]
        statement = self.statements.get(first.position, first.command)
        return cast("Sequence[Mapping[str, str]]", cast("Mapping[str, Any]", statement)["signers"])

    def identities(self, start: int) -> tuple[list[Recorded], int]:
        upto = len(self.entries)
        return [one for one in self.entries[start:upto] if not is_moving(one.stream)], upto

    def begun(
        self, kinds: Collection[str], after: int, before: int
    ) -> Iterable[tuple[str, Mapping[str, Any]]]:
        return [
            (one.stream, one.state)
            for one in self.entries[after + 1 : before]
            if one.version == 1 and kind_of(one.stream) in kinds
        ]

    def epoch(self) -> int:
        return self._epoch

    # --- the append ---

    def append(self, stored: Sequence[StoredEvent], submission: Submission) -> list[int]:
        with self.lock:
            moved = tuple(one for one, seen in submission.reads.items() if self._moves(one) != seen)
            signed = submission.signed
            commands = [signed.id]
            if isinstance(signed, SignedBatch):
                commands += [signed.members[index].id for index in submission.indexes]
            if moved or any(one in self._commands for one in commands):
                raise Moved(moved)
            if submission.epoch != self._epoch:
                raise EpochChanged
            if submission.today != self.today:
                raise DateChanged
            assert sum(submission.sizes) == len(stored)
            start = len(self.entries)
            events = iter(stored)
            for number, size in enumerate(submission.sizes):
                part = [next(events) for _ in range(size)]
                self._append_command(part, submission, number - 1, commands[number], start)
            return list(range(start, len(self.entries)))

    def _append_command(
        self, part: list[StoredEvent], submission: Submission, row: int, command_id: str, outcome: int
    ) -> None:
        signed = submission.signed
        statement: Mapping[str, Any]
        if isinstance(signed, Signed):
            statement, member, command = signed.command, None, signed.command
        elif row < 0:
            statement, member, command = signed.statement, None, None
            self.statements[outcome] = statement
        else:
            index = submission.indexes[row]
            command = statement = signed.members[index].command
            member = (outcome, index)
        self._commands[command_id] = (len(self.entries), len(part))
        for i, event in enumerate(part, 1):
            state = json.loads(event.state)
            stream = str(event.originator_id)
            named = ids_in(state) | {stream} | (ids_in(json.loads(canonical(statement))) if i == 1 else set())
            for one in named:
                self._counts[one] = self._counts.get(one, 0) + 1
            position = len(self.entries)
            entry = Recorded(
                position=position,
                leaf="",
                recorded_at=f"{self.today}T01:00:00.000000Z",
                epoch=max(self._epoch, 1),
                event=event.topic,
                stream=stream,
                version=event.originator_version,
                i=i,
                n=len(part),
                state=state,
                subjects=tuple((one, self._counts[one]) for one in sorted(named, key=str.encode)),
                command=command if i == 1 else None,
                command_id=command_id if i == 1 else None,
                batch=member if i == 1 else None,
            )
            leaf = hashlib.sha256(
                canonical([position, event.topic, stream, state, entry.subjects])
            ).hexdigest()
            self.entries.append(replace(entry, leaf=leaf))
            self.dates.append(self.today)
            self._streams.setdefault(stream, []).append(position)
            assert event.originator_version == len(self._streams[stream])
            if event.topic in ("ledger.opened.v1", "rules.adopted.v1"):
                self._epoch = state["epoch"]

    def stream(self, identity: str) -> list[Recorded]:
        return [self.entries[position] for position in self._streams.get(identity, [])]

    def lines(self) -> list[dict[str, Any]]:
        """The entries as domain/replay.py reads them."""
        return [
            {
                "position": one.position,
                "leaf": one.leaf,
                "date": date,
                "epoch": one.epoch,
                "event": one.event,
                "stream": one.stream,
                "version": one.version,
                "i": one.i,
                "n": one.n,
                "state": one.state,
                "command": one.command,
                "command_id": one.command_id,
                "batch": {"statement": self.statements[one.position]}
                if one.position in self.statements
                else None,
                "member": None if one.batch is None else list(one.batch),
            }
            for one, date in zip(self.entries, self.dates, strict=True)
        ]


class MemoryMapper(Mapper[str]):
    """Events to JSON text and back, by the domain's closed registry."""

    def to_stored_event(self, domain_event: Any) -> StoredEvent:
        return StoredEvent(
            domain_event.originator_id,
            domain_event.originator_version,
            domain_event.TOPIC,
            canonical(state_of(domain_event)),
        )

    def to_domain_event(self, stored_event: StoredEvent) -> Any:
        return recall(
            stored_event.topic,
            str(stored_event.originator_id),
            stored_event.originator_version,
            json.loads(stored_event.state),
        )


@dataclass
class MemoryRecorder(ApplicationRecorder):
    """The library's recorder over the books."""

    books: MemoryBooks

    def insert_events(self, stored_events: Sequence[StoredEvent], **kwargs: Any) -> Sequence[int] | None:
        return self.books.append(stored_events, kwargs["submission"])

    def insert_all(
        self, submissions: Sequence[tuple[Submission, Sequence[StoredEvent]]]
    ) -> list[Sequence[int] | Exception]:
        found: list[Sequence[int] | Exception] = []
        for submission, stored in submissions:
            try:
                found.append(self.insert_events(stored, submission=submission) or ())
            except Exception as error:  # noqa: BLE001 - for its own caller
                found.append(error)
        return found

    def select_events(
        self,
        originator_id: Any,
        *,
        gt: int | None = None,
        lte: int | None = None,
        desc: bool = False,
        limit: int | None = None,
    ) -> Sequence[StoredEvent]:
        found = [
            StoredEvent(one.stream, one.version, one.event, canonical(one.state))
            for one in self.books.stream(str(originator_id))
            if one.version > (gt or 0) and (lte is None or one.version <= lte)
        ]
        return (found[::-1] if desc else found)[:limit]

    def select_notifications(self, *_: Any, **__: Any) -> Sequence[Notification]:
        raise NotImplementedError("nobody follows the books of a test")

    def max_notification_id(self) -> int | None:
        return len(self.books.entries) - 1 if self.books.entries else None

    def subscribe(self, *_: Any, **__: Any) -> Any:
        raise NotImplementedError("nobody follows the books of a test")


class MemoryFactory(InfrastructureFactory[Any]):
    def __init__(self, books: MemoryBooks) -> None:
        super().__init__({})
        self.books = books

    def mapper(self, transcoder: Transcoder | None = None, mapper_class: Any = None) -> Mapper[Any]:
        return MemoryMapper(transcoder=transcoder or self.transcoder())

    def application_recorder(self) -> ApplicationRecorder:
        return MemoryRecorder(self.books)

    def aggregate_recorder(self, purpose: str = "events") -> Any:
        raise NotImplementedError(purpose)

    def tracking_recorder(self, tracking_recorder_class: Any = None) -> Any:
        raise NotImplementedError

    def process_recorder(self) -> Any:
        raise NotImplementedError

    def is_snapshotting_enabled(self) -> bool:
        return False
