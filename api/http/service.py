"""What the routes share: one open desk, the thread that follows its log, the sessions, and who waits for what."""

from __future__ import annotations

import asyncio
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from typing import Annotated, TypeVar

from fastapi import Depends, Request
from sqlalchemy import Engine

from api.compose import china_today
from api.desk import Desk
from api.fair import Places
from api.http import body
from api.http.auth import Reader, Sessions, bearer, reader_of, unauthenticated
from api.http.metrics import Metrics
from api.http.passing import Stretches
from api.http.turns import Turns
from api.http.verified import Verified
from api.workroom import WorkRoom
from audit.driver import Damaged, StoreFailure
from domain.record import Recorded
from projections.database import Unreachable
from projections.follow import Follower
from projections.ports import Entries

PROJECTED_SECONDS = 2.0
# Under load the rows are followed in rounds: a transaction for every commit would take a third of the time of all.
ROUND_SECONDS = 0.02
KNOWN_SECONDS = 1.0  # between two looks at who is in office, which other processes change
LISTENERS_MAX, LISTENERS_OF_ONE = 500, 20  # streams of events; of one key
DECIDERS = 4  # threads that decide at once: one those commands that came together, others a batch each

Taken = TypeVar("Taken")


class Patient:
    """The entries for a follower, who tries again when a database is away. A damaged entry is another matter: it stops him."""

    def __init__(self, entries: Entries) -> None:
        self._entries = entries

    def size(self) -> int:
        with _tried_again():
            return self._entries.size()

    def leaf(self, position: int) -> str:
        with _tried_again():
            return self._entries.leaf(position)

    def entries(self, start: int, stop: int | None = None) -> Iterator[Recorded]:
        with _tried_again():
            yield from self._entries.entries(start, stop)

    def of_subject(self, subject: str, start: int = 0) -> Iterator[Recorded]:
        with _tried_again():
            yield from self._entries.of_subject(subject, start)

    def of_stream(self, stream: str) -> Iterator[Recorded]:
        with _tried_again():
            yield from self._entries.of_stream(stream)


@contextmanager
def _tried_again() -> Iterator[None]:
    try:
        yield
    except Damaged:
        raise
    except StoreFailure as failure:
        raise Unreachable(str(failure), None, failure) from None


class Service:
    """Made for a desk that stays open longer than itself. Started and stopped by the application."""

    def __init__(
        self,
        desk: Desk,
        *,
        hosts: tuple[str, ...] = (),
        monotonic: Callable[[], float] = time.monotonic,
        verified: Verified | None = None,
        workroom: WorkRoom | None = None,
    ) -> None:
        self.desk = desk
        self.hosts = hosts
        self.sessions = Sessions(monotonic)
        self.metrics = Metrics()
        self.verified = verified or Verified()
        self.engine: Engine = desk.projections
        self._follower: Follower | None = None
        self.stopping = asyncio.Event()
        self.projected = 0  # entries that are in the rows
        self._loop: asyncio.AbstractEventLoop | None = None
        self._looking: asyncio.Task[None] | None = None
        self._waiting: list[tuple[int, asyncio.Future[bool]]] = []
        self._signal = threading.Event()
        self._round: asyncio.TimerHandle | None = None
        self._last_round = 0.0
        self.passing = Stretches(desk.reader, self.engine)
        self.listeners = Places(LISTENERS_MAX, LISTENERS_OF_ONE)
        self.deciders = ThreadPoolExecutor(DECIDERS, "decide")
        self.large = Places(body.LARGE_MAX, body.LARGE_OF_ONE)  # of those who send something large
        self.workroom = workroom or WorkRoom()
        self.turns = Turns()  # of those who have a file read
        self.desk.log.on_commit(self._committed)

    # --- its life -------------------------------------------------------------------------------------------

    def start(self) -> None:
        """On the loop that serves."""
        self._loop = asyncio.get_running_loop()
        self._follower = Follower(Patient(self.desk.reader), self.engine, self._signal)
        self._follower.on_move(self._tell)
        self._follower.start()
        self.verified.start()
        self._looking = self._loop.create_task(self._look_who_is_in_office())

    def end_streams(self) -> None:
        """Before the server waits for its connections to end. May be called again."""
        self.stopping.set()
        for _, future in self._waiting:
            _give_up(future)

    def stop(self) -> None:
        self.end_streams()
        self.verified.stop()
        if self._follower is not None:
            self._follower.stop()
            self._follower = None
        self.deciders.shutdown()
        self.workroom.close()

    @property
    def following(self) -> bool:
        return self._follower is not None and self._follower.alive

    # --- who waits -------------------------------------------------------------------------------------------

    def _committed(self, _size: int) -> None:
        """Called by the thread that committed."""
        self._on_loop(self._follow_soon)

    def _follow_soon(self) -> None:
        """On the loop. At once after a pause, at the end of the round under load."""
        if self._round is None and self._loop is not None:
            delay = max(0.0, self._last_round + ROUND_SECONDS - self._loop.time())
            self._round = self._loop.call_later(delay, self._follow_now)

    def _follow_now(self) -> None:
        assert self._loop is not None
        self._round, self._last_round = None, self._loop.time()
        self._signal.set()

    async def decide(self, work: Callable[[], Taken]) -> Taken:
        """Let one of the deciding threads do it."""
        assert self._loop is not None
        return await self._loop.run_in_executor(self.deciders, work)

    async def in_workroom(self, work: Callable[[], Taken]) -> Taken:
        """Let one of the hands of the work room do it."""
        assert self._loop is not None
        return await self._loop.run_in_executor(self.workroom.hands, work)

    def _tell(self, size: int) -> None:
        """Called by the follower's thread: rows have moved, perhaps by what another process has recorded."""
        if size != self.projected:
            with suppress(StoreFailure):  # the next round tries again
                self.desk.ledger.refresh()
        self._on_loop(self._wake, size)

    async def _look_who_is_in_office(self) -> None:
        """A key that another process has revoked reads no more, whatever becomes of the rows."""
        while not self.stopping.is_set():
            with suppress(StoreFailure):  # the next look tries again
                await asyncio.to_thread(self.desk.ledger.refresh)
            with suppress(TimeoutError):
                await asyncio.wait_for(self.stopping.wait(), KNOWN_SECONDS)

    def _on_loop(self, work: Callable[..., object], *arguments: object) -> None:
        """From another thread. Nothing once the server has stopped: the desk may live longer."""
        if self._loop is not None:
            with suppress(RuntimeError):
                self._loop.call_soon_threadsafe(work, *arguments)

    def _wake(self, size: int) -> None:
        """On the loop. Whoever waits for a position that the rows have now, or for any movement, goes on."""
        self.projected = size
        waiting, self._waiting = self._waiting, []
        for position, future in waiting:
            if future.done():
                continue
            if position < size:
                future.set_result(True)
            else:
                self._waiting.append((position, future))

    async def wait(self, position: int, seconds: float = PROJECTED_SECONDS) -> bool:
        """Whether the entry at `position` is in the rows, at the latest after some seconds."""
        if self.projected > position or seconds <= 0 or self.stopping.is_set():
            return self.projected > position
        assert self._loop is not None
        future: asyncio.Future[bool] = self._loop.create_future()
        self._waiting.append((position, future))
        timer = self._loop.call_later(seconds, _give_up, future)
        try:
            return await future
        finally:
            timer.cancel()

    # --- who reads -------------------------------------------------------------------------------------------

    def reader(self, token: str) -> Reader:
        """Raises Failed when the session is none, or its key may read nothing any more."""
        key = self.sessions.key_of(token)
        found = None if key is None else reader_of(self.desk.ledger.directory, key, self.today())
        if found is None:
            raise unauthenticated("会话已结束或密钥已停用，请重新登录")
        return found

    def today(self) -> str:
        return china_today()


def _give_up(future: asyncio.Future[bool]) -> None:
    if not future.done():
        future.set_result(False)


# Both are quick, and async: the framework would send a plain function to a thread of its pool.
async def service_of(request: Request) -> Service:
    found: Service = request.app.state.service
    return found


def bearer_reader(service: Service, request: Request) -> Reader:
    """Who reads by the session in the request's header. Raises Failed."""
    return service.reader(bearer(request))


async def _reader(request: Request, service: Annotated[Service, Depends(service_of)]) -> Reader:
    return bearer_reader(service, request)


ServiceDep = Annotated[Service, Depends(service_of)]
ReaderDep = Annotated[Reader, Depends(_reader)]
