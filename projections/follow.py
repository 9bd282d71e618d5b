"""Follow the log: entries in order become rows, and the next position is written in the same transaction.

A transaction takes up to 500 entries. A crash before its end leaves neither rows nor position, one after it
both: whoever follows next goes on from the position, by the normal path. One process follows at a time: it
holds a lease, and since each transaction moves the position from exactly where it was, a process that lost
its lease without noticing writes nothing. Following reads the log only; it never makes recording wait.
"""

import logging
import threading
import time
import uuid
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from itertools import islice
from typing import NamedTuple

from sqlalchemy import Connection, Engine, or_, select, update

from projections import nouns, tables
from projections.database import Unreachable, empty, is_held
from projections.entry import Entry, read
from projections.ports import Entries
from projections.rows import Rows

COMMIT_ENTRIES = 500
READ_ENTRIES = (
    100  # looked at together: few enough to be gone before the collector of garbage looks through them
)
# Long for one transaction, short for who waits after a server was killed.
LEASE = timedelta(seconds=10)
# For one who needs the rows now: longer than the lease of a process that was killed with it.
PATIENCE = LEASE + timedelta(seconds=5)
LOOK_SECONDS = 0.05

_log = logging.getLogger(__name__)


class FollowedElsewhere(Exception):
    """Another process holds the lease; this one may read."""


class OtherProgram(FollowedElsewhere):
    """Another version of this program has made the rows its own: what this one would write among them nobody would make anew."""


def utcnow() -> datetime:
    return datetime.now(UTC)


class Lease:
    """The right to follow, for a while: one holder at a time, who renews it by following."""

    def __init__(self, engine: Engine, clock: Callable[[], datetime] = utcnow) -> None:
        self._engine = engine
        self._clock = clock
        self._holder = uuid.uuid4().hex

    def hold(self, connection: Connection) -> None:
        """Take or renew the lease, as the first statement of a transaction; refused while another holds it."""
        now = self._clock()
        table = tables.lease
        mine = update(table).where(or_(table.c.holder == self._holder, table.c.until < _stamp(now)))
        if connection.execute(mine.values(holder=self._holder, until=_stamp(now + LEASE))).rowcount != 1:
            raise FollowedElsewhere("另一进程（多半是 bangfu serve）正在更新读表：请停下它，或过十几秒再试")

    def release(self) -> None:
        """Let another follow at once. May be called by one who does not hold it."""
        with self._engine.begin() as connection:
            table = tables.lease
            connection.execute(update(table).where(table.c.holder == self._holder).values(until=""))


def _stamp(moment: datetime) -> str:
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


class Place(NamedTuple):
    """The next position to follow, and the leaf hash of the entry before it; empty at zero."""

    next: int
    leaf: str

    def is_in(self, entries: Entries) -> bool:
        """Whether it is a place in this log: rows of another, or of one that was put back from an older copy, end otherwise."""
        return self.leaf == (entries.leaf(self.next - 1) if self.next else "")


BEGINNING = Place(0, "")


def place(engine: Engine) -> Place:
    """How far the rows have come, and in which log."""
    table = tables.position
    with engine.connect() as connection:
        return Place(*connection.execute(select(table.c.next, table.c.leaf)).one())


def position(engine: Engine) -> int:
    """The next position to follow: every entry before it is in the rows."""
    return place(engine).next


def passed_over(engine: Engine) -> int:
    """How many entries had an event that no noun here knows."""
    with engine.connect() as connection:
        return int(connection.execute(select(tables.position.c.passed_over)).scalar_one())


def follow(entries: Entries, engine: Engine, stop: int | None = None, lease: Lease | None = None) -> int:
    """Follow up to the end of the log now, or up to `stop`; the next position to follow.

    Without a lease given, one is taken and released. Raises FollowedElsewhere.
    """
    if lease is None:
        lease = Lease(engine)
        try:
            return follow(entries, engine, stop, lease)
        finally:
            lease.release()
    at = place(engine)
    end = entries.size() if stop is None else stop
    if not at.is_in(entries):
        _log.warning("the rows show %d entries of another log: they are made anew", at.next)
        at = _begin_anew(engine, lease, at)
    if at.next >= end:
        return at.next
    reading = read(entries, entries.entries(at.next, end))
    while at.next < end:
        at = _commit(engine, lease, at, min(at.next + COMMIT_ENTRIES, end), reading)
    return at.next


def catch_up(entries: Entries, engine: Engine, patience: timedelta = PATIENCE) -> int:
    """Have the rows show all that is in the log now: follow, or wait for the process that does; the next position to follow.

    Raises FollowedElsewhere when that process has not come so far within `patience`, or holds all of the rows; at once
    Unreachable when the rows cannot be written for another reason.
    """
    end = entries.size()
    at = place(engine)
    if at.next >= end and at.is_in(entries):
        return at.next  # who only reads waits for nobody
    until = time.monotonic() + patience.total_seconds()
    while True:
        try:
            return follow(entries, engine, end)
        except FollowedElsewhere as error:
            held = error
        except Unreachable as error:
            if not is_held(error):
                raise
            held = FollowedElsewhere("读表写不进去，另一进程正在写：请过十几秒再试")
            held.__cause__ = error
        at = place(engine)
        if at.next >= end and at.is_in(entries):
            return at.next
        if time.monotonic() >= until:
            raise held
        time.sleep(LOOK_SECONDS)


def _commit(engine: Engine, lease: Lease, at: Place, upto: int, reading: Iterator[Entry]) -> Place:
    """One transaction: the rows of the entries from `at` up to but not including `upto`, and that place, or nothing."""
    table = tables.position
    with engine.begin() as connection:
        lease.hold(connection)
        # The step comes before the rows: one who slept while others followed learns it before writing any.
        _leave(connection, at, upto)
        rows, passed = Rows(connection), 0
        for start in range(at.next, upto, READ_ENTRIES):
            block = list(islice(reading, min(READ_ENTRIES, upto - start)))
            assert [one.position for one in block] == list(range(start, min(start + READ_ENTRIES, upto))), (
                f"entries after {start} are not in order"
            )
            passed += _handle(rows, block)
        rows.flush()
        last = block[-1].recorded.leaf
        connection.execute(update(table).values(leaf=last, passed_over=table.c.passed_over + passed))
    return Place(upto, last)


def _begin_anew(engine: Engine, lease: Lease, at: Place) -> Place:
    """None of the rows is kept."""
    with engine.begin() as connection:
        lease.hold(connection)
        _leave(connection, at, 0)
        empty(connection)
    return BEGINNING


def _leave(connection: Connection, at: Place, upto: int) -> None:
    """Move the position from exactly where it was, in tables of this program, or refuse: then another process has moved it."""
    table = tables.position
    here = (table.c.next == at.next, table.c.leaf == at.leaf, table.c.shape == tables.shape())
    if connection.execute(update(table).where(*here).values(next=upto)).rowcount == 1:
        return
    if connection.execute(select(table.c.shape)).scalar_one() != tables.shape():
        raise OtherProgram(
            "读表已由另一版本的程序重建，本程序不再写入：请停下旧版本的程序（多半是 bangfu serve），重新启动"
        )
    raise FollowedElsewhere(f"第 {at.next} 号起的分录已由另一进程写入读表，请再试一次")


def _handle(rows: Rows, block: list[Entry]) -> int:
    """Change the rows; how many entries were passed over."""
    # What an entry is the first to name has no row yet.
    before = {subject for one in block for subject, count in one.recorded.subjects if count > 1}
    for kind, table in nouns.TABLES.items():
        rows.fetch(table, (subject for subject in before if subject.startswith(f"{kind}_")))
    passed = 0
    for one in block:
        handlers = nouns.HANDLERS.get(one.event, ())
        passed += not handlers
        for handler in handlers:
            handler(rows, one)
    return passed


class Follower:
    """Follows in a thread of its own, until stopped. `signal` is set by whoever recorded something."""

    def __init__(
        self,
        entries: Entries,
        engine: Engine,
        signal: threading.Event | None = None,
        poll_seconds: float = 1.0,
        clock: Callable[[], datetime] = utcnow,
    ) -> None:
        self.signal = threading.Event() if signal is None else signal
        self._entries = entries
        self._engine = engine
        self._poll_seconds = poll_seconds
        self._lease = Lease(engine, clock)
        self._at = position(engine)
        self._moved = threading.Condition()
        self._listeners: list[Callable[[int], None]] = []
        self._stopping = threading.Event()
        self._replaced = False  # by another program, which was said
        self._thread = threading.Thread(target=self._run, name="projections", daemon=True)

    def on_move(self, listener: Callable[[int], None]) -> None:
        """Call with the next position to follow after each round, from the follower's thread. Listeners must not raise and not block."""
        self._listeners.append(listener)

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        """Stop after the transaction at hand and let another process follow."""
        self._stopping.set()
        self.signal.set()
        self._thread.join()
        self._lease.release()

    @property
    def alive(self) -> bool:
        """Whether the thread runs: False before `start`, after `stop`, and after a fault in a handler."""
        return self._thread.is_alive()

    def wait(self, position: int, timeout: float) -> bool:
        """Whether the entry at `position` is in the rows, at the latest after `timeout` seconds."""
        with self._moved:
            return self._moved.wait_for(lambda: self._at > position, timeout)

    def _run(self) -> None:
        while not self._stopping.is_set():
            self.signal.clear()  # before following: what is recorded from here on sets it again
            self._follow()
            # A stop that came before the clearing is seen here, one that comes later sets the signal.
            self.signal.wait(0 if self._stopping.is_set() else self._poll_seconds)

    def _follow(self) -> None:
        try:
            at = follow(self._entries, self._engine, lease=self._lease)
        except FollowedElsewhere as error:
            if isinstance(error, OtherProgram) and not self._replaced:
                _log.warning("%s", error)
                self._replaced = True
            at = position(self._engine)
        except Unreachable as error:
            _log.warning("the read database is not there, trying again: %s", error)
            return
        with self._moved:
            self._at = at
            self._moved.notify_all()
        for listener in self._listeners:
            listener(at)
