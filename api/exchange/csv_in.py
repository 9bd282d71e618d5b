"""CSV bytes to a grid: the encoding is found, any other kind of file is refused by its first bytes (READ-1).

The name of the file never decides what it is.
"""

import csv
import io
import re
from pathlib import PurePosixPath, PureWindowsPath

from api.exchange.errors import BrokenCsv, NotCsv, TooLarge, UnknownEncoding
from api.exchange.grid import Grid
from api.exchange.text import one_line

BYTES_MAX = 10_000_000
CELLS_MAX = 1_000_000

_SAVE_AS = "请在WPS表格中打开，另存为“CSV UTF-8（逗号分隔）”后再导入"
# First bytes of what offices send under the name of a table.
_OTHER_KINDS: tuple[tuple[bytes, str], ...] = (
    (b"PK\x03\x04", "Excel工作簿（xlsx）或压缩文件"),
    (b"PK\x05\x06", "空的压缩文件"),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "旧版Excel工作簿（xls）或其他Office文件"),
    (b"%PDF-", "PDF文件"),
    (b"\x1f\x8b", "gzip压缩文件"),
    (b"\xff\xfe", "UTF-16编码的文本"),
    (b"\xfe\xff", "UTF-16编码的文本"),
)
_MARKUP = re.compile(rb"\s*<(?:!doctype|html|table|\?xml|meta|head)\b", re.IGNORECASE)
# Tab and the line ends are the only control characters of a table.
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")
_BOM = b"\xef\xbb\xbf"


def read_csv(data: bytes, name: str) -> Grid:
    """The grid of a CSV file; its sheet is called as the file, without the ending. Raises `Unreadable`."""
    file = _file_name(name)
    if len(data) > BYTES_MAX:
        raise TooLarge(
            f"文件 {file} 有 {len(data)} 字节，超过 {BYTES_MAX} 字节，请分成几个文件", size=len(data)
        )
    _refuse_other_kinds(data, file)
    rows = _parse(_decode(data, file), file)
    return Grid(file=file, sheet=PurePosixPath(file).stem or "CSV", rows=rows)


def _file_name(name: str) -> str:
    """The last part of a path of either kind, without what has no place in a signed value."""
    last = PureWindowsPath(PurePosixPath(name).name).name
    return one_line(_CONTROL.sub("", last))[:100].strip() or "未命名.csv"


def _refuse_other_kinds(data: bytes, file: str) -> None:
    for first, kind in _OTHER_KINDS:
        if data.startswith(first):
            raise NotCsv(f"文件 {file} 是{kind}，目前只读CSV；{_SAVE_AS}", kind=kind)
    if _MARKUP.match(data.removeprefix(_BOM)):
        raise NotCsv(f"文件 {file} 是网页格式的表格，目前只读CSV；{_SAVE_AS}", kind="网页")


def _decode(data: bytes, file: str) -> str:
    # UTF-8 first: Chinese text in GB18030 is practically never valid UTF-8, while the reverse often decodes.
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            text = data.decode(encoding)
        except UnicodeDecodeError:
            continue
        if found := _CONTROL.search(text):
            raise NotCsv(f"文件 {file} 含控制字符 U+{ord(found[0]):04X}，不是文本；{_SAVE_AS}", kind="二进制")
        return text
    raise UnknownEncoding(f"文件 {file} 既不是UTF-8，也不是GB18030编码；{_SAVE_AS}")


def _parse(text: str, file: str) -> tuple[tuple[str, ...], ...]:
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    rows: list[tuple[str, ...]] = []
    cells = 0
    try:
        for record in reader:
            cells += len(record)
            if cells > CELLS_MAX:
                raise TooLarge(f"文件 {file} 超过 {CELLS_MAX} 格，请分成几个文件", cells=cells)
            rows.append(tuple(record))
    except csv.Error as error:
        raise BrokenCsv(
            f"文件 {file} 第 {reader.line_num} 行附近不合CSV格式（{error}），多为引号不成对；{_SAVE_AS}",
            line=reader.line_num,
        ) from None
    return tuple(rows)
