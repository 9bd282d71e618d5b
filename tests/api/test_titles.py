"""What `bangfu commands` and a refusal say of each column: Chinese, of its own noun, in the order of a form."""

from __future__ import annotations

import json
import re
from collections import Counter

import pytest

from api.columns import Column, columns, skeleton
from domain.command import COMMANDS
from domain.law import PARAMETERS
from projections import cards
from tests.support.shell import Shell


def titles(name: str) -> dict[str, Column]:
    return {one.path: one for one in columns(name)}


@pytest.mark.parametrize("name", sorted(COMMANDS))
def test_every_column_and_every_value_has_a_chinese_word_and_none_has_that_of_another(name: str) -> None:
    for one in columns(name):
        assert re.search("[一-鿿]", one.title), one
        assert one.form, one
        for value, label in one.allowed.items():
            assert re.search("[一-鿿]", label), (one.path, value)
    counted = Counter(one.title for one in columns(name) if "/" not in one.path)
    assert [title for title, count in counted.items() if count > 1] == []


@pytest.mark.parametrize(
    ("name", "path", "title"),
    [
        ("project.list.v1", "area_label", "实施地点"),
        ("asset.open.v1", "area_label", "所在区域"),
        ("obligation.register.v1", "area_label", "所属区域"),
        ("load.open.v1", "area_label", "登记区域"),
        ("load.open.v1", "population/assets/count", "项数"),
        ("load.open.v1", "population/obligations", "债权债务"),
        ("document.register.v1", "document", "材料"),
        ("notice.post.v1", "notice", "公示"),
        ("post.deputise.v1", "ground", "代理事由"),
        ("disposal.propose.v1", "ground", "处置情形"),
        ("asset.book.v1", "kind", "入账类别"),
        ("asset.open.v1", "kind", "资产类型"),
        ("project.list.v1", "row/row", "第几行"),
    ],
)
def test_a_column_is_called_as_its_noun_calls_it(name: str, path: str, title: str) -> None:
    assert titles(name)[path].title == title


def test_the_columns_stand_as_a_form_asks_for_them() -> None:
    names = [one.path for one in columns("disposal.propose.v1") if "/" not in one.path]
    assert names[:6] == ["disposal", "number", "name", "assets", "method", "owner_type"]
    assert names[-3:] == ["evidence", "earlier_document", "late_reason"]
    assert list(skeleton("disposal.propose.v1"))[:3] == ["number", "name", "assets"]


def test_d20_amounts_are_said_to_be_whole_fen() -> None:
    assert titles("asset.open.v1")["original_fen"].form == "整数，单位分，不详填 null"
    assert titles("asset.open.v1")["life_months"].form == "整数，不详填 null"


@pytest.mark.parametrize("name", sorted(COMMANDS))
def test_the_form_of_a_column_says_each_thing_once(name: str) -> None:
    for column in columns(name):
        assert column.form.count("列表") <= 1, column.path


@pytest.mark.parametrize("kind", sorted(cards.CARDS))
def test_the_fields_of_a_card_have_names_of_their_own(kind: str) -> None:
    """The ids of the areas and the words that tell them are two things to whoever reads a state."""
    names = [cards.label(kind, field) for field in cards.CARDS[kind] if field in ("areas", "area_label")]
    assert len(set(names)) == len(names)


def test_batch_the_rows_that_are_left_out_are_written_as_format_counts_them() -> None:
    assert "从 0 起" in titles("batch.endorse.v1")["excepted"].title


def test_the_names_of_parameters_are_listed_with_what_they_mean_and_hold() -> None:
    listed = titles("parameter.set.v1")["name"].allowed
    assert list(listed) == list(PARAMETERS)
    assert listed["late_days"] == "业务日期早于入账日期多少天起须说明迟登原因：0 到 3650，未设定的为 30"
    # What a statute says since 2025-05-01, not what it said before (a majority).
    assert listed["villagers_quorum"].endswith("45（五分之四以上）、11（全数），未设定的为 三分之二以上")
    assert PARAMETERS["late_days"].allows(skeleton("parameter.set.v1")["value"])


def test_the_example_of_a_parameter_names_one_that_there_is(shell: Shell) -> None:
    shown = shell.bangfu("commands", "parameter.set").out
    assert (
        "\n                               notice_days  公示最少天数（渝村办30）：1 到 365，未设定的为 10\n"
        in shown
    )
    example = json.loads(shown.partition("FIELDS.json 的样子：")[2])
    assert example == skeleton("parameter.set.v1")
    assert example["name"] in PARAMETERS


def test_what_is_always_the_same_is_told() -> None:
    assert titles("key.enrol.v1")["suite"].form == "固定写 ed25519"
