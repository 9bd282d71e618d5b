"""The way of a command over HTTP: prepared, signed, handed in, proven; and every way in which it is refused."""

from __future__ import annotations

import base64
import json
from typing import Any

import pytest

from api.compose import sign_command
from audit import dsse
from audit.checkpoint import parse_tlog_proof
from audit.commitment import commit
from audit.merkle import leaf_hash
from tests.support import shaped
from tests.support.served import Served, envelope, listing
from tests.support.world import project_of

PROBLEM = "application/problem+json"


def test_a_signed_command_is_recorded_and_proven(office: Served) -> None:
    answer = office.stranger.submit(listing(office, "甲"))
    assert answer.status_code == 201
    told = answer.json()
    assert told["position"] == office.world.desk.log.size - 1
    assert told["projected"] is True
    index, _, _ = parse_tlog_proof(told["receipt"].encode())
    assert index == told["position"]
    again = office.stranger.get(answer.headers["location"])
    assert again.text == told["receipt"]
    assert office.as_("kang").get(f"/api/v1/projects/{project_of('甲')}").status_code == 200


def test_the_same_command_again_gives_the_same_receipt_and_nothing_else(office: Served) -> None:
    sent = listing(office, "乙")
    first = office.stranger.submit(sent)
    office.stranger.submit(listing(office, "乙之后"))
    with office.world.nothing_recorded():
        second = office.stranger.submit(sent)
    assert (first.status_code, second.status_code) == (201, 200)
    assert (first.json()["replayed"], second.json()["replayed"]) == (False, True)
    assert second.json() | {"replayed": False} == first.json()


def test_a_dry_run_tells_the_events_and_records_nothing(office: Served) -> None:
    with office.world.nothing_recorded():
        answer = office.stranger.submit(listing(office, "丙"), "?dry_run=true")
    assert answer.status_code == 200
    (event,) = answer.json()["events"]
    assert event["event"] == "project.listed.v1"
    assert event["state"]["name"] == "丙"


def test_a_dry_run_refuses_as_the_real_one(office: Served) -> None:
    wrong = listing(office, "丁", by="shan")
    for query in ("", "?dry_run=true"):
        answer = office.stranger.submit(wrong, query)
        assert answer.status_code == 403
        assert answer.headers["content-type"] == PROBLEM
        assert (answer.json()["code"], answer.json()["rule"]) == ("outside_area", "AUTH-5")


def test_without_waiting_the_answer_comes_at_once(office: Served) -> None:
    answer = office.stranger.submit(listing(office, "不等"), headers={"Prefer": "wait=0"})
    assert answer.status_code == 201
    assert answer.json()["projected"] in (True, False)


def test_a_view_that_has_moved_is_told_with_what_happened_since(office: Served) -> None:
    world = office.world
    at = world.listed("戊")
    stale = envelope(office, "project.endorse.v1", _endorsing(office, at), "centre")
    world.accepted("project.supersede.v1", _superseding(office, "戊"), "kang", nature="fact")
    answer = office.stranger.submit(stale)
    assert answer.status_code == 409
    told = answer.json()
    assert (told["code"], told["rule"]) == ("subject_moved", "SEEN-2")
    (moved,) = told["moved"]
    assert moved["subject"] == project_of("戊")
    assert moved["now"] == moved["seen"] + 1
    assert [one["title"] for one in moved["since"]] == ["改写未核项目"]
    body = base64.b64decode(told["answer"]["payload"])
    assert json.loads(body)["code"] == "subject_moved"


def _endorsing(office: Served, position: int) -> dict[str, Any]:
    from api.endorsing import endorsement  # noqa: PLC0415

    return endorsement(office.world.desk, position, "checks")[1]


def _superseding(office: Served, name: str) -> dict[str, Any]:
    payload = office.world.project(name, scale="300亩")
    return {**payload, "reason": "测量有误", "version": 1}


def test_what_breaks_a_rule_is_422_with_the_rule(office: Served) -> None:
    answer = office.stranger.submit(
        envelope(office, "area.register.v1", _area("village", "村外村"), "registrar")
    )
    assert answer.status_code == 422
    assert answer.json()["rule"] == "AREA-1"
    assert answer.json()["title"] == "上级区域不符"


def _area(kind: str, name: str) -> dict[str, Any]:
    from api.compose import new_id  # noqa: PLC0415

    return {"area": new_id("area"), "division_code": "", "kind": kind, "name": name, "parent": ""}


def test_a_changed_signature_is_403_and_unsigned(office: Served) -> None:
    sent = dsse.envelope_json(listing(office, "己"))
    raw = bytearray(base64.b64decode(sent["signatures"][0]["sig"]))
    raw[3] ^= 1
    sent["signatures"][0]["sig"] = base64.b64encode(bytes(raw)).decode()
    answer = office.stranger.post("/api/v1/commands", sent)
    assert (answer.status_code, answer.json()["code"]) == (403, "bad_signature")
    assert "answer" not in answer.json()


def test_a_content_of_wrong_shape_is_400_with_pointers(office: Served) -> None:
    body = json.loads(
        office.world.clerk("kang").prepare("project.list.v1", office.world.project("庚"), nature="fact")
    )
    del body["payload"]["scale"]
    body["payload"]["weather"] = "晴"
    from audit import canonical  # noqa: PLC0415

    sent = sign_command(canonical.encode(body), office.world.keys["kang"].signer)
    answer = office.stranger.submit(sent)
    assert (answer.status_code, answer.json()["code"]) == (400, "bad_shape")
    assert {one["pointer"] for one in answer.json()["errors"]} == {"/payload/scale", "/payload/weather"}


def test_a_body_that_is_no_envelope_is_400(office: Served) -> None:
    for text in (
        b"",
        b"{",
        b"[]",
        b"null",
        b'{"payload":"a","payload":"b"}',
        b"\xff",
        b'"\xed\xa0\x80"',
        b"[" * 9999,
    ):
        answer = office.stranger.client.post(
            "/api/v1/commands", content=text, headers={"Content-Type": "application/json"}
        )
        assert (answer.status_code, answer.json()["code"]) == (400, "bad_form"), text[:20]


def test_a_lone_surrogate_breaks_nothing(office: Served) -> None:
    sent = dsse.envelope_json(listing(office, "辛"))
    sent["signatures"][0]["keyid"] = "\ud800"
    answer = office.stranger.client.post(
        "/api/v1/commands", content=json.dumps(sent).encode(), headers={"Content-Type": "application/json"}
    )
    assert answer.status_code == 400


def test_another_content_type_is_415(office: Served) -> None:
    answer = office.stranger.client.post(
        "/api/v1/commands", content=b"{}", headers={"Content-Type": "text/plain"}
    )
    assert (answer.status_code, answer.json()["code"]) == (415, "unsupported_media_type")


def test_a_body_over_the_limit_is_413(office: Served) -> None:
    for path, size in (
        ("commands", 65_000),
        ("commands:batch", 17 * 1024 * 1024),
        ("sessions", 17 * 1024 * 1024),
    ):
        answer = office.stranger.client.post(
            f"/api/v1/{path}", content=b" " * size, headers={"Content-Type": "application/json"}
        )
        assert (answer.status_code, answer.json()["code"]) == (413, "too_large"), path


def test_an_unknown_parameter_is_400(office: Served) -> None:
    answer = office.stranger.submit(listing(office, "壬"), "?dryrun=true")
    assert answer.status_code == 400
    assert answer.json()["errors"] == [{"parameter": "dryrun", "detail": "没有此项"}]
    assert answer.json()["detail"] == "dryrun：没有此项"
    several = office.stranger.submit(
        listing(office, "壬"), "?" + "&".join(f"x{n}=1" for n in range(7))
    ).json()
    assert len(several["errors"]) == 7
    assert several["detail"].startswith("x0：没有此项；x1：没有此项；")
    assert several["detail"].endswith("x4：没有此项；共 7 处")


def test_a_batch_has_a_result_for_each_command(office: Served) -> None:
    world = office.world
    rows = [world.project(f"批{k}") for k in range(3)]
    rows[1]["contact"] = "不得填写"
    bodies = []
    for row in rows:
        right = world.clerk("kang").prepare("project.list.v1", row | {"contact": ""}, nature="fact")
        body = json.loads(right)
        body["payload"]["contact"] = row["contact"]
        from audit import canonical  # noqa: PLC0415

        bodies.append(canonical.encode(body))
    sent = world.batch_envelope(bodies, "kang", sum(row["total_fen"] for row in rows))
    with world.nothing_recorded():
        preview = office.stranger.submit_batch(sent, bodies, "?dry_run=true")
    assert [one["status"] for one in preview.json()["results"]] == ["would_record", "refused", "would_record"]
    answer = office.stranger.submit_batch(sent, bodies)
    assert answer.status_code == 201
    results = answer.json()["results"]
    assert [one["status"] for one in results] == ["recorded", "refused", "recorded"]
    assert world.entry(results[2]["position"]).state["name"] == "批2"
    assert results[1]["title"]
    again = office.stranger.submit_batch(sent, bodies)
    assert (again.status_code, again.json()["receipt"]) == (200, answer.json()["receipt"])


def test_a_batch_without_a_good_row_is_refused_row_by_row(office: Served) -> None:
    world = office.world
    bodies = [world.clerk("shan").prepare("project.list.v1", world.project("别村"), nature="fact")]
    answer = office.stranger.submit_batch(world.batch_envelope(bodies, "shan", 113_500_000), bodies)
    assert (answer.status_code, answer.json()["code"]) == (422, "nothing_accepted")
    assert [one["pointer"] for one in answer.json()["errors"]] == ["/commands/0"]


def test_what_is_prepared_is_signed_as_it_is(office: Served) -> None:
    payload = office.world.project("癸", areas=["area:康家村"])
    del payload["project"]
    wish = {"command": "project.list", "payload": payload, "nature": "fact"}
    told = office.as_("kang").post("/api/v1/commands:prepare", wish).json()
    signature = office.world.keys["kang"].signer.sign(base64.b64decode(told["pae"]))
    sent = {
        "payload": told["payload"],
        "payloadType": told["payloadType"],
        "signatures": [
            {"keyid": office.world.keys["kang"].key_id, "sig": base64.b64encode(signature).decode()}
        ],
    }
    answer = office.stranger.post("/api/v1/commands", sent)
    assert answer.status_code == 201, answer.text
    assert answer.json()["command"] == told["command"]


def test_prepare_says_what_is_wrong_column_by_column(office: Served) -> None:
    wish = {"command": "project.list", "payload": {"name": "癸"}, "nature": "fact"}
    answer = office.as_("kang").post("/api/v1/commands:prepare", wish)
    assert answer.status_code == 400
    assert any(one.get("title") == "建设年度" for one in answer.json()["errors"])


def test_prepare_refuses_a_natural_person_before_anything_is_signed(office: Served) -> None:
    payload = office.world.project("壬", operator="示例某甲")
    wish = {"command": "project.list", "payload": payload, "nature": "fact"}
    answer = office.as_("kang").post("/api/v1/commands:prepare", wish)
    assert (answer.status_code, answer.json()["code"], answer.json()["rule"]) == (
        422,
        "personal_text",
        "PROJ-6",
    )
    assert [one["pointer"] for one in answer.json()["errors"]] == ["/payload/operator"]
    assert "示例某甲" not in answer.text
    wish["payload"] = payload | {"operator": "示例油茶合作社"}
    assert office.as_("kang").post("/api/v1/commands:prepare", wish).status_code == 200


def test_prepare_needs_a_session_and_tells_nothing_of_another_village(office: Served) -> None:
    wish = {"command": "project.endorse", "payload": {"project": "project:QX-0001"}}
    assert office.stranger.post("/api/v1/commands:prepare", wish).status_code == 401
    shan = office.as_("shan")
    by_code = shan.post("/api/v1/commands:prepare", wish)
    nobodys = shan.post("/api/v1/commands:prepare", wish | {"payload": {"project": "project:QX-9999"}})
    assert (by_code.status_code, by_code.json()["code"]) == (404, "not_found")
    assert by_code.text.replace("QX-0001", "QX-9999") == nobodys.text
    by_id = wish | {"payload": {"project": project_of("油茶基地")}}
    answer = shan.post("/api/v1/commands:prepare", by_id)
    assert (answer.status_code, answer.json()["code"]) == (403, "outside_area")


@pytest.mark.parametrize(
    ("kind", "content", "status", "code"),
    [
        ("text/plain", b"{}", 415, "unsupported_media_type"),
        ("", b"{}", 415, "unsupported_media_type"),
        ("application/json", b"[" * 5_000, 400, "bad_request"),
        ("application/json; charset=utf-8", b"{}", 400, "bad_request"),
    ],
)
def test_what_is_no_wish_is_told_in_chinese(
    office: Served, kind: str, content: bytes, status: int, code: str
) -> None:
    client = office.as_("kang").client
    headers = {"Content-Type": kind} if kind else {}
    answer = client.post("/api/v1/commands:prepare", content=content, headers=headers)
    assert (answer.status_code, answer.json()["code"]) == (status, code)
    assert not answer.json()["detail"].isascii()


@pytest.mark.parametrize(
    ("content", "detail"),
    [(b"{", "内容：不是 JSON"), (b"", "内容：缺少此项"), (b"[]", "内容：不符合要求")],
)
def test_what_is_wrong_with_the_whole_of_it_is_told_of_the_whole(
    office: Served, content: bytes, detail: str
) -> None:
    """Its pointer is that of the whole (RFC 6901, 5), and no place in it of which nobody knows."""
    headers = {"Content-Type": "application/json"}
    told = office.as_("kang").client.post("/api/v1/commands:prepare", content=content, headers=headers).json()
    assert told["detail"] == detail
    assert [one["pointer"] for one in told["errors"]] == [""]


def test_the_list_of_commands_is_made_once_and_not_sent_again(office: Served) -> None:
    """Anybody may ask for it: it shall cost nobody else anything."""
    first = office.stranger.get("/api/v1/commands")
    again = office.stranger.get("/api/v1/commands", headers={"If-None-Match": first.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")


def test_every_command_is_listed_with_its_schema(office: Served) -> None:
    commands = office.stranger.get("/api/v1/commands").json()["commands"]
    assert commands["project.list.v1"]["schema"]["properties"]["build_year"]
    described = office.stranger.get("/openapi.json").json()["components"]["schemas"]
    assert set(commands) <= set(described)


def test_the_receipt_is_of_the_entry_itself(office: Served) -> None:
    told = office.stranger.submit(listing(office, "收据")).json()
    row = office.world.desk.reader.row(told["position"])
    assert leaf_hash(row.entry) == row.leaf
    newest = office.stranger.get(f"/api/v1/receipts/{told['position']}?size={office.world.desk.log.size}")
    assert newest.status_code == 200


@pytest.mark.parametrize("query", ["", "?dry_run=true"])
def test_whom_a_command_names_is_disclosed_beside_it(office: Served, query: str) -> None:
    """A commitment that nobody could open is no evidence of anybody: refused at the door, as is a disclosure of nothing signed."""
    stated, disclosures = shaped.stated("obligation.confirm.v1")
    said = envelope(office, "obligation.confirm.v1", stated, "kang")
    for beside, code in (([], "not_disclosed"), ([*disclosures, commit("name", "旁人")], "wrong_disclosure")):
        answer = office.stranger.submit(said, query, beside)
        assert answer.status_code == 400, answer.text
        assert (answer.json()["code"], answer.json()["rule"]) == (code, "FORMAT-5")
    answer = office.stranger.submit(said, query, disclosures)
    assert answer.json()["code"] == "not_found", answer.text
