"""The hash of a paper's file, FORMAT 5.6: what stands in signed bytes instead of the file, which stays outside the log (D3).

It is salted, so that nobody who guesses what a short paper says can find out by hashing. Whoever keeps the file keeps the salt with it.
"""

from __future__ import annotations

import hashlib
from typing import BinaryIO

SALT_BYTES = 32
_BLOCK = 1 << 20


def file_hash(salt: bytes, file: BinaryIO) -> str:
    """FORMAT 5.6, 64 hex digits, of all that can still be read of a file."""
    assert len(salt) == SALT_BYTES
    digest = hashlib.sha256(b"bangfu file v1" + salt)
    while block := file.read(_BLOCK):
        digest.update(block)
    return digest.hexdigest()
