"""FORMAT 15: what the vectors do not show: memory, order under many threads, the command line, what is said to people."""

from __future__ import annotations

import json
import os
import random
import re
import signal
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from audit import canonical, dsse, replays
from audit.__main__ import main
from audit.checker import Check
from audit.errors import NotBelieved
from audit.exported import ExportedLog
from audit.heads import NEW, Head, Heads
from audit.pending import PendingSignatures
from audit.replays import Statements
from audit.trust import Trust
from audit.verdict import Failure, Verdict
from audit.verify import verify
from tests.support import town
from tests.support.logbook import Logbook, Piece, hash_of, proof_by, write
from tests.support.shell import NODE
from tests.vectors.forged import forged


class Memory:
    """A logbook as a source, without files."""

    def __init__(self, book: Logbook) -> None:
        self._book, self._files = book, book.files()

    def vkey(self) -> bytes:
        return self._files["vkey"]

    def checkpoint(self) -> bytes:
        return self._files["checkpoint"]

    def seals(self) -> Iterator[bytes]:
        return iter(self._book.seal_lines)

    def entries(self, start: int, size: int) -> Iterator[bytes]:
        return iter(self._book.entries[start:size])

    def tile(self, level: int, number: int, width: int) -> bytes | None:
        partial = "" if width == 256 else f".p/{width}"
        return self._files.get(f"tile/{level}/{number:03d}{partial}")


@pytest.fixture(scope="module")
def long() -> Logbook:
    return town.long()


@pytest.fixture
def directory(tmp_path: Path) -> Path:
    write(town.worked().files(), tmp_path / "log")
    return tmp_path / "log"


def failure(verdict: Verdict) -> tuple[int | None, int]:
    found: Failure = verdict.failures[0]
    return found.position, found.step


def test_15_a_source_need_not_be_a_directory(long: Logbook, tmp_path: Path) -> None:
    write(long.files(), tmp_path)
    assert verify(Memory(long)) == verify(ExportedLog(tmp_path))
    assert verify(Memory(long)).ok


def test_15_the_verdict_counts_what_was_checked(long: Logbook) -> None:
    verdict = verify(Memory(long))
    assert verdict.checked == (310, 311, len(long.seal_lines))
    assert (verdict.size, verdict.root.hex()) == (310, verdict.json()["root"])
    assert verdict.note == long.note()


def test_15_a_source_that_stops_early_fails_at_the_first_entry_missing() -> None:
    book = town.worked()
    source = Memory(book)
    book.entries.pop()
    assert failure(verify(source)) == (10, 6)


def test_15_of_subjects_it_is_said_which_one_is_not_right() -> None:
    """Step 15: what is missing or miscounted by its id and what it should be, else what is listed too much."""
    more = town.asset("另一")

    def too_much(piece: Piece) -> None:
        piece.header["subjects"] = sorted([*piece.header["subjects"], [more, 1, "0" * 64]])

    def miscounted(piece: Piece) -> None:
        next(row for row in piece.header["subjects"] if row[0] == town.asset("仓库"))[1] += 1

    for change, says in (
        (too_much, f"subjects 多列了 {more}"),
        (miscounted, f"主体 {town.asset('仓库')} 应为第 1 次，"),
        (lambda piece: piece.header["subjects"].pop(), "主体 "),
    ):
        (found,) = verify(Memory(forged(change))).failures
        assert (found.position, found.step) == (3, 15)
        assert found.detail.startswith(says)


def test_14_the_verdict_says_how_much_it_rests_on(long: Logbook) -> None:
    source = Memory(long)
    assert verify(source).trust == "none"
    assert verify(source, canonical.encode(long.trust(None))).trust == "policy"
    assert verify(source, Trust.load(canonical.encode(long.trust(1)))).trust == "policy+seen"


def test_14_a_verified_checkpoint_raises_the_trust_file() -> None:
    less, more = town.settled(), town.worked()
    trust = Trust.load(canonical.encode(less.trust(1)))
    raised = trust.raised(verify(Memory(more), trust).note)
    assert failure(verify(Memory(less), raised)) == (None, 4)
    assert verify(Memory(less), trust).ok


# Memory: heads and statement ids.


def test_9_heads_moved_to_the_file_are_found_again() -> None:
    numbers = random.Random(7)
    small, all_ = Heads(in_memory_max=10), dict[str, Head]()
    for step in range(3_000):
        subjects = sorted({f"asset_{numbers.randrange(200)}" for _ in range(3)})
        stream, leaf = min(subjects), hash_of(str(step))
        heads = [all_.get(subject, NEW) for subject in subjects]
        rows = [
            f'["{subject}",{count + 1},"{previous}"]'
            for subject, (count, _, previous) in zip(subjects, heads, strict=True)
        ]
        version = all_.get(stream, NEW)[1] + 1
        assert small.name(subjects, stream, leaf) == (rows, version)
        all_ |= {
            one: (count + 1, version if one == stream else before, leaf)
            for one, (count, before, _) in zip(subjects, heads, strict=True)
        }
    assert small.name(["asset_new"], "asset_new", leaf) == ([f'["asset_new",1,"{NEW[2]}"]'], 1)
    small.close()


def test_16_a_statement_is_a_suspect_only_the_second_time() -> None:
    statements = Statements(1_000)
    messages = [str(number).encode() for number in range(1_000)]
    for one in messages:
        statements.add(one)
    assert statements.suspects == set()
    statements.add(messages[500])
    assert len(statements.suspects) == 1
    again = [*enumerate(messages), (1_000, messages[500])]
    assert statements.settle(again) == 1_000
    assert statements.suspects == set()


def test_16_an_innocent_suspect_is_cleared() -> None:
    statements = Statements(1_000)
    statements.suspects.add(hash(b"one"))
    assert statements.settle([(0, b"one"), (1, b"other")]) is None
    assert len(statements.suspects) < replays.SUSPECTS_MAX


# Order: the first failure, whatever was finished first.


def checks(bad: set[int], count: int) -> list[Check]:
    key = town.CLERK.key
    good = key.sign(b"message")
    return [
        (key.public, good if number not in bad else bytes(64), b"message", 18, number, key.key_id)
        for number in range(count)
    ]


def judge(many: list[Check]) -> int:
    with PendingSignatures() as signatures:
        for check in many:
            signatures.add(check)
        signatures.settle()
    return signatures.added


@pytest.mark.parametrize("bad", [{0}, {5, 6}, {127, 128}, {700, 300, 2_000}, {2_499}])
def test_15_of_many_bad_signatures_the_first_is_named(bad: set[int]) -> None:
    with pytest.raises(NotBelieved) as raised:
        judge(checks(bad, 2_500))
    assert raised.value.position == min(bad)


def test_15_good_signatures_raise_nothing() -> None:
    assert judge(checks(set(), 2_500)) == 2_500


@pytest.mark.parametrize("bad", [set(), {2_900}, {700, 2_900}])
@pytest.mark.parametrize("killed_at", [0, 1_200, 2_999])
def test_15_the_work_of_a_process_that_dies_is_done_by_the_reader(bad: set[int], killed_at: int) -> None:
    found: NotBelieved | None = None
    with PendingSignatures() as signatures:
        signatures.expect(3_000)
        assert len(signatures.processes) == (os.cpu_count() or 1) - 1
        try:
            for number, check in enumerate(checks(bad, 3_000)):
                if number == killed_at:
                    for process in signatures.processes:
                        os.kill(process, signal.SIGKILL)
                signatures.add(check)
            signatures.settle()
        except NotBelieved as error:
            found = error
    assert (found.position if found else None) == min(bad, default=None)


def test_15_a_bad_signature_before_a_structural_failure_is_the_verdict(long: Logbook) -> None:
    """The threads have not yet looked at the signature when the reading stops."""
    book = town.worked()
    liar = town.Person("丙", "clerk", town.FIRST.key)
    signers = [town.CLERK]
    command = book.command("asset.book.v1", signers, {"asset": town.asset("甲")})
    body = canonical.encode(command)
    proof = [[town.CLERK.key.key_id, canonical.decode(proof_by((liar,), dsse.COMMAND, body))[0][1]]]
    town.book_asset(book, "甲", body=body, proof=canonical.encode(proof))
    town.book_asset(book, "乙", change=lambda piece: piece.header.update(position=0))
    book.seal()
    assert failure(verify(Memory(book))) == (11, 18)


def test_15_a_replay_before_a_bad_signature_is_the_verdict() -> None:
    book = town.settled()
    body = town.book_asset(book, "甲")
    proof = proof_by((town.CLERK,), dsse.COMMAND, body)
    town.book_asset(book, "甲", body=body, proof=proof)
    town.book_asset(book, "乙", proof=proof_by((town.CLERK,), dsse.COMMAND, b"{}"))
    book.seal()
    assert failure(verify(Memory(book))) == (4, 16)


def test_15_a_bad_signature_before_a_replay_is_the_verdict() -> None:
    book = town.settled()
    town.book_asset(book, "乙", proof=proof_by((town.CLERK,), dsse.COMMAND, b"{}"))
    body = town.book_asset(book, "甲")
    proof = proof_by((town.CLERK,), dsse.COMMAND, body)
    town.book_asset(book, "甲", body=body, proof=proof)
    book.seal()
    assert failure(verify(Memory(book))) == (3, 18)


# The command line.


def test_a_good_log_exits_0_and_says_what_it_does_not_prove(
    directory: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main([str(directory)]) == 0
    said = capsys.readouterr().out
    assert "核验通过" in said
    assert "只证明自洽，未证明身份" in said


def test_a_bad_log_exits_7_and_names_step_and_position(
    directory: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    bundle = directory / "tile/entries/000.p/11"
    bundle.write_bytes(bundle.read_bytes().replace(b'"value_fen":1000', b'"value_fen":9000'))
    assert main([str(directory)]) == 7
    assert "第 7 步，第 3 号分录" in capsys.readouterr().out


def test_both_verifiers_tell_a_verdict_in_the_same_words(
    directory: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """What one says a clerk must find again in what the other says; only the details of a failure are their own."""

    def told() -> tuple[list[str], list[str]]:
        main([str(directory)])
        ours = capsys.readouterr().out.splitlines()
        program = Path(__file__).parents[2] / "audit" / "second" / "verify.mjs"
        done = subprocess.run(
            [str(NODE), str(program), str(directory)], capture_output=True, encoding="utf-8", check=False
        )
        return ours, done.stdout.splitlines()

    ours, theirs = told()
    assert (ours[0], ours) == ("核验通过", theirs)
    bundle = directory / "tile/entries/000.p/11"
    bundle.write_bytes(bundle.read_bytes().replace(b'"value_fen":1000', b'"value_fen":9000'))
    verdicts = [lines[0].split("：")[:2] for lines in told()]
    assert verdicts == [["核验不通过", "第 7 步，第 3 号分录"]] * 2


def test_json_has_the_keys_that_other_programs_rely_on(
    directory: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main([str(directory), "--json"]) == 0
    answer = json.loads(capsys.readouterr().out)
    assert answer == {
        "ok": True,
        "trust": "none",
        "size": 11,
        "root": verify(ExportedLog(directory)).root.hex(),
        "checked": {"entries": 11, "signatures": 12, "seals": 5},
        "doubtful": [],
        "failures": [],
    }


def test_a_failure_in_json_has_position_step_and_detail(
    directory: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (directory / "vkey").unlink()
    assert main([str(directory), "--json"]) == 7
    (found,) = json.loads(capsys.readouterr().out)["failures"]
    assert (found["position"], found["step"], sorted(found)) == (None, 1, ["detail", "position", "step"])


def test_event_shows_the_command_that_stands_before_the_second_event(
    directory: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main([str(directory), "--event", "5", "--json"]) == 0
    event = json.loads(capsys.readouterr().out)["event"]
    assert event["header"]["event"] == "debt.settled.v1"
    assert event["state"]["paid_fen"] == 7
    assert event["statement"]["command"] == "asset.dispose.v1"


def test_a_trust_file_of_another_ledger_exits_7(
    directory: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    other = Logbook(town.STRANGER, origin="bangfu/999902/" + "0" * 32)
    trust = tmp_path / "trust"
    trust.write_bytes(canonical.encode(other.trust()))
    assert main([str(directory), "--trust", str(trust)]) == 7
    assert "这份信任文件是另一本台账的" in "".join(capsys.readouterr())


@pytest.mark.parametrize("arguments", [[], ["nowhere"], [".", "--trust", "nowhere"], [".", "--depth"]])
def test_wrong_usage_exits_2(arguments: list[str]) -> None:
    with pytest.raises(SystemExit) as stopped:
        main(arguments)
    assert stopped.value.code == 2


def test_the_help_is_chinese(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--help"]) == main(["-h"]) == 0
    said = capsys.readouterr().out
    assert said.startswith("用法：python -m audit")
    assert not re.search(r"usage|options|arguments|show|exit", said)


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        ([], "缺少 TARGET"),
        (["nowhere"], "nowhere 不是目录"),
        ([".", "out"], "多出的词：out"),
        ([".", "--trust", "nowhere"], "nowhere 不是文件"),
        ([".", "--trust"], "选项 --trust 后面缺少值"),
        ([".", "--json=3"], "选项 --json 后面不写值"),
        ([".", "--event", "x"], "--event 应为整数"),
        ([".", "--event", "-1"], "--event 应为整数"),
        ([".", "--event", "9" * 5_000], "--event 应为整数"),
        ([".", "--event", "１"], "--event 应为整数"),
        ([".", "--depth"], "没有选项 depth"),
    ],
)
def test_a_slip_of_the_pen_is_told_in_chinese(
    arguments: list[str], told: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as stopped:
        main(arguments)
    said = capsys.readouterr()
    assert (stopped.value.code, said.out) == (2, "")
    assert said.err.splitlines() == [told, "用法：python -m audit [选项] TARGET"]


def test_an_event_that_is_not_there_exits_2(directory: Path) -> None:
    with pytest.raises(SystemExit) as stopped:
        main([str(directory), "--event", "11"])
    assert stopped.value.code == 2
