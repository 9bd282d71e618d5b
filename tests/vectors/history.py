"""A vector: a history, good or bad, with the verdict it must get. The modules beside this one register theirs on import."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any, TypeVar

from audit import canonical
from tests.support import town
from tests.support.logbook import Logbook

Files = dict[str, bytes]
Made = Logbook | Files | tuple[Files, Logbook]
Failure = tuple[int | None, int | None]
OK: Failure = (None, None)
T = TypeVar("T")


@dataclass(frozen=True)
class Vector:
    """A history: its files, its trust file, and the first failure (step, position) without and with the trust file."""

    name: str
    files: Files
    trust: bytes
    without: Failure
    with_trust: Failure
    doubtful: tuple[int, ...] = ()

    def expected(self) -> dict[str, Any]:
        def verdict(failure: Failure) -> dict[str, Any]:
            step, position = failure
            return {"ok": step is None, "step": step, "position": position, "doubtful": list(self.doubtful)}

        return {"without": verdict(self.without), "with": verdict(self.with_trust)}


_MADE: dict[str, Callable[[], Vector]] = {}


def _register(name: str, made: Callable[[], Vector]) -> None:
    assert name not in _MADE, name
    _MADE[name] = made


def case(
    name: str,
    step: int | None,
    position: int | None,
    make: Callable[[], Made],
    doubtful: tuple[int, ...] = (),
) -> None:
    """A history whose verdict is the same with its trust file, which has seen the checkpoint of size 1."""

    def made() -> Vector:
        found = make()
        files, book = found if isinstance(found, tuple) else (found, None)
        if isinstance(files, Logbook):
            files, book = files.files(), files
        book = town.open_books() if book is None else book
        trust = canonical.encode(book.trust(1))
        return Vector(name, files, trust, (step, position), (step, position), doubtful)

    _register(name, made)


def cases(
    prefix: str, step: int | None, position: int | None, make: Callable[[T], Made], given: Mapping[str, T]
) -> None:
    """A table of histories that fail alike, and what each is made from."""
    for name, one in given.items():
        case(f"{prefix}_{name}", step, position, partial(make, one))


def vector(
    step: int | None = None, position: int | None = None, doubtful: tuple[int, ...] = ()
) -> Callable[[Callable[[], Made]], None]:
    """`case` for a history that is written out as a function; the function's name is its own."""

    def register(make: Callable[[], Made]) -> None:
        case(make.__name__, step, position, make, doubtful)

    return register


def settled(
    step: int | None = None, position: int | None = None, doubtful: tuple[int, ...] = ()
) -> Callable[[Callable[[Logbook], None]], None]:
    """`vector` for what is done to the town once it is settled (entries 0 to 2), and sealed."""

    def register(do: Callable[[Logbook], None]) -> None:
        def make() -> Logbook:
            book = town.settled()
            do(book)
            book.seal()
            return book

        case(do.__name__, step, position, make, doubtful)

    return register


def trusted(without: Failure, with_trust: Failure) -> Callable[[Callable[[], tuple[Files, bytes]]], None]:
    """Register a history with a trust file of its own."""

    def register(make: Callable[[], tuple[Files, bytes]]) -> None:
        def made() -> Vector:
            files, trust = make()
            return Vector(make.__name__, files, trust, without, with_trust)

        _register(make.__name__, made)

    return register


def vectors() -> Iterator[Vector]:
    """Every vector, made anew."""
    for make in _MADE.values():
        yield make()
