"""Limitation of action (诉讼时效) as dated law (D8): until when a claim may be brought to court, as far as can be told from what is recorded.

No parameter: neither a county nor the parties set these terms (民法典197). Whether a period ran, stopped or began anew a court
says; what is computed here is a lead, and says so. What is not computed, for want of days in the record, stands in RULES.md.

Pure, and used alike by the aggregate and by projections (D7).
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import groupby
from typing import Any, NamedTuple

from domain.assertions import FOREVER, Dated
from domain.voting import Tag

Field = Callable[[str], Dated[Any]]
RENT = "rent"
# What may be rent or not, by its contract, which is not in the record: a court decides.
PERHAPS_RENT = "land_rent"


class Term(NamedTuple):
    """How many years a claim of a category may be brought to court, since a day; "": of every category, from the beginning.

    A period that has not run out on that day has the new length, from its own start; one that has stays out.
    """

    since: str
    category: str
    years: int
    source: str
    tag: Tag


# By day, and of one day the general before the special.
TABLE: tuple[Term, ...] = (
    Term("", "", 2, "民法通则135", "规定*"),
    Term("", RENT, 1, "民法通则136", "规定*"),
    Term("2017-10-01", "", 3, "民法总则188、法释〔2018〕12号", "规定*"),
    Term("2021-01-01", "", 3, "民法典188", "规定"),
)
# Nobody had a period before: those of claims of then begin on this day, however old the claims were (法〔办〕发〔1988〕6号 165, 166).
BEGINNING = "1987-01-01"
# From the day on which the claim fell due, whatever restarts it.
LONGEST = Term("", "longest", 20, "民法通则137；民法典188", "规定*")


@dataclass(frozen=True, slots=True)
class Limitation:
    """The period of a claim as it stands on a day."""

    until: str  # the last day on which the claim may be brought to court
    years: int
    source: str
    as_rent: str = ""  # the last day, if the claim is one for rent; "": the same
    acknowledged_on: str = ""  # when the debtor last confirmed or paid after it had run out; "": never

    def __str__(self) -> str:
        rent = f"；如属租金（民法通则136），可能至 {self.as_rent}" if self.as_rent else ""
        late = (
            f"；届满后债务人于 {self.acknowledged_on} 确认或偿还，可能视为同意履行（民法典192）"
            if self.acknowledged_on
            else ""
        )
        return f"诉讼时效期间可能至 {self.until}（{self.years}年，{self.source}）{rent}{late}，由人民法院认定"


def limitation(field: Field, day: str, known: int | None = None) -> Limitation | None:
    """The period as it stands on a day, by the law of that day; None when no due day is known.

    It runs from the due day, in instalments from the last one's (民法典189). Each written demand that was served, each
    confirmation by the debtor and each payment restarts it (民法通则140, 民法典195) if it has not run out; all of it ends
    twenty years after the claim fell due, or with its first period where that ends later.
    """
    due = _due(field, day, known)
    if not due:
        return None
    category = _agreed(field("category"), day, known) or ""
    acknowledged = sorted(_days(field, _BY_THE_DEBTOR, day, known))
    restarts = sorted([*_days(field, _BY_THE_CREDITOR, day, known), *acknowledged])
    until, term = _period(due, restarts, category, day)
    as_rent, _ = _period(due, restarts, RENT if category == PERHAPS_RENT else category, day)
    return Limitation(
        until,
        term.years,
        term.source,
        as_rent if as_rent != until else "",
        max((one for one in acknowledged if one > until), default=""),
    )


def limitation_until(field: Field, day: str, known: int | None = None) -> str:
    """The last day of the period as it stands on a day; "" when no due day is known."""
    found = limitation(field, day, known)
    return "" if found is None else found.until


def _period(due: str, restarts: Iterable[str], category: str, day: str) -> tuple[str, Term]:
    """The last day, and the term that gave it."""
    found = first = _from(due, category, day)
    for restart in restarts:
        if due < restart <= found[0]:
            found = _from(restart, category, day)
    # What was older than twenty years when the law began had its first period whole (166); so has what became so within it:
    # else the younger claim would end before the older one.
    last = max((years_after(due, LONGEST.years), LONGEST), first, key=lambda one: one[0])
    return min(found, last, key=lambda one: one[0])


def _from(start: str, category: str, day: str) -> tuple[str, Term]:
    """The last day of a period that begins on a day, by the law as it stands on another."""
    until, term, start = "", TABLE[0], max(start, BEGINNING)
    for since, terms in groupby(TABLE, key=lambda one: one.since):
        if since <= min(until, day):  # law by then, and before the period had run out
            *_, term = (one for one in terms if one.category in ("", category))
            until = years_after(start, term.years)
    return until, term


def _due(field: Field, day: str, known: int | None) -> str:
    instalments: Sequence[Mapping[str, Any]] = _agreed(field("instalments"), day, known) or ()
    due: str = _agreed(field("due_on"), day, known) or ""
    return max((one["due_on"] for one in instalments), default=due)


def _agreed(dated: Dated[Any], day: str, known: int | None) -> Any:
    """What was agreed when the debt arose, though it was registered later."""
    found = dated.at(day, known)
    return dated.at(FOREVER, known) if found is None else found


_BY_THE_CREDITOR: Mapping[str, Callable[[Any], bool]] = {"demand": lambda demand: demand["served"]}
_BY_THE_DEBTOR: Mapping[str, Callable[[Any], bool]] = {
    "confirmed_debtor": lambda amount: True,
    "movement": lambda movement: movement["kind"] == "paid",
}


def _days(
    field: Field, whose: Mapping[str, Callable[[Any], bool]], day: str, known: int | None
) -> Iterable[str]:
    for name, restarts in whose.items():
        for one in field(name).assertions:
            if one.value is not None and one.counts(day, known) and restarts(one.value):
                yield one.valid_from


def years_after(day: str, years: int) -> str:
    """The same day some years later; the day before where a year has no 29 February, the last day of the calendar where it has
    no such year."""
    since = date.fromisoformat(day)
    if since.year + years > date.max.year:
        return FOREVER
    try:
        return since.replace(year=since.year + years).isoformat()
    except ValueError:
        return since.replace(year=since.year + years, day=28).isoformat()


def as_markdown(words: Mapping[str, str]) -> list[str]:
    """The rows of the table of terms in RULES.md; `words` are those of the categories."""
    titles = {**words, "": "各类", LONGEST.category: "最长"}
    return [
        f"| {titles[one.category]} | {one.since or '—'} | {one.years} | {one.source} | [{one.tag}] |"
        for one in (*TABLE, LONGEST)
    ]
