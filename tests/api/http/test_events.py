"""The log as server-sent events: everything once, in order, to be resumed at any position; of one's own area only."""

from __future__ import annotations

import json
import threading
from typing import Any

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
