"""The user's own workbook given back (导入结果): faults marked at their cells, a column that says what became of each row.

An .xlsx keeps its styles, formulas with their results, and lists; from another kind of file a new workbook is made with the same cells.
What openpyxl cannot keep (pictures in cells, shapes) is not in the copy: the original stays what it was.
"""

import io
import re
import warnings
import zipfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import openpyxl
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE, MergedCell
from openpyxl.comments import Comment
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import quote_sheetname

from api.exchange.grid import Grid, Trouble, Workbook, letters, place_of
from api.exchange.outcome import Plan, PlannedRow, SheetPlan
from api.exchange.plan import REPORT
from api.exchange.results import with_results
from api.exchange.saved import saved
from api.exchange.text import folded
from domain.values import shortened

RESULT = "导入结果"
_AUTHOR = "帮扶台账"
_FAULT = PatternFill("solid", fgColor="FFC7CE")
_ASK = PatternFill("solid", fgColor="FFEB9C")
_HINT = PatternFill("solid", fgColor="DDEBF7")
_OURS = frozenset(fill.fgColor.rgb for fill in (_FAULT, _ASK, _HINT))
_SHEET = "检查结果"
_CELL_MAX = 32_000
_VALUE, _VALUE_MAX = 3, 100  # the column of values as read, and how much of one is shown
_WRAPPED = Alignment(wrap_text=True, vertical="top")
_KEPT_MAX = 80_000_000  # bytes of the sheets of a workbook that is kept whole
_NAME_MAX = 31
_NOT_IN_NAMES = re.compile(r"[\\/*?:\[\]]")
_MARKED: Mapping[str, PatternFill] = {"fault": _FAULT, "ask": _ASK, "changed": _ASK}
_LABELS = {"new": "新登记", "same": "已登记", "changed": "有改动", "ask": "待问", "fault": "有误", "skip": ""}


@dataclass(frozen=True, slots=True)
class Verdict:
    """What became of a row beyond its plan: `refused` by the ledger, with its reason."""

    sheet: str
    row: int
    reason: str


def annotated(data: bytes, book: Workbook, plan: Plan, refused: Sequence[Verdict] = ()) -> bytes:
    """An .xlsx with everything that was found; `data` is the file that `book` was read from."""
    copy, pages, is_kept = _opened(data, book)
    said = {(one.sheet, one.row): one.reason for one in refused}
    rows: dict[str, list[PlannedRow]] = {}
    for row in plan.rows:
        rows.setdefault(row.sheet, []).append(row)
    for grid, page, sheet in zip(book.sheets, pages, plan.sheets, strict=True):
        if grid.rows and grid.text(1, 1) != REPORT:
            _mark(page, grid, rows.get(grid.sheet, []), said)
            _mark_beside_the_rows(page, grid, sheet)
    titles = {grid.sheet: page.title for grid, page in zip(book.sheets, pages, strict=True)}
    _report(copy, plan, said, titles)
    made = saved(copy)
    return with_results(made, data) if is_kept else made


def _opened(data: bytes, book: Workbook) -> tuple[Any, list[Any], bool]:
    """The workbook to be marked, its page of each sheet that was read, and whether it is the one that came."""
    if _is_kept(data):
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")  # of what the library leaves out
                copy = openpyxl.load_workbook(io.BytesIO(data), rich_text=True)
            return copy, [copy[grid.sheet] for grid in book.sheets], True
        except Exception:  # noqa: BLE001, S110 - what the library cannot keep is given back as its cells
            pass
    return *rebuilt(book), False


def _is_kept(data: bytes) -> bool:
    """Whether the file is an .xlsx small enough to be held with all its styled empty cells."""
    if not data.startswith(b"PK"):
        return False
    with zipfile.ZipFile(io.BytesIO(data)) as package:
        sizes = [info.file_size for info in package.infolist() if info.filename.startswith("xl/worksheets/")]
    return bool(sizes) and sum(sizes) <= _KEPT_MAX


def rebuilt(book: Workbook) -> tuple[Any, list[Any]]:
    """A new workbook with the cells, merges and hidden parts of one that was read."""
    copy = openpyxl.Workbook()
    copy.remove(copy.active)
    pages = []
    for grid in book.sheets:
        page = copy.create_sheet(_NOT_IN_NAMES.sub("_", grid.sheet)[:_NAME_MAX])
        pages.append(page)
        for row, texts in enumerate(grid.rows, start=1):
            for column, text in enumerate(texts, start=1):
                if text:
                    _put_as_read(page.cell(row, column), text, grid.troubles.get((row, column)))
        for first, last in _merges(grid).items():
            page.merge_cells(None, *first, *last)
        for row in grid.hidden_rows:
            page.row_dimensions[row].hidden = True
        for column in grid.hidden_columns:
            page.column_dimensions[letters(column)].hidden = True
        if grid.is_hidden:
            page.sheet_state = "hidden"
    return copy, pages


def _merges(grid: Grid) -> dict[tuple[int, int], tuple[int, int]]:
    found: dict[tuple[int, int], tuple[int, int]] = {}
    for place, origin in grid.origins.items():
        found[origin] = max(found.get(origin, origin), place)
    return found


def _put_as_read(cell: Any, text: str, trouble: Trouble | None) -> None:
    """A cell that did not show what its writer meant must not become a good text by our copying it."""
    if trouble is None:
        put_text(cell, text)
    elif trouble == "digits" and text.isdigit():
        cell.value = int(text)
    else:
        cell.value, cell.data_type = "#N/A", "e"


def put_text(cell: Any, text: str) -> None:
    """A text that stays one: no formula, whatever it begins with."""
    cell.value = ILLEGAL_CHARACTERS_RE.sub("\ufffd", text)[:_CELL_MAX]
    cell.data_type = "s"
    if text[:1] in "=+-@":
        cell.quotePrefix = True


def _mark(page: Any, grid: Grid, rows: Sequence[PlannedRow], said: Mapping[tuple[str, int], str]) -> None:
    _unmark(page, grid)
    column = _column_of_results(grid, rows)
    heading = max(
        (row.row for row in rows if row.reason == "表头行" and row.row <= _first_data(rows)), default=0
    )
    if heading:
        put_text(page.cell(heading, column), RESULT)
        page.cell(heading, column).font = Font(bold=True)
        page.column_dimensions[letters(column)].width = 60
    for number, some in _by_number(rows).items():
        at = column if heading else column + 1
        if not heading:  # a form has its headings beside its values
            put_text(page.cell(number, column), RESULT)
            page.column_dimensions[letters(at)].width = 60
        cell = page.cell(number, at)
        refused = said.get((grid.sheet, number), "")
        put_text(cell, "\n".join(_result(row, refused) for row in some))
        cell.alignment = _WRAPPED
        outcomes = {"fault" if refused else row.outcome for row in some}
        if fill := next((fill for outcome, fill in _MARKED.items() if outcome in outcomes), None):
            cell.fill = fill
        for fault in (fault for row in some for fault in row.faults):
            _mark_cell(page, grid, fault.cell, f"{fault.rule}：{fault.fix}", _FAULT)


def _by_number(rows: Sequence[PlannedRow]) -> dict[int, list[PlannedRow]]:
    """What is to be told at each row of the sheet: records of a form beside each other share one."""
    found: dict[int, list[PlannedRow]] = {}
    for row in rows:
        if row.outcome != "skip":
            found.setdefault(row.row, []).append(row)
    return found


def _mark_beside_the_rows(page: Any, grid: Grid, sheet: SheetPlan) -> None:
    for unread in sheet.unread:  # a heading keeps the colour that its writer gave it
        _mark_cell(page, grid, unread.cell, unread.told, None)
    for printed in sheet.sums:
        _mark_cell(page, grid, printed.cell, printed.told, _ASK)


def _mark_cell(page: Any, grid: Grid, name: str, advice: str, fill: PatternFill | None) -> None:
    cell = page.cell(*grid.origin(*place_of(name)))
    if isinstance(cell, MergedCell):
        return
    if fill is not None:
        cell.fill = fill
    elif not cell.fill.fill_type:
        cell.fill = _HINT
    before = f"{cell.comment.text}\n" if cell.comment else ""
    cell.comment = Comment(before + advice, _AUTHOR, width=320, height=120)


def _unmark(page: Any, grid: Grid) -> None:
    """What an earlier import marked: its comments, and the colour of their cells."""
    width = max(len(texts) for texts in grid.rows)
    for cells in page.iter_rows(max_row=len(grid.rows), max_col=width):
        for cell in cells:
            if cell.comment is not None and cell.comment.author == _AUTHOR:
                cell.comment = None
                if cell.fill.fgColor.rgb in _OURS:
                    cell.fill = PatternFill()


def _first_data(rows: Sequence[PlannedRow]) -> int:
    return next((row.row for row in rows if row.outcome != "skip"), len(rows))


def _column_of_results(grid: Grid, rows: Sequence[PlannedRow]) -> int:
    """The column of an earlier import, or the first free one."""
    for row in rows:
        if row.reason == "表头行" or row.outcome != "skip":
            for column, text in enumerate(grid.row(row.row), start=1):
                if folded(text) == RESULT:
                    return column
    return max((len(texts) for texts in grid.rows), default=0) + 1


def _result(row: PlannedRow, refused: str) -> str:
    if refused:
        return f"台账不收：{refused}"
    noted = "".join(f"。{note}" for note in row.notes)
    if row.outcome in ("new", "same"):
        return f"ok：{_LABELS[row.outcome]}{noted}"
    return f"{_LABELS[row.outcome]}：{row.reason}{noted}"


# --- the sheet of results ---------------------------------------------------------------------------


def _report(copy: Any, plan: Plan, said: Mapping[tuple[str, int], str], titles: Mapping[str, str]) -> None:
    """The first sheet: every finding with a link to its place."""
    for page in [page for page in copy.worksheets if page.cell(1, 1).value == REPORT]:
        copy.remove(page)
    page = copy.create_sheet(_free_name(copy), 0)
    put_text(page.cell(1, 1), REPORT)
    for column, (title, width) in enumerate(
        (("工作表", 16), ("位置", 10), ("所填", 30), ("规则", 12), ("应怎样改", 80)), start=1
    ):
        put_text(page.cell(2, column), title)
        page.cell(2, column).font = Font(bold=True)
        page.column_dimensions[letters(column)].width = width
    page.freeze_panes = "A3"
    page.page_setup.orientation = "landscape"
    page.page_setup.fitToWidth, page.page_setup.fitToHeight = 1, 0
    page.sheet_properties.pageSetUpPr.fitToPage = True
    number = 3
    for number, (sheet, where, *texts) in enumerate(_findings(plan, said), start=3):
        for column, text in enumerate((sheet, where, *texts), start=1):
            put_text(page.cell(number, column), shortened(text, _VALUE_MAX) if column == _VALUE else text)
        target = where if where[0].isascii() else f"A{where.strip('第行')}"
        page.cell(number, 2).hyperlink = f"#{quote_sheetname(titles[sheet])}!{target}"
        page.cell(number, 2).style = "Hyperlink"
        for column in range(1, len(texts) + 3):
            page.cell(number, column).alignment = _WRAPPED
    if number == 3 and page.cell(3, 1).value is None:
        put_text(page.cell(3, 1), "没有发现问题")
    copy.active = 0


def _free_name(copy: Any) -> str:
    return next(
        name for name in (_SHEET, *(f"{_SHEET}{n}" for n in range(2, 99))) if name not in copy.sheetnames
    )


def _findings(plan: Plan, said: Mapping[tuple[str, int], str]) -> Iterator[tuple[str, str, str, str, str]]:
    for row in plan.rows:
        for fault in row.faults:
            yield row.sheet, fault.cell, fault.value, fault.rule, fault.fix
        where = f"第{row.row}行"
        if row.outcome in ("ask", "changed"):
            yield row.sheet, where, "", _LABELS[row.outcome], row.reason
        elif (row.sheet, row.row) in said:
            yield row.sheet, where, "", "台账不收", said[row.sheet, row.row]
    for sheet in plan.sheets:
        for printed in sheet.sums:
            yield sheet.sheet, printed.cell, printed.value, "READ-13", printed.told
        for unread in sheet.unread:
            yield sheet.sheet, unread.cell, unread.heading, "未读入", unread.told
        if not sheet.is_read and sheet.totals.rows:
            yield sheet.sheet, "A1", "", "未读入", "这张工作表里没有表头，没有读入"
        for note in sheet.notes:
            yield sheet.sheet, "A1", "", "提示", note
