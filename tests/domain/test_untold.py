"""AUTH-5: a refusal tells nothing of what lies elsewhere to whoever is not over it, whose ids he may yet know."""

import dataclasses
from typing import Any

import pytest

from domain.errors import LawChanged, NotProposer, OutsideArea, Refused
from domain.errors_correction import CountedElsewhere
from domain.errors_disposal import ForeignDocument, WrongDocumentKind, WrongResolution, YoungDocument
from domain.values import moving_ids
from tests.domain import estate as entered
from tests.domain.deeds import posted
from tests.domain.disposals import HOUSEHOLD, LATER, Estate, estate
from tests.domain.estate import COLD_STORE, LAND_RENT
from tests.domain.story import AREAS, Json, Town, actor, identity
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
    untold(town, OutsideArea, [COLD_STORE, "重复登记", "已"], "proposal.withdraw.v1", withdrawal)
    with town.refused(NotProposer) as caught:  # over the village, but not who made it
        town.when("proposal.withdraw.v1", withdrawal, "centre")
    assert "重复登记" not in caught.value.message


def test_prop_4_who_made_a_proposal_withdraws_it_wherever_the_village_lies_now(town: Town) -> None:
    asset = entered.checked(town)
    change = entered.correction_of(asset, COLD_STORE, ("location", "康家村三组", "康家村二组"))
    town.when("asset.correct.v1", change, "centre")
    other = {"area": identity("area", "other"), "division_code": "", "kind": "town", "name": "示例乡"}
    town.when("area.register.v1", other | {"parent": identity("area", "county")}, "registrar")
    moved = {"area": identity("area", "kang"), "name": AREAS["kang"], "parent": identity("area", "other")}
    town.when("area.move.v1", moved, "registrar")
    label = town.books.stream(identity("proposal", "更正"))[0].state["label"]
    withdrawal = {"label": label, "proposal": identity("proposal", "更正"), "reason": "村已划出"}
    with town.refused(OutsideArea):
        town.when("proposal.withdraw.v1", withdrawal, "centre2")
    town.when("proposal.withdraw.v1", withdrawal, "centre")
    town.check()


THERE: Json = {"areas": [identity("area", "shan")]}


def consented(town: Town) -> Estate:
    """A disposal of 康家村 that waits for its consent, by whose clerk papers are filed."""
    its = estate(town, dataclasses.replace(HOUSEHOLD, decider="chair_kang")).proposed()
    town.extra["chair_kang"] = actor("chair_kang", "service_centre", "kang")
    town.establish({"chair_kang": town.extra["chair_kang"]}, {"chair_kang": ("kang",)})
    return its


@pytest.mark.parametrize("nature", ["act", "fact"])
def test_doc_2_doc_6_doc_7_of_a_paper_elsewhere_neither_kind_nor_day_nor_subject_is_told(
    town: Town, nature: str
) -> None:
    its, told = consented(town), set()
    for kind, more in (("consent", {}), ("photo", {}), ("consent", {"issued_on": "2016-05-04"})):
        its.typist = "clerk_shan"
        paper = its.paper(kind, f"{kind}{more}", **THERE, **{"subjects": []} | more)
        its.papers["decision"] = paper
        late = {"late_reason": "补登"} if nature == "fact" else {}
        by = "clerk" if nature == "fact" else ""
        with town.refused(OutsideArea) as caught:
            its.when("decide", its.decision(**late), by, nature=nature, occurred_on="2026-11-20")
        told.add(caught.value.message.replace(paper, "…"))
    assert len(told) == 1


def test_doc_2_doc_6_its_own_village_is_told_kind_and_day(town: Town) -> None:
    its = consented(town)
    its.papers["decision"] = its.paper("photo")
    with town.refused(WrongDocumentKind, "照片"):
        its.when("decide", its.decision())
    town.books.today = "2026-11-25"
    its.papers["decision"] = its.paper("consent")
    with town.refused(YoungDocument, town.books.today):
        its.when("decide", its.decision(), occurred_on="2026-11-24")
    unlinked = its.papers["decision"] = its.paper("consent", "没有关联的", subjects=[])
    with town.refused(ForeignDocument, unlinked):
        its.when("decide", its.decision())


def test_auth_5_a_paper_that_lies_elsewhere_about_ones_own_is_a_ground(town: Town) -> None:
    """The township files what it decides about several villages where it likes."""
    its = consented(town)
    its.papers["decision"] = its.paper("consent", areas=[identity("area", "town")])
    its.when("decide", its.decision())
    town.check()


def test_meet_9_of_a_meeting_elsewhere_no_matter_is_told(town: Town) -> None:
    its, told = estate(town).proposed(), set()
    shan = THERE | {"area_label": AREAS["shan"]}
    for title, matter in (("一", "disposal"), ("二", "debt")):
        own = identity("asset", "山背冷库")
        if matter == "disposal":
            entered.opened(town, "山背冷库", "clerk_shan", **shan)
        resolution = {"matter": matter, "subject": own}
        meeting = its.held(title, minutes="", resolution=resolution, **shan)
        with town.refused(OutsideArea) as caught:
            its.when("decide", its.decision(meeting=meeting))
        told.add(caught.value.message.replace(meeting, "…"))
    assert len(told) == 1
    here = its.held(resolution={"matter": "debt"})
    with town.refused(WrongResolution, "债"):
        its.when("decide", its.decision(meeting=here))


def test_law_1_of_a_paper_elsewhere_it_is_not_told_that_it_is_a_duplicate(town: Town) -> None:
    deed = posted(town)
    deed.tightened()
    papers = [deed.paper(name, subjects=[], **THERE) for name in ("甲", "乙")]
    with town.refused(OutsideArea):
        deed.act(papers[1])
    asked = twice(papers[1], "乙", papers[0], "甲")
    town.when("document.correct.v1", asked, "centre2", valid_until=LATER)
    signature = entered.signature(town, "checks", "更正")
    town.when("proposal.endorse.v1", signature, "centre", valid_until=LATER)
    with town.refused(OutsideArea) as caught:
        deed.act(papers[1])
    assert "重复" not in caught.value.message


def test_corr_5_what_is_named_wrongly_may_lie_elsewhere(town: Town) -> None:
    """Who puts it right need not be over it, only over what is right."""
    foreign = entered.opened(town, "山背冷库", "clerk_shan", **SHAN)
    own = entered.opened(town)
    debt = entered.owing(town, by="typist", assets=[foreign])
    change = entered.correction_of(debt, LAND_RENT, ("assets", [foreign], [own]))
    town.when("obligation.correct.v1", change, "clerk")
    town.check()


def test_corr_5_what_is_said_to_be_named_wrongly_was_named(town: Town) -> None:
    """Else whoever writes an id there would be told whether it moved."""
    foreign = entered.opened(town, "山背冷库", "clerk_shan", **SHAN)
    own = entered.opened(town)
    debt = entered.owing(town)
    for was in ([foreign], [foreign, own]):
        change = entered.correction_of(debt, LAND_RENT, ("assets", was, [own]))
        for moves in (0, 1):
            seen = [[one, town.books.moves([one])[one]] for one in moving_ids(change) if one != foreign]
            seen = sorted([*seen, [foreign, moves]])
            with town.refused(OutsideArea, foreign):
                town.when("obligation.correct.v1", change, "clerk", seen=seen)


def test_corr_5_what_another_village_has_named_is_not_told(town: Town) -> None:
    assets = [entered.opened(town), entered.opened(town, TWIN)]
    debt = entered.owing(town, assets=assets[:1])
    for was in assets:
        change = entered.correction_of(debt, LAND_RENT, ("assets", [was], []))
        with town.refused(OutsideArea, debt):
            town.when("obligation.correct.v1", change, "clerk_shan")


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
