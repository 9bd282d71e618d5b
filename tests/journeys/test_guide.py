"""The guide, followed word for word: every file that it writes out, every command that it shows, in order."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from api.columns import ORGANISATION_KINDS
from domain.authority import ROLES
from tests.journeys.pages import is_whole, steps
from tests.support.shell import FETCHED, ROOT, Done, Shell

GUIDE = (ROOT / "docs" / "guide.zh.md").read_text("utf-8")


@pytest.fixture(scope="module")
def followed(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, Done]]:
    """What each line of the guide said."""
    said: dict[str, Done] = {}
    with pytest.MonkeyPatch.context() as monkeypatch:
        shell = Shell(tmp_path_factory.mktemp("guide"), monkeypatch)
        for step in steps(GUIDE):
            if step.file:
                Path(step.file).write_text(step.text, encoding="utf-8")
                continue
            done = shell.line(step.text)
            assert done.code == step.exit, f"{step.text}\n{done.out}{done.err}"
            said[step.text] = done
        yield said


def said_by(followed: dict[str, Done], *words: str) -> Done:
    """What the last line with these words said."""
    return [done for line, done in followed.items() if all(word in line for word in words)][-1]


def test_every_block_of_the_guide_is_a_file_or_commands() -> None:
    assert is_whole(GUIDE)
    assert {line.partition(" ")[0] for line in FETCHED} <= set(GUIDE.split())


def test_every_command_of_the_guide_does_what_the_guide_says(followed: dict[str, Done]) -> None:
    assert len(followed) > 30


def test_the_positions_in_the_guide_are_those_that_the_program_prints(followed: dict[str, Done]) -> None:
    assert "相同 3" in said_by(followed, "import projects.csv", "clerk.key --data county").out
    first = said_by(followed, "import projects.csv", "--annotated checked.xlsx")
    assert "新登记 3" in first.out
    assert "没有入账" in first.out
    excepted = said_by(followed, "endorse", "--except").out
    assert "已核 2 行，除外 1 行" in excepted
    assert "除外 第 4 行 QX-0003 示例二村花椒基地项目：批复原件未见" in excepted


def test_the_guide_ends_in_a_project_determined_and_verified(followed: dict[str, Done]) -> None:
    trace = said_by(followed, "trace project:QX-0002 --data county").out
    assert "分类 闲置类" in trace or "闲置类" in said_by(followed, "register --data county").out
    assert "认定分类：未载 → 闲置类" in said_by(followed, "diff project:QX-0002").out
    assert "discipline_independent" in said_by(followed, "discipline.key", "endorse").err
    assert "核验通过" in said_by(followed, "verify county", "--replay").out
    assert "核验通过" in said_by(followed, "python -m audit").out


def test_an_opening_that_is_filled_in_is_entered_and_checked(followed: dict[str, Done]) -> None:
    assert "新登记 2" in said_by(followed, "import assets.csv").out
    shown = said_by(followed, "--as checks", "--dry-run")
    assert "ZC-0001 示例一村冷库" in shown.err
    assert shown.err.endswith("没有签\n")
    assert "【已核】" in said_by(followed, "trace asset:ZC-0001").out


def test_a_deputy_seals_until_he_is_ended_and_is_told_the_day(followed: dict[str, Done]) -> None:
    # The same line stands in the guide twice: the first seals, the second is refused.
    lines = [line for line in followed if "--key finance.key --post" in line]
    assert GUIDE.count("--as seals --key finance.key --post") == 2
    (after,) = (followed[line] for line in lines)
    story = said_by(followed, "trace project:QX-0003").out
    assert "代理" in story
    assert story.splitlines()[2] == "分类 薄弱类"
    assert re.search(r"的代理已于 \d{4}-\d\d-\d\d 终止（第 \d+ 号，已返岗）", after.err)


def test_areas_are_found_by_what_they_were_called(followed: dict[str, Done]) -> None:
    assert "QX-0003 示例二村花椒基地项目" in said_by(followed, "register --area 示例二大队").out
    assert "区域合并：示例三村" in said_by(followed, "trace area:示例三村").out


def test_a_load_session_is_opened_and_closed_by_two_and_takes_nothing_after(
    followed: dict[str, Done],
) -> None:
    shown = said_by(followed, "loads").out
    assert "已封账" in shown
    assert "相差 -1 项 -3.6万元" in shown
    assert "books_closed，LOAD-6" in said_by(followed, "debts-late.csv").err


def test_names_are_told_by_authority_and_erased_by_two(followed: dict[str, Done]) -> None:
    assert "债权人 姓名  示例农户甲" in said_by(followed, "names", "discipline.key").out
    assert "names_closed" in said_by(followed, "names", "county-registrar-1.key").err
    assert "（示例农户甲）" in said_by(followed, "trace debt:ZW-0009 --names").out
    assert "示例农户甲" not in said_by(followed, "trace debt:ZW-0009 --data").out
    assert "NAME-1" in said_by(followed, "erasure.order", "submit").err
    assert said_by(followed, "names", "clerk.key").out.count("〔已删除〕") == 2
    assert "已删除" in said_by(followed, "erasures").out


def test_a_paper_is_registered_by_the_hash_that_is_printed(followed: dict[str, Done]) -> None:
    printed = [
        done.out.strip() for line, done in followed.items() if "file-hash" in line and "--data" not in line
    ]
    shown = re.findall(r'"hash": "([^"]*)"', GUIDE)
    assert (len(printed), set(shown)) == (6, set(printed))
    asked = said_by(followed, "file-hash", "--document").out
    assert "会议记录.txt 是材料“示例一村成员大会会议记录”" in asked


def test_an_asset_is_disposed_of_by_the_hands_that_its_owner_asks_for(followed: dict[str, Done]) -> None:
    assert "same_hand，DISP-12" in said_by(followed, "settle.json", "chair.key").err
    assert "已入账" in said_by(followed, "settle.json", "finance.key").out
    story = said_by(followed, "trace asset:ZC-0002").out
    assert "账面价值  0万元" in story
    assert "核销资产：报损：示例一村制冷机组" in story


def test_what_is_wrong_is_corrected_by_two_and_a_duplicate_says_in_what_it_differs(
    followed: dict[str, Done],
) -> None:
    assert "更正（笔误）：规格型号" in said_by(followed, "endorse 97").out
    signed = said_by(followed, "sign command.json --key clerk.key").err
    assert "留存的是关于制冷机组报损的批复，所不同的是文号" in signed
    assert "重复登记" in said_by(followed, "trace document:101").out


def test_the_guide_lists_every_role_and_every_kind_of_organisation() -> None:
    rows = dict(re.findall(r"^\| ([a-z_]+) \| (\S+) \|$", GUIDE, re.MULTILINE))
    assert set(ROLES) <= set(rows)
    assert {kind: rows[kind] for kind in ORGANISATION_KINDS} == ORGANISATION_KINDS
