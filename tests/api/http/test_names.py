"""Names over HTTP and on pages: every role over its own and a foreign area, what is noted of it, and where no name stands."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from typing import NamedTuple

import pytest

from api import remote
from api.compose import sign_command
from api.names import READERS
from audit.commitment import Disclosure
from domain.authority import ROLES
from domain.errors import NotFound
from tests.api.http import neighbours
from tests.api.http.test_matrix import PEOPLE, READS_ALL, TOLD_NO_NAMES
from tests.api.pages.conftest import browser
from tests.support.households import (
    CONFIRM,
    ORDER,
    TWO,
    Owed,
    confirmation,
    copied,
    files_holding,
    holding,
    order,
    owed,
    repaid,
    staff,
)
from tests.support.served import Served, served
from tests.support.world import World

NEAR, AWAY, HANDLER, GONE = "示例近户甲乙", "示例远户丙丁", "示例经手戊己", "示例旧户庚辛"
ALL = (NEAR, AWAY, HANDLER, GONE)


class There(NamedTuple):
    office: Served
    near: Owed
    away: Owed
    asset: str  # in our village, with the debt to NEAR
    gone: Owed  # ordered to be erased


@pytest.fixture(scope="module")
def there(tmp_path_factory: pytest.TempPathFactory) -> Iterator[There]:
    with World(tmp_path_factory.mktemp("names") / "ledger") as world:
        staff(world.settle())
        neighbours.settle(world)
        village = neighbours.Village(world, neighbours.OURS, "QX-0001")
        near = owed(world, "近1", NEAR, handler=HANDLER, assets=[village.ids["asset"]])
        away = owed(world, "远1", AWAY, by="far")
        gone = repaid(world, owed(world, "旧1", GONE))
        world.accepted(ORDER, order(gone), *TWO)
        with served(world) as running:
            running.projected()
            yield There(running, near, away, village.ids["asset"], gone)


def told(disclosures: tuple[Disclosure, ...]) -> dict[str, tuple[str, str, str]]:
    return {one.commitment: (one.field, one.value, one.salt.hex()) for one in disclosures}


def test_every_role_is_told_names_or_none() -> None:
    assert set(READERS) | TOLD_NO_NAMES == set(ROLES)
    assert set(READERS) & TOLD_NO_NAMES == set()


@pytest.mark.parametrize("role", PEOPLE)
def test_a_role_is_told_the_names_of_its_own_area_only(there: There, role: str) -> None:
    visitor = there.office.as_(PEOPLE[role])
    for debt, own in ((there.near, True), (there.away, False)):
        answer = visitor.get(f"/api/v1/debts/{debt.id}/names")
        if role in TOLD_NO_NAMES or not (own or role in READS_ALL):
            assert answer.status_code == 403
            assert answer.headers["content-type"] == "application/problem+json"
            assert answer.json()["code"] == ("names_closed" if own or role in READS_ALL else "outside_area")
            assert holding(answer.content, ALL) == []
        else:
            assert answer.status_code == 200, answer.text
            assert answer.headers["cache-control"] == "no-store"
            found = {
                one["commitment"]: (one["field"], one["value"], one["salt"]) for one in answer.json()["names"]
            }
            assert found == told(debt.disclosures)


@pytest.mark.parametrize("role", PEOPLE)
def test_a_page_shows_names_to_who_may_read_them_and_else_a_mark(there: There, role: str) -> None:
    with browser(there.office, PEOPLE[role]) as client:
        for path, names in ((f"/debts/{there.near.id}", [NEAR, HANDLER]), (f"/assets/{there.asset}", [NEAR])):
            answer = client.get(path)
            assert answer.status_code == 200
            if role in TOLD_NO_NAMES:
                assert holding(answer.content, ALL) == []
                assert "农户〔未获授权〕" in answer.text
                assert answer.headers["cache-control"] == "private, no-cache"
            else:
                assert holding(answer.content, ALL) == names
                assert "〔未获授权〕" not in answer.text
                assert answer.headers["cache-control"] == "no-store"
        away = client.get(f"/debts/{there.away.id}")
        expected = {"registrar": [], "discipline": [AWAY]}.get(role, [])
        assert holding(away.content, ALL) == expected
        assert away.status_code == (200 if role in READS_ALL else 403)


def test_what_is_being_erased_is_told_as_such(there: There) -> None:
    office = there.office
    (one,) = office.as_("kang").get(f"/api/v1/debts/{there.gone.id}/names").json()["names"]
    assert (one["state"], one["value"], one["salt"]) == ("erasing", "", "")
    with browser(office, "kang") as client:
        shown = client.get(f"/debts/{there.gone.id}")
        assert "〔删除中〕" in shown.text
        assert "no-store" not in shown.headers["cache-control"]
        office.world.accepted(CONFIRM, confirmation(), "county")
        assert "〔已删除〕" in client.get(f"/debts/{there.gone.id}").text


READS = ("", "/timeline", "/diff?from=2012-01-01&to=2026-11-01")


def test_no_other_answer_and_no_log_line_holds_a_name(there: There, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    office = there.office
    office.as_("kang").get(f"/api/v1/debts/{there.near.id}/names")
    plurals = ("projects", "assets", "debts", "disposals", "documents")
    paths = [f"/api/v1/{one}" for one in plurals] + ["/api/v1/events?after=-1&limit=200", "/api/v1/commands"]
    paths += [f"/api/v1/debts/{there.near.id}{rest}" for rest in READS]
    paths += [f"/api/v1/assets/{there.asset}{rest}" for rest in READS]
    paths += ["/log/checkpoint", "/metrics", "/openapi.json", "/readyz", "/api/v1/debts?q=%E6%9F%90"]
    for who in ("discipline", "kang", "registrar"):
        for path in paths:
            answer = office.as_(who).get(path)
            assert answer.status_code == 200, (who, path, answer.text)
            assert holding(answer.content, ALL) == [], (who, path)
        with browser(office, who) as client:
            for one in plurals:
                assert holding(client.get(f"/{one}").content, ALL) == []
    bundle = office.as_("discipline").get("/log/tile/entries/000.p/1")
    assert holding(bundle.content, ALL) == []
    assert holding(caplog.text.encode(), [NEAR, AWAY, HANDLER, GONE]) == []


def test_an_order_is_weighed_in_a_dry_run_and_refused_by_its_rule(there: There) -> None:
    office, world = there.office, there.office.world
    done = repaid(world, owed(world, "旧3", GONE, handler=HANDLER))
    for wish, status, rule in (
        (order(there.near, name="三"), 422, "NAME-3"),
        (order(done, name="三", subjects=[done.id, there.gone.id]), 422, "NAME-2"),
        (order(there.away, name="三"), 403, "AUTH-5"),
        (order(done, name="三"), 200, None),
    ):
        wish["subjects"].sort()
        body = world.clerk(*TWO).prepare(ORDER, wish)
        envelope = sign_command(body, *(world.keys[one].signer for one in TWO))
        with world.nothing_recorded():
            answer = office.stranger.submit(envelope, "?dry_run=true")
        assert (answer.status_code, answer.json().get("rule")) == (status, rule), answer.text
    assert world.desk.vault.kept(done.commitments) == set(done.commitments)


def test_no_refusal_repeats_a_name(there: There) -> None:
    office = there.office
    stranger = office.stranger
    assert stranger.get(f"/api/v1/debts/{there.near.id}/names").status_code == 401
    disclosure = {"field": "name", "salt": "0", "value": NEAR}
    for body in ({"disclosures": [disclosure], "envelope": {}}, {"disclosures": NEAR}, {"envelope": NEAR}):
        answer = stranger.post("/api/v1/commands", body)
        assert answer.status_code >= 400
        assert holding(answer.content, ALL) == []
    wish = {"command": "obligation.register", "payload": {"creditor": {"person": NEAR}}}
    answer = office.as_("kang").post("/api/v1/commands:prepare", wish)
    assert answer.status_code == 400
    assert holding(answer.content, ALL) == []


def test_the_command_line_asks_a_server_by_code_or_by_id(there: There) -> None:
    url, keys = there.office.url, there.office.world.keys
    for written in (f"debt:{there.near.number}", f"obligation:{there.near.number}", there.near.id):
        found = remote.names(url, written, remote.log_in(url, keys["kang"]).token)
        assert {one["value"] for one in found["names"]} == {NEAR, HANDLER}
    with pytest.raises(remote.Told, match="不读取个人信息"):
        remote.names(url, there.near.id, remote.log_in(url, keys["registrar"]).token)
    token = remote.log_in(url, keys["kang"]).token
    with pytest.raises(NotFound, match="没有"):
        remote.names(url, "debt:没有的", token)
    for written in ("project:QX-0001", "nonsense", "area:康家村"):
        with pytest.raises(NotFound, match="不载个人信息"):
            remote.names(url, written, token)


# --- who looked -----------------------------------------------------------------------------------------------


def readings(there: There, who: str, path: str = "/api/v1/readings?limit=200") -> list[tuple[str, str, int]]:
    answer = there.office.as_(who).get(path)
    assert answer.status_code == 200, answer.text
    assert answer.headers["cache-control"] == "no-store"
    return [(one["key"], one["subject"], one["times"]) for one in answer.json()["items"]]


def times(there: There, who: str, debt: Owed) -> int:
    key = there.office.world.keys[who].key_id
    return sum(n for one, subject, n in readings(there, "discipline") if (one, subject) == (key, debt.id))


def test_a_reading_is_noted_once_for_each_time_names_were_told(there: There) -> None:
    before = times(there, "kang", there.near)
    there.office.as_("kang").get(f"/api/v1/debts/{there.near.id}/names")
    assert times(there, "kang", there.near) == before + 1
    with browser(there.office, "kang") as client:
        client.get(f"/debts/{there.near.id}")
        client.get(f"/assets/{there.asset}")  # the debt beside the asset
        assert times(there, "kang", there.near) == before + 3
        client.get("/debts")
        client.get(f"/debts/{there.gone.id}")  # nothing is told any more
    assert times(there, "kang", there.near) == before + 3
    assert times(there, "kang", there.gone) == 0


def test_who_was_told_nothing_is_not_noted(there: There) -> None:
    for who in ("registrar", "recorder", "shan"):
        there.office.as_(who).get(f"/api/v1/debts/{there.near.id}/names")
        assert times(there, who, there.near) == 0


def test_d18_that_an_inspector_looked_is_noted_nowhere(
    there: There, caplog: pytest.LogCaptureFixture
) -> None:
    """Not in the record, not in any table of the shared server, not in a log line, not in a metric, not in the ledger."""
    office, key = there.office, there.office.world.keys["discipline"].key_id
    office.as_("discipline")
    data = office.world.settings.data
    readings_before = readings(there, "discipline")
    size = office.world.desk.log.size

    def state() -> dict[str, bytes]:
        office.world.desk.vault._empty_journal()
        with copied(data) as copy:
            return {path.name: path.read_bytes() for path in copy.iterdir() if path.suffix in (".db", ".key")}

    before = state()
    with caplog.at_level(logging.DEBUG):
        office.as_("discipline").get(f"/api/v1/debts/{there.near.id}/names")
        with browser(office, "discipline") as client:
            client.get(f"/debts/{there.near.id}")
    assert state() == before
    assert readings(there, "discipline") == readings_before
    assert office.world.desk.log.size == size
    ours = [one.getMessage() for one in caplog.records if not one.name.startswith("http")]  # not our client's
    assert not [line for line in ours if key in line or there.near.id in line]
    assert key not in office.stranger.get("/metrics").text


def test_the_record_is_read_by_who_supervises_and_each_sees_their_own_area(there: There) -> None:
    there.office.as_("kang").get(f"/api/v1/debts/{there.near.id}/names")
    there.office.as_("far").get(f"/api/v1/debts/{there.away.id}/names")
    whole, own = readings(there, "discipline"), readings(there, "township")
    assert {subject for _, subject, _ in whole} >= {there.near.id, there.away.id}
    assert {subject for _, subject, _ in own} >= {there.near.id}
    assert there.away.id not in {subject for _, subject, _ in own}
    for who in ("kang", "centre", "registrar", "county"):
        answer = there.office.as_(who).get("/api/v1/readings")
        assert (answer.status_code, answer.json()["code"]) == (403, "names_closed")
    first = there.office.as_("discipline").get("/api/v1/readings?limit=1").json()
    following = readings(there, "discipline", f"/api/v1/readings?limit=200&cursor={first['next']}")
    assert len(following) == len(whole) - 1
    assert all("value" not in one for one in first["items"])


def test_a_key_that_has_ended_is_told_nothing_more(there: There) -> None:
    world = there.office.world
    world.employ("leaver", "village_admin", "kang", ["kang"])
    visitor = there.office.as_("leaver")
    path = f"/api/v1/debts/{there.near.id}/names"
    assert visitor.get(path).status_code == 200
    world.accepted("key.revoke.v1", {"key": world.keys["leaver"].key_id, "reason": "离岗"}, "registrar")
    assert visitor.get(path).status_code == 401


def test_the_story_is_told_without_names_when_the_vault_is_away(there: There) -> None:
    """Of the route of names the answer is that it cannot be had now."""
    world, office = there.office.world, there.office
    in_the_way = world.settings.vault_key_path.with_suffix(".new")
    in_the_way.mkdir()  # where a turned key would be put
    late = repaid(world, owed(world, "旧2", GONE))
    world.accepted(ORDER, order(late, name="二"), *TWO)
    with browser(office, "kang") as client:
        shown = client.get(f"/debts/{there.near.id}")
        assert (shown.status_code, "农户〔保管库不可用〕" in shown.text) == (200, True)
    answer = office.as_("kang").get(f"/api/v1/debts/{there.near.id}/names")
    assert (answer.status_code, answer.json()["code"]) == (503, "store_failure")
    assert holding(shown.content + answer.content, ALL) == []
    in_the_way.rmdir()
    assert NEAR in office.as_("kang").get(f"/api/v1/debts/{there.near.id}/names").text


def test_after_all_this_no_file_holds_a_name(there: There) -> None:
    assert files_holding(there.office.world.settings.data.parent, ALL) == {}
