"""Addresses, cursors and tags that are none of ours, or somebody else's: a problem that tells nothing, and the next is served."""

from __future__ import annotations

import socket
import time

import pytest

from tests.support.served import Served

LONG = "%F0%A0%80%80" * 3_000
PATHS = [
    "/log/tile/0/..%2f..%2fledger.key",
    "/log/tile/0/%2e%2e/%2e%2e/ledger.key",
    "/log/tile/entries/..%2f..%2f..%2fetc%2fpasswd",
    "/log/tile/entries/000%00",
    "/log/tile/0/000%00.p/1",
    "/log/tile/0/%EF%BC%90%EF%BC%90%EF%BC%90",
    "/log/tile/0/x000/000",
    "/log/tile/0/x001/x000/../000",
    "/log/tile/-1/000",
    "/log/tile/0/000.p/0",
    "/log/tile/0/000.p/%D9%A1",
    "/log/tile/99999999999999999999/000",
    f"/log/tile/0/{'x999/' * 500}000",
    f"/log/tile/0/{LONG}",
    "/api/v1/receipts/%2e%2e",
    "/api/v1/receipts/999999999999999999999999",
    "/api/v1/projects/%00",
    "/api/v1/projects/QX-0001%00",
    "/api/v1/projects/..%2f..%2fetc%2fpasswd",
    "/api/v1/projects/%2e%2e/%2e%2e/metrics",
    "/api/v1/projects/%FF%FE",
    "/api/v1/projects/%ED%A0%80",
    f"/api/v1/projects/{LONG}",
    f"/api/v1/projects/QX-0001/{LONG}",
    "/api/v1/projects/QX-0001/names",
    "/api/v1/debts/%27%20OR%201=1--/names",
    "/static/..%2f..%2f..%2fpyproject.toml",
    "/static/%2e%2e/%2e%2e/templates/list.html",
    "/static//etc/passwd",
    "/static/page.css%00",
    "//etc/passwd",
    "/projects/..%2f..%2fetc%2fpasswd",
    "/%c0%ae%c0%ae/%c0%ae%c0%ae/etc/passwd",
]


def raw(office: Served, path: str, who: str) -> tuple[int, bytes, bytes]:
    """Status, head and body of exactly this path: a client of HTTP would first make another of it."""
    with socket.create_connection(office.server.bound, timeout=10) as line:
        said = f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nAuthorization: Bearer {office.as_(who).token}\r\n"
        line.sendall(
            f"{said}Cookie: bangfu_session={office.as_(who).token}\r\nConnection: close\r\n\r\n".encode()
        )
        found = b""
        while part := line.recv(65536):
            found += part
    head, _, content = found.partition(b"\r\n\r\n")
    return int(head.split()[1]), head, content


@pytest.mark.parametrize("path", PATHS)
@pytest.mark.parametrize("who", ["kang", "discipline"])
def test_an_address_of_nothing_is_a_short_problem(office: Served, path: str, who: str) -> None:
    status, head, content = raw(office, path, who)
    assert status in (400, 403, 404), (status, content[:300])
    assert len(content) < 6_000
    assert b"root:" not in content
    assert b"requires-python" not in content
    assert office.as_(who).token.encode() not in content + head


def test_no_refusal_repeats_a_token_or_a_cookie(office: Served) -> None:
    secret = "kept-secret-" + "s" * 40
    for path in (
        "/api/v1/projects",
        "/api/v1/events",
        "/api/v1/workbooks",
        "/log/tile/entries/000",
        "/",
        "/projects",
    ):
        for headers in (
            {"Authorization": f"Bearer {secret}"},
            {"Authorization": secret},
            {"Cookie": f"bangfu_session={secret}"},
            {"Authorization": f"Bearer {secret}", "If-None-Match": secret, "Last-Event-ID": secret[:20]},
        ):
            answer = office.stranger.get(path, headers=headers)
            assert answer.status_code in (401, 405, 303, 403), (path, answer.status_code)
            assert secret[:16] not in answer.text + str(answer.headers)


def test_a_cursor_of_somebody_else_goes_on_in_ones_own_list(office: Served) -> None:
    office.projected()
    theirs = office.as_("registrar").get("/api/v1/projects?limit=1").json()["next"]
    found = office.as_("shan").get(f"/api/v1/projects?cursor={theirs}").json()
    assert {item["fields"]["name"] for item in found["items"]} <= {"山背冷库"}
    for path in ("assets", "debts", "disposals", "projects/QX-0003/timeline", "readings"):
        answer = office.as_("shan").get(f"/api/v1/{path}?cursor={theirs}")
        assert "QX-0001" not in answer.text
        assert answer.status_code in (200, 403, 404)


def test_a_tag_of_somebody_else_or_of_another_day_tells_nothing(office: Served) -> None:
    """Whoever may not read is told so before any tag is looked at; the list of another is another list."""
    mine = office.as_("kang").get("/api/v1/projects/QX-0001")
    for tag in (mine.headers["etag"], "*", f"W/{mine.headers['etag']}"):
        answer = office.as_("shan").get("/api/v1/projects/QX-0001", headers={"If-None-Match": tag})
        assert answer.status_code == 404
        assert answer.json()["code"] == "not_found"
        assert (
            office.stranger.get("/api/v1/projects/QX-0001", headers={"If-None-Match": tag}).status_code == 401
        )
    tag = office.as_("registrar").get("/api/v1/projects").headers["etag"]
    assert office.as_("shan").get("/api/v1/projects", headers={"If-None-Match": tag}).status_code == 200
    then = office.as_("kang").get("/api/v1/projects/QX-0001?as_of=2010-01-01")
    assert then.status_code in (200, 404)


def test_a_tag_without_end_is_looked_at_quickly(office: Served) -> None:
    began = time.process_time()
    answer = office.as_("kang").get("/api/v1/projects/QX-0001", headers={"If-None-Match": '"a",' * 15_000})
    assert answer.status_code == 200
    assert time.process_time() - began < 2


@pytest.mark.parametrize("written", ["area:\\ud800", "area:QX\\udfff", "area:没有的"])
def test_a_name_that_is_no_text_names_nothing(office: Served, written: str) -> None:
    """JSON may hold half a character (RFC 8259, 8.2); no id, no code and no name has one."""
    wish = f'{{"command": "project.list", "payload": {{"areas": ["{written}"]}}}}'.encode()
    client = office.as_("kang").client
    answer = client.post(
        "/api/v1/commands:prepare", content=wish, headers={"Content-Type": "application/json"}
    )
    assert (answer.status_code, answer.json()["code"]) == (404, "not_found"), answer.text


@pytest.mark.parametrize("written", ["\\ud800", "proposal:\\ud800", "disposal_\\ud800", "", "x"])
@pytest.mark.parametrize(
    "command", ["proposal.withdraw", "disposal.decide", "disposal.approve", "asset.correct"]
)
def test_what_is_no_id_where_one_is_looked_up_is_a_fault_of_its_column(
    office: Served, command: str, written: str
) -> None:
    noun = command.partition(".")[0]
    about = f'"{noun}":"{written}","kind":"duplicate","instead":"{written}"'
    answer = office.as_("kang").client.post(
        "/api/v1/commands:prepare",
        content=f'{{"command":"{command}","payload":{{{about}}}}}'.encode(),
        headers={"Content-Type": "application/json"},
    )
    assert answer.status_code in (400, 404), answer.text
    assert answer.json()["code"] in ("bad_shape", "not_found")
