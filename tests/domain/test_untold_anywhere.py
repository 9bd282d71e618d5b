"""AUTH-5: whatever is named by whoever is not over it, the refusal is the same in whatever state it is.

Every command of the corpus, which is accepted as it is, is tried with each id in it replaced by that of a thing of another
town, in every state that such a thing comes to (`foreign.py`). Its signers know those ids, and learn no more from it.
"""

import json
from typing import Any

import pytest

from domain.command import COMMANDS
from domain.errors import OutsideArea, Refused
from domain.ledger import Accepted
from domain.values import kind_of, moving_ids
from tests.domain.corpus import history
from tests.domain.foreign import Abroad
from tests.domain.story import Json, Town, settled

EVERYWHERE = {"registrar", "ledger", "county"}  # roles that are over the other town too


class Prying(Town):
    """A township whose people try every foreign id in the place of their own before they sign."""

    def __init__(self) -> None:
        super().__init__()
        self.things: dict[str, list[str]] = {}
        self.tried: dict[tuple[str, str, str, str], set[tuple[type[Refused] | None, str]]] = {}

    def when(self, name: str, payload: Json, by: str | list[str] = "clerk", **header: Any) -> Accepted:
        people = [by] if isinstance(by, str) else by
        if self.things and not {self.known(one).role for one in people} & EVERYWHERE:
            for one in moving_ids(payload):
                for foreign in self.things.get(kind_of(one), ()):
                    self.pry(name, payload, one, foreign, by, header)
        return super().when(name, payload, by, **header)

    def pry(
        self, name: str, payload: Json, own: str, foreign: str, by: str | list[str], header: Json
    ) -> None:
        asked = json.loads(json.dumps(payload).replace(own, foreign))
        nature = header.get("nature", "act")
        stale = {"seen": [[one, 0] for one in moving_ids(asked)]}
        for seen in ({}, stale) if nature == "act" else ({},):
            told: tuple[type[Refused] | None, str] = (None, "")
            try:
                self.ledger.preview(self.sign(self.command(name, asked, by, **header | seen)))
            except Refused as refusal:
                told = (type(refusal), f"{refusal.message} {refusal.detail}".replace(foreign, "…"))
            where = next(iter(_paths(payload, own)))
            self.tried.setdefault((name, nature, str(by), where), set()).add(told)


def _paths(value: Any, wanted: str, above: str = "") -> list[str]:
    if value == wanted:
        return [above]
    parts = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    return [path for key, one in parts for path in _paths(one, wanted, f"{above}/{key}")]


@pytest.fixture(scope="module")
def prying() -> Prying:
    town = Prying()
    town.things = Abroad(settled(town)).things
    history(town)
    return town


def test_auth_5_whatever_state_it_is_in_the_refusal_is_the_same(prying: Prying) -> None:
    told = {
        where: sorted({text for _, text in answers})
        for where, answers in prying.tried.items()
        if len(answers) != 1
    }
    assert told == {}


def test_auth_5_it_is_refused_because_it_lies_elsewhere(prying: Prying) -> None:
    kinds = {kind for answers in prying.tried.values() for kind, _ in answers}
    assert kinds == {OutsideArea}


def test_auth_5_every_command_that_names_a_thing_was_tried(prying: Prying) -> None:
    untried = {
        name
        for name, spec in COMMANDS.items()
        if name not in {one for one, *_ in prying.tried}
        and any(not roles <= EVERYWHERE for roles in spec.may.values())
    }
    assert untried == set()
