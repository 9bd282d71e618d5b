"""The engine: a signed command and the recorded state give events, or the first refusal. Pure and deterministic.

The order of refusal is fixed: known command, shape of the payload, header (origin, valid until, summary,
nature, day), signers and their authority, what the signer had seen, how late it is, and then the guards of the nouns.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any, NamedTuple

import domain.nouns
from domain.base import Event, state_of
from domain.batch import Batch
from domain.book import OpenLedger
from domain.command import COMMANDS, Header, Payload, Spec, parse_header, spec_of
from domain.errors import (
    AlreadyOpened,
    Expired,
    FutureDate,
    LateReasonMissing,
    NotInBatch,
    NotOpened,
    Refused,
    Repeated,
    SubjectMoved,
    WrongBatch,
    WrongNature,
    WrongOrigin,
    WrongSeen,
    WrongSigners,
    WrongSum,
    WrongSummary,
)
from domain.loading import is_expected_late, require_books_open
from domain.money import yuan
from domain.natures import LABELS
from domain.placed import admit_named
from domain.record import Signed, SignedBatch
from domain.standing import Happened
from domain.values import code, days_after, ids_in, is_moving, moving_of
from domain.verdicts import weigh_by_law
from domain.world import Case, Earlier, World

assert domain.nouns.NOUNS  # the engine knows every noun

_LATE_DAYS = code("parameter", "late_days")  # asked of every late command, until somebody has set it


def decide(world: World, signed: Signed, today: str) -> list[Event]:
    """The events of a command, in the order they were triggered. `world.reads` then has the read set."""
    named = _named(signed)
    world.foresee(foreseen(signed.command, named.moving))
    return _decide(world, signed, named, today)


class _Named(NamedTuple):
    """The ids in the payload of a command, looked for once."""

    ids: set[str]
    moving: list[str]


def _named(signed: Signed) -> _Named:
    ids = ids_in(signed.command.get("payload"))
    return _Named(ids, moving_of(ids))


def foreseen(command: Mapping[str, Any], moving: Iterable[str]) -> list[str]:
    """What deciding a command will ask the counts of, as far as these moving ids and its payload tell."""
    payload = command.get("payload")
    spec = COMMANDS.get(str(command.get("command")))
    claims = spec.payload.claims(payload) if spec is not None and isinstance(payload, dict) else ()
    return [*moving, *claims, _LATE_DAYS]


def _decide(
    world: World, signed: Signed, named: _Named, today: str, *, batch: str = "", index: int | None = None
) -> list[Event]:
    stated = signed.command
    spec = spec_of(str(stated.get("command")))  # CMD-1
    payload = spec.read(stated.get("payload"))  # CMD-2
    header = parse_header(stated)
    _check_header(world, spec, payload, header, today)
    if signed.signatures and [key for key, _ in signed.signatures] != [one["key"] for one in header.signers]:
        raise WrongSigners("签名须恰由所列签名人作出，次序一致")  # AUTH-8
    case = Case(
        world=world,
        command=stated,
        name=spec.name,
        title=spec.title,
        roles=spec.may[header.nature],
        nature=header.nature,
        today=today,
        batch=batch,
        index=index,
    )
    if batch and spec.alone:  # BATCH-5
        raise NotInBatch(f"“{spec.title}”不能成批办理，请单独签名")
    payload.authorise(case)
    admit_named(case, payload.names(case, named.moving))
    places = payload.places(case)
    case.admit_over(places)
    _check_seen(world, header, named.moving)
    _check_late(case, header, payload, places)
    require_books_open(case, places)  # LOAD-6
    payload.decide(case)
    return world.pending


def _check_header(world: World, spec: Spec, payload: Payload, header: Header, today: str) -> None:
    opening = spec.payload is OpenLedger
    if not opening and world.directory.ledger is None:  # LEDGER-5
        raise NotOpened("台账尚未开立，请先开立")
    if opening and world.directory.ledger is not None:  # LEDGER-1
        raise AlreadyOpened(f"台账已经开立，标识为 {world.directory.origin}")
    if header.origin != world.directory.origin:  # CMD-3
        raise WrongOrigin(
            f"本台账的标识是 {world.directory.origin or '（空）'}，指令所写是 {header.origin or '（空）'}"
        )
    if today > header.valid_until:  # CMD-4
        raise Expired(f"指令有效期至 {header.valid_until}，今天是 {today}，请重新签名")
    summary = payload.summary()
    if header.summary != summary:  # CMD-5
        raise WrongSummary(f"摘要应为“{summary}”，所签是“{header.summary}”", expected=summary)
    if header.nature not in spec.may:  # CMD-6
        allowed = "、".join(LABELS[nature] for nature in sorted(spec.may))
        raise WrongNature(f"“{spec.title}”只能以{allowed}提交，所写是{LABELS[header.nature]}")
    if header.occurred_on > today:  # CMD-7
        raise FutureDate(f"业务日期 {header.occurred_on} 晚于今天 {today}")


def _check_seen(world: World, header: Header, moving: list[str]) -> None:
    stated = [subject for subject, _ in header.seen]
    if stated != moving:  # SEEN-1
        raise WrongSeen(f"所见清单应为 {moving}，所写是 {stated}", expected=moving)
    if header.nature != "act":
        return  # a fact is recorded with what its signer had seen
    moved = [
        {"subject": subject, "seen": seen, "now": now}
        for subject, seen in header.seen
        if seen != (now := world.moves(subject))
    ]
    if moved:  # SEEN-2
        texts = "、".join(f"{one['subject']}（所见 {one['seen']}，现为 {one['now']}）" for one in moved)
        raise SubjectMoved(f"签名之后有变化：{texts}。请看过变化再签", moved=moved)


def _check_late(case: Case, header: Header, payload: Payload, places: Sequence[str]) -> None:
    if header.occurred_on == case.today or payload.of_any_day:
        return
    explained = bool(getattr(payload, "late_reason", ""))
    way = "请在 late_reason 栏写明" if hasattr(payload, "late_reason") else "更早办理的请以既成事实登记"
    weigh_by_law(
        case,
        "CMD-8",
        "late_days",
        lambda days: (
            header.occurred_on >= days_after(case.today, -days) or explained or is_expected_late(case, places)
        ),
        lambda days: LateReasonMissing(
            f"业务日期 {header.occurred_on} 早于 {days_after(case.today, -days)}（{days} 天），须说明迟登原因，{way}"
        ),
    )


# --- batches ------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class BatchDecision:
    """What a batch comes to: the outcome first, then the events of each accepted member."""

    events: list[Event]
    sizes: tuple[int, ...]
    indexes: tuple[int, ...]
    refused: tuple[tuple[int, Refused], ...]

    @property
    def accepted(self) -> list[list[int]]:
        return ranges(self.indexes)


def ranges(indexes: Sequence[int]) -> list[list[int]]:
    """Ascending indexes as inclusive ranges that do not touch: 0 1 2 5 is [[0, 2], [5, 5]]."""
    if not indexes:
        return []
    breaks = [at for at, (one, following) in enumerate(pairwise(indexes), 1) if following != one + 1]
    return [[indexes[first], indexes[last - 1]] for first, last in pairwise([0, *breaks, len(indexes)])]


def decide_batch(
    world: World, batch: SignedBatch, today: str, repeated: frozenset[int] = frozenset()
) -> BatchDecision:
    """Decide a batch row by row, each on the state that the rows before it leave (D1).

    `repeated` are the rows whose command is recorded already, which only the store can tell. What is wrong with the batch itself refuses all of it; what is wrong with a row refuses that row. Rows of
    the same batch never count as movement for `seen`, but a name taken by one row is taken for the next.
    """
    check_statement(world, batch, today)
    _check_rows(batch)
    rows, again = _first_of_each(batch, repeated)
    accepted, refused = decide_rows(world, batch, rows, today)
    refused = sorted([*refused, *again], key=lambda one: one[0])
    statement = batch.statement
    refusals: list[list[int | str]] = [[index, why.code, why.rule] for index, why in refused]
    outcome = Batch.blank(statement["batch"])
    outcome.record(
        accepted=ranges([index for index, _ in accepted]),
        refused=refusals,
        rows=statement["rows"],
        sha256=statement["source"]["sha256"],
        sum_fen=statement["source"]["sum_fen"],
    )
    events: list[Event] = [*outcome.pending_events]  # type: ignore[list-item]
    for _, made in accepted:
        events += made
    return BatchDecision(
        events,
        (1, *(len(made) for _, made in accepted)),
        tuple(index for index, _ in accepted),
        tuple(refused),
    )


def _first_of_each(
    batch: SignedBatch, repeated: frozenset[int]
) -> tuple[list[tuple[int, Signed]], list[tuple[int, Refused]]]:
    """The rows to decide, and those whose very command is recorded already or stands in the batch before."""
    rows: list[tuple[int, Signed]] = []
    again: list[tuple[int, Refused]] = []
    seen: set[str] = set()
    for index, member in enumerate(batch.members):
        if index in repeated or member.id in seen:
            again.append((index, Repeated(f"第 {index} 行的指令已入账或与前面的行完全相同", index=index)))
        else:
            rows.append((index, member))
        seen.add(member.id)
    return rows, again


def check_statement(world: World, batch: SignedBatch, today: str) -> None:
    """What is true of a batch whatever its rows are."""
    statement = batch.statement
    if world.directory.ledger is None:  # LEDGER-5
        raise NotOpened("台账尚未开立，请先开立")
    if statement["origin"] != world.directory.origin:  # CMD-3
        raise WrongOrigin(f"本台账的标识是 {world.directory.origin}，批次所写是 {statement['origin']}")
    if today > statement["valid_until"]:  # CMD-4
        raise Expired(f"批次有效期至 {statement['valid_until']}，今天是 {today}，请重新签名")
    summary = batch_summary(statement["rows"], statement["source"]["sum_fen"], statement["source"]["sha256"])
    if statement["summary"] != summary:  # CMD-5
        raise WrongSummary(f"摘要应为“{summary}”，所签是“{statement['summary']}”", expected=summary)
    if batch.signatures and [key for key, _ in batch.signatures] != [
        one["key"] for one in statement["signers"]
    ]:
        raise WrongSigners("签名须恰由所列签名人作出，次序一致")  # AUTH-8
    world.claim(statement["batch"], "批次编号")


def _check_rows(batch: SignedBatch) -> None:
    statement = batch.statement
    if statement["rows"] != len(batch.members):  # BATCH-1
        raise WrongBatch(f"批次声明 {statement['rows']} 行，实有 {len(batch.members)} 行")
    for index, member in enumerate(batch.members):
        if (member.command["origin"], member.command["signers"]) != (
            statement["origin"],
            statement["signers"],
        ):
            raise WrongBatch(f"第 {index} 行的台账标识或签名人与批次声明不同", index=index)
    total = sum(_stated_fen(member) for member in batch.members)
    if total != statement["source"]["sum_fen"]:  # BATCH-2
        raise WrongSum(f"批次声明合计 {statement['source']['sum_fen']} 分，各行之和 {total} 分")


def _stated_fen(member: Signed) -> int:
    # The row itself is judged later, so its payload may still be of any shape.
    payload = member.command["payload"]
    spec = COMMANDS.get(str(member.command.get("command")))
    kind = Payload if spec is None else spec.payload
    stated = kind.stated_fen(payload) if isinstance(payload, dict) else None
    return stated if type(stated) is int else 0


def batch_summary(rows: int, sum_fen: int, sha256: str) -> str:
    """The summary of a batch, fixed by FORMAT 5.3."""
    return f"批量 {rows} 行，合计 {yuan(sum_fen)} 元，文件 {sha256[:16]}"


def decide_rows(
    world: World, batch: SignedBatch, rows: Sequence[tuple[int, Signed]], today: str
) -> tuple[list[tuple[int, list[Event]]], list[tuple[int, Refused]]]:
    """The accepted rows with their events and the refused rows with their refusals, both in order."""
    accepted: list[tuple[int, list[Event]]] = []
    refused: list[tuple[int, Refused]] = []
    earlier = Earlier()
    ids = [_named(member) for _, member in rows]
    asked: set[str] = set()
    for (_, member), named in zip(rows, ids, strict=True):
        asked.update(foreseen(member.command, named.moving))
    world.foresee(sorted(asked))
    for (index, member), named in zip(rows, ids, strict=True):
        row = world.row(earlier)
        try:
            events = _decide(row, member, named, today, batch=batch.statement["batch"], index=index)
        except Refused as why:
            refused.append((index, why))
            continue
        accepted.append((index, events))
        _remember(world, earlier, member, named, events)
    return accepted, refused


def _remember(world: World, earlier: Earlier, member: Signed, named: _Named, events: Sequence[Event]) -> None:
    """Let the next rows see an accepted row: its events, the ids it names, the standing subjects it changed.

    The header of an accepted command names its signers and, in `seen`, what the payload names: nothing else.
    """
    earlier.named |= named.ids
    for signer in member.command["signers"]:
        earlier.named.update(signer.values())
    payload = member.command["payload"]
    standing = []
    for made in events:
        stream = made.originator_id  # a field like the others: named too
        # What the event took from the payload as it stood there has been looked through.
        earlier.named |= ids_in(
            [said for field, said in vars(made).items() if payload.get(field) is not said]
        )
        earlier.streams.setdefault(stream, []).append(made)
        if not is_moving(stream):
            state = state_of(made)
            standing.append(Happened(-1, "", made.TOPIC, stream, made.originator_version, state))
    if standing:
        world.directory = world.directory.applied(standing)
