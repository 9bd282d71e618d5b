"""`bangfu endorse POSITION`: what stands at a position decides which command endorses it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from api.ceremony import NotDone
from api.clerk import Clerk
from api.desk import Answer, Desk
from domain.record import Recorded


def endorse(
    clerk: Clerk,
    position: int,
    capacity: str,
    excepted: Sequence[tuple[int, str]] = (),
    occurred_on: str = "",
) -> Answer:
    """Endorse a batch (checks), a fact (checks) or a proposal at a position. Raises LookupError, NotDone."""
    name, payload = endorsement(clerk.desk, position, capacity, excepted)
    return clerk.do(name, payload, occurred_on=occurred_on)


def endorsement(
    desk: Desk, position: int, capacity: str, excepted: Sequence[tuple[int, str]] = ()
) -> tuple[str, dict[str, Any]]:
    """The command and payload that endorse what stands at a position."""
    entry = desk.reader.entry(position)
    entry = desk.reader.entry(
        position - entry.i + 1
    )  # what was signed stands in the first entry of a command
    made = _proposal(desk, entry)
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
    if entry.event == "batch.recorded.v1":
        return "batch.endorse.v1", {
            "batch": entry.stream,
            "excepted": [[index, reason] for index, reason in excepted],
            "leaf": entry.leaf,
            "position": entry.position,
            "rows": entry.state["rows"],
        }
    if entry.event.startswith(("project.listed.", "project.superseded.")):
        return "project.endorse.v1", {
            "leaf": entry.leaf,
            "name": entry.state["name"],
            "position": entry.position,
            "project": entry.stream,
            "version": entry.version,
        }
    raise NotDone(f"第 {position} 号是 {entry.event}，不是可以签署的")


def _proposal(desk: Desk, first: Recorded) -> Recorded | None:
    """The proposal that a command made, among its entries."""
    for entry in desk.reader.entries(first.position, first.position + first.n):
        if entry.event.startswith("proposal.made."):
            return entry
    return None
