"""The course of a disposal (处置进程): how far it has come, whose turn it is, and what every step asks alike.

What each step asks beside, and what it says, stands in disposal.py.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple

from domain import disposal_steps as steps
from domain.asset import Asset
from domain.authority import roles_label
from domain.entered import Entered
from domain.errors import KeyNotGood, LabelDiffers, NotCorrectable, ProposalClosed, WrongEntry
from domain.errors_disposal import (
    DisposalNotChecked,
    FactNotHandled,
    SameHand,
    StepDone,
    WrongHand,
    WrongOrder,
)
from domain.grounds import (
    Paid,
    grounds_of,
    weigh_assets,
    weigh_free,
    weigh_level,
    weigh_level_by_amount,
    weigh_price,
    weigh_proceeds,
    weigh_received,
    weigh_term,
    weigh_unused,
)
from domain.paths import PATHS, SOLD, STEPS, Path, level_of
from domain.proposal import Proposal
from domain.values import entry_of
from domain.verdicts import Shown
from domain.world import Case
from domain.written import Written

# What a correction may find in a proposal and in a settlement, and what a signer recognises.
PROPOSED = ("areas", "expected_fen", "ground", "land_house_vehicle", "months", "name", "project", "reason")
SETTLED = ("account", "allocated_fen", "counterparty", "deal_fen", "received_fen", "retained_fen")
ENDINGS: dict[str, str] = {
    "": "在办",
    "settled": "已结算",
    "derecognised": "已核销",
    "withdrawn": "已撤回",
    "rejected": "已否决",
    "rectify": "已责令整改",
}

# Whose hands may not take a step: of those steps that were taken before, by whatever nature (DISP-12).
APART: dict[str, tuple[str, ...]] = {
    "decide": tuple(STEPS),
    "approve": tuple(STEPS),
    "handle": tuple(STEPS),
    "settle": ("decide", "approve"),
    "derecognise": ("propose", "decide", "approve"),
    "reject": ("propose",),
}


@dataclass(frozen=True, slots=True)
class Done:
    """A step that has been taken."""

    version: int
    nature: str
    by: tuple[str, ...]
    day: str


class Settlement(NamedTuple):
    """The money of a settlement as it would be written down."""

    account: str
    allocated_fen: int
    deal_fen: int | None
    received_fen: int
    retained_fen: int


class Course(Entered):
    """A disposal as its steps have left it."""

    def _begin(self) -> None:
        super()._begin()
        self.method = ""
        self.owner_type = ""
        self.assets: list[str] = []
        self.fixed_fen: int | None = None
        self.appraised_fen: int | None = None
        self.expires_on = ""
        self.rests_on: set[str] = set()  # the papers, notices and resolutions of its steps
        self.done: dict[str, Done] = {}
        self.not_met: list[str] = []
        self.handled = ""
        self.ended = ""

    @property
    def realty(self) -> bool:
        """Whether land, houses or vehicles are among it."""
        return self.last("land_house_vehicle") is True

    @property
    def expected_fen(self) -> int | None:
        found: int | None = self.last("expected_fen")
        return found

    @property
    def path(self) -> Path:
        return PATHS[self.owner_type]

    def about(self) -> tuple[str, ...]:
        """What a document must be about to bear a step: the disposal, or one of its assets."""
        return (self.id, *self.assets)

    def stands(self) -> Mapping[str, str]:
        return {
            "资产": "、".join(f"…{one[-6:]}" for one in self.assets),
            "已办": "、".join(STEPS[one] for one in self.done),
        }

    # --- what the guards ask ---

    def amount_fen(self, case: Case) -> int | None:
        """What the disposal weighs: the carrying amount or what is expected, whichever is more. None: unknown."""
        carrying = [case.world.get(Asset, one, "资产").carrying_fen(case.occurred_on) for one in self.assets]
        known = [one for one in carrying if one is not None]
        if len(known) < len(carrying):
            return None
        return max(sum(known), self.expected_fen or 0)

    def weigh_level(self, stated: str, case: Case, shown: Shown | None = None) -> None:
        """Who must approve (DISP-14). What a household did without its own consent is for the township to handle."""
        if not self.path.approved:
            weigh_level(case, stated, "township")
            return
        amount = self.amount_fen(case)
        weigh_level_by_amount(
            case,
            stated,
            self.path.county_from,
            lambda limit: level_of(self.owner_type, amount, limit, realty=self.realty),
            shown,
        )

    def _begin_step(self, step: str, name: str, case: Case) -> None:
        """What every step after the proposal asks, on the state of now."""
        self._require_open(name)
        if self._is_act(step) or (step in self.done and case.nature != "act"):  # DISP-11
            raise StepDone(f"{self.called}已{STEPS[step]}，不再办一次", subject=self.id)
        self._require_hand(step, self.path, case)
        if case.nature == "act":
            self._require_facts_checked(case)
            self._require_authority(step)
            self._require_others(step, case)
            if self.method == "lease" and not self._is_act("propose"):
                weigh_term(case, self.last("months"))
            if step in {"decide", "approve"}:
                self._require_time_left(case)
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
                f"{self.called}须先{'、'.join(STEPS[one] for one in missing)}，再{STEPS[step]}，日期也须如此",
                subject=self.id,
            ),
        )
        assets = [case.world.get(Asset, one, "资产") for one in self.assets]
        weigh_assets(case, assets, self.owner_type)
        self._weigh_unused(case)
        if case.nature == "act":
            self._take_up(assets, case)

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
                f"{self.called}的{'、'.join(STEPS[one] for one in idle)}是既成事实，不产生权限："
                f"须由所有权人另行决定、有权审批的单位审批或处理，再{STEPS[step]}",
                subject=self.id,
            )

    def _require_open(self, name: str) -> None:
        if name != self.name:  # ID-3
            raise LabelDiffers(f"处置 {self.id} 是“{self.name}”，所写是“{name}”", subject=self.id)
        if self.ended:  # DISP-11
            raise StepDone(f"{self.called}{ENDINGS[self.ended]}，不再办理", subject=self.id)

    def _require_hand(self, step: str, path: Path, case: Case) -> None:
        """An act is the hand's that the path names; a fact is entered by whoever enters facts (AUTH-4)."""
        roles = {signer.role for signer in case.signers}
        if case.nature == "act" and not roles <= path.hands(step):  # DISP-8
            raise WrongHand(
                f"此处置的{STEPS[step]}由{roles_label(path.hands(step) & case.roles)}办理，"
                f"{roles_label(roles - path.hands(step))}无权",
                subject=self.id,
            )

    def _require_others(self, step: str, case: Case) -> None:
        before = [key for one in APART[step] if one in self.done for key in self.done[one].by]
        if case.persons & case.persons_of(before):  # DISP-12
            raise SameHand(
                f"{self.called}的提出、决定、审批、核销须由不同的人签名，决定、审批的人不办理结算",
                subject=self.id,
            )

    def is_lapsed(self, today: str) -> bool:
        """Whether it waited too long for its decision or approval. What has been done outside is past waiting."""
        signed = [one for one in ("decide", "approve") if one in self.path.before("settle")]
        waits = not self.ended and "settle" not in self.done and not all(self._is_act(one) for one in signed)
        return waits and "" < self.expires_on < today

    def _require_time_left(self, case: Case) -> None:
        if self.is_lapsed(case.today):  # PROP-1
            raise ProposalClosed(
                f"{self.called}的提议已于 {self.expires_on} 到期，请另行提出", subject=self.id
            )

    def _weigh_unused(self, case: Case) -> None:
        """What a step rests on has borne no other disposal of the same assets."""
        assets = [case.world.get(Asset, one, "资产") for one in self.assets]
        others = dict.fromkeys(one for asset in assets for one in asset.disposals if one != self.id)
        found = [case.world.find(one) for one in others]
        used = {
            key for one in found if isinstance(one, Course) and not one.duplicate_of for key in one.rests_on
        }
        weigh_unused(case, self.id, used)

    def _take_up(self, assets: Iterable[Asset], case: Case) -> None:
        """An act goes on with assets that are in no other disposal: a fact may have found them in one (DISP-7)."""
        weigh_free(case, [one for one in assets if one.open_disposal != self.id])
        for one in assets:
            if one.open_disposal != self.id:
                one.propose_disposal(self.id, case)

    def _require_facts_checked(self, case: Case) -> None:
        if not self.is_checked(case):  # DISP-16
            raise DisposalNotChecked(
                f"{self.called}登记的既成事实未核，须先由乡农服中心另一人核对", subject=self.id
            )

    def _require_good_keys(self, case: Case) -> None:
        """Who signed an act before must still be somebody when it is completed."""
        for key in (key for one in self.done.values() if one.nature == "act" for key in one.by):
            if case.world.key(key).ended:  # AUTH-2
                raise KeyNotGood(f"{self.called}此前签名的密钥 {key} 已停用，请重新提出", subject=key)

    def _require_proposal_entry(self, position: int, leaf: str, case: Case) -> None:
        found = case.world.located(self.id, self.done["propose"].version)
        if (position, leaf) != found:  # PROJ-10
            raise WrongEntry(
                f"{self.called}所提出的一条是{entry_of(found)}，所写的不是这一条", subject=self.id
            )

    def _clear_assets(self, case: Case) -> None:
        for identity in self.assets:
            asset = case.world.get(Asset, identity, "资产")
            if asset.open_disposal == self.id:
                asset.clear_disposal(self.id, case)

    # --- correction ---

    def require_correctable(self, content: Mapping[str, Any], case: Case, label: str) -> None:
        """What is proposed as an act is given up and proposed anew; money that was settled as an act still adds up."""
        super().require_correctable(content, case, label)
        version, changes = content["corrects"], content["changes"]
        (step,) = [one for one, done in self.done.items() if done.version == version] or [""]
        if step == "propose" and self._is_act(step):  # CORR-2
            raise NotCorrectable(
                f"{self.called}是办理中提出的，由人据以签署，须撤回或否决后另行提出", subject=self.id
            )
        if step == "settle" and self._is_act(step):
            now = {name: self.last(name) for name in SETTLED} | {one["field"]: one["now"] for one in changes}
            money = Settlement(**{name: now[name] for name in Settlement._fields})
            self.weigh_money(case, money)
            if money.deal_fen != self.last("deal_fen"):
                self.weigh_price(case, money.deal_fen, day=self.done[step].day)

    def require_duplicate(self, version: int, instead: str, case: Case) -> None:
        """What was done upon it through the ledger stands."""
        if self.ended or any(self._is_act(one) for one in self.done):  # CORR-2
            raise NotCorrectable(f"{self.called}已有办理的步骤或已结束，不作重复登记更正", subject=self.id)
        super().require_duplicate(version, instead, case)

    def fulfil(self, case: Case, proposal: Proposal) -> None:
        """A disposal that is another's duplicate holds no asset any more."""
        super().fulfil(case, proposal)
        if self.duplicate_of:
            self._clear_assets(case)

    def weigh_money(self, case: Case, asked: Paid) -> None:
        """What is asked of the money of a settlement (DISP-18, DISP-20, DISP-21)."""
        weigh_proceeds(case, asked, self.path.account)
        if self.method in SOLD:
            weigh_received(case, asked)

    def weigh_price(self, case: Case, deal: int | None, shown: Shown | None = None, day: str = "") -> None:
        """What is asked of the price (DISP-19), by the law of the day of the deal and of today."""
        weigh_price(case, deal, self.appraised_fen, self.fixed_fen, shown, day)

    # --- what an event does: it only assigns ---

    def _corrected(self, said: Written.Corrected) -> None:
        super()._corrected(said)
        if not self.ended:
            self.handled = ""  # whoever handled it knew nothing of this one

    def _settled_as(self, said: steps.Settled) -> None:
        self._assert(
            said.originator_version, said.occurred_on, {name: getattr(said, name) for name in SETTLED}
        )
        self._did("settle", said)

    def _did(self, step: str, said: steps.Step) -> None:
        order = said.originator_version
        self._assert(order, said.occurred_on, {})  # nothing of a field: only that something happened that day
        self.rests_on.update(grounds_of(vars(said)))
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

    def _handled_as(self, said: steps.Handled) -> None:
        self.rests_on.update(grounds_of(vars(said)))
        self.handled = said.outcome
        self._end()

    def _proposed_as(self, said: steps.Proposed) -> None:
        self.method, self.owner_type, self.assets = said.method, said.owner_type, said.assets
        self.expires_on = said.expires_on
        self._assert(
            said.originator_version, said.occurred_on, {name: getattr(said, name) for name in PROPOSED}
        )
        self._did("propose", said)
