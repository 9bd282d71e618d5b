"""Has this statement been here before? Step 16 of verify, with bounded memory.

A bit filter remembers statement ids. It never overlooks a repetition, and it suspects a few innocents: those are settled by
reading the log once more, for the suspects only.
"""

from __future__ import annotations

import mmap
import struct
from collections.abc import Iterable

_FILTER_BITS = 1 << 28  # 32 MiB; anonymous memory: the system hands out the pages as they are touched
_FOUR = struct.Struct("<4Q")
SUSPECTS_MAX = 10_000


class Statements:
    """The statement ids of a log, in the order of their entries."""

    def __init__(self) -> None:
        self._filter = mmap.mmap(-1, _FILTER_BITS // 8)
        self.suspects: set[bytes] = set()

    def add(self, statement: bytes) -> None:
        """Note a statement id; one that may have been here before becomes a suspect."""
        bits, seen = self._filter, True
        for number in _FOUR.unpack(statement):
            at, bit = (number & (_FILTER_BITS - 1)) >> 3, 1 << (number & 7)
            if not bits[at] & bit:
                seen = False
                bits[at] |= bit
        if seen:
            self.suspects.add(statement)

    @property
    def must_settle(self) -> bool:
        """Whether the suspects have become so many that they should be settled now."""
        return len(self.suspects) >= SUSPECTS_MAX

    def settle(self, statements: Iterable[tuple[int, bytes]]) -> int | None:
        """The first position that repeats an earlier statement, given every (position, statement id) so far again.

        Clears the suspects: an id that comes once more becomes a suspect once more.
        """
        suspects, once = self.suspects, set[bytes]()
        self.suspects = set()
        for position, statement in statements:
            if statement in suspects:
                if statement in once:
                    return position
                once.add(statement)
        return None
