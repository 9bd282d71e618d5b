"""A trace with names: what a reader is told in the place of each commitment, put there before anything is rendered.

Who may be told what is decided elsewhere; here nothing is known of a name but where it stands (D17).
"""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

from projections import wording
from projections.owed import Owed
from projections.timeline import Change, Item
from projections.trace import Held, Trace

Told = Mapping[str, str]
"""Commitment -> what is told in its place."""


def committed(value: Any) -> Iterator[str]:
    """The commitments in a recorded value, in order."""
    if isinstance(value, str):
        if value.startswith(wording.COMMITTED):
            yield value
    elif isinstance(value, Mapping):
        for one in value.values():
            yield from committed(one)
    elif isinstance(value, (list, tuple)):
        for one in value:
            yield from committed(one)


def commitments_of(found: Trace) -> dict[str, list[str]]:
    """Subject -> the commitments that a trace states of it: of its own, of what its story leads to, of each obligation beside it."""
    stated: dict[str, list[Any]] = {found.subject: [one.value for one in found.state]}
    for change in (change for item in found.timeline for change in (*item.changes, *item.proposed)):
        stated.setdefault(change.subject, []).extend((change.old, change.new))
    for one in found.obligations:
        stated.setdefault(one.id, []).extend(one.sides)
    named = {subject: list(dict.fromkeys(committed(values))) for subject, values in stated.items()}
    return {subject: some for subject, some in named.items() if some}


def named(found: Trace, told: Mapping[str, Told]) -> Trace:
    """The trace with what is told of each subject's commitments; where nothing is told the commitment stays."""
    own = told.get(found.subject, {})
    return replace(
        found,
        state=tuple(_held(one, own, found.names) for one in found.state),
        timeline=tuple(_item(one, told) for one in found.timeline),
        obligations=tuple(_owed(one, told.get(one.id, {})) for one in found.obligations),
    )


def _said(value: Any, told: Told) -> Any:
    if isinstance(value, str):
        return told.get(value, value)
    if isinstance(value, Mapping):
        return {key: _said(one, told) for key, one in value.items()}
    if isinstance(value, (list, tuple)):
        return [_said(one, told) for one in value]
    return value


def _held(one: Held, told: Told, names: wording.Names) -> Held:
    value = _said(one.value, told)
    if value == one.value:
        return one
    return replace(one, value=value, shown=wording.shown(one.field, value, names))


def _item(one: Item, told: Mapping[str, Told]) -> Item:
    def of(changes: tuple[Change, ...]) -> tuple[Change, ...]:
        return tuple(_change(change, told.get(change.subject, {})) for change in changes)

    return replace(one, changes=of(one.changes), proposed=of(one.proposed))


def _change(one: Change, told: Told) -> Change:
    return replace(one, old=_said(one.old, told), new=_said(one.new, told))


def _owed(one: Owed, told: Told) -> Owed:
    sides = tuple(_said(side, told) for side in one.sides)
    creditor, debtor = map(wording.party, sides)
    return replace(one, creditor=creditor, debtor=debtor, sides=sides)
