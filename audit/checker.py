"""A process that only checks signatures: `python checker.py` reads chunks on stdin, answers each on stdout.

`pending.py` starts it for long logs. Threads would not do: a thread that has checked one signature waits for the interpreter's
lock, which the reading of the log holds almost all the time. A chunk is its length in four bytes and a list of checks in the
interpreter's own notation (`marshal`): both ends are the same interpreter. The answer is four bytes, as `first_bad` gives it.
"""

from __future__ import annotations

import marshal
import struct
import sys
from collections.abc import Sequence
from pathlib import Path

Check = tuple[bytes, bytes, bytes, int, int, str]
"""Public key, signature, message; and the failure it is if it is not good: step, position, who signed."""

LENGTH = ANSWER = struct.Struct(">I")


def first_bad(checks: Sequence[Check]) -> int:
    """The index of the first check that fails, or the number of checks."""
    from audit.suites import ED25519, verify  # noqa: PLC0415 - as a program, this file is found before the package is

    for index, (public, signature, message, _, _, _) in enumerate(checks):
        if not verify(ED25519, public, signature, message):
            return index
    return len(checks)


def main() -> None:
    # Started by its path, so that the verifier's own copy of the package is the one that runs.
    sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
    reading, writing = sys.stdin.buffer, sys.stdout.buffer
    while head := reading.read(LENGTH.size):
        checks = marshal.loads(reading.read(LENGTH.unpack(head)[0]))  # noqa: S302 - from the process that started this one
        writing.write(ANSWER.pack(first_bad(checks)))
        writing.flush()


if __name__ == "__main__":
    main()
