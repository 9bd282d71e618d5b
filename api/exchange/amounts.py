"""Amounts (金额) as clerks write them: exact to the fen, or a problem. Nothing is rounded, no float is made."""

import re
import unicodedata
from dataclasses import dataclass
from decimal import Decimal

from api.exchange.numerals import arabic
from api.exchange.rules import Problem
from api.exchange.text import folded
from domain.errors import InexactAmount
from domain.money import Money, Unit
from domain.values import INTEGER_MAX

_UNITS: dict[str, Unit] = {"元": "元", "万元": "万元", "万": "万元", "亿元": "亿元", "亿": "亿元"}
# Commas only where they part thousands. No space inside of the digits: "10 20" is two numbers, not 1020.
_AMOUNT = re.compile(
    r"(?P<sign>[+\-\u2212]?)(?P<yuan>¥?)"
    r"(?P<number>(?:[0-9]{1,3}(?:,[0-9]{3})+|[0-9]+)(?:\.[0-9]+)?)"
    r"(?P<unit>[万亿]?元|[万亿])?\Z"
)
_BRACKET = re.compile(r"[(（]")
_CLOSED = re.compile(r"[)）]\s*\Z")
# "38万元，其中中央35万元", "445万元为中央补助资金": words behind the amount, never another number.
_PARTING = ",，;；。"
_BEING = "为系"
_INCLUDED = re.compile(r"其中|含|包括|^[为系]")
_MONEY_IN_TEXT = re.compile(r"[0-9]\s*(?:万|亿)?元")
_LENGTH_MAX = 40
_BLANK = frozenset({"", "-", "--", "—", "——", "/", "\\", "无"})


@dataclass(frozen=True, slots=True)
class Amount:
    """An amount as read: the money, the unit it was written in, and the remark that stood behind it."""

    money: Money
    unit: Unit
    own_unit: bool  # the unit stood in the cell itself
    remark: str

    @property
    def remark_may_add(self) -> bool:
        """Whether the remark names money and does not say that it is a part of the amount."""
        plain = folded(self.remark)
        return bool(_MONEY_IN_TEXT.search(plain)) and not _INCLUDED.search(plain)


def is_blank(text: str) -> bool:
    """Whether a money cell says nothing: empty, or a dash."""
    return folded(text) in _BLANK


def read_amount(text: str, unit: Unit | None) -> Amount | Problem:
    """The amount of a cell whose column has a unit, or none. "10(其中,灾情因素6万元)" is 10 with a remark."""
    figure, remark = _without_remark(text)
    inside = _UNITS.get(folded(remark))
    if inside:
        remark = ""
    # The ends are trimmed and the unit may stand apart, but the digits must stand together.
    figure = re.sub(r"\s+(?=[万萬亿億元圓])", "", figure.strip())
    # A footnote mark (¹ ② ½) would fold into a digit of the amount.
    if re.search(r"\s", figure) or any(unicodedata.category(one) in {"No", "Nl"} for one in figure):
        return _unreadable()
    if len(figure) > _LENGTH_MAX:
        return _unreadable()
    plain = folded(figure)
    found = _AMOUNT.match(arabic(plain) or plain)
    if found is None:
        return _unreadable()
    if found["sign"] in {"-", "\u2212"}:
        return Problem("READ-5", "金额不能为负；退回、核减请另作说明，此处填实际金额")
    own = _UNITS[found["unit"]] if found["unit"] else inside or ("元" if found["yuan"] else None)
    chosen = own or unit
    if chosen is None:
        return Problem("READ-4", "请在栏目名写明单位，如“资金金额(万元)”，或在格内写“20万元”")
    try:
        money = Money.from_decimal(Decimal(found["number"].replace(",", "")), chosen)
    except InexactAmount:
        return Problem("READ-5", f"按{chosen}计不能精确到分，请核对小数位和单位")
    if money.fen > INTEGER_MAX:
        return Problem("READ-5", "金额过大，请核对单位")
    return Amount(money=money, unit=chosen, own_unit=own is not None, remark=remark)


def _unreadable() -> Problem:
    return Problem("READ-5", "请只填一个数，如 20 或 20.5；附注写在其后的括号内")


def _without_remark(text: str) -> tuple[str, str]:
    """The part before the first bracket or comma, and what stands in the bracket that ends the cell, or behind the comma."""
    opened = _BRACKET.search(text)
    closed = _CLOSED.search(text)
    if opened is not None and closed is not None and closed.start() >= opened.end():
        return text[: opened.start()], text[opened.end() : closed.start()].strip()
    return (text, "") if opened is not None else _without_words(text)


def _without_words(text: str) -> tuple[str, str]:
    """The part before the first comma or 为 that a word follows, and those words."""
    for at, letter in enumerate(text[: _LENGTH_MAX + 1]):
        if letter not in _PARTING and letter not in _BEING:
            continue
        words = text[at:].lstrip(_PARTING).strip()
        if words[:1].isalpha():
            return text[:at], words
    return text, ""
