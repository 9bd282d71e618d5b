"""What an import would do: each outcome beside its neighbour, the payload of the new rows, the sums."""

import json

import pytest

from api.exchange.outcome import OUTCOMES, Plan, PlannedRow
from domain.listing import ListProject
from domain.values import moving_ids
from tests.api.exchange.tables import AREA, Memory, planned, shipped, table

HEADING = "项目编号,项目名称,村,金额(万元)"
FIRST = "QX-1,水果基地,示例一村,20"


def last(result: Plan) -> PlannedRow:
    return result.rows[-1]


def test_a_row_that_the_ledger_does_not_know_is_new_with_a_payload() -> None:
    row = last(planned(table(HEADING, FIRST)))
    assert (row.outcome, row.reason) == ("new", "新登记")
    assert row.payload is not None


def test_a_row_that_is_recorded_is_the_same_whatever_its_file_order_or_spaces() -> None:
    memory = Memory.of(planned(table(HEADING, FIRST)))
    again = planned(
        table("标题", HEADING, "QX-9,蔬菜基地,示例一村,5", "QX-1,水果 基地,示例一村 ,20.0"), seen=memory
    )
    assert [row.outcome for row in again.rows] == ["skip", "skip", "new", "same"]
    assert last(again).payload is None


def test_a_number_that_is_recorded_with_other_content_is_changed_and_not_overwritten() -> None:
    memory = Memory.of(planned(table(HEADING, FIRST)))
    row = last(planned(table(HEADING, "QX-1,水果基地,示例一村,21"), seen=memory))
    assert (row.outcome, row.payload) == ("changed", None)
    assert "QX-1" in row.reason
    assert "20万元”，本行是" in row.reason
    assert "更正" in row.reason


def test_read_16_a_recorded_row_with_another_cell_is_changed_and_the_columns_are_named() -> None:
    heading = "项目名称,村,规模,经营主体,文号,金额(万元)"
    before = "水果基地,示例一村,20亩,示例果业公司,示例〔2020〕1号,20"
    memory = Memory.of(planned(table(heading, before)))
    assert last(planned(table(heading, before), seen=memory)).outcome == "same"
    for cell, other, title in (
        ("20亩", "25亩", "规模大小"),
        ("示例果业公司", "", "经营主体"),
        ("1号", "2号", "资金明细"),
    ):
        row = last(planned(table(heading, before.replace(cell, other)), seen=memory))
        assert row.outcome == "changed"
        assert row.reason.count("台账是") == 1
        assert title in row.reason


def test_read_16_a_column_that_the_table_does_not_have_says_nothing() -> None:
    memory = Memory.of(planned(table("项目名称,村,规模,金额(万元)", "水果基地,示例一村,20亩,20")))
    assert (
        last(planned(table("项目名称,村,金额(万元)", "水果基地,示例一村,20"), seen=memory)).outcome == "same"
    )


def test_read_16_a_row_is_compared_with_what_holds_since_a_correction() -> None:
    heading = "项目名称,村,规模,金额(万元)"
    memory = Memory.of(planned(table(heading, "水果基地,示例一村,20亩,20")), scale="18亩")
    outcomes = [
        last(planned(table(heading, f"水果基地,示例一村,{scale},20"), seen=memory)).outcome
        for scale in ("20亩", "18亩")
    ]
    assert outcomes == ["changed", "same"]


def test_the_ledger_is_asked_once_for_all_codes_in_order() -> None:
    memory = Memory()
    result = planned(table(HEADING, FIRST, ",蔬菜基地,示例一村,30", "合计,,,50"), seen=memory)
    codes = [row.code for row in result.rows if row.code]
    assert memory.asked == [sorted([*codes, "code:project:QX-1"])]


def test_read_9_a_number_that_is_a_fault_is_no_code_to_ask_for() -> None:
    memory = Memory()
    result = planned(table(HEADING, "QX 1,水果基地,示例一村,20"), seen=memory)
    assert last(result).outcome == "fault"
    assert memory.asked == [[last(result).code]]


def test_read_12_equal_rows_are_all_asked_about_and_one_that_differs_is_not() -> None:
    rows = planned(table(HEADING, ",甲,示例一村,1", ",甲,示例一村,1", ",甲,示例二村,1")).rows[1:]
    assert [row.outcome for row in rows] == ["ask", "ask", "new"]
    assert [row.reason.partition("行")[0] for row in rows[:2]] == ["与第3", "与第2"]
    assert rows[0].code == rows[1].code


def test_read_12_equal_rows_are_asked_about_even_when_one_of_them_is_recorded() -> None:
    grid = table(HEADING, ",甲,示例一村,1", ",甲,示例一村,1")
    memory = Memory.of(planned(table(HEADING, ",甲,示例一村,1")))
    assert [row.outcome for row in planned(grid, seen=memory).rows[1:]] == ["ask", "ask"]


def test_a_row_with_a_fault_is_a_fault_before_anything_else_and_says_where() -> None:
    memory = Memory.of(planned(table(HEADING, FIRST)))
    row = last(planned(table(HEADING, "QX-1,小额信贷贴息,示例一村,-20"), seen=memory))
    assert row.outcome == "fault"
    assert row.reason == "D2：读到“-20”，金额不能为负；退回、核减请另作说明，此处填实际金额（READ-5）"
    assert row.as_json()["faults"] == [
        {
            "cell": "D2",
            "value": "-20",
            "rule": "READ-5",
            "fix": "金额不能为负；退回、核减请另作说明，此处填实际金额",
        }
    ]


def test_every_fault_of_a_row_says_the_value_as_read_and_its_rule_and_a_long_value_is_shortened() -> None:
    long = "三十八万左右，" * 20
    heading = "项目名称,村,建设年度,是否确权,金额(万元)"
    row = last(planned(table(heading, f'甲,示例一村,2019-2020,"也许\n是",{long}'.replace("，", "、"))))
    assert row.reason.split("；") == [
        "C2：读到“2019-2020”，请填一个年份，如 2019",
        "跨年度的分行填写（READ-6）",
        "D2：读到“也许 是”，请填“是”或“否”",
        "不清楚的留空（READ-7）",
        f"E2：读到“{long.replace('，', '、')[:39]}…”，请只填一个数，如 20 或 20.5",
        "附注写在其后的括号内（READ-5）",
    ]
    assert row.faults[-1].value == long.replace("，", "、")
    [empty] = last(planned(table(HEADING, "QX-1,甲,示例一村,"))).reason.split("；")
    assert empty == "D2：金额为空，请填金额，不是数据的行请删去（READ-5）"


def test_read_13_a_printed_sum_that_differs_or_cannot_be_read_is_told_with_its_cell() -> None:
    rows = (",甲,示例一村,1", "小计,,,2", ",乙,示例一村,3", "小计,,,三万多", "合计,,,4")
    totals = planned(table(HEADING, *rows)).totals
    assert [(one.cell, one.value, one.told) for one in totals.printed if one.told] == [
        ("D3", "2", "所印的合计 2万元 与各行之和 1万元 相差 -1万元"),
        ("D5", "三万多", "所印的合计没有核对：读不出金额"),
    ]
    told = totals.as_json()
    assert [(one["cell"], one["value"], one["printed_fen"]) for one in told["subtotals"]] == [
        ("D3", "2", 2_000_000), ("D5", "三万多", None),
    ]  # fmt: skip
    assert [(one["cell"], one["difference_fen"]) for one in told["totals"]] == [("D6", 0)]
    assert not planned(table(HEADING, ",甲,示例一村,1", "合计,,,")).totals.printed[0].told


def test_a_question_about_a_cell_says_what_stands_there() -> None:
    row = last(planned(table(HEADING, "QX-1,甲,示例一村,3200元")))
    assert row.reason == "D2 读到“3200元”，表上单位是万元：以哪个为准？"


def test_a_row_once_asked_about_and_since_recorded_is_the_same() -> None:
    grid = table(HEADING, ",,示例一村,20")
    asked = last(planned(grid))
    assert asked.outcome == "ask"
    entered = last(planned(table(HEADING, ",水果基地,示例一村,20"))).payload
    assert entered is not None
    assert last(planned(grid, seen=Memory({asked.code: entered | {"name": ""}}))).outcome == "same"


@pytest.mark.parametrize(
    "name",
    [
        *(
            "01_beita_2020",
            "02_yaozhou_2018",
            "05_louxing_2017",
            "06_huoshan_xiafuqiao_2023",
            "08_beiguan_2018",
        ),
        *("12_datong_2023", "21_mishan_2025", "22_xinping_2023_form", "26_jindong_2022", "qingxi_projects"),
    ],
)
def test_every_payload_of_a_shipped_table_is_what_the_command_takes(name: str) -> None:
    result = planned(shipped(name))
    assert result.payloads
    for payload in result.payloads:
        assert set(ListProject.model_fields) == set(payload)
        ListProject.model_validate(payload)
        assert payload["total_fen"] == sum(line["amount_fen"] for line in payload["fund_lines"])


def test_a_payload_names_its_row_and_file_and_what_it_claims_is_seen() -> None:
    result = planned(shipped("qingxi_projects"))
    row = result.rows[2]
    assert row.payload is not None
    assert row.payload["row"] == {
        "code": row.code,
        "file": result.sha256,
        "row": 3,
        "sheet": "qingxi_projects",
    }
    assert moving_ids(row.payload) == sorted([row.code, row.payload["project"]])
    assert row.payload["late_reason"] == "公开登记表补登"


def test_every_payload_has_an_id_of_its_own() -> None:
    payloads = planned(shipped("01_beita_2020")).payloads
    assert len({payload["project"] for payload in payloads}) == len(payloads)


VILLAGE = ("示例一村", "area_" + "b" * 26)
VILLAGES = {"示例一村": VILLAGE, "青溪乡示例一村": VILLAGE}


def test_a_row_belongs_to_its_village_and_to_the_file_s_area_where_the_place_is_no_village() -> None:
    places = ["示例一村", "青溪乡示例一村", "示例一村 三组", "乡敬老院旁", ""]
    payloads = planned(
        table(HEADING, *(f",项目{n},{one},1" for n, one in enumerate(places))), villages=VILLAGES
    )
    named = [(payload["areas"], payload["area_label"]) for payload in payloads.payloads]
    assert named == [([VILLAGE[1]], "示例一村")] * 3 + [([AREA], "示例县")] * 2


@pytest.mark.parametrize("place", ["示例九村", "示例九村三组", "青溪乡示例九村", "新社区", "示例一村老村"])
def test_read_15_a_village_that_is_not_registered_is_asked_about(place: str) -> None:
    row = last(planned(table(HEADING, f",甲,{place},1"), villages=VILLAGES))
    assert row.outcome == "ask"
    assert place in row.reason
    assert "哪个村" in row.reason


def test_read_15_a_place_in_a_column_of_places_is_read_in_the_same_way() -> None:
    heading = "项目名称,建设地点,金额(万元)"
    rows = planned(
        table(heading, "甲,示例九村,1", "乙,示例一村,2", "丙,乡敬老院旁,3"), villages=VILLAGES
    ).rows
    assert [row.outcome for row in rows[1:]] == ["ask", "new", "new"]


def test_read_15_places_of_an_external_source_are_only_text() -> None:
    row = last(planned(table(HEADING, ",甲,示例九村,1"), villages=None))
    assert row.outcome == "new"
    assert row.payload is not None
    assert (row.payload["areas"], row.payload["place"]) == ([AREA], "示例九村")


def test_the_cell_names_the_funds_before_the_title_and_the_paper_s_words_are_kept() -> None:
    grid = table(
        "2020年衔接资金清单",
        "项目名称,资金来源,文号,金额",
        "甲,东西部协作资金,示例协〔2020〕1号,1元",
        "乙,市级,,2元",
        "丙,,,3元",
    )
    lines = [payload["fund_lines"][0] for payload in planned(grid).payloads]
    assert [(line["source"], line["document"], line["as_read"]) for line in lines] == [
        ("cooperation", "示例协〔2020〕1号", "1元"),  # the group's own name says nothing more
        ("other", "市级", "2元"),
        ("fiscal", "2020年衔接资金清单", "3元"),
    ]


def test_read_13_every_data_row_counts_in_the_sum_whatever_its_outcome() -> None:
    result = planned(table(HEADING, FIRST, ",,示例一村,5", ",乙,示例一村,坏", "合计,,,26"))
    totals = result.totals
    assert dict(totals.by_outcome) == {"new": 1, "changed": 0, "same": 0, "ask": 1, "fault": 1, "skip": 2}
    assert (totals.rows, totals.data_rows) == (5, 3)
    assert (totals.sum_fen, totals.printed_fen, totals.difference_fen) == (25_000_000, 26_000_000, -1_000_000)
    assert not result.balanced


def test_the_json_of_a_plan_has_the_shape_that_other_programs_rely_on() -> None:
    told = json.loads(json.dumps(planned(shipped("01_beita_2020")).as_json(), ensure_ascii=False))
    assert set(told) == {"file", "sheet", "sha256", "title", "rows", "totals", "sheets", "notes"}
    assert {"sheet", "row", "outcome", "reason", "fields", "faults"} <= set(told["rows"][0])
    assert set(told["totals"]) == {
        "rows", "data_rows", "sum_fen", "printed_fen", "difference_fen", "by_outcome", "subtotals", "totals",
    }  # fmt: skip
    assert set(told["totals"]["by_outcome"]) == set(OUTCOMES)
    amounts = [row["fields"]["amount_fen"] for row in told["rows"] if row["outcome"] != "skip"]
    assert sum(amounts) == told["totals"]["sum_fen"]


def test_the_same_file_gives_the_same_plan() -> None:
    first, second = (planned(shipped("01_beita_2020")).as_json() for _ in range(2))
    assert first == second


def test_read_8_words_and_number_of_a_paper_fit_the_fund_line_together() -> None:
    grid = table(
        "项目名称,资金来源,文号,金额", f"甲,{'财政衔接' * 40},示例〔2020〕1号,1元", f"乙,,{'号' * 101},1元"
    )
    long, too_long = planned(grid).rows[1:]
    assert long.payload is not None
    document = long.payload["fund_lines"][0]["document"]
    assert len(document) == 100
    assert document.endswith("…，示例〔2020〕1号")
    assert [fault.rule for fault in too_long.faults] == ["READ-8"]
