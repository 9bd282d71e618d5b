"""`bangfu import`, row by row: whose village a row belongs to, the same row again, the dry run and what it says (READ-15, READ-16, BATCH-6)."""

from __future__ import annotations

import json

import pytest

from tests.api.county import FIRST, HEADING, SECOND, imported, size
from tests.support.shell import Shell, write_json


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
    assert "第 4 行所印的合计 216万元 与各行之和 216.5万元 相差 0.5万元（READ-13，G4 读到“216”）" in done.err
    done = imported(shell, FIRST, SECOND, "合计,,,,,,约216,,", options=("--dry-run",))
    assert "第 4 行所印的合计没有核对：读不出金额（READ-13，G4 读到“约216”）" in done.err
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
    write_json("表.csv", f"{HEADING}\n{FIRST}\n")
    done = shell.bangfu(*words)
    assert done.code == 2
    assert f"{words[-1]}”不是" in done.err
    assert shell.bangfu(*words[:-1], "2026-02-28", *(["--dry-run"] if words[0] == "import" else [])).code in (
        0,
        3,
    )
