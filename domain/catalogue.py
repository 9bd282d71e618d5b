"""The catalogue (目录): every command, event, refusal and parameter, as catalogue.json. `python -m domain.catalogue`.

What the ledger has once understood it must understand for ever: additions only. A test compares the file with
what the code says; the program refuses to write a catalogue that takes something away.
"""

import dataclasses
import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import domain.nouns
from domain.base import EVENTS
from domain.command import COMMANDS, table
from domain.errors import refusals
from domain.law import PARAMETERS

__all__ = ["catalogue", "table", "taken_away", "text"]

assert domain.nouns.NOUNS  # the catalogue knows every noun
EPOCH = 1  # of what is declared now; an entry keeps the epoch it came with


def catalogue() -> dict[str, Any]:
    """Everything that is published, as plain JSON."""
    published: dict[str, Any] = json.loads(text())
    return published


def _declared() -> dict[str, Any]:
    return {
        "commands": {
            spec.name: {
                "epoch": EPOCH,
                "events": list(spec.events),
                "may": {nature: sorted(roles) for nature, roles in sorted(spec.may.items())},
                "schema": spec.payload.model_json_schema(by_alias=True),
                "title": spec.title,
            }
            for spec in COMMANDS.values()
        },
        "events": {
            name: {"epoch": EPOCH, "fields": dict(_fields(event)) if name == event.TOPIC else {}}
            for name, event in EVENTS.items()
        },
        "parameters": {
            spec.name: dataclasses.asdict(spec) | {"epoch": EPOCH} for spec in PARAMETERS.values()
        },
        "refusals": {
            code: {"epoch": EPOCH, "rule": one.rule, "title": one.title} for code, one in refusals().items()
        },
    }


def _fields(event: Any) -> Iterator[tuple[str, str]]:
    for field in dataclasses.fields(event):
        if field.name not in {"originator_id", "originator_version"}:
            kind = (
                field.type
                if isinstance(field.type, str)
                else getattr(field.type, "__name__", str(field.type))
            )
            yield (
                event.stored_as.get(field.name, field.name),
                str(field.type) if "[" in str(field.type) else kind,
            )


def text() -> str:
    """The text of catalogue.json."""
    return json.dumps(_declared(), ensure_ascii=False, indent=1, sort_keys=True) + "\n"


def taken_away(before: Any, now: Any, path: str = "") -> list[str]:
    """What stood in an earlier catalogue and no longer stands, or stands otherwise."""
    if isinstance(before, dict) and isinstance(now, dict):
        return [
            fault
            for key, value in sorted(before.items())
            for fault in (
                taken_away(value, now[key], f"{path}/{key}") if key in now else [f"{path}/{key} 不见了"]
            )
        ]
    if path.endswith("/enum"):  # a list to choose from may grow
        return [f"{path} 少了 {one}" for one in before if one not in now]
    return [] if before == now else [f"{path} 变了"]


def main() -> None:
    target = Path(__file__).with_name("catalogue.json")
    if target.exists():
        faults = taken_away(json.loads(target.read_text("utf-8")), catalogue())
        if faults and "--replace" not in sys.argv[1:]:
            sys.stderr.write("\n".join(["目录只增不减：", *faults, ""]))
            raise SystemExit(1)
    target.write_text(text(), "utf-8")


if __name__ == "__main__":
    main()
