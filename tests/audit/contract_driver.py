"""What every driver owes the log: the docstrings of audit/driver.py, each obligation a test. `store` is given by who runs it."""

from __future__ import annotations

import threading
from collections.abc import Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager

import pytest

from audit.checkpoint import Seal
from audit.driver import EMPTY, Damaged, Driver, Head, Named, Posting, Row, StoreFailure, posting
from audit.merkle import leaf_hash
from tests.support.logbook import hash_of, new_id
from tests.support.stores import Store
from tests.support.submissions import founded, project, ready

A, B, C = (new_id("project", name) for name in "abc")
PERSON = new_id("person", "甲")
CODE = "code:project:青溪-0007"


def command(name: str) -> bytes:
    return bytes.fromhex(hash_of(name))


def row(position: int, stream: str, version: int, statement: bytes | None = None) -> Row:
    entry = f"entry {position} of {stream}".encode()
    return Row(position, stream, version, statement, leaf_hash(entry), entry)


def seal(size: int) -> Seal:
    return Seal(size, bytes.fromhex(hash_of(f"root {size}")), hash_of(f"seal {size}").encode() + b"....")


def commit(
    driver: Driver, rows: Sequence[Row], indexed: int | None = None, postings: Sequence[Posting] = ()
) -> None:
    """One commit as the log makes it. `indexed`: as before when it is not said."""
    head = driver.begin()
    driver.write(rows, seal(rows[-1].position + 1), head.indexed if indexed is None else indexed, postings)


@contextmanager
def a_rival_waits(store: Store) -> Iterator[tuple[Driver, Future[int]]]:
    """A driver that has begun, and the size that another one sees: not before the first has ended."""
    first, second = store.driver(), store.driver()
    entered = threading.Event()
    first.begin()

    def rival() -> int:
        head = second.begin()
        entered.set()
        second.abandon()
        return head.size

    with ThreadPoolExecutor(1) as pool:
        seen = pool.submit(rival)
        assert not entered.wait(0.2)
        yield first, seen


class DriverContract:
    @pytest.fixture
    def driver(self, store: Store) -> Driver:
        return store.driver()

    @pytest.fixture
    def filled(self, driver: Driver) -> Driver:
        """Five entries in three commits: A1 B1 | A2 | person1 A3. The index reaches to 2, and later to 5."""
        first = [posting(A, 1, [0]), posting(B, 1, [1]), posting(CODE, 1, [1])]
        commit(driver, [row(0, A, 1, command("x")), row(1, B, 1)], 2, first)
        commit(driver, [row(2, A, 2, command("y"))])
        later = [posting(A, 3, [2, 4]), posting(B, 2, [2]), posting(PERSON, 1, [3])]
        commit(driver, [row(3, PERSON, 1, command("z")), row(4, A, 3)], 5, later)
        return driver

    # --- an empty store ---------------------------------------------------------------------------------

    def test_an_empty_store_answers_every_question_with_nothing(self, driver: Driver) -> None:
        assert driver.head() == EMPTY == (None, 0)
        assert list(driver.seals()) == []
        assert list(driver.rows(0, 10)) == []
        assert driver.leaves(0, 10) == []
        assert driver.stream(A) == []
        assert list(driver.at([0, 7])) == []
        assert list(driver.postings(A)) == []
        assert list(driver.standing(0)) == []
        assert driver.find(command("x")) is None
        assert driver.look([command("x")], [A]) == (EMPTY, {}, {})
        assert driver.archives() == {}
        assert driver.strays(0) == []
        assert list(driver.renewals()) == []
        assert driver.postings_total() == 0
        head = driver.begin()
        driver.abandon()
        assert (head, head.size) == (EMPTY, 0)

    # --- begin --------------------------------------------------------------------------------------------

    def test_begin_reads_the_head(self, filled: Driver) -> None:
        assert filled.begin() == Head(seal(5), 5)
        filled.abandon()

    def test_who_holds_the_lock_may_look(self, filled: Driver) -> None:
        filled.begin()
        assert filled.look([command("y")], [A]).commands == {command("y"): 2}
        commit_now = [row(5, B, 2)]
        filled.write(commit_now, seal(6), 5)
        assert filled.head() == Head(seal(6), 5)

    def test_begin_keeps_others_out_until_the_end_of_write(self, store: Store) -> None:
        with a_rival_waits(store) as (first, seen):
            first.write([row(0, A, 1, command("x"))], seal(1), 0)
            assert seen.result(timeout=20) == 1

    def test_begin_keeps_others_out_until_the_end_of_abandon(self, store: Store) -> None:
        with a_rival_waits(store) as (first, seen):
            first.abandon()
            assert seen.result(timeout=20) == 0

    # --- write and abandon -----------------------------------------------------------------------------------

    def test_what_was_written_is_read_back_byte_for_byte(self, driver: Driver) -> None:
        entry = bytes(range(256))
        written = Row(0, CODE, 1, command("x"), leaf_hash(entry), entry)
        commit(driver, [written], 1, [Posting(CODE, 1, 0, b"")])
        assert list(driver.rows(0, 1)) == [written]
        assert all(
            isinstance(value, bytes) for value in (next(driver.rows(0, 1)).entry, driver.leaves(0, 1)[0])
        )
        assert driver.head() == Head(seal(1), 1)

    def test_an_abandoned_commit_leaves_nothing_and_the_next_one_works(self, filled: Driver) -> None:
        filled.begin()
        filled.abandon()
        assert filled.head() == Head(seal(5), 5)
        commit(filled, [row(5, B, 2)])
        assert filled.head() == Head(seal(6), 5)

    def test_abandon_never_raises_not_even_without_a_begin_or_twice(self, filled: Driver) -> None:
        filled.abandon()
        filled.begin()
        filled.abandon()
        filled.abandon()
        commit(filled, [row(5, B, 2)])

    def test_readers_see_whole_commits_only(self, store: Store) -> None:
        writer, reader = store.driver(), store.driver()
        commit(writer, [row(0, A, 1), row(1, B, 1)])
        halves, done = [], threading.Event()

        def read() -> None:
            while not done.is_set():
                found = reader.head()
                halves.append(len(reader.leaves(0, found.size)) - found.size)

        with ThreadPoolExecutor(1) as pool:
            reading = pool.submit(read)
            for number in range(1, 40):
                first = 2 * number
                commit(writer, [row(first, A, number + 1), row(first + 1, B, number + 1)])
            done.set()
            reading.result(timeout=20)
        assert halves
        assert set(halves) == {0}

    def test_threads_read_at_once(self, filled: Driver) -> None:
        with ThreadPoolExecutor(8) as pool:
            answers = list(pool.map(lambda _: [one.position for one in filled.stream(A)], range(64)))
        assert answers == [[0, 2, 4]] * 64

    # --- reads ---------------------------------------------------------------------------------------------

    def test_seals_ascend_from_after_a_size(self, filled: Driver) -> None:
        assert [one.size for one in filled.seals()] == [2, 3, 5]
        assert [one.size for one in filled.seals(2)] == [3, 5]
        assert list(filled.seals(5)) == []

    def test_rows_and_leaves_are_the_half_open_range_of_positions(self, filled: Driver) -> None:
        assert [one.position for one in filled.rows(1, 4)] == [1, 2, 3]
        assert filled.leaves(1, 4) == [one.leaf for one in filled.rows(1, 4)]
        assert [one.position for one in filled.rows(3, 99)] == [3, 4]
        assert list(filled.rows(2, 2)) == []
        assert filled.leaves(2, 2) == []

    def test_rows_seals_and_postings_go_on_beyond_one_block(self, driver: Driver) -> None:
        for first in range(0, 2_400, 300):
            commit(driver, [row(first + number, A, first + number + 1) for number in range(300)])
        for position in range(2_400, 2_600):
            commit(driver, [row(position, A, position + 1)], position + 1, [posting(A, position, [position])])
        assert [one.position for one in driver.rows(0, 9_999)] == list(range(2_600))
        assert [one.position for one in driver.at(range(100, 2_400))] == list(range(100, 2_400))
        assert [one.position for one in driver.postings(A)] == list(range(2_400, 2_600))
        assert [one.position for one in driver.postings(A, 2_500)] == list(range(2_500, 2_600))
        assert len(list(driver.seals())) == 208
        ends = [(first + 300, 0) for first in range(0, 2_400, 300)]
        assert list(driver.renewals()) == ends + [(size, size) for size in range(2_401, 2_601)]

    def test_a_stream_is_read_by_version_in_either_order(self, filled: Driver) -> None:
        def versions(**how: int | bool) -> list[int]:
            return [one.version for one in filled.stream(A, **how)]  # type: ignore[arg-type]

        assert versions() == [1, 2, 3]
        assert versions(after=1) == [2, 3]
        assert versions(last=2) == [1, 2]
        assert versions(after=1, last=2) == [2]
        assert versions(after=3) == []
        assert versions(newest_first=True) == [3, 2, 1]
        assert versions(newest_first=True, limit=2) == [3, 2]
        assert versions(limit=1) == [1]

    def test_rows_are_read_at_positions_in_the_order_asked_for(self, filled: Driver) -> None:
        assert [one.position for one in filled.at([4, 0, 2])] == [4, 0, 2]
        assert next(filled.at([3])) == next(filled.rows(3, 4))
        assert [one.position for one in filled.at([1, 99])] == [1]

    def test_postings_are_the_rows_of_a_subject_that_end_at_a_position_or_later(self, filled: Driver) -> None:
        assert list(filled.postings(A)) == [posting(A, 1, [0]), posting(A, 3, [2, 4])]
        assert list(filled.postings(A, 1)) == list(filled.postings(A, 4)) == [posting(A, 3, [2, 4])]
        assert [list(one.positions()) for one in filled.postings(A)] == [[0], [2, 4]]
        assert list(filled.postings(A, 5)) == list(filled.postings(C)) == []

    def test_a_posting_cut_short_is_damaged(self, driver: Driver) -> None:
        with pytest.raises(Damaged):
            Posting(A, 2, 4, b"\x00\x00\x00").positions()

    def test_standing_gives_the_streams_of_standing_kinds_only(self, driver: Driver) -> None:
        streams = [
            new_id(kind, "x")
            for kind in ("ledger", "key", "person", "organisation", "post", "area", "parameter")
        ]
        moving = [new_id(kind, "x") for kind in ("keyring", "persons", "zebra", "are", "project")] + [CODE]
        commit(driver, [row(position, stream, 1) for position, stream in enumerate([*moving, *streams])])
        assert [one.stream for one in driver.standing(0)] == streams
        assert [one.stream for one in driver.standing(8)] == streams[2:]

    def test_a_look_knows_what_exists_and_is_silent_about_the_rest(self, filled: Driver) -> None:
        assert filled.find(command("y")) == 2
        assert filled.find(command("unknown")) is None
        found = filled.look([command("x"), command("unknown")], [A, CODE, PERSON, C])
        assert found.head == Head(seal(5), 5)
        assert found.commands == {command("x"): 0}
        assert found.subjects == {
            A: Named(3, row(4, A, 3).leaf.hex(), 3),
            CODE: Named(1, row(1, B, 1).leaf.hex(), 0),
            PERSON: Named(1, row(3, PERSON, 1).leaf.hex(), 1),
        }
        assert filled.look([], []) == (Head(seal(5), 5), {}, {})

    def test_a_look_takes_many_at_once(self, filled: Driver) -> None:
        many = [new_id("project", f"many {number}") for number in range(2_500)]
        found = filled.look([*(command(name) for name in many), command("y")], [*many, B])
        assert found.commands == {command("y"): 2}
        assert found.subjects == {B: Named(2, row(2, A, 2).leaf.hex(), 1)}

    @pytest.mark.parametrize("many", [1, 8, 9, 300])
    def test_few_entries_and_many_are_kept_alike(self, filled: Driver, many: int) -> None:
        rows = [row(5 + k, new_id("project", f"{k}"), 1, command(f"{k}")) for k in range(many)]
        rows[-1] = rows[-1]._replace(command=None)
        named = [posting(one.stream, 1, [one.position]) for one in rows]
        commit(filled, rows, 5 + many, named)
        assert list(filled.rows(5, 999)) == rows
        assert filled.missing(named) == []
        assert filled.head() == Head(seal(5 + many), 5 + many)

    def test_a_look_counts_by_the_index_and_leaves_the_rest_to_the_log(self, driver: Driver) -> None:
        commit(driver, [row(0, A, 1)], 1, [posting(A, 1, [0])])
        commit(driver, [row(1, A, 2), row(2, B, 1)])
        found = driver.look([], [A, B])
        assert (found.head.size, found.head.indexed) == (3, 1)
        assert {one: head.counted for one, head in found.subjects.items()} == {A: 1}

    # --- archives --------------------------------------------------------------------------------------------

    def test_an_archive_is_kept_and_may_be_put_twice(self, driver: Driver) -> None:
        driver.put_archive("a" * 64, b"\x00zip")
        driver.put_archive("a" * 64, b"\x00zip")
        assert driver.archives() == {"a" * 64: b"\x00zip"}

    # --- step 50 ---------------------------------------------------------------------------------------------

    def test_strays_are_rows_that_no_seal_covers(self, filled: Driver) -> None:
        assert filled.strays(5) == []
        assert filled.strays(3) == [3, 4]

    def test_missing_are_rows_of_the_index_that_are_not_kept_exactly_so(self, filled: Driver) -> None:
        assert filled.postings_total() == 6
        good = [posting(A, 1, [0]), posting(A, 3, [2, 4]), posting(CODE, 1, [1])]
        assert filled.missing(good) == []
        wrong = [posting(A, 1, [1]), posting(A, 3, [3, 4]), posting(A, 3, [4]), posting(A, 4, [2, 4])]
        wrong += [posting(C, 1, [0]), posting(CODE, 2, [1])]
        assert filled.missing([*good, *wrong]) == wrong


class SharedDriverContract(DriverContract):
    """What a driver owes besides when several processes use one database."""

    def test_what_one_driver_wrote_another_reads(self, store: Store) -> None:
        commit(store.driver(), [row(0, A, 1, command("x"))])
        other = store.driver()
        assert other.head() == Head(seal(1), 0)
        assert other.find(command("x")) == 0

    @pytest.mark.parametrize(
        ("rows", "sealed", "postings"),
        [
            pytest.param([row(4, B, 2)], 6, [], id="a position that is taken"),
            pytest.param([row(5, A, 3)], 6, [], id="a version that is taken"),
            pytest.param([row(5, B, 2, command("x"))], 6, [], id="a command that is recorded"),
            pytest.param([row(5, B, 2)], 5, [], id="a size that is sealed"),
            pytest.param(
                [*(row(8 + k, C, 2 + k) for k in range(20)), row(5, A, 3)], 28, [], id="the last of many"
            ),
            pytest.param([row(5, B, 2)], 6, [posting(A, 3, [5])], id="a count that is in the index"),
        ],
    )
    def test_a_write_that_contradicts_the_store_leaves_nothing_of_itself(
        self, filled: Driver, rows: list[Row], sealed: int, postings: list[Posting]
    ) -> None:
        before = (list(filled.rows(0, 99)), list(filled.renewals()), filled.postings_total())
        filled.begin()
        with pytest.raises(StoreFailure):
            filled.write([row(7, C, 1), *rows], seal(sealed), 5, [posting(C, 1, [7]), *postings])
        filled.abandon()
        assert (list(filled.rows(0, 99)), list(filled.renewals()), filled.postings_total()) == before
        commit(filled, [row(5, B, 2)])

    def test_many_drivers_may_open_an_empty_store_at_once(self, store: Store) -> None:
        together = threading.Barrier(6)

        def open_one() -> Driver:
            together.wait()
            return store.driver()

        with ThreadPoolExecutor(6) as pool:
            drivers = [one.result() for one in [pool.submit(open_one) for _ in range(6)]]
        for position, driver in enumerate(drivers):
            commit(driver, [row(position, A, position + 1)])
        assert [one.version for one in drivers[0].stream(A)] == [1, 2, 3, 4, 5, 6]

    def test_a_row_that_disagrees_with_its_hash_is_damaged_when_it_is_opened(self, store: Store) -> None:
        log = founded(store.driver())
        ready(log, project("a")).into(log)
        kept = next(log.driver.rows(3, 4))
        assert kept.sections().state
        with pytest.raises(Damaged, match="第 3 号"):
            kept._replace(entry=kept.entry[:-1] + b"?").sections()
