"""已核验至第 N 号: the whole log verified again and again in a process of its own, and how far it was found good.

The server checking its own books convinces nobody else; it notices a damaged disk, and what was changed behind its back.
"""

from __future__ import annotations

import json
import subprocess
import sys
import threading
from dataclasses import dataclass
from pathlib import Path

from api.steps import STEPS

EVERY_SECONDS = 3600.0


@dataclass(frozen=True, slots=True)
class Found:
    """The last verdict: entries found good, or why not. Size 0 and no fault: none yet."""

    size: int = 0
    fault: str = ""


class Verified:
    """Without a data directory nothing is ever verified: of tests, and of desks that somebody else watches."""

    def __init__(
        self, data: Path | None = None, trust: Path | None = None, every: float = EVERY_SECONDS
    ) -> None:
        self._data, self._trust, self._every = data, trust, every
        self._found = Found()
        self._stopping = threading.Event()
        self._process: subprocess.Popen[bytes] | None = None
        self._thread = threading.Thread(target=self._run, name="verify", daemon=True)

    @property
    def size(self) -> int:
        return self._found.size

    @property
    def fault(self) -> str:
        return self._found.fault

    def start(self) -> None:
        if self._data is not None:
            self._thread.start()

    def stop(self) -> None:
        self._stopping.set()
        process = self._process
        if process is not None and process.poll() is None:
            process.terminate()
        if self._thread.is_alive():
            self._thread.join()

    def _run(self) -> None:
        while not self._stopping.is_set():
            self._found = self._verify()
            self._stopping.wait(self._every)

    def _verify(self) -> Found:
        words = [sys.executable, "-m", "api.cli", "verify", str(self._data), "--json"]
        if self._trust is not None:
            words += ["--trust", str(self._trust)]
        self._process = subprocess.Popen(words, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)  # noqa: S603 - our own program
        said, _ = self._process.communicate()
        if self._stopping.is_set():
            return self._found
        try:
            verdict = json.loads(said)
            if verdict["ok"]:
                return Found(int(verdict["size"]))
            first = verdict["failures"][0]
        except (ValueError, KeyError, IndexError, TypeError):
            return Found(self._found.size, "核验没有完成，请运行 bangfu verify")
        where = "全账" if first["position"] is None else f"第 {first['position']} 号"
        return Found(0, f"核验不通过：第 {first['step']} 步（{STEPS[first['step']]}），{where}")
