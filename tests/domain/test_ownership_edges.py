"""ASSET, PARTY: beside each share and title that may be said of an asset, its nearest neighbour that may not."""

from typing import Any

import pytest

from domain.errors import LabelDiffers, NotChecked, NotFound, WrongParty
from domain.errors_asset import NotDecided, NoticeTooShort, OwnershipDisputed, OwnerUnlikeType, SharesDiffer
from domain.paths import level_of
from domain.values import days_after
from tests.domain.estate import (
    COLD_STORE,
    asset,
    asset_id,
    checked,
    endorse,
    noted,
    old_title,
    opened,
    share,
    shares_of,
    title_of,
)
from tests.domain.story import ACTORS, Json, Town, identity

SHARES = "asset.set_shares.v1"
REGISTER = "asset.register_ownership.v1"
SAID: list[tuple[str, Json]] = [(SHARES, shares_of()), (REGISTER, title_of())]
said = pytest.mark.parametrize(("name", "payload"), SAID, ids=["shares", "title"])


@said
def test_id_3_who_says_whose_it_is_recognises_the_asset(town: Town, name: str, payload: Json) -> None:
    checked(town)
    with town.refused(LabelDiffers):
        town.when(name, payload | {"name": "另一冷库"})
    town.when(name, payload)


@said
def test_proj_7_an_asset_is_checked_before_anybody_says_whose_it_is(
    town: Town, name: str, payload: Json
) -> None:
    opened(town, booked_on="2017-01-10")
    with town.refused(NotChecked):
        town.when(name, payload)
    endorse(town, asset_id(), COLD_STORE)
    town.when(name, payload)


WRONG: list[tuple[type[Any], list[Json]]] = [
    (OwnerUnlikeType, [share(kind="operator", name="青溪公司")]),
    (SharesDiffer, [share(9_999)]),
    (SharesDiffer, [share(), share(1, name="山背村股份经济合作联合社")]),
    (WrongParty, [share(organisation=ACTORS["clerk"].organisation)]),
]


@said
@pytest.mark.parametrize(
    ("refusal", "shares"), WRONG, ids=["unlike its type", "too little", "too much", "misnamed"]
)
def test_asset_1_and_7_shares_are_whole_and_their_owners_may_own_so(
    town: Town, name: str, payload: Json, refusal: type[Any], shares: list[Json]
) -> None:
    checked(town)
    with town.refused(refusal):
        town.when(name, payload | {"shares": shares})
    town.when(name, payload | {"shares": [share(1), share(9_999, name="山背村股份经济合作联合社")]})


def test_asset_1_shares_of_nobody_are_no_shares(town: Town) -> None:
    """Said to be owned so by nobody knows whom: what is stated must be whole, not that it is stated."""
    checked(town)
    town.when(SHARES, shares_of() | {"shares": []})
    assert asset(town).shares == []


@pytest.mark.parametrize("nature", ["act", "fact"])
def test_id_2_the_document_of_before_is_there(town: Town, nature: str) -> None:
    checked(town)
    title = title_of() if nature == "act" else old_title()
    with town.refused(NotFound):
        town.when(REGISTER, title | {"earlier_document": identity("document", "没有")}, nature=nature)
    town.when(REGISTER, title, nature=nature)


def test_asset_8_nobody_registers_on_the_last_day_of_the_notice(town: Town) -> None:
    """It runs until midnight: whoever comes in the evening may still object."""
    checked(town)
    last = {"notice_to": town.books.today}
    with town.refused(NoticeTooShort, "截止日期之后"):
        town.when(REGISTER, title_of(**last))
    town.when(REGISTER, title_of(notice_to=days_after(town.books.today, -1)))
    assert noted(town, REGISTER, old_title(**last)) == ["ASSET-8"]


@pytest.mark.parametrize("end", ["notice_from", "notice_to"])
def test_asset_8_a_notice_of_which_one_end_is_unknown_is_none_that_is_shown(town: Town, end: str) -> None:
    checked(town)
    with town.refused(NoticeTooShort, "（空）"):
        town.when(REGISTER, title_of(**{end: ""}))
    assert noted(town, REGISTER, old_title(**{end: ""})) == ["ASSET-8:unknown"]


def test_asset_8_a_notice_of_the_last_days_of_the_calendar_is_refused_as_too_short(town: Town) -> None:
    checked(town)
    ever = {"notice_from": "9999-12-28", "notice_to": "9999-12-31"}
    with town.refused(NoticeTooShort, "所写是 9999-12-28 至 9999-12-31"):
        town.when(REGISTER, title_of(**ever))
    assert noted(town, REGISTER, old_title(**ever)) == ["ASSET-8"]


def test_asset_16_what_waits_for_the_township_names_a_paper_of_before_where_there_is_one(town: Town) -> None:
    """What is signed is kept as it was: no empty field beside it."""
    checked(town)
    paper = town.decree("示例府发〔2026〕5号", "2026-11-10", "先前的材料", subjects=[asset_id()])
    for name, more in (("有", {"earlier_document": paper}), ("无", {}), ("空", {"earlier_document": ""})):
        proposed, _ = town.entries_of(town.when(REGISTER, title_of(proposal=name, **more)))
        assert proposed.state["title"].get("earlier_document") == (paper if name == "有" else None)
        withdrawal = {"label": "确权登记：村集体", "proposal": identity("proposal", name), "reason": "另提"}
        town.when("proposal.withdraw.v1", withdrawal)


def test_asset_11_what_is_decided_on_the_day_is_decided(town: Town) -> None:
    checked(town)
    with town.refused(NotDecided):
        town.when(REGISTER, title_of(decided_on=days_after(town.books.today, 1)))
    town.when(REGISTER, title_of(decided_on=town.books.today))


def test_asset_10_an_objection_nobody_knows_of_is_none_that_is_open(town: Town) -> None:
    checked(town)
    with town.refused(OwnershipDisputed):
        town.when(REGISTER, title_of(objections_settled=False))
    town.when(REGISTER, title_of(objections_settled=None))


def test_asset_10_that_nobody_knows_whether_it_is_disputed_is_noted(town: Town) -> None:
    checked(town, disputed=None)
    town.when(REGISTER, title_of())
    (proposed,) = [one for one in town.books.stream(asset_id()) if "proposal" in one.state]
    assert proposed.state["notes"] == ["ASSET-10:unknown"]


@pytest.mark.parametrize(("owner_type", "level"), [("state", "county"), ("collective_village", "township")])
def test_disp_14_land_of_the_state_alone_is_the_countys_whatever_it_costs(
    owner_type: str, level: str
) -> None:
    assert level_of(owner_type, 1, 2, realty=True) == level
    assert level_of(owner_type, 1, 2, realty=False) == "township"
    assert level_of(owner_type, 2, 2, realty=False) == level_of(owner_type, None, 2, realty=False) == "county"
