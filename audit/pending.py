"""Signatures that wait to be checked, in the order of the procedure, on all processors.

What is added first is judged first: the failure that comes out is the one that a program checking one after another would
have met. For a long log every further processor gets a process that only checks (`checker.py`). Each has a chunk in hand and two
waiting in its pipe; while all have that, the reader of the log checks chunks itself. In the time that one chunk takes the reader no
process runs out of work, and at the end none has much more left than another.
"""

from __future__ import annotations

import marshal
import os
import subprocess
import sys
import threading
from collections import deque
from contextlib import suppress
from pathlib import Path
from queue import SimpleQueue
from types import TracebackType
from typing import IO

from audit.checker import ANSWER, LENGTH, Check, first_bad
from audit.errors import NotBelieved

_CHUNK = 64  # signatures: some seven milliseconds; the larger ones cost more to hand over, each byte of them
_ENOUGH = 2 * _CHUNK  # with more than that, a process is given no further chunk
_LAST_CHUNK = 16  # the smaller the last ones, the less one processor waits for another
_ALONE_MAX = 1_000  # signatures that are checked before starting a process is worth its while
_PIPE_BYTES = (
    1 << 20
)  # holds the chunks that wait, where the system allows it: then handing one over does not wait
_CHECKER = Path(__file__).with_name("checker.py")


class _Chunk:
    """Checks that go to one place, and what came of them: the index of the first bad one, or their number."""

    __slots__ = ("checks", "good", "number")

    def __init__(self, number: int, checks: list[Check]) -> None:
        self.number, self.checks = number, checks
        self.good = len(checks)


class _Checker:
    """A process that checks, one chunk after another. A thread listens for its answers, and only for these."""

    def __init__(self) -> None:
        self._process = subprocess.Popen(  # noqa: S603 - our own interpreter and program
            [sys.executable, "-P", "-s", "-B", str(_CHECKER)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
        )
        assert self._process.stdin is not None
        _widen(self._process.stdin)
        self._given: deque[_Chunk] = deque()
        self._answers: SimpleQueue[int | None] = SimpleQueue()
        self._listener = threading.Thread(target=self._listen, daemon=True)
        self._listener.start()
        self.waiting = 0  # checks without an answer

    @property
    def pid(self) -> int:
        return self._process.pid

    def give(self, chunk: _Chunk) -> None:
        """Hand over a chunk. Whatever happens to the process, `done` or `all_done` gives it back."""
        assert self._process.stdin is not None
        self._given.append(chunk)
        self.waiting += len(chunk.checks)
        data = marshal.dumps(chunk.checks)
        try:
            self._process.stdin.write(LENGTH.pack(len(data)) + data)
            self._process.stdin.flush()
        except OSError:
            self._process.kill()  # the listener says so

    def done(self, wait: bool) -> list[_Chunk]:
        """The chunks with an answer, in order; with `wait` all that were given."""
        chunks = []
        while self._given and (wait or not self._answers.empty()):
            answer = self._answers.get()
            if answer is None:  # the process has ended: its work is done here
                self._answers.put(None)
                answer = first_bad(self._given[0].checks)
            chunk = self._given.popleft()
            chunk.good = answer
            self.waiting -= len(chunk.checks)
            chunks.append(chunk)
        return chunks

    def close(self) -> None:
        self._process.kill()
        self._listener.join()
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdout.close()
        with suppress(OSError):  # what the process did not take
            self._process.stdin.close()
        self._process.wait()

    def _listen(self) -> None:
        assert self._process.stdout is not None
        while len(answer := self._process.stdout.read(ANSWER.size)) == ANSWER.size:
            self._answers.put(ANSWER.unpack(answer)[0])
        self._answers.put(None)


class PendingSignatures:
    """Add checks in order; `add` and `settle` raise the first that fails. Leave the context to stop the processes."""

    def __init__(self) -> None:
        self._checks: list[Check] = []
        self._checkers: list[_Checker] = []
        self._chunks = 0
        self._added = 0

    def __enter__(self) -> PendingSignatures:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for checker in self._checkers:
            checker.close()

    @property
    def added(self) -> int:
        return self._added + len(self._checks)

    @property
    def processes(self) -> list[int]:
        """The process ids of those that check."""
        return [checker.pid for checker in self._checkers]

    def expect(self, number: int) -> None:
        """Say that at least so many will come: enough of them are worth a process for each further processor."""
        if number > _ALONE_MAX and not self._checkers:
            self._checkers = [_Checker() for _ in range((os.cpu_count() or 1) - 1)]

    def add(self, check: Check) -> None:
        """Raises NotBelieved for this check or an earlier one."""
        self._checks.append(check)
        if len(self._checks) >= _CHUNK:
            self._judge(_CHUNK, _ENOUGH)

    def settle(self) -> None:
        """Wait for everything added so far. Raises NotBelieved for the first that fails."""
        while self._checks:
            self._judge(_LAST_CHUNK, _LAST_CHUNK - 1)
        self._raise_first([])

    def _judge(self, size: int, enough: int) -> None:
        """Have a chunk of the checks judged: by the first process that has no more than enough to do, or here."""
        checks, self._checks = self._checks[:size], self._checks[size:]
        chunk = _Chunk(self._chunks, checks)
        self._chunks += 1
        self._added += len(checks)
        self.expect(self._added)
        bad = [done for checker in self._checkers for done in checker.done(wait=False) if _is_bad(done)]
        checker = min(self._checkers, key=_load, default=None)
        if checker is not None and checker.waiting <= enough:
            checker.give(chunk)
        else:
            chunk.good = first_bad(checks)
            if _is_bad(chunk):
                bad.append(chunk)
        if bad:
            self._raise_first(bad)

    def _raise_first(self, bad: list[_Chunk]) -> None:
        """Wait for all processes, and raise the first failure, if there is one."""
        for checker in self._checkers:
            bad += [done for done in checker.done(wait=True) if _is_bad(done)]
        if bad:
            first = min(bad, key=lambda chunk: chunk.number)
            _, _, _, step, position, signer = first.checks[first.good]
            raise NotBelieved(step, position, f"{signer} 的签名不成立")


def _widen(pipe: IO[bytes]) -> None:
    with suppress(ImportError, AttributeError, OSError):
        import fcntl  # noqa: PLC0415 - not every system has it

        fcntl.fcntl(pipe, fcntl.F_SETPIPE_SZ, _PIPE_BYTES)


def _is_bad(chunk: _Chunk) -> bool:
    return chunk.good < len(chunk.checks)


def _load(checker: _Checker) -> int:
    return checker.waiting
