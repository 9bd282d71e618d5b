"""The hash of a paper's file, FORMAT 5.6: what stands in signed bytes instead of the file, which stays outside the log (D3).

It is salted, so that nobody who guesses what a short paper says can find out by hashing. Whoever keeps the file keeps the salt with it.
"""

from __future__ import annotations

import hashlib
from io import BufferedIOBase

from audit.commitment import SALT_BYTES


def file_hash(salt: bytes, file: BufferedIOBase) -> str:
    """FORMAT 5.6, 64 hex digits. `file` was just opened, in binary."""
    assert len(salt) == SALT_BYTES
    return hashlib.file_digest(file, lambda: hashlib.sha256(b"bangfu file v1" + salt)).hexdigest()
