"""A tally: how many rows of a table lie where, kept beside them (counts.py), and the indexes by which they are found."""

from dataclasses import dataclass

from sqlalchemy import BigInteger, Column, Index, String, Table

NAMES = ("number", "name", "label", "title")  # columns in which a subject is looked for by a part of its name
CHECKS = ("unchecked_until", "checked_since")  # columns by which it is known what was checked at a position


@dataclass(frozen=True, slots=True)
class Tally:
    """How many rows of a table lie in each territory, by the values of some columns, and what their amounts come to.

    A line of it stands for the rows that agree in all of these; they can be gone through in order, since the rows are
    indexed by the same columns.
    """

    # `territory`, a column for each of `by`, how many rows are `lying` there, of which those that are no duplicates are counted
    # (CORR-8): `count`, `unknown`, a sum for each of `fen`.
    table: Table
    by: tuple[str, ...]  # the first is what sums are shown by
    fen: tuple[str, ...]  # null is not known: `unknown` counts the rows in which the last one is not


def tally_of(rows: Table, by: tuple[str, ...], fen: tuple[str, ...]) -> Tally:
    """The tally of a table that has a `territory`; rows are indexed by it from here on."""
    territory = Column("territory", String(32), primary_key=True, nullable=False)
    keys = [Column(name, rows.c[name].type, primary_key=True, nullable=False) for name in by]
    sums = [Column(name, BigInteger, nullable=False) for name in ("lying", "count", "unknown", *fen)]
    table = Table(f"{rows.name}_tally", rows.metadata, territory, *keys, *sums, sqlite_with_rowid=False)
    Index(f"{rows.name}_in_line", rows.c.territory, *(rows.c[name] for name in by), rows.c.position)
    # One entry brings one subject: said to the database, or it guesses that a few hundred positions are half of the rows.
    Index(f"{rows.name}_position", rows.c.position, unique=True)
    # A part of a number or name is looked for in these, and what was checked then: rows are long.
    named = [rows.c[name] for name in (*NAMES, *CHECKS) if name in rows.c]
    Index(f"{rows.name}_in_order", rows.c.position, *named)
    Index(f"{rows.name}_in_territory", rows.c.territory, rows.c.position, *named)
    return Tally(table, by, fen)
