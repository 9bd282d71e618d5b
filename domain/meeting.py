"""Meetings (会议): a democratic decision (民主决策) as it was held, with its counts, votes, resolutions and minutes.

A meeting is a fact: it was held in the world, and bears 未核 until a second person endorses it. What it did not
meet of the law of its day is noted; an act that would rest on its resolution is then refused by that rule.
"""

from collections.abc import Collection, Mapping, Sequence
from typing import Annotated, Any

from pydantic import Field

from domain.base import Event, State
from domain.command import Payload, Value, command
from domain.document import Document, weigh_sources
from domain.entered import Entered
from domain.errors import LabelDiffers, NotFound
from domain.errors_disposal import (
    MeetingNotChecked,
    MeetingNotNotified,
    MinutesMissing,
    NoQuorum,
    NotCompetent,
    NotPassed,
    PartyNotConsulted,
    WrongCount,
    WrongOrder,
    WrongResolution,
)
from domain.holding import Evidence
from domain.placed import areas_of
from domain.values import (
    AreaId,
    Blank,
    Count,
    DocumentId,
    Fen,
    FilledLine,
    IsoDate,
    Line,
    MeetingId,
    Sha256,
    SubjectId,
    Version,
    days_after,
    shortened,
)
from domain.voting import BODIES, COLLECTIVE_LAW, MATTERS, Body, Matter, competent, procedure
from domain.world import Case


class Resolution(Value):
    """One matter put to the vote. `amount_fen` is the price or amount that the meeting fixed."""

    abstained: Count
    against: Count
    agreed: Count
    amount_fen: Fen | None
    matter: Matter
    subject: SubjectId
    text: FilledLine


@command(
    "meeting.record.v1",
    title="登记会议",
    may={
        "fact": ("village_admin", "recorder", "service_centre", "collective"),
        "opening": ("village_admin", "recorder", "service_centre"),
    },
    events=("meeting.recorded.v1",),
)
class RecordMeeting(Payload):
    """The business date is the day of the meeting. `entitled` counts whoever may vote (households, where they vote)."""

    area_label: FilledLine
    areas: Annotated[list[AreaId], Field(min_length=1, max_length=30)]
    authorised: bool | None  # the villagers' meeting gave its representatives this matter
    body: Body
    evidence: Evidence
    entitled: Annotated[int, Field(ge=1, le=1_000_000)]
    late_reason: Line
    meeting: MeetingId
    minutes: DocumentId | Blank
    name: FilledLine
    no_rceo: bool | None  # no 农村集体经济组织 here
    notified_on: IsoDate | Blank
    party_discussed: bool | None
    present: Count
    resolutions: Annotated[list[Resolution], Field(min_length=1, max_length=50)]

    def summary(self) -> str:
        return (
            f"登记会议：{shortened(self.name)}（{BODIES[self.body]}，{shortened(self.area_label, 60)}），"
            f"应到 {self.entitled} 实到 {self.present}，决议 {len(self.resolutions)} 项"
        )

    def places(self, case: Case) -> Sequence[str]:
        named = [one.subject for one in self.resolutions] + ([self.minutes] if self.minutes else [])
        return [*self.areas, *areas_of(case, named)]

    def decide(self, case: Case) -> None:
        names = "、".join(case.world.area(area).name for area in self.areas)
        if self.area_label != names:  # ID-3
            raise LabelDiffers(f"所列区域是“{names}”，所写是“{self.area_label}”")
        for one in self.resolutions:
            if case.world.find(one.subject) is None:  # ID-2
                raise NotFound(f"台账中没有决议所指的 {one.subject}，请核对编号", subject=one.subject)
        meeting = case.world.create(Meeting, self.meeting, "会议编号")
        meeting.record(self, case)


_STATED = tuple(field for field in RecordMeeting.model_fields if field != "meeting")


@command(
    "meeting.endorse.v1",
    title="核对会议",
    may={"act": ("service_centre",)},
    events=("meeting.endorsed.v1",),
)
class EndorseMeeting(Payload):
    leaf: Sha256
    meeting: MeetingId
    name: FilledLine
    position: Count
    version: Version

    def summary(self) -> str:
        return f"核对会议：{self.name}，第 {self.position} 号分录"

    def places(self, case: Case) -> Sequence[str]:
        return case.world.get(Meeting, self.meeting, "会议").places(case.today)

    def decide(self, case: Case) -> None:
        case.world.get(Meeting, self.meeting, "会议").endorse(self, case)


class Meeting(Entered):
    """One meeting of a body that decides."""

    TOPIC = "meeting"
    WHAT = "会议"

    class Recorded(Event):
        """So many fields that the event hands itself over to be assigned."""

        TOPIC = "meeting.recorded.v1"
        area_label: str
        areas: list[str]
        authorised: bool | None
        batch: str
        batch_index: int | None
        body: str
        by: list[str]
        entitled: int
        evidence: str
        late_reason: str
        minutes: str
        name: str
        nature: str
        no_rceo: bool | None
        notes: list[str]
        notified_on: str
        occurred_on: str
        party_discussed: bool | None
        passed: list[bool]  # of each resolution, by the law of the day
        present: int
        resolutions: list[State]
        unchecked: bool

        def apply(self, aggregate: Any) -> None:
            aggregate._recorded(self)

    class Endorsed(Entered.Endorsed):
        TOPIC = "meeting.endorsed.v1"

    class CorrectionProposed(Entered.CorrectionProposed):
        TOPIC = "meeting.correction_proposed.v1"

    class Corrected(Entered.Corrected):
        TOPIC = "meeting.corrected.v1"

    def _begin(self) -> None:
        super()._begin()
        self.held_on = ""

    @property
    def stated(self) -> State:
        """What is written down of it, corrections included."""
        return {name: self.last(name) for name in _STATED}

    def stands(self) -> Mapping[str, str]:
        return {"召开日期": self.held_on}

    # --- guards ---

    def record(self, asked: RecordMeeting, case: Case) -> None:
        stated = {name: case.payload[name] for name in _STATED}
        weigh_meeting(case, stated, case.occurred_on)
        passed = [has_passed(stated, one, case.occurred_on) for one in stated["resolutions"]]
        case.weigh(
            "MEET-3", all(passed), lambda: NotPassed(f"会议 {self.id} 有决议未达法定比例", subject=self.id)
        )
        self.trigger_event(
            self.Recorded,
            **stated,
            batch=case.batch,
            batch_index=case.index,
            by=case.by,
            nature=case.nature,
            notes=case.notes,
            occurred_on=case.occurred_on,
            passed=passed,
            unchecked=True,
        )

    def resolution(self, number: int) -> State:
        """A resolution by its number, from 1."""
        resolutions: list[State] = self.stated["resolutions"]
        if not 1 <= number <= len(resolutions):  # MEET-9
            raise WrongResolution(
                f"会议 {self.id} 有决议 {len(resolutions)} 项，所引是第 {number} 项", subject=self.id
            )
        return resolutions[number - 1]

    def ground(self, number: int, matter: str, subjects: Collection[str], case: Case) -> State:
        """The resolution as the ground of a step: about one of the subjects, of a meeting that is checked, was
        held before the step, and met the law of its day. Each rule is weighed by the nature of the step."""
        found = self.resolution(number)
        if found["matter"] != matter or found["subject"] not in subjects:  # MEET-9
            raise WrongResolution(
                f"会议 {self.id} 第 {number} 项决议是{MATTERS[found['matter']]}（{found['subject']}），"
                f"不是就此事的{MATTERS[matter]}决议",
                subject=self.id,
            )
        case.weigh(
            "MEET-8",
            self.is_checked(case),
            lambda: MeetingNotChecked(f"会议 {self.id} 未核，须先由乡农服中心另一人核对", subject=self.id),
        )
        case.weigh(
            "DISP-10",
            self.held_on <= case.occurred_on,
            lambda: WrongOrder(
                f"会议 {self.id} 于 {self.held_on} 召开，晚于所办事项的 {case.occurred_on}", subject=self.id
            ),
        )
        weigh_meeting(case, self.stated, self.held_on)
        case.weigh(
            "MEET-3",
            has_passed(self.stated, found, self.held_on),
            lambda: NotPassed(
                f"会议 {self.id} 第 {number} 项决议同意 {found['agreed']} 票，应到 {self.stated['entitled']}、"
                f"实到 {self.stated['present']}，{_passing(self.stated['body'], self.held_on)}",
                subject=self.id,
            ),
        )
        return found

    # --- what an event does: it only assigns ---

    def _recorded(self, said: Recorded) -> None:
        order = said.originator_version
        self.held_on = said.occurred_on
        self._enter(order, said.by, said.batch, said.batch_index)
        self._assert(order, said.occurred_on, {name: getattr(said, name) for name in _STATED})


def has_passed(meeting: Mapping[str, Any], resolution: Mapping[str, Any], day: str) -> bool:
    """Whether a resolution of a meeting held on a day has the votes that the law of that day asks for."""
    rule = procedure(meeting["body"], day)
    whole = meeting["entitled"] if rule.of_all else meeting["present"]
    return rule.passing.met(resolution["agreed"], whole)


def _passing(body: str, day: str) -> str:
    rule = procedure(body, day)
    return f"须{rule.passing}{'全体' if rule.of_all else '到会人数'}同意（{rule.source}）"


def weigh_meeting(case: Case, meeting: Mapping[str, Any], day: str) -> None:
    """What the law of the day asks of a meeting as such, weighed by the nature of the command at hand."""
    body, entitled, present = meeting["body"], meeting["entitled"], meeting["present"]
    rule = procedure(body, day)
    notified = meeting["notified_on"]
    case.weigh(
        "MEET-1",
        True
        if not rule.notice_days
        else notified <= days_after(day, -rule.notice_days)
        if notified
        else None,
        lambda: MeetingNotNotified(
            f"{BODIES[body]}须在 {rule.notice_days} 天前通知（{rule.source}），{day} 的会于 {notified} 通知"
        ),
    )
    case.weigh(
        "MEET-2",
        rule.quorum.met(present, entitled),
        lambda: NoQuorum(
            f"{BODIES[body]}到会须{rule.quorum}（{rule.source}），应到 {entitled} 实到 {present}"
        ),
    )
    odd = [
        number
        for number, one in enumerate(meeting["resolutions"], start=1)
        if one["agreed"] + one["against"] + one["abstained"] != present
    ]
    case.weigh(
        "MEET-4",
        present <= entitled and not odd,
        lambda: WrongCount(f"应到 {entitled} 实到 {present}，第 {odd or '—'} 项决议的票数之和与实到不符"),
    )
    case.weigh(
        "MEET-5",
        True if day < COLLECTIVE_LAW else meeting["party_discussed"],
        lambda: PartyNotConsulted("须先经乡镇党委或村党组织研究讨论（集组法26）"),
    )
    _weigh_minutes(case, meeting["minutes"], day)
    case.weigh(
        "MEET-7",
        competent(body, day, entitled, authorised=meeting["authorised"], no_rceo=meeting["no_rceo"]),
        lambda: NotCompetent(f"{BODIES[body]}（{day}，应到 {entitled}）无权决定此类事项"),
    )


def _weigh_minutes(case: Case, minutes: str, day: str) -> None:
    document = case.world.get(Document, minutes, "材料") if minutes else None
    if document is not None:
        document.require_kind(("minutes",), "会议")
        weigh_sources(case, [document])
    case.weigh(
        "MEET-6",
        document is not None and document.issued_on >= day,
        lambda: MinutesMissing(f"{day} 的会议须有会议记录，日期不早于当日"),
    )
