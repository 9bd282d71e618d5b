"""Templates and exports over HTTP: what the command line writes, as far as whoever asks may look at it; and what is exported
comes in again as nothing new."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx2 as httpx
import openpyxl
import pytest

from api.exchange.nouns import NOUNS
from api.exporting import Wanted, export_register
from api.fair import Places
from api.http.registers import TYPES
from api.http.working import XLSX
from api.workroom import Errand, Order, TooMuch, WorkRoom
from tests.api.exchange.ledgers import COLD, DRYER, GOODS, LOAN, RENT, ROAD, lived
from tests.api.http import neighbours
from tests.api.pages.conftest import browser
from tests.domain.estate import owed, party
from tests.support.logbook import new_id
from tests.support.served import Served, Visitor, served
from tests.support.world import World, area

EXPORT, TEMPLATE, SEND = "/api/v1/workbooks:export", "/api/v1/workbooks:template", "/api/v1/workbooks"
PERSON = "示例农户甲"
NOT_ASKED = "其余筛选和日期不用于导出"
NAMED = [noun.schema.by_key[noun.schema.named_by].heading for noun in NOUNS.values()]


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """A town with a ledger that has lived, and a village of another county with one of each noun."""
    with World(tmp_path_factory.mktemp("registers") / "ledger") as world:
        world.settle()
        lived(world)
        household = owed(
            "示例流转金",
            areas=[area("kang")],
            creditor=party("household", person=PERSON),
            obligation=new_id("obligation", "甲"),
        )
        world.accepted("obligation.register.v1", household, "centre", nature="opening")
        neighbours.settle(world)
        neighbours.Village(world, neighbours.FOREIGN, "YUAN-0001")
        with served(world) as running:
            running.projected()
            yield running


def ask(who: Visitor, headers: dict[str, str] | None = None, **asked: str) -> httpx.Response:
    return who.client.get(EXPORT, params=asked, headers=headers, timeout=60)


def names(answer: httpx.Response) -> list[str]:
    """Of the data rows of an export as CSV."""
    assert answer.status_code == 200, answer.text
    _, headings, *rows = csv.reader(io.StringIO(answer.content.decode("utf-8-sig")))
    (at,) = (headings.index(one) for one in NAMED if one in headings)
    return [row[at] for row in rows if row[0] != "合计"]


def sent(who: Visitor, data: bytes, kind: str, **asked: str) -> dict[str, Any]:
    answer = who.client.post(SEND, params=asked, content=data, headers={"Content-Type": kind}, timeout=60)
    assert answer.status_code == 200, answer.text
    told: dict[str, Any] = answer.json()
    return told


@pytest.mark.parametrize("noun", NOUNS)
@pytest.mark.parametrize("form", TYPES)
def test_what_is_exported_is_sent_again_as_nothing_new(office: Served, noun: str, form: str) -> None:
    answer = ask(office.as_("centre"), noun=noun, format=form)
    assert (answer.status_code, answer.headers["content-type"]) == (200, TYPES[form])  # type: ignore[index]
    assert f'filename="{noun}.{form}"' in answer.headers["content-disposition"]
    kind = TYPES[form].partition(";")[0]  # type: ignore[index]
    told = sent(office.as_("centre"), answer.content, kind, noun=noun, area="青溪乡")
    found = [row["outcome"] for row in told["rows"] if row["outcome"] != "skip"]
    assert found == ["same"] * (4 if noun == "obligation" else 3)
    assert (told["complete"], told["prepared"]) == (True, [])


@pytest.mark.parametrize("noun", NOUNS)
def test_it_is_the_file_of_the_command_line(office: Served, noun: str) -> None:
    content, _ = export_register(office.world.desk, noun, Wanted(), csv=True)
    assert ask(office.as_("registrar"), noun=noun, format="csv").content == content


def test_whoever_asks_gets_what_lies_in_the_own_areas_and_nothing_of_elsewhere(office: Served) -> None:
    def asset_names(who: str, **asked: str) -> list[str]:
        return names(ask(office.as_(who), noun="asset", format="csv", **asked))

    assert asset_names("kang") == [COLD, DRYER, ROAD]
    assert asset_names("shan") == [COLD]  # that lies in both villages
    assert asset_names("far") == ["远村冷库"]
    assert asset_names("discipline") == [COLD, DRYER, ROAD, "远村冷库"]
    assert asset_names("kang", area="远村") == []
    assert asset_names("discipline", area="远村") == ["远村冷库"]
    assert asset_names("centre", area="康家村") == [COLD, DRYER, ROAD]
    # As in the list: that of two villages is seen from one's own, and is none of what one sees of the other.
    assert asset_names("shan", area="康家村") == []
    assert office.as_("shan").get("/api/v1/assets?area=康家村").json()["items"] == []
    for who, asked, told in (
        ("kang", "", "（本岗位可见的，"),
        ("kang", "青溪乡", "（青溪乡，限本岗位可见的，"),
        ("discipline", "", "（全部，"),
    ):  # nobody shall take a part for the whole
        title = ask(office.as_(who), noun="asset", format="csv", area=asked).text.partition(",")[0]
        assert told in title
    assert "远村" not in ask(office.as_("kang"), noun="project", format="csv").text


def test_a_part_is_asked_for_by_area_by_class_and_by_body(office: Served) -> None:
    def found(noun: str, **asked: str) -> list[str]:
        return names(ask(office.as_("centre"), noun=noun, format="csv", **asked))

    assert found("asset", area="山背村") == [COLD]
    assert found("obligation", body="信用社") == [LOAN]
    assert found("obligation", area="area:康家村") == [GOODS, LOAN, RENT, "示例流转金"]
    assert found("asset", **{"class": "none"}) == [COLD, DRYER]
    assert found("asset", **{"class": "idle"}) == []


@pytest.mark.parametrize(
    ("asked", "told"),
    [
        ({}, "（全部，"),
        ({"body": "信用社"}, "（限名称含“信用社”的单位的，"),
        ({"body": "信用社\x01"}, "（限名称含“信用社”的单位的，"),
        ({"class": "idle", "area": "青溪乡"}, "（青溪乡，限闲置类的，"),
        ({"class": "none"}, "（限未认定的，"),
    ],
)
@pytest.mark.parametrize("form", TYPES)
def test_what_was_chosen_by_class_or_body_is_not_called_the_whole(
    office: Served, asked: dict[str, str], told: str, form: str
) -> None:
    answer = ask(office.as_("discipline"), noun="obligation", format=form, **asked)
    assert answer.status_code == 200
    if form == "csv":
        assert told in answer.text.partition(",")[0]
    else:
        assert told in str(openpyxl.load_workbook(io.BytesIO(answer.content)).active["A1"].value)  # type: ignore[index]


def test_no_name_of_a_natural_person_leaves_by_an_export_and_none_is_noted_as_read(office: Served) -> None:
    for who in ("kang", "centre", "discipline"):
        answer = ask(office.as_(who), noun="obligation", format="csv")
        assert "（农户，姓名不导出）" in answer.text
        assert PERSON not in answer.text
    book = openpyxl.load_workbook(io.BytesIO(ask(office.as_("centre"), noun="obligation").content))
    cells = [str(cell.value) for page in book for row in page.iter_rows() for cell in row]
    assert "（农户，姓名不导出）" in cells
    assert not any(PERSON in cell for cell in cells)
    assert office.as_("discipline").get("/api/v1/readings").json()["items"] == []


def test_a_register_that_is_as_it_was_is_not_sent_again(office: Served) -> None:
    who = office.as_("kang")
    tag = ask(who, noun="asset").headers["etag"]
    assert tag.startswith('W/"')
    again = ask(who, {"If-None-Match": tag}, noun="asset")
    assert (again.status_code, again.content) == (304, b"")
    for asked in ({"noun": "project"}, {"noun": "asset", "format": "csv"}, {"noun": "asset", "body": "甲"}):
        assert ask(who, {"If-None-Match": tag}, **asked).status_code == 200
    assert ask(office.as_("centre"), {"If-None-Match": tag}, noun="asset").status_code == 200
    office.world.listed("后来的")
    office.projected()
    assert ask(who, {"If-None-Match": tag}, noun="asset").status_code == 200


@pytest.mark.parametrize("noun", NOUNS)
def test_a_template_is_public_takes_no_row_by_itself_and_is_kept_by_its_tag(
    office: Served, noun: str
) -> None:
    answer = office.stranger.get(TEMPLATE, params={"noun": noun})
    assert (answer.status_code, answer.headers["content-type"]) == (200, XLSX)
    tag = answer.headers["etag"]
    assert tag.startswith('"')
    again = office.stranger.get(TEMPLATE, params={"noun": noun}, headers={"If-None-Match": tag})
    assert (again.status_code, again.content) == (304, b"")
    assert office.stranger.get(TEMPLATE, params={"noun": noun}).content == answer.content
    told = sent(office.as_("kang"), answer.content, XLSX)
    assert {row["outcome"] for row in told["rows"]} == {"skip"}
    assert NOUNS[noun].schema.title in openpyxl.load_workbook(io.BytesIO(answer.content)).sheetnames


@pytest.mark.parametrize(
    ("asked", "status", "code", "named"),
    [
        ({"noun": "person"}, 400, "bad_request", "noun"),
        ({"format": "pdf"}, 400, "bad_request", "format"),
        ({"class": "未认定"}, 400, "bad_request", "class"),
        ({"as_of": "2026-01-01"}, 400, "bad_request", "as_of"),
        ({"area": "没有村"}, 422, "unclear_area", "area"),
    ],
)
def test_a_wrong_word_is_named(
    office: Served, asked: dict[str, str], status: int, code: str, named: str
) -> None:
    answer = ask(office.as_("kang"), **asked)
    told = answer.json()
    assert (answer.status_code, told["code"], told["errors"][0]["parameter"]) == (status, code, named)


def test_an_export_takes_a_place_of_the_work_room_and_a_template_none(office: Served) -> None:
    room = office.server.config.app.state.service.workroom  # type: ignore[union-attr]
    places, room.places = room.places, Places(0, 0)
    try:
        answer = ask(office.as_("kang"))
        assert (answer.status_code, answer.json()["code"]) == (429, "too_many")
        assert office.stranger.get(TEMPLATE).status_code == 200
    finally:
        room.places = places


def test_an_export_that_takes_too_long_says_how_to_ask_for_less(office: Served) -> None:
    room = WorkRoom()
    made = Order(
        settings=office.world.settings.model_dump(mode="json"),
        signer={},
        areas=None,
        wish={},
        name="project",
        task="csv",
    )
    with pytest.raises(TooMuch):
        room.done(made, b"", seconds=0.01)
    assert room.done(made, b"").startswith(b"\xef\xbb\xbf")
    room.close()


class Hurried(WorkRoom):
    """Nothing is done in its time."""

    def done(self, order: Order, data: bytes, seconds: float = 0.01, errand: Errand | None = None) -> bytes:
        return super().done(order, data, seconds, errand)


def test_what_is_too_much_is_told_to_people_in_their_own_words(office: Served) -> None:
    service = office.server.config.app.state.service  # type: ignore[union-attr]
    room, service.workroom = service.workroom, Hurried()
    try:
        told = ask(office.as_("kang")).json()
        assert (told["status"], told["code"]) == (422, "too_many_rows")
        assert "按区域或分类分开导出" in told["detail"]
        with browser(office, "kang") as client:
            assert "按区域或分类分开导出" in client.get("/assets:export", timeout=60).text
    finally:
        service.workroom.close()
        service.workroom = room


def test_a_list_leads_its_reader_to_both(office: Served) -> None:
    with browser(office, "shan") as client:
        listed = client.get("/assets?area=山背村").text
        for form in TYPES:
            link = f"/assets:export?format={form}&amp;area=%E5%B1%B1%E8%83%8C%E6%9D%91"
            assert f'href="{link}"' in listed
        assert 'href="/api/v1/workbooks:template?noun=asset"' in listed
        answer = client.get("/assets:export?format=csv", timeout=60)
        assert (names(answer), answer.headers["content-type"]) == ([COLD], TYPES["csv"])
        assert NOT_ASKED not in listed
        for more in (
            "q=冷",
            "open=true",
            "checked=false",
            "external=false",
            "as_of=2026-01-01",
            "known_at=9",
        ):
            assert NOT_ASKED in client.get(f"/assets?area=山背村&{more}").text, more
        assert "/meetings:export" not in client.get("/meetings").text
        assert client.get("/meetings:export").status_code == 404
        wrong = client.get("/assets:export?area=没有村")
        assert (wrong.status_code, "没有登记区域" in wrong.text) == (422, True)
    with browser(office) as client:
        assert client.get("/assets:export").headers["location"] == "/login"


def test_rows_that_the_work_room_cannot_read_are_503(tmp_path: Path) -> None:
    with World(tmp_path / "ledger") as world:
        world.settle()
        with served(world) as running:
            running.projected()
            read = tmp_path / "ledger" / "projections.db"
            for part in read.parent.glob(f"{read.name}*"):
                part.rename(tmp_path / part.name)  # the server keeps what it has open
            read.write_bytes(b"no database" * 1_000)
            answer = ask(running.as_("kang"), noun="project")
    assert (answer.status_code, answer.json()["code"]) == (503, "store_failure"), answer.text
