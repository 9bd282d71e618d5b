"""The ledger (台账): takes signed commands one by one from many threads, decides them, has them recorded.

Idempotent: a command that is recorded already gives the same answer and changes nothing. A decision is
recorded only if nothing it read has moved since; otherwise it is made anew, a bounded number of times.
"""

import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, cast

from eventsourcing.application import AggregateNotFoundError, Application

from domain.authority import Directory
from domain.base import Aggregate, Event
from domain.batch import Batch
from domain.book import Book
from domain.command import table
from domain.decide import BatchDecision, decide, decide_batch, foreseen
from domain.errors import (
    Busy,
    DecideAgain,
    ForeignRules,
    NothingAccepted,
    Refused,
    RulesNotAdopted,
    WrongOpening,
    WrongSigners,
)
from domain.ports import Books
from domain.record import Signed, SignedBatch, Submission
from domain.values import STANDING, is_moving, kind_of
from domain.world import World

ATTEMPTS = 20


@dataclass(frozen=True, slots=True)
class Accepted:
    """A command that is recorded."""

    position: int  # of its first entry
    n: int
    command_id: str
    replayed: bool  # it had been recorded before


@dataclass(frozen=True, slots=True)
class RefusedRow:
    index: int
    code: str
    rule: str
    message: str  # empty when the batch had been recorded before: the log keeps code and rule


@dataclass(frozen=True, slots=True)
class BatchAccepted:
    """A batch that is recorded, with its outcome row by row."""

    position: int  # of the outcome entry; the entries of the accepted rows follow it
    accepted: list[list[int]]  # inclusive ranges of indexes
    refused: tuple[RefusedRow, ...]
    command_id: str
    replayed: bool


class Ledger(Application[str]):
    """The library's application over a store that signs: `factory` is the store's persistence module."""

    name = "ledger"

    def __init__(self, *, factory: Any, books: Books, today: Callable[[], str], archive: str) -> None:
        """`today` gives the recorded date (UTC+8, ISO); `archive` is the hash of the running domain's archive."""
        self._given_factory = factory
        self.books = books
        self._today = today
        self._archive = archive
        self._refreshing = threading.Lock()
        super().__init__()
        self._directory = Directory().after(*books.identities(0))

    def construct_env(self, name: str, env: Any = None) -> Any:
        """Nothing: the process environment does not choose the store (D13)."""
        environment = super().construct_env(name, {})
        environment.clear()
        return environment

    def construct_factory(self, env: Any) -> Any:
        return self._given_factory

    @property
    def directory(self) -> Directory:
        """Keys, posts, areas and parameters as last seen."""
        return self._directory

    def refresh(self) -> Directory:
        """The directory as of now, with what other processes have recorded."""
        self._renew(self._directory)
        return self._directory

    def handle(self, signed: Signed) -> Accepted:
        """Record a command, or raise the refusal. May be called again with the same command."""
        if not signed.signatures:
            raise WrongSigners("指令没有签名")
        asked = _asked_first(signed.command)
        for _ in range(ATTEMPTS):
            known, counts = self.books.look(signed.id, asked)
            if known is not None:
                return Accepted(known[0], known[1], signed.id, replayed=True)
            directory, today = self._directory, self._today()
            try:
                self._require_own_rules(directory, signed.command.get("command"))
                world = World(self.books, self._load, directory, counts)
                events = decide(world, signed, today)
                self._require_own_edition(signed, events[0])
                submission = Submission(signed, (len(events),), (), world.reads, today, directory.epoch)
                position = self._record_all(events, submission)
            except Refused:
                # The directory may have been behind the log: a refusal must rest on what is recorded.
                if not self._renew(directory):
                    raise
            except DecideAgain:
                self._renew(directory)
            else:
                self._follow(directory, events)
                return Accepted(position, len(events), signed.id, replayed=False)
        raise Busy("同时变动过多，未能入账，请重新提交同一指令")

    def handle_batch(self, batch: SignedBatch) -> BatchAccepted:
        """Record a batch with its accepted rows, or raise the refusal of the whole batch."""
        if not batch.signatures:
            raise WrongSigners("批次没有签名")
        repeated: frozenset[int] = frozenset()
        for _ in range(ATTEMPTS):
            known = self.books.find(batch.id)
            if known is not None:
                return self._recorded_before(batch, known[0])
            directory, today = self._directory, self._today()
            try:
                self._require_own_rules(directory, None)
                world = World(self.books, self._load, directory)
                decision = decide_batch(world, batch, today, repeated)
                self._require_a_row(batch, decision)
                submission = Submission(
                    batch, decision.sizes, decision.indexes, world.reads, today, directory.epoch
                )
                position = self._record_all(decision.events, submission)
            except Refused:
                if not self._renew(directory):
                    raise
            except DecideAgain:
                self._renew(directory)
                # The store sends back a batch with a member that is recorded already: such rows are refused.
                repeated = frozenset(
                    index
                    for index, member in enumerate(batch.members)
                    if self.books.find(member.id) is not None
                )
            else:
                self._follow(directory, decision.events)
                refused = tuple(
                    RefusedRow(index, why.code, why.rule, why.message) for index, why in decision.refused
                )
                return BatchAccepted(position, decision.accepted, refused, batch.id, replayed=False)
        raise Busy("同时变动过多，未能入账，请重新提交同一批次")

    def preview(self, signed: Signed) -> list[Event]:
        """The events that a command would come to if it were handed in now. Nothing is recorded; raises the refusal."""
        directory = self.refresh()
        self._require_own_rules(directory, signed.command.get("command"))
        events = decide(World(self.books, self._load, directory), signed, self._today())
        self._require_own_edition(signed, events[0])
        return events

    def preview_batch(self, batch: SignedBatch) -> BatchDecision:
        """What the batch would come to if it were handed in now. Nothing is recorded; raises what refuses all of it."""
        directory = self.refresh()
        self._require_own_rules(directory, None)
        return decide_batch(World(self.books, self._load, directory), batch, self._today())

    # --- inside ---

    def _load(self, identity: str) -> Aggregate | None:
        try:
            return cast("Aggregate", self.repository.get(identity))
        except AggregateNotFoundError:
            return None

    def _record_all(self, events: list[Event], submission: Submission) -> int:
        """The position of the first event.

        What `Application.save` does for events that are no aggregates, without what it does for snapshots and for
        followers that are pushed to: a ledger has neither, and they cost more than the decision of a small command.
        """
        stored = [self.mapper.to_stored_event(made) for made in events]
        positions = self.recorder.insert_events(stored, submission=submission)
        assert positions is not None
        return int(positions[0])

    def _recorded_before(self, batch: SignedBatch, position: int) -> BatchAccepted:
        recorded = self._load(batch.statement["batch"])
        assert isinstance(recorded, Batch)
        refused = tuple(
            RefusedRow(int(index), str(code), str(rule), "") for index, code, rule in recorded.refused
        )
        return BatchAccepted(position, recorded.accepted, refused, batch.id, replayed=True)

    def _require_own_rules(self, directory: Directory, command: object) -> None:
        """A process with other rules than the current ones may only adopt its own (D6)."""
        if (
            directory.ledger is None
            or command == "rules.adopt.v1"
            or directory.ledger.archive == self._archive
        ):
            return
        raise RulesNotAdopted(  # LEDGER-4
            f"现行规则第 {directory.epoch} 版的规则包是 {directory.ledger.archive[:16]}…，本程序的是 "
            f"{self._archive[:16]}…，须先由两名登记员启用"
        )

    @staticmethod
    def _require_a_row(batch: SignedBatch, decision: BatchDecision) -> None:
        """A batch of refused rows would be an entry about nothing. Asked at the door only: replay knows older ones."""
        if not decision.indexes:  # BATCH-6
            rows = [
                {"index": index, "code": why.code, "rule": why.rule, "message": why.message}
                for index, why in decision.refused
            ]
            raise NothingAccepted(
                f"批次 {batch.statement['batch']} 的 {len(rows)} 行没有一行可以入账，请改正后再交", rows=rows
            )

    def _require_own_edition(self, signed: Signed, made: Event) -> None:
        """Asked at the door only: in replay the rules that decide an adoption are not those that are adopted."""
        if isinstance(made, Book.Opened) and made.archive != self._archive:  # LEDGER-2
            raise WrongOpening(f"本程序的规则包是 {self._archive}，开立所写是 {made.archive}")
        if isinstance(made, Book.Adopted):
            stated = signed.command["payload"]["rules"]
            if (stated["archive"], stated["table"]) != (self._archive, table()):  # LEDGER-6
                raise ForeignRules("只能启用本程序自己的规则：规则包和目录须与本程序的相同")

    def _renew(self, seen: Directory) -> bool:
        """Bring the directory up to the log; whether it now differs from the one that was seen."""
        with self._refreshing:
            if self._directory is seen:
                fresh = seen.after(*self.books.identities(seen.next))
                if fresh.next == seen.next:
                    return False
                self._directory = fresh
            return True

    def _follow(self, seen: Directory, events: list[Event]) -> None:
        if any(kind_of(made.originator_id) in STANDING for made in events):
            self._renew(seen)


def _asked_first(command: Mapping[str, Any]) -> list[str]:
    """What the decision will ask the counts of, as far as the command tells without being looked at: only a guess."""
    seen = [row[0] for row in _rows(command.get("seen")) if row and isinstance(row[0], str)]
    return foreseen(command, [one for one in seen if is_moving(one)])


def _rows(value: Any) -> list[list[Any]]:
    return [row for row in value if isinstance(row, list)] if isinstance(value, list) else []
