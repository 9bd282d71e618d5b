"""What is entered by one and checked by another (未核, 已核; D9), as rows: the same columns for every such noun."""

from sqlalchemy import Table

from projections.entry import Entry
from projections.noun import Handler
from projections.rows import Row, Rows
from projections.said import compact


def entered(entry: Entry) -> Row:
    """The columns that are about the entry that entered the subject, and its being unchecked."""
    state = entry.state
    return {
        "batch": state["batch"],
        "batch_index": state["batch_index"],
        "row": compact(state["row"]),
        "notes": compact(state["notes"]),
        "checked": not state["unchecked"],
        "endorsed_at": None,
        "occurred_on": entry.occurred_on,
        "recorded_at": entry.recorded.recorded_at,
        "last_position": entry.position,
    }


def endorse(table: Table) -> Handler:
    """For the event that endorses one entry."""

    def handle(rows: Rows, entry: Entry) -> None:
        at = entry.position
        rows.change(table, entry.stream, checked=True, endorsed_at=at, last_position=at)

    return handle


def check_batch(table: Table) -> Handler:
    """For `batch.endorsed.v1`: it checks every row of the batch but the excepted ones."""

    def handle(rows: Rows, entry: Entry) -> None:
        excepted = {index for index, _reason in entry.state["excepted"]}
        for row in rows.having(table, "batch", entry.stream):
            if row["batch_index"] not in excepted:
                rows.change(table, row["id"], checked=True, last_position=entry.position)

    return handle


def touch(table: Table) -> Handler:
    """For an event of the noun that says nothing new of it."""

    def handle(rows: Rows, entry: Entry) -> None:
        rows.change(table, entry.stream, last_position=entry.position)

    return handle
