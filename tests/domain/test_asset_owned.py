"""ASSET-6 to 13, 16 and 17: shares, and the registration of ownership (确权) by two hands."""

from typing import Any

import pytest

from domain.errors import ProposalClosed, SamePerson
from domain.errors_asset import (
    AlreadyRegistered,
    NotBooked,
    NotDecided,
    NothingDetermined,
    NoticeTooShort,
    OwnershipDisputed,
    OwnershipProposed,
    OwnerUnlikeKind,
    OwnerUnlikeType,
    WrongProposal,
)
from tests.domain.estate import (
    COLD_STORE,
    asset,
    asset_id,
    checked,
    endorse,
    old_title,
    report,
    share,
    shares_of,
    signature,
    title_of,
)
from tests.domain.story import Town, identity

REPORT = "asset.report_condition.v1"
SHARES = "asset.set_shares.v1"
REGISTER = "asset.register_ownership.v1"


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
    checked(town)
    town.law("notice_days", 11, "2026-11-20")
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
