"""The register (台账) of a noun as it stands now: its rows, and their sums in two columns, 已核 and 未核 (D9).

External sources (外部来源) are counted apart and never in the ledger's own sums (D22). An area includes whatever lies
in it now. Sums are read from the tallies that are kept with the rows; only what no tally knows is summed up row by row.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Engine, Select, func, select

from domain.errors import BadShape
from projections.database import next_position, snapshot
from projections.noun import Noun
from projections.shared_columns import as_read
from projections.tally import Tally
from projections.walk import walk
from projections.wanted import Choice, Wanted, choice, choices, refuse_unknown

Row = Mapping[str, Any]  # the columns, those that hold JSON as what they say
HIDDEN = frozenset({"said", "entries", "territory", "under", "begun_on", "unchecked_until", "checked_since"})


@dataclass(frozen=True, slots=True)
class Column:
    """One column of a sum: how many subjects, of how many an amount is not known, and the amounts (fen)."""

    count: int
    unknown: int
    fen: tuple[int, ...]

    def __add__(self, other: "Column") -> "Column":
        fen = tuple(one + more for one, more in zip(self.fen, other.fen, strict=True))
        return Column(self.count + other.count, self.unknown + other.unknown, fen)


@dataclass(frozen=True, slots=True)
class Sum:
    """A sum in both columns."""

    checked: Column
    unchecked: Column

    def __add__(self, other: "Sum") -> "Sum":
        return Sum(self.checked + other.checked, self.unchecked + other.unchecked)


@dataclass(frozen=True, slots=True)
class Line:
    """What agrees in every column by which a noun is tallied."""

    by: Mapping[str, Any]
    column: Column


@dataclass(frozen=True, slots=True)
class Sums:
    """The ledger's own subjects by class, owner type or category, and in all; those of external sources apart."""

    by: Mapping[str, Sum]
    all: Sum
    external: Sum
    fen: tuple[str, ...]  # the amounts, in the order of every column

    def as_dict(self) -> dict[str, Any]:
        def column(one: Column) -> dict[str, int]:
            return {"count": one.count, "unknown": one.unknown, **dict(zip(self.fen, one.fen, strict=True))}

        def both(one: Sum) -> dict[str, Any]:
            return {"checked": column(one.checked), "unchecked": column(one.unchecked)}

        by = {group: both(one) for group, one in self.by.items()}
        return {"by": by, "all": both(self.all), "external": both(self.external)}


@dataclass(frozen=True, slots=True)
class Register:
    """The register as of a position: `next` is the first position not in it."""

    rows: tuple[Row, ...]
    sums: Sums  # of all that the filter admits, whatever the page
    next: int
    more: str | None  # the cursor of the following page; None at the end

    def as_dict(self) -> dict[str, Any]:
        """Plain values for JSON; every amount of a column by its name."""
        return {"rows": self.rows, "sums": self.sums.as_dict(), "next": self.next, "more": self.more}


def register(
    engine: Engine, noun: Noun, wanted: Wanted | None = None, after: str | None = None, limit: int = 500
) -> Register:
    """One page of the register, in order of recording, with its sums and its position: all from one snapshot.

    Refused (CMD-2): a filter that the noun does not have, a look at the past (pages.py has it).
    """
    wanted = wanted or Wanted()
    refuse_unknown(noun, wanted)
    if not wanted.is_now:
        raise BadShape("台账合计只有现状，不能按 as_of、known_at 查看")
    with snapshot(engine) as connection:
        chosen = choice(connection, noun, wanted)
        start = -1 if after is None else int(after)
        rows: list[Row] = []
        more = None
        for row in walk(connection, noun, chosen, start, min(limit + 1, 500)):
            if len(rows) == limit:
                more = str(rows[-1]["position"])
                break
            rows.append(as_read(row, HIDDEN))
        following = next_position(connection)
        return Register(tuple(rows), sums_of(noun, _lines(connection, noun, chosen)), following, more)


def tallied(
    engine: Engine, nouns: Sequence[Noun], areas: frozenset[str] | None
) -> tuple[dict[str, list[Line]], int]:
    """Of each noun what lies in some areas (None: anywhere), counted; and the first position not counted. One snapshot."""
    with snapshot(engine) as connection:
        chosen = choices(connection, nouns, Wanted(areas=areas))
        found = {noun.kind: _lines(connection, noun, one) for noun, one in zip(nouns, chosen, strict=True)}
        return found, next_position(connection)


def sums_of(noun: Noun, lines: Iterable[Line]) -> Sums:
    """Lines added up as people read them."""
    tally = noun.tally
    assert tally is not None, f"{noun.kind} is not tallied"
    none = Column(0, 0, (0,) * len(tally.fen))
    nothing = Sum(none, none)
    by, external = dict.fromkeys(noun.groups, nothing), nothing
    for line in lines:
        one = Sum(line.column, none) if line.by.get("checked", True) else Sum(none, line.column)
        if line.by.get("external"):
            external += one
        else:
            group = line.by[tally.by[0]]
            by[group] = by.get(group, nothing) + one
    return Sums(by, sum(by.values(), nothing), external, tally.fen)


def _lines(connection: Connection, noun: Noun, chosen: Choice) -> list[Line]:
    tally = noun.tally
    assert tally is not None, f"{noun.kind} is not tallied"
    query = _from_rows(noun, tally, chosen) if chosen.further else _from_tally(tally, chosen)
    wide = len(tally.by)
    return [
        # PostgreSQL sums to a decimal: whole all the same.
        Line(
            dict(zip(tally.by, one[:wide], strict=True)),
            Column(int(count), int(unknown), tuple(map(int, fen))),
        )
        for one in connection.execute(query)
        for count, unknown, *fen in [one[wide:]]
    ]


def _from_tally(tally: Tally, chosen: Choice) -> Select[Any]:
    columns = tally.table.c
    by = [columns[name] for name in tally.by]
    sums = [func.sum(columns[name]) for name in ("count", "unknown", *tally.fen)]
    return select(*by, *sums).where(*chosen.of(tally.table), columns["count"] > 0).group_by(*by)


def _from_rows(noun: Noun, tally: Tally, chosen: Choice) -> Select[Any]:
    columns = noun.table.c
    by = [columns[name] for name in tally.by]
    last = columns[tally.fen[-1] if tally.fen else "position"]
    sums = [func.coalesce(func.sum(columns[name]), 0) for name in tally.fen]
    counted = [columns["duplicate_of"] == ""] if "duplicate_of" in columns else []
    return (
        select(*by, func.count(), func.count() - func.count(last), *sums)
        .where(*chosen.of(noun.table), *chosen.further, *counted)
        .group_by(*by)
    )
