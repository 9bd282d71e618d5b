"""Assets and obligations as rows: what the domain's own entries come to, and that it is the domain's own sum.

The entries are made by the domain itself: what it decides is what is followed here.
"""

from typing import Any

import pytest
from sqlalchemy import Engine

from domain.asset import Asset
from domain.errors import NotFound
from domain.limitation import limitation_until
from domain.obligation import Obligation
from domain.record import Recorded
from projections.database import prepare
from projections.follow import follow
from projections.nouns import NOUNS
from projections.pages import Item, page
from projections.rebuild import digests, rebuild
from projections.register import Column, register
from projections.resolve import resolve
from projections.timeline import timeline
from projections.trace import trace
from projections.wanted import Wanted
from tests.domain import corpus, estate
from tests.domain.story import WAN, Town, identity, settled
from tests.projections.rows import row_of
from tests.projections.told import Told

ASSETS, OBLIGATIONS = NOUNS["asset"], NOUNS["obligation"]


@pytest.fixture
def town() -> Town:
    return settled()


def booked(town: Town, amount_fen: int, name: str = estate.COLD_STORE, on: str = "2026-11-20") -> None:
    payload = estate.booking("additions", amount_fen, name)
    town.when("asset.book.v1", payload, "clerk", nature="fact", occurred_on=on)


def repaid(town: Town, principal_fen: int, **changed: str) -> None:
    town.when("obligation.repay.v1", estate.repayment(principal_fen, **changed), "clerk", nature="fact")


def test_an_asset_is_a_row_with_its_carrying_amount(town: Town, each_engine: Engine) -> None:
    project = town.listed()
    asset = estate.opened(town, number="QX-A-01", projects=[project], carrying_fen=1)
    booked(town, 5 * WAN)
    follow(Told(town), each_engine)
    row = row_of(each_engine, ASSETS, asset)
    assert row is not None
    assert (row["number"], row["name"], row["condition"], row["owner_type"]) == (
        "QX-A-01",
        estate.COLD_STORE,
        "idle",
        "undetermined",
    )
    assert (row["original_fen"], row["additions_fen"], row["depreciation_fen"]) == (
        50 * WAN,
        5 * WAN,
        10 * WAN,
    )
    # The derived amount beside the one that somebody stated (D20).
    assert (row["carrying_fen"], row["stated_carrying_fen"]) == (45 * WAN, 1)
    assert row["notes"] == ["ASSET-2"]
    assert register(each_engine, ASSETS, Wanted(about=project)).rows == (row,)
    assert register(each_engine, ASSETS, Wanted(areas=frozenset({identity("area", "town")}))).rows == (row,)
    assert register(each_engine, ASSETS, Wanted(areas=frozenset({identity("area", "shan")}))).rows == ()


def test_d9_an_asset_is_checked_when_nothing_of_it_waits(town: Town, engine: Engine) -> None:
    asset = estate.opened(town)
    booked(town, WAN)
    told = Told(town)

    def is_checked() -> bool:
        follow(told, engine)
        row = row_of(engine, ASSETS, asset)
        assert row is not None
        return bool(row["checked"])

    assert not is_checked()
    estate.endorse(town, asset, estate.COLD_STORE)
    assert not is_checked()
    estate.endorse(town, asset, estate.COLD_STORE, version=2)
    assert is_checked()
    booked(town, WAN)
    assert not is_checked()


def test_d9_sums_stand_in_both_columns(town: Town, each_engine: Engine) -> None:
    estate.checked(town, "一号棚")
    estate.opened(town, "二号棚", owner_type="collective_village", shares=[estate.share()])
    estate.opened(town, "三号棚", original_fen=None, carrying_fen=None)
    outside = {"areas": [identity("area", "source")], "area_label": "外地公开表"}
    estate.opened(town, "外地棚", by="typist", **outside)
    follow(Told(town), each_engine)
    sums = register(each_engine, ASSETS).sums
    assert sums.by["undetermined"].checked == Column(1, 0, (50 * WAN, 40 * WAN))
    assert sums.by["undetermined"].unchecked == Column(1, 1, (0, 0))
    assert sums.by["collective_village"].unchecked == Column(1, 0, (50 * WAN, 40 * WAN))
    assert sums.all.unchecked == Column(2, 1, (50 * WAN, 40 * WAN))
    assert sums.external.unchecked == Column(1, 0, (50 * WAN, 40 * WAN))


def test_d9_the_endorsement_of_a_batch_checks_the_entries_it_brought(town: Town, engine: Engine) -> None:
    names = ["一号棚", "二号棚"]
    rows = [
        town.command("asset.open.v1", estate.opening_of(name), "typist", nature="opening") for name in names
    ]
    rows.append(town.command("obligation.register.v1", estate.owed(), "typist", nature="opening"))
    opened = town.books.entries[town.when_batch(rows).position]
    later = [
        town.command("asset.book.v1", estate.booking(name=name), "typist", nature="fact") for name in names
    ]
    booked_in = town.books.entries[town.when_batch(later).position]
    told = Told(town)

    def checked() -> list[bool]:
        follow(told, engine)
        found = [row_of(engine, ASSETS, estate.asset_id(name)) for name in names]
        return [one is not None and one["checked"] for one in found]

    def check(outcome: Recorded, excepted: list[list[int | str]]) -> None:
        asked = {"batch": outcome.stream, "excepted": excepted, "leaf": outcome.leaf}
        count = outcome.state["rows"]
        town.when("batch.endorse.v1", asked | {"position": outcome.position, "rows": count}, "centre")

    check(opened, [[1, "待查"]])
    assert checked() == [False, False]
    owed = row_of(engine, OBLIGATIONS, estate.obligation_id())
    assert owed is not None
    assert owed["checked"]
    check(booked_in, [])
    assert checked() == [True, False]
    estate.endorse(town, estate.asset_id("二号棚"), "二号棚")
    assert checked() == [True, True]


def test_pages_of_assets_follow_one_another(town: Town, engine: Engine) -> None:
    for name in ("一号棚", "二号棚", "三号棚"):
        estate.opened(town, name)
    follow(Told(town), engine)
    first = register(engine, ASSETS, limit=2)
    assert [row["name"] for row in first.rows] == ["一号棚", "二号棚"]
    assert first.sums.all.unchecked.count == 3
    second = register(engine, ASSETS, after=first.more, limit=2)
    assert ([row["name"] for row in second.rows], second.more) == (["三号棚"], None)
    assert [row["name"] for row in register(engine, ASSETS, Wanted(known_as="二号")).rows] == ["二号棚"]


def test_a_proposal_of_ownership_that_is_withdrawn_leaves_the_asset_as_it_was(
    town: Town, engine: Engine
) -> None:
    asset = estate.checked(town)
    town.when("asset.register_ownership.v1", estate.title_of(), "clerk")
    withdrawal = {"label": "确权登记：村集体", "proposal": identity("proposal", "确权"), "reason": "另提"}
    town.when("proposal.withdraw.v1", withdrawal, "clerk")
    follow(Told(town), engine)
    row = row_of(engine, ASSETS, asset)
    assert row is not None
    assert not row["registered"]


def test_d19_an_obligation_is_one_row_with_two_views(town: Town, each_engine: Engine) -> None:
    company = estate.party("operator", "青溪农业公司")
    claim = estate.owing(town, "示例租金", creditor=estate.party(), debtor=company, category="rent")
    debt = estate.owing(town)
    follow(Told(town), each_engine)
    village = estate.party()["name"]

    def found(wanted: Wanted) -> list[str]:
        return [row["id"] for row in register(each_engine, OBLIGATIONS, wanted).rows]

    assert found(Wanted(fields={"creditor_name": village})) == [claim]
    assert found(Wanted(fields={"debtor_name": village})) == [debt]
    assert found(Wanted(fields={"debtor_name": "青溪农业公司"})) == [claim]
    row = row_of(each_engine, OBLIGATIONS, debt)
    assert row is not None
    assert (row["creditor"], row["debtor"]) == (estate.party("household"), estate.party())


def test_an_obligation_keeps_its_sums_and_its_limitation_period(town: Town, each_engine: Engine) -> None:
    asset = estate.opened(town)
    debt = estate.owing(town, assets=[asset])
    repaid(town, 3 * WAN)
    repaid(town, WAN, means="offset", notice="示例抵销通知")
    follow(Told(town), each_engine)
    row = row_of(each_engine, OBLIGATIONS, debt)
    assert row is not None
    assert (row["principal_fen"], row["paid_fen"], row["offset_fen"]) == (12 * WAN, 5 * WAN, WAN)
    assert (row["outstanding_fen"], row["stated_outstanding_fen"]) == (6 * WAN, 10 * WAN)
    assert row["limitation_until"] == "2029-11-23"
    sums = register(each_engine, OBLIGATIONS, Wanted(about=asset)).sums
    assert sums.by["land_rent"].unchecked == Column(1, 0, (12 * WAN, 6 * WAN))
    assert sums.all.unchecked == sums.by["land_rent"].unchecked


def test_what_is_owed_and_what_runs_out_can_be_asked_for(town: Town, engine: Engine) -> None:
    estate.owing(town)
    estate.owing(town, "示例货款", due_on="")
    estate.owing(town, "示例旧账", paid_fen=12 * WAN, outstanding_fen=0)
    follow(Told(town), engine)

    def found(**wanted: Any) -> list[str]:
        return [row["name"] for row in register(engine, OBLIGATIONS, Wanted(**wanted)).rows]

    assert found(fields={"open": True}) == [estate.LAND_RENT, "示例货款"]
    assert found(fields={"open": False}) == ["示例旧账"]
    assert found(until={"limitation_until": "2027-12-31"}) == [estate.LAND_RENT, "示例旧账"]
    assert found(until={"limitation_until": "2027-12-30"}) == []


def item(engine: Engine, kind: str, known_at: int | None = None, as_of: str | None = None) -> Item:
    (found,) = page(engine, NOUNS[kind], Wanted(known_at=known_at, as_of=as_of)).items
    return found


def test_d7_figures_on_a_page_are_those_of_the_day_and_of_what_was_known(
    town: Town, each_engine: Engine
) -> None:
    estate.opened(town)
    opened = len(town.books.entries) - 1
    booked(town, 5 * WAN)
    estate.owing(town)
    owed = len(town.books.entries) - 1
    repaid(town, WAN)
    follow(Told(town), each_engine)
    assert item(each_engine, "asset").sums["carrying_fen"] == 45 * WAN
    assert item(each_engine, "asset", known_at=opened).sums["carrying_fen"] == 40 * WAN
    assert item(each_engine, "asset", as_of="2026-11-19").sums["carrying_fen"] == 40 * WAN
    assert item(each_engine, "asset", as_of="2026-11-20").sums["carrying_fen"] == 45 * WAN
    assert item(each_engine, "obligation").sums["outstanding_fen"] == 9 * WAN
    assert item(each_engine, "obligation", known_at=owed).sums["outstanding_fen"] == 10 * WAN


def test_assets_and_obligations_are_chosen_by_area_and_field(town: Town, engine: Engine) -> None:
    asset, debt = estate.opened(town), estate.owing(town)
    follow(Told(town), engine)

    def found(kind: str, **wanted: Any) -> list[str]:
        return [one.id for one in page(engine, NOUNS[kind], Wanted(**wanted)).items]

    for kind, subject in (("asset", asset), ("obligation", debt)):
        assert found(kind, areas=frozenset({identity("area", "town")})) == [subject]
        assert found(kind, areas=frozenset({identity("area", "shan")})) == []
    assert found("asset", fields={"condition": "idle"}) == [asset]
    assert found("asset", fields={"condition": "damaged"}) == []


def test_d9_an_asset_was_checked_by_a_position_when_nothing_known_then_waited(
    town: Town, engine: Engine
) -> None:
    asset = estate.opened(town)
    estate.endorse(town, asset, estate.COLD_STORE)
    first = len(town.books.entries) - 1
    batch = [
        town.command("asset.book.v1", estate.booking("additions", WAN), "typist", nature="fact"),
        town.command("asset.book.v1", estate.booking("depreciation", WAN), "typist", nature="fact"),
    ]
    outcome = town.books.entries[town.when_batch(batch).position]
    brought = len(town.books.entries) - 1
    asked = {"batch": outcome.stream, "excepted": [[1, "待查"]], "leaf": outcome.leaf}
    town.when("batch.endorse.v1", asked | {"position": outcome.position, "rows": 2}, "centre")
    estate.endorse(town, asset, estate.COLD_STORE, version=4)
    last = len(town.books.entries) - 1
    told = Told(town)
    follow(told, engine)
    expected = {first - 1: False, first: True, brought: False, last - 1: False, last: True}
    for position, checked in expected.items():
        assert item(engine, "asset", known_at=position).checked is checked, position
        assert trace(told, asset, known_at=position).checked is checked, position
    assert item(engine, "asset").checked


def test_d14_rows_are_the_domains_own_sums_and_a_rebuild_gives_them_again(town: Town, engine: Engine) -> None:
    town = corpus.history()
    told = Told(town)
    for stop in range(1, told.size() + 1, 7):
        follow(told, engine, stop)
    follow(told, engine)
    for row in register(engine, ASSETS).rows:
        asset = town.the(Asset, row["id"])
        assert row["carrying_fen"] == asset.carrying_fen("9999-12-31")
        assert (row["owner_type"], row["registered"], row["shares"]) == (
            asset.owner_type,
            asset.registered,
            asset.shares,
        )
        pending = "disposal_pending" if row["open_disposal"] else row["condition"]
        assert ("derecognised" if row["gone_on"] else pending) == asset.state("9999-12-31")
    for owed in register(engine, OBLIGATIONS).rows:
        obligation = town.the(Obligation, owed["id"])
        assert owed["outstanding_fen"] == obligation.outstanding_fen("9999-12-31")
        assert owed["limitation_until"] == limitation_until(obligation.field, "9999-12-31")
        assert owed["confirmed"] == obligation.confirmed("9999-12-31")
    live = digests(engine)
    assert live["asset"].rows == 4
    assert live["obligation"].rows == 3
    assert rebuild(told, engine).differences == ()
    assert digests(engine) == live


def test_trace_shows_an_asset_as_it_was_known(town: Town) -> None:
    asset = estate.opened(town)
    before = len(town.books.entries) - 1
    booked(town, 5 * WAN)
    was = {"amount_fen": 5 * WAN, "kind": "additions"}
    estate.endorse(town, asset, estate.COLD_STORE)
    estate.endorse(town, asset, estate.COLD_STORE, version=2)
    told = Told(town)
    assert trace(told, asset, known_at=before).figures["carrying_fen"] == 40 * WAN
    assert trace(told, asset, known_at=before).checked is False
    assert trace(told, asset).figures["carrying_fen"] == 45 * WAN
    assert trace(told, asset).checked is True
    assert trace(told, asset, as_of="2026-11-19").figures["carrying_fen"] == 40 * WAN
    at = len(town.books.entries) - 1
    estate.correct(town, asset, estate.COLD_STORE, ("movement", was, None), version=2)
    assert trace(told, asset).figures["carrying_fen"] == 40 * WAN
    assert trace(told, asset, known_at=at).figures["carrying_fen"] == 45 * WAN
    text = trace(told, asset).as_text()
    assert "账面价值" in text
    assert "40万元" in text


def test_a_period_of_before_october_2017_is_told_as_a_lead_wherever_it_is_shown(
    town: Town, engine: Engine
) -> None:
    project = town.listed()
    debt = estate.owing(town, projects=[project], category="construction", due_on="2015-09-30")
    payment = estate.repayment(WAN, late_reason="补登")
    town.when("obligation.repay.v1", payment, "clerk", nature="fact", occurred_on="2018-05-01")
    told = Told(town)
    follow(told, engine)
    lead = (
        "诉讼时效期间可能至 2017-09-30（2年，民法通则135）；届满后债务人于 2018-05-01 确认或偿还，"
        "可能视为同意履行（民法典192），由人民法院认定"
    )
    row = row_of(engine, OBLIGATIONS, debt)
    assert row is not None
    assert row["limitation_until"] == "2017-09-30"
    assert item(engine, "obligation").remarks == {"due_on": lead}
    assert {one.field: one.remark for one in trace(told, debt).state if one.remark} == {"due_on": lead}
    for subject in (debt, project):
        assert lead.replace(" ", "") in "".join(trace(told, subject).as_text().split())
    (owed,) = trace(told, project).obligations
    assert (owed.limitation_until, owed.limitation) == ("2017-09-30", lead)


def test_of_what_is_paid_no_period_is_told_wherever_it_is_shown(town: Town) -> None:
    project = town.listed()
    debt = estate.owing(town, projects=[project], category="construction", due_on="2025-09-30")
    (owed,) = trace(Told(town), project).obligations
    assert (owed.limitation_until, bool(owed.limitation)) == ("2028-09-30", True)
    repaid(town, owed.outstanding_fen or 0)
    told = Told(town)
    (owed,) = trace(told, project).obligations
    assert (owed.outstanding_fen, owed.limitation_until, owed.limitation) == (0, "", "")
    for subject in (debt, project):
        assert "诉讼时效" not in trace(told, subject).as_text()


def test_of_what_has_no_due_day_it_is_told_that_no_period_is_computed(town: Town, engine: Engine) -> None:
    """As RULES.md says it; nothing is told when it is paid."""
    project = town.listed()
    debt = estate.owing(town, projects=[project], due_on="")
    told = Told(town)
    follow(told, engine)
    lead = "到期日未载明，诉讼时效不推算"
    assert item(engine, "obligation").remarks == {"due_on": lead}
    assert [(one.field, one.remark) for one in trace(told, debt).told() if one.remark] == [("due_on", lead)]
    (owed,) = trace(told, project).obligations
    assert (owed.limitation_until, owed.limitation) == ("", lead)
    for subject in (debt, project):
        assert lead in "".join(trace(told, subject).as_text().split())
    repaid(town, owed.outstanding_fen or 0)
    told = Told(town)
    for subject in (debt, project):
        assert "诉讼时效" not in trace(told, subject).as_text()


def test_trace_of_a_project_lists_what_is_owed(town: Town) -> None:
    project = town.listed()
    estate.owing(town, projects=[project])
    at = len(town.books.entries) - 1
    repaid(town, WAN)
    told = Told(town)
    (owed,) = trace(told, project).obligations
    assert (owed.name, owed.category, owed.debtor, owed.outstanding_fen) == (
        estate.LAND_RENT,
        "土地流转金",
        estate.party()["name"],
        9 * WAN,
    )
    # The creditor is a natural person: the page shows the head of a commitment and no name (D17).
    assert owed.creditor == f"农户（{estate.COMMITTED[7:15]}）"
    (then,) = trace(told, project, known_at=at).obligations
    assert then.outstanding_fen == 10 * WAN
    assert trace(told, project, as_of="2001-01-01").obligations == ()  # nothing was owed yet
    assert "余额9万元" in "".join(trace(told, project).as_text().split())
    assert trace(told, estate.obligation_id()).figures["outstanding_fen"] == 9 * WAN


def test_a_timeline_names_what_checked_an_entry(town: Town) -> None:
    asset = estate.checked(town)
    opened, endorsed = timeline(Told(town), asset)
    assert (opened.title, opened.needs_check, opened.checked_at) == ("资产建账", True, endorsed.position)
    assert endorsed.title == "核对资产"


def test_id_2_a_number_leads_to_its_asset_or_obligation(town: Town) -> None:
    asset = estate.opened(town, number="QX-A-01")
    debt = estate.owing(town, number="QX-Z-01")
    told = Told(town)
    assert resolve(told, "asset:QX-A-01") == asset
    assert resolve(told, "debt:QX-Z-01") == resolve(told, "obligation:QX-Z-01") == debt
    with pytest.raises(NotFound):
        resolve(told, "debt:QX-A-01")


def test_rows_are_made_in_a_fresh_database_too(town: Town, engine: Engine) -> None:
    assert register(prepare(engine), ASSETS).rows == ()
    assert row_of(engine, ASSETS, estate.asset_id()) is None
    assert row_of(engine, OBLIGATIONS, estate.obligation_id()) is None
