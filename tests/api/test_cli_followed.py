"""D14: the command line beside a server that follows the same ledger. It shows all that is recorded, and ends in no traceback."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from api.desk import Desk
from api.settings import Settings
from projections.follow import Follower
from tests.api.county import FIRST, SECOND, imported
from tests.support.shell import Shell


@pytest.fixture
def served(shell: Shell) -> Iterator[None]:
    """Another process follows: it has the lease, and looks for what it was not told of once in a while."""
    assert imported(shell, FIRST).code == 0
    with Desk(Settings(data=Path("county"))) as desk:
        follower = Follower(desk.reader, desk.projections, poll_seconds=5.0)
        follower.start()
        try:
            assert follower.wait(desk.log.size - 1, timeout=10)
            yield
        finally:
            follower.stop()


@pytest.mark.usefixtures("served")
def test_d14_a_register_shows_what_was_recorded_a_moment_ago(shell: Shell) -> None:
    assert imported(shell, SECOND).code == 0
    done = shell.bangfu("register", "--data", "county")
    assert (done.code, done.err) == (0, "")
    assert "冷链项目" in done.out


@pytest.mark.usefixtures("served")
def test_d14_an_export_holds_what_was_recorded_a_moment_ago(shell: Shell) -> None:
    assert imported(shell, SECOND).code == 0
    done = shell.bangfu("export", "all.csv", "--data", "county")
    assert (done.code, done.err) == (0, "")
    assert "冷链项目" in Path("all.csv").read_text("utf-8-sig")


@pytest.mark.usefixtures("served")
def test_d14_rows_are_not_made_anew_under_a_server(shell: Shell) -> None:
    done = shell.bangfu("rebuild", "--data", "county")
    assert done.code == 1
    assert "bangfu serve" in done.err
    assert "Traceback" not in done.err


def test_read_tables_that_are_no_database_are_said_in_words(shell: Shell) -> None:
    assert imported(shell, FIRST).code == 0
    for beside in Path("county").glob("projections.db*"):
        beside.unlink()
    Path("county/projections.db").write_bytes(b"\xff" * 8_192)
    done = shell.bangfu("register", "--data", "county")
    assert (done.code, done.out) == (1, "")
    assert "读表读不出或写不进：文件不是数据库" in done.err
    assert "移走" in done.err
    assert "Traceback" not in done.err
