"""`bangfu endorse`: nobody signs blind, and whoever has signed is told who must sign next (D10)."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.api.county import FIRST, SECOND, imported, submit
from tests.support.shell import Done, Shell, write_json

TOWNSHIP = {
    "organisation": {"name": "示例乡政府", "kind": "town_government", "area": "青溪乡"},
    "post": {"title": "认定岗", "role": "township", "areas": ["青溪乡"]},
}


def endorse(shell: Shell, position: int, *more: str, key: str = "office.key") -> Done:
    return shell.bangfu("endorse", str(position), "--key", key, "--data", "county", *more)


def opined(shell: Shell) -> tuple[Done, int]:
    """An opinion of the village on a project that is checked, and the position of it."""
    done = shell.bangfu(
        *("enrol", write_json("township.json", TOWNSHIP), "--key", "county-registrar-1.key"),
        *("--new-key", "township.key", "--data", "county"),
    )
    assert done.code == 0, done.err
    told = re.search(r"批次是第 (\d+) 号", imported(shell, FIRST).out)
    assert told is not None
    assert endorse(shell, int(told[1])).code == 0
    opinion = {
        "project": "project:QX-0001",
        "name": "油茶项目",
        "stage": "village",
        "class": "idle",
        "cause_codes": ["C4"],
        "cause_text": "示例数据",
        "differs_from": "",
        "dimensions": dict.fromkeys(
            ("resources", "industry", "operation", "linkage", "prospects"), "示例数据"
        ),
        "opinions_sought": {"operator": True, "collective": True, "farmers": True},
    }
    done = submit(shell, "project.opine_class", write_json("opinion.json", opinion), "clerk.key")
    assert done.code == 0, done.err
    found = re.search(r"第 (\d+) 号", done.out)
    assert found is not None
    return done, int(found[1])


def test_the_rows_of_a_batch_are_shown_before_they_are_signed(shell: Shell) -> None:
    told = re.search(r"批次是第 (\d+) 号", imported(shell, FIRST, SECOND).out)
    assert told is not None
    done = endorse(shell, int(told[1]))
    shown = done.err.splitlines()
    assert shown[0].startswith(f"第 {told[1]} 号  批次入账，")
    assert "  入账  2 行（提交 2 行），合计 216.5万元" in shown
    assert "    第 2 行 QX-0001 油茶项目" in shown
    assert "  签名  示例中心clerk/clerk" in shown
    assert "已核 2 行，除外 0 行" in done.out


def test_what_is_only_looked_at_is_not_signed(shell: Shell) -> None:
    told = re.search(r"批次是第 (\d+) 号", imported(shell, FIRST).out)
    assert told is not None
    before = (Path("county") / "ledger.db").read_bytes()
    done = endorse(shell, int(told[1]), "--dry-run")
    assert (done.code, done.out, done.err.splitlines()[-1]) == (0, "", "以核查的身份可以签署；没有签")
    assert (Path("county") / "ledger.db").read_bytes() == before


def test_what_is_only_looked_at_is_refused_as_it_would_be(shell: Shell) -> None:
    told = re.search(r"批次是第 (\d+) 号", imported(shell, FIRST, SECOND).out)
    assert told is not None
    own = endorse(shell, int(told[1]), "--dry-run", key="clerk.key")
    assert (own.code, "AUTH-4" in own.err) == (4, True)
    assert endorse(shell, int(told[1]), "--dry-run", "--except", "9:原件未见").code != 0
    done = endorse(shell, int(told[1]), "--dry-run", "--except", "3:原件未见")
    assert (done.code, "除外 第 3 行 QX-0002 冷链项目：原件未见" in done.err) == (0, True)


def test_an_entry_within_a_command_is_shown_as_what_it_is_before_the_whole(shell: Shell) -> None:
    """The proposal is the second entry of the command that gave the opinion: what is signed is the command."""
    _, at = opined(shell)
    first, second, *rest = endorse(shell, at + 1, "--dry-run").err.splitlines()
    assert first == (
        f"第 {at + 1} 号  提议，是第 {at} 号那条指令所记 2 条中的第 2 条；一条指令作为整体签署，见第 {at} 号"
    )
    assert second.startswith(f"第 {at} 号  提出分类认定，")
    assert any(re.match(r"  对象  项目 QX-0001 油茶项目（project_\w+）$", line) for line in rest)
    assert endorse(shell, at, "--dry-run").err.splitlines()[0] == second


def test_whoever_has_signed_is_told_who_signs_next_until_it_is_done(shell: Shell) -> None:
    done, at = opined(shell)
    checks, seals = f"endorse {at} --as checks", f"endorse {at} --as seals"
    assert re.search(rf"还须签署：乡农服中心（核查），\S+ 以前，由另一人：{checks}", done.err)
    assert "然后：乡党委政府（盖章认定）" in done.err
    done = endorse(shell, at, "--as", "checks")
    assert f"第 {at} 号  提出分类认定" in done.err
    assert "  摘要  村级初步认定：闲置类，项目：油茶项目" in done.err
    assert re.search(rf"还须签署：乡党委政府（盖章认定），\S+ 以前，由另一人：{seals}", done.out)
    assert "然后" not in done.out
    done = endorse(shell, at, "--as", "seals", key="township.key")
    assert done.code == 0, done.err
    assert re.search(r"签署已齐，办成：村级初步认定：闲置类（第 \d+ 号）", done.out)


def test_what_needs_no_signature_is_called_by_its_name(shell: Shell) -> None:
    done = endorse(shell, 1)
    assert (done.code, done.out) == (1, "")
    assert "第 1 号是“登记区域”，不须签署" in done.err


def test_a_capacity_may_be_said_in_chinese_and_a_wrong_one_is_told_which_there_are(shell: Shell) -> None:
    _, at = opined(shell)
    assert endorse(shell, at, "--as", "核查", "--dry-run").code == 0
    done = endorse(shell, at, "--as", "审核", "--dry-run")
    assert (done.code, "checks 核查、approves 批准、seals 盖章认定" in done.err) == (2, True)


def test_a_refused_signature_is_told_nothing_of_the_next(shell: Shell) -> None:
    _, at = opined(shell)
    done = endorse(shell, at, "--as", "seals", key="township.key")
    assert (done.code, done.out) == (5, "")
    assert "现待乡农服中心核查" in done.err
    assert "还须签署" not in done.err


@pytest.mark.parametrize("label", [{}, {"label": "村级初步认定：闲置类"}], ids=["filled in", "written"])
def test_a_proposal_may_be_withdrawn_by_its_position(shell: Shell, label: dict[str, str]) -> None:
    _, at = opined(shell)
    wish = {"proposal": f"proposal:{at}", "reason": "写错了", **label}
    wrong = wish | {"label": "村级初步认定：低效类"}
    done = submit(shell, "proposal.withdraw", write_json("wrong.json", wrong), "clerk.key")
    assert (done.code, "ID-3" in done.err) == (5, True), done.err
    done = submit(shell, "proposal.withdraw", write_json("withdraw.json", wish), "clerk.key")
    assert done.code == 0, done.err
    done = endorse(shell, at, "--as", "checks")
    assert (done.code, "已撤回" in done.err) == (5, True)
