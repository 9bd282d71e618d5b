"""The command line as a clerk meets it: what is said where, and the exit code, each case beside its refused neighbour."""

from __future__ import annotations

import json
import re
import shutil
from pathlib import Path
from typing import Any

import pytest

from api.columns import columns, skeleton
from api.compose import new_id
from audit.trust import Trust
from domain.command import COMMANDS
from tests.api.county import FIRST, REGISTRAR, SECOND, imported, size, submit
from tests.support.shell import Shell, write_json


@pytest.mark.parametrize("row", ["3", "QX-0002", "project:QX-0002"])
def test_an_excepted_row_is_named_as_the_clerk_sees_it(shell: Shell, row: str) -> None:
    assert imported(shell, FIRST, SECOND).code == 0
    done = shell.bangfu(
        "endorse", "13", "--key", "office.key", "--data", "county", "--except", f"{row}：未见原件"
    )
    assert done.code == 0
    assert "已核 1 行，除外 1 行" in done.out
    assert "除外 第 3 行 QX-0002 冷链项目：未见原件" in done.out
    assert "已核  未认定  QX-0001" in shell.bangfu("register", "--data", "county").out


@pytest.mark.parametrize(("text", "code"), [("1:标题行", 3), ("QX-9999:没有", 3), ("3", 2), (":理由", 2)])
def test_an_exception_that_names_no_row_is_not_guessed_at(shell: Shell, text: str, code: int) -> None:
    assert imported(shell, FIRST, SECOND).code == 0
    done = shell.bangfu("endorse", "13", "--key", "office.key", "--data", "county", "--except", text)
    assert (done.code, done.out) == (code, "")


def test_auth_1_a_key_that_is_not_enrolled_may_not(shell: Shell) -> None:
    assert shell.bangfu("keygen", "生人", "--out", "stranger.key").code == 0
    assert imported(shell, FIRST).code == 0
    for words in (
        ("endorse", "13", "--data", "county"),
        ("import", "表.csv", "--data", "county"),
        ("prepare", "area.register", "area.json", "--data", "county"),
    ):
        done = shell.bangfu(*words, "--key", "stranger.key")
        assert done.code == 4, done.err
        assert "未登记" in done.err


def test_raising_needs_a_trust_file(shell: Shell) -> None:
    assert shell.bangfu("verify", "county", "--raise").code == 2
    assert shell.bangfu("verify", "county", "--trust", "county.trust", "--raise").code == 0
    assert Trust.load(Path("county.trust").read_bytes()).seen


def test_a_file_that_is_no_trust_file_is_a_wrong_argument(shell: Shell) -> None:
    done = shell.bangfu("verify", "county", "--trust", "clerk.key")
    assert (done.code, done.err) == (2, "clerk.key 不是信任文件\n")


def test_a_replay_that_was_not_made_is_said_before_the_verdict(shell: Shell) -> None:
    assert shell.bangfu("export-log", "out", "--data", "county").code == 0
    whole = shell.bangfu("verify", "out", "--trust", "county.trust", "--replay")
    assert "未重放" not in whole.out
    shutil.rmtree("out/rules")
    done = shell.bangfu("verify", "out", "--trust", "county.trust", "--replay")
    lines = done.out.splitlines()
    assert "第 1 版规则未重放：存档缺失" in lines[0]
    assert lines[1].startswith("核验通过")


@pytest.mark.parametrize("target", ["county", "out"])
def test_an_entry_that_is_shown_names_whom_it_concerns_and_who_signed(shell: Shell, target: str) -> None:
    imported(shell, FIRST)
    assert shell.bangfu("export-log", "out", "--data", "county").code == 0
    done = shell.bangfu("verify", target, "--event", str(size(shell) - 1))
    _, _, entry, summary, signed = done.out.splitlines()
    assert re.search(r"，对象 项目 QX-0001 油茶项目（project_\w+）$", entry)
    assert "油茶项目" in summary
    assert re.fullmatch(r"  签名 密钥 示例中心clerk clerk（key_\w+）", signed)


def test_prepare_makes_the_new_id_and_finds_the_one_that_is_named(shell: Shell) -> None:
    fields = {"division_code": "", "kind": "village", "name": "示例三村", "parent": "area:青溪乡"}
    write_json("a.json", fields)
    done = shell.bangfu("prepare", "area.register", "a.json", "--data", "county", "--key", REGISTRAR)
    payload = json.loads(done.out)["payload"]
    assert payload["area"].startswith("area_")
    assert payload["parent"].startswith("area_")
    own = new_id("area")
    write_json("a.json", fields | {"area": own})
    done = shell.bangfu("prepare", "area.register", "a.json", "--data", "county", "--key", REGISTRAR)
    assert json.loads(done.out)["payload"]["area"] == own
    write_json("a.json", fields | {"parent": "area:没有乡"})
    words = ("prepare", "area.register", "a.json", "--data", "county", "--key", REGISTRAR)
    assert shell.bangfu(*words).code == 3


def test_cmd_2_every_fault_of_a_content_is_told_with_title_and_what_may_stand_there(shell: Shell) -> None:
    write_json("a.json", {"kind": "province", "name": "", "parent": "", "colour": "red"})
    words = ("prepare", "area.register", "a.json", "--data", "county", "--key", REGISTRAR)
    done = shell.bangfu(*words)
    assert done.code == 5
    assert "area.register.v1 的内容有 4 处不对" in done.err
    assert "区划代码（division_code）缺少此栏" in done.err
    assert "类型（kind）不在可选值之内；可填 county 县、town 乡镇、village 村、external 外部来源" in done.err
    told = json.loads(shell.bangfu(*words, "--json").out)
    assert (told["ok"], told["code"], told["rule"]) == (False, "bad_shape", "CMD-2")
    assert len(told["detail"]["faults"]) == 4


@pytest.mark.parametrize(
    "header",
    [
        {"nature": "wish"},
        {"seen": [["a"]]},
        {"signers": [{"key": 1}]},
        {"occurred_on": 20261123},
        {"signer": []},
    ],
)
def test_cmd_2_a_malformed_header_is_a_refusal_and_no_accident(shell: Shell, header: dict[str, Any]) -> None:
    payload = {"division_code": "", "kind": "county", "name": "另县", "parent": ""}
    write_json("a.json", {"payload": payload} | header)
    words = ("prepare", "area.register", "a.json", "--data", "county", "--key", REGISTRAR)
    done = shell.bangfu(*words)
    assert done.code == 5
    assert "bad_shape，CMD-2" in done.err
    write_json("a.json", {"payload": payload, "nature": "act"})
    assert shell.bangfu(*words).code == 0


def test_a_key_that_is_not_among_the_signers_does_not_sign(shell: Shell) -> None:
    write_json("a.json", {"division_code": "", "kind": "county", "name": "另县", "parent": ""})
    words = ("prepare", "area.register", "a.json", "--data", "county", "--key", REGISTRAR)
    write_json("c.json", shell.bangfu(*words).out)
    refused = shell.bangfu("sign", "c.json", "--key", "county-registrar-2.key")
    assert (refused.code, refused.out) == (5, "")
    signed = shell.bangfu("sign", "c.json", "--key", REGISTRAR)
    assert signed.code == 0
    assert "摘要  登记区域：另县（县）" in signed.err
    assert "签名  登记员 1  key_" in signed.err
    write_json("d.json", {"hello": "world"})
    no_command = shell.bangfu("sign", "d.json", "--key", REGISTRAR)
    assert (no_command.code, no_command.out) == (5, "")
    assert "指令" in no_command.err


def test_a_ledger_without_its_key_says_to_put_it_back(shell: Shell) -> None:
    write_json("a.json", {"division_code": "", "kind": "county", "name": "另县", "parent": ""})
    key = Path("county/ledger.key")
    key.rename("elsewhere.key")
    done = submit(shell, "area.register", "a.json", REGISTRAR)
    assert done.code == 5
    assert "ledger.key" in done.err
    assert "放回" in done.err
    Path("elsewhere.key").rename(key)
    assert submit(shell, "area.register", "a.json", REGISTRAR).code == 0


@pytest.mark.parametrize("text", ["colour = 'red'\n", "database_url = 7\n", "database_url = \n"])
def test_a_setting_that_cannot_be_used_is_named_with_its_file(shell: Shell, text: str) -> None:
    write_json("county/bangfu.toml", text)
    done = shell.bangfu("register", "--data", "county")
    assert done.code == 1
    assert "county/bangfu.toml" in done.err
    assert "Traceback" not in done.err
    write_json("county/bangfu.toml", "# nothing\n")
    assert shell.bangfu("register", "--data", "county").code == 0


def test_the_diff_of_two_days_names_the_entries_that_made_it(shell: Shell) -> None:
    assert imported(shell, FIRST, options=("--occurred-on", "2026-11-20")).code == 0
    days = ("--from", "2026-11-19", "--to", "2026-11-20")
    found = json.loads(shell.bangfu("diff", "project:QX-0001", "--data", "county", *days, "--json").out)
    named = {one["field"]: one for one in found["differences"]}
    assert named["scale"]["before"] is None
    assert named["scale"]["after"]["value"] == "320亩"
    assert found["verified_to"] == size(shell)
    (item,) = found["entries"]
    assert named["scale"]["by"] == [item["position"]]
    shown = shell.bangfu("diff", "project:QX-0001", "--data", "county", *days)
    assert (shown.code, shown.err) == (0, "")
    assert f"规模大小：未载 → 320亩（第 {item['position']} 号）" in shown.out


def test_between_two_days_on_which_nothing_became_true_there_is_no_difference(shell: Shell) -> None:
    assert imported(shell, FIRST, options=("--occurred-on", "2026-11-20")).code == 0
    days = ("--from", "2026-11-20", "--to", "2026-11-21")
    assert "两时点之间没有差异" in shell.bangfu("diff", "project:QX-0001", "--data", "county", *days).out


@pytest.mark.parametrize(
    ("words", "code", "name"),
    [
        (("verify", "nowhere"), 3, "not_found"),
        (("verify",), 2, "usage"),
        (("verify", "county", "--colour"), 2, "usage"),
        (("nothing",), 2, "usage"),
        (("trace", "project:QX-9999", "--data", "county"), 3, "not_found"),
        (("commands", "no.such"), 3, "unknown_command"),
        (("prepare", "no.such", "county.db", "--data", "county"), 3, "unknown_command"),
        (("register", "--data", "nowhere"), 3, "not_found"),
        (("sign", "county", "--key", "clerk.key"), 1, "system"),
        (("verify", "county", "--trust", "clerk.key"), 2, "not_trust"),
        (("keygen", "又一把", "--out", "clerk.key"), 5, "exists"),
        (("prepare", "area.register", "clerk.key.json", "--data", "county"), 3, "not_found"),
        (("prepare", "area.register", "county.db", "--data", "county"), 1, "not_done"),
        (("sign", "county.db", "--key", "clerk.key"), 5, "bad_form"),
        (("submit", "county.db", "--data", "county"), 5, "bad_form"),
        (("trace", "zzz", "--data", "county"), 3, "not_found"),
        (("diff", "zzz", "--data", "county", "--from", "2026-01-01", "--to", "2026-12-31"), 3, "not_found"),
        (("diff", "area:青溪乡", "--data", "county", "--from", "2026-01-01"), 2, "usage"),
    ],
)
def test_with_json_every_failure_is_json(shell: Shell, words: tuple[str, ...], code: int, name: str) -> None:
    write_json("county.db", "{")
    plain = shell.bangfu(*words)
    assert (plain.code, plain.out) == (code, "")
    assert not {"Errno", "Expecting", "Traceback"} & set(re.findall("[A-Za-z]+", plain.err))
    assert any(ord(letter) > 0x3000 for letter in plain.err)
    done = shell.bangfu(*words, "--json")
    assert (done.code, done.err) == (code, "")
    told = json.loads(done.out)
    assert (told["ok"], told["code"]) == (False, name)
    assert {"rule", "message"} <= told.keys()


def test_the_version_names_the_rules_that_the_program_has(shell: Shell) -> None:
    done = shell.bangfu("--version")
    assert done.code == 0
    assert "规则包" in done.out


def test_what_a_story_names_is_called_by_its_name(shell: Shell) -> None:
    """The unit and the posts of the opening, too, which have no entry of their own; a code as people write it."""
    told = shell.bangfu("trace", "area:青溪乡", "--data", "county").out.partition("提到而未展开")[2]
    assert re.search(r"\n  岗位  示例县青溪乡（开账登记） 登记员 post_\w+\n", told)
    assert re.search(r"\n  单位  示例县青溪乡（开账登记） organisation_\w+\n", told)
    assert "\n  编号  青溪乡\n" in told
    assert "code:" not in told


def test_rows_of_sheets_are_no_link_for_a_reader(shell: Shell) -> None:
    assert imported(shell, FIRST, SECOND).code == 0
    shown = shell.bangfu("trace", "area:示例一村", "--data", "county")
    assert "项目" in shown.out
    assert "code:row:" not in shown.out


@pytest.mark.parametrize("name", sorted(COMMANDS))
def test_every_command_shows_its_columns_in_chinese_with_an_example(shell: Shell, name: str) -> None:
    done = shell.bangfu("commands", name)
    assert done.code == 0
    shown = {
        line.split()[0]
        for line in done.out.splitlines()[1:]
        if line.startswith("  ") and len(line.split()) > 1
    }
    assert {column.path for column in columns(name)} <= shown
    assert json.loads(done.out.partition("FIELDS.json 的样子：")[2]) == skeleton(name)
