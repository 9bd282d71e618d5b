"""A session is had for a challenge signed with an enrolled key, reads what the post may read, and ends with key or post."""

from __future__ import annotations

import base64
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import update

from api.clerk import Clerk
from api.desk import Desk
from api.http import auth
from api.http.auth import Sessions
from api.http.challenges import CHALLENGE_SECONDS, Challenges
from api.http.problem import Failed
from projections import tables
from tests.support.clocks import until
from tests.support.served import Served, Visitor, served, signed_challenge
from tests.support.world import World, key_of, organisation, post


def stated(office: Served, who: str) -> dict[str, str]:
    asked = office.stranger.post("/api/v1/challenges").json()
    key = office.world.keys[who]
    return {
        "audience": asked["audience"],
        "challenge": asked["challenge"],
        "key": key.key_id,
        "origin": asked["origin"],
    }


def test_a_signed_challenge_opens_a_session_of_the_posts_areas(office: Served) -> None:
    told = office.log_in(office.world.keys["kang"]).json()
    assert told["role"] == "village_admin"
    assert len(told["areas"]) == 1
    assert office.log_in(office.world.keys["discipline"]).json()["areas"] is None


@pytest.mark.parametrize(
    ("changed", "status", "code"),
    [
        ({"audience": "other.example:80"}, 403, "forbidden"),
        ({"challenge": "x" * 43}, 403, "forbidden"),
        ({"origin": "bangfu/000000/" + "0" * 32}, 403, "wrong_origin"),
        ({"key": "key_" + "a" * 26}, 400, "wrong_signers"),
    ],
)
def test_a_statement_for_something_else_opens_nothing(
    office: Served, changed: dict[str, str], status: int, code: str
) -> None:
    answer = office.log_in(office.world.keys["kang"], **changed)
    assert (answer.status_code, answer.json()["code"]) == (status, code)


def test_a_challenge_serves_once(office: Served) -> None:
    signed = signed_challenge(office.world.keys["kang"], stated(office, "kang"))
    assert office.stranger.post("/api/v1/sessions", signed).status_code == 201
    again = office.stranger.post("/api/v1/sessions", signed)
    assert (again.status_code, again.json()["code"]) == (403, "forbidden")


def test_a_wrong_signature_leaves_the_challenge_to_its_owner(office: Served) -> None:
    right = stated(office, "kang")
    forged = signed_challenge(key_of("stranger"), right)
    forged["signatures"][0]["keyid"] = right["key"]
    answer = office.stranger.post("/api/v1/sessions", forged)
    assert (answer.status_code, answer.json()["code"]) == (403, "bad_signature")
    signed = signed_challenge(office.world.keys["kang"], right)
    assert office.stranger.post("/api/v1/sessions", signed).status_code == 201


def test_a_key_that_is_not_enrolled_opens_nothing(office: Served) -> None:
    answer = office.log_in(key_of("stranger"))
    assert (answer.status_code, answer.json()["code"]) == (403, "unknown_key")


def test_the_signature_of_a_command_opens_no_session(office: Served) -> None:
    """The payload type is part of what is signed, so neither stands for the other."""
    signed = signed_challenge(office.world.keys["kang"], stated(office, "kang"))
    signed["payloadType"] = "application/vnd.bangfu.command.v1+json"
    assert office.stranger.post("/api/v1/sessions", signed).status_code == 400
    assert office.stranger.post("/api/v1/commands", signed).status_code == 400


def test_a_statement_that_is_not_canonical_is_400(office: Served) -> None:
    key = office.world.keys["kang"]
    for body in (b"{}", b"[]", b'{"a": 1}', b"\xff", b'{"audience":1,"challenge":"","key":"","origin":""}'):
        signed = {
            "payload": base64.b64encode(body).decode(),
            "payloadType": auth.SESSION,
            "signatures": [{"keyid": key.key_id, "sig": base64.b64encode(b"0" * 64).decode()}],
        }
        assert office.stranger.post("/api/v1/sessions", signed).status_code == 400


def test_a_closed_session_reads_nothing_any_more(office: Served) -> None:
    token = office.log_in(office.world.keys["kang"]).json()["token"]
    visitor = Visitor(office.url, token)
    assert visitor.get("/api/v1/projects").status_code == 200
    assert visitor.client.delete("/api/v1/sessions").status_code == 204
    answer = visitor.get("/api/v1/projects")
    assert (answer.status_code, answer.headers["www-authenticate"]) == (401, 'Bearer realm="bangfu"')
    visitor.close()


def test_a_host_that_is_not_ours_is_not_answered(office: Served) -> None:
    """A page of elsewhere that makes a browser believe that its name is 127.0.0.1 gets nothing."""
    answer = office.stranger.get("/healthz", headers={"Host": "evil.example"})
    assert answer.status_code == 400


@pytest.fixture
def own(tmp_path: Path) -> Iterator[Served]:
    """A world of its own, for what ends keys and posts."""
    with World(tmp_path / "ledger") as world, served(world.settle()) as running:
        yield running


def test_a_session_ends_with_its_key(own: Served) -> None:
    visitor = own.as_("kang")
    assert visitor.get("/api/v1/projects").status_code == 200
    payload = {"key": own.world.keys["kang"].key_id, "reason": "离岗"}
    own.world.accepted("key.revoke.v1", payload, "registrar")
    assert visitor.get("/api/v1/projects").status_code == 401
    answer = own.log_in(own.world.keys["kang"])
    assert (answer.status_code, answer.json()["code"]) == (403, "key_not_good")


def test_a_key_that_another_process_revokes_reads_no_more_though_the_rows_stand_still(own: Served) -> None:
    visitor, desk = own.as_("kang"), own.world.desk
    with desk.projections.begin() as connection:  # another version of the program has made them its own
        connection.execute(update(tables.position).values(shape="another"))
    assert visitor.get("/api/v1/projects").status_code == 200
    payload = {"key": own.world.keys["kang"].key_id, "reason": "离岗"}
    with Desk(desk.settings) as other:
        assert Clerk(other, own.world.keys["registrar"]).do("key.revoke.v1", payload).ok
    until(lambda: visitor.get("/api/v1/projects").status_code == 401)
    assert not own.server.config.app.state.service.projected > desk.reader.size() - 1  # type: ignore[union-attr]


def test_a_session_ends_with_its_post(own: Served) -> None:
    visitor = own.as_("shan")
    assert visitor.get("/api/v1/projects").status_code == 200
    stated = {"organisation": organisation("shan"), "post": post("shan"), "reason": "撤销"}
    title = own.world.desk.ledger.directory.posts[post("shan")].title
    own.world.accepted("post.close.v1", _closing(stated | {"title": title}), "registrar")
    assert visitor.get("/api/v1/projects").status_code == 401


def _closing(stated: dict[str, str]) -> dict[str, str]:
    from domain.command import spec_of  # noqa: PLC0415

    return {name: stated[name] for name in spec_of("post.close.v1").payload.model_fields}


def test_nothing_lives_longer_than_it_should() -> None:
    now = [0.0]
    sessions = Sessions(lambda: now[0])
    challenge, link = sessions.challenge(), sessions.link("key")
    assert sessions.key_of(sessions.follow(link) or "") == "key"
    assert sessions.follow(link) is None
    late = sessions.link("key")
    now[0] = auth.LINK_SECONDS + 1
    assert sessions.follow(late) is None
    with pytest.raises(Failed, match="地址"):
        sessions.open(
            auth.statement(audience="a", challenge=challenge, key="k", origin="o"),
            {},
            origin="o",
            audience="b",
            public_key=lambda _: None,
        )


def test_a_flood_of_challenges_takes_away_nobodys(office: Served) -> None:
    signed = signed_challenge(office.world.keys["kang"], stated(office, "kang"))
    sessions = office.server.config.app.state.service.sessions  # type: ignore[union-attr]
    for _ in range(auth.HELD_MAX):
        sessions.challenge()
    assert office.stranger.post("/api/v1/sessions", signed).status_code == 201


def test_a_challenge_is_good_once_for_two_minutes_where_it_was_made() -> None:
    now = [1e6]
    here, elsewhere = Challenges(lambda: now[0]), Challenges(lambda: now[0])
    challenges = [here.give() for _ in range(3)]
    assert len(set(challenges)) == 3
    assert here.take(challenges[0])
    assert not here.take(challenges[0])
    assert not elsewhere.take(challenges[1])
    now[0] += CHALLENGE_SECONDS - 1
    assert here.take(challenges[1])
    now[0] += 1
    assert not here.take(challenges[2])
    now[0] += 2 * CHALLENGE_SECONDS  # what is used is forgotten by now, and has ended
    assert here.take(here.give())
    assert not any(here.take(one) for one in challenges)


def test_a_challenge_that_was_changed_is_none() -> None:
    here = Challenges(lambda: 0.0)
    until, nonce, code = here.give().split(".")
    for text in (
        f"{int(until) + 1}.{nonce}.{code}",
        f"{until}.{nonce}x.{code}",
        f"{until}.{nonce}.{code.upper()}",
        f"{until}.{nonce}.",
        "",
        "..",
        "\ud800.é",
    ):
        assert not here.take(text), text
    assert here.take(f"{until}.{nonce}.{code}")


def test_the_oldest_session_gives_way() -> None:
    held = auth._Held(100, lambda: 0.0)
    first = held.give("first")
    for number in range(auth.HELD_MAX):
        held.give(f"other {number}")
    assert held.look(first) is None


def test_one_key_ends_nobody_elses_session_however_often_it_logs_in() -> None:
    now = [0.0]
    held = auth._Held(100, lambda: now[0])
    first, own = held.give("first"), held.give("other")
    for _ in range(auth.OF_ONE_MAX - 1):
        held.give("other")
    assert held.look(own) == "other"
    for _ in range(auth.HELD_MAX):
        last = held.give("other")
    assert held.look(first) == "first"
    assert held.look(own) is None
    assert held.take(last) == "other"
    assert held.take(last) is None
    now[0] = 101
    held.give("later")
    assert (len(held._found), len(held._of)) == (1, 1)
