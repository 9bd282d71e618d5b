"""The card of an obligation: what each event says of it, what follows for its sums and for the limitation period.

Pure, and used alike by guards and by projections (D7, D20).
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from domain.assertions import FOREVER, Dated, counted
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

# 诉讼时效: three years, at most twenty (民法典188). For a debt in instalments from the last one's due day (189).
LIMITATION_YEARS = 3
LIMITATION_YEARS_MOST = 20


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


def limitation_until(field: Callable[[str], Dated[Any]], day: str, known: int | None = None) -> str:
    """The last day on which the claim may be brought to court, as it stands on a day; "" when it is not due.

    Each written demand that was served, each confirmation by the debtor and each payment restarts the three
    years (民法典195), if they have not run out; all of it ends twenty years after the claim fell due.
    """
    instalments: Sequence[Mapping[str, Any]] = _agreed(field("instalments"), day, known) or ()
    dues = [one["due_on"] for one in instalments]
    due: str = max(dues) if dues else _agreed(field("due_on"), day, known) or ""
    if not due:
        return ""
    until = years_after(due, LIMITATION_YEARS)
    for restart in sorted(_restarts(field, day, known)):
        if due < restart <= until:
            until = years_after(restart, LIMITATION_YEARS)
    return min(until, years_after(due, LIMITATION_YEARS_MOST))


def _agreed(dated: Dated[Any], day: str, known: int | None) -> Any:
    """What was agreed when the debt arose, though it was registered later."""
    found = dated.at(day, known)
    return dated.at(FOREVER, known) if found is None else found


def _restarts(field: Callable[[str], Dated[Any]], day: str, known: int | None) -> Iterable[str]:
    for name, restarts in (
        ("demand", lambda demand: demand["served"]),
        ("confirmed_debtor", lambda amount: True),
        ("movement", lambda movement: movement["kind"] == "paid"),
    ):
        for one in field(name).assertions:
            if one.value is not None and one.counts(day, known) and restarts(one.value):
                yield one.valid_from


def years_after(day: str, years: int) -> str:
    """The same day some years later; the day before where a year has no 29 February."""
    since = date.fromisoformat(day)
    try:
        return since.replace(year=since.year + years).isoformat()
    except ValueError:
        return since.replace(year=since.year + years, day=28).isoformat()
