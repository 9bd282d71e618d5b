"""An entry as projections read it: with its whole command, and its state in today's shape.

Entries 2..n of a command carry none (FORMAT 7.4): the command is taken from the entry before, or looked up.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta, timezone
from typing import Any

import domain.nouns  # noqa: F401 - declares every event, so that earlier shapes are known
from domain.base import EVENTS
from domain.record import Recorded
from projections.ports import Entries

CHINA = timezone(timedelta(hours=8), "UTC+8")


def moment(recorded_at: str) -> datetime:
    """A recording time (FORMAT 1.3) as a moment."""
    return datetime.strptime(recorded_at, "%Y-%m-%dT%H:%M:%S.%fZ").replace(tzinfo=UTC)


def minute(recorded_at: str) -> str:
    """A recording time to the minute, UTC+8, for people to read."""
    return moment(recorded_at).astimezone(CHINA).strftime("%Y-%m-%d %H:%M")


def recorded_day(recorded_at: str) -> str:
    """The recorded date (入账日期), ISO, UTC+8."""
    return moment(recorded_at).astimezone(CHINA).date().isoformat()


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry, its statement (of its command, or of a batch), its event's present name and state."""

    recorded: Recorded
    statement: Mapping[str, Any]  # empty when the log gave none
    event: str
    state: Mapping[str, Any]

    @property
    def position(self) -> int:
        return self.recorded.position

    @property
    def stream(self) -> str:
        return self.recorded.stream

    @property
    def recorded_on(self) -> str:
        """The recorded date (入账日期), UTC+8."""
        return recorded_day(self.recorded.recorded_at)

    @property
    def occurred_on(self) -> str:
        """业务日期: the event's own; else its command's; else (a batch outcome) the recorded date."""
        day: str = self.state.get("occurred_on") or self.statement.get("occurred_on") or self.recorded_on
        return day

    @property
    def nature(self) -> str:
        nature: str = self.statement.get("nature", "")
        return nature

    @property
    def late_days(self) -> int:
        """Days between what happened and its recording."""
        return (date.fromisoformat(self.recorded_on) - date.fromisoformat(self.occurred_on)).days


def present(recorded: Recorded) -> tuple[str, Mapping[str, Any]]:
    """The event's name and state in today's shape; as recorded when the event is not one of ours (D11)."""
    known = EVENTS.get(recorded.event)
    if known is None or recorded.event == known.TOPIC:
        return recorded.event, recorded.state
    return known.TOPIC, known.earlier[recorded.event](recorded.state)


def read(source: Entries, recorded: Iterable[Recorded]) -> Iterator[Entry]:
    """The entries with their commands."""
    first, statement = -1, None
    for one in recorded:
        begin = one.position - (one.i - 1)
        if one.command is not None:
            first, statement = begin, one.command
        elif first != begin:
            first, statement = begin, next(source.entries(begin, begin + 1)).command
        event, state = present(one)
        yield Entry(one, {} if statement is None else statement, event, state)
