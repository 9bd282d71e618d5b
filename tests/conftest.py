"""Fixtures that the tests of several packages share: the databases that can keep a log, and the second verifier."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import settings

# How long one example takes says nothing on a machine that others use, too.
settings.register_profile("shared", parent=settings(), deadline=None)
settings.load_profile("shared")

pytest.register_assert_rewrite("tests.audit.contract_driver", "tests.audit.door", "tests.support.submissions")

from tests.support import postgres, programs  # noqa: E402 - asserts of what is imported are explained only if that is said first
from tests.support.second import SecondVerifier  # noqa: E402
from tests.support.stores import Store, memory_store, url_store  # noqa: E402

collect_ignore = programs.left_out()


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    for line in programs.lines():
        terminalreporter.write_line(line)


@pytest.fixture(scope="session")
def postgresql_server() -> Iterator[postgres.Server]:
    """One server for each process of the run, started when the first test asks for it."""
    with postgres.server() as server:
        yield server


@pytest.fixture(scope="session")
def second() -> Iterator[SecondVerifier]:
    """The second verifier, kept running."""
    verifier = SecondVerifier()
    yield verifier
    verifier.close()


@pytest.fixture
def sqlite_url(tmp_path: Path) -> str:
    return f"sqlite:///{tmp_path / 'log.sqlite'}"


@pytest.fixture
def postgresql_url(postgresql_server: postgres.Server) -> Iterator[str]:
    with postgresql_server.database() as url:
        yield url


@pytest.fixture(params=["memory", "sqlite", "postgresql"])
def store(request: pytest.FixtureRequest) -> Iterator[Store]:
    """An empty store of every kind."""
    if request.param == "memory":
        yield memory_store()
        return
    with url_store(request.getfixturevalue(f"{request.param}_url")) as found:
        yield found


@pytest.fixture(params=["sqlite", "postgresql"])
def shared_store(request: pytest.FixtureRequest) -> Iterator[Store]:
    """An empty store of every kind that several processes can share."""
    with url_store(request.getfixturevalue(f"{request.param}_url")) as found:
        yield found
