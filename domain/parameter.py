"""Parameters (参数): the dated values that rules are told, set with an effective date and a document (D8)."""

from eventsourcing.domain import event

from domain.base import Aggregate, Event
from domain.command import Payload, command
from domain.document import Document
from domain.errors import LabelDiffers, RetroactiveWithoutPaper, Taken, UnknownParameter, WrongSigners
from domain.law import PARAMETERS
from domain.values import (
    Blank,
    CodeName,
    Count,
    DocumentId,
    FilledLine,
    IsoDate,
    ParameterId,
    code,
    days_after,
)
from domain.world import Case


@command(
    "parameter.set.v1",
    title="设定参数",
    may={"act": ("registrar",)},
    events=("parameter.set.v1",),
)
class SetParameter(Payload):
    """`document` is the number of the paper that sets the value. A value that takes effect from today on needs no more; one
    that was in force before shows that paper, filed as `earlier_document`, and is signed by two registrars (PARAM-2). A paper
    that is shown without need is as good."""

    document: FilledLine
    earlier_document: DocumentId | Blank = ""
    effective_on: IsoDate
    name: CodeName
    parameter: ParameterId
    value: Count

    def summary(self) -> str:
        return f"设定参数 {self.name} = {self.value}，自 {self.effective_on} 起，依据 {self.document}"

    def authorise(self, case: Case) -> None:
        """One registrar; for days gone by two, of different persons: what its paper sets is nobody's word alone (PARAM-2)."""
        if self.effective_on >= case.today:
            case.admit_one()
            return
        case.admit_all()
        if len(case.signers) != 2 or len(case.persons) != 2:
            raise WrongSigners(
                f"参数 {self.name} 自 {self.effective_on} 起施行，早于今天 {case.today}，须由两名不同的登记员共同签名"
            )

    def decide(self, case: Case) -> None:
        unique = code("parameter", self.name)
        known = case.world.directory.parameters.get(self.name)
        if known is None:
            case.world.claim(unique, "参数名称")
            parameter = case.world.create(Parameter, self.parameter, "参数编号")
        elif known.id != self.parameter:
            raise Taken(
                f"参数 {self.name} 的编号是 {known.id}，不是 {self.parameter}", subject=self.parameter
            )
        else:
            unique = ""
            parameter = case.world.get(Parameter, self.parameter, "参数")
        parameter.set(self, unique, case)


class Parameter(Aggregate):
    """One name with its values over time."""

    TOPIC = "parameter"

    class Set(Event):
        TOPIC = "parameter.set.v1"
        code: str  # claimed by the first value only
        document: str
        effective_on: str
        name: str
        parameter: str
        value: int

    def set(self, asked: SetParameter, unique: str, case: Case) -> None:
        spec = PARAMETERS.get(asked.name)
        if spec is None:  # PARAM-1
            raise UnknownParameter(
                f"没有参数 {asked.name}，可设的是 {'、'.join(sorted(PARAMETERS))}", name=asked.name
            )
        if not spec.allows(asked.value):
            raise UnknownParameter(
                f"参数 {asked.name} 的取值是 {spec.range}，所写是 {asked.value}",
                name=asked.name,
            )
        if asked.earlier_document or asked.effective_on < case.today:
            self._require_paper(asked, case)
        self._set(
            code=unique,
            document=asked.document,
            effective_on=asked.effective_on,
            name=asked.name,
            parameter=asked.parameter,
            value=asked.value,
        )

    def _require_paper(self, asked: SetParameter, case: Case) -> None:
        """That the law of days gone by was law then: by its paper, which two others have filed and seen (LAW-1, PARAM-2)."""
        ledger = case.world.directory.ledger
        assert ledger is not None  # LEDGER-5
        enclosed, weak = "", "（无）"
        if asked.earlier_document:
            paper = case.world.get(Document, asked.earlier_document, "材料")
            enclosed = paper.called
            if paper.number != asked.document:  # ID-3
                raise LabelDiffers(
                    f"{paper.called}的文号是“{paper.number}”，所写依据是“{asked.document}”",
                    subject=paper.id,
                )
            # Of the day on which it takes effect at the latest: no law reaches back behind itself.
            weak = paper.weak_before(days_after(asked.effective_on, 1), (ledger.id, self.id))
            if not weak and case.persons & case.persons_of(paper.hands):
                weak = "由签名人自己登记、更正或核对"
        if weak:  # PARAM-2
            needed = (
                f"早于今天 {case.today}：须附当时的文件（earlier_document），"
                if asked.effective_on < case.today
                else "不必附文件；所附文件（earlier_document）亦须"
            )
            raise RetroactiveWithoutPaper(
                f"参数 {asked.name} 自 {asked.effective_on} 起施行，{needed}"
                f"日期不晚于 {asked.effective_on}，为原件或复印件，登记时关联本台账（{ledger.id}）或该参数，"
                f"并经另一人核对，登记、更正、核对的都不是签名人；所附{enclosed}{weak}",
                subject=self.id,
            )

    @event(Set)
    def _set(
        self, *, code: str, document: str, effective_on: str, name: str, parameter: str, value: int
    ) -> None:
        """Values are the directory's: whoever consults one reads it there, by its day."""
