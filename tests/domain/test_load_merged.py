"""LOAD-2, LOAD-6: towns that are merged and divided. What takes a town's place has closed books itself, and so has what lay in
that town; what else lies there never brought its opening, and goes on as before.
"""

import pytest

from domain.errors import BooksClosed, LateReasonMissing, SessionOverlaps
from tests.domain.foreign import abroad
from tests.domain.loads import LATE, approval, approve, closed, closing, load, opened, opening, population
from tests.domain.story import AREAS, TODAY, Json, Town, actor, identity
from tests.domain.test_area import new_area, succeed
from tests.domain.test_ledger import meddled
from tests.domain.test_load_moved import ABROAD, into, move

NAMES = AREAS | {"elsewhere": ABROAD, "shi": "石桥村", "新镇": "新镇", "新村": "新村"}
WIDE = {"typist wide": "recorder", "centre wide": "service_centre", "head wide": "township"}


@pytest.fixture
def county(town: Town) -> Town:
    """Two towns, and people who are over both whatever becomes of them."""
    abroad(town)
    town.extra |= {name: actor(name, role, "wide") for name, role in WIDE.items()}
    town.establish({name: town.extra[name] for name in WIDE}, dict.fromkeys(WIDE, ("county",)))
    return town


def enter(town: Town, name: str, area: str, nature: str = "opening", on: str = TODAY) -> None:
    lying: Json = {"areas": [identity("area", area)], "area_label": NAMES[area]}
    town.when("project.list.v1", town.project(name, **lying), "typist wide", nature=nature, occurred_on=on)


def propose_over(town: Town, *areas: str) -> str:
    name = f"{'、'.join(NAMES[one] for one in areas)}清产核资"
    label = "、".join(NAMES[one] for one in areas)
    town.when("load.open.v1", opening(name, *areas, area_label=label), "centre wide")
    return name


def open_over(town: Town, *areas: str) -> None:
    approve(town, "开立", propose_over(town, *areas), by="head wide")


def close(town: Town, loaded: Json) -> list[str]:
    """The areas whose books the session of 青溪乡 closes."""
    payload = closing(loaded=loaded, explanation="只有这些")
    town.when("load.close.v1", payload, "centre wide")
    _, _, *marks = approve(town, "封账", by="head wide")
    return [one.stream for one in marks]


def has_closed_books(town: Town, *areas: str) -> None:
    for area in areas:
        with town.refused(BooksClosed, NAMES[area]):
            enter(town, f"{area}竹园", area)
        enter(town, f"{area}竹园", area, "fact")


@pytest.mark.parametrize("ended", ["closed", "open"])
def test_load_6_what_else_lies_in_a_town_that_took_another_in_has_open_books(
    county: Town, ended: str
) -> None:
    opened(county)
    if ended == "closed":
        closed(county, loaded=population(), explanation="未登记")
    into(county, "elsewhere", area="town")
    if ended == "open":
        assert close(county, population()) == [
            identity("area", one) for one in ("town", "elsewhere", "kang", "shan")
        ]
    has_closed_books(county, "kang", "elsewhere", "town")
    enter(county, "茶园", "shi")
    new_area(county, "新村", parent="elsewhere")
    enter(county, "新茶园", "新村")
    open_over(county, "shan")
    enter(county, "果园", "shan")
    county.check()


def test_load_6_it_is_so_when_the_successor_is_succeeded_too(county: Town) -> None:
    opened(county)
    closed(county, loaded=population(), explanation="未登记")
    into(county, "elsewhere", area="town")
    new_area(county, "新镇", parent="county", kind="town")
    into(county, "新镇", area="elsewhere")
    has_closed_books(county, "kang", "新镇")
    enter(county, "茶园", "shi")
    county.check()


def test_load_6_each_part_of_a_divided_town_has_closed_books_and_not_what_lay_there(county: Town) -> None:
    opened(county)
    closed(county, loaded=population(), explanation="未登记")
    new_area(county, "新镇", parent="county", kind="town")
    into(county, "elsewhere", "新镇", area="town")
    has_closed_books(county, "elsewhere", "新镇", "kang")
    enter(county, "茶园", "shi")
    county.check()


@pytest.mark.parametrize("ended", ["closed", "open"])
def test_load_6_a_village_that_leaves_a_merged_town_takes_its_books_along(county: Town, ended: str) -> None:
    """Closed when its town's session is; the other town's own village leaves with open books."""
    opened(county)
    into(county, "elsewhere", area="town")
    if ended == "closed":
        close(county, population())
    new_area(county, "新镇", parent="county", kind="town")
    for village in ("kang", "shi"):
        move(county, village, "新镇", NAMES[village])
    enter(county, "茶园", "shi")
    if ended == "closed":
        has_closed_books(county, "kang")
    else:
        enter(county, "竹园", "kang")
    county.check()


def test_load_4_a_session_goes_on_over_what_lay_in_the_merged_town(county: Town) -> None:
    """What is entered there is loaded, of long ago too; what is entered in the other town's villages is none of it."""
    opened(county, stated=population(3))
    load(county)
    into(county, "elsewhere", area="town")
    enter(county, "茶园", "kang", on=LATE)
    enter(county, "镇里的", "elsewhere", on=LATE)
    with county.refused(LateReasonMissing):
        enter(county, "石桥茶园", "shi", on=LATE)
    enter(county, "石桥竹园", "shi")
    close(county, population(3))
    county.check()


def test_load_2_of_the_town_that_took_it_in_only_its_own_villages_are_free(county: Town) -> None:
    opened(county)
    into(county, "elsewhere", area="town")
    for area in ("elsewhere", "kang", "county"):
        with county.refused(SessionOverlaps):
            propose_over(county, area)
    open_over(county, "shi")
    enter(county, "石桥茶园", "shi", on=LATE)
    close(county, population())
    enter(county, "石桥竹园", "shi", on=LATE)
    county.check()


@pytest.mark.parametrize(
    "areas", [("town", "elsewhere"), ("elsewhere", "town"), ("town", "elsewhere", "新镇")]
)
def test_load_2_a_session_over_both_is_over_all_that_lies_in_both(
    county: Town, areas: tuple[str, ...]
) -> None:
    """However they are listed, and though the one has long taken the other's place."""
    into(county, "elsewhere", area="town")
    if "新镇" in areas:
        new_area(county, "新镇", parent="county", kind="town")
        into(county, "新镇", area="elsewhere")
    open_over(county, *areas)
    for village in ("shi", "kang"):
        enter(county, f"{village}茶园", village, on=LATE)
    county.check()


def test_load_2_a_village_with_a_session_of_its_own_is_no_obstacle_to_a_merger(county: Town) -> None:
    """Neither comes under the other's session; where the town itself has one, it is one."""
    opened(county)
    open_over(county, "shi")
    into(county, "elsewhere", area="town")
    county.check()


def test_load_2_two_towns_that_both_load_do_not_merge(county: Town) -> None:
    opened(county)
    open_over(county, "elsewhere")
    with county.refused(SessionOverlaps, "都未封账"):
        into(county, "elsewhere", area="town")
    county.check()


@pytest.mark.parametrize("ended", ["closed", "open"])
def test_load_6_a_village_that_is_moved_to_what_took_its_town_stays_under_the_session(
    county: Town, ended: str
) -> None:
    """It lies there already: whoever registers it after the merger changes nothing."""
    opened(county)
    if ended == "closed":
        closed(county, loaded=population(), explanation="未登记")
    new_area(county, "新村")
    into(county, "elsewhere", area="town")
    move(county, "新村", "elsewhere", "新村")
    if ended == "open":
        enter(county, "茶园", "新村", on=LATE)
        close(county, population(1))
    has_closed_books(county, "新村")
    enter(county, "石桥茶园", "shi")
    county.check()


@pytest.mark.parametrize("step", ["proposed", "approved"])
def test_load_6_what_has_come_under_a_session_elsewhere_is_known_when_it_is_closed(
    county: Town, step: str
) -> None:
    """To a process that has not read on, too: or the replay, which knows it, would close its books."""
    opened(county)
    new_area(county, "新村")
    into(county, "elsewhere", area="town")
    payload = closing(loaded=population(), explanation="未登记")
    if step == "approved":
        county.when("load.close.v1", payload, "centre wide")
    other = county.another_process()
    move(county, "新村", "elsewhere", "新村")
    name, by = ("load.close.v1", "centre wide")
    if step == "approved":
        name, payload, by = ("proposal.endorse.v1", approval(county, "封账 青溪乡清产核资"), "head wide")
    accepted = other.handle(county.sign(county.command(name, payload, by)))
    assert identity("area", "新村") in [one.stream for one in county.entries_of(accepted)]
    county.check()


def test_load_6_what_held_a_town_that_was_restored_keeps_its_own_books_open(county: Town) -> None:
    opened(county)
    into(county, "elsewhere", area="town")
    succeed(county, how="restored", area="town", on=TODAY)
    close(county, population())
    has_closed_books(county, "town", "kang")
    enter(county, "石桥茶园", "shi")
    county.check()


def test_load_6_what_lay_there_by_succession_at_the_closing_has_closed_books_when_it_is_restored(
    county: Town,
) -> None:
    new_area(county, "新镇", parent="county", kind="town")
    succeed(county, "town", area="新镇", name="新镇", how="merged", label=AREAS["town"], on=TODAY)
    opened(county)
    close(county, population())
    succeed(county, how="restored", area="新镇", name="新镇", on=TODAY)
    has_closed_books(county, "新镇")
    county.check()


@pytest.mark.parametrize("how", ["merged", "divided"])
def test_load_2_no_session_is_opened_over_what_a_village_under_another_lies_in_in_part(
    county: Town, how: str
) -> None:
    """Over a town that is gone, whose villages lie there still; over one of two that a village was divided into."""
    opened(county, "康家村清产核资", "kang")
    if how == "merged":
        into(county, "elsewhere", area="town")
    else:
        into(county, "shi", "shan")
    with county.refused(SessionOverlaps):
        propose_over(county, "town" if how == "merged" else "elsewhere")
    county.check()


def test_load_2_of_two_sessions_within_a_town_none_comes_to_be_over_the_other(county: Town) -> None:
    """One is over a village of it and over the other town too, into which it is to be merged."""
    open_over(county, "shan", "elsewhere")
    open_over(county, "kang")
    with county.refused(SessionOverlaps, "都未封账"):
        into(county, "elsewhere", area="town")
    county.check()


@pytest.mark.parametrize("when", ["before", "meanwhile"])
def test_load_2_a_session_opened_elsewhere_is_known_when_towns_merge(county: Town, when: str) -> None:
    """Over a village, which the merger itself does not touch."""
    open_over(county, "elsewhere")
    merger = {
        "area": identity("area", "town"),
        "document": "示例府发〔2026〕3号",
        "how": "merged",
        "label": ABROAD,
        "name": AREAS["town"],
        "successors": [identity("area", "elsewhere")],
    }
    ledger = meddled(county, lambda _: opened(county, "康家村清产核资", "kang"), int(when == "meanwhile"))
    if when == "before":
        opened(county, "康家村清产核资", "kang")
    with pytest.raises(SessionOverlaps):
        ledger.handle(county.sign(county.command("area.succeed.v1", merger, "registrar")))
    county.check()


def test_load_2_a_session_over_both_is_no_obstacle_to_their_merger(county: Town) -> None:
    open_over(county, "shan", "elsewhere")
    into(county, "elsewhere", area="town")
    county.check()
