"""The log on every database: positions, receipts, refusals, groups, seals, and what it finds when it is opened again."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from itertools import pairwise

import pytest
from eventsourcing.persistence import StoredEvent
from sqlalchemy import create_engine

from audit import canonical
from audit.checkpoint import parse_note, parse_tlog_proof
from audit.driver import Damaged
from audit.drivers.memory import MemoryDriver
from audit.errors import Malformed
from audit.group import Appending, TooLarge
from audit.log import ClockBehind, ForeignKey, Log, ReadOnly, recorded_date
from audit.merkle import inclusion_path, is_consistent, leaf_hash, root_from_path, root_of
from audit.prepared import prepare
from audit.sealer import Forked, Sealer
from audit.tree import Tree
from domain.errors import DateChanged, EpochChanged, Moved
from tests.support.stores import Store
from tests.support.submissions import (
    AREA,
    CLERK,
    COLLEAGUE,
    LEDGER,
    LEDGER_ID,
    NOON,
    TODAY,
    Clock,
    Deed,
    adoption,
    asset,
    batch,
    believe,
    enrolment,
    founded,
    genesis,
    note,
    opened,
    project,
    ready,
)


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def log(store: Store, clock: Clock) -> Log:
    return founded(store.driver(), clock)


def receipt_holds(log: Log, position: int) -> bool:
    """Whether the receipt leads from the entry to a root that the ledger has signed."""
    index, path, note_bytes = parse_tlog_proof(log.receipt(position))
    signed = parse_note(note_bytes)
    entry = next(log.entries(position, position + 1))
    root = root_from_path(leaf_hash(entry), index, signed.checkpoint.size, path)
    return index == position and signed.is_signed_by(log.vkey()) and root == signed.checkpoint.root


# --- what an append gives ----------------------------------------------------------------------------------


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


SIZES = (1, 2, 3, 255, 256, 257, 511, 512, 513, 65_535, 65_536, 65_537, 66_000)


def test_6_1_a_tree_far_beyond_one_level_of_tiles_proves_what_the_plain_tree_proves() -> None:
    leaves = [hashlib.sha256(number.to_bytes(4, "big")).digest() for number in range(SIZES[-1])]
    tree = Tree(lambda start, stop: leaves[start:stop])
    tree.extend(leaves)
    roots = {}
    for size in SIZES:
        roots[size] = tree.root(size)
        for index in {0, size // 2, size - 1, min(255, size - 1), min(256, size - 1)}:
            assert root_from_path(leaves[index], index, size, tree.inclusion(index, size)) == roots[size]
    assert roots[513] == root_of(leaves[:513])
    assert tree.inclusion(300, 513) == inclusion_path(leaves[:513], 300)
    for old, new in [*pairwise(SIZES), (1, 66_000), (257, 65_537), (66_000, 66_000)]:
        assert is_consistent(old, new, roots[old], roots[new], tree.consistency(old, new))
    with pytest.raises(ValueError, match="no leaf"):
        tree.inclusion(66_000, 66_000)
    with pytest.raises(ValueError, match="consistency"):
        tree.consistency(5, 66_001)


def test_a_listener_hears_of_every_commit_and_of_no_refusal(log: Log) -> None:
    heard: list[int] = []
    log.on_commit(heard.append)
    late = ready(log, project("a"))
    ready(log, project("a"), asset("b")).into(log)
    with pytest.raises(Moved):
        late.into(log)
    ready(log, project("a")).into(log)
    assert heard == [5, 6]


# --- what an append refuses -----------------------------------------------------------------------------------


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


def test_11_4_the_adoption_bears_the_old_epoch_and_who_shares_its_group_is_refused(
    store: Store, clock: Clock
) -> None:
    log = founded(store.driver(), clock)
    name = hashlib.sha256(b"next").hexdigest()
    log.driver.put_archive(name, b"next")
    log._commit(group := _group(adoption(log.origin, 1, 2, name, {LEDGER_ID: 1}), ready(log, project("a"))))
    assert [type(one.error) for one in group] == [type(None), EpochChanged]
    assert canonical.decode(next(log.driver.rows(3, 4)).sections().header)["epoch"] == 1
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


# --- batches ---------------------------------------------------------------------------------------------------


def test_8_2_a_batch_is_its_outcome_and_its_accepted_members_in_one_commit(log: Log) -> None:
    rows = [project(str(number)) for number in range(7)]
    assert batch(log, rows, {0: "x", 3: "y"}).into(log) == [3, 4, 5, 6, 7, 8]
    assert [one.size for one in log.driver.seals()][-2:] == [3, 9]
    proof = canonical.decode(next(log.driver.rows(6, 7)).sections().proof)
    assert (proof["batch"], proof["index"]) == (3, 4)
    believe(log)


def test_8_2_a_batch_after_another_submission_of_its_group_names_its_own_outcome(log: Log) -> None:
    group = _group(ready(log, project("x")), batch(log, [project("a"), project("b")]))
    log._commit(group)
    assert [one.outcome() for one in group] == [[3], [4, 5, 6]]
    assert canonical.decode(next(log.driver.rows(5, 6)).sections().proof)["batch"] == 4
    believe(log)


def test_16_a_batch_that_was_recorded_is_not_recorded_again(log: Log) -> None:
    deed = batch(log, [project("a"), project("b")])
    deed.into(log)
    with pytest.raises(Moved):
        deed.into(log)
    assert log.size == 6


def test_16_a_batch_with_one_command_in_two_rows_is_malformed(log: Log) -> None:
    deed = batch(log, [project("a"), project("b")])
    submission, signed = deed.submission, deed.submission.signed
    twin = type(signed)(signed.id, signed.body, signed.statement, signed.signatures, (signed.members[0],) * 2)  # type: ignore[union-attr, call-arg]
    with pytest.raises(Malformed, match="两次"):
        log.append(type(submission)(twin, (1, 1, 1), (0, 1), {}, TODAY, 1), deed.stored)
    deed.into(log)


# --- groups ----------------------------------------------------------------------------------------------------


def _group(*deeds: Deed) -> list[Appending]:
    return [Appending(prepare(deed.submission, deed.stored)) for deed in deeds]


def test_64_threads_are_committed_in_groups_without_a_gap_and_every_receipt_holds(log: Log) -> None:
    def work(number: int) -> list[int]:
        found = []
        for turn in range(8):
            stream = project(f"{number} {turn % 2}")
            found += ready(log, stream, by=(CLERK if number % 2 else COLLEAGUE,)).into(log)
        return found

    with ThreadPoolExecutor(64) as pool:
        positions = [position for found in pool.map(work, range(64)) for position in found]
    assert sorted(positions) == list(range(3, 3 + 512))
    assert len(list(log.driver.seals())) < 512
    assert all(receipt_holds(log, position) for position in positions[::7])
    believe(log)


def test_a_refused_submission_never_fails_its_group(log: Log, clock: Clock) -> None:
    ready(log, project("moved")).into(log)
    good = [ready(log, project(name)) for name in "abc"]
    bad = {
        "moved": (note(log.origin, {project("moved"): 0}, {project("moved"): 0}), Moved),
        "blind": (note(log.origin, {project("moved"): 5}, {}), Moved),
        "epoch": (ready(log, project("d"), epoch=2), EpochChanged),
        "date": (ready(log, project("e"), today="2026-11-24"), DateChanged),
        "wide": (ready(log, project("f"), names=[asset(str(n)) for n in range(300)]), TooLarge),
        "same": (good[0], Moved),
    }
    group = _group(bad["moved"][0], good[0], *(deed for deed, _ in bad.values()), *good[1:])
    log._commit(group)
    assert [one.positions for one in group if one.error is None] == [[4], [5], [6]]
    assert [type(one.error) for one in group if one.error] == [Moved, *(kind for _, kind in bad.values())]
    believe(log)


def test_a_group_of_refusals_only_writes_no_seal(log: Log) -> None:
    before = list(log.driver.seals())
    group = _group(ready(log, project("a"), epoch=9), ready(log, project("b"), epoch=9))
    log._commit(group)
    assert [type(one.error) for one in group] == [EpochChanged, EpochChanged]
    assert list(log.driver.seals()) == before
    ready(log, project("a")).into(log)


# --- opened again ------------------------------------------------------------------------------------------------


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


# --- a store that was changed behind the log -------------------------------------------------------------------


Change = Callable[[MemoryDriver], None]


def _older(driver: MemoryDriver) -> None:
    """Back to the seal before the last."""
    _cut(driver, driver._seals[-2].size)


def _emptied(driver: MemoryDriver) -> None:
    _cut(driver, 0)


def _cut(driver: MemoryDriver, size: int) -> None:
    driver._rows[size:] = []
    driver._seals[:] = [one for one in driver._seals if one.size <= size]
    driver._indexed[len(driver._seals) :] = []
    for postings in driver._postings.values():
        postings[:] = [one for one in postings if one.position < size]
    for positions in driver._streams.values():
        positions[:] = [position for position in positions if position < size]


def _other_root(driver: MemoryDriver) -> None:
    driver._seals[-1] = Sealer(LEDGER.key).seal("x", driver._seals[-1].size, b"\x01" * 32, None)


def _rewritten_and_grown(driver: MemoryDriver) -> None:
    """Another history of the last entry, grown by one entry more and sealed with the ledger's own key."""
    forged = [row.leaf for row in driver._rows[:-1]] + [b"\x02" * 32, b"\x03" * 32]
    driver._rows[-1] = driver._rows[-1]._replace(leaf=forged[-2])
    driver._rows.append(driver._rows[-1]._replace(position=len(driver._rows), leaf=forged[-1]))
    driver._indexed.append(driver._indexed[-1])
    driver._seals.append(Sealer(LEDGER.key).seal("x", len(forged), root_of(forged), None))


def _grown_without_entries(driver: MemoryDriver) -> None:
    driver._indexed.append(driver._indexed[-1])
    driver._seals.append(Sealer(LEDGER.key).seal("x", driver._seals[-1].size + 3, b"\x01" * 32, None))


CHANGES = [_older, _emptied, _other_root, _rewritten_and_grown, _grown_without_entries]


@pytest.mark.parametrize("change", CHANGES)
@pytest.mark.parametrize("appended_here", [True, False])
def test_12_4_a_database_changed_behind_a_running_log_is_forked_and_nothing_more_is_signed(
    change: Change, appended_here: bool
) -> None:
    driver, clock = MemoryDriver(), Clock()
    log = founded(driver, clock)
    ready(log, project("a")).into(log)
    if not appended_here:
        log = opened(driver, clock)  # it has read the log, and released nothing itself
    deed = ready(log, project("b"))
    change(driver)
    seals = list(driver._seals)
    for _ in range(2):  # a second attempt must not take for granted what the first has refused
        with pytest.raises(Forked):
            deed.into(log)
        with pytest.raises(Forked):
            log.refresh()
    assert driver._seals == seals


def test_12_4_a_database_put_back_to_an_older_state_under_a_running_log_is_forked(
    shared_store: Store,
) -> None:
    log = founded(shared_store.driver())
    for _ in range(3):
        ready(log, project("a")).into(log)
    deed = ready(log, project("b"))
    engine = create_engine(shared_store.url.replace("postgresql:", "postgresql+psycopg:"))
    with engine.begin() as connection:
        for table, column in (("entries", "position"), ("subjects", "position"), ("seals", "size - 1")):
            connection.exec_driver_sql(f"DELETE FROM {table} WHERE {column} >= 4")
    engine.dispose()
    for _ in range(2):
        with pytest.raises(Forked, match="4"):
            deed.into(log)
    assert [one.size for one in log.driver.seals()] == [1, 2, 3, 4]
    again = opened(
        shared_store.driver()
    )  # whoever has seen no more than this cannot know: that is what trust files are for
    assert again.size == 4


def test_12_4_what_a_sealer_has_released_binds_a_log_that_is_opened_again_in_its_process() -> None:
    driver, sealer = MemoryDriver(), Sealer(LEDGER.key)
    founded(driver)
    ready(log := Log(driver, sealer, Clock(NOON + timedelta(hours=1))), project("a")).into(log)
    assert Log(driver, sealer).size == 4
    _older(driver)
    with pytest.raises(Forked):
        Log(driver, sealer)
    assert Log(driver, Sealer(LEDGER.key)).size == 3


@pytest.mark.parametrize("change", [_other_root, _grown_without_entries, _rewritten_and_grown])
def test_2_a_log_whose_entries_do_not_lead_to_the_last_seal_is_not_opened(change: Change) -> None:
    driver = MemoryDriver()
    founded(driver)
    change(driver)
    if change is _rewritten_and_grown:
        driver._rows[1] = driver._rows[1]._replace(leaf=b"\x04" * 32)
    with pytest.raises(Forked):
        opened(driver)


def test_2_a_last_entry_whose_bytes_were_changed_gives_the_log_no_time() -> None:
    driver = MemoryDriver()
    founded(driver)
    last = driver._rows[-1]
    driver._rows[-1] = last._replace(entry=last.entry.replace(b'"at":"2026-', b'"at":"2025-'))
    with pytest.raises(Damaged):
        opened(driver)


# --- the sealer ------------------------------------------------------------------------------------------------


ROOT, OTHER = b"\x01" * 32, b"\x02" * 32
ORIGIN = "bangfu/511599101/" + "0" * 32


def test_12_4_the_sealer_signs_one_released_root_for_a_size() -> None:
    sealer = Sealer(LEDGER.key)
    first = sealer.seal(ORIGIN, 5, ROOT, None)
    discarded = sealer.seal(ORIGIN, 5, OTHER, None)  # the commit of the first never became durable
    assert first.root != discarded.root
    sealer.release(discarded)
    with pytest.raises(Forked):
        sealer.seal(ORIGIN, 6, ROOT, first)
    assert sealer.seal(ORIGIN, 6, ROOT, discarded).size == 6


def test_12_4_the_sealer_signs_nothing_on_a_head_below_what_it_released() -> None:
    sealer = Sealer(LEDGER.key)
    low, high = sealer.seal(ORIGIN, 5, ROOT, None), sealer.seal(ORIGIN, 7, OTHER, None)
    sealer.release(low)
    sealer.release(high)
    for head in (None, low):
        with pytest.raises(Forked):
            sealer.check(head)
        with pytest.raises(Forked):
            sealer.seal(ORIGIN, 8, ROOT, head)
    sealer.check(high)


@pytest.mark.parametrize("size", [4, 5])
def test_12_4_the_sealer_signs_no_size_that_does_not_grow(size: int) -> None:
    sealer = Sealer(LEDGER.key)
    head = sealer.seal(ORIGIN, 5, ROOT, None)
    with pytest.raises(Forked):
        sealer.seal(ORIGIN, size, OTHER, head)
    assert sealer.seal(ORIGIN, 6, OTHER, head).size == 6


def test_12_4_a_lower_release_does_not_lower_what_binds() -> None:
    sealer = Sealer(LEDGER.key)
    low, high = sealer.seal(ORIGIN, 5, ROOT, None), sealer.seal(ORIGIN, 7, OTHER, None)
    sealer.release(high)
    sealer.release(low)
    with pytest.raises(Forked):
        sealer.check(low)
