"""What a second process does in a test: a stranger to the first, with its own driver, log and sealer, on the same database."""

from __future__ import annotations

import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from multiprocessing import get_context
from multiprocessing.connection import Connection
from typing import Any, NamedTuple

from audit.log import Log
from audit.sealer import Sealer
from domain.errors import Moved
from tests.support.stores import open_driver
from tests.support.submissions import LEDGER, NAMINGS_MAX, NOON, Deed, asset, note, project, ready

SPAWN = get_context("spawn")
THREADS, TURNS, STALE_EVERY = 8, 20, 10


def shared_clock(base: float) -> Callable[[], datetime]:
    """One clock for all processes: noon, and the time since `base` of the clock that they share."""
    return lambda: NOON + timedelta(seconds=time.monotonic() - base)


def open_log(url: str, base: float, namings_max: int = NAMINGS_MAX) -> Log:
    return Log(open_driver(url), Sealer(LEDGER.key), shared_clock(base), namings_max)


class Done(NamedTuple):
    """What a process that worked on a log says of it."""

    receipts: dict[int, bytes]  # by position
    refused: int


def work(url: str, base: float, name: str, answer: Connection) -> None:
    """Eight threads that write on streams of their own; every tenth submission rests on a read that is out of date."""
    log = open_log(url, base)

    def one(number: int) -> Done:
        receipts, refused = {}, 0
        stream = project(f"{name} {number}")
        for turn in range(TURNS):
            deed = ready(log, stream, asset(f"{name} {number} {turn}"))
            if turn % STALE_EVERY == STALE_EVERY - 1:
                deed = note(log.origin, {stream: turn}, {stream: 1})
            try:
                receipts.update({position: log.receipt(position) for position in deed.into(log)})
            except Moved:
                refused += 1
        return Done(receipts, refused)

    with ThreadPoolExecutor(THREADS) as pool:
        for done in pool.map(one, range(THREADS)):
            answer.send(done)
    log.driver.close()


def rival(url: str, base: float, number: int, rounds: int, start: Any, answer: Connection) -> None:
    """In every round both rivals read the same subject, wait for each other, and then write."""
    log = open_log(url, base)
    for turn in range(rounds):
        deed = rivals(log, turn)[number]
        start.wait()
        try:
            answer.send(deed.into(log))
        except Moved:
            answer.send(None)
    log.driver.close()


def rivals(log: Log, turn: int) -> tuple[Deed, Deed]:
    """Two submissions of which only one can stand: one writes on a subject, one only names it; both have read it."""
    subject = project(f"rivals {turn}")
    naming = ready(log, asset(f"rival {turn}"), names=[subject])
    return ready(log, subject), naming


def append_for_ever(
    url: str, base: float, name: str, answer: Connection, namings_max: int = NAMINGS_MAX
) -> None:
    """Append commands of one and of two events, and say each position once it is acknowledged. Ends when it is killed."""
    log = open_log(url, base, namings_max)
    turn = 0
    while True:
        streams = [project(f"{name} {turn % 5}"), asset(name)][: 1 + turn % 2]
        deed = ready(log, *streams)
        positions = deed.into(log)
        answer.send((deed.command, positions))
        turn += 1
