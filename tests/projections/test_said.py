"""D7: of what was said, the latest business date holds; of one date, what was said last."""

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from domain.assertions import FOREVER
from domain.base import recall
from domain.project import DATED, Project
from projections.entry import read
from projections.project import LISTED
from projections.said import Said, Saying
from projections.timeline import tell
from tests.projections.log import CENTRE, Log, an_id, line

DAYS = st.sampled_from(["2023-06-01", "2024-06-01", "2025-06-01", "2026-06-01"])


def said_of(log: Log, subject: str) -> Said:
    told = tell(read(log, log.of_subject(subject)))
    return [after[subject] for _, after in told if subject in after][-1]


def the_aggregate(log: Log, subject: str) -> Project:
    """The domain's own fold of the same entries."""
    found: Any = None
    for one in log.of_subject(subject):
        if one.stream == subject:
            found = recall(one.event, one.stream, one.version, one.state).mutate(found)
    assert isinstance(found, Project)
    return found


def test_d7_a_late_fact_of_2024_entered_today_does_not_hide_2025(log: Log) -> None:
    project = log.list("QX-0007", on="2023-05-01")
    log.determine(project, an_id("proposal", "1"), "weak", on="2025-03-01")
    log.determine(project, an_id("proposal", "2"), "idle", on="2024-03-01")
    said = said_of(log, project)
    assert said.at("class") == "weak"
    assert said.at("class", "2024-12-31") == "idle"
    assert said.at("class", "2024-02-29") is None


def test_d7_a_second_word_of_the_same_day_holds(log: Log) -> None:
    project = log.list("QX-0007", on="2023-05-01")
    log.determine(project, an_id("proposal", "1"), "weak", on="2025-03-01")
    log.determine(project, an_id("proposal", "2"), "idle", on="2025-03-01")
    assert said_of(log, project).at("class") == "idle"


def test_d12_a_correction_withdraws_the_slip_from_the_day_of_the_slip(log: Log) -> None:
    project = log.list("QX-0007", on="2023-05-01", scale="十亩")
    log.correct(project, an_id("proposal", "1"), 1, "scale", "十亩", "二十亩")
    said = said_of(log, project)
    assert said.at("scale", "2023-05-01") == "二十亩"
    assert said.at("category", "2023-05-01") == "种植", "only the field corrected is withdrawn"
    assert said.at("scale", "2023-04-30") is None


def test_d12_a_field_is_withdrawn_once_by_what_withdrew_it_first() -> None:
    """A slip of one field is corrected at 5, and at 8 the whole entry is struck: what was known between stays what it was."""
    entered = Saying(3, 1, "2026-01-01", {"scale": "十亩", "category": "种植"})
    said = Said((entered,)).without(1, by=5, names=["scale"]).without(1, by=8)
    scale, category = said.dated("scale"), said.dated("category")
    assert [scale.at(FOREVER, known) for known in (4, 5, 7, 8)] == ["十亩", None, None, None]
    assert [category.at(FOREVER, known) for known in (4, 5, 7, 8)] == ["种植", "种植", "种植", None]


def test_d12_a_correction_of_a_correction_names_the_correction(log: Log) -> None:
    project = log.list("QX-0007", scale="十亩")
    log.correct(project, an_id("proposal", "1"), 1, "scale", "十亩", "二十亩")
    log.correct(project, an_id("proposal", "2"), log.version(project), "scale", "二十亩", "十二亩")
    assert said_of(log, project).at("scale") == "十二亩"


def test_d10_a_withdrawn_proposal_takes_its_opinion_along(log: Log) -> None:
    project = log.list("QX-0007")
    log.opine(project, an_id("proposal", "1"), "weak", on="2026-11-01")
    log.opine(project, an_id("proposal", "2"), "idle", on="2026-11-02")
    log.withdraw(project, an_id("proposal", "2"))
    assert said_of(log, project).at("opined_class") == "weak"


def test_what_is_said_goes_through_its_column_unchanged(log: Log) -> None:
    project = log.list("QX-0007")
    log.correct(project, an_id("proposal", "1"), 1, "fund_lines", [line(1_000_000)], [line(2_000_000)])
    said = said_of(log, project)
    assert Said.loads(said.dumps()) == said


def test_a_listing_says_every_dated_field_of_the_domain_and_the_number() -> None:
    assert set(LISTED) == {"number", *DATED}


@settings(max_examples=60, deadline=None)
@given(st.lists(st.tuples(st.sampled_from(["class", "correct", "supersede"]), DAYS), max_size=8), DAYS, DAYS)
def test_d7_projections_choose_what_the_domain_chooses(
    words: list[tuple[str, str]], first: str, day: str
) -> None:
    log = Log().begin()
    project, entered = log.list("QX-0007", on=first, scale="0 亩"), 1
    for number, (what, on) in enumerate(words, start=1):
        proposal = an_id("proposal", str(number))
        if what == "class":
            log.determine(project, proposal, ["weak", "idle"][number % 2], on=on)
        elif what == "supersede":
            log.supersede(project, "QX-0007", on=on, supersedes=entered, scale=f"{number} 亩")
            entered = log.version(project)
        else:
            was = the_aggregate(log, project).field("scale").made_at(entered)
            if was is not None:
                log.correct(project, proposal, entered, "scale", was.value, f"{number} 亩")
    said, aggregate = said_of(log, project), the_aggregate(log, project)
    for field in DATED:
        assert said.at(field, day) == aggregate.field(field).at(day)
    assert said.at("class", day) == aggregate.field("class_township").at(day)


def test_the_builder_refuses_a_state_the_domain_does_not_have(log: Log) -> None:
    with pytest.raises(AssertionError, match=r"project\.endorsed\.v1"):
        log.record(("project.endorsed.v1", an_id("project", "x"), {"by": [CENTRE["key"]]}))
