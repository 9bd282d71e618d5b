"""POST, AUTH-3, ID: what a post stands on, and that it is closed once by whoever recognises it."""

import pytest

from domain.errors import CapacityNotHeld, LabelDiffers, NotFound, Taken
from domain.post import called, label_of
from tests.domain.posts import CLOSING, authorising, ending, named, term
from tests.domain.story import ACTORS, Json, Town, identity, opened

LONG_AGO = "2020-01-01"


def post(name: str = "新岗", **changed: object) -> Json:
    return {
        "areas": [identity("area", "kang")],
        "organisation": ACTORS["clerk"].organisation,
        "post": identity("post", name),
        "role": "village_admin",
        "title": name,
    } | changed


@pytest.mark.parametrize(
    "nothing",
    [
        {"organisation": identity("organisation", "没有")},
        {"areas": [identity("area", "kang"), identity("area", "没有")]},
    ],
    ids=["organisation", "area"],
)
def test_id_2_a_post_is_of_an_organisation_and_over_areas_that_are_there(town: Town, nothing: Json) -> None:
    with town.refused(NotFound):
        town.when("post.establish.v1", post(**nothing), "registrar")
    town.when("post.establish.v1", post(), "registrar")


@pytest.mark.parametrize("name", ["registrar", "clerk"])
def test_id_1_a_post_is_established_once(town: Town, name: str) -> None:
    """A first registrar's stands in the opening: another under its id would take its place."""
    with town.refused(Taken, ACTORS[name].post):
        town.when("post.establish.v1", post(post=ACTORS[name].post), "registrar")


def test_auth_3_a_post_is_closed_once_by_whoever_recognises_it(town: Town) -> None:
    with town.refused(LabelDiffers, "示例岗位clerk"):
        town.when("post.close.v1", CLOSING | {"title": "别的岗位"}, "registrar")
    town.when("post.close.v1", CLOSING, "registrar")
    with town.refused(CapacityNotHeld, "不必再撤"):
        town.when("post.close.v1", CLOSING, "registrar")


def test_cmd_8_who_is_in_office_is_entered_whenever_it_was_decided(town: Town) -> None:
    """An appointment of years ago is no late business: it holds from when it is entered."""
    for name, payload in (
        ("post.establish.v1", post()),
        ("post.set_term.v1", term("clerk")),
        ("post.deputise.v1", named(town, authorising("head", "centre"))),
        ("post.end_deputy.v1", named(town, ending("head", "centre"))),
        ("post.close.v1", CLOSING),
    ):
        town.when(name, payload, "registrar", occurred_on=LONG_AGO)
    town.check()


def test_id_3_a_post_whose_organisation_has_no_name_goes_by_its_title(town: Town) -> None:
    """The first registrars' organisation has none until it is registered; who never had a key goes by the id."""
    assert label_of(opened().ledger.refresh(), ACTORS["registrar"].post) == "登记员"
    directory = town.ledger.directory
    assert label_of(directory, ACTORS["clerk"].post).endswith("/示例岗位clerk")
    assert called(directory, identity("person", "无")) == identity("person", "无")
