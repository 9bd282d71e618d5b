"""Two who read the same: one is recorded, the other decides again; in one group, between threads, between processes."""

from __future__ import annotations

import threading
import time
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Any

import pytest

from audit.checkpoint import parse_note, parse_tlog_proof
from audit.driver import Driver, Head
from audit.log import Log
from audit.merkle import leaf_hash, root_from_path
from audit.sealer import Sealer
from domain.errors import Moved
from tests.support.clocks import until
from tests.support.processes import SPAWN, STALE_EVERY, THREADS, TURNS, rival, rivals, shared_clock, work
from tests.support.stores import Store
from tests.support.submissions import (
    AREA,
    CLERK,
    LEDGER,
    NAMINGS_MAX,
    Deed,
    believe,
    founded,
    note,
    project,
    ready,
)


class HeldDriver:
    """A real driver whose `begin` waits until it is let go: so a test decides who stands together in the next group."""

    def __init__(self, inner: Driver) -> None:
        self._inner = inner
        self.go = threading.Event()
        self.go.set()
        self.begun = 0

    def begin(self) -> Head:
        assert self.go.wait(timeout=30)
        self.begun += 1
        return self._inner.begin()

    def __getattr__(self, name: str) -> Any:
        return getattr(self._inner, name)


def in_one_group(log: Log, driver: HeldDriver, *deeds: Deed) -> list[Future[list[int]]]:
    """Append the deeds in this order, in one commit: they queue up behind one that is held."""
    driver.go.clear()
    begun = driver.begun
    with ThreadPoolExecutor(1 + len(deeds)) as pool:
        before = pool.submit(ready(log, project("before")).into, log)
        futures = []
        for number, deed in enumerate(deeds, 1):
            futures.append(pool.submit(deed.into, log))
            until(lambda number=number: len(log._together._waiting) >= number)  # type: ignore[misc]
        driver.go.set()
        before.result(timeout=30)
    assert driver.begun == begun + 2  # the one that was held, and all the others together
    return futures


def _naming_one_code(log: Log) -> tuple[Deed, Deed]:
    code = "code:project:青溪-0007"
    return ready(log, project("a"), names=[code]), ready(log, project("b"), names=[code])


def _writing_and_naming(log: Log) -> tuple[Deed, Deed]:
    return rivals(log, 0)


def _writing_one_stream(log: Log) -> tuple[Deed, Deed]:
    return ready(log, project("a")), ready(log, project("a"))


def _writing_one_new_stream_unread(log: Log) -> tuple[Deed, Deed]:
    return note(log.origin, {project("a"): 0}, {}), note(log.origin, {project("a"): 0}, {})


PAIRS = [_naming_one_code, _writing_and_naming, _writing_one_stream, _writing_one_new_stream_unread]


@pytest.fixture
def held(store: Store) -> HeldDriver:
    return HeldDriver(store.driver())


@pytest.mark.parametrize("pair", PAIRS)
@pytest.mark.parametrize("order", [1, -1])
def test_of_two_rivals_in_one_group_the_first_is_recorded_whoever_it_is(
    held: HeldDriver, pair: Any, order: int
) -> None:
    log = founded(held)
    deeds = pair(log)[::order]
    first, second = in_one_group(log, held, *deeds)
    assert first.result() == [4]
    with pytest.raises(Moved):
        second.result()
    assert log.driver.find(deeds[1].command) is None
    believe(log)


@pytest.mark.parametrize("pair", PAIRS)
@pytest.mark.parametrize("order", [1, -1])
def test_of_two_rivals_in_two_commits_the_first_is_recorded_whoever_it_is(
    store: Store, pair: Any, order: int
) -> None:
    log = founded(store.driver())
    first, second = pair(log)[::order]
    assert first.into(log) == [3]
    with pytest.raises(Moved):
        second.into(log)


def test_3_4_colleagues_who_share_key_post_organisation_and_area_do_not_block_each_other(
    held: HeldDriver,
) -> None:
    log = founded(held)
    standing = [AREA, CLERK.key.key_id, CLERK.post, CLERK.organisation]
    deeds = [ready(log, project(str(number)), names=standing) for number in range(6)]
    assert all(set(standing) <= set(deed.submission.reads) for deed in deeds)
    assert [one.result() for one in in_one_group(log, held, *deeds)] == [[4], [5], [6], [7], [8], [9]]
    believe(log)


def test_of_rivals_between_threads_exactly_one_is_recorded_in_every_round(store: Store) -> None:
    log = founded(store.driver())

    def attempt(deed: Deed, together: threading.Barrier) -> bool:
        together.wait()
        try:
            deed.into(log)
        except Moved:
            return False
        return True

    with ThreadPoolExecutor(8) as pool:
        for turn in range(10):
            together = threading.Barrier(8)
            deeds = [deed for _ in range(4) for deed in rivals(log, turn)]
            assert sum(pool.map(attempt, deeds, [together] * 8)) == 1
    assert log.size == 13
    believe(log)


def test_of_rivals_between_processes_exactly_one_is_recorded_in_every_round(shared_store: Store) -> None:
    rounds, base = 20, time.monotonic()
    log = open_log_founded(shared_store, base)
    start = SPAWN.Barrier(2)
    pipes = [SPAWN.Pipe(duplex=False) for _ in range(2)]
    processes = [
        SPAWN.Process(target=rival, args=(shared_store.url, base, number, rounds, start, pipe[1]))
        for number, pipe in enumerate(pipes)
    ]
    answers = _run(processes, pipes, rounds)
    for mine, other in zip(*answers, strict=True):
        assert (mine is None) != (other is None)
    log.refresh()
    assert log.size == 3 + rounds
    believe(log)


def test_two_processes_of_eight_threads_leave_no_gap_and_lose_no_receipt(shared_store: Store) -> None:
    base = time.monotonic()
    log = open_log_founded(shared_store, base)
    pipes = [SPAWN.Pipe(duplex=False) for _ in range(2)]
    processes = [
        SPAWN.Process(target=work, args=(shared_store.url, base, name, pipe[1]))
        for name, pipe in zip("甲乙", pipes, strict=True)
    ]
    answers = [done for found in _run(processes, pipes, THREADS) for done in found]
    receipts = {position: receipt for done in answers for position, receipt in done.receipts.items()}
    stale = TURNS // STALE_EVERY
    assert sum(done.refused for done in answers) == 2 * THREADS * stale
    expected = 2 * THREADS * (TURNS - stale) * 2
    assert sum(len(done.receipts) for done in answers) == expected
    assert sorted(receipts) == list(range(3, 3 + expected))
    log.refresh()
    roots = {seal.size: seal.root for seal in log.driver.seals()}
    for row in log.driver.rows(3, log.size):
        index, path, signed = parse_tlog_proof(receipts[row.position])
        checkpoint = parse_note(signed).checkpoint
        assert index == row.position
        assert root_from_path(leaf_hash(row.entry), index, checkpoint.size, path) == roots[checkpoint.size]
    believe(log)


def open_log_founded(store: Store, base: float) -> Log:
    founded(store.driver())
    return Log(store.driver(), Sealer(LEDGER.key), shared_clock(base), NAMINGS_MAX)


def _run(processes: list[Any], pipes: list[Any], answers: int) -> list[list[Any]]:
    """Start them, take so many answers of each, and see them end well."""
    for process in processes:
        process.start()
    for _, ours in pipes:
        ours.close()
    found: list[list[Any]] = [[] for _ in pipes]
    for _ in range(answers):
        for number, (theirs, _) in enumerate(pipes):
            assert theirs.poll(60), "a process says nothing"
            found[number].append(theirs.recv())
    for process in processes:
        process.join(30)
        assert process.exitcode == 0
        process.close()
    for theirs, _ in pipes:
        theirs.close()
    return found
