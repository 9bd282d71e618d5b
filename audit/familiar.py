"""States and commands that look like one that was judged: as `forms` judges them, at a fraction of the cost.

A log holds few kinds of documents many times over. The first ones of a kind are read in full; from these, shapes are taken
(`shapes`), and what matches one has the form that `forms` demands. Everything else goes to `forms`, which names what is wrong.
"""

from __future__ import annotations

import json
import re
from functools import lru_cache
from typing import Any

from audit import forms
from audit.entry import COMMAND_BYTES_MAX, OUTCOME
from audit.forms import CLOCK, DAY, Batch, Command, SignerLine
from audit.ids import ids_in
from audit.keystates import COMMAND_OF, EVENT_OF
from audit.shapes import ID, NO_ID, WHOLE, Groups, Shapes, expression_of

_SEEN = rf'\["(?:{ID})",{WHOLE}\]'
_SIGNER = rf'\{{"key":"key_[a-z2-7]{{26}}","organisation":"(?:{ID})?","post":"(?:{ID})?"\}}'
# FORMAT 5.2, around the shape of a payload. Whether what should ascend does is looked at afterwards.
_COMMAND = (
    rf'\{{"command":"%s","nature":"(act|fact|opening)","nonce":"[0-9a-f]{{32}}","occurred_on":"{DAY}",'
    rf'"origin":"({NO_ID}[^"\\\x00-\x1f]*+)","payload":%s,"seen":\[((?:{_SEEN}(?:,{_SEEN})*+)?+)\],'
    rf'"signed_at":"{DAY}{CLOCK}Z","signers":\[({_SIGNER}(?:,{_SIGNER}){{0,7}}+)\],'
    rf'"summary":"{NO_ID}[^"\\\x00-\x1f]{{1,400}}+","valid_until":"({DAY})"\}}'
)
_NAME_AT = len('{"command":"')
_ids_seen = re.compile(r'\["([^"]+)"').findall
# What the procedure reads in full: the ledger's own commands and events (FORMAT 10), and outcomes.
_READ_COMMANDS = frozenset(EVENT_OF)
_READ_EVENTS = frozenset({*COMMAND_OF, OUTCOME})


class Familiar:
    """The shapes of one log so far. Not for several threads."""

    def __init__(self) -> None:
        self._states, self._commands = Shapes(), Shapes()

    def state(self, event: str, section: bytes) -> tuple[dict[str, Any] | None, Groups]:
        """The state of an entry, if the procedure reads that of such an event; and its ids, as `ids_of` takes them.

        Raises Malformed as `check_state`.
        """
        if event in _READ_EVENTS:
            return forms.check_state(section), tuple(ids_in(section))
        groups = self._states.groups(event, section)
        if groups is not None:
            return None, groups
        state = forms.check_state(section)
        self._states.learn(event, lambda: expression_of(state))
        return None, tuple(ids_in(section))

    def statement(self, section: bytes) -> Command | Batch:
        """As `forms.statement_of`, but for payloads that the procedure does not read."""
        name = section[_NAME_AT : section.find(b'"', _NAME_AT)].decode("ascii", "replace")
        groups = self._commands.groups(name, section)
        if groups is not None and len(section) <= COMMAND_BYTES_MAX:
            command = _command_of(name, groups)
            if command is not None:
                return command
        statement = forms.statement_of(section)
        if isinstance(statement, Command) and statement.name not in _READ_COMMANDS:
            self._commands.learn(
                statement.name,
                lambda: _COMMAND % (re.escape(statement.name), expression_of(statement.payload)),
            )
        return statement


def _command_of(name: str, groups: Groups) -> Command | None:
    """The command that matched, or None where an expression could not tell all: then `forms` decides."""
    nature, origin, *payload, seen, signers, valid_until = groups
    rows = _ids_seen(seen)
    if len(rows) > 1 and rows != sorted({*rows}):
        return None
    lines, named = _signer_lines(signers)
    return Command(name, nature, origin, None, lines, valid_until, (*payload, *rows, *named))


@lru_cache(maxsize=1024)
def _signer_lines(text: str) -> tuple[tuple[SignerLine, ...], Groups]:
    """The signers of a command, and the ids that their lines have. Raises Malformed for a key that stands there twice."""
    lines = forms.signers_of(json.loads(f"[{text}]"))
    return lines, tuple(part for line in lines for part in line)
