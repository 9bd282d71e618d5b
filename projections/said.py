"""What has been said of a subject, event by event, and what of it holds on a day (D7).

The choice is `domain.assertions`, the same that guards use; here it is only kept per event, since an event
says several fields at once. `order` is the version in the subject's own stream. What was known at a
position is what is said by the entries up to it, so one who asks for less folds fewer entries.
"""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from domain.assertions import Assertion, chosen
from projections.entry import Entry

FOREVER = "9999-12-31"  # no business date is later: with all that is known


@dataclass(frozen=True, slots=True)
class Saying:
    """What one event said."""

    order: int
    valid_from: str
    fields: Mapping[str, Any]
    withdrawn: Mapping[str, int] = field(default_factory=dict)  # field -> order of the correction

    def of(self, name: str) -> Assertion[Any]:
        return Assertion(self.fields[name], self.valid_from, self.order, self.withdrawn.get(name))


@dataclass(frozen=True, slots=True)
class Said:
    """Everything said of one subject, in the order it was said."""

    sayings: tuple[Saying, ...] = ()

    def and_then(self, order: int, valid_from: str, fields: Mapping[str, Any]) -> "Said":
        return Said((*self.sayings, Saying(order, valid_from, fields)))

    def corrected(self, order: int, by: int, fields: Mapping[str, Any]) -> "Said":
        """A correction (更正) of version `order`: what it said of these fields is withdrawn, and said anew
        from the same day on."""
        kept = tuple(
            replace(one, withdrawn={**one.withdrawn, **{name: by for name in fields if name in one.fields}})
            if one.order == order
            else one
            for one in self.sayings
        )
        since = next((one.valid_from for one in self.sayings if one.order == order), "")
        return Said((*kept, Saying(by, since, fields)))

    def assertions(self, name: str) -> Iterable[Assertion[Any]]:
        return (one.of(name) for one in self.sayings if name in one.fields)

    def holding(self, name: str, day: str = FOREVER) -> Assertion[Any] | None:
        """The assertion of a field that holds on a day."""
        return chosen(self.assertions(name), day)

    def at(self, name: str, day: str = FOREVER) -> Any:
        found = self.holding(name, day)
        return None if found is None else found.value

    def names(self) -> list[str]:
        """Every field ever said, in the order first said."""
        return list(dict.fromkeys(name for one in self.sayings for name in one.fields))

    def dumps(self) -> str:
        return compact([[one.order, one.valid_from, one.fields, one.withdrawn] for one in self.sayings])

    @classmethod
    def loads(cls, text: str) -> "Said":
        return cls(tuple(Saying(*one) for one in json.loads(text)))


def compact(value: Any) -> str:
    """JSON text for a column: one value, one text."""
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


# Not said of the subject but of the saying: whose they are, the timeline shows.
_BOOKKEEPING = frozenset({"occurred_on", "late_reason", "by", "notes", "unchecked"})


def plain(entry: Entry) -> Mapping[str, Any]:
    """What an event says when nobody knows better: its whole state, without its own id and the bookkeeping."""
    return {
        name: value for name, value in entry.state.items() if name not in _BOOKKEEPING and value != entry.stream
    }
