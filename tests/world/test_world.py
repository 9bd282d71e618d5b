"""A short story through the whole system, and the oracle at its end: if this fails, look here first."""

from pathlib import Path

from api.scanned import Scanned
from audit.directory import DatabaseLog
from tests.support.second import SecondVerifier
from tests.support.world import World
from tests.world.history import tell


def test_a_story_told_by_everybody_verifies_and_replays(
    world: World, tmp_path: Path, second: SecondVerifier
) -> None:
    tell(world)
    verdict = world.check(tmp_path, second)
    assert verdict.trust == "policy+seen"
    assert verdict.size == world.desk.log.size
    assert verdict.doubtful


def test_what_a_ledger_and_an_outsider_read_of_a_stream_is_the_same(world: World) -> None:
    tell(world)
    reader = world.desk.reader
    size = world.desk.log.size
    scanned = Scanned(DatabaseLog(world.desk.driver), size)
    for stream in {one.stream for one in reader.entries(0)}:
        found = [one.leaf for one in reader.of_stream(stream)]
        assert found == [one.leaf for one in reader.entries(0) if one.stream == stream]
        assert found == [one.leaf for one in scanned.of_stream(stream)]


def test_the_same_story_on_postgresql(postgresql_url: str, tmp_path: Path, second: SecondVerifier) -> None:
    with World(tmp_path / "ledger", postgresql_url) as world:
        tell(world.settle())
        assert world.check(tmp_path, second).size == world.desk.log.size
