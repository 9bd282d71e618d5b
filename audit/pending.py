"""Signatures that wait to be checked, in the order of the procedure, on all processors.

What is added first is judged first: the failure that comes out is the one that a program checking one after another would
have met. A short log is checked as it is read. From a thousand signatures on, every further processor gets a process that
only checks (`checker.py`); when these have enough to do, the reader checks a chunk itself.
"""

from __future__ import annotations

import os
import subprocess
import sys
import threading
from collections import deque
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path
from typing import NamedTuple

from audit import suites
from audit.errors import NotBelieved

_CHUNK = 512
_ALONE_MAX = 1_000  # signatures that are checked before starting a process is worth its while
_CHUNKS_AHEAD = 2  # for each process
_CHECKER = Path(__file__).with_name("checker.py")


class Check(NamedTuple):
    """One signature, and the failure it is if it is not good."""

    public: bytes
    signature: bytes
    message: bytes
    step: int
    position: int
    signer: str

    def failure(self) -> NotBelieved:
        return NotBelieved(self.step, self.position, f"{self.signer} 的签名不成立")


def _first_bad(checks: list[Check]) -> NotBelieved | None:
    for check in checks:
        if not suites.verify(suites.ED25519, check.public, check.signature, check.message):
            return check.failure()
    return None


class _Checker:
    """A process that checks, and the one thread at a time that speaks with it."""

    def __init__(self) -> None:
        self._process = subprocess.Popen(  # noqa: S603 - our own interpreter and program
            [sys.executable, "-s", "-B", str(_CHECKER)], stdin=subprocess.PIPE, stdout=subprocess.PIPE
        )

    def first_bad(self, checks: list[Check]) -> NotBelieved | None:
        """As `_first_bad`, in the process. Raises OSError when it does not answer."""
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        parts = [
            b"".join((check.public, check.signature, len(check.message).to_bytes(4, "big"), check.message))
            for check in checks
        ]
        self._process.stdin.write(sum(map(len, parts)).to_bytes(4, "big"))
        self._process.stdin.write(b"".join(parts))
        self._process.stdin.flush()
        answers = self._process.stdout.read(len(checks))
        if len(answers) < len(checks):
            raise OSError("the checking process has ended")
        bad = answers.find(0)
        return None if bad < 0 else checks[bad].failure()

    def close(self) -> None:
        self._process.kill()
        self._process.communicate()


class PendingSignatures:
    """Add checks in order; `add` and `settle` raise the first that fails. Leave the context to stop the processes."""

    def __init__(self) -> None:
        self._chunk: list[Check] = []
        self._waiting: deque[Future[NotBelieved | None]] = deque()
        self._helpers = max(1, (os.cpu_count() or 1) - 1)
        self._threads: ThreadPoolExecutor | None = None
        self._own = threading.local()
        self._checkers: list[_Checker] = []
        self.added = 0

    def __enter__(self) -> PendingSignatures:
        return self

    def __exit__(self, *_: object) -> None:
        if self._threads is not None:
            self._threads.shutdown(cancel_futures=True)
        for checker in self._checkers:
            checker.close()

    def add(self, check: Check) -> None:
        """Raises NotBelieved for this check or an earlier one."""
        self.added += 1
        self._chunk.append(check)
        if len(self._chunk) >= _CHUNK:
            self._send()

    def settle(self) -> None:
        """Wait for everything added so far. Raises NotBelieved for the first that fails."""
        chunk, self._chunk = self._chunk, []
        self._check_here(chunk)
        self._take_all()

    def _send(self) -> None:
        chunk, self._chunk = self._chunk, []
        while self._waiting and self._waiting[0].done():
            self._take()
        if self.added <= _ALONE_MAX or len(self._waiting) >= _CHUNKS_AHEAD * self._helpers:
            self._check_here(chunk)
            return
        if self._threads is None:
            self._threads = ThreadPoolExecutor(max_workers=self._helpers)
        self._waiting.append(self._threads.submit(self._check_there, chunk))

    def _check_here(self, chunk: list[Check]) -> None:
        bad = _first_bad(chunk)
        if bad is not None:
            self._take_all()  # what was added before is judged before
            raise bad

    def _check_there(self, chunk: list[Check]) -> NotBelieved | None:
        try:
            if not hasattr(self._own, "checker"):
                self._own.checker = _Checker()
                self._checkers.append(self._own.checker)
            found: NotBelieved | None = self._own.checker.first_bad(chunk)
        except OSError:
            return _first_bad(chunk)
        return found

    def _take_all(self) -> None:
        while self._waiting:
            self._take()

    def _take(self) -> None:
        bad = self._waiting.popleft().result()
        if bad is not None:
            raise bad
