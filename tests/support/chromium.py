"""The Chromium of the page tests: Debian's, as `.ci/run` installs it. A machine without one runs everything else."""

from __future__ import annotations

import shutil

PATH = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome") or ""
LEFT_OUT = "no Chromium: tests/api/pages/test_browser.py was left out; apt-get install chromium fonts-noto-cjk brings it"
ARGUMENTS = (
    "--no-sandbox",
    "--disable-gpu",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
