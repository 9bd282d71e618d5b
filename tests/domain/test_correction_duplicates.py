"""CORR-3, CORR-6, CORR-7: nothing vanishes as a duplicate unless whoever checks it reads in what the two differ (D12)."""

from typing import Any

import pytest

from domain.command import render
from domain.errors import OutsideArea
from domain.errors_asset import AssetGone
from domain.errors_correction import CountedElsewhere, EntryStays, UnlikeKind, UnlikeRemaining, WrongRemaining
from tests.domain import estate as entered
from tests.domain.disposals import LATER, estate
from tests.domain.estate import COLD_STORE, LAND_RENT, asset_id, booking, obligation_id, repayment
from tests.domain.story import AREAS, TODAY, WAN, Json, Town, actor, identity
from tests.domain.test_area import clerk_of
from tests.domain.test_correction_kinds import TWIN, asked, check, of, propose, twice

PAID = "又一笔"
REPAID = "余额 10万元（留存的 0万元）、所写余额、已还"
ABROAD: Json = {"areas": [identity("area", "shan")], "area_label": AREAS["shan"]}


def two_debts(town: Town) -> Json:
    """One that is owed, said to be the same as one that is paid."""
    entered.owing(town)
    paid = entered.owing(town, PAID, paid_fen=12 * WAN, outstanding_fen=0)
    return twice(obligation_id(), LAND_RENT, paid, PAID)


# --- in what the two differ -------------------------------------------------------------------------------


def test_corr_6_a_debt_that_is_owed_is_no_silent_duplicate_of_one_that_is_paid(town: Town) -> None:
    duplicate = two_debts(town)
    for said in ("", "已还", "余额 10万元（留存的 10万元）"):
        with town.refused(UnlikeRemaining, REPAID) as caught:
            propose(town, duplicate | {"unlike": said})
    assert caught.value.detail["unlike"] == REPAID
    propose(town, duplicate | {"unlike": REPAID})
    label = f"更正（重复登记）：第 1 版整条，留存的是{PAID}，所不同的是{REPAID}"
    assert town.books.stream(identity("proposal", "更正"))[0].state["label"] == label
    check(town)
    assert of(town, obligation_id()).duplicate_of == obligation_id(PAID)
    town.check()


def test_corr_6_what_has_come_to_differ_since_is_read_before_it_is_checked(town: Town) -> None:
    entered.owing(town)
    other = entered.owing(town, PAID)
    propose(town, twice(obligation_id(), LAND_RENT, other, PAID))
    town.when("obligation.repay.v1", repayment(10 * WAN, PAID), "clerk", nature="fact")
    with town.refused(UnlikeRemaining, "余额 10万元（留存的 0万元）"):
        check(town)
    town.check()


def test_corr_6_an_asset_is_no_silent_duplicate_of_one_that_is_gone(town: Town) -> None:
    its = estate(town)
    other = its.opened(TWIN)
    its.gone()
    gone = of(town, its.asset)
    with town.refused(UnlikeRemaining, f"核销 未核销（留存的 {gone.gone_on}）"):
        town.when("asset.correct.v1", twice(other, TWIN, gone.id, gone.name), "clerk", valid_until=LATER)
    town.check()


def test_corr_6_names_are_both_read_and_are_no_difference(town: Town) -> None:
    one, two = entered.checked(town), entered.checked(town, TWIN, location="康家村五组")
    propose(town, twice(two, TWIN, one, COLD_STORE, unlike="坐落地点"))
    check(town)


def test_corr_6_many_differences_fit_into_what_is_read(town: Town) -> None:
    one = entered.checked(town, "长" * 100, original_fen=9_007_199_254_740_991, depreciation_fen=0)
    other: Json = {
        "category": "其他", "certificate": "1", "condition": "leased",
        "additions_fen": 5, "depreciation_fen": 1, "disposed_fen": 1, "disputed": None, "encumbered": None, "in_service_on": "", "kind": "public_benefit",
        "life_months": None, "location": "别处", "quantity": "2 座", "specification": "无", "original_fen": 1,
        "carrying_fen": 4, "booked_on": "2018-01-10",
    }  # fmt: skip
    two = entered.checked(town, TWIN, **other)
    with town.refused(UnlikeRemaining, "…”；所提") as caught:
        propose(town, twice(two, TWIN, one, "长" * 100))
    propose(town, twice(two, TWIN, one, "长" * 100, unlike=caught.value.detail["unlike"]))


@pytest.mark.parametrize("kind", ["slip", "material", "wrong_subject"])
def test_corr_3_only_a_duplicate_says_in_what_two_differ(kind: str) -> None:
    more: dict[str, Any] = {
        "slip": {},
        "material": {"paper": identity("document", "1")},
        "wrong_subject": {"instead": asset_id(TWIN), "instead_name": TWIN},
    }[kind]
    with pytest.raises(UnlikeKind):
        render(
            "asset.correct.v1",
            asked(asset_id(), COLD_STORE, kind, ("location", "", "康家村二组"), unlike="原值", **more),
        )


# --- what may take its place ------------------------------------------------------------------------------


def test_corr_6_what_is_checked_does_not_give_way_to_what_is_not(town: Town) -> None:
    """Else its enterer would rewrite alone what remains."""
    one, two = town.listed(), town.listed("油茶基地二")
    entered.endorse(town, one, "油茶基地")
    duplicate = twice(one, "油茶基地", two, "油茶基地二")
    with town.refused(WrongRemaining, "未核"):
        propose(town, duplicate)
    propose(town, twice(two, "油茶基地二", one, "油茶基地", proposal=identity("proposal", "反")))
    entered.endorse(town, two, "油茶基地二")
    propose(town, duplicate)
    check(town)
    town.check()


@pytest.mark.parametrize("on", ["2026-12-05", "2026-11-23"])
def test_asset_14_what_is_gone_is_no_duplicate_on_any_day(town: Town, on: str) -> None:
    its = estate(town)
    other = its.opened(TWIN)
    its.gone()
    with town.refused(AssetGone):
        town.when(
            "asset.correct.v1",
            twice(its.asset, of(town, its.asset).name, other, TWIN),
            "clerk",
            occurred_on=on,
            valid_until=LATER,
        )


def test_corr_8_a_chain_ends_at_one_that_counts(town: Town) -> None:
    """What remained may turn out a duplicate itself; given back, the first counts again while the second does not."""
    names = [COLD_STORE, TWIN, "第三张卡"]
    one, two, three = (entered.checked(town, name) for name in names)
    propose(town, twice(one, names[0], two, names[1]))
    made = check(town)[1]
    propose(town, twice(two, names[1], three, names[2], proposal=identity("proposal", "二")))
    check(town, "二")
    with town.refused(CountedElsewhere):
        propose(town, twice(three, names[2], one, names[0], proposal=identity("proposal", "三")))
    back = asked(one, names[0], "slip", ("duplicate_of", two, ""), version=made.version)
    propose(town, back | {"proposal": identity("proposal", "恢复")})
    check(town, "恢复")
    assert [of(town, each).duplicate_of for each in (one, two, three)] == ["", three, ""]
    town.check()


# --- an entry made twice in one subject -------------------------------------------------------------------


def struck(version: int, proposal: str = "更正") -> Json:
    once: Json = {"version": version, "proposal": identity("proposal", proposal)}
    return twice(asset_id(), COLD_STORE, asset_id(), COLD_STORE, **once)


@pytest.mark.parametrize("other", [{}, {"amount_fen": 2 * WAN}, {"occurred_on": "2026-11-20"}])
def test_corr_7_what_does_not_stand_twice_is_not_struck_as_a_duplicate(town: Town, other: Json) -> None:
    entered.checked(town)
    town.when("asset.book.v1", booking("depreciation", WAN), "clerk", nature="fact")
    if other:
        again = booking("depreciation", other.get("amount_fen", WAN))
        town.when("asset.book.v1", again, "clerk", nature="fact", occurred_on=other.get("occurred_on", TODAY))
    with town.refused(EntryStays, "不是重复登记"):
        propose(town, struck(3))
    town.check()


def test_corr_7_of_two_that_are_the_same_one_remains(town: Town) -> None:
    entered.checked(town)
    for _ in range(2):
        town.when("asset.book.v1", booking("depreciation", WAN), "clerk", nature="fact")
    propose(town, struck(3))
    propose(town, struck(4, "又"))
    check(town)
    with town.refused(EntryStays, "不是重复登记"):  # what both proposed cannot both be done
        check(town, "又")
    assert of(town, asset_id()).figures(TODAY).depreciation_fen == 11 * WAN
    town.check()


# --- hands that are over both -----------------------------------------------------------------------------


def test_auth_5_whoever_checks_it_is_over_both(town: Town) -> None:
    entered.checked(town)
    twin = entered.opened(town, TWIN, clerk_of(town, "山背", "shan"), booked_on="2017-01-10", **ABROAD)
    entered.endorse(town, twin, TWIN)
    town.extra["centre of kang"] = actor("centre of kang", "service_centre", "centre of kang")
    town.establish({"centre of kang": town.extra["centre of kang"]}, {"centre of kang": ("kang",)})
    propose(town, twice(asset_id(), COLD_STORE, twin, TWIN), "centre")
    with town.refused(OutsideArea, "山背村"):
        check(town, by="centre of kang")
    check(town, by="centre2")
    town.check()
