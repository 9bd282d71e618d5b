"""The pages of --help and the words for a slip of the pen: nothing in them is left in the English of the library."""

from __future__ import annotations

import json
import re
import resource
import subprocess
import sys
from importlib import import_module
from pathlib import Path
from tempfile import TemporaryFile
from typing import Any

import pytest
import typer

from api import cli
from api.compose import china_today
from api.keyfile import load
from api.lookup import WRITTEN
from tests.api.county import FIRST, HEADING, submit
from tests.support.shell import ROOT, Shell, write_json

COMMANDS = sorted(name for names in cli.GROUPS.values() for name in names)
OF_SERVERS = {"sqlalchemy.dialects.postgresql", "psycopg", "api.serving"}
# What stays: names of options, files and places, and the words that a command line is made of.
KEPT = re.compile(r"--?[a-z-]+|[A-Z]{3,}(\.[a-z]+)*|https?://\S+|[a-z-]+\.[a-z]+|[a-z_]+:[A-Z][\w-]*")
ENGLISH = re.compile(r"\b(usage|options?|arguments?|required|default|show|message|exit|str|path|int)\b", re.I)


def python(*words: str, **more: Any) -> subprocess.CompletedProcess[str]:
    """Python in a process of its own, which finds this program."""
    streams = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE}
    return subprocess.run(
        [sys.executable, *words],
        encoding="utf-8",
        check=False,
        env={"PYTHONPATH": str(ROOT)},
        **streams | more,
    )


@pytest.mark.parametrize("module", cli.GROUPS)
def test_a_group_registers_the_commands_under_which_it_is_found(module: str) -> None:
    import_module(module).register(group := typer.Typer())
    assert [one.name for one in group.registered_commands] == list(cli.GROUPS[module])
    assert (import_module(module).__doc__ or "").startswith(f"`bangfu {' '.join(cli.GROUPS[module])}`:")


@pytest.mark.parametrize(
    ("words", "without"),
    [
        (
            ["register", "--data", "county"],
            {"openpyxl", "fastapi", "uvicorn", "api.exchange.plan", *OF_SERVERS},
        ),
        (["commands"], {"openpyxl", "fastapi", "uvicorn", "api.exchange.plan", *OF_SERVERS}),
        (["--version"], {"openpyxl", "sqlalchemy", "api.importing"}),
    ],
)
def test_a_command_loads_what_it_needs(shell: Shell, words: list[str], without: set[str]) -> None:
    """A program starts for every line of a script."""
    program = f"import sys; from api import cli; code = cli.run({words}); print(code, *sys.modules)"
    found = python("-c", program)
    assert found.returncode == 0, found.stderr
    code, *modules = found.stdout.splitlines()[-1].split(" ")
    assert code == "0"
    assert without & set(modules) == set()


@pytest.mark.parametrize("name", ["", *COMMANDS])
def test_a_page_of_help_is_chinese(shell: Shell, name: str) -> None:
    done = shell.bangfu(*filter(None, (name, "--help")))
    assert done.code == 0
    assert done.out.startswith("用法：bangfu")
    assert ENGLISH.findall(KEPT.sub("", done.out)) == []


@pytest.mark.parametrize(
    ("words", "told"),
    [
        ((), "用法：bangfu [选项] 命令 …"),
        (("nope",), "没有命令 nope。用法见 --help"),
        (("tarce",), "没有命令 tarce，相近的是 trace。用法见 --help"),
        (("trace", "--dat", "county"), "没有选项 --dat，相近的是 --data。用法见 --help"),
        (("flags",), "没有命令 flags。用法见 --help"),
        (("trac'e",), "没有命令 trac'e，相近的是 trace。用法见 --help"),
        (("keygen",), "缺少 NAME。用法见 --help"),
        (("verify", "county", "--trust"), "选项 --trust 后面缺少值。用法见 --help"),
        (("verify", "county", "--json=3"), "选项 --json 后面不写值。用法见 --help"),
        (("verify", "county", "--event", "x"), "--event 应为整数。用法见 --help"),
        (("verify", "county", "--event", "-1"), "--event 应不小于 0。用法见 --help"),
        (("serve", "--data", "county", "--port", "70000"), "--port 应不大于 65535。用法见 --help"),
        (("verify", "county", "--nope"), "没有选项 --nope。用法见 --help"),
        (("verify", "county", "out"), "多出的词：out。用法见 --help"),
        (
            ("diff", "area:青溪乡", "--from", "2026-12-01", "--to", "2026-01-01", "--data", "county"),
            "--from 2026-12-01 应不晚于 --to 2026-01-01。用法见 --help",
        ),
    ],
)
def test_a_slip_of_the_pen_is_told_in_chinese(shell: Shell, words: tuple[str, ...], told: str) -> None:
    done = shell.bangfu(*words)
    assert (done.code, done.out) == (2, "")
    assert done.err.splitlines()[0] == told


@pytest.mark.parametrize(
    ("words", "code"),
    [
        (["commands", "asset.open"], 1),
        (["commands", "project.list"], 1),
        (["--help"], 1),
        (["nope", "--json"], 2),
        (["commands", "nope", "--json"], 3),
    ],
)
def test_an_answer_for_which_there_is_no_room_is_never_called_done(words: list[str], code: int) -> None:
    """What is left when a program ends, Python writes by itself: in vain, with 120, or with 0 and not a word."""
    with TemporaryFile() as full:
        done = python(
            *("-m", "api.cli", *words),
            stdout=full,
            preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0)),
        )
    assert (done.returncode, "Error" in done.stderr) == (code, False), done.stderr


def test_ctrl_c_while_it_is_loaded_what_went_wrong_is_no_fault_of_ours() -> None:
    program = """
import sys
from api import cli
class Interrupted:
    def find_spec(self, name, *_):
        if name == "api.cli_failed":
            raise KeyboardInterrupt
sys.meta_path.insert(0, Interrupted())
sys.argv = ["bangfu", "nope"]
cli.main()
"""
    done = python("-c", program)
    assert (done.returncode, done.stdout, done.stderr) == (130, "", "")


def test_a_kind_that_there_is_not_is_told_by_its_name(shell: Shell) -> None:
    done = shell.bangfu("trace", "projct:QX-0001", "--data", "county")
    assert (done.code, done.out) == (3, "")
    assert "没有“projct”这种类别：类别有 project 项目、asset 资产、debt 债权债务、" in done.err
    for kind in WRITTEN:
        done = shell.bangfu("trace", f"{kind}:QX-0001", "--data", "county")
        assert (done.code, "类别" in done.err) == (3, False), done.err


# --- names in the place of ids ----------------------------------------------------------------------------------

REGISTRAR = "county-registrar-1.key"


def deputise(shell: Shell, **changed: str) -> tuple[int, str]:
    wish = {
        "deputy": "person:示例中心clerk/clerk",
        "document": "示例委〔2026〕9号",
        "ground": "外出学习",
        "post": "post:示例中心office/office",
        "title": "office",
        "until": "2099-12-31",
        "valid_from": "2020-01-01",
    }
    done = submit(shell, "post.deputise", write_json("deputy.json", wish | changed), REGISTRAR)
    return done.code, done.err


def test_posts_and_persons_are_named_by_what_posts_shows(shell: Shell) -> None:
    assert deputise(shell)[0] == 0
    assert deputise(shell, post="post:office")[0] == 0  # the title alone is enough where there is one
    code, err = deputise(shell, post="post:示例中心office/没有")
    assert (code, "台账中没有 post:示例中心office/没有" in err, "post:单位/岗位" in err) == (3, True, True)
    code, err = deputise(shell, deputy="person:登记员")
    assert (code, "不止一个" in err) == (3, True)


@pytest.mark.parametrize(
    ("written", "near"), [("青溪", "示例县青溪乡"), ("一村", "示例县青溪乡示例一村"), ("白石镇", "")]
)
def test_a_part_of_a_name_is_told_which_areas_are_called_so(shell: Shell, written: str, near: str) -> None:
    for words in (("register", "--area", written), ("trace", f"area:{written}")):
        done = shell.bangfu(*words, "--data", "county")
        told = f"；名称相近的区域：{near}" if near else ""
        assert (done.code, done.err) == (3, f"台账中没有 area:{written}，请核对名称{told}\n")


def test_a_name_of_another_kind_is_not_looked_up(shell: Shell) -> None:
    code, err = deputise(shell, post="person:示例中心office/office")
    assert (code, "岗位（post）" in err) == (5, True)


@pytest.mark.parametrize("text", ["²", "9" * 5000, "昨天"])
def test_what_is_no_position_was_never_known(shell: Shell, text: str) -> None:
    done = shell.bangfu("trace", "area:青溪乡", "--data", "county", "--known-at", text)
    assert (done.code, "不是号" in done.err) == (2, True)


@pytest.mark.parametrize(
    ("text", "told"), [("9999", "还没有第 9999 号，台账截至第 "), ("2999-01-01", "还没有到，现在是 ")]
)
def test_d7_what_is_still_to_come_is_not_taken_for_now(shell: Shell, text: str, told: str) -> None:
    done = shell.bangfu("trace", "area:青溪乡", "--data", "county", "--known-at", text)
    assert (done.code, done.out, told in done.err) == (2, "", True)
    today = shell.bangfu("trace", "area:青溪乡", "--data", "county", "--known-at", china_today())
    assert today.code == 0, today.err


def test_what_has_no_name_is_named_by_its_position(shell: Shell) -> None:
    for text, code, told in (
        ("proposal:1", 3, "第 1 号没有记载提议"),
        ("proposal:9999", 3, "没有第 9999 号"),
        (f"document:{'9' * 5000}", 3, "“document:999"),
        ("post:示例中心office/office", 0, "岗位 示例中心office office\n编号 post_"),
        ("organisation:示例中心office", 0, "示例中心office"),
    ):
        done = shell.bangfu("trace", text, "--data", "county")
        assert (done.code, told in done.out + done.err) == (code, True), done


def test_registrars_are_shown_under_the_name_with_which_the_ledger_was_opened(shell: Shell) -> None:
    lines = shell.bangfu("posts", "--data", "county").out.splitlines()
    assert [line.partition("  ")[0] for line in lines if "（登记员）" in line] == [
        f"示例县青溪乡（开账登记） 登记员 {number}（登记员）" for number in (1, 2, 3)
    ]
    keys = [load(Path(f"county-registrar-{number}.key")).key_id for number in (1, 2, 3)]
    assert [line.split()[1] for line in lines if line.startswith("  密钥")][:3] == keys, "as on the sheet"


def test_of_two_posts_called_the_same_the_later_keeps_its_number_when_the_earlier_is_closed(
    shell: Shell,
) -> None:
    def numbers() -> list[int]:
        told = json.loads(shell.bangfu("posts", "--data", "county", "--json").out)["posts"]
        return [one["number"] for one in told]

    assert numbers() == [1, 2, 3, 0, 0], "whoever is called as nobody else is needs none"
    office = {
        "areas": ["area:示例一村"],
        "organisation": "organisation:示例中心clerk",
        "role": "village_admin",
    }
    write_json("office.json", office | {"title": "clerk"})
    assert submit(shell, "post.establish", "office.json", REGISTRAR).code == 0
    assert numbers() == [1, 2, 3, 1, 0, 2]
    first = json.loads(shell.bangfu("posts", "--data", "county", "--json").out)["posts"][3]["post"]
    write_json("closing.json", {"post": first, "reason": "退休", "title": "clerk"})
    assert submit(shell, "post.close", "closing.json", REGISTRAR).code == 0
    assert numbers() == [1, 2, 3, 0, 2]


# --- deputies whose days are over -------------------------------------------------------------------------------


def endorsed(shell: Shell, *more: str) -> tuple[int, str, str]:
    write_json("表.csv", f"{HEADING}\n{FIRST}\n")
    done = shell.bangfu("import", "表.csv", "--key", "office.key", "--data", "county", "--json")
    position = str(json.loads(done.out)["batches"][0]["position"])
    done = shell.bangfu("endorse", position, "--key", "clerk.key", "--data", "county", *more)
    return done.code, done.out, done.err


def test_auth_9_a_deputy_who_was_ended_is_told_on_which_day(shell: Shell) -> None:
    assert deputise(shell)[0] == 0
    end = {"deputy": "person:clerk", "post": "post:office", "reason": "已返岗", "title": "office"}
    done = submit(shell, "post.end_deputy", write_json("end.json", end), REGISTRAR)
    assert done.code == 0, done.err
    ended = re.search(r"第 (\d+) 号", done.out)
    assert ended is not None
    code, out, err = endorsed(shell, "--post", "示例中心office/office")
    day = re.search(r"的代理已于 (\d{4}-\d\d-\d\d) 终止（第 (\d+) 号，已返岗）", err)
    assert (code, out) == (4, "")
    assert day is not None, err
    assert day[2] == ended[1]
    assert "由登记员另行授权" in err


def test_auth_9_a_deputy_whose_days_are_over_is_told_the_last_of_them(shell: Shell) -> None:
    assert deputise(shell, until="2020-12-31")[0] == 0
    code, _, err = endorsed(shell, "--post", "office")
    assert (code, "的代理已于 2020-12-31 期满" in err) == (4, True)


def test_auth_9_who_never_was_a_deputy_is_refused_as_before(shell: Shell) -> None:
    code, _, err = endorsed(shell, "--post", "office")
    assert (code, "期满" in err, "终止" in err) == (4, False, False)
