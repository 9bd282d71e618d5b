"""A workbook as bytes, written in memory only.

The library would put each sheet into a file first, in a place that outlives a process which is killed; a sheet holds names.
"""

import io
import zipfile
from typing import Any

from openpyxl.drawing.spreadsheet_drawing import SpreadsheetDrawing
from openpyxl.worksheet._writer import WorksheetWriter
from openpyxl.writer.excel import ExcelWriter


class _Writer(ExcelWriter):  # type: ignore[misc]  # the library has no types
    """Differs from the library's in where a sheet lies until it is packed."""

    def write_worksheet(self, sheet: Any) -> None:
        drawing = SpreadsheetDrawing()
        drawing.charts, drawing.images = sheet._charts, sheet._images
        sheet._drawing = drawing
        part = io.BytesIO()
        writer = WorksheetWriter(sheet, part)
        writer.write()
        sheet._rels = writer._rels
        self._archive.writestr(sheet.path[1:], part.getvalue())
        self.manifest.append(sheet)


def saved(book: Any) -> bytes:
    """An .xlsx."""
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        _Writer(book, archive).write_data()
    return stream.getvalue()
