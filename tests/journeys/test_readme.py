"""README's eight steps: each command as it stands there, run in the directory in which a newcomer has made the demo."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest

from tests.support.shell import ROOT, Done, Shell

README = (ROOT / "README.md").read_text("utf-8")
SECTION = README.partition("## Eight steps\n")[2].partition("\n## ")[0]
STEP = re.compile(r"^# (\d) [^\n]*\n((?:(?!# )[^\n`]+\n)+)", re.MULTILINE)


def steps() -> dict[int, list[str]]:
    """The lines of each step."""
    return {int(number): lines.splitlines() for number, lines in STEP.findall(SECTION)}


@pytest.fixture(scope="module")
def followed(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[int, list[Done]]]:
    """What the lines of each step answered, one after the other on one demo."""
    with pytest.MonkeyPatch.context() as monkeypatch:
        shell = Shell(tmp_path_factory.mktemp("readme"), monkeypatch)
        made = shell.bangfu("demo", "--data", "demo-ledger", "--fresh")
        assert made.code == 0, made.out + made.err
        yield {number: [shell.line(line) for line in lines] for number, lines in steps().items()}


def test_there_are_eight_steps() -> None:
    assert list(steps()) == list(range(1, 9))
    assert re.findall(r"\.venv/bin/bangfu (serve|login|export-log)", SECTION) == [
        "serve",
        "login",
        "export-log",
    ]


def test_1_forty_projects_are_entered_and_entered_once(followed: dict[int, list[Done]]) -> None:
    (again,) = followed[1]
    assert (again.code, again.err) == (0, "")
    assert "40 个数据行，合计 3051.448万元；相同 40" in again.out


def test_2_the_annotated_return_has_the_faults_and_the_corrected_workbook_none(
    followed: dict[int, list[Done]],
) -> None:
    annotated, corrected = followed[2]
    assert annotated.code == 6
    assert [cell in annotated.err for cell in ("E5：", "L6：", "G7：")] == [True] * 3
    assert "有误 3" in annotated.out
    assert (corrected.code, "6 个数据行，合计 124.3万元；相同 6" in corrected.out) == (0, True)


def test_3_the_cold_store_is_owned_and_its_debt_repaid_to_somebody_unnamed(
    followed: dict[int, list[Done]],
) -> None:
    asset, debt = followed[3]
    assert (asset.code, debt.code) == (0, 0)
    assert "权利人份额      青溪示例四村股份经济合作联合社 100%" in asset.out
    assert "余额  0万元" in debt.out
    assert re.search(r"债权人 +农户（[0-9a-f]{8}）", debt.out)


def test_4_the_disposal_is_proposed_by_one_and_decided_by_another(followed: dict[int, list[Done]]) -> None:
    disposal, minutes = followed[4]
    assert (disposal.code, minutes.code) == (0, 0)
    assert minutes.out.startswith("会议记录.txt 是材料“示例四村成员大会（冷库处置）记录”")
    proposed, decided = disposal.out.partition("提出处置（办理）")[2].split("决定处置（办理）")
    assert "村系统管理员" in proposed
    assert "示例理事长" in decided


def test_5_the_same_envelope_enters_nothing_and_discipline_approves_nothing(
    followed: dict[int, list[Done]],
) -> None:
    again, discipline = followed[5]
    assert (again.code, "早已入账，没有重复" in again.out) == (0, True)
    assert (discipline.code, discipline.out) == (4, "")
    assert "discipline_independent，AUTH-6" in discipline.err


def test_6_the_old_lease_is_a_fact_with_its_note(followed: dict[int, list[Done]]) -> None:
    (lease,) = followed[6]
    assert lease.code == 0
    assert "业务日期 2016-05-10（迟" in lease.out
    assert re.search(r"未满足 +DISP-6 \S", lease.out)


def test_7_what_was_known_and_what_differs(followed: dict[int, list[Done]]) -> None:
    then, differs = followed[7]
    assert (then.code, differs.code) == (0, 0)
    assert then.out.startswith("资产 QX-LK-0001 示例四村冷库及制冷设备【未核】")
    assert "已知至第 124 号" in then.out
    assert "已确权登记" not in then.out
    assert "已确权登记：未载 → 是" in differs.out


def test_8_what_is_true_verifies_and_both_attacks_are_found(followed: dict[int, list[Done]]) -> None:
    verified, tampered, rewritten = followed[8]
    assert (verified.code, tampered.code, rewritten.code) == (0, 7, 7)
    assert "核验通过" in verified.out
    assert "不通过" in tampered.out
    assert "须承接信任文件见过的检查点" in rewritten.out
