"""Submissions for the log without the domain: a ledger of the fictional 青溪乡, opened, with two clerks who write notes.

Commands are real and signed, so that what the log keeps of them verifies. Nothing here judges what a command means.
"""

from __future__ import annotations

import hashlib
import threading
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, NamedTuple
from uuid import uuid4

from eventsourcing.persistence import StoredEvent

from audit import canonical, dsse
from audit.checkpoint import parse_note, parse_tlog_proof
from audit.directory import DatabaseLog, check_columns
from audit.driver import Driver
from audit.export import export_log
from audit.exported import ExportedLog
from audit.forms import batch_summary
from audit.group import Appending
from audit.log import Log
from audit.merkle import leaf_hash, root_from_path, root_of
from audit.prepared import prepare
from audit.reader import Reader
from audit.sealer import Sealer
from audit.verify import verify
from domain.record import Signed, SignedBatch, Submission
from tests.support.logbook import Person, hash_of, new_id, signer

TODAY = "2026-11-23"
NAMINGS_MAX = (
    20  # the index is renewed every few entries, so that tests meet entries on both sides of its end
)
NOON = datetime(2026, 11, 23, 4, 0, tzinfo=UTC)  # 12:00 at UTC+8
ARCHIVE = b"an archive of rules"
ARCHIVE_HASH = hashlib.sha256(ARCHIVE).hexdigest()

LEDGER = Person("账本", "ledger", signer(1))
REGISTRARS = (Person("登记员甲", "registrar", signer(2)), Person("登记员乙", "registrar", signer(3)))
CLERK = Person("经办丙", "clerk", signer(4))
COLLEAGUE = Person("经办丁", "clerk", signer(5))
LEDGER_ID = new_id("ledger", "青溪乡")
AREA = new_id("area", "青溪乡")
TABLE = {
    "commands": [
        {"command": "key.enrol.v1", "events": ["key.enrolled.v1"], "natures": ["act"]},
        {"command": "ledger.open.v1", "events": ["ledger.opened.v1"], "natures": ["act"]},
        {
            "command": "note.write.v1",
            "events": ["note.opened.v1", "note.written.v1"],
            "natures": ["act", "fact"],
        },
        {"command": "rules.adopt.v1", "events": ["rules.adopted.v1"], "natures": ["act"]},
    ]
}


class Clock:
    """A clock that a test sets, and that moves on by a millisecond whenever it is read."""

    def __init__(self, moment: datetime = NOON) -> None:
        self._lock = threading.Lock()
        self.moment = moment

    def __call__(self) -> datetime:
        with self._lock:
            self.moment += timedelta(milliseconds=1)
            return self.moment


class Deed(NamedTuple):
    """A decided submission and its events, as the ledger hands them to the store."""

    submission: Submission
    stored: list[StoredEvent]

    def into(self, log: Log) -> list[int]:
        return log.append(self.submission, self.stored)

    @property
    def command(self) -> bytes:
        """The statement id."""
        return bytes.fromhex(self.submission.signed.id)


def event(name: str, stream: str, version: int, state: dict[str, Any]) -> StoredEvent:
    return StoredEvent(stream, version, name, canonical.encode(state))


def command_body(
    name: str, signers: Sequence[Person], payload: dict[str, Any], origin: str, **other: Any
) -> dict[str, Any]:
    """A command with every key of FORMAT 5.2; `other` replaces some."""
    return {
        "command": name,
        "nature": "act",
        "nonce": uuid4().hex,
        "occurred_on": "2026-11-20",
        "origin": origin,
        "payload": payload,
        "seen": [],
        "signed_at": "2026-11-23T01:00:00Z",
        "signers": [one.line() for one in signers],
        "summary": "示例数据",
        "valid_until": "2099-12-31",
        **other,
    }


def signed_command(command: dict[str, Any], signers: Sequence[Person]) -> Signed:
    body = canonical.encode(command)
    envelope = dsse.signed(dsse.COMMAND, body, *(one.key for one in signers))
    texts = tuple((key, dsse.b64(raw)) for key, raw in envelope.signatures)
    return Signed(dsse.statement_id(dsse.COMMAND, body).hex(), body, command, texts)


def _single(
    signed: Signed, stored: list[StoredEvent], reads: Mapping[str, int], epoch: int, today: str
) -> Deed:
    return Deed(Submission(signed, (len(stored),), (), dict(reads), today, epoch), stored)


def genesis(today: str = TODAY) -> Deed:
    """`ledger.open.v1`, signed by all its keys (FORMAT 10, 11.1)."""
    people = (LEDGER, *REGISTRARS)
    payload = {
        "area_code": "511599101",
        "area_name": "示例县青溪乡",
        "keys": [one.row() for one in people],
        "ledger": LEDGER_ID,
        "rules": {"archive": ARCHIVE_HASH, "epoch": 1, "table": TABLE, "versions": {"python": "3.11"}},
    }
    state = {key: payload[key] for key in ("area_code", "area_name", "keys", "ledger")}
    state |= {"archive": ARCHIVE_HASH, "epoch": 1}
    signed = signed_command(command_body("ledger.open.v1", people, payload, ""), people)
    return _single(signed, [event("ledger.opened.v1", LEDGER_ID, 1, state)], {LEDGER_ID: 0}, 0, today)


def enrolment(origin: str, person: Person, by: Person = REGISTRARS[0]) -> Deed:
    """`key.enrol.v1`, signed by a registrar and by the new key."""
    row = person.row()
    signed = signed_command(command_body("key.enrol.v1", (by, person), row, origin), (by, person))
    key = person.key.key_id
    return _single(signed, [event("key.enrolled.v1", key, 1, row)], {key: 0}, 1, TODAY)


def adoption(origin: str, epoch: int, version: int, archive: str, reads: Mapping[str, int]) -> Deed:
    """`rules.adopt.v1`, signed by both registrars, of the epoch after `epoch`."""
    rules = {"archive": archive, "epoch": epoch + 1, "table": TABLE, "versions": {"python": "3.11"}}
    body = command_body("rules.adopt.v1", REGISTRARS, {"ledger": LEDGER_ID, "rules": rules}, origin)
    state = {"archive": archive, "epoch": epoch + 1}
    stored = [event("rules.adopted.v1", LEDGER_ID, version, state)]
    return _single(signed_command(body, REGISTRARS), stored, reads, epoch, TODAY)


def note(
    origin: str,
    about: Mapping[str, int],
    reads: Mapping[str, int],
    *,
    by: Sequence[Person] = (CLERK,),
    names: Sequence[str] = (),
    text: str = "示例",
    epoch: int = 1,
    today: str = TODAY,
) -> Deed:
    """`note.write.v1`: one event for each stream of `about`, which gives the version before; `names` are named besides."""
    payload = {"about": list(about), "names": list(names), "text": text}
    seen = sorted(([stream, reads.get(stream, 0)] for stream in about), key=lambda row: row[0].encode())
    signed = signed_command(command_body("note.write.v1", by, payload, origin, seen=seen), by)
    stored = [
        event("note.written.v1" if version else "note.opened.v1", stream, version + 1, {"text": text})
        for stream, version in about.items()
    ]
    return _single(signed, stored, reads, epoch, today)


def ready(log: Log, *streams: str, **other: Any) -> Deed:
    """A note about the streams as they stand in the log now, which read all that it names."""
    versions = log.look((), streams).subjects
    named = (*streams, *other.get("names", ()))
    about = {stream: versions[stream].version for stream in streams}
    return note(log.origin, about, Reader(log).moves(named), **other)


def batch(
    log: Log,
    streams: Sequence[str],
    refused: Mapping[int, str] | None = None,
    by: Sequence[Person] = (CLERK,),
) -> Deed:
    """A batch with one note a row, each about a new stream; the rows in `refused` are refused with that code."""
    refused = refused or {}
    members = []
    for stream in streams:
        payload = {"about": [stream], "names": [], "text": "批量"}
        body = command_body("note.write.v1", by, payload, log.origin, seen=[[stream, 0]])
        raw = canonical.encode(body)
        members.append(Signed(dsse.statement_id(dsse.COMMAND, raw).hex(), raw, body, ()))
    file = hash_of(uuid4().hex)
    identity = new_id("batch", file)
    statement = {
        "batch": identity,
        "nonce": uuid4().hex,
        "origin": log.origin,
        "root": root_of([leaf_hash(member.body) for member in members]).hex(),
        "rows": len(members),
        "signed_at": "2026-11-23T01:00:00Z",
        "signers": [one.line() for one in by],
        "source": {"sha256": file, "sum_fen": 12_345},
        "summary": batch_summary(len(members), 12_345, file),
        "valid_until": "2099-12-31",
    }
    raw = canonical.encode(statement)
    envelope = dsse.signed(dsse.BATCH, raw, *(one.key for one in by))
    texts = tuple((key, dsse.b64(signature)) for key, signature in envelope.signatures)
    signed = SignedBatch(dsse.statement_id(dsse.BATCH, raw).hex(), raw, statement, texts, tuple(members))
    indexes = [index for index in range(len(streams)) if index not in refused]
    ranges: list[list[int]] = []
    for index in indexes:
        if ranges and ranges[-1][1] == index - 1:
            ranges[-1][1] = index
        else:
            ranges.append([index, index])
    outcome = {
        "accepted": ranges,
        "batch": identity,
        "refused": [[index, code, "TEST-1"] for index, code in sorted(refused.items())],
        "rows": len(members),
        "sha256": file,
        "sum_fen": 12_345,
    }
    stored = [event("batch.recorded.v1", identity, 1, outcome)]
    stored += [event("note.opened.v1", streams[index], 1, {"text": "批量"}) for index in indexes]
    reads = {identity: 0, **{streams[index]: 0 for index in indexes}}
    return Deed(Submission(signed, (1,) * (1 + len(indexes)), tuple(indexes), reads, TODAY, 1), stored)


def project(name: str) -> str:
    return new_id("project", name)


def asset(name: str) -> str:
    return new_id("asset", name)


def opened(driver: Driver, clock: Clock | None = None, sealer: Sealer | None = None) -> Log:
    """A process's log on a driver, with the ledger's key. It renews its index every few entries."""
    return Log(driver, sealer or Sealer(LEDGER.key), clock or Clock(), NAMINGS_MAX)


def founded(driver: Driver, clock: Clock | None = None) -> Log:
    """A log with the ledger opened and two clerks enrolled: entries 0 to 2."""
    driver.put_archive(ARCHIVE_HASH, ARCHIVE)
    log = opened(driver, clock)
    genesis().into(log)
    for person in (CLERK, COLLEAGUE):
        enrolment(log.origin, person).into(log)
    return log


def believe(log: Log) -> None:
    """The oracle: the log verifies as it lies in the database, column by column, and as it is exported."""
    log.refresh()
    lying = verify(DatabaseLog(log.driver))
    assert lying.failures == ()
    assert lying.size == log.size
    check_columns(log.driver)
    with TemporaryDirectory() as directory:
        out = Path(directory) / "exported"
        export_log(log, out)
        exported = verify(ExportedLog(out))
    assert exported.failures == ()
    assert (exported.size, exported.root) == (lying.size, lying.root)


def group(*deeds: Deed) -> list[Appending]:
    """What one commit takes up together."""
    return [Appending(prepare(deed.submission, deed.stored)) for deed in deeds]


def receipt_holds(log: Log, position: int) -> bool:
    """Whether the receipt leads from the entry to a root that the ledger has signed."""
    index, path, note_bytes = parse_tlog_proof(log.receipt(position))
    signed = parse_note(note_bytes)
    entry = next(log.entries(position, position + 1))
    root = root_from_path(leaf_hash(entry), index, signed.checkpoint.size, path)
    return index == position and signed.is_signed_by(log.vkey()) and root == signed.checkpoint.root
