"""The demo as a stranger meets it: run through the command line in an empty directory, told step by step, verified by two programs."""

from __future__ import annotations

import base64
import hashlib
import json
import re
import urllib.error
import urllib.request
from pathlib import Path

import pytest
from openpyxl import load_workbook

from api.ceremony import NotDone
from api.demo.estate import HOUSEHOLD
from api.demo.served import served
from api.demo.site import MARK
from api.desk import Desk
from api.settings import Settings
from tests.journeys.stranger import Built, Stranger, joined, position_of
from tests.support.second import SecondVerifier


def next_commands(said: str) -> list[list[str]]:
    """The commands that the demo proposes, without the notes beside them."""
    lines = said.partition("可以接着试：\n")[2].splitlines()
    return [re.split(r" {4,}", line.strip())[0].split()[1:] for line in lines if line.startswith("  ")]


def step_of(said: str, number: int) -> str:
    """What one step said, whatever lines it was broken into."""
    return joined(said.partition(f"第 {number} 步  ")[2].partition(f"第 {number + 1} 步  ")[0])


def test_the_demo_numbers_its_steps_and_tells_how_long_each_took(demo: Built) -> None:
    numbers = [int(one) for one in re.findall(r"^第 (\d+) 步", demo.said, re.MULTILINE)]
    before = re.findall(r"^准备  ", demo.said, re.MULTILINE)
    assert (len(before), numbers) == (3, list(range(1, 9)))
    assert len(re.findall(r"^  （\d+\.\d\d 秒）$", demo.said, re.MULTILINE)) == len(before) + len(numbers)


def test_the_demo_lays_ledger_trust_file_and_keys_side_by_side(demo: Built) -> None:
    home = demo.stranger.home
    assert (home / "demo-ledger" / "ledger.db").exists()
    assert (home / "demo-ledger.trust").exists()
    assert {path.name for path in (home / "demo-keys").glob("*.key")} == {
        "registrar-1.key",
        "registrar-2.key",
        "recorder.key",
        "village.key",
        "service-centre.key",
        "collective.key",
        "township.key",
        "discipline.key",
    }
    assert all(path.stat().st_mode & 0o077 == 0 for path in (home / "demo-keys").glob("*.key"))


def test_the_demo_accounts_for_every_row_of_the_real_registers(demo: Built) -> None:
    said = joined(demo.said)
    assert "共读 97 行、7426.06万元：登记 25 个项目、帮扶资金 6143.5万元，待问 72 行" in said
    assert "32_jiaocheng_2019.csv：68 行，680万元；待问 68 行" in said
    assert "待问 68 行：这笔资金对应什么项目？" in said
    assert "待问 1 行：“小额信贷贴息”看来是贷款贴息" in said


def test_d22_real_registers_are_only_read_and_stay_unchecked(demo: Built) -> None:
    rows = demo.stranger.json("register", "--data", "demo-ledger")["rows"]
    abroad = [row for row in rows if row["external"]]
    assert len(abroad) == 25
    assert all(not row["checked"] and row["class"] == "" for row in abroad)
    assert all(row["last_position"] == row["position"] for row in abroad)


def test_d22_what_is_invented_says_so(demo: Built) -> None:
    traced = demo.stranger.json("trace", "project:QX-0007", "--data", "demo-ledger")
    state = {one["field"]: one["value"] for one in traced["state"]}
    told = [state["cause_text"], *state["dimensions"].values()]
    assert len(told) == 6
    assert all(one.startswith("示例数据") for one in told)
    assert "虚构的示例数据" in demo.said.splitlines()[0]
    assert (demo.stranger.home / "demo-ledger" / MARK).read_text(encoding="utf-8").count("示例数据")


def test_d9_sums_stand_in_both_columns_and_external_sources_apart(demo: Built) -> None:
    assert "合计              已核 39 个 2985.448万元；未核 1 个 66万元" in demo.said
    assert "外部来源（另计）  已核 0 个 0万元；未核 25 个 6143.5万元" in demo.said
    sums = demo.stranger.json("register", "--data", "demo-ledger", "--area", "青溪乡")["sums"]
    assert sums["all"]["checked"]["total_fen"] + sums["all"]["unchecked"]["total_fen"] == 305_144_8000


def test_three_signatures_make_the_project_idle(demo: Built) -> None:
    traced = demo.stranger.json("trace", "project:QX-0007", "--data", "demo-ledger")
    state = {one["field"]: one for one in traced["state"]}
    assert (state["class"]["value"], state["class_stage"]["value"]) == ("idle", "township")
    known = ("--known-at", str(state["class"]["position"] - 1))
    before = demo.stranger.json("trace", "project:QX-0007", "--data", "demo-ledger", *known)
    assert "class" not in {one["field"] for one in before["state"] if one["value"]}


def test_auth_6_the_key_of_discipline_is_refused_and_nothing_is_recorded(demo: Built) -> None:
    step = step_of(demo.said, 5)
    assert "乡纪委审批：403 不予受理（discipline_independent，AUTH-6）：乡纪委只监督检查" in step
    assert "什么也没有入账" in step


def test_auth_6_the_same_key_is_refused_at_the_command_line_with_exit_4(demo: Built) -> None:
    ledger = demo.copy("discipline-tries")
    listed = position_of(demo, "QX-0012")
    key, other = "demo-keys/discipline.key", "demo-keys/service-centre.key"
    words = ("endorse", str(listed), "--as", "checks", "--data", ledger, "--key")
    refused = demo.stranger.run(*words, key)
    assert refused.returncode == 4
    assert "discipline_independent" in refused.stderr
    assert demo.stranger.run(*words, other).returncode == 0


def test_a_bad_workbook_comes_back_with_every_slip_named_and_is_then_entered_once(demo: Built) -> None:
    step = step_of(demo.said, 2)
    assert "第一次交：6 个数据行，新登记 2 行、待问 1 行、有误 3 行" in step
    for told in (
        "E5 填的是“二十四万左右”",
        "L6 填的是“2021-13-15”",
        "G7 填的是“村里的”",
        "“示例七村”是哪个村",
    ):
        assert told in step
    assert "第二次交：6 个数据行，新登记 4 行、相同 2 行" in step
    books = demo.stranger.home / "demo-books"
    page = load_workbook(books / "资产清册-标注.xlsx")["资产清册"]
    assert [page[cell].comment is not None for cell in ("E5", "L6", "G7", "E3")] == [True, True, True, False]
    assert load_workbook(books / "资产清册.xlsx").active["E5"].value == 24.5


def test_the_paper_of_the_demo_is_a_file_with_its_salt_and_registered_by_their_hash(demo: Built) -> None:
    """FORMAT 5.6: computed here from what stands there alone."""
    file = demo.stranger.home / "demo-books" / "会议记录.txt"
    assert file.read_text("utf-8").startswith("示例数据（虚构）")
    salt = bytes.fromhex(file.with_name("会议记录.txt.salt").read_text("ascii"))
    assert len(salt) == 32
    (at,) = re.findall(r"加盐哈希（第 (\d+) 号）", step_of(demo.said, 4))
    paper = demo.stranger.json("trace", f"document:{at}", "--data", "demo-ledger")["state"]
    (registered,) = (one["value"] for one in paper if one["field"] == "hash")
    assert registered == hashlib.sha256(b"bangfu file v1" + salt + file.read_bytes()).hexdigest()


def test_an_envelope_posted_twice_is_recorded_once(demo: Built) -> None:
    fourth, fifth = step_of(demo.said, 4), step_of(demo.said, 5)
    (position,) = re.findall(r"提交：POST /api/v1/commands，答复 201（已入账），第 (\d+) 号", fourth)
    assert f"再交：答复 200（早已入账），仍是第 {position} 号，回执逐字节相同" in fifth
    timeline = demo.stranger.json("trace", "disposal:QX-CZ-0001", "--data", "demo-ledger")["timeline"]
    proposed = [one["position"] for one in timeline if one["event"] == "disposal.proposed.v1"]
    assert proposed == [int(position)]
    assert not [one for one in timeline if one["event"] == "disposal.approved.v1"]


def test_the_server_of_the_demo_has_ended(demo: Built) -> None:
    (url,) = re.findall(r"现在开着：(http://127\.0\.0\.1:\d+)", step_of(demo.said, 4))
    with pytest.raises(urllib.error.URLError):
        urllib.request.urlopen(url, timeout=5)


def test_the_server_ends_also_when_a_step_fails(demo: Built) -> None:
    def fail() -> None:
        with served(demo.stranger.home / "demo-ledger") as url:
            assert urllib.request.urlopen(f"{url}/healthz", timeout=5).status == 200
            raise LookupError(url)

    with pytest.raises(LookupError) as failed:
        fail()
    with pytest.raises(urllib.error.URLError):
        urllib.request.urlopen(f"{failed.value}/healthz", timeout=5)


def test_where_no_ledger_is_none_is_served(tmp_path: Path) -> None:
    with pytest.raises(NotDone, match="没有台账"), served(tmp_path):
        pass


def test_disp_6_a_lease_of_thirty_years_keeps_its_note_and_its_source(demo: Built) -> None:
    assert "注 DISP-6（民法典705）：租期不得超过上限" in step_of(demo.said, 6)
    (fact,) = (
        one
        for one in demo.stranger.json("trace", "disposal:QX-CZ-2016", "--data", "demo-ledger")["timeline"]
        if one["event"] == "disposal.proposed.v1"
    )
    assert (fact["nature"], fact["occurred_on"]) == ("fact", "2016-05-10")


def test_d17_the_name_of_the_household_is_in_no_file_and_the_vault_can_open_it(demo: Built) -> None:
    home = demo.stranger.home
    demo.stranger.json("export-log", "exported-names", "--data", "demo-ledger")
    planted = [HOUSEHOLD.encode(code) for code in ("utf-8", "gb18030", "utf-16-le")]
    planted += [base64.b64encode(b"x" * shift + name)[4:-4] for name in planted[:2] for shift in range(3)]
    for path in (one for one in home.rglob("*") if one.is_file()):
        data = path.read_bytes()
        assert not [name for name in planted if name in data], path
    debt = demo.stranger.json("trace", "debt:QX-ZW-0001", "--data", "demo-ledger")["state"]
    commitment = next(one["value"]["person"] for one in debt if one["field"] == "creditor")
    with Desk(Settings(data=home / "demo-ledger")) as desk:
        assert desk.vault.reveal([commitment])[commitment].value == HOUSEHOLD


def test_every_command_that_the_demo_proposes_works(demo: Built) -> None:
    proposed = next_commands(demo.said)
    kinds = {"trace", "diff", "register", "verify", "file-hash", "export-log", "demo", "serve", "login"}
    assert {words[0] for words in proposed} == kinds
    assert [words[1:] for words in proposed if words[0] == "demo"] == [
        ["--data", "demo-ledger", "--tamper"],  # these two have tests of their own
        ["--data", "demo-ledger", "--rewrite"],
    ]
    for words in proposed:
        if words[0] not in ("demo", "serve", "login"):
            done = demo.stranger.run(*words)
            assert done.returncode == 0, (words, done.stderr)


def test_the_pages_open_as_the_demo_says(demo: Built) -> None:
    proposed = {words[0]: words for words in next_commands(demo.said)}
    assert proposed["serve"] == ["serve", "--data", "demo-ledger"]
    login = proposed["login"]
    assert login[1:3] == ["--url", "http://127.0.0.1:8000"]
    with served(demo.stranger.home / "demo-ledger") as url:
        done = demo.stranger.run("login", "--url", url, *login[3:])
        assert done.returncode == 0, done.stderr
        with urllib.request.urlopen(done.stdout.strip()) as page:
            assert (page.status, "进入" in page.read().decode()) == (200, True)


def test_the_ledger_of_the_demo_verifies_for_whoever_holds_the_trust_file(demo: Built) -> None:
    found = demo.stranger.json("verify", "demo-ledger", "--trust", "demo-ledger.trust", "--replay")
    assert found["ok"]
    assert found["trust"] == "policy+seen"
    assert found["replay"]["not_replayed"] == {}
    seen = json.loads((demo.stranger.home / "demo-ledger.trust").read_text(encoding="utf-8"))["seen"]
    (note,) = seen.values()
    assert int(note.splitlines()[1]) == found["size"]


def test_the_second_verifier_agrees_on_the_exported_log(demo: Built, second: SecondVerifier) -> None:
    home = demo.stranger.home
    exported = demo.stranger.json("export-log", "exported", "--data", "demo-ledger")
    found = second.verdict(home / "exported", home / "demo-ledger.trust")
    ours = demo.stranger.json("verify", "exported", "--trust", "demo-ledger.trust")
    assert found["ok"]
    assert (found["size"], found["root"]) == (exported["size"], ours["root"])


def test_a_demo_is_not_built_over_another_unless_fresh(demo: Built) -> None:
    ledger = demo.copy("again-ledger")
    refused = demo.stranger.run("demo", "--data", ledger)
    assert refused.returncode == 5
    assert "重做一遍请加 --fresh" in refused.stderr
    assert demo.stranger.run("demo", "--data", ledger, "--fresh").returncode == 0
    origins = {demo.stranger.json("verify", name)["root"] for name in ("demo-ledger", ledger)}
    assert len(origins) == 2


@pytest.mark.parametrize("name", ["mine", "mine-tampered", "mine-keys", "mine-books"])
def test_fresh_removes_nothing_that_no_demo_has_made(tmp_path: Path, name: str) -> None:
    precious = tmp_path / name / "precious.txt"
    precious.parent.mkdir()
    precious.write_text("mine", encoding="utf-8")
    done = Stranger(tmp_path).run("demo", "--data", "mine", "--fresh")
    assert done.returncode == 1
    assert "不是示例生成的目录" in done.stderr
    assert [path for path in tmp_path.rglob("*") if path.is_file()] == [precious]


def test_fresh_keeps_a_trust_file_that_no_demo_has_made(tmp_path: Path) -> None:
    trust = tmp_path / "mine.trust"
    trust.write_text("mine", encoding="utf-8")
    done = Stranger(tmp_path).run("demo", "--data", "mine", "--fresh")
    assert done.returncode == 5
    assert trust.read_text(encoding="utf-8") == "mine"


def test_the_demo_touches_no_database_but_its_own(tmp_path: Path) -> None:
    elsewhere = f"sqlite:///{tmp_path / 'elsewhere.db'}"
    done = Stranger(tmp_path, (("BANGFU_DATABASE_URL", elsewhere),)).run("demo", "--data", "demo-ledger")
    assert done.returncode == 1
    assert "请先取消 BANGFU_DATABASE_URL" in done.stderr
    assert list(tmp_path.iterdir()) == []
