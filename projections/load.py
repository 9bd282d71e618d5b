"""Load sessions (集中登记场次) as rows, and as they are read: what was stated beside what has been loaded (D9).

A session is one line; what was loaded in it stands in the books of its own noun. Until its closing is proposed the line
counts what is there now; from then on it shows what was counted and signed.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import orjson
from sqlalchemy import ColumnElement, Connection, Engine, Row, Table, func, select

from domain.assertions import FOREVER
from domain.population import PARTS
from domain.values import kind_of
from projections import wording
from projections.area import territories_of, touching
from projections.database import snapshot
from projections.entered import says, says_its_state, told
from projections.entry import Entry
from projections.estate_tables import asset, obligation, project
from projections.noun import Look, Noun, Others, Teller
from projections.rows import Rows
from projections.said import Said, compact
from projections.standing_tables import area, load

Population = Mapping[str, Mapping[str, int]]  # part -> count, total_fen

# Part -> the rows that are counted, the column that is summed, the day of the first entry (domain.population.counted).
_BOOKS: Mapping[str, tuple[Table, ColumnElement[Any], ColumnElement[str]]] = {
    "projects": (project, project.c.stated_fen, project.c.begun_on),
    "assets": (asset, asset.c.original_fen, asset.c.occurred_on),
    "obligations": (obligation, obligation.c.principal_fen, obligation.c.occurred_on),
}
assert _BOOKS.keys() == PARTS.keys()


def _proposed(rows: Rows, entry: Entry) -> None:
    state = entry.state
    rows.add(
        load,
        {
            "id": entry.stream,
            "number": "",
            "name": state["name"],
            "areas": compact(state["areas"]),
            "under": compact({"areas": [], "heirs": []}),
            "area_label": state["area_label"],
            "cut_over_on": state["cut_over_on"],
            "phase": "proposed",
            "proposal": state["proposal"],
            "population": compact(state["population"]),
            "loaded": "{}",
            "difference": "{}",
            "explanation": "",
            "opened_at": None,
            "closing_at": None,
            "said": told(TELLERS, entry),
            "recorded_at": entry.recorded.recorded_at,
            "position": entry.position,
            "last_position": entry.position,
        },
    )


def _opened(rows: Rows, entry: Entry) -> None:
    _change(rows, entry, phase="open", number=str(entry.state["number"]), opened_at=entry.position)


def _closing(rows: Rows, entry: Entry) -> None:
    state = entry.state
    _change(
        rows,
        entry,
        phase="closing",
        proposal=state["proposal"],
        loaded=compact(state["loaded"]),
        explanation=state["explanation"],
        closing_at=entry.position,
    )


def _closed(rows: Rows, entry: Entry) -> None:
    _change(rows, entry, phase="closed", difference=compact(entry.state["difference"]))


def _change(rows: Rows, entry: Entry, **values: Any) -> None:
    row = rows.get(load, entry.stream)
    assert row is not None, f"load session {entry.stream} is changed before it is proposed"
    rows.change(load, entry.stream, said=told(TELLERS, entry, row), last_position=entry.position, **values)


def _marked(rows: Rows, entry: Entry) -> None:
    """An area comes under the session: with all that lies in it, or by itself as an heir (domain.standing.LoadFacts)."""
    row = rows.get(load, entry.state["load"])
    assert row is not None, f"load session {entry.state['load']} is over {entry.stream} before it is proposed"
    under: Mapping[str, list[str]] = orjson.loads(row["under"])
    known = {*under["areas"], *under["heirs"]}
    if entry.stream not in known:
        gone = (rows.get(area, one) for one in known)
        is_heir = any(one is not None and entry.stream in orjson.loads(one["successors"]) for one in gone)
        part = "heirs" if is_heir else "areas"
        under = {**under, part: sorted([*under[part], entry.stream])}
    rows.change(load, row["id"], under=compact(under), last_position=entry.position)


def _waiting(rows: Rows, entry: Entry) -> None:
    """Its proposal is made, or withdrawn: the line stays as it is, what is said of it does not."""
    if kind_of(entry.state["subject"]) == NOUN.kind:
        row = rows.get(load, entry.state["subject"])
        assert row is not None, f"load session {entry.state['subject']} waits before it is proposed"
        said = told(TELLERS, entry, row)
        rows.change(load, row["id"], said=said, last_position=entry.position)


# How long a proposal waits is said of what waits for it.
TELLERS: dict[str, Teller] = {
    "load.proposed.v1": says_its_state(phase="proposed"),
    "load.opened.v1": says_its_state(phase="open"),
    "load.closing_proposed.v1": says_its_state(phase="closing"),
    "load.closed.v1": says_its_state(phase="closed"),
    "proposal.made.v1": says(lambda state: {"waits_until": state["expires_on"]}),
    "proposal.withdrawn.v1": says(lambda _state: {"waits_until": ""}),
}
_WAITING: Mapping[str, tuple[str, str]] = {
    "proposed": ("开立", "不再开立"),
    "closing": ("封账", "仍在登记"),
}


def _remarks(said: Said, _others: Others, look: Look) -> Mapping[str, str]:
    """A session that waits for nobody any more: its proposal has run out (PROP-3) or was withdrawn."""
    what, then = _WAITING.get(look.at(said, "phase"), ("", ""))
    until = look.at(said, "waits_until")
    if not what or until is None or until >= look.today:
        return {}
    return {
        "phase": f"{what}的提议已于 {until} 到期，未获批准，{then}"
        if until
        else f"{what}的提议已撤回，{then}"
    }


NOUN = Noun(
    "load",
    load,
    {
        "load.proposed.v1": _proposed,
        "load.opened.v1": _opened,
        "load.closing_proposed.v1": _closing,
        "load.closed.v1": _closed,
        "area.load_changed.v1": _marked,
        "proposal.made.v1": _waiting,
        "proposal.withdrawn.v1": _waiting,
    },
    TELLERS,
    remarks=_remarks,
)


@dataclass(frozen=True, slots=True)
class Session:
    """One session in one line."""

    id: str
    number: str  # empty until it is open
    name: str
    area_label: str
    cut_over_on: str
    phase: str  # of a closing that nobody signs any more: still open
    phase_title: str
    remark: str  # what the day of the reader adds to it
    stated: Population
    loaded: Population
    difference: Population  # loaded less stated
    signed: bool  # whether `loaded` is what was signed at the closing, or what is there now
    explanation: str


def session(engine: Engine, identity: str, today: str) -> Session | None:
    """One session; None when it is not (yet) in the rows."""
    with snapshot(engine) as connection:
        row = connection.execute(select(load).where(load.c.id == identity)).one_or_none()
        return None if row is None else _session(connection, row, today)


def sessions(engine: Engine, today: str) -> list[Session]:
    """Every session, in the order in which they were proposed. `today` decides whether a proposed closing still waits."""
    with snapshot(engine) as connection:
        found = connection.execute(select(load).order_by(load.c.position)).all()
        return [_session(connection, row, today) for row in found]


def _nobody(_subject: str) -> Said | None:
    """A session is told without a look at any other subject."""


def _session(connection: Connection, row: Row[Any], today: str) -> Session:
    phase = row.phase
    remark = _remarks(Said.loads(row.said), _nobody, Look(FOREVER, None, today)).get("phase", "")
    if phase == "closing" and remark:
        phase = "open"
    signed = phase in ("closing", "closed")
    stated: Population = orjson.loads(row.population)
    loaded: Population = orjson.loads(row.loaded) if signed else dict(_there(connection, row))
    return Session(
        id=row.id,
        number=row.number,
        name=row.name,
        area_label=row.area_label,
        cut_over_on=row.cut_over_on,
        phase=phase,
        phase_title=wording.shown("phase", phase),
        remark=remark,
        stated=stated,
        loaded=loaded,
        difference={
            part: {name: loaded[part][name] - value for name, value in stated[part].items()}
            for part in stated
        },
        signed=signed,
        explanation=row.explanation if signed else "",
    )


def _there(connection: Connection, row: Row[Any]) -> Iterator[tuple[str, Mapping[str, int]]]:
    """What has begun under a session since it was opened, of a day up to its cut-over date: what its closing would count (LOAD-4)."""
    under = orjson.loads(row.under)
    lying = territories_of({*touching(connection, under["areas"]), *under["heirs"]})
    for part, (table, amount, day) in _BOOKS.items():
        query = select(func.count(), func.coalesce(func.sum(amount), 0)).where(
            table.c.territory.in_(lying),
            table.c.position > (row.opened_at or 0),
            day <= row.cut_over_on,
            table.c.duplicate_of == "",
        )
        count, total = connection.execute(query).one()
        yield part, {"count": int(count), "total_fen": int(total)}
