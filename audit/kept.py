"""A directory that is kept as it is: an image taken as evidence (电子证据镜像), a disc, a folder of somebody else's."""

from __future__ import annotations

import os
from pathlib import Path


def is_kept(directory: Path) -> bool:
    """Whether a directory is there and nothing can be written into it by this process."""
    effective = os.access in os.supports_effective_ids
    return directory.is_dir() and not os.access(directory, os.W_OK, effective_ids=effective)
