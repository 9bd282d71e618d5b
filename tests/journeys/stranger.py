"""A stranger with a terminal in an empty directory, and the demo that they built there."""

from __future__ import annotations

import contextlib
import io
import json
import os
import re
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from api import cli

ROOT = Path(__file__).parents[2]
SECONDS = 60  # of patience on a busy machine; the demo takes some five


@dataclass(frozen=True)
class Stranger:
    """Somebody with a terminal in an empty directory."""

    home: Path
    environment: tuple[tuple[str, str], ...] = ()

    def run(self, *words: str) -> subprocess.CompletedProcess[str]:
        clean = {name: value for name, value in os.environ.items() if not name.startswith("BANGFU_")}
        return subprocess.run(
            [sys.executable, "-P", "-m", "api.cli", *words],
            cwd=self.home,
            env=clean | {"PYTHONPATH": str(ROOT), "PYTHONUTF8": "1"} | dict(self.environment),
            capture_output=True,
            encoding="utf-8",
            timeout=SECONDS,
            check=False,
        )

    def json(self, *words: str, expecting: int = 0) -> Any:
        """The same command line without a process of its own: quicker where only the answer is wanted."""
        with contextlib.chdir(self.home), contextlib.redirect_stdout(io.StringIO()) as said:
            assert cli.run([*words, "--json"]) == expecting
        return json.loads(said.getvalue())


@dataclass(frozen=True)
class Built:
    """A demo that has been built: who sees it, and what it said. Tests work on copies, or only read."""

    stranger: Stranger
    said: str

    def copy(self, name: str) -> str:
        shutil.copytree(self.stranger.home / "demo-ledger", self.stranger.home / name)
        return name


def joined(text: str) -> str:
    """What was said, whatever lines it was broken into."""
    return re.sub(r"\n +", "", text)


def position_of(demo: Built, number: str) -> int:
    """Where a project was listed."""
    timeline = demo.stranger.json("trace", f"project:{number}", "--data", "demo-ledger")["timeline"]
    (listed,) = (one["position"] for one in timeline if one["event"].startswith("project.listed."))
    return int(listed)
