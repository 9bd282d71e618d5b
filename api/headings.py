"""What an office has said of the headings of its own tables (栏目): remembered beside the ledger, so that it is said once.

No part of the ledger: whoever deletes the file is asked again.
"""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from pathlib import Path

from pydantic import TypeAdapter, ValidationError

from api.exchange.grid import Workbook
from api.exchange.text import folded

FILE = "headings.json"
_FORM = TypeAdapter(dict[str, dict[str, str]])
_LOOKED_AT = 50  # rows of each sheet that may hold headings


def remembered(directory: Path, office: str) -> dict[str, str]:
    """Heading → the known one that it is. Nothing when the file is none of ours."""
    return dict(_load(directory).get(office, {}))


def remember(directory: Path, office: str, said: Mapping[str, str]) -> None:
    """Add to what an office has said; the latest word counts."""
    if said:
        everything = _load(directory)
        everything[office] = remembered(directory, office) | dict(said)
        written = directory / f"{FILE}.new"
        written.write_text(json.dumps(everything, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
        os.replace(written, directory / FILE)


def _load(directory: Path) -> dict[str, dict[str, str]]:
    try:
        found = json.loads((directory / FILE).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    try:
        return _FORM.validate_python(found)
    except ValidationError:
        return {}


def standing_in(book: Workbook, headings: Mapping[str, str]) -> dict[str, str]:
    """Those of the headings that the file has."""
    texts = {
        folded(text).partition("(")[0]
        for sheet in book.sheets
        for row in sheet.rows[:_LOOKED_AT]
        for text in row
    }
    return {heading: known for heading, known in headings.items() if folded(heading) in texts}
