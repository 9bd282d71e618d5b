"""Numbers in Chinese numerals (汉字数字), small and formal: 二十, 一百零五, 壹拾贰万叁仟元整, 三点五万."""

import re

_PLAIN = str.maketrans("壹贰叁肆伍陆柒捌玖拾佰仟两〇○", "一二三四五六七八九十百千二零零")
_DIGIT = "[一二三四五六七八九]"
_VALUES = {digit: value for value, digit in enumerate("零一二三四五六七八九")}
_SECTION = rf"(零)?(?:({_DIGIT})千)?(零)?(?:({_DIGIT})百)?(零)?(?:({_DIGIT})?(十))?(零)?({_DIGIT})?"
_WHOLE = re.compile(r"(?:(?P<high>[^亿万]+)亿)?(?:(?P<middle>[^亿万]+)万)?(?P<low>[^亿万]*)\Z")
_SECTION_WHOLE = re.compile(_SECTION + r"\Z")
_MONEY = re.compile(
    r"(?:人民币)?(?P<number>[零一二三四五六七八九十百千万亿点]+)(?P<unit>元)?"
    rf"(?:(?P<tenths>{_DIGIT})角)?零?(?:(?P<cents>{_DIGIT})分)?[整正]?\Z"
)


def arabic(text: str) -> str | None:
    """ "二十万元" as "20万元", "壹拾贰万叁仟元伍角" as "123000.5元"; None for what is no such number. Text is folded."""
    found = _MONEY.match(text.translate(_PLAIN))
    if found is None:
        return None
    words, unit = found["number"], found["unit"] or ""
    small = f"{_VALUES[found['tenths'] or '零']}{_VALUES[found['cents'] or '零']}"
    if small != "00" and not unit:
        return None
    large = words[-1] if words[-1] in "万亿" and not set(words[:-1]) & {"万", "亿"} and small == "00" else ""
    whole, point, part = words.removesuffix(large).partition("点")
    number = _number(whole)
    if number is None or (point and (not part or not set(part) <= set(_VALUES))):
        return None
    if large:
        decimals = "." + "".join(str(_VALUES[one]) for one in part) if point else ""
        return f"{number}{decimals}{large}{unit}"
    if point:
        return f"{number}." + "".join(str(_VALUES[one]) for one in part) + unit
    if set(whole) & {"万", "亿"}:
        unit = "元"  # written out to the last place, it counts 元 whatever the column counts
    return f"{number}" + (f".{small}" if small != "00" else "") + unit


def _number(words: str) -> int | None:
    """ "一百二十三万五千": 1235000. Short forms of speech (两万三, 一百五) are left alone: they mean other numbers."""
    parts = _WHOLE.match(words)
    if not words or parts is None:
        return None
    total = 0
    for name, factor in (("high", 10**8), ("middle", 10**4), ("low", 1)):
        if part := parts[name]:
            section = _section(part, whole=total == 0)
            if section is None:
                return None
            total += section * factor
    return total


def _section(words: str, *, whole: bool) -> int | None:
    """A number below ten thousand; where something stands before it, a gap is spoken as 零."""
    if words == "零":
        return 0
    found = _SECTION_WHOLE.match(words)
    if found is None:
        return None
    lead, thousands, first, hundreds, second, tens, ten, third, ones = found.groups()
    gaps = (
        (not whole and not thousands and not lead and words != "" and not first),
        (thousands and not hundreds and (ten or ones) and not first),
        (hundreds and not ten and ones and not (second or third)),
        (thousands and not hundreds and not ten and ones and not (first or second or third)),
    )
    if any(gaps):
        return None
    value = _VALUES[thousands or "零"] * 1000 + _VALUES[hundreds or "零"] * 100 + _VALUES[ones or "零"]
    return value + (_VALUES[tens or "一"] * 10 if ten else 0)
