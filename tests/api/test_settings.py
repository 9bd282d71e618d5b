"""Settings: a relative path is taken from the data directory, wherever the program is started."""

from __future__ import annotations

from pathlib import Path

import pytest

from api.settings import TOML, BadSettings, Settings, settings_of
from tests.support.shell import Shell


@pytest.fixture
def shell(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Shell:
    return Shell(tmp_path, monkeypatch)


def say(*lines: str) -> None:
    Path("county").mkdir(exist_ok=True)
    (Path("county") / TOML).write_text("\n".join(lines), "utf-8")


def test_a_relative_path_is_taken_from_the_data_directory(shell: Shell) -> None:
    say(
        'database_url = "sqlite:///log.db"',
        'projections_url = "sqlite:///read/rows.db"',
        'vault_url = "sqlite:///../vault.db"',
        'ledger_key = "keys/ledger.key"',
        'vault_key = "../vault.key"',
        'trust = "own.trust"',
    )
    found = settings_of(Path("county"))
    assert found.log_url == f"sqlite:///{Path.cwd()}/county/log.db"
    assert found.read_url == f"sqlite:///{Path.cwd()}/county/read/rows.db"
    assert found.vault_place == f"sqlite:///{Path.cwd()}/county/../vault.db"
    assert found.key_path == Path.cwd() / "county/keys/ledger.key"
    assert found.vault_key_path == Path.cwd() / "county/../vault.key"
    assert found.trust == Path.cwd() / "county/own.trust"
    assert Settings(**found.model_dump(mode="json")) == found  # as a workbook's process gets them


@pytest.mark.parametrize(
    "url", ["sqlite:////srv/rows.db", "sqlite:///:memory:", "sqlite://", "postgresql+psycopg://u@host/county"]
)
def test_what_is_not_a_relative_path_stays(shell: Shell, url: str) -> None:
    say(f'projections_url = "{url}"', 'ledger_key = "/secure/ledger.key"')
    found = settings_of(Path("county"))
    assert (found.read_url, found.key_path) == (url, Path("/secure/ledger.key"))


def test_a_relative_path_of_the_environment_is_taken_from_the_data_directory_too(
    shell: Shell, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("BANGFU_PROJECTIONS_URL", "sqlite:///rows.db")
    monkeypatch.setenv("BANGFU_LEDGER_KEY", "other.key")
    found = settings_of(Path("county"))
    assert (found.read_url, found.key_path) == (
        f"sqlite:///{Path.cwd()}/county/rows.db",
        Path.cwd() / "county/other.key",
    )


def test_a_ledger_reads_the_same_tables_from_wherever_it_is_asked(
    shell: Shell, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert shell.bangfu("init", "--data", "county", "--trust-out", "county.trust").code == 0
    say('projections_url = "sqlite:///rows.db"')
    home = shell.home
    here = shell.bangfu("register", "--data", "county")
    (home / "elsewhere").mkdir()
    monkeypatch.chdir(home / "elsewhere")
    there = shell.bangfu("register", "--data", str(home / "county"))
    assert (here.code, there.code, here.out) == (0, 0, there.out)
    assert [one.relative_to(home) for one in home.rglob("rows.db")] == [Path("county/rows.db")]


def test_a_setting_that_is_no_setting_is_named(shell: Shell) -> None:
    say('projection_url = "sqlite:///rows.db"')
    with pytest.raises(BadSettings, match="projection_url"):
        settings_of(Path("county"))


@pytest.mark.parametrize("name", ["a?b", "a%20b", "a#b", "示例 台账", "a:b@c"])
def test_whatever_a_directory_is_called_is_where_its_ledger_is(shell: Shell, name: str) -> None:
    assert shell.bangfu("init", "--data", name, "--trust-out", "own.trust").code == 0
    assert (Path(name) / "ledger.db").exists()
    assert shell.bangfu("register", "--data", name).code == 0
    assert shell.bangfu("verify", name, "--trust", "own.trust").code == 0
    assert shell.bangfu("backup", f"{name}.tar", "--data", name).code == 0
    (Path(name) / TOML).write_text('projections_url = "sqlite:///read/rows.db"', "utf-8")
    (Path(name) / "read").mkdir()
    assert shell.bangfu("register", "--data", name).code == 0
    assert (Path(name) / "read" / "rows.db").exists()
