"""A story of the domain, as projections read it."""

from collections.abc import Iterator

from domain.record import Recorded
from tests.domain.story import Town


class Told:
    """The entries of a story as projections read them."""

    def __init__(self, town: Town) -> None:
        self._all = town.books.entries

    def size(self) -> int:
        return len(self._all)

    def leaf(self, position: int) -> str:
        return self._all[position].leaf if position < len(self._all) else ""

    def entries(self, start: int, stop: int | None = None) -> Iterator[Recorded]:
        return iter(self._all[start:stop])

    def of_subject(self, subject: str, start: int = 0) -> Iterator[Recorded]:
        return (one for one in self._all[start:] if subject in {name for name, _ in one.subjects})

    def of_stream(self, stream: str) -> Iterator[Recorded]:
        return (one for one in self._all if one.stream == stream)
