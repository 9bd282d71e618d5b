"""What is exported as CSV holds no formula, whatever a spreadsheet passes over before it, and reads as what it was."""

import csv
import io

import pytest

from api.exchange.csv_in import read_csv
from api.exchange.csv_out import exported_csv
from api.exchange.nouns import NOUNS

SCHEMA = NOUNS["project"].schema


def written(name: str) -> bytes:
    return exported_csv(SCHEMA, "示例", [{"name": name}])


@pytest.mark.parametrize("sign", "=+-@＝＋－＠")
@pytest.mark.parametrize("before", ["", " ", "\t", "\n", "　", "'", "' "])
def test_no_text_is_a_formula_and_each_reads_as_it_was(sign: str, before: str) -> None:
    text = f"{before}{sign}HYPERLINK(A1)"
    at = [column.heading for column in SCHEMA.columns if column.printed and column.kept].index(
        SCHEMA.by_key["name"].heading
    )
    row = list(csv.reader(io.StringIO(written(text).decode("utf-8-sig"), newline="")))[2]
    assert row[at] == f"'{text}"
    assert read_csv(written(text), "示例.csv").rows[2][at] == text


@pytest.mark.parametrize("text", ["油茶=基地", "'90年代", "a-b", " 冷库"])
def test_any_other_text_stands_as_it_is(text: str) -> None:
    assert f",{text}," in written(text).decode("utf-8-sig")
