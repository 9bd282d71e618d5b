"""Areas (区域): county, towns, villages, and external sources (外部来源) for registers of other places.

Ids never contain a division code. Names, parents and successors are dated (D19), since villages are renamed (更名),
moved between towns, merged (合并) and divided (拆分), and old entries keep their old place. A name is unique for ever
(`code:area:<name>`), be it an old one (曾用名) or an alias (别名).
"""

from collections.abc import Mapping, Sequence
from typing import Annotated, Any, ClassVar, Literal

from eventsourcing.domain import event
from pydantic import StringConstraints

from domain.assertions import FOREVER
from domain.base import Aggregate, Event
from domain.command import Payload, command
from domain.errors import AreaSucceeded, LabelDiffers, NameUsed, WrongParent, WrongSuccessors
from domain.loading import carried
from domain.said import Said
from domain.standing import LoadFacts
from domain.values import AreaId, Blank, CodeName, FilledLine, code, named
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
    events=("area.load_changed.v1", "area.moved.v1"),
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
        area.require_there(case, case.occurred_on)
        _check_parent(case, area.kind, self.parent)
        days = days_of_change(case)  # an earlier move entered late must fit the later ones
        if any(case.world.within(self.parent, (self.area,), day) for day in days):
            raise WrongParent(
                f"{area.called}不能隶属于它自己的下级{case.world.area(self.parent).called}", subject=self.area
            )
        loads = carried(case, self.area, to=self.parent, under=self.area)
        area.move(self, case.occurred_on)
        for load in loads:
            area.mark_load(load)


@command(
    "area.rename.v1",
    title="区域更名",
    may={"act": ("registrar",)},
    events=("area.renamed.v1",),
)
class RenameArea(Payload):
    """The old name stays the area's, as a former one (曾用名); nobody else may ever bear it."""

    of_any_day: ClassVar = True

    area: AreaId
    document: FilledLine
    name: CodeName  # of now, for the signer to recognise
    new_name: CodeName

    def summary(self) -> str:
        return f"区域更名：{self.name}更名为{self.new_name}，依据 {self.document}"

    def decide(self, case: Case) -> None:
        area = case.world.get(Area, self.area, "区域")
        area.require_there(case, case.occurred_on)
        area.rename(self, _claimed(case, area, self.new_name), case.occurred_on)


@command(
    "area.alias.v1",
    title="登记区域别名",
    may={"act": ("registrar",)},
    events=("area.aliased.v1",),
)
class AliasArea(Payload):
    """A name by which papers also call the area: of before our books, colloquial, or without its town."""

    of_any_day: ClassVar = True

    alias: CodeName
    area: AreaId
    name: CodeName

    def summary(self) -> str:
        return f"登记区域别名：{self.name}又作{self.alias}"

    def decide(self, case: Case) -> None:
        area = case.world.get(Area, self.area, "区域")
        area.alias(self, _claimed(case, area, self.alias), case.occurred_on)


def _claimed(case: Case, area: "Area", name: str) -> str:
    """The code that a name is claimed by (ID-1); nothing to claim when it has been this area's before."""
    if name in case.world.area(area.id).known_as:
        return ""
    unique = code("area", name)
    case.world.claim(unique, "区域名称")
    return unique


def days_of_change(case: Case) -> list[str]:
    """The day of this command, and every later one on which an area moved or was succeeded: what is entered late must fit
    them."""
    areas = case.world.directory.areas.values()
    changes = {said.valid_from for area in areas for said in area.successors.assertions}
    changes |= {said.valid_from for area in areas for said in area.parents.assertions}
    return sorted({case.occurred_on, *(day for day in changes if day > case.occurred_on)})


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

    class Renamed(Event):
        TOPIC = "area.renamed.v1"
        area: str
        code: str  # empty: a name of its own of before
        document: str
        name: str
        occurred_on: str

    class Aliased(Event):
        TOPIC = "area.aliased.v1"
        alias: str
        area: str
        code: str
        occurred_on: str

    class Succeeded(Event):
        TOPIC = "area.succeeded.v1"
        area: str
        document: str
        how: str
        occurred_on: str
        successors: list[str]

    class LoadChanged(Event):
        TOPIC = "area.load_changed.v1"
        area: str
        cut_over_on: str
        load: str
        phase: str
        proposal: str

    def _begin(self) -> None:
        self.kind = ""
        self._said = Said()

    @property
    def name(self) -> str:
        return self._said.field("name").at(FOREVER) or ""

    @property
    def called(self) -> str:
        return named("区域", self.name, self.id)

    def require_there(self, case: Case, day: str) -> None:
        """Refuse a change on a day on which others have taken its place (AREA-3)."""
        heirs = self._said.field("successors").at(day)
        if heirs:
            by = "、".join(case.world.area(one).called for one in heirs)
            raise AreaSucceeded(
                f"{self.called}在 {day} 已由{by}承继，须先恢复建制",
                subject=self.id,
            )

    def require_name(self, name: str) -> None:
        if name != self.name:  # ID-3
            raise LabelDiffers(f"区域 {self.id} 的名称是“{self.name}”，所写是“{name}”", subject=self.id)

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
        self.require_name(asked.name)
        self._moved(area=asked.area, occurred_on=occurred_on, parent=asked.parent)

    def rename(self, asked: RenameArea, unique: str, occurred_on: str) -> None:
        self.require_name(asked.name)
        if asked.new_name == self._said.field("name").at(occurred_on):  # AREA-4
            raise NameUsed(f"{self.called}在 {occurred_on} 已名“{asked.new_name}”，不必更名", subject=self.id)
        self._renamed(
            area=asked.area,
            code=unique,
            document=asked.document,
            name=asked.new_name,
            occurred_on=occurred_on,
        )

    def alias(self, asked: AliasArea, unique: str, occurred_on: str) -> None:
        self.require_name(asked.name)
        if not unique:  # AREA-4
            raise NameUsed(f"“{asked.alias}”已是{self.called}的名称，不必再登记", subject=self.id)
        self._aliased(alias=asked.alias, area=asked.area, code=unique, occurred_on=occurred_on)

    def succeed(self, how: str, successors: Sequence[str], document: str, occurred_on: str) -> None:
        if how == "restored" and not self._said.field("successors").at(occurred_on):  # AREA-2
            raise WrongSuccessors(f"{self.called}在 {occurred_on} 存续，不必恢复建制", subject=self.id)
        self._succeeded(
            area=self.id,
            document=document,
            how=how,
            occurred_on=occurred_on,
            successors=list(successors),
        )

    def mark_load(self, load: LoadFacts) -> None:
        """What a load session, which load.py has judged, is doing here."""
        self._load_changed(
            area=self.id,
            cut_over_on=load.cut_over_on,
            load=load.id,
            phase=load.phase,
            proposal=load.proposal,
        )

    def _assert(self, day: str, values: Mapping[str, Any]) -> None:
        self._said.say(self.version + 1, day, values)

    @event(Registered)
    def _registered(self, *, kind: str, name: str, occurred_on: str) -> None:
        self.kind = kind
        self._assert(occurred_on, {"name": name})

    @event(Moved)
    def _moved(self, *, area: str, occurred_on: str, parent: str) -> None:
        """Parents are the directory's: an aggregate of an area asks nothing about them."""

    @event(Renamed)
    def _renamed(self, *, area: str, code: str, document: str, name: str, occurred_on: str) -> None:
        self._assert(occurred_on, {"name": name})

    @event(Aliased)
    def _aliased(self, *, alias: str, area: str, code: str, occurred_on: str) -> None:
        """Other names are the directory's, as parents are."""

    @event(Succeeded)
    def _succeeded(
        self, *, area: str, document: str, how: str, occurred_on: str, successors: list[str]
    ) -> None:
        self._assert(occurred_on, {"successors": successors})

    @event(LoadChanged)
    def _load_changed(self, *, area: str, cut_over_on: str, load: str, phase: str, proposal: str) -> None:
        """Sessions are the directory's too."""
