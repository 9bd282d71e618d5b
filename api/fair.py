"""Places: so many at once, and of one and the same only some of them, so that much from one leaves room for others."""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager


class Full(Exception):
    """There is no place now; `own`: whoever asks has all that anybody may have."""

    def __init__(self, *, own: bool) -> None:
        super().__init__(own)
        self.own = own


class Places:
    """Threads share it."""

    def __init__(self, in_all: int, of_one: int) -> None:
        self._in_all, self._of_one = in_all, of_one
        self._lock = threading.Lock()
        self._taken: Counter[str] = Counter()

    def taken(self, whose: str) -> int:
        return self._taken.get(whose, 0)

    @contextmanager
    def of(self, whose: str) -> Iterator[None]:
        """A place for as long as this is open. Raises Full."""
        with self._lock:
            if self._taken[whose] >= self._of_one:
                raise Full(own=True)
            if self._taken.total() >= self._in_all:
                raise Full(own=False)
            self._taken[whose] += 1
        try:
            yield
        finally:
            with self._lock:
                self._taken[whose] -= 1
                if not self._taken[whose]:
                    del self._taken[whose]
