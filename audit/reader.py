"""Entries read back as values: for the ledger's questions (`domain.ports.Books`), for projections and for people."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from typing import Any

import orjson

from audit import canonical
from audit.driver import NEVER, Damaged, Named, Row
from audit.ids import is_id, is_moving
from audit.log import Log
from domain.record import Recorded
from domain.values import kind_of


class Document(Mapping[str, Any]):
    """A canonical object, decoded when it is first asked: few who read an entry ask for its command."""

    __slots__ = ("_bytes", "_value")

    def __init__(self, document: bytes) -> None:
        self._bytes = document
        self._value: Mapping[str, Any] | None = None

    def _decoded(self) -> Mapping[str, Any]:
        if self._value is None:
            self._value = canonical.decode_trusted(self._bytes)
        return self._value

    def __getitem__(self, key: str) -> Any:
        return self._decoded()[key]

    def __iter__(self) -> Iterator[str]:
        return iter(self._decoded())

    def __len__(self) -> int:
        return len(self._decoded())


def recorded(row: Row) -> Recorded:
    """One entry as a value. Raises Damaged.

    Projections read every entry there is, so the sections are decoded by the fastest reader of JSON at hand: their form was
    checked before they were recorded, and whether they still are what was recorded is for verify to say.
    """
    header_bytes, state_bytes, statement, proof = row.sections()
    try:
        header, state = orjson.loads(header_bytes), orjson.loads(state_bytes)
        # A proof is an object in a member of a batch, and else a list of signatures (FORMAT 7.4).
        membership = orjson.loads(proof) if proof[:1] == b"{" else None
    except orjson.JSONDecodeError as error:
        raise Damaged(f"第 {row.position} 号分录不是 JSON：先运行 bangfu verify") from error
    if (header["position"], header["stream"], header["version"]) != (row.position, row.stream, row.version):
        raise Damaged(f"第 {row.position} 号分录的存放位置与内容不符：先运行 bangfu verify")
    return Recorded(
        position=header["position"],
        leaf=row.leaf.hex(),
        recorded_at=header["at"],
        epoch=header["epoch"],
        event=header["event"],
        stream=header["stream"],
        version=header["version"],
        i=header["i"],
        n=header["n"],
        state=state,
        subjects=tuple([(subject, count) for subject, count, _ in header["subjects"]]),
        command=Document(statement) if statement else None,
        command_id=None if row.command is None else row.command.hex(),
        batch=None if membership is None else (membership["batch"], membership["index"]),
    )


def _moves(subject: str, heads: Mapping[str, Named]) -> int:
    head = heads.get(subject, NEVER)  # what is no id was never named
    return head.counted if is_moving(subject) else head.version


class Reader:
    """What is recorded, from the log: implements `domain.ports.Books` and `projections.ports.Entries`."""

    def __init__(self, log: Log) -> None:
        self._log = log
        self._driver = log.driver

    # --- domain.ports.Books -----------------------------------------------------------------------------

    def look(
        self, command_ids: Sequence[str], subjects: Sequence[str]
    ) -> tuple[dict[str, tuple[int, int]], dict[str, int]]:
        known = self._log.look(
            [bytes.fromhex(one) for one in command_ids], [one for one in subjects if is_id(one)]
        )
        found = {one.hex(): (at, self._events_of(at)) for one, at in known.commands.items()}
        return found, {one: _moves(one, known.subjects) for one in subjects}

    def moves(self, subjects: Sequence[str]) -> dict[str, int]:
        known = self._log.look((), [one for one in subjects if is_id(one)])
        return {one: _moves(one, known.subjects) for one in subjects}

    def find(self, command_id: str) -> tuple[int, int] | None:
        position = self._driver.find(bytes.fromhex(command_id))
        return None if position is None else (position, self._events_of(position))

    def _events_of(self, position: int) -> int:
        return int(canonical.decode(self.row(position).sections().header)["n"])

    def located(self, stream: str, version: int) -> tuple[int, str] | None:
        rows = self._driver.stream(stream, after=version - 1, last=version)
        return (rows[0].position, rows[0].leaf.hex()) if rows else None

    def signers(self, position: int) -> Sequence[Mapping[str, str]]:
        header, _, statement, _ = self.row(position).sections()
        if not statement:
            return self.signers(position - canonical.decode(header)["i"] + 1)
        found: Sequence[Mapping[str, str]] = canonical.decode(statement)["signers"]
        return found

    def identities(self, start: int) -> tuple[Sequence[Recorded], int]:
        upto = self._log.size  # read first: what others commit meanwhile is looked at again
        found = [recorded(row) for row in self._driver.standing(start)]
        return found, max([start, upto, *(one.position + 1 for one in found)])

    def begun(
        self, kinds: Collection[str], after: int, before: int
    ) -> Iterable[tuple[str, Mapping[str, Any]]]:
        for entry in self.entries(after + 1, before):
            if entry.version == 1 and kind_of(entry.stream) in kinds:
                yield entry.stream, entry.state

    def epoch(self) -> int:
        return self._log.epoch

    # --- projections.ports.Entries ------------------------------------------------------------------------

    def size(self) -> int:
        """As far as this process has seen it sealed; other processes' commits are looked for first."""
        self._log.refresh()
        return self._log.size

    def leaf(self, position: int) -> str:
        """As it is kept: it can be asked for of an entry that is damaged."""
        return "".join(leaf.hex() for leaf in self._driver.leaves(position, position + 1))

    def entries(self, start: int, stop: int | None = None) -> Iterator[Recorded]:
        return map(recorded, self._driver.rows(start, self._log.size if stop is None else stop))

    def of_subject(self, subject: str, start: int = 0) -> Iterator[Recorded]:
        return map(recorded, self._log.naming(subject, start))

    def of_stream(self, stream: str) -> Iterator[Recorded]:
        return map(recorded, self._driver.stream(stream))

    # --- one entry ----------------------------------------------------------------------------------------

    def row(self, position: int) -> Row:
        """Raises LookupError when there is none."""
        for row in self._driver.rows(position, position + 1):
            return row
        raise LookupError(f"没有第 {position} 号分录")

    def entry(self, position: int) -> Recorded:
        return recorded(self.row(position))

    def state(self, position: int) -> Mapping[str, Any]:
        return self.entry(position).state
