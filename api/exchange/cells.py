"""Single cells that are no amounts: a year (建设年度), a day (日期), a yes or no, a choice, the name of an organisation."""

import re
from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from api.exchange.amounts import read_amount
from api.exchange.displayed import day_text
from api.exchange.numerals import arabic
from api.exchange.rules import Problem
from api.exchange.text import folded, one_line
from domain.money import Unit
from domain.party import names_body

_DIGITS = str.maketrans("〇○零一二三四五六七八九", "000123456789")  # ○ is what keyboards give for 〇
_YEAR_CELL = re.compile(r"((?:19|20)[0-9]{2})(?:\.0+)?(?:年度?)?\Z")
# A day or month says its year: 2021/3, 2021年3月, 2021-03-05.
_YEAR_OF_DAY = re.compile(
    r"((?:19|20)[0-9]{2})(?:[-/](?:0?[1-9]|1[0-2])(?:[-/][0-9]{1,2})?|\.[0-9]{1,2}\.[0-9]{1,2}|年(?:0?[1-9]|1[0-2])月(?:[0-9]{1,2}日)?)\Z"
)
_DAY = re.compile(
    r"([0-9]{4})(?:[-/.]([0-9]{1,2})[-/.]([0-9]{1,2})|年([0-9]{1,2})月([0-9]{1,2})日)(?:00:00:00)?\Z"
)
_DAY_OF_NUMERALS = re.compile(
    r"([〇○零一二三四五六七八九]{4})年([一二三四五六七八九十]{1,2})月([一二三四五六七八九十]{1,3})日\Z"
)
_COMPACT_DAY = re.compile(r"((?:19|20)[0-9]{2})([0-9]{2})([0-9]{2})\Z")
_SERIAL = re.compile(r"[1-9][0-9]{4}\Z")
_YEAR_IN_TEXT = re.compile(r"(?<![0-9])((?:19|20)[0-9]{2})年")
_SPAN = re.compile(r"[0-9]{4}年?(?:[-—–~至到、])+[0-9]{4}年")
_YEAR_MIN = 1949
_PARTING = re.compile("[；;]")
_LISTED_MAX, _LISTED_LENGTH = 40, 200

_ORGANISATION_MIN = 4
_YES = frozenset(["是", "有", "√", "✓", "✔", "1", "Y", "y"])
_NO = frozenset(["否", "无", "×", "✗", "✘", "0", "N", "n"])

# How names of organisations end; a name without such an end may be a person's and is not taken (READ-14).
_ORGANISATION = re.compile(
    r"(公司|集团|合作社|联合社|合作总社|经济社|集体经济组织|合作经济联合社|联合会|协会|基金会|农场|林场|牧场|渔场|养殖场|猪场|"
    r"厂|企业|基地|园区|村委会|村民委员会|居委会|居民委员会|村|社区|村民小组|政府|街道|街道办|办事处|管委会|委员会|中心|局|"
    r"部|银行|支行|分行|农商行|信用社|信用联社|办公室|金融办|站|院|学校|乡|镇)(\((?:普通|有限|特殊普通)合伙\))?\Z"
)


def read_year(text: str) -> int | Problem:
    """ "2019", "2019年", "2019.0" (a number cell) and "二〇一九年" are a year; a span of years is not one."""
    plain = folded(text)
    found = _YEAR_CELL.match(plain.translate(_DIGITS)) or _YEAR_OF_DAY.match(plain)
    if found is None or int(found[1]) < _YEAR_MIN:
        return Problem("READ-6", "请填一个年份，如 2019；跨年度的分行填写")
    return int(found[1])


def year_in(text: str) -> int | None:
    """The only year that a name or title speaks of ("…2018年度…"); None for none, several, or a span."""
    plain = folded(text)
    years = {int(year) for year in _YEAR_IN_TEXT.findall(plain)}
    return years.pop() if len(years) == 1 and not _SPAN.search(plain) else None


def read_day(text: str) -> str | Problem:
    """A day as YYYY-MM-DD: 2024/3/1, 2024.3.1, 2024年3月1日, 二〇二四年三月一日, 20240301, and a serial date (45352)."""
    plain = folded(text)
    if written := _DAY_OF_NUMERALS.match(plain):
        year, month, day = written[1].translate(_DIGITS), arabic(written[2]), arabic(written[3])
        plain = f"{year}年{month}月{day}日"
    if _SERIAL.match(plain):
        return day_text(Decimal(plain))
    found = _DAY.match(plain) or _COMPACT_DAY.match(plain)
    if found is not None:
        year, month, day = (one for one in found.groups() if one)
        try:
            return date(int(year), int(month), int(day)).isoformat()
        except ValueError:
            return Problem("READ-18", "没有这一天，请核对，如 2024-03-01")
    return Problem("READ-18", "请填到日的日期，如 2024-03-01")


def read_choice(text: str, choices: Mapping[str, str], labels: Sequence[str] = ()) -> str | Problem:
    """The value of one of the labels; `labels` are those that are told."""
    plain = folded(text)
    for label, value in choices.items():
        if plain in (folded(label), folded(label).removesuffix("类"), value):
            return value
    return Problem("READ-19", f"只能填{'、'.join(labels or choices)}之一")


def read_number(text: str) -> str | Problem:
    """A quantity as a decimal, never negative, without a unit behind it."""
    plain = folded(text).replace(",", "")
    plain = arabic(plain) or plain
    if re.fullmatch(r"[0-9]{1,12}(?:\.[0-9]{1,6})?", plain):
        return plain
    return Problem("READ-20", "请只填一个数，如 20 或 20.5；单位写在栏目名里")


def read_yes_no(text: str) -> bool | Problem:
    plain = folded(text)
    if plain in _YES:
        return True
    if plain in _NO:
        return False
    return Problem("READ-7", "请填“是”或“否”；不清楚的留空")


def read_list(text: str) -> list[str] | Problem:
    """Texts parted by ；, as the papers of an opening are."""
    found = [one_line(part) for part in _PARTING.split(text) if part.strip()]
    if len(found) > _LISTED_MAX or any(len(part) > _LISTED_LENGTH for part in found):
        return Problem("READ-8", f"至多{_LISTED_MAX}项，每项不超过{_LISTED_LENGTH}字，各项以；分开")
    return found


def read_instalments(text: str, unit: Unit | None) -> list[list[Any]] | Problem:
    """[day, fen] of each: "2026-03-01 1.5；2027-03-01 1.5", the amounts in the unit of their heading."""
    found: list[list[Any]] = []
    for part in _PARTING.split(text):
        day, _, figure = part.strip().partition(" ")
        due, amount = read_day(day), read_amount(figure, unit)
        if isinstance(due, Problem) or isinstance(amount, Problem):
            return Problem("READ-25", "各期写作“日期 金额”，以；分开，如 2026-03-01 1.5；2027-03-01 1.5")
        found.append([due, amount.money.fen])
    return found


def is_organisation(text: str, *, ours: bool = False) -> bool:
    """Whether a name is no natural person's: it ends as bodies do, and is longer than persons' names.

    `ours`: a row that the ledger gave out; what it takes for a body (PROJ-6) is one.
    """
    plain = folded(text)
    if ours:
        return names_body(text)
    return len(plain) >= _ORGANISATION_MIN and _ORGANISATION.search(plain) is not None and names_body(plain)
