"""CLASS and PROP: how a class comes about, by three hands one after another (种子 三(三), 附件2)."""

from typing import Any

import pytest

from domain.errors import (
    BeforePolicy,
    CauseForbidden,
    CauseRequired,
    KeyNotGood,
    LabelDiffers,
    NoAssistanceFunds,
    NotChecked,
    NotFound,
    NothingLeft,
    NotProposer,
    OpinionsNotSought,
    ProposalClosed,
    ProposalOpen,
    RoleNotAllowed,
    SamePerson,
    SubjectMoved,
    WrongCapacity,
    WrongEntry,
    WrongExpiry,
    WrongStage,
)
from tests.domain.story import ACTORS, Town, identity


def opined(town: Town, **changed: Any) -> None:
    town.checked()
    town.when("project.opine_class.v1", town.opinion(**changed), "clerk")


def test_s1_village_centre_and_township_determine_a_class(town: Town) -> None:
    town.checked()
    village = town.when("project.opine_class.v1", town.opinion(), "clerk")
    assert [entry.event for entry in town.entries_of(village)] == [
        "project.class_opined.v1",
        "proposal.made.v1",
    ]
    checks = town.when("proposal.endorse.v1", town.signature("checks"), "centre")
    assert [entry.event for entry in town.entries_of(checks)] == ["proposal.endorsed.v1"]
    seals = town.when("proposal.endorse.v1", town.signature("seals"), "head")
    endorsed, determined = town.entries_of(seals)
    assert (endorsed.event, endorsed.state["complete"]) == ("proposal.endorsed.v1", True)
    assert determined.event == "project.class_determined.v1"
    assert determined.stream == identity("project", "油茶基地")
    assert determined.state["class"] == "idle"
    assert determined.state["stage"] == "township"
    assert determined.state["cause_codes"] == ["C1"]
    town.check()


def test_proj_7_no_class_rests_on_an_unchecked_project(town: Town) -> None:
    town.listed()
    with town.refused(NotChecked):
        town.when("project.opine_class.v1", town.opinion(), "clerk")


def test_proj_2_a_project_without_assistance_funds_is_refused(town: Town) -> None:
    line = {"amount_fen": 1, "as_read": "", "document": "", "source": "other", "year": None}
    town.checked(fund_lines=[line], total_fen=1)
    with town.refused(NoAssistanceFunds):
        town.when("project.opine_class.v1", town.opinion(), "clerk")


def test_proj_3_a_year_before_2013_is_refused(town: Town) -> None:
    town.checked(build_year=2012)
    with town.refused(BeforePolicy):
        town.when("project.opine_class.v1", town.opinion(), "clerk")


def test_proj_4_a_project_of_which_nothing_is_left_is_refused(town: Town) -> None:
    town.checked(subsisting=False, operating_assets=False)
    with town.refused(NothingLeft):
        town.when("project.opine_class.v1", town.opinion(), "clerk")


def test_proj_what_nobody_knows_is_no_breach_but_noted(town: Town) -> None:
    town.checked(build_year=None)
    accepted = town.when("project.opine_class.v1", town.opinion(), "clerk")
    assert town.entries_of(accepted)[0].state["notes"] == ["PROJ-3:unknown"]


@pytest.mark.parametrize("class_", ["idle", "eliminated"])
def test_class_1_idle_and_eliminated_need_a_cause(town: Town, class_: str) -> None:
    town.checked()
    with town.refused(CauseRequired):
        town.when("project.opine_class.v1", town.opinion(cause_codes=[]) | {"class": class_}, "clerk")


def test_class_1_another_cause_is_put_into_words(town: Town) -> None:
    town.checked()
    with town.refused(CauseRequired):
        town.when("project.opine_class.v1", town.opinion(cause_codes=["OTHER"], cause_text=" "), "clerk")
    said = town.opinion(cause_codes=["OTHER"], cause_text="道路中断")
    town.when("project.opine_class.v1", said, "clerk")


@pytest.mark.parametrize("class_", ["advantaged", "weak"])
def test_class_2_the_other_classes_have_none(town: Town, class_: str) -> None:
    town.checked()
    with town.refused(CauseForbidden):
        town.when("project.opine_class.v1", town.opinion() | {"class": class_}, "clerk")
    town.when("project.opine_class.v1", town.opinion(cause_codes=[]) | {"class": class_}, "clerk")


@pytest.mark.parametrize("left_out", ["collective", "farmers", "operator"])
def test_class_3_everybody_is_asked_first(town: Town, left_out: str) -> None:
    town.checked()
    sought = {"collective": True, "farmers": True, "operator": True} | {left_out: False}
    with town.refused(OpinionsNotSought):
        town.when("project.opine_class.v1", town.opinion(opinions_sought=sought), "clerk")


def test_class_3_nobody_is_asked_where_there_is_no_operator(town: Town) -> None:
    town.checked(operator="")
    sought = {"collective": True, "farmers": True, "operator": False}
    town.when("project.opine_class.v1", town.opinion(opinions_sought=sought), "clerk")


def test_class_4_one_opinion_waits_at_a_time(town: Town) -> None:
    opined(town)
    with town.refused(ProposalOpen):
        town.when("project.opine_class.v1", town.opinion(proposal="2"), "clerk")


def test_class_4_after_it_is_withdrawn_another_may_be_made(town: Town) -> None:
    opined(town)
    withdrawal = {"label": "村级初步认定：闲置类", "proposal": identity("proposal", "1"), "reason": "写错"}
    town.when("proposal.withdraw.v1", withdrawal, "clerk")
    town.when("project.opine_class.v1", town.opinion(proposal="2"), "clerk")
    town.check()


def test_class_4_after_it_has_expired_another_may_be_made(town: Town) -> None:
    opined(town, expires_on="2026-11-24")
    town.books.today = "2026-11-24"
    with town.refused(ProposalOpen):
        town.when("project.opine_class.v1", town.opinion(proposal="2"), "clerk")
    town.books.today = "2026-11-25"
    town.when("project.opine_class.v1", town.opinion(proposal="2"), "clerk")


def test_class_5_the_township_may_see_it_otherwise(town: Town) -> None:
    opined(town)
    other = {"stage": "township_proposal", "proposal": "2", "differs_from": identity("proposal", "1")}
    town.when("project.opine_class.v1", town.opinion(**other) | {"class": "eliminated"}, "centre")
    with town.refused(ProposalClosed):
        town.when("proposal.endorse.v1", town.signature("checks", "1"), "centre2")
    town.when("proposal.endorse.v1", town.signature("checks", "2"), "centre2")
    accepted = town.when("proposal.endorse.v1", town.signature("seals", "2"), "head")
    assert town.entries_of(accepted)[1].state["class"] == "eliminated"
    town.check()


def test_class_5_it_names_the_village_proposal_it_differs_from(town: Town) -> None:
    opined(town)
    other = town.opinion(proposal="2", stage="township_proposal") | {"class": "eliminated"}
    with town.refused(WrongStage, identity("proposal", "1")):
        town.when("project.opine_class.v1", other, "centre")
    with town.refused(WrongStage, "直接签署"):
        same = {"differs_from": identity("proposal", "1"), "class": "idle"}
        town.when("project.opine_class.v1", other | same, "centre")


def test_class_5_the_village_differs_from_nobody(town: Town) -> None:
    opined(town)
    town.books.today = "2027-01-01"  # the first opinion has expired
    again = town.opinion(proposal="2", differs_from=identity("proposal", "1"), expires_on="2027-01-31")
    with town.refused(WrongStage):
        town.when("project.opine_class.v1", again, "clerk", valid_until="2027-01-31")
    again["differs_from"] = ""
    town.when("project.opine_class.v1", again, "clerk", valid_until="2027-01-31")


def test_class_5_the_village_opinion_is_the_villages(town: Town) -> None:
    town.checked()
    with town.refused(WrongStage):
        town.when("project.opine_class.v1", town.opinion(), "centre")
    with town.refused(RoleNotAllowed):
        town.when("project.opine_class.v1", town.opinion(), "head")


def test_prop_1_a_completed_proposal_is_signed_no_more(town: Town) -> None:
    opined(town)
    town.when("proposal.endorse.v1", town.signature("checks"), "centre")
    town.when("proposal.endorse.v1", town.signature("seals"), "head")
    with town.refused(ProposalClosed):
        town.when("proposal.endorse.v1", town.signature("seals"), "head")


def test_prop_1_an_expired_proposal_is_signed_no_more(town: Town) -> None:
    opined(town, expires_on="2026-11-24")
    town.books.today = "2026-11-25"
    with town.refused(ProposalClosed, "2026-11-24"):
        town.when("proposal.endorse.v1", town.signature("checks"), "centre")


def test_prop_2_the_order_of_capacities_is_fixed(town: Town) -> None:
    opined(town)
    with town.refused(WrongCapacity):
        town.when("proposal.endorse.v1", town.signature("seals"), "head")
    with town.refused(WrongCapacity):
        town.when("proposal.endorse.v1", town.signature("checks"), "head")


def test_prop_3_a_proposal_lasts_ninety_days_at_most(town: Town) -> None:
    town.checked()
    for day in ("2026-11-22", "2027-02-22"):
        with town.refused(WrongExpiry):
            town.when("project.opine_class.v1", town.opinion(expires_on=day), "clerk")
    town.when("project.opine_class.v1", town.opinion(expires_on="2027-02-21"), "clerk")


def test_prop_4_only_the_proposer_withdraws(town: Town) -> None:
    opined(town)
    withdrawal = {"label": "村级初步认定：闲置类", "proposal": identity("proposal", "1"), "reason": "写错"}
    with town.refused(NotProposer):
        town.when("proposal.withdraw.v1", withdrawal, "centre")


def test_proj_9_an_earlier_signer_does_not_sign_again(town: Town) -> None:
    opined(town)
    other = {"stage": "township_proposal", "proposal": "2", "differs_from": identity("proposal", "1")}
    town.when("project.opine_class.v1", town.opinion(**other) | {"class": "eliminated"}, "centre")
    with town.refused(SamePerson):
        town.when("proposal.endorse.v1", town.signature("checks", "2"), "centre")


@pytest.mark.parametrize("changed", [{"leaf": "0" * 64}, {"position": 3}], ids=["leaf", "position"])
def test_proj_10_an_endorser_names_exactly_the_proposed_entry(town: Town, changed: dict[str, Any]) -> None:
    opined(town)
    with town.refused(WrongEntry, r"第 \d+ 号、哈希 [0-9a-f]{64}"):
        town.when("proposal.endorse.v1", town.signature("checks", **changed), "centre")


def test_proj_10_an_endorser_names_the_projects_own_proposal(town: Town) -> None:
    opined(town)
    town.listed("茶园")
    with town.refused(WrongEntry, "所指的是"):
        town.when("proposal.endorse.v1", town.signature("checks", name="茶园"), "centre")
    with town.refused(NotFound):
        town.when("proposal.endorse.v1", town.signature("checks", name="没有的项目"), "centre")


def test_id_3_an_endorser_must_recognise_the_class(town: Town) -> None:
    opined(town)
    with town.refused(LabelDiffers, "闲置类"):
        town.when("proposal.endorse.v1", town.signature("checks", label="村级初步认定：淘汰类"), "centre")


def test_seen_2_the_last_signer_sees_what_has_moved(town: Town) -> None:
    opined(town)
    town.when("proposal.endorse.v1", town.signature("checks"), "centre")
    stale = town.command("proposal.endorse.v1", town.signature("seals"), "head")
    correction = {
        "changes": [{"field": "scale", "now": "180亩", "was": "200亩"}],
        "paper": "",
        "instead": "",
        "instead_name": "",
        "kind": "slip",
        "expires_on": "2026-12-31",
        "name": "油茶基地",
        "project": identity("project", "油茶基地"),
        "proposal": identity("proposal", "c"),
        "reason": "实测",
        "version": 1,
    }
    town.when("project.correct.v1", correction, "clerk")
    with town.refused(SubjectMoved):
        town.ledger.handle(town.sign(stale))
    town.when("proposal.endorse.v1", town.signature("seals"), "head")


def test_auth_2_all_signers_keys_are_still_good_when_it_completes(town: Town) -> None:
    opined(town)
    town.when("proposal.endorse.v1", town.signature("checks"), "centre")
    town.when("key.revoke.v1", {"key": ACTORS["clerk"].key, "reason": "调离"}, "registrar")
    with town.refused(KeyNotGood):
        town.when("proposal.endorse.v1", town.signature("seals"), "head")
