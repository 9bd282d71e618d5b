"""What the ledger holds now of a project, an asset or an obligation, in the words in which a register says it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from api.desk import Desk
from api.exchange.nouns import NOUNS
from api.places import full_name
from domain.assertions import FOREVER
from domain.asset import Asset
from domain.asset_card import FIGURES as ASSET_FIGURES
from domain.asset_card import Figures
from domain.obligation import Obligation
from domain.obligation_card import FIGURES as OBLIGATION_FIGURES
from domain.obligation_card import Sums
from domain.record import Recorded
from domain.values import kind_of

# What only an entry says of itself, and no later word changes.
_OF_ENTRY = ("evidence", "papers_missing", "papers_present")


def held_of(desk: Desk, code: str) -> Mapping[str, Any] | None:
    """What holds now of the subject that a code or an id names, corrections and movements included; None of any other."""
    for entry in desk.reader.of_subject(code):
        noun = NOUNS.get(kind_of(entry.stream))
        if noun is not None:
            subject: Any = desk.ledger.repository.get(entry.stream)
            fields = [field for field in noun.compared if field not in ("number", *_OF_ENTRY)]
            held = {field: subject.at(field, FOREVER) for field in fields}
            held |= {"id": entry.stream, "number": subject.number, **_moved(subject), **_of_entry(entry)}
            return held
    return None


def _moved(subject: Any) -> dict[str, Any]:
    """The money as it stands now. A total that somebody stated for the day of the entry says nothing of later days."""
    if isinstance(subject, Asset):
        now = subject.figures(FOREVER)
        found: dict[str, Any] = {name: getattr(now, name) for name in ASSET_FIGURES}
        if now != Figures(*(subject.last(name) for name in ASSET_FIGURES)):
            found["carrying_fen"] = None
        return found | {"derived_fen": now.carrying_fen, "gone_on": subject.gone_on}
    if isinstance(subject, Obligation):
        stands = subject.sums(FOREVER)
        found = {name: getattr(stands, name) for name in OBLIGATION_FIGURES}
        if stands != Sums(*(subject.last(name) for name in OBLIGATION_FIGURES)):
            found["outstanding_fen"] = None
        return found | {"derived_fen": stands.outstanding_fen}
    return {}


def _of_entry(entry: Recorded) -> dict[str, Any]:
    return {name: entry.state[name] for name in _OF_ENTRY if name in entry.state}


class Names:
    """By what people know the ids that stand in what is held: the number of a project, the name of a place."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._numbers: dict[str, str] = {}
        self._places = {area: full_name(desk.ledger.directory, area) for area in desk.ledger.directory.areas}

    def of(self, held: Mapping[str, Any]) -> dict[str, Any]:
        """What is held, with the names of what it belongs to: what has no number goes by its id."""
        organisations = self._desk.ledger.directory.organisations
        custodian = organisations.get(held.get("custodian") or "")
        return {
            **held,
            "area_names": [self._places[area] for area in held["areas"]],
            "asset_numbers": [self._number(one) for one in held.get("assets") or ()],
            "custodian_name": "" if custodian is None else custodian.name,
            "project_numbers": [self._number(one) for one in held.get("projects") or ()],
        }

    def _number(self, identity: str) -> str:
        if identity not in self._numbers:
            subject: Any = self._desk.ledger.repository.get(identity)
            self._numbers[identity] = subject.number or identity
        return self._numbers[identity]
