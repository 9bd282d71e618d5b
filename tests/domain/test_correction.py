"""CORR: a slip is corrected by one and endorsed by another; the original stays (D12)."""

from typing import Any

import pytest

from domain.errors import BadShape, LabelDiffers, NothingCorrected, PersonalText, SamePerson
from domain.project import Project
from tests.domain.story import Town, identity

PROJECT = identity("project", "油茶基地")


def correction(*changes: tuple[str, Any, Any], **changed: Any) -> dict[str, Any]:
    return {
        "changes": [{"field": field, "now": now, "was": was} for field, was, now in changes],
        "paper": "",
        "expires_on": "2026-12-31",
        "instead": "",
        "instead_name": "",
        "kind": "slip",
        "name": "油茶基地",
        "project": PROJECT,
        "proposal": identity("proposal", "1"),
        "reason": "录入笔误",
        "version": 1,
    } | changed


def test_corr_1_a_correction_holds_when_another_has_checked_it(town: Town) -> None:
    town.when("project.list.v1", town.project(), nature="fact", occurred_on="2026-11-01")
    town.when("project.endorse.v1", town.endorsement(), "centre")
    town.when("project.correct.v1", correction(("build_year", 2016, 2017)), "clerk")
    accepted = town.when("proposal.endorse.v1", town.signature("checks"), "centre")
    corrected = town.entries_of(accepted)[1]
    assert (corrected.event, corrected.state["corrects"]) == ("project.corrected.v1", 1)
    project = town.the(Project, PROJECT)
    # The right value holds from the day for which the slip was said; the slip is withdrawn, not lost.
    assert project.field("build_year").at("2026-11-01") == 2017
    assert project.field("build_year").at("2026-11-01", known=corrected.version - 1) == 2016
    town.check()


def test_corr_1_until_then_nothing_has_changed(town: Town) -> None:
    town.checked()
    town.when("project.correct.v1", correction(("build_year", 2016, 2017)), "clerk")
    project = town.the(Project, PROJECT)
    assert project.at("build_year", town.books.today) == 2016


def test_corr_1_it_states_what_was_said(town: Town) -> None:
    town.checked()
    with town.refused(NothingCorrected, "2016"):
        town.when("project.correct.v1", correction(("build_year", 2015, 2017)), "clerk")
    with town.refused(NothingCorrected):
        town.when("project.correct.v1", correction(("build_year", 2016, 2017), version=2), "clerk")
    with town.refused(NothingCorrected):
        town.when("project.correct.v1", correction(("build_year", 2016, 2016)), "clerk")
    with town.refused(NothingCorrected):
        twice = correction(("build_year", 2016, 2017), ("build_year", 2016, 2018))
        town.when("project.correct.v1", twice, "clerk")


def test_corr_1_a_slip_is_corrected_once(town: Town) -> None:
    town.checked()
    town.when("project.correct.v1", correction(("build_year", 2016, 2017)), "clerk")
    second = correction(("build_year", 2016, 2018), proposal=identity("proposal", "2"))
    town.when("project.correct.v1", second, "clerk")
    town.when("proposal.endorse.v1", town.signature("checks", "1"), "centre")
    with town.refused(NothingCorrected):
        town.when("proposal.endorse.v1", town.signature("checks", "2"), "centre")


@pytest.mark.parametrize(
    ("field", "was", "now"),
    [
        ("build_year", 2016, "2017"),
        ("name", "油茶基地", ""),
        ("former_poor_village", True, 1),
        ("total_fen", 113_500_000, -1),
    ],
)
def test_cmd_2_a_field_is_corrected_to_what_it_might_be(
    town: Town, field: str, was: object, now: object
) -> None:
    town.checked()
    with town.refused(BadShape, "/payload/changes/0/now"):
        town.when("project.correct.v1", correction((field, was, now)), "clerk")


def test_corr_1_fund_lines_are_corrected_with_their_total(town: Town) -> None:
    town.checked()
    was = town.project()["fund_lines"]
    now = [was[0] | {"amount_fen": 100_000_000}]
    changes = (("fund_lines", was, now), ("total_fen", 113_500_000, 100_000_000))
    town.when("project.correct.v1", correction(*changes), "clerk")
    town.when("proposal.endorse.v1", town.signature("checks"), "centre")
    town.check()


def test_proj_6_a_correction_brings_no_person_in(town: Town) -> None:
    town.checked()
    with town.refused(PersonalText):
        town.when("project.correct.v1", correction(("operator", "青溪油茶专业合作社", "张三")), "clerk")


def test_proj_9_nobody_endorses_their_own_correction(town: Town) -> None:
    town.checked()
    town.when("project.correct.v1", correction(("build_year", 2016, 2017)), "centre")
    with town.refused(SamePerson):
        town.when("proposal.endorse.v1", town.signature("checks"), "centre")
    town.when("proposal.endorse.v1", town.signature("checks"), "centre2")


def test_id_3_a_corrector_must_recognise_the_project(town: Town) -> None:
    town.checked()
    with town.refused(LabelDiffers):
        town.when("project.correct.v1", correction(("build_year", 2016, 2017), name="茶园"), "clerk")
