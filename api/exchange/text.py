"""Text as it is compared: full width and traditional forms folded. What is shown and recorded stays as read."""

import re
import unicodedata

# The traditional characters of headings, units and place kinds, one by one: no conversion library guesses here.
_TRADITIONAL = str.maketrans(
    "萬億圓鄉鎮縣區資項稱設點實規內類別號編責單業營體門額總計備註註補來東協財幫產經與時間發範圍",
    "万亿元乡镇县区资项称设点实规内类别号编责单业营体门额总计备注注补来东协财帮产经与时间发范围",
)
_SPACE = re.compile(r"\s+")


def folded(text: str) -> str:
    """NFKC, without any space, in simplified characters where the table knows them."""
    return _SPACE.sub("", unicodedata.normalize("NFKC", text)).translate(_TRADITIONAL)


def one_line(text: str) -> str:
    """As read, but NFC and on one line: line breaks inside of a cell are layout, not content."""
    return _SPACE.sub(" ", unicodedata.normalize("NFC", text)).strip()
