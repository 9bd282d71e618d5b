"""Public notices (公示): posted from a day to a day, with the objections made meanwhile and their answers.

渝村办 27 to 31, 公示11. A notice that was shorter is noted and must be posted again; an act that needs a notice
rests only on one that has run its days, is closed, and left no objection unanswered.
"""

from collections.abc import Mapping, Sequence
from typing import Annotated, Any, Literal, get_args

from pydantic import Field

from domain.base import Event
from domain.citing import cited_as, require_filed
from domain.command import Payload, command
from domain.document import refuse_late_act
from domain.entered import Entered, signed
from domain.errors import LabelDiffers, NotFound
from domain.errors_disposal import (
    NoticeClosed,
    NoticeMissing,
    NoticeNotFull,
    NoticeNotOver,
    NotReviewed,
    ObjectionsOpen,
)
from domain.holding import Evidence
from domain.placed import areas_of
from domain.values import (
    AreaId,
    Blank,
    Count,
    DocumentId,
    FilledLine,
    FilledText,
    IsoDate,
    Line,
    NoticeId,
    Sha256,
    SubjectId,
    Version,
    days_after,
    shortened,
)
from domain.verdicts import Shown, judged_on, weigh_by_law
from domain.world import Case

NoticeKind = Literal["disposal", "resolution", "ownership", "class", "distribution", "debt", "result"]
NOTICE_KINDS: dict[str, str] = {
    "disposal": "处置",
    "resolution": "决议",
    "ownership": "确权",
    "class": "分类",
    "distribution": "收益分配",
    "debt": "债权债务",
    "result": "实施结果",
}
assert tuple(NOTICE_KINDS) == get_args(NoticeKind)
_HANDS = ("village_admin", "recorder", "service_centre", "collective")


@command(
    "notice.post.v1",
    title="张贴公示",
    may={"act": _HANDS, "fact": _HANDS},
    events=("notice.posted.v1",),
)
class PostNotice(Payload):
    """The business date is the day of posting, which does not count (民法典201); `until` is the last day."""

    areas: Annotated[list[AreaId], Field(min_length=1, max_length=30)]
    board: FilledLine  # 公示地点
    earlier_document: DocumentId | Blank = ""  # from before a change of the law (LAW-1)
    evidence: Evidence
    kind: NoticeKind
    late_reason: Line
    name: FilledLine
    notice: NoticeId
    reviewed: bool | None  # by the 村务监督委员会
    subject: SubjectId
    text: FilledText
    until: IsoDate

    def summary(self) -> str:
        return f"张贴公示（{NOTICE_KINDS[self.kind]}）：{shortened(self.name)}，{shortened(self.board, 60)}，至 {self.until}"

    def places(self, case: Case) -> Sequence[str]:
        return [*self.areas, *areas_of(case, [self.subject])]

    def decide(self, case: Case) -> None:
        if case.world.find(self.subject) is None:  # ID-2
            raise NotFound(f"台账中没有公示所指的 {self.subject}，请核对编号", subject=self.subject)
        require_filed(case, self.earlier_document)
        case.world.create(Notice, self.notice, "公示编号").post(self, case)


_POSTED = tuple(field for field in PostNotice.model_fields if field not in {"earlier_document", "notice"})


@command(
    "notice.close.v1",
    title="结束公示",
    may={"act": _HANDS, "fact": _HANDS},
    events=("notice.closed.v1",),
)
class CloseNotice(Payload):
    """Says what came of the notice; `proof` is the 公示证明 with its photographs."""

    answered: Count
    evidence: Evidence
    late_reason: Line
    name: FilledLine
    notice: NoticeId
    objections: Count
    outcome: Line
    proof: DocumentId | Blank

    def summary(self) -> str:
        return f"结束公示：{shortened(self.name)}，异议 {self.objections} 件，已答复 {self.answered} 件"

    def places(self, case: Case) -> Sequence[str]:
        return case.world.there(Notice, self.notice, "公示").places(case.today)

    def decide(self, case: Case) -> None:
        case.world.get(Notice, self.notice, "公示").close(self, case)


@command(
    "notice.endorse.v1",
    title="核对公示",
    may={"act": ("service_centre",)},
    events=("notice.endorsed.v1",),
)
class EndorseNotice(Payload):
    leaf: Sha256
    name: FilledLine
    notice: NoticeId
    position: Count
    version: Version

    def summary(self) -> str:
        return f"核对公示：{self.name}，第 {self.position} 号分录"

    def places(self, case: Case) -> Sequence[str]:
        return case.world.there(Notice, self.notice, "公示").places(case.today)

    def decide(self, case: Case) -> None:
        case.world.get(Notice, self.notice, "公示").endorse(self, case)


class Notice(Entered):
    """One notice about one subject. What was done through the ledger needs no check; what is a fact does."""

    TOPIC = "notice"
    WHAT = "公示"

    class Posted(Event):
        """The event hands itself over to be assigned."""

        TOPIC = "notice.posted.v1"
        areas: list[str]
        batch: str
        batch_index: int | None
        by: list[str]
        text: str
        evidence: str
        kind: str
        late_reason: str
        name: str
        nature: str
        notes: list[str]
        occurred_on: str
        board: str
        reviewed: bool | None
        subject: str
        unchecked: bool
        until: str

        def apply(self, aggregate: Any) -> None:
            aggregate._posted(self)

    class Closed(Event):
        """The event hands itself over to be assigned."""

        TOPIC = "notice.closed.v1"
        answered: int
        batch: str
        batch_index: int | None
        by: list[str]
        evidence: str
        late_reason: str
        nature: str
        notes: list[str]
        objections: int
        occurred_on: str
        outcome: str
        proof: str
        unchecked: bool

        def apply(self, aggregate: Any) -> None:
            aggregate._closed(self)

    class Endorsed(Entered.Endorsed):
        TOPIC = "notice.endorsed.v1"

    class CorrectionProposed(Entered.CorrectionProposed):
        TOPIC = "notice.correction_proposed.v1"

    class Corrected(Entered.Corrected):
        TOPIC = "notice.corrected.v1"

    def _begin(self) -> None:
        super()._begin()
        self.subject = ""
        self.posted_on = ""
        # Entered as a fact: the day of recording, where its law says otherwise about the days.
        self.judged_on = ""
        self.closed_on = ""

    @property
    def until(self) -> str:
        return str(self.last("until"))

    @property
    def reviewed(self) -> bool | None:
        found: bool | None = self.last("reviewed")
        return found

    @property
    def objections(self) -> int:
        return self.last("objections") or 0

    @property
    def answered(self) -> int:
        return self.last("answered") or 0

    def concerns(self) -> list[str]:
        return [self.subject]

    def stands(self) -> Mapping[str, str]:
        return {
            "所公示的": f"…{self.subject[-6:]}",
            "张贴日期": self.posted_on,
            "结束日期": self.closed_on or "未结束",
        }

    # --- guards ---

    def post(self, asked: PostNotice, case: Case) -> None:
        refuse_late_act(case, asked.late_reason)
        shown = Shown((asked.earlier_document,), (asked.subject,))
        self._weigh_days(case.occurred_on, asked.until, case, shown)
        self._weigh_review(asked.reviewed, case)
        self.trigger_event(
            self.Posted,
            **{name: case.payload[name] for name in _POSTED},
            **signed(case),
        )

    def close(self, asked: CloseNotice, case: Case) -> None:
        if asked.name != self.name:  # ID-3
            raise LabelDiffers(f"公示 {self.id} 是“{self.name}”，所写是“{asked.name}”", subject=self.id)
        if self.closed_on:  # NOTICE-5
            raise NoticeClosed(f"{self.called}已于 {self.closed_on} 结束", subject=self.id)
        refuse_late_act(case, asked.late_reason)
        case.weigh(
            "NOTICE-2",
            case.occurred_on > self.until,
            lambda: NoticeNotOver(f"{self.called}至 {self.until}，期满次日起方可结束", subject=self.id),
        )
        self._weigh_objections(asked.objections, asked.answered, case)
        cited_as(case, asked.proof, ("notice_proof",), "结束公示", (self.id, self.subject))
        self.trigger_event(
            self.Closed,
            **{name: value for name, value in case.payload.items() if name not in {"name", "notice"}},
            **signed(case),
        )

    def ground(self, case: Case, shown: Shown) -> None:
        """The notice as the ground of a step: each rule is weighed by the nature of the step.

        Whether it ran long enough is asked by the law of its posting. A notice that was entered as a fact when the law had
        become another bears no act by itself: the act shows by a document that it was posted before. So it is of a notice whose
        last day was corrected.
        """
        if case.nature == "act":
            self.require_checked(case)
        told_on = self.posted_on if self.until == self.first("until") else case.today
        self._weigh_days(self.posted_on, self.until, case, shown, self.judged_on or told_on)
        case.weigh(
            "NOTICE-2",
            self.until < self.closed_on <= case.occurred_on,
            lambda: NoticeNotOver(f"{self.called}至 {self.until}，尚未期满结束", subject=self.id),
        )
        self._weigh_objections(self.objections, self.answered, case)
        self._weigh_review(self.reviewed, case)

    def _weigh_days(self, first: str, until: str, case: Case, shown: Shown, recorded: str = "") -> None:
        weigh_by_law(
            case,
            "NOTICE-1",
            "notice_days",
            lambda days: until >= days_after(first, days),
            lambda days: NoticeNotFull(
                f"公示自 {first} 至 {until}，张贴当日不计，不足 {days} 天，须重新公示", subject=self.id
            ),
            shown=shown,
            day=first,
            recorded=recorded,
        )

    def _weigh_objections(self, objections: int, answered: int, case: Case) -> None:
        case.weigh(
            "NOTICE-3",
            answered == objections,
            lambda: ObjectionsOpen(
                f"{self.called}有异议 {objections} 件，已答复 {answered} 件", subject=self.id
            ),
        )

    def _weigh_review(self, reviewed: bool | None, case: Case) -> None:
        case.weigh(
            "NOTICE-4",
            reviewed,
            lambda: NotReviewed(f"{self.called}的内容未经村务监督委员会审查", subject=self.id),
        )

    # --- what an event does: it only assigns ---

    def _posted(self, said: Posted) -> None:
        self.subject, self.posted_on = said.subject, said.occurred_on
        self.judged_on = judged_on(said.notes, "NOTICE-1") if said.nature != "act" else ""
        self._assert(
            said.originator_version, said.occurred_on, {name: getattr(said, name) for name in _POSTED}
        )
        self._enter_if_unchecked(said)

    def _closed(self, said: Closed) -> None:
        self.closed_on = said.occurred_on
        told = {name: getattr(said, name) for name in ("answered", "objections", "outcome", "proof")}
        self._assert(said.originator_version, said.occurred_on, told)
        self._enter_if_unchecked(said)

    def _enter_if_unchecked(self, said: Posted | Closed) -> None:
        if said.unchecked:
            self._enter(said.originator_version, said.by, said.batch, said.batch_index)


def require_notice(case: Case, identity: str, shown: Shown) -> None:
    """That a notice about one of the subjects is cited and has run (NOTICE-1 to NOTICE-6)."""
    subjects = shown.about
    notice = case.world.get(Notice, identity, "公示") if identity else None
    case.weigh(
        "NOTICE-6",
        notice is not None and notice.subject in subjects,
        lambda: NoticeMissing(
            f"审批前须就 {subjects[0]} 公示"
            + ("" if notice is None else f"，{notice.called}所公示的不是此事")
        ),
    )
    if notice is not None:
        notice.ground(case, shown)
