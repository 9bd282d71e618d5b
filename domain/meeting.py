"""Meetings (会议): a democratic decision (民主决策) as it was held, with its counts, votes, resolutions and minutes.

A meeting is a fact: it was held in the world, and bears 未核 until a second person endorses it. What it did not
meet of the law of its day is noted; an act that would rest on its resolution is then refused by that rule.
"""

from collections.abc import Collection, Mapping, Sequence
from typing import Annotated, Any

from pydantic import Field

from domain.base import Event, State
from domain.command import Payload, Value, command
from domain.entered import Entered
from domain.errors import LabelDiffers, NotFound
from domain.errors_disposal import (
    MeetingNotChecked,
    WrongOrder,
    WrongResolution,
)
from domain.holding import Evidence
from domain.meeting_law import has_passed, weigh_meeting, weigh_votes
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
    shortened,
)
from domain.verdicts import Shown, law_on
from domain.voting import BODIES, MATTERS, Body, Matter
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
        return case.world.there(Meeting, self.meeting, "会议").places(case.today)

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

    def concerns(self) -> list[str]:
        return [one["subject"] for one in self.last("resolutions")]

    def stands(self) -> Mapping[str, str]:
        return {"召开日期": self.held_on}

    # --- guards ---

    def record(self, asked: RecordMeeting, case: Case) -> None:
        stated = {name: case.payload[name] for name in _STATED}
        day, resolutions = case.occurred_on, stated["resolutions"]
        weigh_meeting(case, stated, day)
        weigh_votes(case, stated, resolutions, day, self.id)
        passing = law_on(case, f"{stated['body']}_passing", day).value
        passed = [has_passed(stated, one, passing) for one in resolutions]
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
                f"{self.called}有决议 {len(resolutions)} 项，所引是第 {number} 项", subject=self.id
            )
        return resolutions[number - 1]

    def ground(self, number: int, matter: str, subjects: Collection[str], case: Case) -> State:
        """The resolution as the ground of a step: about one of the subjects, of a meeting that is checked, was
        held before the step, and met the law of its day. Each rule is weighed by the nature of the step."""
        found = self.resolution(number)
        if found["matter"] != matter or found["subject"] not in subjects:  # MEET-9
            raise WrongResolution(
                f"{self.called}第 {number} 项决议是{MATTERS[found['matter']]}（{found['subject']}），"
                f"不是就此事的{MATTERS[matter]}决议",
                subject=self.id,
            )
        case.weigh(
            "MEET-8",
            self.is_checked(case),
            lambda: MeetingNotChecked(f"{self.called}未核，须先由乡农服中心另一人核对", subject=self.id),
        )
        case.weigh(
            "DISP-10",
            self.held_on <= case.occurred_on,
            lambda: WrongOrder(
                f"{self.called}于 {self.held_on} 召开，晚于所办事项的 {case.occurred_on}", subject=self.id
            ),
        )
        # A meeting may be told long after the law has changed: its minutes show that it was held before.
        shown = Shown((self.stated["minutes"],), (self.id, *subjects))
        weigh_meeting(case, self.stated, self.held_on, shown)
        weigh_votes(case, self.stated, [found], self.held_on, self.id, shown)
        return found

    # --- what an event does: it only assigns ---

    def _recorded(self, said: Recorded) -> None:
        order = said.originator_version
        self.held_on = said.occurred_on
        self._enter(order, said.by, said.batch, said.batch_index)
        self._assert(order, said.occurred_on, {name: getattr(said, name) for name in _STATED})
