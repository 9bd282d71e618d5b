"""A log builder in memory, without SQL and without domain: good histories, and bad ones that a forger with every key could make.

It shares with the product only canonical JSON, the signer and the Merkle tree. Every piece of an entry can be changed by hand before it is
hashed and sealed: `change` receives the finished `Piece`. What is changed later, in `entries`, `leaves` or `seal_lines`, is
tampering with what was sealed.
"""

from __future__ import annotations

import base64
import hashlib
import struct
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from audit import canonical, dsse, merkle
from audit.checkpoint import Checkpoint, VerifierKey, note_key_id
from audit.ids import ids_in
from audit.suites import Ed25519Signer

Change = Callable[["Piece"], None]


def hash_of(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def new_id(kind: str, name: str) -> str:
    """A fixed id that looks random."""
    digest = hashlib.sha256(f"bangfu vector id {kind} {name}".encode()).digest()
    return f"{kind}_{base64.b32encode(digest).decode().lower()[:26]}"


def signer(number: int) -> Ed25519Signer:
    return Ed25519Signer.from_seed(hashlib.sha256(f"bangfu vector key {number}".encode()).digest())


@dataclass(frozen=True)
class Person:
    """Somebody with a key."""

    name: str
    role: str
    key: Ed25519Signer

    def line(self) -> dict[str, str]:
        return {"key": self.key.key_id, "organisation": self.organisation, "post": self.post}

    @property
    def person(self) -> str:
        return new_id("person", self.name) if self.role != "ledger" else ""

    @property
    def organisation(self) -> str:
        return new_id("organisation", "青溪乡") if self.role != "ledger" else ""

    @property
    def post(self) -> str:
        return new_id("post", self.role) if self.role != "ledger" else ""

    def row(self) -> dict[str, str]:
        """The key as genesis and enrolment state it."""
        return {
            "key": self.key.key_id,
            "organisation": self.organisation,
            "person": self.person,
            "post": self.post,
            "public": self.key.public.hex(),
            "role": self.role,
            "suite": "ed25519",
        }


@dataclass
class Piece:
    """An entry before it is framed."""

    header: dict[str, Any]
    state: bytes
    statement: bytes
    proof: bytes
    raw_header: bytes | None = None
    raw_entry: bytes | None = None

    def entry(self) -> bytes:
        if self.raw_entry is not None:
            return self.raw_entry
        header = canonical.encode(self.header) if self.raw_header is None else self.raw_header
        sections = (header, self.state, self.statement, self.proof)
        return b"bfe1" + b"".join(struct.pack(">I", len(section)) + section for section in sections)


@dataclass(frozen=True)
class Event:
    type: str
    stream: str
    state: dict[str, Any]


def proof_by(signers: Sequence[Person], kind: str, body: bytes) -> bytes:
    message = dsse.pae(kind, body)
    return canonical.encode(
        [[one.key.key_id, base64.b64encode(one.key.sign(message)).decode()] for one in signers]
    )


@dataclass
class Logbook:
    """The books of one ledger while they are written."""

    ledger: Person
    origin: str = ""
    entries: list[bytes] = field(default_factory=list)
    leaves: list[bytes] = field(default_factory=list)
    seal_lines: list[bytes] = field(default_factory=list)
    heads: dict[str, tuple[int, str]] = field(default_factory=dict)
    versions: dict[str, int] = field(default_factory=dict)
    epoch: int = 1
    at: str = "2026-03-02T01:00:00.000000Z"

    @property
    def size(self) -> int:
        return len(self.entries)

    # Statements.

    def command(
        self, name: str, signers: Sequence[Person], payload: dict[str, Any], **other: Any
    ) -> dict[str, Any]:
        """A command with everything in it; `other` replaces keys."""
        return {
            "command": name,
            "nature": "act",
            "nonce": hash_of(f"nonce {name} {self.size} {payload}")[:32],
            "occurred_on": "2026-03-01",
            "origin": self.origin,
            "payload": payload,
            "seen": [],
            "signed_at": "2026-03-02T00:30:00Z",
            "signers": [one.line() for one in signers],
            "summary": "示例数据",
            "valid_until": "2026-12-31",
        } | other

    # Entries.

    def add(self, piece: Piece, change: Change | None = None) -> None:
        """Place a piece at the end: position, time, epoch, version and subjects are what they should be, unless changed."""
        stream = piece.header["stream"]
        ids = sorted(ids_in(piece.state) | ids_in(piece.statement) | {stream}, key=str.encode)
        rows = []
        for one in ids:
            count, previous = self.heads.get(one, (0, "0" * 64))
            rows.append([one, count + 1, previous])
        piece.header |= {
            "at": self.at,
            "epoch": self.epoch,
            "position": self.size,
            "subjects": rows,
            "suite": "ed25519",
            "v": 1,
            "version": self.versions.get(stream, 0) + 1,
        }
        if change is not None:
            change(piece)
        entry = piece.entry()
        leaf = merkle.leaf_hash(entry)
        for one in ids:
            self.heads[one] = (self.heads.get(one, (0, ""))[0] + 1, leaf.hex())
        self.versions[stream] = self.versions.get(stream, 0) + 1
        self.entries.append(entry)
        self.leaves.append(leaf)

    def act(
        self,
        command: dict[str, Any],
        events: Sequence[Event],
        signers: Sequence[Person],
        *,
        change: Change | None = None,
        changes: dict[int, Change] | None = None,
        body: bytes | None = None,
        proof: bytes | None = None,
        only: Sequence[int] | None = None,
    ) -> bytes:
        """A signed command and its events; the command's bytes. `change` is for the first event, `changes` by i from 1."""
        body = canonical.encode(command) if body is None else body
        proof = proof_by(signers, dsse.COMMAND, body) if proof is None else proof
        by_place = {1: change, **(changes or {})}
        for i, event in enumerate(events, 1):
            if only is None or i in only:
                header = {"event": event.type, "i": i, "n": len(events), "stream": event.stream}
                first = i == 1
                piece = Piece(
                    header, canonical.encode(event.state), body if first else b"", proof if first else b""
                )
                self.add(piece, by_place.get(i))
        return body

    def seal(self, by: Ed25519Signer | None = None, root: bytes | None = None, minutes: int = 1) -> None:
        """End the commit; the next one is recorded later."""
        root = merkle.root_of(self.leaves) if root is None else root
        key = by or self.ledger.key
        text = Checkpoint(self.origin, self.size, root).text()
        blob = note_key_id(self.origin, self.ledger.key.public) + key.sign(text)
        line = f"{self.size} {base64.b64encode(root).decode()} {base64.b64encode(blob).decode()}\n"
        self.seal_lines.append(line.encode())
        self.wait(minutes)

    def wait(self, minutes: int) -> None:
        hours, rest = divmod(int(self.at[11:13]) * 60 + int(self.at[14:16]) + minutes, 60)
        self.at = f"{self.at[:11]}{hours:02d}:{rest:02d}{self.at[16:]}"

    # Files.

    def note(self, size: int | None = None, by: Ed25519Signer | None = None) -> bytes:
        """The checkpoint of a size, now by default."""
        leaves = self.leaves[: self.size if size is None else size]
        checkpoint = Checkpoint(self.origin, len(leaves), merkle.root_of(leaves))
        blob = note_key_id(self.origin, self.ledger.key.public) + (by or self.ledger.key).sign(
            checkpoint.text()
        )
        return checkpoint.note((self.origin, blob))

    def vkey(self) -> str:
        return str(VerifierKey(self.origin, self.ledger.key.public))

    def trust(self, seen: int | None = None, **other: Any) -> dict[str, Any]:
        """A trust file as a value; with the checkpoint of a size as the highest seen."""
        notes = {} if seen is None else {self.origin: self.note(seen).decode()}
        return {
            "format": "bangfu-trust/1",
            "policy": f"log {self.vkey()}\nquorum none\n",
            "rules": [],
            "seen": notes,
        } | other

    def files(self) -> dict[str, bytes]:
        """The exported log, FORMAT 13."""
        found = {
            "vkey": f"{self.vkey()}\n".encode(),
            "checkpoint": self.note(),
            "seals": b"".join(self.seal_lines),
        }
        for first in range(0, self.size, 256):
            part = self.entries[first : first + 256]
            found[tile_name("entries", first // 256, len(part))] = bundle(part)
        level, hashes = 0, list(self.leaves)
        while hashes:
            above = []
            for first in range(0, len(hashes), 256):
                tile = hashes[first : first + 256]
                found[tile_name(str(level), first // 256, len(tile))] = b"".join(tile)
                if len(tile) == 256:
                    above.append(merkle.root_of(tile))
            level, hashes = level + 1, above
        return found


def tile_name(level: str, number: int, width: int) -> str:
    """Good for the first thousand tiles, which is more than a vector has."""
    return f"tile/{level}/{number:03d}" + ("" if width == 256 else f".p/{width}")


def bundle(entries: Sequence[bytes]) -> bytes:
    return b"".join(struct.pack(">H", len(one)) + one for one in entries)


def write(files: dict[str, bytes], directory: Path) -> None:
    for name, data in files.items():
        path = directory / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
