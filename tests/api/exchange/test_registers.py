"""The five real registers, row by row against what stands on the page (api/data/registers/SOURCES.md)."""

import csv

import pytest

from api.exchange.plan import PlannedRow
from tests.api.exchange.tables import DATA, planned, shipped

# Register: data rows, sum and printed total in 万元, and how many rows have each outcome.
FACTS = {
    "01_beita_2020": (16, 408_000_000, 408_000_000, {"new": 15, "ask": 1, "skip": 7}),
    "08_beiguan_2018": (3, 113_500_000, None, {"new": 3, "skip": 5}),
    "12_datong_2023": (8, 6_132_000_000, None, {"new": 5, "ask": 3, "skip": 1}),
    "26_jindong_2022": (2, 92_560_000, 92_560_000, {"new": 2, "skip": 3}),
    "32_jiaocheng_2019": (68, 680_000_000, None, {"ask": 68, "skip": 1}),
}


@pytest.mark.parametrize("name", FACTS)
def test_read_3_and_13_every_row_of_a_register_has_an_outcome_and_the_amounts_add_up(name: str) -> None:
    data_rows, sum_fen, printed_fen, outcomes = FACTS[name]
    grid = shipped(name)
    result = planned(grid)
    assert [row.row for row in result.rows] == list(range(1, len(grid.rows) + 1))
    assert {row.sheet for row in result.rows} == {name}
    totals = result.totals
    assert (totals.rows, totals.data_rows) == (len(grid.rows), data_rows)
    assert (totals.sum_fen, totals.printed_fen) == (sum_fen, printed_fen)
    assert totals.difference_fen == (None if printed_fen is None else 0)
    assert {outcome: count for outcome, count in totals.by_outcome.items() if count} == outcomes
    assert result.balanced
    assert result.notes == ()


def fen(ten_thousands: str) -> int:
    whole, _, part = ten_thousands.partition(".")
    return int(whole + part.ljust(6, "0"))


def seen_in(name: str) -> dict[int, PlannedRow]:
    return {row.row: row for row in planned(shipped(name)).rows}


BEITA = """
5 苗儿村 水果基地 续建 20
6 苗儿村 蔬菜基地 续建 30
7 田江村 蔬菜基地 新建 20
8 田江村 水果基地 续建 30
9 谷洲村 蔬菜基地 续建 15
10 谷洲村 水果基地 新建 20
11 邓家村 果园建设 续建 25
13 光裕村 稻花鱼养殖基地 新建 40
14 陈家桥村 橙子基地 续建 30
15 田庄村 秋桃基地 续建 35
16 贺井村 特种水产养殖基地 新建 40
17 兴旺村 食用菌基地 新建 40
18 兴旺村 葡萄基地 续建 10
19 李子塘村 水果基地 续建 25
20 望城坡村 灌溉设施 维修 16
"""


def test_01_projects_of_beita_are_new_with_the_year_of_the_title() -> None:
    rows = seen_in("01_beita_2020")
    for line in BEITA.split("\n")[1:-1]:
        number, place, name, content, amount = line.split()
        row = rows.pop(int(number))
        assert row.outcome == "new"
        assert (row.fields["place"], row.fields["name"], row.fields["content"]) == (place, name, content)
        assert (row.fields["build_year"], row.fields["amount_fen"]) == (2020, fen(amount))
        assert "建设年度2020取自标题" in row.notes
        assert row.payload is not None
        assert row.payload["fund_lines"][0]["source"] == "fiscal"
    assert {number: row.reason for number, row in rows.items() if row.outcome == "skip"} == {
        1: "标题行", 2: "标题行", 3: "计量单位行", 4: "表头行", 12: "小计行", 21: "小计行", 23: "合计行",
    }  # fmt: skip


def test_01_two_subtotals_of_beita_equal_the_rows_above_them() -> None:
    subtotals = planned(shipped("01_beita_2020")).totals.subtotals
    assert [(one.row, one.printed_fen, one.difference_fen) for one in subtotals] == [
        (12, fen("160"), 0),
        (21, fen("236"), 0),
    ]


@pytest.mark.parametrize("number", [18, 19])
def test_01_a_remark_inside_an_amount_is_kept_and_adds_nothing(number: int) -> None:
    row = seen_in("01_beita_2020")[number]
    assert row.fields["amount_remark"] == "其中,灾情因素6万元"
    assert f"E{number} 的附注“其中,灾情因素6万元”不计入金额" in row.notes
    assert row.payload is not None
    assert "灾情因素6万元" in row.payload["fund_lines"][0]["as_read"]


def test_01_loan_interest_that_stands_in_the_village_column_is_asked_about() -> None:
    row = seen_in("01_beita_2020")[22]
    assert (row.outcome, row.fields["name"], row.fields["amount_fen"]) == ("ask", "", fen("12"))
    assert row.reason == "“小额信贷贴息”看来是贷款贴息，不是帮扶产业项目：是否按项目登记？"
    assert row.payload is None


def test_08_units_of_beiguan_stand_in_the_cells_and_roads_and_water_are_projects() -> None:
    rows = seen_in("08_beiguan_2018")
    got = [
        (row.row, row.outcome, row.fields["amount_fen"], row.fields["department"], row.fields["build_year"])
        for row in rows.values()
        if row.outcome != "skip"
    ]
    assert got == [
        (3, "new", fen("20"), "彰北办事处", 2018),
        (4, "new", fen("20"), "彰北办事处", 2018),
        (5, "new", fen("73.5"), "柏庄镇", 2018),
    ]
    # Two names say their year, the third leaves it to the title.
    assert [rows[number].notes for number in (3, 4, 5)] == [
        ("建设年度2018取自项目名称",), ("建设年度2018取自项目名称",), ("建设年度2018取自标题",),
    ]  # fmt: skip
    assert [rows[number].reason for number in (1, 2, 6, 7, 8)] == [
        "标题行",
        "表头行",
        "空行",
        "空行",
        "备注行",
    ]


DATONG = [
    (2, "new", "种植类产业项目", "1.大同区冷棚育苗基地建设项目", "850"),
    (3, "new", "种植类产业项目", "2.大同区超大棚室种植基地建设项目", "742"),
    (4, "new", "加工类产业项目", "3.大同区鲜食玉米制品生产基地项目", "1950"),
    (5, "new", "养殖类产业项目", "4.大同区生态养殖场区建设项目", "450"),
    (6, "ask", "扶贫小额贷款贴息项目", "5.扶贫小额贷款贴息项目", "205"),
    (7, "new", "基础设施类项目", "6.大同区农村道路改造项目1个", "1600"),
    (8, "ask", "政策落实类项目", "7.雨露计划项目", "31"),
    (9, "ask", "政策落实类项目", "8.就业务工补贴项目", "304"),
]


def test_12_categories_of_datong_are_filled_down_and_what_is_no_project_is_asked_about() -> None:
    rows = seen_in("12_datong_2023")
    for number, outcome, category, name, amount in DATONG:
        row = rows[number]
        assert (row.outcome, row.fields["category"], row.fields["name"]) == (outcome, category, name)
        assert (row.fields["amount_fen"], row.fields["build_year"], row.fields["place"]) == (
            fen(amount),
            None,
            "",
        )
    assert [number for number, row in rows.items() if any("纵向合并" in note for note in row.notes)] == [3, 9]
    assert [rows[number].reason.partition("看来是")[2].partition("，")[0] for number in (6, 8, 9)] == [
        "贷款贴息", "培训补助", "务工补贴",
    ]  # fmt: skip


def test_12_a_table_without_a_title_takes_its_funds_from_the_notice_it_came_with() -> None:
    lines = [payload["fund_lines"][0] for payload in planned(shipped("12_datong_2023")).payloads]
    assert {(line["source"], line["document"]) for line in lines} == {("other", "")}
    notice = "大庆市大同区2023年衔接资金安排项目"
    lines = [
        payload["fund_lines"][0] for payload in planned(shipped("12_datong_2023"), notice=notice).payloads
    ]
    assert {(line["source"], line["document"]) for line in lines} == {("fiscal", notice)}


def test_26_of_three_money_columns_the_total_adds_up_and_the_grant_is_the_fund_line() -> None:
    result = planned(shipped("26_jindong_2022"))
    assert [
        (row.fields["amount_fen"], row.fields["grant_fen"], row.fields["own_fen"], row.fields["operator"])
        for row in result.rows
        if row.outcome == "new"
    ] == [
        (fen("50"), fen("21"), fen("29"), "浙江康诚菌业有限公司"),
        (fen("42.56"), fen("21"), fen("21.56"), "浙江广诚生物科技有限公司"),
    ]
    second = result.payloads[1]
    assert second["total_fen"] == second["fund_lines"][0]["amount_fen"] == fen("21")
    assert second["fund_lines"][0]["as_read"] == "21.00"
    assert second["content"] == "灯光系统改造 38套（总投资42.56万元，中央补助21万元，自筹21.56万元）"
    # A grant for consortia (产业化联合体) is none of the four groups of funds: the paper names it.
    assert (second["fund_lines"][0]["source"], second["fund_lines"][0]["document"]) == (
        "other",
        "2022年金东区农业产业化联合体项目立项计划清单",
    )


def test_32_every_village_of_jiaocheng_keeps_its_town_and_amount_and_is_asked_about() -> None:
    with (DATA / "registers" / "32_jiaocheng_2019.csv").open(encoding="utf-8", newline="") as file:
        expected, town = [], ""
        for first, village, _ in list(csv.reader(file))[1:]:
            town = first.strip() or town
            expected.append((town, village, town + village))
    rows = [row for row in planned(shipped("32_jiaocheng_2019")).rows if row.outcome == "ask"]
    assert [(row.fields["town"], row.fields["village"], row.fields["place"]) for row in rows] == expected
    assert {row.fields["amount_fen"] for row in rows} == {fen("10")}
    assert {row.reason for row in rows} == {"这笔资金对应什么项目？"}


def test_32_one_village_name_in_two_towns_is_two_rows() -> None:
    rows = [row for row in planned(shipped("32_jiaocheng_2019")).rows if row.fields.get("village") == "際山"]
    assert [row.fields["place"] for row in rows] == ["金涵鄉際山", "八都鎮際山"]
    assert rows[0].code != rows[1].code


def test_the_workbook_of_the_demo_is_new_in_every_row_and_marked_as_an_example() -> None:
    result = planned(shipped("qingxi_projects"))
    assert result.title.endswith("(示例数据)")
    assert dict(result.totals.by_outcome) == {
        "new": 12,
        "changed": 0,
        "same": 0,
        "ask": 0,
        "fault": 0,
        "skip": 3,
    }
    assert result.totals.difference_fen == 0
    assert result.totals.sum_fen == fen("1318.948")
    assert {payload["fund_lines"][0]["source"] for payload in result.payloads} == {
        "fiscal", "integrated", "cooperation", "designated",
    }  # fmt: skip
    assert [payload["number"] for payload in result.payloads] == [
        f"QX-{number:04d}" for number in range(1, 13)
    ]
    assert all(str(payload["place"]).startswith("示例") for payload in result.payloads)
