"""Telling: what the demo does, step by step in plain Chinese, with the time that each step took."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager

from api.cli_say import out
from projections.text import wrap


class Telling:
    """Numbers its steps from 1."""

    def __init__(self, title: str) -> None:
        self._began = time.monotonic()
        self._step = 0
        out(title)

    @contextmanager
    def step(self, title: str) -> Iterator[None]:
        self._step += 1
        with self._timed(f"第 {self._step} 步  {title}"):
            yield

    @contextmanager
    def before(self, title: str) -> Iterator[None]:
        """What has to be there before the first step."""
        with self._timed(f"准备  {title}"):
            yield

    @contextmanager
    def _timed(self, title: str) -> Iterator[None]:
        out("")
        out(title)
        began = time.monotonic()
        yield
        out(f"  （{time.monotonic() - began:.2f} 秒）")

    def line(self, text: str) -> None:
        for one in wrap(text, "  ", "    ", 100):
            out(one)

    def seconds(self) -> float:
        return time.monotonic() - self._began
