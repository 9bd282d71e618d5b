"""What a reader waits for: pages over HTTP and a trace in process, on a short log and on a long one."""

from __future__ import annotations

import http.client
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from api.http.service import Service
from api.pages.login import COOKIE
from api.serving import Server, service_for
from benchmarks.figures import Figure
from benchmarks.office import Office
from projections.follow import follow
from projections.trace import trace

SHORT, LONG = 1_000, 100_000  # entries
ASKED = 60  # times each


@contextmanager
def _served(office: Office) -> Iterator[tuple[Service, int]]:
    service = service_for(office.desk, verified=False)
    listening = threading.Event()
    server = Server(service, host="127.0.0.1", port=0, ready=lambda _host, _port: listening.set())
    thread = threading.Thread(target=server.run)
    thread.start()
    listening.wait()
    yield service, server.bound[1]
    server.should_exit = True
    thread.join()


def _p95(work: Callable[[], object]) -> float:
    """Milliseconds."""
    taken = []
    for _ in range(ASKED):
        began = time.perf_counter()
        work()
        taken.append(time.perf_counter() - began)
    return sorted(taken)[ASKED * 95 // 100] * 1000


def waits(directory: Path, size: int) -> dict[str, float]:
    """p95 of each page, for somebody who reads all and for a village clerk; and of a trace."""
    office = Office(directory)
    desk = office.desk
    office.grow_together(desk.log, size)
    follow(desk.reader, desk.projections)
    middle = desk.reader.entry(size // 2).stream
    keys = {
        role: next(key.id for key in desk.ledger.directory.keys.values() if key.role == role)
        for role in ("registrar", "village_admin")
    }
    found = {"trace": _p95(lambda: trace(desk.reader, middle))}
    with _served(office) as (service, port):
        connection = http.client.HTTPConnection("127.0.0.1", port)
        for role, key in keys.items():
            token = service.sessions.follow(service.sessions.link(key))

            def get(path: str, cookie: str = f"{COOKIE}={token}") -> None:
                connection.request("GET", path, headers={"Cookie": cookie})
                answer = connection.getresponse()
                answer.read()
                assert answer.status == 200, answer.status

            for name, path in (("home", "/"), ("list", "/projects"), ("subject", f"/projects/{middle}")):
                get(path)
                found[f"{name}, {role}"] = _p95(lambda path=path: get(path))  # type: ignore[misc]
        connection.close()
    office.close()
    return found


def reading(directory: Path, short: int = SHORT, long: int = LONG) -> Iterator[Figure]:
    before, after = waits(directory / "short", short), waits(directory / "long", long)
    for name, milliseconds in after.items():
        target = 20 if name == "trace" else 50
        what = "trace" if name == "trace" else f"page {name}"
        yield Figure(f"{what}: p95 at {long:,} entries", milliseconds, "ms", target, at_most=True)
        ratio = milliseconds / before[name]
        yield Figure(f"{what}: of its p95 at {short:,} entries", ratio, "ratio", 1.3, at_most=True)
