"""The answer of a dry run (导入预演): rows with their outcomes, sheets with their sums, and the JSON that other programs read.

Outcomes: `new` 新登记, `same` 已登记, `changed` 已登记而有改动, `ask` 留待询问, `fault` 有误, `skip` 略过.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal, get_args

from api.exchange.rules import Fault
from api.exchange.sums import Printed
from api.exchange.tables import Unread

Outcome = Literal["new", "changed", "same", "ask", "fault", "skip"]
OUTCOMES: tuple[Outcome, ...] = get_args(Outcome)
Payload = dict[str, Any]

# Noun -> key of every register -> what it is of this one, told beside it (领域 4.1, 4.3, 4.5): a program that reads one noun
# need not know that the amount of an asset is its original value, and that of a debt its principal, never what is left of it.
OWN_KEYS: Mapping[str, Mapping[str, str]] = {
    "project": {"number": "project_no"},
    "asset": {"number": "asset_no", "amount_fen": "original_value_fen"},
    "obligation": {"amount_fen": "principal_fen"},
}


@dataclass(frozen=True, slots=True)
class PlannedRow:
    """One row of a sheet and what becomes of it. Only a `new` row has a payload."""

    sheet: str
    row: int
    outcome: Outcome
    reason: str
    fields: Mapping[str, Any]
    faults: tuple[Fault, ...]
    notes: tuple[str, ...]
    code: str  # the identity of the row, "" where it has none
    payload: Payload | None
    noun: str = "project"

    def __post_init__(self) -> None:
        assert (self.outcome == "new") == (self.payload is not None)
        assert (self.outcome == "fault") == bool(self.faults)

    def as_json(self) -> dict[str, Any]:
        own = OWN_KEYS[self.noun].items()
        return {
            "sheet": self.sheet,
            "row": self.row,
            "noun": self.noun,
            "outcome": self.outcome,
            "reason": self.reason,
            "fields": dict(self.fields) | {key: self.fields[one] for one, key in own if one in self.fields},
            "faults": [fault.as_json() for fault in self.faults],
            "notes": list(self.notes),
            "code": self.code,
        }


@dataclass(frozen=True, slots=True)
class Totals:
    """Rows added up: every data row counts with its amount as read, whatever its outcome."""

    rows: int
    data_rows: int
    sum_fen: int
    printed_fen: int | None  # None unless every table prints its total
    by_outcome: Mapping[Outcome, int]
    subtotals: tuple[Printed, ...]
    totals: tuple[Printed, ...]

    @property
    def difference_fen(self) -> int | None:
        return None if self.printed_fen is None else self.sum_fen - self.printed_fen

    @property
    def printed(self) -> tuple[Printed, ...]:
        return (*self.subtotals, *self.totals)

    @property
    def differing(self) -> tuple[Printed, ...]:
        """The printed subtotals and totals that are not the sum of their rows."""
        return tuple(one for one in self.printed if one.difference_fen)

    def as_json(self) -> dict[str, Any]:
        return {
            "rows": self.rows,
            "data_rows": self.data_rows,
            "sum_fen": self.sum_fen,
            "printed_fen": self.printed_fen,
            "difference_fen": self.difference_fen,
            "by_outcome": dict(self.by_outcome),
            "subtotals": [one.as_json() for one in self.subtotals],
            "totals": [one.as_json() for one in self.totals],
        }


@dataclass(frozen=True, slots=True)
class SheetPlan:
    """The dry run of one sheet."""

    sheet: str
    noun: str
    title: str
    totals: Totals
    unread: tuple[Unread, ...]
    notes: tuple[str, ...]  # of the sheet as a whole
    is_read: bool  # there is a table or a form in it

    @property
    def sums(self) -> tuple[Printed, ...]:
        """The printed sums that somebody has to look at (READ-13)."""
        return tuple(one for one in self.totals.printed if one.told)

    @property
    def told(self) -> tuple[str, ...]:
        """All that is said of the sheet beside its rows and sums."""
        names = "、".join(dict.fromkeys(one.name for one in self.unread))
        near = dict.fromkeys((one.heading, one.near) for one in self.unread if one.near)
        return (
            *((f"未读入的栏：{names}",) if names else ()),
            *(
                f"不认识的栏“{heading}”：是不是“{known}”？是的话请改成“{known}”再导入"
                for heading, known in near
            ),
            *self.notes,
        )

    def as_json(self) -> dict[str, Any]:
        return {
            "sheet": self.sheet,
            "noun": self.noun,
            "title": self.title,
            "totals": self.totals.as_json(),
            "unread": [one.as_json() for one in self.unread],
            "notes": list(self.told),
        }


@dataclass(frozen=True, slots=True)
class Plan:
    """The dry run of a file: every row of every sheet, in order."""

    file: str
    sha256: str
    sheets: tuple[SheetPlan, ...]
    rows: tuple[PlannedRow, ...]
    totals: Totals
    notes: tuple[str, ...]

    @property
    def title(self) -> str:
        return next((sheet.title for sheet in self.sheets if sheet.title), "")

    @property
    def payloads(self) -> tuple[Payload, ...]:
        """What to sign, in the order of the rows."""
        return tuple(row.payload for row in self.rows if row.payload is not None)

    @property
    def balanced(self) -> bool:
        """Whether every printed subtotal and total equals the sum of its rows (READ-13)."""
        return not any(sheet.totals.differing for sheet in self.sheets)

    def as_json(self) -> dict[str, Any]:
        return {
            "file": self.file,
            "sheet": self.sheets[0].sheet,
            "sha256": self.sha256,
            "title": self.title,
            "rows": [row.as_json() for row in self.rows],
            "totals": self.totals.as_json(),
            "sheets": [sheet.as_json() for sheet in self.sheets],
            "notes": list(self.notes),
        }
