"""LOAD-4: the line of a session counts what its closing would: what is read there can be written into the closing, whatever
became of the places meanwhile.
"""

from collections.abc import Callable

import pytest
from sqlalchemy import Engine

from projections.follow import follow
from projections.load import Population, sessions
from projections.rebuild import rebuild
from tests.domain.loads import LATE, approve, closing, load, opening
from tests.domain.story import TODAY, Town, actor, identity, settled
from tests.domain.test_area import new_area, succeed
from tests.domain.test_load_merged import NAMES, WIDE, enter, into, move
from tests.domain.test_load_moved import abroad
from tests.projections.told import Told


@pytest.fixture
def county() -> Town:
    """Two towns, and people who are over both whatever becomes of them."""
    town = settled()
    abroad(town)
    town.extra |= {name: actor(name, role, "wide") for name, role in WIDE.items()}
    town.establish({name: town.extra[name] for name in WIDE}, dict.fromkeys(WIDE, ("county",)))
    return town


def beside(town: Town, area: str) -> None:
    """Entered late, with the reason that is asked for where no session is."""
    lying = {"areas": [identity("area", area)], "area_label": NAMES[area], "late_reason": "补登"}
    payload = town.project(f"{NAMES[area]}自己的", **lying)
    town.when("project.list.v1", payload, "typist wide", nature="opening", occurred_on=LATE)


def merged_village(town: Town) -> None:
    load(town)
    into(town, "shi")
    enter(town, "承继村的", "shi", on=LATE)


def divided_village(town: Town) -> None:
    load(town)
    into(town, "shi", "shan")
    enter(town, "一半的", "shi", on=LATE)
    enter(town, "另一半的", "shan", on=LATE)


def merged_twice(town: Town) -> None:
    into(town, "shi")
    new_area(town, "新村", parent="elsewhere")
    into(town, "新村", area="shi")
    for area in ("shi", "新村"):
        enter(town, f"{area}的", area, on=LATE)


def neighbour_taken_in_too(town: Town) -> None:
    """What else the successor takes in is none of the session."""
    into(town, "shi")
    new_area(town, "新村", parent="elsewhere")
    beside(town, "新村")
    succeed(town, "shi", area="新村", name="新村", how="merged", label="石桥村", on=TODAY)
    enter(town, "承继村的", "shi", on=LATE)


def restored_village(town: Town) -> None:
    into(town, "shi")
    enter(town, "承继村的", "shi", on=LATE)
    succeed(town, how="restored", area="kang", on=TODAY)
    load(town)
    enter(town, "石桥自己的", "shi", on=LATE)


def moved_village(town: Town) -> None:
    load(town)
    move(town, "kang", "elsewhere")
    enter(town, "搬走后的", "kang", on=LATE)


def merged_town(town: Town) -> None:
    load(town)
    into(town, "elsewhere", area="town")
    enter(town, "旧村的", "kang", on=LATE)
    enter(town, "镇里的", "elsewhere", on=LATE)
    beside(town, "shi")


def village_that_came_later(town: Town) -> None:
    new_area(town, "新村")
    into(town, "elsewhere", area="town")
    move(town, "新村", "elsewhere", "新村")
    enter(town, "新村的", "新村", on=LATE)


def divided_town(town: Town) -> None:
    new_area(town, "新镇", parent="county", kind="town")
    into(town, "elsewhere", "新镇", area="town")
    for area in ("kang", "elsewhere", "新镇"):
        enter(town, f"{area}的", area, on=LATE)
    beside(town, "shi")


def restored_town(town: Town) -> None:
    into(town, "elsewhere", area="town")
    enter(town, "镇里的", "elsewhere", on=LATE)
    succeed(town, how="restored", area="town", on=TODAY)
    enter(town, "另一镇的", "elsewhere", on=LATE)
    beside(town, "shi")
    load(town)


def rewritten_to_another_day(town: Town) -> None:
    """What was first entered of a day after the cut-over date was not loaded."""
    load(town)
    for name in ("晚的", "另一个晚的"):
        load(town, name, on=TODAY)
    for name, on in (("油茶基地", TODAY), ("晚的", LATE), ("另一个晚的", LATE)):
        anew = town.project(name) | {"reason": "日期写错", "version": 1}
        town.when("project.supersede.v1", anew, "typist", nature="fact", occurred_on=on)


VILLAGE = {
    merged_village: 2,
    divided_village: 3,
    merged_twice: 2,
    neighbour_taken_in_too: 1,
    restored_village: 3,
    moved_village: 2,
    rewritten_to_another_day: 1,
}
TOWN = {
    merged_town: 3,
    village_that_came_later: 1,
    divided_town: 3,
    restored_town: 3,
    rewritten_to_another_day: 1,
}


@pytest.mark.parametrize(
    ("areas", "story", "count"),
    [
        *((("kang",), story, count) for story, count in VILLAGE.items()),
        *((("town",), story, count) for story, count in TOWN.items()),
        (("town", "elsewhere"), merged_town, 4),
    ],
)
def test_load_4_what_the_line_counts_is_what_the_closing_counts(
    county: Town, engine: Engine, areas: tuple[str, ...], story: Callable[[Town], None], count: int
) -> None:
    name = "清产核资"
    label = "、".join({"kang": "康家村", "town": "青溪乡", "elsewhere": "白石镇"}[one] for one in areas)
    county.when("load.open.v1", opening(name, *areas, area_label=label), "centre wide")
    approve(county, "开立", name, by="head wide")
    story(county)
    loaded = line(county, engine)
    assert loaded["projects"]["count"] == count
    county.when("load.close.v1", closing(name, loaded=loaded, explanation="如实"), "centre wide")
    approve(county, "封账", name, by="head wide")
    assert line(county, engine) == loaded
    assert rebuild(Told(county), engine).differences == ()


def line(town: Town, engine: Engine) -> Population:
    follow(Told(town), engine)
    return sessions(engine, TODAY)[0].loaded
