"""The register of obligations (债权债务台账) as it stands now: rows by area, side, category and check, and their sums.

One record has two views (D19): `creditor` asks for the claims (债权) of a body, `debtor` for its debts (债务). Sums
stand in two columns, 已核 and 未核, per category and in all; external sources are counted apart.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from typing import Any

from sqlalchemy import ColumnElement, Connection, Engine, func, or_, select

from domain.owing import CATEGORIES
from projections import tables
from projections.area import within
from projections.database import snapshot


@dataclass(frozen=True, slots=True)
class ObligationFilter:
    """Which obligations. None: any. `creditor`, `debtor`: the name of a body; `about`: a project or an asset.

    `limitation_by`: those whose limitation period runs out on that day or before; `owing`: what is not settled.
    """

    area: str | None = None
    category: str | None = None
    creditor: str | None = None
    debtor: str | None = None
    about: str | None = None
    owing: bool | None = None
    confirmed: bool | None = None
    checked: bool | None = None
    external: bool | None = None
    limitation_by: str | None = None
    known_as: str | None = None


@dataclass(frozen=True, slots=True)
class ObligationRow:
    """One obligation; money in fen, null where nobody knows the principal."""

    id: str
    number: str
    name: str
    category: str
    areas: tuple[str, ...]
    area_label: str
    assets: tuple[str, ...]
    projects: tuple[str, ...]
    creditor: Mapping[str, Any] | None
    debtor: Mapping[str, Any] | None
    principal_fen: int | None
    interest_fen: int
    paid_fen: int
    offset_fen: int
    written_off_fen: int
    outstanding_fen: int | None  # derived
    stated_outstanding_fen: int | None
    due_on: str
    limitation_until: str
    confirmed: bool
    external: bool
    checked: bool
    row: Mapping[str, Any] | None
    notes: tuple[str, ...]
    occurred_on: str
    recorded_at: str
    position: int
    last_position: int


@dataclass(frozen=True, slots=True)
class ObligationColumn:
    """One column of a sum: how many, of how many the sum is unknown, the principal and what is outstanding."""

    obligations: int = 0
    unknown: int = 0
    principal_fen: int = 0
    outstanding_fen: int = 0

    def __add__(self, other: "ObligationColumn") -> "ObligationColumn":
        return ObligationColumn(
            self.obligations + other.obligations,
            self.unknown + other.unknown,
            self.principal_fen + other.principal_fen,
            self.outstanding_fen + other.outstanding_fen,
        )


@dataclass(frozen=True, slots=True)
class ObligationSum:
    """A sum in both columns."""

    checked: ObligationColumn = ObligationColumn()
    unchecked: ObligationColumn = ObligationColumn()

    def __add__(self, other: "ObligationSum") -> "ObligationSum":
        return ObligationSum(self.checked + other.checked, self.unchecked + other.unchecked)


@dataclass(frozen=True, slots=True)
class ObligationSums:
    """The ledger's own obligations by category and in all; those of external sources apart."""

    by_category: Mapping[str, ObligationSum]
    all: ObligationSum
    external: ObligationSum


@dataclass(frozen=True, slots=True)
class ObligationRegister:
    """The register as of a position: `next` is the first position not in it."""

    rows: tuple[ObligationRow, ...]
    sums: ObligationSums  # of all that the filter admits, whatever the page
    next: int
    more: str | None  # the cursor of the following page; None at the end


def obligation_register(
    engine: Engine, wanted: ObligationFilter | None = None, after: str | None = None, limit: int = 500
) -> ObligationRegister:
    """One page of the register, in order of recording, with its sums and its position: all from one snapshot."""
    with snapshot(engine) as connection:
        where = _conditions(connection, wanted or ObligationFilter())
        page = select(tables.obligation).where(*where).order_by(tables.obligation.c.position).limit(limit + 1)
        if after is not None:
            page = page.where(tables.obligation.c.position > int(after))
        found = connection.execute(page).mappings().all()
        rows = tuple(_row(row) for row in found[:limit])
        following = int(connection.execute(select(tables.position.c.next)).scalar_one())
        more = str(rows[-1].position) if len(found) > limit else None
        return ObligationRegister(rows, _sums(connection, where), following, more)


def obligation_row(engine: Engine, identity: str) -> ObligationRow | None:
    """The row of one obligation; None when it is not (yet) in the register."""
    with snapshot(engine) as connection:
        query = select(tables.obligation).where(tables.obligation.c.id == identity)
        found = connection.execute(query).mappings().first()
        return None if found is None else _row(found)


def _conditions(connection: Connection, wanted: ObligationFilter) -> list[ColumnElement[bool]]:
    columns = tables.obligation.c
    asked = {
        "category": wanted.category,
        "creditor_name": wanted.creditor,
        "debtor_name": wanted.debtor,
        "confirmed": wanted.confirmed,
        "checked": wanted.checked,
        "external": wanted.external,
    }
    conditions: list[ColumnElement[bool]] = [
        columns[name] == value for name, value in asked.items() if value is not None
    ]
    if wanted.owing is not None:
        # What nobody knows the sum of is not settled.
        owed = func.coalesce(columns.outstanding_fen, 1) > 0
        conditions.append(owed if wanted.owing else ~owed)
    if wanted.limitation_by is not None:
        conditions += [columns.limitation_until != "", columns.limitation_until <= wanted.limitation_by]
    if wanted.area is not None:
        areas = within(connection, [wanted.area])
        lying = select(tables.obligation_area.c.obligation).where(tables.obligation_area.c.area.in_(areas))
        conditions.append(columns.id.in_(lying))
    if wanted.about is not None:
        about = tables.obligation_about.c
        conditions.append(columns.id.in_(select(about.obligation).where(about.subject == wanted.about)))
    if wanted.known_as:
        part = wanted.known_as
        conditions.append(
            or_(columns.number.contains(part, autoescape=True), columns.name.contains(part, autoescape=True))
        )
    return conditions


_LISTS = ("areas", "assets", "projects", "notes")
_VALUES = ("creditor", "debtor", "row")


def _row(row: Mapping[Any, Any]) -> ObligationRow:
    same = {one.name: row[one.name] for one in fields(ObligationRow)}
    parsed = {name: tuple(json.loads(row[name])) for name in _LISTS}
    return ObligationRow(**{**same, **parsed, **{name: json.loads(row[name]) for name in _VALUES}})


def _sums(connection: Connection, where: Sequence[ColumnElement[bool]]) -> ObligationSums:
    columns = tables.obligation.c
    by = (columns.category, columns.external, columns.checked)
    grouped = select(
        *by,
        func.count(),
        func.count() - func.count(columns.outstanding_fen),
        func.coalesce(func.sum(columns.principal_fen), 0),
        func.coalesce(func.sum(columns.outstanding_fen), 0),
    ).where(*where)
    by_category = {name: ObligationSum() for name in CATEGORIES}
    external = ObligationSum()
    for category, outside, checked, *figures in connection.execute(grouped.group_by(*by)):
        # PostgreSQL sums to a decimal: whole all the same.
        column = ObligationColumn(*(int(figure) for figure in figures))
        one = ObligationSum(checked=column) if checked else ObligationSum(unchecked=column)
        if outside:
            external += one
        else:
            by_category[category] += one
    return ObligationSums(by_category, sum(by_category.values(), ObligationSum()), external)
