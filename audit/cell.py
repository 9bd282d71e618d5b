"""Where a rules archive is run: `python -P -s -B cell.py ARCHIVE EPOCH` reads entries on stdin, writes verdicts on stdout.

A process of its own with an empty environment. Before any of the archive's code runs it gives up what it does not need: by the
kernel, where it lets us, the network (a namespace of its own), files that grow (size limit zero), further processes, memory and
processor time without end; by an audit hook, sockets, programs, and every file but the interpreter's own and the archive.
The hook is Python and is no wall against code that means harm, which is why only archives that the verifier's holder trusts
come here; this is the second lock.
"""

from __future__ import annotations

import ctypes
import importlib
import os
import resource
import sys
from collections.abc import Callable, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any

_NEW_USER, _NEW_NET = 0x10000000, 0x40000000
_MEMORY_BYTES, _PROCESSOR_SECONDS = 8 << 30, 24 * 3600


def _kernel_locks() -> None:
    with suppress(OSError, AttributeError):
        ctypes.CDLL(None, use_errno=True).unshare(_NEW_USER | _NEW_NET)
    for limit, most in (
        (resource.RLIMIT_FSIZE, 0),
        (resource.RLIMIT_CORE, 0),
        (resource.RLIMIT_AS, _MEMORY_BYTES),
        (resource.RLIMIT_CPU, _PROCESSOR_SECONDS),
    ):
        with suppress(ValueError, OSError):
            resource.setrlimit(limit, (most, most))


def _hook(readable: Sequence[str]) -> Callable[[str, tuple[Any, ...]], None]:
    """What is looked up is bound here: the archive cannot reach it through a module."""
    forbidden = (
        "socket.", "subprocess.", "os.exec", "os.fork", "os.posix_spawn", "os.system", "os.remove", "os.rename", "os.mkdir",
        "os.rmdir", "os.link", "os.symlink", "os.truncate", "os.chmod", "os.chown", "os.putenv", "os.kill", "os.utime", "ctypes.",
        "shutil.", "sqlite3.", "pty.", "ftplib.", "urllib.", "http.", "smtplib.",
    )  # fmt: skip
    writing = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_APPEND | os.O_TRUNC
    real, text, instance, letters, refusal = (
        os.path.realpath,
        os.fsdecode,
        isinstance,
        set("wax+"),
        PermissionError,
    )
    string, whole, byte = str, int, bytes
    allowed = tuple(real(path) + os.sep for path in readable) + tuple(map(real, readable))

    def no_way_out(event: str, arguments: tuple[Any, ...]) -> None:
        if event == "open":
            path, mode, flags = arguments
            if (instance(mode, string) and letters & set_of(mode)) or (
                instance(flags, whole) and flags & writing
            ):
                raise refusal("a replay writes no file")
            if instance(path, (string, byte)) and not real(text(path)).startswith(allowed):
                raise refusal("a replay reads no file but its own")
        elif event == "import" and arguments[0] == "_posixsubprocess":
            raise refusal("a replay starts no program")  # what it offers is announced by no event of its own
        elif event.startswith(forbidden):
            raise refusal(f"a replay does no {event}")

    set_of = set
    return no_way_out


def main(archive: str, epoch: str) -> None:
    _kernel_locks()
    own = [path for path in (archive, sys.prefix, sys.base_prefix, sys.exec_prefix, *sys.path) if path]
    sys.path.insert(0, archive)
    # The hook is the last lock before the archive's first line: it cannot be taken back.
    sys.addaudithook(_hook(own))
    replay = importlib.import_module("domain.replay")
    if not str(replay.__file__).startswith(archive):
        raise SystemExit(f"domain came from {replay.__file__}, not from the archive")
    replay.main(["--epoch", epoch])


if __name__ == "__main__":
    main(str(Path(sys.argv[1]).resolve()), sys.argv[2])
