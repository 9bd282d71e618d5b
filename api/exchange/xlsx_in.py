"""Excel workbooks (.xlsx, ECMA-376) to grids: values, results and presence of formulas, formats, merges, what is hidden.

Our own reading on purpose: openpyxl gives either formulas or their results, makes a cell of every styled or merged
empty one, and calamine tells neither formulas without a result nor hidden rows. Macros are refused, never run.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from xml.etree.ElementTree import Element

from api.exchange.displayed import number_text
from api.exchange.errors import Damaged, HasMacros, WrongKind
from api.exchange.grid import Grid, Merge, Sheet, Trouble, Workbook, place_of
from api.exchange.limits import Counter
from api.exchange.packed import Package, attribute, damaged, local

_PICTURE = "DISPIMG("
_SHEET = "worksheet"
_ESCAPED = re.compile(r"_x(000[9AaDd])_")


@dataclass(frozen=True, slots=True)
class _Book:
    """What the sheets of a workbook share."""

    package: Package
    strings: tuple[str, ...]
    formats: tuple[tuple[int, str], ...]  # of each style: id and code of its number format
    since_1904: bool
    recalculates: bool  # the writer left the results to whoever opens the file
    counter: Counter


def read_xlsx(package: Package) -> Workbook:
    """Every worksheet in order. Raises `Unreadable`."""
    file = package.file
    _refuse_macros(package)
    with damaged(file):
        workbook, since_1904, recalculates = _workbook(package)
        root = workbook.rpartition("/")[0]
        targets = _relations(package, workbook)
        book = _Book(
            package,
            _strings(package, _target(root, targets, "sharedStrings")),
            _formats(package, _target(root, targets, "styles")),
            since_1904,
            recalculates,
            Counter(file),
        )
        sheets = [_sheet(book, name, state, part) for name, state, part in _parts(package, workbook, targets)]
        notes = _pictures(package)
    if not sheets:
        raise Damaged(f"文件 {file} 里没有工作表", cause="no_sheet")
    return Workbook(file, tuple(sheets), notes)


def sheet_parts(package: Package) -> list[tuple[str, str]]:
    """The name of every worksheet with the part that holds it."""
    with damaged(package.file):
        workbook, _, _ = _workbook(package)
        return [(name, part) for name, _, part in _parts(package, workbook, _relations(package, workbook))]


def recalculates(package: Package) -> bool:
    """Whether the writer left the results to whoever opens the file."""
    with damaged(package.file):
        return _workbook(package)[2]


def _parts(
    package: Package, workbook: str, targets: dict[str, tuple[str, str]]
) -> Iterator[tuple[str, str, str]]:
    """Name, state and part of every worksheet; a chart has a sheet of its own, which is none."""
    for name, state, relation in _sheets(package, workbook):
        kind, target = targets.get(relation, ("", ""))
        if kind == _SHEET:
            yield name, state, _resolved(workbook.rpartition("/")[0], target)


def _refuse_macros(package: Package) -> None:
    names = [name.lower() for name in package.names]
    if any("vbaproject" in name or "/macrosheets/" in name or "/activex/" in name for name in names):
        raise HasMacros(
            f"文件 {package.file} 带有宏，不予读取；请在WPS或Excel中另存为不带宏的 .xlsx 工作簿，再导入"
        )
    if any(name.endswith("workbook.bin") for name in names):
        raise WrongKind(f"文件 {package.file} 是二进制工作簿（xlsb），请另存为 .xlsx 再导入", kind="xlsb")


def _workbook(package: Package) -> tuple[str, bool, bool]:
    """The part that is the workbook, whether its days count from 1904, and whether its results are to be made again."""
    part = "xl/workbook.xml"
    if not package.has(part):
        found = [target for kind, target in _relations(package, "").values() if kind == "officeDocument"]
        part = _resolved("", found[0]) if found else part
    since_1904 = recalculates = False
    for element in package.elements(part, "workbookPr", "calcPr"):
        since_1904 |= element.get("date1904") in ("1", "true")
        recalculates |= element.get("fullCalcOnLoad") in ("1", "true")
    return part, since_1904, recalculates


def _relations(package: Package, part: str) -> dict[str, tuple[str, str]]:
    """Id of a relation → its kind and target."""
    folder, _, name = part.rpartition("/")
    stated = f"{folder}/_rels/{name}.rels" if folder else f"_rels/{name}.rels"
    if not package.has(stated):
        return {}
    return {
        one.get("Id", ""): (one.get("Type", "").rpartition("/")[2], one.get("Target", ""))
        for one in package.elements(stated, "Relationship")
        if one.get("TargetMode") != "External"
    }


def _resolved(folder: str, target: str) -> str:
    if target.startswith("/"):
        return target[1:]
    parts = folder.split("/") if folder else []
    for step in target.split("/"):
        if step == "..":
            parts = parts[:-1]
        elif step != ".":
            parts.append(step)
    return "/".join(parts)


def _target(root: str, targets: dict[str, tuple[str, str]], kind: str) -> str:
    return next((_resolved(root, target) for one, target in targets.values() if one == kind), "")


def _sheets(package: Package, workbook: str) -> Iterator[tuple[str, str, str]]:
    for sheet in package.elements(workbook, "sheet"):
        yield sheet.get("name", "") or "工作表", sheet.get("state", "visible"), attribute(sheet, "id")


def _strings(package: Package, part: str) -> tuple[str, ...]:
    if not part or not package.has(part):
        return ()
    return tuple(_said(one) for one in package.elements(part, "si"))


def _said(element: Element) -> str:
    """The text of a string item: its runs in order, without the reading aids (拼音)."""
    found = []
    for child in element:
        name = local(child.tag)
        if name == "t":
            found.append(child.text or "")
        elif name == "r":
            found += [one.text or "" for one in child if local(one.tag) == "t"]
    # Line breaks and tabs stand as _x000D_ where XML would not keep them.
    return _ESCAPED.sub(lambda one: chr(int(one[1], 16)), "".join(found))


def _formats(package: Package, part: str) -> tuple[tuple[int, str], ...]:
    codes: dict[int, str] = {}
    found: list[tuple[int, str]] = []
    if not part or not package.has(part):
        return ()
    for element in package.elements(part, "numFmt", "cellXfs"):
        if local(element.tag) == "numFmt":
            codes[int(element.get("numFmtId", "0"))] = element.get("formatCode", "")
        else:
            ids = [int(one.get("numFmtId", "0")) for one in element]
            found = [(identity, codes.get(identity, "")) for identity in ids]
    return tuple(found)


def _pictures(package: Package) -> tuple[str, ...]:
    if any(name.startswith("xl/cellimages") for name in package.names):
        return ("工作簿里有嵌入单元格的图片，没有读入",)
    return ()


# --- one sheet --------------------------------------------------------------------------------------


def _sheet(book: _Book, name: str, state: str, part: str) -> Grid:
    sheet = Sheet(book.package.file, name)
    sheet.is_hidden = state in ("hidden", "veryHidden")
    number = 0
    for element in book.package.elements(part, "row", "col", "mergeCell"):
        match local(element.tag):
            case "row":
                number = int(element.get("r") or number + 1)
                if element.get("hidden") in ("1", "true"):
                    sheet.hidden_rows.add(number)
                _row(book, sheet, number, element)
            case "col" if element.get("hidden") in ("1", "true"):
                first, last = int(element.get("min", "1")), int(element.get("max", "1"))
                if last - first < 1_000:  # all columns behind the table are often hidden
                    sheet.hidden_columns.update(range(first, last + 1))
            case "mergeCell":
                sheet.merges.append(_merge(element.get("ref", "")))
    book.counter.add_merges(sheet.merges)
    return sheet.grid()


def _merge(reference: str) -> Merge:
    first, _, last = reference.partition(":")
    return Merge(place_of(first), place_of(last or first))


def _row(book: _Book, sheet: Sheet, number: int, element: Element) -> None:
    column = 0
    for cell in element:
        if local(cell.tag) != "c":
            continue
        reference = cell.get("r")
        row, column = place_of(reference) if reference else (number, column + 1)
        text, trouble = _cell(book, cell)
        if text or trouble:
            book.counter.add(1, row, column)
            sheet.put(row, column, text, trouble)


def _cell(book: _Book, cell: Element) -> tuple[str, Trouble | None]:
    formula: str | None = None
    value: str | None = None
    inline = ""
    for child in cell:
        match local(child.tag):
            case "f":
                formula = child.text or ""
            case "v":
                value = child.text or ""
            case "is":
                inline = _said(child)
    kind = cell.get("t", "n")
    if formula is not None:
        if _PICTURE in formula.upper():
            return f"={formula}", "picture"
        if _has_no_result(book, kind, value):
            return f"={formula}", "formula"
    if kind == "inlineStr":
        return inline, None
    if not value:
        return "", None
    return _value(book, cell, kind, value)


def _has_no_result(book: _Book, kind: str, value: str | None) -> bool:
    """An empty text may well be a result. A writer that cannot calculate leaves nothing, or 0 to be made again."""
    if not value:
        return kind != "str"
    return book.recalculates and kind == "n" and Decimal(value) == 0


def _value(book: _Book, cell: Element, kind: str, value: str) -> tuple[str, Trouble | None]:
    match kind:
        case "s":
            return book.strings[int(value)], None
        case "b":
            return ("是" if value in ("1", "true") else "否"), None
        case "e":
            return value, "error"
        case "str":
            return value, ("picture" if _PICTURE in value.upper() else None)
        case "d":
            return value.removesuffix("T00:00:00"), None
        case _:
            style = int(cell.get("s", "0"))
            identity, code = book.formats[style] if style < len(book.formats) else (0, "")
            return number_text(value, identity, code, since_1904=book.since_1904)
