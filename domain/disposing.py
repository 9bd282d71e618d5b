"""Disposing (处置): the commands by which a disposal goes its way. Who may sign which depends on the owner (paths.py)."""

from collections.abc import Mapping, Sequence
from typing import Any

from domain import disposal_steps as steps
from domain.citing import require_filed
from domain.command import command
from domain.disposal import Disposal
from domain.errors_disposal import MixedOwners
from domain.money import Money
from domain.paths import ACCOUNTS, GROUNDS, LEVELS
from domain.placed import areas_of
from domain.title import OWNER_TYPES
from domain.values import Count, Sha256, Version, code, shortened
from domain.world import Case

_ENTERERS = ("village_admin", "recorder", "service_centre")
_MARKED = ("asset.disposal_proposed.v1",)
_CLEARED = ("asset.disposal_cleared.v1",)


class OfDisposal(steps.Asked):
    """A command about a disposal that has been proposed."""

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
class ProposeDisposal(steps.Propose):
    """`months` is the term of a lease; `project` shows the ground where that is the class of a project."""

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
class DecideDisposal(steps.Decide, OfDisposal):
    """The owner's decision, on exactly what was proposed: a resolution of a meeting, or a document."""

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
class ApproveDisposal(steps.Approve, OfDisposal):
    """`approval` is the 批复; `level` says who approves."""

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
class SettleDisposal(steps.Settle, OfDisposal):
    """What was agreed and received, and where it went: received = allocated + retained (D20)."""

    def summary(self) -> str:
        deal = "未载成交价" if self.deal_fen is None else f"成交 {Money(self.deal_fen)}"
        return f"结算处置：{self.name}，{deal}，到账 {Money(self.received_fen)}（{ACCOUNTS[self.account]}）"

    def decide(self, case: Case) -> None:
        self.of(case).settle(self, case)


@command(
    "disposal.derecognise.v1",
    title="核销资产",
    may={"act": ("finance", "collective", "village_admin", "service_centre")},
    events=("disposal.derecognised.v1", "asset.derecognised.v1", *_MARKED),
)
class DerecogniseDisposal(steps.Derecognise, OfDisposal):
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
class HandleDisposal(steps.Handle, OfDisposal):
    """What the competent body says of what was done without it. It heals no breach: the notes stay."""

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
class WithdrawDisposal(steps.Withdraw, OfDisposal):
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
class RejectDisposal(steps.Reject, OfDisposal):
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
