"""`endorse POSITION`: what stands at a position decides which command endorses it; a paper, as it reads now (LAW-1)."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from api.compose import china_today
from domain.values import days_after
from tests.support.logbook import new_id
from tests.support.second import SecondVerifier
from tests.support.world import World, area


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    with World(tmp_path / "ledger") as made:
        yield made.settle()


def test_a_paper_is_endorsed_anew_when_its_day_was_corrected(
    world: World, tmp_path: Path, second: SecondVerifier
) -> None:
    document, proposal = new_id("document", "通知"), new_id("proposal", "改期")
    today = china_today()
    paper = {
        "amount_fen": None,
        "areas": [area("kang")],
        "document": document,
        "hash": "d" * 64,
        "issued_on": today,
        "issuer": "青溪乡人民政府",
        "kind": "other",
        "name": "通知",
        "number": "",
        "pages": 1,
        "quality": "original",
        "subjects": [],
    }
    at = world.accepted("document.register.v1", paper, "kang")
    world.endorsed(at, "checks", "centre")
    assert world.endorse(at, "checks", "centre2").code == "already_checked"
    correction = {
        "changes": [{"field": "issued_on", "now": days_after(today, -1), "was": today}],
        "document": document,
        "expires_on": days_after(today, 30),
        "instead": "",
        "instead_name": "",
        "kind": "slip",
        "name": "通知",
        "paper": "",
        "proposal": proposal,
        "reason": "录入笔误",
        "version": 1,
    }
    world.endorsed(world.accepted("document.correct.v1", correction, "kang"), "checks", "centre")
    world.endorsed(at, "checks", "centre2")
    world.check(tmp_path, second)
