"""Single cells that are no amounts: a year (建设年度), a yes or no, the name of an organisation."""

import re

from api.exchange.rules import Problem
from api.exchange.text import folded

_DIGITS = str.maketrans("〇零一二三四五六七八九", "00123456789")
_YEAR_CELL = re.compile(r"((?:19|20)[0-9]{2})(?:\.0+)?(?:年度?)?\Z")
_YEAR_IN_TEXT = re.compile(r"(?<![0-9])((?:19|20)[0-9]{2})年")
_SPAN = re.compile(r"[0-9]{4}年?(?:[-—–~至到、])+[0-9]{4}年")
_YEAR_MIN = 1949

_ORGANISATION_MIN = 4
_YES = frozenset(["是", "有", "√", "✓", "✔", "1", "Y", "y"])
_NO = frozenset(["否", "无", "×", "✗", "✘", "0", "N", "n"])

# How names of organisations end; a name without such an end may be a person's and is not taken (READ-14).
_ORGANISATION = re.compile(
    r"(公司|集团|合作社|联合社|合作总社|经济社|集体经济组织|合作经济联合社|联合会|协会|基金会|农场|林场|牧场|渔场|养殖场|猪场|"
    r"厂|企业|基地|园区|村委会|村民委员会|居委会|居民委员会|村|社区|村民小组|政府|街道|街道办|办事处|管委会|委员会|中心|局|"
    r"部|办公室|金融办|站|院|学校|乡|镇)(\((?:普通|有限|特殊普通)合伙\))?\Z"
)


def read_year(text: str) -> int | Problem:
    """ "2019", "2019年", "2019.0" (a number cell) and "二〇一九年" are a year; a span of years is not one."""
    found = _YEAR_CELL.match(folded(text).translate(_DIGITS))
    if found is None or int(found[1]) < _YEAR_MIN:
        return Problem("READ-6", "请填一个年份，如 2019；跨年度的分行填写")
    return int(found[1])


def year_in(text: str) -> int | None:
    """The only year that a name or title speaks of ("…2018年度…"); None for none, several, or a span."""
    plain = folded(text)
    years = {int(year) for year in _YEAR_IN_TEXT.findall(plain)}
    return years.pop() if len(years) == 1 and not _SPAN.search(plain) else None


def read_yes_no(text: str) -> bool | Problem:
    plain = folded(text)
    if plain in _YES:
        return True
    if plain in _NO:
        return False
    return Problem("READ-7", "请填“是”或“否”；不清楚的留空")


def is_organisation(text: str) -> bool:
    """Whether a name is no natural person's: it ends as bodies do, and is longer than persons' names."""
    plain = folded(text)
    return len(plain) >= _ORGANISATION_MIN and _ORGANISATION.search(plain) is not None
