"""Documents (材料): a paper as it was filed. The file itself stays outside, under its salted hash (D3).

Other nouns cite documents by id: a guard sees that the document is there, of the kind that is asked for,
dated as it must be, and about the subject. What the paper says is not judged; what kind of source it is, is.
"""

from collections.abc import Collection, Iterable, Sequence
from typing import Annotated, Any, Literal, get_args

from pydantic import Field

from domain.assertions import FOREVER
from domain.base import Event, State
from domain.command import Payload, command
from domain.errors import AlreadyChecked, LabelDiffers, NotFound, SamePerson, WrongEntry
from domain.errors_disposal import (
    LateAct,
    WrongDocumentContent,
    WrongDocumentDate,
    WrongDocumentKind,
)
from domain.holding import EVIDENCE, Evidence
from domain.party import BodyOrBlank
from domain.placed import areas_of
from domain.said import Said
from domain.values import (
    AreaId,
    Blank,
    Count,
    DocumentId,
    Fen,
    FilledLine,
    IsoDate,
    Line,
    Sha256,
    SubjectId,
    entry_of,
    named,
    shortened,
)
from domain.world import Case
from domain.written import Written

DocumentKind = Literal[
    "minutes",
    "unit_decision",
    "consent",
    "appraisal",
    "expert_opinion",
    "approval",
    "notice_proof",
    "contract",
    "tender",
    "auction_notice",
    "deal",
    "receipt",
    "handover",
    "voucher",
    "value_proof",
    "title",
    "permit",
    "loss_proof",
    "photo",
    "other",
]
DOCUMENT_KINDS: dict[str, str] = {
    "minutes": "会议记录",
    "unit_decision": "单位集体决策纪要",
    "consent": "农户同意书",
    "appraisal": "评估报告",
    "expert_opinion": "技术鉴定意见",
    "approval": "批复",
    "notice_proof": "公示证明",
    "contract": "合同协议",
    "tender": "招租招标记录",
    "auction_notice": "拍卖公告",
    "deal": "成交确认书",
    "receipt": "收款凭据",
    "handover": "移交清单",
    "voucher": "记账凭证",
    "value_proof": "价值凭证",
    "title": "权属证明",
    "permit": "许可文件",
    "loss_proof": "损失证明",
    "photo": "照片",
    "other": "其他材料",
}
assert tuple(DOCUMENT_KINDS) == get_args(DocumentKind)

# What may bear an act (DOC-3): a recollection or a missing paper proves a fact at most.
SOUND = frozenset({"original", "copy"})

# What decides or proves one deal, and so bears one disposal (DISP-24). The others say what a thing is or is worth.
ONCE = frozenset(
    {
        "unit_decision",
        "consent",
        "approval",
        "contract",
        "tender",
        "auction_notice",
        "deal",
        "receipt",
        "handover",
        "voucher",
    }
)


def kinds_label(kinds: Iterable[str]) -> str:
    return "或".join(DOCUMENT_KINDS[kind] for kind in kinds)


@command(
    "document.register.v1",
    title="登记材料",
    may={
        "act": ("village_admin", "recorder", "service_centre", "collective", "finance", "township", "county")
    },
    events=("document.registered.v1",),
)
class RegisterDocument(Payload):
    """`amount_fen` is the amount the paper itself states: an appraised value, a price, a sum received."""

    amount_fen: Fen | None
    areas: Annotated[list[AreaId], Field(min_length=1, max_length=30)]
    document: DocumentId
    hash: Sha256 | Blank  # salted, of the opaque file
    issued_on: IsoDate
    issuer: BodyOrBlank
    kind: DocumentKind
    name: FilledLine
    number: Line
    pages: Count
    quality: Evidence
    subjects: Annotated[list[SubjectId], Field(max_length=50)]

    def summary(self) -> str:
        return (
            f"登记材料（{DOCUMENT_KINDS[self.kind]}，{EVIDENCE[self.quality]}）："
            f"{shortened(self.name)} {shortened(self.number, 60) or '无文号'}，{self.issued_on}"
        )

    def places(self, case: Case) -> Sequence[str]:
        return [*self.areas, *areas_of(case, self.subjects)]

    def decide(self, case: Case) -> None:
        for subject in self.subjects:
            if case.world.find(subject) is None:  # ID-2
                raise NotFound(f"台账中没有材料所关联的 {subject}，请核对编号", subject=subject)
        case.world.create(Document, self.document, "材料编号").register(self, case)


@command(
    "document.endorse.v1",
    title="核对材料",
    may={"act": ("service_centre", "township")},
    events=("document.endorsed.v1",),
)
class EndorseDocument(Payload):
    """Another than filed it has seen the paper, and that it is of the day that is written down."""

    document: DocumentId
    issued_on: IsoDate
    leaf: Sha256
    name: FilledLine
    position: Count

    def summary(self) -> str:
        return f"核对材料：{shortened(self.name)}，{self.issued_on}，第 {self.position} 号分录"

    def places(self, case: Case) -> Sequence[str]:
        return case.world.there(Document, self.document, "材料").places(case.today)

    def decide(self, case: Case) -> None:
        case.world.get(Document, self.document, "材料").endorse(self, case)


class Document(Written):
    """One paper: filed once; what was written down wrongly of it is corrected."""

    TOPIC = "document"
    WHAT = "材料"

    class Registered(Event):
        """The event hands itself over to be assigned."""

        TOPIC = "document.registered.v1"
        amount_fen: int | None
        areas: list[str]
        by: list[str]
        hash: str
        issued_on: str
        issuer: str
        kind: str
        name: str
        number: str
        occurred_on: str
        pages: int
        quality: str
        subjects: list[str]

        def apply(self, aggregate: Any) -> None:
            said = {name: getattr(self, name) for name in RegisterDocument.model_fields if name != "document"}
            aggregate._assert(self.originator_version, self.occurred_on, said)
            aggregate.written_by = aggregate.hands = self.by

    class Endorsed(Event):
        TOPIC = "document.endorsed.v1"
        by: list[str]
        issued_on: str
        leaf: str
        occurred_on: str
        position: int

        def apply(self, aggregate: Any) -> None:
            aggregate.endorsed_as = aggregate.seen
            aggregate.hands = [*aggregate.hands, *self.by]

    class CorrectionProposed(Written.CorrectionProposed):
        TOPIC = "document.correction_proposed.v1"

        def apply(self, aggregate: Any) -> None:
            super().apply(aggregate)
            aggregate.written_by = [*aggregate.written_by, *self.by]
            aggregate.hands = [*aggregate.hands, *self.by]

    class Corrected(Written.Corrected):
        TOPIC = "document.corrected.v1"

        def apply(self, aggregate: Any) -> None:
            super().apply(aggregate)
            aggregate.hands = [*aggregate.hands, *self.by]

    def _begin(self) -> None:
        super()._begin()
        self.written_by: list[str] = []  # who filed it, and whoever proposed to correct it
        self.hands: list[str] = []  # all who have signed what is written of it: filed, corrected, checked
        self.endorsed_as: State = {}  # what another has seen; empty: nobody has

    @property
    def kind(self) -> str:
        return str(self.last("kind"))

    @property
    def issued_on(self) -> str:
        return str(self.last("issued_on"))

    @property
    def number(self) -> str:
        return str(self.last("number"))

    @property
    def quality(self) -> str:
        return str(self.last("quality"))

    @property
    def amount_fen(self) -> int | None:
        found: int | None = self.last("amount_fen")
        return found

    @property
    def subjects(self) -> list[str]:
        found: list[str] = self.last("subjects")
        return found

    def concerns(self) -> list[str]:
        return self.subjects

    @property
    def seen(self) -> State:
        """What somebody endorses who has the paper before them."""
        return {name: self.last(name) for name in ("hash", "issued_on", "quality", "subjects")}

    # --- guards ---

    def register(self, asked: RegisterDocument, case: Case) -> None:
        said = Said()
        said.say(1, case.occurred_on, case.payload)
        self.check(said, case)
        self.trigger_event(
            self.Registered,
            **{name: value for name, value in case.payload.items() if name != "document"},
            by=case.by,
            occurred_on=case.occurred_on,
        )

    def check(self, said: Said, case: Case) -> None:
        """What must hold of the paper as it would be written down."""
        now: State = {
            name: said.field(name).at(FOREVER) for name in ("hash", "issued_on", "pages", "quality")
        }
        called = named(self.WHAT, str(said.field("name").at(FOREVER)), self.id)
        has_file = now["quality"] != "none"
        if has_file != bool(now["hash"]) or has_file != bool(now["pages"]):  # DOC-4
            raise WrongDocumentContent(
                f"{called}标明“{EVIDENCE[now['quality']]}”："
                + ("须载明文件哈希和页数" if has_file else "没有文件，哈希和页数须留空")
            )
        filed_on = said.field("areas").assertions[0].valid_from
        if now["issued_on"] > filed_on:  # DOC-5
            raise WrongDocumentDate(f"{called}的日期 {now['issued_on']} 晚于登记的业务日期 {filed_on}")

    def endorse(self, asked: EndorseDocument, case: Case) -> None:
        self.require_name(asked.name, case.today)
        if asked.issued_on != self.issued_on:  # ID-3
            raise LabelDiffers(
                f"{self.called}的日期是 {self.issued_on}，所写是 {asked.issued_on}", subject=self.id
            )
        if self.is_endorsed:  # PROJ-8
            raise AlreadyChecked(f"{self.called}已核，不必再核", subject=self.id)
        found = case.world.located(self.id, 1)
        if (asked.position, asked.leaf) != found:  # PROJ-10
            raise WrongEntry(f"{self.called}登记的一条是{entry_of(found)}，所写的不是这一条", subject=self.id)
        if case.persons & case.persons_of(self.written_by):  # PROJ-9
            raise SamePerson(f"{self.called}由签名人自己登记或更正，须由另一人核对", subject=self.id)
        self.trigger_event(
            self.Endorsed,
            by=case.by,
            issued_on=asked.issued_on,
            leaf=asked.leaf,
            occurred_on=case.occurred_on,
            position=asked.position,
        )

    @property
    def is_endorsed(self) -> bool:
        """Whether another has seen the paper as it is written down now: what is corrected of it is to be seen anew."""
        return self.endorsed_as == self.seen

    def weak_before(self, day: str, about: Collection[str]) -> str:
        """Why it does not show that what it is about was done before a day (LAW-1); "" when it does."""
        if self.duplicate_of:
            return "系重复登记"
        if not set(self.subjects) & set(about):
            return "登记时没有关联所办事项"
        if self.issued_on >= day:
            return f"的日期是 {self.issued_on}，不在 {day} 以前"
        if self.quality not in SOUND:
            return f"为“{EVIDENCE[self.quality]}”"
        return "" if self.is_endorsed else "未经另一人核对"

    def require_kind(self, kinds: Collection[str], what: str) -> None:
        if self.kind not in kinds:  # DOC-2
            raise WrongDocumentKind(
                f"{what}须附{kinds_label(kinds)}，{self.called}是{DOCUMENT_KINDS[self.kind]}",
                subject=self.id,
            )


def refuse_late_act(case: Case, late_reason: str) -> None:
    """What is entered long after it was done was not done through the ledger (D9)."""
    if case.nature == "act" and late_reason:  # DOC-8
        raise LateAct(f"“{case.title}”的办理不写迟登原因；更早办理的请以既成事实登记")
