"""What the ledger asks of the store. The implementation is the audit package's; the obligations are these.

The store receives the events by the library's recorder interface, `insert_events(stored,
submission=Submission(...))`, and returns their positions in the same order. It appends all of them in one
transaction or none. Before it appends, under the lock that orders all commits, it raises

* `domain.errors.Moved` when the moves of any subject in `submission.reads` differ from those now,
* `domain.errors.DateChanged` when the recorded date (UTC+8) would not be `submission.today`,
* `domain.errors.EpochChanged` when `submission.epoch` is not the current rules epoch;

then nothing has been recorded and the ledger decides anew. Several decisions are handed over by `insert_all`. A command id that is already recorded is
never recorded a second time.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any, Protocol

from domain.record import Recorded, Submission


class Recorder(Protocol):
    """What the ledger asks of the library's recorder beyond the library's own interface."""

    def insert_all(
        self, submissions: Sequence[tuple[Submission, Sequence[Any]]]
    ) -> Sequence[Sequence[int] | Exception]:
        """`insert_events` for each with its stored events, in this order: its positions, or what that would have raised. One that is refused fails no
        other; a later one stands on what those before it changed, and is sent back with `Moved` when it was decided without."""
        ...


class Books(Protocol):
    """Questions about what is already recorded. Every answer is of committed entries only, may be asked
    from many threads, and may be out of date when it arrives: the read set is checked at the append."""

    def look(
        self, command_ids: Sequence[str], subjects: Sequence[str]
    ) -> tuple[dict[str, tuple[int, int]], dict[str, int]]:
        """`find` and `moves` of one moment, in one question: what decisions begin with. The first holds recorded commands only."""
        ...

    def moves(self, subjects: Sequence[str]) -> dict[str, int]:
        """The moves of every subject asked for, 0 when it was never named.

        Moving kinds: the number of entries that name the subject. Standing kinds (ledger, key, person,
        organisation, post, area, parameter): the version of the subject's own stream.
        """
        ...

    def find(self, command_id: str) -> tuple[int, int] | None:
        """(position of its first entry, n) of an accepted command or batch; None when not recorded."""
        ...

    def located(self, stream: str, version: int) -> tuple[int, str] | None:
        """(position, leaf in hex) of one event of a stream; None when there is none."""
        ...

    def signers(self, position: int) -> Sequence[Mapping[str, str]]:
        """`signers` (key, organisation, post) of the statement, command or batch, of the entry at a
        position; an entry 2..n has those of its command. The position is known to exist."""
        ...

    def identities(self, start: int) -> tuple[Sequence[Recorded], int]:
        """The entries from position `start` whose stream is of a standing kind, in order of position; and how far
        was looked: every one before that position is among them."""
        ...

    def begun(
        self, kinds: Collection[str], after: int, before: int
    ) -> Iterable[tuple[str, Mapping[str, Any]]]:
        """(stream, state of its first event) of every stream of these kinds that begins between two positions, in order."""
        ...

    def epoch(self) -> int:
        """The current rules epoch; 0 before the ledger is opened."""
        ...
