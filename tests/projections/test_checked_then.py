"""PROJ-8, D7: which were 已核 and which 未核 at each position, whatever was entered, rewritten, struck and checked afterwards."""

import pytest
from sqlalchemy import Engine

from projections.follow import follow
from projections.nouns import NOUNS
from projections.pages import page
from projections.trace import trace
from projections.wanted import Wanted
from tests.domain import disposals, estate
from tests.domain import test_correction_kinds as corrections
from tests.domain.story import WAN, Json, Town, settled
from tests.projections.told import Told


@pytest.fixture
def town() -> Town:
    """An asset that nobody checked; one that was, before and after a later entry; one whose first entry waits while a later one is
    checked; one whose later entry was struck. A project that was rewritten. A disposal of which the first entry needs no check."""
    town = settled()
    estate.opened(town, "未核的")
    estate.checked(town, "又登记一笔的")
    book(town, "又登记一笔的")
    estate.endorse(town, estate.asset_id("又登记一笔的"), "又登记一笔的", version=3)
    waiting = estate.opened(town, "先核后一笔的")
    book(town, "先核后一笔的")
    estate.endorse(town, waiting, "先核后一笔的", version=2)
    estate.endorse(town, waiting, "先核后一笔的", version=1)
    asset, twin = estate.checked(town), estate.checked(town, corrections.TWIN)
    book(town, estate.COLD_STORE)
    right = {"version": 3, "instead": twin, "instead_name": corrections.TWIN}
    corrections.propose(town, corrections.asked(asset, estate.COLD_STORE, "wrong_subject", **right))
    corrections.check(town)
    project = town.listed("养蜂场")
    anew: Json = town.project("养蜂场", scale="60箱") | {"reason": "数量有误", "version": 1}
    town.when("project.supersede.v1", anew, nature="fact")
    estate.endorse(town, project, "养蜂场", version=2)
    its = disposals.estate(town).proposed().ground()
    its.fact("decide", its.decision())
    its.checked()
    return town


def book(town: Town, name: str) -> None:
    payload = estate.booking("additions", 5 * WAN, name)
    town.when("asset.book.v1", payload, "clerk", nature="fact", occurred_on="2026-11-20")


@pytest.mark.parametrize("kind", ["asset", "project", "disposal"])
def test_what_is_asked_for_by_its_check_is_what_the_whole_list_shows_so(
    town: Town, each_engine: Engine, kind: str
) -> None:
    """On every position of the story."""
    follow(Told(town), each_engine)
    told = set()
    for known_at in range(len(town.books.entries)):
        whole = page(each_engine, NOUNS[kind], Wanted(known_at=known_at), limit=500).items
        told.update((one.id, one.checked) for one in whole)
        for checked in (True, False):
            wanted = Wanted(checked=checked, known_at=known_at)
            found = page(each_engine, NOUNS[kind], wanted, limit=500).items
            assert found == tuple(one for one in whole if one.checked is checked)
    assert {checked for _, checked in told} == {True, False}


@pytest.mark.parametrize("kind", ["asset", "project"])
def test_a_list_of_then_and_a_trace_of_then_say_the_same(town: Town, engine: Engine, kind: str) -> None:
    """An entry that was struck waited until then, and no longer."""
    told = Told(town)
    follow(told, engine)
    for known_at in range(told.size()):
        for one in page(engine, NOUNS[kind], Wanted(known_at=known_at), limit=500).items:
            assert trace(told, one.id, known_at=known_at).checked is one.checked, (one.id, known_at)
