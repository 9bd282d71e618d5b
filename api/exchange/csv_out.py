"""The export as CSV: UTF-8 with its mark, so that spreadsheets know it; no text of it is a formula to them."""

import csv
import io
import re
from collections.abc import Mapping, Sequence
from decimal import Decimal

from api.exchange.schema import Schema
from api.exchange.template import Cell, columns_of, total_of

# A spreadsheet may pass over blanks before it, and take the wide signs of a Chinese keyboard for the narrow ones.
_LIKE_FORMULA = re.compile(r"'*\s*[=+\-@＝＋－＠]")


def exported_csv(schema: Schema, title: str, rows: Sequence[Mapping[str, Cell]]) -> bytes:
    """The same rows as `template.exported`: a title, the headings, the rows, their total."""
    columns = columns_of(schema, exported=True)
    stream = io.StringIO(newline="")
    writer = csv.writer(stream, lineterminator="\r\n")
    writer.writerow([_neutral(title), *[""] * (len(columns) - 1)])
    writer.writerow([column.heading for column in columns])
    for number, row in enumerate(rows, start=1):
        writer.writerow(
            [number if column.kind == "ordinal" else _text(row.get(column.key)) for column in columns]
        )
    total = {"ordinal": "合计", schema.amount: _text(total_of(schema, rows))}
    writer.writerow([total.get(column.key, "") for column in columns])
    return stream.getvalue().encode("utf-8-sig")


def _text(cell: Cell) -> str:
    if cell is None:
        return ""
    if isinstance(cell, str):
        return _neutral(cell)
    return f"{cell:f}" if isinstance(cell, Decimal) else str(cell)


def _neutral(text: str) -> str:
    """A text that begins like a formula gets an apostrophe before it; reading takes it away again."""
    return f"'{text}" if _LIKE_FORMULA.match(text) else text
