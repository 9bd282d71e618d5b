"""The ledger (台账): takes signed commands one by one from many threads, decides them, has them recorded.

Idempotent: a command that is recorded already gives the same answer and changes nothing. A decision is
recorded only if nothing it read has moved since; otherwise it is made anew, a bounded number of times.
"""

import threading
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain
from typing import Any, NamedTuple, cast

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
from domain.ports import Books, Recorder
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


class _Decided(NamedTuple):
    """What one of several commands comes to, if nothing of what it read has moved."""

    at: int  # its place among them
    events: list[Event]
    submission: Submission
    stored: list[Any]  # as the mapper made them of the events


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
        standing, self._looked = books.identities(0)
        self._directory = Directory().after(*standing)

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
        (outcome,) = self.handle_all((signed,))
        if isinstance(outcome, Exception):
            raise outcome
        return outcome

    def handle_all(self, commands: Sequence[Signed]) -> list[Accepted | Exception]:
        """`handle` for several who came at the same time: what each would have returned or raised.

        All are decided on the same recorded state and recorded in one commit. Whoever stood in another's way is decided anew;
        the number of rounds in which nobody came through is bounded.
        """
        outcomes: list[Accepted | Exception | None] = [
            None if one.signatures else WrongSigners("指令没有签名") for one in commands
        ]
        left = [at for at, outcome in enumerate(outcomes) if outcome is None]
        vain = 0
        while left and vain < ATTEMPTS:
            try:
                found = self._round([commands[at] for at in left])
            except Exception as error:  # noqa: BLE001 - whoever is recorded already is told so
                found = [error] * len(left)
            for at, outcome in zip(left, found, strict=True):
                outcomes[at] = outcome
            again = [at for at in left if outcomes[at] is None]
            vain += len(again) == len(left)
            left = again
        busy = Busy("同时变动过多，未能入账，请重新提交同一指令")
        return [busy if outcome is None else outcome for outcome in outcomes]

    def _round(self, commands: Sequence[Signed]) -> list[Accepted | Exception | None]:
        """Decide and record what can be: what became of each command, None for one to be decided anew."""
        asked = [_asked_first(one.command) for one in commands]
        recorded, counts = self.books.look([one.id for one in commands], list(dict.fromkeys(chain(*asked))))
        directory, today = self._directory, self._today()
        outcomes: list[Accepted | Exception | None] = [
            None if (found := recorded.get(one.id)) is None else Accepted(*found, one.id, replayed=True)
            for one in commands
        ]
        decided: list[_Decided] = []
        for at, signed in enumerate(commands):
            if outcomes[at] is not None:
                continue
            try:
                world = World(self.books, self._load, directory, {one: counts[one] for one in asked[at]})
                decided.append(self._decided(at, signed, world, today))
            except DecideAgain:
                """The directory is behind the log."""
            except Exception as error:  # noqa: BLE001 - who came at the same time is not to suffer for it
                outcomes[at] = error
        for one, positions in zip(decided, self._append(decided), strict=True):
            if isinstance(positions, DecideAgain):
                continue
            outcomes[one.at] = (
                positions
                if isinstance(positions, Exception)
                else Accepted(int(positions[0]), len(one.events), commands[one.at].id, replayed=False)
            )
        recorded_now = (one for one in decided if isinstance(outcomes[one.at], Accepted))
        self._follow(directory, chain.from_iterable(one.events for one in recorded_now))
        if any(outcome is None or isinstance(outcome, Refused) for outcome in outcomes) and self._renew(
            directory
        ):
            # The directory was behind the log: a refusal must rest on what is recorded.
            outcomes = [None if isinstance(outcome, Refused) else outcome for outcome in outcomes]
        return outcomes

    def _decided(self, at: int, signed: Signed, world: World, today: str) -> _Decided:
        directory = world.directory
        self._require_own_rules(directory, signed.command.get("command"))
        events = decide(world, signed, today)
        self._require_own_edition(signed, events[0])
        submission = Submission(signed, (len(events),), (), world.reads, today, directory.epoch)
        return _Decided(at, events, submission, [self.mapper.to_stored_event(made) for made in events])

    def _append(self, decided: Sequence[_Decided]) -> Sequence[Sequence[int] | Exception]:
        recorder = cast("Recorder", self.recorder)
        try:
            return recorder.insert_all([(one.submission, one.stored) for one in decided]) if decided else ()
        except Exception as error:  # noqa: BLE001 - who came with them may have been recorded before
            return [error] * len(decided)

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
                stored = [self.mapper.to_stored_event(made) for made in decision.events]
                positions = self.recorder.insert_events(stored, submission=submission)
                assert positions is not None
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
                return BatchAccepted(int(positions[0]), decision.accepted, refused, batch.id, replayed=False)
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
            raise NothingAccepted(f"这一批 {len(rows)} 行没有一行可以入账，请逐行改正后再交", rows=rows)

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
                standing, self._looked = self.books.identities(self._looked)
                if not standing:
                    return False
                self._directory = seen.after(*standing)
            return True

    def _follow(self, seen: Directory, events: Iterable[Event]) -> None:
        if any(kind_of(made.originator_id) in STANDING for made in events):
            self._renew(seen)


def _asked_first(command: Mapping[str, Any]) -> list[str]:
    """What the decision will ask the counts of, as far as the command tells without being looked at: only a guess."""
    seen = [row[0] for row in _rows(command.get("seen")) if row and isinstance(row[0], str)]
    return foreseen(command, [one for one in seen if is_moving(one)])


def _rows(value: Any) -> list[list[Any]]:
    return [row for row in value if isinstance(row, list)] if isinstance(value, list) else []
