"""What stands on a page is for people: names with a way to them in the place of ids, and every word where it belongs."""

from __future__ import annotations

import re
from datetime import timedelta
from html import unescape
from pathlib import Path

import pytest

from api.compose import china_today, new_id
from api.http.nouns import NOUNS
from api.pages.show import yuan
from audit.log import now
from domain.values import days_after
from projections.trace import trace
from tests.api.http import neighbours
from tests.api.pages.conftest import browser
from tests.domain.estate import opening_of
from tests.support.served import Served, served
from tests.support.world import World, area

RAW = re.compile(r"\b[a-z]+_[a-z2-7]{26}\b")


def page_of(village: tuple[Served, neighbours.Village], kind: str, who: str = "kang") -> str:
    office, there = village
    (plural,) = [plural for plural, noun in NOUNS.items() if noun.kind == kind]
    with browser(office, who) as client:
        return client.get(f"/{plural}/{there.ids[kind]}").text


def seen(text: str) -> str:
    """The words of a page without its secondary text, in which ids, keys and hashes stand."""
    without = re.sub(r'<span class="id">.*?</span>', "", text, flags=re.S)
    return unescape(re.sub("<[^>]+>", "", without))


def section(text: str, named: str) -> str:
    (found,) = re.findall(rf'<section aria-labelledby="{named}">(.*?)</section>', text, re.S)
    return found


@pytest.mark.parametrize("plural", NOUNS)
def test_no_id_stands_where_a_name_is_known(village: tuple[Served, neighbours.Village], plural: str) -> None:
    text = page_of(village, NOUNS[plural].kind)
    assert RAW.findall(seen(text)) == []


def test_the_state_of_a_disposal_leads_to_its_assets(village: tuple[Served, neighbours.Village]) -> None:
    _, there = village
    state = section(page_of(village, "disposal"), "state")
    asset = there.ids["asset"]
    assert f'<a href="/assets/{asset}" title="{asset}">{there.numbers["asset"]} 康家村冷库</a>' in state
    assert "所在区域" in seen(state)


def test_what_is_shown_of_the_past_leads_to_the_past_and_is_not_called_the_present(
    village: tuple[Served, neighbours.Village],
) -> None:
    office, there = village
    with browser(office, "kang") as client:
        path = f"/disposals/{there.ids['disposal']}"
        at = office.world.desk.reader.size() - 1
        then = {day: client.get(f"{path}?{day}").text for day in (f"known_at={at}", "as_of=2099-12-31")}
        text = client.get(path).text
    for day, shown in then.items():
        state = section(shown, "state")
        assert f'<a href="/assets/{there.ids["asset"]}?{day}"' in state
        assert "现状" not in seen(state)
        assert f'<a href="{path}">看现状</a>' in shown
        assert f"只据第 {at} 号（" in shown
    assert f'<a href="/assets/{there.ids["asset"]}"' in section(text, "state")
    assert "现状" in seen(section(text, "state"))


def test_a_load_session_shows_phase_cut_over_and_the_difference(
    village: tuple[Served, neighbours.Village],
) -> None:
    office, _ = village
    text = page_of(village, "load")
    assert re.search(r"<dt>阶段</dt><dd>\s*待批", text)
    assert re.search(r"<dt>基准日</dt><dd>\s*2026-06-30", text)
    loaded = section(text, "loaded")
    cells = [
        unescape(re.sub("<[^>]+>", "", one)).strip() for one in re.findall(r"<t[dh].*?</t[dh]>", loaded, re.S)
    ]
    assert cells[10:15] == ["资产", "原值", "3 项 1万元", "0 项 0万元", "尚未开立"]
    with browser(office, "kang") as client:
        listed = client.get("/loads").text
    for word in ("阶段", "待批", "基准日", "2026-06-30"):
        assert word in listed


def test_a_load_session_that_nobody_approved_in_time_is_marked_on_list_and_page(tmp_path: Path) -> None:
    """Proposed forty days ago, for thirty of them."""
    with World(tmp_path / "ledger", clock=lambda: now() - timedelta(days=40)) as world:
        world.settle()
        nothing = {"count": 0, "total_fen": 0}
        until = days_after(china_today(), -10)
        stated = {
            "area_label": "康家村",
            "areas": [area("kang")],
            "cut_over_on": "2026-06-30",
            "expires_on": until,
            "load": new_id("load"),
            "name": "康家村清产核资",
            "population": dict.fromkeys(("assets", "obligations", "projects"), nothing),
            "proposal": new_id("proposal"),
        }
        world.accepted("load.open.v1", stated, "centre")
        with served(world) as office:
            office.projected()
            with browser(office, "kang") as client:
                listed, text = (client.get(f"/loads{rest}").text for rest in ("", f"/{stated['load']}"))
                then = client.get(f"/loads?known_at={until}").text
    lapsed = f"开立的提议已于 {until} 到期，未获批准，不再开立"
    assert f'待批 <span class="mark" title="{lapsed}">提议已失效</span>' in listed
    assert re.search(rf"<dt>阶段</dt><dd>\s*待批 <strong class=\"warn\">{lapsed}</strong>", text)
    assert "提议已失效" not in then


def test_an_open_load_session_shows_what_was_stated_beside_what_is_there(
    village: tuple[Served, neighbours.Village],
) -> None:
    office, there = village
    where = {"areas": [area("shan")], "area_label": "山背村"}
    session = there._session() | where | {"load": new_id("load"), "name": "山背村清产核资"}
    at = office.world.accepted("load.open.v1", session, "centre")
    office.world.endorsed(at + 1, "approves", "township")
    held = opening_of(asset=new_id("asset"), name="山背村冷库", number="SC-1", **where)
    office.world.accepted("asset.open.v1", held, "shan", nature="opening", occurred_on="2026-06-30")
    office.projected()
    with browser(office, "shan") as client:
        text = client.get(f"/loads/{session['load']}").text
    assert re.search(r"<dt>阶段</dt><dd>\s*登记中", text)
    cells = [
        unescape(re.sub("<[^>]+>", "", one)).strip()
        for one in re.findall(r"<t[dh].*?</t[dh]>", section(text, "loaded"), re.S)
    ]
    assert cells[5:10] == ["项目", "资金", "0 项 0万元", "0 项 0万元", "相符"]
    assert cells[10:15] == ["资产", "原值", "3 项 1万元", "1 项 50万元", "-2 项 +49万元"]


def test_a_correction_that_is_proposed_says_from_what_to_what(
    village: tuple[Served, neighbours.Village],
) -> None:
    story = section(page_of(village, "asset"), "story")
    assert re.search(r"拟为：规格型号：\s*200吨\s*→\s*180吨", seen(story))


def test_of_a_past_nothing_is_counted(village: tuple[Served, neighbours.Village]) -> None:
    office, there = village
    with browser(office, "kang") as client:
        assert 'id="loaded"' not in client.get(f"/loads/{there.ids['load']}?as_of=2026-11-20").text


def test_d20_a_difference_that_is_less_than_nothing_is_exact() -> None:
    assert yuan(-150) == "-1.50 元"
    assert yuan(-5) == "-0.05 元"
    assert yuan(150) == "1.50 元"


def test_what_nobody_stated_is_not_told_as_a_fault(village: tuple[Served, neighbours.Village]) -> None:
    """ASSET-2 of an opening without 账面价值: what is not stated cannot differ, it is not known to agree (RULES)."""
    office, there = village
    owned = {"owner_type": "collective_village", "registered": True}
    where = there.areas | {"area_label": there.label}
    blank = opening_of(
        asset="asset_" + "b" * 26, name="无账面", carrying_fen=None, number="ZC-B", **where, **owned
    )
    wrong = opening_of(
        asset="asset_" + "c" * 26, name="账面不符", carrying_fen=1, number="ZC-C", **where, **owned
    )
    for one in (blank, wrong):
        office.world.accepted("asset.open.v1", one, "kang", nature="opening")
    office.projected()
    with browser(office, "kang") as client:
        notes = {
            number: re.findall(
                r'<p class="(\w+)">照录并记明：ASSET-2 (.*?)</p>', client.get(f"/assets/{number}").text
            )
            for number in ("ZC-B", "ZC-C")
        }
    ((blank_class, blank_words),) = notes["ZC-B"]
    ((wrong_class, wrong_words),) = notes["ZC-C"]
    assert (blank_class, wrong_class) == ("source", "warn")
    assert blank_words.endswith("（有关各栏未载明，是否符合不详）")
    assert wrong_words.endswith("（不符合）")
    reader = office.world.desk.reader
    for one, title, words in ((blank, "待查明", blank_words), (wrong, "未满足", wrong_words)):
        told = re.sub(r"\n {12}", "", trace(reader, one["asset"]).as_text())
        assert f"    {title}  ASSET-2 {words}\n" in told, "a terminal says it in the same words"


def test_the_head_of_a_page_names_two_places_and_counts_more(
    village: tuple[Served, neighbours.Village],
) -> None:
    office, _ = village
    with browser(office, "kang") as client:
        assert "（康家村）" in client.get("/").text
    for name in ("甲村", "乙村", "丙村"):
        made = {
            "area": area(name),
            "division_code": "",
            "kind": "village",
            "name": name,
            "parent": area("town"),
        }
        office.world.accepted("area.register.v1", made, "registrar", occurred_on="2010-01-01")
    office.world.employ("三村", "recorder", "kang", ["甲村", "乙村", "丙村"])
    office.projected()
    with browser(office, "三村") as client:
        text = client.get("/").text
    assert "（甲村等 3 处）" in text
    assert "本岗位可见：甲村、乙村、丙村" in text


def test_a_program_is_told_the_names_too(village: tuple[Served, neighbours.Village]) -> None:
    """The state, the difference and the story of a disposal, over HTTP: words beside the ids."""
    office, there = village
    asset, named = there.ids["asset"], f"{there.numbers['asset']} 康家村冷库"
    path = f"/api/v1/disposals/{there.ids['disposal']}"
    see = office.as_("kang").get
    (held,) = [one for one in see(path).json()["state"] if one["field"] == "assets"]
    assert (held["value"], held["shown"], held["label"]) == ([asset], named, "处置的资产")
    compared = see(f"{path}/diff?from_known=1").json()["changes"]
    (differs,) = [one for one in compared if one["field"] == "assets"]
    assert differs["after"]["shown"] == named
    assert see(f"{path}/timeline").json()["names"][asset] == named
