"""PROJ-7 to 10 and BATCH-3, of assets: the check by a second person."""

from typing import Any

import pytest

from domain.errors import AlreadyChecked, LabelDiffers, NotChecked, SamePerson, WrongEntry
from tests.domain.estate import (
    COLD_STORE,
    SINCE,
    asset_id,
    booking,
    checked,
    endorse,
    endorsement,
    opened,
    opening_of,
    report,
)
from tests.domain.story import Town

OPEN = "asset.open.v1"
BOOK = "asset.book.v1"
REPORT = "asset.report_condition.v1"


def test_proj_7_endorsement_by_a_second_person_makes_it_checked(town: Town) -> None:
    opened(town)
    with town.refused(NotChecked, "资产“示例冷库”（asset_.*）未核"):
        town.when(BOOK, booking())
    endorse(town, asset_id(), COLD_STORE)
    town.when(BOOK, booking())
    town.check()


def test_proj_7_what_was_said_since_is_checked_too(town: Town) -> None:
    checked(town)
    town.when(REPORT, report(), nature="fact")
    with town.refused(NotChecked):
        town.when(BOOK, booking())
    endorse(town, asset_id(), COLD_STORE, version=3)
    town.when(BOOK, booking())


def test_proj_8_what_is_checked_is_not_checked_again(town: Town) -> None:
    checked(town)
    with town.refused(AlreadyChecked):
        endorse(town, asset_id(), COLD_STORE, by="centre2")


def test_proj_9_nobody_checks_what_they_entered(town: Town) -> None:
    opened(town, by="centre")
    with town.refused(SamePerson):
        endorse(town, asset_id(), COLD_STORE)
    endorse(town, asset_id(), COLD_STORE, by="centre2")


@pytest.mark.parametrize("changed", [{"leaf": "0" * 64}, {"position": 3}, {"version": 2}], ids=str)
def test_proj_10_an_endorsement_names_exactly_the_entry(town: Town, changed: dict[str, Any]) -> None:
    opened(town)
    says = "第 2 版是（没有入账）" if "version" in changed else r"第 1 版是第 \d+ 号、哈希 [0-9a-f]{64}，"
    with town.refused(WrongEntry, says):
        town.when("asset.endorse.v1", endorsement(town, asset_id(), COLD_STORE, 1) | changed, "centre")
    endorse(town, asset_id(), COLD_STORE)


def test_id_3_an_endorser_must_recognise_the_name(town: Town) -> None:
    opened(town)
    with town.refused(LabelDiffers, COLD_STORE):
        endorse(town, asset_id(), "示例厂房")


def test_batch_3_a_batch_of_assets_is_checked_but_for_the_excepted_rows(town: Town) -> None:
    names = ["一号棚", "二号棚", "三号棚"]
    rows = [
        town.command(
            OPEN, opening_of(name, booked_on="2017-01-10"), "typist", nature="opening", occurred_on=SINCE
        )
        for name in names
    ]
    outcome = town.books.entries[town.when_batch(rows).position]
    check = {
        "batch": outcome.stream,
        "excepted": [[1, "与实物不符"]],
        "leaf": outcome.leaf,
        "position": outcome.position,
        "rows": 3,
    }
    town.when("batch.endorse.v1", check, "centre")
    town.when(BOOK, booking(name="一号棚"))
    with town.refused(NotChecked):
        town.when(BOOK, booking(name="二号棚"))
    endorse(town, asset_id("二号棚"), "二号棚")
    town.when(BOOK, booking(name="二号棚"))
    town.check()
