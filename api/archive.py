"""This program's rules as the archive that an epoch names (D6): the files of the package `domain`, in one fixed form."""

from __future__ import annotations

import hashlib
import platform
from functools import lru_cache
from importlib import metadata, resources

from domain.archive import archive, is_kept

_RAN_WITH = ("eventsourcing", "pydantic")


@lru_cache(maxsize=1)
def own_archive() -> tuple[str, bytes]:
    """(SHA-256 in hex, bytes) of the archive of the domain that this process runs."""
    files = {
        entry.name: entry.read_bytes()
        for entry in resources.files("domain").iterdir()
        if entry.is_file() and is_kept(entry.name)
    }
    body = archive(files)
    return hashlib.sha256(body).hexdigest(), body


def versions() -> dict[str, str]:
    """What the rules run with, as the opening and each adoption state it."""
    return {"python": platform.python_version(), **{name: metadata.version(name) for name in _RAN_WITH}}
