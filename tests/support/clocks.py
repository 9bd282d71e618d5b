"""The clock of the wall, for stories that need a later day."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta


class WallClock:
    """The clock of the wall, set forward by a test."""

    forward = timedelta()

    def __call__(self) -> datetime:
        return datetime.now(UTC) + self.forward
