"""PROJ-6, PARTY-1: where a body is named no natural person is, and that is found out before anything is signed (D17)."""

from collections.abc import Iterator
from typing import Any

import pytest

from domain.command import render
from domain.document import RegisterDocument
from domain.errors import BadShape, PersonalText, Refused, WrongParty
from tests.domain.disposals import COLLECTIVE, estate
from tests.domain.estate import (
    COLD_STORE,
    COMMITTED,
    LAND_RENT,
    asset_id,
    correction_of,
    obligation_id,
    opening_of,
    owed,
    party,
    share,
    shares_of,
    title_of,
)
from tests.domain.story import Json, Town, identity

NAME = "示例某甲"
BODY = "青溪砖瓦厂"
Named = tuple[str, Json, str]  # command, payload, where the body is named


def bodies(town: Town, its: Any, name: str) -> Iterator[Named]:
    """Every field of every noun that names a body in the clear, with this name in it."""
    yield "project.list.v1", town.project(operator=name), "/operator"
    (entry,) = town.books.stream(its.id_of("document", "photo"))
    paper = {key: entry.state[key] for key in RegisterDocument.model_fields if key in entry.state}
    filed = paper | {"document": entry.stream, "issuer": name}
    yield "document.register.v1", filed, "/issuer"
    other = {
        "area": identity("area", "town"),
        "kind": "other",
        "organisation": identity("organisation", "新"),
    }
    yield "organisation.register.v1", other | {"name": name}, "/name"
    yield from parties(its, party(name=name))
    change = ("operator", "青溪油茶专业合作社", name)
    subject = identity("project", "油茶基地")
    yield "project.correct.v1", correction_of(subject, "油茶基地", change), "/changes/0/now"
    yield (
        "document.correct.v1",
        correction_of(filed["document"], "photo", ("issuer", "", name)),
        "/changes/0/now",
    )


def parties(its: Any, one: Json) -> Iterator[Named]:
    """Every party of every noun, so written."""
    yield "obligation.register.v1", owed(creditor=one), "/creditor"
    yield "obligation.register.v1", owed(debtor=one), "/debtor"
    held = {"basis_points": 10_000, "owner": one}
    yield "asset.open.v1", opening_of(shares=[held]), "/shares/0/owner"
    yield "asset.set_shares.v1", shares_of(shares=[held]), "/shares/0/owner"
    yield "asset.register_ownership.v1", title_of(shares=[held]), "/shares/0/owner"
    yield "disposal.settle.v1", its.settlement(counterparty=one), "/counterparty"
    change: tuple[str, Any, Any] = ("creditor", None, one)
    yield "obligation.correct.v1", correction_of(obligation_id(), LAND_RENT, change), "/changes/0/now"
    change = ("shares", [share()], [held])
    yield "asset.correct.v1", correction_of(asset_id(), COLD_STORE, change), "/changes/0/now/0/owner"
    change = ("counterparty", None, one)
    yield "disposal.correct.v1", correction_of(its.disposal, its.name, change), "/changes/0/now"


def told(refusal: Refused) -> list[str]:
    return [fault["pointer"] for fault in refusal.detail["faults"]]


def test_proj_6_a_body_is_named_and_no_person(town: Town) -> None:
    its = estate(town, COLLECTIVE)
    its.paper("photo")
    pairs = zip(bodies(town, its, NAME), bodies(town, its, BODY), strict=True)
    for (command, payload, where), (_, right, _) in pairs:
        with pytest.raises(PersonalText, match="自然人") as caught:
            render(command, payload)
        (pointer,) = told(caught.value)
        assert pointer in (f"/payload{where}", f"/payload{where}/name")
        assert NAME not in str(caught.value)
        render(command, right)


@pytest.mark.parametrize("kind", ["household", "individual"])
def test_party_1_the_name_of_a_person_belongs_into_person(town: Town, kind: str) -> None:
    its = estate(town, COLLECTIVE)
    right = {"kind": kind, "name": "", "organisation": "", "person": COMMITTED}
    wrong = right | {"name": NAME, "person": ""}
    blank = right | {"person": ""}
    for named in zip(*(parties(its, one) for one in (wrong, blank, right)), strict=True):
        (command, misplaced, where), (_, missing, _), (_, fitting, _) = named
        with pytest.raises(WrongParty, match="person") as caught:
            render(command, misplaced)
        assert told(caught.value) == [f"/payload{where}/name"]
        assert NAME not in str(caught.value)
        with pytest.raises(WrongParty, match="签名内容里只有承诺值") as caught:
            render(command, missing)
        assert told(caught.value) == [f"/payload{where}/person"]
        render(command, fitting)


def test_party_1_a_body_is_no_commitment(town: Town) -> None:
    for one in parties(estate(town, COLLECTIVE), party(person=COMMITTED)):
        with pytest.raises(WrongParty, match="单位名称") as caught:
            render(one[0], one[1])
        assert told(caught.value) == [f"/payload{one[2]}/person"]


def test_cmd_2_what_has_no_shape_is_told_first_and_the_person_with_it(town: Town) -> None:
    payload = town.project(operator=NAME, build_year="2016")
    with pytest.raises(BadShape) as caught:
        render("project.list.v1", payload)
    assert told(caught.value) == ["/payload/build_year", "/payload/operator"]
