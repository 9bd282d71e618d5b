"""What every noun is made of: `Event` and `Aggregate`, and the way an event becomes a state and comes back.

An aggregate begins blank at version 0 and every event, the first too, is applied by a private `@event`
method that only assigns. So no event names a class: the library's `originator_topic` is never made, and
what is stored resolves nothing by import. The recorded time stands in the entry, never in the state.
"""

from collections.abc import Callable, Mapping
from dataclasses import fields
from datetime import UTC, datetime
from functools import cache
from typing import Any, ClassVar, Self, cast

from eventsourcing.domain import (
    BaseAggregate,
    CanMutateAggregate,
    MetaDomainEvent,
    OriginatorIDError,
    OriginatorVersionError,
)

State = dict[str, Any]
Upcaster = Callable[[Mapping[str, Any]], State]

_BEGINNING = datetime(1970, 1, 1, tzinfo=UTC)
_BOOKKEEPING = ("originator_id", "originator_version")


class Event(CanMutateAggregate[str], metaclass=MetaDomainEvent):
    """Something that happened to one aggregate. Fields are str, int, bool, None, list, dict: plain JSON."""

    TOPIC: ClassVar[str] = ""
    # Earlier versions of this event's shape: stored name -> what turns that state into this one.
    earlier: ClassVar[Mapping[str, Upcaster]] = {}
    # Fields whose stored key is no Python name: field -> key in the state.
    stored_as: ClassVar[Mapping[str, str]] = {}
    noun: ClassVar["type[Aggregate]"]

    originator_id: str
    originator_version: int
    timestamp = _BEGINNING  # no field: the library wants one, the state must not have one

    def mutate(self, aggregate: Any) -> Any:
        """Apply this event to its aggregate, a blank one when it is the first."""
        if aggregate is None:
            aggregate = self.noun.blank(self.originator_id)
        if self.originator_id != aggregate._id:
            raise OriginatorIDError(self.originator_id, aggregate._id)
        if self.originator_version != aggregate._version + 1:
            raise OriginatorVersionError(self.originator_version, aggregate._version + 1)
        self.apply(aggregate)
        aggregate._version = self.originator_version
        return aggregate


EVENTS: dict[str, type[Event]] = {}  # stored name -> class, with the names of earlier versions
NOUNS: dict[str, "type[Aggregate]"] = {}  # kind of stream id -> aggregate class


class Aggregate(BaseAggregate[str]):
    """A noun of the ledger. A public method asks and refuses; a private `@event` method assigns."""

    TOPIC: ClassVar[str] = ""

    class Event(Event):
        """The base of this noun's events; never triggered itself."""

    def __init_subclass__(cls, **kwargs: Any) -> None:
        super().__init_subclass__(**kwargs)
        if cls.TOPIC:  # a class without one is only the base of nouns
            NOUNS[cls.TOPIC] = cls
        for value in tuple(cls.__dict__.values()):
            if isinstance(value, type) and issubclass(value, Event) and value.TOPIC:
                value.noun = cls
                for name in (value.TOPIC, *value.earlier):
                    if name in EVENTS:
                        raise TypeError(f"event name {name} belongs to {EVENTS[name]} already")
                    EVENTS[name] = value

    @classmethod
    def blank(cls, identity: str) -> Self:
        """The aggregate before its first event."""
        aggregate = cls.__new__(cls)
        aggregate.__base_init__(originator_id=identity, originator_version=0, timestamp=_BEGINNING)
        aggregate._begin()
        return aggregate

    def _begin(self) -> None:
        """Set every attribute to what it is before the first event."""

    @property
    def called(self) -> str:
        """How a refusal calls it: what it is, its name as far as it has one, and its id."""
        return self.id

    def require_counted(self) -> None:
        """Refuse what is no longer done anything with, because another stands for it; most nouns always are."""

    def trigger_event(self, event_class: type[CanMutateAggregate[str]], **state: Any) -> None:
        """Make the next event, apply it, keep it as pending: what the library calls for an `@event` method."""
        self.trigger(event_class, state)

    def trigger(self, event_class: type[CanMutateAggregate[str]], state: State) -> None:
        """As `trigger_event`, of a state that becomes the event's own. Raises TypeError for a field too many or too few.

        The library's own method looks a topic up and takes the time; topics were checked when the class was
        made (`__init_subclass__`), and an event has no time of its own. The fields are checked all at once and
        not set one by one, as the constructor of a frozen dataclass would.
        """
        kind = cast("type[Event]", event_class)
        if state.keys() != fields_of(kind):
            wrong = sorted(state.keys() ^ fields_of(kind))
            raise TypeError(f"event {kind.TOPIC}: fields too many or too few: {wrong}")
        made = _over(kind, self._id, self._version + 1, state)
        made.mutate(self)
        self._pending_events.append(made)


@cache
def fields_of(event_class: type[Event]) -> frozenset[str]:
    """The fields of an event that are its state."""
    # The metaclass makes it a dataclass.
    return frozenset(field.name for field in fields(event_class)).difference(_BOOKKEEPING)  # type: ignore[arg-type]


def state_of(event: Event) -> State:
    """The JSON-able state of an event: its fields without the stream id and version."""
    state = vars(event).copy()
    for name in _BOOKKEEPING:
        del state[name]
    for field, key in event.stored_as.items():
        state[key] = state.pop(field)
    return state


def restore(event_class: type[Event], stream: str, version: int, state: Mapping[str, Any]) -> Event:
    """An event as it was, from its stored state. Nothing is checked: history loads whatever today's rules are."""
    fields = dict(state)
    for field, key in event_class.stored_as.items():
        fields[field] = fields.pop(key)
    return _over(event_class, stream, version, fields)


def _over(event_class: type[Event], stream: str, version: int, fields: State) -> Event:
    """An event over a dict of its fields, which becomes its own."""
    fields["originator_id"], fields["originator_version"] = stream, version
    event = event_class.__new__(event_class)
    object.__setattr__(event, "__dict__", fields)  # frozen: only so
    return event


def recall(name: str, stream: str, version: int, state: Mapping[str, Any]) -> Event:
    """An event by its stored name, of an earlier version too: then its state is brought to today's shape.

    Raises KeyError for a name that is not ours; no name is ever resolved by import.
    """
    event_class = EVENTS[name]
    if name != event_class.TOPIC:
        state = event_class.earlier[name](state)
    return restore(event_class, stream, version, state)
