"""Whole systems for the tests of this directory."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.clocks import WallClock
from tests.support.world import World


@pytest.fixture
def clock() -> WallClock:
    """What `world` takes the time from."""
    return WallClock()


@pytest.fixture
def world(tmp_path: Path, clock: WallClock) -> Iterator[World]:
    """青溪乡 with its people, on SQLite."""
    with World(tmp_path / "ledger", clock=clock) as opened:
        yield opened.settle()
