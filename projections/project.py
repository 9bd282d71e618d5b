"""Projects (帮扶产业项目) as rows: what each event says of a project, and what of it holds now."""

from collections.abc import Mapping, Sequence
from typing import Any

from domain.assertions import FOREVER
from domain.classification import CLASSES
from domain.values import kind_of
from projections.area import is_external
from projections.entered import Checks, EnteredRows, says_corrected, says_nothing
from projections.entry import Entry
from projections.estate_tables import project
from projections.labels import UNCLASSIFIED
from projections.noun import Noun, Teller
from projections.rows import Row, Rows
from projections.said import Said, compact

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


TELLERS: dict[str, Teller] = {
    "project.listed.v1": _says_listed,
    "project.superseded.v1": _says_superseded,
    "project.endorsed.v1": says_nothing,
    "project.class_opined.v1": _says_opined,
    "project.class_determined.v1": _says_determined,
    "project.correction_proposed.v1": says_nothing,
    "project.corrected.v1": says_corrected,
    "proposal.withdrawn.v1": _says_withdrawn,
}


# --- the rows ----------------------------------------------------------------------------------------


def derived_total(fund_lines: Sequence[Mapping[str, Any]]) -> int:
    """投入资金: the sum of the fund lines (D20)."""
    return sum(line["amount_fen"] for line in fund_lines)


def sums(said: Said, day: str = FOREVER, known: int | None = None) -> Row:
    """The sum of the fund lines beside the total that somebody stated (D20)."""
    lines, stated = said.dated("fund_lines").at(day, known), said.dated("total_fen").at(day, known)
    total = derived_total(lines or ())
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
        "fund_lines": compact(now.get("fund_lines") or []),
        "external": is_external(rows, areas),
        "total_fen": derived_total(now.get("fund_lines") or ()),
        "stated_fen": now.get("total_fen"),
        "begun_on": said.sayings[0].valid_from,
        "said": said.dumps(),
    }


_CHECKS = Checks(project)
_ROWS = EnteredRows(_CHECKS, TELLERS, _columns)


def _classify(rows: Rows, entry: Entry) -> None:
    _ROWS.tell(rows, entry)


def _withdraw(rows: Rows, entry: Entry) -> None:
    """The opinion that a withdrawn proposal carried no longer counts."""
    subject = entry.state["subject"]
    if kind_of(subject) == NOUN.kind:
        _ROWS.tell(rows, entry, subject)


NOUN = Noun(
    "project",
    project,
    {
        "project.listed.v1": _ROWS.begin,
        "project.superseded.v1": _ROWS.rewrite,
        "project.endorsed.v1": _CHECKS.endorse,
        "project.class_opined.v1": _classify,
        "project.class_determined.v1": _classify,
        "project.correction_proposed.v1": _CHECKS.touch,
        "project.corrected.v1": _ROWS.correct,
        "proposal.withdrawn.v1": _withdraw,
        "batch.endorsed.v1": _CHECKS.check_batch,
    },
    TELLERS,
    groups={**CLASSES, "": UNCLASSIFIED},
    sums=sums,
    leads=("batch", "proposal"),
)
