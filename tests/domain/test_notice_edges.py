"""NOTICE: beside each thing that a notice may say and bear, its nearest neighbour that it may not."""

from typing import Any

import pytest

from domain.errors_disposal import ForeignDocument, LateAct, NotReviewed, ObjectionsOpen
from tests.domain.disposals import AFTER, POSTED, UNTIL, Estate, estate
from tests.domain.estate import endorse
from tests.domain.story import Json, Town

NAME = "冷库处置公示"
LATER = "2026-12-07"


@pytest.fixture
def its(town: Town) -> Estate:
    made = estate(town).decided()
    town.books.today = POSTED
    return made


def post(its: Estate, by: str = "clerk", nature: str = "act", **changed: Any) -> None:
    its.town.when("notice.post.v1", its.posting(**changed), by, nature=nature)


def prove(its: Estate, **changed: Any) -> str:
    its.papers["notice_proof"] = its.paper(
        "notice_proof", "公示照片", **{"subjects": [its.disposal]} | changed
    )
    return its.papers["notice_proof"]


def close(its: Estate, by: str = "clerk", nature: str = "act", **changed: Any) -> None:
    its.town.when("notice.close.v1", its.closing(**changed), by, nature=nature)


def test_doc_8_no_notice_is_closed_late_as_an_act(its: Estate) -> None:
    post(its)
    its.town.books.today = AFTER
    prove(its)
    with its.town.refused(LateAct):
        close(its, late_reason="补登")
    close(its, "typist", "fact", late_reason="补登")


@pytest.mark.parametrize("about", ["notice", "subject"])
def test_doc_7_its_proof_is_about_the_notice_or_its_subject(its: Estate, about: str) -> None:
    post(its)
    its.town.books.today = AFTER
    foreign = its.paper("notice_proof", "别的照片", subjects=[its.asset])
    with its.town.refused(ForeignDocument):
        close(its, proof=foreign)
    prove(its, subjects=[its.disposal if about == "subject" else its.id_of("notice", "1")])
    close(its)


# --- what bears an approval -----------------------------------------------------------------------------


def approve(its: Estate, by: str = "head", **header: Any) -> list[str]:
    its.papers["notice"] = its.id_of("notice", "1")
    if "approval" not in its.papers:
        its.papers["approval"] = its.paper("approval")
    notes: list[str] = its.town.only(its.when("approve", its.approval(), by, **header)).state["notes"]
    return notes


def run(its: Estate, posted: Json, closed: Json) -> None:
    """A notice that was entered as two facts, each seen by another."""
    notice = its.id_of("notice", "1")
    post(its, "typist", "fact", **posted)
    its.town.books.today = AFTER
    prove(its)
    close(its, "typist", "fact", **closed)
    for version in (1, 2):
        endorse(its.town, notice, NAME, version)
    its.papers["approval"] = its.paper("approval")


def test_notice_3_no_more_is_answered_than_was_objected(its: Estate) -> None:
    post(its)
    its.town.books.today = AFTER
    prove(its)
    for answered in (0, 2):
        with its.town.refused(ObjectionsOpen):
            close(its, answered=answered)
    close(its, answered=1)


def test_notice_3_nothing_rests_on_one_whose_objections_are_open(its: Estate) -> None:
    run(its, {}, {"answered": 0})
    with its.town.refused(ObjectionsOpen):
        approve(its)
    assert approve(its, "typist", nature="fact") == ["NOTICE-3"]


def test_notice_4_nothing_rests_on_one_that_nobody_reviewed(its: Estate) -> None:
    run(its, {"reviewed": False}, {})
    with its.town.refused(NotReviewed):
        approve(its)
    assert approve(its, "typist", nature="fact") == ["NOTICE-4"]


def test_notice_two_facts_that_meet_every_rule_bear_an_approval(its: Estate) -> None:
    run(its, {}, {})
    assert approve(its) == []
    its.town.check()


def test_proj_7_a_fact_rests_on_a_notice_that_nobody_has_checked(its: Estate) -> None:
    """What was done outside is told with the rules that it did not meet; who has seen its notice is none of them."""
    post(its, "typist", "fact")
    its.town.books.today = AFTER
    prove(its)
    close(its, "typist", "fact")
    assert approve(its, "typist", nature="fact") == []


@pytest.mark.parametrize(
    ("day", "noted"), [(UNTIL, ["NOTICE-2"]), (AFTER, [])], ids=["before its end", "when it ended"]
)
def test_notice_2_what_was_approved_before_its_end_rests_on_nothing(
    its: Estate, day: str, noted: list[str]
) -> None:
    post(its)
    its.papers["approval"] = its.paper("approval")
    its.town.books.today = AFTER
    prove(its)
    close(its)
    its.town.books.today = LATER
    assert approve(its, "typist", nature="fact", occurred_on=day) == noted
