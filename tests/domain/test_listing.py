"""PROJ: what may be listed, and how it comes to be believed (domain/RULES.md)."""

from typing import Any

import pytest

from domain.errors import (
    AlreadyChecked,
    BadShape,
    LabelDiffers,
    LateReasonMissing,
    NotEnterer,
    NotFound,
    PersonalText,
    SamePerson,
    Taken,
    WrongEntry,
    WrongNature,
)
from tests.domain.story import WAN, Town, identity


def test_a_project_is_listed_as_a_fact_and_bears_unchecked(town: Town) -> None:
    accepted = town.when("project.list.v1", town.project(number="QX-0007"), nature="fact")
    entry = town.only(accepted)
    assert entry.event == "project.listed.v1"
    assert entry.stream == identity("project", "油茶基地")
    assert entry.state["unchecked"] is True
    assert entry.state["notes"] == []
    assert entry.state["code"] == "code:project:QX-0007"
    assert ("code:project:QX-0007", 1) in entry.subjects
    town.check()


def test_proj_2_a_fact_without_assistance_funds_is_listed_with_a_note(town: Town) -> None:
    line = {"amount_fen": WAN, "as_read": "", "document": "", "source": "other", "year": None}
    accepted = town.when("project.list.v1", town.project(fund_lines=[line], total_fen=WAN), nature="fact")
    assert town.only(accepted).state["notes"] == ["PROJ-2"]


def test_proj_3_a_fact_of_2012_is_listed_with_a_note(town: Town) -> None:
    accepted = town.when("project.list.v1", town.project(build_year=2012), nature="fact")
    assert town.only(accepted).state["notes"] == ["PROJ-3"]


def test_proj_3_the_year_2013_is_inside_the_policy(town: Town) -> None:
    accepted = town.when("project.list.v1", town.project(build_year=2013), nature="fact")
    assert town.only(accepted).state["notes"] == []


def test_proj_4_a_fact_with_nothing_left_is_listed_with_a_note(town: Town) -> None:
    payload = town.project(subsisting=False, operating_assets=False)
    accepted = town.when("project.list.v1", payload, nature="fact")
    assert town.only(accepted).state["notes"] == ["PROJ-4"]


def test_proj_4_operating_assets_alone_are_enough(town: Town) -> None:
    payload = town.project(subsisting=None, operating_assets=True)
    accepted = town.when("project.list.v1", payload, nature="fact")
    assert town.only(accepted).state["notes"] == []


def test_proj_what_nobody_knows_is_noted_as_unknown(town: Town) -> None:
    payload = town.project(
        build_year=None, fund_lines=[], operating_assets=None, subsisting=False, total_fen=None
    )
    accepted = town.when("project.list.v1", payload, nature="opening")
    unknown = ["PROJ-2:unknown", "PROJ-3:unknown", "PROJ-4:unknown", "PROJ-5:unknown"]
    assert town.only(accepted).state["notes"] == unknown


def test_proj_5_a_stated_total_that_differs_from_its_lines_is_noted(town: Town) -> None:
    accepted = town.when("project.list.v1", town.project(total_fen=113_500_001), nature="fact")
    assert town.only(accepted).state["notes"] == ["PROJ-5"]


def test_proj_6_an_operator_that_looks_like_a_person_is_refused(town: Town) -> None:
    with town.refused(PersonalText):
        town.listed(operator="张三")


@pytest.mark.parametrize(
    "name", ["张园", "李村", "李建行", "王晓场", "王建社", "欧阳建场", "张林场", "示例公园张三"]
)
def test_proj_6_a_name_that_holds_a_character_of_bodies_names_no_body(town: Town, name: str) -> None:
    with town.refused(PersonalText):
        town.listed(operator=name)


@pytest.mark.parametrize(
    "name",
    [
        "青溪砖瓦厂",
        "示例县农商行",
        "下符桥镇",
        "红旗林场",
        "青溪合作社",
        "示例石料厂（普通合伙）",
        "示例县公司青溪分部",
    ],
)
def test_proj_6_a_body_shows_itself_by_a_word_or_by_its_end(town: Town, name: str) -> None:
    town.listed(operator=name)


def test_proj_6_a_contact_is_left_blank(town: Town) -> None:
    with town.refused(BadShape, "/payload/contact"):
        town.listed(contact="张三 13800000000")


def test_cmd_6_a_project_is_never_listed_as_an_act(town: Town) -> None:
    with town.refused(WrongNature):
        town.listed(nature="act")


def test_cmd_8_a_late_fact_needs_its_reason(town: Town) -> None:
    with town.refused(LateReasonMissing):
        town.when("project.list.v1", town.project(), nature="fact", occurred_on="2026-10-23")
    town.when("project.list.v1", town.project(), nature="fact", occurred_on="2026-10-24")
    late = town.project("茶园", late_reason="摸底时漏登")
    town.when("project.list.v1", late, nature="fact", occurred_on="2016-05-01")


def test_cmd_8_an_act_long_past_is_no_act(town: Town) -> None:
    town.listed()
    with town.refused(LateReasonMissing, "既成事实"):
        town.when("project.endorse.v1", town.endorsement(), "centre", occurred_on="2026-10-23")
    town.when("project.endorse.v1", town.endorsement(), "centre", occurred_on="2026-10-24")


def test_cmd_8_the_days_of_grace_are_a_dated_parameter(town: Town) -> None:
    town.law("late_days", 5, "2026-11-01")
    with town.refused(LateReasonMissing):
        town.when("project.list.v1", town.project(), nature="fact", occurred_on="2026-11-17")
    # Before it took effect the default of thirty days held.
    town.when("project.list.v1", town.project(), nature="fact", occurred_on="2026-10-31")


def test_id_1_a_project_id_is_used_once(town: Town) -> None:
    town.listed()
    with town.refused(Taken):
        town.listed()


def test_id_1_a_project_number_is_used_once(town: Town) -> None:
    town.listed("油茶基地", number="QX-0007")
    with town.refused(Taken, "项目编号 QX-0007 已被使用"):
        town.listed("茶园", number="QX-0007")
    town.listed("茶园", number="QX-0008")


def test_id_1_projects_without_a_number_do_not_stand_in_each_others_way(town: Town) -> None:
    town.listed("油茶基地")
    town.listed("茶园")


def test_id_1_a_sheet_row_enters_once(town: Town) -> None:
    row = {"code": "code:row:" + "f" * 64 + ":1:5", "file": "f" * 64, "row": 5, "sheet": "Sheet1"}
    town.listed("油茶基地", row=row)
    with town.refused(Taken, "工作表“Sheet1”第 5 行已经登记过"):
        town.listed("茶园", row=row)


def test_id_2_an_area_that_is_not_registered_is_refused(town: Town) -> None:
    with town.refused(NotFound):
        town.listed(areas=[identity("area", "nowhere")])


def test_id_3_the_area_label_is_the_names_in_order(town: Town) -> None:
    areas = [identity("area", "kang"), identity("area", "shan")]
    with town.refused(LabelDiffers, "康家村、山背村"):
        town.listed(by="typist", areas=areas, area_label="山背村、康家村")
    town.listed(by="typist", areas=areas, area_label="康家村、山背村")


def test_proj_7_endorsement_by_a_second_person_makes_it_checked(town: Town) -> None:
    town.listed()
    accepted = town.when("project.endorse.v1", town.endorsement(), "centre")
    assert town.only(accepted).event == "project.endorsed.v1"
    town.check()


def test_proj_8_what_is_checked_is_not_checked_again(town: Town) -> None:
    town.checked()
    with town.refused(AlreadyChecked):
        town.when("project.endorse.v1", town.endorsement(), "centre2")


def test_proj_9_nobody_checks_what_they_entered(town: Town) -> None:
    town.listed(by="centre")
    with town.refused(SamePerson):
        town.when("project.endorse.v1", town.endorsement(), "centre")
    town.when("project.endorse.v1", town.endorsement(), "centre2")


@pytest.mark.parametrize(
    "changed", [{"leaf": "0" * 64}, {"position": 3}, {"version": 2}], ids=["leaf", "position", "version"]
)
def test_proj_10_an_endorsement_names_exactly_the_entry(town: Town, changed: dict[str, Any]) -> None:
    town.listed()
    with town.refused(WrongEntry):
        town.when("project.endorse.v1", town.endorsement(**changed), "centre")


def test_id_3_an_endorser_must_recognise_the_name(town: Town) -> None:
    town.listed()
    with town.refused(LabelDiffers, "油茶基地"):
        town.when("project.endorse.v1", town.endorsement() | {"name": "茶园"}, "centre")


def test_proj_11_who_entered_a_row_rewrites_it_while_it_is_unchecked(town: Town) -> None:
    town.listed(number="QX-0007")
    better = town.project(number="QX-0007", build_year=2017) | {"reason": "年度写错", "version": 1}
    accepted = town.when("project.supersede.v1", better, "clerk", nature="fact")
    assert town.only(accepted).state["supersedes"] == 1
    with town.refused(WrongEntry):
        town.when("project.endorse.v1", town.endorsement(version=1), "centre")
    town.when("project.endorse.v1", town.endorsement(version=2), "centre")
    town.check()


def test_proj_10_a_rewriter_names_the_entry_that_stands(town: Town) -> None:
    town.listed()
    better = town.project() | {"reason": "年度写错"}
    with town.refused(WrongEntry, "第 1 版"):
        town.when("project.supersede.v1", better | {"version": 2}, nature="fact")
    town.when("project.supersede.v1", better | {"version": 1}, nature="fact")
    with town.refused(WrongEntry, "第 2 版"):
        town.when("project.supersede.v1", better | {"version": 1}, nature="fact")


def test_proj_11_nobody_else_rewrites_it(town: Town) -> None:
    town.listed()
    with town.refused(NotEnterer):
        better = town.project() | {"reason": "年度写错", "version": 1}
        town.when("project.supersede.v1", better, "typist", nature="fact")


def test_proj_8_a_checked_row_is_corrected_and_not_rewritten(town: Town) -> None:
    town.checked()
    with town.refused(AlreadyChecked):
        better = town.project() | {"reason": "年度写错", "version": 1}
        town.when("project.supersede.v1", better, "clerk", nature="fact")


@pytest.mark.parametrize(
    "text",
    [
        "\x1b[2J",
        "\u009b2J",
        "康家村\u202e",
        "两行\u2028",
        "code:row:abc",
        "project_" + "a" * 26,
        "code:area:青溪乡",
    ],
)
def test_cmd_2_text_that_steers_a_terminal_or_names_a_subject_is_refused(town: Town, text: str) -> None:
    for field in ("content", "place"):
        with town.refused(BadShape):
            town.when("project.list.v1", town.project() | {field: text}, nature="fact")
    town.when("project.list.v1", town.project() | {"content": "见 code:row:abc 一行\n第二行"}, nature="fact")


@pytest.mark.parametrize(
    "number", ["ＱＸ-0007", "QX\u200b-0007", "QX-0007\ufe0f", "QX\u20110007", "QX\u3164"]
)
def test_id_1_a_number_is_written_in_one_way_only(town: Town, number: str) -> None:
    with town.refused(BadShape):
        town.when("project.list.v1", town.project() | {"number": number}, nature="fact")
