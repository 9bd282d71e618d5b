"""What passes: the entries of a stretch of the log as listeners are told of them, read once for all who are at the same place."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from fastapi.concurrency import run_in_threadpool
from fastapi.sse import format_sse_event
from sqlalchemy import Engine

from api.http.auth import Reader
from api.http.listing import places_of
from api.http.nouns import BY_KIND
from api.http.problem import dumps
from domain.record import Recorded
from domain.values import kind_of
from projections.labels import event_title

CHUNK = 100  # entries at a time


@dataclass(frozen=True, slots=True)
class Passing:
    """One entry: its event as it goes over the wire, and where what it names lies."""

    text: bytes
    places: frozenset[str]

    def is_for(self, reader: Reader) -> bool:
        return reader.reads_all or reader.may_read(self.places)


class Entries(Protocol):
    """The log: `audit.reader.Reader`."""

    def entries(self, start: int, stop: int | None = None) -> Iterator[Recorded]: ...


class Stretches:
    """Used on one loop."""

    def __init__(self, entries: Entries, engine: Engine) -> None:
        self._entries, self._engine = entries, engine
        self._asked: tuple[int, int] | None = None
        self._told: asyncio.Task[Sequence[Passing]] | None = None

    async def between(self, begin: int, stop: int) -> Sequence[Passing]:
        """Whoever listens to the end asks for the same as all others who do, so the last answer is kept."""
        if self._told is None or self._asked != (begin, stop) or _failed(self._told):
            self._asked = (begin, stop)
            self._told = asyncio.ensure_future(run_in_threadpool(self._read, begin, stop))
        return await asyncio.shield(self._told)  # others wait for it too

    def _read(self, begin: int, stop: int) -> list[Passing]:
        return [self._passing(one) for one in self._entries.entries(begin, stop)]

    def _passing(self, entry: Recorded) -> Passing:
        nouns = ((BY_KIND.get(kind_of(subject)), subject) for subject, _ in entry.subjects)
        places = {
            place
            for noun, subject in nouns
            if noun is not None
            for place in places_of(self._engine, noun, subject)
        }
        text = format_sse_event(data_str=dumps(_data(entry)).decode(), id=str(entry.position))
        return Passing(text, frozenset(places))


def _failed(told: asyncio.Task[Sequence[Passing]]) -> bool:
    return told.done() and (told.cancelled() or told.exception() is not None)


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
