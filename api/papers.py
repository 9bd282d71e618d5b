"""The file of a paper and the salt that is kept beside it: together they give the hash under which it is registered (FORMAT 5.6)."""

from __future__ import annotations

import os
import secrets
from contextlib import suppress
from pathlib import Path

from audit.commitment import SALT_BYTES
from audit.filehash import file_hash


def hash_of(file: Path, *, may_be_new: bool = True) -> str:
    """64 hex digits. Where the file has no salt yet and it may be new, 32 random bytes are written beside it.

    Raises OSError when the file, or a salt that may not be new, is not there; ValueError when what stands beside it is no salt.
    """
    with file.open("rb") as opened:
        return file_hash(_salt(beside(file), may_be_new=may_be_new), opened)


def beside(file: Path) -> Path:
    """Where the salt of a file is kept."""
    return file.with_name(f"{file.name}.salt")


def _salt(kept: Path, *, may_be_new: bool) -> bytes:
    if may_be_new:
        # Made only where none is, and on the disk before anybody is told a hash that nobody could prove without it.
        with suppress(FileExistsError), kept.open("x", encoding="ascii") as opened:
            opened.write(f"{secrets.token_hex(SALT_BYTES)}\n")
            opened.flush()
            os.fsync(opened.fileno())
    try:
        salt = bytes.fromhex(kept.read_text(encoding="ascii").strip())
    except ValueError:  # neither ASCII nor hexadecimal
        salt = b""
    if len(salt) != SALT_BYTES:
        raise ValueError(f"{kept} 里应是 {SALT_BYTES * 2} 位十六进制的盐")
    return salt
