"""What is exported: what holds now, as a workbook in the schema by which it is imported."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, select

from api.ceremony import NotDone
from api.compose import china_today
from api.desk import Desk
from api.exchange.csv_out import exported_csv
from api.exchange.nouns import NOUNS
from api.exchange.template import exported
from api.exchange.text import folded
from api.held import Names, held_of
from api.places import areas_like
from projections import tables
from projections.area import territories_in, within
from projections.database import snapshot
from projections.follow import catch_up
from projections.labels import class_label
from projections.nouns import NOUNS as PROJECTED


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which rows; "" or None: any.

    `area` with all that lies in it; `class_` of a project, and of what belongs to one; `body`: a part of the name of who
    runs, owns, keeps, owes or is owed; `seen`: the areas of whoever asks, who is told of nothing elsewhere.
    """

    area: str = ""
    class_: str | None = None
    body: str = ""
    seen: frozenset[str] | None = None


def export_register(
    desk: Desk, noun: str, wanted: Wanted | None = None, *, csv: bool = False
) -> tuple[bytes, int]:
    """The file and how many rows it has. Raises NotDone for an area that is not registered."""
    known, wanted, names = NOUNS[noun], wanted or Wanted(), Names(desk)
    rows = []
    for identity in _ids(desk, noun, wanted):
        held = held_of(desk, identity)
        assert held is not None
        found = names.of(held)
        if not wanted.body or any(folded(wanted.body) in folded(name) for name in _bodies(found)):
            rows.append(known.cells(found, identity))
    title = f"{known.schema.title}（{_told(wanted)}，{china_today()} 导出）"
    written = exported_csv if csv else exported
    return written(known.schema, title, rows), len(rows)


def _told(wanted: Wanted) -> str:
    """Of which rows there are: nobody shall take a part for the whole."""
    parts = [area] if (area := wanted.area.removeprefix("area:")) else []
    if wanted.seen is not None:
        parts.append("限本岗位可见的" if area else "本岗位可见的")
    if wanted.class_ is not None:
        parts.append(f"限{class_label(wanted.class_)}的")
    if wanted.body:
        named = "".join(one for one in wanted.body if one.isprintable())
        parts.append(f"限名称含“{named}”的单位的")
    return "，".join(parts) or "全部"


def _bodies(held: Mapping[str, Any]) -> Iterator[str]:
    yield from (str(held.get(key) or "") for key in ("operator", "custodian_name"))
    yield from (share["owner"]["name"] for share in held.get("shares") or ())
    yield from (side["name"] for key in ("creditor", "debtor") if (side := held.get(key)))


def _ids(desk: Desk, noun: str, wanted: Wanted) -> list[str]:
    """Every subject of a noun that is wanted, in the order in which they were entered."""
    table = PROJECTED[noun].table
    query = select(table.c.id).order_by(table.c.position, table.c.id)
    catch_up(desk.reader, desk.projections)
    with snapshot(desk.projections) as connection:
        if (areas := _areas(connection, desk, wanted)) is not None:
            query = query.where(table.c.territory.in_(territories_in(connection, areas)))
        if wanted.class_ is not None:
            projects = select(tables.project.c.id).where(tables.project.c["class"] == wanted.class_)
            of_class = {
                "project": projects,
                "asset": select(tables.asset_project.c.asset).where(
                    tables.asset_project.c.project.in_(projects)
                ),
                "obligation": select(tables.obligation_about.c.obligation).where(
                    tables.obligation_about.c.subject.in_(projects)
                ),
            }
            query = query.where(table.c.id.in_(of_class[noun]))
        return list(connection.execute(query).scalars())


def _areas(connection: Connection, desk: Desk, wanted: Wanted) -> list[str] | None:
    """Those asked for, as far as whoever asks may look at them: what lies in two is in the list of both. None: all."""
    seen = None if wanted.seen is None else sorted(wanted.seen)
    if not wanted.area:
        return seen
    asked = [_area(desk, wanted.area)]
    if seen is None:
        return asked
    return sorted({*within(connection, asked)} & {*within(connection, seen)})


def _area(desk: Desk, wanted: str) -> str:
    """The area of that name, be it an old one: what lay there then, not all that its successors have."""
    found = desk.ledger.directory.area_called(wanted.removeprefix("area:"))
    if found is None:
        near = "、".join(areas_like(desk.ledger.directory, wanted.removeprefix("area:")))
        raise NotDone(f"没有登记区域“{wanted}”{near and f'；名称相近的区域：{near}'}")
    return found.id
