"""The tree of a log as it grows while it is read, beside the hash tiles that the log keeps of it: steps 7 and 21 of FORMAT 15."""

from __future__ import annotations

from collections.abc import Callable

from audit.forms import refuse
from audit.merkle import Frontier, root_of, root_over
from audit.tiles import WIDTH

_HASH = 32  # bytes


class TiledTree:
    """A tree of `size` leaves that grows to its full size. Every tile is compared as soon as it is complete."""

    def __init__(self, kept: Callable[[int, int, int], bytes | None], full_size: int) -> None:
        """`kept`: a tile of a level, by its number and width, as it stands in the log; None where there is none."""
        self._kept, self._full_size = kept, full_size
        self.size = 0
        self._tile = b""  # of level 0, the one that the next leaf stands in
        self._block = Frontier()  # of the leaves of that tile so far
        self._blocks = Frontier()  # of the roots of those before it
        self._levels: list[list[bytes]] = []  # from level 1: the hashes of the tile that is not complete yet
        self._numbers: list[int] = []
        self._wrong: str | None = None

    def add(self, leaf: bytes) -> None:
        """The hash of the next leaf. Raises Malformed when level 0 does not have it there."""
        slot = self.size % WIDTH
        if slot == 0:
            self._begin_tile()
        if self._tile[_HASH * slot : _HASH * slot + _HASH] != leaf:
            refuse(f"分录的叶哈希 {leaf.hex()} 与哈希块不符")
        self._block.append(leaf)
        self.size += 1
        if slot == WIDTH - 1:
            self._end_tile()

    def root(self) -> bytes:
        """The root of the leaves so far, of which there is one."""
        return root_over([*self._blocks.nodes, *self._block.nodes])

    def first_wrong(self) -> str | None:
        """The first tile above level 0 that is missing or not right, once all leaves have been added."""
        for level, (number, hashes) in enumerate(zip(self._numbers, self._levels, strict=True), 1):
            if hashes:
                self._compare(level, number, b"".join(hashes))
        return self._wrong

    def _begin_tile(self) -> None:
        width = min(WIDTH, self._full_size - self.size)
        tile = self._kept(0, self.size // WIDTH, width)
        if tile is None or len(tile) != _HASH * width:
            refuse("第 0 层哈希块缺失或长度不对")
        self._tile = tile

    def _end_tile(self) -> None:
        root = self._block.root()
        self._block = Frontier()
        self._blocks.append(root)
        self._add_above(0, root)

    def _add_above(self, below: int, root: bytes) -> None:
        """The root of a complete tile of the level below."""
        if below == len(self._levels):
            self._levels.append([])
            self._numbers.append(0)
        hashes = self._levels[below]
        hashes.append(root)
        if len(hashes) == WIDTH:
            self._compare(below + 1, self._numbers[below], b"".join(hashes))
            self._levels[below] = []
            self._numbers[below] += 1
            self._add_above(below + 1, root_of(hashes))

    def _compare(self, level: int, number: int, tile: bytes) -> None:
        width = len(tile) // _HASH
        if self._wrong is None and self._kept(level, number, width) != tile:
            self._wrong = f"{level}/{number}（宽 {width}）"
