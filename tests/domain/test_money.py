"""MONEY: integer fen, exact or refused."""

from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.errors import InexactAmount
from domain.money import Money, yuan


@pytest.mark.parametrize(
    ("amount", "unit", "fen"),
    [
        ("113.5", "万元", 113_500_000),
        ("0.01", "元", 1),
        ("394.7854", "万元", 394_785_400),
        ("1", "亿元", 10**10),
    ],
)
def test_money_1_a_decimal_is_taken_exactly(amount: str, unit: Any, fen: int) -> None:
    assert Money.from_decimal(Decimal(amount), unit) == Money(fen)


@pytest.mark.parametrize(
    ("amount", "unit"), [("0.001", "元"), ("1.0000001", "万元"), ("NaN", "元"), ("Infinity", "元")]
)
def test_money_1_what_is_not_exact_to_the_fen_is_refused(amount: str, unit: Any) -> None:
    with pytest.raises(InexactAmount):
        Money.from_decimal(Decimal(amount), unit)


@pytest.mark.parametrize("fen", [1.0, True, "1", Decimal(1)])
def test_money_is_made_of_an_integer_only(fen: Any) -> None:
    with pytest.raises(TypeError):
        Money(fen)


@given(st.integers(-(2**53), 2**53), st.sampled_from(["元", "万元", "亿元"]))
def test_money_written_in_a_unit_is_read_back(fen: int, unit: Any) -> None:
    assert Money.from_decimal(Decimal(Money(fen).in_unit(unit)), unit) == Money(fen)


def test_money_adds_and_shows_itself_in_wan() -> None:
    assert Money.total([Money(100), Money(250)]) + Money(-50) - Money(100) == Money(200)
    assert str(Money(113_500_000)) == "113.5万元"
    assert str(-Money(1)) == "-0.000001万元"
    assert sorted([Money(2), Money(1)]) == [Money(1), Money(2)]


@pytest.mark.parametrize(
    ("fen", "text"), [(0, "0.00"), (113_500_000, "1135000.00"), (5, "0.05"), (-105, "-1.05")]
)
def test_yuan_has_two_decimals(fen: int, text: str) -> None:
    assert yuan(fen) == text
