"""`bangfu backup restore`: one file that holds a ledger as of one moment, verified when it is made and when it is put back.

It holds what cannot be made again: the log, and the vault of names. Keys are none of it: whoever holds a backup with its keys
could read every name and go on with the ledger (audit/TRUST.md).
"""

from __future__ import annotations

import errno
import os
import shutil
import sqlite3
import tarfile
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import BinaryIO
from urllib.parse import urlencode

from sqlalchemy.engine import make_url

from api.ceremony import NotDone
from api.settings import Settings, sqlite_url
from api.verifying import Checked, check_database
from audit.drivers.sql import said
from audit.drivers.sqlite import kept_query
from audit.kept import is_kept

LOG, VAULT = "ledger.db", "vault.db"
# What SQLite keeps beside a file, and reads into whichever file has that name.
_BESIDE = ("", "-wal", "-shm", "-journal")


@dataclass(frozen=True, slots=True)
class Backup:
    """What a backup holds, and whether its log verifies."""

    files: tuple[str, ...]
    checked: Checked


def back_up(settings: Settings, out: Path) -> Backup:
    """Write a new file; none when what it would hold does not verify.

    Raises NotDone for a database that has means of its own and for a vault that is damaged, FileExistsError, FileNotFoundError,
    OSError.
    """
    _require_new(out)
    log = _file_of(settings.log_url, _LOG_ELSEWHERE)
    vault = _file_of(settings.vault_place, _VAULT_ELSEWHERE)
    _require_there(log)
    _require_there(out.parent)
    with _beside(out) as aside:
        # The log first: a name is in the vault before the command that states it is in the log.
        _copy(log, aside / LOG)
        if vault.exists():
            _copy(vault, aside / VAULT)
        found = _found(aside)
        if found.checked.ok:
            packed = aside / "packed"
            with (
                _made(packed) as file,
                tarfile.open(fileobj=file, mode="w") as archive,
            ):
                for name in found.files:
                    archive.add(aside / name, name)
            _on_disk(packed)
            _require_new(out)  # whatever came meanwhile
            packed.rename(out)
            _on_disk(out.absolute().parent)
    return found


def restore(file: Path, settings: Settings) -> Backup:
    """Put a backup into a data directory that has no ledger yet; nothing when it does not verify.

    Raises NotDone for a file that is no backup, for a vault that is damaged and for settings by which the ledger would be looked
    for elsewhere, FileExistsError, FileNotFoundError, OSError.
    """
    _require_here(settings)
    _require_empty(settings)
    _require_there(settings.data.parent)
    data = settings.data.resolve()  # where it is, on its own disk, when the name is a link
    with _beside(data) as aside:
        try:
            # Not compressed and without holes: what comes out is no larger than the archive.
            with tarfile.open(file, "r:") as archive:
                _take(archive, aside)
        except (
            tarfile.TarError,
            FileExistsError,
            ValueError,
            OverflowError,
        ):  # the same name twice; a heading that is none
            raise NotDone(f"{file} 不是 bangfu backup 所写的备份") from None
        if not (aside / LOG).exists():
            raise NotDone(f"{file} 不是 bangfu backup 所写的备份：里面没有 {LOG}")
        found = _found(aside)
        if found.checked.ok:
            data.mkdir(mode=0o700, exist_ok=True)
            _require_empty(settings)  # whatever came meanwhile
            for name in reversed(found.files):  # the log last: only then is it a ledger
                _on_disk(aside / name)
                (aside / name).rename(data / name)
            _on_disk(data)
            _on_disk(data.parent)  # its own name, which may be new
    return found


_LOG_ELSEWHERE = "台账在 PostgreSQL 里：请用 pg_dump 备份，再对恢复出来的库运行 bangfu verify"
_VAULT_ELSEWHERE = (
    "姓名保管库在 PostgreSQL 里：保管库请用 pg_dump 备份；"
    "台账在停下服务之后复制 ledger.db（有 ledger.db-wal 的一同复制），再对复制出来的运行 bangfu verify"
)


def _file_of(url: str, elsewhere: str) -> Path:
    """Raises NotDone, with what to do instead, for what is in no file."""
    place = make_url(url)
    if place.get_backend_name() != "sqlite":
        raise NotDone(elsewhere)
    return Path(place.database or "")


def _require_new(path: Path) -> None:
    if os.path.lexists(path):
        raise FileExistsError(errno.EEXIST, "exists", str(path))


def _require_there(path: Path) -> None:
    if not path.exists():
        raise FileNotFoundError(errno.ENOENT, "missing", str(path))


def _require_here(settings: Settings) -> None:
    """Whoever reads the ledger will look for it where the backup puts it."""
    for setting, url, name in (
        ("database_url", settings.log_url, LOG),
        ("vault_url", settings.vault_place, VAULT),
    ):
        place = make_url(url)
        here = (settings.data / name).absolute()
        if place.get_backend_name() != "sqlite" or Path(place.database or "").absolute() != here:
            raise NotDone(
                f"按 {setting}（bangfu.toml 或环境变量 BANGFU_*），{name} 不在 {settings.data} 里："
                "恢复到一个没有这项设置的目录，再把文件移过去"
            )


def _require_empty(settings: Settings) -> None:
    """Nothing of another ledger is there, nor its read tables, which would be taken for those of this one."""
    for name in (LOG, VAULT, "projections.db"):
        for beside in _BESIDE:
            _require_new(settings.data / f"{name}{beside}")
    rows = make_url(settings.read_url)
    if rows.get_backend_name() == "sqlite":
        _require_new(Path(rows.database or ""))


def _take(archive: tarfile.TarFile, into: Path) -> None:
    """The two files and nothing else: somebody else may have made the archive."""
    for one in archive:
        plain = one.isreg() and not one.issparse()
        if one.name in (LOG, VAULT) and plain and (given := archive.extractfile(one)):
            with given, _made(into / one.name) as taken:
                shutil.copyfileobj(given, taken)


def _made(path: Path) -> BinaryIO:
    """A new file for its owner alone: made so, not changed to it, since a stick (FAT) knows no owners and refuses the change."""
    return os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb")


@contextmanager
def _beside(path: Path) -> Iterator[Path]:
    """A directory for a while on the same disk, so that what is whole gets its name at once."""
    with TemporaryDirectory(prefix=".bangfu-", dir=path.absolute().parent) as name:
        yield Path(name)


def _found(aside: Path) -> Backup:
    files = tuple(name for name in (LOG, VAULT) if (aside / name).exists())
    if VAULT in files:
        _require_sound(aside / VAULT)
    return Backup(files, check_database(sqlite_url(aside / LOG)))


def _require_sound(vault: Path) -> None:
    """Nobody signs for a vault: that it can be read whole, and does nothing by itself, is what can be asked."""
    try:
        with closing(sqlite3.connect(vault)) as connection:
            connection.execute("PRAGMA trusted_schema=OFF")
            lines = [str(line) for (line,) in connection.execute("PRAGMA integrity_check")]
            odd = connection.execute("SELECT name FROM sqlite_master WHERE type NOT IN ('table', 'index')")
            faults = [f"含有触发器或视图（{_short(name)}）" for (name,) in odd]
            if lines != ["ok"]:
                faults.insert(0, f"结构检查不通过（{_short(lines[0])}）")
    except sqlite3.Error as error:
        faults = [said(error)]
    if faults:
        raise NotDone(f"姓名保管库 {vault.name} 不能用：{faults[0]}")


def _short(told: object) -> str:
    return " ".join(str(told).split())[:200]


def _copy(source: Path, target: Path) -> None:
    """As of one moment, whoever writes meanwhile."""
    how = kept_query(source) if is_kept(source.parent) else {"mode": "ro"}
    try:
        with (
            closing(sqlite3.connect(f"{source.absolute().as_uri()}?{urlencode(how)}", uri=True)) as given,
            closing(sqlite3.connect(target)) as taken,
        ):
            given.backup(taken)
    except sqlite3.Error as error:
        raise NotDone(f"{source.name} 没有复制成：{said(error)}") from error


def _on_disk(path: Path) -> None:
    """A file, or the names in a directory."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
