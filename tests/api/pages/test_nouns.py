"""Every noun has a list and pages: its own columns, its figures, what is owed, and links to whatever it names."""

from __future__ import annotations

import pytest

from api.http.nouns import NOUNS
from api.pages.show import COLUMNS
from tests.api.http import neighbours
from tests.api.pages.conftest import browser
from tests.support.served import Served


def test_every_noun_has_its_columns() -> None:
    assert set(COLUMNS) == {noun.kind for noun in NOUNS.values()}


WORDS = {  # noun -> what its list shows of its subject, and what its page does
    "project": (("113.5万元", "未认定"), ("资金明细合计",)),
    "asset": (
        ("村集体", "闲置", "40万元"),
        ("账面价值", "400,000.00 元", "尚无登记", 'href="/disposals/'),
    ),
    "obligation": (("青溪砖瓦厂", "10万元"), ("余额", "100,000.00 元")),
    "disposal": (
        ("转让", "已提出", "1万元"),
        ("DISP-", 'href="/assets/', 'href="/meetings/', 'href="/notices/'),
    ),
    "meeting": (("120", "100"), ("同意转让冷库", 'href="/documents/')),
    "notice": (("公示栏",), ("拟转让冷库一座", 'href="/disposals/')),
    "document": (("示例村",), ("加盐文件哈希", 'href="/assets/')),
    "load": (("资产 3 项 1万元",), ("基准日", "2026-06-30")),
}


@pytest.mark.parametrize("plural", NOUNS)
def test_a_noun_is_listed_and_shown(village: tuple[Served, neighbours.Village], plural: str) -> None:
    office, there = village
    kind = NOUNS[plural].kind
    in_list, on_page = WORDS[kind]
    with browser(office, "kang") as client:
        assert f'href="/{plural}"' in client.get("/").text
        listed = client.get(f"/{plural}")
        assert listed.status_code == 200
        for word in (*COLUMNS[kind].values(), there.names[kind], *in_list):
            assert word in listed.text, word
        assert ('name="class"' in listed.text) == (kind == "project")
        shown = client.get(f"/{plural}/{there.ids[kind]}")
        assert shown.status_code == 200
        for word in (there.names[kind], *on_page):
            assert word in shown.text, word
    with browser(office, "shan") as client:
        nothing = client.get(f"/{plural}").text
        assert there.names[kind] not in nothing
        assert f"<p>还没有{NOUNS[plural].title}。</p>" in nothing
        assert f"<p>没有符合的{NOUNS[plural].title}。</p>" in client.get(f"/{plural}?q=x").text
        assert client.get(f"/{plural}/{there.ids[kind]}").status_code == 403
