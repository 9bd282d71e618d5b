"""Correction (更正): a slip in what was entered, put right by a new event and the signature of another (D12).

The original stays visible; what it said is withdrawn from the day the correction is completed. Each noun has
its own command, since each has its own fields; what a correction is, stands here once.
"""

from collections.abc import Mapping, Sequence
from typing import Annotated, Any, Literal, Protocol, get_args

from pydantic import BaseModel, Field, TypeAdapter, ValidationError

from domain.asset import Asset
from domain.command import Payload, Value, also_gives, bad_shape, command
from domain.entered import AskedCorrection, Entered
from domain.errors import NothingCorrected
from domain.holding import OpenAsset
from domain.listing import FundLine, ListProject
from domain.obligation import Obligation
from domain.owing import Channel, Instalment, RegisterObligation, check_sides
from domain.party import Party, refuse_person
from domain.project import Project
from domain.proposal import Proposal
from domain.title import Share, check_shares
from domain.values import (
    INTEGER_MAX,
    AssetId,
    Fen,
    FilledLine,
    FilledText,
    IsoDate,
    ObligationId,
    ProjectId,
    ProposalId,
    Version,
    shortened,
)
from domain.world import Case

NEEDS = [["checks", "service_centre"]]
_PLAIN: Mapping[str, str] = {}  # the fields of a project stand as they are: such a summary is frozen (CMD-5)


class AskedChange(Protocol):
    """One field of a correction, whatever the noun."""

    @property
    def field(self) -> str: ...
    @property
    def now(self) -> Any: ...
    @property
    def was(self) -> Any: ...


class Asked(AskedCorrection, Protocol):
    @property
    def changes(self) -> Sequence[AskedChange]: ...


def types_of(payload: type[BaseModel], names: Sequence[str]) -> dict[str, TypeAdapter[Any]]:
    """Each field is corrected to what it might have been entered as: the entry's own types say what that is."""
    return {
        name: TypeAdapter(field.rebuild_annotation())
        for name, field in payload.model_fields.items()
        if name in names
    }


def label(changes: Sequence[AskedChange], words: Mapping[str, str] = _PLAIN) -> str:
    """What an endorser of the proposal must recognise: the fields, in the words of their noun where it has any."""
    return "更正：" + "、".join(words.get(change.field, change.field) for change in changes)


def check_changes(case: Case, changes: Sequence[AskedChange], types: Mapping[str, TypeAdapter[Any]]) -> None:
    """Each field once, of its own type, and otherwise than it was (CORR-1)."""
    fields = [change.field for change in changes]
    if len(set(fields)) < len(fields):  # CORR-1
        raise NothingCorrected("同一栏只更正一次")
    for index, (change, stated) in enumerate(zip(changes, case.payload["changes"], strict=True)):
        for side in ("was", "now"):
            try:
                types[change.field].validate_python(stated[side], strict=True)
            except ValidationError as error:
                raise bad_shape(error, f"/payload/changes/{index}/{side}", stated[side]) from None
        if change.now == change.was:
            raise NothingCorrected(f"“{change.field}”更正前后相同")


def propose(asked: Asked, case: Case, subject: Entered, words: Mapping[str, str] = _PLAIN) -> None:
    """Record the correction, and that it waits for the check of another."""
    proposal = case.world.create(Proposal, asked.proposal, "提议编号")
    subject.propose_correction(asked, case)
    proposal.make(
        case,
        kind=f"{subject.TOPIC}.correct",
        label=label(asked.changes, words),
        target=subject,
        needs=NEEDS,
        expires_on=asked.expires_on,
    )


# --- projects -----------------------------------------------------------------------------------------

Field_ = Literal[
    "build_year",
    "category",
    "content",
    "department",
    "former_poor_village",
    "fund_lines",
    "name",
    "operating_assets",
    "operator",
    "place",
    "scale",
    "subsisting",
    "total_fen",
]
_OF_PROJECT = types_of(ListProject, get_args(Field_))


class Change(Value):
    field: Field_
    now: str | int | bool | list[FundLine] | None
    was: str | int | bool | list[FundLine] | None


@command(
    "project.correct.v1",
    title="更正项目",
    may={"act": ("village_admin", "recorder", "service_centre")},
    events=("project.correction_proposed.v1", "proposal.made.v1"),
)
class CorrectProject(Payload):
    changes: Annotated[list[Change], Field(min_length=1, max_length=12)]
    expires_on: IsoDate
    name: FilledLine
    project: ProjectId
    proposal: ProposalId
    reason: FilledText
    version: Version  # of the event whose word is corrected

    def summary(self) -> str:
        return f"{label(self.changes)}，项目：{shortened(self.name)}"

    def places(self, case: Case) -> Sequence[str]:
        return case.world.get(Project, self.project, "项目").places(case.today)

    def decide(self, case: Case) -> None:
        check_changes(case, self.changes, _OF_PROJECT)
        for change in case.payload["changes"]:
            if change["field"] == "operator":
                refuse_person(change["now"])
        propose(self, case, case.world.get(Project, self.project, "项目"))


also_gives("proposal.endorse.v1", "project.corrected.v1")


# --- assets -------------------------------------------------------------------------------------------

AssetField = Literal[
    "additions_fen",
    "booked_on",
    "carrying_fen",
    "category",
    "certificate",
    "condition",
    "custodian",
    "depreciation_fen",
    "disposed_fen",
    "disputed",
    "encumbered",
    "in_service_on",
    "kind",
    "life_months",
    "location",
    "movement",
    "name",
    "original_fen",
    "owner_type",
    "projects",
    "quantity",
    "registered",
    "shares",
    "specification",
]


ASSET_WORDS: dict[str, str] = {
    "additions_fen": "增加",
    "booked_on": "入账日期",
    "carrying_fen": "所写账面价值",
    "category": "分类",
    "certificate": "权证号",
    "condition": "使用状态",
    "custodian": "管护责任单位",
    "depreciation_fen": "已提折旧",
    "disposed_fen": "已处置",
    "disputed": "有争议",
    "encumbered": "抵押担保",
    "in_service_on": "开始使用日期",
    "kind": "类型",
    "life_months": "使用年限（月）",
    "location": "坐落地点",
    "movement": "金额变动",
    "name": "名称",
    "original_fen": "原值",
    "owner_type": "权属类型",
    "projects": "所属项目",
    "quantity": "数量",
    "registered": "已确权登记",
    "shares": "权利人份额",
    "specification": "规格型号",
}


class Movement(Value):
    """An addition or depreciation as it was booked; nothing (null) when it should not have been booked at all."""

    amount_fen: Annotated[int, Field(ge=1, le=INTEGER_MAX)]
    kind: Literal["additions", "depreciation"]


_SHARES = TypeAdapter(list[Share])
_OF_ASSET = types_of(OpenAsset, get_args(AssetField)) | {"movement": TypeAdapter(Movement | None)}


class AssetChange(Value):
    field: AssetField
    now: str | int | bool | list[Share] | list[str] | Movement | None
    was: str | int | bool | list[Share] | list[str] | Movement | None


@command(
    "asset.correct.v1",
    title="更正资产",
    may={"act": ("village_admin", "recorder", "service_centre")},
    events=("asset.correction_proposed.v1", "proposal.made.v1"),
)
class CorrectAsset(Payload):
    asset: AssetId
    changes: Annotated[list[AssetChange], Field(min_length=1, max_length=12)]
    expires_on: IsoDate
    name: FilledLine
    proposal: ProposalId
    reason: FilledText
    version: Version  # of the event whose word is corrected

    def summary(self) -> str:
        return f"{label(self.changes, ASSET_WORDS)}，资产：{shortened(self.name)}"

    def places(self, case: Case) -> Sequence[str]:
        return case.world.get(Asset, self.asset, "资产").places(case.today)

    def decide(self, case: Case) -> None:
        check_changes(case, self.changes, _OF_ASSET)
        asset = case.world.get(Asset, self.asset, "资产")
        now = {change["field"]: change["now"] for change in case.payload["changes"]}
        owner_type = now.get("owner_type", asset.owner_type)
        check_shares(case, owner_type, _SHARES.validate_python(now.get("shares", asset.shares)))
        for project in now.get("projects", ()):
            case.world.get(Project, project, "项目")
        if now.get("custodian"):
            case.world.organisation(now["custodian"])
        propose(self, case, asset, ASSET_WORDS)


also_gives("proposal.endorse.v1", "asset.corrected.v1")


# --- obligations --------------------------------------------------------------------------------------

ObligationField = Literal[
    "assets",
    "basis",
    "category",
    "confirmed_creditor",
    "confirmed_debtor",
    "contract",
    "creditor",
    "debtor",
    "demand",
    "democratic",
    "due_on",
    "for_government",
    "insider",
    "instalments",
    "interest_fen",
    "litigation",
    "movement",
    "name",
    "offset_fen",
    "origin_on",
    "outstanding_fen",
    "paid_fen",
    "principal_fen",
    "projects",
    "purpose",
    "rate_basis_points",
    "security",
    "written_off_fen",
]


OBLIGATION_WORDS: dict[str, str] = {
    "assets": "所涉资产",
    "basis": "依据",
    "category": "分类",
    "confirmed_creditor": "债权人确认金额",
    "confirmed_debtor": "债务人确认金额",
    "contract": "合同、凭据号",
    "creditor": "债权人",
    "debtor": "债务人",
    "demand": "催收",
    "democratic": "经民主决策",
    "due_on": "到期日",
    "for_government": "为地方政府举债",
    "insider": "债务人为内部人员",
    "instalments": "分期",
    "interest_fen": "利息",
    "litigation": "涉诉涉执",
    "movement": "金额变动",
    "name": "名称",
    "offset_fen": "抵销",
    "origin_on": "形成时间",
    "outstanding_fen": "所写余额",
    "paid_fen": "已还",
    "principal_fen": "本金",
    "projects": "所涉项目",
    "purpose": "用途、来源",
    "rate_basis_points": "年利率（万分之）",
    "security": "担保、抵押",
    "written_off_fen": "核销",
}


class Repayment(Value):
    """A repayment as it was entered; nothing (null) when there was none."""

    accrued_fen: Fen
    interest_fen: Fen
    kind: Literal["offset", "paid"]
    principal_fen: Fen


class Demand(Value):
    """A demand as it was entered; nothing (null) when there was none."""

    channel: Channel
    served: bool


_SIDE = TypeAdapter(Party | None)
_OF_OBLIGATION = types_of(RegisterObligation, get_args(ObligationField)) | {
    "confirmed_creditor": TypeAdapter(Fen | None),
    "confirmed_debtor": TypeAdapter(Fen | None),
    "demand": TypeAdapter(Demand | None),
    "movement": TypeAdapter(Repayment | None),
}


class ObligationChange(Value):
    field: ObligationField
    now: str | int | bool | Party | Repayment | Demand | list[Instalment] | list[str] | None
    was: str | int | bool | Party | Repayment | Demand | list[Instalment] | list[str] | None


@command(
    "obligation.correct.v1",
    title="更正债权债务",
    may={"act": ("village_admin", "recorder", "service_centre")},
    events=("obligation.correction_proposed.v1", "proposal.made.v1"),
)
class CorrectObligation(Payload):
    changes: Annotated[list[ObligationChange], Field(min_length=1, max_length=12)]
    expires_on: IsoDate
    name: FilledLine
    obligation: ObligationId
    proposal: ProposalId
    reason: FilledText
    version: Version  # of the event whose word is corrected

    def summary(self) -> str:
        return f"{label(self.changes, OBLIGATION_WORDS)}，债权债务：{shortened(self.name)}"

    def places(self, case: Case) -> Sequence[str]:
        return case.world.get(Obligation, self.obligation, "债权债务").places(case.today)

    def decide(self, case: Case) -> None:
        check_changes(case, self.changes, _OF_OBLIGATION)
        obligation = case.world.get(Obligation, self.obligation, "债权债务")
        now = {change["field"]: change["now"] for change in case.payload["changes"]}
        creditor, debtor, basis = (
            now.get(name, obligation.last(name)) for name in ("creditor", "debtor", "basis")
        )
        check_sides(case, _SIDE.validate_python(creditor), _SIDE.validate_python(debtor), basis)
        for project in now.get("projects", ()):
            case.world.get(Project, project, "项目")
        for asset in now.get("assets", ()):
            case.world.get(Asset, asset, "资产")
        propose(self, case, obligation, OBLIGATION_WORDS)


also_gives("proposal.endorse.v1", "obligation.corrected.v1")
