"""Pages of a noun: a stable order, filters by area, field and check, and the past by two clocks (D7)."""

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import Engine, create_engine, event
from sqlalchemy.pool import StaticPool

from domain.errors import BadShape
from projections.database import prepare
from projections.follow import follow
from projections.nouns import NOUNS
from projections.pages import LIMIT_MAX, Page, page
from projections.trace import trace
from projections.wanted import Wanted
from tests.projections.log import ELSEWHERE, QINGXI, VILLAGE, Log, an_id, line

PROJECTS = NOUNS["project"]


def listed(engine: Engine, noun: str = "project", **wanted: Any) -> Page:
    return page(engine, NOUNS[noun], Wanted(**wanted), limit=LIMIT_MAX)


def numbers(engine: Engine, **wanted: Any) -> list[str]:
    return [item.fields["number"] for item in listed(engine, **wanted).items]


def test_pages_follow_each_other_in_the_order_of_entry_and_end(log: Log, each_engine: Engine) -> None:
    projects = [log.list(f"QX-{number}") for number in (3, 1, 2, 5, 4)]
    follow(log, each_engine)
    first = page(each_engine, PROJECTS, limit=2)
    assert [item.id for item in first.items] == projects[:2]
    second = page(each_engine, PROJECTS, after=first.more, limit=2)
    assert [item.id for item in second.items] == projects[2:4]
    third = page(each_engine, PROJECTS, after=second.more, limit=2)
    assert ([item.id for item in third.items], third.more) == (projects[4:], None)
    assert page(each_engine, PROJECTS, limit=5).more is None, (
        "a full page that is the last has nothing after it"
    )


def test_what_is_entered_between_two_pages_comes_last_and_moves_nothing(log: Log, engine: Engine) -> None:
    projects = [log.list(f"QX-{number}") for number in (1, 2, 3)]
    follow(log, engine)
    first = page(engine, PROJECTS, limit=2)
    log.determine(projects[0], an_id("proposal", "1"), "idle", on="2026-11-01")
    projects.append(log.list("QX-0"))
    follow(log, engine)
    second = page(engine, PROJECTS, after=first.more, limit=2)
    assert [item.id for item in second.items] == projects[2:]


ODD = '甲“乙”"丙"\\丁/戊_己 100% Ab'


@pytest.mark.parametrize("part", [ODD, '"丙"', "\\丁", "丁/戊_", "0% a", "B", "乙"])
def test_d7_what_bore_a_name_then_is_found_by_it_whatever_it_is_called_now(
    log: Log, each_engine: Engine, part: str
) -> None:
    project = log.list("QX-1", name=ODD)
    other = log.list("QX-2", name="己_戊/丁")
    then = log.size() - 1
    log.supersede(project, "QX-1", on="2025-01-01", name="改名了")
    follow(log, each_engine)
    assert numbers(each_engine, known_as=part, known_at=then) == ["QX-1"]
    assert numbers(each_engine, known_as=part) == []
    assert numbers(each_engine, known_as="改名", known_at=then) == []
    assert numbers(each_engine, known_as="改名") == ["QX-1"]
    assert other in {item.id for item in listed(each_engine, known_at=then).items}


@pytest.mark.parametrize("wanted", [{"known_as": "没有的"}, {"fields": {"class": "idle"}}])
def test_d7_of_a_past_only_rows_are_read_of_which_it_was_ever_said(
    log: Log, engine: Engine, wanted: dict[str, Any]
) -> None:
    asked: list[int] = []
    for number in (1, 900):
        for one in range(number):
            log.list(f"QX-{number}-{one}")
        follow(log, engine)
        statements: list[str] = []
        event.listen(engine, "before_cursor_execute", lambda *said, kept=statements: kept.append(said[2]))
        assert numbers(engine, known_at=log.size() - 1, **wanted) == []
        asked.append(len(statements))
    assert asked[0] == asked[1]


def test_a_page_says_up_to_where_the_rows_are(log: Log, engine: Engine) -> None:
    log.list("QX-1")
    follow(log, engine)
    log.list("QX-2")
    found = listed(engine)
    assert (found.next, len(found.items)) == (log.size() - 1, 1)


def test_an_area_includes_what_lies_in_it_now_and_no_area_admits_nothing(log: Log, engine: Engine) -> None:
    log.list("QX-1", areas=[VILLAGE])
    log.list("QX-2", areas=[QINGXI])
    log.list("QX-3", areas=[ELSEWHERE])
    follow(log, engine)
    assert numbers(engine, areas=frozenset({QINGXI})) == ["QX-1", "QX-2"]
    assert numbers(engine, areas=frozenset({VILLAGE})) == ["QX-1"]
    assert numbers(engine, areas=frozenset({VILLAGE, ELSEWHERE})) == ["QX-1", "QX-3"]
    assert numbers(engine, areas=frozenset()) == []


def test_fields_choose_by_value_and_by_what_was_not_said(log: Log, each_engine: Engine) -> None:
    idle = log.list("QX-1")
    log.list("QX-2", areas=[ELSEWHERE])
    log.determine(idle, an_id("proposal", "1"), "idle", on="2026-11-01")
    follow(log, each_engine)
    assert numbers(each_engine, fields={"class": "idle"}) == ["QX-1"]
    assert numbers(each_engine, fields={"class": ""}) == ["QX-2"]
    assert numbers(each_engine, fields={"external": True}) == ["QX-2"]
    assert numbers(each_engine, fields={"external": False, "class": ""}) == []


def test_d9_checked_and_unchecked(log: Log, each_engine: Engine) -> None:
    project = log.list("QX-1")
    log.list("QX-2")
    log.check(project)
    follow(log, each_engine)
    assert (numbers(each_engine, checked=True), numbers(each_engine, checked=False)) == (["QX-1"], ["QX-2"])
    assert [item.checked for item in listed(each_engine).items] == [True, False]


def test_a_part_of_a_number_or_name_and_nothing_of_it_is_a_pattern(log: Log, each_engine: Engine) -> None:
    log.list("QX-1", name="香菇大棚")
    log.list("QX-2", name="冷库%")
    follow(log, each_engine)
    assert numbers(each_engine, known_as="大棚") == ["QX-1"]
    assert numbers(each_engine, known_as="QX-2") == ["QX-2"]
    for past in ({}, {"as_of": "2026-12-31"}):  # on every store and of every day alike
        assert numbers(each_engine, known_as="qx-2", **past) == ["QX-2"]
    assert numbers(each_engine, known_as="%") == ["QX-2"]
    assert numbers(each_engine, known_as="_") == []


def test_d7_a_page_of_a_day_shows_and_filters_what_held_then(log: Log, engine: Engine) -> None:
    project = log.list("QX-1", on="2023-05-01")
    log.list("QX-2", on="2025-05-01")
    log.determine(project, an_id("proposal", "1"), "weak", on="2024-03-01")
    log.determine(project, an_id("proposal", "2"), "idle", on="2025-03-01")
    follow(log, engine)
    assert numbers(engine, as_of="2024-12-31") == ["QX-1"], "the other did not exist"
    assert numbers(engine, as_of="2024-12-31", fields={"class": "weak"}) == ["QX-1"]
    assert numbers(engine, as_of="2024-12-31", fields={"class": "idle"}) == []
    assert numbers(engine, as_of="2023-12-31", fields={"class": ""}) == ["QX-1"]
    assert numbers(engine, as_of="2025-12-31", fields={"class": ""}) == ["QX-2"]
    assert numbers(engine, as_of="2025-12-31", fields={"external": True}) == []
    assert numbers(engine, as_of="2025-12-31", fields={"external": False}) == ["QX-1", "QX-2"]
    assert listed(engine, as_of="2024-12-31").items[0].last_position is None


def test_d7_a_page_known_at_a_position_shows_nothing_later(log: Log, engine: Engine) -> None:
    project = log.list("QX-1", scale="十亩")
    known = log.size() - 1
    log.list("QX-2")
    log.correct(project, an_id("proposal", "1"), 1, "scale", "十亩", "二十亩")
    follow(log, engine)
    (item,) = listed(engine, known_at=known).items
    assert item.fields["scale"] == "十亩"
    assert listed(engine).items[0].fields["scale"] == "二十亩"


def test_d9_what_was_checked_later_was_not_checked_by_then(log: Log, engine: Engine) -> None:
    alone = log.list("QX-1")
    batch = an_id("batch", "1")
    outcome = log.load(batch, ["QX-2", "QX-3"])
    first = log.check(alone)
    second = log.check_batch(batch, outcome, excepted=[1])
    follow(log, engine)
    assert numbers(engine, known_at=first - 1, checked=True) == []
    assert numbers(engine, known_at=first, checked=True) == ["QX-1"]
    assert numbers(engine, known_at=second - 1, checked=False) == ["QX-2", "QX-3"]
    assert numbers(engine, known_at=second, checked=True) == ["QX-1", "QX-2"]


def test_d20_derived_totals_stand_beside_what_was_stated(log: Log, engine: Engine) -> None:
    log.list("QX-1", fund_lines=[line(100), line(20)], total_fen=130)
    log.list("QX-2", fund_lines=[line(5)], total_fen=None)
    follow(log, engine)
    assert [dict(item.sums) for item in listed(engine).items] == [
        {"total_fen": 120, "stated_fen": 130, "difference_fen": 10},
        {"total_fen": 5, "stated_fen": None, "difference_fen": None},
    ]


def test_any_noun_is_paged_dated_or_not(log: Log, each_engine: Engine) -> None:
    project = log.list("QX-1")
    proposal = an_id("proposal", "1")
    log.opine(project, proposal, "idle", on="2026-11-01")
    log.load(an_id("batch", "1"), ["QX-2"])
    follow(log, each_engine)
    areas = listed(each_engine, "area").items
    assert [item.fields["name"] for item in areas] == ["青溪乡", "青溪村", "外地"]
    assert areas[0].checked is None
    (waiting,) = listed(each_engine, "proposal", fields={"status": "open"}).items
    assert (waiting.id, waiting.fields["subject"]) == (proposal, project)
    assert waiting.fields["needs"] == [["checks", "service_centre"], ["seals", "township"]]
    assert listed(each_engine, "proposal", fields={"status": "withdrawn"}).items == ()
    assert [item.fields["rows"] for item in listed(each_engine, "batch").items] == [1]


@pytest.mark.parametrize("cursor", ["", "x", "-1", "１", "1.0", "9" * 30])
def test_cmd_2_a_cursor_that_no_page_gave_is_refused(engine: Engine, cursor: str) -> None:
    with pytest.raises(BadShape, match="游标"):
        page(engine, PROJECTS, after=cursor)


@pytest.mark.parametrize("limit", [0, -1, LIMIT_MAX + 1])
def test_cmd_2_a_limit_out_of_bounds_is_refused(engine: Engine, limit: int) -> None:
    with pytest.raises(BadShape, match="每页"):
        page(engine, PROJECTS, limit=limit)
    page(engine, PROJECTS, limit=LIMIT_MAX)


@pytest.mark.parametrize(
    ("noun", "wanted"),
    [
        ("project", {"fields": {"colour": "red"}}),
        ("project", {"fields": {"said": "[]"}}),
        ("project", {"fields": {"total_fen": "1"}}),
        ("proposal", {"checked": True}),
        ("proposal", {"areas": frozenset({QINGXI})}),
        ("proposal", {"as_of": "2026-11-01"}),
        ("batch", {"known_at": 3}),
        ("project", {"as_of": "昨天"}),
    ],
)
def test_cmd_2_what_a_noun_cannot_be_asked_is_refused(
    engine: Engine, noun: str, wanted: dict[str, Any]
) -> None:
    with pytest.raises(BadShape):
        listed(engine, noun, **wanted)


def test_many_rows_are_read_in_several_goes_and_none_is_lost(log: Log, engine: Engine) -> None:
    for number in range(450):
        log.list(f"QX-{number}", on="2024-05-01" if number % 3 else "2026-05-01")
    follow(log, engine)
    assert len(numbers(engine)) == 450
    assert numbers(engine, as_of="2025-01-01") == [f"QX-{number}" for number in range(450) if number % 3]
    turned, after = [], None
    while True:
        found = page(engine, PROJECTS, Wanted(as_of="2025-01-01"), after, 7)
        turned += [item.fields["number"] for item in found.items]
        after = found.more
        if after is None:
            break
    assert turned == numbers(engine, as_of="2025-01-01")


DAYS = st.sampled_from(["2023-01-01", "2024-01-01", "2025-01-01"])


@settings(max_examples=30, deadline=None)
@given(
    st.lists(st.tuples(st.sampled_from(["list", "class", "check", "correct"]), DAYS), max_size=8),
    DAYS,
    st.data(),
)
def test_d7_an_item_shows_what_the_trace_shows(
    words: list[tuple[str, str]], day: str, data: st.DataObject
) -> None:
    log = Log().begin()
    projects = [log.list("QX-0", on="2024-01-01", scale="0 亩")]
    checked: set[str] = set()
    corrected: set[str] = set()
    for number, (word, on) in enumerate(words, start=1):
        project, proposal = projects[number % len(projects)], an_id("proposal", str(number))
        if word == "list":
            projects.append(log.list(f"QX-{number}", on=on))
        elif word == "class":
            log.determine(project, proposal, ["weak", "idle"][number % 2], on=on)
        elif word == "check" and project not in checked:
            checked.add(project)
            log.check(project)
        elif word == "correct" and project not in corrected:
            corrected.add(project)
            log.correct(project, proposal, 1, "scale", "", f"{number} 亩")
    known = data.draw(st.integers(10, log.size() - 1))
    engine = prepare(create_engine("sqlite://", poolclass=StaticPool))
    follow(log, engine)
    shown = {item.id: item for item in listed(engine, as_of=day, known_at=known).items}
    for project in projects:
        first = next(log.of_subject(project)).position
        found = trace(log, project, day, known) if first <= known else None
        if found is None or not found.state:
            assert project not in shown
        else:
            assert {one.field: one.value for one in found.state} == shown[project].fields
            assert found.checked == shown[project].checked
    engine.dispose()
