"""`bangfu verify`: the procedure of FORMAT 15 over an exported log, a data directory or a database, and step 40 when asked."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from api.archive import own_archive
from api.ceremony import NotDone
from api.desk import open_driver
from api.scanned import Scanned
from api.settings import LEDGER_KEY, settings_of
from audit.directory import DatabaseLog, check_columns
from audit.driver import Driver, StoreFailure
from audit.entry import unframe
from audit.errors import Malformed, NotBelieved
from audit.exported import ExportedLog
from audit.replaying import Replayed, replay
from audit.trust import Trust
from audit.verdict import Source, Verdict
from audit.verify import verify
from projections.story import Names

Archive = Callable[[str], bytes | None]


class NotTrust(Exception):
    """A file given as a trust file that is none."""


@dataclass(frozen=True, slots=True)
class Checked:
    """The verdict with what our own code adds to it: the columns of a database (50), the rules run again (40)."""

    verdict: Verdict
    columns: int | None = None
    replayed: Replayed | None = None
    further: tuple[NotBelieved, ...] = ()
    event: Any = None
    missing: tuple[int, ...] = ()  # epochs whose archive is trusted, but is not there to be run again

    @property
    def ok(self) -> bool:
        return self.verdict.ok and not self.further

    def json(self) -> dict[str, Any]:
        found = self.verdict.json()
        found["failures"] += [
            {"position": failure.position, "step": failure.step, "detail": failure.detail}
            for failure in self.further
        ]
        found["ok"] = self.ok
        if self.columns is not None:
            found["checked"]["columns"] = self.columns
        if self.replayed is not None:
            found["replay"] = {
                "decided": self.replayed.decided,
                "epochs": list(self.replayed.epochs),
                "archive_missing": list(self.missing),
                "not_replayed": {str(epoch): sha256 for epoch, sha256 in self.replayed.skipped.items()},
            }
        if self.event is not None:
            found["event"] = self.event
        return found


def check(
    target: Path, trust: Path | None, *, with_replay: bool = False, event: int | None = None
) -> Checked:
    """Verify a data directory or an exported log. Raises NotDone when the target is neither, OSError for a file that is not there."""
    if not target.exists():
        raise FileNotFoundError(2, "missing", str(target))
    given = None if trust is None else _trust(trust)
    is_export = (target / "vkey").exists() or (target / "checkpoint").exists()
    if is_export and ((target / "ledger.db").exists() or (target / LEDGER_KEY).exists()):
        raise NotDone(f"{target} 里既有数据库又有导出的账本：分开放，各自核验")
    if is_export:
        return _check(
            ExportedLog(target), given, lambda sha256: _file(target, sha256), None, with_replay, event
        )
    if (target / "ledger.db").exists() or (target / LEDGER_KEY).exists():
        return check_database(settings_of(target).log_url, given, with_replay=with_replay, event=event)
    raise NotDone(f"{target} 既不是数据目录，也不是导出的账本")


def check_database(
    url: str, trust: bytes | None = None, *, with_replay: bool = False, event: int | None = None
) -> Checked:
    """Verify the log in a database, its columns too. Raises StoreFailure, Malformed."""
    driver = open_driver(url)
    try:
        archive: Archive = lambda sha256: driver.archives().get(sha256)  # noqa: E731
        return _check(DatabaseLog(driver), trust, archive, driver, with_replay, event)
    finally:
        driver.close()


def _trust(path: Path) -> bytes:
    """The bytes of a trust file. Raises NotTrust."""
    document = path.read_bytes()
    try:
        Trust.load(document)
    except Malformed:
        raise NotTrust(f"{path} 不是信任文件") from None
    return document


def _file(target: Path, sha256: str) -> bytes | None:
    path = target / "rules" / f"{sha256}.zip"
    return path.read_bytes() if path.exists() else None


def _check(
    source: Source,
    trust: bytes | None,
    archive: Archive,
    driver: Driver | None,
    with_replay: bool,
    event: int | None,
) -> Checked:
    verdict = verify(source, trust)
    if not verdict.ok:
        return Checked(verdict)
    columns, replayed, further = None, None, []
    missing: tuple[int, ...] = ()
    if driver is not None:
        try:
            columns = check_columns(driver)
        except NotBelieved as failure:
            further.append(failure)
        except StoreFailure as failure:
            further.append(NotBelieved(50, None, str(failure)))
    if with_replay and not further:
        trusted = frozenset({own_archive()[0]} | (set(Trust.load(trust).rules) if trust else set()))
        replayed = replay(source, verdict.size, trusted, archive)
        further += replayed.failures
        missing = tuple(epoch for epoch, sha256 in replayed.skipped.items() if sha256 in trusted)
    said = None if event is None else _said(source, verdict.size, event)
    return Checked(verdict, columns, replayed, tuple(further), said, missing)


def _said(source: Source, size: int, position: int) -> dict[str, Any]:
    """What one verified entry says, with the names of whom it concerns and who signed it. Raises LookupError."""
    if not 0 <= position < size:
        raise LookupError(f"没有第 {position} 号，共 {size} 条")
    entry = unframe(next(iter(source.entries(position, size))))
    header, statement = json.loads(entry.header), json.loads(entry.statement) if entry.statement else None
    names, signers = Names(Scanned(source, size)), statement["signers"] if statement else ()
    concerned = (header["stream"], *(signer["key"] for signer in signers))
    return {
        "header": header,
        "state": json.loads(entry.state),
        "statement": statement,
        "names": {one: label for one in concerned if (label := names.label(one))},
    }
