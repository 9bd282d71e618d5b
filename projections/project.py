"""Projects (帮扶产业项目) as rows: what each event says of a project, and what of it holds now."""

from collections.abc import Mapping, Sequence
from typing import Any

from domain.values import kind_of
from projections.area import is_external
from projections.entered import check_batch, endorse, entered, touch
from projections.entry import Entry
from projections.noun import Noun, Teller
from projections.rows import Row, Rows
from projections.said import Said, compact
from projections.tables import fund_line, project, project_area

# What a listing says of the project; the rest of its state is about the saying.
LISTED = (
    "number",
    "name",
    "area_label",
    "areas",
    "build_year",
    "operator",
    "place",
    "scale",
    "category",
    "content",
    "department",
    "former_poor_village",
    "subsisting",
    "operating_assets",
    "fund_lines",
    "total_fen",
)
GROUNDS = ("cause_codes", "cause_text", "dimensions")
_TEXT = ("number", "name", "area_label", "operator", "place", "scale", "category", "content", "department")
_KNOWN = ("build_year", "former_poor_village", "subsisting", "operating_assets")
_CLASS = ("class", "class_stage", "opined_class", "opined_stage")


# --- what an event says of the project ---------------------------------------------------------------


def _says_listed(said: Said, entry: Entry) -> Said:
    state = entry.state
    return said.by(entry, {name: state[name] for name in LISTED})


def _says_superseded(said: Said, entry: Entry) -> Said:
    return _says_listed(said.without(entry.state["supersedes"], by=entry.position), entry)


def _says_opined(said: Said, entry: Entry) -> Said:
    state = entry.state
    fields = {"opined_class": state["class"], "opined_stage": state["stage"], "opined_in": state["proposal"]}
    return said.by(entry, fields)


def _says_withdrawn(said: Said, entry: Entry) -> Said:
    """With a proposal its opinion is withdrawn. The entry is the proposal's, and names the project."""
    for one in said.sayings:
        if one.fields.get("opined_in") == entry.stream:
            return said.without(one.version, by=entry.position)
    return said


def _says_determined(said: Said, entry: Entry) -> Said:
    state = entry.state
    return said.by(
        entry,
        {"class": state["class"], "class_stage": state["stage"], **{name: state[name] for name in GROUNDS}},
    )


def _says_corrected(said: Said, entry: Entry) -> Said:
    """A correction (更正): what it corrects is withdrawn, and said rightly from the same day on."""
    now = {change["field"]: change["now"] for change in entry.state["changes"]}
    slipped = said.made_at(entry.state["corrects"])
    since = None if slipped is None else slipped.valid_from
    return said.without(entry.state["corrects"], by=entry.position, names=now).by(entry, now, since)


def _says_nothing(said: Said, _entry: Entry) -> Said:
    """The event is about an entry or a proposal; of the project itself nothing new is said."""
    return said


TELLERS: dict[str, Teller] = {
    "project.listed.v1": _says_listed,
    "project.superseded.v1": _says_superseded,
    "project.endorsed.v1": _says_nothing,
    "project.class_opined.v1": _says_opined,
    "project.class_determined.v1": _says_determined,
    "project.correction_proposed.v1": _says_nothing,
    "project.corrected.v1": _says_corrected,
    "proposal.withdrawn.v1": _says_withdrawn,
}


# --- the rows ----------------------------------------------------------------------------------------


def derived_total(fund_lines: Sequence[Mapping[str, Any]]) -> int:
    """投入资金: the sum of the fund lines (D20)."""
    return sum(line["amount_fen"] for line in fund_lines)


def sums(fields: Mapping[str, Any]) -> Mapping[str, int | None]:
    """The sum of the fund lines beside the total that somebody stated (D20)."""
    total, stated = derived_total(fields.get("fund_lines") or ()), fields.get("total_fen")
    return {
        "total_fen": total,
        "stated_fen": stated,
        "difference_fen": None if stated is None else stated - total,
    }


def _columns(rows: Rows, said: Said) -> Row:
    """The columns that follow from what has been said."""
    now = said.now()
    areas = now.get("areas") or []
    return {
        **{name: now.get(name) or "" for name in (*_TEXT, *_CLASS)},
        **{name: now.get(name) for name in _KNOWN},
        "areas": compact(areas),
        "external": is_external(rows, areas),
        "total_fen": derived_total(now.get("fund_lines") or ()),
        "stated_fen": now.get("total_fen"),
        "said": said.dumps(),
    }


def _lines(rows: Rows, identity: str, said: Said, *, new: bool) -> None:
    """The rows that belong to the project's row."""
    now = said.now()
    lines = [
        {
            "project": identity,
            "line": number,
            "source": line["source"],
            "document": line["document"],
            "year": line["year"],
            "amount_fen": line["amount_fen"],
            "as_read": line["as_read"],
        }
        for number, line in enumerate(now.get("fund_lines") or (), start=1)
    ]
    areas = [{"project": identity, "area": area} for area in dict.fromkeys(now.get("areas") or ())]
    rows.replace(fund_line, identity, lines, new=new)
    rows.replace(project_area, identity, areas, new=new)


def _list(rows: Rows, entry: Entry) -> None:
    said = _says_listed(Said(), entry)
    columns = _columns(rows, said) | entered(entry)
    rows.add(project, {"id": entry.stream, "position": entry.position, **columns})
    _lines(rows, entry.stream, said, new=True)


def _tell(rows: Rows, entry: Entry, identity: str) -> Said:
    """Say what the entry says in the row of a project."""
    row = rows.get(project, identity)
    assert row is not None, f"{entry.event} of {identity}, which was never listed"
    said = TELLERS[entry.event](Said.loads(row["said"]), entry)
    rows.change(project, identity, last_position=entry.position, **_columns(rows, said))
    return said


def _classify(rows: Rows, entry: Entry) -> None:
    _tell(rows, entry, entry.stream)


def _correct(rows: Rows, entry: Entry) -> None:
    _lines(rows, entry.stream, _tell(rows, entry, entry.stream), new=False)


def _supersede(rows: Rows, entry: Entry) -> None:
    _correct(rows, entry)
    rows.change(project, entry.stream, **entered(entry))


def _withdraw(rows: Rows, entry: Entry) -> None:
    """The opinion that a withdrawn proposal carried no longer counts."""
    subject = entry.state["subject"]
    if kind_of(subject) == NOUN.kind:
        _tell(rows, entry, subject)


NOUN = Noun(
    "project",
    project,
    {
        "project.listed.v1": _list,
        "project.superseded.v1": _supersede,
        "project.endorsed.v1": endorse(project),
        "project.class_opined.v1": _classify,
        "project.class_determined.v1": _classify,
        "project.correction_proposed.v1": touch(project),
        "project.corrected.v1": _correct,
        "proposal.withdrawn.v1": _withdraw,
        "batch.endorsed.v1": check_batch(project),
    },
    TELLERS,
    places=project_area,
    sums=sums,
    leads=("batch", "proposal"),
)
