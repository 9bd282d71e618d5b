"""Which commitments a subject bears, and in which columns: what the vault may be asked for its sake.

From its own entries and the commands of them, withdrawn ones too; the read tables are asked for nothing.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from domain.party import Party
from projections.labels import FIELDS
from projections.named import committed
from projections.ports import Entries


def commitments(entries: Entries, subject: str) -> list[str]:
    """Every commitment of a subject, in order of the entries."""
    return list(whose(entries, subject))


def whose(entries: Entries, subject: str) -> dict[str, str]:
    """These commitments, each with the columns in which it stands: 债权人, 经手人."""
    found: dict[str, dict[str, None]] = {}
    for one in entries.of_subject(subject):
        if one.stream == subject:
            for value in (one.state, (one.command or {}).get("payload")):
                for commitment, column in _columns(value, ""):
                    found.setdefault(commitment, {})[FIELDS.get(column, column)] = None
    return {commitment: "、".join(columns) for commitment, columns in found.items()}


# What says nothing of whose a value is: the parts of a party, and what a correction puts in the place of what.
_INSIDE = frozenset({*Party.model_fields, "now", "was"})


def _columns(value: Any, column: str) -> Iterator[tuple[str, str]]:
    """Each commitment in a recorded value with the key under which it is known."""
    if isinstance(value, Mapping):
        changed = str(value.get("field", column)) if "now" in value else column
        for key, one in value.items():
            yield from _columns(one, changed if key in _INSIDE else key)
    elif isinstance(value, (list, tuple)):
        for one in value:
            yield from _columns(one, column)
    else:
        yield from ((one, column) for one in committed(value))
