"""LAW-1: what was done under one law and is recorded under another is judged by both, and neither verdict is lost.

Each deed here keeps its rule under the looser of two values of a parameter and breaks it under the stricter. It is done on
`DAY`, the value changes on `CHANGED`, it is recorded on `NOW`.
"""

from collections.abc import Callable
from typing import Any

import pytest

from domain.base import EVENTS, fields_of
from domain.command import COMMANDS
from domain.errors import (
    AlreadyChecked,
    LabelDiffers,
    LateReasonMissing,
    LawChanged,
    NotFound,
    RoleNotAllowed,
    SamePerson,
    WrongEntry,
)
from domain.errors_asset import NoticeTooShort
from domain.ledger import Accepted
from domain.verdicts import both_of, judged_on, said_of
from tests.domain import estate as title
from tests.domain.deeds import (
    BEFORE,
    CHANGED,
    DAY,
    NOW,
    Deed,
    approved_by_the_township,
    approved_without_appraisal,
    endorse,
    erased_after_thirteen_years,
    filed_two_days_late,
    let,
    posted,
    proposed_for_forty_days,
    registered,
    sold_below_the_appraisal,
)
from tests.domain.disposals import LATER, estate
from tests.domain.story import Json, Town, identity

SHOWN = (
    posted,
    registered,
    let,
    approved_by_the_township,
    approved_without_appraisal,
    sold_below_the_appraisal,
)
BARE = (filed_two_days_late, proposed_for_forty_days, erased_after_thirteen_years)
Begin = Callable[[Town], Deed]
every = pytest.mark.parametrize("begin", [*SHOWN, *BARE])
shown = pytest.mark.parametrize("begin", SHOWN)
bare = pytest.mark.parametrize("begin", BARE)


# --- an act ----------------------------------------------------------------------------------------------


@every
def test_law_1_what_keeps_both_laws_is_recorded_without_a_word(town: Town, begin: Begin) -> None:
    deed = begin(town)
    deed.law(deed.loose, deed.loose)
    notes = [note for entry in _entries(town, deed.act()) for note in entry.get("notes", [])]
    assert not [note for note in notes if note.startswith("LAW-1")]
    town.check()


@every
def test_law_1_what_breaks_both_laws_is_refused_by_its_own_rule(town: Town, begin: Begin) -> None:
    deed = begin(town)
    deed.law(deed.strict, deed.strict)
    with town.refused(deed.broken):
        deed.act()


@every
def test_law_1_an_act_of_before_the_law_was_tightened_is_not_believed(town: Town, begin: Begin) -> None:
    deed = begin(town)
    deed.tightened()
    with town.refused(LawChanged) as caught:
        deed.act()
    said = caught.value
    assert (said.detail["broken"], said.detail["changed_on"]) == (deed.rule, CHANGED)
    first, last = deed.loose, deed.strict
    assert f"{deed.rule}：{DAY} 的规定 {deed.parameter} 为 {first}（自 {DAY} 起，示例府发" in said.message
    assert f"符合；{NOW} 的规定 {deed.parameter} 为 {last}（自 {CHANGED} 起，示例府发" in said.message


@pytest.mark.parametrize("order", ["tightened", "loosened"])
def test_law_1_it_is_told_what_breaks_the_stricter_of_both(town: Town, order: str) -> None:
    deed = posted(town)
    getattr(deed, order)()
    with town.refused(LawChanged, "不足 15 天"):
        deed.act()


@every
def test_law_1_an_act_of_before_the_law_was_loosened_kept_no_law(town: Town, begin: Begin) -> None:
    """A paper shows that it was done when it was not allowed: it is done again, or told as a fact."""
    deed = begin(town)
    deed.loosened()
    paper = deed.paper()
    with town.refused(LawChanged, "另行办理"):
        deed.act(paper)
    if deed.command == "disposal.approve.v1":
        deed.its.papers["approval"] = deed.its.paper("approval", "今日的批复")
    deed.act(occurred_on=NOW)
    town.check()


@shown
def test_law_1_a_paper_of_before_that_another_has_seen_bears_it(town: Town, begin: Begin) -> None:
    deed = begin(town)
    deed.tightened()
    paper = deed.paper()
    entry, *_ = _entries(town, deed.act(paper))
    assert entry["notes"] == [deed.both("met", "unmet")]
    town.check()


@shown
def test_law_1_a_paper_of_the_day_of_the_change_comes_too_late(town: Town, begin: Begin) -> None:
    deed = begin(town)
    deed.tightened()
    paper = deed.paper(issued_on=CHANGED)
    with town.refused(deed.too_young, CHANGED):
        deed.act(paper)


@shown
def test_law_1_a_paper_that_nobody_else_has_seen_is_its_filers_word(town: Town, begin: Begin) -> None:
    deed = begin(town)
    deed.tightened()
    paper = deed.paper(endorsed=False)
    with town.refused(LawChanged, "未经另一人核对"):
        deed.act(paper)
    endorse(deed.its, paper, "当时的材料", DAY)
    deed.act(paper)


@pytest.mark.parametrize("begin", [posted, registered, let])
def test_law_1_a_paper_is_sound_and_about_the_deed(town: Town, begin: Begin) -> None:
    deed = begin(town)
    deed.tightened()
    recalled, elsewhere = deed.paper("追忆", quality="recollection"), deed.paper("别处的", subjects=[])
    with town.refused(LawChanged, "追忆"):
        deed.act(recalled)
    with town.refused(LawChanged, "没有关联"):
        deed.act(elsewhere)
    with town.refused(NotFound, "材料"):
        deed.act(identity("document", "没有的材料"))


@bare
def test_law_1_where_no_paper_is_asked_for_an_act_keeps_both_laws(town: Town, begin: Begin) -> None:
    deed = begin(town)
    deed.tightened()
    paper = deed.paper()
    with town.refused(LawChanged, "须两日的规定都符合"):
        deed.act(paper)


def test_law_1_the_change_is_the_first_that_says_otherwise(town: Town) -> None:
    """A paper from between two changes shows nothing when the first of them forbade it already."""
    deed = posted(town)
    deed.law(10, 15)
    town.law("notice_days", 30)
    between = deed.paper("两次变更之间的", issued_on=CHANGED)
    with town.refused(LawChanged, f"须附 {CHANGED} 以前"):
        deed.act(between)
    deed.act(deed.paper())


def test_law_1_the_first_change_may_say_the_same(town: Town) -> None:
    deed = posted(town)
    deed.law(5, 10)
    town.law("notice_days", 30)
    deed.act(deed.paper(issued_on=CHANGED))


@pytest.mark.parametrize("days", [(BEFORE, DAY, CHANGED), (NOW, CHANGED, DAY)])
def test_law_1_the_change_is_after_the_deed_in_whichever_order_they_are_entered(
    town: Town, days: tuple[str, ...]
) -> None:
    deed = posted(town)
    for number, day in enumerate(days):
        value = deed.loose if day == DAY else deed.strict
        town.law("notice_days", value, day, f"示例府发〔2026〕{number}号")
    with town.refused(LawChanged) as caught:
        deed.act()
    assert caught.value.detail["changed_on"] == CHANGED


def test_law_1_a_default_names_its_statute(town: Town) -> None:
    deed = posted(town)
    town.law("notice_days", 15, CHANGED)
    with town.refused(LawChanged, f"{DAY} 的规定 notice_days 为 10（渝村办30；公示11第四条），符合"):
        deed.act()


# --- what rests on it ------------------------------------------------------------------------------------


def test_law_1_a_seal_of_before_the_change_rests_on_the_same_paper(town: Town) -> None:
    deed = registered(town)
    deed.tightened()
    deed.act(deed.paper())
    signature = title.signature(town, "seals", "确权")
    with town.refused(NoticeTooShort, "15 天"):  # sealed today, it is today's law alone
        town.when("proposal.endorse.v1", signature, "head")
    done = town.when("proposal.endorse.v1", signature, "head", occurred_on=DAY)
    assert deed.both("met", "unmet") in _entries(town, done)[-1]["notes"]
    assert title.asset(town).registered
    town.check()


@pytest.mark.parametrize("bears", [True, False])
def test_law_1_a_notice_told_as_a_fact_bears_no_act_by_itself(town: Town, bears: bool) -> None:
    """Else a notice that is too short today would only have to be entered as one of yesterday."""
    its = estate(town).decided()
    posted_on, changed_on, told_on = "2026-11-24", "2026-12-06", "2026-12-08"
    town.law("notice_days", 15, changed_on)
    town.books.today = told_on
    notice = its.posting()
    fact = town.when("notice.post.v1", notice, "typist", nature="fact", occurred_on=posted_on)
    assert town.only(fact).state["notes"] == [f"LAW-1:NOTICE-1:{posted_on}:10:met:{told_on}:15:unmet"]
    title.endorse(town, notice["notice"], notice["name"])
    its.papers["notice_proof"] = its.paper("notice_proof", "公示照片", subjects=[its.disposal])
    town.when("notice.close.v1", its.closing(), "clerk")
    its.papers |= {"notice": notice["notice"], "approval": its.paper("approval")}
    photo = its.paper("photo", "张贴照片", issued_on=posted_on)
    if bears:
        endorse(its, photo, "张贴照片", posted_on)
        found = its.when("approve", its.approval(documents=[photo]))
        assert town.only(found).state["notes"] == [f"LAW-1:NOTICE-1:{posted_on}:10:met:{told_on}:15:unmet"]
    else:
        with town.refused(LawChanged, "未经另一人核对"):
            its.when("approve", its.approval(documents=[photo]))
    town.check()


def test_law_1_a_notice_whose_day_was_shown_when_it_was_posted_bears_an_act(town: Town) -> None:
    deed = posted(town)
    deed.tightened()
    its, paper = deed.its, deed.paper()
    assert town.only(deed.act(paper)).state["notes"] == [deed.both("met", "unmet")]
    town.books.today = "2026-12-21"
    its.papers["notice_proof"] = its.paper("notice_proof", "公示照片", subjects=[its.disposal])
    town.when("notice.close.v1", its.closing(), "clerk", valid_until="2026-12-31")
    its.papers |= {"notice": its.id_of("notice", "1"), "approval": its.paper("approval")}
    found = its.when("approve", its.approval(), valid_until="2026-12-31")
    assert town.only(found).state["notes"] == []


def test_law_1_a_notice_that_was_posted_here_in_time_needs_no_paper(town: Town) -> None:
    its = estate(town).decided().collected()
    town.law("notice_days", 15, BEFORE)
    assert town.only(its.when("approve", its.approval())).state["notes"] == []


# --- a fact ----------------------------------------------------------------------------------------------


@shown
@pytest.mark.parametrize("order", ["tightened", "loosened"])
def test_law_1_a_fact_carries_both_verdicts(town: Town, begin: Begin, order: str) -> None:
    deed = begin(town)
    getattr(deed, order)()
    notes = _entries(town, deed.told())[0]["notes"]
    if order == "tightened":
        assert notes == [deed.both("met", "unmet")]
    else:
        assert notes == [deed.rule, deed.both("unmet", "met")]
    town.check()


@pytest.mark.parametrize("nature", ["fact", "opening"])
@pytest.mark.parametrize(("first", "then"), [(30, 1), (1, 30)])
def test_law_1_a_fact_keeps_at_least_the_law_of_its_day(
    town: Town, first: int, then: int, nature: str
) -> None:
    """Where a rule refuses facts as well, the law of the day of the deed does."""
    deed = filed_two_days_late(town)
    deed.law(first, then)
    header = {"nature": nature, "occurred_on": DAY, "valid_until": LATER}
    if first == 30:
        said = town.only(town.when("project.list.v1", town.project(), **header)).state["notes"]
        assert said == [f"LAW-1:CMD-8:{DAY}:30:met:{NOW}:1:unmet"]
    else:
        with town.refused(LateReasonMissing):
            town.when("project.list.v1", town.project(), **header)


def test_law_1_every_fact_has_a_place_for_its_verdicts() -> None:
    for name, spec in COMMANDS.items():
        if set(spec.may) - {"act"}:
            own = [one for one in spec.events if one.partition(".")[0] == name.partition(".")[0]]
            assert any("notes" in fields_of(EVENTS[one]) for one in own), name


# --- how it reads ----------------------------------------------------------------------------------------


def test_law_1_a_note_of_both_verdicts_says_them() -> None:
    note = f"LAW-1:NOTICE-1:{DAY}:10:met:{NOW}:15:unmet"
    words = f"NOTICE-1：按 {DAY} 的规定（10）符合，按 {NOW} 的规定（15）不符合"
    assert (str(both_of(note)), said_of(note)) == (words, words)


@pytest.mark.parametrize(
    ("note", "said"), [("PROJ-3", "不符合"), ("PROJ-3:unknown", "有关各栏未载明，是否符合不详")]
)
def test_law_1_other_notes_read_as_they_did(note: str, said: str) -> None:
    assert (both_of(note), said_of(note)) == (None, said)


def test_law_1_a_rule_was_judged_on_the_day_that_its_own_note_says() -> None:
    notes = ["NOTICE-1", f"LAW-1:CMD-8:{DAY}:30:met:{NOW}:1:unmet", "LAW-1:unknown"]
    assert judged_on(notes, "NOTICE-1") == ""
    assert judged_on(notes, "CMD-8") == NOW


# --- the endorsement of a paper --------------------------------------------------------------------------


def test_proj_9_a_paper_is_endorsed_by_another_than_filed_it(town: Town) -> None:
    its = estate(town)
    its.typist = "centre"
    paper = its.paper("other", "通知", issued_on="2026-11-01")
    with town.refused(SamePerson):
        endorse(its, paper, "通知", "2026-11-01", "centre")
    with town.refused(RoleNotAllowed):
        endorse(its, paper, "通知", "2026-11-01", "clerk")
    endorse(its, paper, "通知", "2026-11-01", "centre2")
    with town.refused(AlreadyChecked):
        endorse(its, paper, "通知", "2026-11-01", "head")
    town.check()


def test_proj_10_an_endorsement_is_of_that_entry_and_that_date(town: Town) -> None:
    its = estate(town)
    paper = its.paper("other", "通知", issued_on="2026-11-01")
    for fault in ({"position": 1}, {"leaf": "0" * 64}):
        with town.refused(WrongEntry, r"第 \d+ 号、哈希 [0-9a-f]{64}"):
            endorse(its, paper, "通知", "2026-11-01", **fault)
    with town.refused(LabelDiffers, "2026-11-01"):
        endorse(its, paper, "通知", "2026-11-02")
    with town.refused(LabelDiffers):
        endorse(its, paper, "另一通知", "2026-11-01")


def test_law_1_a_date_that_is_corrected_is_to_be_seen_anew(town: Town) -> None:
    deed = posted(town)
    deed.tightened()
    paper = deed.paper(issued_on=NOW)
    slip = ("issued_on", NOW, DAY)
    title.correct(town, paper, "当时的材料", slip)
    with town.refused(LawChanged, "未经另一人核对"):
        deed.act(paper)
    endorse(deed.its, paper, "当时的材料", DAY, "centre2")
    deed.act(paper)


@pytest.mark.parametrize(
    ("entered", "changes"),
    [
        ({}, [("hash", "", "e" * 64)]),
        (
            {"quality": "none", "hash": "", "pages": 0},
            [("quality", "none", "copy"), ("hash", "", "e" * 64), ("pages", 0, 3)],
        ),
        ({"subjects": []}, [("subjects", [], ["about"])]),
        ({"quality": "recollection"}, [("quality", "recollection", "original")]),
    ],
)
def test_law_1_an_endorsement_is_of_the_paper_that_was_seen(
    town: Town, entered: Json, changes: list[tuple[str, Any, Any]]
) -> None:
    """Neither another file, nor one where there was none, nor another matter comes under it by a correction."""
    deed = posted(town)
    deed.tightened()
    paper = deed.paper(**entered)
    first = town.books.stream(paper)[0].state
    slips = [(field, first[field], [deed.about] if field == "subjects" else now) for field, _, now in changes]
    title.correct(town, paper, "当时的材料", *slips)
    with town.refused(LawChanged, "未经另一人核对"):
        deed.act(paper)
    endorse(deed.its, paper, "当时的材料", DAY, "centre2")
    deed.act(paper)
    town.check()


def _entries(town: Town, accepted: Accepted) -> list[Json]:
    return [entry.state for entry in town.entries_of(accepted)]
