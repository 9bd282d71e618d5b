"""LAW-1: neither another nature, nor a correction, nor a paper that is somebody's own word leads around the law of a day."""

import pytest

from domain.errors import LawChanged, SamePerson
from domain.errors_disposal import LeaseTooLong
from tests.domain import estate as title
from tests.domain.deeds import CHANGED, DAY, NOW, endorse, posted, registered
from tests.domain.disposals import LATER, Estate, estate, leased
from tests.domain.story import WAN, Town, identity
from tests.domain.test_correction_kinds import twice

# --- the paper --------------------------------------------------------------------------------------------


def test_law_1_a_paper_that_has_become_a_duplicate_bears_no_seal(town: Town) -> None:
    deed = registered(town)
    deed.tightened()
    paper, better = deed.paper(), deed.paper("同一件")
    deed.act(paper)
    again = twice(paper, "当时的材料", better, "同一件", proposal=identity("proposal", "重复"))
    town.when("document.correct.v1", again, "clerk", valid_until=LATER)
    town.when("proposal.endorse.v1", title.signature(town, "checks", "重复"), "centre", valid_until=LATER)
    with town.refused(LawChanged, "系重复登记"):
        town.when("proposal.endorse.v1", title.signature(town, "seals", "确权"), "head", occurred_on=DAY)


def test_law_1_a_paper_whose_date_is_corrected_after_it_was_used_bears_no_seal(town: Town) -> None:
    deed = registered(town)
    deed.tightened()
    paper = deed.paper()
    deed.act(paper)
    title.correct(town, paper, "当时的材料", ("issued_on", DAY, CHANGED))
    with town.refused(LawChanged, CHANGED):
        town.when("proposal.endorse.v1", title.signature(town, "seals", "确权"), "head", occurred_on=DAY)


def test_proj_9_who_wrote_the_date_down_has_not_seen_it_as_another(town: Town) -> None:
    deed = posted(town)
    deed.tightened()
    paper = deed.paper(issued_on=NOW)
    slip = title.correction_of(paper, "当时的材料", ("issued_on", NOW, DAY))
    town.when("document.correct.v1", slip, "centre", valid_until=LATER)
    town.when("proposal.endorse.v1", title.signature(town, "checks", "更正"), "centre2", valid_until=LATER)
    with town.refused(SamePerson, "更正"):
        endorse(deed.its, paper, "当时的材料", DAY, "centre")
    endorse(deed.its, paper, "当时的材料", DAY, "centre2")
    deed.act(paper)


@pytest.mark.parametrize("quality", ["none", "recollection"])
def test_law_1_a_paper_that_is_none_bears_nothing(town: Town, quality: str) -> None:
    deed = posted(town)
    deed.tightened()
    file = {"hash": "", "pages": 0} if quality == "none" else {}
    paper = deed.paper(quality=quality, **file)
    with town.refused(LawChanged, "为“"):
        deed.act(paper)


def test_law_1_one_paper_that_bears_it_is_enough(town: Town) -> None:
    """Whatever stands beside it: of the papers of a deal most are from after the change."""
    its = estate(town).decided().collected()
    town.books.today = NOW
    town.law("collective_county_fen", 20 * WAN, DAY)
    town.law("collective_county_fen", WAN, CHANGED)
    young = its.paper("photo", "其后的照片", issued_on=DAY, subjects=[its.disposal])
    shown = its.paper("other", "当时的材料", issued_on=DAY, subjects=[its.disposal])
    endorse(its, shown, "当时的材料", DAY)
    with town.refused(LawChanged, "未经另一人核对"):
        its.when("approve", its.approval(documents=[young]), occurred_on=DAY)
    its.when("approve", its.approval(documents=[young, shown]), occurred_on=DAY)
    town.check()


# --- the days ---------------------------------------------------------------------------------------------


def test_law_1_a_change_on_the_very_day_of_the_deed_is_its_law(town: Town) -> None:
    deed = posted(town)
    town.law("notice_days", deed.strict, DAY)
    with town.refused(deed.broken):
        deed.act()


def test_law_1_a_change_on_the_day_of_recording_is_its_law(town: Town) -> None:
    deed = posted(town)
    town.law("notice_days", deed.strict, NOW)
    with town.refused(LawChanged, f"须附 {NOW} 以前"):
        deed.act()
    deed.act(deed.paper(issued_on=CHANGED))


def test_law_1_what_is_set_last_for_a_day_is_its_law(town: Town) -> None:
    deed = posted(town)
    town.law("notice_days", deed.strict, CHANGED)
    town.law("notice_days", deed.loose, CHANGED, "示例府发〔2026〕16号")
    deed.act()


@pytest.mark.parametrize("between", [14, 15])
def test_law_1_a_law_that_was_and_is_the_same_is_one_law(town: Town, between: int) -> None:
    """What was otherwise between the two days is nobody's law: neither of the deed nor of its recording."""
    deed = posted(town)
    town.law("notice_days", 10, DAY)
    town.law("notice_days", between, CHANGED, "示例府发〔2026〕16号")
    town.law("notice_days", 10, NOW, "示例府发〔2026〕17号")
    notes = town.only(deed.act()).state["notes"]
    assert notes == []


def test_law_1_a_parameter_that_is_entered_late_is_the_law_from_its_day(town: Town) -> None:
    """It is known from its own entry on, and judges nothing that stands before."""
    deed = posted(town)
    before = deed.paper()
    deed.act()
    town.law("notice_days", 15, "2026-12-01")
    payload = deed.payload([before]) | {"notice": identity("notice", "又"), "name": "又一次公示"}
    with town.refused(deed.broken):
        town.when("notice.post.v1", payload, "clerk", occurred_on=DAY, valid_until=LATER)
    town.check()


# --- another nature, and corrections ----------------------------------------------------------------------


@pytest.mark.parametrize("months", [240, 241])
def test_disp_6_a_term_told_as_a_fact_is_let_anew_by_the_act_that_follows(town: Town, months: int) -> None:
    its = leased(town)
    its.fact("propose", its.proposal(months=months, ground="use"))
    its.checked().ground()
    if months > 240:
        with town.refused(LeaseTooLong):
            its.when("decide", its.decision())
    else:
        its.when("decide", its.decision())


def test_disp_6_a_lease_that_was_proposed_here_in_time_is_decided(town: Town) -> None:
    its = leased(town).proposed(months=200, ground="use").ground()
    town.law("lease_months_max", 120, town.books.today)
    its.when("decide", its.decision())


@pytest.mark.parametrize("shown", [True, False])
def test_law_1_a_notice_whose_last_day_is_corrected_is_judged_as_told_today(town: Town, shown: bool) -> None:
    """Else it would be told as long enough, and corrected to what the law no longer allows."""
    its = estate(town).decided()
    posted_on, changed_on, told_on, until = "2026-11-24", "2026-12-06", "2026-12-08", "2026-12-09"
    town.law("notice_days", 15, changed_on)
    town.books.today = told_on
    notice = its.posting(until=until)
    fact = town.when("notice.post.v1", notice, "typist", nature="fact", occurred_on=posted_on)
    assert town.only(fact).state["notes"] == []
    title.endorse(town, notice["notice"], notice["name"])
    title.correct(town, notice["notice"], notice["name"], ("until", until, "2026-12-05"))
    its.papers["notice_proof"] = its.paper("notice_proof", "公示照片", subjects=[its.disposal])
    town.when("notice.close.v1", its.closing(), "clerk")
    its.papers |= {"notice": notice["notice"], "approval": its.paper("approval")}
    photo = its.paper("photo", "张贴照片", issued_on=posted_on)
    if shown:
        endorse(its, photo, "张贴照片", posted_on)
        its.when("approve", its.approval(documents=[photo]))
    else:
        with town.refused(LawChanged, "未经另一人核对"):
            its.when("approve", its.approval(documents=[photo]))
    town.check()


def test_law_1_money_that_is_not_corrected_is_not_judged_anew(town: Town) -> None:
    """A slip in the account of a sale that kept the law of its day, found when the law is another."""
    its, deal = sold(town)
    its.when("settle", its.settlement())
    town.books.today = "2026-12-10"
    town.law("price_floor_percent", 95, town.books.today)
    counterparty = town.books.stream(its.disposal)[-1].state["counterparty"]
    title.correct(
        town, its.disposal, its.name, ("counterparty", counterparty, counterparty | {"name": "青溪砖瓦厂"}),
        version=4, valid_until=LATER,
    )  # fmt: skip
    less = ("deal_fen", deal, deal - 1)
    kept = its.settlement()["retained_fen"]
    paid = [("received_fen", deal, deal - 1), ("retained_fen", kept, kept - 1)]
    asked = title.correction_of(its.disposal, its.name, less, *paid, version=4, proposal="又")
    with town.refused(LawChanged, "DISP-19"):
        town.when("disposal.correct.v1", asked, "clerk", valid_until=LATER)
    town.check()


def sold(town: Town) -> tuple[Estate, int]:
    """A sale for something less than was appraised, which the law of its day allows."""
    its = estate(town).decided().collected()
    appraisal = its.paper("appraisal", amount_fen=320 * WAN // 100)
    its.when("approve", its.approval(documents=[appraisal]))
    its.sold()
    return its, its.settlement()["deal_fen"]
