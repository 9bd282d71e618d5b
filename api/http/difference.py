"""Two points of two clocks, compared: what held of a subject at one and at the other, field by field."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict, dataclass
from typing import Any

from projections.trace import Held, Trace


@dataclass(frozen=True, slots=True)
class Differing:
    """A field that did not hold the same. None: nothing was said of it."""

    field: str
    label: str
    before: Held | None
    after: Held | None


def difference(before: Iterable[Held], after: Iterable[Held]) -> list[Differing]:
    """The fields whose values differ, in the order in which they were first said."""
    old = {one.field: one for one in before}
    new = {one.field: one for one in after}
    found = []
    for name in dict.fromkeys((*old, *new)):
        was, now = old.get(name), new.get(name)
        if (None if was is None else was.value) != (None if now is None else now.value):
            label = (was or now).label  # type: ignore[union-attr] # one of them said it
            found.append(Differing(name, label, was, now))
    return found


def as_json(before: Trace, after: Trace) -> dict[str, Any]:
    return {
        "id": after.subject,
        "from": {"as_of": before.as_of, "known_at": before.known_at},
        "to": {"as_of": after.as_of, "known_at": after.known_at},
        "changes": [asdict(one) for one in difference(before.state, after.state)],
    }
