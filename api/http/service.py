"""What the routes share: one open desk, the thread that follows its log, the sessions, and who waits for what."""

from __future__ import annotations

import asyncio
import threading
import time
from collections.abc import Callable
from typing import Annotated

from fastapi import Depends, Request
from sqlalchemy import Engine

from api.compose import china_today
from api.desk import Desk
from api.http.auth import Reader, Sessions, bearer, reader_of, unauthenticated
from api.http.metrics import Metrics
from api.http.verified import Verified
from projections.follow import Follower

PROJECTED_SECONDS = 2.0


class Service:
    """Made for a desk that stays open longer than itself. Started and stopped by the application."""

    def __init__(
        self,
        desk: Desk,
        *,
        hosts: tuple[str, ...] = (),
        monotonic: Callable[[], float] = time.monotonic,
        verified: Verified | None = None,
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
        self._moved = asyncio.Event()
        self._signal = threading.Event()
        self.desk.log.on_commit(lambda _size: self._signal.set())

    # --- its life -------------------------------------------------------------------------------------------

    def start(self) -> None:
        """On the loop that serves."""
        self._loop = asyncio.get_running_loop()
        self._follower = Follower(self.desk.reader, self.engine, self._signal)
        self._follower.on_move(self._tell)
        self._follower.start()
        self.verified.start()

    def end_streams(self) -> None:
        """Before the server waits for its connections to end. May be called again."""
        self.stopping.set()
        self._wake(self.projected)

    def stop(self) -> None:
        self.end_streams()
        self.verified.stop()
        if self._follower is not None:
            self._follower.stop()
            self._follower = None

    @property
    def following(self) -> bool:
        return self._follower is not None and self._follower.alive

    # --- who waits -------------------------------------------------------------------------------------------

    def _tell(self, size: int) -> None:
        """Called by the follower's thread: rows have moved, perhaps by what another process has recorded."""
        if size != self.projected:
            self.desk.ledger.refresh()
        assert self._loop is not None
        if not self._loop.is_closed():
            self._loop.call_soon_threadsafe(self._wake, size)

    def _wake(self, size: int) -> None:
        """On the loop. Everybody who waits looks again."""
        self.projected = size
        moved, self._moved = self._moved, asyncio.Event()
        moved.set()

    async def moved(self, seconds: float) -> bool:
        """Whether the rows moved within some seconds."""
        try:
            await asyncio.wait_for(self._moved.wait(), seconds)
        except TimeoutError:
            return False
        return True

    async def wait(self, position: int, seconds: float = PROJECTED_SECONDS) -> bool:
        """Whether the entry at `position` is in the rows, at the latest after some seconds."""
        until = time.monotonic() + seconds
        while self.projected <= position:
            left = until - time.monotonic()
            if left <= 0 or not await self.moved(left):
                return self.projected > position
        return True

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


def service_of(request: Request) -> Service:
    found: Service = request.app.state.service
    return found


def bearer_reader(service: Service, request: Request) -> Reader:
    """Who reads by the session in the request's header. Raises Failed."""
    return service.reader(bearer(request))


def _reader(request: Request) -> Reader:
    return bearer_reader(service_of(request), request)


ServiceDep = Annotated[Service, Depends(service_of)]
ReaderDep = Annotated[Reader, Depends(_reader)]
