"""A process killed while it appends: what it was told is recorded is there, and nothing is there by half."""

from __future__ import annotations

import random
import time

import pytest

from audit.log import Log
from tests.support.processes import SPAWN, append_for_ever, open_log
from tests.support.stores import Store
from tests.support.submissions import NAMINGS_MAX, believe, founded, project, ready


def _acknowledged_until_killed(
    url: str, base: float, name: str, seconds: float, namings_max: int
) -> dict[bytes, list[int]]:
    """Let a process append, kill it that long after its first answer, and give all that it was told."""
    theirs, ours = SPAWN.Pipe(duplex=False)
    process = SPAWN.Process(target=append_for_ever, args=(url, base, name, ours, namings_max))
    process.start()
    ours.close()
    assert theirs.poll(60)
    found = dict([theirs.recv()])
    until = time.monotonic() + seconds
    while (left := until - time.monotonic()) > 0:
        if theirs.poll(left):
            found.update([theirs.recv()])
    process.kill()
    process.join(30)
    assert process.exitcode == -9
    try:
        while theirs.poll(0):
            found.update([theirs.recv()])
    except (EOFError, OSError):
        pass  # the answer that it was killed in the middle of
    process.close()
    theirs.close()
    return found


def _kill_often(store: Store, times: int, seed: int, namings_max: int = NAMINGS_MAX) -> None:
    chance = random.Random(seed)
    base = time.monotonic()
    founded(store.driver())
    acknowledged: dict[bytes, list[int]] = {}
    for turn in range(times):
        seconds = chance.uniform(0.0, 0.3)
        acknowledged |= _acknowledged_until_killed(store.url, base, f"{turn}", seconds, namings_max)
        log = open_log(store.url, base)
        _check(log, acknowledged)
        assert ready(log, project("after")).into(log) == [log.size - 1]
        log.driver.close()


def _check(log: Log, acknowledged: dict[bytes, list[int]]) -> None:
    for command, positions in acknowledged.items():
        assert log.driver.find(command) == positions[0]
    told = sum(len(positions) for positions in acknowledged.values())
    assert len({position for positions in acknowledged.values() for position in positions}) == told
    assert log.driver.head().indexed > 0
    believe(log)


def test_after_kill_9_every_acknowledged_command_is_there_and_nothing_is_half_there(
    shared_store: Store,
) -> None:
    _kill_often(shared_store, times=5, seed=1)


def test_after_kill_9_of_a_process_that_renews_the_index_in_every_commit_the_index_is_whole(
    shared_store: Store,
) -> None:
    _kill_often(shared_store, times=3, seed=3, namings_max=1)


@pytest.mark.soak
def test_after_kill_9_fifty_times_every_acknowledged_command_is_there(shared_store: Store) -> None:
    _kill_often(shared_store, times=50, seed=2)
