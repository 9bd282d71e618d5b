"""Areas (区域): county, towns, villages, and external sources (外部来源) for registers of other places.

Ids never contain a division code. Names, parents and successors are dated (D19), since villages are renamed (更名),
moved between towns, merged (合并) and divided (拆分), and old entries keep their old place. A name is unique for ever
(`code:area:<name>`), be it an old one (曾用名) or an alias (别名).
"""

from collections.abc import Mapping
from typing import Annotated, Any, ClassVar, Literal

from eventsourcing.domain import event
from pydantic import Field, StringConstraints

from domain.assertions import FOREVER
from domain.base import Aggregate, Event
from domain.command import Payload, command
from domain.errors import AreaSucceeded, LabelDiffers, NameUsed, WrongParent, WrongSuccessors
from domain.loading import carried
from domain.said import Said
from domain.standing import LoadFacts
from domain.values import AreaId, Blank, CodeName, FilledLine, code
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
# How a place went (承继): into one other, into several, or not at all (any more).
Succession = Literal["merged", "divided", "restored"]
SUCCESSIONS: dict[str, str] = {"merged": "合并", "divided": "拆分", "restored": "恢复建制"}
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
        area.require_there(case.occurred_on)
        _check_parent(case, area.kind, self.parent)
        days = _days_of_change(case)  # an earlier move entered late must fit the later ones
        if any(case.world.within(self.parent, (self.area,), day) for day in days):
            raise WrongParent(f"区域 {self.area} 不能隶属于它自己的下级 {self.parent}", subject=self.area)
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
        area.require_there(case.occurred_on)
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
            area.require_there(case.occurred_on)
        self.check_successors(case, area)
        loads = {one: carried(case, self.area, to=one, under=one) for one in self.successors}
        area.succeed(self, case.occurred_on)
        for one in self.successors:
            for load in loads[one]:
                case.world.get(Area, one, "区域").mark_load(load)

    def check_successors(self, case: Case, area: "Area") -> None:
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
        for day in _days_of_change(case):
            if any(_comes_to(case, one, self.area, day) for one in self.successors):
                raise WrongSuccessors(
                    f"承继的区域自 {day} 起又由区域 {self.area} 承继，兜了回来", subject=self.area
                )


def _days_of_change(case: Case) -> list[str]:
    """The day of this command, and every later one on which an area moved or was succeeded: what is entered late must fit
    them."""
    areas = case.world.directory.areas.values()
    changes = {said.valid_from for area in areas for said in area.successors.assertions}
    changes |= {said.valid_from for area in areas for said in area.parents.assertions}
    return sorted({case.occurred_on, *(day for day in changes if day > case.occurred_on)})


def _comes_to(case: Case, area: str, wanted: str, day: str) -> bool:
    """Whether a succession leads from one area to another on a day."""
    heirs = case.world.area(area).heirs(day)
    return wanted in heirs or any(_comes_to(case, one, wanted, day) for one in heirs)


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

    def require_there(self, day: str) -> None:
        """Refuse a change on a day on which others have taken its place (AREA-3)."""
        heirs = self._said.field("successors").at(day)
        if heirs:
            raise AreaSucceeded(
                f"区域 {self.id}（{self.name}）在 {day} 已由 {'、'.join(heirs)} 承继，须先恢复建制",
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
            raise NameUsed(
                f"区域 {self.id} 在 {occurred_on} 已名“{asked.new_name}”，不必更名", subject=self.id
            )
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
            raise NameUsed(f"“{asked.alias}”已是区域 {self.id} 的名称，不必再登记", subject=self.id)
        self._aliased(alias=asked.alias, area=asked.area, code=unique, occurred_on=occurred_on)

    def succeed(self, asked: SucceedArea, occurred_on: str) -> None:
        self.require_name(asked.name)
        if asked.how == "restored" and not self._said.field("successors").at(occurred_on):  # AREA-2
            raise WrongSuccessors(f"区域 {self.id} 在 {occurred_on} 存续，不必恢复建制", subject=self.id)
        self._succeeded(
            area=asked.area,
            document=asked.document,
            how=asked.how,
            occurred_on=occurred_on,
            successors=list(asked.successors),
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
