"""What the number in a cell displays, from its value and its number format (数字格式), as text that can be read again."""

import re
from datetime import datetime, timedelta
from decimal import Decimal, InvalidOperation
from functools import lru_cache

from api.exchange.grid import Trouble

# Numbers have 15 digits in a sheet; a whole number with more has lost its last ones.
_DIGITS = 15
_LOST_FROM = Decimal(10) ** _DIGITS
_DATE_IDS = frozenset({*range(14, 23), *range(27, 37), *range(45, 48), *range(50, 59)})
_LITERAL = re.compile(r'"[^"]*"|\\.|\[[^\]]*\]|_.|\*.')
_DATE_WORDS = re.compile(r"[ymdhs]", re.IGNORECASE)
_PIECE = re.compile(r'"[^"]*"|\\.|_.|\*.|\[[^\]]*\]|.')
_UNIT = re.compile(r"\A(?:(万元|亿元|元)|(万|亿))\Z")
# "0!.0,": a point is printed where none is, and a thousand is divided away. The number itself is in 元.
_SCALED = re.compile(r"[0#?],+(?![0#?,])|!\.|\\\.")
_SHOWN = re.compile(r"(-?[0-9]+(?:\.[0-9]+)?)(万元|亿元|元)\Z")
_ZEROS = re.compile(r"0{2,60}\Z")
_EPOCH = datetime(1899, 12, 30)  # noqa: DTZ001 - a sheet has no time zone
_EPOCH_1904 = datetime(1904, 1, 1)  # noqa: DTZ001
_SERIAL_MAX = 2_958_465  # 9999-12-31


@lru_cache(maxsize=1_024)
def is_date_format(identity: int, code: str) -> bool:
    """Whether numbers in this format are days or times."""
    return identity in _DATE_IDS or (
        bool(code) and bool(_DATE_WORDS.search(_LITERAL.sub("", code.partition(";")[0])))
    )


def day_text(serial: Decimal, *, since_1904: bool = False) -> str:
    """A serial date as 2024-03-01, with the time of day when it has one; the number itself when it is no day."""
    if not 0 <= serial <= _SERIAL_MAX:
        return format(serial, "f")
    found = (_EPOCH_1904 if since_1904 else _EPOCH) + timedelta(seconds=round(float(serial) * 86_400))
    return found.date().isoformat() if serial == serial.to_integral_value() else found.isoformat(" ")


def number_text(
    written: str, identity: int = 0, code: str = "", *, since_1904: bool = False
) -> tuple[str, Trouble | None]:
    """The text of a number, and whether its digits are lost. Raises ValueError for what is no number."""
    try:
        number = Decimal(written)
    except InvalidOperation:
        raise ValueError(written) from None
    if not number.is_finite() or abs(number) > Decimal("1e300"):
        raise ValueError(written)
    if is_date_format(identity, code):
        return day_text(number, since_1904=since_1904), None
    if abs(number) >= _LOST_FROM:
        return format(number.to_integral_value(), "f"), "digits"
    if len(number.as_tuple().digits) > _DIGITS:
        # What a sheet shows of a sum of fractions: 0.1+0.2 is 0.3.
        number = Decimal(format(float(number), f".{_DIGITS}g"))
    text = format(number, "f")
    if "." in text:
        text = text.rstrip("0").rstrip(".")
    text = "0" if text in ("", "-0") else text
    if code and _ZEROS.match(code) and text.isdigit():
        return text.zfill(len(code)), None  # 000123
    unit, is_scaled = _printed_unit(code)
    return (_scaled(number, unit) if is_scaled else text + unit), None


@lru_cache(maxsize=1_024)
def _printed_unit(code: str) -> tuple[str, bool]:
    """The unit of money that a format prints behind its numbers, and whether it first divides them by the unit."""
    first = code.partition(";")[0]
    if "元" not in first and "万" not in first and "亿" not in first:
        return "", False
    printed = _behind_digits(first)
    found = _UNIT.search(printed)
    if found is None:
        return printed, False  # 美元: seen, and then refused as an amount
    digits = re.sub(r'"[^"]*"', "", first)
    return found[1] or f"{found[2]}元", bool(_SCALED.search(digits))


def _behind_digits(code: str) -> str:
    """The words that a format prints behind the last digit, quoted, escaped or plain."""
    pieces = _PIECE.findall(code)
    last = max((at for at, piece in enumerate(pieces) if piece in "0#?"), default=-1)
    said = [piece for piece in pieces[last + 1 :] if piece[0] not in "[_*,.%!"]
    return "".join(
        piece.strip('"') if piece[0] == '"' else piece.removeprefix("\\") for piece in said
    ).strip()


_FACTORS = {"元": 0, "万元": 4, "亿元": 8}


def _scaled(number: Decimal, unit: str) -> str:
    return format(number.scaleb(-_FACTORS[unit]).normalize(), "f") + unit


def with_shown_unit(text: str, shown: str) -> str:
    """The number of a cell with the unit that stands behind what it shows; what it shows, when that is another number."""
    if not shown.endswith("元"):
        return text
    found = _SHOWN.match(shown.replace(",", ""))
    if found is None:
        return shown
    number, seen, unit = Decimal(text), Decimal(found[1]), found[2]
    last_place = Decimal(1).scaleb(int(seen.as_tuple().exponent))
    if abs(number - seen) * 2 <= last_place:
        return text + unit
    divided = number.scaleb(-_FACTORS[unit])
    return _scaled(number, unit) if abs(divided - seen) * 2 <= last_place else shown
