"""The identity of a row: golden vectors, and what does and does not make another row."""

import base64
import hashlib

import pytest

from api.exchange.identity import row_code
from domain.values import is_id, is_moving

ROW = row_code(place="苗儿村", name="水果基地", build_year=2020, amount_fen=20_000_000)


def test_a_row_code_is_the_first_160_bits_over_the_canonical_json_of_four_values() -> None:
    document = '["苗儿村","水果基地","2020",20000000]'.encode()
    assert "code:row:" + base64.b32encode(hashlib.sha256(document).digest()[:20]).decode().lower() == ROW
    assert ROW == "code:row:bbpiy2qndrnr6eehkz6oiu2iwkbcrjsw"
    assert is_id(ROW)
    assert is_moving(ROW)


def test_a_row_without_a_year_has_the_empty_text_in_its_place() -> None:
    document = '["","1.冷棚","",1]'.encode()
    expected = base64.b32encode(hashlib.sha256(document).digest()[:20]).decode().lower()
    assert row_code(place="", name="1.冷棚", build_year=None, amount_fen=1) == f"code:row:{expected}"


@pytest.mark.parametrize(
    ("place", "name"), [("苗兒村", "水果基地"), ("苗儿村", "水果 基地 "), ("苗儿\u3000村", "水果基地")]
)
def test_spaces_and_traditional_characters_do_not_make_another_row(place: str, name: str) -> None:
    assert row_code(place=place, name=name, build_year=2020, amount_fen=20_000_000) == ROW


def test_traditional_and_full_width_forms_in_the_table_fold_to_one_row() -> None:
    assert row_code(place="赤溪鎮 東邊", name="", build_year=None, amount_fen=1) == row_code(
        place="赤溪镇东边", name="", build_year=None, amount_fen=1
    )


@pytest.mark.parametrize(
    "other",
    [
        {"place": "田江村"},
        {"name": "蔬菜基地"},
        {"build_year": 2021},
        {"build_year": None},
        {"amount_fen": 20_000_001},
    ],
)
def test_another_place_name_year_or_amount_is_another_row(other: dict[str, str | int | None]) -> None:
    values: dict[str, str | int | None] = {
        "place": "苗儿村",
        "name": "水果基地",
        "build_year": 2020,
        "amount_fen": 20_000_000,
    }
    assert row_code(**(values | other)) != ROW  # type: ignore[arg-type]
