"""Batches (批次) as rows: what an imported workbook brought, and its check as a whole. Each noun checks its own rows."""

from projections.entry import Entry
from projections.noun import Noun
from projections.rows import Rows
from projections.said import compact
from projections.standing_tables import batch


def _recorded(rows: Rows, entry: Entry) -> None:
    state = entry.state
    rows.add(
        batch,
        {
            "id": entry.stream,
            "rows": state["rows"],
            "refused": len(state["refused"]),
            "sum_fen": state["sum_fen"],
            "sha256": state["sha256"],
            "endorsed_at": None,
            "excepted": "[]",
            "recorded_at": entry.recorded.recorded_at,
            "position": entry.position,
            "last_position": entry.position,
        },
    )


def _endorsed(rows: Rows, entry: Entry) -> None:
    excepted = compact(entry.state["excepted"])
    rows.change(
        batch, entry.stream, endorsed_at=entry.position, excepted=excepted, last_position=entry.position
    )


NOUN = Noun("batch", batch, {"batch.recorded.v1": _recorded, "batch.endorsed.v1": _endorsed})
