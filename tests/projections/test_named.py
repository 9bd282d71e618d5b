"""A trace with names: what is told stands wherever its commitment stood, and nowhere else."""

import pytest

from projections import wording
from projections.named import commitments_of, committed, named
from projections.trace import trace
from tests.domain.estate import COMMITTED, LAND_RENT, correct, obligation_id, opened, owing, party
from tests.domain.story import Town, settled
from tests.projections.told import Told

NAME = "示例户甲乙"


@pytest.fixture
def town() -> Town:
    return settled()


def test_commitments_are_found_at_any_depth() -> None:
    value = {"a": [{"person": COMMITTED}, "x"], "b": COMMITTED, "c": (1, None, True)}
    assert list(committed(value)) == [COMMITTED, COMMITTED]


def test_a_name_stands_in_the_state_in_the_story_and_beside_an_asset(town: Town) -> None:
    asset = opened(town)
    debt = owing(town, assets=[asset], handler=COMMITTED)
    entries = Told(town)
    found = trace(entries, debt)
    assert commitments_of(found) == {debt: [COMMITTED]}
    told = named(found, {debt: {COMMITTED: NAME}})
    text = told.as_text()
    assert f"农户（{NAME}）" in text
    assert COMMITTED[7:15] not in text
    assert {one.shown for one in told.state if one.field in ("creditor", "handler")} == {
        f"农户（{NAME}）",
        NAME,
    }
    assert any(NAME in str(change.new) for item in told.timeline for change in item.changes)

    beside = trace(entries, asset)
    assert commitments_of(beside) == {obligation_id(): [COMMITTED]}
    assert [one.creditor for one in named(beside, {debt: {COMMITTED: NAME}}).obligations] == [
        f"农户（{NAME}）"
    ]
    assert named(beside, {asset: {COMMITTED: NAME}}) == named(beside, {})


def test_what_is_told_in_the_place_of_a_name_bears_its_own_brackets() -> None:
    assert wording.party(party("household")) == f"农户（{COMMITTED[7:15]}）"
    assert wording.party(party("household", person=NAME)) == f"农户（{NAME}）"
    assert wording.party(party("household", person="〔删除中〕")) == "农户〔删除中〕"
    assert wording.shown("handler", COMMITTED) == f"自然人（{COMMITTED[7:15]}）"


def test_a_name_stands_in_what_is_proposed_and_not_yet_signed(town: Town) -> None:
    debt = owing(town)
    was = trace(Told(town), debt).value("creditor")
    now = was | {"person": "commit:" + "cd" * 32}
    correct(town, debt, LAND_RENT, ("creditor", was, now))
    found = trace(Told(town), debt)
    assert now["person"] in commitments_of(found)[debt]
    told = named(found, {debt: {now["person"]: NAME}})
    (proposed,) = [change for item in told.timeline for change in item.proposed]
    assert wording.party(proposed.new) == f"农户（{NAME}）"
    assert f"→ 农户（{NAME}）" in told.as_text()
