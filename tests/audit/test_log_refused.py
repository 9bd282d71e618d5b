"""The log on every database: what an append refuses, and that nothing is recorded then (FORMAT 1.3, 3.4, 7.2, 11, 16)."""

from __future__ import annotations

import hashlib
from datetime import timedelta

import pytest
from eventsourcing.persistence import StoredEvent

from audit import canonical
from audit.errors import Malformed
from audit.group import TooLarge
from audit.log import ClockBehind, ForeignKey, Log, ReadOnly, recorded_date
from audit.sealer import Sealer
from domain.errors import DateChanged, EpochChanged, Moved
from tests.support.stores import Store
from tests.support.submissions import (
    AREA,
    CLERK,
    LEDGER,
    LEDGER_ID,
    NOON,
    Clock,
    Deed,
    adoption,
    asset,
    believe,
    founded,
    genesis,
    note,
    project,
    ready,
    receipt_holds,
)


def test_3_4_what_was_read_and_has_moved_since_is_named_and_nothing_is_recorded(log: Log) -> None:
    late = ready(log, project("a"), asset("b"))
    ready(log, project("a")).into(log)
    before = log.seal
    with pytest.raises(Moved) as refused:
        late.into(log)
    assert refused.value.subjects == (project("a"),)
    assert log.seal == before
    ready(log, project("a"), asset("b")).into(log)
    believe(log)


def test_3_4_a_subject_read_as_absent_moves_when_it_is_first_named(log: Log) -> None:
    code = "code:project:青溪-0007"
    first, second = (ready(log, project(name), names=[code]) for name in "ab")
    first.into(log)
    with pytest.raises(Moved) as refused:
        second.into(log)
    assert refused.value.subjects == (code,)


def test_3_4_a_standing_subject_moves_by_its_own_stream_only(log: Log) -> None:
    first, second = (ready(log, project(name), names=[AREA]) for name in "ab")
    first.into(log)
    second.into(log)
    area = ready(log, project("c"), names=[AREA])
    ready(log, AREA).into(log)
    with pytest.raises(Moved) as refused:
        area.into(log)
    assert refused.value.subjects == (AREA,)


def test_a_stream_that_was_written_to_though_it_was_not_read_is_moved_and_harms_no_other(log: Log) -> None:
    blind = note(log.origin, {project("a"): 1}, {})
    first = note(log.origin, {project("a"): 0}, {})
    first.into(log)
    again = note(log.origin, {project("a"): 0}, {})
    with pytest.raises(Moved) as refused:
        again.into(log)
    assert refused.value.subjects == (project("a"),)
    blind.into(log)
    with pytest.raises(Moved):
        note(log.origin, {project("a"): 3}, {}).into(log)
    believe(log)


def test_16_the_same_command_twice_is_moved_and_stays_single(log: Log) -> None:
    deed = note(log.origin, {project("a"): 0}, {})
    assert deed.into(log) == [3]
    with pytest.raises(Moved):
        deed.into(log)
    again = note(log.origin, {project("a"): 1}, {})
    twice = Deed(deed.submission, again.stored)  # decided anew, as if it had not been found
    with pytest.raises(Moved) as refused:
        twice.into(log)
    assert refused.value.subjects == ()
    assert log.size == 4
    assert log.driver.find(deed.command) == 3


def test_1_3_a_decision_of_another_recorded_date_is_refused(log: Log, clock: Clock) -> None:
    clock.moment = NOON.replace(hour=15, minute=59, second=59)
    ready(log, project("a")).into(log)
    late = ready(log, project("a"))
    clock.moment = NOON.replace(hour=16)  # midnight at UTC+8
    with pytest.raises(DateChanged):
        late.into(log)
    ready(log, project("a"), today="2026-11-24").into(log)
    believe(log)


@pytest.mark.parametrize(
    ("at", "date"),
    [("2026-11-23T15:59:59.999999Z", "2026-11-23"), ("2026-11-23T16:00:00.000000Z", "2026-11-24")],
)
def test_1_3_the_recorded_date_is_that_of_china(at: str, date: str) -> None:
    assert recorded_date(at) == date


def test_11_4_a_decision_of_another_epoch_is_refused(log: Log) -> None:
    old = ready(log, project("a"))
    archive = b"the next rules"
    name = hashlib.sha256(archive).hexdigest()
    log.driver.put_archive(name, archive)
    adoption(log.origin, 1, 2, name, {LEDGER_ID: 1}).into(log)
    assert log.epoch == 2
    with pytest.raises(EpochChanged):
        old.into(log)
    with pytest.raises(EpochChanged):
        ready(log, project("a"), epoch=3).into(log)
    ready(log, project("a"), epoch=2).into(log)
    believe(log)


def test_7_2_a_clock_behind_the_last_entry_records_nothing_until_it_is_right(log: Log, clock: Clock) -> None:
    ready(log, project("a")).into(log)
    clock.moment -= timedelta(seconds=1)
    with pytest.raises(ClockBehind):
        ready(log, project("a")).into(log)
    assert log.size == 4
    clock.moment += timedelta(seconds=1)
    ready(log, project("a")).into(log)
    believe(log)


def test_16_an_entry_beyond_the_limit_is_too_large_and_one_within_is_recorded(log: Log) -> None:
    def wide(bytes_: int, name: str) -> Deed:
        deed = ready(log, project(name))
        (one,) = deed.stored
        state = canonical.encode({"text": "x" * bytes_})
        return Deed(
            deed.submission, [StoredEvent(one.originator_id, one.originator_version, one.topic, state)]
        )

    wide(50_000, "a").into(log)
    (row,) = log.driver.rows(3, 4)
    left = 60_000 - len(row.entry)
    with pytest.raises(TooLarge, match="60001"):
        wide(50_000 + left + 1, "b").into(log)
    wide(50_000 + left, "b").into(log)
    assert len(next(log.driver.rows(4, 5)).entry) == 60_000
    believe(log)


def test_16_an_entry_of_257_subjects_is_too_large_and_one_of_256_is_recorded(log: Log) -> None:
    def named(count: int) -> Deed:
        # the stream, and the key, organisation and post of the clerk are subjects too
        return ready(log, project("a"), names=[asset(str(number)) for number in range(count - 4)])

    with pytest.raises(TooLarge):
        named(257).into(log)
    named(256).into(log)
    assert len(canonical.decode(next(log.driver.rows(3, 4)).sections().header)["subjects"]) == 256


def test_a_process_without_the_key_of_the_ledger_can_only_read(log: Log, store: Store) -> None:
    reader = Log(store.driver(), None)
    assert reader.size == 3
    assert receipt_holds(reader, 2)
    with pytest.raises(ReadOnly):
        ready(reader, project("a")).into(reader)


def test_11_1_the_key_of_another_ledger_neither_opens_a_log_nor_founds_it(store: Store) -> None:
    stranger = Log(store.driver(), Sealer(CLERK.key), Clock())
    with pytest.raises(ForeignKey):
        genesis().into(stranger)
    assert stranger.size == 0
    founded(store.driver())
    with pytest.raises(ForeignKey):
        Log(store.driver(), Sealer(CLERK.key))
    assert Log(store.driver(), Sealer(LEDGER.key)).size == 3


@pytest.mark.parametrize("sizes", [(2,), (1, 1), (0,)])
def test_7_2_events_that_do_not_match_the_sizes_of_their_submission_are_malformed(
    log: Log, sizes: tuple[int, ...]
) -> None:
    deed = ready(log, project("a"))
    submission = deed.submission
    wrong = type(submission)(
        submission.signed, sizes, submission.indexes, submission.reads, submission.today, submission.epoch
    )
    with pytest.raises(Malformed):
        log.append(wrong, deed.stored)
    deed.into(log)


def test_7_2_a_command_of_16_events_is_recorded_and_one_of_17_is_malformed(log: Log) -> None:
    streams = [project(str(number)) for number in range(17)]
    with pytest.raises(Malformed, match="16"):
        ready(log, *streams).into(log)
    assert ready(log, *streams[:16]).into(log) == list(range(3, 19))
    believe(log)
