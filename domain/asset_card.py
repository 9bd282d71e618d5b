"""The card of an asset (资产卡片): what each event says of it, and the money that follows from what is said.

Pure, and used alike by guards and by projections (D7, D20).
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from domain.assertions import Dated, counted
from domain.base import State

# What an opening says of the asset and no other command says again: also that nobody knows it.
CARD = (
    "additions_fen",
    "area_label",
    "areas",
    "carrying_fen",
    "category",
    "depreciation_fen",
    "disposed_fen",
    "in_service_on",
    "kind",
    "life_months",
    "location",
    "name",
    "number",
    "projects",
    "quantity",
    "specification",
)
# What later words say too: only when it is known, so that no "nobody knows" of today hides what is learned later.
KNOWN = (
    "booked_on",
    "certificate",
    "condition",
    "custodian",
    "disputed",
    "encumbered",
    "original_fen",
    "owner_type",
    "registered",
    "shares",
)
UNKNOWN: tuple[Any, ...] = (None, "", "undetermined", [])


def opened_says(state: Mapping[str, Any]) -> State:
    """What an opening says, from its state: guards and projections keep the same."""
    known = {name: state[name] for name in KNOWN if state[name] not in UNKNOWN}
    return {name: state[name] for name in CARD} | known


def reported_says(state: Mapping[str, Any]) -> State:
    """What a report of the condition says, likewise."""
    names = ("condition", "custodian", "disputed", "encumbered")
    return {name: state[name] for name in names if state[name] not in UNKNOWN}


def booked_says(state: Mapping[str, Any]) -> State:
    """What a booking says: the original value once, and later movements of money."""
    if state["kind"] == "original":
        return {"booked_on": state["occurred_on"], "original_fen": state["amount_fen"]}
    return {"movement": {"amount_fen": state["amount_fen"], "kind": state["kind"]}}


def title_says(state: Mapping[str, Any]) -> State:
    """What the registration of ownership says."""
    names = ("certificate", "owner_type", "shares")
    return {"registered": True} | {name: state[name] for name in names if state[name] not in UNKNOWN}


def gone_says(state: Mapping[str, Any]) -> State:
    """What a derecognition says."""
    said: State = {"gone_on": state["occurred_on"]} if state["whole"] else {}
    if state["amount_fen"] is not None:
        said["movement"] = {"amount_fen": state["amount_fen"], "kind": "disposed"}
    return said


@dataclass(frozen=True, slots=True)
class Figures:
    """The money of an asset on a day, in fen. The carrying amount (账面价值) is always derived (D20)."""

    original_fen: int | None = None
    additions_fen: int = 0
    depreciation_fen: int = 0
    disposed_fen: int = 0

    @property
    def carrying_fen(self) -> int | None:
        """original + additions − depreciation − disposals; None when nobody knows the original value."""
        if self.original_fen is None:
            return None
        return self.original_fen + self.additions_fen - self.depreciation_fen - self.disposed_fen


FIGURES = ("original_fen", "additions_fen", "depreciation_fen", "disposed_fen")


def figures(
    field: Callable[[str], Dated[Any]], opened_on: str, day: str, known: int | None = None
) -> Figures:
    """The money on a day, from what was said field by field, as known at an order (None: with all that is known).

    The figures of the opening stand at the start of their day and hold whatever came before it: so a late
    fact of an earlier year is kept, and does not change what holds since.
    """
    stood: dict[str, int] = {name: field(name).at(day, known) or 0 for name in FIGURES[1:]}
    since = opened_on if day >= opened_on else ""
    for movement in counted(field("movement"), since, day, known):
        stood[f"{movement['kind']}_fen"] += movement["amount_fen"]
    return Figures(field("original_fen").at(day, known), **stood)
