"""Areas (区域) as rows: names, kinds, where each lies now and what has taken its place: all of it dated (D19)."""

from collections.abc import Callable, Iterable, Iterator

import orjson
from sqlalchemy import Connection, Select, select

from domain.values import kind_of
from projections.entry import Entry
from projections.noun import Noun, Teller
from projections.rows import Rows
from projections.said import Said, compact, plain
from projections.standing_tables import area
from projections.tables import territory_area


def _registered(rows: Rows, entry: Entry) -> None:
    state = entry.state
    rows.add(
        area,
        {
            "id": entry.stream,
            "name": state["name"],
            "kind": state["kind"],
            "parent": state["parent"],
            "successors": "[]",
            "division_code": state["division_code"],
            "said": plain(Said(), entry).dumps(),
            "position": entry.position,
            "last_position": entry.position,
        },
    )


def _aliased(said: Said, entry: Entry) -> Said:
    """One more name beside the others, whatever the days: an alias takes the place of none."""
    known = [alias for one in said.assertions("aliases") for alias in one.value]
    aliases = list(dict.fromkeys([*known, entry.state["alias"]]))
    return said.by(entry, {"aliases": aliases}, since=max([entry.occurred_on, *_days(said)]))


def _days(said: Said) -> Iterator[str]:
    return (one.valid_from for one in said.assertions("aliases"))


TELLERS: dict[str, Teller] = {"area.aliased.v1": _aliased}


def _changed(rows: Rows, entry: Entry) -> None:
    row = rows.get(area, entry.stream)
    assert row is not None, f"area {entry.stream} is changed before it is registered"
    said = TELLERS.get(entry.event, plain)(Said.loads(row["said"]), entry)
    rows.change(
        area,
        entry.stream,
        name=said.at("name"),
        parent=said.at("parent"),
        successors=compact(said.at("successors") or []),
        said=said.dumps(),
        last_position=entry.position,
    )


def is_external(rows: Rows, areas: list[str]) -> bool:
    """Whether one of the areas is an external source (外部来源): registers of other places, counted apart."""
    found = (rows.get(area, one) for one in areas if kind_of(one) == "area")
    return any(row is not None and row["kind"] == "external" for row in found)


def within(connection: Connection, areas: Iterable[str]) -> list[str]:
    """The areas, all that lies in them, and what they have taken the place of as a whole: by the areas of now."""
    return _below(connection, areas, lambda heirs, found: heirs <= found)


def touching(connection: Connection, areas: Iterable[str]) -> list[str]:
    """The areas, all that lies in them, and what one of them has taken the place of, be it with others."""
    return _below(connection, areas, lambda heirs, found: bool(heirs & found))


def _below(
    connection: Connection, areas: Iterable[str], is_theirs: Callable[[frozenset[str], set[str]], bool]
) -> list[str]:
    gone = connection.execute(select(area.c.id, area.c.successors).where(area.c.successors != "[]"))
    heirs = {one: frozenset(orjson.loads(successors)) for one, successors in gone}
    found = below = list(dict.fromkeys(areas))
    while below:
        query = select(area.c.id).where(area.c.parent.in_(below), area.c.successors == "[]")
        taken = (one for one in heirs if is_theirs(heirs[one], {*found}))
        lying = [*connection.execute(query).scalars(), *taken]
        below = [one for one in lying if one not in found]
        found = found + below
    return found


def territories_in(connection: Connection, areas: Iterable[str]) -> Select[tuple[str]]:
    """The territories (territory.py) with a part in one of the areas, or in what lies in them: as a query."""
    return territories_of(within(connection, areas))


def territories_of(areas: Iterable[str]) -> Select[tuple[str]]:
    """The territories with a part in one of these areas themselves."""
    return select(territory_area.c.territory).where(territory_area.c.area.in_(areas))


NOUN = Noun(
    "area",
    area,
    {
        "area.registered.v1": _registered,
        "area.moved.v1": _changed,
        "area.renamed.v1": _changed,
        "area.aliased.v1": _changed,
        "area.succeeded.v1": _changed,
        "area.load_changed.v1": _changed,
    },
    TELLERS,
)
