"""The events of a disposal: what each step says. An event hands itself over to be assigned."""

from typing import Any

from domain.base import Event, State


class Step(Event):
    """What every step keeps of its command beside its payload."""

    batch: str
    batch_index: int | None
    by: list[str]
    evidence: str  # the quality of what the step is entered from
    late_reason: str
    nature: str
    notes: list[str]
    occurred_on: str
    unchecked: bool


class Proposed(Step):
    areas: list[str]
    assets: list[str]
    code: str
    expected_fen: int | None
    expires_on: str  # "" of a fact
    ground: str
    land_house_vehicle: bool
    method: str
    months: int | None
    name: str
    number: str
    owner_type: str
    project: str
    reason: str

    def apply(self, aggregate: Any) -> None:
        aggregate._proposed_as(self)


class Decided(Step):
    assurance: str  # A: own key; B: a paper that another entered (D15)
    document: str
    fixed_fen: int | None  # the price that the meeting fixed
    leaf: str
    meeting: str
    position: int
    resolution: int | None

    def apply(self, aggregate: Any) -> None:
        aggregate.fixed_fen = self.fixed_fen
        aggregate._did("decide", self)


class Approved(Step):
    appraised_fen: int | None
    approval: str
    documents: list[str]
    leaf: str
    level: str
    notice: str
    position: int

    def apply(self, aggregate: Any) -> None:
        aggregate.appraised_fen = self.appraised_fen
        aggregate._did("approve", self)


class Settled(Step):
    account: str
    allocated_fen: int
    counterparty: State | None
    deal_fen: int | None
    documents: list[str]
    received_fen: int
    retained_fen: int

    def apply(self, aggregate: Any) -> None:
        aggregate._settled_as(self)


class Derecognised(Step):
    parts: list[State]
    voucher: str

    def apply(self, aggregate: Any) -> None:
        aggregate._did("derecognise", self)


class Handled(Event):
    approval: str
    by: list[str]
    level: str
    not_met: list[str]  # the rules that the facts did not meet, as whoever handled them knew
    occurred_on: str
    outcome: str
    reason: str

    def apply(self, aggregate: Any) -> None:
        aggregate._assert(self.originator_version, self.occurred_on, {})
        aggregate._handled_as(self)


class Withdrawn(Event):
    by: list[str]
    occurred_on: str
    reason: str

    def apply(self, aggregate: Any) -> None:
        aggregate._assert(self.originator_version, self.occurred_on, {})
        aggregate.ended = "withdrawn"


class Rejected(Event):
    by: list[str]
    occurred_on: str
    reason: str

    def apply(self, aggregate: Any) -> None:
        aggregate._assert(self.originator_version, self.occurred_on, {})
        aggregate.ended = "rejected"
