"""FORMAT 2 and 5.2: what comes in at the border is refused when it is wrong, and its good neighbour is not."""

from __future__ import annotations

import base64
import json
from typing import Any

import pytest

from audit import canonical, dsse, suites
from audit.admission import admit, check_command
from audit.errors import Malformed
from audit.forms import statement_of
from tests.audit.door import Change, door, good, refusal
from tests.support.logbook import Person, new_id, signer
from tests.support.submissions import CLERK, COLLEAGUE, project


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


def test_5_2_what_is_checked_alone_is_what_comes_in() -> None:
    assert check_command(canonical.encode(good())) == good()
