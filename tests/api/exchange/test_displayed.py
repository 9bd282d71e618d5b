"""What a number in a cell displays: every format reads as the clerk sees it, and nothing is lost in silence."""

from decimal import Decimal

import pytest

from api.exchange.displayed import day_text, number_text, with_shown_unit

TEXT_OF: list[tuple[str, int, str, str]] = [
    ("20", 0, "", "20"),
    ("20.50", 0, "General", "20.5"),
    ("0.30000000000000004", 0, "", "0.3"),
    ("1.0E-2", 0, "", "0.01"),
    ("-0", 0, "", "0"),
    ("2019.0", 0, "", "2019"),
    ("43831", 14, "", "2020-01-01"),
    ("43831.5", 22, "", "2020-01-01 12:00:00"),
    ("43831", 176, 'yyyy"年"m"月"d"日"', "2020-01-01"),
    ("43831", 176, "[$-804]yyyy/m/d;@", "2020-01-01"),
    ("5", 176, "[Red]0.00", "5"),
    ("5", 176, '0.00"days"', "5"),
    ("20", 176, '0.00"万元"', "20万元"),
    ("20", 176, '#,##0.00"元";[Red]-#,##0.00"元"', "20元"),
    ("200000", 176, '0\\.0,"万元"', "20万元"),
    ("200000", 176, '0!.0,"万元"', "20万元"),
    ("20", 176, '0"万"', "20万元"),
    ("20", 176, "0.00\\万\\元", "20万元"),
    ("20", 176, "0.00_ 万元", "20万元"),
    ("20", 43, "_-* #,##0.00_-;", "20"),
    ("20", 176, '"¥"#,##0.00', "20"),
    ("20", 176, '0"美元"', "20美元"),
    ("123", 176, "000000", "000123"),
]


@pytest.mark.parametrize(("written", "identity", "code", "text"), TEXT_OF)
def test_a_number_reads_as_its_format_shows_it(written: str, identity: int, code: str, text: str) -> None:
    assert number_text(written, identity, code) == (text, None)


@pytest.mark.parametrize("written", ["512330198001011234", "5.1233019800101101E+17", "-1000000000000000"])
def test_read_17_a_whole_number_of_more_than_15_digits_has_lost_the_last_ones(written: str) -> None:
    assert number_text(written)[1] == "digits"


def test_read_17_the_longest_number_that_a_sheet_keeps_is_whole() -> None:
    assert number_text("999999999999999") == ("999999999999999", None)


@pytest.mark.parametrize("written", ["", "x", "NaN", "Infinity", "1E400"])
def test_what_is_no_number_breaks_the_file_and_not_the_reader(written: str) -> None:
    with pytest.raises(ValueError, match=r"\A"):
        number_text(written)


def test_days_count_from_1900_or_from_1904_and_a_number_outside_of_the_calendar_is_no_day() -> None:
    assert day_text(Decimal(1)) == "1899-12-31"
    assert day_text(Decimal(42369), since_1904=True) == "2020-01-01"
    assert day_text(Decimal(-1)) == "-1"
    assert day_text(Decimal(10**9)) == "1000000000"


@pytest.mark.parametrize(
    ("text", "shown", "read"),
    [
        ("38", "38.00万元", "38万元"),
        ("200000", "20.0万元", "20万元"),
        ("200000", "200,000元", "200000元"),
        ("12.345678", "12.35万元", "12.345678万元"),
        ("200000", "200!.0万元", "200!.0万元"),
        ("20", "21万元", "21万元"),
        ("20", "20.00", "20"),
    ],
)
def test_a_unit_that_a_sheet_shows_belongs_to_the_number_it_shows(text: str, shown: str, read: str) -> None:
    assert with_shown_unit(text, shown) == read
