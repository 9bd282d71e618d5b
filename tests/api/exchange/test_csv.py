"""READ-1: CSV in the encodings of offices is read as it stands; any other file is refused with what to do."""

import re
from contextlib import suppress

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from api.exchange.errors import BrokenCsv, TooLarge, UnknownEncoding, Unreadable, WrongKind
from api.exchange.grid import address
from api.exchange.limits import BYTES_MAX, CELLS_MAX
from tests.api.exchange.tables import only_sheet

TEXT = '村名,金额\r\n梽木村,"1,000"\r\n'


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
def test_read_1_the_same_table_is_read_from_each_encoding(encoding: str) -> None:
    grid = only_sheet(TEXT.encode(encoding), "登记表.csv")
    assert grid.rows == (("村名", "金额"), ("梽木村", "1,000"))
    assert (grid.file, grid.sheet) == ("登记表.csv", "登记表")


def test_read_1_bytes_of_no_known_encoding_are_refused() -> None:
    with pytest.raises(UnknownEncoding, match="GB18030"):
        only_sheet("村名,金额".encode("gb18030")[:-1] + b"\xff", "登记表.csv")


@pytest.mark.parametrize(
    ("first", "kind"),
    [
        (b"%PDF-1.7", "PDF"),
        (b"\x1f\x8b\x08", "gzip"),
        ("村名,金额".encode("utf-16"), "UTF-16"),
        (b"\n<HTML><table>", "网页"),
        (b"\xef\xbb\xbf<table border=1>", "网页"),
        ("村名,金额\x00".encode(), "控制字符"),
    ],
)
def test_read_1_another_kind_of_file_is_known_by_its_bytes_whatever_its_name(first: bytes, kind: str) -> None:
    with pytest.raises(WrongKind, match=kind) as caught:
        only_sheet(first, "登记表.csv")
    assert "另存为" in caught.value.message


def test_read_1_a_less_than_sign_in_a_table_is_no_web_page() -> None:
    assert only_sheet("<5亩,金额".encode(), "登记表.xlsx").rows == (("<5亩", "金额"),)


@pytest.mark.parametrize("text", ['村名,"金额\r\n', '村名,"金"额\r\n'])
def test_read_1_quotes_that_do_not_close_are_refused_with_their_line(text: str) -> None:
    with pytest.raises(BrokenCsv, match=r"第 [12] 行") as caught:
        only_sheet(text.encode(), "登记表.csv")
    assert set(re.findall("[A-Za-z]+", str(caught.value))) <= {"csv", "CSV", "UTF", "WPS", "xlsx"}


def test_read_1_a_file_over_the_limits_is_refused() -> None:
    with pytest.raises(TooLarge, match="字节"):
        only_sheet(b"a" * (BYTES_MAX + 1), "登记表.csv")
    with pytest.raises(TooLarge, match="格"):
        only_sheet(b"," * CELLS_MAX, "登记表.csv")
    assert len(only_sheet(b"," * 99_999, "登记表.csv").row(1)) == 100_000


def test_rows_count_as_the_sheet_shows_them_with_empty_lines_and_line_breaks_in_cells() -> None:
    grid = only_sheet('标题\r\n\r\n"建设\n年限",x\r\n'.encode(), "登记表.csv")
    assert len(grid.rows) == 3
    assert grid.text(3, 1) == "建设\n年限"
    assert grid.text(2, 1) == grid.text(3, 9) == ""


@pytest.mark.parametrize(
    "name", ["目录/登记表.csv", "C:\\目录\\登记表.csv", "登记表.csv", "../登记\x07表.csv", " 登记表.csv "]
)
def test_only_the_last_part_of_a_file_name_is_kept(name: str) -> None:
    assert only_sheet(b"a", name).file == "登记表.csv"


def test_a_file_without_a_name_has_a_sheet_all_the_same() -> None:
    assert only_sheet(b"a", "").sheet == "未命名"


@pytest.mark.parametrize(
    ("cell", "name"),
    [((1, 1), "A1"), ((17, 5), "E17"), ((2, 26), "Z2"), ((2, 27), "AA2"), ((9, 703), "AAA9")],
)
def test_an_address_is_written_as_spreadsheets_write_it(cell: tuple[int, int], name: str) -> None:
    assert address(*cell) == name


@settings(deadline=None)
@given(st.binary(max_size=200))
def test_read_1_any_bytes_give_a_grid_or_are_refused(data: bytes) -> None:
    with suppress(Unreadable):
        grid = only_sheet(data, "x.csv")
        assert all(isinstance(text, str) for row in grid.rows for text in row)


def test_a_file_name_is_kept_in_the_form_that_signed_text_has() -> None:
    assert only_sheet(b"a", "Re\u0301sume\u0301.csv").file == "R\u00e9sum\u00e9.csv"


@pytest.mark.parametrize("delimiter", [",", "\t", ";"])
def test_read_1_the_delimiter_is_found(delimiter: str) -> None:
    rows = [("项目名称", "村名", "金额(万元)"), ("甲；乙", "一村", "1,000"), ("丙", "二村", "2")]
    text = "\n".join(delimiter.join(f'"{one}"' if delimiter in one else one for one in row) for row in rows)
    assert only_sheet(text.encode(), "表.csv").rows == tuple(rows)


def test_read_1_a_table_of_one_column_has_commas() -> None:
    assert only_sheet(b"a\nb", "x.csv").rows == (("a",), ("b",))


def test_read_1_a_stated_delimiter_is_taken_and_its_row_still_counts() -> None:
    assert only_sheet("sep=;\n村名;金额,元\n".encode(), "x.csv").rows == ((), ("村名", "金额,元"))
