"""The register of assets (资产台账) as it stands now: rows by area, owner type, condition and check, and their sums.

Sums stand in two columns, 已核 and 未核, per owner type and in all; external sources are counted apart. What
is derecognised (已核销) stays in the rows and is carried at what is left of it.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from typing import Any

from sqlalchemy import ColumnElement, Connection, Engine, func, or_, select

from domain.title import OWNER_TYPES
from projections import tables
from projections.area import within
from projections.database import snapshot


@dataclass(frozen=True, slots=True)
class AssetFilter:
    """Which assets. None: any. `known_as` for a part of number or name, `project` for those it formed."""

    area: str | None = None
    owner_type: str | None = None
    condition: str | None = None
    registered: bool | None = None
    checked: bool | None = None
    external: bool | None = None
    project: str | None = None
    known_as: str | None = None


@dataclass(frozen=True, slots=True)
class AssetRow:
    """One asset of the register; money in fen, null where nobody knows the original value."""

    id: str
    number: str
    name: str
    kind: str
    category: str
    areas: tuple[str, ...]
    area_label: str
    location: str
    projects: tuple[str, ...]
    custodian: str
    condition: str
    owner_type: str
    shares: tuple[Mapping[str, Any], ...]
    registered: bool
    certificate: str
    disputed: bool | None
    encumbered: bool | None
    booked_on: str
    original_fen: int | None
    additions_fen: int
    depreciation_fen: int
    disposed_fen: int
    carrying_fen: int | None  # derived
    stated_carrying_fen: int | None
    open_disposal: str
    gone_on: str
    external: bool
    checked: bool
    row: Mapping[str, Any] | None
    notes: tuple[str, ...]
    occurred_on: str
    recorded_at: str
    position: int
    last_position: int


@dataclass(frozen=True, slots=True)
class AssetColumn:
    """One column of a sum: how many assets, of how many the value is unknown, what they cost and are carried at."""

    assets: int = 0
    unknown: int = 0
    original_fen: int = 0
    carrying_fen: int = 0

    def __add__(self, other: "AssetColumn") -> "AssetColumn":
        return AssetColumn(
            self.assets + other.assets,
            self.unknown + other.unknown,
            self.original_fen + other.original_fen,
            self.carrying_fen + other.carrying_fen,
        )


@dataclass(frozen=True, slots=True)
class AssetSum:
    """A sum in both columns."""

    checked: AssetColumn = AssetColumn()
    unchecked: AssetColumn = AssetColumn()

    def __add__(self, other: "AssetSum") -> "AssetSum":
        return AssetSum(self.checked + other.checked, self.unchecked + other.unchecked)


@dataclass(frozen=True, slots=True)
class AssetSums:
    """The ledger's own assets by owner type and in all; those of external sources apart."""

    by_owner_type: Mapping[str, AssetSum]
    all: AssetSum
    external: AssetSum


@dataclass(frozen=True, slots=True)
class AssetRegister:
    """The register as of a position: `next` is the first position not in it."""

    rows: tuple[AssetRow, ...]
    sums: AssetSums  # of all that the filter admits, whatever the page
    next: int
    more: str | None  # the cursor of the following page; None at the end


def asset_register(
    engine: Engine, wanted: AssetFilter | None = None, after: str | None = None, limit: int = 500
) -> AssetRegister:
    """One page of the register, in order of recording, with its sums and its position: all from one snapshot."""
    with snapshot(engine) as connection:
        where = _conditions(connection, wanted or AssetFilter())
        page = select(tables.asset).where(*where).order_by(tables.asset.c.position).limit(limit + 1)
        if after is not None:
            page = page.where(tables.asset.c.position > int(after))
        found = connection.execute(page).mappings().all()
        rows = tuple(_row(row) for row in found[:limit])
        following = int(connection.execute(select(tables.position.c.next)).scalar_one())
        more = str(rows[-1].position) if len(found) > limit else None
        return AssetRegister(rows, _sums(connection, where), following, more)


def asset_row(engine: Engine, identity: str) -> AssetRow | None:
    """The row of one asset; None when it is not (yet) in the register."""
    with snapshot(engine) as connection:
        query = select(tables.asset).where(tables.asset.c.id == identity)
        found = connection.execute(query).mappings().first()
        return None if found is None else _row(found)


def _conditions(connection: Connection, wanted: AssetFilter) -> list[ColumnElement[bool]]:
    columns = tables.asset.c
    same = ("owner_type", "condition", "registered", "checked", "external")
    conditions: list[ColumnElement[bool]] = [
        columns[name] == getattr(wanted, name) for name in same if getattr(wanted, name) is not None
    ]
    if wanted.area is not None:
        areas = within(connection, [wanted.area])
        lying = select(tables.asset_area.c.asset).where(tables.asset_area.c.area.in_(areas))
        conditions.append(columns.id.in_(lying))
    if wanted.project is not None:
        formed = select(tables.asset_project.c.asset).where(tables.asset_project.c.project == wanted.project)
        conditions.append(columns.id.in_(formed))
    if wanted.known_as:
        part = wanted.known_as
        conditions.append(
            or_(columns.number.contains(part, autoescape=True), columns.name.contains(part, autoescape=True))
        )
    return conditions


_LISTS = ("areas", "projects", "shares", "notes")


def _row(row: Mapping[Any, Any]) -> AssetRow:
    same = {one.name: row[one.name] for one in fields(AssetRow)}
    parsed = {name: tuple(json.loads(row[name])) for name in _LISTS}
    return AssetRow(**{**same, **parsed, "row": json.loads(row["row"])})


def _sums(connection: Connection, where: Sequence[ColumnElement[bool]]) -> AssetSums:
    columns = tables.asset.c
    by = (columns.owner_type, columns.external, columns.checked)
    grouped = select(
        *by,
        func.count(),
        func.count() - func.count(columns.carrying_fen),
        func.coalesce(func.sum(columns.original_fen), 0),
        func.coalesce(func.sum(columns.carrying_fen), 0),
    ).where(*where)
    by_owner_type = {name: AssetSum() for name in OWNER_TYPES}
    external = AssetSum()
    for owner_type, outside, checked, *figures in connection.execute(grouped.group_by(*by)):
        # PostgreSQL sums to a decimal: whole all the same.
        column = AssetColumn(*(int(figure) for figure in figures))
        one = AssetSum(checked=column) if checked else AssetSum(unchecked=column)
        if outside:
            external += one
        else:
            by_owner_type[owner_type] += one
    return AssetSums(by_owner_type, sum(by_owner_type.values(), AssetSum()), external)
