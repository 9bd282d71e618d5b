"""What somebody is about to endorse, in words, before the signature; and after it, who must sign next (D10)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from api import lines
from api.desk import Desk
from api.endorsing import BATCH, first_of, members, proposal_of
from api.exchange.text import one_line
from api.offices import called
from domain.authority import ROLE_LABELS
from domain.money import Money
from domain.proposal import CAPACITIES
from domain.record import Recorded
from projections.entry import minute
from projections.labels import event_title
from projections.story import Names

_SHOWN = 5  # rows of a batch that are enough to recognise it by


@dataclass(frozen=True, slots=True)
class Awaited:
    """A proposal and the signatures that it still waits for, in order: (capacity, role)."""

    label: str
    position: int
    expires_on: str
    withdrawn: bool
    left: tuple[tuple[str, str], ...]
    done_at: int | None  # where its completion is recorded


def awaited(desk: Desk, position: int) -> Awaited | None:
    """How far the proposal made at a position has come; None when none was made there. Raises LookupError."""
    first = first_of(desk, position)
    made = proposal_of(desk, first)
    if made is None:
        return None
    own = list(desk.reader.of_stream(made.stream))
    signed = [one for one in own if one.event.startswith("proposal.endorsed.")]
    last = signed[-1] if signed else None
    return Awaited(
        label=made.state["label"],
        position=first.position,
        expires_on=made.state["expires_on"],
        withdrawn=any(one.event.startswith("proposal.withdrawn.") for one in own),
        left=tuple((capacity, role) for capacity, role in made.state["needs"][len(signed) :]),
        done_at=last.position - last.i + last.n if last is not None and last.state["complete"] else None,
    )


def shown(desk: Desk, position: int) -> Iterator[str]:
    """What stands at a position: what it says, who signed it when, and of a batch its first rows. Raises LookupError."""
    asked, first = desk.reader.entry(position), first_of(desk, position)
    command, names = first.command or {}, Names(desk.reader)
    if asked.position != first.position:
        yield (
            f"第 {asked.position} 号  {event_title(asked.event)}，是第 {first.position} 号那条指令所记 {first.n} 条中的"
            f"第 {asked.i} 条；一条指令作为整体签署，见第 {first.position} 号"
        )
    yield f"第 {first.position} 号  {event_title(first.event)}，{minute(first.recorded_at)} 入账"
    yield f"  摘要  {one_line(command.get('summary', ''))}"
    if first.event == BATCH:
        yield from _rows(desk, first)
    elif command:
        yield f"  对象  {lines.called(first.stream, names.label(first.stream))}"
        yield f"  业务日期  {command['occurred_on']}；逐项内容见 trace {first.stream}"
    for signer in command.get("signers", ()):
        own = signer["key"]
        yield f"  签名  {called(desk, signer['post']) if signer['post'] else lines.called(own, names.label(own))}"
    if (one := awaited(desk, position)) is not None:
        yield f"  提议  {one.label}，期限 {one.expires_on}"


def _rows(desk: Desk, outcome: Recorded) -> Iterator[str]:
    state, rows = outcome.state, members(desk, outcome.position)
    yield f"  入账  {len(rows)} 行（提交 {state['rows']} 行），合计 {Money(state['sum_fen'])}"
    for one in rows[:_SHOWN]:
        yield f"    {one}"
    if len(rows) > _SHOWN:
        yield f"    ……还有 {len(rows) - _SHOWN} 行，逐行见 trace batch:{outcome.position}"


def next_lines(desk: Desk, position: int) -> Iterator[str]:
    """Who must sign next what was proposed at a position; nothing for what is no proposal."""
    one = awaited(desk, position)
    if one is None:
        return
    if one.withdrawn:
        yield "提议已撤回，不必再签"
    elif one.left:
        (capacity, role), *later = one.left
        yield (
            f"还须签署：{ROLE_LABELS[role]}（{CAPACITIES[capacity]}），{one.expires_on} 以前，"
            f"由另一人：endorse {one.position} --as {capacity}"
        )
        if later:
            yield "  然后：" + "、".join(f"{ROLE_LABELS[who]}（{CAPACITIES[how]}）" for how, who in later)
    else:
        yield f"签署已齐，办成：{one.label}（第 {one.done_at} 号）"
