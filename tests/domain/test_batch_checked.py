"""BATCH-3, PROJ-7, 9 and 10: a batch is checked as a whole by another person, but for the rows that are excepted."""

from typing import Any

import pytest

from domain.base import NOUNS
from domain.entered import Entered
from domain.errors import (
    AlreadyChecked,
    BadShape,
    LabelDiffers,
    NotChecked,
    OutsideArea,
    SamePerson,
    WrongEntry,
    WrongException,
)
from domain.record import Recorded
from tests.domain import estate as holding
from tests.domain.batches import rows
from tests.domain.disposals import Estate
from tests.domain.story import ACTORS, Json, Town, identity


def check_of(town: Town, position: int, *excepted: list[Any], **changed: Any) -> Json:
    entry = town.books.entries[position]
    return {
        "batch": entry.stream,
        "excepted": list(excepted),
        "leaf": entry.leaf,
        "position": position,
        "rows": entry.state["rows"],
    } | changed


def test_proj_7_an_endorsed_batch_checks_its_rows_but_the_excepted(town: Town) -> None:
    accepted = town.when_batch(rows(town, "一", "二"))
    with town.refused(NotChecked):
        town.when("project.opine_class.v1", town.opinion("一"), "clerk")
    check = check_of(town, accepted.position, [1, "金额待查"])
    entry = town.only(town.when("batch.endorse.v1", check, "centre"))
    assert (entry.event, entry.state["excepted"]) == ("batch.endorsed.v1", [[1, "金额待查"]])
    town.when("project.opine_class.v1", town.opinion("一"), "clerk")
    with town.refused(NotChecked):
        town.when("project.opine_class.v1", town.opinion("二", "2"), "clerk")
    town.when("project.endorse.v1", town.endorsement("二"), "centre")
    town.when("project.opine_class.v1", town.opinion("二", "2"), "clerk")
    town.check()


def test_proj_9_who_entered_a_batch_does_not_check_it(town: Town) -> None:
    commands = [town.command("project.list.v1", town.project("一"), "centre", nature="fact")]
    accepted = town.when_batch(commands, "centre")
    with town.refused(SamePerson):
        town.when("batch.endorse.v1", check_of(town, accepted.position), "centre")
    town.when("batch.endorse.v1", check_of(town, accepted.position), "centre2")
    with town.refused(AlreadyChecked):
        town.when("batch.endorse.v1", check_of(town, accepted.position), "centre2")


@pytest.mark.parametrize(
    "excepted",
    [[[1, "拒收的行"]], [[9, "没有的行"]], [[2, "甲"], [0, "乙"]], [[0, "甲"], [0, "乙"]]],
    ids=["refused row", "no row", "descending", "twice"],
)
def test_batch_3_an_excepted_row_is_an_accepted_row(town: Town, excepted: list[Any]) -> None:
    commands = rows(town, "一", "二", "三")
    commands[1]["payload"]["operator"] = "张三"
    accepted = town.when_batch(commands)
    with town.refused(WrongException):
        town.when("batch.endorse.v1", check_of(town, accepted.position, *excepted), "centre")


def test_proj_10_a_batch_is_recognised_by_its_entry_and_rows(town: Town) -> None:
    accepted = town.when_batch(rows(town, "一"))
    with town.refused(WrongEntry, r"第 \d+ 号、哈希 [0-9a-f]{64}"):
        town.when("batch.endorse.v1", check_of(town, accepted.position, leaf="0" * 64), "centre")
    with town.refused(LabelDiffers):
        town.when("batch.endorse.v1", check_of(town, accepted.position, rows=2), "centre")


def test_auth_5_a_batch_is_checked_by_a_post_over_its_enterers(town: Town) -> None:
    village = {"post": identity("post", "v"), "role": "service_centre", "title": "示例岗位v"}
    payload = village | {"areas": [identity("area", "kang")], "organisation": ACTORS["centre"].organisation}
    town.when("post.establish.v1", payload, "registrar")
    town.enrol("narrow", "service_centre", "centre", person="centre2", post="v")
    accepted = town.when_batch(rows(town, "一"))
    with town.refused(OutsideArea):
        town.when(
            "batch.endorse.v1", check_of(town, accepted.position), signers=[town.extra["narrow"].capacity]
        )


def disposing(town: Town) -> Estate:
    """Somewhere for papers, meetings and notices to be about."""
    town.people()
    its = Estate(town)
    its.opened()
    return its


def of_projects(town: Town) -> list[tuple[str, str, Json]]:
    return [("project.list.v1", "fact", town.project(name)) for name in ("一", "二")]


def of_assets(town: Town) -> list[tuple[str, str, Json]]:
    return [("asset.open.v1", "opening", holding.opening_of(name)) for name in ("一", "二")]


def of_conditions(town: Town) -> list[tuple[str, str, Json]]:
    holding.checked(town)
    return [("asset.report_condition.v1", "fact", holding.report(how)) for how in ("idle", "damaged")]


def of_obligations(town: Town) -> list[tuple[str, str, Json]]:
    return [("obligation.register.v1", "opening", holding.owed(name)) for name in ("一", "二")]


def of_demands(town: Town) -> list[tuple[str, str, Json]]:
    holding.settled_owing(town)
    return [("obligation.demand.v1", "fact", holding.demand())] * 2


def of_meetings(town: Town) -> list[tuple[str, str, Json]]:
    its = disposing(town)
    entry = town.books.stream(its.held(checked=False, resolution={"subject": its.asset}))[0]
    assert entry.command is not None
    held = dict(entry.command["payload"])
    names = ("一", "二")
    return [("meeting.record.v1", "fact", held | _named("meeting", name)) for name in names]


def of_notices(town: Town) -> list[tuple[str, str, Json]]:
    its = disposing(town)
    posting = its.posting(subject=its.asset)
    return [("notice.post.v1", "fact", posting | _named("notice", name)) for name in ("一", "二")]


def of_disposals(town: Town) -> list[tuple[str, str, Json]]:
    its = disposing(town)
    made = [its.proposal(disposal=identity("disposal", name), expires_on="") for name in ("一", "二")]
    return [("disposal.propose.v1", "fact", one) for one in made]


def _named(noun: str, name: str) -> Json:
    return {noun: identity(noun, name), "name": name}


@pytest.mark.parametrize(
    "of_noun",
    [
        of_projects,
        of_assets,
        of_conditions,
        of_obligations,
        of_demands,
        of_meetings,
        of_notices,
        of_disposals,
    ],
)
def test_batch_3_an_excepted_row_of_whatever_noun_stays_unchecked(town: Town, of_noun: Any) -> None:
    """The first row is 已核 with its batch, the second is left out and checked by itself: entries of every noun are alike."""
    commands = [
        town.command(name, payload, "clerk", nature=nature) for name, nature, payload in of_noun(town)
    ]
    accepted = town.when_batch(commands, "clerk")
    assert accepted.refused == ()
    first, second = (one for one in town.books.entries[accepted.position + 1 :] if one.i == 1)
    noun = first.stream.partition("_")[0]

    def check(entry: Recorded) -> None:
        assert entry.command is not None
        name = entry.command["payload"]["name"]
        payload = {"leaf": entry.leaf, "name": name, noun: entry.stream}
        place = {"position": entry.position, "version": entry.version}
        town.when(f"{noun}.endorse.v1", payload | place, "centre2")

    town.when("batch.endorse.v1", check_of(town, accepted.position, [1, "原件未见"]), "centre")
    with town.refused(AlreadyChecked):
        check(first)
    check(second)
    with town.refused(AlreadyChecked):
        check(second)
    town.check()


def test_batch_3_an_exception_has_a_reason(town: Town) -> None:
    accepted = town.when_batch(rows(town, "一", "二"))
    for reason in ("", " "):
        with town.refused(BadShape):
            town.when("batch.endorse.v1", check_of(town, accepted.position, [1, reason]), "centre")
    town.when("batch.endorse.v1", check_of(town, accepted.position, [1, "原件未见"]), "centre")


def test_every_noun_that_is_checked_is_in_the_test_above() -> None:
    checked = {noun.TOPIC for noun in NOUNS.values() if issubclass(noun, Entered)}
    assert checked == {"asset", "disposal", "meeting", "notice", "obligation", "project"}
