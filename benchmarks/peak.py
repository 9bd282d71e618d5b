"""`python -m benchmarks.peak DIRECTORY`: verify an exported log as an auditor does, and say how much memory that took at most.

A process of its own, which loads nothing but the verifying core. Prints the peak in megabytes and the seconds taken.
"""

from __future__ import annotations

import re
import resource
import sys
import time
from pathlib import Path

from audit.exported import ExportedLog
from audit.verify import verify


def peak_megabytes() -> float:
    """The high-water mark of this process. Linux keeps it by process image; the other count would hold the parent's too."""
    status = Path("/proc/self/status")
    if status.exists() and (found := re.search(r"VmHWM:\s+(\d+) kB", status.read_text(encoding="ascii"))):
        return int(found[1]) / 1000
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1000


if __name__ == "__main__":
    start = time.perf_counter()
    if not verify(ExportedLog(Path(sys.argv[1]))).ok:
        raise SystemExit("the log that was just written does not verify")
    print(f"{peak_megabytes():.1f} {time.perf_counter() - start:.3f}")
