"""The log on every database: positions, times, seals and receipts, and what it finds when it is opened again or shared."""

from __future__ import annotations

import hashlib
from datetime import timedelta
from itertools import pairwise

import pytest

from audit import canonical
from audit.checkpoint import parse_note
from audit.log import Log
from audit.merkle import is_consistent
from domain.errors import EpochChanged, Moved
from tests.support.stores import Store
from tests.support.submissions import (
    CLERK,
    LEDGER_ID,
    NOON,
    Clock,
    adoption,
    asset,
    batch,
    believe,
    enrolment,
    founded,
    genesis,
    opened,
    project,
    ready,
    receipt_holds,
)


def test_9_positions_are_gapless_from_0_and_a_command_of_two_events_has_two(log: Log) -> None:
    assert log.size == 3
    assert ready(log, project("a")).into(log) == [3]
    assert ready(log, project("a"), asset("b")).into(log) == [4, 5]
    assert ready(log, project("b")).into(log) == [6]
    assert [row.position for row in log.driver.rows(0, 99)] == list(range(7))
    believe(log)


def test_11_2_the_origin_is_that_of_the_area_and_of_entry_0(store: Store) -> None:
    log = opened(store.driver())
    assert (log.origin, log.size, log.epoch, log.seal) == ("", 0, 0, None)
    genesis().into(log)
    assert log.origin == f"bangfu/511599101/{log.driver.leaves(0, 1)[0].hex()[:32]}"
    assert (log.size, log.epoch) == (1, 1)
    assert parse_note(log.checkpoint()).is_signed_by(log.vkey())


def test_7_2_every_entry_of_a_commit_bears_one_time_and_times_never_fall(log: Log) -> None:
    ready(log, project("a"), asset("b")).into(log)
    ready(log, project("a")).into(log)
    times = [canonical.decode(row.sections().header)["at"] for row in log.driver.rows(0, 99)]
    assert times[3] == times[4]
    assert all(before <= after for before, after in pairwise(times))
    assert times[4] < times[5]


def test_12_5_every_receipt_verifies_at_sizes_around_a_tile(store: Store) -> None:
    log = founded(store.driver())
    batch(log, [project(str(number)) for number in range(249)]).into(log)
    for size in (254, 255, 256, 257, 258):
        ready(log, project("0")).into(log)
        assert log.size == size
        for position in (0, 1, log.size // 2, log.size - 2, log.size - 1):
            assert receipt_holds(log, position)
    assert log.size > 256
    with pytest.raises(LookupError):
        log.receipt(log.size)
    with pytest.raises(LookupError):
        log.receipt(-1)


def test_12_4_every_seal_extends_every_seal_before(log: Log) -> None:
    batch(log, [project(str(number)) for number in range(240)]).into(log)
    for number in range(30):
        ready(log, project(str(number % 3))).into(log)
    seals = list(log.driver.seals())
    for old in seals:
        path = log.consistency(old.size)
        assert is_consistent(old.size, log.size, old.root, seals[-1].root, path)
    with pytest.raises(ValueError, match="consistency"):
        log.consistency(0)
    with pytest.raises(ValueError, match="consistency"):
        log.consistency(log.size + 1)


def test_a_listener_hears_of_every_commit_and_of_no_refusal(log: Log) -> None:
    heard: list[int] = []
    log.on_commit(heard.append)
    late = ready(log, project("a"))
    ready(log, project("a"), asset("b")).into(log)
    with pytest.raises(Moved):
        late.into(log)
    ready(log, project("a")).into(log)
    assert heard == [5, 6]


def test_2_the_frontier_is_restored_from_the_entries_when_the_log_is_opened_again(
    log: Log, store: Store
) -> None:
    for number in range(20):
        ready(log, project(str(number % 3))).into(log)
    again = opened(store.driver(), Clock(NOON + timedelta(hours=1)))
    assert (again.size, again.seal, again.origin, again.epoch) == (log.size, log.seal, log.origin, 1)
    assert again.receipt(7) == log.receipt(7)
    assert ready(again, project("0")).into(again) == [23]
    assert receipt_holds(again, 23)
    believe(again)


def test_11_4_the_epoch_is_restored_when_the_log_is_opened_again(log: Log, store: Store) -> None:
    name = hashlib.sha256(b"next").hexdigest()
    log.driver.put_archive(name, b"next")
    adoption(log.origin, 1, 2, name, {LEDGER_ID: 1}).into(log)
    ready(log, project("a"), epoch=2).into(log)
    assert opened(store.driver()).epoch == 2


def test_two_logs_on_one_database_follow_each_other(shared_store: Store) -> None:
    clock = Clock()
    here = founded(shared_store.driver(), clock)
    there = opened(shared_store.driver(), clock)
    for number in range(10):
        stale = ready(there, project("a"))
        ready(here, project("a")).into(here)
        with pytest.raises(Moved):
            stale.into(there)
        assert ready(there, project("a"), asset(str(number))).into(there) == [4 + 3 * number, 5 + 3 * number]
    here.refresh()
    assert here.seal == there.seal
    assert receipt_holds(here, 30)
    believe(there)


def test_11_4_an_adoption_by_another_process_is_seen_before_the_next_append(shared_store: Store) -> None:
    clock = Clock()
    here = founded(shared_store.driver(), clock)
    there = opened(shared_store.driver(), clock)
    name = hashlib.sha256(b"next").hexdigest()
    here.driver.put_archive(name, b"next")
    adoption(here.origin, 1, 2, name, {LEDGER_ID: 1}).into(here)
    with pytest.raises(EpochChanged):
        ready(there, project("a")).into(there)
    assert there.epoch == 2
    ready(there, project("a"), epoch=2).into(there)
    believe(there)


def test_two_openings_of_one_ledger_the_second_is_refused(shared_store: Store) -> None:
    clock = Clock()
    here, there = (opened(shared_store.driver(), clock) for _ in range(2))
    genesis().into(here)
    with pytest.raises(Moved):
        genesis().into(there)
    enrolment(there.origin, CLERK).into(there)
    assert there.size == 2
