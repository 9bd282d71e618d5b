"""The log as a persistence module of the library, and the mapper that loads nothing it does not know (D13)."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import pytest
from eventsourcing.persistence import JSONTranscoder, StoredEvent

import domain.nouns  # noqa: F401 - its import fills the registry of events
from audit import canonical
from audit.canonical import NotCanonical
from audit.driver import Damaged
from audit.drivers.memory import MemoryDriver
from audit.mapper import LedgerMapper, NotOurs, forbidden_key
from audit.recorder import LedgerFactory, LogRecorder
from domain.base import recall
from tests.support.logbook import new_id
from tests.support.stores import Store
from tests.support.submissions import Clock, asset, believe, founded, opened, project, ready

NAME = "person.registered.v1"
PERSON = new_id("person", "甲")
STATE = {"person": PERSON}


@pytest.fixture
def mapper() -> LedgerMapper:
    return LedgerMapper(transcoder=JSONTranscoder())


def stored(name: str = NAME, state: bytes = canonical.encode(STATE)) -> StoredEvent:
    return StoredEvent(PERSON, 1, name, state)


# --- the mapper ---------------------------------------------------------------------------------------------


def test_d13_an_event_is_stored_as_its_name_and_its_canonical_state_and_comes_back(
    mapper: LedgerMapper,
) -> None:
    event = recall(NAME, PERSON, 1, STATE)
    kept = mapper.to_stored_event(event)
    assert (kept.originator_id, kept.originator_version, kept.topic) == (PERSON, 1, NAME)
    assert kept.state == canonical.encode(STATE)
    back = mapper.to_domain_event(kept)
    assert type(back) is type(event)
    assert vars(back) == vars(event)


@pytest.mark.parametrize(
    "name",
    [
        "poisoned_module:Poisoned",
        "poisoned_module.Poisoned",
        "poisoned_module",
        "os:system",
        "domain.person:Person.Registered",
        "person.registered.v2",
        "person.registered",
        " person.registered.v1",
        "",
        "x" * 10_000,
    ],
)
def test_d13_an_edited_name_of_an_event_runs_no_code_and_is_refused(
    mapper: LedgerMapper, name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "poisoned_module.py").write_text("class Poisoned:\n    pass\n")
    monkeypatch.syspath_prepend(tmp_path)
    with pytest.raises(NotOurs, match="未知的事件类型"):
        mapper.to_domain_event(stored(name))
    assert "poisoned_module" not in sys.modules
    mapper.to_domain_event(stored())


@pytest.mark.parametrize(
    "state",
    [
        {"originator_topic": "os:system"},
        {"_type_": "decimal_str", "_data_": "1"},
        {"person": {"_type_": "uuid_hex"}},
        {"person": [1, [{"x": {"_data_": []}}]]},
    ],
)
def test_7_3_a_state_with_a_forbidden_key_is_refused_both_ways(
    mapper: LedgerMapper, state: dict[str, Any]
) -> None:
    with pytest.raises(NotOurs):
        mapper.to_domain_event(stored(state=canonical.encode(state)))
    event = recall(NAME, PERSON, 1, state)
    with pytest.raises(NotOurs):
        mapper.to_stored_event(event)


@pytest.mark.parametrize(
    "state",
    [
        {"type": 1},
        {"_type": 1, "_data": 2},
        {"x": "_type_"},
        {"x": ["originator_topic"]},
        {"x": '"_type_":'},
        {"my_type_": 1},
    ],
)
def test_7_3_a_forbidden_key_is_a_key_and_no_other_text(state: dict[str, Any]) -> None:
    assert forbidden_key(canonical.encode(state)) is None


@pytest.mark.parametrize(
    "state",
    [
        b"",
        b"null!",
        b'{"person": "x"}',
        b'{"b":1,"a":2}',
        b'{"a":1,"a":2}',
        b'{"a":1.5}',
        b'{"a":9007199254740992}',
    ],
)
def test_2_a_stored_state_that_is_not_canonical_is_refused(mapper: LedgerMapper, state: bytes) -> None:
    with pytest.raises(NotCanonical):
        mapper.to_domain_event(stored(state=state))


@pytest.mark.parametrize("state", [b"null", b"[]", b'"text"', b"1"])
def test_7_3_a_stored_state_that_is_no_object_is_refused(mapper: LedgerMapper, state: bytes) -> None:
    with pytest.raises(NotOurs):
        mapper.to_domain_event(stored(state=state))


@pytest.mark.parametrize("value", [1.5, 2**53, b"bytes", (1, 2), {1: 2}, object()])
def test_2_a_state_that_is_not_plain_json_is_not_stored(mapper: LedgerMapper, value: object) -> None:
    with pytest.raises(NotCanonical):
        mapper.to_stored_event(recall(NAME, PERSON, 1, {"person": value}))


def test_2_a_state_with_the_largest_integer_is_stored(mapper: LedgerMapper) -> None:
    assert mapper.to_stored_event(recall(NAME, PERSON, 1, {"person": 2**53 - 1})).state


# --- the recorder ---------------------------------------------------------------------------------------------


@pytest.fixture
def recorder(store: Store) -> LogRecorder:
    """Entries 0 to 2 found the ledger; 3 is a1, 4 and 5 are a2 and b1, 6 is a3."""
    log = founded(store.driver())
    ready(log, project("a")).into(log)
    ready(log, project("a"), asset("b")).into(log)
    ready(log, project("a")).into(log)
    return LogRecorder(log)


def test_d13_events_are_inserted_with_their_submission_and_never_without(recorder: LogRecorder) -> None:
    deed = ready(recorder._log, project("a"))
    with pytest.raises(KeyError):
        recorder.insert_events(deed.stored)
    assert recorder.insert_events(deed.stored, submission=deed.submission) == [7]
    believe(recorder._log)


def test_d13_a_stream_is_selected_by_version(recorder: LogRecorder) -> None:
    def versions(**how: Any) -> list[int]:
        return [one.originator_version for one in recorder.select_events(project("a"), **how)]

    assert versions() == [1, 2, 3]
    assert versions(gt=1) == [2, 3]
    assert versions(lte=2) == [1, 2]
    assert versions(gt=1, lte=2) == [2]
    assert versions(desc=True, limit=1) == [3]
    assert versions(gt=3) == []
    (first, *_) = recorder.select_events(project("a"))
    assert (first.originator_id, first.topic) == (project("a"), "note.opened.v1")
    assert canonical.decode(first.state) == {"text": "示例"}


def test_d13_notifications_are_the_entries_from_0_in_order(recorder: LogRecorder) -> None:
    def ids(*how: Any, **more: Any) -> list[int]:
        return [int(one.id) for one in recorder.select_notifications(*how, **more)]

    assert ids(None, 99) == [0, 1, 2, 3, 4, 5, 6]
    assert ids(2, 2) == [2, 3]
    assert ids(2, 2, inclusive_of_start=False) == [3, 4]
    assert ids(4, 99, stop=5) == [4, 5]
    assert ids(0, 99, topics=["note.opened.v1"]) == [3, 5]
    assert ids(7, 9) == []
    assert recorder.max_notification_id() == 6


def test_d13_an_empty_log_has_no_last_notification() -> None:
    assert LogRecorder(opened(MemoryDriver())).max_notification_id() is None


def test_d13_notifications_of_another_process_are_seen(shared_store: Store) -> None:
    log = founded(shared_store.driver())
    other = LogRecorder(opened(shared_store.driver(), Clock()))
    ready(log, project("a")).into(log)
    assert other.max_notification_id() == 3


@pytest.mark.parametrize(
    "column",
    [
        {"stream": project("b")},
        {"version": 2},
        {"position": 4},
        {"entry": b"bfe1" + b"\0" * 16},
        {"leaf": b"\0" * 32},
    ],
    ids=lambda column: next(iter(column)),
)
def test_50_an_edited_column_is_damaged_and_gives_no_event(column: dict[str, Any]) -> None:
    driver = MemoryDriver()
    log = founded(driver)
    ready(log, project("a")).into(log)
    recorder = LogRecorder(log)
    assert recorder.select_events(project("a"))
    driver._rows[3] = driver._rows[3]._replace(**column)
    with pytest.raises(Damaged):
        recorder.select_events(project("a"))
    with pytest.raises(Damaged):
        recorder.entry(3)
    with pytest.raises(Damaged):
        recorder.select_notifications(3, 1)


def test_d13_a_ledger_keeps_no_other_recorder_and_no_snapshots() -> None:
    factory = LedgerFactory(founded(MemoryDriver()))
    assert isinstance(factory.application_recorder(), LogRecorder)
    assert isinstance(factory.mapper(), LedgerMapper)
    assert not factory.is_snapshotting_enabled()
    for other in (factory.aggregate_recorder, factory.tracking_recorder, factory.process_recorder):
        with pytest.raises(NotImplementedError):
            other()
    with pytest.raises(NotImplementedError, match="pull"):
        factory.application_recorder().subscribe()
