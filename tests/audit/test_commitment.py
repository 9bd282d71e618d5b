"""Commitments to personal values (FORMAT 5.5) and the disclosures that open them."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from audit.commitment import Disclosure, commit, commitment_of, disclosures_of, is_commitment
from audit.errors import Malformed


def test_the_worked_vectors_of_the_format() -> None:
    vectors = json.loads((Path(__file__).parents[1] / "vectors" / "values.json").read_text(encoding="utf-8"))
    for one in vectors["commitments"]:
        salt = bytes.fromhex(one["salt"])
        assert commitment_of(one["kind"], one["field"], salt, one["value"]) == one["commitment"]


def test_equal_values_give_commitments_that_nobody_can_match() -> None:
    one, other = commit("name", "示例甲"), commit("name", "示例甲")
    assert is_commitment(one.commitment)
    assert one.commitment != other.commitment


def test_a_disclosure_opens_one_commitment_only() -> None:
    one = commit("name", "示例甲")
    for other in (
        Disclosure("phone", one.salt, one.value),
        Disclosure(one.field, bytes(32), one.value),
        Disclosure(one.field, one.salt, "示例乙"),
    ):
        assert other.commitment != one.commitment


def test_it_travels_as_json_and_comes_back() -> None:
    one = commit("name", "示例甲")
    assert disclosures_of(json.loads(json.dumps([one.json()]))) == [one]


def test_a_value_is_normalised_before_it_is_committed_to_and_refused_when_it_arrives_otherwise() -> None:
    assert commit("name", "e\u0301").value == "\u00e9"
    with pytest.raises(Malformed, match="NFC"):
        Disclosure("name", bytes(32), "e\u0301")


@pytest.mark.parametrize("value", ["", " 示例甲", "示例甲\n", "示例\x1b[2J", "甲" * 201])
def test_what_is_no_line_of_text_is_no_value(value: str) -> None:
    with pytest.raises(Malformed):
        commit("name", value)


@pytest.mark.parametrize(
    "change",
    [
        {"salt": "00"},
        {"salt": "AB" * 32},
        {"value": 7},
        {"field": "\ud800"},
        {"field": ""},
        {"more": ""},
    ],
)
def test_another_shape_is_refused_without_repeating_the_value(change: dict[str, object]) -> None:
    with pytest.raises(Malformed) as refused:
        disclosures_of([commit("name", "示例甲").json() | change])
    assert "示例甲" not in str(refused.value)


def test_two_disclosures_of_one_commitment_are_one_too_many() -> None:
    one = commit("name", "示例甲").json()
    with pytest.raises(Malformed, match="两份"):
        disclosures_of([one, one])


def test_what_is_printed_for_a_programmer_shows_no_name() -> None:
    assert "示例甲" not in repr(commit("name", "示例甲"))
