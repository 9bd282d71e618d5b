"""Obligations (债权债务) as rows: one row with two sides, its sums and its limitation period (D19, D20)."""

from collections.abc import Iterator

from sqlalchemy import Table

from domain.assertions import FOREVER
from domain.limitation import limitation, limitation_until
from domain.obligation_card import (
    confirmed_says,
    demanded_says,
    registered_says,
    repaid_says,
    sums,
)
from domain.owing import CATEGORIES
from projections.area import is_external
from projections.entered import Checks, EnteredRows, says, says_corrected, says_nothing
from projections.estate_tables import obligation, obligation_about
from projections.noun import Look, Noun, Others, Teller
from projections.rows import Row, Rows
from projections.said import Said, compact

_TEXT = ("number", "name", "category", "area_label")


# --- what an event says of the obligation -------------------------------------------------------------


TELLERS: dict[str, Teller] = {
    "obligation.registered.v1": says(registered_says),
    "obligation.confirmed.v1": says(confirmed_says),
    "obligation.demanded.v1": says(demanded_says),
    "obligation.repaid.v1": says(repaid_says),
    "obligation.endorsed.v1": says_nothing,
    "obligation.correction_proposed.v1": says_nothing,
    "obligation.corrected.v1": says_corrected,
}


def money(said: Said, day: str = FOREVER, known: int | None = None) -> Row:
    """The sums and what is outstanding on a day, in fen, by the domain's own sum."""
    stood = sums(said.dated, said.sayings[0].valid_from, day, known)
    return {
        "principal_fen": stood.principal_fen,
        "interest_fen": stood.interest_fen,
        "paid_fen": stood.paid_fen,
        "offset_fen": stood.offset_fen,
        "written_off_fen": stood.written_off_fen,
        "outstanding_fen": stood.outstanding_fen,
    }


def limited(said: Said, day: str, known: int | None) -> str:
    """Until when what is still owed may be brought to court, as a lead (诉讼时效); "" when nothing is owed any more."""
    if money(said, day, known)["outstanding_fen"] == 0:
        return ""
    return str(limitation(said.dated, day, known) or "到期日未载明，诉讼时效不推算")


def _remarks(said: Said, _others: Others, look: Look) -> Row:
    """It stands beside the day from which it is counted."""
    lead = limited(said, look.day, look.known)
    return {"instalments" if look.at(said, "instalments") else "due_on": lead} if lead else {}


# --- the rows ----------------------------------------------------------------------------------------


def _columns(rows: Rows, said: Said) -> Row:
    """The columns that follow from what has been said."""
    now = said.now()
    figures = money(said)
    dues = [one["due_on"] for one in now.get("instalments") or ()]
    row: Row = {name: now.get(name) or "" for name in _TEXT}
    for side in ("creditor", "debtor"):
        party = now.get(side)
        row[side] = compact(party)
        row[f"{side}_kind"] = "" if party is None else party["kind"]
        row[f"{side}_name"] = "" if party is None else party["name"]
    return {
        **row,
        **{name: compact(now.get(name) or []) for name in ("areas", "assets", "projects")},
        "stated_outstanding_fen": now.get("outstanding_fen"),
        **figures,
        "open": figures["outstanding_fen"] is None or figures["outstanding_fen"] > 0,
        "due_on": max(dues) if dues else now.get("due_on") or "",
        "limitation_until": limitation_until(said.dated, FOREVER),
        "confirmed": all(now.get(f"confirmed_{side}") is not None for side in ("creditor", "debtor")),
        "external": is_external(rows, now.get("areas") or []),
        "said": said.dumps(),
    }


def _lines(identity: str, said: Said) -> Iterator[tuple[Table, list[Row]]]:
    now = said.now()
    about = dict.fromkeys([*(now.get("projects") or ()), *(now.get("assets") or ())])
    yield obligation_about, [{"obligation": identity, "subject": one} for one in about]


_CHECKS = Checks(obligation)
_ROWS = EnteredRows(_CHECKS, TELLERS, _columns, _lines)
NOUN = Noun(
    "obligation",
    obligation,
    {
        "obligation.registered.v1": _ROWS.begin,
        "obligation.confirmed.v1": _ROWS.enter,
        "obligation.demanded.v1": _ROWS.enter,
        "obligation.repaid.v1": _ROWS.enter,
        "obligation.endorsed.v1": _CHECKS.endorse,
        "obligation.correction_proposed.v1": _CHECKS.touch,
        "obligation.corrected.v1": _ROWS.correct,
        "batch.endorsed.v1": _CHECKS.check_batch,
    },
    TELLERS,
    about=obligation_about,
    groups=CATEGORIES,
    sums=money,
    remarks=_remarks,
    leads=("batch", "proposal"),
)
