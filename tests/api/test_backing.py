"""A backup of a ledger at work: whole as of one moment, verified, without keys; and the ledger that comes back from it."""

from __future__ import annotations

import io
import json
import os
import shutil
import sqlite3
import stat
import subprocess
import sys
import tarfile
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from types import FrameType

import pytest

from api.desk import Desk
from api.settings import Settings
from tests.api.county import FIRST, SECOND, imported, size
from tests.support.shell import ROOT, Done, Shell


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
        archive.extractall("taken", filter="data")
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
        archive.extractall("taken", filter="data")
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
    assert done.err.startswith("台账在 PostgreSQL 里：请用 pg_dump 备份")
    assert not Path("backup.tar").exists()


def test_of_a_vault_alone_in_postgresql_that_is_said_and_what_to_do_for_each(shell: Shell) -> None:
    url = "postgresql+psycopg://nobody@127.0.0.1:1/none"
    Path("county/bangfu.toml").write_text(f'vault_url = "{url}"\n', "utf-8")
    done = shell.bangfu("backup", "backup.tar", "--data", "county")
    assert done.code == 1
    assert done.err.startswith("姓名保管库在 PostgreSQL 里：保管库请用 pg_dump 备份；台账")
    assert "ledger.db" in done.err
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
    """Why is said in the words of whoever keeps it; those of the database follow."""
    with Desk(Settings(data=Path("county"))) as desk:
        assert desk.vault.kept([]) == set()
    backed_up(shell)
    Path("damaged.db").write_bytes(b"\xff" * 8192)
    with tarfile.open("made.tar", "w") as archive, tarfile.open("backup.tar") as given:
        archive.addfile(given.getmember("ledger.db"), given.extractfile("ledger.db"))
        archive.add("damaged.db", "vault.db")
    done = shell.bangfu("restore", "made.tar", "--data", "old")
    assert done.code == 1
    assert done.err.startswith("姓名保管库 vault.db 不能用：文件不是数据库（")
    assert not Path("old").exists()
    with Path("county/vault.db").open("r+b") as vault:
        vault.seek(4096)
        vault.write(b"\xff" * 8192)
    done = shell.bangfu("backup", "again.tar", "--data", "county")
    assert done.code == 1
    assert done.err.startswith("姓名保管库 vault.db 不能用：文件已损坏，请从备份恢复（")
    assert not Path("again.tar").exists()


TRIGGER = "CREATE TRIGGER more AFTER INSERT ON other BEGIN SELECT 1; END"
CHANGED = "UPDATE sqlite_master SET sql = 'CREATE TABLE other (one NOT NULL)' WHERE name = 'other'"


@pytest.mark.parametrize(
    ("made", "told"),
    [
        ("CREATE VIEW more AS SELECT 1", "含有触发器或视图（more）"),
        (f"CREATE TABLE other (one); {TRIGGER}", "含有触发器或视图（more）"),
        (
            f"CREATE TABLE other (one); INSERT INTO other VALUES (NULL); PRAGMA writable_schema=ON; {CHANGED}",
            "结构检查不通过（NULL value in other.one）",
        ),
    ],
    ids=["a view", "a trigger", "rows that are not of their table"],
)
def test_a_vault_with_more_than_it_should_have_is_not_backed_up(shell: Shell, made: str, told: str) -> None:
    with Desk(Settings(data=Path("county"))) as desk:
        assert desk.vault.kept([]) == set()
    with closing(sqlite3.connect("county/vault.db")) as vault:
        vault.executescript(made)
    done = shell.bangfu("backup", "backup.tar", "--data", "county")
    assert (done.code, done.err) == (1, f"姓名保管库 vault.db 不能用：{told}\n")
    assert not Path("backup.tar").exists()


def test_a_log_that_cannot_be_copied_is_told_in_words_of_whoever_keeps_it(shell: Shell) -> None:
    Path("county/ledger.db").write_bytes(b"\xff" * 8192)
    done = shell.bangfu("backup", "backup.tar", "--data", "county")
    assert done.code == 1
    assert done.err.startswith("ledger.db 没有复制成：文件不是数据库（")


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


def of_words(words: bytes) -> bytes:
    """The heading of a member of which more is said in words (pax)."""
    more = tarfile.TarInfo("ledger.db")
    more.type, more.size = tarfile.XHDTYPE, len(words)
    member = tarfile.TarInfo("ledger.db").tobuf(tarfile.USTAR_FORMAT)
    return more.tobuf(tarfile.USTAR_FORMAT) + words.ljust(512, b"\0") + member


def twice(name: str) -> bytes:
    """The same name for two files: whoever takes the first and whoever takes the last would have different ledgers."""
    heading = tarfile.TarInfo(name)
    heading.size = 1
    return (heading.tobuf() + b"x".ljust(512, b"\0")) * 2


@pytest.mark.parametrize(
    "headings",
    [
        of_words(b"9" * 60 + b" size=1\n"),
        of_words(b"20 GNU.sparse.map=x\n"),
        twice("ledger.db"),
    ],
    ids=["a length that fits in nothing", "a number that is none", "a name twice"],
)
def test_headings_that_no_backup_has_are_said_to_be_none(shell: Shell, headings: bytes) -> None:
    """Somebody may have made them so that no reader knows what to do: no traceback, and nothing is written."""
    Path("made.tar").write_bytes(headings + b"\0" * 1024)
    done = shell.bangfu("restore", "made.tar", "--data", "old")
    assert done.code == 1
    assert "made.tar 不是 bangfu backup 所写的备份" in done.err
    assert not Path("old").exists()
    assert not list(Path().glob(".bangfu-*"))


# --- what happens meanwhile, and what reaches the disk ---------------------------------------------------

Seen = Callable[[str, list[Path]], None]


@contextmanager
def watched(seen: Seen) -> Iterator[None]:
    """Tell of each call of the system, before it is made, with the paths and open files that the caller holds."""

    def profile(frame: FrameType, what: str, called: object) -> None:
        if what != "c_call" or (name := getattr(called, "__name__", "")) not in ("fsync", "mkdir", "rename"):
            return
        held = [one for one in frame.f_locals.values() if isinstance(one, (int, Path))]
        found = [one if isinstance(one, Path) else Path(f"/proc/self/fd/{one}") for one in held]
        seen(name, [one.resolve() for one in found if one.exists() or isinstance(one, Path)])

    sys.setprofile(profile)
    try:
        yield
    finally:
        sys.setprofile(None)


def test_a_file_that_came_meanwhile_is_not_written_over_by_a_backup(shell: Shell) -> None:
    """A rename would take its place without a word, and a stick knows no other way to give a name."""

    def other(called: str, _: list[Path]) -> None:
        if called == "fsync" and not Path("backup.tar").exists():
            Path("backup.tar").write_bytes(b"another")

    with watched(other):
        done = shell.bangfu("backup", "backup.tar", "--data", "county")
    assert (done.code, done.err) == (5, "已经存在，不覆盖：backup.tar\n")
    assert Path("backup.tar").read_bytes() == b"another"
    assert not list(Path().glob(".bangfu-*"))


def test_a_ledger_that_came_meanwhile_is_not_written_over_by_a_restore(shell: Shell) -> None:
    backed_up(shell)
    data = Path("old").resolve()

    def other(called: str, paths: list[Path]) -> None:
        if called == "mkdir" and data in paths:
            data.mkdir(exist_ok=True)
            (data / "ledger.db").write_bytes(b"another")

    with watched(other):
        done = shell.bangfu("restore", "backup.tar", "--data", "old")
    assert (done.code, done.err) == (5, "已经存在，不覆盖：old/ledger.db\n")
    assert (data / "ledger.db").read_bytes() == b"another"


def test_a_backup_and_its_name_are_on_the_disk_when_it_is_said_to_be_made(shell: Shell) -> None:
    """Content before the name, the name before the word: whoever pulls the stick then has it."""
    done, steps = steps_of(shell, "backup", "backup.tar", "--data", "county")
    assert done.code == 0
    assert steps == [("fsync", "packed"), ("rename", "backup.tar"), ("fsync", shell.home.name)]


def test_a_restored_ledger_and_its_names_are_on_the_disk_when_it_is_said_to_be_put_back(shell: Shell) -> None:
    """The log last: only with it is there a ledger."""
    with Desk(Settings(data=Path("county"))) as desk:
        assert desk.vault.kept([]) == set()
    backed_up(shell)
    done, steps = steps_of(shell, "restore", "backup.tar", "--data", "old")
    assert done.code == 0
    assert steps == [
        ("fsync", "vault.db"),
        ("rename", "vault.db"),
        ("fsync", "ledger.db"),
        ("rename", "ledger.db"),
        ("fsync", "old"),
        ("fsync", shell.home.name),
    ]


def steps_of(shell: Shell, *words: str) -> tuple[Done, list[tuple[str, str]]]:
    """What was synced and renamed, and to which name, in order."""
    steps: list[tuple[str, str]] = []

    def note(called: str, paths: list[Path]) -> None:
        if called != "mkdir":
            steps.append((called, paths[-1].name))

    with watched(note):
        done = shell.bangfu(*words)
    return done, steps


# A file system as of a stick: without owners, so that no mode is changed, and with one name for a file.
STICK = """
import sys

def refuse(event, _):
    if event in ("os.chmod", "os.chown", "os.link", "os.symlink"):
        raise PermissionError(1, "Operation not permitted")

sys.addaudithook(refuse)
from api import cli

sys.exit(cli.run(sys.argv[1:]))
"""


def test_a_stick_without_owners_and_links_takes_a_backup_and_gives_it_back(shell: Shell) -> None:
    def on_stick(*words: str) -> int:
        run = subprocess.run(
            [sys.executable, "-c", STICK, *words], env=os.environ | {"PYTHONPATH": str(ROOT)}, check=False
        )
        return run.returncode

    assert on_stick("backup", "backup.tar", "--data", "county") == 0
    assert on_stick("restore", "backup.tar", "--data", "old") == 0
    assert shell.bangfu("verify", "old", "--trust", "county.trust").code == 0


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
