"""What is asked together is worked for together, and each is answered for itself."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Coroutine, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from api.http.gathered import Gathered


class Work:
    """Doubles what is asked, refuses what is negative, and falls over a nought. It keeps the groups it had."""

    def __init__(self) -> None:
        self.groups: list[list[int]] = []
        self.go = threading.Event()
        self.go.set()

    def __call__(self, asked: Sequence[int]) -> list[int | Exception]:
        self.groups.append(list(asked))
        assert self.go.wait(20)
        if 0 in asked:
            raise ZeroDivisionError
        return [2 * one if one > 0 else ValueError(one) for one in asked]


@pytest.fixture
def work() -> Work:
    return Work()


@pytest.fixture
def pool() -> Iterator[ThreadPoolExecutor]:
    with ThreadPoolExecutor(4) as executor:
        yield executor


async def _all(gathered: Gathered[int, int], *asked: int) -> list[Any]:
    return await asyncio.gather(*(gathered.ask(one) for one in asked), return_exceptions=True)


def run(work: Coroutine[Any, Any, list[Any]]) -> list[Any]:
    return asyncio.run(asyncio.wait_for(work, 20))


def test_those_of_one_turn_go_together_and_at_most_so_many(work: Work, pool: ThreadPoolExecutor) -> None:
    assert run(_all(Gathered(work, pool, most=3, workers=1), 1, 2, 3, 4)) == [2, 4, 6, 8]
    assert work.groups == [[1, 2, 3], [4]]


def test_one_that_is_refused_fails_nobody_else(work: Work, pool: ThreadPoolExecutor) -> None:
    good, refused, last = run(_all(Gathered(work, pool, most=9, workers=1), 1, -1, 2))
    assert (good, last) == (2, 4)
    assert isinstance(refused, ValueError)


def test_work_that_falls_over_is_told_to_all_of_it_and_the_next_goes_on(
    work: Work, pool: ThreadPoolExecutor
) -> None:
    async def one_after_another() -> list[Any]:
        gathered = Gathered(work, pool, most=9, workers=1)
        return [*await _all(gathered, 1, 0), *await _all(gathered, 2)]

    first, second, third = run(one_after_another())
    assert (type(first), type(second), third) == (ZeroDivisionError, ZeroDivisionError, 4)


def test_while_all_are_at_work_questions_gather(work: Work, pool: ThreadPoolExecutor) -> None:
    async def late() -> list[Any]:
        gathered = Gathered(work, pool, most=9, workers=2)
        work.go.clear()
        asked = []
        for one in (1, 2, 3, 4):
            asked.append(asyncio.create_task(gathered.ask(one)))
            await asyncio.sleep(0.02)
        work.go.set()
        return list(await asyncio.gather(*asked))

    assert run(late()) == [2, 4, 6, 8]
    assert work.groups == [[1], [2], [3, 4]]


def test_who_has_gone_is_told_nothing_and_holds_up_nobody(work: Work, pool: ThreadPoolExecutor) -> None:
    async def leaving() -> list[Any]:
        gathered = Gathered(work, pool, most=9, workers=1)
        work.go.clear()
        gone, stays = (asyncio.create_task(gathered.ask(one)) for one in (1, 2))
        await asyncio.sleep(0.02)
        gone.cancel()
        work.go.set()
        return [await stays, gone.cancelled() or await asyncio.wait([gone])]

    assert run(leaving())[0] == 4


class Scarce(ThreadPoolExecutor):
    """There is no thread to be had at first."""

    refusals = 1

    def submit(self, *args: Any, **kwargs: Any) -> Any:
        if self.refusals:
            self.refusals -= 1
            raise RuntimeError("can't start new thread")
        return super().submit(*args, **kwargs)


def test_without_a_thread_who_asked_is_told_so_and_the_next_goes_on(work: Work) -> None:
    with Scarce(1) as executor:
        first, second, third = run(_all(Gathered(work, executor, most=2, workers=1), 1, 2, 3))
    assert (type(first), type(second), third) == (RuntimeError, RuntimeError, 6)


def test_what_was_done_is_told_though_nothing_further_can_be(work: Work) -> None:
    async def closing() -> list[Any]:
        executor = ThreadPoolExecutor(1)
        gathered = Gathered(work, executor, most=1, workers=1)
        work.go.clear()
        asked = [asyncio.create_task(gathered.ask(one)) for one in (1, 2)]
        await asyncio.sleep(0.02)
        executor.shutdown(wait=False)
        work.go.set()
        return await asyncio.gather(*asked, return_exceptions=True)

    done, left = run(closing())
    assert (done, type(left)) == (2, RuntimeError)
