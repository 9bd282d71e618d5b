"""Proposals (提议) as rows: what waits for which signature, until when."""

from projections.entry import Entry
from projections.noun import Noun
from projections.rows import Rows
from projections.said import compact
from projections.standing_tables import proposal


def _made(rows: Rows, entry: Entry) -> None:
    state = entry.state
    rows.add(
        proposal,
        {
            "id": entry.stream,
            "kind": state["kind"],
            "label": state["label"],
            "subject": state["subject"],
            "subject_version": state["subject_version"],
            "expires_on": state["expires_on"],
            "needs": compact(state["needs"]),
            "endorsed": 0,
            "status": "open",
            "recorded_at": entry.recorded.recorded_at,
            "position": entry.position,
            "last_position": entry.position,
        },
    )


def _endorsed(rows: Rows, entry: Entry) -> None:
    row = rows.get(proposal, entry.stream)
    assert row is not None, f"proposal {entry.stream} is endorsed before it is made"
    status = "completed" if entry.state["complete"] else "open"
    rows.change(
        proposal, entry.stream, endorsed=row["endorsed"] + 1, status=status, last_position=entry.position
    )


def _withdrawn(rows: Rows, entry: Entry) -> None:
    rows.change(proposal, entry.stream, status="withdrawn", last_position=entry.position)


NOUN = Noun(
    "proposal",
    proposal,
    {
        "proposal.made.v1": _made,
        "proposal.endorsed.v1": _endorsed,
        "proposal.withdrawn.v1": _withdrawn,
    },
)
