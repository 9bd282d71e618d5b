"""`bangfu file-hash`: what is registered of a paper's file, and whether a file is the one that was (FORMAT 5.6, DOC-4)."""

from __future__ import annotations

import json
import re
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from api.papers import hash_of
from tests.support.shell import Shell, write_json
from tests.support.world import World

SCAN = Path("会议记录.pdf")


@pytest.fixture
def shell(shell: Shell) -> Shell:
    with World(Path("town")) as world:
        world.settle()
        world.keys["kang"].write(Path("kang.key"))
    SCAN.write_bytes("示例数据：康家村会议记录".encode() * 100_000)
    return shell


def registered(shell: Shell, *, file: bool = True) -> str:
    """A paper whose file is the scan, or one without a file; its id."""
    found = shell.bangfu("file-hash", str(SCAN)).out.strip() if file else ""
    stated = {
        "name": "会议记录",
        "kind": "minutes",
        "number": "",
        "issuer": "康家村民委员会",
        "quality": "original" if file else "none",
    }
    about = {"amount_fen": None, "areas": ["area:康家村"], "subjects": [], "issued_on": "2026-11-02"}
    write_json("fields.json", stated | about | {"pages": 3 if file else 0, "hash": found})
    for words, file in (
        (("prepare", "document.register", "fields.json", "--data", "town", "--key", "kang.key"), "c.json"),
        (("sign", "c.json", "--key", "kang.key"), "e.json"),
        (("submit", "e.json", "--data", "town", "--json"), "a.json"),
    ):
        done = shell.bangfu(*words)
        assert done.code == 0, done.err
        Path(file).write_text(done.out, "utf-8")
    return f"document:{json.loads(Path('a.json').read_text('utf-8'))['position']}"


def test_the_hash_is_salted_and_again_the_same(shell: Shell) -> None:
    first = shell.bangfu("file-hash", str(SCAN))
    assert first.code == 0
    assert re.fullmatch("[0-9a-f]{64}\n", first.out)
    assert "会议记录.pdf.salt" in first.err
    assert shell.bangfu("file-hash", str(SCAN)).out == first.out
    Path(f"{SCAN}.salt").unlink()
    assert shell.bangfu("file-hash", str(SCAN)).out != first.out, "another salt, another hash"


def test_the_file_of_a_registered_paper_is_known_and_no_other(shell: Shell) -> None:
    paper = registered(shell)
    words = ("file-hash", str(SCAN), "--document", paper, "--data", "town")
    done = shell.bangfu(*words)
    assert (done.code, "是材料“会议记录”" in done.out) == (0, True)
    SCAN.write_bytes(SCAN.read_bytes()[:-1])
    done = shell.bangfu(*words)
    assert (done.code, "不是材料“会议记录”" in done.out) == (7, True)
    assert json.loads(shell.bangfu(*words, "--json").out)["ok"] is False


def test_of_a_paper_without_a_file_that_is_said(shell: Shell) -> None:
    """Not that this is not its file: nobody has handed in another."""
    words = ("file-hash", str(SCAN), "--document", registered(shell, file=False), "--data", "town")
    done = shell.bangfu(*words)
    assert (done.code, done.err) == (7, "")
    assert re.fullmatch(r"这份材料登记时没有文件：材料“会议记录”（document_\w+）\n", done.out)
    told = json.loads(shell.bangfu(*words, "--json").out)
    assert (told["ok"], told["hash"]) == (False, None)
    assert not Path(f"{SCAN}.salt").exists(), "asking makes no salt"


@pytest.mark.parametrize("other", ["area:康家村", "organisation:康家村村民委员会"])
def test_what_is_no_paper_has_no_file(shell: Shell, other: str) -> None:
    assert shell.bangfu("file-hash", str(SCAN)).code == 0
    done = shell.bangfu("file-hash", str(SCAN), "--document", other, "--data", "town")
    assert (done.code, done.out) == (2, "")
    assert f"“{other}”不是材料，应写如 document:30" in done.err


def test_without_its_salt_nothing_is_said_of_a_file(shell: Shell) -> None:
    paper = registered(shell)
    salt = Path(f"{SCAN}.salt")
    salt.write_text("不是盐", "utf-8")
    for words in (("file-hash", str(SCAN)), ("file-hash", str(SCAN), "--document", paper, "--data", "town")):
        done = shell.bangfu(*words)
        assert (done.code, "64 位十六进制的盐" in done.err) == (2, True)
    salt.unlink()
    done = shell.bangfu("file-hash", str(SCAN), "--document", paper, "--data", "town")
    assert (done.code, "会议记录.pdf.salt" in done.err) == (3, True)
    assert not salt.exists(), "asking makes no salt"


def test_what_is_not_there_and_half_a_question(shell: Shell) -> None:
    assert shell.bangfu("file-hash", "没有.pdf").code == 3
    assert not Path("没有.pdf.salt").exists()
    assert shell.bangfu("file-hash", str(SCAN), "--document", "document:3").code == 2
    assert shell.bangfu("file-hash", str(SCAN), "--data", "town").code == 2


def test_runs_at_the_same_time_give_one_hash(tmp_path: Path) -> None:
    """Of two hashes of one file nobody could prove the one whose salt is not kept. Who reads the salt while it is written is told so."""

    def given(file: Path) -> str:
        try:
            return hash_of(file)
        except ValueError:
            return ""

    for attempt in range(20):
        file = tmp_path / f"{attempt}.pdf"
        file.write_bytes(b"scan")
        with ThreadPoolExecutor(4) as pool:
            assert set(pool.map(given, [file] * 4)) - {""} == {hash_of(file)}
