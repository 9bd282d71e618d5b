"""A debt to somebody of a household, as it is signed: the name concealed."""

from __future__ import annotations

from typing import Any

from api.compose import sign_command
from api.personal import conceal
from audit import dsse
from audit.commitment import Disclosure
from tests.domain import estate
from tests.support.world import World, area

NAME = "示例甲乙丙"
REGISTER = "obligation.register.v1"


def owed(name: str = NAME, **changed: Any) -> dict[str, Any]:
    creditor = {"kind": "household", "name": "", "organisation": "", "person": name}
    there = {"areas": [area("kang")], "area_label": "康家村", "creditor": creditor}
    return estate.owed("示例欠款", **there, **changed)


def signed(world: World, payload: dict[str, Any], by: str = "kang") -> dsse.Envelope:
    body = world.clerk(by).prepare(REGISTER, payload, nature="opening", occurred_on="2026-11-01")
    return sign_command(body, world.keys[by].signer)


def concealed(**changed: Any) -> tuple[dict[str, Any], Disclosure]:
    found = conceal(REGISTER, owed(**changed))
    (disclosure,) = found.disclosures
    return found.payload, disclosure
