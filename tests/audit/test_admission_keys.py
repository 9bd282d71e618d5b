"""FORMAT 3.5, 4, 5.1 and 10: whose signatures come in, and which new keys."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from audit import canonical, dsse
from audit.admission import NotAdmitted, admit
from domain.record import Signed
from tests.audit.door import KNOWN, ORIGIN, door, good, refusal
from tests.support.logbook import Person, signer
from tests.support.submissions import CLERK, COLLEAGUE, REGISTRARS, command_body

NEW = Person("新人", "clerk", signer(99))


@pytest.mark.parametrize(
    "by",
    [(COLLEAGUE,), (CLERK, COLLEAGUE), (COLLEAGUE, CLERK)],
    ids=["another", "one more", "one more first"],
)
def test_5_2_the_signatures_are_exactly_those_of_the_signers(by: tuple[Person, ...]) -> None:
    assert refusal(lambda: door(good(CLERK), *by)) == "wrong_signers"
    assert door(good(*by), *by)


def test_5_2_a_signature_missing_or_out_of_order_is_refused() -> None:
    command = good(CLERK, COLLEAGUE)
    assert refusal(lambda: door(command, CLERK)) == "wrong_signers"
    assert refusal(lambda: door(command, COLLEAGUE, CLERK)) == "wrong_signers"
    assert refusal(lambda: door(command, CLERK, CLERK)) == "wrong_signers"
    assert door(command, CLERK, COLLEAGUE)


def test_auth_1_a_key_that_the_ledger_does_not_know_is_refused() -> None:
    assert refusal(lambda: door(good(NEW), NEW)) == "unknown_key"
    with pytest.raises(NotAdmitted, match=f"写给台账 {ORIGIN} 的"):
        door(good(NEW), NEW)


def _broken(change: Callable[[bytes], bytes]) -> Callable[[], object]:
    envelope = dsse.signed(dsse.COMMAND, canonical.encode(good()), CLERK.key)
    ((key, raw),) = envelope.signatures
    return lambda: admit(dsse.Envelope(envelope.kind, envelope.body, ((key, change(raw)),)), KNOWN.get)


ORDER = 2**252 + 27742317777372353535851937790883648493


@pytest.mark.parametrize(
    "change",
    [
        lambda raw: bytes([raw[0] ^ 1]) + raw[1:],
        lambda raw: raw[:-1] + bytes([raw[-1] ^ 1]),
        lambda raw: raw[:32] + (int.from_bytes(raw[32:], "little") + ORDER).to_bytes(32, "little"),
        lambda raw: b"\0" * 64,
        lambda raw: raw[:63],
    ],
    ids=["R", "S", "S + L", "zeros", "63 bytes"],
)
def test_4_3_a_bad_signature_is_refused(change: Callable[[bytes], bytes]) -> None:
    assert refusal(_broken(change)) == "bad_signature"
    assert _broken(lambda raw: raw)()


def test_5_1_a_signature_over_other_bytes_or_of_another_type_is_refused() -> None:
    other = dsse.signed(dsse.COMMAND, canonical.encode(good(nonce="0" * 32)), CLERK.key)
    moved = dsse.Envelope(dsse.COMMAND, canonical.encode(good()), other.signatures)
    assert refusal(lambda: admit(moved, KNOWN.get)) == "bad_signature"
    body = canonical.encode(good())
    answer = dsse.signed(dsse.ANSWER, body, CLERK.key)
    assert refusal(lambda: admit(answer, KNOWN.get)) == "bad_form"
    retyped = dsse.Envelope(dsse.COMMAND, body, answer.signatures)
    assert refusal(lambda: admit(retyped, KNOWN.get)) == "bad_signature"
    with pytest.raises(NotAdmitted):
        door(body, kind=dsse.BATCH)


def enrol(row: dict[str, Any]) -> Signed:
    command = command_body("key.enrol.v1", (REGISTRARS[0], NEW), row, ORIGIN)
    return door(command, REGISTRARS[0], NEW)


def test_10_a_new_key_signs_its_own_enrolment_and_nothing_else() -> None:
    assert enrol(NEW.row())
    renamed = command_body("key.enroll.v1", (REGISTRARS[0], NEW), NEW.row(), ORIGIN)
    assert refusal(lambda: door(renamed, REGISTRARS[0], NEW)) == "unknown_key"


P = 2**255 - 19
BAD_KEYS = {
    "of small order: the identity": (1).to_bytes(32, "little").hex(),
    "of small order: y = 0": "00" * 32,
    "of small order: y = −1": (P - 1).to_bytes(32, "little").hex(),
    "of order eight": "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05",
    "not canonical: y = p": P.to_bytes(32, "little").hex(),
    "not canonical: y = p + 1": (P + 1).to_bytes(32, "little").hex(),
    "x = 0 with a sign": (1 + 2**255).to_bytes(32, "little").hex(),
    "not on the curve": (2).to_bytes(32, "little").hex(),
    "of 31 bytes": "11" * 31,
    "in capitals": "AB" * 32,
    "no text": 7,
}


@pytest.mark.parametrize("public", BAD_KEYS.values(), ids=BAD_KEYS)
def test_4_2_a_bad_public_key_is_refused_at_its_enrolment(public: object) -> None:
    assert refusal(lambda: enrol({**NEW.row(), "public": public})) == "bad_key"


@pytest.mark.parametrize(
    "change",
    [{"suite": "sm2-sm3"}, {"suite": 1}, {"key": CLERK.key.key_id}, {"public": CLERK.key.public.hex()}],
)
def test_3_5_a_new_key_of_another_suite_or_id_is_refused(change: dict[str, Any]) -> None:
    assert refusal(lambda: enrol({**NEW.row(), **change})) == "bad_key"


def test_10_a_known_key_is_never_replaced_by_one_that_a_command_brings() -> None:
    """The id is derived from the key: a row with a known id and another key is refused before any signature is looked at."""
    assert refusal(lambda: enrol({**NEW.row(), "key": REGISTRARS[0].key.key_id})) == "bad_key"
