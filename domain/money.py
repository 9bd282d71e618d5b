"""Money (金额): integer fen (分), exact. 万元 exists at the edge only; no float gets in, nothing is rounded."""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from typing import Literal, Self

from domain.errors import InexactAmount

Unit = Literal["元", "万元", "亿元"]
_FEN: dict[str, int] = {"元": 100, "万元": 1_000_000, "亿元": 10_000_000_000}
_DECIMALS: dict[str, int] = {unit: len(str(fen)) - 1 for unit, fen in _FEN.items()}


@dataclass(frozen=True, slots=True, order=True)
class Money:
    """An amount in fen."""

    fen: int

    def __post_init__(self) -> None:
        if type(self.fen) is not int:
            raise TypeError(f"fen is an int, not {type(self.fen).__name__}")

    @classmethod
    def from_decimal(cls, amount: Decimal, unit: Unit) -> Self:
        """The exact amount. Refuses what has a fraction of a fen, and what is no finite number."""
        if not amount.is_finite():
            raise InexactAmount(f"金额 {amount} 不是有限的数")
        numerator, denominator = amount.as_integer_ratio()
        fen, rest = divmod(numerator * _FEN[unit], denominator)
        if rest:
            raise InexactAmount(
                f"金额 {amount}{unit} 不能精确到分，请按原件核对小数位", amount=str(amount), unit=unit
            )
        return cls(fen)

    @classmethod
    def total(cls, amounts: Iterable[Self]) -> Self:
        return cls(sum(one.fen for one in amounts))

    def __add__(self, other: "Money") -> "Money":
        return Money(self.fen + other.fen)

    def __sub__(self, other: "Money") -> "Money":
        return Money(self.fen - other.fen)

    def __neg__(self) -> "Money":
        return Money(-self.fen)

    def in_unit(self, unit: Unit) -> str:
        """The shortest exact decimal in a unit: 1135000 00 fen is "113.5" in 万元."""
        sign = "-" if self.fen < 0 else ""
        whole, part = divmod(abs(self.fen), _FEN[unit])
        digits = str(part).zfill(_DECIMALS[unit]).rstrip("0") if part else ""
        return f"{sign}{whole}.{digits}" if digits else f"{sign}{whole}"

    def __str__(self) -> str:
        return f"{self.in_unit('万元')}万元"


def in_words(fen: int | None) -> str:
    """An amount that may be unknown."""
    return "不详" if fen is None else str(Money(fen))


def yuan(fen: int) -> str:
    """An amount in 元 with two decimals, as the summary of a batch states it (FORMAT 5.3)."""
    sign = "-" if fen < 0 else ""
    whole, part = divmod(abs(fen), 100)
    return f"{sign}{whole}.{part:02d}"
