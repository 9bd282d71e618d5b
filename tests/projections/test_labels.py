"""Whatever the domain records has a Chinese word, and whatever it lists has a handler."""

from domain.base import EVENTS
from projections import labels, nouns


def test_every_event_of_the_domain_has_a_title() -> None:
    assert {name for name in EVENTS if labels.event_title(name) == name} == set()


def test_every_handled_event_is_one_of_the_domain() -> None:
    assert set(nouns.HANDLERS) <= set(EVENTS)
    assert {one for told in nouns.TELLERS.values() for one in told} <= set(EVENTS)


def test_every_event_of_a_noun_with_rows_is_handled() -> None:
    of_rows = {
        name for name, event in EVENTS.items() if event.noun.TOPIC in nouns.TABLES and name == event.TOPIC
    }
    assert of_rows == set(nouns.HANDLERS)


def test_a_class_that_nobody_has_determined_is_said_to_be_none() -> None:
    assert labels.class_label("idle") == "闲置类"
    assert labels.class_label("") == "未认定"


def test_batch_3_the_check_of_a_batch_reaches_the_rows_of_every_noun_that_is_checked() -> None:
    checked = [noun for noun in nouns.LISTED if noun.is_checked]
    assert {noun.kind for noun in checked} == {
        "asset",
        "disposal",
        "meeting",
        "notice",
        "obligation",
        "project",
    }
    assert all("batch.endorsed.v1" in noun.handlers for noun in checked)
