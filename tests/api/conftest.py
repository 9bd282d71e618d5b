"""A shell in a copy of a settled ledger. A module that wants another one says so by a `settled` of its own."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.api import county
from tests.support.shell import Shell, shell_in


@pytest.fixture(scope="session")
def settled(tmp_path_factory: pytest.TempPathFactory) -> Path:
    with pytest.MonkeyPatch.context() as monkeypatch:
        return county.settle(Shell(tmp_path_factory.mktemp("settled"), monkeypatch))


@pytest.fixture
def shell(settled: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Shell:
    return shell_in(tmp_path, settled, monkeypatch)
