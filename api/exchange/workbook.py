"""Any file to its sheets: what it is, its first bytes say, never its name (READ-1)."""

import re
from pathlib import PurePosixPath, PureWindowsPath

from api.exchange.csv_in import read_csv
from api.exchange.errors import Damaged, Empty, TooLarge, WrongKind
from api.exchange.grid import Workbook
from api.exchange.limits import BYTES_MAX
from api.exchange.ods_in import read_ods
from api.exchange.packed import Package
from api.exchange.text import one_line
from api.exchange.xls_in import read_xls
from api.exchange.xlsx_in import read_xlsx

_ADVICE = "请在WPS表格中打开，另存为 .xlsx 后再导入"
_ZIP = (b"PK\x03\x04", b"PK\x05\x06")
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
# First bytes of what offices send under the name of a table.
_OTHER_KINDS: tuple[tuple[bytes, str], ...] = (
    (b"%PDF-", "PDF文件"),
    (b"\x1f\x8b", "gzip压缩文件"),
    (b"Rar!", "rar压缩文件"),
    (b"7z\xbc\xaf\x27\x1c", "7z压缩文件"),
    (b"\x89PNG", "图片"),
    (b"\xff\xd8\xff", "图片"),
    (b"\xff\xfe", "UTF-16编码的文本"),
    (b"\xfe\xff", "UTF-16编码的文本"),
)
_MARKUP = re.compile(rb"\s*<(?:!doctype|html|table|\?xml|meta|head)\b", re.IGNORECASE)
_BOM = b"\xef\xbb\xbf"
_CONTROL = re.compile(r"[\x00-\x1f\x7f]")


def read_workbook(data: bytes, name: str) -> Workbook:
    """The sheets of an .xlsx, .xls, .ods or .csv file, whatever it is called. Raises `Unreadable`."""
    file = file_name(name)
    if len(data) > BYTES_MAX:
        raise TooLarge(f"文件 {file} 超过 {BYTES_MAX} 字节，请分成几个文件", size=len(data))
    if not data.removeprefix(_BOM).strip():
        raise Empty(f"文件 {file} 是空的，没有内容可导入")
    if data.startswith(_ZIP):
        found = _packed(data, file)
    elif data.startswith(_OLE):
        found = read_xls(data, file)
    else:
        _refuse_other_kinds(data, file)
        found = Workbook(file, (read_csv(data, file),))
    if not any(sheet.rows for sheet in found.sheets):
        raise Empty(f"文件 {file} 的工作表都是空的，没有内容可导入")
    return found


def file_name(name: str) -> str:
    """The last part of a path of either kind, without what has no place in a signed value."""
    last = PureWindowsPath(PurePosixPath(name).name).name
    return one_line(_CONTROL.sub("", last))[:100].strip() or "未命名.csv"


def _packed(data: bytes, file: str) -> Workbook:
    package = Package(data, file)
    if package.has("content.xml"):
        return read_ods(package)
    if any(name.startswith("word/") for name in package.names):
        raise WrongKind(f"文件 {file} 是Word文件，请把表格复制到工作簿，{_ADVICE}", kind="docx")
    if any(name.startswith("ppt/") for name in package.names):
        raise WrongKind(f"文件 {file} 是演示文稿，不是工作簿；{_ADVICE}", kind="pptx")
    if package.has("[Content_Types].xml") and any(name.startswith("xl/") for name in package.names):
        return read_xlsx(package)
    if not package.names:
        raise Damaged(f"文件 {file} 是空的压缩文件；{_ADVICE}", cause="empty")
    raise WrongKind(f"文件 {file} 是压缩文件，不是工作簿；请解压后导入其中的表格", kind="zip")


def _refuse_other_kinds(data: bytes, file: str) -> None:
    for first, kind in _OTHER_KINDS:
        if data.startswith(first):
            raise WrongKind(f"文件 {file} 是{kind}，不是工作簿；{_ADVICE}", kind=kind)
    if _MARKUP.match(data.removeprefix(_BOM)):
        raise WrongKind(f"文件 {file} 是网页格式的表格，不是工作簿；{_ADVICE}", kind="网页")
