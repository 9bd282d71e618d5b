"""Steps 7 and 4 as `bangfu demo --tamper` and `--rewrite` show them: one digit is changed, an insider writes everything anew."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pytest

from api.demo.books import PROJECTS
from tests.journeys.stranger import Built, Stranger, joined, position_of
from tests.support.second import SecondVerifier


@pytest.fixture(scope="module")
def rewritten(demo: Built) -> subprocess.CompletedProcess[str]:
    return demo.stranger.run("demo", "--data", "demo-ledger", "--rewrite")


def test_step_7_a_changed_digit_is_found_in_the_entry_that_holds_it(demo: Built) -> None:
    changed = position_of(demo, "QX-0006")
    done = demo.stranger.run("demo", "--data", "demo-ledger", "--tamper")
    assert done.returncode == 7
    said = joined(done.stdout)
    assert f"第 {changed} 号，QX-0006 示例三村茶叶加工厂项目：187.36万元 改成 987.36万元" in said
    assert f"核验不通过：第 7 步（内容与哈希须一致），第 {changed} 号" in said
    assert said.count("核验不通过：") == 2
    (failure,) = demo.stranger.json("verify", "demo-ledger-tampered", expecting=7)["failures"]
    assert failure["position"] > changed, "the repaired hash is missed by the next entry that cites it"
    assert demo.stranger.json("verify", "demo-ledger", "--trust", "demo-ledger.trust")["ok"]


def test_an_attack_may_be_asked_for_as_json(demo: Built) -> None:
    assert demo.stranger.json("demo", "--data", "demo-ledger", "--tamper", expecting=7) == {
        "ok": False, "data": "demo-ledger-tampered", "trust": "demo-ledger.trust",
    }  # fmt: skip


def test_an_untouched_copy_verifies(demo: Built) -> None:
    assert demo.stranger.json("verify", demo.copy("untouched"), "--trust", "demo-ledger.trust")["ok"]


def test_step_4_a_rewritten_ledger_is_found_with_the_trust_file_only(
    demo: Built, rewritten: subprocess.CompletedProcess[str]
) -> None:
    assert rewritten.returncode == 7
    said = joined(rewritten.stdout)
    without, replayed, trusted = said.partition("第 2 步")[2].split("bangfu verify")[1:]
    assert "核验通过：" in without
    assert "只证明自洽，未证明身份" in without
    assert "核验不通过：第 40 步" in replayed
    assert "核验不通过：第 4 步（须承接信任文件见过的检查点），全账" in trusted

    alone = demo.stranger.run("verify", "demo-ledger-rewritten")
    assert alone.returncode == 0
    assert "只证明自洽，未证明身份" in alone.stdout
    found = demo.stranger.json("verify", "demo-ledger-rewritten", "--trust", "demo-ledger.trust", expecting=7)
    assert [(one["step"], one["position"]) for one in found["failures"]] == [(4, None)]


def test_a_rewritten_ledger_knows_nothing_of_the_project(
    demo: Built, rewritten: subprocess.CompletedProcess[str]
) -> None:
    assert rewritten.returncode == 7
    words = ("trace", "project:QX-0007", "--data")
    assert demo.stranger.run(*words, "demo-ledger-rewritten").returncode == 3
    assert demo.stranger.run(*words, "demo-ledger").returncode == 0


def test_step_4_a_rewritten_ledger_that_has_outgrown_what_was_seen_is_found_by_its_root(
    demo: Built, rewritten: subprocess.CompletedProcess[str]
) -> None:
    assert rewritten.returncode == 7
    seen = demo.stranger.json("verify", "demo-ledger")["size"]
    home = demo.stranger.home
    shutil.copytree(home / "demo-ledger-rewritten", home / "grown")
    for prefix, stage in (("QX2-", "二期"), ("QX3-", "后续")):
        more = PROJECTS.read_text(encoding="utf-8").replace("QX-", prefix)
        (home / "more.csv").write_text(more.replace("项目,示例", f"{stage}项目,示例"), encoding="utf-8")
        entered = demo.stranger.run(
            "import", "more.csv", "--key", "demo-keys/village.key", "--data", "grown", "--area", "青溪乡"
        )
        assert entered.returncode == 0, entered.stderr
    alone = demo.stranger.json("verify", "grown")
    assert alone["ok"]
    assert alone["size"] > seen
    found = demo.stranger.json("verify", "grown", "--trust", "demo-ledger.trust", expecting=7)
    assert [(one["step"], one["position"]) for one in found["failures"]] == [(4, seen - 1)]


def test_the_second_verifier_agrees_on_the_rewritten_log(
    demo: Built, rewritten: subprocess.CompletedProcess[str], second: SecondVerifier
) -> None:
    assert rewritten.returncode == 7
    home = demo.stranger.home
    demo.stranger.json("export-log", "exported-rewritten", "--data", "demo-ledger-rewritten")
    bundles = b"".join(
        path.read_bytes() for path in (home / "exported-rewritten/tile/entries").rglob("*.p/*")
    )
    assert b"QX-0006" in bundles
    assert b"QX-0007" not in bundles
    assert b"QX-LK-0001" not in bundles
    assert second.verdict(home / "exported-rewritten")["ok"]
    found = second.verdict(home / "exported-rewritten", home / "demo-ledger.trust")
    assert not found["ok"]
    assert [(one["step"], one["position"]) for one in found["failures"]] == [(4, None)]


@pytest.mark.parametrize("attack", ["--tamper", "--rewrite"])
def test_an_attack_before_the_demo_says_what_to_do_first(tmp_path: Path, attack: str) -> None:
    done = Stranger(tmp_path).run("demo", "--data", "demo-ledger", attack)
    assert done.returncode == 3
    assert "没有示例账，请先运行 bangfu demo --data demo-ledger" in done.stderr
    assert list(tmp_path.iterdir()) == []


def test_one_attack_at_a_time(tmp_path: Path) -> None:
    done = Stranger(tmp_path).run("demo", "--data", "demo-ledger", "--tamper", "--rewrite")
    assert done.returncode == 2
