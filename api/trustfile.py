"""Trust files on disk: written whole or not at all, since a torn one has forgotten the checkpoint it had seen."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path

from audit.trust import Trust


def write(path: Path, trust: Trust) -> None:
    """Replace a trust file. After a crash either the old one is there, or the new."""
    descriptor, beside = tempfile.mkstemp(prefix=f".{path.name}.", dir=path.parent)
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(trust.dump())
            file.flush()
            os.fsync(file.fileno())
        Path(beside).chmod(0o644)
        Path(beside).replace(path)
    except BaseException:
        Path(beside).unlink(missing_ok=True)
        raise
