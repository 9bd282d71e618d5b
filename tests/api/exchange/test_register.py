"""How a table is found and its rows are understood: what is skipped, what is filled down, what is a fault."""

import pytest

from api.exchange.errors import AmbiguousHeading, NoHeading
from api.exchange.register import SheetRow, read_register
from api.exchange.rules import RULES
from tests.api.exchange.tables import register, shipped

HEADING = "项目名称,村名,金额(万元)"


def only(*lines: str) -> SheetRow:
    """The only data row of a table."""
    [row] = register(*lines).data
    return row


def faults(row: SheetRow) -> list[tuple[str, str, str]]:
    assert all(fault.fix for fault in row.faults)
    return [(fault.cell, fault.value, fault.rule) for fault in row.faults]


# --- the heading ------------------------------------------------------------------------------------


@pytest.mark.parametrize("heading", ["项目名称,金额(万元)", "村,金额(万元)", "建设地点,金额(万元)"])
def test_read_2_an_amount_and_a_name_or_a_place_make_a_heading(heading: str) -> None:
    assert [row.role for row in register("标题", heading, "苗儿村,20").rows] == ["title", "heading", "data"]


@pytest.mark.parametrize("heading", ["项目名称,建设内容", "金额(万元),建设内容", "苗儿村,20"])
def test_read_2_a_table_without_one_of_them_is_refused_with_what_is_looked_for(heading: str) -> None:
    with pytest.raises(NoHeading, match="项目名称栏或地点栏"):
        register("标题", heading, "苗儿村,20")


def test_read_2_two_columns_of_one_meaning_are_refused_with_both_cells() -> None:
    with pytest.raises(AmbiguousHeading, match=r"B2“金额\(万元\)”和 C2“总投资”") as caught:
        register("标题", "项目名称,金额(万元),总投资", "水果基地,20,30")
    assert caught.value.detail == {"cells": ["B2", "C2"]}


def test_read_14_unknown_remark_and_contact_columns_are_left_alone_and_told() -> None:
    read = register(HEADING + ",联系人,绩效目标,备注,", "水果基地,苗儿村,20,张三,好,续建,")
    assert [(one.cell, one.heading, one.is_known) for one in read.unread] == [
        ("D1", "联系人", True), ("E1", "绩效目标", False), ("F1", "备注", True),
    ]  # fmt: skip
    assert "张三" not in str(read.rows)


# --- READ-3: what is skipped ------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("line", "role"),
    [
        (",,", "empty"),
        (" ,\u3000,", "empty"),
        ("小计,,20", "subtotal"),
        ("小 計:,,20", "subtotal"),
        (",小计,20", "subtotal"),
        ("一村,小计,20", "subtotal"),
        ("合 计,,20", "total"),
        ("总计(万元),,20", "total"),
        ("备注:另行公示,,", "remark"),
        ("注：另行公示,,", "remark"),
        ("制表人：,,", "remark"),
        (HEADING, "heading"),
    ],
)
def test_read_3_a_row_is_skipped_by_rule(line: str, role: str) -> None:
    assert register(HEADING, "水果基地,苗儿村,20", line).rows[-1].role == role


@pytest.mark.parametrize(
    "line",
    [
        "合计划内项目,苗儿村,20",
        "备注:另行公示,,20",
        "注水工程,苗儿村,",
        "水果基地,苗儿村,",
        ",苗儿村,",
        ",,20",
    ],
)
def test_read_3_its_nearest_neighbour_is_data_and_is_seen(line: str) -> None:
    assert register(HEADING, "蔬菜基地,苗儿村,20", line).rows[-1].role == "data"


@pytest.mark.parametrize(
    ("line", "role"), [("单位:万元,,", "unit"), (",,（单位：元）", "unit"), ("某某单位清单,,", "title")]
)
def test_read_3_above_the_heading_stand_titles_and_the_unit(line: str, role: str) -> None:
    assert register(line, "项目名称,村名,金额", "水果基地,苗儿村,20元").rows[0].role == role


def test_read_13_a_total_that_differs_from_its_rows_is_told_to_the_fen() -> None:
    read = register(HEADING, "甲,一村,20", "小计,,20", "乙,一村,15.5", "小计,,15", "合计,,36")
    assert [(one.row, one.difference_fen) for one in read.subtotals] == [(3, 0), (5, 500_000)]
    assert read.total is not None
    assert (read.total.row, read.total.difference_fen) == (6, -500_000)


def test_read_13_a_total_that_is_no_amount_is_told_as_unread() -> None:
    total = register(HEADING, "甲,一村,20", "合计,,见附件").total
    assert total is not None
    assert (total.printed_fen, total.difference_fen) == (None, None)


# --- READ-10: merged cells --------------------------------------------------------------------------


def test_read_10_an_empty_cell_of_a_merged_column_means_as_above() -> None:
    first, second, third = register("乡镇,村,金额", "城南鎮,葉厝,1元", ",高乾,1元", "七都鎮,西陂,1元").data
    assert [row.fields["place"] for row in (first, second, third)] == [
        "城南鎮葉厝",
        "城南鎮高乾",
        "七都鎮西陂",
    ]
    assert [row.notes for row in (first, second, third)] == [(), ("乡镇“城南鎮”取自上一行（纵向合并）",), ()]


def test_read_10_nothing_is_filled_where_the_first_row_is_empty() -> None:
    rows = register("乡镇,村,金额", ",葉厝,1元", "城南鎮,高乾,1元", ",西陂,1元").data
    assert [row.fields["place"] for row in rows] == ["葉厝", "城南鎮高乾", "西陂"]
    assert all(row.notes == () for row in rows)


def test_read_10_no_other_column_is_filled_and_no_cell_reaches_across_a_sum() -> None:
    lines = ("类别,项目名称,建设内容,金额", "种植,甲,续建,1元", ",乙,,1元", "小计,,,2元", ",丙,,1元")
    rows = register(*lines).data
    assert [row.fields.get("category") for row in rows] == ["种植", "种植", None]
    assert [row.fields.get("content") for row in rows] == ["续建", None, None]


def test_a_place_says_no_part_twice() -> None:
    row = only("乡镇,建设地点,项目名称,金额", "柏庄镇,柏庄镇后林都村,甲,1元")
    assert row.fields["place"] == "柏庄镇后林都村"


# --- faults -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("amount", "rule"),
    [
        ("20", "READ-4"),
        ("-20万元", "READ-5"),
        ("约20万元", "READ-5"),
        ("", "READ-5"),
        ("0.0000001万元", "READ-5"),
    ],
)
def test_read_4_and_5_an_amount_that_cannot_be_taken_is_a_fault_at_its_cell(amount: str, rule: str) -> None:
    row = only("标题", "项目名称,村名,金额", f"甲,一村,{amount}")
    assert faults(row) == [("C3", amount, rule)]
    assert (row.fields["amount_fen"], row.amount_fen, row.code) == (None, 0, "")


@pytest.mark.parametrize("lines", [("单位:万元", "项目名称,金额", "甲,20"), ("项目名称,金额(万元)", "甲,20"),
                                   ("项目名称,金额", "甲,20萬元"), ("清单(单位:万元)", "项目名称,金额", "甲,20")])  # fmt: skip
def test_read_4_a_unit_above_in_the_heading_or_in_the_cell_is_enough(lines: tuple[str, ...]) -> None:
    row = only(*lines)
    assert (row.faults, row.questions, row.amount_fen) == ((), (), 20_000_000)


def test_read_4_two_units_that_differ_are_a_question_and_two_that_agree_are_none() -> None:
    assert only("项目名称,金额(万元)", "甲,20元").questions == (
        "B2 读到“20元”，表上单位是万元：以哪个为准？",
    )
    assert only("项目名称,金额(万元)", "甲,20万元").questions == ()


def test_all_faults_of_a_row_are_told_at_once_each_at_its_cell() -> None:
    row = only(
        "项目编号,项目名称,建设年度,是否脱贫村,金额(万元),自筹(万元),建设内容",
        f"QX 1,{'长' * 201},明年,大概,-1,若干,{'长' * 1801}",
    )
    assert sorted((fault.cell, fault.rule) for fault in row.faults) == [
        ("A2", "READ-9"), ("B2", "READ-8"), ("C2", "READ-6"), ("D2", "READ-7"),
        ("E2", "READ-5"), ("F2", "READ-5"), ("G2", "READ-8"),
    ]  # fmt: skip
    assert {fault.rule for fault in row.faults} <= set(RULES)


def test_read_8_texts_at_the_limit_are_taken() -> None:
    row = only("项目名称,建设内容,村,金额", f"{'长' * 200},{'长' * 1800},{'长' * 200},1元")
    assert row.faults == ()


def test_read_8_a_place_is_limited_as_a_whole() -> None:
    assert [fault[2] for fault in faults(only("乡镇,村,金额", f"{'甲' * 100},{'乙' * 101},1元"))] == [
        "READ-8"
    ]


def test_read_9_a_number_that_stands_twice_is_a_fault_of_both_rows() -> None:
    first, second, third = register(
        "项目编号,项目名称,金额", "QX-1,甲,1元", "QX-1,乙,2元", "QX-2,丙,3元"
    ).data
    assert faults(first) == [("A2", "QX-1", "READ-9")]
    assert "第3行" in first.faults[0].fix
    assert faults(second) == [("A3", "QX-1", "READ-9")]
    assert faults(third) == []


# --- years, questions, persons ----------------------------------------------------------------------


def test_read_6_a_column_of_years_goes_before_the_name_and_the_title_speaks_only_without_one() -> None:
    title = "2020年项目清单"
    with_column = register(
        title, "项目名称,建设年度,金额", "2018年甲,2019,1元", "2018年乙,,1元", "丙,,1元"
    ).data
    assert [row.fields["build_year"] for row in with_column] == [2019, 2018, None]
    assert [row.notes for row in with_column] == [(), ("建设年度2018取自项目名称",), ()]
    without = register(title, "项目名称,金额", "2018年甲,1元", "乙,1元").data
    assert [row.fields["build_year"] for row in without] == [2018, 2020]
    assert only("项目清单", "项目名称,金额", "甲,1元").fields["build_year"] is None


def test_read_11_a_row_without_a_name_is_a_question_that_keeps_place_and_amount() -> None:
    row = only("村名,金额", "苗儿村,1元")
    assert row.questions == ("这笔资金对应什么项目？",)
    assert (row.fields["place"], row.amount_fen) == ("苗儿村", 100)


def test_read_14_an_operator_that_may_be_a_person_is_not_read_and_a_body_is() -> None:
    person = only("项目名称,经营主体,金额", "甲,张三,1元")
    assert "张三" not in str(person)
    assert person.notes == ("B2 经营主体看不出是单位，可能是自然人，未读入",)
    assert only("项目名称,经营主体,金额", "甲,示例合作社,1元").fields["operator"] == "示例合作社"


def test_parts_that_do_not_add_to_the_investment_are_noted_and_nothing_is_changed() -> None:
    heading = "项目名称,总投资(万元),中央补助(万元),自筹(万元)"
    assert only(heading, "甲,50,21,28").notes == ("总投资不等于中央补助与自筹之和",)
    assert only(heading, "甲,50,21,29").notes == ()
    assert only(heading, "甲,50,21,").notes == ()


def test_every_row_of_every_shipped_table_has_one_role_and_every_data_row_a_code() -> None:
    for name in (
        "01_beita_2020",
        "08_beiguan_2018",
        "12_datong_2023",
        "26_jindong_2022",
        "32_jiaocheng_2019",
    ):
        grid = shipped(name)
        read = read_register(grid)
        assert [row.row for row in read.rows] == list(range(1, len(grid.rows) + 1))
        codes = [row.code for row in read.data]
        assert all(codes)
        assert len(set(codes)) == len(codes)
