"""Commands and batches before they are signed: the header filled in, the summary rendered, the bytes canonical (FORMAT 5)."""

from __future__ import annotations

import base64
import secrets
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from audit import canonical, dsse
from audit.admission import batch_summary
from audit.log import CHINA
from audit.merkle import leaf_hash, root_of
from audit.suites import Signer
from domain.command import render
from domain.values import moving_ids

VALID_DAYS = 30


def new_id(kind: str) -> str:
    """A random id of a kind, 128 random bits (FORMAT 3.1)."""
    return f"{kind}_{base64.b32encode(secrets.token_bytes(17)).decode().lower()[:26]}"


def china_today(now: datetime | None = None) -> str:
    return (now or datetime.now(UTC)).astimezone(CHINA).date().isoformat()


def compose(
    name: str,
    payload: Mapping[str, Any],
    *,
    nature: str,
    origin: str,
    signers: Sequence[Mapping[str, str]],
    seen: Mapping[str, int],
    occurred_on: str = "",
    now: datetime | None = None,
) -> bytes:
    """The canonical bytes of a command, ready to sign. Raises the domain's refusals for a payload of wrong shape."""
    moment = (now or datetime.now(UTC)).astimezone(UTC)
    today = china_today(moment)
    return canonical.encode(
        {
            "command": name,
            "nature": nature,
            "nonce": secrets.token_hex(16),
            "occurred_on": occurred_on or today,
            "origin": origin,
            "payload": dict(payload),
            "seen": [[subject, seen.get(subject, 0)] for subject in moving_ids(payload)],
            "signed_at": moment.strftime("%Y-%m-%dT%H:%M:%SZ"),
            "signers": [dict(signer) for signer in signers],
            "summary": render(name, payload),
            "valid_until": china_today(moment + timedelta(days=VALID_DAYS)),
        }
    )


def sign_command(body: bytes, *signers: Signer) -> dsse.Envelope:
    return dsse.signed(dsse.COMMAND, body, *signers)


def compose_batch(
    batch: str,
    bodies: Sequence[bytes],
    *,
    origin: str,
    signers: Sequence[Mapping[str, str]],
    sha256: str,
    sum_fen: int,
    now: datetime | None = None,
) -> bytes:
    """The canonical bytes of a batch statement over command documents (FORMAT 5.3)."""
    moment = (now or datetime.now(UTC)).astimezone(UTC)
    return canonical.encode(
        {
            "batch": batch,
            "nonce": secrets.token_hex(16),
            "origin": origin,
            "root": root_of([leaf_hash(body) for body in bodies]).hex(),
            "rows": len(bodies),
            "signed_at": moment.strftime("%Y-%m-%dT%H:%M:%SZ"),
            "signers": [dict(signer) for signer in signers],
            "source": {"sha256": sha256, "sum_fen": sum_fen},
            "summary": batch_summary(len(bodies), sum_fen, sha256),
            "valid_until": china_today(moment + timedelta(days=VALID_DAYS)),
        }
    )
