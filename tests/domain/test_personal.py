"""Fields that name a natural person are found by their type, wherever they stand in a payload (D17)."""

from typing import Annotated, Literal

import pytest
from pydantic import Field, ValidationError

from domain.command import Value
from domain.personal import Commitment, Held, Personal, PersonName, PersonNameOrBlank, Place, held, places

COMMITTED = "commit:" + "0f" * 32


class Party(Value):
    kind: Literal["household", "organisation"]
    person: PersonNameOrBlank


class Lease(Value):
    owner: Party
    tenants: Annotated[list[Party], Field(max_length=4)]
    witness: PersonName | None
    phones: list[Annotated[Commitment | Literal[""], Personal("phone")]]
    title: str


def test_they_are_found_in_parts_in_lists_and_beside_null() -> None:
    assert places(Lease) == (
        Place(("owner", "person"), "name"),
        Place(("tenants", "", "person"), "name"),
        Place(("witness",), "name"),
        Place(("phones", ""), "phone"),
    )


def test_a_payload_gives_those_that_are_filled_in_with_pointer_and_field() -> None:
    stated = {
        "owner": {"kind": "household", "person": "甲"},
        "tenants": [{"kind": "household", "person": ""}, {"kind": "household", "person": "乙"}],
        "witness": None,
        "phones": ["1"],
        "title": "租约",
    }
    assert list(held(Lease, stated)) == [
        Held("/owner/person", "name", "甲"),
        Held("/tenants/1/person", "name", "乙"),
        Held("/phones/0", "phone", "1"),
    ]


@pytest.mark.parametrize(
    "stated", [{}, {"owner": "甲", "tenants": {"person": "乙"}, "phones": None}, {"owner": []}]
)
def test_a_payload_of_another_shape_gives_none_and_raises_nothing(stated: dict[str, object]) -> None:
    assert list(held(Lease, stated)) == []


def test_what_is_signed_is_a_commitment_and_never_the_name() -> None:
    assert Party(kind="household", person=COMMITTED).person == COMMITTED
    assert Party(kind="household", person="").person == ""
    for clear in ("张三", COMMITTED[:-1], COMMITTED.upper(), COMMITTED + "0"):
        with pytest.raises(ValidationError):
            Party(kind="household", person=clear)
