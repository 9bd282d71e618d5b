"""Lists of any noun, as they stand or as they stood: what has been said of each subject, chosen by two clocks (D7).

Which subjects a reader sees is decided by the areas of now; what is shown of them by the clocks that were asked for.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Connection, Engine, Select, exists, func, or_, select

from api.http.nouns import Noun
from domain.assertions import chosen
from projections import tables
from projections.database import snapshot
from projections.project import derived_total
from projections.said import FOREVER, Said

_CHUNK = 60
_FEW = 1_000


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which subjects, and when. `areas` None: anywhere. `known` None: with all that is in the rows."""

    areas: frozenset[str] | None = None
    as_of: str | None = None
    known: int | None = None
    class_: str | None = None
    checked: bool | None = None
    external: bool | None = None  # of another place: by the areas of now
    known_as: str = ""  # part of a number or name

    @property
    def is_now(self) -> bool:
        return self.as_of is None and self.known is None


@dataclass(frozen=True, slots=True)
class Listed:
    """A page, and the size of the log that the rows had when it was taken."""

    items: list[dict[str, Any]]
    last: int | None  # the position of the last item, when there is more
    size: int


def listed(engine: Engine, noun: Noun, wanted: Wanted, after: int, limit: int) -> Listed:
    """Subjects in the order of their first entry. Raises LookupError for a filter that the noun does not have."""
    for name, asked in (
        ("class", wanted.class_),
        ("checked", wanted.checked),
        ("external", wanted.external),
    ):
        if asked is not None and name not in noun.table.c:
            raise LookupError(name)
    with snapshot(engine) as connection:
        found: list[dict[str, Any]] = []
        for row in _rows(connection, noun, wanted, after):
            item = _item(connection, row, wanted)
            if not _is_wanted(item, wanted):
                continue
            if len(found) == limit:
                return Listed(found, found[-1]["position"], _size(connection))
            found.append(item)
        return Listed(found, None, _size(connection))


def places_of(engine: Engine, noun: Noun, subject: str) -> list[str]:
    """The areas that a subject lies in now, as far as the rows know."""
    with engine.connect() as connection:
        query = select(noun.places.c.area).where(noun.place_of == subject)
        return list(connection.execute(query).scalars())


def _size(connection: Connection) -> int:
    return int(connection.execute(select(tables.position.c.next)).scalar_one())


def _rows(connection: Connection, noun: Noun, wanted: Wanted, after: int) -> Iterator[Mapping[Any, Any]]:
    columns = noun.table.c
    query: Select[Any] = select(noun.table).order_by(columns.position).limit(_CHUNK)
    if wanted.areas is not None:
        query = query.where(_inside(connection, noun, wanted.areas))
    if wanted.known is not None:
        query = query.where(columns.position <= wanted.known)
    if wanted.external is not None:
        query = query.where(columns.external.is_(wanted.external))
    if wanted.is_now:
        if wanted.class_ is not None:
            query = query.where(columns["class"] == wanted.class_)
        if wanted.checked is not None:
            query = query.where(columns.checked.is_(wanted.checked))
        if wanted.known_as:
            named = [columns[name] for name in ("number", "name") if name in columns]
            parts = [one.contains(wanted.known_as, autoescape=True) for one in named]
            query = query.where(or_(*parts))
    while True:
        chunk = connection.execute(query.where(columns.position > after)).mappings().all()
        yield from chunk
        if len(chunk) < _CHUNK:
            return
        after = chunk[-1]["position"]


def _inside(connection: Connection, noun: Noun, areas: frozenset[str]) -> ColumnElement[bool]:
    """Whether a subject lies in one of the areas, asked in the way that is quick: few subjects are looked up one by one, of
    many the first page is found by going along."""
    there = noun.places.c.area.in_(sorted(areas))
    lying = select(noun.place_of).where(there)
    if len(connection.execute(lying.limit(_FEW)).all()) < _FEW:
        return noun.table.c.id.in_(lying)
    return exists().where(noun.place_of == noun.table.c.id, there)


def _item(connection: Connection, row: Mapping[Any, Any], wanted: Wanted) -> dict[str, Any]:
    said = Said.loads(row["said"])
    day = wanted.as_of or FOREVER
    fields = {}
    for name in said.names():
        one = chosen(said.assertions(name), day, wanted.known)
        if one is not None:
            fields[name] = one.value
    item: dict[str, Any] = {
        "id": row["id"],
        "position": row["position"],
        "last_position": row["last_position"] if wanted.is_now else None,
        "checked": row["checked"] and _was_checked(connection, row, wanted.known)
        if "checked" in row
        else None,
        "fields": fields,
        "sums": {},
    }
    if "fund_lines" in fields:
        total, stated = derived_total(fields["fund_lines"]), fields.get("total_fen")
        item["sums"] = {
            "total_fen": total,
            "stated_fen": stated,
            "difference_fen": None if stated is None else stated - total,
        }
    return item


def _was_checked(connection: Connection, row: Mapping[Any, Any], known: int | None) -> bool:
    """Whether what is 已核 now was so by a position. Nothing that has been checked is unchecked again (PROJ-8)."""
    if known is None:
        return True
    at = row.get("endorsed_at")
    if at is None and row.get("batch"):
        query = select(tables.batch.c.endorsed_at).where(tables.batch.c.id == row["batch"])
        at = connection.execute(query).scalar()
    return at is None or at <= known


def _is_wanted(item: Mapping[str, Any], wanted: Wanted) -> bool:
    """Of the past, what the database cannot choose."""
    fields = item["fields"]
    if wanted.is_now:
        return True
    if not fields:
        return False  # nothing was said of it yet
    if wanted.class_ is not None and (fields.get("class") or "") != wanted.class_:
        return False
    if wanted.checked is not None and item.get("checked") is not wanted.checked:
        return False
    return not wanted.known_as or any(
        wanted.known_as in str(fields.get(name) or "") for name in ("number", "name")
    )


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
