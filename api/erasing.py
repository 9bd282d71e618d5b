"""Erasing by order (docs/decisions/0009): the log says what is to be erased, and the vault follows it, whenever that is.

An order that is recorded is carried out at once, at the next opening of the vault, or at the next sweep: each time the same, so
that a crash in between leaves nothing undone, and a vault put back from a backup is brought to what was ordered since.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from audit.driver import Driver
from audit.reader import Reader
from audit.vault import Vault
from domain.erasure import BEARERS, erased_code
from domain.errors import Refused
from domain.errors_names import ErasureNotWhole
from domain.record import Recorded, Signed
from domain.values import kind_of

ORDER = "erasure.order.v1"
_ORDERED, _CONFIRMED = "erasure.ordered.v1", "erasure.confirmed.v1"
_AT_ONCE = 10  # orders whose commitments are asked for in one question: 64 each at most
_commitments = re.compile(rb'"(commit:[0-9a-f]{64})"').findall


class Erased(Refused):
    """A command that would bring back whom an order has erased."""

    code, rule, title = "erased", "FORMAT-5", "所指的个人信息已命令删除"


def is_order(signed: Signed) -> bool:
    return bool(signed.command["command"] == ORDER)


@dataclass(frozen=True, slots=True)
class CopyOf:
    """A copy that an order names; `confirmed_at` is the position of its confirmation."""

    medium: str
    post: str
    confirmed_at: int | None = None


@dataclass(frozen=True, slots=True)
class Order:
    """An order to erase as the log has it."""

    id: str
    position: int
    recorded_at: str
    basis: str
    ground: str
    commitments: tuple[str, ...]
    subjects: tuple[str, ...]
    copies: tuple[CopyOf, ...]

    @property
    def confirmed(self) -> bool:
        """Whether every copy is gone, as those who answer for them say."""
        return all(one.confirmed_at is not None for one in self.copies)


def orders(reader: Reader, ledger: str) -> Iterator[Order]:
    """Every order with its confirmations, found from the id of the ledger, which each of them names (D5)."""
    for one in _entries(reader, ledger, 0):
        yield order_of(reader, one.stream)


def _entries(reader: Reader, ledger: str, start: int) -> Iterator[Recorded]:
    return (one for one in reader.of_subject(ledger, start) if one.event == _ORDERED)


def order_of(reader: Reader, erasure: str) -> Order:
    first, *rest = (one for one in reader.of_subject(erasure) if one.stream == erasure)
    found = _ordered(first)
    at = {one.state["medium"]: one.position for one in rest if one.event == _CONFIRMED}
    copies = tuple(replace(one, confirmed_at=at.get(one.medium)) for one in found.copies)
    return replace(found, copies=copies)


def _ordered(one: Recorded) -> Order:
    state = one.state
    return Order(
        id=one.stream,
        position=one.position,
        recorded_at=one.recorded_at,
        basis=state["basis"],
        ground=state["ground"],
        commitments=tuple(state["commitments"]),
        subjects=tuple(state["subjects"]),
        copies=tuple(CopyOf(copy["medium"], copy["post"]) for copy in state["copies"]),
    )


def erased_by(reader: Reader, commitments: Sequence[str]) -> dict[str, Order]:
    """Those of some commitments that an order names, each with the order."""
    codes = {erased_code(one): one for one in commitments}
    named = [code for code, moves in reader.moves(list(codes)).items() if moves]
    found: dict[str, Order] = {}
    for code in named:
        stream = next(iter(reader.of_subject(code))).stream
        found[codes[code]] = order_of(reader, stream)
    return found


def refuse_erased(reader: Reader, commitments: Sequence[str]) -> None:
    """Nobody is brought back by a command that names them again. Raises Erased."""
    if found := erased_by(reader, commitments):
        order = next(iter(found.values()))
        raise Erased(
            f"内容中有 {len(found)} 项承诺已由删除令 {order.id} 命令删除，如确需再记，请另作承诺",
            subject=order.id,
        )


def carry_out(vault: Vault, reader: Reader, ledger: str, start: int = 0) -> None:
    """Erase whatever the orders from a position on name and the vault still has."""
    for some in _chunks([_ordered(one) for one in _entries(reader, ledger, start)]):
        kept = vault.kept([one for order in some for one in order.commitments])
        for order in some:
            if not kept.isdisjoint(order.commitments):
                vault.erase(order.commitments)


def _chunks(found: Sequence[Order]) -> Iterator[Sequence[Order]]:
    return (found[at : at + _AT_ONCE] for at in range(0, len(found), _AT_ONCE))


# --- that an order is whole (NAME-2): asked at the door only, since replay has no vault ---------------------


def bearers(driver: Driver, size: int, commitments: Iterable[str]) -> dict[str, set[str]]:
    """Every subject whose own entries state one of some commitments -> all commitments that its entries state.

    Looks through the whole log: commitments are no subjects, so that no index links a person's matters (D17).
    """
    wanted = {one.encode() for one in commitments}
    streams = {
        row.stream
        for row in driver.rows(0, size)
        if kind_of(row.stream) in BEARERS and not wanted.isdisjoint(_commitments(row.entry))
    }
    return {
        stream: {one.decode() for row in driver.stream(stream) for one in _commitments(row.entry)}
        for stream in sorted(streams)
    }


def require_whole(driver: Driver, size: int, vault: Vault, stated: Mapping[str, Any]) -> None:
    """Every matter that states what is to be erased is listed, and all that it states of the same persons. Raises
    ErasureNotWhole (NAME-2), which says what is missing."""
    commitments, subjects = set(stated["commitments"]), set(stated["subjects"])
    found = bearers(driver, size, commitments)
    unlisted, idle = sorted(set(found) - subjects), sorted(subjects - set(found))
    nowhere = sorted(commitments - {one for stated_by in found.values() for one in stated_by})
    same = vault.of_same_people(sorted(commitments))
    left = sorted({one for stated_by in found.values() for one in stated_by & same} - commitments)
    faults = (
        ("还有事项写有所列承诺", unlisted),
        ("所列事项没有写所列承诺", idle),
        ("台账中没有这些承诺", nowhere),
        ("所列事项还写有同一人的其他承诺", left),
    )
    if any(which for _, which in faults):
        raise ErasureNotWhole(
            "；".join(f"{what}：{'、'.join(which)}" for what, which in faults if which),
            missing_commitments=left,
            missing_subjects=unlisted,
        )
