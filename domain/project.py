"""Projects (帮扶产业项目): the aggregate. Listed as found, checked by a second person, classified, corrected.

Its commands stand in listing.py, classifying.py and correction.py.
"""

from typing import Any, ClassVar

from eventsourcing.domain import event

from domain.base import Event, State
from domain.classification import Opinion
from domain.entered import Entered
from domain.errors import (
    AlreadyChecked,
    NotEnterer,
    OpinionsNotSought,
    ProposalOpen,
    WrongEntry,
    WrongStage,
)
from domain.proposal import Proposal
from domain.scope import SCOPE, check_scope
from domain.world import Case

# Fields that may be said again for a later day, or corrected: each is kept as its assertions.
DATED = [
    "area_label",
    "areas",
    "build_year",
    "category",
    "content",
    "department",
    "former_poor_village",
    "fund_lines",
    "name",
    "operating_assets",
    "operator",
    "place",
    "scale",
    "subsisting",
    "total_fen",
]


class Entry(Event):
    """What is entered about a project. So many fields that the event hands itself over to be assigned."""

    area_label: str
    areas: list[str]
    batch: str
    batch_index: int | None
    build_year: int | None
    by: list[str]
    category: str
    code: str
    contact: str
    content: str
    department: str
    former_poor_village: bool | None
    fund_lines: list[State]
    late_reason: str
    name: str
    nature: str
    notes: list[str]
    number: str
    occurred_on: str
    operating_assets: bool | None
    operator: str
    row: State | None
    place: str
    scale: str
    subsisting: bool | None
    total_fen: int | None
    unchecked: bool

    def apply(self, aggregate: Any) -> None:
        aggregate._entered(self)


class Project(Entered):
    """A project supported by assistance funds (帮扶资金)."""

    TOPIC = "project"
    WHAT = "项目"

    class Listed(Entry):
        TOPIC = "project.listed.v1"

    class Superseded(Entry):
        TOPIC = "project.superseded.v1"
        reason: str
        supersedes: int

        def apply(self, aggregate: Any) -> None:
            aggregate._withdraw(self.supersedes, DATED, self.originator_version)
            aggregate._entered(self)

    class Endorsed(Entered.Endorsed):
        TOPIC = "project.endorsed.v1"

    class ClassOpined(Event):
        TOPIC = "project.class_opined.v1"
        stored_as: ClassVar = {"class_": "class"}
        by: list[str]
        cause_codes: list[str]
        cause_text: str
        class_: str
        differs_from: str
        dimensions: State
        expires_on: str
        notes: list[str]
        occurred_on: str
        opinions_sought: State
        proposal: str
        stage: str

    class ClassDetermined(Event):
        TOPIC = "project.class_determined.v1"
        stored_as: ClassVar = {"class_": "class"}
        by: list[str]
        cause_codes: list[str]
        cause_text: str
        class_: str
        dimensions: State
        notes: list[str]
        occurred_on: str
        opined: int
        proposal: str
        stage: str

    class CorrectionProposed(Entered.CorrectionProposed):
        TOPIC = "project.correction_proposed.v1"

    class Corrected(Entered.Corrected):
        TOPIC = "project.corrected.v1"

    def _begin(self) -> None:
        super()._begin()
        self.number = ""
        self.row_code = ""
        self.entered_at = 0  # version of the entry that says what the project is
        self.class_proposal = ""  # the class proposal made last, until it is completed
        self.village_proposal = ""

    @property
    def registered_at(self) -> int:
        return self.entered_at

    def require_in_scope(self, case: Case) -> None:
        check_scope(case, {field: self.at(field, case.occurred_on) for field in SCOPE})

    # --- guards ---

    def register(self, entry: State) -> None:
        """`entry` is what listing.py made of the command, after the rules about what may be listed."""
        self.trigger(self.Listed, entry)

    def require_own_unchecked(self, version: int, case: Case) -> None:
        """Only who entered a row may rewrite it, and only while it is 未核 (D9)."""
        if self.is_checked(case):  # PROJ-8
            raise AlreadyChecked(f"{self.called}已核，不能改行，请作更正", subject=self.id)
        if version != self.entered_at:  # PROJ-10
            raise WrongEntry(
                f"{self.called}现行的一条是第 {self.entered_at} 版，所写是 {version}", subject=self.id
            )
        if not case.persons <= case.persons_of(self._entries[version].by):
            raise NotEnterer(f"{self.called}未核时只由录入人自己改行，他人请作更正", subject=self.id)

    def supersede(self, entry: State) -> None:
        self.trigger(self.Superseded, entry)

    def opine_class(self, asked: Opinion, case: Case) -> None:
        self.require_name(asked.name, case.occurred_on)
        self.require_checked(case)
        if asked.stage == "village":  # CLASS-5
            if asked.differs_from:
                raise WrongStage("村级认定不写所不同意的提议")
        elif not asked.differs_from or asked.differs_from != self.village_proposal:
            village = self.village_proposal
            told = case.world.get(Proposal, village, "提议").called if village else "提议（尚无）"
            raise WrongStage(f"乡级另提意见须指明所不同意的村级{told}", subject=self.id)
        elif self.at("class_village", case.occurred_on) == asked.class_:
            raise WrongStage("与村级意见相同的，请直接签署村级提议", subject=self.id)
        if self.class_proposal and self.class_proposal != asked.differs_from:  # CLASS-4
            open_one = case.world.get(Proposal, self.class_proposal, "提议")
            if open_one.is_open(case.today):
                raise ProposalOpen(
                    f"{self.called}已有待签的认定{open_one.called}，须先签完、撤回或到期",
                    subject=self.class_proposal,
                )
        if self.at("operator", case.occurred_on) and not asked.opinions_sought.operator:  # CLASS-3
            raise OpinionsNotSought(f"{self.called}有经营主体，须先征求其意见", subject=self.id)
        self.require_in_scope(case)
        stated = case.payload
        self.trigger_event(
            self.ClassOpined,
            by=case.by,
            cause_codes=stated["cause_codes"],
            cause_text=asked.cause_text,
            class_=asked.class_,
            differs_from=asked.differs_from,
            dimensions=stated["dimensions"],
            expires_on=asked.expires_on,
            notes=case.notes,
            occurred_on=case.occurred_on,
            opinions_sought=stated["opinions_sought"],
            proposal=asked.proposal,
            stage=asked.stage,
        )

    # --- what a proposal asks of its target ---

    def accepts(self, proposal: Proposal) -> bool:
        """Whether a proposal is still the one to sign: a later class proposal takes the place of an earlier."""
        return proposal.kind != "project.class" or self.class_proposal == proposal.id

    def complete(self, case: Case, kind: str, version: int, done: State) -> None:
        self.require_checked(case)
        self.require_in_scope(case)
        self.trigger_event(self.ClassDetermined, notes=case.notes, opined=version, stage="township", **done)

    # --- what an event does: it only assigns ---

    def _entered(self, said: Entry) -> None:
        self.number = said.number
        self.row_code = said.row["code"] if said.row else ""
        self._entries.pop(self.entered_at, None)  # what is rewritten need not be checked any more
        self._enter(said.originator_version, said.by, said.batch, said.batch_index)
        self.entered_at = said.originator_version
        self._assert(said.originator_version, said.occurred_on, vars(said))

    @event(ClassOpined)
    def _class_opined(
        self,
        *,
        cause_codes: list[str],
        cause_text: str,
        class_: str,
        dimensions: State,
        occurred_on: str,
        proposal: str,
        stage: str,
    ) -> None:
        content = {
            "class_": class_,
            "cause_codes": cause_codes,
            "cause_text": cause_text,
            "dimensions": dimensions,
        }
        self._proposed[proposal] = (self.version + 1, content)
        self.class_proposal = proposal
        if stage == "village":
            self.village_proposal = proposal
            self._assert(self.version + 1, occurred_on, {"class_village": class_})

    @event(ClassDetermined)
    def _class_determined(self, *, class_: str, occurred_on: str) -> None:
        self.class_proposal = ""
        self._assert(self.version + 1, occurred_on, {"class_township": class_})
