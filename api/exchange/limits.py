"""How large a file may be (READ-1). A limit is said in the refusal, so that a clerk knows where to cut."""

from collections.abc import Iterable

from api.exchange.errors import TooLarge
from api.exchange.grid import Merge

BYTES_MAX = 20_000_000  # of the file as sent
UNPACKED_MAX = 300_000_000  # of all parts of a packed file, by their own statement, which unpacking enforces
PART_MAX = 150_000_000  # of one part that is read
PARTS_MAX = 10_000
CELLS_MAX = 1_000_000  # that hold anything, of one file
MERGED_MAX = 1_000_000  # cells of merged ranges, empty ones too
ROWS_MAX = 200_000
COLUMNS_MAX = 2_000


class Counter:
    """Counts the cells of a file while it is read."""

    def __init__(self, file: str) -> None:
        self.file = file
        self.cells = 0
        self.merged = 0

    def add(self, cells: int, row: int = 1, column: int = 1) -> None:
        self.cells += cells
        if self.cells > CELLS_MAX:
            raise TooLarge(f"文件 {self.file} 超过 {CELLS_MAX} 格，请分成几个文件", cells=self.cells)
        if row > ROWS_MAX or column > COLUMNS_MAX:
            raise TooLarge(
                f"文件 {self.file} 第 {row} 行第 {column} 列还有内容，超过 {ROWS_MAX} 行或 {COLUMNS_MAX} 列；请删去表外的内容",
                row=row,
                column=column,
            )

    def add_merges(self, merges: Iterable[Merge]) -> None:
        """Merged ranges count with the cells that they cover within reach of a table."""
        for one in merges:
            down = min(one.last[0], ROWS_MAX) - one.first[0] + 1
            across = min(one.last[1], COLUMNS_MAX) - one.first[1] + 1
            self.merged += max(0, down) * max(0, across)
        if self.merged > MERGED_MAX:
            raise TooLarge(f"文件 {self.file} 的合并单元格覆盖超过 {MERGED_MAX} 格，请取消表外的合并")
