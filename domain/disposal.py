"""Disposals (处置): the aggregate. Proposed, decided, approved, settled, derecognised, each by other hands.

Its commands stand in disposing.py, the path of each type of owner in paths.py. A step that was done outside is
recorded as a fact with the rules it did not meet: it confers no authority, and nothing is derecognised on it
until whoever was competent to approve has handled it (D9).
"""

from collections.abc import Sequence

from domain import disposal_steps as steps
from domain.asset import Asset
from domain.citing import cited, cited_as, require_kinds
from domain.disposal_course import Course
from domain.document import refuse_late_act
from domain.entered import Entered, signed
from domain.errors import LabelDiffers, NotProposer
from domain.errors_disposal import (
    FactNotHandled,
    PartOfNothing,
    StepDone,
    StepNotOnPath,
    WrongDisposalTerm,
    WrongHand,
    WrongPart,
)
from domain.grounds import (
    weigh_announced,
    weigh_assets,
    weigh_contracts,
    weigh_decision,
    weigh_free,
    weigh_ground,
    weigh_papers_to_approve,
    weigh_term,
)
from domain.notice import require_notice
from domain.paths import (
    METHODS,
    PATHS,
    papers_to_approve,
    papers_to_settle,
)
from domain.proposal import check_expiry
from domain.title import OWNER_TYPES
from domain.values import shortened
from domain.verdicts import Shown
from domain.world import Case


def name_of(method: str, assets: Sequence[Asset]) -> str:
    """What a signer of any step must recognise."""
    return shortened(f"{METHODS[method]}：{'、'.join(one.name for one in assets)}")


class Disposal(Course):
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

    class Endorsed(Entered.Endorsed):
        TOPIC = "disposal.endorsed.v1"

    class CorrectionProposed(Entered.CorrectionProposed):
        TOPIC = "disposal.correction_proposed.v1"

    class Corrected(Entered.Corrected):
        TOPIC = "disposal.corrected.v1"

    # --- guards: the steps ---

    def propose(self, asked: steps.Propose, unique: str, case: Case) -> None:
        assets = [case.world.get(Asset, one, "资产") for one in asked.assets]
        if asked.name != name_of(asked.method, assets):  # ID-3
            raise LabelDiffers(f"处置应写作“{name_of(asked.method, assets)}”，所写是“{asked.name}”")
        refuse_late_act(case, asked.late_reason)
        self._require_hand("propose", PATHS[asked.owner_type], case)
        require_expiry(case, asked.expires_on)
        weigh_assets(case, assets, asked.owner_type)
        weigh_ground(case, asked.ground, asked.project, asked.assets)
        if asked.method == "lease":
            weigh_term(case, asked.months, Shown((asked.earlier_document,), tuple(asked.assets)))
        free = weigh_free(case, assets)
        stated = {
            key: value for key, value in case.payload.items() if key not in {"disposal", "earlier_document"}
        }
        areas = list(dict.fromkeys(area for one in assets for area in one.places(case.occurred_on)))
        self.trigger_event(self.Proposed, **stated, **signed(case), areas=areas, code=unique)
        for one in free:
            one.propose_disposal(self.id, case)

    def decide(self, asked: steps.Decide, case: Case) -> None:
        refuse_late_act(case, asked.late_reason)
        self._begin_step("decide", asked.name, case)
        self._require_proposal_entry(asked.position, asked.leaf, case)
        fixed = weigh_decision(case, asked, self.owner_type, self.about())
        stated = {key: value for key, value in case.payload.items() if key not in {"disposal", "name"}}
        assurance = "B" if self.path.decision == "consent" else "A"
        self.trigger_event(self.Decided, **stated, **signed(case), assurance=assurance, fixed_fen=fixed)

    def approve(self, asked: steps.Approve, case: Case) -> None:
        if not self.path.approved:  # DISP-17
            raise StepNotOnPath(
                f"{self.called}是{OWNER_TYPES[self.owner_type]}资产，不经审批", subject=self.id
            )
        refuse_late_act(case, asked.late_reason)
        self._begin_step("approve", asked.name, case)
        self._require_proposal_entry(asked.position, asked.leaf, case)
        shown = Shown((asked.approval, *asked.documents), self.about())
        self.weigh_level(asked.level, case, shown)
        cited_as(case, asked.approval, ("approval",), "审批", self.about())
        documents = cited(case, asked.documents, self.about())
        amount = self.amount_fen(case)
        weigh_papers_to_approve(
            case,
            documents,
            lambda limit: papers_to_approve(self.owner_type, self.method, amount, limit),
            f"{METHODS[self.method]}审批",
            shown,
        )
        require_notice(case, asked.notice, shown)
        appraised = [
            one.amount_fen for one in documents if one.kind == "appraisal" and one.amount_fen is not None
        ]
        stated = {key: value for key, value in case.payload.items() if key not in {"disposal", "name"}}
        self.trigger_event(
            self.Approved, **stated, **signed(case), appraised_fen=max(appraised) if appraised else None
        )

    def settle(self, asked: steps.Settle, case: Case) -> None:
        refuse_late_act(case, asked.late_reason)
        self._begin_step("settle", asked.name, case)
        if asked.counterparty is not None:
            asked.counterparty.check(case)
        documents = cited(case, asked.documents, self.about())
        ready = max((self.done[one].day for one in ("decide", "approve") if one in self.done), default="")
        weigh_contracts(case, documents, ready)
        demanded = papers_to_settle(self.owner_type, self.method, asked.received_fen)
        require_kinds(case, documents, demanded, f"{METHODS[self.method]}结算")
        shown = Shown(tuple(asked.documents), self.about())
        if self.method == "auction" and self.owner_type != "household":
            weigh_announced(case, documents, shown)
        self.weigh_money(case, asked)
        self.weigh_price(case, asked.deal_fen, shown)
        stated = {key: value for key, value in case.payload.items() if key not in {"disposal", "name"}}
        self.trigger_event(self.Settled, **stated, **signed(case))
        if self.ended:
            self._clear_assets(case)

    def derecognise(self, asked: steps.Derecognise, case: Case) -> None:
        if self.method == "lease":  # DISP-17
            raise StepNotOnPath(f"{self.called}是出租，资产不核销", subject=self.id)
        self._begin_step("derecognise", asked.name, case)
        if sorted(one.asset for one in asked.parts) != sorted(self.assets):  # DISP-22
            raise WrongPart(f"{self.called}的资产是 {'、'.join(self.assets)}，须逐项列出", subject=self.id)
        nothing = [one.asset for one in asked.parts if one.amount_fen == 0]
        if nothing:  # DISP-23
            raise PartOfNothing(f"{self.called}核销资产 {'、'.join(nothing)} 的金额须大于零", subject=self.id)
        cited_as(case, asked.voucher, ("voucher",), "核销", self.about())
        stated = {key: value for key, value in case.payload.items() if key not in {"disposal", "name"}}
        self.trigger_event(self.Derecognised, **stated, **signed(case), evidence="original", late_reason="")
        for part in asked.parts:
            asset = case.world.get(Asset, part.asset, "资产")
            asset.derecognise(self.id, case, voucher=asked.voucher, amount_fen=part.amount_fen)

    # --- guards: what ends or mends ---

    def handle(self, asked: steps.Handle, case: Case) -> None:
        """Whoever was competent to approve says what becomes of what was done without (D9)."""
        self._require_open(asked.name)
        if "settle" not in self.done or self._is_act("settle") or self.handled:  # DISP-17
            raise StepNotOnPath(f"{self.called}没有已成事实、待处理的交易", subject=self.id)
        self._require_facts_checked(case)
        self._require_others("handle", case)
        if asked.outcome == "confirmed" and not self._is_act("decide"):  # DISP-15
            raise FactNotHandled(f"{self.called}须先由所有权人作出决定，方可同意续办", subject=self.id)
        self.weigh_level(asked.level, case)
        cited_as(case, asked.approval, ("approval",), "处理既成处置", self.about())
        self._weigh_unused(case)
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

    def withdraw(self, asked: steps.Withdraw, case: Case) -> None:
        self._require_open(asked.name)
        if not case.persons <= case.persons_of(self.done["propose"].by):  # PROP-4
            raise NotProposer(f"{self.called}只能由提出人撤回", subject=self.id)
        if self.done.keys() & {"approve", "settle"}:  # DISP-11
            raise StepDone(f"{self.called}已审批或结算，不能撤回", subject=self.id)
        self.trigger_event(self.Withdrawn, by=case.by, occurred_on=case.occurred_on, reason=asked.reason)
        self._clear_assets(case)

    def reject(self, asked: steps.Reject, case: Case) -> None:
        self._require_open(asked.name)
        hands = self.path.decide | (self.path.hands("approve") if self.path.approved else frozenset())
        if not {signer.role for signer in case.signers} <= hands:  # DISP-8
            raise WrongHand(f"{self.called}由决定人、审批人否决", subject=self.id)
        self._require_others("reject", case)
        if "settle" in self.done:  # DISP-11
            raise StepDone(f"{self.called}已结算，不能否决", subject=self.id)
        self.trigger_event(self.Rejected, by=case.by, occurred_on=case.occurred_on, reason=asked.reason)
        self._clear_assets(case)


def require_expiry(case: Case, expires_on: str) -> None:
    """What several must sign waits until a day; what was done waits for nobody."""
    if (case.nature == "act") != bool(expires_on):  # DISP-25
        raise WrongDisposalTerm("办理处置须写提议期限，到期另行提出；既成事实此栏留空")
    if expires_on:
        check_expiry(case, expires_on)
