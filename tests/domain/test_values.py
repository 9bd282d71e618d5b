"""CMD-2: what a field of text may hold. A quick look decides for most text; it must decide as the slow one would."""

from typing import Any

import pytest
from pydantic import TypeAdapter, ValidationError

from domain.values import CodeName, Line, Text, ids_in, is_id, moving_of
from tests.domain.story import identity

PROJECT = identity("project", "a")


def takes(kind: Any, text: str) -> bool:
    try:
        TypeAdapter(kind).validate_python(text, strict=True)
    except ValidationError:
        return False
    return True


UNSEEN = "\x00\x09\x0b\x1f\x7f\x85\x9f\xad\u0600\u061c\u06dd\u070f\u08e2\u180e\u200b\u200f\u2028\u202e\u2060\u206f\ufeff\ufff9"
UNSEEN_AND_RARE = "\U000110bd\U00013430\U0001bca3\U0001d173\U000e0001\U000e0020\U000e007f"
SEEN = "a中，“”—…·、\u00a1\u00ac\u00ae\u2010\u2027\u2030\u205e\ufffd\U00020bb7\U0001f33e\U000110bc"


@pytest.mark.parametrize("character", UNSEEN + UNSEEN_AND_RARE, ids=ascii)
@pytest.mark.parametrize("kind", [Line, Text], ids=["line", "text"])
def test_a_character_that_nobody_sees_is_refused(kind: Any, character: str) -> None:
    assert not takes(kind, f"油茶{character}基地")
    assert not takes(kind, character)


@pytest.mark.parametrize("character", SEEN, ids=ascii)
@pytest.mark.parametrize("kind", [Line, Text], ids=["line", "text"])
def test_its_neighbours_are_text(kind: Any, character: str) -> None:
    assert takes(kind, f"油茶{character}基地")
    assert takes(kind, character)


def test_a_text_has_lines_and_a_line_has_none() -> None:
    assert takes(Text, "一\n二")
    assert not takes(Line, "一\n二")
    assert takes(Text, " 一")
    assert not takes(Line, " 一")
    assert not takes(Line, "一\u3000")


@pytest.mark.parametrize("text", [PROJECT, "code:row:5", "code:project:号"])
def test_an_id_is_no_text_and_what_is_more_than_an_id_is(text: str) -> None:
    assert is_id(text)
    assert not takes(Line, text)
    assert not takes(Text, text)
    assert takes(Line, f"见 {text}")
    assert takes(Line, text.replace(":", "：").replace("_", "＿"))


def test_a_name_of_200_bytes_beside_an_id() -> None:
    assert not takes(CodeName, PROJECT)
    assert takes(CodeName, "Q_X:0007")
    assert not takes(CodeName, "ＱＸ")
    assert takes(CodeName, "号" * 60)
    assert not takes(CodeName, "𠮷" * 46)


def test_ids_are_whole_values_at_any_depth_and_never_keys() -> None:
    area, row = identity("area", "a"), "code:row:5"
    value = {PROJECT: [{"a": area}, [row, f"{row} "]], "b": {"c": [None, True, 5, "x_y", "a:b"]}}
    assert ids_in(value) == {area, row}
    assert ids_in(PROJECT) == {PROJECT}


def test_seen_1_moving_ids_stand_in_the_order_of_their_bytes() -> None:
    ids = {"code:row:𠮷", "code:row:\uffee", PROJECT, "code:row:中", identity("area", "a")}
    assert moving_of(ids) == ["code:row:中", "code:row:\uffee", "code:row:𠮷", PROJECT]
