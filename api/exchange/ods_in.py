"""OpenDocument sheets (.ods, ISO/IEC 26300) to grids. Repeated rows and cells are counted, never written out when empty."""

from xml.etree.ElementTree import Element

from api.exchange.displayed import number_text, with_shown_unit
from api.exchange.errors import Damaged, Encrypted, HasMacros
from api.exchange.grid import Merge, Sheet, Trouble, Workbook
from api.exchange.limits import Counter
from api.exchange.packed import Package, attribute, damaged, local

_CONTENT = "content.xml"
_MANIFEST = "META-INF/manifest.xml"
_HIDDEN = ("collapse", "filter")
_NUMBERS = ("float", "currency", "percentage")


def read_ods(package: Package) -> Workbook:
    """Every sheet in order. Raises `Unreadable`."""
    file = package.file
    if package.has(_MANIFEST) and any(True for _ in package.elements(_MANIFEST, "encryption-data")):
        raise Encrypted(f"文件 {file} 加了密码，请取消密码后再导入")
    if any(name.startswith(("Basic/", "Scripts/")) for name in package.names):
        raise HasMacros(f"文件 {file} 带有宏，不予读取；请另存为不带宏的工作簿，再导入")
    readers: list[_Reader] = []
    counter = Counter(file)
    with damaged(file):
        hidden: set[str] = set()
        for element in package.elements(_CONTENT, "style", "table-row", "table-column", opening="table"):
            match local(element.tag):
                case "style":
                    hidden |= _hidden_style(element)
                case "table":
                    sheet = Sheet(file, attribute(element, "name") or "工作表")
                    sheet.is_hidden = attribute(element, "style-name") in hidden
                    readers.append(_Reader(sheet, counter))
                case "table-row":
                    readers[-1].read_row(element)
                case _:
                    readers[-1].read_column(element)
    if not readers:
        raise Damaged(f"文件 {file} 里没有工作表", cause="no_sheet")
    for reader in readers:
        counter.add_merges(reader.sheet.merges)
    return Workbook(file, tuple(reader.sheet.grid() for reader in readers))


def _hidden_style(style: Element) -> set[str]:
    hides = any(
        local(one.tag) == "table-properties" and attribute(one, "display") == "false" for one in style
    )
    return {attribute(style, "name")} if hides else set()


class _Reader:
    """Takes the columns and rows of one sheet as they come."""

    def __init__(self, sheet: Sheet, counter: Counter) -> None:
        self.sheet, self.counter = sheet, counter
        self._row = self._column = 0

    def read_column(self, element: Element) -> None:
        times = _times(element, "number-columns-repeated")
        if attribute(element, "visibility") in _HIDDEN and times < 1_000:
            self.sheet.hidden_columns.update(range(self._column + 1, self._column + times + 1))
        self._column += times

    def read_row(self, element: Element) -> None:
        times = _times(element, "number-rows-repeated")
        cells: list[tuple[int, str, Trouble | None]] = []
        column = 1
        for cell in element:
            if local(cell.tag) not in ("table-cell", "covered-table-cell"):
                continue
            repeated = _times(cell, "number-columns-repeated")
            text, trouble = _cell(cell)
            if text or trouble:
                self.counter.add(repeated * times, self._row + times, column + repeated - 1)
                cells += [(one, text, trouble) for one in range(column, column + repeated)]
            self._merge(cell, self._row + 1, column)
            column += repeated
        if attribute(element, "visibility") in _HIDDEN and times < 100_000:
            self.sheet.hidden_rows.update(range(self._row + 1, self._row + times + 1))
        if cells:
            for row in range(self._row + 1, self._row + times + 1):
                for one, text, trouble in cells:
                    self.sheet.put(row, one, text, trouble)
        self._row += times

    def _merge(self, cell: Element, row: int, column: int) -> None:
        down, across = _times(cell, "number-rows-spanned"), _times(cell, "number-columns-spanned")
        if down > 1 or across > 1:
            self.sheet.merges.append(Merge((row, column), (row + down - 1, column + across - 1)))


def _times(element: Element, name: str) -> int:
    times = int(attribute(element, name) or 1)
    if times < 1:
        raise ValueError(times)
    return times


def _cell(cell: Element) -> tuple[str, Trouble | None]:
    kind, formula = attribute(cell, "value-type"), attribute(cell, "formula")
    shown = "\n".join(_text(one) for one in cell if local(one.tag) == "p")
    if formula:
        if "DISPIMG(" in formula.upper():
            return formula, "picture"
        if not kind or kind == "void":
            return formula, "formula"
        if shown.startswith(("#", "Err:")):
            return shown, "error"
    if kind in _NUMBERS:
        text, trouble = number_text(attribute(cell, "value"))
        return with_shown_unit(text, shown), trouble
    if kind == "date":
        return attribute(cell, "date-value").removesuffix("T00:00:00").replace("T", " "), None
    if kind == "boolean":
        return ("是" if attribute(cell, "boolean-value") == "true" else "否"), None
    return shown, None


def _text(element: Element) -> str:
    found = [element.text or ""]
    for child in element:
        match local(child.tag):
            case "s":
                found.append(" " * min(_times(child, "c"), 1_000))
            case "tab":
                found.append("\t")
            case "line-break":
                found.append("\n")
            case "annotation":
                pass
            case _:
                found.append(_text(child))
        found.append(child.tail or "")
    return "".join(found)
