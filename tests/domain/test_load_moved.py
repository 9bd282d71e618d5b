"""LOAD-2, LOAD-6: villages that are moved, merged and divided take their sessions and their closed books along."""

import pytest

from domain.errors import BooksClosed, SessionOverlaps
from tests.domain.foreign import CENTRE, HEAD, HERE, TYPIST, abroad
from tests.domain.loads import approve, closed, closing, load, opened, opening, population
from tests.domain.story import AREAS, TODAY, Town, identity
from tests.domain.test_area import new_area, succeed

ABROAD = "白石镇"
ON = "2026-01-01"


def opened_abroad(town: Town) -> None:
    town.when("load.open.v1", opening(f"{ABROAD}清产核资", "elsewhere", area_label=ABROAD), CENTRE)
    approve(town, "开立", f"{ABROAD}清产核资", by=HEAD)


def load_abroad(town: Town, name: str, on: str = TODAY) -> None:
    town.when("project.list.v1", town.project(name, **HERE), TYPIST, nature="opening", occurred_on=on)


def move(town: Town, village: str, to: str, name: str = "") -> None:
    payload = {
        "area": identity("area", village),
        "name": name or AREAS[village],
        "parent": identity("area", to),
    }
    town.when("area.move.v1", payload, "registrar")


def into(town: Town, *successors: str, area: str = "kang", on: str = ON) -> None:
    how = "merged" if len(successors) == 1 else "divided"
    names = AREAS | {"shi": "石桥村", "elsewhere": ABROAD}
    label = "、".join(names.get(one, one) for one in successors)
    succeed(town, *successors, area=area, name=names[area], how=how, label=label, on=on)


@pytest.mark.parametrize("on", [TODAY, ON])
def test_load_6_what_takes_over_a_closed_village_has_closed_books(town: Town, on: str) -> None:
    """On whichever day it did: it is entered after the closing."""
    abroad(town)
    opened(town)
    closed(town, loaded=population(), explanation="未登记")
    load_abroad(town, "茶园")
    into(town, "shi", on=on)
    with town.refused(BooksClosed, "石桥村"):
        load_abroad(town, "竹园")
    town.when("project.list.v1", town.project("竹园", **HERE), TYPIST, nature="fact")
    opened_abroad(town)
    load_abroad(town, "果园")
    town.check()


def test_load_6_each_part_of_a_divided_village_has_closed_books(town: Town) -> None:
    abroad(town)
    opened(town, "康家村清产核资", "kang")
    closed(town, "康家村清产核资", loaded=population(), explanation="未登记")
    load(town, on=TODAY, areas=[identity("area", "shan")], area_label="山背村")
    into(town, "shan", "shi")
    with town.refused(BooksClosed, "石桥村"):
        load_abroad(town, "竹园")
    with town.refused(BooksClosed, "山背村"):
        load(town, "果园", on=TODAY, areas=[identity("area", "shan")], area_label="山背村")
    town.check()


def test_load_6_a_village_that_came_later_takes_closed_books_along(town: Town) -> None:
    """It lay elsewhere when they were closed; where it lay since, they were."""
    abroad(town)
    opened(town)
    closed(town, loaded=population(), explanation="未登记")
    move(town, "shi", "town", "石桥村")
    move(town, "shi", "elsewhere", "石桥村")
    with town.refused(BooksClosed, "石桥村"):
        load_abroad(town, "竹园")
    town.check()


@pytest.mark.parametrize("how", ["moved", "merged into its neighbour", "merged into a new one"])
def test_load_6_where_it_is_known_already_nothing_is_said_again(town: Town, how: str) -> None:
    abroad(town)
    opened(town)
    closed(town, loaded=population(), explanation="未登记")
    if how == "moved":
        move(town, "kang", "elsewhere")
    elif how == "merged into its neighbour":
        into(town, "shan")
    else:
        new_area(town, "新村")
        into(town, "新村")
    last = town.books.entries[-1]
    assert last.event in {"area.moved.v1", "area.succeeded.v1"}
    town.check()


def test_load_6_two_villages_of_one_session_become_one(town: Town) -> None:
    opened(town, "两村清产核资", "kang", "shan")
    load(town)
    into(town, "shan")
    assert town.books.entries[-1].event == "area.succeeded.v1"
    closed(town, "两村清产核资")
    town.check()


def test_load_6_an_open_session_of_a_village_goes_on_where_it_was_merged_into(town: Town) -> None:
    """What was loaded before and after is counted, and what is closed is both."""
    abroad(town)
    opened(town, "康家村清产核资", "kang", stated=population(2))
    load(town)
    into(town, "shi")
    load_abroad(town, "茶园", on="2020-05-01")
    name = "康家村清产核资"
    town.when("load.close.v1", closing(name, loaded=population(2)), CENTRE)
    with town.refused(BooksClosed, "正在封账"):
        load_abroad(town, "竹园")
    marks = [one.stream for one in town.books.entries[-2:]]
    assert marks == [identity("area", "kang"), identity("area", "shi")]
    approve(town, "封账", name, by=HEAD)
    with town.refused(BooksClosed, "已封账"):
        load_abroad(town, "竹园")
    town.check()


def test_load_6_an_open_session_of_the_town_stays_behind(town: Town) -> None:
    abroad(town)
    opened(town)
    into(town, "shi")
    closed(town, loaded=population(), explanation="未登记")
    load_abroad(town, "竹园")
    town.check()


@pytest.mark.parametrize("how", ["moved", "merged"])
def test_load_2_no_village_comes_under_two_sessions_that_are_not_closed(town: Town, how: str) -> None:
    """Else what is loaded there would be counted by both."""
    abroad(town)
    opened(town, "康家村清产核资", "kang")
    opened_abroad(town)

    def go() -> None:
        if how == "moved":
            move(town, "kang", "elsewhere")
        else:
            into(town, "shi")

    with town.refused(SessionOverlaps, "都未封账"):
        go()
    closed(town, "康家村清产核资", loaded=population(), explanation="未登记")
    go()
    town.check()


@pytest.mark.parametrize("how", ["moved", "merged"])
def test_load_2_one_of_two_villages_of_a_session_comes_under_no_other_either(town: Town, how: str) -> None:
    """That it is over another village too makes it no less this one's own."""
    abroad(town)
    opened(town, "两村清产核资", "kang", "shan")
    opened_abroad(town)
    with town.refused(SessionOverlaps, identity("load", "两村清产核资")):
        if how == "moved":
            move(town, "kang", "elsewhere")
        else:
            into(town, "shi")


@pytest.mark.parametrize("how", ["moved", "merged"])
def test_load_2_an_open_session_comes_to_where_the_books_are_closed(town: Town, how: str) -> None:
    """Only one of the two is loading: nothing is counted twice."""
    abroad(town)
    opened(town, "康家村清产核资", "kang")
    opened_abroad(town)
    name = f"{ABROAD}清产核资"
    ending = closing(name, loaded=population(), explanation="未登记")
    town.when("load.close.v1", ending, CENTRE)
    approve(town, "封账", name, by=HEAD)
    if how == "moved":
        move(town, "kang", "elsewhere")
    else:
        into(town, "shi")
    town.check()


def test_load_2_under_the_session_of_the_town_that_it_only_lay_in_it_may_go(town: Town) -> None:
    abroad(town)
    opened(town)
    opened_abroad(town)
    load(town)
    move(town, "kang", "elsewhere")
    closed(town, loaded=population(), explanation="随村划出")
    town.when("load.close.v1", closing(f"{ABROAD}清产核资"), CENTRE)
    approve(town, "封账", f"{ABROAD}清产核资", by=HEAD)
    town.check()
