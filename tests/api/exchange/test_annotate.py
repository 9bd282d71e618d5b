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
    hinted = {
        (sheet.sheet, one.cell): one.told for sheet in plan.sheets for one in (*sheet.unread, *sheet.sums)
    }
    assert set(notes) == set(faults) | set(hinted)
    assert all(told in notes[place] for place, told in hinted.items())
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
            assert said.startswith("ok：新登记" if row.outcome == "new" else f"有误：{row.reason}")
            assert all(note in said for note in row.notes)
    report = copy.worksheets[0]
    assert report.cell(1, 1).value == REPORT
    listed = [(one[0].value, one[1].value) for one in report.iter_rows(min_row=3)]
    expected = [(row.sheet, fault.cell) for row in plan.rows for fault in row.faults]
    assert [one for one in listed if one in expected] == expected
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


HEADINGS = ["项目名称", "村名", "绩效评语", "项目类形", "联系人", None, "金额(万元)"]
FIRST = ["甲", "一村", "良好", "产业", "某某", "另记", 3]


def clerks(*rows: list[object], **sheets: list[list[object]]) -> Any:
    book = openpyxl.Workbook()
    book.active.title = "表"
    for row in rows:
        book.active.append(row)
    for name, lines in sheets.items():
        page = book.create_sheet(name)
        for line in lines:
            page.append(line)
    return book


def findings(copy: Any) -> dict[tuple[str, str], tuple[str, str, str]]:
    cells = (tuple(cell.value or "" for cell in row) for row in copy.worksheets[0].iter_rows(min_row=3))
    return {(sheet, where): (value, rule, fix) for sheet, where, value, rule, fix in cells}


def test_a_column_that_was_not_read_is_marked_at_its_heading_and_listed() -> None:
    copy, _, _ = marked(saved(clerks(HEADINGS, FIRST)), "表.xlsx")
    found = findings(copy)
    assert found["表", "C1"] == ("绩效评语", "未读入", "不认识这一栏，没有读入")
    assert found["表", "D1"][0] == "项目类形"
    assert "是不是“项目类型”？" in found["表", "D1"][2]
    assert found["表", "E1"] == ("联系人", "未读入", "这一栏不读入")
    assert found["表", "F1"] == ("", "未读入", "F列没有栏目名，没有读入")
    for cell in ("C1", "D1", "E1", "F1"):
        assert copy["表"][cell].comment.text == found["表", cell][2]
    assert not any(copy["表"][cell].comment for cell in ("A1", "B1", "G1"))
    plain, _, _ = marked(
        saved(clerks(["项目名称", "村名", None, "金额(万元)"], ["甲", "一村", None, 3])), "表.xlsx"
    )
    assert findings(plain) == {("没有发现问题", ""): ("", "", "")}


def test_below_a_heading_across_two_columns_the_second_is_told_by_its_letter() -> None:
    book = clerks(["项目名称", None, "村名", "金额(万元)"], ["甲", "二期", "一村", 3])
    book["表"].merge_cells("A1:B1")
    copy, _, _ = marked(saved(book), "表.xlsx")
    assert copy["表"]["A1"].comment.text == findings(copy)["表", "B1"][2] == "B列没有栏目名，没有读入"


def test_the_mark_at_a_heading_goes_once_it_is_known_and_its_own_colour_stays() -> None:
    book = clerks(HEADINGS, FIRST)
    for cell in book["表"][1]:
        cell.fill = PatternFill("solid", fgColor="00FF00")
    _, _, first = marked(saved(book), "表.xlsx")
    again = openpyxl.load_workbook(io.BytesIO(first))
    again["表"]["D1"].value = "项目类型"
    copy, _, _ = marked(saved(again), "表.xlsx")
    assert (copy["表"]["C1"].comment is None, copy["表"]["D1"].comment is None) == (False, True)
    assert {cell.fill.fgColor.rgb for cell in copy["表"][1][:7]} == {"0000FF00"}


@pytest.mark.parametrize("lower", ["产出指标", "产出\n指标"])
def test_of_a_heading_of_two_rows_the_lower_cell_is_marked_and_of_a_merged_one_its_first(lower: str) -> None:
    book = clerks(
        ["项目名称", "村名", "绩效", None, "评语", "金额(万元)"],
        [None, None, lower, "效益指标", None, None],
        ["甲", "一村", "高", "低", "好", 3],
    )
    for merged in ("A1:A2", "B1:B2", "C1:D1", "E1:E2", "F1:F2"):
        book["表"].merge_cells(merged)
    copy, plan, _ = marked(saved(book), "表.xlsx")
    assert [one.cell for one in plan.sheets[0].unread] == ["C2", "D2", "E1"]
    assert all(copy["表"][cell].comment for cell in ("C2", "D2", "E1"))


def test_of_a_form_the_label_is_marked() -> None:
    book = clerks(
        ["项目名称", "甲"],
        ["项目地点", "一村"],
        ["满意度", "高"],
        ["项目类形", "产业"],
        ["资金金额(万元)", 3],
    )
    copy, _, _ = marked(saved(book), "表.xlsx")
    assert findings(copy)["表", "A3"][:2] == ("满意度", "未读入")
    assert "是不是“项目类型”？" in copy["表"]["A4"].comment.text


def test_of_records_beside_each_other_every_result_is_kept_and_none_becomes_a_record_of_the_next_import() -> (
    None
):
    book = clerks(
        ["项目名称", "甲", "乙"],
        ["项目地点", "一村", "二村"],
        ["建设年度", 2019, 2020],
        ["资金金额(万元)", "约5", 3],
    )
    copy, _, first = marked(saved(book), "表.xlsx")
    assert copy["表"]["D1"].value == RESULT
    assert copy["表"]["E1"].value.split("\n") == [
        "有误：B4：读到“约5”，请只填一个数，如 20 或 20.5；附注写在其后的括号内（READ-5）",
        "ok：新登记",
    ]
    assert copy["表"]["E1"].fill.fgColor.rgb.endswith("FFC7CE")
    corrected = openpyxl.load_workbook(io.BytesIO(first))
    corrected["表"]["B4"].value = 5
    again, plan, _ = marked(saved(corrected), "表.xlsx")
    assert [row.fields["name"] for row in plan.rows if row.outcome != "skip"] == ["甲", "乙"]
    assert [cell.value for cell in again["表"][1][3:]] == [RESULT, "ok：新登记\nok：新登记"]


def test_a_sheet_without_a_table_and_what_is_hidden_are_listed() -> None:
    book = clerks(["项目名称", "村名", "金额(万元)"], ["甲", "一村", 3], 说明=[["请于月底前报送"]])
    book["表"].row_dimensions[2].hidden = True
    found = findings(marked(saved(book), "表.xlsx")[0])
    assert found["说明", "A1"] == ("", "未读入", "这张工作表里没有表头，没有读入")
    assert found["表", "A1"] == ("", "提示", "有 1 个隐藏的行，照样读入")


def test_what_was_done_with_a_cell_stands_beside_the_result_of_its_row() -> None:
    book = clerks(["项目名称", "村名", "经营主体", "金额(万元)"], ["甲", "一村", "某某某", "3（另文下达）"])
    said = marked(saved(book), "表.xlsx")[0]["表"]["E2"].value
    assert said.startswith("ok：新登记。")
    assert "C2 经营主体看不出是单位，可能是自然人，未读入" in said
    assert "D2 的附注“另文下达”不计入金额" in said


@pytest.mark.parametrize(("written", "told"), [(4, "所印的合计 4万元"), ("约3", "没有核对：读不出金额")])
def test_a_printed_sum_to_be_looked_at_is_marked_at_its_cell(written: object, told: str) -> None:
    book = clerks(["项目名称", "村名", "金额(万元)"], ["甲", "一村", 3], ["合计", None, written])
    copy, _, _ = marked(saved(book), "表.xlsx")
    value, rule, fix = findings(copy)["表", "C3"]
    assert (value, rule, told in fix) == (str(written), "READ-13", True)
    assert fix == copy["表"]["C3"].comment.text


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
