"""The authorisation matrix: every route and every command, for every role, over its own and over a foreign area."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import pytest

from api.compose import compose, new_id, sign_command
from api.desk import Answer, Desk
from api.http.auth import reader_of
from api.http.body import WORKBOOKS
from api.http.commands import Wish, prepare
from api.http.moved import difference
from api.http.nouns import BY_KIND, NOUNS
from api.http.problem import Failed
from api.http.service import Service
from audit import canonical
from audit.commitment import Disclosure
from domain.authority import ROLES
from domain.command import COMMANDS
from tests.api.http import neighbours
from tests.support import shaped
from tests.support.served import Served, Visitor, served
from tests.support.world import World

STRANGER, REVOKED = "stranger", "revoked"
# Who of the world stands for a role; the villages of our town, and one that lies in another.
PEOPLE = {
    "registrar": "registrar",
    "discipline": "discipline",
    "village_admin": "kang",
    "recorder": "recorder",
    "service_centre": "centre",
    "township": "township",
    "collective": "chair",
    "finance": "treasurer",
    "county": "county",
}
# Those of them that the world does not come with.
STAFF = {
    "chair": ("collective", "kang", ("kang",)),
    "treasurer": ("finance", "town", ("town",)),
    "county": ("county", "town", ("county",)),
}
OWN, FOREIGN = "QX-0001", "YUAN-0001"
WITHDRAW = "proposal.withdraw.v1"
THERE: dict[str, neighbours.Village] = {}
READS_ALL = {"registrar", "discipline"}

# Every route: who is answered. A path with {id} is asked for a subject of the own area and of a foreign one.
PUBLIC, SESSION, ALL, NAMES, RECORD = "public", "session", "all", "names", "record"
ROUTES = {
    "GET /api/v1/commands": PUBLIC,
    "POST /api/v1/commands": PUBLIC,  # the signature is the authority: see the commands below
    "POST /api/v1/commands:batch": PUBLIC,
    "POST /api/v1/commands:prepare": SESSION,
    "POST /api/v1/workbooks": SESSION,  # what a row may learn of elsewhere: see test_workbooks.py
    "POST /api/v1/workbooks:annotated": SESSION,
    "GET /api/v1/workbooks:template": PUBLIC,  # forms, and nothing that anybody has entered
    "GET /api/v1/workbooks:export": SESSION,  # which rows: see test_registers.py
    "POST /api/v1/challenges": PUBLIC,
    "POST /api/v1/sessions": PUBLIC,
    "DELETE /api/v1/sessions": SESSION,
    "POST /api/v1/sessions:link": SESSION,
    "GET /api/v1/events": SESSION,
    "GET /api/v1/receipts/{position}": PUBLIC,
    "GET /log/checkpoint": PUBLIC,
    "GET /log/vkey": PUBLIC,
    "GET /log/tile/{level}/{tile}": PUBLIC,
    "GET /log/tile/entries/{tile}": ALL,
    "GET /healthz": PUBLIC,
    "GET /readyz": PUBLIC,
    "GET /metrics": PUBLIC,  # to this machine only
    **{
        f"GET /api/v1/{plural}{rest}": SESSION
        for plural in NOUNS
        for rest in ("", "/{id}", "/{id}/timeline", "/{id}/diff")
    },
    **{f"GET /api/v1/{plural}/{{id}}/names": NAMES for plural in ("assets", "debts", "disposals")},
    "GET /api/v1/readings": RECORD,
}
TOLD_NO_NAMES = {"registrar", "recorder"}
READS_THE_RECORD = {"discipline", "township"}
FILLED = {"{position}": "0", "{level}/{tile}": "0/000.p/1", "{tile}": "000.p/1"}
TABLE = "项目名称,项目地点,投入帮扶资金(万元)\r\n甲,康家村,1\r\n".encode()
QUERIES = {"/api/v1/events": "?after=-1&limit=1", **dict.fromkeys(WORKBOOKS, "?area=康家村")}


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    with World(tmp_path_factory.mktemp("matrix") / "ledger") as world:
        world.settle()
        neighbours.settle(world)
        for who, (role, body, places) in STAFF.items():
            world.employ(who, role, body, places)
        world.employ(REVOKED, "village_admin", "kang", ["kang"])
        THERE[OWN] = neighbours.Village(world, neighbours.OURS, OWN)
        THERE[FOREIGN] = neighbours.Village(world, neighbours.FOREIGN, FOREIGN)
        with served(world) as running:
            running.projected()
            running.as_(REVOKED)  # logged in before the key ends
            ended = {"key": world.keys[REVOKED].key_id, "reason": "离岗"}
            world.accepted("key.revoke.v1", ended, "registrar")
            yield running


def test_the_matrix_names_every_route(office: Served) -> None:
    described = office.stranger.get("/openapi.json").json()["paths"]
    there = {f"{method.upper()} {path}" for path, of in described.items() for method in of}
    assert there == set(ROUTES)


def test_the_matrix_has_somebody_for_every_role() -> None:
    assert set(PEOPLE) == set(ROLES)


def ask(visitor: Visitor, route: str, place: str) -> int:
    """Asked for the project by its number, for all others by their ids."""
    method, path = route.split(" ")
    plural = path.removeprefix("/api/v1/").partition("/")[0]
    subject = THERE[place].ids[NOUNS[plural].kind] if plural in NOUNS and plural != "projects" else place
    for mark, value in {**FILLED, "{id}": subject}.items():
        path = path.replace(mark, value)
    sent: dict[str, Any] = {"json": {}} if method == "POST" else {}
    if path in WORKBOOKS:
        sent = {"content": TABLE, "headers": {"Content-Type": "text/csv"}, "timeout": 60}
    return visitor.client.request(method, path + QUERIES.get(path, ""), **sent).status_code


def expected(route: str, role: str, subject: str) -> set[int]:
    kind = ROUTES[route]
    if kind == PUBLIC:
        return {200, 201, 400}  # what is sent here says nothing: 400 is an answer, not a lock
    if role in (STRANGER, REVOKED):
        return {401}
    if kind == ALL:
        return {200} if role in READS_ALL else {403}
    if (kind == NAMES and role in TOLD_NO_NAMES) or (kind == RECORD and role not in READS_THE_RECORD):
        return {403}
    if "{id}" in route and subject == FOREIGN and role not in READS_ALL:
        # The project is asked for by its number: a code of elsewhere is as one that nobody bears.
        return {404} if "/projects/" in route else {403}
    return {200, 201, 400}


@pytest.mark.parametrize("role", [*PEOPLE, STRANGER, REVOKED])
@pytest.mark.parametrize("route", [route for route in ROUTES if not route.startswith("DELETE")])
def test_a_route_answers_whom_it_may(office: Served, route: str, role: str) -> None:
    visitor = office.stranger if role == STRANGER else office.as_(PEOPLE.get(role, role))
    for subject in (OWN, FOREIGN) if "{id}" in route else (OWN,):
        assert ask(visitor, route, subject) in expected(route, role, subject), subject


@pytest.mark.parametrize("role", PEOPLE)
def test_a_list_holds_nothing_of_a_foreign_area(office: Served, role: str) -> None:
    for plural, noun in NOUNS.items():
        own, foreign = (THERE[place].ids[noun.kind] for place in (OWN, FOREIGN))
        found = office.as_(PEOPLE[role]).get(f"/api/v1/{plural}").text
        assert own in found
        assert (foreign in found) == (role in READS_ALL)
        near = office.as_(PEOPLE[role]).get(f"/api/v1/{plural}?area=康家村").text
        assert own in near
        assert foreign not in near


def test_a_noun_is_found_by_the_number_that_stands_on_its_papers(office: Served) -> None:
    for plural, noun in NOUNS.items():
        for place in (OWN, FOREIGN):
            number = THERE[place].numbers.get(noun.kind)
            if number is None:
                continue  # 会议、公示 bear none, and those of 材料 are not unique
            found = office.as_("discipline").get(f"/api/v1/{plural}/{number}")
            assert found.json()["subject"] == THERE[place].ids[noun.kind], found.text
            assert office.as_("kang").get(f"/api/v1/{plural}/{number}").status_code == (
                200 if place == OWN else 404
            )


# --- commands ------------------------------------------------------------------------------------------------


def hand_in(
    office: Served,
    name: str,
    nature: str,
    payload: dict[str, Any],
    *who: str,
    disclosures: Sequence[Disclosure] = (),
) -> dict[str, Any]:
    """A dry run, so that the matrix changes nothing; `{"status": 200}` when the command would be recorded."""
    desk, keys = office.world.desk, [office.world.keys[one] for one in who]
    body = compose(
        name,
        payload,
        nature=nature,
        origin=desk.log.origin,
        signers=[desk.capacity(key.key_id) for key in keys],
        seen=desk.reader.moves([]),
    )
    stated = json.loads(body)
    stated["seen"] = [[subject, desk.reader.moves([subject])[subject]] for subject, _ in stated["seen"]]
    envelope = sign_command(canonical.encode(stated), *(key.signer for key in keys))
    answer = office.stranger.submit(envelope, "?dry_run=true", disclosures)
    told: dict[str, Any] = answer.json()
    return {**told, "status": answer.status_code}


# Their own authority is that of their own keys, or of all keys named: rules of the domain's own tests.
OTHERWISE = {"ledger.open.v1", "rules.adopt.v1", "key.enrol.v1", "key.report_lost.v1"}


@pytest.mark.parametrize("role", PEOPLE)
@pytest.mark.parametrize("name", sorted(set(COMMANDS) - OTHERWISE))
def test_a_command_is_taken_from_the_roles_of_the_catalogue_only(
    office: Served, name: str, role: str
) -> None:
    payload, disclosures = shaped.stated(name)
    if "key" in payload:  # whose key it is belongs to the authority
        payload["key"] = office.world.keys["shan"].key_id
    for nature, roles in COMMANDS[name].may.items():
        told = hand_in(office, name, nature, payload, PEOPLE[role], disclosures=disclosures)
        refused_for_role = told["status"] == 403 and told["rule"] in ("AUTH-4", "AUTH-6")
        assert refused_for_role == (role not in roles), told.get("detail")


@pytest.mark.parametrize("name", [one for one in neighbours.COMMANDS_OF_AN_AREA if one != WITHDRAW])
@pytest.mark.parametrize("role", PEOPLE)
def test_a_command_is_taken_in_the_own_area_only(office: Served, name: str, role: str) -> None:
    for nature, roles in COMMANDS[name].may.items():
        if role not in roles:
            continue
        for place in (OWN, FOREIGN):
            payload, disclosures = THERE[place].stated(name)
            told = hand_in(office, name, nature, payload, PEOPLE[role], disclosures=disclosures)
            assert (told.get("rule") == "AUTH-5") == (place == FOREIGN), told.get("detail")


@pytest.mark.parametrize("role", PEOPLE)
def test_a_proposal_is_withdrawn_by_whoever_made_it_only(office: Served, role: str) -> None:
    """Nearer than the area: by no colleague. Nobody of elsewhere is told as much as that."""
    if role not in COMMANDS[WITHDRAW].may["act"]:
        return
    for place in (OWN, FOREIGN):
        told = hand_in(office, WITHDRAW, "act", THERE[place].stated(WITHDRAW).payload, PEOPLE[role])
        colleague = "" if role == "village_admin" else "PROP-4"
        assert told.get("rule", "") == (colleague if place == OWN else "AUTH-5"), told


def test_what_a_proposal_says_is_filled_in_for_whoever_may_read_it(office: Served) -> None:
    for place in (OWN, FOREIGN):
        stated = THERE[place].stated(WITHDRAW).payload
        wish = {"command": WITHDRAW, "payload": {one: stated[one] for one in ("proposal", "reason")}}
        answer = office.as_(PEOPLE["village_admin"]).post("/api/v1/commands:prepare", wish)
        if place == OWN:
            assert answer.json()["document"]["payload"]["label"] == stated["label"]
        else:
            assert (answer.status_code, answer.json()["code"]) == (403, "outside_area")
            assert stated["label"] not in answer.text


def test_where_the_rows_are_behind_the_entries_say_whose_a_subject_is(office: Served, tmp_path: Path) -> None:
    """Nothing of elsewhere is filled in, and no count of it told, while the follower has read nothing yet."""
    rows = {"projections_url": f"sqlite:///{tmp_path}/rows.db"}
    with Desk(office.world.settings.model_copy(update=rows)) as desk:
        service, key = Service(desk), office.world.keys[PEOPLE["village_admin"]].key_id
        reader = reader_of(desk.ledger.directory, key, service.today())
        assert reader is not None
        for place in (OWN, FOREIGN):
            stated = THERE[place].stated(WITHDRAW).payload
            wishes = [Wish(command=WITHDRAW, payload={one: stated[one] for one in ("proposal", "reason")})]
            for kind in BY_KIND:
                paper = THERE[OWN].paper_about(THERE[place].ids[kind])
                wishes.append(Wish(command="document.register", payload=paper, nature="act"))
            for wish in wishes:
                if place == OWN:
                    assert prepare(wish, service, reader).status_code == 200
                else:
                    with pytest.raises(Failed, match="辖区") as refused:
                        prepare(wish, service, reader)
                    assert refused.value.code == "outside_area"


def test_a_lost_race_tells_what_became_of_a_subject_to_whoever_may_read_it(office: Served) -> None:
    for kind in BY_KIND:
        subject = THERE[FOREIGN].ids[kind]
        payload = THERE[FOREIGN].paper_about(subject)
        answer = stale(office, "document.register.v1", payload, subject, neighbours.FOREIGN)
        assert (answer["status"], answer["code"]) == (409, "subject_moved"), answer
        (moved,) = answer["moved"]
        now = office.world.desk.reader.moves([subject])[subject]
        assert (moved["subject"], moved["seen"], moved["now"]) == (subject, 0, now)
        assert [bool(one["summary"]) for one in moved["since"]] == [True] * now


def test_the_difference_is_told_to_the_signers_who_may_read_the_subject(office: Served) -> None:
    """Asked of itself: a command about a subject of elsewhere does not get as far (the next tests)."""
    service = office.server.config.app.state.service  # type: ignore[union-attr]

    def told(place: str, kind: str, *who: str) -> dict[str, Any]:
        subject = THERE[place].ids[kind]
        now = office.world.desk.reader.moves([subject])[subject]
        stale = Answer(code="subject_moved", detail={"moved": [{"subject": subject, "seen": 0, "now": now}]})
        envelope = sign_command(b"{}", *(office.world.keys[one].signer for one in who))
        (moved,) = difference(service, envelope, stale)["moved"]
        assert (moved["subject"], moved["seen"], moved["now"]) == (subject, 0, now)
        return dict(moved)

    for kind in BY_KIND:
        for who in (["kang"], ["county"], ["kang", "centre"]):
            assert "since" in told(OWN, kind, *who)
            assert "since" not in told(FOREIGN, kind, *who)
        for who in ([neighbours.FOREIGN], ["kang", neighbours.FOREIGN], ["discipline"]):
            assert "since" in told(FOREIGN, kind, *who)
        assert "since" not in told(OWN, kind, REVOKED)


@pytest.mark.parametrize("kind", ["document", "meeting"])
def test_a_lost_race_tells_nothing_of_a_subject_to_whoever_may_not(office: Served, kind: str) -> None:
    """A decision of one's own cites a paper elsewhere whose id one knows; that anything became of it is not learnt by it."""
    subject = THERE[FOREIGN].ids[kind]
    payload = THERE[OWN].stated("disposal.decide.v1").payload | {kind: subject}
    answer = stale(office, "disposal.decide.v1", payload, subject, "kang")
    assert (answer["status"], answer["rule"]) == (403, "AUTH-5"), answer
    assert "moved" not in answer
    assert "远村" not in json.dumps(answer, ensure_ascii=False)


@pytest.mark.parametrize(("kind", "field"), [("asset", "assets"), ("project", "projects")])
def test_nobody_registers_a_debt_about_a_subject_elsewhere(office: Served, kind: str, field: str) -> None:
    subject = THERE[FOREIGN].ids[kind]
    stated = THERE[OWN].stated("obligation.register.v1")
    about: dict[str, Any] = {"assets": [], "obligation": new_id("obligation"), "projects": []}
    payload = stated.payload | about | {field: [subject]}
    answer = stale(office, "obligation.register.v1", payload, subject, "kang", stated.disclosures)
    assert (answer["status"], answer["rule"]) == (403, "AUTH-5"), answer


@pytest.mark.parametrize("who", ["kang", "county"])
def test_nobody_writes_a_paper_about_a_subject_elsewhere(office: Served, who: str) -> None:
    for kind in BY_KIND:
        subject = THERE[FOREIGN].ids[kind]
        answer = stale(office, "document.register.v1", THERE[OWN].paper_about(subject), subject, who)
        assert (answer["status"], answer["rule"]) == (403, "AUTH-5"), answer


def stale(
    office: Served,
    name: str,
    payload: dict[str, Any],
    subject: str,
    who: str,
    disclosures: Sequence[Disclosure] = (),
) -> dict[str, Any]:
    """The answer to a command whose signer has seen nothing of the subject."""
    desk, key = office.world.desk, office.world.keys[who]
    body = compose(
        name,
        payload,
        nature="act",
        origin=desk.log.origin,
        signers=[desk.capacity(key.key_id)],
        seen=desk.reader.moves([]),
    )
    stated = json.loads(body)
    stated["seen"] = [
        [one, 0 if one == subject else desk.reader.moves([one])[one]] for one, _ in stated["seen"]
    ]
    envelope = sign_command(canonical.encode(stated), key.signer)
    told: dict[str, Any] = office.stranger.submit(envelope, disclosures=disclosures).json()
    return told
