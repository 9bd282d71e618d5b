"""Disposals (处置): the aggregate. Proposed, decided, approved, settled, derecognised, each by other hands.

Its commands stand in disposing.py, the path of each type of owner in paths.py. A step that was done outside is
recorded as a fact with the rules it did not meet: it confers no authority, and nothing is derecognised on it
until whoever was competent to approve has handled it (D9).
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from domain import disposal_steps as steps
from domain.asset import Asset
from domain.base import State
from domain.document import cited, cited_as, refuse_late_act, require_kinds
from domain.entered import Checked
from domain.errors import KeyNotGood, LabelDiffers, NotProposer, WrongEntry
from domain.errors_disposal import (
    DisposalNotChecked,
    FactNotHandled,
    PartOfNothing,
    SameHand,
    StepDone,
    StepNotOnPath,
    WrongHand,
    WrongOrder,
    WrongPart,
)
from domain.grounds import (
    weigh_assets,
    weigh_contracts,
    weigh_decision,
    weigh_free,
    weigh_ground,
    weigh_level,
    weigh_price,
    weigh_proceeds,
    weigh_received,
    weigh_term,
)
from domain.notice import require_notice
from domain.paths import (
    METHODS,
    PATHS,
    SOLD,
    STEPS,
    Level,
    Path,
    level_of,
    papers_to_approve,
    papers_to_settle,
)
from domain.title import OWNER_TYPES
from domain.values import shortened
from domain.world import Case

if TYPE_CHECKING:
    from domain.disposing import (
        ApproveDisposal,
        DecideDisposal,
        DerecogniseDisposal,
        HandleDisposal,
        ProposeDisposal,
        RejectDisposal,
        SettleDisposal,
        WithdrawDisposal,
    )

ENDINGS: dict[str, str] = {
    "": "在办",
    "settled": "已结算",
    "derecognised": "已核销",
    "withdrawn": "已撤回",
    "rejected": "已否决",
    "rectify": "已责令整改",
}


def name_of(method: str, assets: Sequence[Asset]) -> str:
    """What a signer of any step must recognise."""
    return shortened(f"{METHODS[method]}：{'、'.join(one.name for one in assets)}")


@dataclass(frozen=True, slots=True)
class Done:
    """A step that has been taken."""

    version: int
    nature: str
    by: tuple[str, ...]
    day: str


class Disposal(Checked):
    """What becomes of one or more assets of one type of owner."""

    TOPIC = "disposal"
    WHAT = "处置"

    class Proposed(steps.Proposed):
        TOPIC = "disposal.proposed.v1"

    class Decided(steps.Decided):
        TOPIC = "disposal.decided.v1"

    class Approved(steps.Approved):
        TOPIC = "disposal.approved.v1"

    class Settled(steps.Settled):
        TOPIC = "disposal.settled.v1"

    class Derecognised(steps.Derecognised):
        TOPIC = "disposal.derecognised.v1"

    class Handled(steps.Handled):
        TOPIC = "disposal.handled.v1"

    class Withdrawn(steps.Withdrawn):
        TOPIC = "disposal.withdrawn.v1"

    class Rejected(steps.Rejected):
        TOPIC = "disposal.rejected.v1"

    class Endorsed(Checked.Endorsed):
        TOPIC = "disposal.endorsed.v1"

    def _begin(self) -> None:
        super()._begin()
        self.method = ""
        self.owner_type = ""
        self.assets: list[str] = []
        self.realty = False
        self.expected_fen: int | None = None
        self.fixed_fen: int | None = None
        self.appraised_fen: int | None = None
        self.done: dict[str, Done] = {}
        self.not_met: list[str] = []
        self.handled = ""
        self.ended = ""

    @property
    def path(self) -> Path:
        return PATHS[self.owner_type]

    def about(self) -> tuple[str, ...]:
        """What a document must be about to bear a step: the disposal, or one of its assets."""
        return (self.id, *self.assets)

    # --- guards: the steps ---

    def propose(self, asked: "ProposeDisposal", unique: str, case: Case) -> None:
        assets = [case.world.get(Asset, one, "资产") for one in asked.assets]
        if asked.name != name_of(asked.method, assets):  # ID-3
            raise LabelDiffers(f"处置应写作“{name_of(asked.method, assets)}”，所写是“{asked.name}”")
        refuse_late_act(case, asked.late_reason)
        self._require_hand("propose", PATHS[asked.owner_type], case)
        weigh_assets(case, assets, asked.owner_type)
        weigh_ground(case, asked.ground, asked.project, asked.assets)
        if asked.method == "lease":
            weigh_term(case, asked.months)
        free = weigh_free(case, assets)
        stated = {key: value for key, value in case.payload.items() if key != "disposal"}
        areas = list(dict.fromkeys(area for one in assets for area in one.places(case.occurred_on)))
        self.trigger_event(self.Proposed, **stated, **_signed(case), areas=areas, code=unique)
        for one in free:
            one.propose_disposal(self.id, case)

    def decide(self, asked: "DecideDisposal", case: Case) -> None:
        refuse_late_act(case, asked.late_reason)
        self._begin_step("decide", asked.name, case)
        self._require_proposal_entry(asked.position, asked.leaf, case)
        fixed = weigh_decision(case, asked, self.owner_type, self.about())
        stated = {key: value for key, value in case.payload.items() if key not in {"disposal", "name"}}
        assurance = "B" if self.path.decision == "consent" else "A"
        self.trigger_event(self.Decided, **stated, **_signed(case), assurance=assurance, fixed_fen=fixed)

    def approve(self, asked: "ApproveDisposal", case: Case) -> None:
        if not self.path.approved:  # DISP-17
            raise StepNotOnPath(
                f"处置 {self.id} 是{OWNER_TYPES[self.owner_type]}资产，不经审批", subject=self.id
            )
        refuse_late_act(case, asked.late_reason)
        self._begin_step("approve", asked.name, case)
        self._require_proposal_entry(asked.position, asked.leaf, case)
        weigh_level(case, asked.level, self.level(case))
        cited_as(case, asked.approval, ("approval",), "审批", self.about())
        documents = cited(case, asked.documents, self.about())
        demanded = papers_to_approve(self.owner_type, self.method, self.amount_fen(case), case)
        require_kinds(case, documents, demanded, f"{METHODS[self.method]}审批")
        require_notice(case, asked.notice, self.about())
        appraised = [
            one.amount_fen for one in documents if one.kind == "appraisal" and one.amount_fen is not None
        ]
        stated = {key: value for key, value in case.payload.items() if key not in {"disposal", "name"}}
        self.trigger_event(
            self.Approved, **stated, **_signed(case), appraised_fen=max(appraised) if appraised else None
        )

    def settle(self, asked: "SettleDisposal", case: Case) -> None:
        refuse_late_act(case, asked.late_reason)
        self._begin_step("settle", asked.name, case)
        if asked.counterparty is not None:
            asked.counterparty.check(case, "counterparty")
        documents = cited(case, asked.documents, self.about())
        ready = max((self.done[one].day for one in ("decide", "approve") if one in self.done), default="")
        weigh_contracts(case, documents, ready)
        demanded = papers_to_settle(self.owner_type, self.method, asked.received_fen)
        require_kinds(case, documents, demanded, f"{METHODS[self.method]}结算")
        weigh_proceeds(case, asked, self.path.account)
        if self.method in SOLD:
            weigh_received(case, asked)
        weigh_price(case, asked.deal_fen, self.appraised_fen, self.fixed_fen)
        stated = {key: value for key, value in case.payload.items() if key not in {"disposal", "name"}}
        self.trigger_event(self.Settled, **stated, **_signed(case))
        if self.ended:
            self._clear_assets(case)

    def derecognise(self, asked: "DerecogniseDisposal", case: Case) -> None:
        if self.method == "lease":  # DISP-17
            raise StepNotOnPath(f"处置 {self.id} 是出租，资产不核销", subject=self.id)
        self._begin_step("derecognise", asked.name, case)
        if sorted(one.asset for one in asked.parts) != sorted(self.assets):  # DISP-22
            raise WrongPart(f"处置 {self.id} 的资产是 {'、'.join(self.assets)}，须逐项列出", subject=self.id)
        nothing = [one.asset for one in asked.parts if one.amount_fen == 0]
        if nothing:  # DISP-23
            raise PartOfNothing(
                f"处置 {self.id} 核销资产 {'、'.join(nothing)} 的金额须大于零", subject=self.id
            )
        cited_as(case, asked.voucher, ("voucher",), "核销", self.about())
        stated = {key: value for key, value in case.payload.items() if key not in {"disposal", "name"}}
        self.trigger_event(self.Derecognised, **stated, **_signed(case), evidence="original", late_reason="")
        for part in asked.parts:
            asset = case.world.get(Asset, part.asset, "资产")
            asset.derecognise(self.id, case, voucher=asked.voucher, amount_fen=part.amount_fen)

    # --- guards: what ends or mends ---

    def handle(self, asked: "HandleDisposal", case: Case) -> None:
        """Whoever was competent to approve says what becomes of what was done without (D9)."""
        self._require_open(asked.name)
        if "settle" not in self.done or self._is_act("settle") or self.handled:  # DISP-17
            raise StepNotOnPath(f"处置 {self.id} 没有已成事实、待处理的交易", subject=self.id)
        self._require_facts_checked(case)
        self._require_others(list(STEPS), case)
        if asked.outcome == "confirmed" and not self._is_act("decide"):  # DISP-15
            raise FactNotHandled(f"处置 {self.id} 须先由所有权人作出决定，方可同意续办", subject=self.id)
        weigh_level(case, asked.level, self.level(case))
        cited_as(case, asked.approval, ("approval",), "处理既成处置", self.about())
        self.trigger_event(
            self.Handled,
            approval=asked.approval,
            by=case.by,
            level=asked.level,
            not_met=self.not_met,
            occurred_on=case.occurred_on,
            outcome=asked.outcome,
            reason=asked.reason,
        )
        if self.ended:
            self._clear_assets(case)

    def withdraw(self, asked: "WithdrawDisposal", case: Case) -> None:
        self._require_open(asked.name)
        if not case.persons <= case.persons_of(self.done["propose"].by):  # PROP-4
            raise NotProposer(f"处置 {self.id} 只能由提出人撤回", subject=self.id)
        if self.done.keys() & {"approve", "settle"} or self.handled:  # DISP-11
            raise StepDone(f"处置 {self.id} 已审批或结算，不能撤回", subject=self.id)
        self.trigger_event(self.Withdrawn, by=case.by, occurred_on=case.occurred_on, reason=asked.reason)
        self._clear_assets(case)

    def reject(self, asked: "RejectDisposal", case: Case) -> None:
        self._require_open(asked.name)
        hands = self.path.decide | (self.path.hands("approve") if self.path.approved else frozenset())
        if not {signer.role for signer in case.signers} <= hands:  # DISP-8
            raise WrongHand(f"处置 {self.id} 由决定人、审批人否决", subject=self.id)
        self._require_others(["propose"], case)
        if "settle" in self.done:  # DISP-11
            raise StepDone(f"处置 {self.id} 已结算，不能否决", subject=self.id)
        self.trigger_event(self.Rejected, by=case.by, occurred_on=case.occurred_on, reason=asked.reason)
        self._clear_assets(case)

    # --- what the guards ask ---

    def amount_fen(self, case: Case) -> int | None:
        """What the disposal weighs: the carrying amount or what is expected, whichever is more. None: unknown."""
        carrying = [case.world.get(Asset, one, "资产").carrying_fen(case.occurred_on) for one in self.assets]
        known = [one for one in carrying if one is not None]
        if len(known) < len(carrying):
            return None
        return max(sum(known), self.expected_fen or 0)

    def level(self, case: Case) -> Level:
        """Who must approve. What a household did without its own consent is for the township to handle."""
        if not self.path.approved:
            return "township"
        return level_of(self.owner_type, self.amount_fen(case), realty=self.realty, case=case)

    def _begin_step(self, step: str, name: str, case: Case) -> None:
        """What every step after the proposal asks, on the state of now."""
        self._require_open(name)
        if self._is_act(step) or (step in self.done and case.nature != "act"):  # DISP-11
            raise StepDone(f"处置 {self.id} 已{STEPS[step]}，不再办一次", subject=self.id)
        self._require_hand(step, self.path, case)
        if case.nature == "act":
            self._require_facts_checked(case)
            self._require_authority(step)
            if step != "settle":
                self._require_others(list(STEPS), case)
            if step in {"decide", "approve"}:
                self._require_good_keys(case)
        missing = [
            one
            for one in self.path.before(step)
            if (one not in self.done and not self._stood_in_for(one))
            or (one in self.done and self.done[one].day > case.occurred_on)
        ]
        case.weigh(
            "DISP-10",
            not missing,
            lambda: WrongOrder(
                f"处置 {self.id} 须先{'、'.join(STEPS[one] for one in missing)}，再{STEPS[step]}，日期也须如此",
                subject=self.id,
            ),
        )
        assets = [case.world.get(Asset, one, "资产") for one in self.assets]
        weigh_assets(case, assets, self.owner_type)

    def _is_act(self, step: str) -> bool:
        return step in self.done and self.done[step].nature == "act"

    def _stood_in_for(self, step: str) -> bool:
        """An approval that was never given is made good when the facts are handled; a decision is not."""
        return step == "approve" and self.handled == "confirmed"

    def _require_authority(self, step: str) -> None:
        """A fact confers none: the owner decides anew, and whoever approves handles what was done without.

        A deal that was struck outside is handled before another takes its place.
        """
        lent = {"approve", "settle"} if self.handled == "confirmed" else set()
        rests_on = [*self.path.before(step), *(["settle"] if step == "settle" else [])]
        idle = [
            one
            for one in rests_on
            if one in self.done and one != "propose" and not self._is_act(one) and one not in lent
        ]
        if idle:  # DISP-15
            raise FactNotHandled(
                f"处置 {self.id} 的{'、'.join(STEPS[one] for one in idle)}是既成事实，不产生权限："
                f"须由所有权人另行决定、有权审批的单位审批或处理，再{STEPS[step]}",
                subject=self.id,
            )

    def _require_open(self, name: str) -> None:
        if name != self.name:  # ID-3
            raise LabelDiffers(f"处置 {self.id} 是“{self.name}”，所写是“{name}”", subject=self.id)
        if self.ended:  # DISP-11
            raise StepDone(f"处置 {self.id} {ENDINGS[self.ended]}，不再办理", subject=self.id)

    def _require_hand(self, step: str, path: Path, case: Case) -> None:
        """An act is the hand's that the path names; a fact is entered by whoever enters facts (AUTH-4)."""
        roles = {signer.role for signer in case.signers}
        if case.nature == "act" and not roles <= path.hands(step):  # DISP-8
            raise WrongHand(f"此处置的{STEPS[step]}不由该岗位办理", subject=self.id)

    def _require_others(self, steps: Iterable[str], case: Case) -> None:
        before = [
            key for step in steps if step in self.done and step != "settle" for key in self.done[step].by
        ]
        if case.persons & case.persons_of(before):  # DISP-12
            raise SameHand(f"处置 {self.id} 的提出、决定、审批、核销须由不同的人签名", subject=self.id)

    def _require_facts_checked(self, case: Case) -> None:
        if not self.is_checked(case):  # DISP-16
            raise DisposalNotChecked(
                f"处置 {self.id} 登记的既成事实未核，须先由乡农服中心另一人核对", subject=self.id
            )

    def _require_good_keys(self, case: Case) -> None:
        """Who signed an act before must still be somebody when it is completed."""
        for key in (key for one in self.done.values() if one.nature == "act" for key in one.by):
            if case.world.key(key).ended:  # AUTH-2
                raise KeyNotGood(f"处置 {self.id} 此前签名的密钥 {key} 已停用，请重新提出", subject=key)

    def _require_proposal_entry(self, position: int, leaf: str, case: Case) -> None:
        found = case.world.located(self.id, self.done["propose"].version)
        if (position, leaf) != found:  # PROJ-10
            raise WrongEntry(
                f"处置 {self.id} 所提出的一条（位置、哈希）是 {found}，所写的不是这一条", subject=self.id
            )

    def _clear_assets(self, case: Case) -> None:
        for identity in self.assets:
            asset = case.world.get(Asset, identity, "资产")
            if asset.open_disposal == self.id:
                asset.clear_disposal(self.id, case)

    # --- what an event does: it only assigns ---

    def _did(self, step: str, said: steps.Step) -> None:
        order = said.originator_version
        self._assert(order, said.occurred_on, {})  # nothing of a field: only that something happened that day
        self.done[step] = Done(order, said.nature, tuple(said.by), said.occurred_on)
        if said.unchecked:
            self._enter(order, said.by, said.batch, said.batch_index)
        if said.nature != "act":
            self.not_met = list(dict.fromkeys([*self.not_met, *said.notes]))
            self.handled = ""  # whoever handled it knew nothing of this one
        self._end()

    def _end(self) -> None:
        """A lease is use: it ends when it is settled, and the asset stays in the books."""
        if "derecognise" in self.done:
            self.ended = "derecognised"
        elif self.handled == "rectify":
            self.ended = "rectify"
        elif self.method == "lease" and (self._is_act("settle") or self.handled):
            self.ended = "settled"

    def _handled_as(self, said: Handled) -> None:
        self.handled = said.outcome
        self._end()

    def _proposed_as(self, said: Proposed) -> None:
        self.method, self.owner_type, self.assets = said.method, said.owner_type, said.assets
        self.realty, self.expected_fen = said.land_house_vehicle, said.expected_fen
        self._assert(said.originator_version, said.occurred_on, {"areas": said.areas, "name": said.name})
        self._did("propose", said)


def _signed(case: Case) -> State:
    """What every step keeps of the command beside its payload."""
    return {
        "batch": case.batch,
        "batch_index": case.index,
        "by": case.by,
        "nature": case.nature,
        "notes": case.notes,
        "occurred_on": case.occurred_on,
        "unchecked": case.nature != "act",
    }
