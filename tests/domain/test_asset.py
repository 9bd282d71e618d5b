"""ASSET and PARTY: assets opened as found, booked, owned in shares, registered, used (domain/RULES.md)."""

from typing import Any

import pytest

from domain.asset import Asset
from domain.errors import (
    AlreadyChecked,
    BadShape,
    DisciplineIndependent,
    LabelDiffers,
    LateReasonMissing,
    NotChecked,
    NotFound,
    NothingCorrected,
    PersonalText,
    ProposalClosed,
    RoleNotAllowed,
    SamePerson,
    Taken,
    WrongEntry,
    WrongNature,
    WrongParty,
)
from domain.errors_asset import (
    AlreadyBooked,
    AlreadyRegistered,
    AssetGone,
    CarryingBelowZero,
    CarryingDiffers,
    DisposalOpen,
    NotAccepted,
    NotBooked,
    NotDecided,
    NothingDetermined,
    NoticeTooShort,
    OwnershipDisputed,
    OwnershipProposed,
    OwnerUnlikeKind,
    OwnerUnlikeType,
    SharesDiffer,
    WrongProposal,
)
from domain.world import Case, World
from tests.domain.estate import (
    COLD_STORE,
    COMMITTED,
    SINCE,
    asset,
    asset_id,
    booking,
    checked,
    correct,
    correction_of,
    endorse,
    endorsement,
    old_title,
    opened,
    opening_of,
    party,
    report,
    share,
    shares_of,
    signature,
    title_of,
)
from tests.domain.story import ACTORS, WAN, Town, identity

OPEN = "asset.open.v1"
BOOK = "asset.book.v1"
REPORT = "asset.report_condition.v1"
SHARES = "asset.set_shares.v1"
REGISTER = "asset.register_ownership.v1"
BAD_SHARES = [share(6_000), share(3_999)]


# --- opening as found -------------------------------------------------------------------------------


def test_asset_is_opened_as_found_and_bears_unchecked(town: Town) -> None:
    project = town.listed()
    entry = town.only(
        town.when(OPEN, opening_of(number="QX-A-01", projects=[project]), nature="opening", occurred_on=SINCE)
    )
    assert (entry.event, entry.stream) == ("asset.opened.v1", asset_id())
    assert entry.state["unchecked"] is True
    assert entry.state["code"] == "code:asset:QX-A-01"
    assert entry.state["papers_missing"] == ["竣工决算"]
    assert entry.state["notes"] == []
    assert {subject for subject, _ in entry.subjects} >= {project, "code:asset:QX-A-01"}
    town.check()


def test_asset_answers_what_disposals_ask(town: Town) -> None:
    opened(town, number="QX-A-01", owner_type="collective_village", shares=[share()])
    found = asset(town)
    assert (found.name, found.number, found.owner_type) == (COLD_STORE, "QX-A-01", "collective_village")
    assert found.shares == [share()]
    assert (found.registered, found.disputed, found.encumbered) == (False, False, False)
    assert found.places("2026-11-23") == [identity("area", "kang")]
    assert (found.carrying_fen(SINCE), found.carrying_fen("2026-10-31")) == (40 * WAN, None)
    assert (found.state(SINCE), found.state("2026-10-31")) == ("idle", "")
    assert found.open_disposal == ""


def test_cmd_6_nothing_is_opened_as_an_act(town: Town) -> None:
    with town.refused(WrongNature):
        town.when(OPEN, opening_of(), nature="act")


def test_cmd_8_an_opening_of_long_ago_says_why(town: Town) -> None:
    with town.refused(LateReasonMissing):
        opened(town, on="2024-12-31")
    opened(town, on="2024-12-31", late_reason="按年终账册建账")


@pytest.mark.parametrize("by", ["head", "discipline", "registrar"])
def test_auth_4_who_may_open(town: Town, by: str) -> None:
    with town.refused(DisciplineIndependent if by == "discipline" else RoleNotAllowed):
        opened(town, by=by)


def test_id_1_an_asset_number_is_used_once(town: Town) -> None:
    opened(town, "示例冷库", number="QX-A-01")
    with town.refused(Taken, "code:asset:QX-A-01"):
        opened(town, "示例厂房", number="QX-A-01")
    opened(town, "示例厂房", number="QX-A-02")


def test_id_1_a_sheet_row_enters_once(town: Town) -> None:
    row = {"code": "code:row:" + "f" * 64 + ":1:5", "file": "f" * 64, "row": 5, "sheet": "Sheet1"}
    opened(town, "示例冷库", row=row)
    with town.refused(Taken, "code:row"):
        opened(town, "示例厂房", row=row)


def test_id_2_what_an_asset_is_linked_to_is_in_the_ledger(town: Town) -> None:
    with town.refused(NotFound, "项目"):
        opened(town, projects=[identity("project", "没有")])
    with town.refused(NotFound, "单位"):
        opened(town, custodian=identity("organisation", "没有"))
    opened(town, custodian=ACTORS["clerk"].organisation)


def test_id_3_the_area_label_is_the_names_in_order(town: Town) -> None:
    areas = [identity("area", "kang"), identity("area", "shan")]
    with town.refused(LabelDiffers, "康家村、山背村"):
        opened(town, by="typist", areas=areas, area_label="康家村")
    opened(town, by="typist", areas=areas, area_label="康家村、山背村")


def test_asset_1_shares_are_the_whole(town: Town) -> None:
    with town.refused(SharesDiffer, "9999"):
        opened(town, owner_type="collective_village", shares=BAD_SHARES)
    opened(town, owner_type="collective_village", shares=[share(6_000), share(4_000)])


def test_asset_1_a_correction_leaves_the_whole(town: Town) -> None:
    checked(town, owner_type="collective_village", shares=[share()])
    with town.refused(SharesDiffer):
        asked = correction_of(asset_id(), COLD_STORE, ("shares", [share()], BAD_SHARES))
        town.when("asset.correct.v1", asked, "clerk")
    correct(town, asset_id(), COLD_STORE, ("shares", [share()], [share(6_000), share(4_000)]))
    assert [one["basis_points"] for one in asset(town).shares] == [6_000, 4_000]


def test_asset_2_a_carrying_amount_that_differs_is_noted(town: Town) -> None:
    entry = town.only(town.when(OPEN, opening_of(carrying_fen=1), nature="opening"))
    assert entry.state["notes"] == ["ASSET-2"]
    # The derived amount stands beside the stated one (D20).
    assert (entry.state["carrying_fen"], asset(town).carrying_fen(town.books.today)) == (1, 40 * WAN)


def test_asset_2_nothing_is_derecognised_on_a_total_that_differs(town: Town) -> None:
    checked(town, carrying_fen=1)
    held, case = deciding(town)
    held.propose_disposal(DISPOSAL, case)
    with pytest.raises(CarryingDiffers):
        held.derecognise(DISPOSAL, case, voucher="记-30")
    correct(town, asset_id(), COLD_STORE, ("carrying_fen", 1, 40 * WAN))
    held, case = deciding(town)
    held.propose_disposal(DISPOSAL, case)
    held.derecognise(DISPOSAL, case, voucher="记-30")


def test_asset_2_what_nobody_knows_is_noted_so(town: Town) -> None:
    entry = town.only(town.when(OPEN, opening_of(original_fen=None), nature="opening"))
    assert entry.state["notes"] == ["ASSET-2:unknown"]
    assert asset(town).carrying_fen(town.books.today) is None


def test_asset_3_more_depreciation_than_value_is_noted_of_what_is_found(town: Town) -> None:
    entry = town.only(
        town.when(OPEN, opening_of(depreciation_fen=51 * WAN, carrying_fen=None), nature="opening")
    )
    assert entry.state["notes"] == ["ASSET-2:unknown", "ASSET-3"]


@pytest.mark.parametrize(
    "wrong",
    [
        party("household", person=""),
        party("household") | {"name": "张三"},
        party() | {"person": COMMITTED},
        party("organisation", name=""),
        party("organisation", organisation=ACTORS["clerk"].organisation),
    ],
    ids=["no commitment", "a name", "a body with a person", "a body without a name", "another name"],
)
def test_party_1_a_person_is_a_commitment_and_a_body_a_name(town: Town, wrong: dict[str, Any]) -> None:
    shares = [{"basis_points": 10_000, "owner": wrong}]
    with town.refused(WrongParty):
        opened(town, owner_type="equity", kind="equity", shares=shares)
    right = [{"basis_points": 10_000, "owner": party("household")}]
    opened(town, owner_type="equity", kind="equity", shares=right)


def test_proj_6_no_natural_person_stands_as_a_body(town: Town) -> None:
    with town.refused(PersonalText):
        opened(town, owner_type="collective_village", shares=[share(name="张三")])


def test_cmd_2_a_clear_name_is_no_commitment(town: Town) -> None:
    with town.refused(BadShape, "owner/person"):
        opened(town, owner_type="household", shares=[share(kind="household", person="张三")])


# --- the check by another ---------------------------------------------------------------------------


def test_proj_7_endorsement_by_a_second_person_makes_it_checked(town: Town) -> None:
    opened(town)
    with town.refused(NotChecked):
        town.when(BOOK, booking())
    endorse(town, asset_id(), COLD_STORE)
    town.when(BOOK, booking())
    town.check()


def test_proj_7_what_was_said_since_is_checked_too(town: Town) -> None:
    checked(town)
    town.when(REPORT, report(), nature="fact")
    with town.refused(NotChecked):
        town.when(BOOK, booking())
    endorse(town, asset_id(), COLD_STORE, version=3)
    town.when(BOOK, booking())


def test_proj_8_what_is_checked_is_not_checked_again(town: Town) -> None:
    checked(town)
    with town.refused(AlreadyChecked):
        endorse(town, asset_id(), COLD_STORE, by="centre2")


def test_proj_9_nobody_checks_what_they_entered(town: Town) -> None:
    opened(town, by="centre")
    with town.refused(SamePerson):
        endorse(town, asset_id(), COLD_STORE)
    endorse(town, asset_id(), COLD_STORE, by="centre2")


@pytest.mark.parametrize("changed", [{"leaf": "0" * 64}, {"position": 3}, {"version": 2}], ids=str)
def test_proj_10_an_endorsement_names_exactly_the_entry(town: Town, changed: dict[str, Any]) -> None:
    opened(town)
    with town.refused(WrongEntry):
        town.when("asset.endorse.v1", endorsement(town, asset_id(), COLD_STORE, 1) | changed, "centre")
    endorse(town, asset_id(), COLD_STORE)


def test_id_3_an_endorser_must_recognise_the_name(town: Town) -> None:
    opened(town)
    with town.refused(LabelDiffers, COLD_STORE):
        endorse(town, asset_id(), "示例厂房")


def test_batch_3_a_batch_of_assets_is_checked_but_for_the_excepted_rows(town: Town) -> None:
    names = ["一号棚", "二号棚", "三号棚"]
    rows = [
        town.command(
            OPEN, opening_of(name, booked_on="2017-01-10"), "typist", nature="opening", occurred_on=SINCE
        )
        for name in names
    ]
    outcome = town.books.entries[town.when_batch(rows).position]
    check = {
        "batch": outcome.stream,
        "excepted": [[1, "与实物不符"]],
        "leaf": outcome.leaf,
        "position": outcome.position,
        "rows": 3,
    }
    town.when("batch.endorse.v1", check, "centre")
    town.when(BOOK, booking(name="一号棚"))
    with town.refused(NotChecked):
        town.when(BOOK, booking(name="二号棚"))
    endorse(town, asset_id("二号棚"), "二号棚")
    town.when(BOOK, booking(name="二号棚"))
    town.check()


# --- booking ----------------------------------------------------------------------------------------


def test_asset_3_nothing_is_carried_below_zero(town: Town) -> None:
    checked(town)
    with town.refused(CarryingBelowZero, "-1"):
        town.when(BOOK, booking("depreciation", 40 * WAN + 1))
    town.when(BOOK, booking("depreciation", 40 * WAN))
    assert asset(town).carrying_fen(town.books.today) == 0


def test_asset_3_not_on_any_day_that_follows_either(town: Town) -> None:
    checked(town)
    town.when(BOOK, booking("depreciation", 40 * WAN))
    endorse(town, asset_id(), COLD_STORE, version=3)
    with town.refused(CarryingBelowZero):
        town.when(BOOK, booking("depreciation", 1), occurred_on="2026-11-10")


def test_asset_4_the_original_value_is_booked_once(town: Town) -> None:
    checked(town, original_fen=None, carrying_fen=None)
    town.when(BOOK, booking("original", 50 * WAN))
    assert asset(town).carrying_fen(town.books.today) == 40 * WAN
    endorse(town, asset_id(), COLD_STORE, version=3)
    with town.refused(AlreadyBooked):
        town.when(BOOK, booking("original", 50 * WAN))
    town.when(BOOK, booking("additions", 50 * WAN))


def test_asset_4_what_the_opening_knows_is_not_booked_again(town: Town) -> None:
    checked(town)
    with town.refused(AlreadyBooked):
        town.when(BOOK, booking("original", 50 * WAN))


@pytest.mark.parametrize(
    "lacking",
    [{"voucher": ""}, {"acceptance": ""}, {"accepted_on": ""}, {"accepted_on": "2026-11-24"}],
    ids=str,
)
def test_asset_5_a_booking_has_its_papers(town: Town, lacking: dict[str, Any]) -> None:
    checked(town)
    with town.refused(NotAccepted):
        town.when(BOOK, booking(**lacking))
    assert town.only(town.when(BOOK, booking(**lacking), nature="fact")).state["notes"] == ["ASSET-5"]


def test_asset_5_depreciation_needs_no_acceptance(town: Town) -> None:
    checked(town)
    town.when(BOOK, booking("depreciation", WAN, acceptance="", accepted_on=""))


def test_d7_a_late_booking_of_earlier_years_does_not_change_what_was_found_since(town: Town) -> None:
    checked(town)
    late = booking("additions", 5 * WAN, late_reason="补登旧账", accepted_on="2020-01-01")
    town.when(BOOK, late, nature="fact", occurred_on="2020-05-01")
    assert asset(town).carrying_fen(town.books.today) == 40 * WAN
    assert asset(town).figures("2020-05-01").additions_fen == 5 * WAN


# --- condition --------------------------------------------------------------------------------------


def test_asset_condition_holds_from_the_day_it_was_found(town: Town) -> None:
    checked(town)
    town.when(REPORT, report("damaged", disputed=True, encumbered=True), occurred_on="2026-11-10")
    found = asset(town)
    assert (found.state("2026-11-09"), found.state("2026-11-10")) == ("idle", "damaged")
    assert (found.disputed, found.encumbered) == (True, True)


def test_d7_a_late_report_never_hides_a_later_one(town: Town) -> None:
    checked(town)
    town.when(REPORT, report("in_operation"), nature="fact", occurred_on="2026-11-20")
    town.when(REPORT, report("missing"), nature="fact", occurred_on="2026-11-10")
    found = asset(town)
    assert (found.state("2026-11-15"), found.state("2026-11-20")) == ("missing", "in_operation")


def test_d7_what_a_report_leaves_open_stays_as_it_was(town: Town) -> None:
    checked(town)
    town.when(REPORT, report("in_operation"))
    assert asset(town).disputed is False


# --- shares and ownership ---------------------------------------------------------------------------


def test_asset_shares_are_said_before_ownership_is_registered(town: Town) -> None:
    checked(town)
    town.when(SHARES, shares_of(share(7_000), share(3_000, name="山背村股份经济合作联合社")))
    assert [one["basis_points"] for one in asset(town).shares] == [7_000, 3_000]
    assert asset(town).registered is False


def test_asset_7_owners_are_such_as_may_own_so(town: Town) -> None:
    checked(town)
    with town.refused(OwnerUnlikeType):
        town.when(SHARES, shares_of(share(kind="operator", name="青溪公司")))
    with town.refused(OwnerUnlikeType):
        town.when(SHARES, shares_of(share(), owner_type="state"))
    town.when(SHARES, shares_of(share(kind="state", name="青溪乡人民政府"), owner_type="state"))


def registered(town: Town, **changed: Any) -> None:
    town.when(REGISTER, title_of(**changed), "clerk")
    town.when("proposal.endorse.v1", signature(town, "seals", "确权"), "head")


def test_asset_ownership_is_registered_by_two_hands(town: Town) -> None:
    checked(town)
    proposed = town.entries_of(town.when(REGISTER, title_of(), "clerk"))
    assert [one.event for one in proposed] == ["asset.ownership_proposed.v1", "proposal.made.v1"]
    assert asset(town).registered is False
    sealed = town.entries_of(town.when("proposal.endorse.v1", signature(town, "seals", "确权"), "head"))
    assert [one.event for one in sealed] == ["proposal.endorsed.v1", "asset.ownership_registered.v1"]
    assert sealed[1].state["unchecked"] is False
    found = asset(town)
    assert (found.registered, found.owner_type, found.shares) == (True, "collective_village", [share()])
    town.check()


def test_proj_9_nobody_seals_their_own_registration(town: Town) -> None:
    checked(town)
    town.when(REGISTER, title_of(), "clerk")
    town.enrol("clerk_as_head", "township", "town", person="clerk", post="head")
    signer = town.extra["clerk_as_head"]
    with town.refused(SamePerson):
        town.when("proposal.endorse.v1", signature(town, "seals", "确权"), "head", signers=[signer.capacity])


def test_asset_6_a_household_asset_is_the_households(town: Town) -> None:
    checked(town, kind="household")
    with town.refused(OwnerUnlikeKind):
        town.when(REGISTER, title_of())
    town.when(REGISTER, title_of(owner_type="household", shares=[share(kind="household")]))


def test_asset_6_an_operating_asset_is_no_households(town: Town) -> None:
    checked(town)
    household = {"owner_type": "household", "shares": [share(kind="household")]}
    with town.refused(OwnerUnlikeKind):
        town.when(REGISTER, title_of(**household))
    fact = town.only(town.when(REGISTER, old_title(**household), nature="fact"))
    assert fact.state["notes"] == ["ASSET-6"]


@pytest.mark.parametrize(
    ("since", "until", "noted"),
    [
        ("2026-11-06", "2026-11-15", ["ASSET-8"]),
        ("2026-11-14", "2026-11-24", ["ASSET-8"]),
        ("", "", ["ASSET-8:unknown"]),
    ],
    ids=["a day short", "not over", "none"],
)
def test_asset_8_notice_is_given_for_ten_days(town: Town, since: str, until: str, noted: list[str]) -> None:
    checked(town)
    short = {"notice_from": since, "notice_to": until}
    with town.refused(NoticeTooShort):
        town.when(REGISTER, title_of(**short))
    assert town.only(town.when(REGISTER, old_title(**short), nature="fact")).state["notes"] == noted


def test_asset_8_the_days_are_a_dated_parameter(town: Town) -> None:
    payload = {
        "document": "示例府发〔2026〕3号",
        "effective_on": "2026-11-20",
        "name": "notice_days",
        "parameter": identity("parameter", "notice"),
        "value": 11,
    }
    checked(town)
    town.when("parameter.set.v1", payload, "registrar")
    with town.refused(NoticeTooShort, "11 天"):
        town.when(REGISTER, title_of())
    town.when(REGISTER, title_of(notice_to="2026-11-16"))


def test_asset_9_what_is_not_in_the_books_is_not_registered(town: Town) -> None:
    checked(town, booked_on="")
    with town.refused(NotBooked):
        town.when(REGISTER, title_of())
    assert town.only(town.when(REGISTER, old_title(), nature="fact")).state["notes"] == ["ASSET-9"]


def test_asset_9_a_households_asset_need_not_be_booked(town: Town) -> None:
    checked(town, kind="household", booked_on="")
    town.when(REGISTER, title_of(owner_type="household", shares=[share(kind="household")]))


@pytest.mark.parametrize("how", [{"disputed": True}, {"objections_settled": False}], ids=str)
def test_asset_10_what_is_disputed_is_not_registered(town: Town, how: dict[str, bool]) -> None:
    checked(town, disputed=how.get("disputed", False))
    settled = {"objections_settled": how.get("objections_settled", True)}
    with town.refused(OwnershipDisputed):
        town.when(REGISTER, title_of(**settled))
    assert town.only(town.when(REGISTER, old_title(**settled), nature="fact")).state["notes"] == ["ASSET-10"]


def test_asset_10_what_becomes_disputed_meanwhile_is_not_registered(town: Town) -> None:
    checked(town)
    town.when(REGISTER, title_of())
    town.when(REPORT, report(disputed=True), nature="fact")
    endorse(town, asset_id(), COLD_STORE, version=4)
    with town.refused(OwnershipDisputed):
        town.when("proposal.endorse.v1", signature(town, "seals", "确权"), "head")


@pytest.mark.parametrize(
    ("lacking", "noted"),
    [
        ({"decision": ""}, ["ASSET-11:unknown"]),
        ({"decided_on": ""}, ["ASSET-11:unknown"]),
        ({"decided_on": "2026-11-24"}, ["ASSET-11"]),
    ],
    ids=str,
)
def test_asset_11_the_owners_body_has_decided(town: Town, lacking: dict[str, Any], noted: list[str]) -> None:
    checked(town)
    with town.refused(NotDecided):
        town.when(REGISTER, title_of(**lacking))
    assert town.only(town.when(REGISTER, old_title(**lacking), nature="fact")).state["notes"] == noted


def test_asset_12_registered_shares_change_by_registration_only(town: Town) -> None:
    checked(town)
    registered(town)
    with town.refused(AlreadyRegistered):
        town.when(SHARES, shares_of())
    again = title_of(proposal="再确权", shares=[share(5_000), share(5_000)])
    town.when(REGISTER, again)
    town.when("proposal.endorse.v1", signature(town, "seals", "再确权"), "head")
    assert [one["basis_points"] for one in asset(town).shares] == [5_000, 5_000]


@pytest.mark.parametrize("nothing", [{"owner_type": "undetermined"}, {"shares": []}], ids=str)
@pytest.mark.parametrize("nature", ["act", "fact"])
def test_asset_13_undetermined_is_no_title(town: Town, nothing: dict[str, Any], nature: str) -> None:
    checked(town)
    asked = title_of(**nothing) if nature == "act" else old_title(**nothing)
    with town.refused(NothingDetermined):
        town.when(REGISTER, asked, nature=nature)


@pytest.mark.parametrize(
    ("nature", "changed"),
    [
        ("act", {"proposal": ""}),
        ("act", {"expires_on": ""}),
        ("fact", {"expires_on": ""}),
        ("fact", {"proposal": ""}),
    ],
)
def test_asset_16_an_act_is_proposed_and_a_fact_is_not(
    town: Town, nature: str, changed: dict[str, str]
) -> None:
    checked(town)
    with town.refused(WrongProposal):
        town.when(REGISTER, title_of() | changed, nature=nature)
    town.when(REGISTER, title_of() if nature == "act" else old_title(), nature=nature)


def test_asset_17_one_registration_waits_at_a_time(town: Town) -> None:
    checked(town)
    town.when(REGISTER, title_of())
    with town.refused(OwnershipProposed):
        town.when(REGISTER, title_of(proposal="又"))
    withdrawal = {"label": "确权登记：村集体", "proposal": identity("proposal", "确权"), "reason": "另提"}
    town.when("proposal.withdraw.v1", withdrawal, "clerk")
    town.when(REGISTER, title_of(proposal="又"))
    with town.refused(ProposalClosed):
        town.when("proposal.endorse.v1", signature(town, "seals", "确权"), "head")


def test_prop_a_fact_registered_meanwhile_closes_what_waits(town: Town) -> None:
    checked(town)
    town.when(REGISTER, title_of())
    town.when(REGISTER, old_title(), nature="fact")
    with town.refused(ProposalClosed):
        town.when("proposal.endorse.v1", signature(town, "seals", "确权"), "head")


# --- what a disposal does to it ---------------------------------------------------------------------

DISPOSAL = identity("disposal", "处置一")


def deciding(town: Town, on: str = "2026-11-20") -> tuple[Asset, Case]:
    """An asset in the middle of a decision, as the disposal's own guards hold it."""
    world = World(town.books, town.ledger.repository.get, town.ledger.refresh())
    case = Case(
        world=world,
        command={"occurred_on": on, "payload": {}, "signers": [ACTORS["head"].capacity]},
        name="",
        title="",
        roles=frozenset(),
        nature="act",
        today=town.books.today,
    )
    return world.get(Asset, asset_id(), "资产"), case


def test_asset_14_what_is_derecognised_changes_no_more(town: Town) -> None:
    checked(town)
    held, case = deciding(town)
    held.propose_disposal(DISPOSAL, case)
    assert (held.state("2026-11-19"), held.state("2026-11-20")) == ("idle", "disposal_pending")
    held.derecognise(DISPOSAL, case, voucher="记-30")
    assert (held.state("2026-11-19"), held.state("2026-11-20")) == ("idle", "derecognised")
    assert (held.carrying_fen("2026-11-19"), held.carrying_fen("2026-11-20")) == (40 * WAN, 0)
    assert [event.TOPIC for event in case.world.pending] == [
        "asset.disposal_proposed.v1",
        "asset.derecognised.v1",
    ]
    with pytest.raises(AssetGone):
        held.propose_disposal(DISPOSAL, case)


def test_asset_2_each_asset_of_a_disposal_keeps_its_own_notes(town: Town) -> None:
    checked(town, "一号棚", original_fen=None, carrying_fen=None)
    checked(town)
    held, case = deciding(town)
    other = case.world.get(Asset, asset_id("一号棚"), "资产")
    for one in (other, held):
        one.propose_disposal(DISPOSAL, case)
        one.derecognise(DISPOSAL, case, voucher="记-30")
    notes = [vars(event)["notes"] for event in case.world.pending if event.TOPIC == "asset.derecognised.v1"]
    assert notes == [["ASSET-2:unknown"], []]


def test_asset_14_what_is_left_of_a_part_stays(town: Town) -> None:
    checked(town)
    held, case = deciding(town)
    held.propose_disposal(DISPOSAL, case)
    with pytest.raises(CarryingBelowZero):
        held.derecognise(DISPOSAL, case, voucher="记-30", amount_fen=40 * WAN + 1)
    held.derecognise(DISPOSAL, case, voucher="记-30", amount_fen=30 * WAN)
    assert (held.state("2026-11-20"), held.carrying_fen("2026-11-20")) == ("idle", 10 * WAN)
    held.propose_disposal(DISPOSAL, case)


def test_asset_15_one_disposal_at_a_time(town: Town) -> None:
    checked(town)
    held, case = deciding(town)
    with pytest.raises(DisposalOpen):
        held.derecognise(DISPOSAL, case, voucher="记-30")
    held.propose_disposal(DISPOSAL, case)
    other = identity("disposal", "处置二")
    with pytest.raises(DisposalOpen):
        held.propose_disposal(other, case)
    with pytest.raises(DisposalOpen):
        held.clear_disposal(other, case)
    held.clear_disposal(DISPOSAL, case)
    assert held.open_disposal == ""
    held.propose_disposal(other, case)


# --- correction -------------------------------------------------------------------------------------


def test_corr_1_a_booking_that_should_not_be_is_struck_out(town: Town) -> None:
    checked(town)
    town.when(BOOK, booking("additions", 5 * WAN))
    was = {"amount_fen": 5 * WAN, "kind": "additions"}
    correct(town, asset_id(), COLD_STORE, ("movement", was, None), version=3)
    assert asset(town).carrying_fen(town.books.today) == 40 * WAN
    town.check()


def test_corr_1_a_booking_is_corrected_to_another_amount(town: Town) -> None:
    checked(town)
    town.when(BOOK, booking("additions", 5 * WAN), occurred_on="2026-11-10")
    was = {"amount_fen": 5 * WAN, "kind": "additions"}
    with town.refused(NothingCorrected):
        town.when(
            "asset.correct.v1",
            correction_of(asset_id(), COLD_STORE, ("movement", was | {"amount_fen": 1}, was), version=3),
        )
    correct(town, asset_id(), COLD_STORE, ("movement", was, was | {"amount_fen": 7 * WAN}), version=3)
    assert asset(town).carrying_fen("2026-11-10") == 47 * WAN
    assert asset(town).carrying_fen("2026-11-09") == 40 * WAN


def test_asset_3_a_correction_does_not_bring_it_below_zero(town: Town) -> None:
    checked(town)
    town.when(BOOK, booking("depreciation", 40 * WAN))
    with town.refused(CarryingBelowZero):
        asked = correction_of(asset_id(), COLD_STORE, ("original_fen", 50 * WAN, 49 * WAN))
        town.when("asset.correct.v1", asked)
    correct(town, asset_id(), COLD_STORE, ("original_fen", 50 * WAN, 51 * WAN))


@pytest.mark.parametrize(
    ("field", "was", "now"),
    [
        ("original_fen", 50 * WAN, "500000"),
        ("condition", "idle", "asleep"),
        ("disputed", False, 0),
        ("movement", {"amount_fen": 1, "kind": "disposed"}, None),
        ("shares", [], ["甲"]),
    ],
)
def test_cmd_2_a_field_is_corrected_to_what_it_might_be(
    town: Town, field: str, was: object, now: object
) -> None:
    checked(town)
    with town.refused(BadShape, "/payload/changes/0"):
        asked = correction_of(asset_id(), COLD_STORE, (field, was, now))
        town.when("asset.correct.v1", asked)


def test_cmd_5_the_summary_of_a_correction_says_in_words_what_changes(town: Town) -> None:
    checked(town)
    asked = correction_of(
        asset_id(), COLD_STORE, ("original_fen", 50 * WAN, 51 * WAN), ("disputed", False, True)
    )
    assert town.summary("asset.correct.v1", asked) == f"更正：原值、有争议，资产：{COLD_STORE}"
    town.when("asset.correct.v1", asked)
    assert town.books.entries[-1].state["label"] == "更正：原值、有争议"


def test_corr_1_the_name_is_corrected_for_the_day_it_was_said(town: Town) -> None:
    checked(town)
    correct(town, asset_id(), COLD_STORE, ("name", COLD_STORE, "示例保鲜库"))
    assert asset(town).name == "示例保鲜库"
    with town.refused(LabelDiffers):
        town.when(REPORT, report())
    town.when(REPORT, report() | {"name": "示例保鲜库"})
