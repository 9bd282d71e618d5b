"""AUTH-5: whoever writes into a subject is over where it lies, whatever else the command is about."""

import pytest

from domain.errors import OutsideArea
from tests.domain import estate
from tests.domain.disposals import COLLECTIVE, Estate
from tests.domain.disposals import estate as disposals
from tests.domain.story import AREAS, Town, identity

SHAN = {"area_label": AREAS["shan"], "areas": [identity("area", "shan")]}


def elsewhere(town: Town) -> str:
    """A project of another village than the clerk's."""
    return town.listed("山背茶园", "clerk_shan", **SHAN)


def test_auth_5_an_asset_is_opened_of_ones_own_projects(town: Town) -> None:
    foreign, own = elsewhere(town), town.listed()
    payload = estate.opening_of(projects=[own, foreign])
    with town.refused(OutsideArea, "山背村"):
        town.when("asset.open.v1", payload, "clerk", nature="opening")
    town.when("asset.open.v1", payload | {"projects": [own]}, "clerk", nature="opening")
    other = estate.opening_of("另一冷库", projects=[own, foreign])
    town.when("asset.open.v1", other, "typist", nature="opening")  # over both villages


@pytest.mark.parametrize("noun", ["projects", "assets"])
def test_auth_5_a_debt_is_about_ones_own_projects_and_assets(town: Town, noun: str) -> None:
    if noun == "projects":
        foreign, own = elsewhere(town), town.listed()
    else:
        foreign, own = estate.opened(town, "山背冷库", "clerk_shan", **SHAN), estate.opened(town)
    payload = estate.owed(**{noun: [own, foreign]})
    with town.refused(OutsideArea, "山背村"):
        town.when("obligation.register.v1", payload, "clerk", nature="fact")
    town.when("obligation.register.v1", payload | {noun: [own]}, "clerk", nature="fact")


def test_auth_5_a_disposal_rests_on_ones_own_project(town: Town) -> None:
    its: Estate = disposals(town, COLLECTIVE)
    foreign, own = elsewhere(town), town.listed()
    with town.refused(OutsideArea, "山背村"):
        its.proposed(project=foreign)
    with town.refused(OutsideArea, "山背村"):
        its.when("propose", its.proposal(project=foreign), "clerk", nature="fact")
    its.fact("propose", its.proposal(project=own))
