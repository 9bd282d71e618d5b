"""Meetings (会议) as rows: the counts, and each resolution with whether it had the votes the law of its day asks."""

from projections.entered import Checks, says_its_state, says_nothing, told
from projections.entry import Entry
from projections.noun import Noun, Teller
from projections.rows import Rows
from projections.said import compact
from projections.tables import meeting, meeting_area, meeting_resolution

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
    resolutions = [
        {"meeting": entry.stream, "line": line, "passed": passed, **resolution}
        for line, (resolution, passed) in enumerate(
            zip(state["resolutions"], state["passed"], strict=True), start=1
        )
    ]
    rows.replace(meeting_resolution, entry.stream, resolutions, new=True)
    areas = [{"meeting": entry.stream, "area": one} for one in dict.fromkeys(state["areas"])]
    rows.replace(meeting_area, entry.stream, areas, new=True)


TELLERS: dict[str, Teller] = {"meeting.recorded.v1": says_its_state(), "meeting.endorsed.v1": says_nothing}
NOUN = Noun(
    "meeting",
    meeting,
    {
        "meeting.recorded.v1": _recorded,
        "meeting.endorsed.v1": _CHECKS.endorse,
        "batch.endorsed.v1": _CHECKS.check_batch,
    },
    TELLERS,
    places=meeting_area,
    leads=("batch", "document"),
)
