"""Listing (登记项目): what is entered about a project, and its check by a second person.

A listing is a fact or an opening: it bears 未核 until somebody else has endorsed it, alone or with its batch.
"""

from collections.abc import Mapping, Sequence
from typing import Annotated, Any

from pydantic import Field

from domain.base import State
from domain.command import Payload, Value, command
from domain.errors import LabelDiffers, TotalDiffers
from domain.money import Money
from domain.party import BodyOrBlank
from domain.project import Project
from domain.scope import FundSource, check_scope
from domain.values import (
    AreaId,
    Blank,
    CodeNameOrBlank,
    Count,
    Fen,
    FilledLine,
    FilledText,
    Line,
    ProjectId,
    RowCode,
    Sha256,
    Text,
    Version,
    Year,
    code,
    shortened,
)
from domain.world import Case, World


class FundLine(Value):
    """One source of funds, as a document gave it."""

    amount_fen: Fen
    as_read: Annotated[Line, Field(max_length=100)]
    document: Annotated[Line, Field(max_length=100)]
    source: FundSource
    year: Year | None


class Row(Value):
    """The sheet row that a project was read from: claimed, so that no row enters twice."""

    code: RowCode
    file: Sha256
    row: int = Field(ge=1)
    sheet: FilledLine

    def claim(self, world: World) -> None:
        """Refused when a row of the same content has been entered (ID-1)."""
        taken = f"工作表“{self.sheet}”第 {self.row} 行已经登记过（内容相同的一行），不再登记"
        world.claim(self.code, "表格行", taken)


@command(
    "project.list.v1",
    title="登记项目",
    may={
        "fact": ("village_admin", "recorder", "service_centre"),
        "opening": ("village_admin", "recorder", "service_centre"),
    },
    events=("project.listed.v1",),
)
class ListProject(Payload):
    area_label: FilledLine
    areas: Annotated[list[AreaId], Field(min_length=1, max_length=30)]
    build_year: Year | None
    category: Line
    contact: Blank
    content: Text
    department: Line
    former_poor_village: bool | None
    fund_lines: Annotated[list[FundLine], Field(max_length=16)]
    late_reason: Line
    name: FilledLine
    number: CodeNameOrBlank
    operating_assets: bool | None
    operator: BodyOrBlank
    place: Line  # 项目地点 as the paper words it; the areas are what it is held to be
    project: ProjectId
    row: Row | None
    scale: Line
    subsisting: bool | None
    total_fen: Fen | None

    @classmethod
    def claims(cls, stated: Mapping[str, Any]) -> Sequence[str]:
        number = stated.get("number")
        return [code("project", number)] if isinstance(number, str) and number else []

    def summary(self) -> str:
        amount = "未载金额" if self.total_fen is None else str(Money(self.total_fen))
        return f"登记项目：{self.number or '无编号'} {shortened(self.name)}（{shortened(self.area_label)}），{amount}"

    def places(self, case: Case) -> Sequence[str]:
        return self.areas

    def decide(self, case: Case) -> None:
        project = case.world.create(Project, self.project, "项目编号")
        project.register(entry(self, project, case))


@command(
    "project.supersede.v1",
    title="改写未核项目",
    may={"fact": ("village_admin", "recorder", "service_centre")},
    events=("project.superseded.v1",),
)
class SupersedeProject(ListProject):
    reason: FilledText
    version: Version  # of the entry that is rewritten

    def summary(self) -> str:
        return (
            f"改写未核项目：{self.number or '无编号'} {shortened(self.name)}（{shortened(self.area_label)}）"
        )

    def places(self, case: Case) -> Sequence[str]:
        return [*case.world.there(Project, self.project, "项目").places(case.today), *self.areas]

    def decide(self, case: Case) -> None:
        project = case.world.get(Project, self.project, "项目")
        project.require_own_unchecked(self.version, case)
        project.supersede(entry(self, project, case) | {"reason": self.reason, "supersedes": self.version})


@command(
    "project.endorse.v1",
    title="核对项目",
    may={"act": ("service_centre",)},
    events=("project.endorsed.v1",),
)
class EndorseProject(Payload):
    leaf: Sha256
    name: FilledLine
    position: Count
    project: ProjectId
    version: Version

    def summary(self) -> str:
        return f"核对项目：{self.name}，第 {self.position} 号分录"

    def places(self, case: Case) -> Sequence[str]:
        return case.world.there(Project, self.project, "项目").places(case.today)

    def decide(self, case: Case) -> None:
        case.world.get(Project, self.project, "项目").endorse(self, case)


# What the event does not keep of a payload as it stands there; `reason` and `version` are those of a rewriting.
_NOT_KEPT = frozenset({"project", "reason", "version"})


def entry(asked: ListProject, project: Project, case: Case) -> State:
    """What a listing records, after the rules about what may be listed."""
    unique = code("project", asked.number) if asked.number else ""
    if unique and asked.number != project.number:
        case.world.claim(unique, "项目编号")
    if asked.row is not None and asked.row.code != project.row_code:
        asked.row.claim(case.world)
    names = "、".join([case.world.area(area).name for area in asked.areas])
    if asked.area_label != names:  # ID-3
        raise LabelDiffers(f"所列区域是“{names}”，所写是“{asked.area_label}”")
    stated = case.payload
    check_scope(case, stated)
    total, derived = asked.total_fen, sum([line.amount_fen for line in asked.fund_lines])
    case.weigh(
        "PROJ-5",
        None if total is None else total == derived,
        lambda: TotalDiffers(f"所写总额 {total} 分，资金明细之和 {derived} 分，请核对"),
    )
    said = dict(stated)
    for field in _NOT_KEPT.intersection(said):
        del said[field]
    said.update(
        batch=case.batch,
        batch_index=case.index,
        by=case.by,
        code=unique,
        nature=case.nature,
        notes=case.notes,
        occurred_on=case.occurred_on,
        unchecked=True,
    )
    return said
