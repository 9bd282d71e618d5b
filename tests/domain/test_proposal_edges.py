"""PROP: what a proposal takes for a signature, beside its nearest neighbour that it does not; and what it says of its end."""

from typing import Any

import pytest

from domain.errors import LabelDiffers, NotProposer, ProposalClosed, SamePerson, WrongCapacity
from tests.domain.story import ACTORS, TODAY, Json, Town, identity
from tests.domain.test_correction import correction

ENDORSE, WITHDRAW = "proposal.endorse.v1", "proposal.withdraw.v1"
OPINION = "村级初步认定：闲置类"


def opined(town: Town, **changed: Any) -> None:
    town.checked()
    town.when("project.opine_class.v1", town.opinion(**changed), "clerk")


def withdrawal(**changed: Any) -> Json:
    return {"label": OPINION, "proposal": identity("proposal", "1"), "reason": "写错"} | changed


def ended(town: Town, how: str) -> None:
    """The opinion of the village, completed, taken back or expired."""
    opined(town, expires_on=TODAY)
    if how == "已完成":
        town.when(ENDORSE, town.signature("checks"), "centre")
        town.when(ENDORSE, town.signature("seals"), "head")
    elif how == "已撤回":
        town.when(WITHDRAW, withdrawal())
    else:
        town.books.today = "2026-11-24"


ENDS = ["已完成", "已撤回", f"已于 {TODAY} 到期"]


@pytest.mark.parametrize("how", ENDS)
def test_prop_1_what_is_closed_says_how_and_is_neither_signed_nor_taken_back(town: Town, how: str) -> None:
    ended(town, how)
    with town.refused(ProposalClosed, how):
        town.when(ENDORSE, town.signature("checks"), "centre2")
    with town.refused(ProposalClosed, how):
        town.when(WITHDRAW, withdrawal())


def test_prop_1_a_correction_that_is_done_is_signed_no_more(town: Town) -> None:
    """Nothing has taken its place: that it is complete is what closes it."""
    town.checked()
    town.when("project.correct.v1", correction(("build_year", 2016, 2017)), "clerk")
    town.when(ENDORSE, town.signature("checks"), "centre")
    with town.refused(ProposalClosed, "已完成"):
        town.when(ENDORSE, town.signature("checks"), "centre2")


def test_prop_2_the_right_hand_signs_in_the_right_capacity(town: Town) -> None:
    opined(town)
    for capacity in ("approves", "seals", "countersigns"):
        with town.refused(WrongCapacity):
            town.when(ENDORSE, town.signature(capacity), "centre")
    town.when(ENDORSE, town.signature("checks"), "centre")


def test_prop_3_a_proposal_may_expire_on_its_own_day(town: Town) -> None:
    opined(town, expires_on=TODAY)
    town.when(ENDORSE, town.signature("checks"), "centre")


def test_id_3_who_takes_it_back_must_recognise_it(town: Town) -> None:
    opined(town)
    with town.refused(LabelDiffers, OPINION):
        town.when(WITHDRAW, withdrawal(label="村级初步认定：淘汰类"))
    town.when(WITHDRAW, withdrawal())


@pytest.mark.parametrize("by", ["clerk", "typist", "centre"])
def test_prop_4_whoever_may_propose_takes_their_own_back(town: Town, by: str) -> None:
    town.checked()
    town.when("project.correct.v1", correction(("build_year", 2016, 2017)), by)
    label = town.books.stream(identity("proposal", "1"))[0].state["label"]
    other = next(one for one in ("clerk", "typist", "centre") if one != by)
    with town.refused(NotProposer):
        town.when(WITHDRAW, withdrawal(label=label), other)
    town.when(WITHDRAW, withdrawal(label=label), by)
    town.check()


def test_proj_9_who_checked_does_not_seal(town: Town) -> None:
    """By another key, in another post: it is the person that counts."""
    opined(town)
    town.enrol("centre as head", "township", "town", person="centre", post="head")
    town.when(ENDORSE, town.signature("checks"), "centre")
    with town.refused(SamePerson):
        town.when(ENDORSE, town.signature("seals"), signers=[town.extra["centre as head"].capacity])
    assert ACTORS["head"].person != ACTORS["centre"].person
    town.when(ENDORSE, town.signature("seals"), "head")
