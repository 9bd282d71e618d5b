"""What the projections ask of the log."""

from collections.abc import Iterator
from typing import Protocol

from domain.record import Recorded


class Entries(Protocol):
    """The recorded entries. Only committed entries are ever returned, and an entry once returned never
    changes, so every method may be called again and from many threads. Iterators are lazy: whoever takes
    the first entry only does not pay for the rest."""

    def size(self) -> int:
        """The number of entries; the next position to be recorded."""
        ...

    def leaf(self, position: int) -> str:
        """The leaf hash of the entry at a position in hex, as it is kept beside it; empty where there is none."""
        ...

    def entries(self, start: int, stop: int | None = None) -> Iterator[Recorded]:
        """The entries from position `start` up to but not including `stop` (None: the end), in order, no gap."""
        ...

    def of_subject(self, subject: str, start: int = 0) -> Iterator[Recorded]:
        """Every entry from position `start` that has this subject (FORMAT 3.2), in order; none when never named."""
        ...

    def of_stream(self, stream: str) -> Iterator[Recorded]:
        """Every entry of a subject's own stream, in order of version; none when it has none."""
        ...
