"""Proposals (提议): what several must sign, one after another, each in a capacity and at a time of their own (D10).

A proposal names its target (stream and version of what was proposed) and its needs in order. Each later
signer endorses exactly that entry, by position and hash. The last endorsement completes it: the target does
what was proposed, on the state of that moment.
"""

from collections.abc import Sequence
from typing import Literal, Protocol, runtime_checkable

from eventsourcing.domain import event

from domain.authority import ROLE_LABELS
from domain.base import Aggregate, Event
from domain.command import Payload, command
from domain.errors import (
    KeyNotGood,
    LabelDiffers,
    NotFound,
    NotProposer,
    ProposalClosed,
    SamePerson,
    WrongCapacity,
    WrongEntry,
    WrongExpiry,
)
from domain.values import (
    Count,
    FilledLine,
    FilledText,
    ProposalId,
    Sha256,
    SubjectId,
    days_after,
    entry_of,
    named,
)
from domain.verdicts import weigh_by_law
from domain.world import Case

Capacity = Literal["checks", "approves", "seals", "countersigns"]
CAPACITIES: dict[str, str] = {
    "checks": "核查",
    "approves": "批准",
    "seals": "盖章认定",
    "countersigns": "会签",
}


@runtime_checkable
class Target(Protocol):
    """What a noun owes to the proposals made on it."""

    def places(self, day: str) -> list[str]:
        """The areas that every endorser's post must be over."""
        ...

    def accepts(self, proposal: "Proposal") -> bool:
        """Whether the proposal is still the one to sign."""
        ...

    def fulfil(self, case: Case, proposal: "Proposal") -> None:
        """Do what was proposed, or refuse: the guards run on the state of now."""
        ...


def target_of(case: Case, subject: str) -> Target:
    found = case.world.find(subject)
    if not isinstance(found, Target):
        raise NotFound(f"台账中没有 {subject}，请核对编号", subject=subject)
    return found


@command(
    "proposal.endorse.v1",
    title="签署提议",
    may={"act": ("service_centre", "township")},
    events=("proposal.endorsed.v1",),  # and what each noun does when it is completed: `also_gives`
)
class EndorseProposal(Payload):
    capacity: Capacity
    label: FilledLine  # what the proposal would do, for the signer to recognise
    leaf: Sha256
    position: Count
    proposal: ProposalId
    subject: SubjectId

    def summary(self) -> str:
        return f"签署提议（{CAPACITIES[self.capacity]}）：{self.label}，第 {self.position} 号分录"

    def places(self, case: Case) -> Sequence[str]:
        return target_of(case, self.subject).places(case.today)

    def decide(self, case: Case) -> None:
        proposal = case.world.get(Proposal, self.proposal, "提议")
        target = target_of(case, self.subject)
        proposal.endorse(self, case, target)
        if proposal.complete:
            target.fulfil(case, proposal)


@command(
    "proposal.withdraw.v1",
    title="撤回提议",
    may={"act": ("village_admin", "service_centre", "recorder")},
    events=("proposal.withdrawn.v1",),
)
class WithdrawProposal(Payload):
    label: FilledLine
    proposal: ProposalId
    reason: FilledText

    def summary(self) -> str:
        return f"撤回提议：{self.label}"

    def decide(self, case: Case) -> None:
        case.world.get(Proposal, self.proposal, "提议").withdraw(self, case)


def check_expiry(case: Case, expires_on: str) -> None:
    """How long a proposal may wait (PROP-3)."""
    weigh_by_law(
        case,
        "PROP-3",
        "proposal_days",
        lambda days: case.today <= expires_on <= days_after(case.today, days),
        lambda days: WrongExpiry(
            f"提议期限须在 {case.today} 至 {days_after(case.today, days)} 之间，所写是 {expires_on}"
        ),
    )


class Proposal(Aggregate):
    """Something that waits for signatures."""

    TOPIC = "proposal"

    class Made(Event):
        TOPIC = "proposal.made.v1"
        by: list[str]
        expires_on: str
        kind: str
        label: str
        needs: list[list[str]]
        occurred_on: str
        subject: str
        subject_version: int

    class Endorsed(Event):
        TOPIC = "proposal.endorsed.v1"
        by: list[str]
        capacity: str
        complete: bool
        leaf: str
        occurred_on: str
        position: int
        subject: str

    class Withdrawn(Event):
        TOPIC = "proposal.withdrawn.v1"
        by: list[str]
        occurred_on: str
        reason: str
        subject: str

    def _begin(self) -> None:
        self.kind = ""
        self.label = ""
        self.subject = ""
        self.subject_version = 0
        self.expires_on = ""
        self.needs: list[list[str]] = []
        self.made_by: list[str] = []
        self.endorsed_by: list[list[str]] = []
        self.is_withdrawn = False

    @property
    def called(self) -> str:
        """How a refusal calls it, to whoever may be told what it says (PROP-4)."""
        return named("提议", self.label, self.id)

    @property
    def complete(self) -> bool:
        return len(self.endorsed_by) == len(self.needs)

    def is_open(self, today: str) -> bool:
        return not self.complete and not self.is_withdrawn and today <= self.expires_on

    def make(
        self, case: Case, *, kind: str, label: str, target: Aggregate, needs: list[list[str]], expires_on: str
    ) -> None:
        """Record that what the target's latest event says waits for signatures."""
        check_expiry(case, expires_on)
        self._made(
            by=case.by,
            expires_on=expires_on,
            kind=kind,
            label=label,
            needs=needs,
            occurred_on=case.occurred_on,
            subject=target.id,
            subject_version=target.version,
        )

    def require_open(self, case: Case) -> None:
        if not self.is_open(case.today):  # PROP-1
            how = (
                "已完成"
                if self.complete
                else "已撤回"
                if self.is_withdrawn
                else f"已于 {self.expires_on} 到期"
            )
            raise ProposalClosed(f"{self.called}{how}，请另行提议", subject=self.id)

    def require_label(self, label: str) -> None:
        if label != self.label:  # ID-3
            raise LabelDiffers(f"提议 {self.id} 是“{self.label}”，所写是“{label}”", subject=self.id)

    def endorse(self, asked: EndorseProposal, case: Case, target: Target) -> None:
        if asked.subject != self.subject:
            raise WrongEntry(f"{self.called}所指的是 {self.subject}，不是 {asked.subject}", subject=self.id)
        self.require_open(case)
        if not target.accepts(self):
            raise ProposalClosed(f"{self.called}已被后来的提议取代，请签后来的", subject=self.id)
        self.require_label(asked.label)
        found = case.world.located(self.subject, self.subject_version)
        if (asked.position, asked.leaf) != found:  # PROJ-10
            raise WrongEntry(f"{self.called}所提的一条是{entry_of(found)}，所写的不是这一条", subject=self.id)
        capacity, role = self.needs[len(self.endorsed_by)]
        if asked.capacity != capacity or {signer.role for signer in case.signers} != {role}:  # PROP-2
            raise WrongCapacity(
                f"{self.called}现待{ROLE_LABELS[role]}{CAPACITIES[capacity]}，所签是{CAPACITIES[asked.capacity]}",
                subject=self.id,
            )
        before = [*self.made_by, *(key for keys in self.endorsed_by for key in keys)]
        if case.persons & case.persons_of(before):  # PROJ-9
            raise SamePerson(f"{self.called}的提议人、已签人不得再签，须由另一人签", subject=self.id)
        for key in before:
            if case.world.key(key).ended:  # AUTH-2
                raise KeyNotGood(f"{self.called}此前签名的密钥 {key} 已停用，请重新提议", subject=key)
        self._endorsed(
            by=case.by,
            capacity=capacity,
            complete=len(self.endorsed_by) + 1 == len(self.needs),
            leaf=asked.leaf,
            occurred_on=case.occurred_on,
            position=asked.position,
            subject=self.subject,
        )

    def withdraw(self, asked: WithdrawProposal, case: Case) -> None:
        if not case.persons <= case.persons_of(self.made_by):  # PROP-4: nobody else is told what it says
            raise NotProposer(f"提议 {self.id} 只能由提议人撤回", subject=self.id)
        self.require_open(case)
        self.require_label(asked.label)
        self._withdrawn(by=case.by, occurred_on=case.occurred_on, reason=asked.reason, subject=self.subject)

    @event(Made)
    def _made(
        self,
        *,
        by: list[str],
        expires_on: str,
        kind: str,
        label: str,
        needs: list[list[str]],
        occurred_on: str,
        subject: str,
        subject_version: int,
    ) -> None:
        self.made_by = by
        self.kind, self.label, self.needs, self.expires_on = kind, label, needs, expires_on
        self.subject, self.subject_version = subject, subject_version

    @event(Endorsed)
    def _endorsed(
        self,
        *,
        by: list[str],
        capacity: str,
        complete: bool,
        leaf: str,
        occurred_on: str,
        position: int,
        subject: str,
    ) -> None:
        self.endorsed_by = [*self.endorsed_by, by]

    @event(Withdrawn)
    def _withdrawn(self, *, by: list[str], occurred_on: str, reason: str, subject: str) -> None:
        self.is_withdrawn = True
