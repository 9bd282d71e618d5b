"""The clock of the wall, for stories that need a later day."""

from __future__ import annotations

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
