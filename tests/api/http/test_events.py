"""The log as server-sent events: everything once, in order, to be resumed at any position; of one's own area only."""

from __future__ import annotations

import asyncio
import json
import threading
import time
from collections.abc import Iterator
from contextlib import ExitStack
from typing import Any

import pytest

from api.http.passing import Entries, Stretches
from api.http.service import LISTENERS_OF_ONE
from audit.driver import StoreFailure
from domain.record import Recorded
from tests.support.served import Served, Visitor
from tests.support.world import project_of


def told(visitor: Visitor, query: str, **headers: str) -> list[tuple[int, dict[str, Any]]]:
    """(id, data) of every event of a stream that ends."""
    found = []
    with visitor.client.stream("GET", f"/api/v1/events?{query}", headers=headers) as answer:
        assert answer.headers["content-type"].startswith("text/event-stream")
        for block in "".join(answer.iter_text()).split("\n\n"):
            lines = dict(
                line.split(": ", 1) for line in block.split("\n") if not line.startswith(":") and line
            )
            if lines:
                found.append((int(lines["id"]), json.loads(lines["data"])))
    return found


def test_every_entry_is_told_once_in_order(office: Served) -> None:
    office.projected()
    size = office.world.desk.log.size
    found = told(office.as_("discipline"), "after=-1&limit=1000")
    assert [position for position, _ in found] == list(range(size))
    assert found[0][1]["title"] == "开立台账"


def test_a_stream_goes_on_where_it_ended(office: Served) -> None:
    first = told(office.as_("discipline"), "after=-1&limit=5")
    rest = told(office.as_("discipline"), "limit=1000", **{"Last-Event-ID": str(first[-1][0])})
    assert [position for position, _ in (*first, *rest)] == list(range(office.world.desk.log.size))


def test_a_village_is_told_of_its_own(office: Served) -> None:
    found = told(office.as_("shan"), "after=-1&limit=1000")
    assert {one["stream"] for _, one in found} == {project_of("山背冷库")}


def test_what_is_recorded_meanwhile_is_told(office: Served) -> None:
    office.projected()
    size = office.world.desk.log.size
    visitor = office.as_("registrar")
    with visitor.client.stream("GET", "/api/v1/events") as answer:
        lines = answer.iter_lines()
        assert next(lines).startswith(":")
        threading.Timer(0.05, lambda: office.world.listed("此时登记的")).start()
        ids = (line for line in lines if line.startswith("id: "))
        assert next(ids) == f"id: {size}"


def test_nobody_is_told_without_a_session_and_nothing_after_it(office: Served) -> None:
    assert office.stranger.get("/api/v1/events").status_code == 401
    visitor = office.as_("centre")
    assert visitor.get("/api/v1/events", headers={"Last-Event-ID": "x"}).status_code == 400
    token = office.log_in(office.world.keys["centre"]).json()["token"]
    other = Visitor(office.url, token)
    with other.client.stream("GET", "/api/v1/events") as answer:
        lines = answer.iter_lines()
        next(lines)
        other.client.delete("/api/v1/sessions")
        office.world.listed("会话已结束")
        assert not [line for line in lines if line.startswith("data")]
    other.close()


def test_a_key_that_ends_is_told_nothing_more_nor_that_it_has_ended(office: Served) -> None:
    world = office.world
    world.employ("listener", "discipline", "town", ["town"])
    office.projected()
    with office.as_("listener").client.stream("GET", "/api/v1/events") as answer:
        lines = answer.iter_lines()
        next(lines)
        world.accepted("key.revoke.v1", {"key": world.keys["listener"].key_id, "reason": "离岗"}, "registrar")
        world.listed("离岗之后登记的")
        assert not [line for line in lines if line.startswith("data")]


def test_one_key_has_so_many_streams_and_each_that_ends_makes_room(office: Served) -> None:
    path = "/api/v1/events"
    key = office.world.keys["shan"].key_id
    listeners = office.server.config.app.state.service.listeners  # type: ignore[union-attr]
    with ExitStack() as stack:
        for _ in range(LISTENERS_OF_ONE):
            line = stack.enter_context(office.as_("shan").client.stream("GET", path))
            assert line.status_code == 200
        answer = office.as_("shan").get(path)
        assert (answer.status_code, answer.json()["code"]) == (429, "too_many")
        with office.as_("kang").client.stream("GET", path) as other:
            assert other.status_code == 200
    end = time.monotonic() + 10
    while listeners.taken(key):
        assert time.monotonic() < end
        time.sleep(0.01)
    assert told(office.as_("shan"), "after=-1&limit=1")


class Counted:
    """Entries of a log, with how often they were asked for."""

    def __init__(self, entries: Entries) -> None:
        self._entries, self.asked = entries, 0

    def entries(self, start: int, stop: int | None = None) -> Iterator[Recorded]:
        self.asked += 1
        if self.asked == 2:
            raise StoreFailure("连接已断开")
        return self._entries.entries(start, stop)


def test_what_hundreds_listen_to_is_read_once(office: Served) -> None:
    entries = Counted(office.world.desk.reader)

    async def listen() -> None:
        stretches = Stretches(entries, office.world.desk.projections)
        first, *others = await asyncio.gather(*(stretches.between(0, 5) for _ in range(300)))
        assert (len(first), entries.asked) == (5, 1)
        assert all(one is first for one in others)
        with pytest.raises(StoreFailure):
            await stretches.between(5, 6)
        assert len(await stretches.between(5, 6)) == 1  # what has failed is not kept
        assert entries.asked == 3

    asyncio.run(listen())
