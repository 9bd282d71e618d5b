"""CMD and SEEN: what every command must be before any noun is asked, and in which order it is refused."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import pytest

from domain.command import render
from domain.decide import decide
from domain.errors import (
    BadShape,
    Expired,
    FutureDate,
    NotChecked,
    SubjectMoved,
    UnknownCommand,
    WrongNature,
    WrongOrigin,
    WrongSeen,
    WrongSummary,
)
from domain.record import Signed
from domain.values import is_moving
from domain.world import World
from tests.domain.story import Town, identity
from tests.support.memory_books import MemoryBooks


def test_cmd_1_a_command_of_an_unknown_name_or_version_is_refused(town: Town) -> None:
    for name in ("project.burn.v1", "project.list.v2"):
        with town.refused(UnknownCommand, name):
            town.when(name, town.project(), nature="fact")


@pytest.mark.parametrize(
    ("changed", "pointer"),
    [
        ({"build_year": 2016.0}, "/payload/build_year"),
        ({"build_year": True}, "/payload/build_year"),
        ({"build_year": "2016"}, "/payload/build_year"),
        ({"total_fen": 2**53}, "/payload/total_fen"),
        ({"total_fen": -1}, "/payload/total_fen"),
        ({"name": ""}, "/payload/name"),
        ({"name": " 油茶基地"}, "/payload/name"),
        ({"name": "油茶\n基地"}, "/payload/name"),
        ({"number": "QX 0007"}, "/payload/number"),
        ({"number": {"a": 1}}, "/payload/number"),
        ({"a-b": 1}, "/payload/a-b"),
        ({"areas": []}, "/payload/areas"),
        ({"areas": ["town_aaaaaaaaaaaaaaaaaaaaaaaaaa"]}, "/payload/areas/0"),
        ({"project": "project_x"}, "/payload/project"),
        ({"colour": "red"}, "/payload/colour"),
    ],
)
def test_cmd_2_a_payload_of_another_shape_is_refused(
    town: Town, changed: dict[str, Any], pointer: str
) -> None:
    with town.refused(BadShape, f"^{pointer} "):
        town.when("project.list.v1", town.project(**changed), nature="fact")


def test_cmd_2_a_missing_field_is_refused(town: Town) -> None:
    payload = town.project()
    del payload["scale"]
    with town.refused(BadShape, "/payload/scale"):
        town.when("project.list.v1", payload, nature="fact")


@pytest.mark.parametrize(
    "changed",
    [
        {"nonce": "0"},
        {"nature": "wish"},
        {"occurred_on": "2026-02-30"},
        {"occurred_on": "1899-12-31"},
        {"signed_at": "2026-11-23T01:00:00+08:00"},
        {"colour": "red"},
    ],
)
def test_cmd_2_a_header_of_another_shape_is_refused(town: Town, changed: dict[str, Any]) -> None:
    with town.refused(BadShape):
        town.when("project.list.v1", town.project(), **({"nature": "fact"} | changed))


def test_cmd_2_what_becomes_a_code_fits_an_id(town: Town) -> None:
    with town.refused(BadShape, "^/payload/number 不符合格式"):
        town.listed(number="𠮷" * 46)
    town.listed(number="𠮷" * 45)
    assert town.books.moves(["code:project:" + "𠮷" * 45]) == {"code:project:" + "𠮷" * 45: 1}


def test_cmd_2_a_row_code_is_an_id(town: Town) -> None:
    row = {"file": "f" * 64, "row": 5, "sheet": "Sheet1"}
    with town.refused(BadShape, "^/payload/row/code "):
        town.listed(row=row | {"code": "code:row:" + "f" * 192})
    town.listed(row=row | {"code": "code:row:" + "f" * 191})


def test_cmd_5_the_longest_names_still_give_a_summary(town: Town) -> None:
    assert (
        len(render("project.list.v1", town.project("名" * 200, area_label="区" * 200, number="号" * 60)))
        <= 400
    )


def test_cmd_3_a_command_for_another_ledger_is_refused(town: Town) -> None:
    with town.refused(WrongOrigin):
        town.when("project.list.v1", town.project(), nature="fact", origin="bangfu/999999002/" + "0" * 32)


def test_cmd_4_a_command_holds_until_its_last_day(town: Town) -> None:
    with town.refused(Expired):
        town.when("project.list.v1", town.project(), nature="fact", valid_until="2026-11-22")
    town.when("project.list.v1", town.project(), nature="fact", valid_until="2026-11-23")


def test_cmd_5_the_summary_is_the_one_that_the_content_gives(town: Town) -> None:
    with town.refused(WrongSummary, "113.5万元"):
        town.when("project.list.v1", town.project(), nature="fact", summary="登记项目")


def test_cmd_6_a_command_has_its_natures(town: Town) -> None:
    town.listed()
    with town.refused(WrongNature):
        town.when("project.endorse.v1", town.endorsement(), "centre", nature="fact")


def test_cmd_7_nothing_has_happened_tomorrow(town: Town) -> None:
    with town.refused(FutureDate):
        town.when("project.list.v1", town.project(), nature="fact", occurred_on="2026-11-24")


def test_seen_1_it_lists_exactly_the_moving_ids_of_the_payload(town: Town) -> None:
    project = identity("project", "油茶基地")
    for seen in ([], [[project, 0], [identity("proposal", "1"), 0]], [[identity("key", "a"), 0]]):
        with town.refused(WrongSeen, project):
            town.when("project.list.v1", town.project(), nature="fact", seen=seen)


def test_seen_2_an_act_whose_subject_has_moved_is_refused_with_the_difference(town: Town) -> None:
    project = town.listed()
    stale = town.command("project.endorse.v1", town.endorsement(), "centre")
    town.when("project.supersede.v1", town.project() | {"reason": "x", "version": 1}, nature="fact")
    with town.refused(SubjectMoved, f"{project}（所见 1，现为 2）"):
        town.ledger.handle(town.sign(stale))


def test_seen_2_a_fact_is_recorded_with_what_its_signer_had_seen(town: Town) -> None:
    project = identity("project", "油茶基地")
    accepted = town.when("project.list.v1", town.project(), nature="fact", seen=[[project, 5]])
    assert town.only(accepted).command is not None
    town.check()


def test_seen_comes_before_the_guards_and_authority_before_both(town: Town) -> None:
    town.listed()
    town.when("project.supersede.v1", town.project() | {"reason": "x", "version": 1}, nature="fact")
    stale = [[identity("project", "油茶基地"), 1], [identity("proposal", "1"), 0]]
    with town.refused(SubjectMoved):
        town.when("project.opine_class.v1", town.opinion(), "clerk", seen=stale)
    with town.refused(NotChecked):
        town.when("project.opine_class.v1", town.opinion(), "clerk")


def test_a_standing_subject_is_not_in_what_was_seen(town: Town) -> None:
    # Two clerks list projects of one area from the same view: the area has not moved.
    first = town.command("project.list.v1", town.project("油茶基地"), nature="fact")
    second = town.command("project.list.v1", town.project("茶园"), nature="fact")
    for command in (first, second):
        assert isinstance(town.sign(command), Signed)
        town.ledger.handle(town.sign(command))


@dataclass
class Overheard:
    """The books of a town, and what they were asked the moves of."""

    books: MemoryBooks
    asked: list[Sequence[str]]

    def moves(self, subjects: Sequence[str]) -> dict[str, int]:
        self.asked.append(subjects)
        return self.books.moves(subjects)

    def __getattr__(self, name: str) -> Any:
        return getattr(self.books, name)


def test_a_listing_asks_for_all_its_counts_at_once(town: Town) -> None:
    heard = Overheard(town.books, [])
    world = World(heard, lambda _: None, town.ledger.directory)
    late = town.command(
        "project.list.v1", town.project(number="QX-0001"), nature="fact", occurred_on="2026-11-20"
    )
    decide(world, town.sign(late), town.books.today)
    (asked,) = heard.asked
    assert {one for one in world.reads if is_moving(one)} == set(asked)
