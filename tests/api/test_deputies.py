"""Deputies and terms at the edge: how a deputy prepares and signs, what he may read, how the timeline shows it (AUTH-9)."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from api.clerk import Clerk
from api.compose import china_today
from api.http.auth import Reader, reader_of
from audit import dsse
from domain.values import days_after
from tests.api.http import neighbours
from tests.support.deputies import deputise
from tests.support.households import owed, staff
from tests.support.logbook import new_id
from tests.support.served import Visitor, served
from tests.support.world import World, area, post


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    with World(tmp_path / "ledger") as made:
        yield made.settle()


def test_auth_9_a_deputy_prepares_over_http_and_reads_what_the_principal_reads(world: World) -> None:
    world.listed("油茶基地")
    world.listed("茶园", by="shan", place="shan")
    with served(world) as office:

        def names(name: str) -> list[str]:
            office.projected()
            items = office.as_(name).get("/api/v1/projects").json()["items"]
            return [item["fields"]["name"] for item in items]

        wish = {
            "command": "project.list",
            "nature": "fact",
            "payload": world.project("竹园", place="shan"),
            "post": post("shan"),
        }
        assert names("kang") == ["油茶基地"]
        assert refusal(office.as_("kang"), world, wish) == ("capacity_not_held", "AUTH-3")
        deputise(world, "shan", "kang")
        assert names("kang") == ["油茶基地", "茶园"]
        assert refusal(office.as_("kang"), world, wish) == ("", "")
        assert names("shan") == ["茶园", "竹园"]
        nowhere = office.as_("kang").post(
            "/api/v1/commands:prepare", wish | {"post": new_id("post", "nowhere")}
        )
        assert (nowhere.status_code, nowhere.json()["rule"]) == (404, "ID-2")


def refusal(visitor: Visitor, world: World, wish: dict[str, object]) -> tuple[str, str]:
    """What is answered to a wish, prepared by the server, signed with the key of 康家村's clerk and handed in."""
    prepared = visitor.post("/api/v1/commands:prepare", wish)
    assert prepared.status_code == 200, prepared.text
    body = dsse.unb64(prepared.json()["payload"])
    answer = world.take(body, "kang")
    return answer.code, answer.rule


def test_auth_3_a_post_out_of_its_term_reads_nothing(world: World) -> None:
    world.listed("油茶基地")
    with served(world) as office:
        office.projected()
        assert office.as_("kang").get("/api/v1/projects").status_code == 200
        term = {
            "document": "",
            "post": post("kang"),
            "title": "示例岗位 kang",
            "until": days_after(china_today(), -1),
            "valid_from": "",
        }
        world.accepted("post.set_term.v1", term, "registrar")
        assert office.as_("kang").get("/api/v1/projects").status_code == 401
        world.refuses("capacity_not_held", "project.list.v1", world.project("茶园"), "kang", nature="fact")


def test_a_clerk_in_a_post_that_is_not_there_prepares_nothing(world: World) -> None:
    stand_in = Clerk(world.desk, world.keys["kang"], post=new_id("post", "nowhere"))
    with pytest.raises(LookupError, match="没有岗位"):
        stand_in.prepare("project.list.v1", world.project(), nature="fact")


def test_auth_9_a_deputy_is_told_names_where_one_of_his_posts_is_told_them(world: World) -> None:
    """The clerk of 康家村 stands in for a recorder of 山背村, whom no names are told; a recorder for 乡党委政府."""
    world.employ("typist", "recorder", "centre", ["shan"])
    shan, kang = [area("shan")], [area("kang")]

    def reader(name: str) -> Reader:
        found = reader_of(world.desk.ledger.refresh(), world.keys[name].key_id, china_today())
        assert found is not None
        return found

    assert not reader("typist").may_name(kang)
    deputise(world, "typist", "kang")
    assert (reader("kang").may_read(shan), reader("kang").may_name(shan)) == (True, False)
    assert reader("kang").may_name(kang)
    deputise(world, "township", "typist")
    assert reader("typist").may_name(kang)


def test_auth_9_the_record_of_readings_is_read_by_a_deputy_of_who_supervises_and_nowhere_else(
    world: World,
) -> None:
    """Whoever stands in for 乡党委政府 reads what is noted of its areas; 乡党委政府 that stands in for a clerk elsewhere reads
    nothing more of the record, for a clerk supervises nobody."""
    neighbours.settle(world)
    staff(world)
    near, away = owed(world, "近1", "示例近户甲乙"), owed(world, "远1", "示例远户丙丁", by="far")
    with served(world) as office:
        office.projected()
        for name, debt in (("kang", near), ("far", away)):
            assert office.as_(name).get(f"/api/v1/debts/{debt.id}/names").status_code == 200

        def noted(name: str) -> list[str] | int:
            answer = office.as_(name).get("/api/v1/readings")
            if answer.status_code != 200:
                assert answer.json()["code"] == "names_closed"
                return int(answer.status_code)
            return [one["subject"] for one in answer.json()["items"]]

        assert (noted("discipline"), noted("township"), noted("kang")) == ([near.id, away.id], [near.id], 403)
        deputise(world, "far", "township")
        assert office.as_("township").get(f"/api/v1/debts/{away.id}").status_code == 200
        assert noted("township") == [near.id]
        deputise(world, "township", "kang")
        assert noted("kang") == [near.id]
