"""The card of an obligation: what each event says of it, and what follows for its sums.

Pure, and used alike by guards and by projections (D7, D20).
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from domain.assertions import Dated, counted
from domain.base import State

CARD = (
    "area_label",
    "areas",
    "assets",
    "basis",
    "category",
    "contract",
    "creditor",
    "debtor",
    "democratic",
    "due_on",
    "for_government",
    "handler",
    "insider",
    "instalments",
    "interest_fen",
    "litigation",
    "name",
    "number",
    "offset_fen",
    "origin_on",
    "outstanding_fen",
    "paid_fen",
    "principal_fen",
    "projects",
    "purpose",
    "rate_basis_points",
    "security",
    "witness",
    "written_off_fen",
)
SIDES = ("creditor", "debtor")


def registered_says(state: Mapping[str, Any]) -> State:
    """What a registration says, from its state: guards and projections keep the same."""
    return {name: state[name] for name in CARD}


def confirmed_says(state: Mapping[str, Any]) -> State:
    """What the confirmation of one side says."""
    return {f"confirmed_{state['side']}": state["amount_fen"]}


def demanded_says(state: Mapping[str, Any]) -> State:
    """What a demand says. One that cannot be shown to have been served restarts nothing."""
    return {"demand": {"channel": state["channel"], "served": bool(state["receipt"])}}


def repaid_says(state: Mapping[str, Any]) -> State:
    """What a repayment says: what was settled by it, and the interest that it acknowledged."""
    kind = "offset" if state["means"] == "offset" else "paid"
    names = ("accrued_fen", "interest_fen", "principal_fen")
    return {"movement": {name: state[name] for name in names} | {"kind": kind}}


@dataclass(frozen=True, slots=True)
class Sums:
    """The sums of an obligation on a day, in fen. What is outstanding (余额) is always derived (D20)."""

    principal_fen: int | None = None
    interest_fen: int = 0
    paid_fen: int = 0
    offset_fen: int = 0
    written_off_fen: int = 0

    @property
    def outstanding_fen(self) -> int | None:
        """principal + interest − paid − offset − written off; None when nobody knows the principal."""
        if self.principal_fen is None:
            return None
        settled = self.paid_fen + self.offset_fen + self.written_off_fen
        return self.principal_fen + self.interest_fen - settled


FIGURES = ("principal_fen", "interest_fen", "paid_fen", "offset_fen", "written_off_fen")


def sums(field: Callable[[str], Dated[Any]], opened_on: str, day: str, known: int | None = None) -> Sums:
    """The sums on a day, from what was said field by field, as known at an order (None: with all that is known).

    The figures of the registration stand at the start of its day and hold whatever came before it: so a late
    repayment of an earlier year is kept, and does not change what is outstanding since.
    """
    stood: dict[str, int] = {name: field(name).at(day, known) or 0 for name in FIGURES[1:]}
    since = opened_on if day >= opened_on else ""
    for movement in counted(field("movement"), since, day, known):
        stood["interest_fen"] += movement["accrued_fen"]
        stood[f"{movement['kind']}_fen"] += movement["principal_fen"] + movement["interest_fen"]
    return Sums(field("principal_fen").at(day, known), **stood)
