"""Pages as text: who sees what, what stands on them, and that nothing on them is anybody's code."""

from __future__ import annotations

import re

import pytest

from projections.trace import trace
from tests.api.pages.conftest import browser, link_of
from tests.support.served import Served
from tests.support.world import project_of


def test_who_is_not_logged_in_is_told_how(office: Served) -> None:
    with browser(office) as client:
        for path in ("/", "/projects", "/projects/QX-0001", "/nothing"):
            answer = client.get(path)
            assert (answer.status_code, answer.headers["location"]) == (303, "/login")
        page = client.get("/login")
        assert f"bangfu login --url {office.url}" in page.text


def test_a_link_is_opened_by_looking_and_used_by_pressing(office: Served) -> None:
    path = link_of(office, "kang")
    with browser(office) as client:
        for _ in range(2):  # a program that looks at links uses nothing up
            assert 'name="code"' in client.get(path).text
        code = {"code": path.partition("code=")[2]}
        entered = client.post("/login", data=code)
        assert (entered.status_code, entered.headers["location"]) == (303, "/")
        cookie = entered.headers["set-cookie"]
        assert "HttpOnly" in cookie
        assert "SameSite=strict" in cookie
        assert client.post("/login", data=code).status_code == 403
        assert client.get("/").status_code == 200
        client.post("/logout")
        assert client.get("/").status_code == 303


@pytest.mark.parametrize("body", [b"", b"code=", b"code=\xff", b"code=" + b"x" * 10_000, b"other=1"])
def test_a_form_that_says_nothing_opens_nothing(office: Served, body: bytes) -> None:
    with browser(office) as client:
        assert client.post("/login", content=body).status_code == 403


def test_the_cookie_of_a_page_is_no_key_to_the_api(office: Served) -> None:
    """So that no page of elsewhere can make a browser speak for its owner."""
    with browser(office, "registrar") as client:
        assert client.get("/api/v1/projects").status_code == 401


def test_home_counts_the_four_batches(office: Served) -> None:
    with browser(office, "registrar") as client:
        text = client.get("/").text
    for word in ("巩固一批", "升级一批", "盘活一批", "调整一批", "未认定", "全账"):
        assert word in text
    assert re.search(r"盘活一批.*?<span class=\"count\">1<", text, re.S)
    assert "外部来源（另计）" in text


def test_a_village_counts_and_lists_its_own(office: Served) -> None:
    with browser(office, "shan") as client:
        assert re.search(r"盘活一批.*?<span class=\"count\">0<", client.get("/").text, re.S)
        listed = client.get("/projects").text
        assert "养蜂场" in listed
        assert "油茶基地" not in listed
        assert client.get("/projects/QX-0001").status_code == 404  # as a code that nobody bears
        answer = client.get(f"/projects/{project_of('油茶基地')}")
        assert answer.status_code == 403
        assert "油茶基地" not in answer.text
        assert "辖区" in answer.text


def test_a_subject_shows_what_an_inspector_asks_for(office: Served) -> None:
    with browser(office, "registrar") as client:
        text = client.get(f"/projects/{project_of('油茶基地')}").text
    for word in (
        "认定分类",
        "闲置类",
        "113.5万元",
        "1,135,000.00 元",
        "债权债务",
        "经过（11 条）",
        "入账",
        "业务日期",
        "A 级，本人密钥签名",
        "乡党委政府",
        "入账回执",
        "<del>200亩</del> → 180亩",
        "已由第",
    ):
        assert word in text, word


def test_what_a_count_says_is_what_its_list_shows(office: Served) -> None:
    office.world.accepted(
        "project.list.v1",
        office.world.project("外地的", place="source", subsisting=None, operating_assets=None),
        "centre",
        nature="fact",
    )
    office.projected()
    with browser(office, "registrar") as client:
        home = client.get("/").text
        count = re.search(r"未认定.*?<span class=\"count\">(\d+)<", home, re.S)
        assert count is not None
        listed = client.get("/projects?class=none&external=false").text
        assert len(re.findall(r'<a href="/projects/project_', listed)) == int(count[1])
        abroad = client.get("/projects?external=true&q=&class=&area=").text
        assert re.findall(r'<a href="/projects/(project_[a-z2-7]+)', abroad) == [project_of("外地的")]
        text = client.get(f"/projects/{project_of('外地的')}").text
        assert "PROJ-4 处于存续期内，或已形成经营性资产（有关各栏未载明，是否符合不详）" in text


def test_a_row_of_a_workbook_is_named(office: Served) -> None:
    row = {"code": f"code:row:{'0a1b' * 16}", "file": "0a1b" * 16, "row": 5, "sheet": "表"}
    answer = office.world.batch([office.world.project("表里的", row=row)], "kang")
    assert (answer.code, answer.refused) == ("", ()), answer
    office.projected()
    with browser(office, "registrar") as client:
        text = client.get(f"/projects/{project_of('表里的')}").text
    # People count rows from one; a file is named by what `sha256sum` says of it.
    assert f"第 {answer.position} 号批次第 1 条，文件 {'0a1b' * 4} 工作表“表”第 5 行" in text


def test_corr_8_a_duplicate_is_marked_beside_its_name_as_in_its_trace(office: Served) -> None:
    one, twin = "登记两次的", "登记两次的（又一）"
    for name in (one, twin):
        office.world.listed(name)
    found = {
        "kind": "duplicate",
        "changes": [],
        "instead": project_of(one),
        "instead_name": one,
        "unlike": "",
    }
    proposed = office.world.correction(twin, "重复", **found)
    office.world.endorsed(office.world.accepted("project.correct.v1", proposed, "kang"), "checks", "centre")
    office.projected()
    marks = ["未核", "重复登记"]
    assert trace(office.world.desk.reader, project_of(twin)).marks == marks
    with browser(office, "kang") as client:
        heading = re.search("<h1>(.*)</h1>", client.get(f"/projects/{project_of(twin)}").text)
    assert heading is not None
    assert re.findall('<span class="mark">(.*?)</span>', heading[1]) == marks


def test_the_past_is_shown_and_said_to_be_past(office: Served) -> None:
    with browser(office, "registrar") as client:
        at = next(office.world.desk.reader.of_subject(project_of("油茶基地"))).position
        text = client.get(f"/projects/QX-0001?known_at={at}&as_of=").text
        assert "看现状" in text
        assert "200亩" in text
        assert "180亩" not in text
        listed = client.get(f"/projects?known_at={at}&q=&area=&class=&as_of=").text
        assert "油茶基地" in listed
        assert "养蜂场" not in listed
        before = client.get("/projects/QX-0001?as_of=1999-12-31").text
        assert re.search("<h1>.*油茶基地", before)  # whatever held then, it is that which is called so


def test_lists_go_on(office: Served) -> None:
    with browser(office, "registrar") as client:
        path, seen = "/projects?limit=2", []
        while path:
            text = client.get(path).text
            seen += re.findall(r'<a href="/projects/(project_[a-z2-7]+)', text)
            more = re.search(r'rel="next" href="([^"]+)"', text)
            path = more.group(1).replace("&amp;", "&") if more else ""
            if path:
                path += "&limit=2"
    assert len(seen) == len(set(seen)) >= 5


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/projects?as_of=nie", 400),
        ("/projects?known_at=nie", 400),
        ("/projects?cursor=nie", 400),
        ("/projects?area=无此地", 400),
        ("/projects?class=none&x=1", 400),
        ("/projects/QX-9999", 404),
        ("/nothing", 404),
    ],
)
def test_what_is_wrong_is_said_on_a_page(office: Served, path: str, status: int) -> None:
    with browser(office, "registrar") as client:
        answer = client.get(path)
    assert answer.status_code == status
    assert answer.headers["content-type"].startswith("text/html")
    assert "<h1>" in answer.text


def test_what_somebody_entered_is_text_and_never_markup(office: Served) -> None:
    name = "<script>alert(1)</script>\"'&"
    office.world.listed(name)
    office.projected()
    with browser(office, "registrar") as client:
        for path in ("/projects", f"/projects/{project_of(name)}", "/projects?q=%3Cscript%3E%22"):
            text = client.get(path).text
            assert "<script" not in text
        policy = client.get("/").headers["content-security-policy"]
    assert policy.startswith("default-src 'none'")
    assert "script" not in policy
