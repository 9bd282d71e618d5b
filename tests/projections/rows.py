"""What stands in the read tables."""

from typing import Any

from sqlalchemy import Engine, Table, select

from projections.noun import Noun
from projections.register import HIDDEN
from projections.shared_columns import as_read


def row(engine: Engine, table: Table, subject: str) -> dict[str, Any]:
    """The row of a subject as it is stored."""
    (found,) = lines(engine, table, id=subject)
    return found


def lines(engine: Engine, table: Table, **of: str) -> list[dict[str, Any]]:
    """The rows with these values."""
    query = select(table)
    for column, value in of.items():
        query = query.where(table.c[column] == value)
    with engine.connect() as connection:
        return [dict(one) for one in connection.execute(query).mappings()]


def row_of(engine: Engine, noun: Noun, subject: str) -> dict[str, Any] | None:
    """The row of a subject as the register has it; None when there is none (yet)."""
    for found in lines(engine, noun.table, id=subject):
        return as_read(found, HIDDEN)
    return None
