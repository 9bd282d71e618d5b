"""Pages in a real browser: no script needed, axe finds nothing, 360 px wide, on paper, and no request leaves this machine."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

from api.http.nouns import NOUNS
from tests.api.http import neighbours
from tests.api.pages.conftest import link_of
from tests.support import programs
from tests.support.households import owed
from tests.support.served import Served
from tests.support.world import area

PATHS = (
    "/",
    "/projects",
    "/projects?known_at=40",
    "/projects/QX-0001",
    "/projects/QX-0002",
    "/projects/QX-9999",
)
PHONE, DESK = {"width": 360, "height": 740}, {"width": 1280, "height": 900}


@pytest.fixture(scope="module")
def chrome() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(
            executable_path=programs.CHROMIUM, args=list(programs.CHROMIUM_ARGUMENTS)
        )
        yield opened
        opened.close()


@contextmanager
def looking(
    office: Served, chrome: Browser, size: dict[str, int], *, script: bool = False, who: str = "registrar"
) -> Iterator[tuple[Page, list[str]]]:
    """A page of somebody who pressed the button, and every address that was asked for."""
    context: BrowserContext = chrome.new_context(
        java_script_enabled=script,
        locale="zh-CN",
        viewport=size,  # type: ignore[arg-type]
    )
    page, asked = context.new_page(), []
    page.on("request", lambda request: asked.append(request.url))
    page.goto(office.url + link_of(office, who))
    page.click("button.main")
    assert page.url == f"{office.url}/"
    yield page, asked
    context.close()


@pytest.mark.parametrize("size", [PHONE, DESK], ids=["360 px", "1280 px"])
def test_pages_are_whole_without_a_script_at_any_width(
    office: Served, chrome: Browser, size: dict[str, int]
) -> None:
    with looking(office, chrome, size) as (page, asked):
        for path in PATHS:
            page.goto(office.url + path)
            assert page.locator("h1").count() == 1
            assert page.locator("footer").inner_text()
            assert page.evaluate("document.documentElement.scrollWidth") <= size["width"], path
        assert {urlsplit(url).hostname for url in asked} == {"127.0.0.1"}


@pytest.mark.parametrize("size", [PHONE, DESK], ids=["360 px", "1280 px"])
def test_axe_finds_nothing(office: Served, chrome: Browser, size: dict[str, int]) -> None:
    with looking(office, chrome, size, script=True) as (page, _):
        for path in (*PATHS, "/login", "/login?code=x"):
            page.goto(office.url + path)
            found = Axe().run(page)
            assert found.violations_count == 0, f"{path}\n{found.generate_report()}"


def test_every_noun_is_whole_on_a_telephone_and_axe_finds_nothing(
    village: tuple[Served, neighbours.Village], chrome: Browser
) -> None:
    office, there = village
    with looking(office, chrome, PHONE, script=True) as (page, _):
        for plural, noun in NOUNS.items():
            for path in (f"/{plural}", f"/{plural}/{there.ids[noun.kind]}"):
                page.goto(office.url + path)
                assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"], path
                found = Axe().run(page)
                assert found.violations_count == 0, f"{path}\n{found.generate_report()}"


@pytest.mark.parametrize("size", [PHONE, DESK], ids=["360 px", "1280 px"])
def test_the_tables_of_home_are_whole_at_any_width_and_axe_finds_nothing(
    village: tuple[Served, neighbours.Village], chrome: Browser, size: dict[str, int]
) -> None:
    """A home with assets, debts and disposals; of a reader with many villages too."""
    office, _ = village
    many = [f"第{number}村" for number in range(1, 13)]
    who = f"十二村 {size['width']}"
    for name in many:
        if not office.world.desk.ledger.directory.area_called(name):
            made = {"area": area(name), "division_code": "", "kind": "village", "name": name}
            office.world.accepted("area.register.v1", made | {"parent": area("town")}, "registrar")
    office.world.employ(who, "recorder", "kang", [*many, "kang"])
    office.projected()
    with looking(office, chrome, size, script=True, who=who) as (page, _):
        for kind in ("asset", "obligation", "disposal"):
            table = page.locator(f"table:has(caption#{kind})")
            assert table.count() == 1
            assert table.locator("tbody tr").count() >= 1
        assert page.evaluate("document.documentElement.scrollWidth") <= size["width"]
        found = Axe().run(page)
        assert found.violations_count == 0, found.generate_report()
        who_is_it = page.locator(".who").bounding_box()
        name = page.locator(".top .name").bounding_box()
        assert who_is_it is not None
        assert name is not None
        assert who_is_it["height"] < 60, "one line"
        if size == DESK:
            assert abs(who_is_it["y"] - name["y"]) < 20, "in the line of the name"


def test_the_tables_of_home_go_on_paper_whole(
    village: tuple[Served, neighbours.Village], chrome: Browser, tmp_path: Path
) -> None:
    office, _ = village
    with looking(office, chrome, {"width": 680, "height": 960}, who="kang") as (page, _):  # the width of A4
        page.emulate_media(media="print")
        assert not page.locator("nav").is_visible()
        for kind in ("sums", "asset", "obligation", "disposal"):
            table = page.locator(f"table:has(caption#{kind})")
            box = table.bounding_box()
            assert box is not None
            assert box["x"] + box["width"] <= 680, "nothing is cut off"
        page.pdf(path=str(tmp_path / "home.pdf"), format="A4")
        assert (tmp_path / "home.pdf").read_bytes().startswith(b"%PDF")


def test_a_subject_goes_on_paper_whole(office: Served, chrome: Browser, tmp_path: Path) -> None:
    with looking(office, chrome, DESK) as (page, _):
        page.goto(f"{office.url}/projects/QX-0001")
        page.emulate_media(media="print")
        assert not page.locator("nav").is_visible()
        assert not page.locator("form.filter").is_visible()
        assert page.locator(".changes").first.is_visible()
        page.pdf(path=str(tmp_path / "subject.pdf"), format="A4")
        assert (tmp_path / "subject.pdf").read_bytes().startswith(b"%PDF")


def test_on_paper_a_long_entry_goes_on_overleaf_but_is_not_parted_from_its_heading_or_its_signature(
    office: Served, chrome: Browser
) -> None:
    with looking(office, chrome, DESK) as (page, _):
        page.goto(f"{office.url}/projects/QX-0001")
        page.emulate_media(media="print")
        entry = page.locator(".timeline > li").first
        assert entry.locator(".changes > li").count() > 5
        breaks = {
            one: entry.locator(one).first.evaluate(
                "(it) => { const found = getComputedStyle(it);"
                " return [found.breakBefore, found.breakInside, found.breakAfter] }"
            )
            for one in ("xpath=.", "h3", ".clocks", "summary", ".changes > li", ".signer")
        }
    assert breaks == {
        "xpath=.": ["auto", "auto", "auto"],
        "h3": ["auto", "auto", "avoid"],
        ".clocks": ["auto", "avoid", "avoid"],
        "summary": ["auto", "auto", "avoid"],
        ".changes > li": ["auto", "avoid", "auto"],
        ".signer": ["avoid", "avoid", "auto"],
    }


@pytest.mark.parametrize(
    ("who", "shown"), [("kang", "农户（示例户甲乙）"), ("registrar", "农户〔未获授权〕")]
)
def test_names_are_on_screen_and_on_paper_for_who_may_read_them(
    village: tuple[Served, neighbours.Village], chrome: Browser, who: str, shown: str
) -> None:
    office, _ = village
    number = f"户-{who}"
    debt = owed(office.world, number, "示例户甲乙")
    office.projected()
    with looking(office, chrome, PHONE, script=True, who=who) as (page, asked):
        page.goto(f"{office.url}/debts/{number}")
        for media in ("screen", "print"):
            page.emulate_media(media=media)  # type: ignore[arg-type]
            assert shown in page.locator("main").inner_text(), debt.id
            assert ("打印件用后销毁" in page.locator("main").inner_text()) == (who == "kang")
        page.emulate_media(media="screen")
        assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]
        found = Axe().run(page)
        assert found.violations_count == 0, found.generate_report()
        assert {urlsplit(url).hostname for url in asked} == {"127.0.0.1"}


def test_keys_alone_lead_everywhere(office: Served, chrome: Browser) -> None:
    with looking(office, chrome, DESK) as (page, _):
        page.goto(office.url)
        page.keyboard.press("Tab")
        assert page.locator(":focus").inner_text() == "跳到正文"
        page.keyboard.press("Enter")
        for _ in range(12):
            page.keyboard.press("Tab")
            if page.locator(":focus").get_attribute("href") == "/projects?class=idle&external=false":
                page.keyboard.press("Enter")
                break
        page.wait_for_url("**/projects?class=idle*")
        assert "油茶基地" in page.locator("main").inner_text()


def test_the_description_is_shown_without_a_request_elsewhere(office: Served, chrome: Browser) -> None:
    context = chrome.new_context(locale="zh-CN")
    page, asked, faults = context.new_page(), [], []
    page.on("request", lambda request: asked.append(request.url))
    page.on("console", lambda message: faults.append(message.text) if message.type == "error" else None)
    page.goto(f"{office.url}/docs")
    page.wait_for_selector(".opblock")
    assert {urlsplit(url).hostname for url in asked if not url.startswith("data:")} == {"127.0.0.1"}
    assert faults == []
    context.close()
