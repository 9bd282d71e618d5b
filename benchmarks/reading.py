"""What a reader waits for: pages and lists over HTTP and a trace in process, on a short log and on a long one.

Both logs are served at once and asked by turns, so that whatever else the machine does falls on both alike.
"""

from __future__ import annotations

import gc
import http.client
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import quote

from api.http.paging import cursor
from api.http.service import Service
from api.pages.login import COOKIE
from api.serving import Server, service_for
from benchmarks.figures import Figure
from benchmarks.office import Office
from projections.follow import follow
from projections.trace import trace

SHORT, LONG = 1_000, 100_000  # entries
ASKED = 200  # times each
ROLES = ("registrar", "village_admin")  # who reads all, and who reads one village: here all of it lies there

Ask = Callable[[], object]


@contextmanager
def _served(office: Office) -> Iterator[tuple[Service, int]]:
    service = service_for(office.desk, verified=False)
    listening = threading.Event()
    server = Server(service, host="127.0.0.1", port=0, ready=lambda _host, _port: listening.set())
    thread = threading.Thread(target=server.run)
    thread.start()
    listening.wait()
    try:
        yield service, server.bound[1]
    finally:
        server.should_exit = True
        thread.join()


@contextmanager
def asked(directory: Path, size: int) -> Iterator[dict[str, Ask]]:
    """Name of a figure → what is waited for, on a log of some size."""
    office = Office(directory)
    desk = office.desk
    office.grow_together(desk.log, size)
    follow(desk.reader, desk.projections)
    middle = desk.reader.entry(size // 2).stream
    keys = {one.role: one.id for one in desk.ledger.directory.keys.values() if one.role in ROLES}
    paths = {
        "page home": "/",
        "page list": "/projects",
        "page list, last": f"/projects?cursor={cursor(desk.log.size - 60)}",
        "page list, of a class": "/projects?class=none&checked=false&external=false",
        "page list, none of a class": "/projects?class=idle&area=青溪村",
        "page list, as known then": f"/projects?known_at={desk.log.size - 1}",
        "page subject": f"/projects/{middle}",
        "list over HTTP": "/api/v1/projects",
    }
    with _served(office) as (service, port):
        connection = http.client.HTTPConnection("127.0.0.1", port)

        def asking(path: str, token: str) -> Ask:
            headers = {"Cookie": f"{COOKIE}={token}", "Authorization": f"Bearer {token}"}

            def ask() -> None:
                connection.request("GET", quoted(path), headers=headers)
                answer = connection.getresponse()
                answer.read()
                assert answer.status == 200, (path, answer.status)

            return ask

        found: dict[str, Ask] = {"trace": lambda: trace(desk.reader, middle)}
        for role in ROLES:
            token = service.sessions.follow(service.sessions.link(keys[role]))
            assert token is not None
            found |= {f"{name}, {role}": asking(path, token) for name, path in paths.items()}
        yield found
        connection.close()
    office.close()


def quoted(path: str) -> str:
    return quote(path, safe="/?&=_-")


def _p95(asks: Mapping[str, Ask]) -> dict[str, float]:
    """Milliseconds, of each; asked by turns."""
    taken: dict[str, list[float]] = {name: [] for name in asks}
    for ask in asks.values():
        ask()
    gc.collect()
    gc.freeze()
    for _ in range(ASKED):
        for name, ask in asks.items():
            began = time.perf_counter()
            ask()
            taken[name].append(time.perf_counter() - began)
    return {name: sorted(found)[ASKED * 95 // 100] * 1000 for name, found in taken.items()}


def reading(directory: Path, short: int = SHORT, long: int = LONG) -> Iterator[Figure]:
    with asked(directory / "short", short) as before, asked(directory / "long", long) as after:
        for name, ask in after.items():
            took = _p95({"short": before[name], "long": ask})
            target = 20 if name == "trace" else 50
            yield Figure(f"{name}: p95 at {long:,} entries", took["long"], "ms", target, at_most=True)
            ratio = took["long"] / took["short"]
            yield Figure(f"{name}: of its p95 at {short:,} entries", ratio, "ratio", 1.3, at_most=True)
