"""The log: commands become entries, in groups, under one lock; every commit is sealed (FORMAT 7 to 12; docs/decisions/0001).

Concurrent callers are committed together. A refused command never fails its group: every check is made in memory under the
lock, before anything is written. What a crash or a failed COMMIT leaves is read back, never assumed.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, datetime, timedelta, timezone

from eventsourcing.persistence import StoredEvent

from audit import canonical
from audit.checkpoint import Seal, VerifierKey, tlog_proof
from audit.driver import EMPTY, Damaged, Driver, Head, Row, StoreFailure
from audit.errors import Malformed
from audit.group import Appending, Group
from audit.names import NAMINGS_MAX, Known, Names
from audit.prepared import prepare
from audit.sealer import Forked, Sealer
from audit.together import Together
from audit.tree import Tree
from domain.errors import Moved
from domain.record import Submission

CHINA = timezone(timedelta(hours=8))
GROUP_EVENTS_MAX = 2_000
_LEAVES_AT_ONCE = 100_000
_LOOKS_MAX = 20


class ClockBehind(StoreFailure):
    """The clock stands before the last recorded entry. Nothing is recorded until it is right again."""


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


def _events_of(several: list[Appending]) -> int:
    return sum(len(one.prepared.pieces) for one in several)


def _outcome(one: Appending) -> list[int] | Exception:
    """Raises what is no refusal and no failure: an interrupt."""
    if isinstance(one.error, Exception):
        return one.error
    return one.outcome()


class Log:
    """One ledger's log on one driver. Threads share it; other processes have their own."""

    def __init__(
        self,
        driver: Driver,
        sealer: Sealer | None,
        clock: Callable[[], datetime] = now,
        namings_max: int = NAMINGS_MAX,
    ) -> None:
        """Raises Forked when the stored hashes do not lead to the last seal, ForeignKey for another ledger's key.

        `sealer` None: read-only. `namings_max`: how many namings the index of subjects may be behind the entries.
        """
        self.driver = driver
        self._sealer = sealer
        self._clock = clock
        self._together = Together(self._commit_all, GROUP_EVENTS_MAX, _events_of)
        self._tree_lock = threading.Lock()  # guards the tree and what is known of the head
        self._tree = Tree(driver.leaves)
        self._names = Names(namings_max)
        self._head = EMPTY
        self._sealed_before = 0  # of the sizes that the last seal was the first to cover
        self._origin = ""
        self._epoch = 0
        self._at = ""
        self._listeners: list[Callable[[int], None]] = []
        with self._tree_lock:
            self._catch_up(driver.head())
        if self._origin:
            self._require_own_key(next(driver.rows(0, 1)))

    # --- what is known of the head --------------------------------------------------------------------

    def _catch_up(self, head: Head) -> None:
        """Take over what others, or an unknown COMMIT, have added. The frontier comes from the entries."""
        if head == self._head and self._tree.size == head.size:
            return  # nobody has written since, and all of it was taken over
        if self._sealer is not None:
            self._sealer.check(head.seal)
        size = head.size
        if size < self._tree.size:
            raise Forked(f"数据库只有 {size} 条，本程序已见过 {self._tree.size} 条")
        if head.seal is None:
            return
        while self._tree.size < size:
            leaves = self.driver.leaves(self._tree.size, min(size, self._tree.size + _LEAVES_AT_ONCE))
            if not leaves:
                raise Forked(f"应有 {size} 条，第 {self._tree.size} 号缺失")
            self._tree.extend(leaves)
        if self._tree.root(size) != head.seal.root:
            raise Forked(f"存储的 {size} 条与其封印不符：先运行 bangfu verify")
        self._read_names(head)
        if size > self._head.size:
            last = canonical.decode(next(self.driver.rows(size - 1, size)).sections().header)
            if not self._origin:
                self._origin = self._origin_of(next(self.driver.rows(0, 1)))
            self._at, self._epoch = last["at"], self._epoch_after(size)
        self._head, self._sealed_before = head, head.size  # what lies between was perhaps sealed by others

    def _read_names(self, head: Head) -> None:
        """The entries that the index does not have and this process has not read."""
        if not 0 <= head.indexed <= head.size:
            raise Damaged(f"索引称已至 {head.indexed}，台账只有 {head.size} 条：先运行 bangfu verify")
        if head.indexed != self._names.indexed:
            self._names.restart(head.indexed)
        self._names.read(self.driver.rows(self._names.size, head.size))
        if self._names.size != head.size:
            raise Forked(f"应有 {head.size} 条，第 {self._names.size} 号缺失")

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
        return self._head.size

    @property
    def epoch(self) -> int:
        """The current rules epoch; 0 before the ledger is opened."""
        return self._epoch

    @property
    def seal(self) -> Seal | None:
        """The last released seal that this process knows."""
        return self._head.seal

    @property
    def sealer(self) -> Sealer | None:
        return self._sealer

    def refresh(self) -> None:
        """See what other processes have committed."""
        with self._tree_lock:
            self._catch_up(self.driver.head())

    def _see(self, head: Head) -> None:
        """As `refresh`, with a head just read. Whoever reads what is known already waits for no commit."""
        if head.size > self.size:
            with self._tree_lock:
                if head.size > self.size:
                    self._catch_up(head)

    def vkey(self) -> VerifierKey:
        genesis = canonical.decode(next(self.driver.rows(0, 1)).sections().state)
        return VerifierKey(self._origin, bytes.fromhex(genesis["keys"][0]["public"]))

    def checkpoint(self) -> bytes:
        """The note of the last released seal."""
        assert self.seal is not None
        return self.seal.note(self._origin)

    def receipt(self, position: int, size: int | None = None) -> bytes:
        """The proof that an entry stands in the log, C2SP tlog-proof (FORMAT 12.5).

        Under the last seal; or, with `size`, under the first seal that covers so many entries: that one stays the same for ever.
        Raises LookupError.
        """
        seal = self.seal if size is None else self._first_seal_over(size)
        with self._tree_lock:
            if seal is None or not 0 <= position < seal.size <= self._tree.size:
                raise LookupError(f"没有第 {position} 号")
            return tlog_proof(position, self._tree.inclusion(position, seal.size), seal.note(self._origin))

    def _first_seal_over(self, size: int) -> Seal | None:
        """The first seal that covers so many entries: ordinarily the last one, asked for by who was just recorded."""
        with self._tree_lock:
            if self._sealed_before < size <= self.size:
                return self.seal
        return next(self.driver.seals(size - 1), None)

    def tile(self, level: int, number: int, width: int) -> bytes:
        """A hash tile (FORMAT 13). Raises LookupError when the log has not so many entries yet."""
        with self._tree_lock:
            try:
                return b"".join(self._tree.tile(level, number, width))
            except ValueError as error:
                raise LookupError(str(error)) from None

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
        one = Appending(prepare(submission, stored))
        self._append([one])
        return one.outcome()

    def append_all(
        self, submissions: Sequence[tuple[Submission, Sequence[StoredEvent]]]
    ) -> list[list[int] | Exception]:
        """`append` for several, in this order and, as a rule, in one commit: the positions of each, or what it would have raised."""
        found: list[Appending | Malformed] = []
        for submission, stored in submissions:
            try:
                found.append(Appending(prepare(submission, stored)))
            except Malformed as error:
                found.append(error)
        self._append([one for one in found if isinstance(one, Appending)])
        return [one if isinstance(one, Malformed) else _outcome(one) for one in found]

    def _append(self, several: list[Appending]) -> None:
        if self._sealer is None:
            raise ReadOnly("本进程没有台账密钥，只能读")
        if several:
            self._together.do(several)

    def _commit_all(self, group: list[list[Appending]]) -> None:
        """The submissions of some callers. Each learns what became of it, whatever that was."""
        several = [one for caller in group for one in caller]
        try:
            with self._tree_lock:
                self._commit(several)
        except BaseException as error:  # noqa: BLE001 - its caller raises it
            for one in several:
                if one.error is None:
                    one.error = error

    def _commit(self, group: list[Appending]) -> None:
        """One transaction. A crash before `write` returns leaves all of it or nothing, and no seal was released."""
        assert self._sealer is not None
        head = self.driver.begin()
        try:
            self._catch_up(head)
            at = recording_time(self._clock())
            if at < self._at:
                raise ClockBehind(f"时钟 {at} 早于最后一条 {self._at}")
            building = Group(self._known_of(group), self.size, self._epoch, at, recorded_date(at))
            for one in group:
                building.add(one)
            rows = building.rows
            if not rows:
                self.driver.abandon()
                return
            leaves = [row.leaf for row in rows]
            frontier = self._tree.grown(leaves)
            if not self._origin:
                self._require_own_key(rows[0])
            origin = self._origin or self._origin_of(rows[0])
            seal = self._sealer.seal(origin, frontier.size, frontier.root(), self.seal)
            naming = building.naming()
            postings = self._names.due(naming)
            head = Head(seal, seal.size if postings else self._head.indexed)
        except BaseException:
            self.driver.abandon()
            raise
        try:
            self.driver.write(rows, seal, head.indexed, postings)
        except StoreFailure as failure:
            seal = self._after_unknown(group, failure)
        except BaseException:
            self.driver.abandon()
            raise
        else:
            self._tree.extend(leaves, frontier)
            self._names.add(naming, seal.size)
            if postings:
                self._names.renewed()
            self._sealed_before = self.size
            self._origin, self._at, self._epoch, self._head = origin, at, building.epoch, head
        self._sealer.release(seal)
        for listener in self._listeners:
            listener(seal.size)

    def _known_of(self, group: list[Appending]) -> Known:
        """All that the group names or has read, as of now, under the lock. Ordinarily it was looked up before."""
        commands = [command for one in group for command in one.prepared.commands]
        subjects: set[str] = set().union(*(one.prepared.subjects for one in group))
        known, asked = self._names.ask(commands, subjects)
        if asked.is_answered:
            return known
        found = self._names.complete(asked, self.driver.look(asked.new_commands, asked.new_subjects))
        if found is None:
            raise Forked("持锁时数据库仍在变化：有程序不守锁而写")
        return found

    def _after_unknown(self, group: list[Appending], failure: StoreFailure) -> Seal:
        """Read the head again after a COMMIT of unknown outcome: either the whole group is there, or none of it."""
        self.driver.abandon()
        head = self.driver.begin()  # waits for whoever holds the lock, were it the connection that was lost
        self.driver.abandon()
        self._catch_up(head)
        firsts = [one.prepared.commands[0] for one in group if one.positions is not None]
        recorded = self.driver.look(firsts, ()).commands
        for one in group:
            if one.positions is None:
                continue  # it was refused before anything was written
            first = recorded.get(one.prepared.commands[0])
            if first is None:
                one.error = failure
            elif first != one.positions[0]:
                one.error = Moved(())  # another process has recorded the same command meanwhile
        if head.seal is None or not any(one.error is None for one in group):
            raise failure
        return head.seal

    # --- reading --------------------------------------------------------------------------------------

    def entries(self, start: int = 0, stop: int | None = None) -> Iterator[bytes]:
        """Exact stored bytes, in order, of what is sealed."""
        for row in self.driver.rows(start, self.size if stop is None else stop):
            yield row.entry

    def look(self, commands: Sequence[bytes], subjects: Sequence[str] | set[str]) -> Known:
        """Which statements are recorded and where, and who was named how often and where last: as of now, or later."""
        for _ in range(_LOOKS_MAX):
            _, asked = self._names.ask(commands, subjects)
            look = self.driver.look(asked.new_commands, asked.new_subjects)
            self._see(look.head)
            if (known := self._names.complete(asked, look)) is not None:
                return known
            self.refresh()  # the index was renewed meanwhile; or the database was put back, and this says so
        raise StoreFailure("索引一再更新，未能查询：请重试")

    def naming(self, subject: str, start: int = 0) -> Iterator[Row]:
        """Rows that have the subject, from position `start`, ascending: by the index, and by the tail that it does not have."""
        self._see(self.driver.head())
        indexed, tail = self._names.tail_of(subject)

        def positions() -> Iterator[int]:
            for one in self.driver.postings(subject, start):
                # The index may have been renewed since: then it has the tail, too.
                yield from (position for position in one.positions() if start <= position < indexed)
            yield from (position for position in tail if position >= start)

        return self.driver.at(positions())
