"""Many callers, one at work: alone at once, together when they come meanwhile, and nobody is forgotten."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor

import pytest

from audit.together import Together
from tests.support.clocks import until


class Task:
    def __init__(self, name: str, weight: int = 1) -> None:
        self.name, self.weight, self.done = name, weight, False


class Work:
    """Work that can be held up, and that fails when it is told to. It keeps the groups it had."""

    def __init__(self) -> None:
        self.groups: list[str] = []
        self.inside, self.go = threading.Event(), threading.Event()
        self.go.set()
        self.failure: BaseException | None = None

    def __call__(self, tasks: list[Task]) -> None:
        self.groups.append("".join(task.name for task in tasks))
        self.inside.set()
        assert self.go.wait(20)
        if self.failure is not None:
            raise self.failure
        for task in tasks:
            task.done = True


@pytest.fixture
def work() -> Work:
    return Work()


def _behind_a(together: Together[Task], work: Work, *tasks: Task) -> list[BaseException | None]:
    """Hand in A, which is held up, then the tasks, one after another; then let all go on."""
    work.go.clear()
    with ThreadPoolExecutor(1 + len(tasks)) as pool:
        calls = [pool.submit(together.do, Task("A"))]
        assert work.inside.wait(20)
        for number, task in enumerate(tasks, 1):
            calls.append(pool.submit(together.do, task))
            until(lambda number=number: len(together._waiting) == number)  # type: ignore[misc]
        work.go.set()
        return [call.exception(timeout=20) for call in calls]


def test_who_is_alone_is_worked_for_alone_and_at_once(work: Work) -> None:
    together = Together(work, most=10)
    for name in "ab":
        task = Task(name)
        together.do(task)
        assert task.done
    assert work.groups == ["a", "b"]


def test_who_comes_meanwhile_is_worked_for_with_all_others_in_the_order_they_came(work: Work) -> None:
    tasks = [Task(name) for name in "bcd"]
    assert _behind_a(Together(work, most=10), work, *tasks) == [None] * 4
    assert work.groups == ["A", "bcd"]
    assert all(task.done for task in tasks)


def test_a_group_takes_on_no_more_once_it_weighs_enough(work: Work) -> None:
    tasks = [Task("b"), Task("c", weight=5), Task("d"), Task("e")]
    together = Together(work, most=3, weight=lambda task: task.weight)
    assert _behind_a(together, work, *tasks) == [None] * 5
    assert work.groups == ["A", "bc", "de"]


def test_an_error_of_the_work_is_raised_to_all_of_the_group_and_to_nobody_else(work: Work) -> None:
    together = Together(work, most=10)
    work.failure = ValueError("x")
    assert _behind_a(together, work, Task("b"), Task("c")) == [work.failure] * 3
    work.failure = None
    task = Task("d")
    together.do(task)
    assert task.done
    assert work.groups == ["A", "bc", "d"]


def test_of_many_threads_each_comes_through_exactly_once(work: Work) -> None:
    together = Together(work, most=7)
    tasks = [Task(chr(0x4E00 + number)) for number in range(2_000)]
    with ThreadPoolExecutor(32) as pool:
        list(pool.map(together.do, tasks))
    assert all(task.done for task in tasks)
    assert sorted("".join(work.groups)) == sorted(task.name for task in tasks)
    assert max(map(len, work.groups)) <= 7
    assert not together._leading
