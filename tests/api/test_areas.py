"""Old names, aliases and successors of areas at the edge: import, export, and who reads what (D19, AUTH-5)."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from api.ceremony import NotDone
from api.exporting import Wanted, export_register
from api.imported import Imported
from api.importing import Wish, import_register
from tests.support.served import served
from tests.support.world import AREAS, World, area

DECREE = "示例府发〔2026〕3号"
HEADING = "项目名称,村,建设年度,投入帮扶资金(万元),存续期,经营性资产"


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    with World(tmp_path / "ledger") as made:
        made.settle()
        for name in ("康东村", "康西村"):
            village(made, name)
        yield made


def village(world: World, name: str) -> None:
    payload = {
        "area": area(name),
        "division_code": "",
        "kind": "village",
        "name": name,
        "parent": area("town"),
    }
    world.accepted("area.register.v1", payload, "registrar")


def succeed(world: World, how: str, gone: str, *heirs: str) -> None:
    names = [AREAS[one][0] if one in AREAS else one for one in heirs]
    payload = {
        "area": area(gone),
        "document": DECREE,
        "how": how,
        "label": "、".join(names),
        "name": AREAS[gone][0],
        "successors": [area(one) for one in heirs],
    }
    world.accepted("area.succeed.v1", payload, "registrar", occurred_on="2026-01-01")


def imported(world: World, path: Path, *villages: str, home: str = "") -> Imported:
    rows = [f"项目{n},{one},2016,{n}.5,是,是" for n, one in enumerate(villages, start=1)]
    path.write_text("\n".join([HEADING, *rows]), "utf-8")
    return import_register(world.clerk("recorder"), path, Wish(area=home or "青溪乡"))


def entered(found: Imported) -> list[tuple[str, str]]:
    """Where each row went."""
    return [
        (row.outcome, row.payload["area_label"] if row.payload else "")
        for row in found.plan.rows
        if row.row > 1
    ]


def test_rows_of_an_old_name_and_of_an_alias_are_the_villages_of_now(world: World, tmp_path: Path) -> None:
    renaming = {"area": area("kang"), "document": DECREE, "name": "康家村", "new_name": "康庄社区"}
    world.accepted("area.rename.v1", renaming, "registrar", occurred_on="2026-01-01")
    alias = {"alias": "山背大队", "area": area("shan"), "name": "山背村"}
    world.accepted("area.alias.v1", alias, "registrar")
    town = {"area": area("town"), "document": DECREE, "name": "青溪乡", "new_name": "青溪镇"}
    world.accepted("area.rename.v1", town, "registrar", occurred_on="2026-01-01")
    places = ("康家村", "青溪乡康家村", "青溪镇康庄社区", "青溪镇康家村", "山背大队", "康村")
    found = imported(world, tmp_path / "表.csv", *places)
    assert entered(found) == [("new", "康庄社区")] * 4 + [("new", "山背村"), ("ask", "")]
    assert [answer.ok for answer in found.answers] == [True]


def test_rows_of_a_merged_village_are_its_successors_and_of_a_divided_one_are_asked_about(
    world: World, tmp_path: Path
) -> None:
    succeed(world, "merged", "shan", "kang")
    assert entered(imported(world, tmp_path / "一.csv", "山背村")) == [("new", "康家村")]
    succeed(world, "divided", "kang", "康东村", "康西村")
    again = imported(world, tmp_path / "二.csv", "康家村", "山背村", "康东村")
    assert entered(again) == [("ask", ""), ("ask", ""), ("new", "康东村")]


def test_the_register_of_a_gone_area_is_its_successors(world: World, tmp_path: Path) -> None:
    succeed(world, "merged", "shan", "kang")
    found = imported(world, tmp_path / "一.csv", "", home="area:山背村")
    assert entered(found) == [("new", "康家村")]
    succeed(world, "divided", "kang", "康东村", "康西村")
    with pytest.raises(NotDone, match="康东村、康西村"):
        imported(world, tmp_path / "二.csv", "", home="康家村")
    with pytest.raises(NotDone, match="没有登记区域"):
        imported(world, tmp_path / "三.csv", "", home="康村")


def test_an_export_by_an_old_name_has_what_lay_there_and_by_the_new_one_both(world: World) -> None:
    world.listed("油茶基地")
    world.listed("茶园", by="shan", place="shan")
    succeed(world, "merged", "shan", "kang")
    for name, rows in (("山背村", 1), ("area:康家村", 2), ("康东村", 0)):
        assert export_register(world.desk, "project", Wanted(name))[1] == rows


def test_auth_5_readers_of_a_merged_village_are_those_of_its_successor(world: World) -> None:
    world.listed("油茶基地")
    world.listed("茶园", by="shan", place="shan")
    with served(world) as office:

        def names(name: str, query: str = "") -> list[str]:
            office.projected()
            answer = office.as_(name).get(f"/api/v1/projects{query}")
            return [item["fields"]["name"] for item in answer.json()["items"]]

        assert (names("kang"), names("shan")) == (["油茶基地"], ["茶园"])
        succeed(world, "merged", "shan", "kang")
        assert (names("kang"), names("shan")) == (["油茶基地", "茶园"], [])
        assert names("kang", "?area=山背村") == ["茶园"]
        assert names("kang", "?area=康家村") == ["油茶基地", "茶园"]
        assert names("shan", "?area=山背村") == []
