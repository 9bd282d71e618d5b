"""Workbooks in our own schema: an empty one to fill in (模板), and one with rows (导出). What is exported imports again as the same."""

import io
import math
from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

import openpyxl
from openpyxl.styles import Alignment, Border, Font, PatternFill, Side
from openpyxl.utils import absolute_coordinate, quote_sheetname
from openpyxl.utils.indexed_list import IndexedList
from openpyxl.workbook.defined_name import DefinedName
from openpyxl.worksheet.datavalidation import DataValidation

from api.exchange.annotate import put_text
from api.exchange.grid import letters
from api.exchange.register import EXAMPLE
from api.exchange.schema import Column, Schema

_ROWS = 2_000  # that the lists of a template cover
_CHOICES = "选项"
_GUIDE = "填表说明"
_FONT = "宋体"  # by name: every office of the country has it
_GREY = Font(name=_FONT, color="808080", italic=True)
_HEAD = PatternFill("solid", fgColor="DDEBF7")
_THIN = Side(style="thin", color="BFBFBF")
_BORDER = Border(left=_THIN, right=_THIN, top=_THIN, bottom=_THIN)
_TEXT = "@"
_HEADING_ROW = 2
_NAMING = 3  # columns that say what a row is
_PAGE_WIDTH = 150  # letters across a sheet of A4 that can still be read

# A cell of an exported row: a text, a number in the unit of its heading, or nothing.
Cell = str | int | Decimal | None


def template(schema: Schema) -> bytes:
    """An empty workbook with lists to choose from, an example row that no import takes, and how to fill it in."""
    book, page, columns = _begun(schema, schema.title, columns_of(schema, exported=False))
    for number, column in enumerate(columns, start=1):
        text = EXAMPLE if column.kind == "ordinal" else column.example
        put_text(page.cell(_HEADING_ROW + 1, number), text) if text else None
        page.cell(_HEADING_ROW + 1, number).font = _GREY
        _format(page, column, number, range(_HEADING_ROW + 2, _HEADING_ROW + 2 + 200))
    _add_choices(book, page, columns)
    _add_guide(book, schema, columns)
    return _saved(book)


def exported(schema: Schema, title: str, rows: Sequence[Mapping[str, Cell]]) -> bytes:
    """The rows in the order given, by the keys of their columns, and their total."""
    book, page, columns = _begun(schema, title, columns_of(schema, exported=True))
    last = _HEADING_ROW
    for last, row in enumerate(rows, start=_HEADING_ROW + 1):
        for number, column in enumerate(columns, start=1):
            value = last - _HEADING_ROW if column.kind == "ordinal" else row.get(column.key)
            cell = page.cell(last, number)
            if isinstance(value, str):
                if value:
                    put_text(cell, value)
            elif value is not None:
                cell.value = value
    amount = next(number for number, column in enumerate(columns, start=1) if column.key == schema.amount)
    put_text(page.cell(last + 1, 1), "合计")
    page.cell(last + 1, amount).value = total_of(schema, rows)
    _add_choices(book, page, columns)
    return _saved(book)


def columns_of(schema: Schema, *, exported: bool) -> list[Column]:
    """The columns of an export, or of a template."""
    printed = [column for column in schema.columns if column.printed and column.kept]
    return printed if exported else [column for column in printed if not column.only_exported]


def total_of(schema: Schema, rows: Sequence[Mapping[str, Cell]]) -> Decimal:
    return sum((one for row in rows if isinstance(one := row.get(schema.amount), Decimal)), Decimal(0))


def _begun(schema: Schema, title: str, columns: list[Column]) -> tuple[Any, Any, list[Column]]:
    book = openpyxl.Workbook()
    plain = Font(name=_FONT, size=11)
    book._named_styles["Normal"].font, book._fonts = plain, IndexedList([plain])
    page = book.active
    page.title = schema.title[:31]
    put_text(page.cell(1, 1), title)
    page.cell(1, 1).font = Font(name=_FONT, bold=True, size=14)
    for number, column in enumerate(columns, start=1):
        cell = page.cell(_HEADING_ROW, number)
        put_text(cell, column.heading)
        cell.font, cell.fill, cell.border = Font(name=_FONT, bold=True), _HEAD, _BORDER
        cell.alignment = Alignment(wrap_text=True, horizontal="center", vertical="center")
        page.column_dimensions[letters(number)].width = _width(column)
    page.freeze_panes = f"A{_HEADING_ROW + 1}"
    # A row goes over as many sheets of paper as it takes to be read; each begins with what the row is.
    page.print_title_rows = f"{_HEADING_ROW}:{_HEADING_ROW}"
    page.print_title_cols = f"A:{letters(_NAMING)}"
    page.page_setup.orientation, page.page_setup.paperSize = "landscape", 9  # A4
    naming, *others = (sum(map(_width, columns[:_NAMING])), *map(_width, columns[_NAMING:]))
    page.page_setup.fitToWidth = max(1, math.ceil(sum(others) / (_PAGE_WIDTH - naming)))
    page.page_setup.fitToHeight = 0
    page.sheet_properties.pageSetUpPr.fitToPage = True
    return book, page, columns


def _width(column: Column) -> int:
    """In letters of the standard font."""
    if column.key in ("name", "content", "place"):
        return 28
    return {
        "ordinal": 6,
        "number": 8,
        "year": 8,
        "yes_no": 8,
        "choice": 10,
        "money": 11,
        "date": 12,
        "code": 13,
    }.get(column.kind, 18)


def _format(page: Any, column: Column, number: int, rows: range) -> None:
    """Codes are texts: a number would lose its first noughts and its last digits."""
    if column.kind not in ("ordinal", "money", "number", "year"):
        for row in rows:
            page.cell(row, number).number_format = _TEXT


def _add_choices(book: Any, page: Any, columns: Sequence[Column]) -> None:
    """Lists by a named range on a hidden sheet: lists inside of the cell end at 255 letters, relative ones drift."""
    lists = book.create_sheet(_CHOICES)
    lists.sheet_state = "hidden"
    at = 0
    for number, column in enumerate(columns, start=1):
        labels = column.labels
        if not labels:
            continue
        at += 1
        for row, label in enumerate(labels, start=1):
            put_text(lists.cell(row, at), label)
        name = f"list_{column.key}"
        reach = absolute_coordinate(f"{letters(at)}1:{letters(at)}{len(labels)}")
        book.defined_names[name] = DefinedName(name, attr_text=f"{quote_sheetname(_CHOICES)}!{reach}")
        check = DataValidation(
            type="list",
            formula1=f"={name}",
            allow_blank=True,
            showErrorMessage=column.kind != "text",
            errorTitle=column.heading,
            error=f"请选{'、'.join(labels)}之一",
        )
        first = _HEADING_ROW + 1
        check.add(f"{letters(number)}{first}:{letters(number)}{first + _ROWS}")
        page.add_data_validation(check)


def _add_guide(book: Any, schema: Schema, columns: Sequence[Column]) -> None:
    """How to fill it in, one cell a line: a second column would make it look like a form."""
    guide = book.create_sheet(_GUIDE)
    guide.column_dimensions["A"].width = 100
    guide.page_setup.fitToWidth, guide.page_setup.fitToHeight = 1, 0
    guide.sheet_properties.pageSetUpPr.fitToPage = True
    lines = [
        f"{schema.title}：填表说明",
        "灰色的示例行不会导入，可以删去。每行一个，表头不要改动，可以增加自己的栏。",
        "期初建账（导入时写 --opening 和 --occurred-on 建账日）：各栏写建账那一天的实况，金额不详的写“未载明”；已有、缺少的材料如实分列。",
        "不写 --opening 的，每行是一条既成事实。两种都是未核，由另一人核对之后才是已核。",
    ]
    for column in columns:
        if column.kind == "ordinal":
            continue
        labels = column.labels
        parts = ["必填" if column.required else "可不填", *(["可选" + "、".join(labels)] if labels else [])]
        lines.append(f"{column.heading}：{'；'.join([*parts, *([column.hint] if column.hint else [])])}。")
    for row, line in enumerate(lines, start=1):
        put_text(guide.cell(row, 1), line)
        guide.cell(row, 1).alignment = Alignment(wrap_text=True, vertical="top")


def _saved(book: Any) -> bytes:
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()
