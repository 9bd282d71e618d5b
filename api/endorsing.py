"""`bangfu endorse POSITION`: what stands at a position decides which command endorses it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from api.ceremony import NotDone
from api.clerk import Clerk
from api.desk import Answer, Desk
from domain.command import COMMANDS
from domain.record import Recorded
from domain.values import kind_of
from projections.labels import event_title
from projections.trace import trace

BATCH = "batch.recorded.v1"
PAPER = "document.registered.v1"


@dataclass(frozen=True, slots=True)
class Member:
    """A row of a recorded batch: its place in the batch and in the sheet, and the project that it entered."""

    index: int
    sheet: str
    row: int | None
    number: str
    name: str

    def __str__(self) -> str:
        place = "" if self.row is None else f"第 {self.row} 行 "
        return f"{place}{self.number} {self.name}".strip()


def endorse(
    clerk: Clerk,
    position: int,
    capacity: str,
    excepted: Sequence[tuple[int, str]] = (),
    occurred_on: str = "",
) -> Answer:
    """Endorse a batch (checks), a fact (checks), a document (checks) or a proposal at a position. Raises LookupError, NotDone."""
    name, payload = endorsement(clerk.desk, position, capacity, excepted)
    return clerk.do(name, payload, occurred_on=occurred_on)


def would_endorse(
    clerk: Clerk, position: int, capacity: str, excepted: Sequence[tuple[int, str]] = ()
) -> None:
    """Whether `endorse` would be recorded now: raises the refusal that it would get, and what `endorse` raises."""
    name, payload = endorsement(clerk.desk, position, capacity, excepted)
    clerk.try_out(name, payload)


def members(desk: Desk, position: int) -> list[Member]:
    """The rows that the batch at a position entered; none when no batch stands there. Raises LookupError."""
    entry = desk.reader.entry(position)
    return list(_members(desk, entry)) if entry.event == BATCH else []


def _members(desk: Desk, outcome: Recorded) -> Iterator[Member]:
    left = sum(last - first + 1 for first, last in outcome.state["accepted"])
    for entry in desk.reader.entries(outcome.position + 1, desk.reader.size()) if left else ():
        if entry.i == 1:
            assert entry.batch is not None
            row = entry.state.get("row")
            yield Member(
                index=entry.batch[1],
                sheet=row["sheet"] if row else "",
                row=row["row"] if row else None,
                number=entry.state.get("number", ""),
                name=entry.state.get("name", ""),
            )
            left -= 1
            if not left:
                return


def member_of(rows: Sequence[Member], wanted: str) -> Member:
    """The row of a batch that a clerk means: by its row in the sheet (`3`, `工作表!3`), or by its project's number.

    Raises LookupError, also for a row of which several sheets have one.
    """
    sheet, _, row = wanted.rpartition("!")
    found = [one for one in rows if row == str(one.row) and sheet in ("", one.sheet)]
    found = found or [one for one in rows if wanted == one.number]
    if len(found) == 1:
        return found[0]
    if found:
        choices = "、".join(f"{one.sheet}!{one.row}" for one in found)
        raise LookupError(f"这一批里有几个第 {wanted} 行，请写明工作表：{choices}")
    known = "、".join(str(member.row) for member in rows if member.row is not None)
    raise LookupError(f"这一批里没有已入账的“{wanted}”；可写表中行号（{known}）或编号")


def endorsement(
    desk: Desk, position: int, capacity: str, excepted: Sequence[tuple[int, str]] = ()
) -> tuple[str, dict[str, Any]]:
    """The command and payload that endorse what stands at a position."""
    entry = first_of(desk, position)
    made = proposal_of(desk, entry)
    if made is not None:
        return "proposal.endorse.v1", {
            "capacity": capacity,
            "label": made.state["label"],
            "leaf": entry.leaf,
            "position": entry.position,
            "proposal": made.stream,
            "subject": made.state["subject"],
        }
    if capacity != "checks":
        raise NotDone(f"第 {position} 号是登记的事实，只能以 checks（核查）签署")
    if entry.event == BATCH:
        return "batch.endorse.v1", {
            "batch": entry.stream,
            "excepted": [[index, reason] for index, reason in excepted],
            "leaf": entry.leaf,
            "position": entry.position,
            "rows": entry.state["rows"],
        }
    if entry.event == PAPER:
        paper = trace(desk.reader, entry.stream)  # as it reads now: what was corrected is to be seen anew
        return "document.endorse.v1", {
            "document": entry.stream,
            "issued_on": paper.value("issued_on"),
            "leaf": entry.leaf,
            "name": paper.value("name"),
            "position": entry.position,
        }
    noun = kind_of(entry.stream)
    if entry.state.get("unchecked") and f"{noun}.endorse.v1" in COMMANDS and entry.command is not None:
        return f"{noun}.endorse.v1", {
            "leaf": entry.leaf,
            "name": entry.command["payload"]["name"],
            noun: entry.stream,
            "position": entry.position,
            "version": entry.version,
        }
    raise NotDone(
        f"第 {position} 号是“{event_title(entry.event)}”，不须签署；可以签署的是一批事实、一条未核的事实、一份材料，或一个提议"
    )


def first_of(desk: Desk, position: int) -> Recorded:
    """The first entry of the command whose entry stands at a position: there stands what was signed. Raises LookupError."""
    entry = desk.reader.entry(position)
    return entry if entry.i == 1 else desk.reader.entry(position - entry.i + 1)


def proposal_of(desk: Desk, first: Recorded) -> Recorded | None:
    """The proposal that a command made, among its entries."""
    for entry in desk.reader.entries(first.position, first.position + first.n):
        if entry.event.startswith("proposal.made."):
            return entry
    return None
