"""Whether a command names somebody (D17) is the same whether its bytes are looked at first or its values alone."""

from __future__ import annotations

import copy
from collections.abc import Iterator
from typing import Any

import pytest

from api.columns import skeleton
from api.erasing import ORDER
from api.personal import names_somebody
from audit import canonical, dsse
from domain.command import COMMANDS
from domain.record import Signed

COMMITMENT = "commit:" + "0a" * 32


def texts(value: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """Where in a payload texts stand."""
    if isinstance(value, str):
        yield path
    elif isinstance(value, (dict, list)):
        for key, one in value.items() if isinstance(value, dict) else enumerate(value):
            yield from texts(one, (*path, key))


def with_text(payload: Any, path: tuple[Any, ...], text: str) -> Any:
    changed = copy.deepcopy(payload)
    *way, last = path
    inner = changed
    for step in way:
        inner = inner[step]
    inner[last] = text
    return changed


def signed(name: str, payload: Any) -> Signed:
    command = {"command": name, "payload": payload, "summary": f"所述“{COMMITMENT}”"}
    body = canonical.encode(command)
    return Signed(dsse.statement_id(dsse.COMMAND, body).hex(), body, command, ())


@pytest.mark.parametrize("name", sorted(COMMANDS))
def test_d17_a_commitment_is_seen_in_whichever_column_of_whichever_command_it_stands(name: str) -> None:
    payload = skeleton(name)
    assert not names_somebody(signed(name, payload))
    for path in texts(payload):
        seen = names_somebody(signed(name, with_text(payload, path, COMMITMENT)))
        assert seen == (name != ORDER), path  # an order to erase lists what it erases
        for near in (COMMITMENT[:-1], f"见 {COMMITMENT}", f'"{COMMITMENT}', COMMITMENT.upper()):
            assert not names_somebody(signed(name, with_text(payload, path, near))), near
