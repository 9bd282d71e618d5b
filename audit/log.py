"""The log: commands become entries, in groups, under one lock; every commit is sealed (FORMAT 7 to 12; docs/decisions/0001).

Concurrent callers are committed together. An idle caller commits itself; callers that arrive meanwhile wait, and the
first of them leads the next group. A refused command never fails its group: every check is made in memory under the lock,
before anything is written. What a crash or a failed COMMIT leaves is read back, never assumed.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, datetime, timedelta, timezone

from eventsourcing.persistence import StoredEvent

from audit import canonical
from audit.checkpoint import Seal, VerifierKey, tlog_proof
from audit.driver import Driver, Head, Row, StoreFailure
from audit.entry import (
    ENTRY_BYTES_MAX,
    NO_PREVIOUS,
    SUBJECTS_MAX,
    Subject,
    frame,
    header_bytes,
    membership_bytes,
)
from audit.ids import is_moving
from audit.merkle import leaf_hash
from audit.prepared import Piece, Prepared, prepare
from audit.sealer import Forked, Sealer
from audit.tree import Tree
from domain.errors import DateChanged, EpochChanged, Moved
from domain.record import Submission

CHINA = timezone(timedelta(hours=8))
GROUP_EVENTS_MAX = 2_000
_LEAVES_AT_ONCE = 100_000


class ClockBehind(StoreFailure):
    """The clock stands before the last recorded entry. Nothing is recorded until it is right again."""


class TooLarge(Exception):
    """An entry beyond the limits of FORMAT 16. Nothing of its command is recorded."""


class ForeignKey(Exception):
    """The key at hand is not the ledger's own: what it sealed would be a forgery in every verifier's eyes."""


class ReadOnly(Exception):
    """This process holds no ledger key, so it can record nothing."""


def now() -> datetime:
    """The clock of a server. The only one in this package."""
    return datetime.now(UTC)


def recording_time(moment: datetime) -> str:
    """FORMAT 1.3, 27 characters."""
    return moment.astimezone(UTC).isoformat(timespec="microseconds").replace("+00:00", "Z")


def recorded_date(at: str) -> str:
    """The calendar day at UTC+8 of a recording time."""
    return datetime.fromisoformat(at).astimezone(CHINA).date().isoformat()


class _Waiting:
    """One caller with its submission: woken with a result, with a refusal, or to lead the next group."""

    __slots__ = ("error", "gate", "leads", "positions", "prepared")

    def __init__(self, prepared: Prepared) -> None:
        self.prepared = prepared
        self.gate: threading.Event | None = None
        self.leads = False
        self.positions: list[int] | None = None
        self.error: BaseException | None = None

    def outcome(self) -> list[int]:
        if self.error is not None:
            raise self.error
        assert self.positions is not None
        return self.positions


class _Group:
    """The entries of one commit while they are built. Nothing of it is visible until the commit is durable."""

    def __init__(self, head: Head, tree_size: int, epoch: int, today: str) -> None:
        self.rows: list[Row] = []
        self.subject_rows: list[tuple[str, int, int]] = []
        self.heads = head.subjects
        self.versions = head.versions
        self.known = head.commands
        self.position = tree_size
        self.epoch = epoch
        self.today = today

    def moves(self, subject: str) -> int:
        if is_moving(subject):
            found = self.heads.get(subject)
            return found[0] if found else 0
        return self.versions.get(subject, 0)

    def gaps(self, pieces: Sequence[Piece]) -> tuple[str, ...]:
        """The streams that the pieces do not continue: written to by others, though not among what was read."""
        last: dict[str, int] = {}
        found = []
        for piece in pieces:
            if piece.version != last.get(piece.stream, self.versions.get(piece.stream, 0)) + 1:
                found.append(piece.stream)
            last[piece.stream] = piece.version
        return tuple(found)


class Log:
    """One ledger's log on one driver. Threads share it; other processes have their own."""

    def __init__(self, driver: Driver, sealer: Sealer | None, clock: Callable[[], datetime] = now) -> None:
        """Raises Forked when the stored hashes do not lead to the last seal, ForeignKey for another ledger's key.

        `sealer` None: read-only.
        """
        self.driver = driver
        self._sealer = sealer
        self._clock = clock
        self._mutex = threading.Lock()  # guards _leading and _waiting
        self._leading = False
        self._waiting: list[_Waiting] = []
        self._tree_lock = threading.Lock()  # guards the tree and what is known of the head
        self._tree = Tree(driver.leaves)
        self._seal: Seal | None = None
        self._origin = ""
        self._epoch = 0
        self._at = ""
        self._listeners: list[Callable[[int], None]] = []
        with self._tree_lock:
            self._catch_up(driver.last_seal())
        if self._origin:
            self._require_own_key(next(driver.rows(0, 1)))

    # --- what is known of the head --------------------------------------------------------------------

    def _catch_up(self, seal: Seal | None) -> None:
        """Take over what others, or an unknown COMMIT, have added. The frontier comes from the entries."""
        if self._sealer is not None:
            self._sealer.check(seal)
        size = seal.size if seal else 0
        if size < self._tree.size:
            raise Forked(f"数据库只有 {size} 条，本程序已见过 {self._tree.size} 条")
        if seal is None:
            return
        while self._tree.size < size:
            leaves = self.driver.leaves(self._tree.size, min(size, self._tree.size + _LEAVES_AT_ONCE))
            if not leaves:
                raise Forked(f"应有 {size} 条，第 {self._tree.size} 号缺失")
            self._tree.extend(leaves)
        if self._tree.root(size) != seal.root:
            raise Forked(f"存储的 {size} 条与其封印不符：先运行 bangfu verify")
        if size == self.size:
            return
        last = canonical.decode(next(self.driver.rows(size - 1, size)).sections().header)
        if not self._origin:
            self._origin = self._origin_of(next(self.driver.rows(0, 1)))
        self._at, self._epoch, self._seal = last["at"], self._epoch_after(size), seal

    @staticmethod
    def _origin_of(genesis: Row) -> str:
        state = canonical.decode(genesis.sections().state)
        return f"bangfu/{state['area_code']}/{genesis.leaf.hex()[:32]}"

    def _require_own_key(self, genesis: Row) -> None:
        """The ledger's key is the first of entry 0 (FORMAT 11.1)."""
        stated = canonical.decode(genesis.sections().state)["keys"][0]["public"]
        if self._sealer is not None and self._sealer.public.hex() != stated:
            raise ForeignKey(f"台账密钥 {self._sealer.key_id} 不是这本台账的，请放回开账时的 ledger.key")

    def _epoch_after(self, size: int) -> int:
        """The epoch that the next entry bears: that of the newest adoption in the ledger's own stream (FORMAT 11.4)."""
        genesis = next(self.driver.rows(0, 1))
        for row in self.driver.stream(genesis.stream, newest_first=True):
            entry = row.sections()
            if b'"event":"rules.adopted.v1"' in entry.header and row.position < size:
                return int(canonical.decode(entry.state)["epoch"])
        return 1

    @property
    def origin(self) -> str:
        """Empty before the ledger is opened."""
        return self._origin

    @property
    def size(self) -> int:
        return self._seal.size if self._seal else 0

    @property
    def epoch(self) -> int:
        """The current rules epoch; 0 before the ledger is opened."""
        return self._epoch

    @property
    def seal(self) -> Seal | None:
        """The last released seal that this process knows."""
        return self._seal

    @property
    def sealer(self) -> Sealer | None:
        return self._sealer

    def refresh(self) -> None:
        """See what other processes have committed."""
        with self._tree_lock:
            self._catch_up(self.driver.last_seal())

    def vkey(self) -> VerifierKey:
        genesis = canonical.decode(next(self.driver.rows(0, 1)).sections().state)
        return VerifierKey(self._origin, bytes.fromhex(genesis["keys"][0]["public"]))

    def checkpoint(self) -> bytes:
        """The note of the last released seal."""
        assert self._seal is not None
        return self._seal.note(self._origin)

    def receipt(self, position: int) -> bytes:
        """The proof that an entry stands in the log, C2SP tlog-proof (FORMAT 12.5)."""
        with self._tree_lock:
            seal = self._seal
            if seal is None or not 0 <= position < seal.size:
                raise LookupError(f"没有第 {position} 号")
            return tlog_proof(position, self._tree.inclusion(position, seal.size), seal.note(self._origin))

    def consistency(self, old: int) -> list[bytes]:
        with self._tree_lock:
            return self._tree.consistency(old, self.size)

    def on_commit(self, listener: Callable[[int], None]) -> None:
        """Call with the new size after each durable commit of this process. Listeners must not raise and not block."""
        self._listeners.append(listener)

    # --- appending ------------------------------------------------------------------------------------

    def append(self, submission: Submission, stored: Sequence[StoredEvent]) -> list[int]:
        """The positions of the events of one decided submission, durable and sealed.

        Raises Moved, DateChanged, EpochChanged (decide anew), TooLarge, ClockBehind, StoreFailure (unknown outcome: send
        the same command again), Forked, ReadOnly.
        """
        if self._sealer is None:
            raise ReadOnly("本进程没有台账密钥，只能读")
        one = _Waiting(prepare(submission, stored))
        with self._mutex:
            leads = not self._leading
            if leads:
                self._leading = True
            else:
                one.gate = threading.Event()
                self._waiting.append(one)
        if not leads:
            leads = self._wait(one)
        if leads:
            self._lead(one)
        return one.outcome()

    def _wait(self, one: _Waiting) -> bool:
        """Wait for a result, or for the lead. A caller that is interrupted leaves the queue, or hands the lead on."""
        assert one.gate is not None
        try:
            one.gate.wait()
        except BaseException:
            with self._mutex:
                if one in self._waiting:
                    self._waiting.remove(one)
                elif one.leads:
                    self._hand_on()
            raise
        return one.leads

    def _hand_on(self) -> None:
        """Let the first waiter lead the next group. With the mutex held."""
        if not self._waiting:
            self._leading = False
            return
        following = self._waiting.pop(0)
        following.leads = True
        assert following.gate is not None
        following.gate.set()

    def _lead(self, one: _Waiting) -> None:
        group = [one]
        with self._mutex:
            events = len(one.prepared.pieces)
            while self._waiting and events < GROUP_EVENTS_MAX:
                group.append(self._waiting.pop(0))
                events += len(group[-1].prepared.pieces)
        try:
            with self._tree_lock:
                self._commit(group)
        except BaseException as error:  # noqa: BLE001 - every waiter must learn of it; the leader raises its own
            for waiting in group:
                if waiting.error is None:
                    waiting.error = error
        finally:
            with self._mutex:
                self._hand_on()
            for waiting in group[1:]:
                assert waiting.gate is not None
                waiting.gate.set()

    def _commit(self, group: list[_Waiting]) -> None:
        """One transaction. A crash before `write` returns leaves all of it or nothing, and no seal was released."""
        assert self._sealer is not None
        commands = [command for waiting in group for command in waiting.prepared.commands]
        subjects = sorted(set().union(*(waiting.prepared.subjects for waiting in group)))
        streams = sorted(set().union(*(waiting.prepared.streams for waiting in group)))
        head = self.driver.begin(commands, subjects, streams)
        try:
            self._catch_up(head.seal)
            at = recording_time(self._clock())
            if at < self._at:
                raise ClockBehind(f"时钟 {at} 早于最后一条 {self._at}")
            building = _Group(head, self._tree.size, self._epoch, recorded_date(at))
            for waiting in group:
                self._add(building, waiting, at)
            if not building.rows:
                self.driver.abandon()
                return
            frontier = self._tree.frontier.copy()
            for row in building.rows:
                frontier.append(row.leaf)
            if not self._origin:
                self._require_own_key(building.rows[0])
            origin = self._origin or self._origin_of(building.rows[0])
            seal = self._sealer.seal(origin, frontier.size, frontier.root(), head.seal)
        except BaseException:
            self.driver.abandon()
            raise
        try:
            self.driver.write(building.rows, building.subject_rows, seal)
        except StoreFailure as failure:
            seal = self._after_unknown(group, commands, failure)
        except BaseException:
            self.driver.abandon()
            raise
        else:
            self._tree.extend([row.leaf for row in building.rows])
            self._origin, self._at, self._epoch, self._seal = origin, at, building.epoch, seal
        self._sealer.release(seal)
        for listener in self._listeners:
            listener(seal.size)

    def _after_unknown(self, group: list[_Waiting], commands: list[bytes], failure: StoreFailure) -> Seal:
        """Read the head again after a COMMIT of unknown outcome: either the whole group is there, or none of it."""
        self.driver.abandon()
        head = self.driver.begin(commands, (), ())
        self.driver.abandon()
        self._catch_up(head.seal)
        for waiting in group:
            first = head.commands.get(waiting.prepared.commands[0])
            if waiting.positions is None:
                continue  # it was refused before anything was written
            if first is None:
                waiting.error = failure
            elif first != waiting.positions[0]:
                waiting.error = Moved(())  # another process has recorded the same command meanwhile
        if head.seal is None or not any(waiting.error is None for waiting in group):
            raise failure
        return head.seal

    def _add(self, building: _Group, waiting: _Waiting, at: str) -> None:
        """Build the entries of one submission, or give its caller the reason why not; the others go on."""
        submission, pieces = waiting.prepared.submission, waiting.prepared.pieces
        moved = tuple(s for s, seen in submission.reads.items() if building.moves(s) != seen)
        known = any(command in building.known for command in waiting.prepared.commands)
        if moved or known:
            waiting.error = Moved(moved)
        elif submission.epoch != building.epoch and building.epoch:
            waiting.error = EpochChanged()
        elif building.today != submission.today:
            waiting.error = DateChanged()
        elif gaps := building.gaps(pieces):
            waiting.error = Moved(gaps)
        else:
            try:
                self._build(building, waiting, pieces, at)
            except TooLarge as error:
                waiting.error = error

    @staticmethod
    def _build(building: _Group, waiting: _Waiting, pieces: list[Piece], at: str) -> None:
        heads, position = building.heads, building.position
        changed: dict[str, tuple[int, str]] = {}
        versions: dict[str, int] = {}
        rows: list[Row] = []
        subject_rows: list[tuple[str, int, int]] = []
        outcome = position
        epoch = building.epoch or 1
        for piece in pieces:
            subjects = []
            for subject in piece.subjects:
                count, previous = changed.get(subject) or heads.get(subject) or (0, NO_PREVIOUS)
                subjects.append(Subject(subject, count + 1, previous))
            if len(subjects) > SUBJECTS_MAX:
                raise TooLarge(f"一条分录涉及 {len(subjects)} 个对象，最多 {SUBJECTS_MAX} 个")
            header = header_bytes(
                at=at,
                epoch=epoch,
                event=piece.event,
                i=piece.i,
                n=piece.n,
                position=position,
                stream=piece.stream,
                subjects=subjects,
                version=piece.version,
            )
            proof = piece.proof if piece.member is None else membership_bytes(outcome, *piece.member)
            assert proof is not None
            entry = frame(header, piece.state, piece.statement, proof)
            if len(entry) > ENTRY_BYTES_MAX:
                raise TooLarge(f"分录有 {len(entry)} 字节，最多 {ENTRY_BYTES_MAX} 字节")
            leaf = leaf_hash(entry)
            text = leaf.hex()
            for subject, count, _ in subjects:
                changed[subject] = (count, text)
                subject_rows.append((subject, count, position))
            versions[piece.stream] = piece.version
            rows.append(Row(position, piece.stream, piece.version, piece.command, leaf, entry))
            position += 1
        waiting.positions = list(range(building.position, position))
        for command in waiting.prepared.commands:
            building.known[command] = building.position
        heads.update(changed)
        building.versions.update(versions)
        building.rows += rows
        building.subject_rows += subject_rows
        building.position = position
        building.epoch = epoch
        for piece in pieces:
            if piece.event == "rules.adopted.v1":
                building.epoch = int(canonical.decode(piece.state)["epoch"])

    # --- reading --------------------------------------------------------------------------------------

    def entries(self, start: int = 0, stop: int | None = None) -> Iterator[bytes]:
        """Exact stored bytes, in order, of what is sealed."""
        for row in self.driver.rows(start, self.size if stop is None else stop):
            yield row.entry
