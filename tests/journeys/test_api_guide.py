"""docs/api.zh.md, followed word for word on the ledger that `make demo` makes, over real HTTP: its clients, its script, its curl.

The port is the only word that is replaced: the system chooses one that is free.
"""

from __future__ import annotations

import json
import os
import re
import subprocess
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from audit.checkpoint import parse_tlog_proof
from tests.journeys.pages import is_whole, steps
from tests.support.programs import require
from tests.support.shell import ROOT, Done, Shell

GUIDE = (ROOT / "docs" / "api.zh.md").read_text("utf-8")
SHOWN = "http://127.0.0.1:8000"
LINES_MAX = 40
_READY = re.compile(r"台账在 (http://127\.0\.0\.1:\d+)，")


@dataclass(frozen=True)
class Followed:
    """Where the page was followed, and what each line said, in order."""

    home: Path
    said: list[tuple[str, Done]]

    def by(self, *words: str) -> list[Done]:
        return [done for line, done in self.said if all(word in line for word in words)]


@pytest.fixture(scope="module")
def followed(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Followed]:
    require("bash", "curl", "openssl")
    home = tmp_path_factory.mktemp("api")
    with pytest.MonkeyPatch.context() as monkeypatch:
        made = Shell(home, monkeypatch).bangfu("demo", "--data", "demo-ledger", "--fresh")
        assert made.code == 0, made.out + made.err
        (home / ".venv").symlink_to(ROOT / ".venv")
        server: subprocess.Popen[bytes] | None = None
        try:
            said: list[tuple[str, Done]] = []
            url, kept = "", home / "kept.sh"
            for step in steps(GUIDE):
                if step.file:
                    (home / step.file).write_text(step.text, "utf-8")
                elif " serve " in step.text:
                    server, url = _served(home, step.text)
                    (home / "url").write_text(url, "utf-8")
                else:
                    # Lines of one terminal: what one names, the next knows.
                    line = step.text.replace(SHOWN, url)
                    keeps = re.match(r"\w+=", line)
                    done = _run(home, f"set -o pipefail; [ ! -e {kept} ] || . {kept}; {line}")
                    if keeps:
                        value = _run(home, f"{line}; declare -p {keeps[0][:-1]}").out
                        kept.write_text(value, "utf-8")
                    assert done.code == step.exit, f"{line}\n{done.out}{done.err}"
                    said.append((step.text, done))
            yield Followed(home, said)
        finally:
            if server is not None:
                server.terminate()
                server.wait(timeout=20)


def _environment() -> dict[str, str]:
    """A reader's own: `python3` has cryptography, and nothing speaks through a proxy."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("BANGFU_")}
    return kept | {"PATH": f"{ROOT / '.venv' / 'bin'}:{os.environ['PATH']}", "NO_PROXY": "127.0.0.1"}


def _run(home: Path, line: str) -> Done:
    found = subprocess.run(
        ["bash", "-c", line],
        cwd=home,
        env=_environment(),
        capture_output=True,
        encoding="utf-8",
        timeout=60,
        check=False,
    )
    return Done(found.returncode, found.stdout, found.stderr)


def _served(home: Path, line: str) -> tuple[subprocess.Popen[bytes], str]:
    told = home / "serve.log"
    with told.open("wb") as log:
        server = subprocess.Popen(
            [*line.split(), "--port", "0"],
            cwd=home,
            env=_environment(),
            stdout=subprocess.DEVNULL,
            stderr=log,
        )
    pause = threading.Event()
    while server.poll() is None:
        if ready := _READY.search(told.read_text("utf-8")):
            return server, ready[1]
        pause.wait(0.05)
    raise AssertionError(told.read_text("utf-8"))


def text_of(name: str) -> str:
    return next(step.text for step in steps(GUIDE) if step.file == name)


def test_every_block_of_the_page_is_a_file_or_commands() -> None:
    assert is_whole(GUIDE)


@pytest.mark.parametrize("name", ["client.py", "workbook.py"])
def test_a_client_is_short(name: str) -> None:
    assert len([line for line in text_of(name).splitlines() if line.strip()]) <= LINES_MAX


def test_the_python_client_lists_a_project_and_proposes_a_disposal(followed: Followed) -> None:
    (listed,) = followed.by("client.py", "project.list")
    assert "登记项目：QX-0100 示例蔬菜大棚" in listed.out
    proposed, again = followed.by("client.py", "disposal.propose")
    position = re.search(r"已入账：第 (\d+) 号", proposed.out)
    assert position is not None
    index, _, _ = parse_tlog_proof((followed.home / "receipt.tlog-proof").read_bytes())
    assert index == int(position[1])
    assert again.out.startswith("提出处置")
    assert "taken" in again.err


def test_a_paper_is_registered_by_the_hash_that_is_printed(followed: Followed) -> None:
    (printed,) = followed.by("file-hash")
    assert json.loads(text_of("appraisal.json"))["hash"] == printed.out.strip()
    (registered,) = followed.by("document.register")
    assert "登记材料（评估报告，原件）：示例一村油茶晾晒场评估报告" in registered.out


def test_the_shell_script_stops_at_the_first_step_that_is_refused_and_says_why(followed: Followed) -> None:
    entered, again, unknown = followed.by("post.sh", "project-2.json")
    assert json.loads(entered.out)["position"] > 0
    assert (again.out, again.err.partition("：")[0]) == ("", "/api/v1/commands 被拒绝")
    assert re.search(r"（taken，[A-Z]+-\d+）：.*QX-0101", again.err)
    assert (unknown.out, unknown.err.partition("：")[0]) == ("", "/api/v1/commands:prepare 被拒绝")
    assert "project.lst" in unknown.err
    (disposal,) = followed.by("post.sh", "disposal.propose")
    assert "taken" in disposal.err
    assert not (followed.home / "key.der").exists()


def test_the_shell_script_says_which_step_of_the_login_is_refused(followed: Followed) -> None:
    """A key that nobody has enrolled is refused a session; a server that is not there, at once."""
    url = (followed.home / "url").read_text("utf-8")
    done = _run(followed.home, ".venv/bin/bangfu keygen 外人 --out stranger.key")
    assert done.code == 0, done.err
    wish = "stranger.key project.list fact project-2.json"
    refused = _run(followed.home, f"bash post.sh {url} {wish}")
    assert (refused.code, refused.out) == (1, "")
    assert refused.err.startswith("/api/v1/sessions 被拒绝：")
    assert "未登记" in refused.err
    dead = _run(followed.home, f"bash post.sh http://127.0.0.1:1 {wish}")
    assert (dead.code, dead.out) == (1, "")
    assert dead.err == "连不上 http://127.0.0.1:1：那里没有服务在运行，请核对地址和端口\n"
    for wrong, told in (("disposal.json", "签不了名"), ("nobody.key", "没有文件 nobody.key")):
        done = _run(followed.home, f"bash post.sh {url} {wrong} project.list fact project-2.json")
        assert (done.code, done.out, told in done.err) == (1, "", True)
        assert not re.search("[a-z]{4,} [a-z]{3,}", done.err), "no program speaks English for itself"


@pytest.mark.parametrize("client", ["python3 client.py", "bash post.sh"])
def test_a_client_says_every_place_that_is_wrong_and_takes_an_address_with_a_slash(
    followed: Followed, client: str
) -> None:
    url = (followed.home / "url").read_text("utf-8") + "/"
    done = _run(followed.home, f"{client} {url} demo-keys/village.key project.list fact disposal.json")
    first, *places = done.err.splitlines()
    assert (done.code, done.out) == (1, "")
    assert "（bad_shape，CMD-2）" in first
    assert len(places) == int(re.search(r"有 (\d+) 处不对", first)[1])  # type: ignore[index] # else this fails
    assert "  /payload/area_label 缺少此栏" in places
    done = _run(followed.home, f"{client} {url} demo-keys/village.key project.list bad project.json")
    assert "（bad_request）：" in done.err
    assert done.err.splitlines()[-1] == "  /nature 不在可选值之内；可填 act、fact、opening"


def test_the_python_client_says_that_nobody_answers(followed: Followed) -> None:
    done = _run(
        followed.home,
        "python3 client.py http://127.0.0.1:1 demo-keys/village.key project.list fact project.json",
    )
    assert (done.code, done.out) == (1, "")
    assert done.err == "连不上 http://127.0.0.1:1：请核对地址，并确认服务在运行\n"


@pytest.mark.parametrize(
    ("words", "told"),
    [
        ("client.py {url} nobody.key project.list fact project.json", "读不了 nobody.key：没有这个文件"),
        ("client.py {url} disposal.json project.list fact project.json", "读不了 disposal.json："),
        ("client.py {url} demo-keys/village.key project.list fact none.json", "读不了 none.json："),
        ("client.py {url} demo-keys/village.key project.list", "办一件事：python3 client.py URL"),
        ("workbook.py {url} demo-keys/village.key none.xlsx", "没有文件 none.xlsx"),
        ("workbook.py {url} demo-keys/village.key", "交一个工作簿：python3 workbook.py URL"),
    ],
)
def test_a_python_client_says_which_of_its_files_is_not_there(
    followed: Followed, words: str, told: str
) -> None:
    url = (followed.home / "url").read_text("utf-8")
    done = _run(followed.home, f"python3 {words.format(url=url)}")
    assert (done.code, done.out) == (1, "")
    assert done.err.startswith(told)
    assert len(done.err.splitlines()) == 1


def test_a_workbook_is_signed_as_a_batch_and_its_faults_are_told(followed: Followed) -> None:
    first, second, third, _ = followed.by("workbook.py")
    assert "2 行" in first.out
    assert re.fullmatch(r"“assets”第 4 行：E4 读到“三万多”，请只填一个数[^“”]*\n", first.err), "told once"
    assert re.search(r"已入账：批次是第 \d+ 号，1 行", second.out)
    assert (third.out, third.err) == ("没有可入账的新行\n", "")
    traced = _run(followed.home, ".venv/bin/bangfu trace asset:QX-ZC-0103 --data demo-ledger")
    assert "3.2万元" in traced.out


def test_the_preview_and_the_annotated_return_are_got_by_curl(followed: Followed) -> None:
    preview = json.loads((followed.home / "preview.json").read_text("utf-8"))
    assert preview["totals"]["by_outcome"]["fault"] == 1
    assert (followed.home / "annotated.xlsx").read_bytes()[:2] == b"PK"


def test_what_is_exported_by_curl_is_sent_again_as_nothing_new(followed: Followed) -> None:
    assert (followed.home / "template.xlsx").read_bytes()[:2] == b"PK"
    exported = (followed.home / "export.csv").read_text("utf-8-sig")
    assert "QX-ZC-0103" in exported
    *_, again = followed.by("workbook.py")
    assert (again.out, again.err) == ("没有可入账的新行\n", "")


def test_what_was_entered_is_read_and_what_is_not_there_is_refused(followed: Followed) -> None:
    (project,) = followed.by("curl", 'QX-0100"')
    assert "示例蔬菜大棚" in project.out
    (names,) = followed.by("curl", "/names")
    (one,) = json.loads(names.out)["names"]
    assert (one["whose"], one["value"]) == ("债权人", "示例农户甲")
    (missing,) = followed.by("curl", "QX-9999")
    assert json.loads(missing.out)["code"] == "not_found"


def test_the_ledger_that_the_page_has_filled_verifies(followed: Followed) -> None:
    done = _run(followed.home, ".venv/bin/bangfu verify demo-ledger --trust demo-ledger.trust --replay")
    assert done.code == 0, done.out + done.err
