"""A backup of a ledger at work: whole as of one moment, verified, without keys; and the ledger that comes back from it."""

from __future__ import annotations

import io
import json
import shutil
import sqlite3
import stat
import tarfile
from contextlib import closing
from pathlib import Path

import pytest

from api.desk import Desk
from api.settings import Settings
from tests.api.county import FIRST, SECOND, imported, size
from tests.support.shell import Shell


def backed_up(shell: Shell) -> None:
    done = shell.bangfu("backup", "backup.tar", "--data", "county")
    assert (done.code, done.err) == (0, "")


def test_a_ledger_at_work_is_backed_up_whole_and_without_its_keys(shell: Shell) -> None:
    with Desk(Settings(data=Path("county"))) as desk:
        assert imported(shell, FIRST).code == 0
        assert desk.vault.kept([]) == set()
        assert Path("county/ledger.db-wal").stat().st_size, "what was recorded last stands beside the file"
        done = shell.bangfu("backup", "backup.tar", "--data", "county")
    assert (done.code, done.err) == (0, "")
    assert "已备份到 backup.tar：ledger.db、vault.db" in done.out
    assert f"核验通过：{size(shell)} 条分录" in done.out
    with tarfile.open("backup.tar") as archive:
        assert sorted(archive.getnames()) == ["ledger.db", "vault.db"]
    assert stat.S_IMODE(Path("backup.tar").stat().st_mode) == 0o600
    assert not list(Path().glob(".bangfu-*"))


def test_a_ledger_goes_on_from_its_backup(shell: Shell) -> None:
    assert imported(shell, FIRST).code == 0
    backed_up(shell)
    Path("county").rename("gone")
    done = shell.bangfu("restore", "backup.tar", "--data", "county")
    assert (done.code, done.err) == (0, "")
    for key in Path("gone").glob("*.key"):
        shutil.copy2(key, "county")
    assert imported(shell, SECOND).code == 0
    register = shell.bangfu("register", "--data", "county")
    assert "油茶项目" in register.out
    assert "冷链项目" in register.out
    assert shell.bangfu("verify", "county", "--trust", "county.trust", "--replay").code == 0


def test_a_backup_of_before_what_is_vouched_for_is_told_as_such(shell: Shell) -> None:
    """Whoever puts an old one back has taken entries away: the trust file of anybody who saw them says so."""
    backed_up(shell)
    assert imported(shell, FIRST).code == 0
    assert shell.bangfu("verify", "county", "--trust", "county.trust", "--raise").code == 0
    assert shell.bangfu("restore", "backup.tar", "--data", "old").code == 0
    assert shell.bangfu("verify", "old", "--trust", "county.trust").code == 7


def test_what_does_not_verify_is_not_backed_up(shell: Shell) -> None:
    altered(Path("county/ledger.db"))
    done = shell.bangfu("backup", "backup.tar", "--data", "county", "--json")
    assert done.code == 7
    assert json.loads(done.out)["ok"] is False
    assert not Path("backup.tar").exists()


def test_what_does_not_verify_is_not_put_back(shell: Shell) -> None:
    backed_up(shell)
    with tarfile.open("backup.tar") as archive:
        archive.extractall("taken")
    altered(Path("taken/ledger.db"))
    with tarfile.open("altered.tar", "w") as archive:
        archive.add("taken/ledger.db", "ledger.db")
    done = shell.bangfu("restore", "altered.tar", "--data", "old")
    assert done.code == 7
    assert "核验不通过，什么也没有写" in done.out
    assert not Path("old").exists()


def altered(log: Path) -> None:
    with sqlite3.connect(log) as connection:
        connection.execute("UPDATE entries SET version = version + 1 WHERE position = 2")
    connection.close()


def test_nothing_but_the_two_files_comes_out_of_a_backup(shell: Shell) -> None:
    """An archive that somebody made may hold what reaches elsewhere."""
    backed_up(shell)
    with tarfile.open("backup.tar") as archive:
        archive.extractall("taken")
    with tarfile.open("made.tar", "w") as archive:
        archive.add("taken/ledger.db", "ledger.db")
        for name in ("../outside", "ledger.key", "/tmp/bangfu-outside"):
            archive.add("county/ledger.key", name)
        link = tarfile.TarInfo("vault.db")
        link.type, link.linkname = tarfile.SYMTYPE, "/etc/passwd"
        archive.addfile(link)
    assert shell.bangfu("restore", "made.tar", "--data", "old").code == 0
    assert [path.name for path in Path("old").iterdir()] == ["ledger.db"]
    assert not Path("outside").exists()


@pytest.mark.parametrize("made", ["text", "empty", "other"])
def test_a_file_that_is_no_backup_is_said_to_be_none(shell: Shell, made: str) -> None:
    Path("made.tar").write_bytes(b"no archive at all" if made == "text" else b"")
    if made == "other":
        with tarfile.open("made.tar", "w") as archive:
            archive.add("county.trust", "county.trust")
    done = shell.bangfu("restore", "made.tar", "--data", "old")
    assert done.code == 1
    assert "made.tar 不是 bangfu backup 所写的备份" in done.err
    assert not Path("old").exists()


def test_nothing_is_written_over(shell: Shell) -> None:
    backed_up(shell)
    again = shell.bangfu("backup", "backup.tar", "--data", "county")
    assert (again.code, again.err) == (5, "已经存在，不覆盖：backup.tar\n")
    onto = shell.bangfu("restore", "backup.tar", "--data", "county")
    assert (onto.code, onto.err) == (5, "已经存在，不覆盖：county/ledger.db\n")


def test_postgresql_has_means_of_its_own(shell: Shell) -> None:
    url = "postgresql+psycopg://nobody@127.0.0.1:1/none"
    Path("county/bangfu.toml").write_text(f'database_url = "{url}"\n', "utf-8")
    done = shell.bangfu("backup", "backup.tar", "--data", "county")
    assert done.code == 1
    assert "pg_dump" in done.err
    assert not Path("backup.tar").exists()


def test_a_ledger_that_is_not_there_is_not_found(shell: Shell) -> None:
    done = shell.bangfu("backup", "backup.tar", "--data", "nowhere")
    assert (done.code, done.err) == (3, "没有这个文件：nowhere/ledger.db\n")
    assert not Path("nowhere").exists()


@pytest.mark.parametrize(
    "words", [("backup", "none/b.tar", "--data", "county"), ("restore", "b.tar", "--data", "none/old")]
)
def test_a_directory_that_is_missing_is_named(shell: Shell, words: tuple[str, ...]) -> None:
    done = shell.bangfu(*words)
    assert (done.code, done.err) == (3, "没有这个文件：none\n")


def test_a_damaged_vault_is_neither_backed_up_nor_put_back(shell: Shell) -> None:
    with Desk(Settings(data=Path("county"))) as desk:
        assert desk.vault.kept([]) == set()
    backed_up(shell)
    Path("damaged.db").write_bytes(b"\xff" * 8192)
    with tarfile.open("made.tar", "w") as archive, tarfile.open("backup.tar") as given:
        archive.addfile(given.getmember("ledger.db"), given.extractfile("ledger.db"))
        archive.add("damaged.db", "vault.db")
    done = shell.bangfu("restore", "made.tar", "--data", "old")
    assert done.code == 1
    assert "vault.db" in done.err
    assert not Path("old").exists()
    with Path("county/vault.db").open("r+b") as vault:
        vault.seek(4096)
        vault.write(b"\xff" * 8192)
    done = shell.bangfu("backup", "again.tar", "--data", "county")
    assert done.code == 1
    assert "vault.db" in done.err
    assert not Path("again.tar").exists()


@pytest.mark.parametrize("left", ["ledger.db-wal", "vault.db-journal", "projections.db"])
def test_what_an_earlier_ledger_left_is_not_mixed_with_a_backup(shell: Shell, left: str) -> None:
    """SQLite would read the earlier pages into the file, and the read tables of another ledger would be shown."""
    backed_up(shell)
    Path("old").mkdir()
    Path("old", left).write_bytes(b"left")
    done = shell.bangfu("restore", "backup.tar", "--data", "old")
    assert (done.code, done.err) == (5, f"已经存在，不覆盖：old/{left}\n")
    assert [path.name for path in Path("old").iterdir()] == [left]


@pytest.mark.parametrize("name", ["database_url", "vault_url"])
def test_a_backup_is_not_put_where_the_settings_do_not_look(shell: Shell, name: str) -> None:
    backed_up(shell)
    Path("old").mkdir()
    Path("old/bangfu.toml").write_text(f'{name} = "sqlite:///elsewhere.db"\n', "utf-8")
    done = shell.bangfu("restore", "backup.tar", "--data", "old")
    assert done.code == 1
    assert name in done.err
    assert [path.name for path in Path("old").iterdir()] == ["bangfu.toml"]


def test_a_directory_behind_a_link_is_filled(shell: Shell) -> None:
    backed_up(shell)
    Path("disk").mkdir()
    Path("old").symlink_to("disk/old")
    assert shell.bangfu("restore", "backup.tar", "--data", "old").code == 0
    assert Path("disk/old/ledger.db").exists()


def test_an_archive_that_holds_more_than_its_own_size_is_no_backup(shell: Shell) -> None:
    """A few bytes would fill the disk."""
    with tarfile.open("small.tar.gz", "w:gz") as archive:
        archive.add("county/ledger.db", "ledger.db")
    sparse = tarfile.TarInfo("ledger.db")
    sparse.pax_headers = {"GNU.sparse.size": str(1 << 24), "GNU.sparse.map": "0,1"}
    sparse.size = 1
    with tarfile.open("sparse.tar", "w", format=tarfile.PAX_FORMAT) as archive:
        archive.addfile(sparse, io.BytesIO(b"x"))
    for made in ("small.tar.gz", "sparse.tar"):
        done = shell.bangfu("restore", made, "--data", "old")
        assert done.code == 1
        assert f"{made} 不是 bangfu backup 所写的备份" in done.err
        assert not Path("old").exists()


def test_a_log_elsewhere_is_backed_up_from_there(shell: Shell) -> None:
    Path("county/bangfu.toml").write_text('database_url = "sqlite:///elsewhere.db"\n', "utf-8")
    Path("county/ledger.db").rename("county/elsewhere.db")
    assert imported(shell, FIRST).code == 0
    assert shell.bangfu("register", "--data", "county").code == 0
    assert shell.bangfu("verify", "county").code == 0, "beside the log there is no other table"
    backed_up(shell)
    assert shell.bangfu("restore", "backup.tar", "--data", "old").code == 0
    with closing(sqlite3.connect("old/ledger.db")) as log:
        assert log.execute("SELECT COUNT(*) FROM entries").fetchone() == (size(shell),)
