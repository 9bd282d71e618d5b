"""Where the hashes and entries of a log stand in files: C2SP tlog-tiles, FORMAT 13."""

from __future__ import annotations

import struct
from collections.abc import Iterator

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
