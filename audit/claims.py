"""What a log says of itself as a whole, and whether that may be believed: steps 1 to 4 of FORMAT 15, before any entry is read."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import NoReturn, TypeVar

from audit import merkle
from audit.canonical import INTEGER_MAX
from audit.checkpoint import Checkpoint, Note, VerifierKey, parse_note
from audit.errors import Malformed, NotBelieved
from audit.forms import refuse
from audit.trust import Trust
from audit.verdict import Source

_vkey = re.compile(rb"[\x21-\x7e]+\n").fullmatch  # FORMAT 12.2
# FORMAT 12.3, both base64 texts with their unused bits zero.
_seal = re.compile(
    rb"([1-9][0-9]{0,15}) ([A-Za-z0-9+/]{42}[AEIMQUYcgkosw048]=) ([A-Za-z0-9+/]{90}[AEIMQUYcgkosw048]=)\n"
).fullmatch

_T = TypeVar("_T")


Seal = tuple[int, bytes, bytes]
"""A seal as it is written, FORMAT 12.3: its size, the base64 of its root, and that of key id ‖ signature."""

NO_SEAL: Seal = (0, b"", b"")


def seal_of(line: bytes) -> Seal:
    """The seal on a line; `NO_SEAL` when there is none of good form."""
    found = _seal(line)
    return (int(found[1]), found[2], found[3]) if found else NO_SEAL


class Claims:
    """Who keeps the log, how long it says it is, and what was seen of it before.

    First `read`, then `check`: in between the reader may prepare for a log of that size. Both raise NotBelieved, with no position.
    """

    def __init__(self, source: Source, trust: Trust | bytes | None) -> None:
        self._source, self._trust = source, trust
        self.trust_word = "none" if trust is None else "policy"
        self.note = b""
        self.checkpoint = Checkpoint("", 0, merkle.EMPTY_ROOT)
        self.seen: Checkpoint | None = None  # what the trust file has seen of this log

    def read(self) -> None:
        """Step 1, but for the seals."""
        self.key = self._formed(1, self._read_vkey)
        self.note = self._formed(1, self._source.checkpoint)
        self._signed_note: Note = self._formed(1, parse_note, self.note)
        if not 1 <= self._signed_note.checkpoint.size <= INTEGER_MAX:
            self._fail(1, f"检查点的大小应为 1 至 {INTEGER_MAX}")
        self.checkpoint = self._signed_note.checkpoint

    def check(self) -> None:
        """The seals of step 1, and steps 2 to 4."""
        self._formed(1, self._check_seal_lines)
        self._step_2()
        trust = self._step_3()
        if trust is not None and self.checkpoint.origin in trust.seen:
            self._step_4(trust.seen[self.checkpoint.origin])

    def _fail(self, step: int, detail: str) -> NoReturn:
        raise NotBelieved(step, None, detail)

    def _formed(self, step: int, read: Callable[..., _T], *arguments: object) -> _T:
        """The value that `read` gives; what it refuses is a failure of the step."""
        try:
            return read(*arguments)
        except Malformed as error:
            self._fail(step, str(error))

    def _read_vkey(self) -> VerifierKey:
        line = self._source.vkey()
        if not _vkey(line):
            refuse("vkey 应为一行看得见的 ASCII 字符，以换行结束")
        return VerifierKey.parse(line[:-1].decode("ascii"))

    def _check_seal_lines(self) -> None:
        before = 0
        for line in self._source.seals():
            found = _seal(line)
            size = int(found[1]) if found else 0
            if not 0 < size <= INTEGER_MAX:
                refuse(f"大小 {before} 之后的封印行应为 大小 根 签名")
            if size <= before:
                refuse(f"大小 {before} 之后的封印没有更大的大小")
            before = size

    def _step_2(self) -> None:
        if self.checkpoint.origin != self.key.name:
            self._fail(2, f"检查点的来源 {self.checkpoint.origin} 不是 vkey 的名称 {self.key.name}")
        if not self._signed_note.is_signed_by(self.key):
            self._fail(2, "检查点没有台账密钥的有效签名")

    def _step_3(self) -> Trust | None:
        if self._trust is None:
            return None
        trust = self._trust if isinstance(self._trust, Trust) else self._formed(3, Trust.load, self._trust)
        if str(self.key) not in trust.policy.logs:
            self._fail(3, f"这份信任文件是另一本台账的：其 policy 没有这个账本 {self.key}")
        return trust

    def _step_4(self, seen: str) -> None:
        """But for the comparison, which waits until the tree has the size seen."""
        self.trust_word = "policy+seen"
        note = self._formed(4, parse_note, seen.encode())
        if note.checkpoint.origin != self.key.name or not note.is_signed_by(self.key):
            self._fail(4, "信任文件所见检查点没有台账密钥的有效签名")
        if note.checkpoint.size < 1:
            self._fail(4, "信任文件所见检查点的大小应不小于 1")
        if note.checkpoint.size > self.checkpoint.size:
            self._fail(4, f"账本只有 {self.checkpoint.size} 条，信任文件已见 {note.checkpoint.size} 条")
        self.seen = note.checkpoint
