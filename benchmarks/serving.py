"""HTTP: a signed command, checked, against an unsigned endpoint on the library; 32 connections, one worker each.

Both servers are processes of their own, so that the client's work is not in their way; both record one event a request, durable
before they answer. The client is a load generator of plain sockets in processes of its own: requests are made before the clock starts.
"""

from __future__ import annotations

import asyncio
import json
import multiprocessing
import socket
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from statistics import median
from typing import Any

import uvicorn
from eventsourcing.application import Application
from fastapi import FastAPI
from pydantic import BaseModel

from api.desk import Desk
from api.serving import Server, service_for
from api.settings import Settings
from audit import dsse
from benchmarks.figures import Figure
from benchmarks.office import Office
from benchmarks.unsigned import Listing, sqlite_env

CONNECTIONS = 32
EACH = 40  # requests of each connection in a round
ROUNDS = 5
SPAWN = multiprocessing.get_context("spawn")


class Stated(BaseModel):
    """What the unsigned endpoint takes: the state of a listing, looked at by nobody."""

    stated: dict[str, Any]


def _serve_ours(data: str, url: str, pipe: Any) -> None:
    desk = Desk(Settings(data=Path(data), database_url=url))
    server = Server(
        service_for(desk, verified=False), host="127.0.0.1", port=0, ready=lambda _host, port: pipe.send(port)
    )
    _until_told(server, pipe)
    server.run()
    desk.close()


def _serve_unsigned(env: dict[str, str], pipe: Any) -> None:
    """The endpoint that one would write on the library: a model, a thread of the framework's pool, `save`."""
    application: Application[Any] = Application(env=env)
    app = FastAPI()

    @app.post("/listings", status_code=201)
    def take(body: Stated) -> dict[str, int]:
        recordings = application.save(Listing(stated=body.stated))
        return {"position": recordings[0].notification.id}

    class Unsigned(uvicorn.Server):
        async def startup(self, sockets: list[socket.socket] | None = None) -> None:
            await super().startup(sockets)
            pipe.send(self.servers[0].sockets[0].getsockname()[1])

    server = Unsigned(uvicorn.Config(app, host="127.0.0.1", port=0, access_log=False, log_level="warning"))
    _until_told(server, pipe)
    server.run()
    application.close()


def _until_told(server: uvicorn.Server, pipe: Any) -> None:
    def wait() -> None:
        pipe.recv()
        server.should_exit = True

    threading.Thread(target=wait, daemon=True).start()


@contextmanager
def _process(target: Any, *arguments: Any) -> Iterator[int]:
    """A server in a process; its port."""
    here, there = SPAWN.Pipe()
    process = SPAWN.Process(target=target, args=(*arguments, there))
    process.start()
    try:
        yield here.recv()
    finally:
        here.send(None)
        process.join(30)


def _request(path: str, body: bytes, port: int) -> bytes:
    head = (
        f"POST {path} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nContent-Type: application/json\r\n"
        f"Content-Length: {len(body)}\r\n\r\n"
    )
    return head.encode() + body


async def _connection(port: int, requests: Sequence[bytes], taken: list[float], gate: asyncio.Event) -> None:
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    await gate.wait()
    for request in requests:
        began = time.perf_counter()
        writer.write(request)
        head = await reader.readuntil(b"\r\n\r\n")
        assert b" 201 " in head[:20], head
        length = int(head.lower().partition(b"content-length:")[2].partition(b"\r\n")[0])
        await reader.readexactly(length)
        taken.append(time.perf_counter() - began)
    writer.close()


def _load(port: int, shares: Sequence[Sequence[bytes]]) -> tuple[float, list[float]]:
    """(seconds, seconds of each request) of all shares at once, a connection each."""

    async def run() -> tuple[float, list[float]]:
        taken: list[float] = []
        gate = asyncio.Event()
        tasks = [asyncio.create_task(_connection(port, share, taken, gate)) for share in shares]
        await asyncio.sleep(0.05)
        began = time.perf_counter()
        gate.set()
        await asyncio.gather(*tasks)
        return time.perf_counter() - began, taken

    return asyncio.run(run())


def serving(office: Office, directory: Path, database: str = "SQLite", url: str = "") -> list[Figure]:
    """Rates and the slowest hundredth, of both. `office` must not be open for writing elsewhere meanwhile: it only prepares."""
    stated = office.stated()
    rates: dict[str, list[float]] = {"ours": [], "unsigned": []}
    slow: dict[str, list[float]] = {"ours": [], "unsigned": []}
    with (
        _process(_serve_ours, str(office.desk.settings.data), url) as ours,
        _process(_serve_unsigned, sqlite_env(directory / "unsigned-http.db")) as unsigned,
    ):
        plain = _request("/listings", json.dumps({"stated": stated}).encode(), unsigned)
        for number in range(ROUNDS + 1):
            signed = [
                [
                    _request("/api/v1/commands", json.dumps(dsse.envelope_json(envelope)).encode(), ours)
                    for envelope in office.envelopes(connection, EACH)
                ]
                for connection in range(CONNECTIONS)
            ]
            for name, port, shares in (
                ("unsigned", unsigned, [[plain] * EACH] * CONNECTIONS),
                ("ours", ours, signed),
            ):
                seconds, taken = _load(port, shares)
                if number:
                    rates[name].append(CONNECTIONS * EACH / seconds)
                    slow[name] += taken
    ratio = median(rates["ours"]) / median(rates["unsigned"])
    return [
        Figure(
            f"HTTP, {database}, 32 connections: unsigned endpoint", median(rates["unsigned"]), "requests/s"
        ),
        Figure(f"HTTP, {database}, 32 connections: unsigned endpoint, p99", _p99(slow["unsigned"]), "ms"),
        Figure(f"HTTP, {database}, 32 connections: signed command", median(rates["ours"]), "requests/s"),
        Figure(f"HTTP, {database}, 32 connections: signed command", ratio, "ratio", 2.0),
        Figure(f"HTTP, {database}, 32 connections: signed command, p99", _p99(slow["ours"]), "ms"),
    ]


def _p99(taken: list[float]) -> float:
    return sorted(taken)[len(taken) * 99 // 100] * 1000
