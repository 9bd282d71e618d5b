"""What the events of one stream said of its fields, and what a correction does to their word (D7, D12). Pure."""

from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple

from domain.assertions import Assertion, Dated

# What both events of a correction state of it.
CORRECTION = ("changes", "corrects", "instead", "kind", "paper", "reason")
DUPLICATE_OF = "duplicate_of"  # the field of any noun by which it does not count: another is the same thing


class Effect(NamedTuple):
    """What a correction does to the word of the event that it names."""

    withdrawn: tuple[str, ...]  # these fields of it
    says: Mapping[str, Any]  # in their place
    strikes: bool = False  # all that it said, without a substitute


def effect_of(content: Mapping[str, Any], subject: str) -> Effect:
    """The effect of a correction of a subject, from what its events state.

    A duplicate of another subject says so and keeps its words; an entry made twice in one subject, or in the wrong one
    (记错对象 without fields), is struck as a whole; in every other case the fields are said anew.
    """
    if content["kind"] == "duplicate" and content["instead"] != subject:
        return Effect((), {DUPLICATE_OF: content["instead"]})
    now = {change["field"]: change["now"] for change in content["changes"]}
    return Effect(tuple(now), now, strikes=not now)


class Said:
    """What the events of one stream said, field by field, and which word was withdrawn by which correction."""

    def __init__(self) -> None:
        self._said: list[tuple[int, str, Mapping[str, Any]]] = []
        self._withdrawn: dict[tuple[int, str], int] = {}

    def say(self, order: int, day: str, values: Mapping[str, Any]) -> None:
        self._said.append((order, day, values))

    def withdraw(self, order: int, fields: Iterable[str], by: int) -> None:
        for field in fields:
            self._withdrawn.setdefault((order, field), by)

    def field(self, name: str) -> Dated[Any]:
        """Every assertion made about a field, in the order they were made."""
        return Dated(
            tuple(
                Assertion(values[name], day, order, self._withdrawn.get((order, name)))
                for order, day, values in self._said
                if name in values
            )
        )

    def fields(self) -> dict[str, None]:
        """Every field that something was said of, in the order first said."""
        return dict.fromkeys(name for _, _, values in self._said for name in values)

    def days(self) -> list[str]:
        """Every day for which something was said."""
        return [day for _, day, _ in self._said]

    def made_at(self, order: int) -> list[str]:
        """The fields of which the event `order` said something."""
        return [name for at, _, values in self._said if at == order for name in values]

    def twins_of(self, order: int) -> list[int]:
        """Other events that said the very same for the same day, all of which still stands."""
        (said,) = [(day, values) for at, day, values in self._said if at == order]
        return [
            at
            for at, day, values in self._said
            if at != order
            and (day, values) == said
            and not any((at, name) in self._withdrawn for name in values)
        ]

    def correct(self, order: int, corrects: int, effect: Effect) -> None:
        """What is withdrawn stays visible; what is right holds from the day for which the event `corrects` spoke."""
        day = next(day for at, day, _ in self._said if at == corrects)
        self.withdraw(corrects, self.made_at(corrects) if effect.strikes else effect.withdrawn, order)
        if effect.says:
            self.say(order, day, effect.says)

    def copy(self) -> "Said":
        """Another one to try something on."""
        made = Said()
        made._said, made._withdrawn = list(self._said), dict(self._withdrawn)
        return made
