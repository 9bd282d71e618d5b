"""The trust file (FORMAT 14): what a verifier's holder knows from outside the log, and keeps out of its keeper's reach."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from itertools import pairwise
from types import MappingProxyType
from typing import Any

from audit import canonical
from audit.checkpoint import Note, VerifierKey, parse_note
from audit.dsse import unb64
from audit.errors import Malformed

FORMAT = "bangfu-trust/1"
_KEYS = frozenset({"format", "policy", "rules", "seen"})
_hash = re.compile(r"[0-9a-f]{64}").fullmatch
_control = re.compile(r"[\x00-\x08\x0b-\x1f\x7f]").search
_vkey = re.compile(r"[^\s+]+\+[0-9a-f]{8}\+([A-Za-z0-9+/]+={0,2})").fullmatch


@dataclass(frozen=True, slots=True)
class Policy:
    """A C2SP tlog-policy: the logs and witnesses that are believed, and how many of them are enough."""

    text: str
    logs: tuple[str, ...]
    witnesses: Mapping[str, str]
    groups: Mapping[str, tuple[int, tuple[str, ...]]]  # name: how many, of whom
    quorum: str

    @classmethod
    def parse(cls, text: str) -> Policy:
        """Raises Malformed with the number of the line."""
        reader = _PolicyReader()
        if _control(text):
            raise Malformed("policy 含控制字符")
        if text and not text.endswith("\n"):
            raise Malformed("policy 的末行没有换行")
        for number, line in enumerate(text.split("\n"), 1):
            words = line.replace("\t", " ").split(" ")
            words = [word for word in words if word]
            if words and not words[0].startswith("#"):
                reader.read(number, words)
        if reader.quorum is None:
            raise Malformed("policy 缺少 quorum 行")
        return cls(
            text,
            tuple(reader.logs),
            MappingProxyType(reader.witnesses),
            MappingProxyType(reader.groups),
            reader.quorum,
        )


class _PolicyReader:
    def __init__(self) -> None:
        self.logs: list[str] = []
        self.witnesses: dict[str, str] = {}
        self.groups: dict[str, tuple[int, tuple[str, ...]]] = {}
        self.quorum: str | None = None
        self._public: dict[str, set[bytes]] = {"log": set(), "witness": set()}
        self._members: set[str] = set()

    def read(self, number: int, words: list[str]) -> None:
        match words:
            case ["log", vkey] | ["log", vkey, _]:
                self._check_vkey(number, "log", vkey)
                self.logs.append(vkey)
            case ["witness", name, vkey] | ["witness", name, vkey, _]:
                self._check_new(number, name)
                self._check_vkey(number, "witness", vkey)
                self.witnesses[name] = vkey
            case ["group", name, least, *members] if members:
                self._check_new(number, name)
                self.groups[name] = (self._least(number, least, len(members)), tuple(members))
                for member in members:
                    self._check_member(number, name, member)
            case ["quorum", name] if self.quorum is None:
                if name != "none" and name not in self.witnesses and name not in self.groups:
                    raise Malformed(f"policy 第 {number} 行：{name} 未在前面定义")
                self.quorum = name
            case _:
                raise Malformed(f"policy 第 {number} 行不是 log、witness、group 或（唯一的）quorum 行")

    def _check_new(self, number: int, name: str) -> None:
        if name == "none" or name in self.witnesses or name in self.groups:
            raise Malformed(f"policy 第 {number} 行：名称 {name} 已有或不可用")

    def _check_member(self, number: int, group: str, member: str) -> None:
        known = member in self.witnesses or (member in self.groups and member != group)
        if not known or member in self._members:
            raise Malformed(f"policy 第 {number} 行：成员 {member} 未在前面定义，或已属于一组")
        self._members.add(member)

    def _check_vkey(self, number: int, use: str, vkey: str) -> None:
        found = _vkey(vkey)
        if not found:
            raise Malformed(f"policy 第 {number} 行：不是 vkey")
        public = unb64(found[1])[1:]
        if not public:
            raise Malformed(f"policy 第 {number} 行：vkey 没有公钥")
        if public in self._public[use]:
            raise Malformed(f"policy 第 {number} 行：同一把公钥出现两次")
        self._public[use].add(public)

    @staticmethod
    def _least(number: int, text: str, members: int) -> int:
        least = {"any": 1, "all": members}.get(text)
        if least is None:
            if not re.fullmatch("[1-9][0-9]{0,3}", text) or int(text) > members:
                raise Malformed(f"policy 第 {number} 行：{text} 应为 any、all 或 1 至 {members}")
            least = int(text)
        return least


@dataclass(frozen=True, slots=True)
class Trust:
    """A trust file. `seen` holds, for each origin, the note of the highest checkpoint seen."""

    policy: Policy
    rules: tuple[str, ...] = ()
    seen: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))

    def __post_init__(self) -> None:
        if not all(_hash(archive) for archive in self.rules):
            raise Malformed("信任文件的 rules 应为哈希")
        if any(left >= right for left, right in pairwise(self.rules)):
            raise Malformed("信任文件的 rules 未严格升序")

    @classmethod
    def load(cls, document: bytes) -> Trust:
        """Raises Malformed unless the bytes are a trust file, FORMAT 14. The notes in it are looked at when they are used."""
        value: Any = canonical.decode(document)
        if type(value) is not dict or value.keys() != _KEYS or value["format"] != FORMAT:
            raise Malformed(f"信任文件应恰有 format（{FORMAT}）、policy、rules、seen")
        policy, rules, seen = value["policy"], value["rules"], value["seen"]
        if type(policy) is not str:
            raise Malformed("信任文件的 policy 应为文字")
        if type(rules) is not list or not all(type(archive) is str for archive in rules):
            raise Malformed("信任文件的 rules 应为哈希的数组")
        if type(seen) is not dict or not all(type(note) is str for note in seen.values()):
            raise Malformed("信任文件的 seen 应为来源到检查点的对象")
        return cls(Policy.parse(policy), tuple(rules), MappingProxyType(seen))

    def dump(self) -> bytes:
        """The bytes that `load` reads."""
        return canonical.encode(
            {"format": FORMAT, "policy": self.policy.text, "rules": list(self.rules), "seen": dict(self.seen)}
        )

    def raised(self, note: bytes) -> Trust:
        """This trust with a checkpoint seen that is at least as high as the one before.

        Only for a note that `verify` has just accepted with this trust: what is compared here is its size, not its tree.
        Raises Malformed for a note by a log that the policy does not name, or a lower one.
        """
        new = self._note(note.decode("utf-8", "strict"))
        origin = new.checkpoint.origin
        old = self.seen.get(origin)
        if old is not None:
            before, after = self._note(old).checkpoint, new.checkpoint
            if after.size < before.size or (after.size == before.size and after.root != before.root):
                raise Malformed(f"检查点 {after.size} 不能取代已见的 {before.size}")
        return replace(
            self, seen=MappingProxyType(dict(sorted({**self.seen, origin: note.decode()}.items())))
        )

    def _note(self, text: str) -> Note:
        note = parse_note(text.encode())
        keys = [VerifierKey.parse(vkey) for vkey in self.policy.logs]
        if not any(key.name == note.checkpoint.origin and note.is_signed_by(key) for key in keys):
            raise Malformed(f"检查点 {note.checkpoint.origin} 没有 policy 所列账本的有效签名")
        return note
