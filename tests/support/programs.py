"""Programs of the system that a few tests need. A machine without one runs everything else, and says so in one line."""

from __future__ import annotations

import shutil
from collections.abc import Iterator

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome") or ""
CHROMIUM_ARGUMENTS = (
    "--no-sandbox",
    "--disable-gpu",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
# The file of tests that needs them → (the packages that bring them, whether they are there).
NEEDED = {
    "api/pages/test_browser.py": ("chromium fonts-noto-cjk", bool(CHROMIUM)),
    "journeys/test_api_guide.py": (
        "bash curl openssl",
        all(shutil.which(name) for name in ("bash", "curl", "openssl")),
    ),
}


def left_out() -> list[str]:
    return [file for file, (_, there) in NEEDED.items() if not there]


def lines() -> Iterator[str]:
    for file in left_out():
        yield f"left out: tests/{file}, which needs what `apt-get install {NEEDED[file][0]}` brings"
