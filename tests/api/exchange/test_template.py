"""The template and the export: both are read by the schema that made them, and what is exported is the same again."""

import io
from decimal import Decimal
from typing import Any

import openpyxl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from api.exchange import project
from api.exchange.nouns import NOUNS
from api.exchange.register import read_sheet
from api.exchange.template import columns_of, exported, template
from api.exchange.workbook import read_workbook
from domain.listing import ListProject
from domain.scope import FUND_SOURCES
from tests.api.exchange.tables import Memory, planned, saved, shipped

IDENTITY = "project_" + "a" * 26


@pytest.mark.parametrize("noun", NOUNS)
def test_an_empty_template_has_no_data_row_and_its_headings_are_all_known(noun: str) -> None:
    schema = NOUNS[noun].schema
    book = read_workbook(template(schema), "模板.xlsx")
    read = read_sheet(book.sheets[0], schema)
    assert read is not None
    assert (len(read.data), read.notes) == (0, ())
    assert {row.role for row in read.rows} == {"title", "heading", "example"}
    printed = {column.key for column in columns_of(schema, exported=False)}
    assert printed <= read.columns
    assert {row.outcome for row in planned(book).rows} == {"skip"}


@pytest.mark.parametrize("noun", NOUNS)
def test_the_example_of_a_template_is_a_row_that_could_be_taken(noun: str) -> None:
    schema = NOUNS[noun].schema
    book = openpyxl.load_workbook(io.BytesIO(template(schema)))
    book.worksheets[0]["A3"].value = "1"
    [row] = planned(read_workbook(saved(book), "表.xlsx")).rows[2:3]
    assert (row.noun, row.faults) == (noun, ())


def test_lists_of_a_template_are_named_ranges_on_a_hidden_sheet_with_absolute_references() -> None:
    book = openpyxl.load_workbook(io.BytesIO(template(project.SCHEMA)))
    page = book.worksheets[0]
    lists = {check.formula1 for check in page.data_validations.dataValidation}
    assert lists == {
        "=list_source",
        "=list_former_poor_village",
        "=list_subsisting",
        "=list_operating_assets",
    }
    assert book["选项"].sheet_state == "hidden"
    reach = {name.attr_text for name in book.defined_names.values()}
    assert all(text.startswith(("'选项'!$", "选项!$")) for text in reach)
    labels = [cell.value for cells in book["选项"].iter_rows() for cell in cells if cell.value]
    assert {*FUND_SOURCES.values(), "是", "否"} == set(labels)


def test_codes_of_a_template_are_texts() -> None:
    page = openpyxl.load_workbook(io.BytesIO(template(project.SCHEMA))).worksheets[0]
    assert page["B4"].number_format == "@"


def held(**other: Any) -> dict[str, Any]:
    row = planned(shipped("qingxi_projects")).rows[2]
    assert row.payload is not None
    return {**row.payload, "area_names": [], **other}


def outcome(*subjects: dict[str, Any], **corrected: Any) -> list[tuple[str, str]]:
    """What the export of these projects gives when it is imported, the ledger holding them with corrections."""
    known = {f"{IDENTITY[:-1]}{'abcdefgh'[at]}": subject for at, subject in enumerate(subjects)}
    data = exported(project.SCHEMA, "导出", [project.cells(one, identity) for identity, one in known.items()])
    memory = Memory({identity: one | corrected for identity, one in known.items()})
    return [
        (row.outcome, row.reason)
        for row in planned(read_workbook(data, "导出.xlsx"), seen=memory).rows
        if row.outcome != "skip"
    ]


@pytest.mark.parametrize(
    "other",
    [
        {},
        {"number": "", "category": "", "place": "", "department": ""},
        {"build_year": None, "name": "2018年的项目"},
        {"subsisting": None, "operating_assets": False},
        {"operator": "某某采摘园"},  # a body for the ledger, though not by the narrower words of the importer
        {"content": "长" * 1_990},
        {"name": "=1+1", "content": "-甲", "scale": "@5"},
        {"name": "小额贷款贴息"},
        {"fund_lines": [], "total_fen": None},
    ],
)
def test_what_is_exported_is_the_same_when_it_is_imported(other: dict[str, Any]) -> None:
    subject = held(**other)
    assert [one for one, _ in outcome(held(number="QX-9999"), subject)] == ["same", "same"]


def test_what_was_changed_in_the_export_is_changed_and_named() -> None:
    [(found, reason)] = outcome(held(), scale="19亩")
    assert found == "changed"
    assert "规模大小" in reason


LINE = st.builds(
    lambda fen, source, document: {
        "amount_fen": fen,
        "as_read": "",
        "document": document,
        "source": source,
        "year": None,
    },
    st.integers(0, 10**14),
    st.sampled_from(list(FUND_SOURCES)),
    st.text("示例财〔2021〕号，0123456789", max_size=30).map(str.strip),
)


@settings(deadline=None, max_examples=30)
@given(st.lists(LINE, min_size=1, max_size=6))
def test_any_fund_lines_are_the_same_to_the_fen(lines: list[dict[str, Any]]) -> None:
    total = sum(line["amount_fen"] for line in lines)
    assert outcome(held(fund_lines=lines, total_fen=total)) == [("same", "已登记，内容相同")]


def test_six_funds_with_long_document_numbers_are_the_same_again() -> None:
    line = {"amount_fen": 10**14, "as_read": "", "source": next(iter(FUND_SOURCES)), "year": None}
    lines = [line | {"document": f"示例财〔2021〕{'1' * 80}{number}号"} for number in range(6)]
    assert outcome(held(fund_lines=lines, total_fen=6 * 10**14)) == [("same", "已登记，内容相同")]


def test_an_exported_row_is_found_by_the_ledgers_own_id_and_a_foreign_one_is_asked_about() -> None:
    data = exported(project.SCHEMA, "导出", [project.cells(held(), IDENTITY)])
    row = planned(read_workbook(data, "导出.xlsx")).rows[2]
    assert (row.outcome, row.reason.partition("：")[0]) == ("ask", f"台账里没有 {IDENTITY}")


def test_an_export_prints_the_total_of_its_rows() -> None:
    cells = project.cells(held(), IDENTITY)
    totals = planned(
        read_workbook(exported(project.SCHEMA, "导出", [cells, cells | {"number": "QX-2"}]), "导出.xlsx")
    ).totals
    assert totals.printed_fen == totals.sum_fen == int(Decimal(str(cells["amount"])) * 2_000_000)


def test_a_row_of_the_template_is_a_payload_that_the_command_takes() -> None:
    book = openpyxl.load_workbook(io.BytesIO(template(project.SCHEMA)))
    book.worksheets[0]["A3"].value = 1
    [payload] = planned(read_workbook(saved(book), "表.xlsx")).payloads
    ListProject.model_validate(payload)
    assert payload["fund_lines"][0]["source"] == "fiscal"


def test_a_template_is_set_in_a_font_that_every_office_has() -> None:
    page = openpyxl.load_workbook(io.BytesIO(template(project.SCHEMA))).worksheets[0]
    assert {page[cell].font.name for cell in ("A1", "A2", "B3", "B5")} == {"宋体"}


@pytest.mark.parametrize("noun", NOUNS)
def test_a_template_says_what_an_opening_is_and_has_columns_for_its_papers(noun: str) -> None:
    book = openpyxl.load_workbook(io.BytesIO(template(NOUNS[noun].schema)))
    told = "".join(str(cell.value) for (cell,) in book["填表说明"].iter_rows())
    assert "期初建账" in told
    assert "--opening" in told
    headings = {cell.value for cell in book.worksheets[0][2]}
    assert ({"已有材料", "缺少材料"} <= headings) == (noun != "project")
