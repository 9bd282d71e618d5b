"""What passes between the packages: signed commands on their way in, recorded entries on their way out.

Plain values only. Bytes and signatures were checked by the shell before a `Signed` exists; nothing here
parses, signs or hashes. The byte-exact shapes are in audit/FORMAT.md.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Signed:
    """An admitted command (已验签的指令): its bytes are canonical and its signatures good."""

    id: str  # the command id, 64 hex digits
    body: bytes  # the exact canonical JSON bytes
    command: Mapping[str, Any]  # the parsed command
    signatures: tuple[tuple[str, str], ...]  # (key id, base64 signature); empty for a member of a batch


@dataclass(frozen=True, slots=True)
class SignedBatch:
    """An admitted batch (批次): one statement signed over the Merkle root of its members."""

    id: str
    body: bytes
    statement: Mapping[str, Any]
    signatures: tuple[tuple[str, str], ...]
    members: tuple[Signed, ...]


@dataclass(frozen=True, slots=True)
class Recorded:
    """One entry (分录) as it is read back from the log."""

    position: int
    leaf: str  # hex
    recorded_at: str  # 入账时间, "2026-11-23T02:03:04.567890Z"
    epoch: int
    event: str  # "project.listed.v1"
    stream: str
    version: int  # from 1
    i: int  # place in its command, from 1
    n: int
    state: Mapping[str, Any]
    subjects: tuple[tuple[str, int], ...]  # (id, count including this entry)
    command: Mapping[str, Any] | None  # in the first entry of a command only
    command_id: str | None
    batch: tuple[int, int] | None  # (position of the outcome entry, index) for a member of a batch


@dataclass(frozen=True, slots=True)
class Submission:
    """What the ledger hands to the store together with the events, in this order."""

    signed: Signed | SignedBatch
    sizes: tuple[int, ...]  # events of each accepted command; a batch: the outcome first, sizes[0] == 1
    indexes: tuple[int, ...]  # a batch: index of each accepted member, parallel to sizes[1:]; else ()
    reads: Mapping[str, int]  # subject -> moves seen by the decision
    today: str  # the recorded date assumed, ISO, UTC+8
    epoch: int  # rules epoch of the deciding domain
