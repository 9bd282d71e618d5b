"""FORMAT 4.2: public keys that no private key belongs to, as somebody enrols them. Step 17."""

from __future__ import annotations

import base64

from audit import canonical, dsse
from audit.ids import key_id
from tests.support import town
from tests.support.logbook import Event, Logbook, proof_by
from tests.support.town import FIRST, STRANGER
from tests.vectors.history import vector


def enrolled_key(public: bytes) -> Logbook:
    """An enrolment, by a registrar, of a public key that no private key belongs to."""
    book = town.settled()
    key = key_id("ed25519", public)
    state = {**STRANGER.row(), "key": key, "public": public.hex()}
    command = book.command("key.enrol.v1", (FIRST,), state)
    command["signers"].append({**STRANGER.line(), "key": key})
    body = canonical.encode(command)
    first = canonical.decode(proof_by((FIRST,), dsse.COMMAND, body))
    # R is the identity and S is zero: good under a small-order key for a verifier that multiplies by the cofactor.
    second = [key, base64.b64encode(bytes([1]) + bytes(63)).decode()]
    event = Event("key.enrolled.v1", key, state)
    book.act(command, [event], (FIRST,), body=body, proof=canonical.encode([*first, second]))
    book.seal()
    return book


@vector(17, 3)
def bad_key_of_small_order() -> Logbook:
    return enrolled_key(bytes.fromhex("26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05"))


@vector(17, 3)
def bad_key_is_the_identity() -> Logbook:
    return enrolled_key(bytes([1]) + bytes(31))


@vector(17, 3)
def bad_key_not_canonical() -> Logbook:
    return enrolled_key((2**255 - 19 + 3).to_bytes(32, "little"))


@vector(17, 3)
def bad_key_not_on_the_curve() -> Logbook:
    return enrolled_key(bytes([2]) + bytes(31))


@vector(17, 3)
def bad_key_minus_zero() -> Logbook:
    return enrolled_key(bytes([1]) + bytes(30) + bytes([0x80]))
