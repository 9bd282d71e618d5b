"""Shapes save work and change no answer: what matches one is what the full check accepts, ids and all (FORMAT 2, 3.1, 5.2, 7.3)."""

from __future__ import annotations

import re
from datetime import date
from typing import Any

import pytest
from hypothesis import assume, example, given
from hypothesis import strategies as st

from audit import canonical, forms
from audit.entry import COMMAND_BYTES_MAX
from audit.errors import Malformed
from audit.familiar import Familiar
from audit.forms import Command
from audit.ids import ids_in
from audit.shapes import Shapes, expression_of, ids_of

ID = "project_" + "a" * 26
OTHER_ID = "code:plot:" + "地" * 30
LOOK_LIKE_IDS = [
    "key_" + "a" * 25,
    "key_" + "a" * 26 + " ",
    "code:",
    "code:plot:",
    "code:plot:a b",
    "k_" + "a" * 26,
]
TEXTS = st.one_of(
    st.text(max_size=5),
    st.sampled_from([ID, OTHER_ID, "", "code:plot:" + "地" * 70, "code:plot:" + "x" * 178, *LOOK_LIKE_IDS]),
)
SCALARS = st.one_of(
    TEXTS, st.none(), st.booleans(), st.integers(-(10**16), 10**16), st.sampled_from([0, 999_999_999_999_999])
)
VALUES = st.recursive(
    SCALARS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from("abc"), inner, max_size=3),
    max_leaves=10,
)
# Every document is an object (FORMAT 2): an id alone is no document, and would name nothing.
DOCUMENTS = st.dictionaries(st.sampled_from("abc"), VALUES, max_size=3)
EDITS = [b"", b'"', b"\\", b",", b"0", b"-", b"\x1f", b"\xe9", b"\xf0\x9f\x92\xa9", b"[", b"]", b":", b"}"]


@st.composite
def alike(draw: st.DrawFn, value: Any) -> Any:
    """A value of about the same form: other scalars, longer and shorter lists."""
    if isinstance(value, dict):
        return {key: draw(alike(inner)) for key, inner in value.items()}
    if isinstance(value, list) and value:
        return [draw(alike(draw(st.sampled_from(value)))) for _ in range(draw(st.integers(0, 4)))]
    return draw(st.one_of(st.just(value), SCALARS))


@st.composite
def changed(draw: st.DrawFn, document: bytes) -> bytes:
    """A document with a byte changed, added or taken away, or as it is."""
    if draw(st.booleans()):
        return document
    at, less = draw(st.integers(0, len(document))), draw(st.integers(0, 2))
    return document[:at] + draw(st.sampled_from(EDITS)) + document[at + less :]


def encoded(value: Any) -> bytes:
    try:
        return canonical.encode(value)
    except canonical.NotCanonical:  # an integer beyond the limit
        assume(False)
        raise


@given(st.data())
def test_2_what_matches_a_shape_is_canonical_and_shows_its_ids(data: st.DataObject) -> None:
    judged = data.draw(DOCUMENTS)
    match = re.compile(expression_of(judged)).fullmatch
    document = data.draw(changed(encoded(data.draw(alike(judged)))))
    try:
        found = match(document.decode())
    except UnicodeDecodeError:
        return
    if found:
        canonical.decode(document)
        assert ids_of(found.groups("")) == sorted(ids_in(document))


@given(VALUES)
def test_2_a_document_matches_the_shape_that_was_taken_from_it(value: Any) -> None:
    document = encoded(value)
    # What needs an escape, is a long number or may be an id of more than 200 bytes is always looked at the long way.
    assume(not re.search(rb'\\|[0-9]{16}|"code:', document))
    assert re.fullmatch(expression_of(value), document.decode())


def test_1_3_a_day_is_a_date_of_the_calendar_from_1900_on() -> None:
    for year in [*range(1_890, 2_110), 2_300, 2_400, 3_000, 4_800, 9_996, 9_999, 0, 4, 400, 1_600]:
        for month in range(14):
            for day in range(33):
                try:
                    good = year >= 1_900 and bool(date(year, month, day))
                except ValueError:
                    good = False
                assert forms.is_day(f"{year:04}-{month:02}-{day:02}") is good, (year, month, day)


@pytest.mark.parametrize("text", ["", "2026-1-01", "2026-01-01 ", "2026-01-01\n", "２026-01-01", "20260101"])
def test_1_3_a_day_is_written_in_one_way(text: str) -> None:
    assert not forms.is_day(text)


def test_a_shape_is_taken_from_the_eighth_document_of_a_kind() -> None:
    shapes, value = Shapes(), {"a": 1}
    for number in range(8):
        assert shapes.groups("kind", b'{"a":1}') is None, number
        shapes.learn("kind", lambda: expression_of(value))
    assert shapes.groups("kind", b'{"a":2}') == ()
    assert shapes.groups("kind", b'{"b":2}') is None
    assert shapes.groups("kind", b'{"a":"\xe9"}') is None
    assert shapes.groups("other", b'{"a":2}') is None


def test_kinds_and_long_expressions_cost_no_memory_without_end() -> None:
    shapes = Shapes()
    drawn = []
    for kind in range(200):
        for _ in range(8):
            shapes.learn(str(kind), lambda kind=kind: drawn.append(kind) or r"\[\]")  # type: ignore[misc]
    assert drawn == list(range(128))
    for _ in range(8):
        shapes.learn("0", lambda: r"\[\]" * 10_000)
    assert shapes.groups("0", b"[]" * 10_000) is None


# Commands and states: familiar or not, the same answer.

COMMAND: dict[str, Any] = {
    "command": "asset.book.v1",
    "nature": "act",
    "nonce": "0" * 32,
    "occurred_on": "2026-02-28",
    "origin": "bangfu/999901/" + "0" * 32,
    "payload": {"asset": ID, "areas": [ID], "note": "沟渠", "value_fen": 1},
    "seen": [["code:plot:a", 0], [ID, 3]],
    "signed_at": "2026-02-28T10:00:00Z",
    "signers": [{"key": "key_" + "a" * 26, "organisation": "organisation_" + "a" * 26, "post": ""}],
    "summary": "登记资产",
    "valid_until": "2026-03-30",
}


def warmed() -> Familiar:
    """One that knows the command above and its payload as a state."""
    familiar = Familiar()
    for _ in range(8):
        familiar.statement(canonical.encode(COMMAND))
        familiar.state("asset.booked.v1", canonical.encode(COMMAND["payload"]))
    return familiar


def judged(document: bytes, familiar: Familiar | None) -> object:
    """What the procedure learns of a statement, or that it has no good form."""
    try:
        found = forms.statement_of(document) if familiar is None else familiar.statement(document)
    except Malformed:
        return "malformed"
    if isinstance(found, Command):
        found = found._replace(payload=None)
    return found._replace(ids=tuple(ids_of(found.ids)))


def state_judged(document: bytes, familiar: Familiar | None) -> object:
    try:
        if familiar is None:
            forms.check_state(document)
            return sorted(ids_in(document))
        return ids_of(familiar.state("asset.booked.v1", document)[1])
    except Malformed:
        return "malformed"


SIGNER = COMMAND["signers"][0]
OTHERS: list[tuple[str, Any]] = [
    ("command", "asset.book.v2"),
    ("command", "asset.book"),
    ("nature", "opening"),
    ("nature", "deed"),
    ("nonce", "A" * 32),
    ("nonce", "0" * 31),
    ("occurred_on", "2026-02-30"),
    ("occurred_on", "1899-12-31"),
    ("occurred_on", "2028-02-29"),
    ("occurred_on", "2026-02-29"),
    ("origin", ""),
    ("origin", ID),
    ("origin", "a\n"),
    ("payload", []),
    ("payload", {"asset": ID, "areas": [ID, OTHER_ID, "x"], "note": OTHER_ID, "value_fen": -1}),
    ("payload", {"asset": "", "areas": [None], "note": "\\", "value_fen": 2**53 - 1}),
    ("payload", {"asset": ID, "areas": [], "note": "code:plot:" + "地" * 70, "value_fen": True}),
    ("seen", []),
    ("seen", [[ID, 3], ["code:plot:a", 0]]),
    ("seen", [[ID, 3], [ID, 3]]),
    ("seen", [[ID, -1]]),
    ("seen", [[ID, True]]),
    ("seen", [["no id", 0]]),
    ("seen", [[ID, 2**53 - 1]]),
    ("signed_at", "2026-02-30T10:00:00Z"),
    ("signed_at", "2026-02-28T24:00:00Z"),
    ("signers", []),
    ("signers", [SIGNER, SIGNER]),
    ("signers", [SIGNER, {**SIGNER, "key": "key_" + "b" * 26}]),
    ("signers", [{**SIGNER, "key": "key_" + "b" * (25 + number)} for number in range(2)]),
    ("signers", [{**SIGNER, "key": "key_" + "b" * 25 + letter} for letter in "abcdefgh"]),
    ("signers", [{**SIGNER, "key": "key_" + "b" * 25 + letter} for letter in "abcdefghi"]),
    ("signers", [{**SIGNER, "post": "head"}]),
    ("signers", [{**SIGNER, "post": OTHER_ID}]),
    ("summary", ""),
    ("summary", "字" * 400),
    ("summary", "字" * 401),
    ("summary", ID),
    ("summary", 'a "b"'),
    ("valid_until", "2026-02-29"),
    ("valid_until", "9999-12-31"),
    ("extra", 1),
]


@pytest.mark.parametrize(("field", "value"), OTHERS)
def test_5_2_a_familiar_command_is_judged_as_any_other(field: str, value: Any) -> None:
    document = canonical.encode({**COMMAND, field: value})
    assert judged(document, warmed()) == judged(document, None)


def test_5_2_a_familiar_command_may_be_too_long() -> None:
    payload = {**COMMAND["payload"], "note": ""}
    room = COMMAND_BYTES_MAX - len(canonical.encode({**COMMAND, "payload": payload}))
    for more in (0, 1):
        document = canonical.encode({**COMMAND, "payload": {**payload, "note": "x" * (room + more)}})
        assert (judged(document, warmed()) == "malformed") is (more == 1)
        assert judged(document, warmed()) == judged(document, None)


@given(changed(canonical.encode(COMMAND)))
@example(canonical.encode(COMMAND) + b"\n")
@example(canonical.encode(COMMAND).replace(b"asset.book.v1", b"asset.book.v\xe9"))
def test_5_2_a_changed_familiar_command_is_judged_as_any_other(document: bytes) -> None:
    assert judged(document, warmed()) == judged(document, None)


@given(st.data())
def test_7_3_a_familiar_state_is_judged_as_any_other(data: st.DataObject) -> None:
    document = data.draw(changed(encoded(data.draw(alike(COMMAND["payload"])))))
    assert state_judged(document, warmed()) == state_judged(document, None)


def test_a_familiar_document_is_not_parsed_again() -> None:
    familiar = warmed()
    read = familiar.statement(canonical.encode({**COMMAND, "nonce": "1" * 32}))
    assert isinstance(read, Command)
    assert read.payload is None
