"""The workbook given back: every fault at its cell, every row with its result, and the same reading again once corrected."""

import io
import re
import tempfile
import zipfile
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from openpyxl.styles import Font, PatternFill
from openpyxl.worksheet.datavalidation import DataValidation

from api.exchange.annotate import RESULT, Verdict, annotated
from api.exchange.grid import Workbook
from api.exchange.outcome import Plan
from api.exchange.plan import REPORT
from api.exchange.results import with_results
from api.exchange.workbook import read_workbook
from tests.api.exchange.tables import Memory, planned, saved

HERE = Path(__file__).parents[2] / "data" / "workbooks"
FILES = ["xlsxwriter.xlsx", "openpyxl.xlsx", "libreoffice.xlsx", "libreoffice.ods", "libreoffice.xls"]


def marked(data: bytes, name: str, **options: Any) -> tuple[Any, Plan, bytes]:
    book = read_workbook(data, name)
    plan = planned(book)
    copy = annotated(data, book, plan, **options)
    return openpyxl.load_workbook(io.BytesIO(copy)), plan, copy


@pytest.mark.parametrize("file", FILES)
def test_every_fault_is_marked_at_its_cell_with_its_rule_and_what_to_type(file: str) -> None:
    copy, plan, _ = marked((HERE / file).read_bytes(), file)
    faults = {(row.sheet, fault.cell): fault for row in plan.rows for fault in row.faults}
    notes = {
        (page.title, cell.coordinate): cell.comment.text
        for page in copy.worksheets
        for cells in page.iter_rows()
        for cell in cells
        if cell.comment is not None
    }
    assert set(notes) == set(faults)
    assert all(fault.rule in notes[place] and fault.fix in notes[place] for place, fault in faults.items())
    assert all(copy[sheet][cell].fill.fgColor.rgb.endswith("FFC7CE") for sheet, cell in faults)


@pytest.mark.parametrize("file", FILES)
def test_every_row_says_what_became_of_it_and_the_first_sheet_lists_all_findings(file: str) -> None:
    copy, plan, _ = marked((HERE / file).read_bytes(), file)
    faulty = copy["有误"]
    column = next(cell.column for cell in faulty[1] if cell.value == RESULT)
    for row in plan.rows:
        if row.sheet == "有误" and row.outcome != "skip":
            said = faulty.cell(row.row, column).value
            assert said == ("ok：新登记" if row.outcome == "new" else f"有误：{row.reason}")
    report = copy.worksheets[0]
    assert report.cell(1, 1).value == REPORT
    listed = [(one[0].value, one[1].value) for one in report.iter_rows(min_row=3)]
    expected = [(row.sheet, fault.cell) for row in plan.rows for fault in row.faults]
    assert [one for one in listed if "第" not in one[1]] == expected
    assert report.cell(3, 2).hyperlink is not None


@pytest.mark.parametrize("file", FILES)
def test_a_marked_copy_reads_as_the_original_and_hides_no_trouble(file: str) -> None:
    data = (HERE / file).read_bytes()
    _, before, copy = marked(data, file)
    after = planned(read_workbook(copy, "再来.xlsx"))
    again = {(row.sheet, row.row): row for row in after.rows}
    for row in before.rows:
        found = again[row.sheet, row.row]
        assert (found.outcome, found.code) == (row.outcome, row.code), (row.reason, found.reason)
    assert {row.outcome for row in after.rows if row.sheet.startswith("检查结果")} == {"skip"}


def test_the_results_of_formulas_are_kept_with_them() -> None:
    """For whoever looks at the copy without calculating: a telephone, our own import."""
    data = (HERE / "libreoffice.xlsx").read_bytes()
    _, _, copy = marked(data, "libreoffice.xlsx")
    formulas, before, after = (
        openpyxl.load_workbook(io.BytesIO(one), data_only=results)
        for one, results in ((data, False), (data, True), (copy, True))
    )
    kept = openpyxl.load_workbook(io.BytesIO(copy))
    places = [
        (page.title, cell.coordinate)
        for page in formulas
        for cells in page.iter_rows()
        for cell in cells
        if cell.data_type == "f"
    ]
    assert len(places) > 3
    for sheet, at in places:
        assert (kept[sheet][at].value, after[sheet][at].value) == (
            formulas[sheet][at].value,
            before[sheet][at].value,
        )


@pytest.mark.parametrize(
    ("cell", "kind", "shown"),
    [
        ("<f>1+1</f><v>2</v>", "", 2),
        ('<f>"a"&amp;"&lt;"</f><v>a&lt;</v>', "str", "a<"),
        ("<f>1=1</f><v>1</v>", "b", True),
        ("<f>1/0</f><v>#DIV/0!</v>", "e", "#DIV/0!"),
        ('<f t="shared" ref="A1:A2" si="0">B1</f><v>7.5</v>', "", 7.5),
    ],
)
def test_a_result_of_every_kind_is_put_back(cell: str, kind: str, shown: object) -> None:
    book = openpyxl.Workbook()
    book.active["A1"] = 1
    before, after = saved(book), io.BytesIO()
    stated = f' t="{kind}"' if kind else ""
    with zipfile.ZipFile(io.BytesIO(before)) as old, zipfile.ZipFile(after, "w") as new:
        for info in old.infolist():
            content = old.read(info)
            if info.filename == "xl/worksheets/sheet1.xml":
                content = re.sub(rb"<c r=.A1..*?</c>", f'<c r="A1"{stated}>{cell}</c>'.encode(), content)
            new.writestr(info.filename, content)
    original = after.getvalue()
    without = saved(openpyxl.load_workbook(io.BytesIO(original)))
    found = openpyxl.load_workbook(io.BytesIO(with_results(without, original)), data_only=True)
    assert found.active["A1"].value == shown
    assert openpyxl.load_workbook(io.BytesIO(without), data_only=True).active["A1"].value is None


def test_styles_lists_and_formulas_of_an_xlsx_are_kept() -> None:
    book = openpyxl.Workbook()
    page = book.active
    page.title = "我的表"
    for row in (
        ["项目名称", "村名", "金额(万元)"],
        ["甲", "一村", "约20"],
        ["乙", "一村", 3],
        ["合计", None, "=SUM(C3)"],
    ):
        page.append(row)
    page["A1"].font = Font(name="黑体", size=16, bold=True)
    page["A2"].fill = PatternFill("solid", fgColor="00FF00")
    page.column_dimensions["B"].width = 33
    check = DataValidation(type="list", formula1='"一村,二村"')
    check.add("B2:B9")
    page.add_data_validation(check)
    copy, _, _ = marked(saved(book), "表.xlsx")
    kept = copy["我的表"]
    assert (kept["A1"].font.name, kept["A1"].font.size) == ("黑体", 16)
    assert kept["A2"].fill.fgColor.rgb == "0000FF00"
    assert kept.column_dimensions["B"].width == 33
    assert kept.data_validations.dataValidation[0].sqref == check.sqref
    assert kept["C4"].value == "=SUM(C3)"
    assert [kept.cell(row, 4).value for row in (1, 2, 3, 4)] == [
        RESULT, "有误：C2：读到“约20”，请只填一个数，如 20 或 20.5；附注写在其后的括号内（READ-5）", "ok：新登记", None,
    ]  # fmt: skip


def test_a_corrected_copy_is_marked_afresh() -> None:
    _, _, first = marked((HERE / "xlsxwriter.xlsx").read_bytes(), "表.xlsx")
    book = openpyxl.load_workbook(io.BytesIO(first))
    book["有误"]["E3"].value = 5
    copy, plan, _ = marked(saved(book), "表.xlsx")
    assert next(row.outcome for row in plan.rows if (row.sheet, row.row) == ("有误", 3)) == "new"
    assert copy["有误"]["E3"].comment is None
    assert [page.title for page in copy.worksheets].count("检查结果") == 1
    headings = [cell.value for cell in copy["有误"][1]]
    assert headings.count(RESULT) == 1


def test_what_the_ledger_refuses_and_what_is_asked_are_told_at_their_rows() -> None:
    data = "项目名称,村名,金额(万元)\n甲,一村,1\n小额贷款贴息,一村,2\n".encode()
    copy, _, _ = marked(data, "表.csv", refused=[Verdict("表", 2, "超出岗位辖区（outside_area，AUTH-5）")])
    page = copy["表"]
    assert page.cell(2, 4).value == "台账不收：超出岗位辖区（outside_area，AUTH-5）"
    assert page.cell(3, 4).value.startswith("待问：“小额贷款贴息”")
    assert [one[1].value for one in copy.worksheets[0].iter_rows(min_row=3)] == ["第2行", "第3行"]


def test_a_value_that_looks_like_a_formula_stays_a_text() -> None:
    data = '项目名称,村名,金额(万元)\n"=HYPERLINK(""http://x"")",一村,1\n@x,一村,=1+1\n'.encode()
    copy, _, _ = marked(data, "表.csv")
    cells = [cell for page in copy.worksheets for cells in page.iter_rows() for cell in cells]
    assert not [cell.value for cell in cells if cell.data_type == "f"]


def test_a_workbook_without_findings_says_so() -> None:
    book = read_workbook("项目名称,村名,金额(万元)\n甲,一村,1\n".encode(), "一[二]:三.csv")
    first = planned(book)
    plan = planned(Workbook(book.file, book.sheets), seen=Memory.of(first))
    copy = openpyxl.load_workbook(io.BytesIO(annotated(b"", book, plan)))
    assert copy.worksheets[0].cell(3, 1).value == "没有发现问题"
    assert copy.worksheets[1].cell(2, 4).value == "ok：已登记"


@pytest.mark.parametrize("file", FILES)
def test_no_cell_of_the_workbook_lies_in_a_file_meanwhile(file: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """A sheet holds names, and a process that is killed takes none of its files along."""
    monkeypatch.setattr(tempfile, "tempdir", "/nonexistent")
    copy, plan, _ = marked((HERE / file).read_bytes(), file)
    assert len(copy.worksheets) == len(plan.sheets) + 1
