"""`bangfu backup`: a copy of a ledger that is at work, whole as of one moment, verified before it is called a backup.

Of the two files that cannot be made again: the log, and the vault of names. Keys are none of it: whoever holds a backup with
its keys could read every name and go on with the ledger (audit/TRUST.md).
"""

from __future__ import annotations

import os
import sqlite3
from contextlib import closing, suppress
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy.engine import make_url

from api.ceremony import NotDone
from api.settings import Settings, sqlite_url
from api.verifying import Checked, check_database


@dataclass(frozen=True, slots=True)
class Backup:
    """What was written, how many entries it holds, and whether they verify."""

    files: tuple[Path, ...]
    checked: Checked


def back_up(settings: Settings, out: Path) -> Backup:
    """Copy into a new directory. Raises NotDone for a database that has means of its own, OSError."""
    places = [make_url(settings.log_url), make_url(settings.vault_place)]
    if any(place.get_backend_name() != "sqlite" for place in places):
        raise NotDone("台账在 PostgreSQL 里：请用 pg_dump 备份，再对恢复出来的库运行 bangfu verify")
    out.mkdir(mode=0o700)
    files = []
    # The log first: a name is in the vault before the command that states it is in the log.
    for place, name in zip(places, ("ledger.db", "vault.db"), strict=True):
        source = Path(place.database or "")
        if source.exists():
            _copy(source, out / name)
            files.append(out / name)
    return Backup(tuple(files), check_database(sqlite_url(out / "ledger.db")))


def _copy(source: Path, target: Path) -> None:
    """As of one moment, whoever writes meanwhile; on the disk when it returns."""
    try:
        with (
            closing(sqlite3.connect(f"{source.absolute().as_uri()}?mode=ro", uri=True)) as given,
            closing(sqlite3.connect(target)) as taken,
        ):
            given.backup(taken)
    except sqlite3.Error as error:
        with suppress(FileNotFoundError):
            target.unlink()
        raise NotDone(f"{source.name} 没有复制成：{error}") from error
    descriptor = os.open(target, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
