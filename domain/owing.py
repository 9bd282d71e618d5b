"""Owing (债权债务的登记、确认、催收、偿还): the commands of obligations.

领域 3.6, 4.5. What is found is an opening or a fact and notes the bans it does not keep; what arises through the
ledger is an act and keeps them.
"""

from collections.abc import Mapping, Sequence
from typing import Annotated, Any, Literal

from pydantic import Field

from domain.asset import Asset
from domain.command import Payload, Value, command
from domain.entered import entry
from domain.errors_obligation import (
    AssistanceFundsUsed,
    DemandNotServed,
    GovernmentLoan,
    InsiderLoan,
    InstalmentsDiffer,
    LoanNotDecided,
    NothingRepaid,
    OffsetNotNotified,
    OutstandingDiffers,
    OwedToItself,
    SideMissing,
    VoucherMissing,
)
from domain.holding import Evidence, Papers, check_label
from domain.listing import Row
from domain.money import Money
from domain.obligation import Obligation
from domain.obligation_card import FIGURES, Sums
from domain.party import Party
from domain.personal import PersonNameOrBlank
from domain.placed import areas_of
from domain.project import Project
from domain.values import (
    AreaId,
    AssetId,
    Blank,
    CodeNameOrBlank,
    Count,
    Fen,
    FilledLine,
    IsoDate,
    Line,
    ObligationId,
    ProjectId,
    Sha256,
    Version,
    code,
    shortened,
)
from domain.world import Case

Category = Literal[
    "construction",
    "goods",
    "wages",
    "land_rent",
    "dividend",
    "rent",
    "loan",
    "advance",
    "deposit",
    "investment",
    "other",
]
CATEGORIES: dict[str, str] = {
    "construction": "工程款",
    "goods": "货款",
    "wages": "农户工资",
    "land_rent": "土地流转金",
    "dividend": "分红",
    "rent": "资产租金",
    "loan": "借款",
    "advance": "垫资",
    "deposit": "押金、保证金",
    "investment": "入股本金",
    "other": "其他",
}
Side = Literal["creditor", "debtor"]
SIDE_LABELS: dict[str, str] = {"creditor": "债权人", "debtor": "债务人"}


class Instalment(Value):
    """分期: what falls due on a day."""

    amount_fen: Fen
    due_on: IsoDate


@command(
    "obligation.register.v1",
    title="登记债权债务",
    may={
        "act": ("village_admin", "service_centre"),
        "fact": ("village_admin", "recorder", "service_centre"),
        "opening": ("village_admin", "recorder", "service_centre"),
    },
    events=("obligation.registered.v1",),
)
class RegisterObligation(Payload):
    area_label: FilledLine
    areas: Annotated[list[AreaId], Field(min_length=1, max_length=30)]
    assets: Annotated[list[AssetId], Field(max_length=30)]
    basis: Line  # what there is when a side is not known
    category: Category
    contract: Line  # 合同、凭据号
    creditor: Party | None
    debtor: Party | None
    democratic: bool | None  # whether it was decided as the law asks of the collective (民主决策)
    due_on: IsoDate | Blank
    evidence: Evidence
    for_government: bool | None  # borrowed for a local government
    handler: PersonNameOrBlank  # 经手人
    insider: bool | None  # the debtor is a council member, supervisor or manager of the collective
    instalments: Annotated[list[Instalment], Field(max_length=60)]
    interest_fen: Fen  # accrued so far
    late_reason: Line
    litigation: bool | None
    name: FilledLine  # what it is about, naming nobody
    number: CodeNameOrBlank
    obligation: ObligationId
    offset_fen: Fen
    origin_on: IsoDate | Blank
    outstanding_fen: Fen | None  # as somebody states it
    paid_fen: Fen
    papers_missing: Papers
    papers_present: Papers
    principal_fen: Fen | None
    projects: Annotated[list[ProjectId], Field(max_length=30)]
    purpose: Line  # 用途、来源
    rate_basis_points: Annotated[int, Field(ge=0, le=100_000)] | None  # 年利率, 万分之一
    row: Row | None
    security: Line  # 担保、抵押
    witness: PersonNameOrBlank  # 证明人
    written_off_fen: Fen

    @classmethod
    def claims(cls, stated: Mapping[str, Any]) -> Sequence[str]:
        number = stated.get("number")
        return [code("debt", number)] if isinstance(number, str) and number else []

    @classmethod
    def stated_fen(cls, stated: Mapping[str, Any]) -> Any:
        return stated.get("principal_fen")

    def summary(self) -> str:
        amount = "本金未载" if self.principal_fen is None else f"本金 {Money(self.principal_fen)}"
        return (
            f"登记债权债务：{self.number or '无编号'} {shortened(self.name)}（{shortened(self.area_label)}），"
            f"{CATEGORIES[self.category]}，{amount}"
        )

    def places(self, case: Case) -> Sequence[str]:
        return [*self.areas, *areas_of(case, [*self.projects, *self.assets])]

    def decide(self, case: Case) -> None:
        obligation = case.world.create(Obligation, self.obligation, "债权债务编号")
        unique = code("debt", self.number) if self.number else ""
        if unique:
            case.world.claim(unique, "债权债务编号")
        if self.row is not None:
            self.row.claim(case.world)
        check_label(case, self.areas, self.area_label)
        for project in self.projects:
            case.world.get(Project, project, "项目")
        for asset in self.assets:
            case.world.get(Asset, asset, "资产")
        check_sides(case, self.creditor, self.debtor, self.basis)
        self._check_bans(case)
        self._check_sums(case)
        obligation.register(entry(case, *_KEPT) | {"code": unique}, case)

    def _check_bans(self, case: Case) -> None:
        """What the law keeps a collective from (集组法35; 渝集资21)."""
        if self.creditor is not None and self.creditor.kind == "organisation":
            case.weigh(
                "OBL-6",
                _not(self.insider),
                lambda: InsiderLoan("集体经济组织的理事、监事、经管人员不得向集体借款"),
            )
        if self.debtor is None or self.debtor.kind != "organisation":
            return
        case.weigh(
            "OBL-7", _not(self.for_government), lambda: GovernmentLoan("集体经济组织不得为地方政府举债")
        )
        if self.category == "loan":
            met = self.democratic if case.nature != "act" else self.democratic is True
            case.weigh("OBL-8", met, lambda: LoanNotDecided("集体举债须先经民主决策"))

    def _check_sums(self, case: Case) -> None:
        derived = Sums(*(getattr(self, name) for name in FIGURES)).outstanding_fen
        stated = self.outstanding_fen
        case.weigh(
            "OBL-2",
            None if stated is None or derived is None else stated == derived,
            lambda: OutstandingDiffers(f"所写余额 {stated} 分，由各项得出 {derived} 分，请核对"),
        )
        total = sum(one.amount_fen for one in self.instalments)
        known = bool(self.instalments) and self.principal_fen is not None
        case.weigh(
            "OBL-4",
            total == self.principal_fen if known else True,
            lambda: InstalmentsDiffer(f"分期之和 {total} 分，本金 {self.principal_fen} 分"),
        )


# What the event keeps of the payload as it stands.
_KEPT = tuple(field for field in RegisterObligation.model_fields if field != "obligation")


def _not(told: bool | None) -> bool | None:
    return None if told is None else not told


def check_sides(case: Case, creditor: Party | None, debtor: Party | None, basis: str) -> None:
    """Who owes whom: both, or one and the basis that there is (OBL-1); never the same on both sides (OBL-5)."""
    if (creditor is None and debtor is None) or (None in (creditor, debtor) and not basis):  # OBL-1
        raise SideMissing("债权人、债务人至少写明一方；另一方不明的，须在 basis 栏写明现有依据")
    if creditor == debtor:  # OBL-5
        raise OwedToItself("债权人与债务人相同的，债权债务已归于一人")
    for party in (creditor, debtor):
        if party is not None:
            party.check(case)


class OfObligation(Payload):
    """A later word about an obligation."""

    obligation: ObligationId

    def places(self, case: Case) -> Sequence[str]:
        return case.world.there(Obligation, self.obligation, "债权债务").places(case.today)


_LATER: dict[Any, Sequence[str]] = {
    "act": ("village_admin", "service_centre"),
    "fact": ("village_admin", "recorder", "service_centre"),
}


@command("obligation.confirm.v1", title="确认债权债务", may=_LATER, events=("obligation.confirmed.v1",))
class ConfirmObligation(OfObligation):
    amount_fen: Fen
    evidence: Evidence
    image: Sha256 | Blank  # salted hash of the signed sheet
    late_reason: Line
    name: FilledLine
    original_seen: bool  # by the signer of this command
    sealed: bool
    side: Side
    signed_by: PersonNameOrBlank  # who signed the sheet

    def summary(self) -> str:
        return f"{SIDE_LABELS[self.side]}确认债权债务：{shortened(self.name)}，{Money(self.amount_fen)}"

    def decide(self, case: Case) -> None:
        obligation = case.world.get(Obligation, self.obligation, "债权债务")
        obligation.require_open_to(case, self.name)
        kept = ("amount_fen", "image", "original_seen", "sealed", "side", "signed_by")
        obligation.confirm(entry(case, *kept), case)


Channel = Literal["served", "mailed", "electronic", "published"]
CHANNELS: dict[str, str] = {
    "served": "当面送达",
    "mailed": "邮寄",
    "electronic": "电子送达",
    "published": "公告",
}


@command("obligation.demand.v1", title="催收", may=_LATER, events=("obligation.demanded.v1",))
class DemandObligation(OfObligation):
    channel: Channel
    document: FilledLine  # 催收通知书
    evidence: Evidence
    late_reason: Line
    name: FilledLine
    receipt: Line  # 送达证明

    def summary(self) -> str:
        return f"催收：{shortened(self.name)}，{CHANNELS[self.channel]}"

    def decide(self, case: Case) -> None:
        obligation = case.world.get(Obligation, self.obligation, "债权债务")
        obligation.require_open_to(case, self.name)
        case.weigh(
            "OBL-15",
            bool(self.receipt),
            lambda: DemandNotServed("催收须有送达证明；没有送达证明的不中断诉讼时效"),
        )
        obligation.demand(entry(case, "channel", "document", "receipt"))


Means = Literal["bank", "cash", "offset"]
MEANS: dict[str, str] = {"bank": "转账", "cash": "现金", "offset": "抵销"}
Funds = Literal["own", "assistance", "other"]
FUNDS: dict[str, str] = {"own": "自有资金", "assistance": "帮扶资金", "other": "其他资金"}


@command("obligation.repay.v1", title="偿还", may=_LATER, events=("obligation.repaid.v1",))
class RepayObligation(OfObligation):
    accrued_fen: Fen  # interest acknowledged with this payment, beyond what was accrued before
    evidence: Evidence
    funds: Funds
    interest_fen: Fen
    late_reason: Line
    means: Means
    name: FilledLine
    notice: Line  # of the offset, to the other side
    principal_fen: Fen
    voucher: Line

    def summary(self) -> str:
        return (
            f"偿还（{MEANS[self.means]}）：{shortened(self.name)}，"
            f"本金 {Money(self.principal_fen)}、利息 {Money(self.interest_fen)}"
        )

    def decide(self, case: Case) -> None:
        obligation = case.world.get(Obligation, self.obligation, "债权债务")
        obligation.require_open_to(case, self.name)
        if self.principal_fen + self.interest_fen == 0:  # OBL-16
            raise NothingRepaid("偿还须写本金或利息的金额")
        case.weigh("OBL-13", bool(self.voucher), lambda: VoucherMissing("偿还须有凭证"))
        case.weigh(
            "OBL-11",
            self.funds != "assistance",
            lambda: AssistanceFundsUsed("帮扶资金不得用于偿还债务和垫资"),
        )
        if self.means == "offset":
            case.weigh(
                "OBL-12", bool(self.notice), lambda: OffsetNotNotified("抵销自通知到达对方时生效，须写明通知")
            )
        obligation.repay(entry(case, *_REPAID), case)


_REPAID = ("accrued_fen", "funds", "interest_fen", "means", "notice", "principal_fen", "voucher")


@command(
    "obligation.endorse.v1",
    title="核对债权债务",
    may={"act": ("service_centre",)},
    events=("obligation.endorsed.v1",),
)
class EndorseObligation(OfObligation):
    leaf: Sha256
    name: FilledLine
    position: Count
    version: Version

    def summary(self) -> str:
        return f"核对债权债务：{self.name}，第 {self.position} 号分录"

    def decide(self, case: Case) -> None:
        case.world.get(Obligation, self.obligation, "债权债务").endorse(self, case)
