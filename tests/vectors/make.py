"""Makes the vectors of FORMAT 17: histories, good and bad, each with the verdict it must get. Fixed keys, ids and dates.

`python -m tests.vectors.make` writes `manifest.json` (for every vector the hash of each file, and what is expected), the vectors
named in `KEPT` in full, and `values.json`. The tests make all of them again and compare.

A bad history differs from a good one in one place; its name says in which. "resealed" histories are by a forger who holds the
ledger's key: everything after the change is hashed and sealed anew. Each module of `SUBJECTS` holds those of one chapter of FORMAT.
"""

from __future__ import annotations

import hashlib
import json
import shutil
from pathlib import Path
from typing import Any

from tests.support.logbook import write
from tests.vectors import (
    batches,
    canonical_json,
    entries,
    genesis,
    keys,
    notes,
    public_keys,
    rules,
    signatures,
    statements,
    streams,
    tiles,
    trust,
)
from tests.vectors.history import Files, Vector, vectors
from tests.vectors.values import values

HERE = Path(__file__).parent
KEPT = ("good_worked", "bad_replayed_command", "bad_key_of_small_order", "books_second_set")
# In the order of FORMAT's chapters. To be imported is all they need: each registers its histories.
SUBJECTS = (
    canonical_json,
    streams,
    public_keys,
    statements,
    signatures,
    entries,
    batches,
    keys,
    genesis,
    rules,
    notes,
    tiles,
    trust,
)


def digest(files: Files) -> str:
    """One hash over the names and contents of files."""
    lines = "".join(f"{hashlib.sha256(data).hexdigest()} {name}\n" for name, data in sorted(files.items()))
    return hashlib.sha256(lines.encode()).hexdigest()


def manifest() -> dict[str, Any]:
    """What must come out again, byte for byte."""
    return {
        one.name: {
            "log": digest(one.files),
            "trust": hashlib.sha256(one.trust).hexdigest(),
            "expected": one.expected(),
        }
        for one in vectors()
    }


def keep(one: Vector, directory: Path) -> None:
    """A vector in full."""
    shutil.rmtree(directory, ignore_errors=True)
    write(one.files, directory / "log")
    write({"trust": one.trust, "expected.json": _json(one.expected())}, directory)


def _json(value: object) -> bytes:
    return json.dumps(value, ensure_ascii=False, indent=1, sort_keys=True).encode() + b"\n"


def main() -> None:
    (HERE / "manifest.json").write_bytes(_json(manifest()))
    (HERE / "values.json").write_bytes(_json(values()))
    for one in vectors():
        if one.name in KEPT:
            keep(one, HERE / one.name)


if __name__ == "__main__":
    main()
