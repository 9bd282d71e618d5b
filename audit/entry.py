"""The entry, FORMAT 7: four sections in a frame, and the header that places it in the log."""

from __future__ import annotations

import struct
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from audit.errors import Malformed
from audit.suites import ED25519

MAGIC = b"bfe1"
ENTRY_BYTES_MAX = 60_000
COMMAND_BYTES_MAX = 32_000
BATCH_BYTES_MAX = 32_000
BATCH_ROWS_MAX = 1_000
EVENTS_MAX = 16
SUBJECTS_MAX = 256
OUTCOME = "batch.recorded.v1"
NO_PREVIOUS = "0" * 64

_LENGTH = struct.Struct(">I")
_length = _LENGTH.unpack_from


class Entry(NamedTuple):
    """The sections of an entry, as the bytes they are."""

    header: bytes
    state: bytes
    statement: bytes
    proof: bytes


def frame(header: bytes, state: bytes, statement: bytes, proof: bytes) -> bytes:
    """FORMAT 7.1. The limit on its length is the caller's to check."""
    pack = _LENGTH.pack
    return b"".join(
        (
            MAGIC,
            pack(len(header)),
            header,
            pack(len(state)),
            state,
            pack(len(statement)),
            statement,
            pack(len(proof)),
            proof,
        )
    )


def unframe(data: bytes) -> Entry:
    """The sections of an entry. Raises Malformed when the frame of FORMAT 7.1 does not fit exactly."""
    return Entry(*sections_of(data))


def sections_of(data: bytes) -> tuple[bytes, bytes, bytes, bytes]:
    """As `unframe`: header, state, statement, proof."""
    if data[:4] != MAGIC:
        raise Malformed("不是以 bfe1 开头的分录")
    try:
        first = 8 + _length(data, 4)[0]
        second = first + 4 + _length(data, first)[0]
        third = second + 4 + _length(data, second)[0]
        end = third + 4 + _length(data, third)[0]
    except struct.error:
        raise Malformed("分录在段长处中断，或一段超出其末尾") from None
    if end != len(data):
        raise Malformed(f"分录长 {len(data)} 字节，按其段长应为 {end} 字节")
    return data[8:first], data[first + 4 : second], data[second + 4 : third], data[third + 4 :]


class Subject(NamedTuple):
    """One row of `subjects`: the count including this entry, and the leaf hash (hex) of the entry before with this subject."""

    id: str
    counted: int
    previous: str


def header_bytes(
    *,
    at: str,
    epoch: int,
    event: str,
    i: int,
    n: int,
    position: int,
    stream: str,
    subjects: Iterable[Subject],
    version: int,
) -> bytes:
    """FORMAT 7.2. Ids, event names and times hold no character that JSON escapes, so the text is canonical as it is printed."""
    rows = ",".join([f'["{id_}",{counted},"{previous}"]' for id_, counted, previous in subjects])
    return (
        f'{{"at":"{at}","epoch":{epoch},"event":"{event}","i":{i},"n":{n},"position":{position},"stream":"{stream}",'
        f'"subjects":[{rows}],"suite":"{ED25519}","v":1,"version":{version}}}'
    ).encode()


def membership_bytes(outcome: int, index: int, path: Sequence[bytes]) -> bytes:
    """The proof of a batch member, FORMAT 7.4."""
    hashes = ",".join(f'"{node.hex()}"' for node in path)
    return f'{{"batch":{outcome},"index":{index},"path":[{hashes}]}}'.encode()
