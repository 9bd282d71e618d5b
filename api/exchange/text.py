"""Text as it is compared: full width and traditional forms folded. What is recorded stays as read."""

import re
import unicodedata
from functools import lru_cache
from importlib.resources import files

# The characters of old amounts have one form in ours: 圓 and 圆 are 元.
_OURS = "圓元 圆元"


def _pairs() -> dict[int, str]:
    """The table is data of ours, not of a library: the identity of a row must never change with a version."""
    lines = (files("api") / "data" / "text" / "traditional.txt").read_text(encoding="utf-8").splitlines()
    pairs = [pair for line in (*lines, _OURS) if not line.startswith("#") for pair in line.split()]
    return {ord(pair[0]): pair[1] for pair in pairs}


_TRADITIONAL = _pairs()
_SPACE = re.compile(r"\s+")
# Zero-width characters come along when a table is copied from a web page.
_INVISIBLE = re.compile("[\u200b\u200c\u200d\u2060\ufeff]")


@lru_cache(maxsize=65_536)
def folded(text: str) -> str:
    """NFKC, without any space, in simplified characters."""
    return _SPACE.sub("", unicodedata.normalize("NFKC", _INVISIBLE.sub("", text))).translate(_TRADITIONAL)


def one_line(text: str) -> str:
    """As read, but NFC and on one line: line breaks inside of a cell are layout, not content."""
    return _SPACE.sub(" ", unicodedata.normalize("NFC", _INVISIBLE.sub("", text))).strip()
