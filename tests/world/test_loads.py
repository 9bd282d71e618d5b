"""A load session on a whole system: a workbook of old rows in one batch, what was stated against what is there, the closing."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from api.compose import china_today
from api.lines import session_lines
from domain.values import days_after
from projections.follow import follow
from projections.load import NOUN, Session, sessions
from projections.pages import page
from projections.trace import trace
from projections.wanted import Wanted
from tests.domain.estate import opening_of, owed, party
from tests.support.logbook import new_id
from tests.support.second import SecondVerifier
from tests.support.world import WAN, World, area, organisation

Json = dict[str, Any]
FEN = 113_500_000
LOAD = new_id("load", "青溪乡")
NAME = "青溪乡清产核资"
NOTHING: Json = {"count": 0, "total_fen": 0}


def part(count: int, fen: int) -> Json:
    return {"count": count, "total_fen": count * fen}


def opened(world: World, stated: Json, *, approved: bool = True) -> None:
    payload = {
        "area_label": "青溪乡",
        "areas": [area("town")],
        "cut_over_on": "2026-06-30",
        "expires_on": days_after(china_today(), 30),
        "load": LOAD,
        "name": NAME,
        "population": stated,
        "proposal": new_id("proposal", "开立"),
    }
    at = world.accepted("load.open.v1", payload, "centre")
    assert look(world)[0].phase == "proposed"
    if approved:
        world.endorsed(at, "approves", "township")
        assert look(world, "2099-12-31")[0].remark == ""


def closing_of(loaded: Json, explanation: str = "") -> Json:
    return {
        "expires_on": days_after(china_today(), 30),
        "explanation": explanation,
        "load": LOAD,
        "loaded": loaded,
        "name": NAME,
        "proposal": new_id("proposal", "封账"),
    }


def closing(world: World, loaded: Json, explanation: str = "") -> int:
    return world.accepted("load.close.v1", closing_of(loaded, explanation=explanation), "centre")


def look(world: World, today: str = "") -> list[Session]:
    follow(world.desk.reader, world.desk.projections)
    return sessions(world.desk.projections, today or china_today())


def test_a_session_from_its_opening_to_its_closing(
    world: World, tmp_path: Path, second: SecondVerifier
) -> None:
    assert look(world) == []
    assert session_lines([]) == ["没有集中登记场次"]
    world.listed("早先登记的")
    stated = {"assets": part(1, 50 * WAN), "obligations": NOTHING, "projects": part(3, FEN)}
    opened(world, stated)
    (session,) = look(world)
    assert (session.number, session.phase_title, session.signed) == ("1", "登记中", False)
    assert session.loaded == {"assets": NOTHING, "obligations": NOTHING, "projects": NOTHING}

    clerk = world.clerk("recorder")
    rows = [
        clerk.prepare("project.list.v1", world.project(name), nature="opening", occurred_on="2020-05-01")
        for name in ("一", "二", "三")
    ]
    answer = world.hand_in(world.batch_envelope(rows, "recorder", 3 * FEN), rows)
    assert (answer.ok, answer.accepted) == (True, ((0, 2),))
    cold = opening_of(areas=[area("kang")], custodian=organisation("kang"))
    world.accepted("asset.open.v1", cold, "kang", nature="opening", occurred_on="2026-06-30")
    debt = owed(areas=[area("kang")], creditor=party(name="青溪砖瓦厂"))
    world.accepted("obligation.register.v1", debt, "kang", nature="opening", occurred_on="2026-06-30")
    (session,) = look(world)
    loaded = {"assets": part(1, 50 * WAN), "obligations": part(1, 12 * WAN), "projects": part(3, FEN)}
    assert (session.loaded, session.difference["obligations"]) == (loaded, part(1, 12 * WAN))
    assert session_lines([session])[1:] == [
        "  项目      应登记 3 项 340.5万元，已登记 3 项 340.5万元，相符",
        "  资产      应登记 1 项 50万元，已登记 1 项 50万元，相符",
        "  债权债务  应登记 0 项 0万元，已登记 1 项 12万元，相差 1 项 12万元",
    ]

    at = closing(world, loaded, explanation="清理合同时另查明一笔")
    assert look(world)[0].phase == "closing"
    world.endorsed(at, "approves", "township")
    (session,) = look(world)
    assert (session.phase_title, session.signed, session.loaded) == ("已封账", True, loaded)
    assert session_lines([session])[-1] == "  差异说明：清理合同时另查明一笔"
    world.refuses("books_closed", "project.list.v1", world.project("四"), "recorder", nature="opening")

    shown = trace(world.desk.reader, LOAD)
    assert [item.event for item in shown.timeline] == [
        "load.proposed.v1",
        "proposal.made.v1",
        "proposal.endorsed.v1",
        "load.opened.v1",
        "area.load_changed.v1",
        "load.closing_proposed.v1",
        "proposal.made.v1",
        "area.load_changed.v1",
        "proposal.endorsed.v1",
        "load.closed.v1",
        *["area.load_changed.v1"] * 3,  # the books of the town and of its villages are closed
    ]
    assert "LOAD-3" in shown.as_text()
    assert "项目 0 项 0万元、资产 0 项 0万元、债权债务 1 项 12万元" in "".join(
        line.strip() for line in shown.as_text().splitlines()
    )
    assert trace(world.desk.reader, LOAD, known_at=session_opened(shown)).value("loaded") is None
    world.check(tmp_path, second)


def session_opened(shown: Any) -> int:
    return next(item.position for item in shown.timeline if item.event == "load.opened.v1")


def test_a_closing_that_came_to_nothing_is_no_closing(
    world: World, tmp_path: Path, second: SecondVerifier
) -> None:
    stated = {"assets": NOTHING, "obligations": NOTHING, "projects": part(1, FEN)}
    opened(world, stated)
    world.refuses("loaded_differs", "load.close.v1", closing_of(stated), "centre")
    at = closing(world, dict.fromkeys(stated, NOTHING), explanation="资料未找到")
    expired = days_after(china_today(), 31)
    assert [one.phase for one in (*look(world), *look(world, expired))] == ["closing", "open"]
    assert look(world, expired)[0].loaded["projects"] == NOTHING
    until = days_after(expired, -1)
    lapsed = f"封账的提议已于 {until} 到期，未获批准，仍在登记"
    assert [one.remark for one in (*look(world), *look(world, until), *look(world, expired))] == [
        "",
        "",
        lapsed,
    ]
    assert f"登记中（{lapsed}）" in session_lines(look(world, expired))[0]
    assert phase(world, until) == ("封账待批", "", {})
    assert phase(world, expired) == ("封账待批", lapsed, {"phase": lapsed})
    label = world.entry(at + 1).state["label"]
    withdrawal = {"label": label, "proposal": new_id("proposal", "封账"), "reason": "还没有登记"}
    world.accepted("proposal.withdraw.v1", withdrawal, "centre")
    (session,) = look(world)
    assert (session.phase, session.signed, session.difference["projects"]) == ("open", False, part(-1, FEN))
    withdrawn = "封账的提议已撤回，仍在登记"
    assert (session.remark, phase(world)) == (withdrawn, ("封账待批", withdrawn, {"phase": withdrawn}))
    assert phase(world, known_at=at + 2) == ("封账待批", "", {})
    world.check(tmp_path, second)


def phase(world: World, today: str = "", known_at: int | None = None) -> tuple[str, str, Any]:
    """The phase as a page tells it on a day, what the day adds to it, and what it adds on the list."""
    today = today or china_today()
    shown = trace(world.desk.reader, LOAD, known_at=known_at, today=today)
    (held,) = [one for one in shown.state if one.field == "phase"]
    (item,) = page(world.desk.projections, NOUN, Wanted(known_at=known_at), today=today).items
    return held.shown, held.remark, item.remarks


def test_an_opening_that_nobody_approved_in_time_is_said_to_have_expired(world: World) -> None:
    opened(world, {"assets": NOTHING, "obligations": NOTHING, "projects": NOTHING}, approved=False)
    until = days_after(china_today(), 30)
    lapsed = f"开立的提议已于 {until} 到期，未获批准，不再开立"
    assert [one.remark for one in (*look(world, until), *look(world, days_after(until, 1)))] == ["", lapsed]
    assert phase(world, days_after(until, 1)) == ("待批", lapsed, {"phase": lapsed})
