"""FORMAT 2: canonical JSON, in the state of an entry. Step 8."""

from __future__ import annotations

from tests.support.logbook import Logbook, Piece
from tests.vectors.forged import forged
from tests.vectors.history import case, cases, vector

# What is replaced in a good state, and what by.
CANONICAL = {
    "largest_integer": (b":1000", b":9007199254740991"),
    "smallest_integer": (b":1000", b":-9007199254740991"),
    "lower_case_escape": (b":1000", b':"\\u001f\\b\\t\\n\\f\\r\\"\\\\/\x7f"'),
    "wide_letters": (b":1000", ':"𠮷︎é"'.encode()),
    "depth_16": (b":1000", b":" + b"[" * 15 + b"1" + b"]" * 15),
    "sixteen_digits_in_text": (b":1000", b':"9007199254740992"'),
    "wrapper_as_value": (b":1000", b':"_type_"'),
}
NOT_CANONICAL = {
    "float": (b":1000", b":1000.0"),
    "exponent": (b":1000", b":1e3"),
    "minus_zero": (b":1000", b":-0"),
    "leading_zero": (b":1000", b":01000"),
    "too_large": (b":1000", b":9007199254740992"),
    "white_space": (b":1000", b": 1000"),
    "duplicate_key": (b'"value_fen"', b'"asset":"x","value_fen"'),
    "keys_not_sorted": (b'{"asset"', b'{"zzz":1,"asset"'),
    "empty_key": (b'{"asset"', b'{"":1,"asset"'),
    "key_not_ascii": (b'"value_fen":1000', '"值":1000'.encode()),
    "key_with_space": (b'"value_fen"', b'"value fen"'),
    "escaped_slash": (b":1000", b':"\\/"'),
    "escaped_letter": (b":1000", b':"\\u4ed3"'),
    "upper_case_escape": (b":1000", b':"\\u001F"'),
    "surrogate": (b":1000", b':"\\ud800"'),
    "surrogate_in_utf8": (b":1000", b':"\xed\xa0\x80"'),
    "broken_utf8": (b":1000", b':"\xff"'),
    "byte_order_mark": (b'{"asset"', b'\xef\xbb\xbf{"asset"'),
    "nan": (b":1000", b":NaN"),
    "something_after": (b":1000}", b":1000}{}"),
    "too_deep": (b":1000", b":" + b"[" * 16 + b"1" + b"]" * 16),
    "originator_topic": (b'"value_fen"', b'"originator_topic":"x","value_fen"'),
    "type_wrapper_inside": (b":1000", b':{"_type_":"datetime"}'),
    "data_wrapper_inside": (b":1000", b':[{"_data_":"datetime"}]'),
}


def in_state(given: tuple[bytes, bytes]) -> Logbook:
    old, new = given

    def change(piece: Piece) -> None:
        assert old in piece.state
        piece.state = piece.state.replace(old, new)

    return forged(change)


cases("good_state", None, None, in_state, CANONICAL)
cases("bad_state", 8, 3, in_state, NOT_CANONICAL)
case("bad_state_no_object", 8, 3, lambda: forged(lambda piece: setattr(piece, "state", b"[1]")))


@vector()
def good_state_empty_array_in_15() -> Logbook:
    return in_state((b":1000", b":" + b"[" * 15 + b"]" * 15))


@vector(8, 3)
def bad_state_empty_array_in_16() -> Logbook:
    """The object of the state and fifteen arrays around an empty one: what it could hold would have depth 17."""
    return in_state((b":1000", b":" + b"[" * 16 + b"]" * 16))
