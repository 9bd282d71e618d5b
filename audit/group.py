"""The entries of one commit while they are built (FORMAT 7 to 9). Nothing of them is visible until the commit is durable."""

from __future__ import annotations

from collections.abc import Sequence

from audit import canonical
from audit.driver import Named, Row
from audit.entry import ENTRY_BYTES_MAX, SUBJECTS_MAX, Subject, frame, header_bytes, membership_bytes
from audit.ids import is_moving
from audit.merkle import leaf_hash
from audit.names import Known, Naming
from audit.prepared import Piece, Prepared
from domain.errors import DateChanged, EpochChanged, Moved


class TooLarge(Exception):
    """An entry beyond the limits of FORMAT 16. Nothing of its command is recorded."""


class Appending:
    """One submission on its way into the log, and what became of it."""

    __slots__ = ("error", "positions", "prepared")

    def __init__(self, prepared: Prepared) -> None:
        self.prepared = prepared
        self.positions: list[int] | None = None
        self.error: BaseException | None = None

    def outcome(self) -> list[int]:
        if self.error is not None:
            raise self.error
        assert self.positions is not None
        return self.positions


class Group:
    """Submissions that are committed together, each on the state that those before it leave."""

    def __init__(self, known: Known, size: int, epoch: int, at: str, today: str) -> None:
        """`known`: every statement and every subject of the group, as of `size`."""
        self.rows: list[Row] = []
        self.epoch = epoch
        self._heads, self._recorded = known.subjects, known.commands
        self._position = size
        self._at, self._today = at, today
        self._named: dict[str, list[int]] = {}
        self._commands: dict[bytes, int] = {}

    def naming(self) -> Naming:
        """What the entries name."""
        return Naming({one: self._heads[one] for one in self._named}, self._named, self._commands)

    def add(self, one: Appending) -> None:
        """Build the entries of one submission, or give its caller the reason why not; the others go on."""
        submission, pieces = one.prepared.submission, one.prepared.pieces
        moved = tuple(s for s, seen in submission.reads.items() if self._moves(s) != seen)
        if moved or any(command in self._recorded for command in one.prepared.commands):
            one.error = Moved(moved)
        elif submission.epoch != self.epoch and self.epoch:
            one.error = EpochChanged()
        elif self._today != submission.today:
            one.error = DateChanged()
        elif gaps := self._gaps(pieces):
            one.error = Moved(gaps)
        else:
            try:
                self._build(one, pieces)
            except TooLarge as error:
                one.error = error

    def _moves(self, subject: str) -> int:
        head = self._heads[subject]
        return head.counted if is_moving(subject) else head.version

    def _gaps(self, pieces: Sequence[Piece]) -> tuple[str, ...]:
        """The streams that the pieces do not continue: written to by others, though not among what was read."""
        last: dict[str, int] = {}
        found = []
        for piece in pieces:
            before = last.get(piece.stream)
            if piece.version != (self._heads[piece.stream].version if before is None else before) + 1:
                found.append(piece.stream)
            last[piece.stream] = piece.version
        return tuple(found)

    def _build(self, one: Appending, pieces: Sequence[Piece]) -> None:
        heads, position = self._heads, self._position
        changed: dict[str, Named] = {}
        rows: list[Row] = []
        epoch = self.epoch or 1
        for piece in pieces:
            if len(piece.subjects) > SUBJECTS_MAX:
                raise TooLarge(f"一条分录涉及 {len(piece.subjects)} 个对象，最多 {SUBJECTS_MAX} 个")
            before = [changed.get(subject) or heads[subject] for subject in piece.subjects]
            header = header_bytes(
                at=self._at,
                epoch=epoch,
                event=piece.event,
                i=piece.i,
                n=piece.n,
                position=position,
                stream=piece.stream,
                subjects=[
                    Subject(subject, count + 1, leaf)
                    for subject, (count, leaf, _) in zip(piece.subjects, before, strict=True)
                ],
                version=piece.version,
            )
            proof = piece.proof if piece.member is None else membership_bytes(self._position, *piece.member)
            assert proof is not None
            entry = frame(header, piece.state, piece.statement, proof)
            if len(entry) > ENTRY_BYTES_MAX:
                raise TooLarge(f"分录有 {len(entry)} 字节，最多 {ENTRY_BYTES_MAX} 字节")
            leaf_bytes = leaf_hash(entry)
            text = leaf_bytes.hex()
            for subject, (count, _, version) in zip(piece.subjects, before, strict=True):
                changed[subject] = Named(
                    count + 1, text, piece.version if subject == piece.stream else version
                )
            rows.append(Row(position, piece.stream, piece.version, piece.command, leaf_bytes, entry))
            position += 1
        self._keep(one, pieces, changed, rows)

    def _keep(
        self, one: Appending, pieces: Sequence[Piece], changed: dict[str, Named], rows: list[Row]
    ) -> None:
        """All entries of the submission were built: the next submission stands on them."""
        one.positions = [row.position for row in rows]
        for command in one.prepared.commands:
            self._recorded[command] = self._position  # of the submission: only asked whether
        for piece, row in zip(pieces, rows, strict=True):
            if row.command is not None:
                self._commands[row.command] = row.position
            for subject in piece.subjects:
                self._named.setdefault(subject, []).append(row.position)
            if piece.event == "rules.adopted.v1":
                self.epoch = int(canonical.decode(piece.state)["epoch"])
        self.epoch = self.epoch or 1
        self._heads.update(changed)
        self.rows += rows
        self._position += len(rows)
