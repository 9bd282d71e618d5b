"""A read database of each kind, and a log that has begun."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import Engine, create_engine
from sqlalchemy.engine import make_url

from projections.database import prepare
from tests.projections.log import Log


@pytest.fixture
def log() -> Log:
    return Log().begin()


@pytest.fixture
def engine(tmp_path: Path) -> Iterator[Engine]:
    made = prepare(create_engine(f"sqlite:///{tmp_path / 'read.db'}"))
    yield made
    made.dispose()


@pytest.fixture(params=["sqlite", "postgresql"])
def each_engine(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Engine]:
    """The tests that take this run on both databases."""
    if request.param == "sqlite":
        url = make_url(f"sqlite:///{tmp_path / 'read.db'}")
    else:
        url = make_url(request.getfixturevalue("postgresql_url")).set(drivername="postgresql+psycopg")
    made = prepare(create_engine(url))
    yield made
    made.dispose()
