"""The check of a signature, FORMAT 4.3; and, run as a program, a process that does nothing else.

`pending.py` starts it for long logs: it reads chunks on stdin and answers each on stdout. Threads would not do: one that has
checked a signature waits for the interpreter's lock, which the reading of the log holds almost all the time. A chunk is its length
in four bytes and a list of checks in the interpreter's own notation (`marshal`): both ends are the same interpreter. The answer is
four bytes, as `first_bad` gives it.

It imports nothing of ours, so that the process is ready soon.
"""

from __future__ import annotations

import marshal
import struct
import sys
from collections.abc import Sequence
from functools import lru_cache

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

Check = tuple[bytes, bytes, bytes, int, int, str]
"""Public key, signature, message; and the failure it is if it is not good: step, position, who signed."""

LENGTH = ANSWER = struct.Struct(">I")
_L = 2**252 + 27742317777372353535851937790883648493


@lru_cache(maxsize=4096)
def _parsed(public: bytes) -> Ed25519PublicKey:
    return Ed25519PublicKey.from_public_bytes(public)


def is_good(public: bytes, signature: bytes, message: bytes) -> bool:
    """Whether an Ed25519 signature is good. The key must have passed `suites.check_public_key` before."""
    if len(signature) != 64:
        return False
    # OpenSSL refuses S ≥ L too; said here because FORMAT says it. What is below 2^252 is below L.
    if signature[63] >= 0x10 and int.from_bytes(signature[32:], "little") >= _L:
        return False
    try:
        _parsed(public).verify(signature, message)
    except InvalidSignature:
        return False
    return True


def first_bad(checks: Sequence[Check]) -> int:
    """The index of the first check that fails, or the number of checks."""
    for index, (public, signature, message, _, _, _) in enumerate(checks):
        if not is_good(public, signature, message):
            return index
    return len(checks)


def main() -> None:
    reading, writing = sys.stdin.buffer, sys.stdout.buffer
    while head := reading.read(LENGTH.size):
        checks = marshal.loads(reading.read(LENGTH.unpack(head)[0]))  # noqa: S302 - from the process that started this one
        writing.write(ANSWER.pack(first_bad(checks)))
        writing.flush()


if __name__ == "__main__":
    main()
