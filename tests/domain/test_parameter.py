"""PARAM: parameters are known ones, within their bounds, each under one id; what reaches back shows its paper."""

from typing import Any

import pytest

from domain.errors import (
    LabelDiffers,
    LateReasonMissing,
    NotFound,
    RetroactiveWithoutPaper,
    RoleNotAllowed,
    SamePerson,
    Taken,
    UnknownParameter,
    WrongSigners,
)
from tests.domain.estate import correction_of, signature
from tests.domain.story import TODAY, Town, actor, identity

YESTERDAY, TOMORROW = "2026-11-22", "2026-11-24"
NUMBER = "示例府发〔2026〕2号"
BOTH = ["registrar", "registrar2"]


def setting(name: str, value: int, parameter: str = "p", **changed: Any) -> dict[str, Any]:
    return {
        "document": NUMBER,
        "effective_on": TODAY,
        "name": name,
        "parameter": identity("parameter", parameter),
        "value": value,
    } | changed


def another_registrar(town: Town, name: str, *, person: str) -> None:
    """One more key of a registrar, for a person of the story or a new one."""
    if identity("person", person) not in town.ledger.refresh().persons:
        town.when("person.register.v1", {"person": identity("person", person)}, "registrar")
    town.extra[name] = new = actor(name, "registrar", "town", person=person, post="registrar")
    signers = [*(town.known(one).capacity for one in BOTH), new.capacity]
    town.when("key.enrol.v1", new.enrolment, signers=signers)


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
    assert town.ledger.directory.parameters["late_days"].at(TODAY) == 20
    assert town.ledger.directory.parameters["late_days"].at(YESTERDAY) is None
    town.check()


@pytest.mark.parametrize("day", [TODAY, TOMORROW, "2099-01-01"])
def test_param_2_a_value_from_today_on_needs_no_paper(town: Town, day: str) -> None:
    town.when("parameter.set.v1", setting("late_days", 20, effective_on=day), "registrar")


@pytest.mark.parametrize("day", [TODAY, TOMORROW])
def test_param_2_a_paper_that_is_shown_for_a_value_from_today_on_is_as_good(town: Town, day: str) -> None:
    paper = town.decree(NUMBER, TODAY, "县里的规定", seen=False)
    shown = setting("late_days", 20, effective_on=day, earlier_document=paper)
    with town.refused(RetroactiveWithoutPaper, "所附文件.*须.*未经另一人核对") as caught:
        town.when("parameter.set.v1", shown, "registrar")
    assert "早于今天" not in caught.value.message
    position, leaf = town.books.located(paper, 1) or (0, "")
    said = {"document": paper, "leaf": leaf, "name": "县里的规定", "position": position}
    town.when("document.endorse.v1", said | {"issued_on": TODAY}, "centre")
    town.when("parameter.set.v1", shown, "registrar")


def test_param_2_a_registrar_alone_changes_no_law_of_days_gone_by(town: Town) -> None:
    """Else both verdicts of a rule would be asked of the value that he has just set, and LAW-1 would never speak."""
    back = setting("late_days", 20, effective_on=YESTERDAY)
    with town.refused(RetroactiveWithoutPaper, YESTERDAY):
        town.when("parameter.set.v1", back, BOTH)
    with town.refused(RetroactiveWithoutPaper):  # nor by saying that he had set it then
        town.when("parameter.set.v1", back, BOTH, occurred_on=YESTERDAY)
    paper = town.decree(NUMBER, YESTERDAY, "县里的规定")
    with town.refused(WrongSigners, "两名"):  # what the paper sets is nobody's word alone
        town.when("parameter.set.v1", back | {"earlier_document": paper}, "registrar")
    town.when("parameter.set.v1", back | {"earlier_document": paper}, BOTH)
    assert town.ledger.directory.parameters["late_days"].at(YESTERDAY) == 20
    town.check()


@pytest.mark.parametrize(
    ("changed", "says"),
    [
        ({"issued_on": TODAY}, f"不在 {TODAY} 以前"),
        ({"quality": "recollection"}, "追忆"),
        ({"quality": "none", "hash": "", "pages": 0}, "无"),
        ({"subjects": []}, "没有关联"),
        ({"seen": False}, "未经另一人核对"),
    ],
    ids=["of after", "recollected", "lost", "about something else", "seen by nobody"],
)
def test_param_2_the_paper_is_of_its_day_sound_about_the_ledger_and_seen(
    town: Town, changed: dict[str, Any], says: str
) -> None:
    paper = town.decree(NUMBER, **{"issued_on": YESTERDAY, "title": "县里的规定"} | changed)
    back = setting("late_days", 20, effective_on=YESTERDAY, earlier_document=paper)
    with town.refused(RetroactiveWithoutPaper, says):
        town.when("parameter.set.v1", back, BOTH)


def test_param_2_whoever_filed_the_paper_is_no_second_hand(town: Town) -> None:
    paper = town.decree(NUMBER, YESTERDAY, "县里的规定", seen=False)
    position, leaf = town.books.located(paper, 1) or (0, "")
    said = {
        "document": paper,
        "issued_on": YESTERDAY,
        "leaf": leaf,
        "name": "县里的规定",
        "position": position,
    }
    with town.refused(SamePerson, "材料“县里的规定”（document_.*）由签名人自己登记"):
        town.when("document.endorse.v1", said, "head")


def test_param_2_the_paper_is_the_one_that_the_signer_reads_of(town: Town) -> None:
    paper = town.decree("示例府发〔2020〕7号", YESTERDAY, "别的规定")
    back = setting("late_days", 20, effective_on=YESTERDAY)
    with town.refused(LabelDiffers, "2020"):
        town.when("parameter.set.v1", back | {"earlier_document": paper}, BOTH)
    with town.refused(NotFound):
        town.when("parameter.set.v1", back | {"earlier_document": identity("document", "无")}, BOTH)


def test_param_2_a_paper_about_the_parameter_itself_will_do(town: Town) -> None:
    town.when("parameter.set.v1", setting("late_days", 20), "registrar")
    paper = town.decree(NUMBER, YESTERDAY, "县里的规定", subjects=[identity("parameter", "p")])
    back = setting("late_days", 25, effective_on=YESTERDAY, earlier_document=paper)
    town.when("parameter.set.v1", back, BOTH)
    town.check()


@pytest.mark.parametrize(
    "by", [["registrar", "second key"], ["registrar", "head"], [*BOTH, "registrar3"]], ids=str
)
def test_param_2_days_gone_by_are_set_by_two_registrars_who_are_two_persons(
    town: Town, by: list[str]
) -> None:
    another_registrar(town, "second key", person="registrar")
    another_registrar(town, "registrar3", person="registrar3")
    paper = town.decree(NUMBER, YESTERDAY, "县里的规定")
    back = setting("late_days", 20, effective_on=YESTERDAY, earlier_document=paper)
    with town.refused(RoleNotAllowed if "head" in by else WrongSigners):
        town.when("parameter.set.v1", back, by)
    town.when("parameter.set.v1", back, ["registrar2", "second key"])
    town.check()


def test_param_2_from_today_on_one_registrar_sets_it(town: Town) -> None:
    with town.refused(WrongSigners):
        town.when("parameter.set.v1", setting("late_days", 20), BOTH)
    town.when("parameter.set.v1", setting("late_days", 20), "registrar2")


@pytest.mark.parametrize("hand", ["files", "corrects", "checks the correction", "endorses"])
@pytest.mark.parametrize("registrar", BOTH)
def test_param_2_the_paper_is_in_other_hands_than_its_signers(town: Town, hand: str, registrar: str) -> None:
    """By persons, not by keys: a registrar may hold a post of the township as well, with a key for it."""
    role = {"files": "township", "corrects": "recorder"}.get(hand, "service_centre")
    own = {"areas": [identity("area", "town")], "organisation": identity("organisation", "town")}
    post = own | {"post": identity("post", "兼任"), "role": role, "title": "兼任"}
    town.when("post.establish.v1", post, "registrar")
    town.enrol("own", role, "town", person=registrar, post="兼任")
    paper = town.decree(
        "旧号" if "corrects" in hand or "correction" in hand else NUMBER,
        YESTERDAY,
        "县里的规定",
        filed_by="own" if hand == "files" else "head",
        seen_by="own" if hand == "endorses" else "centre",
    )
    if hand in ("corrects", "checks the correction"):
        change = correction_of(paper, "县里的规定", ("number", "旧号", NUMBER))
        town.when("document.correct.v1", change, "own" if hand == "corrects" else "typist")
        checks = "own" if hand == "checks the correction" else "centre2"
        town.when("proposal.endorse.v1", signature(town, "checks", "更正"), checks)
    back = setting("late_days", 20, effective_on=YESTERDAY, earlier_document=paper)
    with town.refused(
        RetroactiveWithoutPaper, "本台账（ledger_.*所附材料“县里的规定”（document_.*）由签名人自己"
    ):
        town.when("parameter.set.v1", back, BOTH)
    other = next(one for one in BOTH if one != registrar)
    another_registrar(town, "registrar3", person="registrar3")
    town.when("parameter.set.v1", back, [other, "registrar3"])
    town.check()


def test_param_2_what_is_recorded_stays_as_it_was_judged(town: Town) -> None:
    """The law as it is now known judges what comes after; nothing that stands in the log is judged anew."""
    late = {"nature": "fact", "occurred_on": "2026-10-24"}
    town.when("project.list.v1", town.project("先登的"), **late)
    town.law("late_days", 20, "2026-10-01")
    with town.refused(LateReasonMissing):
        town.when("project.list.v1", town.project("后登的"), **late)
    town.check()
