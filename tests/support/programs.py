"""Programs of the system that a few tests need. Without a browser everything else is run, and one line says so; a page of
the documentation that shows other programs is followed with them, or fails and says which are missing."""

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
}


def require(*names: str) -> None:
    """Fails, in one sentence, where a program is missing that a page tells its reader to use."""
    missing = [name for name in names if not shutil.which(name)]
    assert not missing, (
        f"the page is followed with {' '.join(missing)}: `apt-get install {' '.join(missing)}` brings it"
    )


def left_out() -> list[str]:
    return [file for file, (_, there) in NEEDED.items() if not there]


def lines() -> Iterator[str]:
    for file in left_out():
        yield f"left out: tests/{file}, which needs what `apt-get install {NEEDED[file][0]}` brings"
