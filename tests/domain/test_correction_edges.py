"""CORR, AUTH-5: what a correction may name and where, beside the nearest of its kind that is refused."""

from typing import Any

import pytest

from domain.errors import NotFound, OutsideArea, WrongParty
from domain.errors_asset import OwnerUnlikeType, SharesDiffer
from domain.errors_correction import UnlikeRemaining, WrongRightSubject
from tests.domain import estate as entered
from tests.domain.disposals import NOBODY, estate
from tests.domain.estate import COLD_STORE, asset_id, share
from tests.domain.story import AREAS, TODAY, Json, Town, actor, identity
from tests.domain.test_correction_kinds import TWIN, asked, check, of, paper, propose, twice

PLACE = ("location", "康家村三组", "康家村二组")
SHAN: Json = {"area_label": AREAS["shan"], "areas": [identity("area", "shan")]}


def test_id_2_what_is_corrected_is_there(town: Town) -> None:
    with town.refused(NotFound, "资产"):
        propose(town, asked(asset_id(), COLD_STORE, "slip", PLACE))


def test_auth_5_who_corrects_it_is_over_where_it_lies(town: Town) -> None:
    entered.checked(town)
    with town.refused(OutsideArea):
        propose(town, asked(asset_id(), COLD_STORE, "slip", PLACE), "clerk_shan")
    propose(town, asked(asset_id(), COLD_STORE, "slip", PLACE), "clerk")


def test_auth_5_and_over_where_that_lies_which_it_would_name(town: Town) -> None:
    entered.checked(town)
    foreign, own = town.listed("山背茶园", "clerk_shan", **SHAN), town.listed()
    with town.refused(OutsideArea, foreign):
        propose(town, asked(asset_id(), COLD_STORE, "slip", ("projects", [], [foreign])))
    propose(town, asked(asset_id(), COLD_STORE, "slip", ("projects", [], [own])))


def test_corr_5_the_right_one_was_not_written_before(town: Town) -> None:
    """A paper about two, of which one is wrong: the other was right already, and there is no right one to name."""
    entered.opened(town)
    twin = entered.opened(town, TWIN)
    document = paper(town, asset_id(), subjects=[asset_id(), twin])

    def wrong(*now: str) -> Json:
        change = ("subjects", [asset_id(), twin], list(now))
        return asked(document, "验收报告", "wrong_subject", change, instead=third, instead_name="第三座")

    third = entered.opened(town, "第三座")
    already = wrong(twin) | {"instead": twin, "instead_name": TWIN}
    with town.refused(WrongRightSubject):
        propose(town, already)
    propose(town, wrong(twin, third))


SHARES: list[tuple[type[Any], list[Json]]] = [
    (SharesDiffer, [share(9_999)]),
    (OwnerUnlikeType, [share(kind="operator", name="青溪公司")]),
    (NotFound, [share(organisation=identity("organisation", "没有"))]),
]


@pytest.mark.parametrize(("refusal", "shares"), SHARES, ids=lambda one: getattr(one, "rule", ""))
def test_asset_1_and_7_hold_of_shares_as_corrected(
    town: Town, refusal: type[Any], shares: list[Json]
) -> None:
    owned = [share(1_000), share(9_000, name="山背村股份经济合作联合社")]
    entered.checked(town, owner_type="collective_village", shares=owned)
    with town.refused(refusal):
        propose(town, asked(asset_id(), COLD_STORE, "slip", ("shares", owned, shares)))
    propose(town, asked(asset_id(), COLD_STORE, "slip", ("shares", owned, [share()])))


def test_party_1_a_counterparty_as_corrected_is_named_as_it_is(town: Town) -> None:
    its = estate(town)
    its.fact("propose", its.proposal())
    its.fact("settle", its.settlement())
    body = town.known("chair").organisation
    name = town.books.stream(body)[0].state["name"]
    buyer = NOBODY | {"kind": "organisation", "organisation": body}

    def corrected(party: Json | None) -> Json:
        return asked(its.disposal, its.name, "slip", ("counterparty", NOBODY, party), version=2)

    with town.refused(WrongParty, name):
        propose(town, corrected(buyer))
    propose(town, corrected(buyer | {"name": name}))
    propose(town, corrected(None) | {"proposal": identity("proposal", "又")})


def test_corr_6_two_projects_of_different_classes_are_unlike(town: Town) -> None:
    """What is seen of them and is not corrected field by field tells them apart too."""
    one = town.checked()
    two = town.checked("油茶基地二")
    town.when("project.opine_class.v1", town.opinion(), "clerk")
    town.when("proposal.endorse.v1", town.signature("checks"), "centre")
    town.when("proposal.endorse.v1", town.signature("seals"), "head")
    with town.refused(UnlikeRemaining, "乡级认定"):
        propose(town, twice(two, "油茶基地二", one, "油茶基地"))


def test_auth_5_a_check_of_what_lies_elsewhere_meanwhile(town: Town) -> None:
    """The village of what a correction names is looked at again: of whoever checks it too."""
    entered.checked(town)
    foreign = town.listed("山背茶园", "clerk_shan", **SHAN)
    propose(town, asked(asset_id(), COLD_STORE, "slip", ("projects", [], [foreign])), "typist")
    near = actor("near", "service_centre", "near")
    town.extra["near"] = near
    town.establish({"near": near}, {"near": ("kang",)})
    with town.refused(OutsideArea, "山背村"):
        check(town, by="near")
    check(town)
    assert of(town, asset_id()).at("projects", TODAY) == [foreign]
