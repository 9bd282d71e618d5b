"""Disposals (处置) as rows: how far each has come, by whose decision, for how much, and what was not met on the way."""

import json
from typing import Any

from sqlalchemy import Engine, select

from domain.assertions import FOREVER
from domain.paths import PATHS, STEPS
from projections.area import territories_in
from projections.database import snapshot
from projections.disposal_tables import disposal, disposal_asset
from projections.entered import Checks, Corrections, says_its_state, says_nothing, told
from projections.entry import Entry
from projections.noun import Look, Noun, Others, Teller
from projections.rows import Row, Rows
from projections.said import Said, compact

# Event -> the step that it takes, and what the row keeps of it.
_STEPS: dict[str, tuple[str, tuple[str, ...]]] = {
    "disposal.decided.v1": ("decide", ("meeting", "resolution", "document", "fixed_fen", "assurance")),
    "disposal.approved.v1": ("approve", ("level", "approval", "notice", "appraised_fen")),
    "disposal.settled.v1": (
        "settle",
        ("account", "deal_fen", "received_fen", "allocated_fen", "retained_fen"),
    ),
    "disposal.derecognised.v1": ("derecognise", ("voucher",)),
}
_PROPOSED = (
    "number",
    "name",
    "method",
    "owner_type",
    "ground",
    "project",
    "reason",
    "months",
    "expires_on",
    "expected_fen",
    "land_house_vehicle",
)
_LATER: Row = {
    "meeting": "",
    "resolution": None,
    "document": "",
    "fixed_fen": None,
    "assurance": "",
    "level": "",
    "approval": "",
    "notice": "",
    "appraised_fen": None,
    "account": "",
    "deal_fen": None,
    "received_fen": None,
    "allocated_fen": None,
    "retained_fen": None,
    "counterparty": "null",
    "voucher": "",
    "handled": "",
    "ending": "",
    "open": True,
}
_CHECKS = Checks(disposal)


def _propose(rows: Rows, entry: Entry) -> None:
    state = entry.state
    row = {
        **{name: state[name] for name in _PROPOSED},
        **_LATER,
        "areas": compact(state["areas"]),
        "assets": compact(state["assets"]),
        "said": told(TELLERS, entry),
        "occurred_on": entry.occurred_on,
        **_done({"done": "{}", "notes": "[]"}, "propose", entry),
    }
    _CHECKS.add(rows, entry, row)
    assets = [{"disposal": entry.stream, "asset": one} for one in state["assets"]]
    rows.replace(disposal_asset, entry.stream, assets, new=True)


def _done(row: Row, step: str, entry: Entry) -> Row:
    """The steps taken so far, each with its day, position and nature; the furthest; every note on the way."""
    done: dict[str, Any] = json.loads(row["done"])
    done[step] = [entry.occurred_on, entry.position, entry.state["nature"]]
    notes = dict.fromkeys([*json.loads(row["notes"]), *entry.state["notes"]])
    return {
        "done": compact(done),
        "stage": [one for one in STEPS if one in done][-1],
        "has_facts": any(nature != "act" for _, _, nature in done.values()),
        "notes": compact(list(notes)),
    }


def _step(rows: Rows, entry: Entry) -> None:
    row = _CHECKS.row(rows, entry)
    step, kept = _STEPS[entry.event]
    values = {name: entry.state[name] for name in kept}
    if step == "settle":
        values["counterparty"] = compact(entry.state["counterparty"])
    if entry.state["nature"] != "act":
        values["handled"] = ""  # whoever handled the earlier facts knew nothing of this one
    rows.change(disposal, entry.stream, **values, **_done(row, step, entry))
    _end(rows, entry, row)
    _CHECKS.enter(rows, entry)


def _handle(rows: Rows, entry: Entry) -> None:
    row = _CHECKS.row(rows, entry)
    rows.change(disposal, entry.stream, handled=entry.state["outcome"])
    _end(rows, entry, row)


def _end(rows: Rows, entry: Entry, row: Row) -> None:
    """How it has ended, if it has: a lease with its settlement, anything else with its derecognition."""
    ending = ""
    if row["stage"] == "derecognise":
        ending = "derecognised"
    elif row["handled"] == "rectify":
        ending = "rectify"
    elif row["method"] == "lease" and row["stage"] == "settle" and (row["handled"] or _is_act(row, "settle")):
        ending = "settled"
    _say(rows, entry, ending)


def _say(rows: Rows, entry: Entry, ending: str) -> None:
    """Say what the entry says, and how the disposal stands after it."""
    said = told(TELLERS, entry, _CHECKS.row(rows, entry))
    values = {"ending": ending, "open": not ending, "said": said}
    rows.change(disposal, entry.stream, **values, last_position=entry.position)


def _is_act(row: Row, step: str) -> bool:
    nature: str = json.loads(row["done"])[step][2]
    return nature == "act"


def _withdraw(rows: Rows, entry: Entry) -> None:
    _say(rows, entry, "withdrawn")


def _reject(rows: Rows, entry: Entry) -> None:
    _say(rows, entry, "rejected")


def _corrected(rows: Rows, entry: Entry, _said: Said) -> None:
    if not _CHECKS.row(rows, entry)["ending"]:
        rows.change(disposal, entry.stream, handled="")  # whoever handled it knew nothing of this one


# --- its term ------------------------------------------------------------------------------------------


def lapsed_on(said: Said, look: Look) -> str:
    """The term of the proposal, if it ran out before the decision and the approval were signed (DISP-25); else ""."""
    until: str = look.at(said, "expires_on") or ""
    if not "" < until < look.today:
        return ""
    ended = look.at(said, "progress") in _ENDED or look.at(said, "outcome") == "rectify"
    settled = look.at(said, "account") is not None
    before = PATHS[look.at(said, "owner_type")].before("settle")
    signed = all(look.at(said, f"{one}_nature") == "act" for one in _SIGNED if one in before)
    return "" if ended or settled or signed else until


def lapsed_in(engine: Engine, areas: frozenset[str] | None, today: str) -> int:
    """How many disposals of some areas (None: anywhere) are open, and have waited too long by a day (ISO)."""
    c, look = disposal.c, Look(FOREVER, None, today)
    with snapshot(engine) as connection:
        query = select(c.said).where(c.open, c.expires_on > "", c.expires_on < today)
        if areas is not None:
            query = query.where(c.territory.in_(territories_in(connection, sorted(areas))))
        found = connection.execute(query).scalars()
        return sum(1 for said in found if lapsed_on(Said.loads(said), look))


_ENDED = ("withdrawn", "rejected", "derecognise")
_SIGNED = ("decide", "approve")


def _remarks(said: Said, _others: Others, look: Look) -> Row:
    until = lapsed_on(said, look)
    return {"progress": f"提议已于 {until} 到期，不再办理"} if until else {}


# --- what its events say -------------------------------------------------------------------------------


def _says_step(step: str) -> Teller:
    """A step says its state, how far it brings the disposal and, of a step that is waited for, whether it is an act."""
    if step not in _SIGNED:
        return says_its_state(progress=step)

    def teller(said: Said, entry: Entry) -> Said:
        nature = {f"{step}_nature": entry.state["nature"]}
        return says_its_state(progress=step, **nature)(said, entry)

    return teller


_CORRECTIONS = Corrections(disposal, ("counterparty",), _corrected)
# Why it was handled, withdrawn or rejected is not why it was proposed (原因).
TELLERS: dict[str, Teller] = {
    "disposal.proposed.v1": says_its_state(progress="propose"),
    **{event: _says_step(step) for event, (step, _) in _STEPS.items()},
    "disposal.handled.v1": says_its_state("reason", progress="handled"),
    "disposal.withdrawn.v1": says_its_state("reason", progress="withdrawn"),
    "disposal.rejected.v1": says_its_state("reason", progress="rejected"),
    "disposal.endorsed.v1": says_nothing,
    **_CORRECTIONS.tellers(),
}

NOUN = Noun(
    "disposal",
    disposal,
    {
        "disposal.proposed.v1": _propose,
        **dict.fromkeys(_STEPS, _step),
        "disposal.handled.v1": _handle,
        "disposal.withdrawn.v1": _withdraw,
        "disposal.rejected.v1": _reject,
        "disposal.endorsed.v1": _CHECKS.endorse,
        **_CORRECTIONS.handlers(),
        "batch.endorsed.v1": _CHECKS.check_batch,
    },
    TELLERS,
    about=disposal_asset,
    groups=STEPS,
    remarks=_remarks,
    leads=("batch", "document", "meeting", "notice"),
)
