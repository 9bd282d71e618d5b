"""Commands that come at the same moment, as large as they may be, every second one against a rule: each is answered for itself."""

from __future__ import annotations

import resource
import threading
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import httpx2 as httpx
import pytest

from api.desk import TOGETHER
from audit import dsse
from audit.driver import Row
from audit.entry import COMMAND_BYTES_MAX
from tests.api.http.test_commands import listing
from tests.support.served import Served, served
from tests.support.world import World

LINES = 16


def large(world: World, name: str, place: str = "kang") -> dsse.Envelope:
    """A listing of nearly as many bytes as a command may have; that of another village is against AUTH-5."""
    text = "𠮷" * 100  # four bytes each
    line = {"amount_fen": 100, "as_read": text, "document": text, "source": "fiscal", "year": 2016}
    more = dict.fromkeys(("department", "late_reason", "scale"), text)
    payload = world.project(
        name, place, content="𠮷" * 1_990, fund_lines=[line] * LINES, total_fen=LINES * 100, **more
    )
    body = world.clerk("kang").prepare("project.list.v1", payload, nature="fact", now=world.clock())
    assert 0.7 * COMMAND_BYTES_MAX < len(body) <= COMMAND_BYTES_MAX, len(body)
    return dsse.signed(dsse.COMMAND, body, world.keys["kang"].signer)


def at_once(office: Served, envelopes: Sequence[dsse.Envelope]) -> list[httpx.Response]:
    """Each on a line of its own, all sent in the same moment."""
    made, start = (threading.Barrier(len(envelopes)) for _ in range(2))

    def one(envelope: dsse.Envelope) -> httpx.Response:
        with httpx.Client(base_url=office.url, timeout=60) as client:
            made.wait()  # to make them all takes longer than a line may say nothing
            client.get("/healthz")
            start.wait()
            return client.post("/api/v1/commands", json=dsse.envelope_json(envelope))

    with ThreadPoolExecutor(len(envelopes)) as hands:
        return list(hands.map(one, envelopes))


def checked(office: Served, envelopes: Sequence[dsse.Envelope], answers: Sequence[httpx.Response]) -> int:
    """How many are recorded: those and no others stand in the log, each with the receipt of its own entry."""
    log, recorded = office.world.desk.log, 0
    for envelope, answer in zip(envelopes, answers, strict=True):
        told: dict[str, Any] = answer.json()
        command = dsse.statement_id(dsse.COMMAND, envelope.body).hex()
        assert told["command"] == command
        if answer.status_code == 201:
            recorded += 1
            entry: Row = next(iter(office.world.desk.driver.rows(told["position"], told["position"] + 1)))
            assert entry.command is not None
            assert entry.command.hex() == command
            assert told["receipt"] == log.receipt(told["position"], told["position"] + 1).decode()
        else:
            assert (answer.status_code, told["rule"]) == (403, "AUTH-5")
            assert office.world.desk.reader.find(command) is None
    return recorded


def test_every_second_of_a_group_is_refused_and_none_suffers_for_another(office: Served) -> None:
    world, size = office.world, office.world.desk.log.size
    envelopes = [large(world, f"同批{n}", ("kang", "shan")[n % 2]) for n in range(16)]
    answers = at_once(office, envelopes)
    assert checked(office, envelopes, answers) == 8
    assert world.desk.log.size == size + 8
    again = at_once(office, envelopes)
    assert [answer.status_code for answer in again] == [200, 403] * 8
    assert [one.json().get("receipt") for one in again] == [one.json().get("receipt") for one in answers]
    assert world.desk.log.size == size + 8


@pytest.mark.soak
def test_groups_of_the_largest_commands_hold_up_a_small_one_for_a_moment_only(tmp_path: Path) -> None:
    """Five times as many as are decided together, in one moment; small commands are handed in beside them."""
    with World(tmp_path / "ledger") as world, served(world.settle()) as office:
        small = [listing(office, f"小{n}") for n in range(200)]
        alone = [_seconds(office, one) for one in small[:40]]
        before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        envelopes = [large(world, f"大{n}", ("kang", "shan")[n % 2]) for n in range(5 * TOGETHER)]
        beside: list[float] = []
        with ThreadPoolExecutor(1) as hands:
            work = hands.submit(at_once, office, envelopes)
            for one in small[40:]:
                if work.done():
                    break
                beside.append(_seconds(office, one))
            answers = work.result()
        assert checked(office, envelopes, answers) == len(envelopes) // 2
        grown = (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) // 1024
        print(
            f"a small command alone: {1000 * max(alone):.0f} ms at most; beside {len(envelopes)} of the largest:"
            f" {1000 * max(beside):.0f} ms at most of {len(beside)}; {grown} MB more, clients too"
        )
        assert max(beside) < 15


def _seconds(office: Served, envelope: dsse.Envelope) -> float:
    began = time.monotonic()
    assert office.stranger.submit(envelope, headers={"Prefer": "wait=0"}).status_code == 201
    return time.monotonic() - began
