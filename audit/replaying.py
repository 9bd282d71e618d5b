"""Step 40: the rules of each epoch, run again over the commands that were decided by them (D6). Uses our code, and says so.

Each epoch's archive runs in a process of its own (`cell.py`), only if its hash stands in the trust file or it is the verifier's
own domain; any other epoch is reported 未重放 and not run. Every epoch is given the whole history, and decides its own part.
"""

from __future__ import annotations

import hashlib
import json
import subprocess
import sys
import tempfile
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, Any, Protocol

from audit import canonical, dsse
from audit.entry import OUTCOME, unframe
from audit.errors import NotBelieved
from audit.log import recorded_date
from audit.merkle import leaf_hash

STEP = 40
_CELL = Path(__file__).with_name("cell.py")


class Entries(Protocol):
    def entries(self, start: int, size: int) -> Iterator[bytes]: ...


@dataclass(frozen=True, slots=True)
class Replayed:
    """What was run again and what was not. `failures` in order of position; `skipped`: epoch → archive hash (未重放)."""

    decided: int = 0
    epochs: tuple[int, ...] = ()
    skipped: Mapping[int, str] = field(default_factory=dict)
    failures: tuple[NotBelieved, ...] = ()


def lines(source: Entries, size: int) -> Iterator[dict[str, Any]]:
    """The entries of a verified log as the replay reads them, one JSON object each."""
    for position, data in enumerate(source.entries(0, size)):
        header_bytes, state, statement, proof = unframe(data)
        header = json.loads(header_bytes)
        said = json.loads(statement) if statement else None
        outcome = header["event"] == OUTCOME
        kind = dsse.BATCH if outcome else dsse.COMMAND
        membership = json.loads(proof) if proof else None
        yield {
            "position": position,
            "leaf": leaf_hash(data).hex(),
            "date": recorded_date(header["at"]),
            "epoch": header["epoch"],
            "event": header["event"],
            "stream": header["stream"],
            "version": header["version"],
            "i": header["i"],
            "n": header["n"],
            "state": json.loads(state),
            "command": None if outcome else said,
            "command_id": dsse.statement_id(kind, statement).hex() if statement else None,
            "batch": {"statement": said} if outcome else None,
            "member": [membership["batch"], membership["index"]] if isinstance(membership, dict) else None,
        }


def archives_of(source: Entries, size: int) -> dict[int, str]:
    """The archive hash of each epoch of a verified log (FORMAT 11.3)."""
    found: dict[int, str] = {}
    for data in source.entries(0, size):
        entry = unframe(data)
        if b'"event":"ledger.opened.v1"' in entry.header or b'"event":"rules.adopted.v1"' in entry.header:
            state = canonical.decode(entry.state)
            found[state["epoch"]] = state["archive"]
    return found


def replay(
    source: Entries,
    size: int,
    trusted: frozenset[str],
    archive: Callable[[str], bytes | None],
    environment: Mapping[str, str] | None = None,
) -> Replayed:
    """Run every trusted epoch of a verified log. `environment` is for tests: hash seeds and time zones change nothing."""
    decided, epochs, skipped = 0, [], {}
    failures: list[NotBelieved] = []
    for epoch, sha256 in sorted(archives_of(source, size).items()):
        body = archive(sha256) if sha256 in trusted else None
        if body is None:
            skipped[epoch] = sha256
        elif hashlib.sha256(body).hexdigest() != sha256:
            failures.append(NotBelieved(STEP, None, f"第 {epoch} 版规则存档的内容与其哈希不符"))
        else:
            count, found = _run(source, size, epoch, body, dict(environment or {}))
            decided += count
            failures += found
            epochs.append(epoch)
    failures.sort(key=lambda failure: -1 if failure.position is None else failure.position)
    return Replayed(decided, tuple(epochs), skipped, tuple(failures))


def _run(
    source: Entries, size: int, epoch: int, archive: bytes, environment: dict[str, str]
) -> tuple[int, list[NotBelieved]]:
    with tempfile.TemporaryDirectory(prefix="bangfu-rules-") as directory:
        path = Path(directory) / "rules.zip"
        path.write_bytes(archive)
        with subprocess.Popen(  # noqa: S603 - our own interpreter and program, an archive that is trusted
            [sys.executable, "-P", "-s", "-B", str(_CELL), str(path), str(epoch)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            env=environment,
            cwd="/",
        ) as process:
            assert process.stdin is not None
            assert process.stdout is not None
            assert process.stderr is not None
            complaints: list[bytes] = []
            stderr = process.stderr
            threads = [
                threading.Thread(target=_feed, args=(process.stdin, lines(source, size)), daemon=True),
                threading.Thread(target=lambda: complaints.append(stderr.read()), daemon=True),
            ]
            for thread in threads:
                thread.start()
            said = process.stdout.read().splitlines()
            for thread in threads:
                thread.join()
        answers = _answers(said)
        if process.returncode != 0 or not answers or "decided" not in answers[-1]:
            last = b"".join(complaints).decode(errors="replace").strip().splitlines()[-1:] or ["没有回答"]
            return 0, [NotBelieved(STEP, None, f"第 {epoch} 版规则不能重放：{last[0]}")]
    found = [NotBelieved(STEP, answer["position"], answer["detail"]) for answer in answers[:-1]]
    return int(answers[-1]["decided"]), found


def _answers(said: list[bytes]) -> list[dict[str, Any]]:
    """The lines of a replay; none when one of them is not what a replay says."""
    try:
        answers = [json.loads(line) for line in said]
    except ValueError:
        return []
    whole = all(isinstance(answer, dict) for answer in answers)
    return (
        answers if whole and all({"position", "detail"} <= answer.keys() for answer in answers[:-1]) else []
    )


def _feed(pipe: IO[bytes], rows: Iterator[dict[str, Any]]) -> None:
    # A process that has ended before it read everything says itself why.
    with suppress(BrokenPipeError), pipe:
        for row in rows:
            pipe.write(json.dumps(row, ensure_ascii=False).encode() + b"\n")
