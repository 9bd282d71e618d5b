"""The door as the tests knock at it: a good command, what admits it, and the code of a refusal."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from audit import canonical, dsse
from audit.admission import NotAdmitted, admit
from domain.record import Signed
from tests.support.logbook import Person
from tests.support.submissions import CLERK, COLLEAGUE, LEDGER, REGISTRARS, command_body, project

ORIGIN = "bangfu/511599101/" + "0" * 32
KNOWN = {person.key.key_id: person.key.public for person in (LEDGER, *REGISTRARS, CLERK, COLLEAGUE)}
Change = Callable[[dict[str, Any]], object]


def good(*by: Person, **other: Any) -> dict[str, Any]:
    fixed = {"nonce": "0123456789abcdef" * 2, "seen": [[project("a"), 3]]}
    payload = {"about": [project("a")]}
    return command_body("note.write.v1", by or (CLERK,), payload, ORIGIN, **fixed) | other


def door(command: dict[str, Any] | bytes, *by: Person, kind: str = dsse.COMMAND) -> Signed:
    body = command if isinstance(command, bytes) else canonical.encode(command)
    return admit(dsse.signed(kind, body, *(one.key for one in by or (CLERK,))), KNOWN.get)


def refusal(action: Callable[[], object]) -> str:
    with pytest.raises(NotAdmitted) as refused:
        action()
    assert refused.value.rule
    assert refused.value.message == str(refused.value)
    return refused.value.code
