"""Areas (区域): county, towns, villages, and external sources (外部来源) for registers of other places.

Ids never contain a division code; a name is unique (`code:area:<name>`); parents are dated, since villages
are moved between towns and old entries keep their old place.
"""

from typing import Annotated, ClassVar, Literal

from eventsourcing.domain import event
from pydantic import StringConstraints

from domain.base import Aggregate, Event
from domain.command import Payload, command
from domain.errors import LabelDiffers, WrongParent
from domain.values import AreaId, Blank, CodeName, code
from domain.world import Case

Kind = Literal["county", "town", "village", "external"]
LABELS: dict[str, str] = {"county": "县", "town": "乡镇", "village": "村", "external": "外部来源"}
# The kinds that an area may lie in; "" is no parent.
_PARENTS: dict[str, tuple[str, ...]] = {
    "county": ("",),
    "town": ("county",),
    "village": ("town",),
    "external": ("", "county", "town", "external"),
}
DivisionCode = Annotated[str, StringConstraints(pattern=r"^([0-9]{6,12})?$")]


def _check_parent(case: Case, kind: str, parent: str) -> None:
    found = case.world.area(parent).kind if parent else ""
    if found not in _PARENTS[kind]:  # AREA-1
        allowed = "、".join(LABELS.get(one, "无上级") for one in _PARENTS[kind])
        raise WrongParent(
            f"{LABELS[kind]}的上级须是{allowed}，所写是{LABELS.get(found, '无上级')}", subject=parent
        )


@command(
    "area.register.v1",
    title="登记区域",
    may={"act": ("registrar",)},
    events=("area.registered.v1",),
)
class RegisterArea(Payload):
    of_any_day: ClassVar = True

    area: AreaId
    division_code: DivisionCode
    kind: Kind
    name: CodeName
    parent: AreaId | Blank

    def summary(self) -> str:
        return f"登记区域：{self.name}（{LABELS[self.kind]}）"

    def decide(self, case: Case) -> None:
        _check_parent(case, self.kind, self.parent)
        area = case.world.create(Area, self.area, "区域编号")
        case.world.claim(code("area", self.name), "区域名称")
        area.register(self, case.occurred_on)


@command(
    "area.move.v1",
    title="变更区域隶属",
    may={"act": ("registrar",)},
    events=("area.moved.v1",),
)
class MoveArea(Payload):
    of_any_day: ClassVar = True

    area: AreaId
    name: CodeName
    parent: AreaId

    def summary(self) -> str:
        return f"变更区域隶属：{self.name}"

    def decide(self, case: Case) -> None:
        area = case.world.get(Area, self.area, "区域")
        _check_parent(case, area.kind, self.parent)
        if case.world.within(self.parent, (self.area,), case.occurred_on):
            raise WrongParent(f"区域 {self.area} 不能隶属于它自己的下级 {self.parent}", subject=self.area)
        area.move(self, case.occurred_on)


class Area(Aggregate):
    """A place that projects lie in and posts are over."""

    TOPIC = "area"

    class Registered(Event):
        TOPIC = "area.registered.v1"
        area: str
        code: str
        division_code: str
        kind: str
        name: str
        occurred_on: str
        parent: str

    class Moved(Event):
        TOPIC = "area.moved.v1"
        area: str
        occurred_on: str
        parent: str

    def _begin(self) -> None:
        self.name = ""
        self.kind = ""

    def register(self, asked: RegisterArea, occurred_on: str) -> None:
        self.trigger_event(
            self.Registered,
            area=asked.area,
            code=code("area", asked.name),
            division_code=asked.division_code,
            kind=asked.kind,
            name=asked.name,
            occurred_on=occurred_on,
            parent=asked.parent,
        )

    def move(self, asked: MoveArea, occurred_on: str) -> None:
        if asked.name != self.name:  # ID-3
            raise LabelDiffers(f"区域 {self.id} 的名称是“{self.name}”，所写是“{asked.name}”", subject=self.id)
        self._moved(area=asked.area, occurred_on=occurred_on, parent=asked.parent)

    @event(Registered)
    def _registered(self, *, kind: str, name: str) -> None:
        self.kind = kind
        self.name = name

    @event(Moved)
    def _moved(self, *, area: str, occurred_on: str, parent: str) -> None:
        """Parents are the directory's: an aggregate of an area asks nothing about them."""
