"""Areas (区域) as rows: names, kinds, and where each lies now. Parents are dated: villages are moved."""

from collections.abc import Iterable

from sqlalchemy import Connection, select

from domain.values import kind_of
from projections.entry import Entry
from projections.noun import Noun
from projections.rows import Rows
from projections.said import Said, plain
from projections.tables import area


def _registered(rows: Rows, entry: Entry) -> None:
    state = entry.state
    rows.add(
        area,
        {
            "id": entry.stream,
            "name": state["name"],
            "kind": state["kind"],
            "parent": state["parent"],
            "division_code": state["division_code"],
            "said": plain(Said(), entry).dumps(),
            "position": entry.position,
            "last_position": entry.position,
        },
    )


def _moved(rows: Rows, entry: Entry) -> None:
    row = rows.get(area, entry.stream)
    assert row is not None, f"area {entry.stream} is moved before it is registered"
    said = plain(Said.loads(row["said"]), entry)
    rows.change(area, entry.stream, parent=said.at("parent"), said=said.dumps(), last_position=entry.position)


def is_external(rows: Rows, areas: list[str]) -> bool:
    """Whether one of the areas is an external source (外部来源): registers of other places, counted apart."""
    found = (rows.get(area, one) for one in areas if kind_of(one) == "area")
    return any(row is not None and row["kind"] == "external" for row in found)


def within(connection: Connection, areas: Iterable[str]) -> list[str]:
    """The areas and all that lies in them, by the parents of now."""
    found = below = list(dict.fromkeys(areas))
    while below:
        query = select(area.c.id).where(area.c.parent.in_(below))
        below = [one for one in connection.execute(query).scalars() if one not in found]
        found = found + below
    return found


NOUN = Noun("area", area, {"area.registered.v1": _registered, "area.moved.v1": _moved})
