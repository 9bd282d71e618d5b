"""What the routes ask of the rows besides pages: where a subject lies now, and how the projects are counted."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import Connection, Engine, func, select

from api.http.nouns import Noun
from projections import tables
from projections.database import snapshot


def places_of(engine: Engine, noun: Noun, subject: str) -> list[str]:
    """The areas that a subject lies in now, as far as the rows know."""
    with engine.connect() as connection:
        places = noun.places.c
        query = select(places.area).where(places[noun.kind] == subject)
        return list(connection.execute(query).scalars())


def _size(connection: Connection) -> int:
    return int(connection.execute(select(tables.position.c.next)).scalar_one())


# --- sums ----------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Tally:
    """How many projects of a class, and the sum of their fund lines."""

    class_: str
    external: bool
    checked: bool
    projects: int
    total_fen: int


def tallies(engine: Engine, areas: frozenset[str] | None) -> tuple[Sequence[Tally], int]:
    """The projects of some areas, counted by class and check; and the size of the log that the rows had."""
    columns = tables.project.c
    grouped = (columns["class"], columns.external, columns.checked)
    query = select(*grouped, func.count(), func.coalesce(func.sum(columns.total_fen), 0)).group_by(*grouped)
    if areas is not None:
        inside = select(tables.project_area.c.project).where(tables.project_area.c.area.in_(sorted(areas)))
        query = query.where(columns.id.in_(inside))
    with snapshot(engine) as connection:
        found = [
            Tally(class_, bool(outside), bool(checked), int(number), int(total))
            for class_, outside, checked, number, total in connection.execute(query)
        ]
        return found, _size(connection)
