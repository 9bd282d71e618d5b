"""What the tests of workbooks on a real ledger share."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.support.second import SecondVerifier


@pytest.fixture(scope="module")
def second() -> Iterator[SecondVerifier]:
    """The second verifier, kept running."""
    verifier = SecondVerifier()
    yield verifier
    verifier.close()
