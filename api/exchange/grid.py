"""The cells of one sheet (工作表), whatever file they came from, and the sheets of one file.

Row and column count from 1, as the sheet shows them. A cell is the text that it displays: numbers as decimals without
a loss, days as 2024-03-01. What a text cannot say stands beside it: troubles, merged ranges, what is hidden.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Literal

# Why the text of a cell is not what its writer meant, and what to do about it (READ-17).
Trouble = Literal["formula", "picture", "digits", "error"]
TROUBLES: dict[Trouble, str] = {
    "formula": "是公式而没有结果，请在WPS或Excel中打开，保存一次后再导入",
    "picture": "是嵌入单元格的图片，不是文字；请改填文字，图片改为浮动",
    "digits": "是超过15位的数字，存成数值时末尾几位已经丢失；请把该格设为文本格式，重新填写全部数字",
    "error": "是公式的错误值，请改正公式或直接填写",
}
Place = tuple[int, int]  # row, column
_NAME_MAX = 20  # of a cell: the last one is called $XFD$1048576
_ERROR = re.compile(r"#(?:REF!|DIV/0!|VALUE!|NAME\?|N/A|NUM!|NULL!)\Z")
_SHORTENED = re.compile(r"[0-9]\.[0-9]+E\+(?:1[1-9]|[2-9][0-9])\Z", re.IGNORECASE)


def address(row: int, column: int) -> str:
    """The name of a cell as spreadsheets write it: row 17, column 5 is "E17"."""
    assert row > 0
    assert column > 0
    return f"{letters(column)}{row}"


def letters(column: int) -> str:
    """The name of a column: 5 is "E"."""
    found = ""
    while column:
        column, letter = divmod(column - 1, 26)
        found = chr(ord("A") + letter) + found
    return found


def place_of(name: str) -> Place:
    """The row and column of "E17", also written $E$17. Raises ValueError."""
    if len(name) > _NAME_MAX:
        raise ValueError(name[:_NAME_MAX])
    plain = name.replace("$", "")
    word = plain.rstrip("0123456789")
    column = 0
    for letter in word:
        if not "A" <= letter <= "Z":
            raise ValueError(name)
        column = column * 26 + ord(letter) - ord("A") + 1
    return int(plain[len(word) :]), column


def trouble_of(text: str) -> Trouble | None:
    """What a text tells of a value that was lost before it became one: #REF!, 5.1233E+17, a picture."""
    if text[:1] == "#" and _ERROR.match(text):
        return "error"
    if text[:1] == "=" and "DISPIMG(" in text.upper():
        return "picture"
    return "digits" if _SHORTENED.match(text) else None


@dataclass(frozen=True, slots=True)
class Merge:
    """A merged range (合并单元格): what it shows stands in its first cell."""

    first: Place
    last: Place


@dataclass(frozen=True, slots=True)
class Cell:
    """All that is known of one cell."""

    address: str
    text: str
    trouble: Trouble | None
    is_hidden: bool
    origin: Place  # the cell that holds the text: its own place, or the first of its merged range


@dataclass(frozen=True, slots=True)
class Grid:
    """One sheet. Rows may differ in length; a cell outside of its row reads as empty."""

    file: str
    sheet: str
    rows: tuple[tuple[str, ...], ...]
    troubles: Mapping[Place, Trouble] = field(default_factory=dict)
    origins: Mapping[Place, Place] = field(
        default_factory=dict
    )  # of the cells of merged ranges but the first
    hidden_rows: frozenset[int] = frozenset()
    hidden_columns: frozenset[int] = frozenset()
    is_hidden: bool = False

    def __post_init__(self) -> None:
        assert self.sheet, "a sheet has a name"

    def row(self, row: int) -> tuple[str, ...]:
        assert 0 < row <= len(self.rows)
        return self.rows[row - 1]

    def text(self, row: int, column: int) -> str:
        """The cell as read: empty for all but the first cell of a merged range."""
        cells = self.row(row)
        return cells[column - 1] if column <= len(cells) else ""

    def origin(self, row: int, column: int) -> Place:
        return self.origins.get((row, column), (row, column))

    def cell(self, row: int, column: int) -> Cell:
        origin = self.origin(row, column)
        hidden = self.is_hidden or row in self.hidden_rows or column in self.hidden_columns
        return Cell(address(row, column), self.text(*origin), self.troubles.get(origin), hidden, origin)


@dataclass(frozen=True, slots=True)
class Workbook:
    """The sheets of one file. `notes` says what of the file was left unread."""

    file: str
    sheets: tuple[Grid, ...]
    notes: tuple[str, ...] = ()


def spread(merges: Iterable[Merge], rows: int, columns: int) -> dict[Place, Place]:
    """From each cell of the merged ranges to the first one, within the used part of the sheet."""
    found: dict[Place, Place] = {}
    for merge in merges:
        (top, left), (bottom, right) = merge.first, merge.last
        for row in range(top, min(bottom, rows) + 1):
            for column in range(left, min(right, columns) + 1):
                if (row, column) != merge.first:
                    found[row, column] = merge.first
    return found


class Sheet:
    """A sheet while it is read: cells come in any order, empty ones not at all."""

    def __init__(self, file: str, name: str) -> None:
        self.file, self.name = file, name
        self.cells: dict[int, dict[int, str]] = {}
        self.troubles: dict[Place, Trouble] = {}
        self.merges: list[Merge] = []
        self.hidden_rows: set[int] = set()
        self.hidden_columns: set[int] = set()
        self.is_hidden = False

    def put(self, row: int, column: int, text: str, trouble: Trouble | None = None) -> None:
        trouble = trouble or trouble_of(text)
        if text or trouble:
            self.cells.setdefault(row, {})[column] = text
        if trouble:
            self.troubles[row, column] = trouble

    def grid(self) -> Grid:
        """Cut after the last row that holds anything."""
        last = max(self.cells, default=0)
        width = max((column for cells in self.cells.values() for column in cells), default=0)
        rows = tuple(_row(self.cells.get(row, {})) for row in range(1, last + 1))
        return Grid(
            self.file,
            self.name,
            rows,
            self.troubles,
            spread(self.merges, last, width),
            frozenset(row for row in self.hidden_rows if row <= last),
            frozenset(column for column in self.hidden_columns if column <= width),
            self.is_hidden,
        )


def _row(cells: Mapping[int, str]) -> tuple[str, ...]:
    return tuple(cells.get(column, "") for column in range(1, max(cells, default=0) + 1))
