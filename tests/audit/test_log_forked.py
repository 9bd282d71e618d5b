"""FORMAT 12.4 and 2: a store that was changed behind the log is found out, and nothing more is signed on it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from sqlalchemy import create_engine

from audit.driver import Damaged
from audit.drivers.memory import MemoryDriver
from audit.log import Log
from audit.merkle import root_of
from audit.sealer import Forked, Sealer
from tests.support.stores import Store
from tests.support.submissions import LEDGER, NOON, Clock, founded, opened, project, ready

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
