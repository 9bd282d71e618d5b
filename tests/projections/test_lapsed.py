"""DISP-25: a disposal that waited too long holds nothing any more; no entry says so, the day of the reader does."""

import pytest
from sqlalchemy import Engine

from domain.assertions import FOREVER
from domain.disposal import Disposal
from domain.values import days_after
from projections.disposal import lapsed_in, lapsed_on
from projections.entry import read
from projections.follow import follow
from projections.noun import Look
from projections.nouns import NOUNS
from projections.pages import page
from projections.timeline import tell
from projections.trace import Trace, trace
from projections.wanted import Wanted
from tests.domain import corpus
from tests.domain.disposals import COURSES, EXPIRY, Course, Estate, estate
from tests.domain.story import Town, identity, settled
from tests.projections.test_estate import Told

LAPSED = days_after(EXPIRY, 1)


@pytest.fixture
def town() -> Town:
    return settled()


def remark(found: Trace, field: str) -> str:
    (one,) = [one.remark for one in found.state if one.field == field]
    return one


def is_lapsed(its: Estate, day: str) -> bool:
    """What the domain holds and what is told of it are the same."""
    told = trace(Told(its.town), its.disposal, today=day)
    held = its.town.the(Disposal, its.disposal)
    assert bool(remark(told, "progress")) == held.is_lapsed(day), held.done
    return held.is_lapsed(day)


@pytest.mark.parametrize("course", COURSES, ids=lambda course: course.owner_type)
def test_disp_25_what_is_told_is_what_the_domain_holds_at_every_step(town: Town, course: Course) -> None:
    its = estate(town, course).proposed()
    assert (is_lapsed(its, EXPIRY), is_lapsed(its, LAPSED)) == (False, True)
    its.ground()
    its.when("decide", its.decision())
    assert is_lapsed(its, LAPSED) == bool(course.approver)
    if course.approver:
        its.collected().when("approve", its.approval())
        assert not is_lapsed(its, LAPSED)


def test_disp_25_what_was_done_outside_is_past_waiting(town: Town) -> None:
    its = estate(town).proposed()
    its.fact("settle", its.settlement())
    assert not is_lapsed(its, LAPSED)


def test_disp_25_of_every_disposal_of_a_long_history(town: Town) -> None:
    history = corpus.history()
    told = Told(history)
    said = {one: now for _, after in tell(read(told, told.entries(0))) for one, now in after.items()}
    disposals = [one for one in said if one.startswith("disposal_")]
    assert disposals
    for one in disposals:
        held = history.the(Disposal, one)
        for day in ("2026-01-01", "2099-01-01"):
            assert bool(lapsed_on(said[one], Look(FOREVER, None, day))) == held.is_lapsed(day), one


def test_disp_25_an_asset_is_told_to_be_free_from_the_day_after_the_term_on(town: Town) -> None:
    its = estate(town).proposed()
    told = Told(town)
    assert remark(trace(told, its.asset, today=EXPIRY), "open_disposal") == ""
    assert EXPIRY in remark(trace(told, its.asset, today=LAPSED), "open_disposal")
    assert f"提议已于 {EXPIRY} 到期" in trace(told, its.asset, today=LAPSED).as_text().replace("\n", "")


def test_d7_the_day_of_the_reader_is_the_one_that_was_asked_for(town: Town) -> None:
    its = estate(town).proposed()
    told = Told(town)
    assert remark(trace(told, its.disposal, as_of=EXPIRY, today=LAPSED), "progress") == ""
    assert remark(trace(told, its.disposal, as_of=LAPSED, today=EXPIRY), "progress") != ""
    assert remark(trace(told, its.disposal, known_at=EXPIRY, today=LAPSED), "progress") == ""
    assert remark(trace(told, its.disposal, known_at=LAPSED, today=LAPSED), "progress") != ""
    assert remark(trace(told, its.disposal, known_at=told.size() - 1, today=LAPSED), "progress") == "", (
        "on the day of that entry it had time left"
    )


def test_disp_25_a_page_of_assets_and_one_of_disposals_say_it_too(town: Town, each_engine: Engine) -> None:
    its = estate(town).proposed()
    follow(Told(town), each_engine)

    def remarked(kind: str, day: str, wanted: Wanted | None = None) -> dict[str, bool]:
        found = page(each_engine, NOUNS[kind], wanted, today=day)
        return {one.id: bool(one.remarks) for one in found.items}

    for kind, subject in (("asset", its.asset), ("disposal", its.disposal)):
        assert remarked(kind, EXPIRY)[subject] is False
        assert remarked(kind, LAPSED)[subject] is True
        past = Wanted(as_of=EXPIRY)
        assert remarked(kind, EXPIRY, past)[subject] is False


def test_disp_25_those_that_have_waited_too_long_are_counted_where_they_lie(
    town: Town, each_engine: Engine
) -> None:
    estate(town).proposed()
    follow(Told(town), each_engine)
    here, elsewhere = frozenset({identity("area", "kang")}), frozenset({identity("area", "shan")})
    for areas, day, count in (
        (None, EXPIRY, 0),
        (None, LAPSED, 1),
        (here, LAPSED, 1),
        (elsewhere, LAPSED, 0),
    ):
        assert lapsed_in(each_engine, areas, day) == count
