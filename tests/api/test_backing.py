"""A backup of a ledger at work: whole as of one moment, verified, without keys; and the ledger that comes back from it."""

from __future__ import annotations

import json
import shutil
import sqlite3
from pathlib import Path

from api.desk import Desk
from api.settings import Settings
from tests.api.county import FIRST, SECOND, imported, size
from tests.support.shell import Shell


def test_a_ledger_at_work_is_backed_up_whole_and_without_its_keys(shell: Shell) -> None:
    with Desk(Settings(data=Path("county"))) as desk:
        assert imported(shell, FIRST).code == 0
        assert desk.vault.kept([]) == set()
        assert Path("county/ledger.db-wal").stat().st_size, "what was recorded last stands beside the file"
        done = shell.bangfu("backup", "backup", "--data", "county")
    assert (done.code, done.err) == (0, "")
    assert "已备份到 backup：ledger.db、vault.db" in done.out
    assert f"核验通过：{size(shell)} 条分录" in done.out
    assert sorted(path.name for path in Path("backup").iterdir()) == ["ledger.db", "vault.db"]
    assert shell.bangfu("verify", "backup", "--trust", "county.trust").code == 0


def test_a_ledger_goes_on_from_its_backup(shell: Shell) -> None:
    assert imported(shell, FIRST).code == 0
    assert shell.bangfu("backup", "backup", "--data", "county").code == 0
    for key in ("ledger.key", "vault.key"):
        if Path("county", key).exists():
            shutil.copy2(Path("county", key), "backup")
    shutil.rmtree("county")
    Path("backup").rename("county")
    assert imported(shell, SECOND).code == 0
    register = shell.bangfu("register", "--data", "county")
    assert "油茶项目" in register.out
    assert "冷链项目" in register.out
    assert shell.bangfu("verify", "county", "--trust", "county.trust", "--replay").code == 0


def test_a_backup_of_before_what_is_vouched_for_is_told_as_such(shell: Shell) -> None:
    """Whoever puts an old one back has taken entries away: the trust file of anybody who saw them says so."""
    assert shell.bangfu("backup", "backup", "--data", "county").code == 0
    assert imported(shell, FIRST).code == 0
    assert shell.bangfu("verify", "county", "--trust", "county.trust", "--raise").code == 0
    assert shell.bangfu("verify", "backup", "--trust", "county.trust").code == 7


def test_a_copy_that_does_not_verify_is_no_backup(shell: Shell) -> None:
    with sqlite3.connect("county/ledger.db") as connection:
        connection.execute("UPDATE entries SET version = version + 1 WHERE position = 2")
    connection.close()
    done = shell.bangfu("backup", "backup", "--data", "county", "--json")
    assert done.code == 7
    assert json.loads(done.out)["ok"] is False


def test_a_directory_that_is_there_is_not_written_over(shell: Shell) -> None:
    Path("backup").mkdir()
    done = shell.bangfu("backup", "backup", "--data", "county")
    assert done.code == 5
    assert "已经存在，不覆盖：backup" in done.err


def test_postgresql_has_means_of_its_own(shell: Shell) -> None:
    Path("county/bangfu.toml").write_text(
        'database_url = "postgresql+psycopg://nobody@127.0.0.1:1/none"\n', "utf-8"
    )
    done = shell.bangfu("backup", "backup", "--data", "county")
    assert done.code == 1
    assert "pg_dump" in done.err
    assert not Path("backup").exists()
