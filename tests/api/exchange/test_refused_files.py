"""READ-1: what is no table is refused with a code and what to do, whatever it is called; its nearest neighbour is read."""

import io
import math
import re
import struct
import zipfile
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import openpyxl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from api.exchange.errors import (
    Damaged,
    Empty,
    Encrypted,
    HasMacros,
    NoHeading,
    TooLarge,
    Unreadable,
    WrongKind,
)
from api.exchange.limits import BYTES_MAX, CELLS_MAX, PART_MAX, PARTS_MAX
from api.exchange.workbook import read_workbook
from tests.api.exchange.tables import planned, table

HERE = Path(__file__).parents[2] / "data" / "workbooks"
GOOD = (HERE / "xlsxwriter.xlsx").read_bytes()
ODS = (HERE / "libreoffice.ods").read_bytes()
XLS = (HERE / "libreoffice.xls").read_bytes()
SHEET = "xl/worksheets/sheet1.xml"
STANDING = 268.25  # stands once in the old workbook, as a number


def changed(data: bytes, *, drop: str = "", **parts: bytes | Callable[[bytes], bytes]) -> bytes:
    """A packed file with parts replaced, rewritten, added or dropped; `__` in a name is `/`, `_x` a dot."""
    wanted = {name.replace("__", "/").replace("_x", "."): part for name, part in parts.items()}
    stream = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            if name == drop:
                continue
            part = wanted.pop(name, old.read(name))
            new.writestr(name, part(old.read(name)) if callable(part) else part)
        for name, part in wanted.items():
            assert isinstance(part, bytes)
            new.writestr(name, part)
    return stream.getvalue()


def packed(**parts: bytes) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as new:
        for name, part in parts.items():
            new.writestr(name.replace("__", "/").replace("_x", "."), part)
    return stream.getvalue()


def refused(data: bytes, kind: type[Unreadable], name: str = "登记表.xlsx") -> Unreadable:
    with pytest.raises(kind) as caught:
        read_workbook(data, name)
    assert name in caught.value.message
    assert caught.value.code
    return caught.value


@pytest.mark.parametrize("data", [GOOD, ODS, XLS], ids=["xlsx", "ods", "xls"])
@pytest.mark.parametrize("name", ["登记表.csv", "登记表.xlsx", "登记表"])
def test_the_bytes_say_what_a_file_is_and_never_its_name(data: bytes, name: str) -> None:
    assert len(read_workbook(data, name).sheets) == 5


@pytest.mark.parametrize("data", [b"", b" \r\n", b"\xef\xbb\xbf", b"\xef\xbb\xbf\n"])
def test_an_empty_file_is_told_to_be_empty(data: bytes) -> None:
    refused(data, Empty)


def test_a_workbook_of_empty_sheets_is_told_to_be_empty() -> None:
    stream = io.BytesIO()
    openpyxl.Workbook().save(stream)
    refused(stream.getvalue(), Empty)


@pytest.mark.parametrize("data", [GOOD, ODS, XLS], ids=["xlsx", "ods", "xls"])
@pytest.mark.parametrize("part", [0.2, 0.5, 0.9, 0.99])
def test_half_a_file_is_damaged(data: bytes, part: float) -> None:
    refused(data[: int(len(data) * part)], Damaged)


@pytest.mark.parametrize(
    "data",
    [
        changed(GOOD, xl__worksheets__sheet1_xxml=b"<worksheet><sheetData><row>"),
        changed(GOOD, xl__worksheets__sheet1_xxml=b"no xml"),
        changed(GOOD, drop=SHEET),
        changed(GOOD, drop="xl/sharedStrings.xml"),
        changed(GOOD, xl__sharedStrings_xxml=b"<sst/>"),
        changed(GOOD, xl__worksheets__sheet1_xxml=lambda part: part.replace(b'r="A1"', b'r="1A"', 1)),
        changed(
            GOOD,
            xl__worksheets__sheet1_xxml=lambda part: part.replace(
                b'r="A1"', b'r="' + b"A" * 100_000 + b'1"', 1
            ),
        ),
        changed(ODS, content_xxml=b"<office:document"),
    ],
)
def test_a_workbook_with_a_broken_part_is_damaged(data: bytes) -> None:
    refused(data, Damaged)


@pytest.mark.parametrize(
    "entity", [b'"aaaaaaaaaa"', b'SYSTEM "file:///etc/hostname"'], ids=["inside", "outside"]
)
def test_entities_of_a_document_type_are_never_expanded(entity: bytes) -> None:
    def named(part: bytes) -> bytes:
        declared = b"?>\n<!DOCTYPE sst [<!ENTITY a " + entity + b">]>\n<sst"
        return re.sub(rb"\?>\s*<sst", declared, part, count=1).replace(b"<t>", b"<t>&a;", 1)

    data = changed(GOOD, xl__sharedStrings_xxml=named)
    assert b"<!DOCTYPE" in zipfile.ZipFile(io.BytesIO(data)).read("xl/sharedStrings.xml")
    refused(data, Damaged)
    plain = changed(GOOD, xl__sharedStrings_xxml=lambda part: part.replace(b"<t>", b"<t>aaaaaaaaaa", 1))
    assert read_workbook(plain, "表.xlsx").sheets


def test_a_locked_workbook_is_told_to_be_locked() -> None:
    assert "密码" in refused((HERE / "encrypted.xlsx").read_bytes(), Encrypted).message
    manifest = b'<m:manifest xmlns:m="urn:m"><m:file-entry><m:encryption-data/></m:file-entry></m:manifest>'
    refused(changed(ODS, **{"META-INF__manifest_xxml": manifest}), Encrypted)


def test_macros_are_refused_and_the_same_workbook_without_them_is_read() -> None:
    assert "宏" in refused(changed(GOOD, xl__vbaProject_xbin=b"\x00"), HasMacros, "登记表.xlsm").message
    refused(changed(ODS, Basic__Standard__script_xxml=b"<x/>"), HasMacros)
    refused(XLS + "_VBA_PROJECT_CUR".encode("utf-16-le"), HasMacros)
    assert read_workbook(changed(GOOD, xl__media__image1_xpng=b"\x89PNG"), "登记表.xlsm").sheets


@pytest.mark.parametrize(
    ("data", "kind"),
    [
        (packed(**{"[Content_Types]_xxml": b"<x/>", "word__document_xxml": b"<x/>"}), "docx"),
        (packed(**{"[Content_Types]_xxml": b"<x/>", "ppt__presentation_xxml": b"<x/>"}), "pptx"),
        (packed(登记表_xcsv=b"x"), "zip"),
        (changed(GOOD, drop="xl/workbook.xml", xl__workbook_xbin=b"\x00"), "xlsb"),
        (b"%PDF-1.7", "PDF文件"),
        (b"\x89PNG\r\n", "图片"),
        (b"Rar!\x1a\x07", "rar压缩文件"),
    ],
)
def test_another_kind_of_file_is_named(data: bytes, kind: str) -> None:
    assert refused(data, WrongKind).detail["kind"] == kind


def test_a_word_file_of_the_old_kind_is_no_workbook() -> None:
    refused(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(2048), Unreadable)


def test_a_file_over_the_limit_is_refused_before_it_is_opened() -> None:
    assert str(BYTES_MAX) in refused(b"PK\x03\x04" + bytes(BYTES_MAX), TooLarge).message


def test_a_zip_bomb_is_refused_by_what_it_says_it_holds_and_cannot_hold_more() -> None:
    many = packed(**{f"xl__{number}": b"" for number in range(PARTS_MAX + 1)})
    assert "压缩炸弹" in refused(many, TooLarge).message
    large = changed(GOOD, xl__worksheets__sheet1_xxml=b" " * (PART_MAX + 1))
    assert "sheet1.xml" in refused(large, TooLarge).message
    # A part that states less than it holds is cut at what it states, and then it is broken.
    size = len(zipfile.ZipFile(io.BytesIO(GOOD)).read(SHEET))
    refused(GOOD.replace(size.to_bytes(4, "little"), (99).to_bytes(4, "little")), Damaged)


@pytest.mark.parametrize(
    "cells",
    [
        b'<row r="1048576"><c r="XFD1048576"><v>1</v></c></row>',
        b'<row r="1"><c r="XFD1"><v>1</v></c></row>',
    ],
)
def test_a_cell_far_outside_is_refused_and_an_empty_one_is_nothing(cells: bytes) -> None:
    def put(part: bytes) -> bytes:
        return part.replace(b"</sheetData>", cells + b"</sheetData>")

    refused(changed(GOOD, xl__worksheets__sheet1_xxml=put), TooLarge)
    empty = cells.replace(b"<v>1</v>", b"")
    data = changed(
        GOOD, xl__worksheets__sheet1_xxml=lambda part: part.replace(b"</sheetData>", empty + b"</sheetData>")
    )
    assert read_workbook(data, "表").sheets[0] == read_workbook(GOOD, "表").sheets[0]


def test_a_merge_of_the_whole_sheet_is_refused() -> None:
    data = changed(
        GOOD,
        xl__worksheets__sheet1_xxml=lambda part: part.replace(
            b"</mergeCells>", b'<mergeCell ref="N1:XFD1048576"/></mergeCells>'
        ),
    )
    assert "合并" in refused(data, TooLarge).message


def test_repeated_cells_of_an_ods_are_counted_before_they_are_made() -> None:
    def many(times: int) -> bytes:
        row = f'<table:table-row table:number-rows-repeated="{times}"><table:table-cell office:value-type="string" table:number-columns-repeated="1000"><text:p>x</text:p></table:table-cell></table:table-row>'
        return changed(
            ODS,
            content_xxml=lambda part: part.replace(
                b"<table:table-row", row.encode() + b"<table:table-row", 1
            ),
        )

    refused(many(CELLS_MAX // 1000 + 1), TooLarge)
    assert len(read_workbook(many(3), "表").sheets[0].row(3)) == 1000


def test_a_part_packed_in_another_way_than_the_standard_has_is_damaged() -> None:
    """ECMA-376-2 and ISO/IEC 26300-3 know stored and deflated; the others cost memory without end, and fail in ways of their own."""

    def again(method: int) -> bytes:
        stream = io.BytesIO()
        with zipfile.ZipFile(io.BytesIO(GOOD)) as old, zipfile.ZipFile(stream, "w", method) as new:
            for name in old.namelist():
                new.writestr(name, old.read(name))
        return stream.getvalue()

    for method in (zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA):
        refused(again(method), Damaged)
    for method in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
        assert len(read_workbook(again(method), "表").sheets) == 5


def test_text_in_text_is_read_down_to_some_depth_and_then_damaged() -> None:
    def nested(depth: int) -> bytes:
        def put(part: bytes) -> bytes:
            inner = b"<text:span>" * depth + b"x" + b"</text:span>" * depth
            return re.sub(rb"<text:p>[^<]*</text:p>", b"<text:p>" + inner + b"</text:p>", part, count=1)

        return changed(ODS, content_xxml=put)

    assert "x" in str(read_workbook(nested(50), "表").sheets[0].rows)
    refused(nested(20_000), Damaged)


def test_a_result_that_is_no_number_is_damage_though_it_is_to_be_made_again() -> None:
    def formula(result: bytes) -> bytes:
        cell = b'<row r="900"><c r="A900"><f>1+1</f><v>' + result + b"</v></c></row></sheetData>"
        return changed(
            GOOD,
            xl__worksheets__sheet1_xxml=lambda part: part.replace(b"</sheetData>", cell),
            xl__workbook_xxml=lambda part: re.sub(rb"<calcPr[^>]*/>", b'<calcPr fullCalcOnLoad="1"/>', part),
        )

    assert read_workbook(formula(b"2"), "表").sheets[0].row(900) == ("2",)
    refused(formula(b"two"), Damaged)


def test_an_encoding_that_nobody_knows_is_damage() -> None:
    declared = b'<?xml version="1.0" encoding="UTF-8"'
    for data, part in ((GOOD, "xl__sharedStrings_xxml"), (ODS, "content_xxml")):
        unknown = changed(
            data, **{part: lambda text: text.replace(declared, b'<?xml version="1.0" encoding="UTX-8"')}
        )
        assert unknown != changed(data)
        refused(unknown, Damaged)


def test_a_number_of_an_old_workbook_that_is_none_is_damage() -> None:
    def put(number: float) -> bytes:
        return XLS.replace(struct.pack("<d", STANDING), struct.pack("<d", number), 1)

    assert put(STANDING + 1) != XLS
    assert read_workbook(put(STANDING + 1), "表").sheets
    for number in (math.nan, math.inf, 1e301):
        refused(put(number), Damaged)


@pytest.mark.parametrize("data", [GOOD, ODS, XLS], ids=["xlsx", "ods", "xls"])
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(place=st.floats(0, 1, exclude_max=True), junk=st.binary(min_size=1, max_size=8))
def test_any_damage_gives_a_workbook_or_a_refusal(data: bytes, place: float, junk: bytes) -> None:
    at = int(place * len(data))
    with suppress(Unreadable):
        read_workbook(data[:at] + junk + data[at + len(junk) :], "登记表.xlsx")


def test_a_workbook_without_a_table_names_the_row_that_looks_like_a_heading() -> None:
    with pytest.raises(NoHeading, match="第 2 行像是表头；“建设年分”是不是“建设年限”？"):
        planned(table("标题", "项目名称,建设年分,绩效", "甲,2020,好"))
