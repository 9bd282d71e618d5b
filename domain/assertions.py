"""What is said to hold, since when, and known since when (D7). Pure; guards and projections use the same choice.

State as of day d known at k is, per field, the assertion with the greatest (valid_from, order) among those
with valid_from <= d, order <= k, not withdrawn by a correction (更正) of order <= k. `order` is a stream
version in an aggregate and a position in a projection.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any, Generic, TypeVar

Value = TypeVar("Value")
FOREVER = "9999-12-31"  # no business date is later: with all that has been said


@dataclass(frozen=True, slots=True)
class Assertion(Generic[Value]):
    """A value of one field, holding from a day of the world until another says otherwise."""

    value: Value
    valid_from: str  # ISO day, the event's `occurred_on`
    order: int
    withdrawn: int | None = None  # order of the correction that withdrew it

    def counts(self, day: str, known: int | None) -> bool:
        if self.valid_from > day:
            return False
        if known is None:
            return self.withdrawn is None
        return self.order <= known and (self.withdrawn is None or self.withdrawn > known)


def chosen(
    assertions: Iterable[Assertion[Value]], day: str, known: int | None = None
) -> Assertion[Value] | None:
    """The assertion that holds on a day, as known at an order (None: with all that is known)."""
    best: Assertion[Value] | None = None
    for one in assertions:
        if one.counts(day, known) and (
            best is None or (one.valid_from, one.order) > (best.valid_from, best.order)
        ):
            best = one
    return best


@dataclass(frozen=True, slots=True)
class Dated(Generic[Value]):
    """A dated field: every assertion ever made about it, in the order they were made."""

    assertions: tuple[Assertion[Value], ...] = ()

    def asserted(self, value: Value, valid_from: str, order: int) -> "Dated[Value]":
        return Dated((*self.assertions, Assertion(value, valid_from, order)))

    def withdrawn(self, order: int, by: int) -> "Dated[Value]":
        """As before, but what was asserted at `order` is withdrawn by the correction at `by`."""
        return Dated(
            tuple(
                replace(one, withdrawn=by) if one.order == order and one.withdrawn is None else one
                for one in self.assertions
            )
        )

    def at(self, day: str, known: int | None = None) -> Value | None:
        """The value that holds on a day; None when nothing had been said for it."""
        found = chosen(self.assertions, day, known)
        return None if found is None else found.value

    def made_at(self, order: int) -> Assertion[Value] | None:
        """The assertion made at an order, if it has not been withdrawn."""
        for one in self.assertions:
            if one.order == order and one.withdrawn is None:
                return one
        return None


def counted(
    movements: Dated[Any], since: str, day: str, known: int | None = None
) -> Iterator[Mapping[str, Any]]:
    """Every movement from one day to another, where a field is no state but a sum.

    What was struck out by a correction is asserted as nothing (null) and does not count.
    """
    for one in movements.assertions:
        if one.valid_from >= since and one.value is not None and one.counts(day, known):
            yield one.value
