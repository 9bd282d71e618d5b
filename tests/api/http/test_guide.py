"""docs/api.zh.md says of every refusal which status it has. That its examples work is shown by tests/journeys/test_api_guide.py."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from api.exchange.nouns import NOUNS
from api.exchange.outcome import OWN_KEYS
from tests.support.served import Served

GUIDE = (Path(__file__).parents[3] / "docs" / "api.zh.md").read_text("utf-8")


@pytest.mark.parametrize("kind", NOUNS)
def test_the_guide_names_every_key_of_a_row(kind: str) -> None:
    told = GUIDE.partition(f"（`{kind}`）：")[2].partition("\n")[0]
    columns = NOUNS[kind].schema.columns
    keys = {
        f"{one.key}_fen" if one.kind == "money" else one.key
        for one in columns
        if one.kind not in ("ordinal", "unread", "group_total")
    }
    assert set(re.findall(r"`(\w+)`", told)) == keys | set(OWN_KEYS[kind].values())


def test_the_guide_names_every_status_that_is_answered(office: Served) -> None:
    described = office.stranger.get("/openapi.json").json()["paths"]
    answered = {
        status
        for path in described.values()
        for operation in path.values()
        for status in operation["responses"]
        if status >= "400"
    }
    assert answered == set(
        re.findall(r"\b(4\d\d|503)\b", GUIDE.partition("## 拒绝")[2].partition("## 给运行的人")[0])
    )
