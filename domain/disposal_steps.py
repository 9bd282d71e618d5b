"""The steps of a disposal: what each asks (`Propose`), and what its event says (`Proposed`).

Who may take them stands in disposing.py, what is asked of them in disposal.py. An event hands itself over to be
assigned.
"""

from typing import Annotated, Any, Literal

from pydantic import Field

from domain.base import Event, State
from domain.command import Payload, Value
from domain.holding import Evidence
from domain.party import Party
from domain.paths import Account, Ground, Level, Method
from domain.title import OwnerType
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
)

Documents = Annotated[list[DocumentId], Field(max_length=40)]


class Asked(Payload):
    """What every step after the proposal asks beside its own: `name` is what its signer must recognise."""

    disposal: DisposalId
    name: FilledLine


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


class Propose(Payload):
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


class Decide(Asked):
    document: DocumentId | Blank
    evidence: Evidence
    late_reason: Line
    leaf: Sha256
    meeting: MeetingId | Blank
    position: Count
    resolution: Annotated[int, Field(ge=1, le=50)] | None


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


class Approve(Asked):
    approval: DocumentId | Blank
    documents: Documents
    evidence: Evidence
    late_reason: Line
    leaf: Sha256
    level: Level
    notice: NoticeId | Blank
    position: Count


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


class Settle(Asked):
    account: Account
    allocated_fen: Fen
    counterparty: Party | None
    deal_fen: Fen | None
    documents: Documents
    evidence: Evidence
    late_reason: Line
    received_fen: Fen
    retained_fen: Fen


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


class Part(Value):
    """An asset, and how much of its carrying amount goes; null: the whole asset."""

    amount_fen: Fen | None
    asset: AssetId


class Derecognise(Asked):
    parts: Annotated[list[Part], Field(min_length=1, max_length=50)]
    voucher: DocumentId


class Derecognised(Step):
    parts: list[State]
    voucher: str

    def apply(self, aggregate: Any) -> None:
        aggregate._did("derecognise", self)


class Handle(Asked):
    approval: DocumentId
    level: Level
    outcome: Literal["confirmed", "rectify"]
    reason: FilledText


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


class Withdraw(Asked):
    reason: FilledText


class Withdrawn(Event):
    by: list[str]
    occurred_on: str
    reason: str

    def apply(self, aggregate: Any) -> None:
        aggregate._assert(self.originator_version, self.occurred_on, {})
        aggregate.ended = "withdrawn"


class Reject(Asked):
    reason: FilledText


class Rejected(Event):
    by: list[str]
    occurred_on: str
    reason: str

    def apply(self, aggregate: Any) -> None:
        aggregate._assert(self.originator_version, self.occurred_on, {})
        aggregate.ended = "rejected"
