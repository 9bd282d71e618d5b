"""BATCH: a workbook signed once, decided row by row."""

from dataclasses import replace
from typing import Any

import pytest

from domain.decide import batch_summary
from domain.errors import (
    Expired,
    NothingAccepted,
    Taken,
    WrongBatch,
    WrongOrigin,
    WrongSigners,
    WrongSum,
    WrongSummary,
)
from tests.domain.batches import rows
from tests.domain.story import ACTORS, Json, Town, identity

SUM_OF_ONE = batch_summary(2, 113_500_000, "f" * 64)


def test_a_batch_is_recorded_outcome_first(town: Town) -> None:
    before = len(town.books.entries)
    accepted = town.when_batch(rows(town, "一", "二", "三"))
    outcome, *members = town.books.entries[before:]
    assert (accepted.position, accepted.accepted, accepted.refused) == (before, [[0, 2]], ())
    assert outcome.event == "batch.recorded.v1"
    assert outcome.state == {
        "accepted": [[0, 2]],
        "batch": outcome.stream,
        "refused": [],
        "rows": 3,
        "sha256": "f" * 64,
        "sum_fen": 3 * 113_500_000,
    }
    assert [(one.batch, one.state["batch"], one.state["batch_index"]) for one in members] == [
        ((before, index), outcome.stream, index) for index in range(3)
    ]
    town.check()


def test_a_row_that_breaks_a_rule_is_refused_and_the_others_go_on(town: Town) -> None:
    commands = rows(town, "一", "二", "三")
    commands[1]["payload"]["operator"] = "张三"
    accepted = town.when_batch(commands)
    assert accepted.accepted == [[0, 0], [2, 2]]
    assert [(one.index, one.code, one.rule) for one in accepted.refused] == [(1, "personal_text", "PROJ-6")]
    assert town.books.entries[accepted.position].state["refused"] == [[1, "personal_text", "PROJ-6"]]
    town.check()


@pytest.mark.parametrize("payload", [None, [], {"total_fen": "一"}, {"total_fen": 1.5}, {"total_fen": [1]}])
def test_cmd_2_a_row_of_any_shape_is_only_a_refused_row(town: Town, payload: Any) -> None:
    commands = rows(town, "一", "二")
    commands[0]["payload"] = payload
    accepted = town.when_batch(
        commands, source={"sha256": "f" * 64, "sum_fen": 113_500_000}, summary=SUM_OF_ONE
    )
    assert [(one.index, one.code) for one in accepted.refused] == [(0, "bad_shape")]


def test_id_1_a_number_taken_by_a_row_is_taken_for_the_next(town: Town) -> None:
    accepted = town.when_batch(rows(town, "一", "二", number="QX-1"))
    assert accepted.accepted == [[0, 0]]
    assert [(one.index, one.code) for one in accepted.refused] == [(1, "taken")]
    town.check()


def test_id_1_a_sheet_row_taken_by_a_row_is_taken_for_the_next(town: Town) -> None:
    row = {"code": "code:row:" + "f" * 64 + ":1:5", "file": "f" * 64, "row": 5, "sheet": "Sheet1"}
    other = row | {"code": row["code"][:-1] + "6", "row": 6}
    accepted = town.when_batch([*rows(town, "一", "二", row=row), *rows(town, "三", row=other)])
    assert accepted.accepted == [[0, 0], [2, 2]]
    assert [(one.index, one.code) for one in accepted.refused] == [(1, "taken")]
    town.check()


def test_seen_2_entries_of_the_same_batch_are_no_movement(town: Town) -> None:
    town.listed("旧", by="typist")
    supersede = town.project("旧") | {"reason": "年度", "version": 1}
    commands = [
        town.command("project.supersede.v1", supersede, "typist", nature="fact"),
        town.command("project.supersede.v1", supersede | {"version": 2}, "typist", nature="fact"),
    ]
    accepted = town.when_batch(commands)
    assert accepted.accepted == [[0, 1]]
    assert [one.version for one in town.books.stream(identity("project", "旧"))] == [1, 2, 3]
    town.check()


def test_a_batch_registers_areas_that_its_later_rows_name(town: Town) -> None:
    one = {"division_code": "", "kind": "village", "parent": identity("area", "town")}
    commands = [
        town.command("area.register.v1", one | {"area": identity("area", name), "name": name}, "registrar")
        for name in ("新村", "新村", "新湾村")
    ]
    lies_in_row_0 = {
        "area": identity("area", "新组"),
        "division_code": "",
        "kind": "external",
        "name": "新组",
    }
    commands.append(
        town.command("area.register.v1", lies_in_row_0 | {"parent": identity("area", "新村")}, "registrar")
    )
    accepted = town.when_batch(commands, "registrar")
    # Row 3 is refused for the kind of row 0's area, so that area was seen.
    assert [(one.index, one.code) for one in accepted.refused] == [(1, "taken"), (3, "wrong_parent")]
    assert town.ledger.directory.areas[identity("area", "新湾村")].name == "新湾村"
    town.check()


def test_batch_4_a_command_that_is_recorded_already_is_refused_as_a_row(town: Town) -> None:
    commands = rows(town, "一", "二")
    town.ledger.handle(town.sign(commands[0]))
    accepted = town.when_batch(commands)
    assert [(one.index, one.rule) for one in accepted.refused] == [(0, "ID-1")]
    with town.refused(NothingAccepted, "^这一批 1 行没有一行可以入账"):
        town.when_batch([commands[1]])


def test_batch_4_a_row_given_twice_enters_once(town: Town) -> None:
    command = rows(town, "一")[0]
    accepted = town.when_batch([command, command])
    assert accepted.accepted == [[0, 0]]
    assert [(one.index, one.code) for one in accepted.refused] == [(1, "repeated")]
    town.check()


def test_batch_5_a_key_ends_by_a_signature_of_its_own(town: Town) -> None:
    ending = town.command("key.revoke.v1", {"key": ACTORS["clerk"].key, "reason": "调离"}, "registrar")
    with town.refused(NothingAccepted) as caught:
        town.when_batch([ending], "registrar")
    assert [(one["code"], one["rule"]) for one in caught.value.detail["rows"]] == [
        ("not_in_batch", "BATCH-5")
    ]
    town.ledger.handle(town.sign(ending))
    town.check()


def test_a_batch_sent_again_gives_the_same_answer(town: Town) -> None:
    batch = town.batch([*rows(town, "一", "二", number="QX-1")])
    first = town.ledger.handle_batch(batch)
    size = len(town.books.entries)
    again = town.ledger.handle_batch(batch)
    assert (again.position, again.accepted, again.replayed) == (first.position, first.accepted, True)
    assert [(one.index, one.code) for one in again.refused] == [(1, "taken")]
    assert len(town.books.entries) == size


@pytest.mark.parametrize(
    ("changed", "refusal"),
    [
        ({"rows": 3}, WrongSummary),
        ({"origin": "bangfu/999999002/" + "0" * 32}, WrongOrigin),
        ({"valid_until": "2026-11-22"}, Expired),
        ({"source": {"sha256": "f" * 64, "sum_fen": 1}}, WrongSummary),
        ({"rows": 2, "summary": "批量 2 行，合计 1135000.00 元，文件 ffffffffffffffff"}, WrongBatch),
        ({"signers": [ACTORS["centre"].capacity]}, WrongSigners),
    ],
)
def test_batch_1_what_is_wrong_with_the_statement_refuses_all(
    town: Town, changed: Json, refusal: type[Any]
) -> None:
    with town.refused(refusal):
        town.when_batch(rows(town, "一"), **changed)


def test_batch_2_the_stated_sum_is_the_sum_of_the_rows(town: Town) -> None:
    source = {"sha256": "f" * 64, "sum_fen": 113_500_001}
    with town.refused(WrongSum, "113500000"):
        town.when_batch(rows(town, "一"), source=source, summary=batch_summary(1, 113_500_001, "f" * 64))


def test_auth_8_a_batch_without_signatures_is_refused(town: Town) -> None:
    batch = town.batch(rows(town, "一"))
    with town.refused(WrongSigners):
        town.ledger.handle_batch(replace(batch, signatures=()))


def test_batch_1_every_row_has_the_signers_of_the_batch(town: Town) -> None:
    other = town.command("project.list.v1", town.project("二"), "clerk", nature="fact")
    with town.refused(WrongBatch):
        town.when_batch([*rows(town, "一"), other])


def test_id_1_a_batch_id_is_used_once(town: Town) -> None:
    town.when_batch(rows(town, "一"), batch=identity("batch", "x"))
    with town.refused(Taken):
        town.when_batch(rows(town, "二"), batch=identity("batch", "x"))


def test_batch_5_a_key_is_never_ended_in_a_batch_but_an_area_may_be_registered_in_one(town: Town) -> None:
    ending = {"key": ACTORS["clerk"].key, "reason": "调离"}
    area = {
        "area": identity("area", "新村"),
        "division_code": "",
        "kind": "external",
        "name": "新村",
        "parent": "",
    }
    commands = [
        town.command("key.revoke.v1", ending, "registrar"),
        town.command("area.register.v1", area, "registrar"),
    ]
    accepted = town.when_batch(commands, "registrar")
    assert [(one.index, one.rule) for one in accepted.refused] == [(0, "BATCH-5")]
    assert accepted.accepted == [[1, 1]]
    town.when("key.revoke.v1", ending, "registrar")
    town.check()


def test_batch_6_a_batch_of_refused_rows_is_refused_and_says_why_of_each(town: Town) -> None:
    commands = rows(town, "一", "二")
    for one in commands:
        one["payload"]["operator"] = "张三"
    with town.refused(NothingAccepted) as caught:
        town.when_batch(commands)
    told = [(one["index"], one["code"], one["rule"]) for one in caught.value.detail["rows"]]
    assert told == [(0, "personal_text", "PROJ-6"), (1, "personal_text", "PROJ-6")]
    commands[1]["payload"]["operator"] = ""
    assert town.when_batch(commands).accepted == [[1, 1]]
    town.check()


def test_a_preview_decides_as_the_batch_would_be_decided_and_records_nothing(town: Town) -> None:
    commands = rows(town, "一", "二", build_year=2012)
    commands[0]["payload"]["operator"] = "张三"
    batch = town.batch(commands)
    before = len(town.books.entries)
    decision = town.ledger.preview_batch(batch)
    assert len(town.books.entries) == before
    assert [(index, why.code) for index, why in decision.refused] == [(0, "personal_text")]
    accepted = town.ledger.handle_batch(batch)
    assert accepted.accepted == decision.accepted == [[1, 1]]
    _, listed = decision.events
    assert listed.notes == town.books.entries[-1].state["notes"] == ["PROJ-3"]
