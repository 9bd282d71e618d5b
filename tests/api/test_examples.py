"""The examples that `bangfu commands NAME` prints: what is written over is the content, never the form."""

from __future__ import annotations

import json
from typing import Any

import pytest

from api.columns import left_out, shape_of, skeleton
from api.compose import new_id
from api.filling import completed
from domain.command import COMMANDS, parse
from projections.labels import KINDS
from tests.api.county import FIRST, imported
from tests.support.shell import Shell, write_json


def with_ids(value: Any) -> Any:
    """The example with an id wherever a name stands: `area:青溪乡`, `document:30`."""
    match value:
        case str():
            kind, colon, _ = value.partition(":")
            kind = "obligation" if kind == "debt" else kind
            return new_id(kind) if colon and kind in KINDS else value
        case dict():
            return {key: with_ids(one) for key, one in value.items()}
        case list():
            return [with_ids(one) for one in value]
    return value


def whole(name: str) -> dict[str, Any]:
    """The example as `prepare` makes it complete; what only a ledger can tell is of its form."""
    shape = shape_of(name)
    found = {key: with_ids(shape.parts[key].example(key)) for key in left_out(name) & needed(name)}
    return found | completed(name, with_ids(skeleton(name)), None)


def needed(name: str) -> frozenset[str]:
    return frozenset(shape_of(name).node["required"])


@pytest.mark.parametrize("name", sorted(COMMANDS))
def test_no_example_is_refused_for_its_form(name: str) -> None:
    parse(name, whole(name))


@pytest.mark.parametrize(("changed", "code"), [({}, 0), ({"hash": ""}, 5), ({"pages": 0}, 5)])
def test_doc_4_the_example_of_a_paper_is_entered_once_it_says_where_and_of_what(
    shell: Shell, changed: dict[str, Any], code: int
) -> None:
    assert imported(shell, FIRST).code == 0
    shown = shell.bangfu("commands", "document.register").out.partition("FIELDS.json 的样子：")[2]
    paper = json.loads(shown) | {"areas": ["area:示例一村"], "subjects": ["project:QX-0001"]}
    write_json("paper.json", paper | changed)
    entered = shell.line(
        ".venv/bin/bangfu prepare document.register paper.json --data county --key clerk.key"
        " | .venv/bin/bangfu sign - --key clerk.key | .venv/bin/bangfu submit - --data county"
    )
    assert entered.code == code, entered.err
    assert ("DOC-4" in entered.err) == bool(code)
