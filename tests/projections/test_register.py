"""The register: which rows a filter admits, and sums in two columns (D9), external sources apart (D22)."""

from typing import Any

import pytest
from sqlalchemy import Engine

from projections.follow import follow
from projections.nouns import NOUNS
from projections.register import Column, Register, Sum
from projections.register import register as register_of
from projections.wanted import Wanted
from tests.projections.log import ELSEWHERE, QINGXI, Log, an_id, line

NOTHING = Column(0, 0, (0, 0))


def register(engine: Engine, **page: Any) -> Register:
    return register_of(engine, NOUNS["project"], **page)


def numbers(engine: Engine, **wanted: Any) -> list[str]:
    return [row["number"] for row in register(engine, wanted=Wanted(**wanted)).rows]


def test_d9_sums_stand_in_two_columns_and_an_endorsement_moves_a_project_across(
    log: Log, each_engine: Engine
) -> None:
    log.list("QX-1", fund_lines=[line(100), line(20)], total_fen=120)
    project = log.list("QX-2", fund_lines=[line(5)], total_fen=None)
    follow(log, each_engine)
    assert register(each_engine).sums.all == Sum(NOTHING, Column(2, 1, (125, 120)))
    log.check(project)
    follow(log, each_engine)
    assert register(each_engine).sums.all == Sum(Column(1, 1, (5, 0)), Column(1, 0, (120, 120)))


def test_d9_a_batch_endorsed_checks_its_rows_but_for_the_excepted(log: Log, engine: Engine) -> None:
    outcome = log.load(an_id("batch", "1"), ["QX-1", "QX-2", "QX-3"])
    log.load(an_id("batch", "2"), ["QX-4"])
    log.list("QX-5")
    follow(log, engine)
    assert numbers(engine, checked=True) == []
    log.check_batch(an_id("batch", "1"), outcome, excepted=[1])
    follow(log, engine)
    assert numbers(engine, checked=True) == ["QX-1", "QX-3"]
    assert numbers(engine, checked=False) == ["QX-2", "QX-4", "QX-5"]
    log.check(an_id("project", "QX-2"))
    follow(log, engine)
    assert numbers(engine, checked=True) == ["QX-1", "QX-2", "QX-3"]


def test_d9_a_batch_and_its_endorsement_in_one_transaction_come_out_the_same(
    log: Log, engine: Engine
) -> None:
    log.check_batch(an_id("batch", "1"), log.load(an_id("batch", "1"), ["QX-1", "QX-2"]), excepted=[0])
    follow(log, engine)
    assert (numbers(engine, checked=True), numbers(engine, checked=False)) == (["QX-2"], ["QX-1"])


def test_d22_external_sources_are_counted_apart_and_not_among_our_own(log: Log, each_engine: Engine) -> None:
    log.list("QX-1", fund_lines=[line(100)], total_fen=100)
    log.list("WD-1", areas=[ELSEWHERE], area_label="外地", fund_lines=[line(7)], total_fen=7)
    follow(log, each_engine)
    sums = register(each_engine).sums
    assert sums.all == Sum(NOTHING, Column(1, 0, (100, 100)))
    assert sums.external == Sum(NOTHING, Column(1, 0, (7, 7)))
    assert numbers(each_engine, fields={"external": True}) == ["WD-1"]
    assert numbers(each_engine, fields={"external": False}) == ["QX-1"]


def test_sums_per_class_add_up_to_all(log: Log, each_engine: Engine) -> None:
    for number, class_ in enumerate(["weak", "weak", "idle", ""]):
        project = log.list(f"QX-{number}", fund_lines=[line(10**number)], total_fen=0)
        if class_:
            log.determine(project, an_id("proposal", str(number)), class_, on="2026-11-01")
    follow(log, each_engine)
    sums = register(each_engine).sums
    assert {name: one.unchecked.fen[0] for name, one in sums.by.items()} == {
        "advantaged": 0,
        "weak": 11,
        "idle": 100,
        "eliminated": 0,
        "": 1000,
    }
    assert sums.all.unchecked == Column(4, 0, (1111, 0))
    assert numbers(each_engine, fields={"class": "weak"}) == ["QX-0", "QX-1"]
    assert numbers(each_engine, fields={"class": ""}) == ["QX-3"]
    assert register(each_engine, wanted=Wanted(fields={"class": "weak"})).sums.all.unchecked == Column(
        2, 0, (11, 0)
    )


def test_d10_an_opinion_is_no_class_until_the_township_has_sealed_it(log: Log, engine: Engine) -> None:
    project = log.list("QX-1")
    log.opine(project, an_id("proposal", "1"), "weak", on="2026-11-01")
    follow(log, engine)
    (row,) = register(engine).rows
    assert (row["class"], row["opined_class"], row["opined_stage"]) == ("", "weak", "village")


def test_d10_a_withdrawn_proposal_takes_its_opinion_out_of_the_register(log: Log, engine: Engine) -> None:
    project = log.list("QX-1")
    log.opine(project, an_id("proposal", "1"), "weak", on="2026-11-01")
    log.withdraw(project, an_id("proposal", "1"))
    follow(log, engine)
    (row,) = register(engine).rows
    assert (row["opined_class"], row["opined_stage"]) == ("", "")


def test_d7_a_late_move_of_2024_does_not_hide_that_of_2025(log: Log, engine: Engine) -> None:
    village, other = log.area("山背村", "village", QINGXI, on="2023-01-01"), log.area("白云乡", "town", "")
    log.list("QX-1", areas=[village])
    for on, parent in (("2025-01-01", other), ("2024-01-01", QINGXI)):
        log.record(("area.moved.v1", village, {"area": village, "occurred_on": on, "parent": parent}), on=on)
    follow(log, engine)
    assert numbers(engine, areas=frozenset({other})) == ["QX-1"]
    assert numbers(engine, areas=frozenset({QINGXI})) == []


def test_d7_a_late_class_of_2024_does_not_hide_that_of_2025_in_the_register(log: Log, engine: Engine) -> None:
    project = log.list("QX-1", on="2023-01-01")
    log.determine(project, an_id("proposal", "1"), "weak", on="2025-03-01")
    log.determine(project, an_id("proposal", "2"), "idle", on="2024-03-01")
    follow(log, engine)
    assert register(engine).rows[0]["class"] == "weak"
    log.determine(project, an_id("proposal", "3"), "idle", on="2025-03-02")
    follow(log, engine)
    assert register(engine).rows[0]["class"] == "idle"


def test_d19_an_area_includes_what_lies_in_it_now_and_a_project_may_have_several(
    log: Log, each_engine: Engine
) -> None:
    village, other = an_id("area", "青溪村"), log.area("白云乡", "town", "")
    log.list("QX-1", areas=[village])
    log.list("QX-2", areas=[village, other])
    log.list("BY-1", areas=[other])
    follow(log, each_engine)
    assert numbers(each_engine, areas=frozenset({QINGXI})) == ["QX-1", "QX-2"]
    assert numbers(each_engine, areas=frozenset({other})) == ["QX-2", "BY-1"]
    log.record(("area.moved.v1", village, {"area": village, "occurred_on": "2026-11-20", "parent": other}))
    follow(log, each_engine)
    assert numbers(each_engine, areas=frozenset({QINGXI})) == []
    assert numbers(each_engine, areas=frozenset({other})) == ["QX-1", "QX-2", "BY-1"]


def test_a_row_superseded_is_what_it_was_rewritten_to(log: Log, engine: Engine) -> None:
    project = log.list("QX-1", fund_lines=[line(1), line(2)])
    follow(log, engine)
    log.supersede(project, "QX-9", on="2025-01-01", areas=[ELSEWHERE], fund_lines=[line(3)], notes=["PROJ-3"])
    follow(log, engine)
    (row,) = register(engine).rows
    assert (row["number"], row["total_fen"], len(row["fund_lines"]), row["external"]) == ("QX-9", 3, 1, True)
    assert row["notes"] == ["PROJ-3"]


def test_a_part_of_a_number_or_name_finds_and_a_percent_sign_is_only_itself(log: Log, engine: Engine) -> None:
    log.list("QX-0007", name="香菇大棚")
    log.list("QX-0008", name="蜂场 100%")
    follow(log, engine)
    assert numbers(engine, known_as="0007") == ["QX-0007"]
    assert numbers(engine, known_as="蜂") == ["QX-0008"]
    assert numbers(engine, known_as="%") == ["QX-0008"]


@pytest.mark.parametrize(("limit", "pages"), [(1, 3), (2, 2), (3, 1)])
def test_pages_follow_one_another_and_carry_the_sums_of_all(
    log: Log, engine: Engine, limit: int, pages: int
) -> None:
    for number in range(3):
        log.list(f"QX-{number}")
    follow(log, engine)
    shown, after, count = [], None, 0
    while True:
        page = register(engine, after=after, limit=limit)
        shown += [row["number"] for row in page.rows]
        assert (page.sums.all.unchecked.count, page.next) == (3, log.size())
        after, count = page.more, count + 1
        if after is None:
            break
    assert (shown, count) == (["QX-0", "QX-1", "QX-2"], pages)
