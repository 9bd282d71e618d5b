"""What a page of the documentation tells its reader to do: files to write, and lines to run with the exit code that it tells."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

BLOCK = re.compile(r"(?P<before>[^\n]*)\n\n```(?P<kind>[a-z]*)\n(?P<text>.*?)\n```", re.DOTALL)
_FILE = re.compile(r"`([\w./-]+\.(?:json|csv|toml|py|sh|txt))`")
_EXIT = re.compile(r"  # 退出码 (\d+)\Z")


@dataclass(frozen=True)
class Step:
    """A file to write, or a line to run with the exit code that the page tells."""

    file: str = ""
    text: str = ""
    exit: int = 0


def steps(page: str) -> Iterator[Step]:
    """Every block of a page in order: lines of a shell, or the file that is named first in the line before it."""
    for block in BLOCK.finditer(page):
        if block["kind"] != "sh":
            named = _FILE.findall(block["before"])
            assert named, f"no file is named before {block['text'][:40]}"
            yield Step(file=named[0], text=block["text"] + "\n")
            continue
        for line in block["text"].splitlines():
            told = _EXIT.search(line)
            yield Step(text=_EXIT.sub("", line), exit=int(told[1]) if told else 0)


def is_whole(page: str) -> bool:
    """Whether every block of a page is a step: nothing is shown that is not done."""
    return page.count("```") == 2 * len(BLOCK.findall(page))
