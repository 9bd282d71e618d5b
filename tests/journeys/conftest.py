"""The demo, built once for all that look at it."""

from __future__ import annotations

import pytest

from tests.journeys.stranger import Built, Stranger


@pytest.fixture(scope="session")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Built:
    stranger = Stranger(tmp_path_factory.mktemp("demo"))
    done = stranger.run("demo", "--data", "demo-ledger", "--fresh")
    assert done.returncode == 0, done.stdout + done.stderr
    assert done.stderr == ""
    return Built(stranger, done.stdout)
