"""The clock of the wall: set forward for stories that need a later day, and how long a test waits for others."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta


class WallClock:
    """The clock of the wall, set forward by a test. `meanwhile` holds what others do when somebody next looks at it."""

    forward = timedelta()

    def __init__(self) -> None:
        self.meanwhile: list[Callable[[], object]] = []

    def __call__(self) -> datetime:
        if self.meanwhile:
            self.meanwhile.pop()()
        return datetime.now(UTC) + self.forward


def until(holds: Callable[[], bool]) -> None:
    """Wait for what other threads do; not for ever."""
    end = time.monotonic() + 20
    while not holds():
        assert time.monotonic() < end
        time.sleep(0.001)
