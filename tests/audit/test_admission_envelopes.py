"""FORMAT 1.2 and 5.1: an envelope as it comes over the wire."""

from __future__ import annotations

import json
from typing import Any

import pytest

from audit import canonical, dsse
from audit.errors import Malformed
from tests.audit.door import Change, good
from tests.support.submissions import CLERK, COLLEAGUE


def wire() -> dict[str, Any]:
    return dsse.envelope_json(dsse.signed(dsse.COMMAND, canonical.encode(good()), CLERK.key))


def read(text: bytes) -> dsse.Envelope:
    """As what came over the wire is read."""
    return dsse.envelope_of(dsse.strict_json(text))


def test_5_1_an_envelope_comes_back_from_its_print() -> None:
    envelope = dsse.signed(dsse.COMMAND, canonical.encode(good(CLERK, COLLEAGUE)), CLERK.key, COLLEAGUE.key)
    assert read(dsse.print_envelope(envelope)) == envelope


def _in_signature(**values: Any) -> Change:
    return lambda value: value["signatures"][0].update(values)


SIG = "A" * 86 + "=="
ENVELOPES: dict[str, Change] = {
    "a key too many": lambda value: value.update(x=1),
    "a key missing": lambda value: value.pop("payloadType"),
    "an unknown type": lambda value: value.update(payloadType="application/json"),
    "a payload that is no text": lambda value: value.update(payload=1),
    "base64 without padding": lambda value: value.update(payload="AA"),
    "base64 for addresses": lambda value: value.update(payload="-_-_"),
    "base64 with a line break": lambda value: value.update(payload="AAAA\nAAAA"),
    "base64 with bits left": lambda value: value.update(payload="AB=="),
    "base64 beyond ASCII": lambda value: value.update(payload="ＡＡＡＡ"),
    "no signatures": lambda value: value.update(signatures=[]),
    "nine signatures": lambda value: value.update(signatures=value["signatures"] * 9),
    "signatures that are no array": lambda value: value.update(signatures={}),
    "a signature with a key too many": _in_signature(cert="x"),
    "a signature with a key missing": lambda value: value["signatures"][0].pop("keyid"),
    "a signature that is no text": _in_signature(sig=None),
    "a signature of 63 bytes": _in_signature(sig=dsse.b64(b"\0" * 63)),
    "a signature with bits left": _in_signature(sig=SIG[:85] + "B=="),
}


@pytest.mark.parametrize("change", ENVELOPES.values(), ids=ENVELOPES)
def test_5_1_a_bad_envelope_is_malformed(change: Change) -> None:
    value = wire()
    assert read(json.dumps(value).encode())
    change(value)
    with pytest.raises(Malformed):
        read(json.dumps(value).encode())


@pytest.mark.parametrize(
    "text",
    [b"", b"[]", b"\xff", b"{", b"[" * 100_000],
    ids=["nothing", "an array", "no UTF-8", "half", "deep"],
)
def test_5_1_text_that_is_no_envelope_is_malformed(text: bytes) -> None:
    with pytest.raises(Malformed):
        read(text)


def test_5_1_an_envelope_with_a_double_key_is_malformed() -> None:
    text = json.dumps(wire())
    with pytest.raises(Malformed, match="重复"):
        read((text[:-1] + ', "payload": ""}').encode())
