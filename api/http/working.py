"""The way through the work room: a place for as long as the answer takes, a turn, and an end as soon as nobody waits for it."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator, Mapping
from contextlib import AsyncExitStack, contextmanager, suppress
from functools import partial

from fastapi import Request, Response
from starlette.types import Receive, Scope, Send

from api.http.auth import Reader
from api.http.problem import Failed, place_of
from api.http.service import Service
from api.workroom import Away, CalledOff, Errand, Order, Task, TooMuch, Unclear
from audit.driver import StoreFailure

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
PIECE = 64 * 1024  # of an answer, given out at a time


@contextmanager
def place(service: Service, reader: Reader) -> Iterator[None]:
    """A place in the work room. Raises Failed: 429."""
    with place_of(service.workroom.places, reader.key, "在读、在写的文件"):
        yield


def order(service: Service, reader: Reader, task: Task, name: str, wish: Mapping[str, object]) -> Order:
    return Order(
        settings=service.desk.settings.model_dump(mode="json"),
        signer=service.desk.capacity(reader.key),
        areas=None if reader.areas is None else sorted(reader.areas),
        wish=wish,
        name=name,
        task=task,
    )


async def done(request: Request, service: Service, reader: Reader, wanted: Order, data: bytes = b"") -> bytes:
    """The answer to an order, for whoever holds a place. Raises Failed, Unreadable, StoreFailure."""
    errand = Errand()
    gone = asyncio.ensure_future(_gone(request, errand))
    try:
        async with service.turns.of(reader.key):
            return await service.in_workroom(partial(service.workroom.done, wanted, data, errand=errand))
    except Unclear as why:
        errors = [{"parameter": "area", "detail": str(why)}]
        raise Failed(422, "unclear_area", str(why), errors=errors) from None
    except TooMuch:
        told = "要导出的太多，用时或所占内存超过限额；请按区域或分类分开导出"
        raise Failed(422, "too_many_rows", told) from None
    except Away:
        raise StoreFailure("the database was away") from None
    except CalledOff:
        raise Failed(503, "not_ready", "服务正在停止，没有办理，请稍后再来") from None
    finally:
        gone.cancel()


async def _gone(request: Request, errand: Errand) -> None:
    """Calls the work off as soon as whoever asked does not wait for the answer any more."""
    while (await request.receive())["type"] != "http.disconnect":
        pass
    errand.call_off()


class Slow(Response):
    """A large answer, given out as fast as its reader takes it, within some time; then whatever it holds is let go."""

    def __init__(
        self, content: bytes, headers: Mapping[str, str], seconds: float, held: AsyncExitStack
    ) -> None:
        super().__init__(content, headers=dict(headers))
        self._seconds, self._held = seconds, held

    async def __call__(self, _scope: Scope, _receive: Receive, send: Send) -> None:
        async with self._held:
            await send({"type": "http.response.start", "status": 200, "headers": self.raw_headers})
            content = memoryview(self.body)
            with suppress(TimeoutError):
                async with asyncio.timeout(self._seconds):
                    for start in range(0, len(content), PIECE):
                        piece = bytes(content[start : start + PIECE])
                        await send({"type": "http.response.body", "body": piece, "more_body": True})
                    await send({"type": "http.response.body", "body": b"", "more_body": False})
