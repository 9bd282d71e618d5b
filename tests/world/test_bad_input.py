"""Bad input, by the desk and by the command line: each gets its code, rule and exit code, and nothing is recorded.

Before a good signature is established nobody answers for the refusal (FORMAT 5.4). After it, the ledger signs its answer.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from api.cli import run as bangfu
from api.cli_say import EXIT_CONFLICT
from api.compose import china_today
from api.desk import Desk
from api.settings import Settings
from audit import canonical, dsse, suites
from audit.ids import key_id
from tests.support.second import SecondVerifier
from tests.support.world import World, post
from tests.world.bad_input import BAD, Bad, act, batch, checking, listing, signed


@pytest.fixture(scope="module")
def open_world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    """Nothing is recorded by any test here: so one ledger serves them all, and in the end it still verifies."""
    with World(tmp_path_factory.mktemp("bad-input") / "ledger") as world:
        world.settle()
        world.listed("油茶基地", number="QX-0001")
        world.endorsed(world.desk.log.size - 1, "checks", "centre")
        world.listed("养蜂场")
        world.accepted("key.revoke.v1", {"key": world.keys["centre2"].key_id, "reason": "调离"}, "registrar")
        world.accepted(
            "post.close.v1", {"post": post("shan"), "reason": "撤并", "title": "示例岗位 shan"}, "registrar"
        )
        yield world


def everything(world: World) -> dict[str, list[Any]]:
    """Every row of every table of the ledger's database."""
    path = world.settings.data / "ledger.db"
    with sqlite3.connect(f"file:{path}?mode=ro", uri=True) as database:
        names = [name for (name,) in database.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
        found = {name: sorted(map(repr, database.execute(f"SELECT * FROM {name}"))) for name in names}
    database.close()
    assert len(found["entries"]) == world.desk.log.size
    return found


def check_answer(world: World, answer: Any, bad: Bad, wire: bytes) -> None:
    """The ledger's own signed word, or none before a good signature."""
    if not bad.is_answered:
        assert answer is None
        return
    envelope = dsse.envelope_of(answer)
    ((key, signature),) = envelope.signatures
    public = world.desk.log.vkey().public
    assert envelope.kind == dsse.ANSWER
    assert suites.verify(suites.ED25519, public, signature, dsse.pae(dsse.ANSWER, envelope.body))
    value = json.loads(wire)
    handed_in = dsse.envelope_of(value.get("envelope", value))
    assert canonical.decode(envelope.body) == {
        "code": bad.code,
        "command": dsse.statement_id(handed_in.kind, handed_in.body).hex(),
        "origin": world.desk.log.origin,
        "position": None,
        "rule": bad.rule,
        "size": world.desk.log.size,
    }
    assert key == key_id(suites.ED25519, public)


@pytest.mark.parametrize("name", BAD)
def test_bad_input_is_refused_at_the_desk_and_nothing_is_recorded(open_world: World, name: str) -> None:
    bad = BAD[name]
    wire = bad.make(open_world)
    before = everything(open_world)
    answer = open_world.desk.submit(wire)
    assert (answer.code, answer.rule) == (bad.code, bad.rule), answer.message
    assert not answer.ok
    assert answer.message
    assert answer.position is None
    check_answer(open_world, answer.answer, bad, wire)
    assert everything(open_world) == before


@pytest.mark.parametrize("name", BAD)
def test_bad_input_is_refused_at_the_command_line_and_nothing_is_recorded(
    open_world: World, name: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    bad = BAD[name]
    wire = bad.make(open_world)
    (tmp_path / "wire.json").write_bytes(wire)
    before = everything(open_world)
    data = str(open_world.settings.data)
    assert bangfu(["submit", str(tmp_path / "wire.json"), "--data", data, "--json"]) == bad.exit
    said = json.loads(capsys.readouterr().out)
    assert (said["ok"], said["code"], said["rule"]) == (False, bad.code, bad.rule)
    check_answer(open_world, said.get("answer"), bad, wire)
    assert bangfu(["submit", str(tmp_path / "wire.json"), "--data", data]) == bad.exit
    heard = capsys.readouterr()
    assert heard.out == ""
    assert f"（{bad.code}，{bad.rule}）" in heard.err
    assert everything(open_world) == before


def test_every_case_has_a_good_neighbour_that_would_be_recorded(world: World) -> None:
    """The same makers without their fault: what the tables above refuse is refused for its fault alone."""
    assert world.desk.submit(signed(listing(world), "kang")).ok
    assert world.desk.submit(batch(world)).ok
    world.listed("养蜂场")
    payload = checking(world)
    assert world.desk.submit(signed(act(world, "project.endorse.v1", payload, "centre"), "centre")).ok


def test_after_all_that_the_ledger_verifies(
    open_world: World, tmp_path: Path, second: SecondVerifier
) -> None:
    open_world.check(tmp_path, second)


def test_the_command_line_says_what_is_missing(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], open_world: World
) -> None:
    """Usage 2, not found 3: and never a traceback."""
    data = str(open_world.settings.data)
    (tmp_path / "text.json").write_text("x")
    cases = [
        (["submit"], 2),
        (["submit", str(tmp_path / "text.json"), "--data", str(tmp_path / "none")], 3),
        (["submit", str(tmp_path / "none.json"), "--data", data], 3),
        (["trace", "project:没有", "--data", data], 3),
        (["trace", "project:QX-0001", "--data", str(tmp_path / "none")], 3),
        (["endorse", "99999", "--key", str(tmp_path / "text.json"), "--data", data], 1),
        (["no-such-command"], 2),
        (["verify", str(tmp_path)], 1),
        (["export-log", str(tmp_path), "--data", data], 5),
    ]
    for words, expected in cases:
        assert bangfu(words) == expected, words
        heard = capsys.readouterr()
        assert heard.err, words
        assert "Traceback" not in heard.err


def test_a_copy_without_the_ledgers_key_only_reads(
    open_world: World, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    data = tmp_path / "copy"
    data.mkdir()
    with sqlite3.connect(open_world.settings.data / "ledger.db") as source:
        with sqlite3.connect(data / "ledger.db") as target:
            source.backup(target)
        target.close()
    source.close()
    wire = signed(listing(open_world), "kang")
    with Desk(Settings(data=data)) as desk:
        answer = desk.submit(wire)
        assert (answer.code, answer.answer) == ("read_only", None)
        assert desk.log.size == open_world.desk.log.size
    (tmp_path / "wire.json").write_bytes(wire)
    assert bangfu(["submit", str(tmp_path / "wire.json"), "--data", str(data)]) == EXIT_CONFLICT
    assert "（read_only，FORMAT-12）" in capsys.readouterr().err
    assert bangfu(["trace", "project:QX-0001", "--data", str(data)]) == 0


def test_the_same_limit_holds_by_one_day(open_world: World) -> None:
    """CMD-4 at its edge: valid until today is good enough to be refused for something else only."""
    late = listing(open_world, valid_until=china_today(), summary="别的")
    assert open_world.desk.submit(signed(late, "kang")).code == "wrong_summary"
