"""A log of the fictional 青溪乡 on every database: the ledger opened, two clerks enrolled. And one in a file, to be attacked."""

from __future__ import annotations

from pathlib import Path

import pytest

from audit.log import Log
from tests.audit.attacked import Attacked, founded_and_exported
from tests.support.stores import Store
from tests.support.submissions import Clock, founded


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def log(store: Store, clock: Clock) -> Log:
    return founded(store.driver(), clock)


@pytest.fixture(scope="session")
def original(tmp_path_factory: pytest.TempPathFactory) -> Attacked:
    return founded_and_exported(tmp_path_factory.mktemp("attacked"))


@pytest.fixture
def attacked(original: Attacked, tmp_path: Path) -> Attacked:
    """A copy of the ledger, to be attacked."""
    copy = tmp_path / "log.sqlite"
    copy.write_bytes(original.path.read_bytes())
    return Attacked(copy, original.exported)
