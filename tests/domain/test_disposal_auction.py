"""DISP-26: what is sold by auction (拍卖) was announced seven days before (拍卖法45)."""

from typing import Any

import pytest

from domain.errors import LawChanged, UnknownParameter
from domain.errors_disposal import AuctionNoticeLate, DocumentMissing, WeakSource
from domain.values import days_after
from tests.domain.deeds import endorse
from tests.domain.disposals import AFTER, COLLECTIVE, EQUITY, HOUSEHOLD, STATE, Course, Estate, leased
from tests.domain.story import Json, Town

auctioned = pytest.mark.parametrize("course", [STATE, COLLECTIVE, EQUITY], ids=lambda one: one.owner_type)


def approved(town: Town, course: Course = COLLECTIVE) -> Estate:
    """An auction that may be held; today is `AFTER`."""
    return leased(town, course, "auction").approved().sold()


def settlement(its: Estate, *announced: int, **changed: Any) -> Json:
    """With auction notices of so many days before the deal."""
    notices = [
        its.paper("auction_notice", f"{days} 日前的公告", issued_on=days_after(AFTER, -days))
        for days in announced
    ]
    return its.settlement(documents=[its.papers["deal"], its.papers["receipt"], *notices], **changed)


@auctioned
@pytest.mark.parametrize("days", [7, 8, 30])
def test_disp_26_an_auction_is_announced_seven_days_before(town: Town, course: Course, days: int) -> None:
    its = approved(town, course)
    entry = town.only(its.when("settle", settlement(its, days)))
    assert entry.state["notes"] == []
    its.vouched().when("derecognise", its.parting())
    town.check()


@auctioned
@pytest.mark.parametrize("days", [0, 1, 6])
def test_disp_26_six_days_are_too_few(town: Town, course: Course, days: int) -> None:
    its = approved(town, course)
    asked = settlement(its, days)
    with town.refused(AuctionNoticeLate, "7 日前"):
        its.when("settle", asked)
    assert town.only(its.fact("settle", asked)).state["notes"] == ["DISP-26"]


def test_disp_26_an_act_shows_the_notice(town: Town) -> None:
    its = approved(town)
    asked = settlement(its)
    with town.refused(DocumentMissing, "拍卖公告"):
        its.when("settle", asked)
    assert town.only(its.fact("settle", asked)).state["notes"] == ["DOC-1", "DISP-26:unknown"]


def test_disp_26_a_fact_without_its_deal_does_not_tell_when_it_was_struck(town: Town) -> None:
    its = approved(town)
    asked = settlement(its, 7)
    asked["documents"].remove(its.papers["deal"])
    assert town.only(its.fact("settle", asked)).state["notes"] == ["DOC-1", "DISP-26:unknown"]


def test_disp_26_the_deal_was_struck_on_the_day_of_its_paper_not_of_the_settlement(town: Town) -> None:
    """Who settles a month later did not announce any earlier."""
    its = approved(town)
    asked = settlement(its, 6)
    town.books.today = days_after(AFTER, 20)
    with town.refused(AuctionNoticeLate, AFTER):
        its.when("settle", asked)


def test_disp_26_what_was_announced_again_counts_from_the_last_notice(town: Town) -> None:
    """After an auction at which nobody bid (流拍) the next one is announced anew."""
    its = approved(town)
    late, anew = settlement(its, 30, 6), settlement(its, 29, 7)
    with town.refused(AuctionNoticeLate):
        its.when("settle", late)
    its.when("settle", anew)


@pytest.mark.parametrize(("announced", "told"), [((6, -4), 6), ((8, 0), 0), ((-6, -5), -5)])
def test_disp_26_a_notice_of_after_the_deal_does_not_help(
    town: Town, announced: tuple[int, int], told: int
) -> None:
    """Of two that are both too late the first is named."""
    its = approved(town)
    town.books.today = days_after(AFTER, 20)
    asked = settlement(its, *announced)
    with town.refused(AuctionNoticeLate, f"发布于 {days_after(AFTER, -told)}"):
        its.when("settle", asked)


def test_disp_26_a_notice_of_after_the_deal_does_not_harm(town: Town) -> None:
    """It may announce what is sold next; of this auction it says nothing."""
    its = approved(town)
    town.books.today = days_after(AFTER, 20)
    assert town.only(its.when("settle", settlement(its, 7, -3))).state["notes"] == []
    town.check()


def test_disp_26_a_notice_that_is_only_remembered_shows_nothing(town: Town) -> None:
    its = approved(town)
    recalled = its.paper("auction_notice", "追忆的公告", quality="recollection")
    asked = its.settlement(documents=[*settlement(its)["documents"], recalled])
    with town.refused(WeakSource):
        its.when("settle", asked)


def test_disp_24_a_notice_announces_one_auction(town: Town) -> None:
    its = leased(town, COLLECTIVE, "auction").decided().collected().sold()
    asked = settlement(its, 7)
    its.fact("settle", asked)
    its.checked()
    its.papers["handling"] = its.paper("approval", "处理意见")
    its.when("handle", its.handling("rectify"), "head")
    again = Estate(town, COLLECTIVE, "auction", "2", papers={})
    again.proposed(expires_on=days_after(AFTER, 30)).ground()
    again.when("decide", again.decision())
    notice = [one for one in asked["documents"] if one not in its.papers.values()]
    noted = again.fact("settle", again.settlement(documents=notice))
    assert "DISP-24" in town.only(noted).state["notes"]


def test_disp_26_what_is_sold_otherwise_is_not_announced(town: Town) -> None:
    its = leased(town, COLLECTIVE, "transfer").approved().sold()
    its.when("settle", its.settlement())


def test_disp_26_a_household_sells_as_it_likes(town: Town) -> None:
    its = leased(town, HOUSEHOLD, "auction").approved()
    assert town.only(its.when("settle", its.settlement())).state["notes"] == []


# --- the county asks for more (D8) ---------------------------------------------------------------------


def test_disp_26_the_county_may_ask_for_more_days_and_not_for_fewer(town: Town) -> None:
    its = approved(town)
    nine, ten = settlement(its, 9), settlement(its, 10)
    with town.refused(UnknownParameter, "7 到 365"):
        town.law("auction_notice_days", 6, AFTER)
    town.law("auction_notice_days", 10, AFTER)
    with town.refused(AuctionNoticeLate, "10 日前"):
        its.when("settle", nine)
    its.when("settle", ten)


def test_disp_26_law_1_an_auction_of_before_the_change_keeps_the_law_of_its_day(town: Town) -> None:
    its = approved(town)
    asked = settlement(its, 7)
    town.books.today = days_after(AFTER, 5)
    town.law("auction_notice_days", 10, days_after(AFTER, 3))
    with town.refused(LawChanged, "DISP-26"):
        its.when("settle", asked)
    endorse(its, its.papers["deal"], "deal", AFTER)
    done = town.only(its.when("settle", asked))
    assert done.state["notes"] == [f"LAW-1:DISP-26:{AFTER}:7:met:{days_after(AFTER, 5)}:10:unmet"]
    town.check()
