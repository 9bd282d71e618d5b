"""The log as server-sent events (`id` = position): what is recorded from now on, or from where a reader left off.

A reader of some areas is told what names a subject in them; `Last-Event-ID` goes on after any position.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import ExitStack
from typing import Annotated

from fastapi import APIRouter, Header, Query, Request
from fastapi.responses import StreamingResponse
from fastapi.sse import format_sse_event
from pydantic import BaseModel, ConfigDict, Field
from starlette.types import Receive, Scope, Send

from api.http.auth import bearer
from api.http.passing import CHUNK
from api.http.problem import Failed, place_of, problems
from api.http.service import ReaderDep, Service, ServiceDep

router = APIRouter(prefix="/api/v1", tags=["账本"])
KEEP_ALIVE_SECONDS = 15.0
# Between what one listener is told: hundreds of them shall cost less than what they listen to.
PAUSE_SECONDS = 0.2


class EventsQuery(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)

    after: Annotated[
        int | None, Field(ge=-1, lt=2**53, description="从此号之后开始；-1 为从头；不给则从现在起")
    ] = None
    limit: Annotated[int | None, Field(ge=1, le=1000, description="给出这么多条后结束；不给则一直等")] = None


class EventStream(StreamingResponse):
    media_type = "text/event-stream"


class _Placed(EventStream):
    """Keeps a place for as long as it lasts; it ends when its listener goes away."""

    def __init__(self, told: AsyncIterator[bytes], place: ExitStack) -> None:
        super().__init__(told, headers={"Cache-Control": "no-store", "X-Accel-Buffering": "no"})
        self._place = place

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        with self._place:
            await super().__call__(scope, receive, send)


@router.get(
    "/events",
    operation_id="follow_events",
    summary="入账事件（SSE，可续）",
    response_class=EventStream,
    responses=problems(400, 401, 429),
)
def events(
    request: Request,
    query: Annotated[EventsQuery, Query()],
    service: ServiceDep,
    reader: ReaderDep,
    last_event_id: Annotated[str | None, Header(max_length=20)] = None,
) -> EventStream:
    """每条的 id 是第几号；断开后以 Last-Event-ID 续接，不重不漏。会话结束则流结束。"""
    begin = _begin(service, query.after, last_event_id)
    place = ExitStack()
    place.enter_context(place_of(service.listeners, reader.key, "在听的事件流"))
    return _Placed(_told(service, bearer(request), begin, query.limit), place)


def _begin(service: Service, after: int | None, last: str | None) -> int:
    if last is not None:
        if not last.isdecimal() or len(last) > 15:
            errors = [{"parameter": "Last-Event-ID", "detail": "应为第几号"}]
            raise Failed(400, "bad_request", "Last-Event-ID 应为第几号", errors=errors)
        return int(last) + 1
    return service.projected if after is None else after + 1


async def _told(service: Service, token: str, begin: int, limit: int | None) -> AsyncIterator[bytes]:
    yield format_sse_event(comment="bangfu")
    left = limit
    while not service.stopping.is_set():
        if begin < service.projected:
            stop = min(begin + CHUNK, service.projected)
            passing = await service.passing.between(begin, stop)
            try:
                reader = service.reader(token)
            except Failed:
                return  # the session has ended, or the key
            found = [one.text for one in passing if one.is_for(reader)]
            begin = stop
            for text in found if left is None else found[:left]:
                yield text
            if left is not None:
                left -= min(left, len(found))
                if not left:
                    return
            elif begin == service.projected:
                await asyncio.sleep(PAUSE_SECONDS)  # what comes meanwhile comes together
        elif limit is not None:
            return
        elif not await service.wait(begin, KEEP_ALIVE_SECONDS) and not service.stopping.is_set():
            try:
                service.reader(token)
            except Failed:
                return
            yield format_sse_event(comment="")
