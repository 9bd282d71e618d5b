"""青溪乡 behind a running server: some projects in two villages, and registers of elsewhere."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.support.served import Served, served
from tests.support.world import World


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """One world for the tests of a module, which add to it and never take away."""
    with World(tmp_path_factory.mktemp("office") / "ledger") as world:
        world.settle()
        at = world.listed("油茶基地", number="QX-0001")
        world.endorsed(at, "checks", "centre")
        world.listed("山背冷库", by="shan", place="shan", number="QX-0002")
        world.listed("康家大棚", number="QX-0003")
        with served(world) as running:
            running.projected()
            yield running
