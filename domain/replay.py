"""Re-execution (重放): decide recorded commands once more and compare. `python -m domain.replay --epoch N < lines`.

Reads one JSON object a line, an entry each, in order of position: position, leaf, date (the recorded date,
UTC+8), epoch, event, stream, version, i, n, state, command (or null), command_id, batch (on an outcome entry
{"statement": …}, else null), member ([position of the outcome, index] or null). The commands of epoch N are
decided from the state before them; entries of earlier epochs are only applied, of later ones ignored.
Writes a line {"position", "detail"} for each difference and at last {"applied", "decided"}.

The bytes of a batch's refused rows are not in the log: only its accepted rows are decided, and the refused
indexes of its outcome are taken as recorded. Nothing but the standard streams is read or written, so the
package runs as it is from a zip archive.
"""

import argparse
import json
import sys
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from domain.authority import Directory
from domain.base import Aggregate, Event, recall, state_of
from domain.decide import check_statement, decide, decide_rows, ranges
from domain.errors import Refused
from domain.record import Recorded, Signed, SignedBatch
from domain.standing import Happened
from domain.values import STANDING, ids_in, is_moving, kind_of
from domain.world import World

Line = Mapping[str, Any]
OUTCOME = "batch.recorded.v1"

_print = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"), sort_keys=True).encode


@dataclass(slots=True)
class Past:
    """The entries so far, in memory: the `Books` that the recorded decisions looked at."""

    directory: Directory = field(default_factory=Directory)
    counts: dict[str, int] = field(default_factory=dict)
    streams: dict[str, list[Event]] = field(default_factory=dict)
    places: dict[tuple[str, int], tuple[int, str]] = field(default_factory=dict)
    statements: dict[int, Sequence[Mapping[str, str]]] = field(default_factory=dict)

    def moves(self, subjects: Sequence[str]) -> dict[str, int]:
        return {
            one: self.counts.get(one, 0) if is_moving(one) else len(self.streams.get(one, ()))
            for one in subjects
        }

    def look(
        self, command_ids: Sequence[str], subjects: Sequence[str]
    ) -> tuple[dict[str, tuple[int, int]], dict[str, int]]:
        return {}, self.moves(subjects)  # see `find`

    def find(self, command_id: str) -> tuple[int, int] | None:
        return None  # a recorded command was never recorded before: verify has seen to that (FORMAT, step 16)

    def located(self, stream: str, version: int) -> tuple[int, str] | None:
        return self.places.get((stream, version))

    def signers(self, position: int) -> Sequence[Mapping[str, str]]:
        return self.statements[position]

    def identities(self, start: int) -> tuple[Sequence[Recorded], int]:
        return (), start  # a replay keeps its directory itself

    def begun(
        self, kinds: Collection[str], after: int, before: int
    ) -> Iterable[tuple[str, Mapping[str, Any]]]:
        firsts = sorted(
            (position, stream)
            for (stream, version), (position, _) in self.places.items()
            if version == 1 and after < position < before and kind_of(stream) in kinds
        )
        return ((stream, state_of(self.streams[stream][0])) for _, stream in firsts)

    def epoch(self) -> int:
        return self.directory.epoch

    def load(self, stream: str) -> Aggregate | None:
        """As far as its stream goes without a hole: where an entry is missing, the decision that made it says so."""
        aggregate: Aggregate | None = None
        for version, event in enumerate(self.streams.get(stream, ()), start=1):
            if event.originator_version != version:
                break
            aggregate = event.mutate(aggregate)
        return aggregate

    def world(self) -> World:
        return World(self, self.load, self.directory)

    def apply(self, line: Line) -> None:
        """Take one entry in."""
        stream, version, position, state = line["stream"], line["version"], line["position"], line["state"]
        self.streams.setdefault(stream, []).append(recall(line["event"], stream, version, state))
        self.places[stream, version] = (position, line["leaf"])
        statement = line["command"] if line["batch"] is None else line["batch"]["statement"]
        if statement is not None:
            self.statements[position] = statement["signers"]
        for subject in ids_in(state) | ids_in(statement) | {stream}:
            if is_moving(subject):
                self.counts[subject] = self.counts.get(subject, 0) + 1
        if kind_of(stream) in STANDING:
            self.directory = self.directory.applied(
                [Happened(position, line["leaf"], line["event"], stream, version, state)]
            )


def _said(name: str, stream: str, version: int, state: Any) -> str:
    return _print([name, stream, version, state])


def _recorded(lines: Sequence[Line]) -> list[str]:
    return [_said(line["event"], line["stream"], line["version"], line["state"]) for line in lines]


def _decided(events: Sequence[Event]) -> list[str]:
    return [_said(one.TOPIC, one.originator_id, one.originator_version, state_of(one)) for one in events]


def _signed(line: Line) -> Signed:
    return Signed(line["command_id"] or "", b"", line["command"], ())


def _compare(lines: Sequence[Line], decided: Sequence[str]) -> Iterator[dict[str, Any]]:
    """A difference for each entry that the decision did not give, or gave otherwise."""
    for line, was, now in zip(lines, _recorded(lines), decided, strict=False):
        if was != now:
            yield {"position": line["position"], "detail": f"重放得 {now}，记录为 {was}"}
    if len(lines) != len(decided):
        yield {
            "position": lines[0]["position"],
            "detail": f"重放得 {len(decided)} 个事件，记录为 {len(lines)} 个",
        }


def decide_command(past: Past, lines: Sequence[Line]) -> Iterator[dict[str, Any]]:
    """The differences of one recorded command."""
    try:
        events = decide(past.world(), _signed(lines[0]), lines[0]["date"])
    except Refused as refusal:
        yield {"position": lines[0]["position"], "detail": f"重放拒绝：{refusal.code} {refusal.message}"}
    else:
        yield from _compare(lines, _decided(events))


def decide_recorded_batch(
    past: Past, outcome: Line, members: Sequence[list[Line]]
) -> Iterator[dict[str, Any]]:
    """The differences of one recorded batch: its outcome, and each of its accepted rows."""
    statement, today, state = outcome["batch"]["statement"], outcome["date"], outcome["state"]
    rows = [(lines[0]["member"][1], _signed(lines[0])) for lines in members]
    batch = SignedBatch(outcome["command_id"] or "", b"", statement, (), tuple(member for _, member in rows))
    world = past.world()
    try:
        check_statement(world, batch, today)
    except Refused as refusal:
        yield {"position": outcome["position"], "detail": f"重放拒绝批次：{refusal.code} {refusal.message}"}
        return
    source = statement["source"]
    rebuilt = {
        "accepted": ranges([index for index, _ in rows]),
        "batch": statement["batch"],
        "refused": state.get("refused"),
        "rows": statement["rows"],
        "sha256": source["sha256"],
        "sum_fen": source["sum_fen"],
    }
    yield from _compare([outcome], [_said(OUTCOME, statement["batch"], 1, rebuilt)])
    accepted, refused = decide_rows(world, batch, rows, today)
    events = dict(accepted)
    why = dict(refused)
    for lines in members:
        index = lines[0]["member"][1]
        if index in events:
            yield from _compare(lines, _decided(events[index]))
        else:
            detail = f"重放拒绝第 {index} 行：{why[index].code} {why[index].message}"
            yield {"position": lines[0]["position"], "detail": detail}


def _units(lines: Iterable[Line]) -> Iterator[tuple[list[Line], list[list[Line]]]]:
    """The entries of one command, or an outcome with the entries of each of its members."""
    outcome: list[Line] = []
    members: list[list[Line]] = []
    due = 0
    unit: list[Line] = []
    for line in lines:
        unit.append(line)
        if line["i"] < line["n"]:
            continue
        if line["batch"] is not None:
            outcome, members = unit, []
            due = sum(last - first + 1 for first, last in line["state"]["accepted"])
        elif due:
            members.append(unit)
            due -= 1
        else:
            yield unit, []
        unit = []
        if outcome and due == 0:
            yield outcome, members
            outcome = []


def replay(lines: Iterable[Line], epoch: int) -> Iterator[dict[str, Any]]:
    """The differences in order, and at last how many commands were decided and entries applied."""
    past = Past()
    decided = applied = 0
    for unit, members in _units(line for line in lines if line["epoch"] <= epoch):
        if unit[0]["epoch"] == epoch:
            if unit[0]["batch"] is None:
                decided += 1
                yield from decide_command(past, unit)
            else:
                decided += 1 + len(members)
                yield from decide_recorded_batch(past, unit[0], members)
        for line in (*unit, *(one for lines_ in members for one in lines_)):
            past.apply(line)
            applied += 1
    yield {"applied": applied, "decided": decided}


def main(arguments: Sequence[str] | None = None) -> None:
    parser = argparse.ArgumentParser(prog="python -m domain.replay")
    parser.add_argument("--epoch", type=int, required=True)
    epoch = parser.parse_args(arguments).epoch
    for found in replay(map(json.loads, sys.stdin.buffer), epoch):
        sys.stdout.buffer.write(_print(found).encode() + b"\n")
    sys.stdout.buffer.flush()


if __name__ == "__main__":
    main()
