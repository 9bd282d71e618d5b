"""READ-2, READ-3, READ-13: tables and forms are found wherever they stand in a sheet, whatever the depth of their headings."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from api.exchange.asset import SCHEMA as ASSET
from api.exchange.errors import NoHeading
from api.exchange.grid import Grid, Merge, Workbook, spread
from api.exchange.nouns import NOUNS
from api.exchange.obligation import SCHEMA as OBLIGATION
from api.exchange.project import SCHEMA as PROJECT
from api.exchange.register import read_register
from api.exchange.rows import SheetRow
from api.exchange.schema import Schema, suggested
from api.exchange.text import folded
from tests.api.exchange.tables import planned, register, table

HEADING = "项目名称,村名,金额(万元)"


def sheet(*lines: str, merges: tuple[Merge, ...] = ()) -> Grid:
    rows = tuple(tuple(line.split(",")) for line in lines)
    return Grid("表.xlsx", "表", rows, origins=spread(merges, len(rows), 20))


def data(*lines: str, merges: tuple[Merge, ...] = ()) -> tuple[SheetRow, ...]:
    return read_register(sheet(*lines, merges=merges)).data


# --- two rows of headings ---------------------------------------------------------------------------


def test_read_2_a_second_row_of_headings_names_the_columns_of_a_group() -> None:
    [row] = register(
        "序号,项目名称,项目地点,,投入资金(万元),,", ",,乡镇,村,合计,中央,自筹", "1,甲,某乡,某村,10,6,4"
    ).data
    assert (row.fields["town"], row.fields["village"]) == ("某乡", "某村")
    assert [row.fields[f"{key}_fen"] for key in ("amount", "grant", "own")] == [
        10_000_000,
        6_000_000,
        4_000_000,
    ]


def test_read_2_a_row_of_data_is_no_second_row_of_headings() -> None:
    assert [row.role for row in register("项目名称,村名,金额(万元)", ",某村,10", "甲,某村,10").rows] == [
        "heading", "data", "data",
    ]  # fmt: skip
    assert [row.role for row in register("项目名称,,金额(万元)", "甲,乙,10").rows] == ["heading", "data"]


def test_read_2_parts_below_the_heading_of_the_amount_add_up_when_none_is_their_sum() -> None:
    rows = register("项目名称,投入资金(万元),,", ",省级,市级,县级", "甲,1,2.5,", "乙,,,3", "丙,,,").data
    assert [row.fields["amount_fen"] for row in rows] == [3_500_000, 3_000_000, None]
    assert rows[0].notes == ("金额是省级、市级之和",)
    assert [fault.rule for fault in rows[2].faults] == ["READ-5"]


def test_read_13_parts_that_do_not_add_up_to_their_sum_are_noted() -> None:
    read = register("项目名称,合计(万元),省级,市级", "甲,3,1,2", "乙,4,1,2")
    assert [row.notes for row in read.data] == [(), ("省级、市级之和不等于合计",)]


def test_read_2_beside_a_sum_within_a_group_only_the_columns_of_that_group_are_its_parts() -> None:
    headings = ("项目名称,投入资金(万元),,,成效,", ",省级,市级,合计,产值,户数")
    read = register(*headings, "甲,1,2,3,30,12", "乙,1,2,4,30,12户")
    assert [(row.fields["parts"], row.notes, row.faults) for row in read.data] == [
        ({"省级": 1_000_000, "市级": 2_000_000}, (), ()),
        ({"省级": 1_000_000, "市级": 2_000_000}, ("省级、市级之和不等于合计",), ()),
    ]
    assert [one.heading for one in read.unread] == ["成效/产值", "成效/户数"]


@pytest.mark.parametrize(
    ("row", "role"),
    [
        ("甲,乙,1,2", "numbering"),
        ("1,2,3,4", "numbering"),
        ("(1),(2),(3),(4)", "numbering"),
        ("甲,乙,1,3", "data"),
        ("甲,乙,1,", "data"),
        ("甲,示例一村,1,2", "data"),
    ],
)
def test_read_3_the_numbers_of_the_columns_below_their_headings_are_no_project(row: str, role: str) -> None:
    """(栏次) An official form has them; a row that differs in one cell is data, and so is one further down."""
    read = register("项目名称,村名,金额(万元),自筹(万元)", row, "乙,示例一村,1,2", row)
    assert [one.role for one in read.rows] == ["heading", role, "data", "data"]


# --- several tables ---------------------------------------------------------------------------------


def test_read_2_a_second_table_of_a_sheet_has_its_own_title_unit_and_total() -> None:
    read = register(
        "2019年清单", HEADING, "甲,一村,1", "合计,,1", "", "2020年清单", "单位：元", "项目名称,村名,金额", "乙,一村,500", "合计,,500"
    )  # fmt: skip
    assert [row.role for row in read.rows] == [
        "title", "heading", "data", "total", "empty", "title", "unit", "heading", "data", "total",
    ]  # fmt: skip
    assert [(row.fields["build_year"], row.amount_fen) for row in read.data] == [
        (2019, 1_000_000),
        (2020, 50_000),
    ]
    assert [(one.row, one.difference_fen) for one in read.totals] == [(4, 0), (10, 0)]


def test_read_13_headings_printed_again_on_the_next_page_do_not_part_a_table() -> None:
    again = "项 目名称,村名,金额(万元)"
    read = register(HEADING, "甲,一村,1", "本页合计,,1", again, "乙,一村,2", "合计,,3")
    assert [one.role for one in read.rows] == ["heading", "data", "subtotal", "heading", "data", "total"]
    assert [(one.row, one.difference_fen) for one in (*read.subtotals, *read.totals)] == [(3, 0), (6, 0)]
    apart = register(HEADING, "甲,一村,1", "合计,,1", again, "乙,一村,2", "合计,,2")
    assert [(one.row, one.difference_fen) for one in apart.totals] == [(3, 0), (6, 0)]


def test_read_2_two_equal_headings_of_one_meaning_give_way_to_the_stronger() -> None:
    [row] = register("项目,项目名称,金额(万元)", "产业,甲,1").data
    assert row.fields["name"] == "甲"


# --- sums -------------------------------------------------------------------------------------------


def test_read_13_a_total_that_stands_above_its_rows_is_the_sum_of_those_below() -> None:
    read = register(HEADING, "合计,,6", "小计,,3", "甲,一村,1", "乙,一村,2", "小计,,3", "丙,一村,3")
    assert [(one.row, one.difference_fen) for one in read.totals] == [(2, 0)]
    assert [(one.row, one.difference_fen) for one in read.subtotals] == [(3, 0), (6, 0)]


def test_read_3_a_title_of_a_group_is_skipped_and_a_project_of_that_name_is_not() -> None:
    rows = register(HEADING, "一、种植类,,", "甲,一村,1", "（二）养殖类,,", "二、乙项目,一村,2").rows
    assert [row.role for row in rows] == ["heading", "group", "data", "group", "data"]


@pytest.mark.parametrize(
    ("label", "role"),
    [
        ("城南镇小计", "subtotal"), ("城南镇合计", "subtotal"), ("全县合计", "total"), ("总合计", "total"), ("合计金额", "total"),
        ("资金总计：", "total"), ("第3页", "remark"), ("以下空白", "remark"), ("合计划内项目", "data"), ("第3页岩砖厂", "data"),
    ],
)  # fmt: skip
def test_read_3_a_sum_may_say_of_what_it_is(label: str, role: str) -> None:
    amount = "" if role == "remark" else "1"
    assert register(HEADING, "甲,一村,1", f"{label},,{amount}").rows[-1].role == role


def test_read_13_a_row_numbered_above_others_is_their_sum_when_it_says_so() -> None:
    heading = "序号,项目名称,村名,金额(万元)"
    good = ("一,城南镇,,3", "1,甲,一村,1", "2,乙,一村,2", "二,城北镇,,5", "1,丙,二村,5", "合计,,,8")
    read = register(heading, *good)
    assert [row.role for row in read.rows[1:]] == ["subtotal", "data", "data", "subtotal", "data", "total"]
    assert [(one.row, one.difference_fen) for one in (*read.subtotals, *read.totals)] == [
        (2, 0),
        (5, 0),
        (7, 0),
    ]
    wrong = register(heading, "一,城南镇,,4", "1,甲,一村,1", "2,乙,一村,2").data
    assert [bool(row.questions) for row in wrong] == [True, False, False]
    alone = register(heading, "一,甲,一村,1", "二,乙,一村,2").data
    assert [row.questions for row in alone] == [(), ()]


# --- merged cells -----------------------------------------------------------------------------------


def test_read_10_a_merged_cell_says_the_same_of_every_row_it_covers() -> None:
    merges = (Merge((2, 2), (3, 2)), Merge((2, 4), (3, 4)))
    rows = data("项目名称,村名,金额(万元),建设内容", "甲,一村,1,续建", "乙,,2,", "丙,,3,", merges=merges)
    assert [(row.fields["place"], row.fields.get("content")) for row in rows] == [
        ("一村", "续建"), ("一村", "续建"), ("", None),
    ]  # fmt: skip
    assert rows[1].notes == ("项目地点“一村”取自上面的合并单元格", "建设内容“续建”取自上面的合并单元格")


def test_read_10_a_merged_amount_is_asked_about_and_never_counted_twice() -> None:
    rows = data(HEADING, "甲,一村,10", "乙,一村,", "丙,一村,5", merges=(Merge((2, 3), (3, 3)),))
    assert [row.amount_fen for row in rows] == [0, 0, 5_000_000]
    assert [bool(row.questions) for row in rows] == [True, True, False]
    assert rows[0].questions == ("金额 C2 读到“10”，由几行合并：各行各是多少？请拆开填写",)
    assert not any(row.faults for row in rows)


def test_read_10_a_merged_name_is_asked_about_in_every_row() -> None:
    rows = data(HEADING, "甲,一村,10", ",一村,5", "乙,一村,5", merges=(Merge((2, 1), (3, 1)),))
    assert [row.fields["name"] for row in rows] == ["甲", "甲", "乙"]
    assert [len(row.questions) for row in rows] == [1, 1, 0]


# --- troubles ---------------------------------------------------------------------------------------


def test_read_17_a_row_whose_only_cells_have_no_result_is_data_and_not_empty() -> None:
    grid = Grid(
        "表.xlsx", "表", (("项目名称", "金额(万元)"), ("=A9", "=B9")), {(2, 1): "formula", (2, 2): "formula"}
    )
    [row] = read_register(grid).data
    assert [(fault.cell, fault.rule) for fault in row.faults] == [("A2", "READ-17"), ("B2", "READ-17")]
    assert row.questions == ()  # one trouble is told once


@pytest.mark.parametrize("text", ["#REF!", "#N/A", "5.12330E+17", '=DISPIMG("ID_1",1)'])
def test_read_17_what_a_csv_kept_of_a_lost_value_is_a_fault(text: str) -> None:
    [row] = register("项目编号,项目名称,金额(万元)", f'"{text.replace(chr(34), chr(34) * 2)}",甲,1').data
    assert [(fault.cell, fault.rule) for fault in row.faults] == [("A2", "READ-17")]


def test_read_13_a_total_without_a_result_is_told_as_unread() -> None:
    grid = Grid(
        "表.xlsx", "表", (("项目名称", "金额(万元)"), ("甲", "1"), ("合计", "=B2")), {(3, 2): "formula"}
    )
    [total] = read_register(grid).totals
    assert (total.printed_fen, total.difference_fen) == (None, None)
    assert total.told.startswith("所印的合计没有核对：该格是公式而没有结果")


# --- forms ------------------------------------------------------------------------------------------


def test_read_2_a_form_has_its_headings_down_the_side_in_one_or_two_columns() -> None:
    [row] = register("调查表", "项目名称,甲,建设年度,2016", "投入帮扶资金（万元）,45.5,项目地点,一村").data
    assert (row.row, row.fields["name"], row.fields["build_year"]) == (2, "甲", 2016)
    assert (row.fields["place"], row.amount_fen) == ("一村", 45_500_000)


@pytest.mark.parametrize("amount", ["30万元", "30", "三十万元", "30万元（其中自筹5万元）"])
def test_read_2_two_pairs_of_a_form_in_one_row_are_no_headings(amount: str) -> None:
    read = register(
        "基本情况表,,,",
        "项目名称,油茶,建设年度,2020",
        f"项目地点,示例一村,投入资金(万元),{amount}",
        "绩效,好,建设内容,新建",
    )
    [row] = read.data
    assert (row.row, row.fields["place"], row.fields["amount_fen"]) == (2, "示例一村", 30_000_000)
    assert [one.cell for one in read.unread] == ["A4"]


def test_read_2_forms_may_stand_beside_or_below_each_other() -> None:
    beside = register("项目名称,甲,乙,丙", "村名,一村,二村,三村", "金额,1元,2元,").data
    assert [(row.fields["name"], row.fields["place"], row.fields["amount_fen"]) for row in beside] == [
        ("甲", "一村", 100), ("乙", "二村", 200), ("丙", "三村", None),
    ]  # fmt: skip
    assert [fault.cell for fault in beside[2].faults] == ["D3"]
    below = register("项目名称,甲", "村名,一村", "金额,1元", "", "项目名称,乙", "村名,二村", "金额,2元")
    assert [(row.row, row.fields["name"]) for row in below.data] == [(1, "甲"), (5, "乙")]
    assert [row.role for row in below.rows] == ["data", "field", "field", "empty", "data", "field", "field"]


def test_read_2_one_row_of_headings_is_no_form_even_where_it_is_no_table_either() -> None:
    """Its headings stand beside each other: what stands right of one is the next heading, not its value."""
    with pytest.raises(NoHeading, match="“资金总额度\\(万元\\)”是不是“资金总额”"):
        register(
            "编号,项目名,村名,建设年份,经营单位,资金总额度(万元),经营性资产", "甲1,甲,一村,2016,某社,20,是"
        )


# --- several sheets ---------------------------------------------------------------------------------


def test_read_23_a_sheet_without_a_table_is_notes_unless_it_has_numbers() -> None:
    good = table(HEADING, "甲,一村,1")
    notes = Grid("表.xlsx", "说明", (("说明",), ("甲", "见附件")))
    figures = Grid("表.xlsx", "附表", (("甲村", "12.5"), ("以上", "如数")))
    result = planned(Workbook("表.xlsx", (good, notes, figures)))
    assert [(row.sheet, row.outcome) for row in result.rows] == [
        ("表", "skip"), ("表", "new"), ("说明", "skip"), ("说明", "skip"), ("附表", "ask"), ("附表", "skip"),
    ]  # fmt: skip
    assert result.totals.data_rows == 2


def test_read_12_equal_rows_of_two_sheets_are_asked_about_with_the_name_of_the_sheet() -> None:
    first, second = (
        Grid("表.xlsx", name, (tuple(HEADING.split(",")), ("甲", "一村", "1"))) for name in ("甲表", "乙表")
    )
    reasons = [
        row.reason for row in planned(Workbook("表.xlsx", (first, second))).rows if row.outcome == "ask"
    ]
    assert [reason.partition("行")[0] for reason in reasons] == ["与第“乙表”第2", "与第“甲表”第2"]


# --- schemas ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("heading", "near"),
    [("建设年分", "建设年限"), ("资金总额度", "资金总额"), ("绩效目标", ""), ("联系人姓名", "")],
)
def test_read_2_an_unknown_heading_is_told_with_the_nearest_known_one(heading: str, near: str) -> None:
    assert suggested(PROJECT, heading) == near


@pytest.mark.parametrize("schema", [PROJECT, ASSET, OBLIGATION], ids=["project", "asset", "obligation"])
def test_an_alias_means_one_thing_and_every_schema_can_find_a_heading_row(schema: Schema) -> None:
    assert schema.by_heading
    assert {schema.amount, *schema.stand_ins, *schema.anchors, schema.named_by} <= set(schema.by_key)


def test_an_asset_is_read_by_the_kinds_of_its_columns() -> None:
    grid = table(
        "资产编号,资产名称,坐落地点,资产类型,使用状态,数量,资产原值(万元),开始使用日期,所有权人",
        "ZC-1,冷库,一村,经营性,在用,2,10,2021年3月1日,示例村经济合作社",
        "ZC-2,大棚,一村,经营类,闲着,若干,10,2021年3月,示例村经济合作社",
    )
    good, bad = read_register(grid, ASSET).data
    assert {key: good.fields[key] for key in ("kind", "condition", "quantity", "in_service_on", "owner")} == {
        "kind": "operating", "condition": "in_operation", "quantity": "2", "in_service_on": "2021-03-01", "owner": [("示例村经济合作社", 10_000)],
    }  # fmt: skip
    assert [(fault.cell, fault.rule) for fault in bad.faults] == [
        ("D3", "READ-19"), ("E3", "READ-19"), ("F3", "READ-20"), ("H3", "READ-18"),
    ]  # fmt: skip


def test_a_debt_is_read_by_its_own_columns_and_names_of_persons_are_not() -> None:
    grid = table(
        "类别,债权人,债务人,形成日期,本金(元),到期日",
        "债务,示例建筑公司,示例一村村民委员会,2021/3/1,120000,45352",
        "债务,张三,示例一村村民委员会,2021.3.1,1,2024-02-30",
    )
    first, second = read_register(grid, OBLIGATION).data
    assert (first.fields["direction"], first.amount_fen, first.fields["due_on"]) == (
        "debt",
        12_000_000,
        "2024-03-01",
    )
    assert "张三" not in str(second.fields)
    assert [(fault.cell, fault.rule) for fault in second.faults] == [("F3", "READ-18")]


def test_what_an_asset_or_a_debt_must_say_is_asked_for_and_a_natural_person_is_not_entered_by_a_table() -> (
    None
):
    asset = planned(table("资产名称,坐落地点,资产原值(万元)", "冷库,一村,10"), noun="asset").rows[1]
    assert asset.outcome == "ask"
    assert asset.reason.startswith("资产类型不详")
    debts = planned(
        table("类别,事项,债权人,债务人,本金(元)", "债务,尾款,张三,示例一村村民委员会,1", "债务,,,,2"),
        noun="obligation",
    ).rows[1:]
    assert [row.reason.partition("：")[0] for row in debts] == [
        "债权人或债务人看来是自然人", "这笔债权债务是什么事项？；债权人、债务人都没有写明",
    ]  # fmt: skip


def test_an_asset_or_a_debt_is_said_in_the_words_of_its_command() -> None:
    asset = read_register(
        table(
            "资产名称,坐落地点,资产类型,使用状态,数量,计量单位,资产原值(万元),使用年限(年),所有权人,权属类型",
            "冷库,一村,经营性资产,出租,2,座,10,20,示例村经济合作社,村集体",
        ),
        ASSET,
    ).data[0]
    told = NOUNS["asset"].said(asset.fields, asset.money_as_read, "清单")
    assert {key: told[key] for key in ("kind", "condition", "quantity", "original_fen", "life_months", "owner_type")} == {
        "kind": "operating", "condition": "leased", "quantity": "2座", "original_fen": 10_000_000,
        "life_months": 240, "owner_type": "collective_village",
    }  # fmt: skip
    assert told["shares"] == [
        {
            "basis_points": 10_000,
            "owner": {"kind": "organisation", "name": "示例村经济合作社", "organisation": "", "person": ""},
        }
    ]
    debt = read_register(
        table(
            "类别,事项,款项类别,对方单位,形成日期,本金(元),年利率(%)",
            "债权,厂房租金,租金,示例果业公司,2021.3.1,1.5,3.65",
        ),
        OBLIGATION,
    ).data[0]
    told = NOUNS["obligation"].said(debt.fields, debt.money_as_read, "清单")
    assert (told["creditor"], told["debtor"]["name"], told["debtor"]["kind"], told["basis"]) == (
        None, "示例果业公司", "operator", "清单",
    )  # fmt: skip
    assert (told["category"], told["principal_fen"], told["rate_basis_points"]) == ("rent", 150, 365)


def test_an_asset_is_not_the_project_of_the_same_name() -> None:
    grid = table("项目名称,资产名称,项目地点,金额(万元)", "冷库,冷库,一村,10")
    assert len({planned(grid, noun=noun).rows[1].code for noun in ("project", "asset")}) == 2


WORDS = st.text(st.sampled_from("甲乙一二村镇项目合计小备注:（）1.0万元 \n公司"), max_size=12)


@settings(deadline=None, max_examples=200)
@given(st.lists(st.tuples(WORDS, WORDS, st.integers(1, 10**6)), min_size=1, max_size=6))
def test_read_3_a_row_with_an_amount_is_skipped_only_as_a_sum(rows: list[tuple[str, str, int]]) -> None:
    grid = Grid(
        "表.xlsx", "表", (tuple(HEADING.split(",")), *((name, place, str(fen)) for name, place, fen in rows))
    )
    read = read_register(grid)
    for row, (name, place, fen) in zip(read.rows[1:], rows, strict=True):
        if row.role == "data":
            assert row.amount_fen == fen * 1_000_000
        else:
            assert row.role in ("subtotal", "total")
            assert any(word in folded(text) for text in (name, place) for word in ("小计", "合计"))
    assert sum(row.amount_fen for row in read.data) == planned(grid).totals.sum_fen
