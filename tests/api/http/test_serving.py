"""The server itself: half a request, a reader that goes away, a read-only desk, a database that is gone, its own verification."""

from __future__ import annotations

import json
import shutil
import socket
import sqlite3
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy.engine import make_url

from api.desk import Desk
from api.http.service import Patient, Service
from api.http.verified import Verified
from api.settings import Settings
from audit.driver import Damaged, StoreFailure
from projections import project
from projections.database import Unreachable
from projections.register import tallied
from tests.support.served import Served, listing, served
from tests.support.world import World
from tests.world.history import tell


def raw(office: Served, text: bytes) -> bytes:
    """What comes back for bytes after which nothing more is sent."""
    host, port = office.server.bound
    with socket.create_connection((host, port), timeout=10) as connection:
        connection.sendall(text)
        connection.shutdown(socket.SHUT_WR)
        found = b""
        while part := connection.recv(65536):
            found += part
    return found


def test_half_a_post_records_nothing_and_breaks_nothing(office: Served) -> None:
    host, port = office.server.bound
    head = f"POST /api/v1/commands HTTP/1.1\r\nHost: {host}:{port}\r\nContent-Type: application/json\r\nContent-Length: 500\r\n\r\n"
    for path in ("commands", "commands:batch", "sessions", "commands:prepare"):
        with office.world.nothing_recorded():
            answer = raw(office, head.replace("/commands", f"/{path}").encode() + b'{"payload": "')
        assert not answer or b" 400 " in answer.partition(b"\r\n")[0]
    assert office.stranger.get("/readyz").json()["ready"] is True


@pytest.mark.parametrize(
    "text",
    [
        b"\x00\x01\x02",
        b"GET / HTTP/9.9\r\n\r\n",
        b"POST /api/v1/commands HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n",
    ],
)
def test_what_is_no_request_is_answered_as_none(office: Served, text: bytes) -> None:
    answer = raw(office, text)
    assert not answer or b" 4" in answer[:12]
    assert office.stranger.get("/healthz").status_code == 200


def test_a_body_without_a_stated_length_has_the_same_limit(office: Served) -> None:
    def endless() -> Iterator[bytes]:
        for _ in range(200):
            yield b" " * 1000

    answer = office.stranger.client.post(
        "/api/v1/commands", content=endless(), headers={"Content-Type": "application/json"}
    )
    assert (answer.status_code, answer.json()["code"]) == (413, "too_large")


def test_many_at_once_are_all_answered_and_each_is_recorded_once(office: Served) -> None:
    """Twenty clerks, each with one command of their own and the same one again and again: one entry each."""
    sent = [listing(office, f"同时{k}") for k in range(20)]
    before = office.world.desk.log.size
    found: list[int] = []

    def hand_in(number: int) -> None:
        found.extend(office.stranger.submit(sent[number]).json()["position"] for _ in range(5))

    threads = [threading.Thread(target=hand_in, args=(number,)) for number in range(20)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(found) == 100
    assert set(found) == set(range(before, before + 20))
    assert office.world.desk.log.size == before + 20


def test_a_server_ends_while_somebody_listens(tmp_path: Path) -> None:
    with World(tmp_path / "ledger") as world:
        world.settle()
        with served(world) as running:
            visitor = running.as_("registrar")
            stream = visitor.client.stream("GET", "/api/v1/events")
            answer = stream.__enter__()
            assert answer.status_code == 200
            running.server.should_exit = True
            assert not [line for line in answer.iter_lines() if line.startswith("data")]
            stream.__exit__(None, None, None)


def test_without_the_ledgers_key_it_reads_and_says_so(tmp_path: Path) -> None:
    with World(tmp_path / "ledger") as world:
        world.settle()
    shutil.copytree(tmp_path / "ledger", tmp_path / "copy")
    (tmp_path / "copy" / "ledger.key").unlink()
    world.desk = Desk(Settings(data=tmp_path / "copy"))
    with world, served(world) as running:
        assert running.stranger.get("/readyz").json()["writable"] is False
        assert running.as_("kang").get("/api/v1/projects").status_code == 200
        answer = running.stranger.submit(listing(running, "甲"))
        assert (answer.status_code, answer.json()["code"]) == (503, "read_only")


def test_a_database_that_is_gone_is_503_and_tells_nothing_of_itself(tmp_path: Path) -> None:
    with World(tmp_path / "ledger") as world:
        world.settle()
        world.listed("在册", number="QX-0001")
        with served(world) as running:
            running.projected()
            sent = listing(running, "甲")
            running.as_("kang")
            with sqlite3.connect(tmp_path / "ledger" / "ledger.db") as other:
                other.execute("ALTER TABLE entries RENAME TO elsewhere")
            other.close()
            for answer in (
                running.stranger.submit(sent),
                running.as_("kang").get("/api/v1/projects/QX-0001"),
            ):
                assert (answer.status_code, answer.json()["code"]) == (503, "store_failure")
                assert answer.headers["retry-after"] == "1"
                assert "entries" not in answer.text
                assert "SELECT" not in answer.text
            with sqlite3.connect(tmp_path / "ledger" / "ledger.db") as other:
                other.execute("ALTER TABLE elsewhere RENAME TO entries")
            other.close()
            again = running.stranger.submit(sent)
            assert (again.status_code, again.json()["projected"]) == (201, True)
            assert running.stranger.get("/readyz").status_code == 200


def test_an_error_of_ours_tells_its_place_and_none_of_what_was_sent(
    tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    def bug(q: str) -> None:
        raise ValueError(q)

    with World(tmp_path / "ledger") as world:
        world.settle()
        with served(world) as running:
            running.server.config.app.add_api_route("/api/v1/bug", bug)  # type: ignore[union-attr]
            answer = running.stranger.get("/api/v1/bug?q=某人的名字")
    assert (answer.status_code, answer.json()["code"]) == (500, "internal")
    said = "".join(capfd.readouterr())
    assert "ValueError" in said
    assert "in bug" in said
    assert "某人" not in said + answer.text


def test_its_own_verification_is_told_and_a_fault_is_not_hidden(tmp_path: Path) -> None:
    with World(tmp_path / "ledger") as world:
        world.settle()
        size = world.desk.log.size
    verified = Verified(tmp_path / "ledger")
    assert verified._verify().size == size
    with sqlite3.connect(tmp_path / "ledger" / "ledger.db") as other:
        entry = other.execute("SELECT entry FROM entries WHERE position = 5").fetchone()[0]
        other.execute(
            "UPDATE entries SET entry = ? WHERE position = 5", (entry[:-1] + bytes([entry[-1] ^ 1]),)
        )
    other.close()
    found = verified._verify()
    assert found.size == 0
    assert "核验不通过" in found.fault
    assert "第 5 号" in found.fault


def test_the_difference_is_json_that_anybody_can_read(office: Served) -> None:
    answer = office.stranger.client.post(
        "/api/v1/commands", content=b"[]", headers={"Content-Type": "application/json"}
    )
    told = json.loads(answer.content)
    assert told["status"] == answer.status_code
    assert told["type"] == f"urn:bangfu:problem:{told['code']}"


class Away:
    """A log whose database fails in one way."""

    def __init__(self, failure: StoreFailure) -> None:
        self._failure = failure

    def size(self) -> int:
        raise self._failure


def test_who_follows_waits_for_a_database_and_stops_at_damage() -> None:
    with pytest.raises(Unreachable):
        Patient(Away(StoreFailure("连接已断开"))).size()
    with pytest.raises(Damaged):
        Patient(Away(Damaged("第 5 号分录与其哈希不符"))).size()


def test_on_postgresql_the_same_is_told(tmp_path: Path, postgresql_url: str) -> None:
    url = make_url(postgresql_url).set(drivername="postgresql+psycopg").render_as_string(hide_password=False)
    with World(tmp_path / "ledger", url) as world:
        tell(world.settle())
        with served(world) as running:
            running.projected()
            see = running.as_("registrar").get
            assert len(see("/api/v1/projects").json()["items"]) == 5
            assert (
                len(see("/api/v1/projects?class=idle&checked=true&external=false&q=油茶").json()["items"])
                == 1
            )
            assert len(see("/api/v1/projects?known_at=40").json()["items"]) == 4
            assert len(running.as_("shan").get("/api/v1/projects").json()["items"]) == 1
            service: Service = running.server.config.app.state.service  # type: ignore[union-attr]
            assert counted(service, None) == 5
            assert counted(service, running_areas(running, "shan")) == 1
            answer = running.stranger.submit(listing(running, "新的"))
            assert (answer.status_code, answer.json()["projected"]) == (201, True)


def counted(service: Service, areas: frozenset[str] | None) -> int:
    found, _ = tallied(service.engine, [project.NOUN], areas)
    return sum(line.column.count for line in found["project"])


def running_areas(running: Served, who: str) -> frozenset[str]:
    return frozenset(running.log_in(running.world.keys[who]).json()["areas"])
