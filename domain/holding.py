"""Holding (建账): an asset opened as found, booked, and its check by a second person.

An opening is what is found on a day: state, figures, papers present, papers missing. It bears 未核 until
somebody else has endorsed it, alone or with its batch (D9).
"""

from collections.abc import Mapping, Sequence
from typing import Annotated, Any, Literal

from pydantic import Field

from domain.asset import Asset, check_carrying
from domain.asset_card import Figures
from domain.base import State
from domain.command import Payload, command
from domain.entered import entry
from domain.errors import LabelDiffers
from domain.errors_asset import NotAccepted
from domain.listing import Row
from domain.money import Money
from domain.personal import PersonNameOrBlank
from domain.placed import areas_of
from domain.project import Project
from domain.title import OwnerType, Shares, check_shares
from domain.values import (
    INTEGER_MAX,
    AreaId,
    AssetId,
    Blank,
    CodeNameOrBlank,
    Count,
    Fen,
    FilledLine,
    IsoDate,
    Line,
    OrganisationId,
    ProjectId,
    Sha256,
    Text,
    Version,
    code,
    shortened,
)
from domain.world import Case

# 51号: operating, public benefit, household, equity.
AssetKind = Literal["operating", "public_benefit", "household", "equity"]
ASSET_KINDS: dict[str, str] = {
    "operating": "经营性资产",
    "public_benefit": "公益性资产",
    "household": "到户类资产",
    "equity": "权益性资产",
}
Condition = Literal[
    "planned",
    "under_construction",
    "accepted",
    "in_operation",
    "leased",
    "in_custody",
    "idle",
    "inefficient",
    "damaged",
    "missing",
    "scrapped",
]
CONDITIONS: dict[str, str] = {
    "planned": "拟建",
    "under_construction": "在建",
    "accepted": "已验收",
    "in_operation": "在用",
    "leased": "出租",
    "in_custody": "管护中",
    "idle": "闲置",
    "inefficient": "低效",
    "damaged": "毁损",
    "missing": "灭失",
    "scrapped": "报废",
    "disposal_pending": "处置中",
    "derecognised": "已核销",
}
# The quality of what an entry rests on (D9).
Evidence = Literal["original", "copy", "recollection", "none"]
EVIDENCE: dict[str, str] = {"original": "原件", "copy": "复印件", "recollection": "追忆", "none": "无"}
Papers = Annotated[list[FilledLine], Field(max_length=40)]


@command(
    "asset.open.v1",
    title="资产建账",
    may={
        "fact": ("village_admin", "recorder", "service_centre"),
        "opening": ("village_admin", "recorder", "service_centre"),
    },
    events=("asset.opened.v1",),
)
class OpenAsset(Payload):
    additions_fen: Fen
    area_label: FilledLine
    areas: Annotated[list[AreaId], Field(min_length=1, max_length=30)]
    asset: AssetId
    booked_on: IsoDate | Blank  # 入账日期 in the owner's books
    carrying_fen: Fen | None  # as somebody states it
    category: Line
    certificate: Line  # 权证号
    condition: Condition | Blank
    custodian: OrganisationId | Blank  # 管护责任单位
    depreciation_fen: Fen
    disposed_fen: Fen
    disputed: bool | None
    encumbered: bool | None
    evidence: Evidence
    in_service_on: IsoDate | Blank
    kind: AssetKind
    late_reason: Line
    life_months: Annotated[int, Field(ge=1, le=1200)] | None
    location: Line
    name: FilledLine
    number: CodeNameOrBlank
    original_fen: Fen | None
    owner_type: OwnerType
    papers_missing: Papers
    papers_present: Papers
    projects: Annotated[list[ProjectId], Field(max_length=30)]
    quantity: Line
    registered: bool | None  # whether ownership is registered (确权登记)
    row: Row | None
    shares: Shares
    specification: Line

    @classmethod
    def claims(cls, stated: Mapping[str, Any]) -> Sequence[str]:
        number = stated.get("number")
        return [code("asset", number)] if isinstance(number, str) and number else []

    @classmethod
    def stated_fen(cls, stated: Mapping[str, Any]) -> Any:
        return stated.get("original_fen")

    def summary(self) -> str:
        amount = "原值未载" if self.original_fen is None else f"原值 {Money(self.original_fen)}"
        return f"资产建账：{self.number or '无编号'} {shortened(self.name)}（{shortened(self.area_label)}），{amount}"

    def places(self, case: Case) -> Sequence[str]:
        return [*self.areas, *areas_of(case, self.projects)]

    def decide(self, case: Case) -> None:
        asset = case.world.create(Asset, self.asset, "资产编号")
        asset.open(opening(self, case), case)


# What the event keeps of the payload as it stands.
_KEPT = tuple(field for field in OpenAsset.model_fields if field != "asset")


def check_label(case: Case, areas: Sequence[str], label: str) -> None:
    """The areas are registered, and the signer recognised them."""
    names = "、".join(case.world.area(area).name for area in areas)
    if label != names:  # ID-3
        raise LabelDiffers(f"所列区域是“{names}”，所写是“{label}”")


def opening(asked: OpenAsset, case: Case) -> State:
    """What an opening records, after the rules about what may be opened."""
    unique = code("asset", asked.number) if asked.number else ""
    if unique:
        case.world.claim(unique, "资产编号")
    if asked.row is not None:
        asked.row.claim(case.world)
    check_label(case, asked.areas, asked.area_label)
    for project in asked.projects:
        case.world.get(Project, project, "项目")
    if asked.custodian:
        case.world.organisation(asked.custodian)
    check_shares(case, asked.owner_type, asked.shares)
    figures = Figures(asked.original_fen, asked.additions_fen, asked.depreciation_fen, asked.disposed_fen)
    check_carrying(case, asked.carrying_fen, figures)
    return entry(case, *_KEPT) | {"code": unique}


Movement = Literal["original", "additions", "depreciation"]
MOVEMENTS: dict[str, str] = {
    "original": "原值入账",
    "additions": "增加",
    "depreciation": "计提折旧",
    "disposed": "处置",
}


@command(
    "asset.book.v1",
    title="资产入账",
    may={
        "act": ("village_admin", "service_centre"),
        "fact": ("village_admin", "recorder", "service_centre"),
    },
    events=("asset.booked.v1",),
)
class BookAsset(Payload):
    acceptance: Line  # 验收证明
    accepted_on: IsoDate | Blank
    amount_fen: Annotated[int, Field(ge=1, le=INTEGER_MAX)]
    asset: AssetId
    evidence: Evidence
    kind: Movement
    late_reason: Line
    name: FilledLine
    voucher: Line  # 记账凭证号

    def summary(self) -> str:
        return f"资产{MOVEMENTS[self.kind]}：{shortened(self.name)}，{Money(self.amount_fen)}"

    def places(self, case: Case) -> Sequence[str]:
        return case.world.there(Asset, self.asset, "资产").places(case.today)

    def decide(self, case: Case) -> None:
        asset = case.world.get(Asset, self.asset, "资产")
        asset.require_open_to(case, self.name)
        accepted = bool(self.acceptance and self.accepted_on) and self.accepted_on <= case.occurred_on
        case.weigh(
            "ASSET-5",
            bool(self.voucher) and (accepted or self.kind == "depreciation"),
            lambda: NotAccepted("入账须有记账凭证，原值和增加还须有验收证明和不晚于入账的验收日期"),
        )
        asset.book(entry(case, "acceptance", "accepted_on", "amount_fen", "kind", "voucher"), case)


CONDITIONS_REPORTED = Literal[
    "in_operation", "leased", "in_custody", "idle", "inefficient", "damaged", "missing"
]


@command(
    "asset.report_condition.v1",
    title="报告资产状况",
    may={
        "act": ("village_admin", "service_centre"),
        "fact": ("village_admin", "recorder", "service_centre"),
    },
    events=("asset.condition_reported.v1",),
)
class ReportCondition(Payload):
    asset: AssetId
    condition: CONDITIONS_REPORTED
    custodian: OrganisationId | Blank
    disputed: bool | None
    encumbered: bool | None
    evidence: Evidence
    finding: Text
    late_reason: Line
    name: FilledLine
    photos: Annotated[list[Sha256], Field(max_length=20)]
    witness: PersonNameOrBlank

    def summary(self) -> str:
        return f"报告资产状况：{shortened(self.name)}，{CONDITIONS[self.condition]}"

    def places(self, case: Case) -> Sequence[str]:
        return case.world.there(Asset, self.asset, "资产").places(case.today)

    def decide(self, case: Case) -> None:
        asset = case.world.get(Asset, self.asset, "资产")
        asset.require_open_to(case, self.name)
        if self.custodian:
            case.world.organisation(self.custodian)
        fields = ("condition", "custodian", "disputed", "encumbered", "finding", "photos", "witness")
        asset.report_condition(entry(case, *fields))


@command(
    "asset.endorse.v1",
    title="核对资产",
    may={"act": ("service_centre",)},
    events=("asset.endorsed.v1",),
)
class EndorseAsset(Payload):
    asset: AssetId
    leaf: Sha256
    name: FilledLine
    position: Count
    version: Version

    def summary(self) -> str:
        return f"核对资产：{self.name}，第 {self.position} 号分录"

    def places(self, case: Case) -> Sequence[str]:
        return case.world.there(Asset, self.asset, "资产").places(case.today)

    def decide(self, case: Case) -> None:
        case.world.get(Asset, self.asset, "资产").endorse(self, case)
