"""Where the hashes and entries of a log stand in files: C2SP tlog-tiles, FORMAT 13."""

from __future__ import annotations

import struct
from collections.abc import Callable, Iterator

from audit.merkle import root_of

WIDTH = 256
_TWO = struct.Struct(">H")


def tile_path(level: int | str, number: int, width: int = WIDTH) -> str:
    """The path of a tile, or of an entry bundle with level "entries"; a partial one has width 1..255."""
    groups = [f"{number % 1000:03d}"]
    while number >= 1000:
        number //= 1000
        groups.insert(0, f"x{number % 1000:03d}")
    partial = "" if width == WIDTH else f".p/{width}"
    return f"tile/{level}/{'/'.join(groups)}{partial}"


def tiles_of(level: int, size: int) -> Iterator[tuple[int, int]]:
    """(number, width) of every tile of a level for a log of `size` leaves."""
    hashes = size >> (8 * level)
    full, rest = divmod(hashes, WIDTH)
    for number in range(full):
        yield number, WIDTH
    if rest:
        yield full, rest


def levels(size: int) -> range:
    """The levels that have a tile."""
    top = 0
    while size >> (8 * (top + 1)):
        top += 1
    return range(top + 1 if size else 0)


def tile_hash(tile: bytes) -> bytes:
    """The hash that a full tile has one level up."""
    return root_of([tile[k : k + 32] for k in range(0, len(tile), 32)])


def bundle(entries: list[bytes]) -> bytes:
    """An entry bundle: each entry after its length in two bytes."""
    return b"".join(_TWO.pack(len(entry)) + entry for entry in entries)


class UpperLevels:
    """The hash tiles above level 0, computed from those of level 0 and compared as soon as one is complete."""

    def __init__(self, kept: Callable[[int, int, int], bytes | None]) -> None:
        """`kept`: a tile of a level, by its number and width, as it stands in the log; None where there is none."""
        self._kept = kept
        self._levels: list[list[bytes]] = []
        self._numbers: list[int] = []
        self._wrong: str | None = None

    def add(self, tile: bytes) -> None:
        """The next tile of level 0; one that is not full has no hash above it."""
        level = 0
        while len(tile) == 32 * WIDTH:
            if level == len(self._levels):
                self._levels.append([])
                self._numbers.append(0)
            hashes = self._levels[level]
            hashes.append(tile_hash(tile))
            if len(hashes) < WIDTH:
                return
            tile = b"".join(hashes)
            self._compare(level + 1, self._numbers[level], tile)
            self._levels[level] = []
            self._numbers[level] += 1
            level += 1

    def first_wrong(self, size: int) -> str | None:
        """The first tile that is missing or not right, once the last tile of level 0 has been added."""
        for level, (number, hashes) in enumerate(zip(self._numbers, self._levels, strict=True), 1):
            if hashes:
                self._compare(level, number, b"".join(hashes))
        return self._wrong

    def _compare(self, level: int, number: int, tile: bytes) -> None:
        width = len(tile) // 32
        if self._wrong is None and self._kept(level, number, width) != tile:
            self._wrong = f"{level}/{number}（宽 {width}）"
