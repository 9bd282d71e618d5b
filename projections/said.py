"""What has been said of a subject, event by event, and what of it holds on a day (D7).

The choice is `domain.assertions`, the same that guards use, here by position. It is only kept per event,
since an event says several fields at once.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

import orjson

from domain.assertions import FOREVER, Assertion, Dated, chosen
from projections.entry import Entry


@dataclass(frozen=True, slots=True)
class Saying:
    """What one event said."""

    position: int
    version: int  # of the event in its stream: a correction names it
    valid_from: str
    fields: Mapping[str, Any]
    withdrawn: Mapping[str, int] = field(default_factory=dict)  # field -> position of what withdrew it

    def of(self, name: str) -> Assertion[Any]:
        return Assertion(self.fields[name], self.valid_from, self.position, self.withdrawn.get(name))

    def without(self, names: Iterable[str], by: int) -> "Saying":
        """A field once withdrawn keeps what withdrew it first."""
        going = {name: by for name in names if name in self.fields}
        return replace(self, withdrawn={**going, **self.withdrawn})


@dataclass(frozen=True, slots=True)
class Said:
    """Everything said of one subject, in the order it was said."""

    sayings: tuple[Saying, ...] = ()

    def by(self, entry: Entry, fields: Mapping[str, Any], since: str | None = None) -> "Said":
        """As before, and what an entry says, from its business date on or from another day."""
        version, day = entry.recorded.version, entry.occurred_on if since is None else since
        return Said((*self.sayings, Saying(entry.position, version, day, fields)))

    def without(self, version: int, by: int, names: Iterable[str] | None = None) -> "Said":
        """What the event `version` said (of these fields; None: of all) is withdrawn by the entry at `by`."""
        return Said(
            tuple(
                one.without(one.fields if names is None else names, by) if one.version == version else one
                for one in self.sayings
            )
        )

    def made_at(self, version: int) -> Saying | None:
        return next((one for one in self.sayings if one.version == version), None)

    def assertions(self, name: str) -> Iterable[Assertion[Any]]:
        return (one.of(name) for one in self.sayings if name in one.fields)

    def dated(self, name: str) -> Dated[Any]:
        """Every assertion of a field, as the domain takes it; an order is a position here."""
        return Dated(tuple(self.assertions(name)))

    def holding(self, name: str, day: str = FOREVER) -> Assertion[Any] | None:
        """The assertion of a field that holds on a day."""
        return chosen(self.assertions(name), day)

    def at(self, name: str, day: str = FOREVER) -> Any:
        found = self.holding(name, day)
        return None if found is None else found.value

    def now(self) -> Mapping[str, Any]:
        """Every field as it holds with all that has been said; None where all was withdrawn."""
        if len(self.sayings) == 1 and not self.sayings[0].withdrawn:
            return self.sayings[0].fields  # the first listing of thousands: nothing to choose between
        return {name: self.at(name) for name in self.names()}

    def names(self) -> list[str]:
        """Every field ever said, in the order first said."""
        return list(dict.fromkeys(name for one in self.sayings for name in one.fields))

    def dumps(self) -> str:
        return compact(
            [[one.position, one.version, one.valid_from, one.fields, one.withdrawn] for one in self.sayings]
        )

    @classmethod
    def loads(cls, text: str) -> "Said":
        return cls(tuple(Saying(*one) for one in orjson.loads(text)))


def compact(value: Any) -> str:
    """JSON text for a column: one value, one text."""
    return orjson.dumps(value, option=orjson.OPT_SORT_KEYS).decode()


# Not said of the subject but of the saying itself: the timeline shows them beside it.
BOOKKEEPING = frozenset({"occurred_on", "late_reason", "by", "nature", "notes", "unchecked", "leaf"})


def plain(said: Said, entry: Entry) -> Said:
    """What an event says when no noun knows it better: its whole state, without its own id and bookkeeping."""
    fields = {
        name: value
        for name, value in entry.state.items()
        if name not in BOOKKEEPING and value != entry.stream
    }
    return said.by(entry, fields)
