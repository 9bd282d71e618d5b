"""Somebody at the desk with a key: prepares a command from the ledger's present state, signs it, hands it in."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from api.compose import compose, sign_command
from api.deputies import require_deputy
from api.desk import Answer, Desk
from api.keyfile import KeyFile
from api.personal import conceal
from audit.admission import admit
from domain.command import COMMANDS, spec_of
from domain.values import moving_ids


def latest(name: str) -> str:
    """The newest version of a command named without one: `project.list` → `project.list.v1`. Refused when there is none."""
    if name in COMMANDS:
        return name
    versions = [known for known in COMMANDS if known.rpartition(".v")[0] == name]
    return max(versions, key=lambda known: int(known.rpartition(".v")[2])) if versions else spec_of(name).name


class Clerk:
    """One or more keys that sign together, in order. The keys never leave this process.

    `post`: of whom they are deputies; empty, each signs in its own.
    """

    def __init__(self, desk: Desk, *keys: KeyFile, post: str = "") -> None:
        self.desk = desk
        self.keys = keys
        self.post = post

    def _signers(self) -> list[dict[str, str]]:
        if self.post:
            for key in self.keys:
                require_deputy(self.desk, key.key_id, self.post)
        return [self.desk.capacity(key.key_id, self.post) for key in self.keys]

    def prepare(
        self,
        name: str,
        payload: Mapping[str, Any],
        *,
        nature: str = "",
        occurred_on: str = "",
        seen: Mapping[str, int] | None = None,
        signers: Sequence[Mapping[str, str]] | None = None,
        now: datetime | None = None,
    ) -> bytes:
        """The exact bytes to sign. `seen` defaults to what the ledger holds now, `now` to this moment."""
        spec = spec_of(latest(name))
        natures = sorted(spec.may)
        return compose(
            spec.name,
            payload,
            nature=nature or ("act" if "act" in natures else natures[0]),
            origin=self.desk.log.origin,
            signers=self._signers() if signers is None else signers,
            seen=self.desk.reader.moves(moving_ids(payload)) if seen is None else seen,
            occurred_on=occurred_on,
            now=now,
        )

    def do(self, name: str, payload: Mapping[str, Any], **options: Any) -> Answer:
        """Conceal whom it names, prepare, sign, hand in."""
        concealed = conceal(latest(name), payload)
        body = self.prepare(name, concealed.payload, **options)
        envelope = sign_command(body, *(key.signer for key in self.keys))
        return self.desk.take(envelope, concealed.disclosures)

    def try_out(self, name: str, payload: Mapping[str, Any]) -> None:
        """What `do` would hand in is decided and not handed in. Raises the refusal."""
        envelope = sign_command(self.prepare(name, payload), *(key.signer for key in self.keys))
        self.desk.ledger.preview(admit(envelope, self.desk.public_key))
