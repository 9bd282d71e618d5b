"""Public notices (公示) as rows: where, from when to when, what came of it."""

from projections.disposal_tables import notice
from projections.entered import Checks, Corrections, says_its_state, says_nothing, told
from projections.entry import Entry
from projections.noun import Noun, Teller
from projections.rows import Rows
from projections.said import compact

_SAME = ("name", "kind", "subject", "board", "until", "reviewed")
_CHECKS = Checks(notice)


def _posted(rows: Rows, entry: Entry) -> None:
    state = entry.state
    row = {
        **{name: state[name] for name in _SAME},
        "areas": compact(state["areas"]),
        "posted_on": entry.occurred_on,
        "closed_on": "",
        "objections": 0,
        "answered": 0,
        "proof": "",
        "notes": compact(state["notes"]),
        "said": told(TELLERS, entry),
    }
    _CHECKS.add(rows, entry, row)


def _closed(rows: Rows, entry: Entry) -> None:
    same = {name: entry.state[name] for name in ("objections", "answered", "proof")}
    said = told(TELLERS, entry, _CHECKS.row(rows, entry))
    rows.change(notice, entry.stream, closed_on=entry.occurred_on, said=said, **same)
    _CHECKS.enter(rows, entry)


_CORRECTIONS = Corrections(notice)
TELLERS: dict[str, Teller] = {
    "notice.posted.v1": says_its_state(),
    "notice.closed.v1": says_its_state(),
    "notice.endorsed.v1": says_nothing,
    **_CORRECTIONS.tellers(),
}
NOUN = Noun(
    "notice",
    notice,
    {
        "notice.posted.v1": _posted,
        "notice.closed.v1": _closed,
        "notice.endorsed.v1": _CHECKS.endorse,
        **_CORRECTIONS.handlers(),
        "batch.endorsed.v1": _CHECKS.check_batch,
    },
    TELLERS,
    leads=("batch", "document"),
)
