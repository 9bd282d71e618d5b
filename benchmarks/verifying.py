"""How fast an auditor verifies, against the raw speed of signature checks, and in how much memory."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from audit import canonical, dsse
from audit.drivers.memory import MemoryDriver
from audit.entry import unframe
from audit.export import export_log
from audit.exported import ExportedLog
from audit.log import Log
from audit.sealer import Sealer
from audit.verify import verify
from benchmarks.figures import Figure, Work, interleaved
from benchmarks.office import Office

RAW_CHECKS = 4_000
SMALL, LARGE = 20_000, 100_000
MEMORY_MAX = 120.0


def copied(office: Office) -> Log:
    """The office's ledger as it stands, in memory: so that a long log can be made of it quickly."""
    source, copy = office.desk.driver, MemoryDriver()
    start = 0
    for seal in source.seals():
        rows = list(source.rows(start, seal.size))
        copy.begin()
        copy.write(rows, seal, indexed=0)
        start = seal.size
    for sha256, body in source.archives().items():
        copy.put_archive(sha256, body)
    assert office.desk.sealer is not None
    # A sealer of its own: that of the office has released other roots, and would not sign for a second log.
    return Log(copy, Sealer(office.desk.sealer.signer))


def _raw(log: ExportedLog) -> tuple[int, Work]:
    """The signatures of the log's own statements, checked one after another by one thread with nothing around it."""
    keys: dict[str, Ed25519PublicKey] = {}
    ready = []
    for data in _first(log, SMALL):
        entry = unframe(data)
        state = canonical.decode(entry.state)
        if "public" in state:
            keys[state["key"]] = Ed25519PublicKey.from_public_bytes(bytes.fromhex(state["public"]))
        elif b'"event":"project.listed.v1"' in entry.header:
            ((key, text),) = canonical.decode(entry.proof)
            ready.append((keys[key], dsse.unb64(text), dsse.pae(dsse.COMMAND, entry.statement)))

    def work() -> None:
        for public, signature, message in ready:
            public.verify(signature, message)

    return len(ready), work


def _first(log: ExportedLog, size: int) -> Iterator[bytes]:
    for position, data in enumerate(log.entries(0, size)):
        if position == RAW_CHECKS:
            return
        yield data


def _verified(log: ExportedLog) -> tuple[int, Work]:
    """A whole verification, counted in signatures: those of the statements and those of the seals."""

    def work() -> None:
        if not verify(log).ok:
            raise AssertionError("the log that was just written does not verify")

    checked = verify(log).checked
    return checked.signatures + checked.seals, work


def figures(office: Office, directory: Path, repeats: int) -> list[Figure]:
    small, large, grouped = (directory / name for name in ("small", "large", "grouped"))
    log = copied(office)
    office.grow(log, SMALL)
    export_log(log, small)
    office.grow(log, LARGE)
    export_log(log, large)
    log = copied(office)
    office.grow_together(log, SMALL)
    size = export_log(log, grouped)
    commits = sum(1 for _ in log.driver.seals())
    del log

    one, together = ExportedLog(small), ExportedLog(grouped)
    checks, raw = _raw(one)
    count, work = _verified(one)
    count_together, work_together = _verified(together)
    rates = interleaved(
        {
            "raw": lambda: (checks, raw),
            "single": lambda: (count, work),
            "grouped": lambda: (count_together, work_together),
        },
        repeats,
    )
    cores = os.cpu_count() or 1
    limit = rates["raw"] * cores
    found = [
        Figure("raw Ed25519 checks, one core", rates["raw"], "signatures/s"),
        Figure(
            f"verify, single commits: of the raw rate of {cores} cores",
            rates["single"] / limit,
            "ratio",
            0.85,
        ),
        Figure(
            f"verify, groups of {size / commits:.0f}: of the raw rate of {cores} cores",
            rates["grouped"] / limit,
            "ratio",
        ),
        Figure("verify, single commits", rates["single"], "signatures/s"),
    ]
    for entries, path in ((SMALL, small), (LARGE, large)):
        peak, _ = _apart(path)
        found.append(
            Figure(f"verify, {entries:,} entries: peak memory", peak, "MB", MEMORY_MAX, at_most=True)
        )
    return found


def _apart(path: Path) -> tuple[float, float]:
    command = [sys.executable, "-m", "benchmarks.peak", str(path)]
    said = subprocess.run(command, check=True, capture_output=True, text=True).stdout.split()
    return float(said[0]), float(said[1])
