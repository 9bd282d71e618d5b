"""The access record (查阅记录) of the vault: which key read the names of which subject, on which day, how often.

It lies beside the vault and never in the log, and holds no personal value. Whose readings are noted at all is the caller's to
decide (docs/decisions/0008). 个人信息保护法 54, 56.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from sqlalchemy import (
    Column,
    Engine,
    Integer,
    MetaData,
    Table,
    Text,
    UniqueConstraint,
    insert,
    select,
    update,
)
from sqlalchemy.exc import IntegrityError

METADATA = MetaData()

READINGS = Table(
    "vault_readings",
    METADATA,
    Column("id", Integer, primary_key=True),
    Column("day", Text, nullable=False),
    Column("key", Text, nullable=False),
    Column("subject", Text, nullable=False, index=True),
    Column("first_at", Text, nullable=False),
    Column("last_at", Text, nullable=False),
    Column("times", Integer, nullable=False),
    UniqueConstraint("day", "key", "subject"),
)


@dataclass(frozen=True, slots=True)
class Reading:
    """The readings of one subject's names by one key on one day (UTC)."""

    id: int
    day: str
    key: str
    subject: str
    first_at: str
    last_at: str
    times: int


class Readings:
    """The record of one vault. Threads share it; each method is one transaction."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def note(self, key: str, subject: str, now: datetime) -> None:
        """One more reading. Durable on return: whoever shows a name has noted it before."""
        at = now.astimezone(UTC).isoformat(timespec="seconds")
        try:
            self._note(key, subject, at)
        except IntegrityError:  # another noted the first of the day at the same moment: so now it is there
            self._note(key, subject, at)

    def _note(self, key: str, subject: str, at: str) -> None:
        one = {"day": at[:10], "key": key, "subject": subject}
        same = (READINGS.c.day == one["day"]) & (READINGS.c.key == key) & (READINGS.c.subject == subject)
        with self._engine.begin() as connection:
            again = update(READINGS).where(same).values(last_at=at, times=READINGS.c.times + 1)
            if connection.execute(again).rowcount == 0:
                connection.execute(insert(READINGS), {**one, "first_at": at, "last_at": at, "times": 1})

    def after(self, id_: int, most: int) -> Sequence[Reading]:
        """The record in order, from after an id."""
        with self._engine.connect() as connection:
            asked = select(READINGS).where(READINGS.c.id > id_).order_by(READINGS.c.id).limit(most)
            return [Reading(*row) for row in connection.execute(asked)]
