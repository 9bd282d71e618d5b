"""READ-4 and READ-5: an amount is exact to the fen, or a problem that says what to type."""

from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from api.exchange.amounts import Amount, is_blank, read_amount
from api.exchange.rules import Problem
from domain.money import Money, Unit

FEN: dict[Unit, int] = {"元": 100, "万元": 1_000_000, "亿元": 10_000_000_000}


def amount(text: str, unit: Unit | None = "万元") -> Amount:
    read = read_amount(text, unit)
    assert isinstance(read, Amount), read
    return read


def problem(text: str, unit: Unit | None = "万元") -> Problem:
    read = read_amount(text, unit)
    assert isinstance(read, Problem), read
    return read


@pytest.mark.parametrize(
    ("text", "fen"),
    [
        ("20", 20_000_000),
        (" 20 ", 20_000_000),
        ("73.5万元", 73_500_000),
        ("10萬元", 10_000_000),
        ("850 万元", 850_000_000),
        ("20万", 20_000_000),
        ("200000元", 20_000_000),
        ("0.2亿元", 2_000_000_000),
        ("32.231342", 32_231_342),
        ("1,000.5", 1_000_500_000),
        ("１２．５", 12_500_000),
        ("+3", 3_000_000),
        ("0", 0),
        ("10(万元)", 10_000_000),
        ("10（元）", 1_000),
        ("二十", 20_000_000),
        ("二十万元", 20_000_000),
        ("三点五万", 3_500_000),
        ("壹拾贰万叁仟元整", 12_300_000),
        ("壹佰零伍萬圓伍角陸分", 105_000_056),
        ("一百二十三万五千", 123_500_000),
        ("二万零三元", 2_000_300),
        ("壹拾万零伍仟元", 10_500_000),
        ("一千零一万元", 1_001_000_000),
        ("￥2,000元", 200_000),
        ("¥3.5万元", 3_500_000),
        ("￥35000", 3_500_000),
    ],
)
def test_read_5_an_amount_is_read_to_the_fen(text: str, fen: int) -> None:
    assert amount(text).money == Money(fen)


def test_read_5_a_remark_behind_the_amount_is_kept_and_its_unit_is_not_the_amount_s() -> None:
    read = amount("10(其中,灾情因素6万元)")
    assert (read.money, read.remark, read.own_unit) == (Money(10_000_000), "其中,灾情因素6万元", False)
    assert amount("7.8（整体）").remark == "整体"
    assert problem("10(其中,灾情因素6万元)", unit=None).rule == "READ-4"


@pytest.mark.parametrize(
    ("text", "fen", "remark"),
    [
        ("38万元，其中中央35万元", 38_000_000, "其中中央35万元"),
        ("38万元;含自筹3万元", 38_000_000, "含自筹3万元"),
        ("445万元为中央财政衔接推进乡村振兴补助资金", 445_000_000, "为中央财政衔接推进乡村振兴补助资金"),
        ("1,000,另有说明", 1_000_000_000, "另有说明"),
    ],
)
def test_read_5_words_behind_a_comma_are_a_remark(text: str, fen: int, remark: str) -> None:
    read = amount(text)
    assert (read.money, read.remark, read.remark_may_add) == (Money(fen), remark, False)


def test_read_5_a_remark_that_names_more_money_is_in_doubt() -> None:
    assert amount("20万元，自筹30万元").remark_may_add
    assert not amount("20万元，含自筹3万元").remark_may_add


def test_read_4_a_unit_in_the_cell_goes_before_that_of_the_column() -> None:
    assert (amount("20元", "万元").unit, amount("20元", "万元").own_unit) == ("元", True)
    assert (amount("20", "万元").unit, amount("20", "万元").own_unit) == ("万元", False)


def test_read_4_an_amount_without_a_unit_is_a_fault() -> None:
    refused = problem("20", unit=None)
    assert refused.rule == "READ-4"
    assert "单位" in refused.fix


@pytest.mark.parametrize("text", ["-5", "-0.5万元", "−5", "－5"])
def test_read_5_a_negative_amount_is_a_fault(text: str) -> None:
    refused = problem(text)
    assert (refused.rule, "不能为负" in refused.fix) == ("READ-5", True)


@pytest.mark.parametrize(
    "text",
    ["约20", "20-30", "10 20", "1,00", "1.2.3", ".5", "5.", "1e3", "二二", "十十万", "万", "百元", "两万三", "一百五", "20美元", "20万元、30万元", "20，30", "20(其中", "20)其中(", "NaN", "Infinity",
     "٣", "区级扶贫资金补助5万元\n按700元/千瓦补助8.4万元", "9" * 60],
)  # fmt: skip
def test_read_5_what_is_no_single_number_is_a_fault(text: str) -> None:
    assert problem(text).rule == "READ-5"


def test_read_5_a_fraction_of_a_fen_is_a_fault_and_a_whole_fen_is_not() -> None:
    assert amount("0.000001").money == Money(1)
    assert "精确到分" in problem("0.0000001").fix
    assert amount("0.01", "元").money == Money(1)
    assert "精确到分" in problem("0.001", "元").fix


def test_read_5_an_amount_beyond_the_integers_of_the_log_is_a_fault() -> None:
    assert amount("90071992547409.91", "元").money == Money(2**53 - 1)
    assert "过大" in problem("90071992547409.92", "元").fix


@pytest.mark.parametrize("text", ["", "  ", "\u3000", "-", "—", "/"])
def test_a_dash_says_nothing(text: str) -> None:
    assert is_blank(text)


def test_a_nought_says_something() -> None:
    assert not is_blank("0")


WHOLE = st.integers(min_value=0, max_value=10**16)
PART = st.text("0123456789", max_size=12)


@settings(deadline=None)
@given(
    whole=WHOLE,
    part=PART,
    unit=st.sampled_from(list(FEN)),
    in_cell=st.booleans(),
    grouped=st.booleans(),
    full_width=st.booleans(),
)
def test_read_5_any_decimal_is_read_exactly_or_is_a_fault(
    whole: int, part: str, unit: Unit, in_cell: bool, grouped: bool, full_width: bool
) -> None:
    text = (f"{whole:,}" if grouped else str(whole)) + (f".{part}" if part else "")
    exact = Fraction(int(f"{whole}{part}"), 10 ** len(part)) * FEN[unit]
    if full_width:
        text = text.translate({ord(one): ord(one) + 0xFEE0 for one in "0123456789.,"})
    read = read_amount(text + (unit if in_cell else ""), None if in_cell else unit)
    if exact.denominator == 1 and exact < 2**53:
        assert isinstance(read, Amount)
        assert read.money.fen == exact
    else:
        assert isinstance(read, Problem)
        assert read.rule == "READ-5"


@settings(deadline=None)
@given(st.text(max_size=30), st.sampled_from([None, *FEN]))
def test_read_5_any_text_is_an_amount_or_a_problem(text: str, unit: Unit | None) -> None:
    read = read_amount(text, unit)
    assert read.money.fen >= 0 if isinstance(read, Amount) else read.fix
