"""What the read tables are made of: the columns that nouns share. Portable SQL; the columns named in `JSON` hold compact JSON;
money is integer fen.

A row is changed only by entries that name it, so a row knows the first (`position`) and last (`last_position`) entry
that made it.
"""

from collections.abc import Collection, Mapping
from typing import Any

import orjson
from sqlalchemy import BigInteger, Boolean, Column, MetaData, String, Table, Text

metadata = MetaData()

JSON = frozenset(
    {
        "areas",
        "assets",
        "counterparty",
        "creditor",
        "debtor",
        "difference",
        "done",
        "entries",
        "excepted",
        "fund_lines",
        "loaded",
        "needs",
        "notes",
        "population",
        "projects",
        "row",
        "said",
        "shares",
        "subjects",
        "successors",
        "under",
    }
)


def as_read(row: Mapping[Any, Any], but: Collection[str]) -> dict[str, Any]:
    """The columns of a row but some, those that hold JSON as what they say."""
    return {
        name: orjson.loads(value) if name in JSON else value for name, value in row.items() if name not in but
    }


def identity(name: str = "id", *, primary_key: bool = True, index: bool = False) -> Column[str]:
    return Column(name, String(200), primary_key=primary_key, index=index, nullable=False)


def recorded() -> tuple[Column[Any], ...]:
    """When the subject was first recorded, and by which entries the row was made."""
    return (
        Column("recorded_at", String(27), nullable=False),
        Column("position", BigInteger, nullable=False),
        Column("last_position", BigInteger, nullable=False),
    )


def checked() -> tuple[Column[Any], ...]:
    """已核 / 未核; who must check what, see entered.py; the batch of the entry that says what the subject is."""
    return (
        Column("checked", Boolean, nullable=False),
        # Known at an earlier position it was 未核, known at this or a later one 已核; null: it waits. Those between are two
        # different ones when later entries waited, too.
        Column("unchecked_until", BigInteger),
        Column("checked_since", BigInteger),
        Column("entries", Text, nullable=False),
        Column("batch", String(200), nullable=False, index=True),
    )


def areas() -> tuple[Column[Any], ...]:
    """In which areas the subject lies, and the territory that these are together (territory.py)."""
    return Column("areas", Text, nullable=False), Column("territory", String(32), nullable=False)


def counted() -> Column[str]:
    """What it was registered a second time of (CORR-6): not counted then; "" otherwise."""
    return Column("duplicate_of", String(200), nullable=False)


def links(name: str, owner: str, other: str) -> Table:
    """Lines of an owner that name others: areas, projects, assets."""
    return Table(
        name,
        metadata,
        identity(owner),
        Column(other, String(200), primary_key=True, nullable=False, index=True),
        sqlite_with_rowid=False,
    )
