"""AUTH-3, POST-1 and KEY-2: posts are held from a day to a day, and the last registrar stays."""

import pytest

from domain.command import COMMANDS
from domain.errors import CapacityNotHeld, LabelDiffers, LastRegistrar, NotFound, WrongTerm
from tests.domain.posts import (
    THIRD,
    TOMORROW,
    YESTERDAY,
    authorising,
    deputise,
    ending,
    named,
    set_term,
    term,
    third_registrar,
)
from tests.domain.story import ACTORS, TODAY, Town


@pytest.mark.parametrize(
    ("valid_from", "until"),
    [("", ""), ("2020-01-01", ""), (TODAY, TODAY), ("", TODAY), (TODAY, "2030-01-01")],
)
def test_auth_3_a_post_is_held_within_its_term(town: Town, valid_from: str, until: str) -> None:
    set_term(town, "clerk", valid_from, until)
    town.listed()
    town.check()


@pytest.mark.parametrize(
    ("valid_from", "until"), [(TOMORROW, ""), ("", YESTERDAY), ("2020-01-01", "2021-01-01")]
)
def test_auth_3_a_post_outside_its_term_is_no_capacity(town: Town, valid_from: str, until: str) -> None:
    set_term(town, "clerk", valid_from, until)
    with town.refused(CapacityNotHeld, "任期"):
        town.listed()
    set_term(town, "clerk", valid_from, "2030-01-01" if valid_from <= TODAY else "")
    town.books.today = max(TODAY, valid_from)
    town.listed()
    town.check()


def test_auth_3_a_term_ends_by_itself(town: Town) -> None:
    set_term(town, "clerk", "2026-01-01", TODAY)
    town.listed()
    town.books.today = TOMORROW
    with town.refused(CapacityNotHeld, f"至{TODAY}"):
        town.listed("茶园")
    town.check()


def test_post_1_a_term_begins_before_it_ends(town: Town) -> None:
    with town.refused(WrongTerm, "早于"):
        set_term(town, "clerk", TODAY, YESTERDAY)
    set_term(town, "clerk", YESTERDAY, TODAY)


def test_post_1_registrars_come_and_go_by_their_keys(town: Town) -> None:
    third_registrar(town)
    payload = term("registrar") | {"post": THIRD.post, "title": "第三登记员"}
    with town.refused(WrongTerm, "登记员"):
        town.when("post.set_term.v1", payload, "registrar")
    with town.refused(NotFound):  # a first registrar's post has no stream of its own
        set_term(town, "registrar", TODAY)


def test_id_3_a_post_is_recognised_by_its_title(town: Town) -> None:
    deputise(town, "head", "centre")
    for name, payload in (
        ("post.set_term.v1", term("clerk")),
        ("post.deputise.v1", named(town, authorising("clerk", "centre"))),
        ("post.end_deputy.v1", named(town, ending("head", "centre"))),
    ):
        with town.refused(LabelDiffers, "示例岗位"):
            town.when(name, payload | {"title": "别的岗位"}, "registrar")


def test_id_3_a_deputy_is_recognised_by_a_post_of_his_own(town: Town) -> None:
    """Who signs reads no id: whom an id means is said in words, and they are the ledger's."""
    given, ended = named(town, authorising("head", "centre")), named(town, ending("head", "centre"))
    label = given["deputy_label"]
    assert label.endswith("/示例岗位centre")
    deputise(town, "head", "centre")
    for name, payload, told in (
        ("post.deputise.v1", given, f"授权代理：{label} 代理示例岗位head，"),
        ("post.end_deputy.v1", ended, f"终止代理：{label} 不再代理示例岗位head"),
    ):
        with town.refused(LabelDiffers, f"“{label}”，所写是“示例岗位typist”"):
            town.when(name, payload | {"deputy_label": "示例岗位typist"}, "registrar")
        town.when(name, payload, "registrar")
        command = town.books.entries[-1].command
        assert command is not None
        assert command["summary"].startswith(told)
        assert payload["deputy"] not in command["summary"]
    town.check()


def test_auth_3_a_closed_post_has_neither_term_nor_deputy(town: Town) -> None:
    closing = {"post": ACTORS["clerk"].post, "reason": "机构改革", "title": "示例岗位clerk"}
    town.when("post.close.v1", closing, "registrar")
    with town.refused(CapacityNotHeld):
        set_term(town, "clerk", TODAY)
    with town.refused(CapacityNotHeld):
        deputise(town, "clerk", "centre")


def test_auth_4_only_a_registrar_says_who_is_in_office() -> None:
    for name in ("post.set_term.v1", "post.deputise.v1", "post.end_deputy.v1"):
        assert COMMANDS[name].may == {"act": frozenset({"registrar"})}


def test_key_2_the_post_of_the_last_registrar_in_office_stays(town: Town) -> None:
    third_registrar(town)
    for name in ("registrar", "registrar2"):
        town.when("key.report_lost.v1", {"key": ACTORS[name].key, "reason": "遗失"}, name)
    closing = {"post": THIRD.post, "reason": "机构改革", "title": "第三登记员"}
    with town.refused(LastRegistrar, "在任"):
        town.when("post.close.v1", closing, "third")
    town.check()


def test_key_2_a_registrar_whose_post_is_closed_is_not_another_one(town: Town) -> None:
    third_registrar(town)
    closing = {"post": THIRD.post, "reason": "机构改革", "title": "第三登记员"}
    town.when("post.close.v1", closing, "registrar")
    town.when("key.report_lost.v1", {"key": ACTORS["registrar"].key, "reason": "遗失"}, "registrar")
    with town.refused(LastRegistrar):
        town.when("key.report_lost.v1", {"key": ACTORS["registrar2"].key, "reason": "遗失"}, "registrar2")
    town.check()
