"""A paper corrected after what rests on it: the reader is led to it, on the page and in what programs read (D8, D12)."""

from __future__ import annotations

from typing import Any

from api.compose import china_today
from domain.values import days_after
from projections.trace import trace
from tests.api.pages.conftest import browser
from tests.support.logbook import new_id
from tests.support.served import Served
from tests.support.world import World, area, project_of

Json = dict[str, Any]

READ = ("", "/timeline", "/diff?from=2020-01-01")


def registered(world: World, code: str, place: str) -> Json:
    """A paper of a village, on which an entry of a project of 康家村 with this number and name rests."""
    world.listed(code, number=code)
    paper = {
        "amount_fen": None,
        "areas": [area(place)],
        "document": new_id("document", code),
        "hash": "d" * 64,
        "issued_on": china_today(),
        "issuer": "青溪乡人民政府",
        "kind": "other",
        "name": "测量记录",
        "number": "",
        "pages": 1,
        "quality": "original",
        "subjects": [project_of(code)],
    }
    world.accepted("document.register.v1", paper, "centre")
    material = world.correction(code, f"{code}凭材料", kind="material", paper=paper["document"])
    world.endorsed(world.accepted("project.correct.v1", material, "centre"), "checks", "centre2")
    return paper


def put_right(world: World, paper: Json) -> int:
    """Where the correction of the paper is recorded."""
    today = china_today()
    change = {"field": "quality", "now": "recollection", "was": "original"}
    slip = {
        "changes": [change, {"field": "issued_on", "now": days_after(today, -1), "was": today}],
        "document": paper["document"],
        "expires_on": days_after(today, 30),
        "instead": "",
        "instead_name": "",
        "kind": "slip",
        "name": "测量记录",
        "paper": "",
        "proposal": new_id("proposal", paper["document"]),
        "reason": "录入笔误",
        "version": 1,
    }
    world.endorsed(world.accepted("document.correct.v1", slip, "centre"), "checks", "centre2")
    return world.desk.log.size - 1


def test_who_reads_what_rests_on_a_corrected_paper_is_led_to_the_correction(office: Served) -> None:
    code = "QX-0801"
    paper = registered(office.world, code, "kang")
    see = office.as_("kang").get
    before = {path: see(f"/api/v1/projects/{code}{path}") for path in READ}
    assert not [one for one in before["/timeline"].json()["items"] if one["leads"]]

    at = put_right(office.world, paper)
    after = {path: see(f"/api/v1/projects/{code}{path}") for path in READ}
    told = after["/timeline"].json()["items"]
    assert len(told) == len(before["/timeline"].json()["items"])
    leads = [lead for one in told for lead in one["leads"]]
    assert {(one["subject"], one["position"]) for one in leads} == {(paper["document"], at)}
    for path in READ[1:]:  # in its state alone there are no leads
        assert after[path].headers["etag"] != before[path].headers["etag"], path
    with browser(office, "kang") as client:
        page = client.get(f"/projects/{project_of(code)}").text
    assert "线索（不是结论）" in page
    assert leads[0]["text"] in page
    assert "认定" in leads[0]["text"]


def test_auth_5_of_a_paper_elsewhere_it_is_told_that_it_was_corrected_and_not_what(office: Served) -> None:
    code = "QX-0802"
    at = put_right(office.world, registered(office.world, code, "shan"))
    texts = {who: led(office, code, who) for who in ("kang", "township", "registrar")}
    fields = "（材料来源、材料日期）"
    assert texts["kang"] == texts["township"].replace(fields, "")
    assert texts["kang"].startswith(f"所凭的材料“测量记录”此后已更正，见第 {at} 号：")
    assert texts["registrar"] == texts["township"]
    assert fields in texts["township"]
    whole = trace(office.world.desk.reader, project_of(code)).as_text()
    assert fields in "".join(whole.split())


def led(office: Served, code: str, who: str) -> str:
    """The lead as it stands in all that this reader is told of the project."""
    see = office.as_(who).get
    told = see(f"/api/v1/projects/{code}/timeline").json()["items"]
    compared = see(f"/api/v1/projects/{code}/diff?from=2020-01-01").json()["entries"]
    (text,), (there,) = (
        {lead["text"] for one in items for lead in one["leads"]} for items in (told, compared)
    )
    assert there == text
    with browser(office, who) as client:
        assert text in client.get(f"/projects/{project_of(code)}").text
    return str(text)
