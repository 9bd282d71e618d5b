"""The log as server-sent events (`id` = position): what is recorded from now on, or from where a reader left off.

A reader of some areas is told what names a subject in them; `Last-Event-ID` goes on after any position.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from typing import Annotated, Any

from fastapi import APIRouter, Header, Query, Request
from fastapi.concurrency import run_in_threadpool
from fastapi.responses import StreamingResponse
from fastapi.sse import format_sse_event
from pydantic import BaseModel, ConfigDict, Field

from api.http.auth import Reader, bearer
from api.http.listing import places_of
from api.http.nouns import BY_KIND
from api.http.problem import Failed, dumps, problems
from api.http.service import ReaderDep, Service, ServiceDep
from domain.record import Recorded
from domain.values import kind_of
from projections.labels import event_title

router = APIRouter(prefix="/api/v1", tags=["账本"])
CHUNK = 100
KEEP_ALIVE_SECONDS = 15.0


class EventsQuery(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)

    after: Annotated[
        int | None, Field(ge=-1, lt=2**53, description="从此号之后开始；-1 为从头；不给则从现在起")
    ] = None
    limit: Annotated[int | None, Field(ge=1, le=1000, description="给出这么多条后结束；不给则一直等")] = None


class EventStream(StreamingResponse):
    media_type = "text/event-stream"


@router.get(
    "/events",
    operation_id="follow_events",
    summary="入账事件（SSE，可续）",
    response_class=EventStream,
    responses=problems(400, 401),
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
    told = _told(service, request, bearer(request), begin, query.limit)
    return EventStream(told, headers={"Cache-Control": "no-store", "X-Accel-Buffering": "no"})


def _begin(service: Service, after: int | None, last: str | None) -> int:
    if last is not None:
        if not last.isdecimal() or len(last) > 15:
            errors = [{"parameter": "Last-Event-ID", "detail": "应为第几号"}]
            raise Failed(400, "bad_request", "Last-Event-ID 应为第几号", errors=errors)
        return int(last) + 1
    return service.projected if after is None else after + 1


async def _told(
    service: Service, request: Request, token: str, begin: int, limit: int | None
) -> AsyncIterator[bytes]:
    yield format_sse_event(comment="bangfu")
    left = limit
    while not service.stopping.is_set() and not await request.is_disconnected():
        try:
            reader = service.reader(token)
        except Failed:
            return  # the session has ended, or the key
        if begin < service.projected:
            found = await run_in_threadpool(_chunk, service, reader, begin)
            begin = min(begin + CHUNK, max(service.projected, begin))
            for position, data in found if left is None else found[:left]:
                yield format_sse_event(data_str=data, id=str(position))
            if left is not None:
                left -= min(left, len(found))
                if not left:
                    return
        elif limit is not None:
            return
        elif not await service.wait(begin, KEEP_ALIVE_SECONDS) and not service.stopping.is_set():
            yield format_sse_event(comment="")


def _chunk(service: Service, reader: Reader, begin: int) -> list[tuple[int, str]]:
    stop = min(begin + CHUNK, service.projected)
    entries: Sequence[Recorded] = list(service.desk.reader.entries(begin, stop))
    return [(one.position, dumps(_data(one)).decode()) for one in entries if _is_for(service, reader, one)]


def _is_for(service: Service, reader: Reader, entry: Recorded) -> bool:
    if reader.reads_all:
        return True
    for subject, _ in entry.subjects:
        noun = BY_KIND.get(kind_of(subject))
        if noun is not None and reader.may_read(places_of(service.engine, noun, subject)):
            return True
    return False


def _data(entry: Recorded) -> dict[str, Any]:
    return {
        "position": entry.position,
        "event": entry.event,
        "title": event_title(entry.event),
        "stream": entry.stream,
        "version": entry.version,
        "recorded_at": entry.recorded_at,
        "leaf": entry.leaf,
    }
