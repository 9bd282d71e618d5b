"""Text as it is compared: full width and traditional forms folded. What is recorded stays as read."""

import re
import unicodedata

# The traditional characters of our own tables (headings, units, words of scope), pair by pair: no library guesses.
_PAIRS = (
    "萬万 億亿 圓元 鄉乡 鎮镇 縣县 區区 資资 項项 稱称 設设 點点 實实 規规 內内 類类 別别 號号 編编 責责 單单 業业 "
    "營营 體体 門门 額额 總总 計计 備备 註注 補补 來来 東东 協协 財财 幫帮 產产 經经 與与 時时 間间 發发 範范 圍围 "
    "籌筹 統统 銜衔 貧贫 興兴 農农 對对 說说 聯联 係系 電电 話话 屬属 運运 貼贴 貸贷 務务 訓训 勞劳 劃划"
)
_TRADITIONAL = {ord(pair[0]): pair[1] for pair in _PAIRS.split()}
_SPACE = re.compile(r"\s+")
# Zero-width characters come along when a table is copied from a web page.
_INVISIBLE = re.compile("[\u200b\u200c\u200d\u2060\ufeff]")


def folded(text: str) -> str:
    """NFKC, without any space, in simplified characters where the table knows them."""
    return _SPACE.sub("", unicodedata.normalize("NFKC", _INVISIBLE.sub("", text))).translate(_TRADITIONAL)


def one_line(text: str) -> str:
    """As read, but NFC and on one line: line breaks inside of a cell are layout, not content."""
    return _SPACE.sub(" ", unicodedata.normalize("NFC", _INVISIBLE.sub("", text))).strip()
