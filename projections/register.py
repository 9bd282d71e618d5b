"""The register of projects (项目台账) as it stands now: rows by area, class and check, and their sums.

Sums stand in two columns, 已核 and 未核, per class and in all; external sources (外部来源) are counted apart
and never in the ledger's own sums (D9, D22). An area includes whatever lies in it now.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Connection, Engine, Select, func, or_, select

from domain.classification import CLASSES
from projections import tables
from projections.area import within
from projections.database import snapshot


@dataclass(frozen=True, slots=True)
class Filter:
    """Which projects. None: any. `class_` "" asks for those without a class; `known_as` for a part of number or name."""

    area: str | None = None
    class_: str | None = None
    checked: bool | None = None
    external: bool | None = None
    known_as: str | None = None


@dataclass(frozen=True, slots=True)
class FundLine:
    """One source of funds (资金来源)."""

    source: str
    document: str
    year: int | None
    amount_fen: int


@dataclass(frozen=True, slots=True)
class Row:
    """One project of the register."""

    id: str
    number: str
    name: str
    areas: tuple[str, ...]
    area_label: str
    build_year: int | None
    operator: str
    place: str
    scale: str
    category: str
    content: str
    department: str
    total_fen: int  # Σ fund lines
    stated_fen: int | None
    fund_lines: tuple[FundLine, ...]
    class_: str
    class_stage: str
    opined_class: str
    opined_stage: str
    external: bool
    checked: bool
    batch: str
    row: Mapping[str, Any] | None
    notes: tuple[str, ...]
    occurred_on: str
    recorded_at: str
    position: int
    last_position: int


@dataclass(frozen=True, slots=True)
class Column:
    """One column of a sum: how many projects, the sum of their fund lines, and of the totals stated."""

    projects: int = 0
    total_fen: int = 0
    stated_fen: int = 0

    def __add__(self, other: "Column") -> "Column":
        return Column(
            self.projects + other.projects,
            self.total_fen + other.total_fen,
            self.stated_fen + other.stated_fen,
        )


@dataclass(frozen=True, slots=True)
class Sum:
    """A sum in both columns."""

    checked: Column = Column()
    unchecked: Column = Column()

    def __add__(self, other: "Sum") -> "Sum":
        return Sum(self.checked + other.checked, self.unchecked + other.unchecked)


@dataclass(frozen=True, slots=True)
class Sums:
    """The ledger's own projects by class ("" 未认定) and in all; those of external sources apart."""

    by_class: Mapping[str, Sum]
    all: Sum
    external: Sum


@dataclass(frozen=True, slots=True)
class Register:
    """The register as of a position: `next` is the first position not in it."""

    rows: tuple[Row, ...]
    sums: Sums  # of all that the filter admits, whatever the page
    next: int
    more: str | None  # the cursor of the following page; None at the end


def register(
    engine: Engine, wanted: Filter | None = None, after: str | None = None, limit: int = 500
) -> Register:
    """One page of the register, in order of recording, with its sums and its position: all from one snapshot."""
    wanted = wanted or Filter()
    with snapshot(engine) as connection:
        where = _conditions(connection, wanted)
        page = select(tables.project).where(*where).order_by(tables.project.c.position).limit(limit + 1)
        if after is not None:
            page = page.where(tables.project.c.position > int(after))
        found = connection.execute(page).mappings().all()
        shown = found[:limit]
        lines = _fund_lines(connection, [row["id"] for row in shown])
        rows = tuple(_row(row, lines.get(row["id"], ())) for row in shown)
        following = int(connection.execute(select(tables.position.c.next)).scalar_one())
        more = str(shown[-1]["position"]) if len(found) > limit else None
        return Register(rows, _sums(connection, where), following, more)


def project_row(engine: Engine, identity: str) -> Row | None:
    """The row of one project; None when it is not (yet) in the register."""
    with snapshot(engine) as connection:
        query = select(tables.project).where(tables.project.c.id == identity)
        found = connection.execute(query).mappings().first()
        return None if found is None else _row(found, _fund_lines(connection, [identity]).get(identity, ()))


def _conditions(connection: Connection, wanted: Filter) -> list[ColumnElement[bool]]:
    columns = tables.project.c
    conditions: list[ColumnElement[bool]] = []
    if wanted.area is not None:
        inside = select(tables.project_area.c.project).where(
            tables.project_area.c.area.in_(within(connection, [wanted.area]))
        )
        conditions.append(columns.id.in_(inside))
    if wanted.class_ is not None:
        conditions.append(columns["class"] == wanted.class_)
    if wanted.checked is not None:
        conditions.append(columns.checked.is_(wanted.checked))
    if wanted.external is not None:
        conditions.append(columns.external.is_(wanted.external))
    if wanted.known_as:
        part = wanted.known_as
        conditions.append(
            or_(columns.number.contains(part, autoescape=True), columns.name.contains(part, autoescape=True))
        )
    return conditions


def _fund_lines(connection: Connection, projects: list[str]) -> dict[str, tuple[FundLine, ...]]:
    table = tables.fund_line
    query: Select[Any] = (
        select(table).where(table.c.project.in_(projects)).order_by(table.c.project, table.c.line)
    )
    found: dict[str, tuple[FundLine, ...]] = {}
    for line in connection.execute(query).mappings():
        one = FundLine(line["source"], line["document"], line["year"], line["amount_fen"])
        found[line["project"]] = (*found.get(line["project"], ()), one)
    return found


def _row(row: Mapping[Any, Any], fund_lines: tuple[FundLine, ...]) -> Row:
    same = {name: row[name] for name in Row.__dataclass_fields__ if name in row}
    parsed = {
        "areas": tuple(json.loads(row["areas"])),
        "notes": tuple(json.loads(row["notes"])),
        "row": json.loads(row["row"]),
    }
    return Row(**{**same, **parsed, "class_": row["class"], "fund_lines": fund_lines})


def _sums(connection: Connection, where: list[ColumnElement[bool]]) -> Sums:
    columns = tables.project.c
    grouped = select(
        columns["class"],
        columns.external,
        columns.checked,
        func.count(),
        func.coalesce(func.sum(columns.total_fen), 0),
        func.coalesce(func.sum(columns.stated_fen), 0),
    ).where(*where)
    by_class = {name: Sum() for name in (*CLASSES, "")}
    external = Sum()
    for class_, outside, checked, *figures in connection.execute(
        grouped.group_by(columns["class"], columns.external, columns.checked)
    ):
        column = Column(
            *(int(figure) for figure in figures)
        )  # PostgreSQL sums to a decimal: whole all the same
        one = Sum(checked=column) if checked else Sum(unchecked=column)
        if outside:
            external += one
        else:
            by_class[class_] = by_class.get(class_, Sum()) + one
    return Sums(by_class, sum(by_class.values(), Sum()), external)
