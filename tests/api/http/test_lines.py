"""Lines that would be kept for ever, heads without end, bodies that cost more than they are long: each ends, and others are served."""

from __future__ import annotations

import socket
import time
from collections.abc import Iterator
from contextlib import ExitStack, closing, suppress
from pathlib import Path
from typing import ClassVar

import pytest

from api.http import body
from api.http.lines import HEAD_MAX, Coming, Line
from api.http.service import Service
from tests.api.http.test_commands import listing
from tests.support.served import Served, served
from tests.support.world import World

LISTED = "GET /healthz HTTP/1.1\r\nHost: 127.0.0.1\r\n"
SENT = "POST /api/v1/commands{} HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\n"


class Hasty(Line):
    seconds: ClassVar[dict[Coming, float]] = {"head": 0.4, "body": 0.8}


@pytest.fixture(scope="module")
def hasty(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    with World(tmp_path_factory.mktemp("lines") / "ledger") as world:
        world.settle()
        with served(world, line=Hasty) as running:
            yield running


def opened(office: Served, text: str = "") -> closing[socket.socket]:
    line = socket.create_connection(office.server.bound, timeout=10)
    line.sendall(text.encode())
    return closing(line)


def ended(line: socket.socket) -> bytes:
    """What comes until the other side closes."""
    found = b""
    while part := line.recv(65536):
        found += part
    return found


@pytest.mark.parametrize(
    "begun",
    [
        "",
        "GET /heal",
        LISTED,
        f"{LISTED}X-A: ",
        SENT.format("") + "Content-Length: 100\r\n\r\n{",
        SENT.format(":batch") + "Transfer-Encoding: chunked\r\n\r\n2\r\n{}\r\n",
        f"{LISTED}\r\n{LISTED}",  # the second of two
    ],
)
def test_what_does_not_come_to_its_end_is_given_up(hasty: Served, begun: str) -> None:
    with hasty.world.nothing_recorded(), opened(hasty, begun) as line:
        began = time.monotonic()
        ended(line)
        assert time.monotonic() - began < 5


def test_who_says_a_byte_now_and_then_has_no_longer(hasty: Served) -> None:
    with opened(hasty, LISTED) as line, suppress(ConnectionError):
        for _ in range(100):
            line.sendall(b"X-A: b\r\n")
            time.sleep(0.05)
        pytest.fail("it was let go on")


def test_who_waits_between_two_requests_or_for_an_answer_is_let_be(hasty: Served) -> None:
    with opened(hasty) as line:
        for _ in range(3):
            line.sendall(f"{LISTED}\r\n".encode())
            assert line.recv(65536).startswith(b"HTTP/1.1 200")
            time.sleep(0.6)
    visitor = hasty.as_("registrar")
    with visitor.client.stream("GET", "/api/v1/events") as stream:
        lines = stream.iter_lines()
        next(lines)
        time.sleep(1.0)
        hasty.world.listed("一秒之后")
        assert any(one.startswith("data") for one in lines if one)


def test_a_body_in_many_pieces_comes_in(hasty: Served) -> None:
    with opened(hasty, SENT.format("") + "Content-Length: 4000\r\n\r\n") as line:
        for _ in range(40):
            line.sendall(b" " * 100)
            time.sleep(0.005)
        assert line.recv(65536).startswith(b"HTTP/1.1 400")


@pytest.mark.parametrize(
    ("begun", "more"),
    [
        (LISTED, "X-{}: b\r\n"),
        (f"{LISTED}X-A: ", "b" * 100),
        ("GET /", "a" * 100),
        (SENT.format(":batch") + "Transfer-Encoding: chunked\r\n\r\n1\r\n{\r\n0\r\n", "X-{}: b\r\n"),
        (SENT.format(":batch") + "Transfer-Encoding: chunked\r\n\r\n1\r\n{\r\n0\r\nX-A: ", "b" * 100),
        (SENT.format(":batch") + "Transfer-Encoding: chunked\r\n\r\n1;", "b" * 100),
    ],
    ids=["headers", "a header", "a path", "trailers", "a trailer", "a chunk's extension"],
)
def test_a_head_without_end_is_cut_off(office: Served, begun: str, more: str) -> None:
    def piece(number: int) -> bytes:
        return "".join(more.replace("{}", f"{number}-{n}") for n in range(100)).encode()

    with opened(office, begun) as line, suppress(ConnectionError):
        for number in range(4 * HEAD_MAX // len(piece(0))):
            line.sendall(piece(number))
            time.sleep(0.002)
        assert not ended(line).startswith(b"HTTP/1.1 2")  # and it does end
    assert office.stranger.get("/healthz").status_code == 200


def test_a_body_in_short_chunks_is_no_head(office: Served) -> None:
    def pieces() -> Iterator[bytes]:
        for _ in range(20_000):
            yield b" " * 16

    answer = office.stranger.client.post(
        "/api/v1/commands:batch", content=pieces(), headers={"Content-Type": "application/json"}
    )
    assert (answer.status_code, answer.json()["code"]) == (400, "bad_form")


@pytest.mark.parametrize("part", ["[]", "{}", "0", "1e5"])
def test_a_body_of_millions_of_parts_is_refused_before_it_is_read(office: Served, part: str) -> None:
    """Its parsing would hold up everybody for a second, and nobody needs a key to send it."""
    text = f"[{(part + ',') * 1_000_000}0]".encode()
    began = time.process_time()
    answer = office.stranger.client.post(
        "/api/v1/commands:batch", content=text, headers={"Content-Type": "application/json"}
    )
    assert (answer.status_code, answer.json()["code"], answer.json()["rule"]) == (
        413,
        "too_large",
        "FORMAT-16",
    )
    assert time.process_time() - began < 1


def test_large_bodies_have_so_many_places_and_commands_always_one(office: Served) -> None:
    large: Service = office.server.config.app.state.service.large  # type: ignore[union-attr]
    head = SENT.format(":batch") + f"Content-Length: {body.BATCH_MAX}\r\n\r\n"
    with ExitStack() as stack:
        for _ in range(body.LARGE_OF_ONE):
            stack.enter_context(opened(office, head + " " * (body.COMMAND_MAX + 1)))
        end = time.monotonic() + 5
        while large.taken("127.0.0.1") < body.LARGE_OF_ONE:  # type: ignore[attr-defined]
            assert time.monotonic() < end
            time.sleep(0.01)
        batch = b" " * (body.COMMAND_MAX + 1)
        kind = {"Content-Type": "application/json"}
        answer = office.stranger.client.post("/api/v1/commands:batch", content=batch, headers=kind)
        assert (answer.status_code, answer.json()["code"], answer.headers["retry-after"]) == (
            429,
            "too_many",
            "1",
        )
        assert office.stranger.submit(listing(office, "其间登记的")).status_code == 201
    while large.taken("127.0.0.1"):  # type: ignore[attr-defined]
        assert time.monotonic() < end
        time.sleep(0.01)
    answer = office.stranger.client.post("/api/v1/commands:batch", content=batch, headers=kind)
    assert answer.status_code == 400


@pytest.mark.soak
def test_two_hundred_lines_that_say_nothing_keep_nobody_waiting(tmp_path: Path) -> None:
    with World(tmp_path / "ledger") as world:
        world.settle()
        with served(world) as office, ExitStack() as stack:
            for _ in range(200):
                stack.enter_context(opened(office, LISTED))
            began = time.monotonic()
            for number in range(50):
                assert office.stranger.submit(listing(office, f"其间{number}")).status_code == 201
            print(f"50 commands beside 200 open heads: {time.monotonic() - began:.2f} s")
