"""The salted hash of a paper's file (FORMAT 5.6)."""

from __future__ import annotations

import hashlib
import io
import json
from pathlib import Path

from audit.filehash import file_hash

VECTORS = json.loads((Path(__file__).parents[1] / "vectors" / "values.json").read_text("utf-8"))["files"]


def test_the_worked_vectors_of_the_format() -> None:
    for one in VECTORS:
        assert file_hash(bytes.fromhex(one["salt"]), io.BytesIO(bytes.fromhex(one["file"]))) == one["hash"]
    assert len({one["hash"] for one in VECTORS}) == 3


def test_a_file_longer_than_what_is_read_at_once_counts_to_its_end() -> None:
    salt, scan = bytes(32), bytes(range(256)) * 9_000
    assert file_hash(salt, io.BytesIO(scan)) == hashlib.sha256(b"bangfu file v1" + salt + scan).hexdigest()
    assert file_hash(salt, io.BytesIO(scan[:-1])) != file_hash(salt, io.BytesIO(scan))
    assert file_hash(bytes([1]) + salt[1:], io.BytesIO(scan)) != file_hash(salt, io.BytesIO(scan))
