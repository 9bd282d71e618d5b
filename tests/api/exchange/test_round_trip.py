"""What is exported imports again: into the same ledger as nothing new, into a fresh one as equal registers."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from api.ceremony import NotDone
from tests.api.exchange.ledgers import (
    COLD,
    DRYER,
    GOODS,
    LOAN,
    NOUNS,
    RENT,
    exported,
    imported,
    lived,
    outcomes,
    registers,
)
from tests.domain.estate import owed, party
from tests.support.logbook import new_id
from tests.support.world import World, area

ENDINGS = (".xlsx", ".csv")


@pytest.fixture(scope="module")
def old(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    with World(tmp_path_factory.mktemp("old") / "ledger") as world:
        world.settle()
        lived(world)
        yield world


@pytest.mark.parametrize("noun", NOUNS)
@pytest.mark.parametrize("ending", ENDINGS)
def test_into_the_same_ledger_nothing_is_new(old: World, tmp_path: Path, noun: str, ending: str) -> None:
    file = exported(old, noun, tmp_path / f"导出{ending}")
    with old.nothing_recorded():
        found = imported(old, file, noun=noun)
    assert [(row.outcome, row.reason) for row in found.plan.rows if row.outcome not in ("skip", "same")] == []
    assert outcomes(found) == ["same"] * 3
    assert found.plan.balanced


@pytest.mark.parametrize("ending", ENDINGS)
def test_into_a_fresh_ledger_the_registers_are_equal(old: World, tmp_path: Path, ending: str) -> None:
    with World(tmp_path / "fresh") as fresh:
        fresh.settle()
        for noun in NOUNS:
            file = exported(old, noun, tmp_path / f"{noun}{ending}")
            found = imported(fresh, file, noun=noun, opening=True, as_new=True)
            assert [row.reason for row in found.plan.rows if row.outcome not in ("skip", "new")] == []
            assert found.refused == ()
            assert outcomes(imported(fresh, file, noun=noun, opening=True, as_new=True)) == ["same"] * 3
        before = registers(old)
        [paid] = [row for row in before["obligation"] if row["name"] == GOODS]
        # What was stated before a repayment is no total of now, and a repayment itself is no opening.
        paid |= {"stated_outstanding_fen": None, "limitation_until": "2029-06-30"}
        assert registers(fresh) == before


def test_a_link_to_what_bears_no_number_is_asked_about_in_another_ledger(old: World, tmp_path: Path) -> None:
    file = exported(old, "asset", tmp_path / "导出.csv", body="农业投资公司")
    with World(tmp_path / "fresh") as fresh:
        found = imported(fresh.settle(), file, opening=True)
        [row] = [row for row in found.plan.rows if row.outcome != "skip"]
        assert (row.outcome, row.reason.partition("：")[0]) == ("ask", f"台账里没有 {row.fields['asset']}")
        found = imported(fresh, file, opening=True, as_new=True)
        [row] = [row for row in found.plan.rows if row.outcome != "skip"]
        assert (row.outcome, "项目编号 QX-0001 在台账里没有登记" in row.reason) == ("ask", True)


def test_a_part_is_exported_by_area_by_class_and_by_body(old: World, tmp_path: Path) -> None:
    def names(noun: str, **wanted: Any) -> list[str]:
        found = imported(old, exported(old, noun, tmp_path / "部分.csv", **wanted), noun=noun, dry_run=True)
        assert set(outcomes(found)) <= {"same"}
        return [str(row.fields["name"]) for row in found.plan.rows if row.outcome != "skip"]

    assert names("asset", area="山背村") == [COLD]
    assert names("obligation", area="康家村") == [GOODS, LOAN, RENT]
    assert names("project", area="area:山背村") == ["山背冷库"]
    assert names("obligation", body="信用社") == [LOAN]
    assert names("asset", body="村民委员会") == [COLD]
    assert names("project", body="油茶") == ["油茶基地", "康家大棚"]
    assert names("asset", class_="") == [COLD, DRYER]
    with pytest.raises(NotDone, match="没有登记区域"):
        names("asset", area="没有村")


def test_the_name_of_a_natural_person_does_not_leave_by_an_export(tmp_path: Path) -> None:
    with World(tmp_path / "ledger") as world:
        world.settle()
        stated = owed(
            "示例流转金",
            creditor=party("household", person="示例农户甲"),
            obligation=new_id("obligation", "甲"),
        )
        world.accepted(
            "obligation.register.v1", stated | {"areas": [area("kang")]}, "centre", nature="opening"
        )
        file = exported(world, "obligation", tmp_path / "导出.csv")
        assert "（农户，姓名不导出）" in file.read_text("utf-8-sig")
        assert "示例农户甲" not in file.read_text("utf-8-sig")
        assert [
            row.reason for row in imported(world, file).plan.rows if row.outcome not in ("skip", "same")
        ] == []
    with World(tmp_path / "fresh") as fresh:
        found = imported(fresh.settle(), file, opening=True, as_new=True)
        [row] = [row for row in found.plan.rows if row.outcome != "skip"]
        assert (row.outcome, "姓名由签名端隐去" in row.reason) == ("ask", True)


@pytest.mark.parametrize("noun", NOUNS)
def test_no_text_of_a_csv_begins_as_a_formula_does(old: World, tmp_path: Path, noun: str) -> None:
    text = exported(old, noun, tmp_path / "导出.csv").read_text("utf-8-sig")
    cells = [cell for row in csv.reader(text.splitlines()) for cell in row]
    assert [cell for cell in cells if cell[:1] in tuple("=+-@")] == []
    assert any(cell[:2] in ("'=", "'-", "'@") for cell in cells) == (noun != "obligation")
