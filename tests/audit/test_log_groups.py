"""The log on every database: what is committed together. A batch is one commit (FORMAT 8.2); a refusal never fails its group."""

from __future__ import annotations

import hashlib
from concurrent.futures import ThreadPoolExecutor

import pytest

from audit import canonical
from audit.errors import Malformed
from audit.group import TooLarge
from audit.log import Log
from domain.errors import DateChanged, EpochChanged, Moved
from tests.support.stores import Store
from tests.support.submissions import (
    CLERK,
    COLLEAGUE,
    LEDGER_ID,
    TODAY,
    Clock,
    adoption,
    asset,
    batch,
    believe,
    founded,
    group,
    note,
    project,
    ready,
    receipt_holds,
)


def test_11_4_the_adoption_bears_the_old_epoch_and_who_shares_its_group_is_refused(
    store: Store, clock: Clock
) -> None:
    log = founded(store.driver(), clock)
    name = hashlib.sha256(b"next").hexdigest()
    log.driver.put_archive(name, b"next")
    log._commit(together := group(adoption(log.origin, 1, 2, name, {LEDGER_ID: 1}), ready(log, project("a"))))
    assert [type(one.error) for one in together] == [type(None), EpochChanged]
    assert canonical.decode(next(log.driver.rows(3, 4)).sections().header)["epoch"] == 1
    believe(log)


def test_8_2_a_batch_is_its_outcome_and_its_accepted_members_in_one_commit(log: Log) -> None:
    rows = [project(str(number)) for number in range(7)]
    assert batch(log, rows, {0: "x", 3: "y"}).into(log) == [3, 4, 5, 6, 7, 8]
    assert [one.size for one in log.driver.seals()][-2:] == [3, 9]
    proof = canonical.decode(next(log.driver.rows(6, 7)).sections().proof)
    assert (proof["batch"], proof["index"]) == (3, 4)
    believe(log)


def test_8_2_a_batch_after_another_submission_of_its_group_names_its_own_outcome(log: Log) -> None:
    together = group(ready(log, project("x")), batch(log, [project("a"), project("b")]))
    log._commit(together)
    assert [one.outcome() for one in together] == [[3], [4, 5, 6]]
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
    together = group(bad["moved"][0], good[0], *(deed for deed, _ in bad.values()), *good[1:])
    log._commit(together)
    assert [one.positions for one in together if one.error is None] == [[4], [5], [6]]
    assert [type(one.error) for one in together if one.error] == [Moved, *(kind for _, kind in bad.values())]
    believe(log)


def test_a_group_of_refusals_only_writes_no_seal(log: Log) -> None:
    before = list(log.driver.seals())
    together = group(ready(log, project("a"), epoch=9), ready(log, project("b"), epoch=9))
    log._commit(together)
    assert [type(one.error) for one in together] == [EpochChanged, EpochChanged]
    assert list(log.driver.seals()) == before
    ready(log, project("a")).into(log)
