"""CSV bytes to a grid: encoding and delimiter are found (READ-1)."""

import csv
import io
import re
from contextlib import suppress
from itertools import islice
from pathlib import PurePosixPath

from api.exchange.errors import BrokenCsv, UnknownEncoding, WrongKind
from api.exchange.grid import Grid, trouble_of
from api.exchange.limits import Counter

_SAVE_AS = "请在WPS表格中打开，另存为“CSV UTF-8（逗号分隔）”或 .xlsx 后再导入"
# Tab and the line ends are the only control characters of a table.
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")
_DELIMITERS = (",", "\t", ";")
_LOOKED_AT = 50  # rows by which the delimiter is found
# What a careful writer puts before a text that a spreadsheet would take for a formula, ours too (csv_out.py).
_NEUTRAL = re.compile(r"\A'(?='*\s*[=+\-@＝＋－＠])")
_STATED = re.compile(r"sep=([,;\t])\r?\n")


def read_csv(data: bytes, file: str) -> Grid:
    """The grid of a CSV file; its sheet is called as the file, without the ending. Raises `Unreadable`."""
    text = _decode(data, file)
    rows = _parse(text, file, _delimiter(text))
    troubles = {
        (row, column): trouble
        for row, texts in enumerate(rows, start=1)
        for column, text in enumerate(texts, start=1)
        if (trouble := trouble_of(text.strip())) is not None
    }
    return Grid(file=file, sheet=PurePosixPath(file).stem or "CSV", rows=rows, troubles=troubles)


def _decode(data: bytes, file: str) -> str:
    # UTF-8 first: Chinese text in GB18030 is practically never valid UTF-8, while the reverse often decodes.
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            text = data.decode(encoding)
        except UnicodeDecodeError:
            continue
        if found := _CONTROL.search(text):
            raise WrongKind(
                f"文件 {file} 含控制字符 U+{ord(found[0]):04X}，不是文本；{_SAVE_AS}", kind="二进制"
            )
        return text
    raise UnknownEncoding(f"文件 {file} 既不是UTF-8，也不是GB18030编码；{_SAVE_AS}")


def _delimiter(text: str) -> str:
    """The one that parts the most rows into equally many cells; the comma when none does better."""
    if stated := _STATED.match(text):
        return stated[1]

    def evenness(delimiter: str) -> int:
        widths: list[int] = []
        with suppress(csv.Error):
            reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
            widths = [len(row) for row in islice(reader, _LOOKED_AT) if row]
        return max((widths.count(width) for width in set(widths) if width > 1), default=0)

    return max(_DELIMITERS, key=evenness)


def _parse(text: str, file: str, delimiter: str) -> tuple[tuple[str, ...], ...]:
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    rows: list[tuple[str, ...]] = []
    counter = Counter(file)
    try:
        for record in reader:
            counter.add(len(record), len(rows) + 1)
            rows.append(tuple(_NEUTRAL.sub("", text) for text in record))
    except csv.Error:
        raise BrokenCsv(
            f"文件 {file} 第 {reader.line_num} 行附近不合CSV格式，多为引号不成对；{_SAVE_AS}",
            line=reader.line_num,
        ) from None
    if rows and _STATED.match(text):
        rows[0] = ()
    return tuple(rows)
