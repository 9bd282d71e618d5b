"""ASSET-18 and ASSET-19: what is wholly derecognised is carried at nothing, whatever is entered for the days before; no sum is beyond what can be written.

示例数据: every asset and amount here is invented.
"""

from typing import Any

from domain.assertions import FOREVER
from domain.errors_asset import CarryingTooLarge, GoneCarries
from domain.values import INTEGER_MAX
from tests.domain import estate as cards
from tests.domain.disposals import LATER, Estate, estate
from tests.domain.paths import asset_of
from tests.domain.story import WAN, Json, Town, identity


def booking(its: Estate, **changed: Any) -> Json:
    return cards.booking(
        asset=its.asset, name=its.asset_name, amount_fen=5 * WAN, accepted_on="2026-11-20", **changed
    )


def correction(its: Estate, version: int, field: str, was: Any, now: Any) -> Json:
    return {
        "asset": its.asset,
        "changes": [{"field": field, "now": now, "was": was}],
        "paper": "",
        "instead": "",
        "instead_name": "",
        "kind": "slip",
        "expires_on": "2026-12-31",
        "name": its.asset_name,
        "proposal": identity("proposal", f"{version} {field}"),
        "reason": "笔误",
        "version": version,
    }


def test_asset_18_a_late_addition_is_refused_as_an_act_and_noted_as_a_fact(town: Town) -> None:
    its = estate(town)
    its.gone()
    with town.refused(GoneCarries, "50000"):
        town.when("asset.book.v1", booking(its), "clerk", occurred_on="2026-11-24")
    accepted = town.when("asset.book.v1", booking(its), "typist", nature="fact", occurred_on="2026-11-24")
    assert town.only(accepted).state["notes"] == ["ASSET-18"]
    assert asset_of(its).carrying_fen(FOREVER) == 5 * WAN
    town.check()


def test_asset_18_no_correction_leaves_something_over(town: Town) -> None:
    its = estate(town)
    its.gone()
    with town.refused(GoneCarries):
        town.when("asset.correct.v1", correction(its, 1, "original_fen", 4 * WAN, 9 * WAN), "clerk")
    town.when("asset.correct.v1", correction(its, 1, "quantity", "", "1 座"), "clerk")


def test_asset_18_what_is_left_over_is_mended_step_by_step(town: Town) -> None:
    its = estate(town)
    its.gone()
    for _ in range(2):
        town.when("asset.book.v1", booking(its), "typist", nature="fact", occurred_on="2026-11-24")
    slip = {"amount_fen": 5 * WAN, "kind": "additions"}
    last = town.books.stream(its.asset)[-1].version
    with town.refused(GoneCarries):
        more = slip | {"amount_fen": 6 * WAN}
        town.when("asset.correct.v1", correction(its, last, "movement", slip, more), "clerk")
    for version in (last - 1, last):
        asked = correction(its, version, "movement", slip, None)
        town.when("asset.correct.v1", asked, "clerk")
        town.when("proposal.endorse.v1", cards.signature(town, "checks", f"{version} movement"), "centre")
    assert asset_of(its).carrying_fen(FOREVER) == 0
    town.check()


def test_asset_18_it_goes_no_earlier_than_what_is_booked(town: Town) -> None:
    """Derecognised for a day before an addition that is in the books: the addition would be left over."""
    its = estate(town)
    its.settled().vouched()
    town.books.today = "2026-12-08"
    town.when("asset.book.v1", booking(its), "clerk", occurred_on="2026-12-07")
    cards.endorse(town, its.asset, its.asset_name, version=town.books.stream(its.asset)[-1].version)
    with town.refused(GoneCarries):
        its.when("derecognise", its.parting(), occurred_on="2026-12-06", valid_until=LATER)
    its.when("derecognise", its.parting())
    assert asset_of(its).carrying_fen(FOREVER) == 0


def test_asset_19_no_carrying_amount_is_beyond_what_can_be_written(town: Town) -> None:
    town.people()
    its = Estate(town)
    most = {"depreciation_fen": 0, "carrying_fen": None, "original_fen": INTEGER_MAX}
    with town.refused(CarryingTooLarge):
        its.opened(additions_fen=1, **most)
    its.opened(additions_fen=0, **most)
    with town.refused(CarryingTooLarge):
        town.when("asset.book.v1", booking(its), "typist", nature="fact")
