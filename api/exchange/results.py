"""The results of formulas, put back into a copy of their workbook.

The library that marks a copy keeps either formulas or their results; without results a reader that does not calculate
(a telephone, our own import) sees empty cells until an office has saved the file. Nothing of the table has moved, so the
results of the original still stand at their places.
"""

import io
import re
import zipfile
from collections.abc import Mapping
from xml.sax.saxutils import escape, quoteattr

from api.exchange.packed import Package, local
from api.exchange.xlsx_in import recalculates, sheet_parts

# Kind and text of a result, by its address: ("str", "合计"), ("", "12.5").
Results = Mapping[str, tuple[str, str]]

_FORMULA = re.compile(
    r'(?P<begin><c r="(?P<at>[A-Z]+[0-9]+)"[^>]*)>(?P<formula><f[^>]*?(?:/>|>.*?</f>))<v ?(?:/>|></v>)</c>',
    re.DOTALL,
)
_ON_LOAD = re.compile(r' fullCalcOnLoad="(?:1|true)"')


def with_results(copy: bytes, original: bytes) -> bytes:
    """The copy, an .xlsx as openpyxl saves it, with every result that the original has. Raises Unreadable for neither."""
    source, target = Package(original, ""), Package(copy, "")
    results = {name: found for name, part in sheet_parts(source) if (found := _results(source, part))}
    parts = {part: results[name] for name, part in sheet_parts(target) if name in results}
    if not parts:
        return copy
    keeps = not recalculates(source)
    stream = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(copy)) as before,
        zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as after,
    ):
        for info in before.infolist():
            content = before.read(info)
            if info.filename in parts:
                content = _filled(content.decode("utf-8"), parts[info.filename]).encode("utf-8")
            elif info.filename == "xl/workbook.xml" and keeps:
                content = _ON_LOAD.sub("", content.decode("utf-8")).encode("utf-8")
            after.writestr(info.filename, content)
    return stream.getvalue()


def _results(package: Package, part: str) -> dict[str, tuple[str, str]]:
    found = {}
    for cell in package.elements(part, "c"):
        children = {local(child.tag): child.text or "" for child in cell}
        if "f" in children and "v" in children and (at := cell.get("r")):
            kind = cell.get("t", "n")
            if children["v"] or kind == "str":
                found[at] = ("" if kind == "n" else kind, children["v"])
    return found


def _filled(sheet: str, results: Results) -> str:
    def filled(cell: re.Match[str]) -> str:
        if cell["at"] not in results:
            return cell[0]
        kind, value = results[cell["at"]]
        stated = f" t={quoteattr(kind)}" if kind else ""
        return f"{cell['begin']}{stated}>{cell['formula']}<v>{escape(value)}</v></c>"

    return _FORMULA.sub(filled, sheet)
