"""Work that a few threads do for all who asked for it: while they are at work, further questions gather on the loop."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from concurrent.futures import Executor
from functools import partial
from typing import Generic, TypeVar

Asked = TypeVar("Asked")
Told = TypeVar("Told")


class Gathered(Generic[Asked, Told]):
    """Used on one loop."""

    def __init__(
        self,
        work: Callable[[Sequence[Asked]], Sequence[Told | Exception]],
        executor: Executor,
        most: int,
        workers: int,
    ) -> None:
        """`work` is done in the executor by at most `workers` threads at once, each for at most `most` who asked; it answers
        each, in order, or says what to raise."""
        self._work, self._executor, self._most = work, executor, most
        self._idle = workers
        self._asked: list[tuple[Asked, asyncio.Future[Told]]] = []

    async def ask(self, one: Asked) -> Told:
        loop = asyncio.get_running_loop()
        future: asyncio.Future[Told] = loop.create_future()
        self._asked.append((one, future))
        if len(self._asked) == 1:
            loop.call_soon(self._begin)  # whoever asks in the same turn of the loop comes along
        return await future

    def _begin(self) -> None:
        if not self._asked or not self._idle:
            return
        group, self._asked = self._asked[: self._most], self._asked[self._most :]
        futures = [future for _, future in group]
        loop = asyncio.get_running_loop()
        try:
            work = loop.run_in_executor(self._executor, self._work, [one for one, _ in group])
        except RuntimeError as error:  # no thread to be had, or none any more
            _tell(futures, [error] * len(futures))
            if self._asked:
                loop.call_soon(self._begin)
            return
        self._idle -= 1
        work.add_done_callback(partial(self._done, futures))

    def _done(
        self, futures: Sequence[asyncio.Future[Told]], work: asyncio.Future[Sequence[Told | Exception]]
    ) -> None:
        self._idle += 1
        failure = work.exception()
        _tell(futures, [failure] * len(futures) if failure else work.result())
        self._begin()


def _tell(futures: Sequence[asyncio.Future[Told]], told: Sequence[Told | BaseException]) -> None:
    for future, one in zip(futures, told, strict=True):
        if future.done():
            continue  # who asked has gone
        if isinstance(one, BaseException):
            future.set_exception(one)
        else:
            future.set_result(one)
