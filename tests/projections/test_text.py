"""Lines of Chinese text: never wider than asked, never a character lost."""

from hypothesis import given
from hypothesis import strategies as st

from projections.text import pad, table, width, wrap

TEXT = st.text(st.sampled_from("账本ab1 ，。：（）"), max_size=60)


def test_a_chinese_character_is_two_columns_wide() -> None:
    assert (width("账a"), pad("账", 4)) == (3, "账  ")


@given(TEXT, st.integers(20, 40))
def test_no_character_is_lost_and_no_line_too_wide(text: str, columns: int) -> None:
    lines = wrap(text, "甲 ", "   ", columns)
    shown = "".join(lines).replace(" ", "")
    assert shown == "甲" + text.replace(" ", "")
    longest = max((width(word) for word in text.split()), default=0)
    assert longest > columns - 3 or all(width(line) <= columns for line in lines)


def test_no_line_begins_with_closing_punctuation() -> None:
    assert wrap("一二三四五，六", columns=10) == ["一二三四", "五，六"]


def test_labels_are_aligned_and_values_wrapped_under_themselves() -> None:
    assert table([("甲", "一"), ("乙乙", "二三四")], columns=12) == [
        "  甲    一",
        "  乙乙  二三",
        "        四",
    ]
