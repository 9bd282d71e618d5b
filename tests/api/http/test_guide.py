"""docs/api.zh.md, followed word for word: the Python client lists a project and proposes a disposal at a running server."""

from __future__ import annotations

import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from api.compose import china_today
from audit.checkpoint import parse_tlog_proof
from domain.values import days_after
from tests.domain.estate import opening_of
from tests.support.logbook import new_id
from tests.support.served import Served
from tests.support.world import World, area

GUIDE = (Path(__file__).parents[3] / "docs" / "api.zh.md").read_text("utf-8")
LINES_MAX = 40


FILES = {"client.py": "python", "post.sh": "bash", "project.json": "json", "disposal.json": "json"}
PROJECT, DISPOSAL = ("project.list", "fact", "project.json"), ("disposal.propose", "act", "disposal.json")


def block(name: str) -> str:
    """The block of the guide that stands after the name of its file."""
    after = GUIDE.partition(f"`{name}`")[2].partition(f"```{FILES[name]}\n")[2]
    assert after, name
    return after.partition("\n```")[0] + "\n"


def cold_store(world: World, number: str, name: str = "示例冷库") -> None:
    """An asset that may be disposed of: in nobody's dispute, owned by the village, checked by 乡农服中心."""
    where = {"areas": [area("kang")], "area_label": "康家村"}
    found = opening_of(name, number=number, owner_type="collective_village", registered=True, **where)
    at = world.accepted("asset.open.v1", found | {"asset": new_id("asset", number)}, "kang", nature="opening")
    world.endorsed(at, "checks", "centre")


@pytest.fixture
def desk(tmp_path: Path, office: Served) -> Iterator[Path]:
    """A directory with the files of the guide and the key of a village clerk."""
    for name in FILES:
        # The guide tells its reader to put in a day to come.
        text = block(name).replace('"2026-12-31"', f'"{days_after(china_today(), 30)}"')
        (tmp_path / name).write_text(text, encoding="utf-8")
    office.world.keys["kang"].write(tmp_path / "clerk.key")
    return tmp_path


def run(desk: Path, *words: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(words, cwd=desk, capture_output=True, encoding="utf-8", timeout=60, check=False)


def test_the_python_client_lists_a_project(desk: Path, office: Served) -> None:
    assert len([line for line in block("client.py").splitlines() if line]) <= LINES_MAX
    done = run(desk, sys.executable, "client.py", office.url, "clerk.key", *PROJECT)
    assert done.returncode == 0, done.stderr
    position = office.world.desk.log.size - 1
    assert f"已入账：第 {position} 号" in done.stdout
    assert office.world.entry(position).state["name"] == "示例蔬菜大棚"
    index, _, _ = parse_tlog_proof((desk / "receipt.tlog-proof").read_bytes())
    assert index == position
    again = run(desk, sys.executable, "client.py", office.url, "clerk.key", *PROJECT)
    assert again.returncode == 1
    assert "taken" in again.stderr


def test_the_python_client_proposes_a_disposal(desk: Path, office: Served) -> None:
    refused = run(desk, sys.executable, "client.py", office.url, "clerk.key", *DISPOSAL)
    assert "not_found" in refused.stderr  # there is no such asset yet
    cold_store(office.world, "ZC-0001")
    done = run(desk, sys.executable, "client.py", office.url, "clerk.key", *DISPOSAL)
    assert done.returncode == 0, done.stderr
    read = office.as_("kang").get("/api/v1/disposals/CZ-0001").json()
    assert {one["field"]: one["value"] for one in read["state"]}["progress"] == "propose"
    again = run(desk, sys.executable, "client.py", office.url, "clerk.key", *DISPOSAL)
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
