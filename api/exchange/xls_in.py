"""Old Excel workbooks (.xls, BIFF, also .et as WPS writes it) to grids, by xlrd."""

import io
from typing import Any

import xlrd

from api.exchange.displayed import number_text
from api.exchange.errors import Damaged, Encrypted, HasMacros, WrongKind
from api.exchange.grid import Grid, Merge, Sheet, Workbook
from api.exchange.limits import Counter
from api.exchange.packed import damaged

_ERRORS = xlrd.error_text_from_code


def read_xls(data: bytes, file: str) -> Workbook:
    """Every sheet in order. Raises `Unreadable`."""
    if _named("EncryptedPackage") in data or _named("EncryptionInfo") in data:
        raise Encrypted(f"文件 {file} 加了密码，请取消密码后再导入")
    if _named("_VBA_PROJECT_CUR") in data:
        raise HasMacros(f"文件 {file} 带有宏，不予读取；请另存为不带宏的 .xlsx 工作簿，再导入")
    book = _opened(data, file)
    counter = Counter(file)
    try:
        with damaged(file):
            sheets = tuple(_sheet(book, sheet, file, counter) for sheet in book.sheets())
    finally:
        book.release_resources()
    if not sheets:
        raise Damaged(f"文件 {file} 里没有工作表", cause="no_sheet")
    return Workbook(file, sheets)


def _named(name: str) -> bytes:
    """The name of a stream, as the directory of a compound file has it."""
    return name.encode("utf-16-le")


def _opened(data: bytes, file: str) -> Any:
    try:
        return xlrd.open_workbook(
            file_contents=data, formatting_info=True, logfile=io.StringIO(), ragged_rows=True
        )
    except xlrd.XLRDError as error:
        if "encrypted" in str(error).lower():
            raise Encrypted(f"文件 {file} 加了密码，请取消密码后再导入") from None
        if "find workbook" in str(error).lower():
            raise WrongKind(f"文件 {file} 不是工作簿（可能是Word文件），请改用 .xlsx", kind="ole") from None
        raise Damaged(f"文件 {file} 已损坏，不能读出表格（{error}）", cause="XLRDError") from None
    except Exception as error:  # noqa: BLE001 - a broken file makes the library fail anywhere
        raise Damaged(
            f"文件 {file} 已损坏，不能读出表格；请在WPS或Excel中打开，另存为 .xlsx 再导入",
            cause=type(error).__name__,
        ) from None


def _sheet(book: Any, source: Any, file: str, counter: Counter) -> Grid:
    sheet = Sheet(file, source.name or "工作表")
    sheet.is_hidden = source.visibility != 0
    sheet.hidden_rows = {row + 1 for row, info in source.rowinfo_map.items() if info.hidden}
    sheet.hidden_columns = {column + 1 for column, info in source.colinfo_map.items() if info.hidden}
    sheet.merges = [
        Merge((top + 1, left + 1), (bottom, right)) for top, bottom, left, right in source.merged_cells
    ]
    counter.add_merges(sheet.merges)
    for row in range(source.nrows):
        for column in range(source.row_len(row)):
            kind, value = source.cell_type(row, column), source.cell_value(row, column)
            if kind in (xlrd.XL_CELL_EMPTY, xlrd.XL_CELL_BLANK) or value == "":
                continue
            counter.add(1, row + 1, column + 1)
            if kind == xlrd.XL_CELL_TEXT:
                sheet.put(row + 1, column + 1, value, "picture" if "DISPIMG(" in value.upper() else None)
            elif kind == xlrd.XL_CELL_BOOLEAN:
                sheet.put(row + 1, column + 1, "是" if value else "否")
            elif kind == xlrd.XL_CELL_ERROR:
                sheet.put(row + 1, column + 1, _ERRORS.get(value, "#N/A"), "error")
            else:
                sheet.put(row + 1, column + 1, *_number(book, source.cell_xf_index(row, column), value))
    return sheet.grid()


def _number(book: Any, style: int, value: float) -> Any:
    found = book.format_map.get(book.xf_list[style].format_key)
    identity, code = (found.format_key, found.format_str) if found is not None else (0, "")
    return number_text(repr(value), identity, code, since_1904=book.datemode == 1)
