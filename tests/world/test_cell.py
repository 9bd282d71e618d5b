"""The cell in which a rules archive is run: what is trusted by its hash is still kept from the network, files and programs."""

from __future__ import annotations

import io
import json
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

import audit.cell

CELL = Path(audit.cell.__file__)

# Each way out, as lines of the archive's `replay.main`. `TARGET` is a file that is there before.
WAYS_OUT = {
    "a socket": "import socket; socket.socket()",
    "a name looked up": "import socket; socket.getaddrinfo('localhost', 80)",
    "a file that is not its own": "open(TARGET).read()",
    "a file written": "open(TARGET + '.new', 'w').write('x')",
    "a file appended to": "open(TARGET, 'a').write('x')",
    "a file opened to be read and written": "open(TARGET, 'r+')",
    "a file written by descriptor": "import os; os.open(TARGET + '.new', os.O_CREAT | os.O_WRONLY)",
    "a file cut short": "import os; os.open(TARGET, os.O_RDONLY | os.O_TRUNC)",
    "a file removed": "import os; os.remove(TARGET)",
    "a file renamed": "import os; os.rename(TARGET, TARGET + '.new')",
    "a file linked": "import os; os.link(TARGET, TARGET + '.new')",
    "a file's mode": "import os; os.chmod(TARGET, 0o777)",
    "a file's times": "import os; os.utime(TARGET, (0, 0))",
    "a directory made": "import os; os.mkdir(TARGET + '.d')",
    "a database": "import sqlite3; sqlite3.connect(TARGET + '.db')",
    "a program": "import subprocess; subprocess.run(['true'])",
    "a program by its system call": (
        "import _posixsubprocess as p; "
        "p.fork_exec([b'/bin/true'], [b'/bin/true'], True, (), None, None, -1, -1, -1, -1, -1, -1, *__import__('os').pipe(), "
        "False, False, 0, None, None, None, -1, None, False)"
    ),
    "a shell": "import os; os.system('true')",
    "a fork": "import os; os.fork()",
    "another program in its place": "import os; os.execv('/bin/true', ['true'])",
    "a spawn": "import os; os.posix_spawn('/bin/true', ['true'], {})",
    "a library": "import ctypes; ctypes.CDLL(None).getpid()",
    "a signal": "import os; os.kill(os.getppid(), 0)",
}
WAYS_IN = {
    "reading what is on the standard input": "import sys; assert sys.stdin.buffer.read() == b'{}\\n'",
    "reading its own archive": "import zipfile; assert zipfile.ZipFile(__file__.partition('.zip')[0] + '.zip').namelist()",
    "importing more of the library": "import decimal, fractions; assert fractions.Fraction(1, 2)",
    "writing on the standard error": "import sys; sys.stderr.write('x')",
    "making values": "assert sum(range(10)) == 45",
}


def run(directory: Path, lines: str) -> tuple[int, bytes, bytes]:
    """Run an archive whose replay does this, as `audit.replaying` runs one."""
    program = f"TARGET = {str(directory / 'target')!r}\n\n\ndef main(arguments):\n    {lines}\n    print('{{\"decided\":0}}')\n"
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as made:
        made.writestr("domain/__init__.py", "")
        made.writestr("domain/replay.py", program)
    archive = directory / "rules.zip"
    archive.write_bytes(stream.getvalue())
    (directory / "target").write_text("as it was")
    done = in_cell(archive, b"{}\n")
    return done.returncode, done.stdout, done.stderr


def in_cell(archive: Path, given: bytes) -> subprocess.CompletedProcess[bytes]:
    return subprocess.run(
        [sys.executable, "-P", "-s", "-B", str(CELL), str(archive), "1"],
        input=given,
        capture_output=True,
        env={},
        cwd="/",
        check=False,
        timeout=60,
    )


@pytest.mark.parametrize("name", WAYS_OUT)
def test_an_archive_does_not_get_out(tmp_path: Path, name: str) -> None:
    code, said, why = run(tmp_path, WAYS_OUT[name])
    assert code != 0, f"{name}: {said!r}"
    assert b"decided" not in said
    assert b"PermissionError" in why, why.decode()
    assert sorted(path.name for path in tmp_path.iterdir()) == ["rules.zip", "target"]
    assert (tmp_path / "target").read_text() == "as it was"


@pytest.mark.parametrize("name", WAYS_IN)
def test_what_a_replay_needs_is_open(tmp_path: Path, name: str) -> None:
    """The nearest neighbours: reading, importing, computing, answering."""
    code, said, why = run(tmp_path, WAYS_IN[name])
    assert code == 0, why.decode()
    assert json.loads(said) == {"decided": 0}


def test_an_archive_without_a_domain_is_not_run(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "rules.zip", "w") as made:
        made.writestr("other.py", "")
    assert in_cell(tmp_path / "rules.zip", b"").returncode != 0
    assert shutil.which("true"), "the programs that the ways out start are there"
