"""Packed files (ZIP) with XML parts, as .xlsx and .ods are, read within limits and without trusting them.

Nothing is written to disk; no document type, entity or external reference is followed (defusedxml).
"""

import io
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from functools import lru_cache
from xml.etree.ElementTree import Element, ParseError

from defusedxml import DefusedXmlException
from defusedxml.ElementTree import iterparse

from api.exchange.errors import Damaged, Encrypted, TooLarge
from api.exchange.limits import PART_MAX, PARTS_MAX, UNPACKED_MAX

_ENCRYPTED_FLAG = 0x1
# The others take memory that no limit of ours counts (ECMA-376-2, ISO/IEC 26300-3).
_PACKED_BY = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
_REPAIR = "请在WPS或Excel中打开，确认内容后另存为新的 .xlsx 再导入"


@lru_cache(maxsize=1_024)
def local(tag: str) -> str:
    """The name of an element or attribute without its namespace: strict and transitional files differ only there."""
    return tag.rpartition("}")[2]


def attribute(element: Element, name: str) -> str:
    """An attribute by its local name; empty when there is none."""
    return next((value for key, value in element.attrib.items() if local(key) == name), "")


@contextmanager
def damaged(file: str) -> Iterator[None]:
    """Whatever a broken file makes the readers raise is one refusal."""
    try:
        yield
    except (
        zipfile.BadZipFile,
        zlib.error,
        ParseError,
        DefusedXmlException,
        EOFError,
        LookupError,
        ValueError,
        NotImplementedError,
        ArithmeticError,
        RecursionError,
    ) as error:
        raise Damaged(f"文件 {file} 已损坏，不能读出表格；{_REPAIR}", cause=type(error).__name__) from None


class Package:
    """The parts of one packed file. Raises `Unreadable`."""

    def __init__(self, data: bytes, file: str) -> None:
        self.file = file
        with damaged(file):
            self._zip = zipfile.ZipFile(io.BytesIO(data))
            infos = self._zip.infolist()
        size = sum(info.file_size for info in infos)
        if len(infos) > PARTS_MAX or size > UNPACKED_MAX:
            raise TooLarge(
                f"文件 {file} 展开后有 {len(infos)} 个部分、{size} 字节，超过限额，可能是压缩炸弹；请只保留表格另存",
                unpacked=size,
            )
        if any(info.compress_type not in _PACKED_BY for info in infos):
            raise Damaged(f"文件 {file} 用了工作簿不用的压缩方法；{_REPAIR}", cause="compression")
        if any(info.flag_bits & _ENCRYPTED_FLAG for info in infos):
            raise Encrypted(f"文件 {file} 加了密码，请取消密码后再导入")
        self.names = frozenset(info.filename for info in infos)
        if len(self.names) < len(infos):
            raise Damaged(f"文件 {file} 里有重名的部分；{_REPAIR}", cause="duplicate")

    def has(self, part: str) -> bool:
        return part in self.names

    def elements(self, part: str, *wanted: str, opening: str = "") -> Iterator[Element]:
        """Each element of these local names, whole, in order; what was read is forgotten. Raises Damaged, TooLarge.

        One named `opening` comes when it begins, with its attributes and nothing inside of it yet.
        """
        with damaged(self.file):
            info = self._zip.getinfo(part)
            if info.file_size > PART_MAX:
                raise TooLarge(
                    f"文件 {self.file} 的 {part} 展开后有 {info.file_size} 字节，超过 {PART_MAX} 字节",
                    unpacked=info.file_size,
                )
            open_ones: list[Element] = []
            inside = 0  # of a wanted element: its children are kept until it ends
            with self._zip.open(info) as stream:
                for event, element in iterparse(stream, ("start", "end"), forbid_dtd=True):
                    named = local(element.tag) in wanted
                    if event == "start":
                        open_ones.append(element)
                        inside += named
                        if opening and not inside and local(element.tag) == opening:
                            yield element
                        continue
                    open_ones.pop()
                    inside -= named
                    if named and not inside:
                        yield element
                    if not inside and open_ones:
                        open_ones[-1].clear()
