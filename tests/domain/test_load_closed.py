"""LOAD-3 to 6: a session is closed by two, with what was loaded and every difference explained; then the books of its areas are closed."""

import pytest

from domain.errors import (
    BooksClosed,
    DifferenceUnexplained,
    LabelDiffers,
    LateReasonMissing,
    LoadedDiffers,
    ProposalClosed,
    SamePerson,
    WrongPhase,
)
from domain.values import days_after
from tests.domain import estate
from tests.domain.loads import (
    CUT_OVER,
    FEN,
    LATE,
    approval,
    approve,
    closed,
    closing,
    load,
    opened,
    opening,
    population,
)
from tests.domain.story import AREAS, TODAY, WAN, Json, Town, actor, identity
from tests.domain.test_area import new_area
from tests.domain.test_ledger import meddled

NOTHING: Json = {"count": 0, "total_fen": 0}


def test_load_6_after_the_closing_nothing_is_opened_but_by_a_new_session(town: Town) -> None:
    opened(town)
    load(town)
    closed(town)
    for nature, refusal in (("opening", BooksClosed), ("fact", None)):
        payload = {"on": TODAY, "nature": nature}
        if refusal is None:
            load(town, "茶园", **payload)
        else:
            with town.refused(
                refusal,
                f"区域“康家村”（area_.*）的集中登记场次“青溪乡清产核资”（load_.*）（基准日 {CUT_OVER}）",
            ):
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
    payload = {
        "area": identity("area", village),
        "name": AREAS.get(village, village),
        "parent": identity("area", to),
    }
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


def test_load_6_a_village_that_is_registered_meanwhile_is_no_matter_of_the_closing(town: Town) -> None:
    """Who closes did not know of it, the replay does: its books are closed because it lies there, and it takes them along."""
    opened(town)
    town.when("load.close.v1", closing(loaded=population(), explanation="未登记"), "centre")
    approving = town.command("proposal.endorse.v1", approval(town, "封账 青溪乡清产核资"), "head")
    ledger = meddled(town, lambda _: new_area(town, "新村"))
    ledger.handle(town.sign(approving))
    new: Json = {"areas": [identity("area", "新村")], "area_label": "新村"}
    with town.refused(BooksClosed):
        load(town, on=TODAY, **new)
    move(town, village="新村")
    with town.refused(BooksClosed):
        town.when("project.list.v1", town.project(**new), "abroad", nature="opening")
    town.check()


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


LESS: Json = {"projects": {"count": 1, "total_fen": FEN - 1}}
MORE: Json = {"projects": {"count": 1, "total_fen": FEN + 1}}


@pytest.mark.parametrize("loaded", [population(2), population(1, 1), population() | MORE])
def test_load_4_nothing_is_proposed_as_loaded_that_was_not(town: Town, loaded: Json) -> None:
    opened(town)
    load(town, "早先的", on=days_after(CUT_OVER, 1), late_reason="补登")
    load(town)
    with town.refused(LoadedDiffers, "已登记项目 1 项 113.5万元.*请按实际填写") as caught:
        town.when("load.close.v1", closing(loaded=loaded, explanation="示例"), "centre")
    assert caught.value.detail["loaded"] == population(1)
    closed(town)
    town.check()


def test_load_4_what_is_loaded_in_the_same_batch_before_it_is_loaded(town: Town) -> None:
    opened(town)
    load(town)
    row = town.command("project.list.v1", town.project("茶园"), "centre", nature="opening", occurred_on=LATE)
    ending = town.command("load.close.v1", closing(loaded=population(2), explanation="多一项"), "centre")
    first = town.ledger.preview_batch(town.batch([ending, row], "centre"))
    assert [type(why) for _, why in first.refused] == [LoadedDiffers]
    assert town.when_batch([row, ending], "centre").refused == ()
    approve(town, "封账")
    town.check()


def test_load_4_what_others_load_between_question_and_record_is_told_who_approves(town: Town) -> None:
    """Who proposes did not know of it; the replay does, and finds the proposal as good as it was."""
    opened(town)
    load(town)
    ledger = meddled(town, lambda _: load(town, "茶园"))
    ledger.handle(town.sign(town.command("load.close.v1", closing(), "centre")))
    with town.refused(LoadedDiffers, "项目 2 项.*请撤回后按实际另提"):
        approve(town, "封账")
    town.check()


def test_load_4_what_was_rewritten_while_the_closing_waits_is_counted_again(town: Town) -> None:
    opened(town)
    load(town)
    town.when("load.close.v1", closing(), "centre")
    less = town.project(total_fen=5, fund_lines=[]) | {"reason": "金额写错", "version": 1}
    town.when(
        "project.supersede.v1", less | {"late_reason": "补登"}, "typist", nature="fact", occurred_on=LATE
    )
    with town.refused(LoadedDiffers, "请撤回后按实际另提"):
        approve(town, "封账")
    town.check()


@pytest.mark.parametrize("loaded", [population(), population() | LESS])
def test_load_4_what_is_signed_as_loaded_was_loaded(town: Town, loaded: Json) -> None:
    """Less may be stated as long as others load: what there is when it is recorded nobody knows who states it."""
    opened(town)
    load(town)
    town.when("load.close.v1", closing(loaded=loaded, explanation="示例"), "centre")
    with town.refused(LoadedDiffers, "项目 1 项 113.5万元.*请撤回后按实际另提"):
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
    says = "场次“青溪乡清产核资”（load_.*）已提出封账.*提议“集中登记封账：青溪乡清产核资.*”（proposal_"
    with town.refused(WrongPhase, says):
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
