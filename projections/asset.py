"""Assets (资产) as rows: what each event says of an asset, and the money that follows (D20)."""

from collections.abc import Iterator

from sqlalchemy import Table

from domain.assertions import FOREVER
from domain.asset_card import booked_says, figures, gone_says, opened_says, reported_says, title_says
from domain.title import OWNER_TYPES
from projections.area import is_external
from projections.disposal import lapsed_on
from projections.entered import Checks, EnteredRows, says, says_corrected, says_nothing
from projections.estate_tables import asset, asset_project
from projections.noun import Look, Noun, Others, Teller
from projections.rows import Row, Rows
from projections.said import Said, compact

_TEXT = (
    "number",
    "name",
    "kind",
    "category",
    "area_label",
    "location",
    "custodian",
    "condition",
    "certificate",
    "booked_on",
    "open_disposal",
    "gone_on",
)


# --- what an event says of the asset -----------------------------------------------------------------


TELLERS: dict[str, Teller] = {
    "asset.opened.v1": says(opened_says),
    "asset.booked.v1": says(booked_says),
    "asset.shares_set.v1": says(lambda state: {name: state[name] for name in ("owner_type", "shares")}),
    "asset.condition_reported.v1": says(reported_says),
    "asset.ownership_proposed.v1": says_nothing,
    "asset.ownership_registered.v1": says(title_says),
    "asset.endorsed.v1": says_nothing,
    "asset.correction_proposed.v1": says_nothing,
    "asset.corrected.v1": says_corrected,
    "asset.disposal_proposed.v1": says(lambda state: {"open_disposal": state["disposal"]}),
    "asset.disposal_cleared.v1": says(lambda _state: {"open_disposal": ""}),
    "asset.derecognised.v1": says(lambda state: {**gone_says(state), "open_disposal": ""}),
}


def money(said: Said, day: str = FOREVER, known: int | None = None) -> Row:
    """The figures and the carrying amount on a day, in fen, by the domain's own sum."""
    stood = figures(said.dated, said.sayings[0].valid_from, day, known)
    return {
        "original_fen": stood.original_fen,
        "additions_fen": stood.additions_fen,
        "depreciation_fen": stood.depreciation_fen,
        "disposed_fen": stood.disposed_fen,
        "carrying_fen": stood.carrying_fen,
    }


def _remarks(said: Said, others: Others, look: Look) -> Row:
    """An asset whose disposal waited too long is free for another (DISP-25)."""
    within = look.at(said, "open_disposal")
    disposal = others(within) if within else None
    until = "" if disposal is None else lapsed_on(disposal, look)
    return {"open_disposal": f"该处置的提议已于 {until} 到期，可另行提出处置"} if until else {}


# --- the rows ----------------------------------------------------------------------------------------


def _columns(rows: Rows, said: Said) -> Row:
    """The columns that follow from what has been said."""
    now = said.now()
    areas = now.get("areas") or []
    return {
        **{name: now.get(name) or "" for name in _TEXT},
        "owner_type": now.get("owner_type") or "undetermined",
        "registered": now.get("registered") is True,
        "disputed": now.get("disputed"),
        "encumbered": now.get("encumbered"),
        **{name: compact(now.get(name) or []) for name in ("areas", "projects", "shares")},
        "stated_carrying_fen": now.get("carrying_fen"),
        **money(said),
        "open": not now.get("gone_on"),
        "external": is_external(rows, areas),
        "said": said.dumps(),
    }


def _lines(identity: str, said: Said) -> Iterator[tuple[Table, list[Row]]]:
    now = said.now()
    linked = dict.fromkeys(now.get("projects") or ())
    yield asset_project, [{"asset": identity, "project": one} for one in linked]


_CHECKS = Checks(asset)
_ROWS = EnteredRows(_CHECKS, TELLERS, _columns, _lines)
NOUN = Noun(
    "asset",
    asset,
    {
        "asset.opened.v1": _ROWS.begin,
        "asset.booked.v1": _ROWS.enter,
        "asset.shares_set.v1": _ROWS.enter,
        "asset.condition_reported.v1": _ROWS.enter,
        "asset.ownership_proposed.v1": _CHECKS.touch,
        "asset.ownership_registered.v1": _ROWS.enter,
        "asset.endorsed.v1": _CHECKS.endorse,
        "asset.correction_proposed.v1": _CHECKS.touch,
        "asset.corrected.v1": _ROWS.correct,
        "asset.disposal_proposed.v1": _ROWS.say,
        "asset.disposal_cleared.v1": _ROWS.say,
        "asset.derecognised.v1": _ROWS.say,
        "batch.endorsed.v1": _CHECKS.check_batch,
    },
    TELLERS,
    about=asset_project,
    groups=OWNER_TYPES,
    sums=money,
    remarks=_remarks,
    leads=("batch", "proposal", "disposal"),
)
