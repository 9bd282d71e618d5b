"""docs/api.zh.md says of every refusal which status it has. That its examples work is shown by tests/journeys/test_api_guide.py."""

from __future__ import annotations

import re
from pathlib import Path

from tests.support.served import Served

GUIDE = (Path(__file__).parents[3] / "docs" / "api.zh.md").read_text("utf-8")


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
