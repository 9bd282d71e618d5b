"""FORMAT 2: what the C scanner and encoder of the standard library accept is what a printer written from the text accepts."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from audit import canonical
from audit.canonical import DEPTH_MAX, INTEGER_MAX, NotCanonical

_SHORT = {'"': '\\"', "\\": "\\\\", "\b": "\\b", "\t": "\\t", "\n": "\\n", "\f": "\\f", "\r": "\\r"}


def printed(value: Any, depth: int = 0) -> str:
    """FORMAT 2.2 to 2.5, said once more, slowly. Raises ValueError for a value that has no canonical document."""
    if isinstance(value, str):
        return '"' + "".join(_SHORT.get(c) or (f"\\u{ord(c):04x}" if c < " " else c) for c in value) + '"'
    if value is None or isinstance(value, bool):
        return json.dumps(value)
    if isinstance(value, int):
        if abs(value) > INTEGER_MAX:
            raise ValueError(value)
        return str(value)
    if depth == DEPTH_MAX:
        raise ValueError(depth)
    if isinstance(value, list):
        return "[" + ",".join(printed(inner, depth + 1) for inner in value) + "]"
    if isinstance(value, dict):
        if any(
            not 1 <= len(key) <= 200 or any(not "!" <= c <= "~" or c in '"\\' for c in key) for key in value
        ):
            raise ValueError(list(value))
        return "{" + ",".join(f'"{key}":{printed(value[key], depth + 1)}' for key in sorted(value)) + "}"
    raise ValueError(value)


def is_canonical(document: bytes) -> bool:
    def unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        if len(dict(pairs)) < len(pairs):
            raise ValueError(pairs)
        return dict(pairs)

    try:
        text = document.decode("utf-8")
        return printed(json.loads(text, object_pairs_hook=unique)) == text
    except (ValueError, RecursionError):
        return False


KEYS = st.one_of(st.sampled_from(["a", "b", "key", "b:c", "~"]), st.text(max_size=3))
SCALARS = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-(10**17), 10**17),
    st.sampled_from([0, INTEGER_MAX, -INTEGER_MAX, INTEGER_MAX + 1, 10**15]),
    st.text(max_size=6),
)
VALUES = st.recursive(
    SCALARS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(KEYS, inner, max_size=4),
    max_leaves=12,
)


@st.composite
def documents(draw: st.DrawFn) -> bytes:
    """A document as JSON may be written, perhaps with a byte changed, added or taken away."""
    text = json.dumps(
        draw(VALUES),
        ensure_ascii=draw(st.booleans()),
        sort_keys=draw(st.booleans()),
        separators=draw(st.sampled_from([(",", ":"), (",", ":"), (", ", ":")])),
    )
    data = text.encode("utf-8", "surrogatepass")
    if draw(st.booleans()):
        at, less = draw(st.integers(0, len(data))), draw(st.integers(0, 1))
        data = (
            data[:at]
            + draw(st.sampled_from([b"", b'"', b"\\", b"0", b"-", b"9", b"\x1f", b"\xe9"]))
            + data[at + less :]
        )
    return data


@given(documents())
@example(b"")
@example(b"[1]x")
@example(b" 1")
@example(b'{"a":1,"a":1}')
@example(b"[1.0]")
@example(b"[NaN]")
@example(b"-0")
@example(b"[" * 16 + b"]" * 16)
@example(b"[" * 17 + b"]" * 17)
@example(b"[" * 100_000)
@example(b"9" * 5_000)
def test_2_a_document_is_read_exactly_when_printing_gives_it_back(document: bytes) -> None:
    if is_canonical(document):
        assert canonical.encode(canonical.decode(document)) == document
    else:
        with pytest.raises(NotCanonical):
            canonical.decode(document)


@given(VALUES)
def test_2_a_value_is_printed_exactly_when_it_has_a_canonical_document(value: Any) -> None:
    try:
        expected = printed(value).encode()
    except ValueError:
        with pytest.raises(NotCanonical):
            canonical.encode(value)
    else:
        assert canonical.encode(value) == expected


@pytest.mark.parametrize(
    "value", [(1,), [(1,)], 1.0, {1: "a"}, {"a": b""}, {None: 1}, "\ud800", {"a": {1}}, [10**5_000]]
)
def test_2_a_value_of_another_type_is_refused(value: object) -> None:
    """A tuple would come back as a list: whoever records one is told."""
    with pytest.raises(NotCanonical):
        canonical.encode(value)


def test_2_a_key_is_refused_every_time() -> None:
    for _ in range(3):
        with pytest.raises(NotCanonical):
            canonical.encode({"a b": 1})
        with pytest.raises(NotCanonical):
            canonical.decode(b'{"\xc3\xa9":1}')
