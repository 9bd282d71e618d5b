"""The door: every bad form of FORMAT 5 has its stable code, and its nearest good neighbour comes in."""

from __future__ import annotations

import base64
import json
from collections.abc import Callable
from typing import Any

import pytest

from audit import canonical, dsse, suites
from audit.admission import NotAdmitted, admit, admit_batch, batch_of, batch_summary, check_command
from audit.errors import Malformed
from audit.forms import statement_of
from audit.merkle import leaf_hash, root_of
from domain.record import Signed, SignedBatch
from tests.support.logbook import Person, hash_of, new_id, signer
from tests.support.submissions import CLERK, COLLEAGUE, LEDGER, REGISTRARS, command_body, project

ORIGIN = "bangfu/511599101/" + "0" * 32
KNOWN = {person.key.key_id: person.key.public for person in (LEDGER, *REGISTRARS, CLERK, COLLEAGUE)}
NEW = Person("新人", "clerk", signer(99))
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


# --- the form of a command, 5.2 ---------------------------------------------------------------------------------


def test_5_2_a_good_command_comes_in_with_its_id_its_bytes_and_its_signatures() -> None:
    command = good(CLERK, COLLEAGUE)
    body = canonical.encode(command)
    admitted = door(body, CLERK, COLLEAGUE)
    assert admitted.body == body
    assert admitted.command == command
    assert admitted.id == dsse.statement_id(dsse.COMMAND, body).hex()
    assert [key for key, _ in admitted.signatures] == [CLERK.key.key_id, COLLEAGUE.key.key_id]
    raw = base64.b64decode(admitted.signatures[0][1])
    assert suites.verify("ed25519", CLERK.key.public, raw, dsse.pae(dsse.COMMAND, body))


def _set(**values: Any) -> Change:
    return lambda command: command.update(values)


def _signer(**values: Any) -> Change:
    return lambda command: command["signers"][0].update(values)


LONG_NAME = "a" * 70 + ".bcdefgh.v1"  # 81 characters
FORMS: dict[str, tuple[Change, Change]] = {  # what is refused, and its nearest neighbour that is not
    "a key missing": (lambda c: c.pop("summary"), _set()),
    "a key too many": (_set(note="x"), _set()),
    "a name without a version": (_set(command="note.write"), _set(command="note.write.v9")),
    "a version 0": (_set(command="note.write.v0"), _set(command="note.write.v10")),
    "a name of one word": (_set(command="note.v1"), _set(command="note.write.more.v1")),
    "a name with a capital": (_set(command="Note.write.v1"), _set(command="note.write_2.v1")),
    "a name of 81 characters": (_set(command=LONG_NAME), _set(command=LONG_NAME[1:])),
    "a name that ends in a line feed": (_set(command="note.write.v1\n"), _set()),
    "a name that is no text": (_set(command=1), _set()),
    "an unknown nature": (_set(nature="ACT"), _set(nature="fact")),
    "a nature that is no text": (_set(nature=["act"]), _set(nature="opening")),
    "a nonce of 31": (_set(nonce="0" * 31), _set(nonce="0" * 32)),
    "a nonce of 33": (_set(nonce="0" * 33), _set(nonce="f" * 32)),
    "a nonce in capitals": (_set(nonce="A" * 32), _set(nonce="a" * 32)),
    "a nonce that is no text": (_set(nonce=0), _set()),
    "a day that is not": (_set(occurred_on="2026-02-29"), _set(occurred_on="2024-02-29")),
    "a day of 1899": (_set(occurred_on="1899-12-31"), _set(occurred_on="1900-01-01")),
    "a day without dashes": (_set(occurred_on="20260101"), _set(occurred_on="9999-12-31")),
    "a day of a week": (_set(occurred_on="2026-W01-1"), _set()),
    "a day with a time": (_set(occurred_on="2026-01-01T00:00:00Z"), _set()),
    "a day that is no text": (_set(occurred_on=None), _set()),
    "a valid_until that is no day": (_set(valid_until="2026-13-01"), _set(valid_until="2026-12-01")),
    "a moment without Z": (_set(signed_at="2026-11-23T01:00:00"), _set(signed_at="2026-11-23T23:59:59Z")),
    "a moment with an offset": (_set(signed_at="2026-11-23T01:00:00+08:00"), _set()),
    "a moment with a fraction": (_set(signed_at="2026-11-23T01:00:00.0Z"), _set()),
    "a moment of hour 24": (_set(signed_at="2026-11-23T24:00:00Z"), _set(signed_at="2026-11-23T00:00:00Z")),
    "a leap second": (_set(signed_at="2026-12-31T23:59:60Z"), _set(signed_at="2026-12-31T23:59:59Z")),
    "a moment of 1899": (_set(signed_at="1899-12-31T00:00:00Z"), _set(signed_at="1900-01-01T00:00:00Z")),
    "an origin that is no text": (_set(origin=None), _set(origin="")),
    "a payload that is no object": (_set(payload=[]), _set(payload={})),
    "a summary that is empty": (_set(summary=""), _set(summary="一")),
    "a summary of 401": (_set(summary="字" * 401), _set(summary="字" * 400)),
    "a summary of two lines": (_set(summary="一\n二"), _set(summary="一 二")),
    "a seen that is no array": (_set(seen={}), _set(seen=[])),
    "a seen of one": (_set(seen=[[project("a")]]), _set()),
    "a seen of text": (_set(seen=[[project("a"), "3"]]), _set(seen=[[project("a"), 0]])),
    "a seen that is negative": (_set(seen=[[project("a"), -1]]), _set()),
    "a seen of a truth": (_set(seen=[[project("a"), True]]), _set(seen=[[project("a"), 1]])),
    "a seen of no id": (_set(seen=[["project", 1]]), _set()),
    "a seen twice": (_set(seen=[[project("a"), 1]] * 2), _set()),
    "a seen out of order": (
        _set(seen=[["code:project:b", 1], ["code:project:a", 1]]),
        _set(seen=[["code:project:a", 1], ["code:project:b", 1]]),
    ),
    "no signers": (_set(signers=[]), _set()),
    "signers that are no array": (_set(signers={}), _set()),
    "a signer with a key too many": (_signer(name="甲"), _signer()),
    "a signer with a key missing": (lambda c: c["signers"][0].pop("post"), _signer()),
    "a signer whose post is no text": (_signer(post=None), _signer(post="")),
    "a signer whose post is no id": (_signer(post="乡长"), _signer(post=new_id("post", "x"))),
    "a signer whose organisation is no id": (_signer(organisation="乡"), _signer(organisation="")),
    "a signer whose key is no key": (_signer(key=new_id("person", "x")), _signer()),
    "a signer whose key is too long": (lambda c: _signer(key=c["signers"][0]["key"] + "a")(c), _signer()),
    "one key twice": (lambda c: c["signers"].append(c["signers"][0]), _signer()),
    "nine signers": (
        lambda c: c.update(signers=[Person("", "clerk", signer(50 + n)).line() for n in range(9)]),
        _signer(),
    ),
}


@pytest.mark.parametrize(("bad", "neighbour"), FORMS.values(), ids=FORMS)
def test_5_2_a_bad_form_is_refused_here_and_by_every_verifier_and_its_neighbour_by_neither(
    bad: Change, neighbour: Change
) -> None:
    command = good()
    bad(command)
    body = canonical.encode(command)
    assert refusal(lambda: door(body)) == "bad_form"
    with pytest.raises(Malformed):
        statement_of(body)
    command = good()
    neighbour(command)
    assert door(command)
    assert statement_of(canonical.encode(command))


def test_5_2_eight_signers_come_in() -> None:
    people = [Person("", "clerk", signer(50 + number)) for number in range(8)]
    body = canonical.encode(good(*people))
    keys = {person.key.key_id: person.key.public for person in people}
    assert admit(dsse.signed(dsse.COMMAND, body, *(one.key for one in people)), keys.get)


@pytest.mark.parametrize("body", [b"[]", b"null", b'"x"', b"1"])
def test_5_2_a_command_is_an_object(body: bytes) -> None:
    assert refusal(lambda: door(body)) == "bad_form"


def test_5_2_a_command_has_at_most_32000_bytes() -> None:
    empty = len(canonical.encode(good(payload={"text": ""})))
    assert door(good(payload={"text": "x" * (32_000 - empty)}))
    assert refusal(lambda: door(good(payload={"text": "x" * (32_001 - empty)}))) == "too_large"


# --- canonical bytes, 2 -----------------------------------------------------------------------------------------


def _text(**other: Any) -> str:
    return canonical.encode(good(**other)).decode()


NOT_CANONICAL = {
    "a double key": _text().replace('"nature":"act"', '"nature":"act","nature":"act"'),
    "keys out of order": json.dumps(
        dict(reversed(good().items())), ensure_ascii=False, separators=(",", ":")
    ),
    "white space": _text().replace(":", ": ", 1),
    "a byte order mark": "\ufeff" + _text(),
    "something after": _text() + "\n",
    "a fraction": _text(payload={"x": 1}).replace('"x":1', '"x":1.0'),
    "an exponent": _text(payload={"x": 1}).replace('"x":1', '"x":1e2'),
    "NaN": _text(payload={"x": 1}).replace('"x":1', '"x":NaN'),
    "minus zero": _text(payload={"x": 1}).replace('"x":1', '"x":-0'),
    "2 to the 53": _text(payload={"x": 1}).replace('"x":1', f'"x":{2**53}'),
    "minus 2 to the 53": _text(payload={"x": 1}).replace('"x":1', f'"x":{-(2**53)}'),
    "a number of many digits": _text(payload={"x": 1}).replace('"x":1', '"x":' + "9" * 5_000),
    "a needless escape": _text(payload={"x": "a"}).replace('"x":"a"', '"x":"\\u0061"'),
    "an escaped solidus": _text(payload={"x": "/"}).replace('"x":"/"', '"x":"\\/"'),
    "an escape in capitals": _text(payload={"x": "\x1f"}).replace("\\u001f", "\\u001F"),
    "a lone surrogate": _text(payload={"x": "a"}).replace('"x":"a"', '"x":"\\ud800"'),
    "a key in Chinese": _text(payload={"x": 1}).replace('"x":1', '"键":1'),
    "an empty key": _text(payload={"x": 1}).replace('"x":1', '"":1'),
    "a key of 201": _text(payload={"x": 1}).replace('"x":1', '"' + "x" * 201 + '":1'),
    "17 deep": _text(payload={"x": 1}).replace('"x":1', '"x":' + "[" * 15 + "]" * 15),
    "so deep that a parser gives up": "[" * 15_000 + "]" * 15_000,
    "no JSON": "{",
    "nothing": "",
}


@pytest.mark.parametrize("text", NOT_CANONICAL.values(), ids=NOT_CANONICAL)
def test_2_bytes_that_are_not_canonical_are_refused(text: str) -> None:
    assert refusal(lambda: door(text.encode())) == "not_canonical"


def test_2_bytes_that_are_no_utf_8_are_refused() -> None:
    assert refusal(lambda: door(_text().encode().replace("示".encode(), b"\xff"))) == "not_canonical"


@pytest.mark.parametrize(
    "payload",
    [
        {"x": 2**53 - 1, "y": -(2**53) + 1},
        {"x" * 200: 0},
        {"x": json.loads("[" * 14 + "]" * 14)},
        {"x": "\u2028 / \x1f \U0001f33e é 帮扶"},
        {"x": [True, False, None, -1, 0, "", [], {}]},
    ],
)
def test_2_the_neighbours_of_what_is_not_canonical_come_in(payload: dict[str, Any]) -> None:
    assert door(good(payload=payload))


@pytest.mark.parametrize(("bad", "neighbour"), [("e\u0301", "é"), ("\u212b", "Å"), ("\uf900", "豈")])
def test_2_text_that_is_not_nfc_is_refused_wherever_it_stands(bad: str, neighbour: str) -> None:
    assert refusal(lambda: door(good(payload={"x": [{"y": bad}]}))) == "not_nfc"
    assert refusal(lambda: door(good(summary=bad))) == "not_nfc"
    assert door(good(payload={"x": [{"y": neighbour}]}, summary=neighbour))


# --- signatures, 4 and 5.1 ---------------------------------------------------------------------------------------


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


# --- new keys, 3.5 and 4.2 ----------------------------------------------------------------------------------------


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


# --- envelopes, 1.2 and 5.1 -----------------------------------------------------------------------------------------


def wire() -> dict[str, Any]:
    return dsse.envelope_json(dsse.signed(dsse.COMMAND, canonical.encode(good()), CLERK.key))


def test_5_1_an_envelope_comes_back_from_its_print() -> None:
    envelope = dsse.signed(dsse.COMMAND, canonical.encode(good(CLERK, COLLEAGUE)), CLERK.key, COLLEAGUE.key)
    assert dsse.parse_envelope(dsse.print_envelope(envelope)) == envelope


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
    assert dsse.parse_envelope(json.dumps(value).encode())
    change(value)
    with pytest.raises(Malformed):
        dsse.parse_envelope(json.dumps(value).encode())


@pytest.mark.parametrize(
    "text",
    [b"", b"[]", b"\xff", b"{", b"[" * 100_000],
    ids=["nothing", "an array", "no UTF-8", "half", "deep"],
)
def test_5_1_text_that_is_no_envelope_is_malformed(text: bytes) -> None:
    with pytest.raises(Malformed):
        dsse.parse_envelope(text)


def test_5_1_an_envelope_with_a_double_key_is_malformed() -> None:
    text = json.dumps(wire())
    with pytest.raises(Malformed, match="重复"):
        dsse.parse_envelope((text[:-1] + ', "payload": ""}').encode())


# --- batches, 5.3 ------------------------------------------------------------------------------------------------


def rows(number: int, *by: Person) -> list[bytes]:
    return [canonical.encode(good(*by, nonce=f"{n:032x}")) for n in range(number)]


def statement(bodies: list[bytes], *by: Person, **other: Any) -> dict[str, Any]:
    file = hash_of("file")
    return {
        "batch": new_id("batch", "x"),
        "nonce": "0" * 32,
        "origin": ORIGIN,
        "root": root_of([leaf_hash(body) for body in bodies]).hex(),
        "rows": len(bodies),
        "signed_at": "2026-11-23T01:00:00Z",
        "signers": [one.line() for one in by or (CLERK,)],
        "source": {"sha256": file, "sum_fen": 12_345},
        "summary": batch_summary(len(bodies), 12_345, file),
        "valid_until": "2099-12-31",
        **other,
    }


def batch_door(value: dict[str, Any], bodies: list[bytes], *by: Person) -> SignedBatch:
    signed = dsse.signed(dsse.BATCH, canonical.encode(value), *(one.key for one in by or (CLERK,)))
    return admit_batch(signed, bodies, KNOWN.get)


def test_5_3_a_good_batch_comes_in_with_its_members_unsigned() -> None:
    bodies = rows(3)
    admitted = batch_door(statement(bodies), bodies)
    assert [member.body for member in admitted.members] == bodies
    assert all(member.signatures == () for member in admitted.members)
    assert admitted.statement["summary"] == f"批量 3 行，合计 123.45 元，文件 {hash_of('file')[:16]}"


@pytest.mark.parametrize(
    ("fen", "yuan"), [(0, "0.00"), (5, "0.05"), (-5, "-0.05"), (-12_345, "-123.45"), (100, "1.00")]
)
def test_5_3_the_summary_says_the_sum_in_yuan(fen: int, yuan: str) -> None:
    assert f"合计 {yuan} 元" in batch_summary(1, fen, "0" * 64)


SOURCE = {"sha256": hash_of("file"), "sum_fen": 12_345}
BATCHES: dict[str, tuple[dict[str, Any], str]] = {
    "a key too many": ({"x": 1}, "bad_form"),
    "an id of another kind": ({"batch": project("a")}, "bad_form"),
    "an id that is none": ({"batch": "batch"}, "bad_form"),
    "no rows": ({"rows": 0}, "bad_form"),
    "rows of a truth": ({"rows": True}, "bad_form"),
    "another number of rows": ({"rows": 4}, "bad_form"),
    "a root that is none": ({"root": "0"}, "wrong_root"),
    "another root": ({"root": "0" * 64}, "wrong_root"),
    "a source with a key too many": ({"source": {**SOURCE, "name": "x"}}, "bad_form"),
    "a sum that is a truth": ({"source": {**SOURCE, "sum_fen": True}}, "bad_form"),
    "a hash that is none": ({"source": {**SOURCE, "sha256": "x"}}, "bad_form"),
    "another sum": ({"source": {**SOURCE, "sum_fen": 12_346}}, "wrong_summary"),
    "another summary": ({"summary": "批量"}, "wrong_summary"),
    "a nonce of 31": ({"nonce": "0" * 31}, "bad_form"),
    "a day that is not": ({"valid_until": "2026-02-30"}, "bad_form"),
    "no signers": ({"signers": []}, "bad_form"),
    "another origin": ({"origin": ORIGIN + "0"}, "bad_form"),
    "other signers": ({"signers": [COLLEAGUE.line()]}, "wrong_signers"),
    "a signer whose post is no id": ({"signers": [{**CLERK.line(), "post": "乡长"}]}, "bad_form"),
}


@pytest.mark.parametrize(("other", "code"), BATCHES.values(), ids=BATCHES)
def test_5_3_a_bad_batch_is_refused(other: dict[str, Any], code: str) -> None:
    bodies = rows(3)
    assert refusal(lambda: batch_door(statement(bodies, **other), bodies)) == code


def test_5_3_a_batch_has_at_most_1000_rows() -> None:
    bodies = rows(1_000)
    assert len(batch_door(statement(bodies), bodies).members) == 1_000
    bodies = rows(1_001)
    assert refusal(lambda: batch_door(statement(bodies), bodies)) == "bad_form"


def test_5_3_the_members_are_those_of_the_root_in_its_order() -> None:
    bodies = rows(3)
    for wrong in (bodies[::-1], [*bodies[:2], bodies[0]]):
        assert refusal(lambda wrong=wrong: batch_door(statement(bodies), wrong)) == "wrong_root"


def test_5_3_a_member_has_the_origin_and_the_signers_of_its_batch_and_a_good_form() -> None:
    for other in ({"origin": "bangfu/511599102/" + "0" * 32}, {"signers": [COLLEAGUE.line()]}):
        bodies = [*rows(1), canonical.encode(good(**other))]
        assert refusal(lambda bodies=bodies: batch_door(statement(bodies), bodies)) == "bad_form"
    bodies = [*rows(1), b"{} "]
    assert refusal(lambda: batch_door(statement(bodies), bodies)) == "not_canonical"


def test_5_3_a_batch_is_no_command_and_a_command_no_batch() -> None:
    bodies = rows(1)
    signed = dsse.signed(dsse.COMMAND, canonical.encode(statement(bodies)), CLERK.key)
    assert refusal(lambda: admit_batch(signed, bodies, KNOWN.get)) == "bad_form"
    assert refusal(lambda: door(statement(bodies))) == "bad_form"


def test_5_3_a_batch_is_parsed_from_the_wire() -> None:
    bodies = rows(2)
    envelope = dsse.signed(dsse.BATCH, canonical.encode(statement(bodies)), CLERK.key)
    value = {"commands": [dsse.b64(body) for body in bodies], "envelope": dsse.envelope_json(envelope)}
    assert batch_of(value) == (envelope, bodies)
    for wrong in ({**value, "x": 1}, {"commands": []}, {**value, "commands": {}}, {**value, "commands": [1]}):
        with pytest.raises(Malformed):
            batch_of(wrong)
    with pytest.raises(Malformed):
        batch_of({**value, "commands": ["A"]})
    with pytest.raises(Malformed):
        batch_of({**value, "commands": [""] * 1_001})


def test_5_2_what_is_checked_alone_is_what_comes_in() -> None:
    assert check_command(canonical.encode(good())) == good()
