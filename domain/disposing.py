"""Disposing (处置): the commands by which a disposal goes its way. Who may sign which depends on the owner (paths.py)."""

from collections.abc import Mapping, Sequence
from typing import Annotated, Any, Literal

from pydantic import Field

from domain.command import Payload, Value, command
from domain.disposal import Disposal
from domain.document import require_filed
from domain.errors_disposal import MixedOwners
from domain.holding import Evidence
from domain.money import Money
from domain.party import Party
from domain.paths import ACCOUNTS, GROUNDS, LEVELS, Account, Ground, Level, Method
from domain.placed import areas_of
from domain.title import OWNER_TYPES, OwnerType
from domain.values import (
    AssetId,
    Blank,
    CodeNameOrBlank,
    Count,
    DisposalId,
    DocumentId,
    Fen,
    FilledLine,
    FilledText,
    IsoDate,
    Line,
    MeetingId,
    NoticeId,
    ProjectId,
    Sha256,
    Version,
    code,
    shortened,
)
from domain.world import Case

_ENTERERS = ("village_admin", "recorder", "service_centre")
_MARKED = ("asset.disposal_proposed.v1",)
_CLEARED = ("asset.disposal_cleared.v1",)
Documents = Annotated[list[DocumentId], Field(max_length=40)]


class OfDisposal(Payload):
    """A command about a disposal that has been proposed: `name` is what its signer must recognise."""

    disposal: DisposalId
    name: FilledLine

    def places(self, case: Case) -> Sequence[str]:
        return case.world.there(Disposal, self.disposal, "处置").places(case.today)

    def of(self, case: Case) -> Disposal:
        return case.world.get(Disposal, self.disposal, "处置")


@command(
    "disposal.propose.v1",
    title="提出处置",
    may={"act": ("village_admin", "collective", "service_centre"), "fact": _ENTERERS},
    events=("disposal.proposed.v1", *_MARKED),
)
class ProposeDisposal(Payload):
    """`months` is the term of a lease; `project` shows the ground where that is the class of a project."""

    assets: Annotated[list[AssetId], Field(min_length=1, max_length=50)]
    disposal: DisposalId
    earlier_document: DocumentId | Blank = ""  # from before a change of the law (LAW-1)
    evidence: Evidence
    expected_fen: Fen | None
    expires_on: IsoDate | Blank
    ground: Ground
    land_house_vehicle: bool  # 含土地、房屋、车辆
    late_reason: Line
    method: Method
    months: Annotated[int, Field(ge=1, le=1200)] | None
    name: FilledLine
    number: CodeNameOrBlank
    owner_type: OwnerType
    project: ProjectId | Blank
    reason: FilledText

    @classmethod
    def claims(cls, stated: Mapping[str, Any]) -> Sequence[str]:
        number = stated.get("number")
        return [code("disposal", number)] if isinstance(number, str) and number else []

    def summary(self) -> str:
        amount = "未估金额" if self.expected_fen is None else f"预计 {Money(self.expected_fen)}"
        return (
            f"提出处置：{self.number or '无编号'} {shortened(self.name)}"
            f"（{OWNER_TYPES[self.owner_type]}，{GROUNDS[self.ground]}），{amount}"
        )

    def places(self, case: Case) -> Sequence[str]:
        return areas_of(case, [*self.assets, *([self.project] if self.project else [])])

    def decide(self, case: Case) -> None:
        if len(set(self.assets)) < len(self.assets):
            raise MixedOwners("同一资产只列一次")
        require_filed(case, self.earlier_document)
        unique = code("disposal", self.number) if self.number else ""
        if unique:
            case.world.claim(unique, "处置编号")
        case.world.create(Disposal, self.disposal, "处置编号").propose(self, unique, case)


@command(
    "disposal.decide.v1",
    title="决定处置",
    may={"act": ("collective", "service_centre", "finance", "village_admin"), "fact": _ENTERERS},
    events=("disposal.decided.v1", *_MARKED),
)
class DecideDisposal(OfDisposal):
    """The owner's decision, on exactly what was proposed: a resolution of a meeting, or a document."""

    document: DocumentId | Blank
    evidence: Evidence
    late_reason: Line
    leaf: Sha256
    meeting: MeetingId | Blank
    position: Count
    resolution: Annotated[int, Field(ge=1, le=50)] | None

    def summary(self) -> str:
        return f"决定处置：{self.name}，第 {self.position} 号分录"

    def decide(self, case: Case) -> None:
        self.of(case).decide(self, case)


@command(
    "disposal.approve.v1",
    title="审批处置",
    may={"act": ("township", "county"), "fact": _ENTERERS},
    events=("disposal.approved.v1", *_MARKED),
)
class ApproveDisposal(OfDisposal):
    """`approval` is the 批复; `level` says who approves."""

    approval: DocumentId | Blank
    documents: Documents
    evidence: Evidence
    late_reason: Line
    leaf: Sha256
    level: Level
    notice: NoticeId | Blank
    position: Count

    def summary(self) -> str:
        return f"审批处置（{LEVELS[self.level]}）：{self.name}，第 {self.position} 号分录"

    def decide(self, case: Case) -> None:
        self.of(case).approve(self, case)


@command(
    "disposal.settle.v1",
    title="结算处置",
    may={"act": ("finance", "collective", "village_admin", "service_centre"), "fact": _ENTERERS},
    events=("disposal.settled.v1", *_MARKED, *_CLEARED),
)
class SettleDisposal(OfDisposal):
    """What was agreed and received, and where it went: received = allocated + retained (D20)."""

    account: Account
    allocated_fen: Fen
    counterparty: Party | None
    deal_fen: Fen | None
    documents: Documents
    evidence: Evidence
    late_reason: Line
    received_fen: Fen
    retained_fen: Fen

    def summary(self) -> str:
        deal = "未载成交价" if self.deal_fen is None else f"成交 {Money(self.deal_fen)}"
        return f"结算处置：{self.name}，{deal}，到账 {Money(self.received_fen)}（{ACCOUNTS[self.account]}）"

    def decide(self, case: Case) -> None:
        self.of(case).settle(self, case)


class Part(Value):
    """An asset, and how much of its carrying amount goes; null: the whole asset."""

    amount_fen: Fen | None
    asset: AssetId


@command(
    "disposal.derecognise.v1",
    title="核销资产",
    may={"act": ("finance", "collective", "village_admin", "service_centre")},
    events=("disposal.derecognised.v1", "asset.derecognised.v1", *_MARKED),
)
class DerecogniseDisposal(OfDisposal):
    parts: Annotated[list[Part], Field(min_length=1, max_length=50)]
    voucher: DocumentId

    def summary(self) -> str:
        return f"核销资产：{self.name}，{len(self.parts)} 项"

    def decide(self, case: Case) -> None:
        self.of(case).derecognise(self, case)


@command(
    "disposal.handle.v1",
    title="处理既成处置",
    may={"act": ("township", "county")},
    events=("disposal.handled.v1", *_CLEARED),
)
class HandleDisposal(OfDisposal):
    """What the competent body says of what was done without it. It heals no breach: the notes stay."""

    approval: DocumentId
    level: Level
    outcome: Literal["confirmed", "rectify"]
    reason: FilledText

    def summary(self) -> str:
        outcome = "同意按既成事实续办" if self.outcome == "confirmed" else "责令整改"
        return f"处理既成处置（{LEVELS[self.level]}）：{self.name}，{outcome}"

    def decide(self, case: Case) -> None:
        self.of(case).handle(self, case)


@command(
    "disposal.withdraw.v1",
    title="撤回处置",
    may={"act": ("village_admin", "collective", "service_centre", "recorder")},
    events=("disposal.withdrawn.v1", *_CLEARED),
)
class WithdrawDisposal(OfDisposal):
    reason: FilledText

    def summary(self) -> str:
        return f"撤回处置：{self.name}"

    def decide(self, case: Case) -> None:
        self.of(case).withdraw(self, case)


@command(
    "disposal.reject.v1",
    title="否决处置",
    may={"act": ("collective", "service_centre", "finance", "village_admin", "township", "county")},
    events=("disposal.rejected.v1", *_CLEARED),
)
class RejectDisposal(OfDisposal):
    reason: FilledText

    def summary(self) -> str:
        return f"否决处置：{self.name}"

    def decide(self, case: Case) -> None:
        self.of(case).reject(self, case)


@command(
    "disposal.endorse.v1",
    title="核对既成处置",
    may={"act": ("service_centre",)},
    events=("disposal.endorsed.v1",),
)
class EndorseDisposal(OfDisposal):
    leaf: Sha256
    position: Count
    version: Version

    def summary(self) -> str:
        return f"核对既成处置：{self.name}，第 {self.position} 号分录"

    def decide(self, case: Case) -> None:
        self.of(case).endorse(self, case)
