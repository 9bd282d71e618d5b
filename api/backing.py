"""`bangfu backup restore`: one file that holds a ledger as of one moment, verified when it is made and when it is put back.

It holds what cannot be made again: the log, and the vault of names. Keys are none of it: whoever holds a backup with its keys
could read every name and go on with the ledger (audit/TRUST.md).
"""

from __future__ import annotations

import os
import shutil
import sqlite3
import tarfile
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from sqlalchemy.engine import make_url

from api.ceremony import NotDone
from api.settings import Settings, sqlite_url
from api.verifying import Checked, check_database

LOG, VAULT = "ledger.db", "vault.db"


@dataclass(frozen=True, slots=True)
class Backup:
    """What a backup holds, and whether its log verifies."""

    files: tuple[str, ...]
    checked: Checked


def back_up(settings: Settings, out: Path) -> Backup:
    """Write a new file; none when what it would hold does not verify.

    Raises NotDone for a database that has means of its own, FileExistsError, OSError.
    """
    if out.exists():
        raise FileExistsError(17, "exists", str(out))
    places = [make_url(settings.log_url), make_url(settings.vault_place)]
    if any(place.get_backend_name() != "sqlite" for place in places):
        raise NotDone("台账在 PostgreSQL 里：请用 pg_dump 备份，再对恢复出来的库运行 bangfu verify")
    with _beside(out) as aside:
        # The log first: a name is in the vault before the command that states it is in the log.
        for place, name in zip(places, (LOG, VAULT), strict=True):
            source = Path(place.database or "")
            if source.exists():
                _copy(source, aside / name)
        found = _found(aside)
        if found.checked.ok:
            packed = aside / "packed"
            with tarfile.open(packed, "x") as archive:
                for name in found.files:
                    archive.add(aside / name, name)
            _kept(packed)
            packed.rename(out)
    return found


def restore(file: Path, data: Path) -> Backup:
    """Put a backup into a directory that has no ledger yet; nothing when it does not verify.

    Raises NotDone for a file that is no backup, FileExistsError, OSError.
    """
    for name in (LOG, VAULT):
        if (data / name).exists():
            raise FileExistsError(17, "exists", str(data / name))
    with _beside(data) as aside:
        try:
            with tarfile.open(file) as archive:
                _take(archive, aside)
        except (tarfile.TarError, FileExistsError):  # the same name twice
            raise NotDone(f"{file} 不是 bangfu backup 所写的备份") from None
        if not (aside / LOG).exists():
            raise NotDone(f"{file} 不是 bangfu backup 所写的备份：里面没有 {LOG}")
        found = _found(aside)
        if found.checked.ok:
            data.mkdir(mode=0o700, exist_ok=True)
            for name in reversed(found.files):  # the log last: only then is it a ledger
                _kept(aside / name)
                (aside / name).rename(data / name)
    return found


def _take(archive: tarfile.TarFile, into: Path) -> None:
    """The two files and nothing else: somebody else may have made the archive."""
    for one in archive:
        if one.name in (LOG, VAULT) and one.isreg() and (given := archive.extractfile(one)):
            with given, (into / one.name).open("xb") as taken:
                shutil.copyfileobj(given, taken)


@contextmanager
def _beside(path: Path) -> Iterator[Path]:
    """A directory for a while on the same disk, so that what is whole gets its name at once."""
    with TemporaryDirectory(prefix=".bangfu-", dir=path.absolute().parent) as name:
        yield Path(name)


def _found(aside: Path) -> Backup:
    files = tuple(name for name in (LOG, VAULT) if (aside / name).exists())
    return Backup(files, check_database(sqlite_url(aside / LOG)))


def _copy(source: Path, target: Path) -> None:
    """As of one moment, whoever writes meanwhile."""
    try:
        with (
            closing(sqlite3.connect(f"{source.absolute().as_uri()}?mode=ro", uri=True)) as given,
            closing(sqlite3.connect(target)) as taken,
        ):
            given.backup(taken)
    except sqlite3.Error as error:
        raise NotDone(f"{source.name} 没有复制成：{error}") from error


def _kept(file: Path) -> None:
    """On the disk, for its owner alone."""
    file.chmod(0o600)
    descriptor = os.open(file, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
