"""What a noun is to the projections: a table, what events do to its rows, what they say of its subjects."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Table

from projections.entry import Entry
from projections.rows import Rows
from projections.said import Said
from projections.tables import TALLIES
from projections.tally import Tally

Handler = Callable[[Rows, Entry], None]
Teller = Callable[[Said, Entry], Said]
Sums = Callable[[Said, str, int | None], Mapping[str, int | None]]
Others = Callable[[str], Said | None]
"""What has been said of another subject; None when it is not at hand."""


@dataclass(frozen=True, slots=True)
class Look:
    """From where a subject is looked at: a business day, the last position known (None: all), and the day of the reader."""

    day: str
    known: int | None
    today: str

    def at(self, said: Said, name: str) -> Any:
        return said.dated(name).at(self.day, self.known)


Remarks = Callable[[Said, Others, Look], Mapping[str, str]]
"""Field -> what the day of the reader adds to it: no entry says that a term has run out."""


def no_remarks(_said: Said, _others: Others, _look: Look) -> Mapping[str, str]:
    return {}


def no_sums(_said: Said, _day: str, _known: int | None) -> Mapping[str, int | None]:
    return {}


@dataclass(frozen=True, slots=True)
class Noun:
    """One noun. Its module makes it, `nouns` lists it; nothing else needs to know.

    An event may concern several nouns (the check of a batch, a proposal withdrawn): each has its own handler for it,
    which changes the rows of its own noun only.
    """

    kind: str  # begins the ids of its subjects, and is the name of its table
    table: Table  # `id`, `position`, `last_position`; `said` if it is dated; `checked`, `entries` if entered
    handlers: Mapping[str, Handler]  # event -> what it does to the rows of the noun
    # Event -> what it says of a subject of the noun. An event of its own that is not here says all of its state.
    tellers: Mapping[str, Teller] = field(default_factory=dict)
    about: Table | None = None  # what a subject is about: lines (subject, project or asset or any other)
    groups: Mapping[str, str] = field(
        default_factory=dict
    )  # what its sums are shown by: value -> Chinese, in order
    # What was said, a day, the last position known (None: all) -> derived totals in fen, and what was stated (D20).
    sums: Sums = no_sums
    remarks: Remarks = no_remarks
    # Kinds whose own entries belong to the story of a subject that they are named with.
    leads: tuple[str, ...] = ()

    @property
    def tally(self) -> Tally | None:
        """How many of its subjects lie where; None for what lies in no area."""
        return TALLIES.get(self.table)

    @property
    def is_checked(self) -> bool:
        """Whether its entries bear 未核 until they are endorsed (D9)."""
        return "checked" in self.table.c

    @property
    def endorsed(self) -> str:
        """The event by which one of its entries is endorsed."""
        return f"{self.kind}.endorsed.v1"
