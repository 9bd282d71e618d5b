"""The attacker: owns the exported log, the ledger's key and our code. Not the people's keys, and not the trust file.

Takes a log apart, lets anything be changed, and puts it together again: as it stands, or with every hash, count, version,
position and seal made anew with the stolen key. What the people signed is all that such a forger cannot make.
"""

from __future__ import annotations

import copy
import shutil
from collections.abc import Callable, Collection
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from audit import canonical
from audit.checkpoint import Checkpoint, Seal, VerifierKey, sign_checkpoint
from audit.entry import frame, unframe
from audit.exported import ExportedLog
from audit.ids import ids_in
from audit.merkle import leaf_hash, root_of
from audit.suites import Ed25519Signer
from tests.support.logbook import Logbook, Person, bundle, tile_name, write

SECTIONS = ("header", "state", "statement", "proof")


@dataclass
class Part:
    """An entry taken apart; None is an empty section."""

    header: Any
    state: Any
    statement: Any
    proof: Any

    @classmethod
    def of(cls, entry: bytes) -> Part:
        return cls(*(canonical.decode(section) if section else None for section in unframe(entry)))

    def bytes(self) -> bytes:
        return frame(*(b"" if value is None else canonical.encode(value) for value in self.sections()))

    def sections(self) -> list[Any]:
        return [getattr(self, name) for name in SECTIONS]

    def subjects(self) -> list[str]:
        """The ids that the header must list (FORMAT 3.2)."""
        found = {self.header["stream"]}
        for value in (self.state, self.statement):
            if value is not None:
                found |= ids_in(canonical.encode(value))
        return sorted(found, key=str.encode)


class Forger:
    """A copy of an exported log in the attacker's hands."""

    def __init__(self, log: Path, key: Ed25519Signer) -> None:
        self.key = key
        source = ExportedLog(log)
        self.origin = VerifierKey.parse(source.vkey().decode().strip()).name
        seals = [Seal.parse(line) for line in source.seals()]
        self.seals = [seal.size for seal in seals]
        self.original = list(source.entries(0, self.seals[-1]))
        self.parts = [Part.of(entry) for entry in self.original]
        self.was = list(range(len(self.parts)))  # the position that each part had
        self._files = {
            str(path.relative_to(log)): path.read_bytes() for path in log.rglob("*") if path.is_file()
        }

    def again(self) -> Forger:
        """A fresh copy to play with."""
        fresh = copy.copy(self)
        fresh.parts, fresh.was, fresh.seals = copy.deepcopy(self.parts), list(self.was), list(self.seals)
        return fresh

    # --- what is done to the parts ---

    def drop(self, position: int) -> None:
        """Take an entry out, and let the seals after it cover one less."""
        del self.parts[position], self.was[position]
        sizes = [size if size <= position else size - 1 for size in self.seals]
        self.seals = sorted(set(sizes) - {0})

    def recount(self, kept: Collection[tuple[int, str]] = ()) -> None:
        """Positions, versions and subjects made right again, but for the header fields (position, name) that are kept."""
        moved = {before: now for now, before in enumerate(self.was)}
        versions: dict[str, int] = {}
        heads: dict[str, tuple[int, str]] = {}
        for position, part in enumerate(self.parts):
            stream = part.header["stream"]
            versions[stream] = versions.get(stream, 0) + 1
            right = {
                "position": position,
                "version": versions[stream],
                "subjects": [
                    [one, heads.get(one, (0, ""))[0] + 1, heads.get(one, (0, "0" * 64))[1]]
                    for one in part.subjects()
                ],
            }
            part.header |= {name: value for name, value in right.items() if (position, name) not in kept}
            if isinstance(part.proof, dict) and (position, "proof") not in kept:
                part.proof["batch"] = moved.get(part.proof["batch"], part.proof["batch"])
            leaf = leaf_hash(part.bytes()).hex()
            for one in part.subjects():
                heads[one] = (heads.get(one, (0, ""))[0] + 1, leaf)

    # --- how it is put together ---

    def resealed(
        self, *, origin: str = "", kept: Collection[tuple[int, str]] = (), recount: bool = True
    ) -> dict[str, bytes]:
        """The files of a log in which everything that the ledger's key can make right is right."""
        if recount:
            self.recount(kept)
        return self.sealed([part.bytes() for part in self.parts], origin)

    def sealed(self, entries: list[bytes], origin: str = "") -> dict[str, bytes]:
        """The files of a log of these entries, its tiles, seals and checkpoint made anew."""
        book = Logbook(Person("ledger", "ledger", self.key), origin or self.origin)
        book.entries = entries
        book.leaves = [leaf_hash(entry) for entry in entries]
        for size in self.seals:
            checkpoint = Checkpoint(book.origin, size, root_of(book.leaves[:size]))
            seal = Seal(size, checkpoint.root, sign_checkpoint(checkpoint, self.key))
            book.seal_lines.append(seal.line())
        rules = {name: data for name, data in self._files.items() if name.startswith("rules/")}
        return book.files() | rules

    def unsealed(self, entries: list[bytes] | None = None) -> dict[str, bytes]:
        """The files with other entry bundles, and everything else as it was: what an editor of files can do."""
        entries = [part.bytes() for part in self.parts] if entries is None else entries
        files, size = dict(self._files), len(self.original)
        for first in range(0, size, 256):
            last = first + 256 if first + 256 < size else max(len(entries), size)
            files[tile_name("entries", first // 256, min(256, size - first))] = bundle(entries[first:last])
        return files


def put(files: dict[str, bytes], directory: Path) -> Path:
    """Write the files of a log in place of whatever was there."""
    if directory.exists():
        shutil.rmtree(directory)
    write(files, directory)
    return directory


# --- every field of a JSON value, changed ---

Place = tuple[str | int, ...]


def places(value: Any, at: Place = ()) -> list[Place]:
    """The places of everything in a JSON value that is no object and no array with something in it."""
    if isinstance(value, dict) and value:
        return [place for key, inner in value.items() for place in places(inner, (*at, key))]
    if isinstance(value, list) and value:
        return [place for index, inner in enumerate(value) for place in places(inner, (*at, index))]
    return [at]


def changed(value: Any) -> Any:
    """The nearest other value of the same type: one character, one more, the other truth."""
    match value:
        case bool():
            return not value
        case int():
            return value + 1
        case str() if value:
            last = value[-1]
            return value[:-1] + chr(ord(last) ^ 1)
        case str():
            return "示"
        case None:
            return 1
        case list():
            return [1]
        case _:
            return {"x": 1}


def alter(value: Any, place: Place, change: Callable[[Any], Any] = changed) -> None:
    """Change what stands at a place, in place."""
    for step in place[:-1]:
        value = value[step]
    value[place[-1]] = change(value[place[-1]])
