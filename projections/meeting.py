"""Meetings (会议) as rows: the counts, and each resolution with whether it had the votes the law of its day asks."""

from collections.abc import Mapping, Sequence
from typing import Any

from domain.meeting_law import has_passed
from projections.disposal_tables import meeting, meeting_resolution
from projections.entered import Checks, Corrections, says_its_state, says_nothing, told
from projections.entry import Entry
from projections.noun import Noun, Teller
from projections.parameter import value_on
from projections.rows import Row, Rows
from projections.said import Said, compact

_SAME = (
    "name",
    "body",
    "area_label",
    "entitled",
    "present",
    "notified_on",
    "party_discussed",
    "authorised",
    "no_rceo",
    "minutes",
    "evidence",
)
_CHECKS = Checks(meeting)


def _recorded(rows: Rows, entry: Entry) -> None:
    state = entry.state
    row = {
        **{name: state[name] for name in _SAME},
        "areas": compact(state["areas"]),
        "notes": compact(state["notes"]),
        "said": told(TELLERS, entry),
        "occurred_on": entry.occurred_on,
    }
    _CHECKS.add(rows, entry, row)
    rows.replace(
        meeting_resolution, entry.stream, _lines(entry, state["resolutions"], state["passed"]), new=True
    )


def _lines(entry: Entry, resolutions: Sequence[Mapping[str, Any]], passed: Sequence[bool]) -> list[Row]:
    return [
        {"meeting": entry.stream, "line": line, "passed": has, **resolution}
        for line, (resolution, has) in enumerate(zip(resolutions, passed, strict=True), start=1)
    ]


def _corrected(rows: Rows, entry: Entry, said: Said) -> None:
    """Whether a resolution has the votes follows from the counts as they are now known, by the law of its day."""
    now, held_on = said.now(), said.sayings[0].valid_from
    passing = value_on(rows, f"{now['body']}_passing", held_on)
    passed = [has_passed(now, one, passing) for one in now["resolutions"]]
    rows.replace(meeting_resolution, entry.stream, _lines(entry, now["resolutions"], passed), new=False)


_CORRECTIONS = Corrections(meeting, then=_corrected)
TELLERS: dict[str, Teller] = {
    "meeting.recorded.v1": says_its_state(),
    "meeting.endorsed.v1": says_nothing,
    **_CORRECTIONS.tellers(),
}
NOUN = Noun(
    "meeting",
    meeting,
    {
        "meeting.recorded.v1": _recorded,
        "meeting.endorsed.v1": _CHECKS.endorse,
        **_CORRECTIONS.handlers(),
        "batch.endorsed.v1": _CHECKS.check_batch,
    },
    TELLERS,
    leads=("batch", "document"),
)
