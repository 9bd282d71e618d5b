"""The cells of one sheet (工作表) as text, whatever file they came from.

Row and column count from 1, as the sheet shows them.
"""

from dataclasses import dataclass


def address(row: int, column: int) -> str:
    """The name of a cell as spreadsheets write it: row 17, column 5 is "E17"."""
    assert row > 0
    assert column > 0
    letters = ""
    while column:
        column, letter = divmod(column - 1, 26)
        letters = chr(ord("A") + letter) + letters
    return f"{letters}{row}"


@dataclass(frozen=True, slots=True)
class Grid:
    """One sheet. Rows may differ in length; a cell outside of its row reads as empty."""

    file: str
    sheet: str
    rows: tuple[tuple[str, ...], ...]

    def __post_init__(self) -> None:
        assert self.sheet, "a sheet has a name"

    def row(self, row: int) -> tuple[str, ...]:
        assert 0 < row <= len(self.rows)
        return self.rows[row - 1]

    def text(self, row: int, column: int) -> str:
        """The cell as read."""
        cells = self.row(row)
        return cells[column - 1] if column <= len(cells) else ""
