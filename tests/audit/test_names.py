"""What a process remembers of who was named: exact beside the index and beyond its end, and never more than it may be."""

from __future__ import annotations

import pytest

from audit.driver import NEVER, Head, Look, Named, posting
from audit.names import KEPT_MAX, Asked, Known, Names, Naming
from tests.audit.contract_driver import A, B, C, command, seal
from tests.support.stores import Store
from tests.support.submissions import AREA, CLERK, Clock, asset, believe, founded, opened, project, ready

X, Y = command("x"), command("y")


def named(counted: int, leaf: str = "ab" * 32, version: int = 0) -> Named:
    return Named(counted, leaf, version)


def looked(indexed: int, size: int, **subjects: Named) -> Look:
    by_id = {"A": A, "B": B, "C": C}
    return Look(Head(seal(size), indexed), {}, {by_id[name]: head for name, head in subjects.items()})


def answered(names: Names, asked: Asked, look: Look) -> Known:
    known = names.complete(asked, look)
    assert known is not None
    return known


@pytest.fixture
def names() -> Names:
    """The index reaches to 4; entry 4 names A for the third time and opens B, and belongs to statement X."""
    found = Names(namings_max=10)
    found.restart(4)
    heads = {A: named(3, version=2), B: named(1, version=1)}
    found.add(Naming(heads, {A: (4,), B: (4,)}, {X: 4}), 5)
    return found


def test_the_tail_answers_without_a_look_and_says_what_it_cannot_answer(names: Names) -> None:
    known, asked = names.ask([X, Y], [A, B, C])
    assert known == Known({X: 4}, {A: named(3, version=2), B: named(1, version=1)})
    assert (asked.new_commands, asked.new_subjects) == ([Y], [C])
    assert not asked.is_answered
    assert names.ask([X], [A])[1].is_answered


def test_what_was_looked_up_is_kept_the_unnamed_and_the_unrecorded_too(names: Names) -> None:
    _, asked = names.ask([Y], [A, C])
    assert answered(names, asked, looked(4, 5)) == Known({}, {A: named(3, version=2), C: NEVER})
    known, asked = names.ask([Y], [A, C])
    assert asked.is_answered
    assert known.subjects[C] == NEVER


def test_the_tail_is_believed_before_a_look_that_is_older(names: Names) -> None:
    _, asked = names.ask([Y], [C])
    names.add(Naming({C: named(1, version=1)}, {C: (5,)}, {Y: 5}), 6)  # meanwhile
    assert answered(names, asked, looked(4, 5)) == Known({Y: 5}, {C: named(1, version=1)})


def test_a_look_is_no_answer_once_the_index_was_renewed_or_when_it_knows_more_entries(names: Names) -> None:
    _, asked = names.ask([], [C])
    assert names.complete(asked, looked(4, 6)) is None  # entry 5 is not read yet
    names.renewed()
    assert names.complete(asked, looked(4, 5)) is None  # and entry 4 left the tail
    assert answered(names, asked, looked(5, 5)).subjects == {C: NEVER}


def test_a_statement_that_was_not_recorded_is_recorded_when_its_entry_is_added(names: Names) -> None:
    _, asked = names.ask([Y], [])
    answered(names, asked, looked(4, 5))
    names.add(Naming({C: named(1)}, {C: (5,)}, {Y: 5}), 6)
    assert names.ask([Y], [])[0].commands == {Y: 5}
    names.renewed()  # the tail has it no more: it must be looked up again, not be taken for unrecorded
    assert names.ask([Y], [])[1].new_commands == [Y]


def test_entries_of_others_tell_counts_and_the_version_of_their_own_stream_only(store: Store) -> None:
    log = founded(store.driver())
    ready(log, project("a"), names=[asset("b")]).into(log)
    names = Names(namings_max=100)
    names.read(log.driver.rows(0, log.size))
    known, asked = names.ask([], [project("a"), asset("b"), CLERK.post, CLERK.organisation])
    assert asked.is_answered  # all of their entries were read
    assert known.subjects[project("a")].version == 1
    late = Names(namings_max=100)
    late.restart(3)
    late.read(log.driver.rows(3, log.size))
    _, asked = late.ask([], [project("a"), CLERK.post])
    assert asked.new_subjects == [CLERK.post]  # its stream may have entries before
    look = Look(Head(log.seal, 3), {}, {CLERK.post: Named(2, "00" * 32, 7)})
    head = answered(late, asked, look).subjects[CLERK.post]
    assert (head.version, head.counted) == (7, known.subjects[CLERK.post].counted)


def test_the_index_is_due_with_the_commit_that_reaches_the_bound_and_has_the_whole_tail() -> None:
    names = Names(namings_max=4)
    first = Naming({A: named(2), B: named(1)}, {A: (0, 1), B: (1,)}, {})
    assert names.due(first) == []
    names.add(first, 2)
    second = Naming({A: named(3), C: named(1)}, {A: (2,), C: (2,)}, {})
    assert names.due(second) == sorted([posting(A, 3, [0, 1, 2]), posting(B, 1, [1]), posting(C, 1, [2])])
    assert names.due(second) == names.due(second)  # nothing changes before the commit is durable
    names.add(second, 3)
    names.renewed()
    assert (names.indexed, names.size) == (3, 3)
    assert names.tail_of(A) == (3, ())
    assert names.ask([], [A, B, C])[0].subjects == {A: named(3), B: named(1), C: named(1)}


def test_what_is_kept_beside_the_tail_is_bounded_and_the_tail_is_never_forgotten(names: Names) -> None:
    for number in range(3 * KEPT_MAX):
        _, asked = names.ask([], [f"project_{number}"])
        answered(names, asked, looked(4, 5))
    held = len(names._kept._young) + len(names._kept._old)
    assert KEPT_MAX <= held <= 2 * KEPT_MAX
    assert names.ask([X], [A, B])[1].is_answered


def test_more_subjects_than_are_kept_are_answered_all_the_same(names: Names) -> None:
    many = [f"project_{number}" for number in range(2 * KEPT_MAX + 10)]
    _, asked = names.ask([], many)
    assert set(answered(names, asked, looked(4, 5)).subjects) == set(many)


# --- in a log ----------------------------------------------------------------------------------------------


def positions(log, subject: str, start: int = 0) -> list[int]:  # type: ignore[no-untyped-def]
    return [one.position for one in log.naming(subject, start)]


def test_the_entries_of_a_subject_are_those_of_the_index_and_those_of_the_tail(store: Store) -> None:
    log = founded(store.driver())
    for number in range(11):
        ready(log, project("a") if number % 2 else project("b"), names=[AREA]).into(log)
        every = list(range(3, log.size))
        assert positions(log, AREA) == every
        assert positions(log, AREA, 6) == [one for one in every if one >= 6]
        assert positions(log, project("b")) == every[::2]
        assert positions(log, asset("never")) == []
    assert 3 < log.driver.head().indexed < log.size
    believe(log)


def test_who_renews_the_index_and_who_does_not_answer_alike(shared_store: Store) -> None:
    clock = Clock()
    here = founded(shared_store.driver(), clock)
    there = opened(shared_store.driver(), clock)
    renewals = set()
    for number in range(12):
        writer, reader = (here, there) if number % 3 else (there, here)
        ready(writer, project("a"), names=[AREA]).into(writer)
        known = [one.look((), (project("a"), AREA, CLERK.post, asset("none"))) for one in (reader, writer)]
        assert known[0] == known[1]
        assert known[0].subjects[project("a")][::2] == (number + 1, number + 1)
        assert positions(reader, AREA) == positions(writer, AREA) == list(range(3, 4 + number))
        renewals.add(here.driver.head().indexed)
    assert len(renewals) > 2
    believe(here)
