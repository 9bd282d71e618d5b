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


def test_values_are_shown_in_words_and_amounts_exact() -> None:
    assert labels.shown("total_fen", 113_500_050) == "113.50005万元"
    assert labels.shown("total_fen", None) == "不详"
    assert labels.shown("subsisting", False) == "否"
    assert labels.shown("class", "idle") == "闲置类"
    assert labels.shown("cause_codes", ["C7"]) == "自然灾害等不可抗力"
    assert labels.shown("notes", []) == "无"
    assert labels.class_label("") == "未认定"


def test_parties_and_shares_are_shown_without_a_name_of_a_person() -> None:
    body = {"kind": "organisation", "name": "示例村集体", "organisation": "", "person": ""}
    person = {"kind": "household", "name": "", "organisation": "", "person": "commit:" + "ab" * 32}
    assert labels.shown("creditor", body) == "示例村集体"
    assert labels.shown("creditor", person) == "农户（abababab）"
    assert labels.shown("creditor", None) == "不详"
    shares = [{"basis_points": 3_333, "owner": body}, {"basis_points": 6_600, "owner": person}]
    assert labels.shown("shares", shares) == "示例村集体 33.33%；农户（abababab） 66%"
    assert labels.shown("shares", []) == "不详"
    assert labels.shown("owner_type", "collective_village") == "村集体"
    assert labels.shown("confirmed_debtor", 1_000_000) == "1万元"


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
