"""Where a rules archive is run: `python -P -s -B cell.py ARCHIVE EPOCH` reads entries on stdin, writes verdicts on stdout.

A process of its own with an empty environment. After the archive's modules are imported it can no longer open a socket,
write a file or start a program: by the kernel where it lets us (a namespace without network, a file size limit of zero), and
by an audit hook in any case. Only archives that the verifier's holder trusts come here; this is the second lock.
"""

from __future__ import annotations

import ctypes
import importlib
import os
import resource
import sys
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path

_NEW_USER, _NEW_NET = 0x10000000, 0x40000000
_FORBIDDEN = (
    "socket.", "subprocess.", "os.", "ctypes.", "shutil.", "sqlite3.", "pty.", "ftplib.", "urllib.", "http.", "smtplib.",
    "tempfile.", "fcntl.", "mmap.",
)  # fmt: skip
_READING = frozenset({"os.listdir", "os.scandir", "os.walk", "os.fwalk", "os.getxattr", "os.listxattr"})
_CHANGING = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC | os.O_APPEND


def _no_way_out(event: str, arguments: Sequence[object]) -> None:
    if event == "open":
        mode, flags = arguments[1], arguments[2]
        writing = isinstance(mode, str) and any(letter in mode for letter in "wax+")
        if writing or (isinstance(flags, int) and flags & _CHANGING):
            raise PermissionError("a replay writes no file")
    elif event == "import" and arguments[0] == "_posixsubprocess":
        raise PermissionError(
            "a replay starts no program"
        )  # what it offers is not announced by an event of its own
    elif event.startswith(_FORBIDDEN) and event not in _READING:
        raise PermissionError(f"a replay does no {event}")


def main(archive: str, epoch: str) -> None:
    sys.path.insert(0, archive)
    replay = importlib.import_module("domain.replay")
    if not str(replay.__file__).startswith(archive):
        raise SystemExit(f"domain came from {replay.__file__}, not from the archive")
    with suppress(OSError, AttributeError):
        ctypes.CDLL(None, use_errno=True).unshare(_NEW_USER | _NEW_NET)
    with suppress(ValueError, OSError):
        resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
        resource.setrlimit(resource.RLIMIT_NPROC, (0, 0))
    # The hook is the last thing: it cannot be taken back, and setting the locks above needs what it forbids.
    sys.addaudithook(_no_way_out)
    replay.main(["--epoch", epoch])


if __name__ == "__main__":
    main(str(Path(sys.argv[1]).resolve()), sys.argv[2])
