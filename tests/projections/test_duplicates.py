"""What was registered twice is seen twice and counted once; what was struck is seen and not counted (CORR-6 to CORR-8)."""

import pytest
from sqlalchemy import Engine

from domain.values import days_after
from projections.follow import follow
from projections.load import sessions
from projections.nouns import NOUNS
from projections.pages import page
from projections.rebuild import rebuild
from projections.register import Sum, register, tallied
from projections.timeline import timeline
from projections.trace import trace
from projections.wanted import Wanted
from tests.domain import estate
from tests.domain import test_correction_kinds as corrections
from tests.domain import test_load as loads
from tests.domain.story import TODAY, WAN, Town, identity, settled
from tests.projections.rows import row_of
from tests.projections.test_estate import Told, booked


@pytest.fixture
def town() -> Town:
    return settled()


def counted(one: Sum) -> int:
    return one.checked.count + one.unchecked.count


@pytest.mark.parametrize("noun", corrections.NOUNS)
def test_corr_8_a_duplicate_of_any_noun_stands_in_the_register_and_not_in_its_sums(
    town: Town, noun: str, each_engine: Engine
) -> None:
    told = Told(town)
    (one, its_name), (two, name) = corrections.things(town, noun)
    follow(told, each_engine)
    before = register(each_engine, NOUNS[noun])
    unlike = corrections.UNLIKE.get(noun, "")
    corrections.propose(town, corrections.twice(two, name, one, its_name, unlike=unlike))
    made = corrections.check(town)[1]
    for _ in range(2):
        follow(told, each_engine)
        after = register(each_engine, NOUNS[noun])
        assert [row["id"] for row in after.rows] == [row["id"] for row in before.rows]
        assert {row["duplicate_of"] for row in after.rows if row["id"] == two} == {one}
        assert counted(after.sums.all) == counted(before.sums.all) - 1
        # Summed up row by row, for a filter that no tally knows, it is the same.
        found = register(each_engine, NOUNS[noun], Wanted(known_as=name))
        assert counted(found.sums.all) == len(found.rows) - sum(
            bool(row["duplicate_of"]) for row in found.rows
        )
        assert rebuild(told, each_engine).differences == ()
    shown = trace(told, two)
    assert shown.value("duplicate_of") == one
    before_that = trace(told, two, known_at=made.position - 1)
    assert before_that.value("duplicate_of") is None
    assert shown.marks == [*before_that.marks, "重复登记"]
    assert "【重复登记】" in shown.as_text().splitlines()[0]
    assert "【重复登记】" not in before_that.as_text()
    assert "重复登记，留存的是" in shown.as_text()
    back = corrections.asked(two, name, "slip", ("duplicate_of", one, ""), version=made.version)
    corrections.propose(town, back | {"proposal": identity("proposal", "恢复")})
    corrections.check(town, "恢复")
    follow(told, each_engine)
    assert register(each_engine, NOUNS[noun]).sums == before.sums
    assert rebuild(told, each_engine).differences == ()


def test_corr_8_a_duplicate_that_lies_alone_is_listed_and_not_counted(
    town: Town, each_engine: Engine
) -> None:
    """In its village, and with its check, there is no other."""
    told, shan = Told(town), identity("area", "shan")
    one, two = town.listed("油茶基地"), identity("project", "又一")
    town.listed("又一", by="typist", areas=[shan], area_label="山背村")
    for name in ("又一", "油茶基地"):
        town.when("project.endorse.v1", town.endorsement(name), "centre")
    town.listed("未核的")
    twice = corrections.twice(two, "又一", one, "油茶基地")
    corrections.propose(town, twice, by="typist")
    corrections.check(town)
    follow(told, each_engine)
    for wanted in ({"areas": frozenset({shan})}, {"areas": frozenset({shan}), "checked": True}):
        found = register(each_engine, NOUNS["project"], Wanted(**wanted))
        assert ([row["id"] for row in found.rows], counted(found.sums.all)) == ([two], 0)
        assert [item.id for item in page(each_engine, NOUNS["project"], Wanted(**wanted)).items] == [two]
    assert [item.id for item in page(each_engine, NOUNS["project"], Wanted(checked=True)).items] == [one, two]
    lines, _ = tallied(each_engine, [NOUNS["project"]], frozenset({shan}))
    assert lines == {"project": []}
    assert rebuild(told, each_engine).differences == ()


def test_corr_8_the_money_of_a_duplicate_is_counted_once(town: Town, each_engine: Engine) -> None:
    told = Told(town)
    (one, its_name), (two, name) = corrections.things(town, "asset")
    follow(told, each_engine)
    assert register(each_engine, NOUNS["asset"]).sums.all.checked.fen[0] == 104 * WAN
    corrections.propose(town, corrections.twice(two, name, one, its_name))
    corrections.check(town)
    follow(told, each_engine)
    assert register(each_engine, NOUNS["asset"]).sums.all.checked.fen[0] == 54 * WAN
    duplicate = row_of(each_engine, NOUNS["asset"], two)
    assert duplicate is not None
    assert duplicate["original_fen"] == 50 * WAN


def test_corr_5_a_struck_entry_is_told_and_neither_counted_nor_checked(
    town: Town, each_engine: Engine
) -> None:
    told = Told(town)
    asset, twin = estate.checked(town), estate.checked(town, corrections.TWIN)
    booked(town, 5 * WAN)
    follow(told, each_engine)
    row = row_of(each_engine, NOUNS["asset"], asset)
    assert row is not None
    assert (row["additions_fen"], row["checked"]) == (5 * WAN, False)
    right = {"version": 3, "instead": twin, "instead_name": corrections.TWIN}
    corrections.propose(town, corrections.asked(asset, estate.COLD_STORE, "wrong_subject", **right))
    at = corrections.check(town)[1].position
    follow(told, each_engine)
    row = row_of(each_engine, NOUNS["asset"], asset)
    assert row is not None
    assert (row["additions_fen"], row["checked"]) == (0, True)
    struck = next(item for item in timeline(told, asset) if item.event == "asset.booked.v1")
    assert [change.withdrawn_at for change in struck.changes] == [at]
    assert "更正（记错对象）：第 3 版整条" in trace(told, asset).as_text().replace("\n", "").replace(
        " ", ""
    ).replace("第3版", "第 3 版")
    assert rebuild(told, each_engine).differences == ()


def test_load_4_the_line_of_a_session_counts_once_what_was_loaded_twice(
    town: Town, each_engine: Engine
) -> None:
    told = Told(town)
    loads.opened(town)
    loads.load(town)
    loads.load(town, "油茶基地二")
    follow(told, each_engine)
    assert sessions(each_engine, TODAY)[0].loaded["projects"]["count"] == 2
    one, two = identity("project", "油茶基地"), identity("project", "油茶基地二")
    corrections.propose(town, corrections.twice(two, "油茶基地二", one, "油茶基地"))
    corrections.check(town)
    follow(told, each_engine)
    assert sessions(each_engine, days_after(TODAY, 1))[0].loaded["projects"]["count"] == 1
