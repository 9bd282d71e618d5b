"""Names at the command line: concealed by `prepare`, handed in by `submit --disclosures`, read by who may, erased by order."""

from __future__ import annotations

import json
import stat
from pathlib import Path
from typing import Any

import pytest

from api import names as by_authority
from tests.domain import estate
from tests.support.households import BEGAN, ENDED, confirmation, files_holding, holding, staff
from tests.support.shell import Done, Shell, write_json
from tests.support.world import WAN, World, area, new_id, post

NAME, HANDLER = "示例户甲乙丙", "示例经手丁戊"
WHO = ("kang", "shan", "registrar", "recorder", "discipline", "township", "treasurer", "county")
DEBT = new_id("obligation", "命令行")


@pytest.fixture(scope="module")
def settled(tmp_path_factory: pytest.TempPathFactory) -> Path:
    home = tmp_path_factory.mktemp("settled")
    with World(home / "town") as world:
        staff(world.settle())
        for who in WHO:
            world.keys[who].write(home / f"{who}.key")
    return home


def fields(**changed: Any) -> dict[str, Any]:
    """What a clerk writes into FIELDS.json: the names in the clear."""
    creditor = {"kind": "household", "name": "", "organisation": "", "person": NAME}
    there = {"area_label": "康家村", "areas": ["area:康家村"], "creditor": creditor, "handler": HANDLER}
    sums = {"paid_fen": 0, "principal_fen": WAN, "outstanding_fen": WAN, "late_reason": "补登"}
    payload = estate.owed("示例流转金", number="QX-Z-1", obligation=DEBT, **there, **sums, **changed)
    return {"payload": payload, "nature": "opening", "occurred_on": BEGAN}


def prepare(shell: Shell, *more: str, key: str = "kang.key") -> Done:
    write_json("fields.json", fields())
    words = ("prepare", "obligation.register", "fields.json", "--data", "town", "--key", key)
    return shell.bangfu(*words, *more)


def signed(shell: Shell) -> str:
    """An envelope in a file, its disclosures in another."""
    done = prepare(shell, "--disclosures", "names.json")
    assert done.code == 0, done.err
    Path("command.json").write_text(done.out, "utf-8")
    done = shell.bangfu("sign", "command.json", "--key", "kang.key")
    assert done.code == 0, done.err
    Path("envelope.json").write_text(done.out, "utf-8")
    return "envelope.json"


def submitted(shell: Shell) -> Shell:
    done = shell.bangfu("submit", signed(shell), "--data", "town", "--disclosures", "names.json")
    assert done.code == 0, done.err
    return shell


def said(done: Done) -> bytes:
    return (done.out + done.err).encode()


# --- prepare, sign, submit --disclosures ----------------------------------------------------------------------


def test_prepare_asks_where_to_put_the_names_and_says_none(shell: Shell) -> None:
    done = prepare(shell)
    assert (done.code, done.out) == (1, "")
    assert "--disclosures FILE" in done.err
    assert holding(said(done), [NAME, HANDLER]) == []


def test_prepare_refuses_a_name_in_a_field_that_would_be_signed(shell: Shell) -> None:
    """PARTY-1: the name of a household is written in `person`; the field that it stands in is told, and no name."""
    wrong = {"kind": "household", "name": NAME, "organisation": "", "person": ""}
    right = fields()
    write_json("fields.json", right | {"payload": right["payload"] | {"creditor": wrong}})
    words = ("prepare", "obligation.register", "fields.json", "--data", "town", "--key", "kang.key")
    done = shell.bangfu(*words, "--disclosures", "names.json")
    assert (done.code, done.out) == (5, "")
    assert "wrong_party，PARTY-1" in done.err
    assert "creditor/name" in done.err
    assert "person 栏" in done.err
    assert holding(said(done), [NAME]) == []
    assert not Path("names.json").exists()


def test_what_is_signed_holds_commitments_and_the_file_beside_it_is_its_owners(shell: Shell) -> None:
    envelope = signed(shell)
    payload = json.loads(Path("command.json").read_text("utf-8"))["payload"]
    for text in (payload["creditor"]["person"], payload["handler"]):
        assert text.startswith("commit:")
    for file in ("command.json", envelope):
        assert holding(Path(file).read_bytes(), [NAME, HANDLER]) == []
    assert stat.S_IMODE(Path("names.json").stat().st_mode) == 0o600
    opened = json.loads(Path("names.json").read_text("utf-8"))["disclosures"]
    assert [(one["field"], one["value"]) for one in opened] == [("name", NAME), ("name", HANDLER)]


def test_a_file_of_names_is_never_written_over(shell: Shell) -> None:
    before = Path(write_json("names.json", {"mine": 1})).read_bytes()
    done = prepare(shell, "--disclosures", "names.json")
    assert (done.code, done.out) == (5, "")
    assert Path("names.json").read_bytes() == before


def test_an_envelope_without_its_names_is_refused_and_with_them_recorded(shell: Shell) -> None:
    envelope = signed(shell)
    done = shell.bangfu("submit", envelope, "--data", "town")
    assert (done.code, "not_disclosed" in done.err) == (5, True)
    done = shell.bangfu("submit", envelope, "--data", "town", "--disclosures", "names.json", "--json")
    assert done.code == 0, done.err
    first = json.loads(done.out)
    again = json.loads(shell.bangfu("submit", envelope, "--data", "town", "--json").out)
    assert (first["replayed"], again["replayed"]) == (False, True)
    assert again["position"] == first["position"]
    assert files_holding(Path("town"), [NAME, HANDLER]) == {}


def test_the_names_of_another_command_open_nothing(shell: Shell) -> None:
    signed(shell)
    Path("names.json").rename("first.json")
    envelope = signed(shell)
    done = shell.bangfu("submit", envelope, "--data", "town", "--disclosures", "first.json")
    assert (done.code, "wrong_disclosure" in done.err) == (5, True)
    assert holding(said(done), [NAME, HANDLER]) == []


@pytest.mark.parametrize("text", ["", "{}", "[]", '{"format": "bangfu-disclosures/1", "disclosures": "x"}'])
def test_a_file_that_holds_no_names_is_told_and_not_repeated(shell: Shell, text: str) -> None:
    envelope = signed(shell)
    Path("bad.json").write_text(text + ("" if text else NAME), "utf-8")
    done = shell.bangfu("submit", envelope, "--data", "town", "--disclosures", "bad.json")
    assert done.code == 1
    assert "bad.json" in done.err or "disclosures" in done.err
    assert holding(said(done), [NAME, HANDLER]) == []


# --- names, trace --names ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("who", ["kang", "township", "treasurer", "county", "discipline"])
def test_who_may_is_told_the_names(shell: Shell, who: str) -> None:
    submitted(shell)
    done = shell.bangfu("names", "debt:QX-Z-1", "--data", "town", "--key", f"{who}.key")
    assert done.code == 0, done.err
    assert [line.split()[:3] for line in done.out.splitlines()] == [
        ["债权人", "姓名", NAME],
        ["经手人", "姓名", HANDLER],
    ]
    found = json.loads(shell.bangfu("names", DEBT, "--data", "town", "--key", f"{who}.key", "--json").out)
    opened = json.loads(Path("names.json").read_text("utf-8"))["disclosures"]
    assert [{key: one[key] for key in ("field", "salt", "value")} for one in found["names"]] == opened
    story = shell.bangfu("trace", "debt:QX-Z-1", "--data", "town", "--names", f"{who}.key")
    assert f"农户（{NAME}）" in story.out


@pytest.mark.parametrize(("who", "code"), [("registrar", 4), ("recorder", 4), ("shan", 4)])
def test_who_may_not_is_told_so_and_no_name(shell: Shell, who: str, code: int) -> None:
    submitted(shell)
    for words in (
        ("names", "debt:QX-Z-1", "--key", f"{who}.key"),
        ("trace", "debt:QX-Z-1", "--names", f"{who}.key"),
    ):
        done = shell.bangfu(*words, "--data", "town")
        assert (done.code, done.out) == (code, "")
        assert "names_closed" in done.err
        assert holding(said(done), [NAME, HANDLER]) == []


def test_without_a_key_no_command_tells_a_name(shell: Shell) -> None:
    submitted(shell)
    for words in (
        ("trace", "debt:QX-Z-1", "--data", "town"),
        ("trace", "debt:QX-Z-1", "--data", "town", "--json"),
        ("diff", "debt:QX-Z-1", "--from", BEGAN, "--to", ENDED, "--data", "town"),
        ("verify", "town", "--event", "0"),
        ("register", "--data", "town"),
        ("erasures", "--data", "town"),
        ("names", "debt:QX-Z-1", "--data", "town"),
    ):
        assert holding(said(shell.bangfu(*words)), [NAME, HANDLER]) == [], words
    out = shell.bangfu("export-log", "out", "--data", "town")
    assert out.code == 0
    assert files_holding(Path("out"), [NAME, HANDLER]) == {}


def test_wrong_words_are_told(shell: Shell) -> None:
    submitted(shell)
    for words, code in (
        (("names", "debt:QX-Z-1", "--key", "kang.key"), 2),
        (("names", "debt:没有", "--key", "kang.key", "--data", "town"), 3),
        (("names", "debt:QX-Z-1", "--key", "没有.key", "--data", "town"), 3),
    ):
        assert shell.bangfu(*words).code == code, words
    assert shell.bangfu("keygen", "生人", "--out", "stranger.key").code == 0
    done = shell.bangfu("names", "debt:QX-Z-1", "--key", "stranger.key", "--data", "town")
    assert (done.code, "unknown_key" in done.err) == (4, True)


# --- an erasure, from the command line ---------------------------------------------------------------------------


def line(shell: Shell, name: str, value: Any, *keys: str) -> Done:
    program, by = ".venv/bin/bangfu", " ".join(f"--key {key}.key" for key in keys)
    write_json("wish.json", value)
    return shell.line(
        f"{program} prepare {name} wish.json --data town {by} | {program} sign - {by} | {program} submit - --data town"
    )


def test_an_erasure_from_the_order_to_the_last_copy(shell: Shell) -> None:
    submitted(shell)
    paid = estate.repayment(WAN, "示例流转金", obligation=DEBT, late_reason="补登")
    done = line(shell, "obligation.repay", {"payload": paid, "nature": "fact", "occurred_on": ENDED}, "kang")
    assert done.code == 0, done.err
    told = json.loads(shell.bangfu("names", DEBT, "--data", "town", "--key", "treasurer.key", "--json").out)
    wish = {
        "basis": "示例府函〔2026〕9号",
        "commitments": sorted(one["commitment"] for one in told["names"]),
        "copies": [{"medium": "异地备份", "post": post("county")}],
        "erasure": new_id("erasure", "一"),
        "ground": "period_over",
        "subjects": [DEBT],
    }
    done = line(shell, "erasure.order", wish, "township")
    assert (done.code, "NAME-1" in done.err) == (5, True)
    done = line(shell, "erasure.order", wish, "township", "treasurer")
    assert done.code == 0, done.err
    shown = shell.bangfu("names", DEBT, "--data", "town", "--key", "kang.key").out
    assert shown.count(by_authority.STATES["erasing"]) == 2
    listed = shell.bangfu("erasures", "--data", "town").out
    assert "删除中" in listed
    assert f"涉及 债权债务 QX-Z-1 示例流转金（{DEBT}）" in listed
    assert "请另作备份" in listed
    assert line(shell, "erasure.confirm", confirmation(), "county").code == 0
    assert shell.bangfu("erasures", "--data", "town").out.splitlines()[0].split()[3] == "已删除"
    (listed,) = json.loads(shell.bangfu("erasures", "--data", "town", "--json").out)
    assert (listed["state"], listed["subjects"]) == ("erased", [DEBT])
    assert files_holding(Path("town"), [NAME, HANDLER]) == {}
    assert area("kang") in shell.bangfu("trace", DEBT, "--data", "town", "--json").out
    assert shell.bangfu("verify", "town").code == 0
