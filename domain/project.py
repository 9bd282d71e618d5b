"""Projects (帮扶产业项目): the aggregate. Listed as found, checked by a second person, classified, corrected.

Its commands stand in listing.py, classification.py and correction.py.
"""

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any, ClassVar

from eventsourcing.domain import event

from domain.assertions import Assertion, Dated
from domain.base import Aggregate, Event, State
from domain.batch import Batch
from domain.errors import (
    AlreadyChecked,
    LabelDiffers,
    NotChecked,
    NotEnterer,
    NothingCorrected,
    OpinionsNotSought,
    ProposalOpen,
    SamePerson,
    WrongEntry,
    WrongStage,
)
from domain.proposal import Proposal
from domain.scope import SCOPE, check_scope
from domain.world import Case

if TYPE_CHECKING:
    from domain.classification import OpineClass
    from domain.correction import CorrectProject
    from domain.listing import EndorseProject

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


class Project(Aggregate):
    """A project supported by assistance funds (帮扶资金)."""

    TOPIC = "project"

    class Listed(Entry):
        TOPIC = "project.listed.v1"

    class Superseded(Entry):
        TOPIC = "project.superseded.v1"
        reason: str
        supersedes: int

        def apply(self, aggregate: Any) -> None:
            aggregate._withdraw(self.supersedes, DATED, self.originator_version)
            aggregate._entered(self)

    class Endorsed(Event):
        TOPIC = "project.endorsed.v1"
        by: list[str]
        leaf: str
        occurred_on: str
        position: int
        version: int

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

    class CorrectionProposed(Event):
        TOPIC = "project.correction_proposed.v1"
        by: list[str]
        changes: list[State]
        corrects: int
        expires_on: str
        occurred_on: str
        proposal: str
        reason: str

    class Corrected(Event):
        TOPIC = "project.corrected.v1"
        by: list[str]
        changes: list[State]
        corrects: int
        occurred_on: str
        proposal: str
        reason: str

    def _begin(self) -> None:
        # What each event said, and which word of it was withdrawn by which correction: a field is its assertions.
        self._said: list[tuple[int, str, Mapping[str, Any]]] = []
        self._withdrawn: dict[tuple[int, str], int] = {}
        self.number = ""
        self.row_code = ""
        self.entered_by: list[str] = []
        self.entered_at = 0  # version of the entry that says what the project is
        self.batch = ""
        self.batch_index: int | None = None
        self.endorsed = False
        self.class_proposal = ""  # the class proposal made last, until it is completed
        self.village_proposal = ""
        self.proposed: dict[
            str, tuple[int, Mapping[str, Any]]
        ] = {}  # proposal -> (version, what it would do)

    # --- what holds ---

    def field(self, name: str) -> Dated[Any]:
        """Every assertion made about one of DATED, or about a class, in the order they were made."""
        return Dated(
            tuple(
                Assertion(values[name], day, order, self._withdrawn.get((order, name)))
                for order, day, values in self._said
                if name in values
            )
        )

    def at(self, name: str, day: str) -> Any:
        """A field as of a day; what holds last when nothing had been said by then."""
        dated = self.field(name)
        value = dated.at(day)
        return dated.at("9999-12-31") if value is None else value

    def places(self, day: str) -> list[str]:
        areas: list[str] = self.at("areas", day) or []
        return areas

    def is_checked(self, case: Case) -> bool:
        """已核: itself endorsed, or its batch endorsed and its row not excepted (D9)."""
        if self.endorsed or self.batch == "":
            return self.endorsed
        batch = case.world.find(self.batch)
        return isinstance(batch, Batch) and self.batch_index is not None and batch.covers(self.batch_index)

    def require_checked(self, case: Case) -> None:
        if not self.is_checked(case):  # PROJ-7
            raise NotChecked(f"项目 {self.id} 未核，须先由乡农服中心另一人核对", subject=self.id)

    def require_in_scope(self, case: Case) -> None:
        check_scope(case, {field: self.at(field, case.occurred_on) for field in SCOPE})

    def require_name(self, name: str, day: str) -> None:
        if name != self.at("name", day):  # ID-3
            raise LabelDiffers(
                f"项目 {self.id} 的名称是“{self.at('name', day)}”，所写是“{name}”", subject=self.id
            )

    # --- guards ---

    def register(self, entry: State) -> None:
        """`entry` is what listing.py made of the command, after the rules about what may be listed."""
        self.trigger(self.Listed, entry)

    def require_own_unchecked(self, version: int, case: Case) -> None:
        """Only who entered a row may rewrite it, and only while it is 未核 (D9)."""
        if self.is_checked(case):  # PROJ-8
            raise AlreadyChecked(f"项目 {self.id} 已核，不能改行，请作更正", subject=self.id)
        if version != self.entered_at:  # PROJ-10
            raise WrongEntry(
                f"项目 {self.id} 现行的一条是第 {self.entered_at} 版，所写是 {version}", subject=self.id
            )
        if not case.persons <= case.persons_of(self.entered_by):
            raise NotEnterer(f"项目 {self.id} 未核时只由录入人自己改行，他人请作更正", subject=self.id)

    def supersede(self, entry: State) -> None:
        self.trigger(self.Superseded, entry)

    def endorse(self, asked: "EndorseProject", case: Case) -> None:
        self.require_name(asked.name, case.occurred_on)
        if self.is_checked(case):  # PROJ-8
            raise AlreadyChecked(f"项目 {self.id} 已核，不必再核", subject=self.id)
        found = case.world.located(self.id, self.entered_at)
        if (asked.version, (asked.position, asked.leaf)) != (self.entered_at, found):  # PROJ-10
            raise WrongEntry(
                f"项目 {self.id} 待核的是第 {self.entered_at} 版（位置与哈希 {found}），所写的不是这一条",
                subject=self.id,
            )
        if case.persons & case.persons_of(self.entered_by):  # PROJ-9
            raise SamePerson(f"项目 {self.id} 由签名人自己录入，须由另一人核对", subject=self.id)
        self.trigger_event(
            self.Endorsed,
            by=case.by,
            leaf=asked.leaf,
            occurred_on=case.occurred_on,
            position=asked.position,
            version=asked.version,
        )

    def opine_class(self, asked: "OpineClass", case: Case) -> None:
        self.require_name(asked.name, case.occurred_on)
        self.require_checked(case)
        if asked.stage == "village":  # CLASS-5
            if asked.differs_from:
                raise WrongStage("村级认定不写所不同意的提议")
        elif not asked.differs_from or asked.differs_from != self.village_proposal:
            raise WrongStage(
                f"乡级另提意见须指明所不同意的村级提议 {self.village_proposal or '（尚无）'}", subject=self.id
            )
        elif self.at("class_village", case.occurred_on) == asked.class_:
            raise WrongStage("与村级意见相同的，请直接签署村级提议", subject=self.id)
        if self.class_proposal and self.class_proposal != asked.differs_from:  # CLASS-4
            open_one = case.world.get(Proposal, self.class_proposal, "提议")
            if open_one.is_open(case.today):
                raise ProposalOpen(
                    f"项目 {self.id} 已有待签的认定 {self.class_proposal}，须先签完、撤回或到期",
                    subject=self.class_proposal,
                )
        if self.at("operator", case.occurred_on) and not asked.opinions_sought.operator:  # CLASS-3
            raise OpinionsNotSought(f"项目 {self.id} 有经营主体，须先征求其意见", subject=self.id)
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

    def propose_correction(self, asked: "CorrectProject", case: Case) -> None:
        self.require_name(asked.name, case.occurred_on)
        self.require_correctable(asked.version, case.payload["changes"])
        self.trigger_event(
            self.CorrectionProposed,
            by=case.by,
            changes=case.payload["changes"],
            corrects=asked.version,
            expires_on=asked.expires_on,
            occurred_on=case.occurred_on,
            proposal=asked.proposal,
            reason=asked.reason,
        )

    # --- what a proposal asks of its target ---

    def accepts(self, proposal: Proposal) -> bool:
        """Whether a proposal is still the one to sign: a later class proposal takes the place of an earlier."""
        return proposal.kind != "project.class" or self.class_proposal == proposal.id

    def fulfil(self, case: Case, proposal: Proposal) -> None:
        """Do what a completed proposal proposed, on the state of now."""
        version, content = self.proposed[proposal.id]
        done = {"by": case.by, "occurred_on": case.occurred_on, "proposal": proposal.id, **content}
        if proposal.kind == "project.class":
            self.require_checked(case)
            self.require_in_scope(case)
            self.trigger_event(
                self.ClassDetermined, notes=case.notes, opined=version, stage="township", **done
            )
        else:
            self.require_correctable(content["corrects"], content["changes"])
            self.trigger_event(self.Corrected, **done)

    # --- correction ---

    def require_correctable(self, version: int, changes: list[State]) -> None:
        """Each field is as the correction says it was, at the entry it names (CORR-1)."""
        for change in changes:
            found = self.field(change["field"]).made_at(version)
            if found is None:
                raise NothingCorrected(
                    f"项目 {self.id} 第 {version} 版没有写“{change['field']}”，或已更正", subject=self.id
                )
            if found.value != change["was"]:
                raise NothingCorrected(
                    f"项目 {self.id} 第 {version} 版的“{change['field']}”是 {found.value!r}，所写是 {change['was']!r}",
                    subject=self.id,
                )

    # --- what an event does: it only assigns ---

    def _assert(self, order: int, day: str, values: Mapping[str, Any]) -> None:
        self._said.append((order, day, values))

    def _withdraw(self, order: int, fields: Iterable[str], by: int) -> None:
        for field in fields:
            self._withdrawn.setdefault((order, field), by)

    def _entered(self, said: Entry) -> None:
        self.number = said.number
        self.row_code = said.row["code"] if said.row else ""
        self.batch, self.batch_index = said.batch, said.batch_index
        self.entered_by, self.entered_at = said.by, said.originator_version
        self._assert(said.originator_version, said.occurred_on, vars(said))

    @event(Endorsed)
    def _endorsed(self) -> None:
        self.endorsed = True

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
        self.proposed[proposal] = (self.version + 1, content)
        self.class_proposal = proposal
        if stage == "village":
            self.village_proposal = proposal
            self._assert(self.version + 1, occurred_on, {"class_village": class_})

    @event(ClassDetermined)
    def _class_determined(self, *, class_: str, occurred_on: str) -> None:
        self.class_proposal = ""
        self._assert(self.version + 1, occurred_on, {"class_township": class_})

    @event(CorrectionProposed)
    def _correction_proposed(
        self, *, changes: list[State], corrects: int, proposal: str, reason: str
    ) -> None:
        content = {"changes": changes, "corrects": corrects, "reason": reason}
        self.proposed[proposal] = (self.version + 1, content)

    @event(Corrected)
    def _corrected(self, *, changes: list[State], corrects: int) -> None:
        # What was slipped is withdrawn; what is right holds from the day for which the slip was said.
        order = self.version + 1
        for change in changes:
            field = change["field"]
            slipped = self.field(field).made_at(corrects)
            if slipped is not None:
                self._withdraw(corrects, [field], order)
                self._assert(order, slipped.valid_from, {field: change["now"]})
