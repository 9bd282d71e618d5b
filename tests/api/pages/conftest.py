"""示例县青溪乡 with a history of every kind, behind a running server; and people who look at it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import httpx2 as httpx
import pytest

from tests.api.http import neighbours
from tests.support.served import Served, served
from tests.support.world import World
from tests.world.history import tell


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    with World(tmp_path_factory.mktemp("pages") / "ledger") as world:
        tell(world.settle())
        with served(world) as running:
            running.projected()
            yield running


@pytest.fixture(scope="module")
def village(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Served, neighbours.Village]]:
    """A village with one of each noun, behind a server of its own."""
    with World(tmp_path_factory.mktemp("nouns") / "ledger") as world:
        there = neighbours.Village(world.settle(), neighbours.OURS, "QX-0001")
        with served(world) as running:
            running.projected()
            yield running, there


def link_of(office: Served, who: str) -> str:
    """The one-time link that `bangfu login` gives."""
    path: str = office.as_(who).post("/api/v1/sessions:link").json()["path"]
    return path


@contextmanager
def browser(office: Served, who: str = "") -> Iterator[httpx.Client]:
    """A browser without a script, logged in."""
    with httpx.Client(base_url=office.url, timeout=20) as client:
        if who:
            answer = client.post("/login", data={"code": link_of(office, who).partition("code=")[2]})
            assert answer.status_code == 303
        yield client
