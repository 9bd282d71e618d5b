"""Organisations (单位): registered once, named by posts and keys. Never a natural person."""

from typing import ClassVar, Literal, Self

from eventsourcing.domain import event
from pydantic import model_validator

from domain.base import Aggregate, Event
from domain.command import Payload, command
from domain.party import require_body
from domain.values import AreaId, FilledLine, OrganisationId
from domain.world import Case

Kind = Literal[
    "village_committee",  # 村（居）民委员会
    "village_collective",  # 村集体经济组织
    "town_government",  # 乡镇党委政府
    "town_office",  # 乡镇办所（农服中心等）
    "town_discipline",  # 乡镇纪委
    "county_department",  # 县级部门
    "other",
]


@command(
    "organisation.register.v1",
    title="登记单位",
    may={"act": ("registrar",)},
    events=("organisation.registered.v1",),
)
class RegisterOrganisation(Payload):
    of_any_day: ClassVar = True

    area: AreaId
    kind: Kind
    name: FilledLine
    organisation: OrganisationId

    @model_validator(mode="after")
    def _check_named(self) -> Self:
        if self.kind == "other":  # of the others the kind says that they are bodies
            require_body(self.name, "name")
        return self

    def summary(self) -> str:
        return f"登记单位：{self.name}"

    def decide(self, case: Case) -> None:
        case.world.area(self.area)
        organisation = case.world.create(Organisation, self.organisation, "单位编号")
        organisation.register(self)


class Organisation(Aggregate):
    """A body that holds posts."""

    TOPIC = "organisation"

    class Registered(Event):
        TOPIC = "organisation.registered.v1"
        area: str
        kind: str
        name: str
        organisation: str

    def _begin(self) -> None:
        self.name = ""

    def register(self, asked: RegisterOrganisation) -> None:
        self._registered(area=asked.area, kind=asked.kind, name=asked.name, organisation=asked.organisation)

    @event(Registered)
    def _registered(self, *, area: str, kind: str, name: str, organisation: str) -> None:
        self.name = name
