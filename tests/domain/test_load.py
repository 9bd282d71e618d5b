"""LOAD: sessions in which the books of whole areas are built up, opened and closed by two, with a population stated (D9)."""

from typing import Any

import pytest

from domain.errors import (
    BadShape,
    BooksClosed,
    DifferenceUnexplained,
    DisciplineIndependent,
    LabelDiffers,
    LateReasonMissing,
    LoadedDiffers,
    NotInBatch,
    OutsideArea,
    ProposalClosed,
    RoleNotAllowed,
    SamePerson,
    SessionOverlaps,
    WrongCapacity,
    WrongCutOver,
    WrongPhase,
)
from domain.record import Recorded
from domain.values import days_after
from tests.domain import estate
from tests.domain.posts import deputise, standing_in
from tests.domain.story import AREAS, TODAY, WAN, Json, Town, actor, identity

CUT_OVER = "2026-06-30"
FEN = 113_500_000  # of a project of the story
LATE = "2020-05-01"
NOTHING: Json = {"count": 0, "total_fen": 0}


def population(projects: int = 0, assets: int = 0, obligations: int = 0) -> Json:
    """So many projects, assets and debts of the usual amounts."""
    return {
        "assets": {"count": assets, "total_fen": assets * 50 * WAN},
        "obligations": {"count": obligations, "total_fen": obligations * 12 * WAN},
        "projects": {"count": projects, "total_fen": projects * FEN},
    }


def opening(name: str = "青溪乡清产核资", *areas: str, stated: Json | None = None, **changed: Any) -> Json:
    named = areas or ("town",)
    return {
        "area_label": "、".join(AREAS.get(one, one) for one in named),
        "areas": [identity("area", one) for one in named],
        "cut_over_on": CUT_OVER,
        "expires_on": days_after(TODAY, 30),
        "load": identity("load", name),
        "name": name,
        "population": population(1) if stated is None else stated,
        "proposal": identity("proposal", f"开立 {name}"),
    } | changed


def closing(name: str = "青溪乡清产核资", loaded: Json | None = None, **changed: Any) -> Json:
    return {
        "expires_on": days_after(TODAY, 60),
        "explanation": "",
        "load": identity("load", name),
        "loaded": population(1) if loaded is None else loaded,
        "name": name,
        "proposal": identity("proposal", f"封账 {name}"),
    } | changed


def approval(town: Town, proposal: str, name: str = "青溪乡清产核资") -> Json:
    return town.signature("approves", proposal) | {"subject": identity("load", name)}


def approve(town: Town, proposal: str, name: str = "青溪乡清产核资", by: str = "head") -> list[Recorded]:
    return town.entries_of(town.when("proposal.endorse.v1", approval(town, f"{proposal} {name}", name), by))


def opened(town: Town, name: str = "青溪乡清产核资", *areas: str, **changed: Any) -> list[Recorded]:
    town.when("load.open.v1", opening(name, *areas, **changed), "centre")
    return approve(town, "开立", name)


def closed(town: Town, name: str = "青溪乡清产核资", **changed: Any) -> list[Recorded]:
    town.when("load.close.v1", closing(name, **changed), "centre")
    return approve(town, "封账", name)


def load(town: Town, name: str = "油茶基地", on: str = LATE, nature: str = "opening", **changed: Any) -> None:
    """An entry of long ago, without a reason why it comes so late."""
    town.when("project.list.v1", town.project(name, **changed), "typist", nature=nature, occurred_on=on)


# --- opened by two --------------------------------------------------------------------------------------


def test_load_1_a_session_is_proposed_by_one_and_opened_by_another(town: Town) -> None:
    proposed, made = town.entries_of(town.when("load.open.v1", opening(), "centre"))
    assert (proposed.event, made.event) == ("load.proposed.v1", "proposal.made.v1")
    assert proposed.state["population"] == population(1)
    label = "开立集中登记场次：青溪乡清产核资，基准日 2026-06-30，应登记项目 1 项 113.5万元、资产 0 项 0万元、债权债务 0 项 0万元"
    assert made.state["label"] == label
    endorsed, session, area = approve(town, "开立")
    assert (endorsed.event, session.event, area.event) == (
        "proposal.endorsed.v1",
        "load.opened.v1",
        "area.load_changed.v1",
    )
    assert (session.state["number"], session.state["code"]) == (1, "code:load:1")
    assert area.stream == identity("area", "town")
    assert (area.state["phase"], area.state["cut_over_on"]) == ("open", CUT_OVER)
    town.check()


def test_proj_9_who_proposed_a_session_does_not_approve_it(town: Town) -> None:
    town.when("load.open.v1", opening(), "centre")
    town.enrol("centre as head", "township", "town", person="centre", post="head")
    with town.refused(SamePerson):
        approve(town, "开立", by="centre as head")
    with town.refused(WrongCapacity, "乡党委政府"):
        approve(town, "开立", by="centre2")
    with town.refused(DisciplineIndependent):
        approve(town, "开立", by="discipline")
    approve(town, "开立")


def test_prop_2_a_session_is_approved_and_not_sealed(town: Town) -> None:
    town.when("load.open.v1", opening(), "centre")
    with town.refused(WrongCapacity):
        payload = approval(town, "开立 青溪乡清产核资") | {"capacity": "seals"}
        town.when("proposal.endorse.v1", payload, "head")


def test_auth_4_auth_5_a_session_is_proposed_by_the_office_over_its_areas(town: Town) -> None:
    for by in ("clerk", "typist", "head"):
        with town.refused(RoleNotAllowed):
            town.when("load.open.v1", opening(), by)
    with town.refused(OutsideArea):
        town.when("load.open.v1", opening("全县", "county"), "centre")


@pytest.mark.parametrize(
    ("changed", "refusal"),
    [
        ({"cut_over_on": days_after(TODAY, 1)}, WrongCutOver),
        ({"area_label": "清溪乡"}, LabelDiffers),
        ({"population": {}}, BadShape),
        ({"population": population() | {"projects": {"count": -1, "total_fen": 0}}}, BadShape),
        ({"areas": []}, BadShape),
    ],
)
def test_load_1_what_a_session_states(town: Town, changed: Json, refusal: Any) -> None:
    with town.refused(refusal):
        town.when("load.open.v1", opening(**changed), "centre")
    town.when("load.open.v1", opening(cut_over_on=TODAY), "centre")


def test_load_1_an_area_stands_once(town: Town) -> None:
    with town.refused(WrongCutOver, "不得重复"):
        town.when("load.open.v1", opening("两村", "kang", "kang"), "centre")
    town.when("load.open.v1", opening("两村", "kang", "shan"), "centre")


@pytest.mark.parametrize(
    ("first", "then"), [(("town",), ("kang",)), (("kang",), ("town",)), (("kang",), ("kang",))]
)
def test_load_2_no_two_sessions_reach_into_each_other(
    town: Town, first: tuple[str, ...], then: tuple[str, ...]
) -> None:
    opened(town, "甲", *first)
    town.when("load.open.v1", opening("乙", *then), "centre")
    with town.refused(SessionOverlaps):
        approve(town, "开立", "乙")
    closed(town, "甲", loaded=population(), explanation="未登记")
    assert approve(town, "开立", "乙")[1].state["number"] == 2
    town.check()


def test_load_2_the_sessions_of_another_process_are_known(town: Town) -> None:
    """A process that has not read on decides on what is recorded all the same, or the replay would find it out."""
    other = town.another_process()
    town.when("load.open.v1", opening("乙", "shan"), "centre")
    town.when("load.open.v1", opening("丙", "town"), "centre")
    opened(town, "甲", "kang")
    signed = town.sign(town.command("proposal.endorse.v1", approval(town, "开立 丙", "丙"), "head"))
    with town.refused(SessionOverlaps):
        other.handle(signed)
    also = town.sign(town.command("proposal.endorse.v1", approval(town, "开立 乙", "乙"), "head"))
    accepted = other.handle(also)
    assert town.entries_of(accepted)[1].state["number"] == 2
    town.check()


# --- what it means for the commands of others -----------------------------------------------------------


@pytest.mark.parametrize("nature", ["fact", "opening"])
def test_cmd_8_in_a_session_nobody_is_asked_why_so_late(town: Town, nature: str) -> None:
    with town.refused(LateReasonMissing):
        load(town, nature=nature)
    town.when("load.open.v1", opening(), "centre")
    with town.refused(LateReasonMissing):  # proposed is not opened
        load(town, nature=nature)
    approve(town, "开立")
    load(town, nature=nature)
    load(town, "茶园", CUT_OVER, nature)
    with town.refused(LateReasonMissing):
        load(town, "竹园", days_after(CUT_OVER, 1), nature)
    load(town, "竹园", days_after(CUT_OVER, 1), nature, late_reason="补登")
    town.check()


def test_cmd_8_a_session_covers_its_areas_and_all_of_them(town: Town) -> None:
    opened(town, "康家村清产核资", "kang")
    shan: Json = {"areas": [identity("area", "shan")], "area_label": "山背村"}
    both: Json = {
        "areas": [identity("area", "kang"), identity("area", "shan")],
        "area_label": "康家村、山背村",
    }
    load(town)
    for places in (shan, both):
        with town.refused(LateReasonMissing):
            load(town, "茶园", **places)
    opened(town, "山背村清产核资", "shan")
    load(town, "茶园", **both)
    load(town, "竹园", **shan)
    town.check()


def test_cmd_8_an_act_is_late_in_a_session_too(town: Town) -> None:
    opened(town)
    load(town)
    entry = town.books.stream(identity("project", "油茶基地"))[0]
    check = town.endorsement() | {"position": entry.position, "leaf": entry.leaf}
    with town.refused(LateReasonMissing):
        town.when("project.endorse.v1", check, "centre", occurred_on=LATE)
    town.when("project.endorse.v1", check, "centre")


def test_cmd_8_a_session_of_the_old_village_covers_what_its_successor_has(town: Town) -> None:
    opened(town, "山背村清产核资", "shan")
    merger = {
        "area": identity("area", "kang"),
        "document": "示例府发〔2026〕3号",
        "how": "merged",
        "label": "山背村",
        "name": "康家村",
        "successors": [identity("area", "shan")],
    }
    with town.refused(LateReasonMissing):
        load(town)
    town.when("area.succeed.v1", merger, "registrar")
    load(town)
    town.check()


def test_load_6_after_the_closing_nothing_is_opened_but_by_a_new_session(town: Town) -> None:
    opened(town)
    load(town)
    closed(town)
    for nature, refusal in (("opening", BooksClosed), ("fact", None)):
        payload = {"on": TODAY, "nature": nature}
        if refusal is None:
            load(town, "茶园", **payload)
        else:
            with town.refused(refusal, "康家村"):
                load(town, "茶园", **payload)
    with town.refused(LateReasonMissing):
        load(town, "竹园", nature="fact")
    opened(town, "第二次清产核资", "kang")
    load(town, "竹园")
    shan: Json = {"areas": [identity("area", "shan")], "area_label": "山背村"}
    with town.refused(BooksClosed):
        load(town, "果园", on=TODAY, **shan)
    town.check()


def move(town: Town, on: str = TODAY, village: str = "kang", to: str = "elsewhere") -> None:
    """A village goes over to another town of the county, in which no session ever was."""
    registration = {
        "area": identity("area", to),
        "division_code": "",
        "kind": "town",
        "name": "白石镇",
        "parent": identity("area", "county"),
    }
    town.when("area.register.v1", registration, "registrar")
    payload = {"area": identity("area", village), "name": AREAS[village], "parent": identity("area", to)}
    town.when("area.move.v1", payload, "registrar", occurred_on=on)
    roles = {"abroad": "recorder", "centre abroad": "service_centre", "head abroad": "township"}
    town.extra |= {name: actor(name, role, to) for name, role in roles.items()}
    town.establish({name: town.extra[name] for name in roles}, dict.fromkeys(roles, (to,)))


@pytest.mark.parametrize("on", [TODAY, "2026-01-01"])
def test_load_6_a_village_takes_its_closed_books_along(town: Town, on: str) -> None:
    """Where it lay when the session was closed counts, also when it turns out that it had moved before."""
    opened(town)
    load(town)
    closed(town)
    move(town, on=on)
    with town.refused(BooksClosed, "康家村"):
        town.when("project.list.v1", town.project("茶园"), "abroad", nature="opening")
    town.when("project.list.v1", town.project("茶园"), "abroad", nature="fact")
    again = opening("白石镇清产核资", "elsewhere", area_label="白石镇")
    town.when("load.open.v1", again, "centre abroad")
    approve(town, "开立", "白石镇清产核资", by="head abroad")
    town.when("project.list.v1", town.project("竹园"), "abroad", nature="opening")
    town.check()


def test_load_6_a_village_that_moved_before_the_closing_has_open_books(town: Town) -> None:
    opened(town)
    move(town)
    closed(town, loaded=population(), explanation="未登记")
    town.when("project.list.v1", town.project("茶园"), "abroad", nature="opening")
    shan: Json = {"areas": [identity("area", "shan")], "area_label": "山背村"}
    with town.refused(BooksClosed):
        load(town, on=TODAY, **shan)
    town.check()


def test_load_6_it_holds_for_every_noun_and_not_where_no_session_was(town: Town) -> None:
    opened(town, "康家村清产核资", "kang")
    closed(town, "康家村清产核资", loaded=population(), explanation="未登记")
    with town.refused(BooksClosed):
        estate.opened(town, on=TODAY)
    with town.refused(BooksClosed):
        estate.owing(town, on=TODAY)
    shan: Json = {"areas": [identity("area", "shan")], "area_label": "山背村"}
    load(town, on=TODAY, **shan)
    town.check()


def test_load_6_a_closed_session_of_another_process_is_known(town: Town) -> None:
    other = town.another_process()
    opened(town)
    closed(town, loaded=population(), explanation="未登记")
    command = town.command("project.list.v1", town.project(), "typist", nature="opening")
    with town.refused(BooksClosed):
        other.handle(town.sign(command))
    town.check()


# --- closed by two, with what was loaded ----------------------------------------------------------------


def test_load_4_all_that_was_loaded_is_counted_with_its_amounts(town: Town) -> None:
    load(town, "早先的", late_reason="补登", nature="fact")
    opened(town, stated=population(2, 1, 1))
    load(town)
    load(town, "茶园", nature="fact")
    estate.opened(town, on=CUT_OVER, original_fen=50 * WAN)
    estate.owing(town, on=CUT_OVER, principal_fen=12 * WAN)
    load(town, "后来的", on=days_after(CUT_OVER, 1), late_reason="补登")
    _, session, area, *villages = closed(town, loaded=population(2, 1, 1))
    assert session.event == "load.closed.v1"
    assert session.state["loaded"] == population(2, 1, 1)
    assert session.state["difference"] == dict.fromkeys(population(), NOTHING)
    assert session.state["notes"] == []
    assert [one.stream for one in (area, *villages)] == [
        identity("area", one) for one in ("town", "kang", "shan")
    ]
    assert {one.state["phase"] for one in (area, *villages)} == {"closed"}
    town.check()


def test_load_4_amounts_are_those_that_hold_when_it_is_closed(town: Town) -> None:
    """A row rewritten while 未核 counts as it is rewritten; one whose amount nobody knows counts without any."""
    opened(town)
    load(town)
    better = town.project(total_fen=5, fund_lines=[]) | {
        "reason": "金额写错",
        "version": 1,
        "late_reason": "",
    }
    town.when("project.supersede.v1", better, "typist", nature="fact", occurred_on=LATE)
    load(town, "茶园", total_fen=None, fund_lines=[])
    loaded = population() | {"projects": {"count": 2, "total_fen": 5}}
    closed(town, loaded=loaded, explanation="一项未载金额")
    town.check()


def test_load_3_a_difference_is_explained_and_kept(town: Town) -> None:
    opened(town, stated=population(3))
    load(town)
    for explanation in ("", "  "):
        with town.refused(DifferenceUnexplained, "3 项"):
            town.when("load.close.v1", closing(explanation=explanation), "centre")
    _, session, *_ = closed(town, explanation="两个项目的资料尚未找到，另行登记")
    assert session.state["difference"]["projects"] == {"count": -2, "total_fen": -2 * FEN}
    assert session.state["notes"] == ["LOAD-3"]
    assert session.state["explanation"].startswith("两个项目")
    town.check()


@pytest.mark.parametrize("loaded", [population(2), population(), population(1, 1)])
def test_load_4_what_is_signed_as_loaded_was_loaded(town: Town, loaded: Json) -> None:
    opened(town)
    load(town)
    town.when("load.close.v1", closing(loaded=loaded, explanation="示例"), "centre")
    with town.refused(LoadedDiffers, "项目 1 项 113.5万元"):
        approve(town, "封账")
    label = town.books.stream(identity("proposal", "封账 青溪乡清产核资"))[0].state["label"]
    withdrawal = {
        "label": label,
        "proposal": identity("proposal", "封账 青溪乡清产核资"),
        "reason": "数目不符",
    }
    town.when("proposal.withdraw.v1", withdrawal, "centre")
    town.when("load.close.v1", closing(proposal=identity("proposal", "又 青溪乡清产核资")), "centre")
    approve(town, "又")
    town.check()


def test_load_6_nothing_is_loaded_while_the_closing_waits(town: Town) -> None:
    """So what both sign as loaded is what was loaded: nothing slips in between count and close."""
    opened(town)
    load(town)
    town.when("load.close.v1", closing(), "centre")
    with town.refused(BooksClosed, "正在封账"):
        load(town, "茶园", on=TODAY)
    with town.refused(LateReasonMissing):
        load(town, "茶园", nature="fact")
    load(town, "茶园", nature="fact", late_reason="补登")
    _, session, *_ = approve(town, "封账")
    assert session.state["loaded"] == population(1)
    town.check()


@pytest.mark.parametrize("how", ["withdrawn", "expired"])
def test_load_6_a_closing_that_came_to_nothing_closes_nothing(town: Town, how: str) -> None:
    opened(town)
    load(town)
    town.when("load.close.v1", closing(expires_on=TODAY), "centre")
    proposal = identity("proposal", "封账 青溪乡清产核资")
    if how == "withdrawn":
        label = town.books.stream(proposal)[0].state["label"]
        withdrawal = {"label": label, "proposal": proposal, "reason": "还有几件"}
        town.when("proposal.withdraw.v1", withdrawal, "centre")
    else:
        town.books.today = days_after(TODAY, 1)
    load(town, "茶园")
    with town.refused(ProposalClosed):
        approve(town, "封账")
    again = closing(
        loaded=population(2), explanation="多一项", proposal=identity("proposal", "又 青溪乡清产核资")
    )
    town.when("load.close.v1", again, "centre")
    approve(town, "又")
    town.check()


def test_load_5_only_an_open_session_is_closed_and_once_at_a_time(town: Town) -> None:
    town.when("load.open.v1", opening(), "centre")
    with town.refused(WrongPhase, "尚未开立"):
        town.when("load.close.v1", closing(), "centre")
    approve(town, "开立")
    load(town)
    with town.refused(LabelDiffers):
        town.when("load.close.v1", closing() | {"name": "另一场次"}, "centre")
    town.when("load.close.v1", closing(), "centre")
    again = closing() | {"proposal": identity("proposal", "又")}
    with town.refused(WrongPhase, "已提出封账"):
        town.when("load.close.v1", again, "centre")
    approve(town, "封账")
    with town.refused(WrongPhase, "已封账"):
        town.when("load.close.v1", again, "centre")


def test_proj_9_who_proposed_the_closing_does_not_approve_it(town: Town) -> None:
    opened(town)
    load(town)
    town.when("load.close.v1", closing(), "centre")
    town.enrol("centre as head", "township", "town", person="centre", post="head")
    with town.refused(SamePerson):
        approve(town, "封账", by="centre as head")
    approve(town, "封账")


def test_batch_5_no_session_is_opened_or_closed_in_a_batch(town: Town) -> None:
    town.when("load.open.v1", opening(), "centre")
    row = town.command("proposal.endorse.v1", approval(town, "开立 青溪乡清产核资"), "head")
    other = town.command("proposal.withdraw.v1", {"label": "无", "proposal": "无", "reason": "无"}, "head")
    accepted = town.ledger.preview_batch(town.batch([row, other], "head"))
    assert type(accepted.refused[0][1]) is NotInBatch


def test_d9_a_whole_workbook_is_loaded_as_one_batch(town: Town) -> None:
    opened(town, stated=population(3))
    rows = [
        town.command("project.list.v1", town.project(name), "typist", nature="opening", occurred_on=LATE)
        for name in ("一", "二", "三")
    ]
    accepted = town.when_batch(rows)
    assert accepted.refused == ()
    closed(town, loaded=population(3))
    refused = town.ledger.preview_batch(
        town.batch([town.command("project.list.v1", town.project("四"), "typist", nature="opening")])
    ).refused
    assert [type(why) for _, why in refused] == [BooksClosed]
    town.check()


def test_auth_9_a_deputy_approves_a_session(town: Town) -> None:
    deputise(town, "head", "centre2")
    town.when("load.open.v1", opening(), "centre")
    payload = approval(town, "开立 青溪乡清产核资")
    accepted = town.when("proposal.endorse.v1", payload, signers=standing_in("centre2", "head"))
    assert town.entries_of(accepted)[1].event == "load.opened.v1"
    town.check()
