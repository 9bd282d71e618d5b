"""Re-execution (D6): the recorded commands give the recorded events, anywhere, and a changed entry is noticed."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from domain.archive import archive
from domain.base import EVENTS
from domain.replay import replay
from tests.domain import corpus
from tests.domain.story import Json, Town, identity

PACKAGE = Path(__file__).resolve().parents[2] / "domain"


def history() -> list[Json]:
    lines: list[Json] = json.loads(json.dumps(corpus.history().books.lines()))
    return lines


def test_the_corpus_of_epoch_1_is_decided_as_it_was() -> None:
    lines = corpus.kept()
    *differences, summary = replay(lines, 1)
    assert differences == [], "a decision has changed: the rules need a new epoch"
    assert summary["applied"] == len(lines)


def test_the_corpus_has_every_event() -> None:
    assert {line["event"] for line in corpus.kept()} == set(EVENTS) - {"rules.adopted.v1"}


def test_a_history_gives_itself_again() -> None:
    lines = history()
    *differences, summary = replay(lines, 1)
    assert differences == []
    assert summary == {"applied": len(lines), "decided": len([one for one in lines if one["i"] == 1])}


def changed(lines: list[Json], event: str, change: Any) -> tuple[list[Json], int]:
    for line in lines:
        if line["event"] == event:
            change(line)
            return lines, int(line["position"])
    raise AssertionError(event)


def _set(part: str, key: str, value: Any) -> Any:
    return lambda line: line[part].__setitem__(key, value)


@pytest.mark.parametrize(
    ("event", "change"),
    [
        ("project.listed.v1", _set("state", "total_fen", 1)),
        ("project.listed.v1", _set("state", "former_poor_village", 1)),
        ("project.listed.v1", _set("state", "notes", ["PROJ-3"])),
        ("project.class_determined.v1", _set("state", "class", "weak")),
        ("proposal.made.v1", _set("state", "needs", [["seals", "township"]])),
        ("batch.recorded.v1", _set("state", "sum_fen", 1)),
        ("batch.recorded.v1", _set("state", "accepted", [[0, 1]])),
        ("key.enrolled.v1", _set("state", "role", "township")),
        ("project.endorsed.v1", lambda line: line.update(date="2027-02-01")),
        ("project.class_opined.v1", lambda line: line["command"]["payload"].update(cause_codes=[])),
    ],
)
def test_an_entry_that_the_rules_do_not_give_is_named(event: str, change: Any) -> None:
    lines, position = changed(history(), event, change)
    differences = list(replay(lines, 1))[:-1]
    assert position in [one["position"] for one in differences]


def test_a_row_that_the_rules_refuse_is_named() -> None:
    def forge(line: Json) -> None:
        line["command"]["payload"]["operator"] = line["state"]["operator"] = "张三"
        line["command"]["summary"] = line["command"]["summary"]

    lines = history()
    member = next(one for one in lines if one["member"])
    forge(member)
    (difference,) = list(replay(lines, 1))[:-1]
    assert difference["position"] == member["position"]
    assert "personal_text" in difference["detail"]


def test_an_entry_left_out_of_a_command_is_named() -> None:
    lines = history()
    made = next(one for one in lines if one["event"] == "proposal.made.v1")
    lines.remove(made)
    opined = lines[made["position"] - 1]
    opined["n"] = 1
    assert {"position": opined["position"], "detail": "重放得 2 个事件，记录为 1 个"} in list(
        replay(lines, 1)
    )


def test_other_epochs_are_only_applied_or_left_alone() -> None:
    lines = history()
    assert list(replay(lines, 2)) == [{"applied": len(lines), "decided": 0}]
    last = max(at for at, line in enumerate(lines) if line["i"] == 1)
    for line in lines[last:]:
        line["epoch"] = 2
    lines[-1]["event"] = "project.painted.v1"
    found = list(replay(lines, 1))
    assert found[-1]["applied"] == last
    assert found == list(replay(lines[:last], 1))


def run(arguments: list[str], lines: list[Json], **environment: str) -> list[Json]:
    done = subprocess.run(
        [sys.executable, "-B", *arguments, "--epoch", "1"],
        input="".join(json.dumps(line, ensure_ascii=False) + "\n" for line in lines).encode(),
        capture_output=True,
        env={"PATH": os.environ["PATH"], **environment},
        check=True,
        cwd="/",
    )
    return [json.loads(line) for line in done.stdout.splitlines()]


def test_it_runs_from_the_archive_in_any_hash_seed_and_time_zone(tmp_path: Path) -> None:
    lines = history()
    files = {path.name: path.read_bytes() for path in PACKAGE.iterdir() if path.is_file()}
    (tmp_path / "rules.zip").write_bytes(archive(files))
    expected = list(replay(lines, 1))
    for seed, zone in (("1", "Asia/Shanghai"), ("2", "America/Los_Angeles")):
        found = run(
            ["-m", "domain.replay"],
            lines,
            PYTHONPATH=str(tmp_path / "rules.zip"),
            PYTHONHASHSEED=seed,
            TZ=zone,
        )
        assert found == expected


def test_the_decision_of_a_command_says_nothing_of_its_signatures_or_bytes(town: Town) -> None:
    project = town.listed()
    assert town.books.entries[-1].stream == project == identity("project", "油茶基地")
    assert town.check()["decided"] == len(town.books.entries)
