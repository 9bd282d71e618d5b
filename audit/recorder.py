"""The log as a persistence module of `eventsourcing`: the library's application stays unchanged (D13).

The ledger calls `insert_events(stored, submission=…)`, as `Application.save(*events, submission=…)` would. There is no `subscribe`: followers pull.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any, NoReturn
from uuid import UUID

from eventsourcing.persistence import (
    AggregateRecorder,
    ApplicationRecorder,
    InfrastructureFactory,
    Mapper,
    Notification,
    ProcessRecorder,
    StoredEvent,
    Subscription,
    TrackingRecorder,
    Transcoder,
)

from audit.driver import Damaged, Row
from audit.log import Log
from audit.mapper import LedgerMapper
from audit.reader import Reader
from domain.record import Submission

# The header has a fixed order of keys (FORMAT 7.2), and none of these values holds a quote.
_HEADER = re.compile(
    rb'\{"at":"[^"]*","epoch":[0-9]+,"event":"([^"]*)","i":[0-9]+,"n":[0-9]+,"position":([0-9]+),"stream":"([^"]*)",'
    rb'.*,"version":([0-9]+)\}'
)


def _stored(row: Row) -> StoredEvent:
    """The event in an entry, as the hashed header names it; a column that says otherwise is Damaged."""
    header, state, _, _ = row.sections()
    found = _HEADER.fullmatch(header)
    if found is None:
        raise Damaged(f"第 {row.position} 号分录的头部不合规则：先运行 bangfu verify")
    event, position, stream, version = found.groups()
    if (int(position), stream.decode(), int(version)) != (row.position, row.stream, row.version):
        raise Damaged(f"第 {row.position} 号分录的存放位置与内容不符：先运行 bangfu verify")
    return StoredEvent(row.stream, row.version, event.decode(), state)


class LogRecorder(Reader, ApplicationRecorder):
    """Positions are notification ids, from 0, without gaps."""

    def __init__(self, log: Log) -> None:
        super().__init__(log)

    def insert_events(self, stored_events: Sequence[StoredEvent], **kwargs: Any) -> Sequence[int] | None:
        """Append a decided submission. Raises as `audit.log.Log.append` does; KeyError without a submission."""
        submission = kwargs["submission"]
        return self._log.append(submission, stored_events)

    def insert_all(
        self, submissions: Sequence[tuple[Submission, Sequence[StoredEvent]]]
    ) -> Sequence[Sequence[int] | Exception]:
        """`insert_events` for several that were decided together: implements `domain.ports.Recorder`."""
        return self._log.append_all(submissions)

    def select_events(
        self,
        originator_id: UUID | str,
        *,
        gt: int | None = None,
        lte: int | None = None,
        desc: bool = False,
        limit: int | None = None,
    ) -> Sequence[StoredEvent]:
        rows = self._driver.stream(str(originator_id), gt or 0, lte, desc, limit)
        return [_stored(row) for row in rows]

    def select_notifications(
        self,
        start: int | None,
        limit: int,
        stop: int | None = None,
        topics: Sequence[str] = (),
        *,
        inclusive_of_start: bool = True,
    ) -> Sequence[Notification]:
        first = 0 if start is None else start if inclusive_of_start else start + 1
        last = self._log.size if stop is None else min(stop + 1, self._log.size)
        found: list[Notification] = []
        for row in self._driver.rows(first, last):
            if len(found) == limit:
                break
            event = _stored(row)
            if not topics or event.topic in topics:
                found.append(
                    Notification(
                        event.originator_id, event.originator_version, event.topic, event.state, row.position
                    )
                )
        return found

    def max_notification_id(self) -> int | None:
        size = self.size()
        return size - 1 if size else None

    def subscribe(
        self, gt: int | None = None, topics: Sequence[str] = ()
    ) -> Subscription[ApplicationRecorder]:
        raise NotImplementedError("followers pull: see projections/follow.py")


class LedgerFactory(InfrastructureFactory[TrackingRecorder]):
    """Gives the library's application a log that is already open. The process environment chooses nothing."""

    def __init__(self, log: Log) -> None:
        super().__init__({})
        self._log = log

    def mapper(self, transcoder: Transcoder | None = None, mapper_class: Any = None) -> Mapper[Any]:
        return LedgerMapper(transcoder=transcoder or self.transcoder())

    def application_recorder(self) -> ApplicationRecorder:
        return LogRecorder(self._log)

    def is_snapshotting_enabled(self) -> bool:
        return False

    def aggregate_recorder(self, purpose: str = "events") -> AggregateRecorder:
        self._none(purpose)

    def tracking_recorder(self, tracking_recorder_class: Any = None) -> TrackingRecorder:
        self._none("tracking")

    def process_recorder(self) -> ProcessRecorder:
        self._none("process")

    @staticmethod
    def _none(purpose: str) -> NoReturn:
        raise NotImplementedError(f"a ledger keeps no {purpose}: only its log")

    def close(self) -> None:
        self._log.driver.close()
