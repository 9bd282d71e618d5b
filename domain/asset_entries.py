"""The entries of an asset: what each says. An event hands itself over to be assigned."""

from typing import Any

from domain.asset_card import booked_says, gone_says, opened_says, reported_says, title_says
from domain.base import Event, State
from domain.entered import Entry


class Opening(Entry):
    """What is found of an asset on a day."""

    additions_fen: int
    area_label: str
    areas: list[str]
    booked_on: str
    carrying_fen: int | None
    category: str
    certificate: str
    code: str
    condition: str
    custodian: str
    depreciation_fen: int
    disposed_fen: int
    disputed: bool | None
    encumbered: bool | None
    in_service_on: str
    kind: str
    life_months: int | None
    location: str
    name: str
    number: str
    original_fen: int | None
    owner_type: str
    papers_missing: list[str]
    papers_present: list[str]
    projects: list[str]
    quantity: str
    registered: bool | None
    row: State | None
    shares: list[State]
    specification: str

    def says(self) -> State:
        return opened_says(vars(self))

    def apply(self, aggregate: Any) -> None:
        super().apply(aggregate)
        aggregate.number = self.number
        aggregate.opened_on = self.occurred_on


class Booked(Entry):
    acceptance: str
    accepted_on: str
    amount_fen: int
    kind: str
    voucher: str

    def says(self) -> State:
        return booked_says(vars(self))


class SharesSet(Entry):
    basis: str
    owner_type: str
    shares: list[State]

    def says(self) -> State:
        return {"owner_type": self.owner_type, "shares": self.shares}


class ConditionReported(Entry):
    condition: str
    custodian: str
    disputed: bool | None
    encumbered: bool | None
    finding: str
    photos: list[str]
    witness: str

    def says(self) -> State:
        return reported_says(vars(self))


class OwnershipProposed(Event):
    by: list[str]
    expires_on: str
    notes: list[str]
    occurred_on: str
    proposal: str
    title: State

    def apply(self, aggregate: Any) -> None:
        aggregate._proposed[self.proposal] = (self.originator_version, self.title)
        aggregate.ownership_proposal = self.proposal


class OwnershipRegistered(Entry):
    basis: str
    certificate: str
    decided_on: str
    decision: str
    notice_from: str
    notice_place: str
    notice_to: str
    objections_settled: bool | None
    owner_type: str
    proposal: str
    shares: list[State]

    def says(self) -> State:
        return title_says(vars(self))

    def apply(self, aggregate: Any) -> None:
        super().apply(aggregate)
        aggregate.ownership_proposal = ""


class DisposalProposed(Event):
    by: list[str]
    disposal: str
    occurred_on: str

    def apply(self, aggregate: Any) -> None:
        aggregate.open_disposal, aggregate.disposal_since = self.disposal, self.occurred_on
        aggregate.disposals.append(self.disposal)


class DisposalCleared(Event):
    by: list[str]
    disposal: str
    occurred_on: str

    def apply(self, aggregate: Any) -> None:
        aggregate.open_disposal = aggregate.disposal_since = ""


class Derecognised(Event):
    amount_fen: int | None
    by: list[str]
    disposal: str
    notes: list[str]
    occurred_on: str
    voucher: str
    whole: bool

    def apply(self, aggregate: Any) -> None:
        aggregate._assert(self.originator_version, self.occurred_on, gone_says(vars(self)))
        aggregate.open_disposal = aggregate.disposal_since = ""
