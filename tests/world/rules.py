"""Later rules: a copy of the package `domain` with something changed, and a process that runs by them."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import domain

ROOT = Path(__file__).parents[2]
DOMAIN = Path(domain.__file__).parent

LATER_LISTED = """        TOPIC = "project.listed.v2"
        earlier: ClassVar = {"project.listed.v1": lambda state: {**state, "entered_from": "不详"}}
        entered_from: str

        def apply(self, aggregate: Any) -> None:
            aggregate.entered_from = self.entered_from
            aggregate._entered(self)
"""
_LATE = '"业务日期早于入账日期多少天起须说明迟登原因", '
# One rule is stricter, and one event has a new shape that the old one is brought to.
STRICTER = {
    "law.py": [(f"{_LATE}30,", f"{_LATE}10,")],
    "listing.py": [('    events=("project.listed.v1",),', '    events=("project.listed.v2",),')],
    "project.py": [
        ('        TOPIC = "project.listed.v1"\n', LATER_LISTED),
        (
            "self.trigger(self.Listed, entry)",
            'self.trigger(self.Listed, entry | {"entered_from": "原件"})',
        ),
    ],
}


def copied(directory: Path, changes: Mapping[str, list[tuple[str, str]]]) -> Path:
    """A directory to put first on the path, with a changed copy of the domain in it."""
    made = directory / "domain"
    shutil.copytree(DOMAIN, made, ignore=shutil.ignore_patterns("__pycache__"))
    for name, replacements in changes.items():
        text = (made / name).read_text("utf-8")
        for before, after in replacements:
            assert text.count(before) == 1, f"{name} no longer says {before!r} once"
            text = text.replace(before, after)
        (made / name).write_text(text, "utf-8")
    return directory


def run(rules: Path, *words: str) -> dict[str, Any]:
    """The answer of a process that runs by these rules."""
    environment = {name: value for name, value in os.environ.items() if not name.startswith("BANGFU_")}
    environment["PYTHONPATH"] = os.pathsep.join([str(rules), str(ROOT)])
    done = subprocess.run(
        [sys.executable, "-B", "-m", "tests.world.later", *words],
        cwd=rules,
        env=environment,
        capture_output=True,
        check=False,
        timeout=120,
    )
    assert done.returncode == 0, done.stderr.decode()
    answer: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return answer
