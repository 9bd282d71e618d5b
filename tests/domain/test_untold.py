"""AUTH-5: a refusal tells nothing of what lies elsewhere to whoever is not over it, whose ids he may yet know."""

from typing import Any

import pytest

from domain.errors import LawChanged, NotProposer, OutsideArea, Refused
from domain.errors_correction import CountedElsewhere
from domain.errors_disposal import ForeignDocument, WrongDocumentKind
from tests.domain import estate as entered
from tests.domain.deeds import posted
from tests.domain.disposals import HOUSEHOLD, estate
from tests.domain.estate import COLD_STORE, LAND_RENT
from tests.domain.story import AREAS, Json, Town, identity
from tests.domain.test_correction_kinds import TWIN, check, propose, things, twice

SHAN: Json = {"areas": [identity("area", "shan")], "area_label": AREAS["shan"]}


def untold(
    town: Town, refusal: type[Refused], words: list[str], name: str, payload: Json, **header: Any
) -> None:
    with town.refused(refusal) as caught:
        town.when(name, payload, "clerk_shan", **header)
    said = f"{caught.value.message} {caught.value.detail}"
    assert not [one for one in words if one in said], said


@pytest.mark.parametrize("noun", ["asset", "obligation", "document"])
def test_auth_5_of_a_duplicate_elsewhere_it_is_not_told_what_it_is_one_of(town: Town, noun: str) -> None:
    (one, its_name), (two, name) = things(town, noun)
    propose(town, twice(two, name, one, its_name))
    check(town)
    asked: dict[str, tuple[str, Json]] = {
        "asset": ("asset.report_condition.v1", entered.report("idle", name)),
        "obligation": ("obligation.repay.v1", entered.repayment(name=name)),
        "document": ("document.correct.v1", entered.correction_of(two, name, ("pages", 2, 3))),
    }
    untold(town, OutsideArea, [one], *asked[noun])


def test_prop_4_what_a_proposal_says_is_not_told_to_another(town: Town) -> None:
    entered.checked(town)
    twin = entered.checked(town, TWIN)
    propose(town, twice(twin, TWIN, entered.asset_id(), COLD_STORE))
    withdrawal = {"label": "更正", "proposal": identity("proposal", "更正"), "reason": "看看"}
    untold(town, NotProposer, [COLD_STORE, "重复登记", "已"], "proposal.withdraw.v1", withdrawal)


def test_doc_7_of_a_paper_elsewhere_its_name_is_not_told(town: Town) -> None:
    its = estate(town, HOUSEHOLD).proposed()
    elsewhere = {"areas": [identity("area", "shan")], "subjects": []}
    typist, its.typist = its.typist, "clerk_shan"
    for kind, refusal in (("consent", ForeignDocument), ("photo", WrongDocumentKind)):
        its.papers["decision"] = its.paper(kind, f"别村的秘密{kind}", **elsewhere)
        with town.refused(refusal) as caught:
            its.when("decide", its.decision())
        assert "秘密" not in caught.value.message
    its.typist = typist


def test_law_1_of_a_paper_about_something_else_no_day_is_told(town: Town) -> None:
    deed = posted(town)
    deed.tightened()
    other = deed.paper("别的", issued_on="2016-05-04", subjects=[])
    with town.refused(LawChanged, "没有关联") as caught:
        deed.act(other)
    young = deed.paper("又一件", subjects=[], quality="recollection")
    with town.refused(LawChanged, "没有关联") as caught:
        deed.act(young)
    assert "追忆" not in caught.value.message.partition("所附")[2]


def test_corr_8_its_own_village_is_told_what_it_is_one_of(town: Town) -> None:
    (one, its_name), (two, name) = things(town, "obligation")
    assert name != LAND_RENT
    propose(town, twice(two, name, one, its_name))
    check(town)
    with town.refused(CountedElsewhere, one):
        town.when("obligation.repay.v1", entered.repayment(name=name), "clerk")
