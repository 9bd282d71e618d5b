"""The store broken before and after each of its duties: nothing acknowledged is lost, nothing forks, the next append works."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any

import pytest

from audit.checkpoint import Seal
from audit.driver import Driver, Head, Look, Posting, Row, StoreFailure
from audit.log import Log
from audit.sealer import Sealer
from domain.errors import Moved
from tests.support.clocks import until
from tests.support.stores import Store
from tests.support.submissions import LEDGER, NAMINGS_MAX, Clock, believe, founded, project, ready


@dataclass(frozen=True)
class Fault:
    """What fails next, and whether the database had done it by then."""

    operation: str
    persisted: bool = False


class FaultyDriver:
    """A real driver that fails when it is told to. Everything it does not fail at, it does."""

    def __init__(self, inner: Driver) -> None:
        self._inner = inner
        self._faults: list[Fault] = []

    def fail(self, *faults: Fault) -> None:
        """Each of these once, in this order."""
        self._faults = list(faults)

    def heal(self) -> None:
        self._faults = []

    @property
    def faults_left(self) -> int:
        return len(self._faults)

    def _run(self, operation: str, action: Callable[[], Any], undo: Callable[[], None] | None = None) -> Any:
        if not self._faults or self._faults[0].operation != operation:
            return action()
        if self._faults.pop(0).persisted:
            action()
            if undo is not None:
                undo()
        raise StoreFailure(f"示例故障：{operation}")

    def begin(self) -> Head:
        # "May raise: then no lock is held": a driver that took the lock gives it back.
        found: Head = self._run("begin", self._inner.begin, self._inner.abandon)
        return found

    def write(self, rows: Sequence[Row], seal: Seal, indexed: int, postings: Sequence[Posting] = ()) -> None:
        self._run("write", lambda: self._inner.write(rows, seal, indexed, postings))

    def look(self, commands: Sequence[bytes], subjects: Sequence[str]) -> Look:
        found: Look = self._run("look", lambda: self._inner.look(commands, subjects))
        return found

    def leaves(self, start: int, stop: int) -> list[bytes]:
        found: list[bytes] = self._run("leaves", lambda: self._inner.leaves(start, stop))
        return found

    def rows(self, start: int, stop: int) -> Iterator[Row]:
        found: Iterator[Row] = self._run("rows", lambda: self._inner.rows(start, stop))
        return found

    def head(self) -> Head:
        found: Head = self._run("head", self._inner.head)
        return found

    def stream(self, stream: str, **how: Any) -> list[Row]:
        found: list[Row] = self._run("stream", lambda: self._inner.stream(stream, **how))
        return found

    def __getattr__(self, name: str) -> Any:
        return getattr(self._inner, name)


class WatchedSealer(Sealer):
    """A sealer whose released seals are kept by the test."""

    def __init__(self) -> None:
        super().__init__(LEDGER.key)
        self.released: list[Seal] = []

    def release(self, seal: Seal) -> None:
        self.released.append(seal)
        super().release(seal)


@dataclass
class Bench:
    """A founded log over a driver that can be made to fail."""

    driver: FaultyDriver
    sealer: WatchedSealer
    log: Log
    clock: Clock

    def check(self, acknowledged: Sequence[int]) -> None:
        """Every acknowledged position is there, no size has two released roots, and the log verifies."""
        self.driver.heal()
        believe(self.log)
        assert max(acknowledged, default=0) < self.log.size
        kept = {seal.size: seal for seal in self.driver.seals()}
        assert self.sealer.released
        for seal in self.sealer.released:
            assert kept[seal.size] == seal
        assert len({seal.size for seal in self.sealer.released}) == len(
            {(seal.size, seal.root) for seal in self.sealer.released}
        )


@pytest.fixture
def bench(store: Store) -> Bench:
    driver, sealer, clock = FaultyDriver(store.driver()), WatchedSealer(), Clock()
    founded(driver, clock)
    return Bench(driver, sealer, Log(driver, sealer, clock, NAMINGS_MAX), clock)


MATRIX = [
    Fault("begin"),
    Fault("begin", persisted=True),
    Fault("write"),
    Fault("write", persisted=True),
]


@pytest.mark.parametrize("fault", MATRIX, ids=str)
def test_after_a_fault_of_an_append_the_log_and_the_caller_agree(bench: Bench, fault: Fault) -> None:
    acknowledged = ready(bench.log, project("a")).into(bench.log)
    deed = ready(bench.log, project("a"))
    bench.driver.fail(fault)
    if fault == Fault("write", persisted=True):
        acknowledged += deed.into(bench.log)  # the head, read again, says that the COMMIT had happened
        assert acknowledged == [3, 4]
    else:
        with pytest.raises(StoreFailure):
            deed.into(bench.log)
        assert bench.driver.find(deed.command) is None
        acknowledged += deed.into(bench.log)  # the same command, sent again
    assert bench.driver.faults_left == 0
    acknowledged += ready(bench.log, project("a")).into(bench.log)
    assert acknowledged == [3, 4, 5]
    bench.check(acknowledged)


@pytest.mark.parametrize("persisted", [False, True])
@pytest.mark.parametrize("then", ["begin", "leaves", "rows", "stream"])
def test_after_a_failed_write_and_a_failed_look_nothing_is_believed_until_the_head_was_read(
    bench: Bench, persisted: bool, then: str
) -> None:
    """The outcome of the COMMIT is unknown, and so is the head: the caller learns that, and the next one starts from the head."""
    deed = ready(bench.log, project("a"))
    bench.driver.fail(Fault("write", persisted), Fault(then))
    with pytest.raises(StoreFailure):
        deed.into(bench.log)
    # Only a commit that is there makes the log read entries after it has read the head.
    assert bench.driver.faults_left == (0 if persisted or then == "begin" else 1)
    bench.driver.heal()
    if persisted:
        with pytest.raises(Moved):
            deed.into(bench.log)
        assert bench.driver.find(deed.command) == 3
    else:
        assert deed.into(bench.log) == [3]
    assert ready(bench.log, project("a")).into(bench.log) == [4]
    assert bench.log.receipt(3)
    bench.check([3, 4])


@pytest.mark.parametrize("operation", ["leaves", "rows", "head", "stream"])
def test_a_fault_while_catching_up_with_another_process_heals(shared_store: Store, operation: str) -> None:
    driver, sealer, clock = FaultyDriver(shared_store.driver()), WatchedSealer(), Clock()
    other = founded(shared_store.driver(), clock)
    bench = Bench(driver, sealer, Log(driver, sealer, clock, NAMINGS_MAX), clock)
    deed = ready(bench.log, project("b"))
    acknowledged = ready(other, project("a")).into(other)
    driver.fail(Fault(operation))
    with pytest.raises(StoreFailure):
        bench.log.refresh()
    driver.fail(Fault(operation))
    if operation != "head":  # an append reads the seal under the lock
        with pytest.raises(StoreFailure):
            deed.into(bench.log)
    driver.heal()
    acknowledged += deed.into(bench.log)
    assert acknowledged == [3, 4]
    acknowledged += ready(other, project("a")).into(other)
    bench.check(acknowledged)


@pytest.mark.parametrize("operation", ["leaves", "rows", "head", "stream"])
def test_a_log_that_cannot_read_its_store_does_not_open(bench: Bench, operation: str) -> None:
    bench.driver.fail(Fault(operation))
    with pytest.raises(StoreFailure):
        Log(bench.driver, Sealer(LEDGER.key), bench.clock)
    bench.driver.heal()
    assert Log(bench.driver, Sealer(LEDGER.key), bench.clock).size == 3


@pytest.mark.parametrize("fault", MATRIX, ids=str)
def test_a_fault_of_a_group_reaches_every_member_once(bench: Bench, fault: Fault) -> None:
    """Twenty callers while the store fails and heals: who has positions finds them, who has none may send again."""
    bench.driver.fail(*[fault] * 3)

    def work(number: int) -> int:
        deed = ready(bench.log, project(str(number)))
        while True:
            try:
                return deed.into(bench.log)[0]
            except StoreFailure:
                continue
            except Moved:
                found = bench.driver.find(deed.command)
                assert found is not None
                return found

    with ThreadPoolExecutor(20) as pool:
        positions = list(pool.map(work, range(20)))
    assert sorted(positions) == list(range(3, 23))
    bench.check(positions)


def test_a_command_that_another_process_recorded_during_an_unknown_commit_is_moved(
    shared_store: Store,
) -> None:
    """The client sent it twice, here and there; here the COMMIT failed, there it did not."""
    driver, sealer, clock = FaultyDriver(shared_store.driver()), WatchedSealer(), Clock()
    other = founded(shared_store.driver(), clock)
    log = Log(driver, sealer, clock, NAMINGS_MAX)
    deed, before = ready(log, project("a")), ready(log, project("b"))
    recorded: list[int] = []

    class Meanwhile:
        def abandon(self) -> None:
            driver.abandon()
            if not recorded:
                recorded.extend([*before.into(other), *deed.into(other)])

        def __getattr__(self, name: str) -> Any:
            return getattr(driver, name)

    driver.fail(Fault("write"))
    log.driver = Meanwhile()
    with pytest.raises(Moved):
        deed.into(log)
    log.driver = driver
    assert recorded == [3, 4]
    assert driver.find(deed.command) == 4
    Bench(driver, sealer, log, clock).check(recorded + ready(log, project("c")).into(log))


@pytest.mark.parametrize("fault", MATRIX, ids=str)
def test_after_a_fault_of_the_commit_that_renews_the_index_it_is_renewed_whole_or_not_at_all(
    bench: Bench, fault: Fault
) -> None:
    acknowledged = []
    for number in range(12):
        deed = ready(bench.log, project(str(number % 3)))
        bench.driver.fail(fault)  # in every commit, and so in those that renew the index
        try:
            acknowledged += deed.into(bench.log)
        except StoreFailure:
            acknowledged += deed.into(bench.log)
        assert bench.driver.faults_left == 0
    assert acknowledged == list(range(3, 15))
    assert len({indexed for _, indexed in bench.driver.renewals()}) > 2
    bench.check(acknowledged)


class Interrupted(BaseException):
    """Somebody pressed Ctrl-C."""


def test_an_interrupted_write_gives_the_lock_back(store: Store) -> None:
    inner = store.driver()
    log = founded(inner)

    class Interrupting:
        def write(self, *arguments: object) -> None:
            raise Interrupted

        def __getattr__(self, name: str) -> Any:
            return getattr(inner, name)

    log.driver = Interrupting()
    with pytest.raises(Interrupted):
        ready(log, project("a")).into(log)
    log.driver = inner
    done: list[list[int]] = []
    thread = threading.Thread(target=lambda: done.append(ready(log, project("a")).into(log)), daemon=True)
    thread.start()
    thread.join(timeout=20)
    assert done == [[3]]
    believe(log)


class Gate:
    """A lock whose taker is interrupted: at once, or once the lock was given to it."""

    def __init__(self, lock: Any, late: bool) -> None:
        self._lock, self._late = lock, late
        self.release = lock.release

    def acquire(self) -> None:
        if self._late:
            self._lock.acquire()
        raise Interrupted


class Queue(list[Any]):
    """A queue of callers, of whom those that read a subject wait at such a gate."""

    def __init__(self, subject: str, late: bool) -> None:
        super().__init__()
        self._subject, self._late = subject, late

    def append(self, one: Any) -> None:
        if self._subject in one.task[0].prepared.submission.reads:
            one.gate = Gate(one.gate, self._late)
        super().append(one)


@pytest.mark.parametrize("late", [False, True], ids=["while it waits", "when it is to lead"])
def test_an_interrupted_waiter_leaves_the_queue_or_hands_the_lead_on(store: Store, late: bool) -> None:
    """The first of three callers holds the store, the second is interrupted, the third must be recorded."""
    inner = store.driver()
    log = founded(inner)
    inside, go = threading.Event(), threading.Event()

    class Holding:
        def begin(self) -> Head:
            inside.set()
            assert go.wait(20)
            return inner.begin()

        def __getattr__(self, name: str) -> Any:
            return getattr(inner, name)

    deeds = [ready(log, project(name)) for name in "abc"]
    log.driver = Holding()
    log._together._waiting = Queue(project("b"), late)
    with ThreadPoolExecutor(3) as pool:
        first = pool.submit(deeds[0].into, log)
        assert inside.wait(20)
        second = pool.submit(deeds[1].into, log)
        until(lambda: bool(log._together._waiting) if late else second.done())
        third = pool.submit(deeds[2].into, log)
        until(lambda: len(log._together._waiting) == 1 + late)
        go.set()
        assert first.result(timeout=20) == [3]
        with pytest.raises(Interrupted):
            second.result(timeout=20)
        assert third.result(timeout=20) == [4]
    log.driver = inner
    assert log.driver.find(deeds[1].command) is None
    assert deeds[1].into(log) == [5]
    believe(log)
