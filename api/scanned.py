"""A log without an index, as projections read it: what an export holds is looked through from its beginning."""

from __future__ import annotations

import json
from collections.abc import Iterator

from audit.driver import Row
from audit.entry import unframe
from audit.merkle import leaf_hash
from audit.reader import recorded
from audit.verdict import Source
from domain.record import Recorded


class Scanned:
    """The entries of a source that was verified: implements `projections.ports.Entries`."""

    def __init__(self, source: Source, size: int) -> None:
        self._source, self._size = source, size

    def size(self) -> int:
        return self._size

    def leaf(self, position: int) -> str:
        return next((one.leaf for one in self.entries(position, position + 1)), "")

    def entries(self, start: int, stop: int | None = None) -> Iterator[Recorded]:
        end = self._size if stop is None else min(stop, self._size)
        return map(_recorded, self._source.entries(start, end)) if start < end else iter(())

    def of_subject(self, subject: str, start: int = 0) -> Iterator[Recorded]:
        written = subject.encode()
        for raw in self._source.entries(start, self._size):
            if written in raw:  # most entries need not be read
                found = _recorded(raw)
                if any(name == subject for name, _ in found.subjects):
                    yield found

    def of_stream(self, stream: str) -> Iterator[Recorded]:
        return (one for one in self.of_subject(stream) if one.stream == stream)


def _recorded(raw: bytes) -> Recorded:
    header = json.loads(unframe(raw).header)
    row = Row(header["position"], header["stream"], header["version"], None, leaf_hash(raw), raw)
    return recorded(row)
