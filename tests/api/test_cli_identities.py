"""`bangfu` where somebody stands in for another, and where the books of a town are built up in a load session."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from api.cli_say import open_desk
from api.compose import china_today, new_id
from domain.values import days_after
from tests.api.county import FIRST, HEADING, REGISTRAR, submit
from tests.support.shell import Shell, write_json


def post_and_holder(title: str) -> tuple[str, str]:
    """The post of a title, and whose key is enrolled for it."""
    with open_desk(Path("county")) as desk:
        directory = desk.ledger.directory
        (post,) = [one.id for one in directory.posts.values() if one.title == title]
        (person,) = [one.person for one in directory.keys.values() if one.post == post]
        return post, person


def deputised(shell: Shell, principal: str, deputy: str) -> str:
    """The post in which the deputy may sign from today on."""
    post, _ = post_and_holder(principal)
    payload = {
        "deputy": post_and_holder(deputy)[1],
        "document": "示例委〔2026〕9号",
        "ground": "外出学习",
        "post": post,
        "title": principal,
        "until": days_after(china_today(), 7),
        "valid_from": china_today(),
    }
    write_json("deputy.json", payload)
    done = submit(shell, "post.deputise", "deputy.json", REGISTRAR)
    assert done.code == 0, done.err
    return post


def endorse(shell: Shell, position: str, *options: str) -> Any:
    return shell.bangfu("endorse", position, "--key", "clerk.key", "--data", "county", *options)


def test_auth_9_a_deputy_endorses_in_the_post_that_he_names(shell: Shell) -> None:
    write_json("表.csv", f"{HEADING}\n{FIRST}\n")
    done = shell.bangfu("import", "表.csv", "--key", "office.key", "--data", "county", "--json")
    position = str(json.loads(done.out)["batches"][0]["position"])
    post, _ = post_and_holder("office")
    assert endorse(shell, position, "--post", post).code == 4
    assert deputised(shell, "office", "clerk") == post
    assert endorse(shell, position).code == 4
    assert endorse(shell, position, "--post", new_id("post")).code == 3
    done = endorse(shell, position, "--post", post)
    assert done.code == 0, done.err
    told = shell.bangfu("trace", "project:QX-0001", "--data", "county").out
    assert "代理" in told


def test_posts_are_listed_with_their_keys_and_deputies_and_no_name(shell: Shell) -> None:
    post = deputised(shell, "office", "clerk")
    lines = shell.bangfu("posts", "--data", "county").out.splitlines()
    at = lines.index(f"示例中心office office（乡农服中心），辖区 青溪乡  {post}")
    _, person = post_and_holder("office")
    _, deputy = post_and_holder("clerk")
    assert lines[at + 1].endswith(f"人员 {person}")
    assert (
        lines[at + 2]
        == f"  代理 示例中心clerk/clerk 人员 {deputy}  自{china_today()}至{days_after(china_today(), 7)}"
    )
    term = {
        "document": "",
        "post": post,
        "title": "office",
        "until": "2020-12-31",
        "valid_from": "2020-01-01",
    }
    write_json("term.json", term)
    assert submit(shell, "post.set_term", "term.json", REGISTRAR).code == 0
    told = json.loads(shell.bangfu("posts", "--data", "county", "--json").out)["posts"]
    (office,) = [one for one in told if one["post"] == post]
    assert (office["held"], office["until"]) == (False, "2020-12-31")
    assert "任期自2020-01-01至2020-12-31，不在任期" in shell.bangfu("posts", "--data", "county").out
    closing = {"post": post, "reason": "机构改革", "title": "office"}
    write_json("closing.json", closing)
    assert submit(shell, "post.close", "closing.json", REGISTRAR).code == 0
    assert post not in shell.bangfu("posts", "--data", "county").out


def test_auth_9_a_deputy_prepares_in_the_post_that_he_names(shell: Shell) -> None:
    post = deputised(shell, "office", "clerk")
    write_json("session.json", session())
    words = ["prepare", "load.open", "session.json", "--data", "county", "--key", "clerk.key"]
    signers = [json.loads(shell.bangfu(*words, *more).out)["signers"][0] for more in ((), ("--post", post))]
    assert [one["post"] == post for one in signers] == [False, True]
    assert signers[0]["key"] == signers[1]["key"]


def session() -> dict[str, Any]:
    nothing = {"count": 0, "total_fen": 0}
    projects = {"count": 2, "total_fen": 96_500_000}
    return {
        "area_label": "青溪乡",
        "areas": ["area:青溪乡"],
        "cut_over_on": "2026-06-30",
        "name": "青溪乡清产核资",
        "population": {"assets": nothing, "obligations": nothing, "projects": projects},
    }


def test_d9_load_sessions_are_listed_each_in_a_few_lines(shell: Shell) -> None:
    assert shell.bangfu("loads", "--data", "county").out == "没有集中登记场次\n"
    write_json("session.json", session())
    done = submit(shell, "load.open", "session.json", "office.key")
    assert done.code == 0, done.err
    first, *parts = shell.bangfu("loads", "--data", "county").out.splitlines()
    assert first.startswith("青溪乡清产核资（青溪乡），基准日 2026-06-30，待批  load_")
    assert parts[0] == "  项目      应登记 2 项 96.5万元，已登记 0 项 0万元，相差 -2 项 -96.5万元"
    told = json.loads(shell.bangfu("loads", "--data", "county", "--json").out)
    assert [(one["name"], one["phase"]) for one in told["loads"]] == [("青溪乡清产核资", "proposed")]
    write_json("asked.json", session() | {"areas": ["area:示例县"], "area_label": "示例县"})
    assert submit(shell, "load.open", "asked.json", "office.key").code == 4
