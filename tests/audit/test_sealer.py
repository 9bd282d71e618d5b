"""FORMAT 12.4: what the sealer has released binds what it signs after."""

from __future__ import annotations

import pytest

from audit.sealer import Forked, Sealer
from tests.support.submissions import LEDGER

ROOT, OTHER = b"\x01" * 32, b"\x02" * 32
ORIGIN = "bangfu/511599101/" + "0" * 32


def test_12_4_the_sealer_signs_one_released_root_for_a_size() -> None:
    sealer = Sealer(LEDGER.key)
    first = sealer.seal(ORIGIN, 5, ROOT, None)
    discarded = sealer.seal(ORIGIN, 5, OTHER, None)  # the commit of the first never became durable
    assert first.root != discarded.root
    sealer.release(discarded)
    with pytest.raises(Forked):
        sealer.seal(ORIGIN, 6, ROOT, first)
    assert sealer.seal(ORIGIN, 6, ROOT, discarded).size == 6


def test_12_4_the_sealer_signs_nothing_on_a_head_below_what_it_released() -> None:
    sealer = Sealer(LEDGER.key)
    low, high = sealer.seal(ORIGIN, 5, ROOT, None), sealer.seal(ORIGIN, 7, OTHER, None)
    sealer.release(low)
    sealer.release(high)
    for head in (None, low):
        with pytest.raises(Forked):
            sealer.check(head)
        with pytest.raises(Forked):
            sealer.seal(ORIGIN, 8, ROOT, head)
    sealer.check(high)


@pytest.mark.parametrize("size", [4, 5])
def test_12_4_the_sealer_signs_no_size_that_does_not_grow(size: int) -> None:
    sealer = Sealer(LEDGER.key)
    head = sealer.seal(ORIGIN, 5, ROOT, None)
    with pytest.raises(Forked):
        sealer.seal(ORIGIN, size, OTHER, head)
    assert sealer.seal(ORIGIN, 6, OTHER, head).size == 6


def test_12_4_a_lower_release_does_not_lower_what_binds() -> None:
    sealer = Sealer(LEDGER.key)
    low, high = sealer.seal(ORIGIN, 5, ROOT, None), sealer.seal(ORIGIN, 7, OTHER, None)
    sealer.release(high)
    sealer.release(low)
    with pytest.raises(Forked):
        sealer.check(low)
