"""CORR-3 to CORR-8: a correction is a slip, a material one, of the wrong subject, or of what was registered twice (D12)."""

from typing import Any

import pytest

from domain.base import Aggregate
from domain.command import render
from domain.correction import KINDS
from domain.errors import LabelDiffers, NotCorrectable, NotFound, OutsideArea, SamePerson
from domain.errors_asset import DisposalOpen
from domain.errors_correction import (
    CountedElsewhere,
    EntryStays,
    NotDocumented,
    UnlikeKind,
    WrongRemaining,
    WrongRightSubject,
)
from domain.errors_disposal import ForeignDocument, WeakSource, YoungDocument
from tests.domain import estate as entered
from tests.domain import test_load as loads
from tests.domain.disposals import COLLECTIVE, Estate, estate
from tests.domain.estate import COLD_STORE, LAND_RENT, asset_id, booking, obligation_id, repayment
from tests.domain.story import AREAS, TODAY, WAN, Json, Town, identity

TWIN = "示例冷库又一张卡"
LOCATION = ("location", "", "康家村二组")


def asked(subject: str, name: str, kind: str, *changes: tuple[str, Any, Any], **changed: Any) -> Json:
    return entered.correction_of(subject, name, *changes) | {"kind": kind} | changed


def twice(subject: str, name: str, remaining: str, its_name: str, **changed: Any) -> Json:
    return asked(subject, name, "duplicate", instead=remaining, instead_name=its_name, **changed)


def propose(town: Town, payload: Json, by: str = "clerk") -> None:
    (noun,) = {"project", "asset", "obligation", "meeting", "notice", "disposal", "document"} & {
        one for one in payload if one != "document" or str(payload[one]).startswith("document_")
    }
    town.when(f"{noun}.correct.v1", payload, by)


def check(town: Town, proposal: str = "更正", by: str = "centre") -> list[Any]:
    return town.entries_of(town.when("proposal.endorse.v1", entered.signature(town, "checks", proposal), by))


def of(town: Town, subject: str) -> Any:
    return town.the(Aggregate, subject)


def paper(town: Town, about: str, title: str = "验收报告", **changed: Any) -> str:
    document = identity("document", title)
    payload = {
        "amount_fen": None,
        "areas": [identity("area", "kang")],
        "document": document,
        "hash": "d" * 64,
        "issued_on": TODAY,
        "issuer": "青溪乡人民政府",
        "kind": "value_proof",
        "name": title,
        "number": "",
        "pages": 2,
        "quality": "original",
        "subjects": [about],
    } | changed
    town.when("document.register.v1", payload, "clerk")
    return document


# --- what each kind states ------------------------------------------------------------------------------

OTHER = {"instead": asset_id(TWIN), "instead_name": TWIN}


@pytest.mark.parametrize(
    ("kind", "changes", "more"),
    [
        ("slip", [], {}),
        ("slip", [LOCATION], OTHER),
        ("material", [], {"paper": identity("document", "1")}),
        ("material", [LOCATION], OTHER | {"paper": identity("document", "1")}),
        ("wrong_subject", [], {}),
        ("wrong_subject", [], OTHER | {"instead_name": ""}),
        ("duplicate", [LOCATION], OTHER),
        ("duplicate", [], {}),
        ("slip", [("duplicate_of", "", asset_id(TWIN))], {}),
    ],
)
def test_corr_3_each_kind_states_what_it_is_about(kind: str, changes: list[Any], more: Json) -> None:
    """It is found out before anything is signed."""
    with pytest.raises(UnlikeKind):
        render("asset.correct.v1", asked(asset_id(), COLD_STORE, kind, *changes, **more))


def test_corr_3_whoever_checks_it_reads_its_kind() -> None:
    said = [
        asked(asset_id(), COLD_STORE, "slip", LOCATION),
        asked(asset_id(), COLD_STORE, "material", LOCATION, paper=identity("document", "1")),
        asked(asset_id(), COLD_STORE, "wrong_subject", version=3, **OTHER),
        twice(asset_id(), COLD_STORE, asset_id(TWIN), TWIN),
    ]
    assert [one["kind"] for one in said] == list(KINDS)
    assert [render("asset.correct.v1", one).partition("，资产：")[0] for one in said] == [
        "更正（笔误）：坐落地点",
        "更正（实质性更正）：坐落地点",
        f"更正（记错对象）：第 3 版整条，正确的是{TWIN}",
        f"更正（重复登记）：第 1 版整条，留存的是{TWIN}",
    ]


# --- material -------------------------------------------------------------------------------------------


def test_corr_4_a_material_correction_rests_on_a_document(town: Town) -> None:
    entered.checked(town)
    change = ("original_fen", 50 * WAN, 48 * WAN)
    with pytest.raises(NotDocumented):
        render("asset.correct.v1", asked(asset_id(), COLD_STORE, "material", change))

    def material(document: str) -> Json:
        return asked(asset_id(), COLD_STORE, "material", change, paper=document)

    with town.refused(NotFound):
        propose(town, material(identity("document", "没有")))
    for refusal, wrong in (
        (WeakSource, {"quality": "recollection"}),
        (ForeignDocument, {"subjects": []}),
    ):
        unfit = paper(town, asset_id(), refusal.code, **wrong)
        with town.refused(refusal):
            propose(town, material(unfit))
    document = paper(town, asset_id())
    with town.refused(YoungDocument):
        town.when("asset.correct.v1", material(document), "clerk", occurred_on="2026-11-22")
    propose(town, material(document))
    corrected = check(town)[1]
    assert (corrected.state["kind"], corrected.state["paper"]) == ("material", document)
    assert of(town, asset_id()).figures(TODAY).original_fen == 48 * WAN
    town.check()


# --- the wrong subject ----------------------------------------------------------------------------------


def test_corr_5_an_entry_about_the_wrong_asset_is_struck_and_stays_visible(town: Town) -> None:
    entered.checked(town)
    twin = entered.checked(town, TWIN)
    town.when("asset.book.v1", booking("additions", WAN), "clerk", nature="fact")
    mistaken = {"version": 3, "instead": twin, "instead_name": TWIN}
    propose(town, asked(asset_id(), COLD_STORE, "wrong_subject", **mistaken))
    before = of(town, asset_id())
    assert before.figures(TODAY).additions_fen == WAN
    corrected = check(town)[1]
    after = of(town, asset_id())
    assert after.figures(TODAY).additions_fen == 0
    (stays,) = after.field("movement").assertions
    assert (stays.value["amount_fen"], stays.withdrawn) == (WAN, corrected.version)
    assert list(after._entries) == [1]  # nobody need check it any more
    town.when("asset.book.v1", booking("additions", WAN, TWIN), "clerk", nature="fact")
    town.check()


def test_corr_5_a_repayment_of_another_debt(town: Town) -> None:
    entered.owing(town)
    other = entered.owing(town, "示例工资")
    town.when("obligation.repay.v1", repayment(), "clerk", nature="fact")
    owed = of(town, obligation_id()).outstanding_fen(TODAY)
    right = {"instead": other, "instead_name": "示例工资", "version": 2}
    propose(town, asked(obligation_id(), LAND_RENT, "wrong_subject", **right))
    check(town)
    assert of(town, obligation_id()).outstanding_fen(TODAY) == owed + WAN
    town.check()


def test_corr_5_the_right_one_is_another_of_its_kind_that_its_signer_recognises(town: Town) -> None:
    entered.checked(town)
    twin, debt = entered.checked(town, TWIN), entered.owing(town)
    town.when("asset.book.v1", booking("additions", WAN), "clerk", nature="fact")
    for instead, name, refusal in (
        (asset_id(), COLD_STORE, WrongRightSubject),
        (debt, LAND_RENT, WrongRightSubject),
        (twin, COLD_STORE, LabelDiffers),
        (asset_id("没有"), "没有", NotFound),
    ):
        right = {"version": 3, "instead": instead, "instead_name": name}
        with town.refused(refusal):
            propose(town, asked(asset_id(), COLD_STORE, "wrong_subject", **right))
    propose(town, asked(asset_id(), COLD_STORE, "wrong_subject", version=3, instead=twin, instead_name=TWIN))


def test_corr_5_a_paper_about_the_wrong_asset_names_the_right_one(town: Town) -> None:
    entered.opened(town)
    twin = entered.opened(town, TWIN)
    document = paper(town, asset_id())

    def wrong(now: str) -> Json:
        change = ("subjects", [asset_id()], [now])
        return asked(document, "验收报告", "wrong_subject", change, instead=twin, instead_name=TWIN)

    third = entered.opened(town, "第三座")
    with town.refused(WrongRightSubject):
        propose(town, wrong(third))
    propose(town, wrong(twin))
    check(town)
    assert of(town, document).subjects == [twin]


def test_corr_7_only_a_later_entry_of_one_hand_is_struck(town: Town) -> None:
    its = estate(town, COLLECTIVE)
    its.fact("propose", its.proposal())
    its.fact("settle", its.settlement())
    twin = Estate(town, COLLECTIVE, number="2")
    twin.fact("propose", twin.proposal())
    right = {"instead": twin.disposal, "instead_name": twin.name}
    with town.refused(EntryStays):  # a step of a course, on which others rest
        propose(town, asked(its.disposal, its.name, "wrong_subject", version=2, **right))
    other = entered.checked(town, TWIN)
    entered.checked(town)
    right = {"instead": other, "instead_name": TWIN}
    for version in (1, 2, 9):  # the card itself, its check, nothing at all
        with town.refused(EntryStays):
            propose(town, asked(asset_id(), COLD_STORE, "wrong_subject", version=version, **right))


def test_corr_7_what_has_been_corrected_is_not_struck(town: Town) -> None:
    entered.checked(town)
    twin = entered.checked(town, TWIN)
    town.when("asset.book.v1", booking("additions", WAN), "clerk", nature="fact")
    was = {"amount_fen": WAN, "kind": "additions"}
    entered.correct(town, asset_id(), COLD_STORE, ("movement", was, was | {"amount_fen": 2}), version=3)
    with town.refused(EntryStays):
        payload = asked(asset_id(), COLD_STORE, "wrong_subject", version=3, instead=twin, instead_name=TWIN)
        propose(town, payload | {"proposal": identity("proposal", "又")})


# --- registered twice -----------------------------------------------------------------------------------


def test_corr_6_an_entry_made_twice_leaves_one(town: Town) -> None:
    entered.owing(town)
    owed = of(town, obligation_id()).outstanding_fen(TODAY)
    for _ in range(2):
        town.when("obligation.repay.v1", repayment(), "clerk", nature="fact")
    propose(town, twice(obligation_id(), LAND_RENT, obligation_id(), LAND_RENT, version=3))
    check(town)
    assert of(town, obligation_id()).outstanding_fen(TODAY) == owed - WAN
    assert of(town, obligation_id()).duplicate_of == ""
    town.check()


def things(town: Town, noun: str) -> list[tuple[str, str]]:
    """Two of a noun, with their names: the second is the first once more."""
    its = estate(town, COLLECTIVE)
    if noun == "project":
        return [(town.listed(name), name) for name in ("油茶基地", "油茶基地二")]
    if noun == "asset":
        return [(entered.checked(town, name), name) for name in (COLD_STORE, TWIN)]
    if noun == "obligation":
        return [(entered.owing(town, name), name) for name in (LAND_RENT, "又一笔")]
    if noun == "document":
        return [(its.paper("photo", name), name) for name in ("照片", "照片二")]
    if noun == "meeting":
        its.proposed()
        return [(its.held(name), name) for name in ("成员大会", "成员大会二")]
    if noun == "notice":
        its.proposed()
        posted = []
        for number in ("1", "2"):
            payload = its.posting(notice=identity("notice", number), name=f"公示{number}", until="2026-12-10")
            town.when("notice.post.v1", payload, "clerk")
            posted.append((identity("notice", number), f"公示{number}"))
        return posted
    its.fact("propose", its.proposal())
    again = Estate(town, COLLECTIVE, number="2")
    again.fact("propose", again.proposal())
    return [(its.disposal, its.name), (again.disposal, again.name)]


UNLIKE = {"meeting": "会议记录"}  # each was held with minutes of its own
NOUNS = ("project", "asset", "obligation", "document", "meeting", "notice", "disposal")


@pytest.mark.parametrize("noun", NOUNS)
def test_corr_6_of_every_noun_one_remains_and_both_are_seen(town: Town, noun: str) -> None:
    (one, its_name), (two, name) = things(town, noun)
    with town.refused(WrongRemaining):
        propose(town, twice(two, name, one, its_name, version=2))
    propose(town, twice(two, name, one, its_name, unlike=UNLIKE.get(noun, "")))
    assert of(town, two).duplicate_of == ""
    corrected = check(town)[1]
    assert (corrected.event, corrected.state["kind"]) == (f"{noun}.corrected.v1", "duplicate")
    assert (of(town, two).duplicate_of, of(town, one).duplicate_of) == (one, "")
    assert of(town, two).name == name
    with town.refused(CountedElsewhere, one):  # not twice, and not in a circle
        propose(town, twice(one, its_name, two, name, proposal=identity("proposal", "反")))
    with town.refused(CountedElsewhere, one):
        propose(town, twice(two, name, one, its_name, proposal=identity("proposal", "又")))
    town.check()


@pytest.mark.parametrize("noun", NOUNS)
def test_corr_6_who_was_mistaken_about_it_takes_it_back(town: Town, noun: str) -> None:
    (one, its_name), (two, name) = things(town, noun)
    propose(town, twice(two, name, one, its_name, unlike=UNLIKE.get(noun, "")))
    made = check(town)[1]
    back = asked(two, name, "slip", ("duplicate_of", one, ""), version=made.version)
    propose(town, back | {"proposal": identity("proposal", "恢复")})
    check(town, "恢复")
    assert of(town, two).duplicate_of == ""
    back = twice(one, its_name, two, name, unlike=UNLIKE.get(noun, ""))
    propose(town, back | {"proposal": identity("proposal", "反")})
    town.check()


def test_corr_6_the_one_that_remains_is_of_its_kind_and_counts_when_it_is_checked(town: Town) -> None:
    (one, its_name), (two, name) = things(town, "asset")
    debt = entered.owing(town)
    with town.refused(WrongRemaining):
        propose(town, twice(two, name, debt, LAND_RENT))
    propose(town, twice(two, name, one, its_name))
    propose(town, twice(one, its_name, two, name, proposal=identity("proposal", "反")))
    check(town)
    with town.refused(CountedElsewhere, one):  # what both proposed cannot both be done
        check(town, "反")
    town.check()


def test_proj_9_auth_5_two_hands_that_are_over_both(town: Town) -> None:
    abroad = {"areas": [identity("area", "shan")], "area_label": AREAS["shan"]}
    (one, its_name), (two, name) = things(town, "asset")
    other = entered.opened(town, "山背冷库", "clerk_shan", **abroad)
    with town.refused(OutsideArea):
        propose(town, twice(two, name, other, "山背冷库"))
    propose(town, twice(two, name, one, its_name), "centre")
    with town.refused(SamePerson):
        check(town)
    check(town, by="centre2")


def test_corr_8_nothing_is_done_with_a_duplicate_nor_upon_it(town: Town) -> None:
    (one, its_name), (two, name) = things(town, "asset")
    propose(town, twice(two, name, one, its_name))
    check(town)
    for nature in ("act", "fact"):
        with town.refused(CountedElsewhere, one):
            town.when("asset.report_condition.v1", entered.report("idle", name), "clerk", nature=nature)
    with town.refused(CountedElsewhere, one):
        entered.owing(town, assets=[two])
    entered.owing(town)
    change = ("assets", [], [two])
    with town.refused(CountedElsewhere, one):
        propose(town, asked(obligation_id(), LAND_RENT, "slip", change, proposal=identity("proposal", "又")))
    town.when("asset.report_condition.v1", entered.report("idle", its_name), "clerk")


def test_corr_6_an_asset_in_a_disposal_is_no_duplicate_until_that_is_given_up(town: Town) -> None:
    its = estate(town).proposed()
    twin = its.opened(TWIN)
    duplicate = twice(its.asset, of(town, its.asset).name, twin, TWIN)
    with town.refused(DisposalOpen):
        propose(town, duplicate)
    its.when("withdraw", its.of(reason="重复登记"), "clerk")
    propose(town, duplicate)
    check(town)
    town.check()


def test_corr_2_a_duplicate_disposal_holds_no_asset_and_uses_up_no_paper(town: Town) -> None:
    its = estate(town)
    its.fact("propose", its.proposal())
    assert of(town, its.asset).open_disposal == its.disposal
    receipt = its.paper("receipt")
    its.fact("settle", its.settlement(documents=[receipt]))
    again = Estate(town, COLLECTIVE, number="2")
    again.fact("propose", again.proposal())
    unlike = "已办 提出、结算（留存的 提出）、收款账户、分配、对方、成交价、到账、留存"
    propose(town, twice(its.disposal, its.name, again.disposal, again.name, unlike=unlike))
    check(town)
    assert of(town, its.asset).open_disposal == ""
    again.fact("settle", again.settlement(documents=[receipt]))
    assert "DISP-24" not in of(town, again.disposal).not_met
    town.check()
    acted = Estate(town, COLLECTIVE, number="3").proposed()
    with town.refused(NotCorrectable):
        payload = twice(acted.disposal, acted.name, again.disposal, again.name)
        propose(town, payload | {"proposal": identity("proposal", "又")})


def test_corr_2_what_was_handled_and_ended_is_no_duplicate(town: Town) -> None:
    """Nothing of it was done through the ledger but its end: that its mending was ordered stands."""
    its = estate(town)
    its.fact("propose", its.proposal())
    again = Estate(town, COLLECTIVE, number="2")
    again.fact("propose", again.proposal())
    its.fact("settle", its.settlement())
    its.checked()
    its.papers["handling"] = its.paper("approval", "处理意见")
    unlike = "已办 提出、结算（留存的 提出）、收款账户、分配、对方、成交价、到账、留存"
    duplicate = twice(its.disposal, its.name, again.disposal, again.name, unlike=unlike)
    its.when("handle", its.handling("rectify"), "head")
    with town.refused(NotCorrectable, "已结束"):
        propose(town, duplicate)


def test_corr_2_a_disposal_that_is_put_right_keeps_its_asset(town: Town) -> None:
    its = estate(town)
    its.fact("propose", its.proposal())
    propose(town, asked(its.disposal, its.name, "slip", ("reason", "设备老化，闲置两年", "闲置三年")))
    assert [one.event for one in check(town)] == ["proposal.endorsed.v1", "disposal.corrected.v1"]
    assert of(town, its.asset).open_disposal == its.disposal


def test_load_4_what_was_loaded_twice_is_counted_once(town: Town) -> None:
    loads.opened(town)
    loads.load(town)
    loads.load(town, "油茶基地二")
    one, two = identity("project", "油茶基地"), identity("project", "油茶基地二")
    propose(town, twice(two, "油茶基地二", one, "油茶基地"))
    check(town)
    _, session, *_ = loads.closed(town)
    assert session.state["loaded"] == loads.population(1)
    town.check()
