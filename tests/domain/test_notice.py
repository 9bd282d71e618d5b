"""NOTICE: a notice runs its days in public; what rests on it waits for its end and its answers."""

from typing import Any

import pytest

from domain.errors import LabelDiffers, NotChecked, NotFound, SamePerson
from domain.errors_disposal import (
    DocumentMissing,
    LateAct,
    NoticeClosed,
    NoticeMissing,
    NoticeNotFull,
    NoticeNotOver,
    NotReviewed,
    ObjectionsOpen,
)
from tests.domain.disposals import AFTER, COLLECTIVE, POSTED, UNTIL, Estate, estate
from tests.domain.story import Json, Town, identity


@pytest.fixture
def its(town: Town) -> Estate:
    made = estate(town).decided()
    town.books.today = POSTED
    return made


def post(its: Estate, by: str = "clerk", nature: str = "act", **changed: Any) -> Json:
    return its.town.only(its.town.when("notice.post.v1", its.posting(**changed), by, nature=nature)).state


def prove(its: Estate) -> None:
    if "notice_proof" not in its.papers:
        its.papers["notice_proof"] = its.paper("notice_proof", "公示照片", subjects=[its.disposal])


def close(its: Estate, by: str = "clerk", nature: str = "act", **changed: Any) -> Json:
    prove(its)
    return its.town.only(its.town.when("notice.close.v1", its.closing(**changed), by, nature=nature)).state


def approve(its: Estate, **header: Any) -> list[str]:
    its.papers["notice"] = identity("notice", "1")
    if "approval" not in its.papers:
        its.papers["approval"] = its.paper("approval")
    by = "typist" if header.get("nature") == "fact" else "head"
    notes: list[str] = its.town.only(its.when("approve", its.approval(), by, **header)).state["notes"]
    return notes


def test_notice_ten_days_in_public_bear_an_approval(its: Estate) -> None:
    post(its)
    its.town.books.today = AFTER
    close(its)
    assert approve(its) == []
    its.town.check()


def test_notice_1_s11_nine_days_are_too_few(its: Estate) -> None:
    with its.town.refused(NoticeNotFull, "不足 10 天"):
        post(its, until="2026-12-03")
    assert post(its, "typist", "fact", until="2026-12-03")["notes"] == ["NOTICE-1"]


def test_notice_1_the_days_are_a_dated_parameter(its: Estate) -> None:
    its.town.law("notice_days", 15, POSTED)
    with its.town.refused(NoticeNotFull, "不足 15 天"):
        post(its)
    post(its, until="2026-12-09")


def test_notice_2_it_is_closed_when_it_is_over(its: Estate) -> None:
    post(its)
    prove(its)
    its.town.books.today = UNTIL
    with its.town.refused(NoticeNotOver):
        close(its)
    assert close(its, "typist", "fact")["notes"] == ["NOTICE-2"]


def test_notice_2_nothing_rests_on_one_that_runs(its: Estate) -> None:
    post(its)
    its.papers["approval"] = its.paper("approval")
    with its.town.refused(NoticeNotOver, "尚未期满"):
        approve(its)
    assert approve(its, nature="fact") == ["NOTICE-2"]


def test_notice_3_every_objection_is_answered(its: Estate) -> None:
    post(its)
    its.town.books.today = AFTER
    prove(its)
    with its.town.refused(ObjectionsOpen):
        close(its, answered=0)
    assert close(its, "typist", "fact", answered=0)["notes"] == ["NOTICE-3"]


def test_notice_4_the_supervisors_reviewed_it(its: Estate) -> None:
    with its.town.refused(NotReviewed):
        post(its, reviewed=False)
    assert post(its, reviewed=None)["notes"] == ["NOTICE-4:unknown"]


def test_notice_5_it_is_closed_once(its: Estate) -> None:
    post(its)
    its.town.books.today = AFTER
    close(its)
    with its.town.refused(NoticeClosed):
        close(its)


def test_doc_8_no_notice_is_posted_late_as_an_act(its: Estate) -> None:
    with its.town.refused(LateAct):
        post(its, late_reason="补登")
    post(its, "typist", "fact", late_reason="补登")


def test_doc_1_its_end_is_shown_by_a_paper(its: Estate) -> None:
    post(its)
    its.town.books.today = AFTER
    prove(its)
    with its.town.refused(DocumentMissing, "公示证明"):
        close(its, proof="")


def test_notice_6_an_approval_needs_one_about_its_disposal(its: Estate) -> None:
    its.papers["approval"] = its.paper("approval")
    with its.town.refused(NoticeMissing):
        its.when("approve", its.approval(notice=""))
    other = its.opened("另一冷库")
    post(its, subject=other)
    its.town.books.today = AFTER
    its.papers["notice_proof"] = its.paper("notice_proof", "公示照片", subjects=[other])
    close(its)
    with its.town.refused(NoticeMissing, "公示“.+”（notice_.*）所公示的不是此事"):
        approve(its)


def test_proj_7_a_notice_that_is_a_fact_is_checked_first(its: Estate) -> None:
    post(its, "centre", "fact")
    its.town.books.today = AFTER
    close(its)
    its.papers["approval"] = its.paper("approval")
    with its.town.refused(NotChecked, "公示“.+”（notice_.*）未核"):
        approve(its)
    position, leaf = its.town.books.located(identity("notice", "1"), 1) or (0, "")
    check = {
        "leaf": leaf,
        "name": "冷库处置公示",
        "notice": identity("notice", "1"),
        "position": position,
        "version": 1,
    }
    with its.town.refused(SamePerson):
        its.town.when("notice.endorse.v1", check, "centre")
    its.town.when("notice.endorse.v1", check, "centre2")
    assert approve(its) == []


def test_id_2_and_3_it_is_about_something_and_recognised(its: Estate) -> None:
    assert its.course is COLLECTIVE
    with its.town.refused(NotFound):
        post(its, subject=identity("asset", "没有"))
    post(its)
    its.town.books.today = AFTER
    prove(its)
    with its.town.refused(LabelDiffers):
        close(its, name="另一公示")
