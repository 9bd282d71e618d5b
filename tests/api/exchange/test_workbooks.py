"""The quirk workbooks of three writers (tests/data/workbooks/make.py): every planted fault found, none invented."""

import json
from pathlib import Path
from typing import Any

import pytest

from api.exchange.outcome import Plan, PlannedRow
from api.exchange.workbook import read_workbook
from tests.api.exchange.tables import planned

HERE = Path(__file__).parents[2] / "data" / "workbooks"
EXPECTED: dict[str, dict[str, Any]] = json.loads((HERE / "expected.json").read_text(encoding="utf-8"))
CALCULATED = [file for file in EXPECTED if file.startswith("libreoffice")]
CASES = [(file, sheet) for file, sheets in EXPECTED.items() for sheet in sheets]


def plan_of(file: str) -> Plan:
    return planned(read_workbook((HERE / file).read_bytes(), file))


PLANS = {file: plan_of(file) for file in EXPECTED}


def rows_of(file: str, sheet: str) -> list[PlannedRow]:
    return [row for row in PLANS[file].rows if row.sheet == sheet]


@pytest.mark.parametrize(("file", "sheet"), CASES)
def test_every_planted_fault_is_found_at_its_cell_and_none_is_invented(file: str, sheet: str) -> None:
    faults = {fault.cell: fault.rule for row in rows_of(file, sheet) for fault in row.faults}
    assert faults == EXPECTED[file][sheet]["faults"]
    assert all(fault.fix for row in rows_of(file, sheet) for fault in row.faults)


@pytest.mark.parametrize(("file", "sheet"), CASES)
def test_every_row_has_its_outcome(file: str, sheet: str) -> None:
    outcomes = {str(row.row): row.outcome for row in rows_of(file, sheet)}
    assert outcomes == EXPECTED[file][sheet]["outcomes"]


@pytest.mark.parametrize("file", CALCULATED)
def test_read_13_sums_equal_what_the_tables_print(file: str) -> None:
    for sheet in PLANS[file].sheets:
        facts = EXPECTED[file][sheet.sheet]
        assert (sheet.totals.sum_fen, sheet.totals.printed_fen) == (facts["sum_fen"], facts["printed_fen"])
        assert not sheet.totals.differing


def test_every_writer_gives_the_same_fields_where_nothing_is_a_fault() -> None:
    first = {
        (row.sheet, row.row): (row.fields, row.code)
        for row in PLANS["libreoffice.xlsx"].rows
        if row.outcome == "new"
    }
    for file, plan in PLANS.items():
        same = {(row.sheet, row.row): (row.fields, row.code) for row in plan.rows if row.outcome == "new"}
        left = {one: value for one, value in first.items() if one in same}
        assert same == left, file


@pytest.mark.parametrize("file", EXPECTED)
def test_what_is_hidden_or_merged_is_known_from_every_writer(file: str) -> None:
    sheets = read_workbook((HERE / file).read_bytes(), file).sheets
    assert [sheet.is_hidden for sheet in sheets] == [False, False, True, False, False]
    first = sheets[0]
    assert (first.hidden_rows, first.hidden_columns) == ({10}, {10})
    assert first.cell(8, 4).text == "青溪乡"
    assert first.cell(8, 4).origin == (6, 4)
    assert (first.cell(8, 4).address, first.cell(10, 1).is_hidden, first.cell(8, 4).is_hidden) == (
        "D8",
        True,
        False,
    )
    notes = [note for sheet in PLANS[file].sheets for note in sheet.notes]
    assert "有 1 个隐藏的行，照样读入" in notes
    assert "隐藏的工作表，照样读入" in notes
