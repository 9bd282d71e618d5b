"""D7: any two points of two clocks can be compared, and the entries that made the difference are named."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from domain.errors import BadShape, NotFound
from projections.diff import Diff, diff
from projections.labels import class_label
from projections.trace import trace
from tests.projections.log import QINGXI, VILLAGE, Log, an_id


def told(found: Diff) -> dict[str, tuple[object, object, tuple[int, ...]]]:
    """Field -> (value before, value after, positions of the entries responsible)."""
    return {
        one.field: (
            None if one.before is None else one.before.value,
            None if one.after is None else one.after.value,
            one.by,
        )
        for one in found.differences
    }


def test_d7_between_two_days_a_class_was_determined(log: Log) -> None:
    project = log.list("QX-0007", on="2023-05-01")
    at = log.determine(project, an_id("proposal", "1"), "idle", on="2025-03-01") + 1
    found = diff(log, project, "2024-12-31", "2025-12-31")
    assert told(found)["class"] == (None, "idle", (at,))
    assert "scale" not in told(found), "what held on both days is no difference"
    assert at in [one.position for one in found.entries]
    assert [one.position for one in found.entries] == sorted(
        {at for one in found.differences for at in one.by}
    )


def test_d7_on_the_day_itself_it_holds_and_the_day_before_it_does_not(log: Log) -> None:
    project = log.list("QX-0007", on="2023-05-01")
    log.determine(project, an_id("proposal", "1"), "idle", on="2025-03-01")
    assert told(diff(log, project, "2025-02-28", "2025-03-01"))["class"][:2] == (None, "idle")
    assert diff(log, project, "2025-03-01", "2025-03-02").differences == ()
    assert diff(log, project, "2025-02-27", "2025-02-28").differences == ()


def test_d7_backwards_the_same_entry_is_what_is_not_said_yet(log: Log) -> None:
    project = log.list("QX-0007", on="2023-05-01")
    at = log.determine(project, an_id("proposal", "1"), "idle", on="2025-03-01") + 1
    assert told(diff(log, project, "2025-12-31", "2024-12-31"))["class"] == ("idle", None, (at,))


def test_d7_what_was_entered_between_two_positions_differs_for_the_same_day(log: Log) -> None:
    project = log.list("QX-0007", on="2023-05-01")
    log.determine(project, an_id("proposal", "1"), "weak", on="2025-03-01")
    known = log.size() - 1
    at = log.determine(project, an_id("proposal", "2"), "idle", on="2024-03-01") + 1
    late = diff(log, project, "2024-06-01", "2024-06-01", known, None)
    assert told(late)["class"] == (None, "idle", (at,))
    assert "class" not in told(diff(log, project, "2025-06-01", "2025-06-01", known, None)), (
        "a late fact of 2024 does not hide what holds in 2025"
    )


def test_d12_a_correction_is_what_made_the_difference_for_a_day_before_it(log: Log) -> None:
    project = log.list("QX-0007", on="2023-05-01", scale="十亩")
    known = log.size() - 1
    at = log.correct(project, an_id("proposal", "1"), 1, "scale", "十亩", "二十亩") + 1
    found = diff(log, project, "2023-05-01", "2023-05-01", known, None)
    assert told(found) == {"scale": ("十亩", "二十亩", (at,))}
    assert [one.event for one in found.entries] == ["project.corrected.v1"]


def test_d10_an_opinion_withdrawn_is_a_difference_made_by_the_withdrawal(log: Log) -> None:
    project = log.list("QX-0007")
    log.opine(project, an_id("proposal", "1"), "weak", on="2026-11-01")
    log.opine(project, an_id("proposal", "2"), "idle", on="2026-11-02")
    known = log.size() - 1
    at = log.withdraw(project, an_id("proposal", "2"))
    found = told(diff(log, project, from_known_at=known))
    assert found["opined_class"] == ("idle", "weak", (at,)), (
        "what holds again was said before: the withdrawal did it"
    )


def test_d12_the_entry_superseded_and_the_one_that_took_its_place(log: Log) -> None:
    project = log.list("QX-0007", on="2023-05-01", scale="十亩")
    known = log.size() - 1
    at = log.supersede(project, "QX-0007", on="2024-05-01", scale="二十亩")
    after = told(diff(log, project, "2025-01-01", "2025-01-01", known, None))
    assert after == {"scale": ("十亩", "二十亩", (at,))}
    gone = told(diff(log, project, "2023-06-01", "2023-06-01", known, None))
    assert gone["scale"] == ("十亩", None, (at,)), "for a day before the new one nothing is said any more"


def test_d7_any_noun_is_compared_an_area_that_was_moved(log: Log) -> None:
    state = {"area": VILLAGE, "occurred_on": "2026-11-20", "parent": an_id("area", "外地")}
    at = log.record(("area.moved.v1", VILLAGE, state), on="2026-11-20")
    found = diff(log, VILLAGE, "2026-11-19", "2026-11-20")
    assert told(found) == {"parent": (QINGXI, an_id("area", "外地"), (at,))}


def test_d7_of_a_subject_not_known_by_then_everything_is_new(log: Log) -> None:
    known = log.size() - 1
    project = log.list("QX-0007")
    found = diff(log, project, from_known_at=known)
    assert all(one.before is None for one in found.differences)
    assert {one.by for one in found.differences} == {(log.size() - 1,)}


def test_id_2_a_subject_that_nobody_named_cannot_be_compared(log: Log) -> None:
    project = log.list("QX-0007")
    with pytest.raises(NotFound):
        diff(log, an_id("project", "nowhere"))
    with pytest.raises(NotFound):
        diff(log, project, from_known_at=0, to_known_at=log.size() - 2)


@pytest.mark.parametrize("day", ["昨天", "2025-13-01", ""])
def test_cmd_2_a_day_that_is_none_is_refused(log: Log, day: str) -> None:
    project = log.list("QX-0007")
    with pytest.raises(BadShape):
        diff(log, project, day, "2025-01-01")


def test_a_difference_reads_in_chinese_and_as_json(log: Log) -> None:
    project = log.list("QX-0007", on="2023-05-01")
    at = log.determine(project, an_id("proposal", "1"), "idle", on="2025-03-01") + 1
    found = diff(log, project, "2024-12-31", "2025-12-31")
    text = found.as_text()
    assert f"认定分类：未载 → {class_label('idle')}（第 {at} 号）" in text
    assert "乡党委书记" in text
    assert found.as_dict()["before"] == {"as_of": "2024-12-31", "known_at": log.size() - 1}
    nothing = diff(log, project, "2025-12-31", "2026-01-01").as_text()
    assert "没有差异" in nothing


DAYS = st.sampled_from(["2023-01-01", "2024-01-01", "2025-01-01", "2026-01-01"])
WORDS = st.lists(st.tuples(st.sampled_from(["class", "opine", "withdraw", "supersede"]), DAYS), max_size=7)


@settings(max_examples=60, deadline=None)
@given(WORDS, DAYS, DAYS, st.data())
def test_d7_the_difference_is_that_of_two_traces_and_the_same_both_ways(
    words: list[tuple[str, str]], first: str, second: str, data: st.DataObject
) -> None:
    log = Log().begin()
    project, entered, open_ = log.list("QX-0007", on="2023-01-01", scale="0 亩"), 1, []
    start = log.size() - 1
    for number, (word, on) in enumerate(words, start=1):
        proposal = an_id("proposal", str(number))
        if word == "class":
            log.determine(project, proposal, ["weak", "idle"][number % 2], on=on)
        elif word == "opine":
            log.opine(project, proposal, ["weak", "idle"][number % 2], on=on)
            open_.append(proposal)
        elif word == "supersede":
            log.supersede(project, "QX-0007", on=on, supersedes=entered, scale=f"{number} 亩")
            entered = log.version(project)
        elif open_:
            log.withdraw(project, open_.pop())
    points = st.integers(start, log.size() - 1)
    one, other = data.draw(points), data.draw(points)
    found = diff(log, project, first, second, one, other)
    was, now = trace(log, project, first, one), trace(log, project, second, other)
    values = {held.field: held.value for held in was.state}, {held.field: held.value for held in now.state}
    names = {name for state in values for name in state}
    assert set(told(found)) == {name for name in names if values[0].get(name) != values[1].get(name)} | {
        name for name in names if (name in values[0]) != (name in values[1])
    }
    for differing in found.differences:
        assert differing.by, "every difference has what made it"
        assert all(position <= max(one, other) for position in differing.by)
    back = diff(log, project, second, first, other, one)
    assert {(d.field, d.by) for d in back.differences} == {(d.field, d.by) for d in found.differences}
