"""Workbooks of all three nouns on a real ledger: every row accounted for, sums as printed, the same again, and verified."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from api.exchange.rules import Fault
from api.imported import Imported
from tests.api.exchange.inventories import ASSETS, PROJECTS, SHEETS
from tests.api.exchange.ledgers import imported, outcomes, registers, workbook
from tests.support.second import SecondVerifier
from tests.support.world import World, area


@pytest.fixture(params=["sqlite", "postgresql"])
def world(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[World]:
    url = request.getfixturevalue("postgresql_url") if request.param == "postgresql" else ""
    with World(tmp_path / "ledger", url) as opened:
        yield opened.settle()


def faults(found: Imported) -> dict[str, tuple[str, str]]:
    def told(sheet: str, fault: Fault) -> tuple[str, tuple[str, str]]:
        return f"{sheet}!{fault.cell}", (fault.value, fault.rule)

    return dict(told(row.sheet, fault) for row in found.plan.rows for fault in row.faults)


def test_three_sheets_are_one_opening_whatever_their_order(
    world: World, tmp_path: Path, second: SecondVerifier
) -> None:
    file = workbook(tmp_path / "清册.xlsx", *SHEETS)
    found = imported(world, file, opening=True, occurred_on="2026-10-31")

    assert outcomes(found) == ["new", "ask", "fault", "new", "new", "new", "ask", "fault", "new", "new"]
    assert faults(found) == {
        "债权债务!I4": ("2026年1", "READ-25"),
        "资产!E7": ("经营", "READ-19"),
        "资产!F7": ("约3", "READ-5"),
        "资产!H7": ("甲 60%；乙 30%", "READ-24"),
    }
    reasons = {(row.sheet, row.row): row.reason for row in found.plan.rows if row.outcome == "ask"}
    assert "姓名由签名端隐去" in reasons["债权债务", 3]
    assert "项目编号 QX-9" in reasons["资产", 6]
    sums = {one.sheet: (one.totals.sum_fen, one.totals.printed_fen) for one in found.plan.sheets}
    assert sums == {
        "债权债务": (10_000_000, 10_000_000),
        "资产": (61_250_000, 61_250_000),
        "项目": (116_500_000, 116_500_000),
    }
    assert found.refused == ()
    [answer] = found.answers
    assert answer.accepted == ((0, 5),)

    entered = {entry.state["number"]: entry for entry in world.desk.reader.entries(world.desk.log.size - 6)}
    assert [entry.event.partition(".")[0] for entry in entered.values()] == ["project"] * 2 + [
        "asset"
    ] * 3 + ["obligation"]
    assert {(entry.state["nature"], entry.state["occurred_on"]) for entry in entered.values()} == {
        ("opening", "2026-10-31")
    }
    cold, dryer, debt = entered["ZC-1"].state, entered["ZC-2"].state, entered["ZW-1"].state
    assert cold["projects"] == [entered["QX-1"].stream]
    assert dryer["projects"] == [entered["QX-1"].stream, entered["QX-2"].stream]
    assert (debt["assets"], debt["projects"]) == ([entered["ZC-1"].stream], [entered["QX-1"].stream])
    assert (cold["papers_present"], cold["papers_missing"]) == (["验收单", "发票"], ["决算"])
    assert (dryer["papers_present"], dryer["papers_missing"]) == ([], ["验收单"])
    assert [(one["owner"]["name"], one["basis_points"]) for one in dryer["shares"]] == [
        ("甲合作社", 6_000), ("青溪农业公司", 4_000),
    ]  # fmt: skip
    assert (cold["area_label"], dryer["area_label"], entered["ZC-3"].state["original_fen"]) == (
        "康家村",
        "山背村",
        None,
    )
    assert cold["row"] | {"code": ""} == {"code": "", "file": found.plan.sha256, "row": 3, "sheet": "资产"}

    with world.nothing_recorded():
        again = imported(world, file, opening=True)
    assert outcomes(again) == ["same", "ask", "fault", "same", "same", "same", "ask", "fault", "same", "same"]
    assert [(row["name"], row["checked"]) for row in rows(world, "asset")] == [
        ("产业路", False),
        ("冷库", False),
        ("烘干房", False),
    ]
    world.check(tmp_path, second)


def rows(world: World, noun: str) -> list[dict[str, Any]]:
    return [{"checked": False} | row for row in registers(world)[noun]]


def test_the_corrected_workbook_enters_what_was_held_back(world: World, tmp_path: Path) -> None:
    imported(world, workbook(tmp_path / "清册.xlsx", *SHEETS), opening=True)
    assets = [list(row) for row in ASSETS]
    assets[5][2], assets[6][4], assets[6][5], assets[6][7] = (
        "QX-2",
        "经营性",
        3,
        "甲合作社 70%；青溪农业公司 30%",
    )
    found = imported(world, workbook(tmp_path / "改好.xlsx", ("资产", assets)), opening=True)
    assert outcomes(found) == ["same", "same", "same", "new", "new"]
    assert found.is_complete


def test_as_facts_an_unknown_value_is_asked_about(world: World, tmp_path: Path) -> None:
    found = imported(world, workbook(tmp_path / "清册.xlsx", *SHEETS))
    assert {row.row: row.reason for row in found.plan.rows if "未载明" in row.reason} == {
        5: "金额未载明：是多少？"
    }
    [answer] = found.answers
    states = [entry.state for entry in world.desk.reader.entries((answer.position or 0) + 1)]
    assert {state["nature"] for state in states} == {"fact"}


def test_a_dry_run_sees_what_later_batches_rest_on(world: World, tmp_path: Path) -> None:
    """More rows than one batch takes: the assets of the second rest on projects of the first."""
    projects = [PROJECTS[1], *([f"Q-{n:04d}", f"项目{n}", "康家村", "2019", 1, ""] for n in range(990))]
    assets = [
        ASSETS[1],
        *([f"Z-{n:04d}", f"资产{n}", f"Q-{n:04d}", "康家村", "经营性", 1, *[""] * 5] for n in range(60)),
    ]
    file = workbook(tmp_path / "多.xlsx", ("资产", assets), ("项目", projects))
    with world.nothing_recorded():
        tried = imported(world, file, opening=True, dry_run=True)
    assert (tried.is_complete, tried.answers) == (True, ())
    done = imported(world, file, opening=True)
    assert [one.accepted for one in done.answers] == [((0, 999),), ((0, 49),)]


def test_a_village_of_another_town_is_meant_only_where_its_town_is_named(
    world: World, tmp_path: Path
) -> None:
    made = {
        "area": area("other"),
        "division_code": "",
        "kind": "town",
        "name": "赤水乡",
        "parent": area("county"),
    }
    world.accepted("area.register.v1", made, "registrar", occurred_on="2010-01-01")
    rows = [*PROJECTS[:3], [*PROJECTS[3][:2], "青溪乡山背村二组", *PROJECTS[3][3:]]]
    found = imported(world, workbook(tmp_path / "清册.xlsx", ("项目", rows)), area="赤水乡", dry_run=True)
    assert [row.outcome for row in found.plan.rows] == ["skip", "skip", "ask", "new"]
    assert "“康家村”是哪个村" in found.plan.rows[2].reason
    assert found.plan.payloads[0]["areas"] == [area("shan")]
    stated = [[*rows[1], "所属区域"], [*rows[2], "青溪乡康家村；赤水乡"], [*rows[3], "没有村"]]
    told = imported(world, workbook(tmp_path / "写全.xlsx", ("项目", stated)), area="赤水乡", dry_run=True)
    assert [row.outcome for row in told.plan.rows] == ["skip", "new", "ask"]
    assert "所属区域“没有村”没有登记" in told.plan.rows[2].reason
    assert (told.plan.payloads[0]["areas"], told.plan.payloads[0]["area_label"]) == (
        [area("kang"), area("other")],
        "康家村、赤水乡",
    )


def test_a_row_whose_project_the_ledger_refuses_is_refused_with_it(world: World, tmp_path: Path) -> None:
    """康家村's own clerk may not enter what lies in 山背村."""
    projects = [PROJECTS[1], *PROJECTS[2:4]]
    assets = [ASSETS[1], ["ZC-1", "冷库", "QX-2", "康家村", "经营性", 50, *[""] * 5]]
    file = workbook(tmp_path / "清册.xlsx", ("项目", projects), ("资产", assets))
    for dry_run in (True, False):
        found = imported(world, file, by="kang", area="康家村", opening=True, dry_run=dry_run)
        assert [(one.sheet, one.row, one.code) for one in found.refused] == [
            ("资产", 2, "not_found"), ("项目", 3, "outside_area"),
        ]  # fmt: skip
