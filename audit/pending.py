"""Signatures that wait to be checked, in the order of the procedure, on all processors.

`cryptography` releases the interpreter's lock while it verifies, so threads suffice. What is added first is judged first:
the failure that comes out is the one that a program checking one after another would have met.
"""

from __future__ import annotations

import os
from collections import deque
from concurrent.futures import Future, ThreadPoolExecutor
from typing import NamedTuple

from audit import suites
from audit.errors import NotBelieved

_CHUNK = 128
_CHUNKS_WAITING_MAX = 8


class Check(NamedTuple):
    """One signature, and the failure it is if it is not good."""

    public: bytes
    signature: bytes
    message: bytes
    step: int
    position: int
    signer: str


def _first_bad(checks: list[Check]) -> NotBelieved | None:
    for public, signature, message, step, position, signer in checks:
        if not suites.verify(suites.ED25519, public, signature, message):
            return NotBelieved(step, position, f"{signer} 的签名不成立")
    return None


class PendingSignatures:
    """Add checks in order; `add` and `settle` raise the first that fails. Leave the context to stop the threads."""

    def __init__(self) -> None:
        self._chunk: list[Check] = []
        self._waiting: deque[Future[NotBelieved | None]] = deque()
        self._threads: ThreadPoolExecutor | None = None
        self.added = 0

    def __enter__(self) -> PendingSignatures:
        return self

    def __exit__(self, *_: object) -> None:
        if self._threads is not None:
            self._threads.shutdown(cancel_futures=True)

    def add(self, check: Check) -> None:
        """Raises NotBelieved for an earlier check, when the queue is full and its head turns out bad."""
        self.added += 1
        self._chunk.append(check)
        if len(self._chunk) >= _CHUNK:
            self._send()

    def settle(self) -> None:
        """Wait for everything added so far. Raises NotBelieved for the first that fails."""
        while self._waiting:
            self._take()
        chunk, self._chunk = self._chunk, []
        bad = _first_bad(chunk)
        if bad is not None:
            raise bad

    def _send(self) -> None:
        if self._threads is None:
            self._threads = ThreadPoolExecutor(max_workers=os.cpu_count() or 1)
        self._waiting.append(self._threads.submit(_first_bad, self._chunk))
        self._chunk = []
        if len(self._waiting) > _CHUNKS_WAITING_MAX:
            self._take()

    def _take(self) -> None:
        bad = self._waiting.popleft().result()
        if bad is not None:
            raise bad
