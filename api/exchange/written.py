"""How what holds of a subject stands in a cell of the export."""

import re
from collections.abc import Iterable, Mapping
from decimal import Decimal

_QUANTITY = re.compile(r"(?P<number>[0-9]{1,12}(?:\.[0-9]{1,6})?)?(?P<measure>.*)\Z")


def plain(number: Decimal) -> str:
    """Without noughts at the end, and without an exponent."""
    return f"{number.normalize():f}"


def in_wan(fen: int | None) -> Decimal | None:
    """Fen in 万元, without noughts at the end."""
    return None if fen is None else Decimal(plain(Decimal(fen) / 1_000_000))


def yes_no(value: bool | None) -> str | None:
    return {True: "是", False: "否", None: None}[value]


def label_of(labels: Mapping[str, str], value: str) -> str:
    """The first label of a value; nothing for what nobody knows."""
    return next((label for label, one in labels.items() if one == value), "")


def listed(texts: Iterable[str]) -> str:
    return "；".join(texts)


def parted(quantity: str) -> tuple[str, str]:
    """A quantity as its number and what it counts: "1座"; what begins with no number is all of it the latter."""
    found = _QUANTITY.match(quantity)
    return ("", quantity) if found is None else (found["number"] or "", found["measure"])
