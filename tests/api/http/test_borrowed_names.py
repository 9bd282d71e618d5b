"""A name is told of whom a matter is about: no commitment of a stranger's matter is borrowed to be told whose it is (AUTH-5)."""

from collections.abc import Iterator

import pytest

from api.compose import new_id
from api.desk import Answer
from tests.api.http import neighbours
from tests.domain import estate
from tests.support.households import BEGAN, REGISTER, owed, staff
from tests.support.served import Served, served
from tests.support.world import WAN, World, area

NAME = "示例远户丙丁"


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    with World(tmp_path_factory.mktemp("borrowed") / "ledger") as world:
        staff(world.settle())
        neighbours.settle(world)
        with served(world) as running:
            yield running


def filed(world: World, commitment: str, place: str) -> tuple[str, Answer]:
    """A debt of our own village that states a commitment and discloses nothing."""
    identity = new_id("obligation")
    stated = {"kind": "operator", "name": "示例公司", "organisation": "", "person": ""}
    fields = {"areas": [area("kang")], "area_label": "康家村", "late_reason": "补登", "paid_fen": 0}
    fields |= {"principal_fen": WAN, "outstanding_fen": WAN}
    fields["creditor"] = stated
    if place == "creditor":
        fields[place] = {"kind": "household", "name": "", "organisation": "", "person": commitment}
    else:
        fields[place] = commitment
    payload = estate.owed(f"示例借来{identity[-6:]}", obligation=identity, **fields)
    body = world.clerk("kang").prepare(REGISTER, payload, nature="opening", occurred_on=BEGAN)
    return identity, world.take(body, "kang")


@pytest.mark.parametrize("place", ["creditor", "handler", "late_reason", "purpose"])
def test_the_commitment_of_a_stranger_opens_nothing(office: Served, place: str) -> None:
    world = office.world
    away = owed(world, f"远{place}", NAME, by="far")
    with world.nothing_recorded():
        debt, answer = filed(world, away.commitments[0], place)
        told = office.as_("kang").get(f"/api/v1/debts/{debt}/names")
        assert NAME not in told.text
    assert answer.code == "not_disclosed"
