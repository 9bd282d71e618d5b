"""The command line as a clerk meets it: what is said where, and the exit code, each case beside its refused neighbour."""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from api.columns import columns, skeleton
from api.compose import new_id
from audit.trust import Trust
from domain.command import COMMANDS
from tests.support.shell import Done, Shell

HEADING = "项目编号,项目名称,村,建设年度,规模,资金来源,投入帮扶资金(万元),存续期,经营性资产"
FIRST = "QX-0001,油茶项目,示例一村,2016,320亩,财政扶贫资金,96.5,是,是"
SECOND = "QX-0002,冷链项目,示例一村,2020,600立方米,财政扶贫资金,120,是,是"
AREAS = (
    ("示例县", "county", ""),
    ("青溪乡", "town", "area:示例县"),
    ("示例一村", "village", "area:青溪乡"),
    ("示例二村", "village", "area:青溪乡"),
)
PEOPLE = (("clerk", "village_admin", "示例一村"), ("office", "service_centre", "青溪乡"))


@pytest.fixture(scope="module")
def settled(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A ledger with its areas, a clerk of one village and a checker of the town."""
    with pytest.MonkeyPatch.context() as monkeypatch:
        home = tmp_path_factory.mktemp("settled")
        shell = Shell(home, monkeypatch)
        assert shell.bangfu("init", "--data", "county", "--trust-out", "county.trust").code == 0
        for name, kind, parent in AREAS:
            write("area.json", {"division_code": "", "kind": kind, "name": name, "parent": parent})
            assert submit(shell, "area.register", "area.json", "county-registrar-1.key").code == 0
        for key, role, area in PEOPLE:
            organisation = {"name": f"示例单位{key}", "kind": "other", "area": "青溪乡"}
            write(
                "person.json",
                {"organisation": organisation, "post": {"title": key, "role": role, "areas": [area]}},
            )
            done = shell.bangfu(
                "enrol",
                "person.json",
                "--key",
                "county-registrar-1.key",
                "--new-key",
                f"{key}.key",
                "--data",
                "county",
            )
            assert done.code == 0, done.err
        yield home


@pytest.fixture
def shell(settled: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Shell:
    found = Shell(tmp_path, monkeypatch)
    shutil.copytree(settled, tmp_path, dirs_exist_ok=True)
    return found


def write(file: str, value: Any) -> str:
    Path(file).write_text(value if isinstance(value, str) else json.dumps(value, ensure_ascii=False), "utf-8")
    return file


def submit(shell: Shell, name: str, fields: str, key: str) -> Done:
    program = ".venv/bin/bangfu"
    return shell.line(
        f"{program} prepare {name} {fields} --data county --key {key} | {program} sign - --key {key} "
        f"| {program} submit - --data county"
    )


def imported(shell: Shell, *rows: str, options: tuple[str, ...] = ()) -> Done:
    write("表.csv", "\n".join([HEADING, *rows]) + "\n")
    return shell.bangfu("import", "表.csv", "--key", "clerk.key", "--data", "county", *options)


def size(shell: Shell) -> int:
    return int(json.loads(shell.bangfu("verify", "county", "--json").out)["size"])


# --- import: whose village --------------------------------------------------------------------------------


def test_auth_5_a_row_of_another_village_is_not_filed_in_the_clerk_s_own(shell: Shell) -> None:
    done = imported(shell, FIRST, SECOND.replace("示例一村", "示例二村"))
    assert done.code == 6
    assert "第 3 行 台账不收（outside_area，AUTH-5）" in done.err
    assert "批次是第 13 号，1 行" in done.out


def test_read_15_a_village_that_is_not_registered_is_asked_about(shell: Shell) -> None:
    done = imported(shell, FIRST, SECOND.replace("示例一村", "示例九村"))
    assert done.code == 6
    assert "第 3 行 待问：“示例九村”是哪个村" in done.err
    assert imported(shell, FIRST, SECOND).code == 0


def test_same_questions_are_asked_once_for_all_their_rows(shell: Shell) -> None:
    rows = [f",,示例一村,2016,,,{amount},是,是" for amount in (1, 2, 3, 5)]
    done = imported(shell, *rows[:3], FIRST, rows[3])
    assert done.err.count("待问") == 1
    assert "第 2至4、6 行 待问：这笔资金对应什么项目？" in done.err


# --- import: again ----------------------------------------------------------------------------------------


def test_read_16_a_row_imported_again_is_the_same_or_named_column_by_column(shell: Shell) -> None:
    assert imported(shell, FIRST, SECOND).code == 0
    before = size(shell)
    again = imported(shell, FIRST, SECOND)
    assert (again.code, "相同 2" in again.out) == (0, True)
    changed = imported(shell, FIRST, SECOND.replace("600立方米", "900立方米"))
    assert changed.code == 6
    assert (
        "第 3 行 有改动：QX-0002 已登记，与台账不同：规模大小，台账是“600立方米”，本行是“900立方米”"
        in changed.err
    )
    assert size(shell) == before


def test_the_paper_s_words_for_the_funds_stand_in_the_fund_line(shell: Shell) -> None:
    assert imported(shell, FIRST).code == 0
    state = json.loads(shell.bangfu("trace", "project:QX-0001", "--data", "county", "--json").out)["state"]
    (line,) = next(one["value"] for one in state if one["field"] == "fund_lines")
    assert (line["source"], line["document"]) == ("fiscal", "财政扶贫资金")


# --- import: dry run --------------------------------------------------------------------------------------


def test_a_dry_run_says_what_the_ledger_would_refuse_and_records_nothing(shell: Shell) -> None:
    before = size(shell)
    other = SECOND.replace("示例一村", "示例二村")
    dry = imported(shell, FIRST, other, options=("--dry-run",))
    assert dry.code == 6
    assert "第 3 行 台账不收（outside_area，AUTH-5）" in dry.err
    assert "正式导入将入账 1 行" in dry.out
    assert size(shell) == before
    assert imported(shell, FIRST, SECOND, options=("--dry-run",)).code == 0


def test_proj_3_a_rule_that_a_row_does_not_meet_is_shown_in_the_dry_run_and_in_the_import(
    shell: Shell,
) -> None:
    early = FIRST.replace("2016", "2012")
    for options in (("--dry-run",), ()):
        done = imported(shell, early, SECOND, options=options)
        assert done.code == 0
        assert "第 2 行 照录并记明，不符合 PROJ-3：建设年度不早于2013年。" in done.err
        assert "PROJ-4" not in done.err


def test_batch_6_rows_that_are_all_refused_are_no_batch(shell: Shell) -> None:
    before = size(shell)
    done = imported(shell, FIRST.replace("示例一村", "示例二村"))
    assert done.code == 6
    assert "nothing_accepted，BATCH-6" in done.err
    assert "第 2 行 台账不收（outside_area，AUTH-5）" in done.err
    assert size(shell) == before


def test_a_printed_total_that_differs_is_said_beside_the_data(shell: Shell) -> None:
    right, wrong = "合计,,,,,,216.5,,", "合计,,,,,,216,,"
    done = imported(shell, FIRST, SECOND, wrong, options=("--dry-run",))
    assert "第 4 行所印的合计 216万元 与各行之和 216.5万元 相差 0.5万元" in done.err
    assert imported(shell, FIRST, SECOND, right, options=("--dry-run",)).err == ""


@pytest.mark.parametrize(
    "words",
    [
        ("import", "表.csv", "--key", "clerk.key", "--data", "county", "--occurred-on", "2026-02-30"),
        ("trace", "area:青溪乡", "--data", "county", "--as-of", "昨天"),
        ("trace", "area:青溪乡", "--data", "county", "--known-at", "昨天"),
        ("diff", "area:青溪乡", "--data", "county", "--from", "2026-01-01", "--to", "昨天"),
    ],
)
def test_a_date_that_is_none_is_a_wrong_argument(shell: Shell, words: tuple[str, ...]) -> None:
    write("表.csv", f"{HEADING}\n{FIRST}\n")
    done = shell.bangfu(*words)
    assert done.code == 2
    assert f"{words[-1]}”不是" in done.err
    assert shell.bangfu(*words[:-1], "2026-02-28", *(["--dry-run"] if words[0] == "import" else [])).code in (
        0,
        3,
    )


# --- endorse ----------------------------------------------------------------------------------------------


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


# --- verify -----------------------------------------------------------------------------------------------


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


# --- prepare, sign, submit --------------------------------------------------------------------------------


def test_prepare_makes_the_new_id_and_finds_the_one_that_is_named(shell: Shell) -> None:
    fields = {"division_code": "", "kind": "village", "name": "示例三村", "parent": "area:青溪乡"}
    write("a.json", fields)
    done = shell.bangfu(
        "prepare", "area.register", "a.json", "--data", "county", "--key", "county-registrar-1.key"
    )
    payload = json.loads(done.out)["payload"]
    assert payload["area"].startswith("area_")
    assert payload["parent"].startswith("area_")
    own = new_id("area")
    write("a.json", fields | {"area": own})
    done = shell.bangfu(
        "prepare", "area.register", "a.json", "--data", "county", "--key", "county-registrar-1.key"
    )
    assert json.loads(done.out)["payload"]["area"] == own
    write("a.json", fields | {"parent": "area:没有乡"})
    words = ("prepare", "area.register", "a.json", "--data", "county", "--key", "county-registrar-1.key")
    assert shell.bangfu(*words).code == 3


def test_cmd_2_every_fault_of_a_content_is_told_with_title_and_what_may_stand_there(shell: Shell) -> None:
    write("a.json", {"kind": "province", "name": "", "parent": "", "colour": "red"})
    words = ("prepare", "area.register", "a.json", "--data", "county", "--key", "county-registrar-1.key")
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
    write("a.json", {"payload": payload} | header)
    words = ("prepare", "area.register", "a.json", "--data", "county", "--key", "county-registrar-1.key")
    done = shell.bangfu(*words)
    assert done.code == 5
    assert "bad_shape，CMD-2" in done.err
    write("a.json", {"payload": payload, "nature": "act"})
    assert shell.bangfu(*words).code == 0


def test_a_key_that_is_not_among_the_signers_does_not_sign(shell: Shell) -> None:
    write("a.json", {"division_code": "", "kind": "county", "name": "另县", "parent": ""})
    words = ("prepare", "area.register", "a.json", "--data", "county", "--key", "county-registrar-1.key")
    write("c.json", shell.bangfu(*words).out)
    refused = shell.bangfu("sign", "c.json", "--key", "county-registrar-2.key")
    assert (refused.code, refused.out) == (5, "")
    signed = shell.bangfu("sign", "c.json", "--key", "county-registrar-1.key")
    assert signed.code == 0
    assert "摘要  登记区域：另县（县）" in signed.err
    assert "签名  登记员 1  key_" in signed.err
    write("d.json", {"hello": "world"})
    no_command = shell.bangfu("sign", "d.json", "--key", "county-registrar-1.key")
    assert (no_command.code, no_command.out) == (5, "")
    assert "指令" in no_command.err


def test_a_ledger_without_its_key_says_to_put_it_back(shell: Shell) -> None:
    write("a.json", {"division_code": "", "kind": "county", "name": "另县", "parent": ""})
    key = Path("county/ledger.key")
    key.rename("elsewhere.key")
    done = submit(shell, "area.register", "a.json", "county-registrar-1.key")
    assert done.code == 5
    assert "ledger.key" in done.err
    assert "放回" in done.err
    Path("elsewhere.key").rename(key)
    assert submit(shell, "area.register", "a.json", "county-registrar-1.key").code == 0


@pytest.mark.parametrize("text", ["colour = 'red'\n", "database_url = 7\n", "database_url = \n"])
def test_a_setting_that_cannot_be_used_is_named_with_its_file(shell: Shell, text: str) -> None:
    write("county/bangfu.toml", text)
    done = shell.bangfu("register", "--data", "county")
    assert done.code == 1
    assert "county/bangfu.toml" in done.err
    assert "Traceback" not in done.err
    write("county/bangfu.toml", "# nothing\n")
    assert shell.bangfu("register", "--data", "county").code == 0


# --- diff -------------------------------------------------------------------------------------------------


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


# --- the words of the command line ------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("words", "code", "name"),
    [
        (("verify", "nowhere"), 3, "not_found"),
        (("verify",), 2, "usage"),
        (("verify", "county", "--colour"), 2, "usage"),
        (("nothing",), 2, "usage"),
        (("trace", "project:QX-9999", "--data", "county"), 3, "not_found"),
        (("commands", "no.such"), 5, "unknown_command"),
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
    write("county.db", "{")
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
