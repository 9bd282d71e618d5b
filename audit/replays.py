"""Has this statement been here before? Step 16 of verify, with bounded memory.

A bit filter remembers what it has seen of each statement. It never overlooks a repetition, and it suspects a few innocents: those
are settled by reading the log once more, for the suspects only.
"""

from __future__ import annotations

import hashlib
import mmap
from collections.abc import Iterable

_WORDS_MAX = (
    1 << 22
)  # of 64 bits: 32 MiB of anonymous memory; the system hands out the pages as they are touched
SUSPECTS_MAX = 10_000


class Statements:
    """The signed messages of a log (FORMAT 5.1, the bytes whose hash is the statement id), in the order of their entries."""

    def __init__(self, expected: int) -> None:
        """`expected` entries will come, or a few more."""
        words = min(_WORDS_MAX, 1 << (4 * expected + 1024).bit_length())
        self._filter = memoryview(mmap.mmap(-1, words * 8)).cast("Q")
        self._last = words - 1
        self.suspects: set[int] = set()

    def add(self, message: bytes) -> None:
        """Note a message; one that may have been here before becomes a suspect."""
        # Python's own hash of bytes is keyed anew in every process, so nobody can prepare statements that collide here.
        number = hash(message)
        # Four bits of one word.
        bits = (
            1 << (number & 63) | 1 << (number >> 6 & 63) | 1 << (number >> 12 & 63) | 1 << (number >> 18 & 63)
        )
        at = number >> 24 & self._last
        word = self._filter[at]
        if word & bits == bits:
            self.suspects.add(number)
        else:
            self._filter[at] = word | bits

    @property
    def must_settle(self) -> bool:
        """Whether the suspects have become so many that they should be settled now."""
        return len(self.suspects) >= SUSPECTS_MAX

    def settle(self, messages: Iterable[tuple[int, bytes]]) -> int | None:
        """The first position that repeats an earlier message, given every (position, message) so far again.

        Clears the suspects: what comes once more becomes a suspect once more.
        """
        suspects, once = self.suspects, set[bytes]()
        self.suspects = set()
        for position, message in messages:
            if hash(message) in suspects:
                statement = hashlib.sha256(message).digest()
                if statement in once:
                    return position
                once.add(statement)
        return None
