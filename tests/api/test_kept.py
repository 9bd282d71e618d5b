"""A ledger as evidence is kept: a directory into which nothing can be written. It is read and verified whole, or not at all."""

from __future__ import annotations

import os
import shutil
import sqlite3
import tempfile
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest

from api.desk import Desk
from api.settings import Settings, sqlite_url
from audit.driver import StoreFailure
from audit.drivers.sqlite import SqliteDriver
from tests.api.county import FIRST, REGISTRAR, SECOND, imported
from tests.support.shell import PROGRAM, Shell, write_json

NOBODY = 65534


@contextmanager
def kept(ledger: Path) -> Iterator[Path]:
    """A copy of a ledger that this process can only read: root lets go of its power meanwhile."""
    home = Path(tempfile.mkdtemp(prefix="bangfu-kept-"))
    copy = home / "county"
    shutil.copytree(ledger, copy)
    for path in (home, copy, *copy.iterdir()):
        path.chmod(0o555 if path.is_dir() else 0o444)
    is_root = os.geteuid() == 0
    if is_root:
        os.seteuid(NOBODY)
    try:
        yield copy
    finally:
        if is_root:
            os.seteuid(0)
        home.chmod(0o755)
        copy.chmod(0o755)
        shutil.rmtree(home)


@pytest.fixture
def used(shell: Shell) -> Path:
    """A ledger with one project; whatever is imported late has been imported."""
    assert imported(shell, FIRST).code == 0
    for words in (("register",), ("trace", "project:QX-0001")):
        assert shell.bangfu(*words, "--data", "county").code == 0
    assert shell.bangfu("verify", "county").code == 0
    return Path("county")


def test_a_kept_ledger_is_verified_and_read(shell: Shell, used: Path) -> None:
    with kept(used) as evidence:
        files = sorted(path.name for path in evidence.iterdir())
        verified = shell.bangfu("verify", str(evidence))
        register = shell.bangfu("register", "--data", str(evidence))
        trace = shell.bangfu("trace", "project:QX-0001", "--data", str(evidence))
        assert files == sorted(path.name for path in evidence.iterdir())
    assert (verified.code, register.code, trace.code) == (0, 0, 0), verified.err + register.err + trace.err
    assert "油茶项目" in register.out
    assert "油茶项目" in trace.out


def test_what_was_committed_beside_the_file_is_read_with_it(shell: Shell, used: Path) -> None:
    """A copy that was taken while a server was at work: the last entries stand in ledger.db-wal."""
    with Desk(Settings(data=used)):
        assert imported(shell, SECOND).code == 0
        assert (used / "ledger.db-wal").stat().st_size
        with kept(used) as evidence:
            register = shell.bangfu("register", "--data", str(evidence))
    assert register.code == 0, register.err
    assert "冷链项目" in register.out


def test_what_another_process_writes_there_is_read_too(used: Path) -> None:
    """A server writes through a way of its own to a directory that is only to be read here."""
    with kept(used) as evidence, written_elsewhere(evidence / "ledger.db") as writer:
        assert not Path(evidence / "ledger.db-wal").stat().st_size, "nothing stands beside the file yet"
        driver = SqliteDriver(sqlite_url(evidence / "ledger.db"))
        writer.execute("INSERT INTO archives VALUES (?, ?)", ("0" * 64, b"later"))
        assert driver.archives()["0" * 64] == b"later"
        driver.close()


def at_rest(evidence: Path) -> SqliteDriver:
    """A reader of a file beside which nothing stands: as long as it is so, SQLite is told that it never changes."""
    assert not Path(evidence / "ledger.db-wal").exists()
    driver = SqliteDriver(sqlite_url(evidence / "ledger.db"))
    assert driver.unsound() == ""
    return driver


def later(writer: sqlite3.Connection, number: int = 400) -> None:
    """So much that pages of the file are written anew."""
    writer.executemany(
        "INSERT INTO archives VALUES (?, ?)", [(f"{one:064x}", bytes(3_000)) for one in range(number)]
    )


def test_what_a_process_that_starts_later_writes_there_is_read_too(used: Path) -> None:
    """It is not taken for damage, and nothing is left out: the file is opened anew as one that another is at work on."""
    with kept(used) as evidence:
        driver = at_rest(evidence)
        before = len(driver.archives())
        with written_elsewhere(evidence / "ledger.db") as writer:
            for number in (400, 800):
                writer.execute("BEGIN")
                writer.execute("DELETE FROM archives WHERE sha256 LIKE '0000%'")
                later(writer, number)
                writer.execute("COMMIT")
                assert len(driver.archives()) == before + number
                writer.execute("PRAGMA wal_checkpoint(TRUNCATE)")
                assert len(driver.archives()) == before + number
                assert driver.unsound() == ""
        assert len(driver.archives()) == before + 800
        driver.close()


def read_meanwhile(driver: SqliteDriver, file: Path) -> None:
    with driver._reading() as cursor:
        cursor.execute("SELECT sha256 FROM archives").fetchone()
        with written_elsewhere(file) as writer:
            later(writer)
            writer.execute("PRAGMA wal_checkpoint(TRUNCATE)")


def test_what_is_written_while_it_is_read_is_no_answer(used: Path) -> None:
    """Pages of before and of after are of no one moment: whoever asked is told to ask again, and then is answered."""
    with kept(used) as evidence:
        driver = at_rest(evidence)
        before = len(driver.archives())
        with pytest.raises(StoreFailure, match="被另一进程改动了，请再试一次"):
            read_meanwhile(driver, evidence / "ledger.db")
        assert len(driver.archives()) == before + 400
        driver.close()


def test_a_kept_file_that_is_taken_away_is_a_failure_of_the_store(used: Path) -> None:
    """A disc that is taken out: a server waits for it, as for any database that is away, and ends nothing."""
    with kept(used) as evidence:
        driver, file = at_rest(evidence), evidence / "ledger.db"
        with moved_away(file), pytest.raises(StoreFailure, match="已不在原处"):
            driver.archives()
        assert driver.unsound() == ""
        driver.close()


@contextmanager
def moved_away(file: Path) -> Iterator[None]:
    directory, nobody, away = file.parent, os.geteuid(), file.with_suffix(".away")
    for come, go in ((file, away), (away, file)):
        if nobody == NOBODY:
            os.seteuid(0)
        directory.chmod(0o755)
        come.rename(go)
        directory.chmod(0o555)
        os.seteuid(nobody)
        if go == away:
            yield


@contextmanager
def written_elsewhere(file: Path) -> Iterator[sqlite3.Connection]:
    """A connection of who may write there, and has written nothing so far."""
    directory, nobody = file.parent, os.geteuid()
    if nobody == NOBODY:
        os.seteuid(0)
    for path, mode in ((directory, 0o755), (file, 0o644)):
        path.chmod(mode)
    with closing(sqlite3.connect(file, isolation_level=None)) as connection:
        assert connection.execute("SELECT COUNT(*) FROM entries").fetchone()
        directory.chmod(0o555)
        os.seteuid(nobody)
        yield connection
        if nobody == NOBODY:
            os.seteuid(0)
        directory.chmod(0o755)
    os.seteuid(nobody)


def test_a_kept_ledger_is_backed_up(shell: Shell, used: Path) -> None:
    with Desk(Settings(data=used)) as desk:
        assert desk.vault.kept([]) == set()
    out = Path(tempfile.mkdtemp(prefix="bangfu-out-"))
    out.chmod(0o777)
    try:
        with kept(used) as evidence:
            done = shell.bangfu("backup", str(out / "backup.tar"), "--data", str(evidence))
        assert (done.code, done.err) == (0, "")
        assert shell.bangfu("restore", str(out / "backup.tar"), "--data", "old").code == 0
    finally:
        shutil.rmtree(out)


def test_a_copy_that_lacks_the_index_of_what_stands_beside_it_is_refused(shell: Shell, used: Path) -> None:
    with Desk(Settings(data=used)):
        assert imported(shell, SECOND).code == 0
        shutil.copytree(used, "copied")
    Path("copied/ledger.db-shm").unlink()
    with kept(Path("copied")) as evidence:
        verified = shell.bangfu("verify", str(evidence))
    assert verified.code == 1
    assert "还有未并入的部分：请把整个目录复制到可写的地方再打开" in verified.err


def test_nothing_is_recorded_in_a_kept_ledger(shell: Shell, used: Path) -> None:
    village = {"division_code": "", "kind": "village", "name": "示例三村", "parent": "area:青溪乡"}
    write_json("area.json", village)
    program = f"{PROGRAM} prepare area.register area.json --data county --key {REGISTRAR}"
    signed = shell.line(f"{program} | {PROGRAM} sign - --key {REGISTRAR}")
    assert signed.code == 0, signed.err
    with kept(used) as evidence, Desk(Settings(data=evidence)) as desk:
        answer = desk.submit(signed.out.encode())
    assert (answer.code, answer.position) == ("read_only", None)
    assert "只能读，不能登记" in answer.message
