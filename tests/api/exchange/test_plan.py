"""What an import would do: each outcome beside its neighbour, the payload of the new rows, the sums."""

import json

import pytest

from api.exchange.plan import OUTCOMES, Plan, PlannedRow
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
    code = last(planned(table(HEADING, FIRST))).code
    again = planned(
        table("标题", HEADING, "QX-9,蔬菜基地,示例一村,5", "QX-1,水果 基地,示例一村 ,20.0"), seen=Memory(code)
    )
    assert [row.outcome for row in again.rows] == ["skip", "skip", "new", "same"]
    assert last(again).payload is None


def test_a_number_that_is_recorded_with_other_content_is_changed_and_not_overwritten() -> None:
    row = last(planned(table(HEADING, FIRST), seen=Memory("code:project:QX-1")))
    assert (row.outcome, row.payload) == ("changed", None)
    assert "QX-1" in row.reason
    assert "更正" in row.reason


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
    code = planned(grid).rows[1].code
    assert [row.outcome for row in planned(grid, seen=Memory(code)).rows[1:]] == ["ask", "ask"]


def test_a_row_with_a_fault_is_a_fault_before_anything_else_and_says_where() -> None:
    row = last(planned(table(HEADING, "QX-1,小额信贷贴息,示例一村,-20"), seen=Memory("code:project:QX-1")))
    assert row.outcome == "fault"
    assert row.reason.startswith("D2：金额不能为负")
    assert row.as_json()["faults"] == [
        {
            "cell": "D2",
            "value": "-20",
            "rule": "READ-5",
            "fix": "金额不能为负；退回、核减请另作说明，此处填实际金额",
        }
    ]


def test_a_row_once_asked_about_and_since_recorded_is_the_same() -> None:
    grid = table(HEADING, ",,示例一村,20")
    assert last(planned(grid)).outcome == "ask"
    assert last(planned(grid, seen=Memory(last(planned(grid)).code))).outcome == "same"


@pytest.mark.parametrize(
    "name", ["01_beita_2020", "08_beiguan_2018", "12_datong_2023", "26_jindong_2022", "qingxi_projects"]
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


def test_a_row_belongs_to_its_village_where_the_village_is_known_and_to_the_file_s_area_elsewhere() -> None:
    village = "area_" + "b" * 26
    grid = table(HEADING, ",甲,示例一村,1", ",乙,示例二村,1")
    payloads = planned(grid, villages={"示例一村": village}).payloads
    assert [(payload["areas"], payload["area_label"]) for payload in payloads] == [
        ([village], "示例一村"),
        ([AREA], "示例县"),
    ]


def test_the_cell_names_the_funds_before_the_title_and_the_document_before_both() -> None:
    grid = table(
        "2020年衔接资金清单",
        "项目名称,资金来源,文号,金额",
        "甲,东西部协作资金,示例协〔2020〕1号,1元",
        "乙,市级,,2元",
        "丙,,,3元",
    )
    lines = [payload["fund_lines"][0] for payload in planned(grid).payloads]
    assert [(line["source"], line["document"], line["as_read"]) for line in lines] == [
        ("cooperation", "示例协〔2020〕1号", "1元"),
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
    assert set(told) == {"file", "sheet", "sha256", "title", "rows", "totals", "notes"}
    assert {"sheet", "row", "outcome", "reason", "fields", "faults"} <= set(told["rows"][0])
    assert set(told["totals"]) == {
        "rows", "data_rows", "sum_fen", "printed_fen", "difference_fen", "by_outcome", "subtotals",
    }  # fmt: skip
    assert set(told["totals"]["by_outcome"]) == set(OUTCOMES)
    amounts = [row["fields"]["amount_fen"] for row in told["rows"] if row["outcome"] != "skip"]
    assert sum(amounts) == told["totals"]["sum_fen"]


def test_the_same_file_gives_the_same_plan() -> None:
    first, second = (planned(shipped("01_beita_2020")).as_json() for _ in range(2))
    assert first == second
