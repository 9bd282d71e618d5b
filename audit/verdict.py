"""What verify reads and what it says: where the bytes of a log come from, and the verdict on them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, NamedTuple, Protocol

SELF_CONSISTENT_ONLY = "只证明自洽，未证明身份"
# What a good verdict says of identity, by its `trust`; the same words in every verifier.
IDENTITY = {
    "none": SELF_CONSISTENT_ONLY,
    "policy": "台账身份与信任文件相符；信任文件尚未记有已见检查点",
    "policy+seen": "台账身份与信任文件相符，且是已见检查点的延续",
}


class Source(Protocol):
    """Where the bytes of a log come from. Nothing it gives is believed; each method may be called more than once."""

    def vkey(self) -> bytes:
        """The vkey line. Raises Malformed when there is none; so do `checkpoint` and `seals`."""

    def checkpoint(self) -> bytes:
        """The checkpoint note."""

    def seals(self) -> Iterator[bytes]:
        """The lines of the seals, each with its LF, in their order."""

    def entries(self, start: int, size: int) -> Iterator[bytes]:
        """The entries from `start` to `size` − 1. Raises NotBelieved of step 6 at the first that cannot be read as FORMAT 13 says."""

    def tile(self, level: int, number: int, width: int) -> bytes | None:
        """A hash tile of that width as it is kept, or None. Its length is the reader's to check."""


class Checked(NamedTuple):
    """How much was checked before the verdict."""

    entries: int
    signatures: int
    seals: int


class Failure(NamedTuple):
    """A step that does not hold, and where (None: the log as a whole)."""

    position: int | None
    step: int
    detail: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """What verify found. `failures` holds the first failure only; `doubtful` the entries signed by keys reported compromised."""

    trust: str  # "none", "policy" or "policy+seen"
    size: int
    root: bytes
    checked: Checked
    failures: tuple[Failure, ...]
    doubtful: tuple[int, ...]
    note: bytes  # the checkpoint as it was read: what a trust file may be raised to

    @property
    def ok(self) -> bool:
        return not self.failures

    def json(self) -> dict[str, Any]:
        """The answer of `verify --json`."""
        return {
            "ok": self.ok,
            "trust": self.trust,
            "size": self.size,
            "root": self.root.hex(),
            "checked": self.checked._asdict(),
            "doubtful": list(self.doubtful),
            "failures": [failure._asdict() for failure in self.failures],
        }
