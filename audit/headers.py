"""The header of an entry, FORMAT 7.2, as step 8 of verify demands it.

Most of a header follows from what stands before it in the log. That part is not taken apart: verify prints what it must be and
compares; only what differs is read, to say what is wrong.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache
from itertools import pairwise
from typing import NamedTuple

from audit.canonical import INTEGER_MAX
from audit.entry import EVENTS_MAX, OUTCOME, SUBJECTS_MAX
from audit.forms import CLOCK, DAY, NAME, Batch, Command, Membership, Signatures, is_name, refuse
from audit.ids import is_id

_FROM_1 = r"[1-9][0-9]{0,15}"
_ANY_ID = r'[^\x00-\x20"\\\x7f]{1,200}'

# FORMAT 7.2 in three pieces: what is the entry's own, in it what many entries have in common, and what the log before decides.
_own = re.compile(
    rf'{{"at":"({DAY}{CLOCK}\.[0-9]{{6}}Z)","epoch":([^"]+"event":"[^"]+","i":[^"]+"n":[^"]+)"position":(0|{_FROM_1}),'
    rf'"stream":"([^"]*)",'
).match
_common = re.compile(rf'({_FROM_1}),"event":"({NAME})","i":([1-9][0-9]?),"n":([1-9][0-9]?),').fullmatch
_tail = re.compile(
    rf'"subjects":\[(.*)\],"suite":"ed25519","v":1,"version":({_FROM_1})}}', re.DOTALL
).fullmatch
_subject = re.compile(rf'\["({_ANY_ID})",(0|-?[1-9][0-9]{{0,15}}),"[0-9a-f]{{64}}"\]')


class Header(NamedTuple):
    """FORMAT 7.2. `tail` is the text after the stream, subjects to version: what it must be, the log before decides."""

    at: str
    epoch: int
    event: str
    i: int
    n: int
    position: int
    stream: str
    tail: str

    @property
    def is_first(self) -> bool:
        """Whether the version is 1."""
        return self.tail.endswith(',"version":1}')


def header_of(section: bytes) -> Header:
    """The header of an entry. The form of its tail is left to `tail_of`, that of the stream to `check_stream`."""
    try:
        text = section.decode("utf-8")
    except UnicodeDecodeError:
        refuse("头部不是 UTF-8")
    found = _own(text)
    if not found:
        refuse("头部不合 7.2：须恰有十一个键，键序、写法和取值均按规定")
    at, common, digits, stream = found.groups()
    position = int(digits)
    if position > INTEGER_MAX:
        refuse(f"头部的 position {digits} 超出范围")
    epoch, event, i, n = _common_of(common)
    return Header(at, epoch, event, i, n, position, stream, text[found.end() :])


@lru_cache(maxsize=4096)
def _common_of(text: str) -> tuple[int, str, int, int]:
    """Epoch, event, i and n."""
    found = _common(text)
    if not found:
        refuse("头部的 epoch、event、i、n 不合 7.2")
    epoch, event, i, n = int(found[1]), found[2], int(found[3]), int(found[4])
    if not is_name(event):
        refuse(f"事件名 {event[:80]} 过长")
    if not i <= n <= EVENTS_MAX:
        refuse(f"头部的 i={i}、n={n} 应满足 1 ≤ i ≤ n ≤ {EVENTS_MAX}")
    if epoch > INTEGER_MAX:
        refuse("头部的整数超出范围")
    return epoch, event, i, n


def check_stream(stream: str) -> None:
    if not is_id(stream):
        refuse(f"流 {stream[:80]} 不是编号")


def tail_text(rows: Sequence[str], version: int) -> str:
    """The tail of a header with these rows in `subjects` and this version."""
    return f'"subjects":[{",".join(rows)}],"suite":"ed25519","v":1,"version":{version}}}'


def tail_of(text: str) -> tuple[str, int]:
    """The rows of `subjects` as they stand, and the version."""
    found = _tail(text)
    if not found:
        refuse("头部不合 7.2：须恰有十一个键，键序、写法和取值均按规定")
    subjects, version = found[1], int(found[2])
    if version > INTEGER_MAX:
        refuse("头部的整数超出范围")
    _check_subjects(subjects)
    return subjects, version


def _check_subjects(text: str) -> None:
    """The form of `subjects`: rows of id, count and hash, ascending, no more than the limit."""
    rows = _subject.findall(text)
    if text != ",".join(found.group() for found in _subject.finditer(text)):
        refuse("头部 subjects 的行应为 [编号,计数,前一叶哈希]")
    if len(rows) > SUBJECTS_MAX:
        refuse(f"头部 subjects 有 {len(rows)} 行，多于 {SUBJECTS_MAX}")
    ids = [row[0] for row in rows]
    if not all(is_id(found) for found in ids):
        refuse("头部 subjects 里有不是编号的")
    if any(left >= right for left, right in pairwise(ids)):
        refuse("头部 subjects 未按编号严格升序")
    if any(abs(int(row[1])) > INTEGER_MAX for row in rows):
        refuse("头部 subjects 的计数超出范围")


def check_outcome(
    header: Header, statement: Command | Batch | None, proof: Signatures | Membership | None
) -> None:
    """How a batch and its outcome go together, FORMAT 7.4."""
    if isinstance(statement, Batch):
        if header.n != 1 or isinstance(proof, Membership):
            refuse("批次结果分录须 i = n = 1，证明为签名")
        if header.event != OUTCOME:
            refuse(f"陈述是批次，事件应为 {OUTCOME}，实为 {header.event}")
    else:
        refuse(f"事件 {OUTCOME} 的陈述应为批次")
