"""LEDGER, KEY, AREA, PARAM: the ledger, its keys, organisations, posts, areas and parameters."""

from typing import Any

import pytest

from domain.errors import (
    AlreadyOpened,
    BadShape,
    CapacityNotHeld,
    ForeignRules,
    KeyNotGood,
    LabelDiffers,
    LastRegistrar,
    NotFound,
    NotOpened,
    RulesNotAdopted,
    Taken,
    UnknownParameter,
    WrongBinding,
    WrongEpoch,
    WrongOpening,
    WrongParent,
    WrongPosition,
    WrongSigners,
)
from domain.values import ids_in
from tests.domain.story import (
    ACTORS,
    ARCHIVE,
    LEDGER,
    LEDGER_ID,
    Town,
    actor,
    identity,
    opened,
    opening,
)

OPENERS = ["ledger", "registrar", "registrar2"]


def test_ledger_1_the_opening_is_entry_0_and_gives_the_origin() -> None:
    town = opened()
    entry = town.books.entries[0]
    assert (entry.event, entry.stream, entry.version, entry.n) == ("ledger.opened.v1", LEDGER_ID, 1, 1)
    assert sorted(entry.state) == ["archive", "area_code", "area_name", "epoch", "keys", "ledger"]
    assert entry.state["keys"] == opening()["keys"]
    assert town.ledger.directory.origin == f"bangfu/999999001/{entry.leaf[:32]}"
    town.check()


def test_ledger_1_it_is_opened_once() -> None:
    town = opened()
    with town.refused(AlreadyOpened):
        town.when("ledger.open.v1", opening(), OPENERS, origin="")


def _without_table() -> dict[str, Any]:
    return {"rules": opening()["rules"] | {"table": {"commands": []}}}


FIRST, SECOND = ACTORS["registrar"].enrolment, ACTORS["registrar2"].enrolment


@pytest.mark.parametrize(
    ("changed", "says"),
    [
        ({"keys": [FIRST, SECOND, LEDGER.enrolment]}, "第一把密钥须是台账自身的"),
        (
            {"keys": [LEDGER.enrolment | {"person": FIRST["person"]}, FIRST, SECOND]},
            "第一把密钥须是台账自身的",
        ),
        ({"keys": [LEDGER.enrolment, FIRST, SECOND | {"role": "ledger"}]}, "须是登记员的"),
        ({"keys": [LEDGER.enrolment, FIRST, SECOND | {"post": ""}]}, "须写明人、单位、岗位"),
        ({"keys": [LEDGER.enrolment, FIRST, SECOND | {"person": FIRST["person"]}]}, "至少两人"),
        (
            {"keys": [LEDGER.enrolment, FIRST, SECOND, SECOND | {"person": identity("person", "third")}]},
            "不得列两次",
        ),
        ({"rules": opening()["rules"] | {"epoch": 2}}, "第 1 版"),
        ({"rules": opening()["rules"] | {"archive": "b" * 64}}, "规则包"),
        (_without_table(), "规则目录"),
    ],
)
def test_ledger_2_an_incomplete_opening_is_refused(changed: dict[str, Any], says: str) -> None:
    town = Town()
    payload = opening(**changed)
    signers = [{part: key[part] for part in ("key", "organisation", "post")} for key in payload["keys"]]
    with town.refused(WrongOpening, says):
        town.when("ledger.open.v1", payload, OPENERS, origin="", signers=signers)


def test_key_1_an_opened_key_has_the_id_of_its_public_key() -> None:
    town = Town()
    keys = [
        LEDGER.enrolment,
        ACTORS["registrar"].enrolment,
        ACTORS["registrar2"].enrolment | {"public": "0" * 64},
    ]
    with town.refused(WrongBinding):
        town.when("ledger.open.v1", opening(keys=keys), OPENERS, origin="")


def test_auth_8_every_opened_key_signs_the_opening() -> None:
    town = Town()
    with town.refused(WrongSigners):
        town.when("ledger.open.v1", opening(), ["ledger", "registrar"], origin="")


def test_ledger_5_nothing_is_entered_before_the_opening() -> None:
    town = Town()
    with town.refused(NotOpened):
        town.when("person.register.v1", {"person": identity("person", "x")}, "registrar", origin="")


def test_ledger_5_no_batch_is_entered_before_the_opening() -> None:
    town = Town()
    with town.refused(NotOpened):
        town.when_batch(
            [town.command("person.register.v1", {"person": identity("person", "x")}, "registrar")],
            "registrar",
        )


def adoption(epoch: int = 2, archive: str = "b" * 64) -> dict[str, Any]:
    return {"ledger": LEDGER_ID, "rules": opening()["rules"] | {"archive": archive, "epoch": epoch}}


def test_ledger_3_two_registrars_adopt_the_next_edition(town: Town) -> None:
    newer = town.another_process("b" * 64)
    accepted = newer.handle(
        town.sign(town.command("rules.adopt.v1", adoption(), ["registrar", "registrar2"]))
    )
    entry = town.only(accepted)
    assert (entry.event, entry.state, entry.epoch) == (
        "rules.adopted.v1",
        {"archive": "b" * 64, "epoch": 2},
        1,
    )
    signed = town.sign(town.command("project.list.v1", town.project(), nature="fact"))
    assert town.books.entries[newer.handle(signed).position].epoch == 2
    assert town.check(epoch=1)["decided"] == entry.position + 1
    assert town.check(epoch=2)["decided"] == 1


def test_ledger_3_editions_follow_one_another(town: Town) -> None:
    for epoch in (1, 3):
        with town.refused(WrongEpoch):
            town.when("rules.adopt.v1", adoption(epoch), ["registrar", "registrar2"])


def test_ledger_6_rules_are_adopted_by_the_program_that_has_them(town: Town) -> None:
    with town.refused(ForeignRules):
        town.when("rules.adopt.v1", adoption(), ["registrar", "registrar2"])
    newer = town.another_process("b" * 64)
    other = adoption()
    other["rules"]["table"]["commands"] = other["rules"]["table"]["commands"][1:]
    with town.refused(ForeignRules):
        newer.handle(town.sign(town.command("rules.adopt.v1", other, ["registrar", "registrar2"])))


def test_auth_8_one_registrar_adopts_nothing(town: Town) -> None:
    with town.refused(WrongSigners):
        town.when("rules.adopt.v1", adoption(), "registrar")


def test_ledger_4_a_program_with_other_rules_is_read_only_until_they_are_adopted(town: Town) -> None:
    newer = town.another_process("b" * 64)
    signed = town.sign(town.command("project.list.v1", town.project(), nature="fact"))
    with town.refused(RulesNotAdopted):
        newer.handle(signed)
    newer.handle(town.sign(town.command("rules.adopt.v1", adoption(), ["registrar", "registrar2"])))
    newer.handle(signed)
    with town.refused(RulesNotAdopted):
        town.listed("茶园")


def test_key_1_a_key_is_enrolled_by_a_registrar_and_itself(town: Town) -> None:
    second = actor("second", "village_admin", "village", person="clerk", post="clerk")
    accepted = town.when("key.enrol.v1", second.enrolment, "registrar", signers=_enrolling(second))
    entry = town.only(accepted)
    assert (entry.event, entry.stream, entry.state) == ("key.enrolled.v1", second.key, second.enrolment)
    town.when("project.list.v1", town.project(), nature="fact", signers=[second.capacity])
    town.check()


def _enrolling(new: Any, by: str = "registrar") -> list[dict[str, str]]:
    return [ACTORS[by].capacity, new.capacity]


def test_auth_8_a_key_is_not_enrolled_without_itself(town: Town) -> None:
    second = actor("second", "village_admin", "village", person="clerk", post="clerk")
    for signers in ([ACTORS["registrar"].capacity], _enrolling(second)[::-1]):
        with town.refused(WrongSigners):
            town.when("key.enrol.v1", second.enrolment, signers=signers)


@pytest.mark.parametrize(
    ("changed", "refusal"),
    [
        ({"public": "0" * 64}, WrongBinding),
        ({"role": "township"}, WrongBinding),
        ({"organisation": ACTORS["centre"].organisation}, WrongBinding),
        ({"person": identity("person", "nobody")}, NotFound),
        ({"post": identity("post", "nowhere")}, NotFound),
        ({"suite": "rsa"}, BadShape),
    ],
)
def test_key_1_person_post_and_organisation_agree(town: Town, changed: dict[str, str], refusal: Any) -> None:
    second = actor("second", "village_admin", "village", person="clerk", post="clerk")
    payload = second.enrolment | changed
    signers = [
        ACTORS["registrar"].capacity,
        {part: payload[part] for part in ("key", "organisation", "post")},
    ]
    with town.refused(refusal):
        town.when("key.enrol.v1", payload, signers=signers)


def test_id_2_a_post_belongs_to_a_registered_organisation(town: Town) -> None:
    post = {
        "areas": [identity("area", "kang")],
        "post": identity("post", "new"),
        "role": "recorder",
        "title": "x",
    }
    with town.refused(NotFound, "单位"):
        town.when("post.establish.v1", post | {"organisation": identity("organisation", "none")}, "registrar")


CLOSING = {"post": ACTORS["clerk"].post, "reason": "机构改革", "title": "示例岗位clerk"}


def test_key_1_no_key_is_enrolled_for_a_closed_post(town: Town) -> None:
    town.when("post.close.v1", CLOSING, "registrar")
    second = actor("second", "village_admin", "village", person="clerk", post="clerk")
    with town.refused(WrongBinding, "撤销"):
        town.when("key.enrol.v1", second.enrolment, signers=_enrolling(second))


def test_auth_3_a_post_is_closed_once(town: Town) -> None:
    town.when("post.close.v1", CLOSING, "registrar")
    with town.refused(CapacityNotHeld):
        town.when("post.close.v1", CLOSING, "registrar")


def test_auth_2_a_key_ends_once(town: Town) -> None:
    ending = {"key": ACTORS["clerk"].key, "reason": "遗失"}
    town.when("key.revoke.v1", ending, "registrar")
    with town.refused(KeyNotGood):
        town.when("key.report_lost.v1", ending, "registrar")


def test_id_1_a_key_is_enrolled_once(town: Town) -> None:
    for name in ("clerk", "registrar2"):
        one = ACTORS[name]
        by = ["registrar"] if name == "clerk" else ["registrar", "registrar3"]
        if name != "clerk":
            _third_registrar(town)
        with town.refused(Taken, one.key):
            capacities = [ACTORS.get(who, THIRD).capacity for who in by]
            town.when("key.enrol.v1", one.enrolment, signers=[*capacities, one.capacity])


def test_key_2_the_last_registrar_stays(town: Town) -> None:
    # A key of the opening has no entry of its own before this one.
    accepted = town.when(
        "key.report_lost.v1", {"key": ACTORS["registrar2"].key, "reason": "遗失"}, "registrar2"
    )
    assert town.only(accepted).version == 1
    with town.refused(LastRegistrar):
        town.when("key.report_lost.v1", {"key": ACTORS["registrar"].key, "reason": "遗失"}, "registrar")
    town.check()


THIRD = actor("registrar3", "registrar", "town")


def _third_registrar(town: Town) -> None:
    """A third registrar, made by the first two."""
    person = {"person": THIRD.person}
    post = {
        "areas": [identity("area", "town")],
        "organisation": THIRD.organisation,
        "post": THIRD.post,
        "role": "registrar",
        "title": "登记员丙",
    }
    town.when("person.register.v1", person, "registrar")
    town.when("post.establish.v1", post, "registrar")
    signers = [ACTORS["registrar"].capacity, ACTORS["registrar2"].capacity, THIRD.capacity]
    town.when("key.enrol.v1", THIRD.enrolment, signers=signers)


def test_auth_8_no_registrar_makes_or_unmakes_a_registrar_alone(town: Town) -> None:
    with town.refused(WrongSigners):
        town.when("key.enrol.v1", THIRD.enrolment, signers=_enrolling(THIRD))
    _third_registrar(town)
    ending = {"key": THIRD.key, "reason": "离任"}
    with town.refused(WrongSigners):
        town.when("key.revoke.v1", ending, "registrar")
    ended = {"key": ACTORS["registrar2"].key, "reason": "离任"}
    with town.refused(WrongSigners):  # the key that is ended is none of the two
        town.when("key.revoke.v1", ended, ["registrar", "registrar2"])
    town.when("key.revoke.v1", ending, ["registrar", "registrar2"])
    town.check()


def test_key_3_a_compromise_begins_after_the_enrolment(town: Town) -> None:
    clerk = ACTORS["clerk"].key
    enrolled = town.ledger.directory.keys[clerk].position
    with town.refused(WrongPosition):
        town.when(
            "key.report_compromise.v1", {"from_position": enrolled, "key": clerk, "reason": "失窃"}, "clerk"
        )
    payload = {"from_position": enrolled + 1, "key": clerk, "reason": "失窃"}
    accepted = town.when("key.report_compromise.v1", payload, "clerk")
    assert town.only(accepted).state == {"from_position": enrolled + 1, "key": clerk, "reason": "失窃"}
    town.check()


def test_key_a_key_reports_its_own_loss_but_does_not_revoke(town: Town) -> None:
    ending = {"key": ACTORS["clerk"].key, "reason": "遗失"}
    with pytest.raises(Exception, match="登记员"):
        town.when("key.revoke.v1", ending, "clerk")
    entry = town.only(town.when("key.report_lost.v1", ending, "clerk"))
    assert (entry.event, entry.state) == ("key.lost.v1", ending)


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
    with town.refused(Taken, "code:area:康家村"):
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


def setting(name: str, value: int, parameter: str = "p") -> dict[str, Any]:
    return {
        "document": "示例府发〔2026〕2号",
        "effective_on": "2026-11-01",
        "name": name,
        "parameter": identity("parameter", parameter),
        "value": value,
    }


def test_param_1_only_known_parameters_within_their_bounds(town: Town) -> None:
    with town.refused(UnknownParameter, "late_days"):
        town.when("parameter.set.v1", setting("colour", 1), "registrar")
    with town.refused(UnknownParameter):
        town.when("parameter.set.v1", setting("late_days", 3651), "registrar")
    town.when("parameter.set.v1", setting("late_days", 3650), "registrar")


def test_id_1_a_parameter_keeps_its_id(town: Town) -> None:
    town.when("parameter.set.v1", setting("late_days", 10), "registrar")
    with town.refused(Taken):
        town.when("parameter.set.v1", setting("late_days", 20, "other"), "registrar")
    town.when("parameter.set.v1", setting("late_days", 20), "registrar")
    assert town.ledger.directory.parameters["late_days"].at("2026-11-23") == 20
    assert town.ledger.directory.parameters["late_days"].at("2026-10-31") is None
    town.check()


def test_d17_a_person_is_an_id_and_nothing_else(town: Town) -> None:
    entries = town.books.stream(ACTORS["clerk"].person)
    assert [entry.state for entry in entries] == [{"person": ACTORS["clerk"].person}]
    assert ids_in(entries[0].state) == {ACTORS["clerk"].person}
    assert town.ledger.directory.ledger is not None
    assert town.ledger.directory.ledger.archive == ARCHIVE
