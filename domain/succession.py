"""Succession of areas (承继): a place merged into another, divided into several, or restored (D19).

From its day the successors stand where the area stood; what lies there, and its load sessions, are theirs from then on.
"""

from typing import Annotated, ClassVar, Literal

from pydantic import Field

from domain.area import LABELS, Area, days_of_change
from domain.command import Payload, command
from domain.errors import LabelDiffers, WrongSuccessors
from domain.loading import carried
from domain.values import AreaId, CodeName, FilledLine
from domain.world import Case

# How a place went (承继): into one other, into several, or not at all (any more).
Succession = Literal["merged", "divided", "restored"]
SUCCESSIONS: dict[str, str] = {"merged": "合并", "divided": "拆分", "restored": "恢复建制"}


@command(
    "area.succeed.v1",
    title="登记区域承继",
    may={"act": ("registrar",)},
    events=("area.load_changed.v1", "area.succeeded.v1"),
)
class SucceedArea(Payload):
    """From the day it occurred, the successors stand where the area stood.

    What lies in the area is theirs from then on, and was the area's before. Several successors (拆分) have it
    together: whoever is over all of them, until it is said of each subject where it lies. An area of which only a part
    goes elsewhere goes on itself and is succeeded by nobody.
    """

    of_any_day: ClassVar = True

    area: AreaId
    document: FilledLine
    how: Succession
    label: FilledLine  # the names of the successors, for the signer to recognise; "无" for none
    name: CodeName
    successors: Annotated[list[AreaId], Field(max_length=20)]

    def summary(self) -> str:
        return f"区域{SUCCESSIONS[self.how]}：{self.name}，承继的区域：{self.label}，依据 {self.document}"

    def decide(self, case: Case) -> None:
        area = case.world.get(Area, self.area, "区域")
        if self.how != "restored":
            area.require_there(case, case.occurred_on)
        self.check_successors(case, area)
        loads = {one: carried(case, self.area, to=one, under=one) for one in self.successors}
        area.require_name(self.name)
        area.succeed(self.how, self.successors, self.document, case.occurred_on)
        for one in self.successors:
            for load in loads[one]:
                case.world.get(Area, one, "区域").mark_load(load)

    def check_successors(self, case: Case, area: Area) -> None:
        """Of the same kind, there on the day, as many as the word says, and never in a circle (AREA-2)."""
        count = len(self.successors)
        fits = {"merged": count == 1, "divided": count > 1, "restored": count == 0}[self.how]
        if not fits or len(set(self.successors)) < count or self.area in self.successors:
            raise WrongSuccessors(
                "合并写一个承继的区域，拆分写两个以上，恢复建制不写，不得重复，也不得写该区域自己",
                subject=self.area,
            )
        found = [case.world.area(one) for one in self.successors]
        names = "、".join(one.name for one in found) or "无"
        if self.label != names:  # ID-3
            raise LabelDiffers(f"承继的区域是“{names}”，所写是“{self.label}”", subject=self.area)
        for one in found:
            if one.kind != area.kind or one.heirs(case.occurred_on):
                raise WrongSuccessors(
                    f"承继的区域“{one.name}”须是{LABELS[area.kind]}，且在 {case.occurred_on} 存续",
                    subject=one.id,
                )
        for day in days_of_change(case):
            if any(case.world.comes_to(one, self.area, day) for one in self.successors):
                raise WrongSuccessors(
                    f"承继的区域自 {day} 起又由{area.called}承继，兜了回来", subject=self.area
                )
