"""A content as a clerk writes it, made complete: new ids, the term of a proposal, and ids where names stood.

It saves a clerk what only a machine can read or think up; everything else is theirs to say.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from typing import Any

import domain.corrections  # noqa: F401 - declares what is corrected
from api.bearing import commitments
from api.columns import TERM, Shape, brought, left_out, shape_of
from api.compose import VALID_DAYS, china_today, new_id
from api.desk import Desk
from api.lookup import KIND_OF, OFFICES, found_as, in_office
from domain.correction import unlike
from domain.disposal import Disposal
from domain.post import called
from domain.proposal import Proposal
from domain.values import days_after, is_id
from domain.written import ASKED, Written

Content = dict[str, Any]
LookUp = Callable[[str], str]


def completed(
    name: str, payload: Mapping[str, Any], desk: Desk | None, look_up: LookUp | None = None
) -> Content:
    """The content with the new id of its own subject, a term of 30 days for a proposal, and ids where `area:青溪乡`, `debt:QX-Z-1`
    or `post:青溪乡农服中心/核查岗` stood.

    `look_up` finds the subjects; without it, whatever the ledger knows. Raises NotFound for a name that it does not know.
    """
    filled = dict(payload)
    for key in brought(name):
        filled.setdefault(key, new_id(key))
    if TERM in left_out(name):
        filled.setdefault(TERM, days_after(china_today(), VALID_DAYS))
    if desk is None:
        return filled
    seek = look_up or partial(found_as, desk)
    found: Content = _resolved(shape_of(name), filled, desk, seek)
    if (fill := _FILL.get(name.rpartition(".v")[0])) is not None:
        fill(desk, found)
    return found


def _resolved(shape: Shape, value: Any, desk: Desk, look_up: LookUp) -> Any:
    if isinstance(value, str):
        kind = value.partition(":")[0] if ":" in value else ""
        if KIND_OF.get(kind, kind) not in shape.kinds:
            return value
        return in_office(desk.ledger.refresh(), value) if kind in OFFICES else look_up(value)
    if isinstance(value, dict):
        parts = shape.parts
        return {
            key: _resolved(parts[key], one, desk, look_up) if key in parts else one
            for key, one in value.items()
        }
    if isinstance(value, list) and shape.item is not None:
        item = shape.item
        return [_resolved(item, one, desk, look_up) for one in value]
    return value


# --- what a command asks of the ledger ------------------------------------------------------------------


def _parameter(desk: Desk, filled: Content) -> None:
    """The same parameter is set again under the id that it has."""
    known = (one.id for one in desk.ledger.directory.parameters.values() if one.name == filled.get("name"))
    filled.setdefault("parameter", next(known, None) or new_id("parameter"))


def _erasure(desk: Desk, filled: Content) -> None:
    """Both lists in the order that NAME-2 asks for; of whoever is not named, everything that the subjects state of persons."""
    subjects = filled.get("subjects")
    if isinstance(subjects, list) and all(isinstance(one, str) for one in subjects):
        filled["subjects"] = sorted(set(subjects))
        filled.setdefault(
            "commitments",
            [one for subject in filled["subjects"] for one in commitments(desk.reader, subject)],
        )
    stated = filled.get("commitments")
    if isinstance(stated, list) and all(isinstance(one, str) for one in stated):
        filled["commitments"] = sorted(set(stated))


def _deputy(desk: Desk, filled: Content) -> None:
    """Whom a deputy's id means is said in words: by the first post of the person's own."""
    filled.setdefault("deputy_label", called(desk.ledger.refresh(), filled.get("deputy", "")))


def _duplicate(desk: Desk, filled: Content, noun: str) -> None:
    """In what a duplicate and the one that remains differ, so that its signer reads and signs it (CORR-6)."""
    if filled.get("kind") != "duplicate" or filled.get("unlike"):
        return
    one, other = (_written(desk, filled.get(column)) for column in (noun, "instead"))
    if one is not None and other is not None and one.TOPIC == other.TOPIC == noun:
        found = unlike(one, other)
        if found:
            filled["unlike"] = found


def _proposed(desk: Desk, filled: Content) -> None:
    """Which entry a decision and an approval are about: that which proposed the disposal (PROJ-10)."""
    found = _written(desk, filled.get("disposal"))
    if not isinstance(found, Disposal) or "position" in filled or "leaf" in filled:
        return
    at = desk.reader.located(found.id, found.done["propose"].version)
    if at is not None:
        filled["position"], filled["leaf"] = at


def _withdrawn(desk: Desk, filled: Content) -> None:
    """What the proposal would do, for its signer to recognise (ID-3)."""
    found = _known(desk, filled.get("proposal"))
    if isinstance(found, Proposal):
        filled.setdefault("label", found.label)


def _written(desk: Desk, identity: Any) -> Written | None:
    """What is written down under an id; None when there is no such thing."""
    found = _known(desk, identity)
    return found if isinstance(found, Written) else None


def _known(desk: Desk, identity: Any) -> object:
    """What the ledger has under an id; None when there is no such thing: the ledger will say so."""
    if not isinstance(identity, str) or not is_id(identity) or identity not in desk.ledger.repository:
        return None
    found: object = desk.ledger.repository.get(identity)
    return found


_FILL: Mapping[str, Callable[[Desk, Content], None]] = {
    "disposal.approve": _proposed,
    "disposal.decide": _proposed,
    "erasure.order": _erasure,
    "parameter.set": _parameter,
    "post.deputise": _deputy,
    "post.end_deputy": _deputy,
    "proposal.withdraw": _withdrawn,
    **{f"{noun}.correct": partial(_duplicate, noun=noun) for noun in ASKED},
}
