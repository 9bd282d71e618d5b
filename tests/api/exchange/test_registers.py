"""The twelve real registers, row by row against what stands on the page (api/data/registers/SOURCES.md)."""

import csv

import pytest

from api.exchange.outcome import Plan, PlannedRow
from tests.api.exchange.tables import DATA, planned, shipped

# Register: data rows, sum and printed total in fen, and how many rows have each outcome.
FACTS = {
    "01_beita_2020": (16, 408_000_000, 408_000_000, {"new": 15, "ask": 1, "skip": 7}),
    "02_yaozhou_2018": (7, 1_598_000_000, None, {"new": 6, "ask": 1, "skip": 3}),
    "05_louxing_2017": (7, 72_800_000, None, {"new": 7, "skip": 2}),
    "06_huoshan_xiafuqiao_2023": (3, 213_000_000, None, {"new": 3, "skip": 4}),
    "08_beiguan_2018": (3, 113_500_000, None, {"new": 3, "skip": 5}),
    "12_datong_2023": (8, 6_132_000_000, None, {"new": 5, "ask": 3, "skip": 1}),
    "14_xianggelila_2022": (8, 1_265_000_000, 1_265_000_000, {"ask": 8, "skip": 3}),
    "18_nuomin_lease": (7, 777_029_700, None, {"ask": 7, "skip": 1}),
    "21_mishan_2025": (3, 193_650_000, None, {"new": 3, "skip": 1}),
    "22_xinping_2023_form": (1, 552_710_000, None, {"new": 1, "skip": 6}),
    "26_jindong_2022": (2, 92_560_000, 92_560_000, {"new": 2, "skip": 3}),
    "32_jiaocheng_2019": (68, 680_000_000, None, {"ask": 68, "skip": 1}),
}
# What is left unread of each, told to the clerk.
UNREAD = {
    "05_louxing_2017": ["未读入的栏：建设性质"],
    "06_huoshan_xiafuqiao_2023": [
        "未读入的栏：实施期限(月)、绩效目标/产出 指标、绩效目标/效益 指标、绩效目标/满意度 指标、受益对象和联农带农机制"
    ],
    "14_xianggelila_2022": [
        f"“{part}”栏作为金额的一部分读入" for part in ("基地", "基础设施", "车间", "以奖代补")
    ],
    "18_nuomin_lease": ["读懂了而登记里没有位置、不入账的栏：所属项目、建设年度、年租金、租金标准"],
    "21_mishan_2025": ["未读入的栏：完成日期、验收结果"],
    "22_xinping_2023_form": ["未读入的栏：项目实施日期"],
}
# The stored copy was cut inside of the last town, whose sum it still prints.
CUT = {"05_louxing_2017": [(7, -18_400_000)]}


def read(name: str) -> Plan:
    """The unit of one register stands only in its notice."""
    return planned(shipped(name), unit="万元" if name == "14_xianggelila_2022" else None)


@pytest.mark.parametrize("name", FACTS)
def test_read_3_and_13_every_row_of_a_register_has_an_outcome_and_the_amounts_add_up(name: str) -> None:
    data_rows, sum_fen, printed_fen, outcomes = FACTS[name]
    grid = shipped(name)
    result = read(name)
    assert [row.row for row in result.rows] == list(range(1, len(grid.rows) + 1))
    assert {row.sheet for row in result.rows} == {name}
    totals = result.totals
    assert (totals.rows, totals.data_rows) == (len(grid.rows), data_rows)
    assert (totals.sum_fen, totals.printed_fen) == (sum_fen, printed_fen)
    assert totals.difference_fen == (None if printed_fen is None else 0)
    assert {outcome: count for outcome, count in totals.by_outcome.items() if count} == outcomes
    assert [(one.row, one.difference_fen) for one in totals.differing] == CUT.get(name, [])
    assert list(result.notes) == UNREAD.get(name, [])


def fen(ten_thousands: str) -> int:
    whole, _, part = ten_thousands.partition(".")
    return int(whole + part.ljust(6, "0"))


def seen_in(name: str) -> dict[int, PlannedRow]:
    return {row.row: row for row in read(name).rows}


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


def test_02_one_row_may_cover_two_villages_and_loan_interest_is_asked_about() -> None:
    rows = seen_in("02_yaozhou_2018")
    assert rows[4].reason.startswith("“2018年扶贫小额贷款贴息”看来是贷款贴息")
    assert rows[5].fields["place"] == "石柱镇新兴村、小丘镇独石村寺坡组"
    assert [rows[number].fields["amount_fen"] for number in range(4, 11)] == [
        fen(one) for one in ("130", "550", "330", "470", "39", "49", "30")
    ]
    assert {rows[number].fields["department"] for number in (8, 9)} == {"照金镇政府"}
    assert {
        payload["fund_lines"][0]["source"] for payload in planned(shipped("02_yaozhou_2018")).payloads
    } == {"fiscal"}


def test_05_towns_and_their_sums_are_merged_down_and_a_measure_goes_with_its_number() -> None:
    result = read("05_louxing_2017")
    rows = [row for row in result.rows if row.outcome == "new"]
    assert [row.fields["town"] for row in rows] == ["万宝镇"] * 2 + ["杉山镇"] * 2 + ["蛇形山镇"] * 3
    assert [row.fields["scale"] for row in rows] == [f"{one}千瓦" for one in (120, 100, 60, 60, 60, 80, 60)]
    assert [row.fields["amount_fen"] for row in rows] == [
        fen(one) for one in ("13.4", "12", "9.2", "9.2", "9.2", "10.6", "9.2")
    ]
    sums = [(one.row, one.printed_fen, one.sum_fen) for one in result.totals.subtotals]
    assert sums == [(3, fen("25.4"), fen("25.4")), (5, fen("18.4"), fen("18.4")), (7, fen("47.4"), fen("29"))]
    assert rows[0].payload is not None
    assert rows[0].payload["fund_lines"][0]["document"] == "区级扶贫资金补助5万元 按700元/千瓦补助8.4万元"


def test_06_two_rows_of_headings_are_read_as_one() -> None:
    rows = seen_in("06_huoshan_xiafuqiao_2023")
    assert [rows[number].reason for number in (1, 2, 3, 4)] == ["标题行", "标题行", "表头行", "表头行"]
    got = [
        (rows[n].fields["amount_fen"], rows[n].fields["source"], rows[n].fields["operator"])
        for n in (5, 6, 7)
    ]
    assert got == [
        (fen("100"), "市级", "下符桥镇"),
        (fen("83"), "市级", "下符桥镇"),
        (fen("30"), "市级", "下符桥镇"),
    ]


def test_14_the_columns_of_a_cross_table_are_parts_of_the_amount_and_no_project_is_named() -> None:
    rows = seen_in("14_xianggelila_2022")
    assert rows[8].fields["parts"] == {"基地": fen("151"), "以奖代补": fen("120.336")}
    assert rows[9].fields["parts"] == {"基地": fen("32.231342"), "基础设施": fen("107.292658")}
    assert not any("之和" in note for row in rows.values() for note in row.notes)
    assert {rows[number].reason for number in range(3, 11)} == {"这笔资金对应什么项目？"}


def test_14_without_the_unit_of_its_notice_every_amount_is_a_fault_that_asks_for_it() -> None:
    result = planned(shipped("14_xianggelila_2022"))
    assert result.totals.by_outcome["fault"] == 8
    assert {fault.rule for row in result.rows for fault in row.faults} == {"READ-4"}


def test_18_assets_are_read_by_their_own_columns_and_are_no_projects() -> None:
    result = read("18_nuomin_lease")
    assert [sheet.noun for sheet in result.sheets] == ["asset"]
    rows = [row for row in result.rows if row.outcome == "ask"]
    assert [row.fields["build_year"] for row in rows] == [None, 2016, 2017, 2013, 2015, 2016, 2016]
    assert sum(row.fields["amount_fen"] for row in rows[:3]) == fen("647.0297")
    assert sum(row.fields["amount_fen"] for row in rows[3:]) == fen("130")
    assert (rows[3].fields["rent_fen"], rows[3].fields["rent_remark"]) == (fen("7.8"), "整体")
    assert {row.fields["project"] for row in rows} == {
        "诺敏镇吉格腾迪村养殖场项目",
        "诺敏镇猎民村农副产品开发项目",
    }


def test_21_what_was_settled_is_the_amount_and_a_slip_of_the_notice_is_noted() -> None:
    first, second, third = (row for row in read("21_mishan_2025").rows if row.outcome == "new")
    assert [row.fields["amount_fen"] for row in (first, second, third)] == [
        fen("112.92"), fen("28.17"), fen("52.56"),
    ]  # fmt: skip
    assert first.notes == ("计划投资不等于结算价、管理费、项目结余之和",)  # 117.99 and not 117.98
    assert second.notes == third.notes == ()
    assert first.payload is not None
    assert (
        first.payload["content"] == "（计划投资117.98万元，结算价112.92万元，管理费1万元，项目结余4.07万元）"
    )


def test_22_a_form_is_one_project_with_its_grant() -> None:
    rows = seen_in("22_xinping_2023_form")
    assert {rows[number].reason for number in range(2, 8)} == {"表单中同一项目的栏"}
    assert rows[1].fields["place"] == "戛洒镇腰街社区"
    assert rows[1].fields["grant_fen"] == fen("445")
    assert rows[1].payload is not None
    [line] = rows[1].payload["fund_lines"]
    assert (line["amount_fen"], line["source"], line["document"]) == (
        fen("445"), "fiscal", "中央财政衔接推进乡村振兴补助资金",
    )  # fmt: skip


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
