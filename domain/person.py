"""Persons (人员): a random id and nothing else. Names never enter signed bytes (D17)."""

from typing import ClassVar

from eventsourcing.domain import event

from domain.base import Aggregate, Event
from domain.command import Payload, command
from domain.values import PersonId
from domain.world import Case


@command(
    "person.register.v1",
    title="登记人员",
    may={"act": ("registrar",)},
    events=("person.registered.v1",),
)
class RegisterPerson(Payload):
    of_any_day: ClassVar = True

    person: PersonId

    def summary(self) -> str:
        return f"登记人员编号 {self.person}"

    def decide(self, case: Case) -> None:
        case.world.create(Person, self.person, "人员编号").register()


class Person(Aggregate):
    """Somebody who may hold posts and keys."""

    TOPIC = "person"

    class Registered(Event):
        TOPIC = "person.registered.v1"
        person: str

    def register(self) -> None:
        self._registered(person=self.id)

    @event(Registered)
    def _registered(self, *, person: str) -> None:
        """The id says everything."""
