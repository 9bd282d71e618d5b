"""AUTH-9, POST-1 and POST-2: deputies (代理) sign in the post of another within the days they were given, and are counted as themselves."""

import pytest

from domain.errors import (
    BadShape,
    CapacityNotHeld,
    DisciplineIndependent,
    KeyNotGood,
    NotDeputised,
    NotFound,
    OutsideArea,
    RoleNotAllowed,
    SamePerson,
    WrongDeputy,
    WrongSigners,
    WrongTerm,
)
from domain.errors_disposal import SameHand
from domain.errors_obligation import NotConfirmable
from domain.values import days_after
from tests.domain import estate as holding
from tests.domain.disposals import estate
from tests.domain.posts import (
    THIRD,
    TOMORROW,
    YESTERDAY,
    authorise,
    authorising,
    deputise,
    ending,
    named,
    set_term,
    standing_in,
    third_registrar,
)
from tests.domain.story import ACTORS, TODAY, Town, actor, identity


def opined(town: Town) -> None:
    """A project classed by the village and checked: it waits for the township's seal."""
    town.checked()
    town.when("project.opine_class.v1", town.opinion(), "clerk")
    town.when("proposal.endorse.v1", town.signature("checks"), "centre")


def test_auth_9_a_deputy_signs_in_the_principals_post(town: Town) -> None:
    opined(town)
    deputise(town, "head", "centre2")
    entry = town.books.entries[-1]
    assert (entry.event, entry.stream) == ("post.deputised.v1", ACTORS["head"].post)
    accepted = town.when(
        "proposal.endorse.v1", town.signature("seals"), signers=standing_in("centre2", "head")
    )
    sealed, determined = town.entries_of(accepted)
    assert determined.event == "project.class_determined.v1"
    assert sealed.state["by"] == [ACTORS["centre2"].key], "his own key, whatever the post"
    assert sealed.command is not None
    assert sealed.command["signers"][0]["post"] == ACTORS["head"].post
    town.check()


def test_auth_9_without_an_authorisation_nobody_signs_in_anothers_post(town: Town) -> None:
    opined(town)
    with town.refused(CapacityNotHeld, "登记的单位"):
        town.when("proposal.endorse.v1", town.signature("seals"), signers=standing_in("centre2", "head"))
    deputise(town, "head", "centre2")
    for other in ("centre", "typist"):  # neither a colleague of the deputy nor anybody else
        with town.refused(CapacityNotHeld):
            town.when("proposal.endorse.v1", town.signature("seals"), signers=standing_in(other, "head"))
    wrong = [standing_in("centre2", "head")[0] | {"organisation": ACTORS["centre2"].organisation}]
    with town.refused(CapacityNotHeld):
        town.when("proposal.endorse.v1", town.signature("seals"), signers=wrong)
    nowhere = [standing_in("centre2", "head")[0] | {"post": identity("post", "nowhere")}]
    with town.refused(CapacityNotHeld):
        town.when("proposal.endorse.v1", town.signature("seals"), signers=nowhere)


@pytest.mark.parametrize(("valid_from", "until"), [(TOMORROW, "2030-01-01"), ("2020-01-01", YESTERDAY)])
def test_auth_9_a_deputy_signs_within_the_dates_only(town: Town, valid_from: str, until: str) -> None:
    deputise(town, "clerk", "typist", valid_from, until)
    with town.refused(NotDeputised, until):
        town.when("project.list.v1", town.project(), nature="fact", signers=standing_in("typist", "clerk"))
    deputise(town, "clerk", "typist", YESTERDAY, TOMORROW)
    town.when("project.list.v1", town.project(), nature="fact", signers=standing_in("typist", "clerk"))
    town.books.today = days_after(TODAY, 2)
    if valid_from < TODAY:
        with town.refused(NotDeputised):
            town.when(
                "project.list.v1", town.project("茶园"), nature="fact", signers=standing_in("typist", "clerk")
            )
    town.check()


def test_auth_9_an_authorisation_ends_before_its_last_day(town: Town) -> None:
    deputise(town, "clerk", "typist", TODAY, "2030-01-01")
    deputise(town, "clerk", "centre", TODAY, "2030-01-01")
    town.when("project.list.v1", town.project(), nature="fact", signers=standing_in("typist", "clerk"))
    town.when("post.end_deputy.v1", named(town, ending("clerk", "typist")), "registrar")
    with town.refused(CapacityNotHeld):
        town.when(
            "project.list.v1", town.project("茶园"), nature="fact", signers=standing_in("typist", "clerk")
        )
    town.when("project.list.v1", town.project("茶园"), nature="fact", signers=standing_in("centre", "clerk"))
    with town.refused(WrongDeputy, "不是"):
        town.when("post.end_deputy.v1", named(town, ending("clerk", "typist")), "registrar")
    town.check()


def test_auth_4_auth_5_a_deputy_has_the_role_and_the_areas_of_the_principal(town: Town) -> None:
    deputise(town, "clerk", "head")
    shan = {"areas": [identity("area", "shan")], "area_label": "山背村"}
    stand_in = {"nature": "fact", "signers": standing_in("head", "clerk")}
    with town.refused(OutsideArea, "山背村"):
        town.when("project.list.v1", town.project(**shan), **stand_in)
    town.when("project.list.v1", town.project(), **stand_in)
    with town.refused(RoleNotAllowed, "村系统管理员"):
        town.when("project.endorse.v1", town.endorsement(), signers=standing_in("head", "clerk"))
    with town.refused(RoleNotAllowed, "乡党委政府"):
        town.listed("茶园", by="head")
    town.check()


def test_auth_3_the_post_of_the_deputy_and_that_of_the_principal_are_both_held(town: Town) -> None:
    deputise(town, "clerk", "typist", TODAY, "2030-01-01")
    for name in ("typist", "clerk"):
        set_term(town, name, "", YESTERDAY)
        with town.refused(CapacityNotHeld, "任期"):
            town.when(
                "project.list.v1", town.project(), nature="fact", signers=standing_in("typist", "clerk")
            )
        set_term(town, name)
    town.when("project.list.v1", town.project(), nature="fact", signers=standing_in("typist", "clerk"))


def test_auth_2_a_deputys_key_is_good(town: Town) -> None:
    deputise(town, "clerk", "typist")
    town.when("key.report_lost.v1", {"key": ACTORS["typist"].key, "reason": "遗失"}, "typist")
    with town.refused(KeyNotGood):
        town.when("project.list.v1", town.project(), nature="fact", signers=standing_in("typist", "clerk"))


def test_auth_9_any_device_of_the_deputy_will_do(town: Town) -> None:
    deputise(town, "clerk", "typist")
    town.enrol("tablet", "recorder", "centre", person="typist", post="typist")
    signers = [ACTORS["clerk"].capacity | {"key": town.known("tablet").key}]
    town.when("project.list.v1", town.project(), nature="fact", signers=signers)
    town.check()


def test_proj_9_a_deputy_counts_as_himself(town: Town) -> None:
    """Who entered a project does not check it in another's post, nor the principal in a third one's."""
    town.listed(by="typist")
    deputise(town, "centre", "typist")
    deputise(town, "centre", "centre2")
    with town.refused(SamePerson):
        town.when("project.endorse.v1", town.endorsement(), signers=standing_in("typist", "centre"))
    town.when("project.endorse.v1", town.endorsement(), signers=standing_in("centre2", "centre"))
    town.check()


def test_proj_9_the_signatures_of_a_proposal_are_of_different_persons_in_whatever_posts(town: Town) -> None:
    opined(town)
    for name in ("clerk", "centre"):  # the village clerk proposed, the centre checked
        deputise(town, "head", name)
        with town.refused(SamePerson):
            town.when("proposal.endorse.v1", town.signature("seals"), signers=standing_in(name, "head"))
    town.when("proposal.endorse.v1", town.signature("seals"), "head")


def test_disp_12_a_deputy_takes_no_second_step_of_a_disposal(town: Town) -> None:
    """The chair decided: he does not approve in the township's post, while the typist may."""
    its = estate(town)
    its.decided().collected()
    for deputy in ("chair", "typist"):
        authorise(
            town,
            authorising("head", "centre2", TODAY, "2027-01-01") | {"deputy": town.known(deputy).person},
        )
    signers = [ACTORS["head"].capacity | {"key": town.known("chair").key}]
    with town.refused(SameHand):
        its.when("approve", its.approval(), signers=signers)
    its.when("approve", its.approval(), signers=standing_in("typist", "head"))
    town.check()


def test_asset_16_a_title_is_proposed_and_sealed_by_different_persons_in_whatever_posts(town: Town) -> None:
    holding.checked(town)
    town.when("asset.register_ownership.v1", holding.title_of(), "clerk")
    for name in ("clerk", "centre2"):
        deputise(town, "head", name)
    sealing = holding.signature(town, "seals", "确权")
    with town.refused(SamePerson):
        town.when("proposal.endorse.v1", sealing, signers=standing_in("clerk", "head"))
    town.when("proposal.endorse.v1", sealing, signers=standing_in("centre2", "head"))
    town.check()


def test_obl_10_a_deputy_gives_the_word_of_the_body_he_stands_in_for(town: Town) -> None:
    """And not that of his own body, while he signs in the post of another."""
    body = {"area": identity("area", "kang"), "kind": "village_collective", "name": "康家村集体"}
    new = identity("organisation", "康家村集体")
    town.when("organisation.register.v1", body | {"organisation": new}, "registrar")
    chair = actor("chair", "village_admin", "康家村集体", person="理事长", post="理事长")
    town.extra["chair"] = chair
    post = {"areas": [identity("area", "kang")], "organisation": new, "post": chair.post}
    town.when("person.register.v1", {"person": chair.person}, "registrar")
    town.when("post.establish.v1", post | {"role": "village_admin", "title": "理事长"}, "registrar")
    town.when("key.enrol.v1", chair.enrolment, ["registrar", "chair"])
    authorise(town, authorising("clerk", "typist") | {"deputy": chair.person})
    authorise(town, authorising("clerk", "typist") | {"post": chair.post, "title": "理事长"})
    holding.settled_owing(town, debtor=holding.party(name="康家村集体", organisation=new))
    paperless = holding.confirmation(image="", original_seen=False)
    with town.refused(NotConfirmable):
        town.when("obligation.confirm.v1", paperless, signers=[ACTORS["clerk"].capacity | {"key": chair.key}])
    signers = [chair.capacity | {"key": ACTORS["typist"].key}]
    assert town.only(town.when("obligation.confirm.v1", paperless, signers=signers)).state["level"] == "A"
    town.check()


def test_auth_8_rules_are_adopted_by_two_registrars_and_no_deputy(town: Town) -> None:
    with town.refused(NotFound):  # the posts of the first registrars have no stream: nobody stands in
        deputise(town, "registrar", "head")
    third_registrar(town)
    with town.refused(WrongDeputy, "登记员岗位"):
        authorise(town, authorising("head", "centre") | {"post": THIRD.post, "title": "第三登记员"})


def test_auth_9_a_process_behind_the_log_knows_who_has_ceased_to_stand_in(town: Town) -> None:
    """In both orders: who is authorised elsewhere signs here, and who ended there signs here no more."""
    behind = town.another_process()
    deputise(town, "clerk", "typist", TODAY, "2030-01-01")
    signers = standing_in("typist", "clerk")
    first = town.sign(town.command("project.list.v1", town.project(), nature="fact", signers=signers))
    behind.handle(first)
    also_behind = town.another_process()
    town.when("post.end_deputy.v1", named(town, ending("clerk", "typist")), "registrar")
    later = town.sign(town.command("project.list.v1", town.project("茶园"), nature="fact", signers=signers))
    for process in (behind, also_behind):
        with town.refused(CapacityNotHeld):
            process.handle(later)
    town.check()


def test_post_2_a_deputy_is_another_person_with_a_key(town: Town) -> None:
    nobody = {"deputy": identity("person", "nobody"), "deputy_label": "示例无岗之人"}
    with town.refused(NotFound, "人员"):
        authorise(town, authorising("head", "centre") | nobody)
    town.when("person.register.v1", {"person": identity("person", "nobody")}, "registrar")
    with town.refused(WrongDeputy, "没有可用"):
        authorise(town, authorising("head", "centre") | nobody)
    with town.refused(WrongDeputy, "没有可用"):
        deputise(town, "head", "head")
    town.when("key.report_lost.v1", {"key": ACTORS["typist"].key, "reason": "遗失"}, "typist")
    with town.refused(WrongDeputy, "没有可用"):
        deputise(town, "head", "typist")
    town.enrol("tablet", "recorder", "centre", person="typist", post="typist")
    deputise(town, "head", "typist")
    town.check()


def test_post_2_no_registrar_authorises_himself(town: Town) -> None:
    with town.refused(WrongDeputy, "另一名登记员"):
        deputise(town, "head", "registrar")
    deputise(town, "head", "registrar2")


def test_post_2_discipline_has_no_deputy_and_is_nobodys(town: Town) -> None:
    with town.refused(WrongDeputy, "乡纪委岗位"):
        deputise(town, "discipline", "head")
    with town.refused(WrongDeputy, "没有可用"):
        deputise(town, "head", "discipline")


def test_auth_6_a_deputy_who_joins_the_discipline_body_signs_nothing_with_its_key(town: Town) -> None:
    deputise(town, "clerk", "typist")
    town.extra["joined"] = actor("joined", "discipline", "discipline", person="typist", post="discipline")
    town.when("key.enrol.v1", town.known("joined").enrolment, ["registrar", "joined"])
    signers = [ACTORS["clerk"].capacity | {"key": town.known("joined").key}]
    with town.refused(DisciplineIndependent):
        town.when("project.list.v1", town.project(), nature="fact", signers=signers)


def test_post_1_an_authorisation_has_days_a_ground_and_a_document(town: Town) -> None:
    with town.refused(WrongTerm):
        deputise(town, "head", "centre", TODAY, YESTERDAY)
    for field in ("valid_from", "until", "ground", "document"):
        with town.refused(BadShape):
            authorise(town, authorising("head", "centre") | {field: ""})
    with town.refused(WrongSigners):
        town.when("post.deputise.v1", named(town, authorising("head", "centre")), ["registrar", "registrar2"])
