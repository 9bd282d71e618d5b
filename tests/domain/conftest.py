"""Each story of the domain begins in a township of its own."""

import pytest

from tests.domain.story import Town, settled


@pytest.fixture
def town() -> Town:
    return settled()
