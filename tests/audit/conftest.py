"""A log of the fictional 青溪乡 on every database: the ledger opened, two clerks enrolled."""

from __future__ import annotations

import pytest

from audit.log import Log
from tests.support.stores import Store
from tests.support.submissions import Clock, founded


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def log(store: Store, clock: Clock) -> Log:
    return founded(store.driver(), clock)
