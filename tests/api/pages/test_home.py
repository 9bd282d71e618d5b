"""Home: what is open of every noun, in two columns, and the way to the list of it."""

from __future__ import annotations

import re
from html import unescape

import pytest

from tests.api.http import neighbours
from tests.api.pages.conftest import browser
from tests.support.served import Served


def table(text: str, named: str) -> list[list[str]]:
    """The cells of a table of sums, row by row."""
    (body,) = re.findall(rf'<caption id="{named}">.*?</table>', text, re.S)
    rows = re.findall(r"<tr>(.*?)</tr>", body.partition("<tbody>")[2], re.S)
    cells = [re.findall(r"<t[hd][^>]*>(.*?)</t[hd]>", row, re.S) for row in rows]
    return [[unescape(re.sub("<[^>]+>", "", cell)) for cell in row] for row in cells]


@pytest.fixture
def home(village: tuple[Served, neighbours.Village]) -> str:
    with browser(village[0], "kang") as client:
        return client.get("/").text


def test_d9_assets_stand_with_original_value_and_carrying_amount_in_two_columns(home: str) -> None:
    first, whole = table(home, "asset")
    assert first[0] == "村集体"
    assert first[1:] == ["1", "50万元", "40万元", "0", "0万元", "0万元"]
    assert whole == ["合计", *first[1:]]


def test_d9_what_is_owed_stands_with_principal_and_what_is_outstanding(home: str) -> None:
    first, whole = table(home, "obligation")
    assert whole == ["合计", *first[1:]]
    assert (first[3], first[6]) in {("10万元", "0万元"), ("0万元", "10万元")}


def test_disposals_under_way_stand_by_the_step_they_have_come_to(home: str) -> None:
    first, _ = table(home, "disposal")
    assert first[0] == "提出"
    assert sorted(first[1:]) == sorted(["1", "1万元", "0", "0万元"])


def test_what_home_counts_is_what_the_list_of_it_shows(village: tuple[Served, neighbours.Village]) -> None:
    office, there = village
    with browser(office, "kang") as client:
        home = client.get("/").text
        for kind, plural in (("asset", "assets"), ("obligation", "debts"), ("disposal", "disposals")):
            assert f'href="/{plural}?open=true"' in home
            assert there.names[kind] in client.get(f"/{plural}?open=true").text
            closed = client.get(f"/{plural}?open=false")
            assert closed.status_code == 200
            assert there.names[kind] not in closed.text


def test_another_village_counts_none_of_it(village: tuple[Served, neighbours.Village]) -> None:
    with browser(village[0], "shan") as client:
        home = client.get("/").text
    for word in ("在册的资产", "未清的债权债务", "在办的处置"):
        assert f"现在没有{word}。" in home


def test_cmd_2_what_is_neither_open_nor_closed_is_not_chosen_by_it(
    village: tuple[Served, neighbours.Village],
) -> None:
    """Assets, debts and disposals are; projects are not."""
    see = village[0].as_("kang").get
    assert len(see("/api/v1/assets?open=true").json()["items"]) == 1
    assert see("/api/v1/assets?open=false").json()["items"] == []
    refused = see("/api/v1/projects?open=true")
    assert (refused.status_code, refused.json()["rule"]) == (400, "CMD-2")
