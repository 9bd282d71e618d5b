"""Lists, subjects, timelines, differences: by two clocks, in pages, with strong ETags, and in one's own area only."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from api.compose import china_today
from domain.values import days_after
from tests.support.households import owed, repaid
from tests.support.served import Served, Visitor, served
from tests.support.world import World, area, project_of

WHOLE = ("discipline", "registrar")
READS = ("", "/timeline", "/diff?from=2020-01-01")  # of one subject


def names(answer: Any) -> list[str]:
    assert answer.status_code == 200, answer.text
    return [item["fields"]["name"] for item in answer.json()["items"]]


def paged(visitor: Visitor, path: str) -> list[Any]:
    """Every item, page by page, as the Link header leads."""
    items: list[Any] = []
    while path:
        answer = visitor.get(path)
        assert answer.status_code == 200, answer.text
        items += answer.json()["items"]
        link = answer.links.get("next", {}).get("url", "")
        assert bool(link) == (answer.json()["next"] is not None)
        path = link
    return items


def test_a_list_shows_what_lies_in_the_readers_area(office: Served) -> None:
    assert names(office.as_("discipline").get("/api/v1/projects")) == ["油茶基地", "山背冷库", "康家大棚"]
    assert names(office.as_("centre").get("/api/v1/projects")) == ["油茶基地", "山背冷库", "康家大棚"]
    assert names(office.as_("shan").get("/api/v1/projects")) == ["山背冷库"]


def test_a_list_can_be_narrowed(office: Served) -> None:
    see = office.as_("discipline").get
    assert names(see("/api/v1/projects?checked=true")) == ["油茶基地"]
    assert names(see("/api/v1/projects?q=QX-0002")) == ["山背冷库"]
    assert names(see("/api/v1/projects?q=大棚&class=none")) == ["康家大棚"]
    assert names(see("/api/v1/projects?class=idle")) == []
    assert names(see("/api/v1/projects?area=康家村")) == ["油茶基地", "康家大棚"]
    assert names(see(f"/api/v1/projects?area={area('town')}")) == ["油茶基地", "山背冷库", "康家大棚"]
    assert names(office.as_("shan").get("/api/v1/projects?area=康家村")) == []


def test_pages_follow_each_other_without_gap_or_repetition(office: Served) -> None:
    visitor = office.as_("discipline")
    whole = names(visitor.get("/api/v1/projects"))
    assert [item["fields"]["name"] for item in paged(visitor, "/api/v1/projects?limit=1")] == whole


def test_a_cursor_of_nobody_is_400(office: Served) -> None:
    for text in ("nonsense", "é", "YjE6LTE", "=", "YjE6OTk5OTk5OTk5OTk5OTk5OTk5OQ"):
        answer = office.as_("discipline").get("/api/v1/projects", params={"cursor": text})
        assert (answer.status_code, answer.json()["code"]) == (400, "bad_request")


def test_a_subject_is_found_by_id_and_by_code(office: Served) -> None:
    see = office.as_("kang").get
    by_code, by_id = see("/api/v1/projects/QX-0001"), see(f"/api/v1/projects/{project_of('油茶基地')}")
    assert by_code.json() == by_id.json()
    told = by_code.json()
    assert told["version"] == 2  # listed, endorsed
    assert told["checked"] is True
    assert told["amounts"]["total_fen"] == 113_500_000


def test_what_is_nowhere_is_404_and_what_lies_elsewhere_403(office: Served) -> None:
    for path in ("QX-9999", "project_" + "a" * 26, "..", "a b", "%00", "x" * 200):
        answer = office.as_("kang").get(f"/api/v1/projects/{path}")
        assert answer.status_code == 404, path
    for path in ("", "/timeline", "/diff"):
        answer = office.as_("kang").get(f"/api/v1/projects/{project_of('山背冷库')}{path}")
        assert (answer.status_code, answer.json()["rule"]) == (403, "AUTH-5")
    # An area has an id too, and is no project.
    assert office.as_("kang").get(f"/api/v1/projects/{area('kang')}").status_code == 404


def test_a_code_of_elsewhere_is_answered_as_one_that_nobody_bears(office: Served) -> None:
    """Codes can be guessed, ids cannot."""
    see = office.as_("kang").get
    for path in ("", "/timeline", "/diff"):
        elsewhere, nobodys = (see(f"/api/v1/projects/{code}{path}") for code in ("QX-0002", "QX-9999"))
        assert (elsewhere.status_code, elsewhere.json()["rule"]) == (404, "ID-2")
        assert elsewhere.text.replace("QX-0002", "QX-9999") == nobodys.text
    assert office.as_("shan").get("/api/v1/projects/QX-0002").status_code == 200


def test_an_etag_is_the_version_and_is_answered_304(office: Served) -> None:
    see = office.as_("kang").get
    for path in ("", *(f"/QX-0001{one}" for one in READS)):
        first = see(f"/api/v1/projects{path}")
        again = see(f"/api/v1/projects{path}", headers={"If-None-Match": first.headers["etag"]})
        assert (again.status_code, again.content) == (304, b"")
        assert again.headers["etag"] == first.headers["etag"]
    assert see("/api/v1/projects/QX-0001").headers["etag"].startswith('"2.')


def test_two_logs_of_one_size_give_no_etag_alike(tmp_path: Path) -> None:
    """As after an older copy of the ledger was put back, and went on otherwise: what is kept of before is not taken for it."""
    paths = ["/projects", "/workbooks:export?format=csv", *(f"/projects/QX-0001{one}" for one in READS)]
    tags: list[dict[str, str]] = []
    for name in ("甲", "乙"):
        with World(tmp_path / name) as world:
            world.settle()
            world.listed(name, number="QX-0001", project=project_of("同号"))
            with served(world) as running:
                running.projected()
                see = running.as_("kang").get
                tags.append({path: see(f"/api/v1{path}").headers["etag"] for path in paths})
    one, other = tags
    assert [path for path in paths if one[path] == other[path]] == []


def test_the_etag_changes_with_what_is_told(office: Served) -> None:
    see, world = office.as_("kang").get, office.world
    world.listed("会变的", number="QX-0100")
    before = see("/api/v1/projects/QX-0100").headers["etag"]
    position = next(world.desk.reader.of_subject(project_of("会变的"))).position
    world.endorsed(position, "checks", "centre")
    after = see("/api/v1/projects/QX-0100", headers={"If-None-Match": before})
    assert (after.status_code, after.json()["checked"]) == (200, True)


def test_a_batchs_check_changes_the_etag_of_its_rows(office: Served) -> None:
    see, world = office.as_("centre").get, office.world
    answer = world.batch([world.project("整批核对", number="QX-0101", place="kang")])
    before = see("/api/v1/projects/QX-0101")
    assert before.json()["checked"] is False
    assert answer.position is not None
    world.endorsed(answer.position, "checks", "centre")
    after = see("/api/v1/projects/QX-0101", headers={"If-None-Match": before.headers["etag"]})
    assert (after.status_code, after.json()["checked"]) == (200, True)


def test_what_happens_to_a_debt_changes_the_etag_of_the_project_that_tells_of_it(office: Served) -> None:
    """Neither its repayment nor its check names the project, and both are told there."""
    see, world = office.as_("kang").get, office.world
    world.listed("欠账的", number="QX-0150")
    debt = owed(world, "QX-ZW-0150", "示例农户甲", projects=[project_of("欠账的")])
    registered = next(world.desk.reader.of_subject(debt.id)).position
    paths = [f"/api/v1/projects/QX-0150{one}" for one in READS]
    for happened in (lambda: repaid(world, debt), lambda: world.endorsed(registered, "checks", "centre")):
        before = {path: see(path) for path in paths}
        happened()
        for path, had in before.items():
            again = see(path, headers={"If-None-Match": had.headers["etag"]})
            assert again.status_code == (304 if see(path).content == had.content else 200), path
    told = see(paths[0]).json()["obligations"]
    assert [one["outstanding_fen"] for one in told] == [0]


def test_a_timeline_tells_every_entry_with_both_clocks_and_signers(office: Served) -> None:
    answer = office.as_("kang").get("/api/v1/projects/QX-0001/timeline")
    items = answer.json()["items"]
    assert [item["title"] for item in items] == ["登记项目", "核对项目"]
    assert items[0]["signers"][0]["role"] == "village_admin"
    assert {"occurred_on", "recorded_at", "leaf"} <= set(items[0])
    assert paged(office.as_("kang"), "/api/v1/projects/QX-0001/timeline?limit=1") == items


def test_what_was_known_then_is_told_as_it_was(office: Served) -> None:
    see, world = office.as_("discipline").get, office.world
    at = world.listed("后来更正", number="QX-0102", scale="200亩")
    world.accepted(
        "project.supersede.v1",
        world.project("后来更正", number="QX-0102", scale="180亩") | {"reason": "测量有误", "version": 1},
        "kang",
        nature="fact",
    )
    office.projected()

    def scale(query: str) -> list[Any]:
        one = see(f"/api/v1/projects/QX-0102?{query}").json()
        listed = see(f"/api/v1/projects?q=QX-0102&{query}").json()["items"]
        held = {field["field"]: field["value"] for field in one["state"]}
        return [held["scale"], *(item["fields"]["scale"] for item in listed)]

    assert scale("") == ["180亩", "180亩"]
    assert scale(f"known_at={at}") == ["200亩", "200亩"]
    assert see(f"/api/v1/projects/QX-0102?known_at={at - 1}").status_code == 404
    assert names(see(f"/api/v1/projects?q=QX-0102&known_at={at - 1}")) == []
    assert names(see("/api/v1/projects?q=QX-0102&as_of=2015-01-01")) == []


def test_a_class_is_chosen_as_of_then(office: Served) -> None:
    see, world = office.as_("discipline").get, office.world
    at = world.listed("闲置的", number="QX-0103")
    world.endorsed(at, "checks", "centre2")
    opined = world.accepted("project.opine_class.v1", world.opinion("闲置的", "闲置"), "kang")
    world.endorsed(opined, "checks", "centre")
    last = world.endorsed(opined, "seals", "township")
    office.projected()
    assert names(see("/api/v1/projects?class=idle")) == ["闲置的"]
    assert names(see(f"/api/v1/projects?class=idle&known_at={last - 1}")) == []
    assert names(see(f"/api/v1/projects?class=none&q=闲置的&known_at={last - 1}")) == ["闲置的"]
    assert names(see(f"/api/v1/projects?checked=true&q=闲置的&known_at={at}")) == []
    assert names(see(f"/api/v1/projects?checked=false&q=闲置的&known_at={at}")) == ["闲置的"]


def test_two_points_of_two_clocks_are_compared(office: Served) -> None:
    world, today = office.world, china_today()
    at = world.listed("比较的", number="QX-0104", scale="200亩")
    world.accepted(
        "project.supersede.v1",
        world.project("比较的", number="QX-0104", scale="180亩") | {"reason": "测量有误", "version": 1},
        "kang",
        nature="fact",
    )
    see = office.as_("discipline").get
    told = see(f"/api/v1/projects/QX-0104/diff?from={today}&to={today}&from_known={at}").json()
    assert [(one["field"], one["before"]["value"], one["after"]["value"]) for one in told["changes"]] == [
        ("scale", "200亩", "180亩")
    ]
    yesterday = days_after(today, -1)
    told = see(f"/api/v1/projects/QX-0104/diff?from={yesterday}&to={today}").json()
    assert all(one["before"] is None for one in told["changes"])
    assert see(f"/api/v1/projects/QX-0104/diff?from={today}&to={today}").json()["changes"] == []


def test_a_clock_that_is_none_is_400_with_its_name(office: Served) -> None:
    see = office.as_("discipline").get
    for query, name in (
        ("as_of=2026-13-01", "as_of"),
        ("known_at=gestern", "known_at"),
        ("known_at=2026-01-01T00:00:00", "known_at"),
        (f"known_at={'9' * 39}", "known_at"),
        ("known_at=999999", "known_at"),
        ("known_at=2999-01-01", "known_at"),
        ("known=3", "known"),
    ):
        for path in ("", "/QX-0001"):
            answer = see(f"/api/v1/projects{path}?{query}")
            assert answer.status_code == 400, query
            assert answer.json()["errors"][0]["parameter"] == name


def test_what_is_no_address_of_ours_is_a_problem_too(office: Served) -> None:
    answer = office.stranger.get("/api/v1/nothing")
    assert (answer.status_code, answer.json()["code"]) == (404, "no_such_page")
    answer = office.stranger.client.put("/api/v1/commands")
    assert (answer.status_code, answer.json()["code"]) == (405, "method_not_allowed")
