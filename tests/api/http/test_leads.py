"""A paper corrected after what rests on it: the reader is led to it, on the page and in what programs read (D8, D12)."""

from __future__ import annotations

from api.compose import china_today
from domain.values import days_after
from tests.api.pages.conftest import browser
from tests.support.logbook import new_id
from tests.support.served import Served
from tests.support.world import area, project_of

NAME, CODE = "凭材料更正的", "QX-0801"
READ = ("", "/timeline", "/diff?from=2020-01-01")


def test_who_reads_what_rests_on_a_corrected_paper_is_led_to_the_correction(office: Served) -> None:
    world, today = office.world, china_today()
    world.listed(NAME, number=CODE)
    paper = {
        "amount_fen": None,
        "areas": [area("kang")],
        "document": new_id("document", "测量记录"),
        "hash": "d" * 64,
        "issued_on": today,
        "issuer": "青溪乡人民政府",
        "kind": "other",
        "name": "测量记录",
        "number": "",
        "pages": 1,
        "quality": "original",
        "subjects": [project_of(NAME)],
    }
    world.accepted("document.register.v1", paper, "kang")
    material = world.correction(NAME, "凭材料", kind="material", paper=paper["document"])
    world.endorsed(world.accepted("project.correct.v1", material, "kang"), "checks", "centre")
    see = office.as_("kang").get
    before = {path: see(f"/api/v1/projects/{CODE}{path}") for path in READ}
    assert not [one for one in before["/timeline"].json()["items"] if one["leads"]]

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
        "proposal": new_id("proposal", "材料有误"),
        "reason": "录入笔误",
        "version": 1,
    }
    world.endorsed(world.accepted("document.correct.v1", slip, "kang"), "checks", "centre")
    at = world.desk.log.size - 1
    after = {path: see(f"/api/v1/projects/{CODE}{path}") for path in READ}
    told = after["/timeline"].json()["items"]
    assert len(told) == len(before["/timeline"].json()["items"])
    leads = [lead for one in told for lead in one["leads"]]
    assert {(one["subject"], one["position"]) for one in leads} == {(paper["document"], at)}
    for path in READ:
        assert after[path].headers["etag"] != before[path].headers["etag"], path
    with browser(office, "kang") as client:
        page = client.get(f"/projects/{project_of(NAME)}").text
    assert "线索（不是结论）" in page
    assert leads[0]["text"] in page
    assert "认定" in leads[0]["text"]
