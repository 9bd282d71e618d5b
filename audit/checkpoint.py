"""Checkpoints, seals, verifier keys and receipts: C2SP signed-note, tlog-checkpoint and tlog-proof, FORMAT 12."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Sequence
from dataclasses import dataclass

from audit import suites
from audit.dsse import b64, unb64
from audit.errors import Malformed

_NAME = re.compile(r"[^\s+]+\Z")
_SIZE = re.compile(r"(?:0|[1-9][0-9]{0,17})\Z")
_TYPE_ED25519 = b"\x01"
NOTE_BYTES_MAX = 100_000
SIGNATURES_MAX = 64


def note_key_id(name: str, public: bytes) -> bytes:
    """C2SP signed-note: four bytes that name an Ed25519 key."""
    return hashlib.sha256(name.encode() + b"\n" + _TYPE_ED25519 + public).digest()[:4]


@dataclass(frozen=True, slots=True)
class VerifierKey:
    """A vkey: whose signature a note must bear."""

    name: str
    public: bytes

    def __post_init__(self) -> None:
        if not _NAME.match(self.name):
            raise Malformed(f"vkey 的名称不合规则：{self.name[:80]!r}")
        suites.check_public_key(suites.ED25519, self.public)

    @property
    def key_id(self) -> bytes:
        return note_key_id(self.name, self.public)

    def __str__(self) -> str:
        return f"{self.name}+{self.key_id.hex()}+{b64(_TYPE_ED25519 + self.public)}"

    @classmethod
    def parse(cls, text: str) -> VerifierKey:
        """Raises Malformed, also when the key id is not that of name and key."""
        parts = text.split("+", 2)
        if len(parts) != 3:
            raise Malformed("vkey 应为 名称+密钥号+公钥")
        raw = unb64(parts[2])
        if len(raw) != 33 or raw[:1] != _TYPE_ED25519:
            raise Malformed("vkey 的类型不是 Ed25519")
        key = cls(parts[0], raw[1:])
        if parts[1] != key.key_id.hex():
            raise Malformed("vkey 的密钥号与名称、公钥不符")
        return key


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """A tree head: origin, size and root hash."""

    origin: str
    size: int
    root: bytes

    def text(self) -> bytes:
        """What is signed."""
        return f"{self.origin}\n{self.size}\n{b64(self.root)}\n".encode()

    def note(self, *blobs: tuple[str, bytes]) -> bytes:
        """The signed note, with a line for each (name, key id ‖ signature)."""
        lines = "".join(f"— {name} {b64(blob)}\n" for name, blob in blobs)
        return self.text() + b"\n" + lines.encode()


def sign_checkpoint(checkpoint: Checkpoint, signer: suites.Signer) -> bytes:
    """Key id ‖ signature over a checkpoint, by the ledger's key."""
    return note_key_id(checkpoint.origin, signer.public) + signer.sign(checkpoint.text())


@dataclass(frozen=True, slots=True)
class Note:
    """A parsed checkpoint note: the head and its signature lines (name, key id ‖ signature)."""

    checkpoint: Checkpoint
    signatures: tuple[tuple[str, bytes], ...]

    def is_signed_by(self, key: VerifierKey) -> bool:
        """At least one line by this key, and no line by this key that fails (C2SP signed-note)."""
        blobs = [blob for name, blob in self.signatures if name == key.name and blob[:4] == key.key_id]
        text = self.checkpoint.text()
        return bool(blobs) and all(
            suites.verify(suites.ED25519, key.public, blob[4:], text) for blob in blobs
        )


def _whole(text: str) -> int:
    if not _SIZE.match(text):
        raise Malformed(f"大小 {text[:30]!r} 不是十进制整数")
    return int(text)


def _hash(text: str) -> bytes:
    raw = unb64(text)
    if len(raw) != 32:
        raise Malformed("根哈希应为 32 字节")
    return raw


def parse_note(data: bytes) -> Note:
    """A checkpoint note, FORMAT 12.1. Raises Malformed."""
    if len(data) > NOTE_BYTES_MAX:
        raise Malformed("检查点过长")
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError:
        raise Malformed("检查点不是 UTF-8") from None
    if any(character < " " and character != "\n" for character in text):
        raise Malformed("检查点含控制字符")
    body, split, tail = text.rpartition("\n\n")
    lines = body.split("\n")
    if not split or not tail.endswith("\n") or len(lines) != 3 or not _NAME.match(lines[0]):
        raise Malformed("检查点应为三行正文、一个空行和签名行")
    signatures = []
    for line in tail[:-1].split("\n"):
        parts = line.split(" ")
        if len(parts) != 3 or parts[0] != "—" or not _NAME.match(parts[1]):
            raise Malformed("签名行不合规则")
        blob = unb64(parts[2])
        if len(blob) < 5:
            raise Malformed("签名行过短")
        signatures.append((parts[1], blob))
    if len(signatures) > SIGNATURES_MAX:
        raise Malformed("签名行过多")
    return Note(Checkpoint(lines[0], _whole(lines[1]), _hash(lines[2])), tuple(signatures))


@dataclass(frozen=True, slots=True)
class Seal:
    """The ledger's signature over the tree head at the end of a commit, FORMAT 12.3."""

    size: int
    root: bytes
    blob: bytes  # key id ‖ signature

    def line(self) -> bytes:
        return f"{self.size} {b64(self.root)} {b64(self.blob)}\n".encode()

    def note(self, origin: str) -> bytes:
        return Checkpoint(origin, self.size, self.root).note((origin, self.blob))

    def is_signed_by(self, key: VerifierKey) -> bool:
        text = Checkpoint(key.name, self.size, self.root).text()
        return self.blob[:4] == key.key_id and suites.verify(suites.ED25519, key.public, self.blob[4:], text)

    @classmethod
    def parse(cls, line: bytes) -> Seal:
        """One line with or without its LF. Raises Malformed."""
        try:
            parts = line.removesuffix(b"\n").decode("ascii").split(" ")
        except UnicodeDecodeError:
            raise Malformed("封印行不是 ASCII") from None
        if len(parts) != 3:
            raise Malformed("封印行应为 大小 根 签名")
        size, blob = _whole(parts[0]), unb64(parts[2])
        if size < 1 or len(blob) != 68:
            raise Malformed("封印行的大小或签名长度不对")
        return cls(size, _hash(parts[1]), blob)


def tlog_proof(index: int, path: Sequence[bytes], note: bytes) -> bytes:
    """A receipt, C2SP tlog-proof, FORMAT 12.5."""
    lines = "".join(f"{b64(node)}\n" for node in path)
    return f"c2sp.org/tlog-proof@v1\nindex {index}\n{lines}\n".encode() + note


def parse_tlog_proof(data: bytes) -> tuple[int, list[bytes], bytes]:
    """(index, path, checkpoint note) of a receipt. Raises Malformed."""
    head, split, note = data.partition(b"\n\n")
    try:
        lines = head.decode("ascii").split("\n")
    except UnicodeDecodeError:
        raise Malformed("回执不是 ASCII") from None
    if not split or lines[0] != "c2sp.org/tlog-proof@v1":
        raise Malformed("不是 tlog-proof 回执")
    rest = lines[1:]
    if rest and rest[0].startswith("extra "):
        rest = rest[1:]
    if not rest or not rest[0].startswith("index "):
        raise Malformed("回执缺少 index 行")
    return _whole(rest[0].removeprefix("index ")), [_hash(line) for line in rest[1:]], note
