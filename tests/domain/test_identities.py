"""AREA-1, AUTH-3, ID-1 to 3: areas, organisations, posts and persons are registered once and recognised by their names."""

from typing import Any

from domain.errors import CapacityNotHeld, LabelDiffers, NotFound, Taken, WrongParent
from domain.values import ids_in
from tests.domain.posts import CLOSING
from tests.domain.story import ACTORS, ARCHIVE, Town, identity


def test_id_2_a_post_belongs_to_a_registered_organisation(town: Town) -> None:
    post = {
        "areas": [identity("area", "kang")],
        "post": identity("post", "new"),
        "role": "recorder",
        "title": "x",
    }
    with town.refused(NotFound, "单位"):
        town.when("post.establish.v1", post | {"organisation": identity("organisation", "none")}, "registrar")


def test_auth_3_a_post_is_closed_once(town: Town) -> None:
    town.when("post.close.v1", CLOSING, "registrar")
    with town.refused(CapacityNotHeld):
        town.when("post.close.v1", CLOSING, "registrar")


def area(name: str, kind: str, parent: str) -> dict[str, Any]:
    return {
        "area": identity("area", name),
        "division_code": "",
        "kind": kind,
        "name": name,
        "parent": identity("area", parent) if parent else "",
    }


def test_area_1_a_village_lies_in_a_town(town: Town) -> None:
    with town.refused(WrongParent):
        town.when("area.register.v1", area("新村", "village", "county"), "registrar")
    with town.refused(WrongParent):
        town.when("area.register.v1", area("新村", "village", ""), "registrar")
    town.when("area.register.v1", area("新村", "village", "town"), "registrar")


def test_area_1_an_external_source_may_lie_nowhere(town: Town) -> None:
    town.when("area.register.v1", area("外县公开表", "external", ""), "registrar")


def test_area_1_an_area_does_not_lie_in_what_lies_in_it(town: Town) -> None:
    town.when("area.register.v1", area("外省公开表", "external", ""), "registrar")
    town.when("area.register.v1", area("外省某县", "external", "外省公开表"), "registrar")
    moved = {
        "area": identity("area", "外省公开表"),
        "name": "外省公开表",
        "parent": identity("area", "外省某县"),
    }
    with town.refused(WrongParent, "下级"):
        town.when("area.move.v1", moved, "registrar")


def test_id_3_an_area_is_moved_by_its_name(town: Town) -> None:
    moved = {"area": identity("area", "kang"), "name": "康庄村", "parent": identity("area", "town")}
    with town.refused(LabelDiffers, "康家村"):
        town.when("area.move.v1", moved, "registrar")


def test_cmd_8_a_place_lay_where_it_lay_before_it_was_registered(town: Town) -> None:
    town.when("area.register.v1", area("新村", "village", "town"), "registrar", occurred_on="1990-01-01")


def test_id_1_a_name_of_an_area_is_used_once(town: Town) -> None:
    with town.refused(Taken, "区域名称 康家村 已被使用"):
        town.when("area.register.v1", area("康家村", "village", "town"), "registrar")


def test_id_1_what_is_registered_is_not_registered_again(town: Town) -> None:
    clerk = ACTORS["clerk"]
    with town.refused(Taken):
        town.when("person.register.v1", {"person": clerk.person}, "registrar")
    post = {
        "areas": [identity("area", "kang")],
        "organisation": clerk.organisation,
        "role": "recorder",
        "title": "x",
    }
    for taken in (clerk.post, ACTORS["registrar"].post):
        with town.refused(Taken):
            town.when("post.establish.v1", post | {"post": taken}, "registrar")


def test_id_3_a_post_is_closed_by_its_title(town: Town) -> None:
    closing = {"post": ACTORS["clerk"].post, "reason": "机构改革", "title": "别的岗位"}
    with town.refused(LabelDiffers):
        town.when("post.close.v1", closing, "registrar")


def test_d17_a_person_is_an_id_and_nothing_else(town: Town) -> None:
    entries = town.books.stream(ACTORS["clerk"].person)
    assert [entry.state for entry in entries] == [{"person": ACTORS["clerk"].person}]
    assert ids_in(entries[0].state) == {ACTORS["clerk"].person}
    assert town.ledger.directory.ledger is not None
    assert town.ledger.directory.ledger.archive == ARCHIVE
