"""An exported log as a source for verify: the files of FORMAT 13 in a directory. Reads; judges nothing but a bundle's frame."""

from __future__ import annotations

import errno
import os
from collections.abc import Iterator
from pathlib import Path

from audit.checkpoint import NOTE_BYTES_MAX
from audit.errors import Malformed, NotBelieved
from audit.tiles import WIDTH, tile_path

_LINE_BYTES_MAX = 400


class ExportedLog:
    """The directory that `bangfu export-log` writes, or a mirror of the same files."""

    def __init__(self, directory: Path) -> None:
        self._directory = directory

    def vkey(self) -> bytes:
        return self._small("vkey")

    def checkpoint(self) -> bytes:
        return self._small("checkpoint")

    def seals(self) -> Iterator[bytes]:
        try:
            with self._regular("seals").open("rb") as lines:
                while line := lines.readline(_LINE_BYTES_MAX):
                    yield line
        except OSError as error:
            raise Malformed(f"seals 读不出：{error.strerror}") from None

    def tile(self, level: int, number: int, width: int) -> bytes | None:
        return self._read(tile_path(level, number, width), WIDTH * 32 + 1)

    def entries(self, start: int, size: int) -> Iterator[bytes]:
        for number in range(start // WIDTH, (size + WIDTH - 1) // WIDTH):
            first = number * WIDTH
            width = min(WIDTH, size - first)
            path = tile_path("entries", number, width)
            data = self._read(path, WIDTH * (2 + 65_535) + 1)
            if data is None:
                raise NotBelieved(6, max(start, first), f"分录包 {path} 读不出")
            yield from _entries_of(data, first, width, start)

    def _small(self, name: str) -> bytes:
        data = self._read(name, NOTE_BYTES_MAX + 1)
        if data is None:
            raise Malformed(f"{name} 读不出")
        return data

    def _regular(self, path: str) -> Path:
        """A file of the directory. What is none (a pipe would hang the reader) is as if it were not there."""
        found = self._directory / path
        if not found.is_file():
            raise FileNotFoundError(errno.ENOENT, "没有这个文件", path)
        return found

    def _read(self, path: str, most: int) -> bytes | None:
        try:
            with self._regular(path).open("rb") as file:
                # Room for `most` bytes would be set aside first, which costs more than the reading.
                return file.read(min(most, os.fstat(file.fileno()).st_size + 1))
        except OSError:
            return None


def _entries_of(data: bytes, first: int, width: int, start: int) -> Iterator[bytes]:
    """The entries of one bundle from `start` on; step 6 for a bundle with fewer or with more than it should hold."""
    at, size = 0, len(data)
    for position in range(first, first + width):
        begin = at + 2
        at = begin + int.from_bytes(data[at:begin], "big")
        if begin > size or at > size:
            raise NotBelieved(6, max(position, start), "分录包在此中断")
        if position == first + width - 1 and at != size:
            raise NotBelieved(6, position, f"分录包末尾多出 {size - at} 字节")
        if position >= start:
            yield data[begin:at]
