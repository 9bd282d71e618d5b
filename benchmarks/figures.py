"""A figure, and how it is taken: repeated, interleaved, with nothing of the preparation left for the garbage collector."""

from __future__ import annotations

import gc
import os
import platform
import sqlite3
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from importlib import metadata
from statistics import median
from typing import Any

Work = Callable[[], object]


@dataclass(frozen=True, slots=True)
class Figure:
    """One line of the table. A ratio or a rate has to reach its target, a size has to stay below it."""

    name: str
    value: float
    unit: str
    target: float | None = None
    at_most: bool = False

    @property
    def ok(self) -> bool | None:
        if self.target is None:
            return None
        return self.value <= self.target if self.at_most else self.value >= self.target

    def json(self) -> dict[str, Any]:
        value = round(self.value, 3 if self.value < 100 else 0)
        return {"name": self.name, "value": value, "unit": self.unit, "target": self.target, "ok": self.ok}


def seconds(work: Work) -> float:
    """How long a piece of work takes, with everything alive by now out of the garbage collector's way."""
    gc.collect()
    gc.freeze()
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


def interleaved(contestants: Mapping[str, Callable[[], tuple[int, Work]]], repeats: int) -> dict[str, float]:
    """The median rate of each contestant, per second. Each prepares (number of things, work) anew for every round.

    The first round warms up and is forgotten; the order turns from round to round, so that nobody always follows another.
    """
    rates: dict[str, list[float]] = {name: [] for name in contestants}
    names = list(contestants)
    for number in range(repeats + 1):
        for name in names:
            things, work = contestants[name]()
            rate = things / seconds(work)
            if number:
                rates[name].append(rate)
        names = [*names[1:], names[0]]
    return {name: median(found) for name, found in rates.items()}


def at_once(works: Sequence[Work]) -> Work:
    """Work done by one thread each, all released at the same moment. The first error of a thread is raised."""
    errors: list[BaseException] = []
    gate = threading.Event()

    def run(work: Work) -> None:
        gate.wait()
        try:
            work()
        except BaseException as error:  # noqa: BLE001 - it is raised where the threads are awaited
            errors.append(error)

    threads = [threading.Thread(target=run, args=(work,)) for work in works]
    for thread in threads:
        thread.start()

    def go() -> None:
        gate.set()
        for thread in threads:
            thread.join()
        if errors:
            raise errors[0]

    return go


def machine() -> dict[str, Any]:
    with open("/proc/cpuinfo", encoding="utf-8") as lines:
        names = [line.partition(":")[2].strip() for line in lines if line.startswith("model name")]
    return {
        "cpu": names[0] if names else platform.machine(),
        "cores": os.cpu_count(),
        "load": round(os.getloadavg()[0], 1),
        "system": f"{platform.system()} {platform.release()}",
    }


def versions(postgresql: str) -> dict[str, str]:
    packages = ("cryptography", "eventsourcing", "psycopg", "pydantic", "sqlalchemy")
    return {
        "python": platform.python_version(),
        "sqlite": sqlite3.sqlite_version,
        "postgresql": postgresql,
        **{name: metadata.version(name) for name in packages},
    }
