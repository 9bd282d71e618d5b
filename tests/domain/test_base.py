"""Events and aggregates: names of ours, states of plain JSON, earlier shapes that still load."""

import json
from collections.abc import Iterator, Mapping
from typing import Any, ClassVar

import pytest
from eventsourcing.domain import OriginatorIDError, OriginatorVersionError, event

from domain import nouns
from domain.base import EVENTS, NOUNS, Aggregate, Event, recall, restore, state_of
from tests.domain.story import Town

assert nouns.NOUNS


def _with_colour(state: Mapping[str, Any]) -> dict[str, Any]:
    return {"name": state["label"], "colour": "none"}


class Cart(Aggregate):
    """An invented noun whose event has changed its shape once."""

    TOPIC = "cart"

    class Painted(Event):
        TOPIC = "cart.painted.v2"
        earlier: ClassVar = {"cart.painted.v1": _with_colour}
        name: str
        colour: str

    def _begin(self) -> None:
        self.name = ""
        self.colour = ""

    @event(Painted)
    def _painted(self, *, name: str, colour: str) -> None:
        self.name, self.colour = name, colour


INVENTED = {name: EVENTS.pop(name) for name in ("cart.painted.v1", "cart.painted.v2")}
NOUNS.pop("cart")


@pytest.fixture(autouse=True)
def _the_cart_is_known_here_only() -> Iterator[None]:
    EVENTS.update(INVENTED)
    yield
    for name in INVENTED:
        del EVENTS[name]


STREAM = "cart_" + "a" * 26
GOLDEN = b'{"label":"red one"}'


def test_d11_an_event_of_an_earlier_shape_is_brought_to_todays() -> None:
    old = recall("cart.painted.v1", STREAM, 1, json.loads(GOLDEN))
    assert type(old) is Cart.Painted
    assert state_of(old) == {"name": "red one", "colour": "none"}
    cart = old.mutate(None)
    assert isinstance(cart, Cart)
    assert (cart.id, cart.version, cart.name, cart.colour) == (STREAM, 1, "red one", "none")


def test_a_triggered_event_and_the_restored_one_are_the_same() -> None:
    cart = Cart.blank(STREAM)
    cart._painted(name="a", colour="b")
    (made,) = cart.pending_events
    assert isinstance(made, Cart.Painted)
    again = restore(Cart.Painted, STREAM, 1, json.loads(json.dumps(state_of(made))))
    assert again == made
    assert vars(again) == vars(made)


@pytest.mark.parametrize("state", [{"name": "a"}, {"name": "a", "colour": "b", "size": 1}, {}])
def test_an_event_has_all_its_fields_and_no_other(state: dict[str, Any]) -> None:
    cart = Cart.blank(STREAM)
    with pytest.raises(TypeError, match=r"cart\.painted\.v2"):
        cart.trigger_event(Cart.Painted, **state)
    assert (cart.version, cart.pending_events) == (0, [])


def test_what_is_asked_of_an_event_does_not_change_it() -> None:
    said = {"name": "a", "colour": "b"}
    made = restore(Cart.Painted, STREAM, 1, said)
    state_of(made)["name"] = "c"
    said["colour"] = "d"
    assert state_of(made) == {"name": "a", "colour": "b"}


def test_d13_no_state_names_a_class_or_a_time(town: Town) -> None:
    town.checked()
    for entry in town.books.entries:
        assert not {"originator_topic", "timestamp", "originator_id", "originator_version"} & set(entry.state)
        assert entry.event == restore(EVENTS[entry.event], entry.stream, entry.version, entry.state).TOPIC


def test_d13_a_name_that_is_not_ours_is_never_resolved() -> None:
    for name in ("os:system", "domain.base:Aggregate", "cart.painted.v3"):
        with pytest.raises(KeyError):
            recall(name, STREAM, 1, {})


def test_an_event_belongs_to_one_stream_and_follows_its_predecessor() -> None:
    cart = Cart.blank(STREAM)
    with pytest.raises(OriginatorVersionError):
        recall("cart.painted.v2", STREAM, 2, {"name": "", "colour": ""}).mutate(cart)
    with pytest.raises(OriginatorIDError):
        recall("cart.painted.v2", "cart_" + "b" * 26, 1, {"name": "", "colour": ""}).mutate(cart)


def test_an_event_name_belongs_to_one_class() -> None:
    with pytest.raises(TypeError, match=r"cart\.painted\.v1"):

        class Barrow(Aggregate):
            TOPIC = "barrow"

            class Painted(Event):
                TOPIC = "cart.painted.v1"

    NOUNS.pop("barrow")


def test_stored_names_carry_their_version() -> None:
    for name, found in EVENTS.items():
        noun, _, version = name.rpartition(".")
        assert version[0] == "v"
        assert version[1:].isdigit()
        assert noun
        assert found.noun.TOPIC == "cart" or found.noun is NOUNS[found.noun.TOPIC]
