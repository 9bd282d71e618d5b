"""docs/api.zh.md, followed word for word: the Python client lists a project at a running server."""

from __future__ import annotations

import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from audit.checkpoint import parse_tlog_proof
from tests.support.served import Served

GUIDE = (Path(__file__).parents[3] / "docs" / "api.zh.md").read_text("utf-8")
LINES_MAX = 40


def block(kind: str) -> str:
    (found,) = re.findall(rf"```{kind}\n(.*?)\n```", GUIDE, re.DOTALL)
    return str(found) + "\n"


@pytest.fixture
def desk(tmp_path: Path, office: Served) -> Iterator[Path]:
    """A directory with the files of the guide and the key of a village clerk."""
    for name, kind in (("client.py", "python"), ("post.sh", "bash"), ("project.json", "json")):
        (tmp_path / name).write_text(block(kind), encoding="utf-8")
    office.world.keys["kang"].write(tmp_path / "clerk.key")
    return tmp_path


def run(desk: Path, *words: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(words, cwd=desk, capture_output=True, encoding="utf-8", timeout=60, check=False)


def test_the_python_client_lists_a_project(desk: Path, office: Served) -> None:
    assert len([line for line in block("python").splitlines() if line]) <= LINES_MAX
    done = run(desk, sys.executable, "client.py", office.url, "clerk.key", "project.json")
    assert done.returncode == 0, done.stderr
    position = office.world.desk.log.size - 1
    assert f"已入账：第 {position} 号" in done.stdout
    assert office.world.entry(position).state["name"] == "示例蔬菜大棚"
    index, _, _ = parse_tlog_proof((desk / "receipt.tlog-proof").read_bytes())
    assert index == position
    again = run(desk, sys.executable, "client.py", office.url, "clerk.key", "project.json")
    assert again.returncode == 1
    assert "taken" in again.stderr


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
