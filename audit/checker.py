"""A process that only checks signatures: `python checker.py` reads chunks on stdin, answers a byte for each on stdout.

`pending.py` starts it for long logs. Threads would not do: a thread that has checked one signature waits for the interpreter's
lock, which the reading of the log holds almost all the time. A chunk is its length in four bytes and then, for each signature,
public key (32 bytes), signature (64), length of the message in four bytes, message. The answer is 1 for good, 0 for bad.
"""

from __future__ import annotations

import sys
from pathlib import Path


def main() -> None:
    sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
    from audit import suites  # noqa: PLC0415 - started by path, so that the verifier's own copy is the one that runs

    reading, writing = sys.stdin.buffer, sys.stdout.buffer
    while head := reading.read(4):
        chunk = reading.read(int.from_bytes(head, "big"))
        answers = bytearray()
        at = 0
        while at < len(chunk):
            end = at + 100 + int.from_bytes(chunk[at + 96 : at + 100], "big")
            public, signature = chunk[at : at + 32], chunk[at + 32 : at + 96]
            answers.append(suites.verify(suites.ED25519, public, signature, chunk[at + 100 : end]))
            at = end
        writing.write(answers)
        writing.flush()


if __name__ == "__main__":
    main()
