"""AREA: areas renamed, known by other names, merged, divided, restored, and who is over them when (AUTH-5)."""

from typing import Any

import pytest

from domain.authority import Directory
from domain.errors import (
    AreaSucceeded,
    LabelDiffers,
    NameUsed,
    OutsideArea,
    Taken,
    WrongParent,
    WrongSuccessors,
)
from tests.domain.story import ACTORS, AREAS, Json, Town, actor, identity

YEARS = ("2018-01-01", "2020-01-01", "2022-01-01", "2024-01-01")


def new_area(town: Town, name: str, parent: str = "town", kind: str = "village") -> str:
    payload = {
        "area": identity("area", name),
        "division_code": "",
        "kind": kind,
        "name": name,
        "parent": identity("area", parent),
    }
    town.when("area.register.v1", payload, "registrar", occurred_on="2010-01-01")
    return identity("area", name)


def renaming(new: str, name: str = "康家村", area: str = "kang") -> Json:
    document = "示例府发〔2024〕7号"
    return {"area": identity("area", area), "document": document, "name": name, "new_name": new}


def rename(town: Town, new: str, on: str, **changed: Any) -> None:
    town.when("area.rename.v1", renaming(new, **changed), "registrar", occurred_on=on)


def aliasing(alias: str) -> Json:
    return {"alias": alias, "area": identity("area", "kang"), "name": "康家村"}


def succession(*successors: str, how: str = "merged", area: str = "kang", **changed: Any) -> Json:
    names = [AREAS.get(one, one) for one in successors]
    return {
        "area": identity("area", area),
        "document": "示例府发〔2026〕3号",
        "how": how,
        "label": "、".join(names) or "无",
        "name": AREAS.get(area, area),
        "successors": [identity("area", one) for one in successors],
    } | changed


def succeed(town: Town, *successors: str, on: str = "2026-06-01", **changed: Any) -> None:
    town.when("area.succeed.v1", succession(*successors, **changed), "registrar", occurred_on=on)


def clerk_of(town: Town, name: str, *areas: str) -> str:
    """One more village clerk, with a post over these areas."""
    town.extra[name] = actor(name, "village_admin", name)
    town.establish({name: town.extra[name]}, {name: areas})
    return name


# --- names ---------------------------------------------------------------------------------------------


def test_d19_a_renamed_area_is_known_by_both_names(town: Town) -> None:
    rename(town, "康庄社区", "2026-03-01")
    entry = town.books.entries[-1]
    assert entry.state == {
        "area": identity("area", "kang"),
        "code": "code:area:康庄社区",
        "document": "示例府发〔2024〕7号",
        "name": "康庄社区",
        "occurred_on": "2026-03-01",
    }
    directory = town.ledger.refresh()
    for name in ("康家村", "康庄社区", identity("area", "kang")):
        found = directory.area_called(name)
        assert found is not None
        assert (found.id, found.name) == (identity("area", "kang"), "康庄社区")
    assert directory.area_called("康") is None
    assert directory.areas[identity("area", "kang")].names.at("2026-02-28") == "康家村"
    with town.refused(LabelDiffers, "康庄社区"):
        town.listed()
    town.listed(area_label="康庄社区")
    town.check()


def test_id_1_a_former_name_is_nobody_elses(town: Town) -> None:
    rename(town, "康庄社区", "2026-03-01")
    with town.refused(Taken, "区域名称 康家村 已被使用"):
        new_area(town, "康家村")
    with town.refused(Taken, "区域名称 山背村 已被使用"):
        rename(town, "山背村", "2026-04-01", name="康庄社区")


def test_area_4_an_area_takes_a_name_of_its_own_back_and_not_the_one_it_has(town: Town) -> None:
    rename(town, "康庄社区", "2026-03-01")
    with town.refused(NameUsed, "不必更名"):
        rename(town, "康庄社区", "2026-04-01", name="康庄社区")
    rename(town, "康家村", "2026-05-01", name="康庄社区")
    assert town.books.entries[-1].state["code"] == ""
    assert town.ledger.refresh().areas[identity("area", "kang")].name == "康家村"
    town.check()


def test_d7_a_renaming_entered_late_hides_no_later_one(town: Town) -> None:
    rename(town, "康庄社区", "2024-01-01")
    rename(town, "康家大村", "2018-01-01", name="康庄社区")
    area = town.ledger.refresh().areas[identity("area", "kang")]
    assert [area.names.at(day) for day in YEARS] == ["康家大村"] * 3 + ["康庄社区"]
    assert area.name == "康庄社区"
    with town.refused(LabelDiffers, "康庄社区"):
        rename(town, "康村", "2025-01-01", name="康家大村")


def test_id_1_an_alias_is_an_areas_alone(town: Town) -> None:
    town.when("area.alias.v1", aliasing("青溪乡康家村"), "registrar", occurred_on="2010-01-01")
    found = town.ledger.refresh().area_called("青溪乡康家村")
    assert found is not None
    assert (found.id, found.name) == (identity("area", "kang"), "康家村")
    with town.refused(Taken, "区域名称 青溪乡康家村 已被使用"):
        new_area(town, "青溪乡康家村")
    with town.refused(Taken, "区域名称 山背村 已被使用"):
        town.when("area.alias.v1", aliasing("山背村"), "registrar")
    for known in ("康家村", "青溪乡康家村"):
        with town.refused(NameUsed, known):
            town.when("area.alias.v1", aliasing(known), "registrar")
    with town.refused(LabelDiffers):
        town.when("area.alias.v1", aliasing("康村") | {"name": "康庄"}, "registrar")
    town.check()


def test_id_1_an_alias_given_in_a_batch_is_taken_for_the_next_row(town: Town) -> None:
    other = aliasing("老康村") | {"area": identity("area", "shan"), "name": "山背村"}
    rows = [town.command("area.alias.v1", one, "registrar") for one in (aliasing("老康村"), other)]
    accepted = town.when_batch(rows, "registrar")
    assert [(one.index, one.code) for one in accepted.refused] == [(1, "taken")]
    town.check()


# --- successors ----------------------------------------------------------------------------------------


def test_area_2_a_merged_village_is_its_successors_from_that_day(town: Town) -> None:
    """What lies in 康家村 was its own clerk's, and is now that of 山背村's; the town is over both all the time."""
    town.listed("油茶基地")
    with town.refused(OutsideArea, "康家村"):
        town.listed("茶园", by="clerk_shan")
    succeed(town, "shan")
    with town.refused(OutsideArea, "康家村"):
        town.listed("茶园")
    town.listed("茶园", by="clerk_shan")
    town.when("project.endorse.v1", town.endorsement(), "centre")
    town.when("project.opine_class.v1", town.opinion(), "clerk_shan")
    with town.refused(OutsideArea):
        town.when("project.opine_class.v1", town.opinion("茶园", "2"), "clerk")
    entry = town.books.stream(identity("project", "油茶基地"))[0]
    assert entry.state["areas"] == [identity("area", "kang")], "an old entry keeps its old place"
    town.check()


def test_auth_5_the_reach_of_a_post_is_the_same_for_readers(town: Town) -> None:
    kang, shan, place = (identity("area", one) for one in ("kang", "shan", "town"))
    succeed(town, "shan")
    directory = town.ledger.refresh()
    assert directory.reach([kang], "2026-05-31") == {kang}
    assert directory.reach([shan], "2026-05-31") == {shan}
    assert directory.reach([kang], "2026-06-01") == frozenset()
    assert directory.reach([shan], "2026-06-01") == {kang, shan}
    assert {kang, shan, place} <= directory.reach([place], "2026-06-01")


def test_auth_5_a_process_behind_the_log_knows_what_was_merged(town: Town) -> None:
    behind = town.another_process()
    succeed(town, "shan")
    old, new = (
        town.sign(town.command("project.list.v1", town.project(name), by, nature="fact"))
        for name, by in (("茶园", "clerk"), ("竹园", "clerk_shan"))
    )
    with town.refused(OutsideArea):
        behind.handle(old)
    behind.handle(new)
    town.check()


def test_area_2_a_divided_village_is_theirs_who_are_over_all_of_it(town: Town) -> None:
    new_area(town, "康东村")
    new_area(town, "康西村")
    east, both = clerk_of(town, "east", "康东村"), clerk_of(town, "both", "康东村", "康西村")
    succeed(town, "康东村", "康西村", how="divided")
    for name in (east, "clerk"):
        with town.refused(OutsideArea, "康家村"):
            town.listed("茶园", by=name)
    town.listed("茶园", by=both)
    town.listed("竹园", by="typist")
    directory = town.ledger.refresh()
    kang = identity("area", "kang")
    assert kang not in directory.reach([identity("area", "康东村")], "2026-06-01")
    assert kang in directory.reach([identity("area", "康东村"), identity("area", "康西村")], "2026-06-01")
    assert [one.name for one in directory.heirs_of(kang, "2026-06-01")] == ["康东村", "康西村"]
    town.check()


def test_area_2_the_villages_of_a_merged_town_are_the_other_towns(town: Town) -> None:
    new_area(town, "清泉镇", "county", "town")
    town.extra["other"] = actor("other", "recorder", "other")
    town.establish({"other": town.extra["other"]}, {"other": ("清泉镇",)})
    with town.refused(OutsideArea):
        town.listed(by="other")
    succeed(town, "清泉镇", area="town")
    town.listed(by="other")
    with town.refused(OutsideArea):
        town.listed("茶园", by="typist")
    town.listed("茶园")
    town.check()


def test_area_2_a_chain_of_mergers_leads_to_the_last(town: Town) -> None:
    new_area(town, "新村")
    succeed(town, "shan", on="2020-01-01")
    succeed(town, "新村", area="shan", on="2022-01-01")
    directory = town.ledger.refresh()
    kang = identity("area", "kang")
    assert [directory.heirs_of(kang, day)[0].name for day in YEARS] == ["康家村", "山背村", "新村", "新村"]
    town.listed(by=clerk_of(town, "new", "新村"))
    town.check()


def test_area_2_a_restored_village_is_its_own_again(town: Town) -> None:
    succeed(town, "shan")
    with town.refused(AreaSucceeded, "恢复建制"):
        succeed(town, "shan", on="2026-07-01")
    succeed(town, how="restored", on="2026-08-01")
    town.listed()
    with town.refused(OutsideArea):
        town.listed("茶园", by="clerk_shan")
    with town.refused(WrongSuccessors, "存续"):
        succeed(town, how="restored", on="2026-09-01")
    town.check()


@pytest.mark.parametrize(
    ("successors", "how"),
    [
        ((), "merged"),
        (("shan", "新村"), "merged"),
        (("shan",), "divided"),
        (("shan", "shan"), "divided"),
        (("kang",), "merged"),
        (("shan", "kang"), "divided"),
        (("town",), "merged"),
        (("source",), "merged"),
        (("shan",), "restored"),
    ],
)
def test_area_2_successors_fit_the_word(town: Town, successors: tuple[str, ...], how: str) -> None:
    new_area(town, "新村")
    with town.refused(WrongSuccessors):
        succeed(town, *successors, how=how)


def test_area_2_a_successor_is_there_on_the_day(town: Town) -> None:
    new_area(town, "新村")
    succeed(town, "新村", area="shan", on="2022-01-01")
    with town.refused(WrongSuccessors, "存续"):
        succeed(town, "shan", on="2022-01-01")
    succeed(town, "shan", on="2021-12-31")


def test_area_2_no_succession_leads_back(town: Town) -> None:
    succeed(town, "kang", area="shan", on="2022-01-01")
    with town.refused(WrongSuccessors, "兜"):
        succeed(town, "shan", on="2020-01-01")
    succeed(town, how="restored", area="shan", on="2024-01-01")
    with town.refused(WrongSuccessors, "兜"):
        succeed(town, "shan", on="2020-01-01")
    succeed(town, "shan", on="2024-01-01")


def test_id_3_successors_are_recognised_by_their_names(town: Town) -> None:
    for changed in ({"label": "别的村"}, {"name": "康庄"}):
        with town.refused(LabelDiffers):
            succeed(town, "shan", **changed)


def test_area_3_what_others_have_taken_the_place_of_changes_no_more(town: Town) -> None:
    succeed(town, "shan")
    moved = {"area": identity("area", "kang"), "name": "康家村", "parent": identity("area", "town")}
    with town.refused(AreaSucceeded, "康家村"):
        rename(town, "康庄社区", "2026-06-01")
    with town.refused(AreaSucceeded):
        town.when("area.move.v1", moved, "registrar")
    rename(town, "康庄社区", "2026-05-31")
    town.check()


def test_area_1_an_area_does_not_lie_in_what_has_taken_its_place(town: Town) -> None:
    """Of external sources, which may lie in each other: a walk through them ends, whatever was said."""
    new_area(town, "外省公开表", "county", "external")
    new_area(town, "外省某县", "外省公开表", "external")
    with town.refused(WrongParent, "下级"):
        moved = {"area": identity("area", "外省公开表"), "name": "外省公开表"}
        town.when("area.move.v1", moved | {"parent": identity("area", "外省某县")}, "registrar")
    succeed(town, "外省某县", area="外省公开表")
    abroad = identity("area", "外省某县")
    with town.refused(OutsideArea):
        town.listed(areas=[abroad], area_label="外省某县")
    assert abroad in town.ledger.refresh().reach([abroad], "2026-06-01")


def test_a_directory_keeps_what_it_was(town: Town) -> None:
    before = town.ledger.refresh()
    rename(town, "康庄社区", "2026-03-01")
    succeed(town, "shan", name="康庄社区")
    kept = before.areas[identity("area", "kang")]
    assert (kept.name, kept.heirs("2026-12-31"), kept.known_as) == ("康家村", (), {"康家村"})
    again = Directory().after(*town.books.identities(0)[0])
    assert again == town.ledger.refresh()
    assert ACTORS["clerk"].post in again.posts


def test_area_1_no_area_comes_to_lie_in_itself_by_what_was_said_of_a_later_day(town: Town) -> None:
    one, other = (new_area(town, name, kind="external") for name in ("外一", "外二"))

    def moving(area: str, name: str, parent: str) -> Json:
        return {"area": area, "name": name, "parent": parent}

    town.when("area.move.v1", moving(one, "外一", other), "registrar", occurred_on="2025-01-01")
    late = moving(other, "外二", one)
    with town.refused(WrongParent, "下级"):
        town.when("area.move.v1", late, "registrar", occurred_on="2024-01-01")
    town.when(
        "area.move.v1", moving(one, "外一", identity("area", "town")), "registrar", occurred_on="2025-01-01"
    )
    town.when("area.move.v1", late, "registrar", occurred_on="2026-01-01")
    town.check()
