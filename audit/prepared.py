"""A submission made ready for the log outside its lock: ids found, statement ids and paths computed, limits checked."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from eventsourcing.persistence import StoredEvent

from audit.entry import EVENTS_MAX, OUTCOME
from audit.errors import Malformed
from audit.ids import ids_in
from audit.merkle import leaf_hash, levels_of, path_in
from domain.record import Signed, SignedBatch, Submission


class Piece(NamedTuple):
    """One entry to be, but for what only the lock can tell: position, time, counts."""

    event: str
    stream: str
    version: int
    state: bytes
    i: int
    n: int
    subjects: list[str]  # ascending by their bytes
    statement: bytes
    proof: bytes | None  # None for a batch member: its proof names the position of the outcome
    member: tuple[int, list[bytes]] | None  # index and path of a batch member's first entry
    command: bytes | None  # statement id, in the first entry of a command


class Prepared(NamedTuple):
    submission: Submission
    pieces: list[Piece]
    commands: list[bytes]
    subjects: set[str]  # all that are named, and all that were read


def _proof(signatures: Sequence[tuple[str, str]]) -> bytes:
    """The proof of FORMAT 7.4; admission made the texts of base64 from the bytes of good signatures."""
    return ("[" + ",".join(f'["{key}","{text}"]' for key, text in signatures) + "]").encode()


def prepare(submission: Submission, stored: Sequence[StoredEvent]) -> Prepared:
    """Raises Malformed when the events do not match the sizes that the submission states."""
    signed = submission.signed
    if isinstance(signed, SignedBatch):
        levels = levels_of([leaf_hash(member.body) for member in signed.members])
        statements: list[tuple[Signed | SignedBatch, bytes | None, tuple[int, list[bytes]] | None]]
        statements = [(signed, _proof(signed.signatures), None)]
        statements += [(signed.members[k], None, (k, path_in(levels, k))) for k in submission.indexes]
    else:
        statements = [(signed, _proof(signed.signatures), None)]
    if len(statements) != len(submission.sizes) or sum(submission.sizes) != len(stored):
        raise Malformed("事件数与指令数不符")
    pieces: list[Piece] = []
    events = iter(stored)
    for (statement, proof, member), size in zip(statements, submission.sizes, strict=True):
        if not 1 <= size <= EVENTS_MAX:
            raise Malformed(f"一条指令应有 1 至 {EVENTS_MAX} 个事件，实为 {size} 个")
        ids = ids_in(statement.body)
        for i in range(1, size + 1):
            event = next(events)
            stream = str(event.originator_id)
            subjects = ids_in(event.state)
            subjects.add(stream)
            if i == 1:
                subjects |= ids
            pieces.append(
                Piece(
                    event.topic,
                    stream,
                    event.originator_version,
                    event.state,
                    i,
                    size,
                    sorted(subjects),  # UTF-8 keeps the order of code points
                    statement.body if i == 1 else b"",
                    proof if i == 1 else b"",
                    member if i == 1 else None,
                    bytes.fromhex(statement.id) if i == 1 else None,
                )
            )
    if (pieces[0].event == OUTCOME) != isinstance(signed, SignedBatch):
        raise Malformed("只有批次的第一个事件是批次结果")
    subjects_all = {subject for piece in pieces for subject in piece.subjects} | set(submission.reads)
    commands = [piece.command for piece in pieces if piece.command is not None]
    if len(set(commands)) < len(commands):
        raise Malformed("同一指令在一批中出现两次")
    return Prepared(submission, pieces, commands, subjects_all)
