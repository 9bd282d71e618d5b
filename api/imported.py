"""What became of a workbook: entered or only decided, refused, noted; told to machines, and written into the workbook as it came."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field
from typing import Any

from api.desk import Answer
from api.exchange.annotate import Verdict, annotated
from api.exchange.grid import Workbook
from api.exchange.outcome import Plan
from domain.rules import RULES


@dataclass(frozen=True, slots=True)
class RowRefused:
    """A new row of a sheet that the ledger does not take."""

    sheet: str
    row: int
    code: str
    rule: str
    message: str


@dataclass(frozen=True, slots=True)
class RowsNoted:
    """A rule that entered rows do not meet, or of which nobody knows whether they meet it (D9)."""

    rule: str
    unknown: bool
    sheet: str
    rows: tuple[int, ...]

    @property
    def statement(self) -> str:
        return RULES[self.rule].statement


@dataclass(frozen=True, slots=True)
class Imported:
    """The plan of a file with what the ledger says of its new rows: entered, or in a dry run only decided."""

    plan: Plan
    book: Workbook
    data: bytes
    answers: tuple[Answer, ...] = ()  # of the batches; in a dry run only one that refuses all of them
    refused: tuple[RowRefused, ...] = ()
    noted: tuple[RowsNoted, ...] = ()
    opening: bool = False
    recalled: Mapping[str, str] = field(default_factory=dict)  # headings, as the office explained them before

    @property
    def is_complete(self) -> bool:
        """Whether every data row is in the ledger now, or would be."""
        left = any(row.outcome in ("ask", "fault", "changed") for row in self.plan.rows)
        return not left and not self.refused and all(answer.ok for answer in self.answers)

    def annotated(self) -> bytes:
        """The workbook as it came, with everything that was found: an .xlsx."""
        refused = [
            Verdict(one.sheet, one.row, f"{one.message}（{one.code}，{one.rule}）") for one in self.refused
        ]
        return annotated(self.data, self.book, self.plan, refused)

    def json(self) -> dict[str, Any]:
        return self.plan.as_json() | {
            "batches": [answer.json() for answer in self.answers],
            "complete": self.is_complete,
            "recalled": dict(self.recalled),
            "noted": [asdict(one) | {"statement": one.statement} for one in self.noted],
            "refused": [asdict(one) for one in self.refused],
        }


def noted_of(states: Iterable[Mapping[str, Any]]) -> tuple[RowsNoted, ...]:
    """What the events of new rows note, by rule and sheet."""
    rows: dict[tuple[str, str], list[int]] = {}
    for state in states:
        for note in state["notes"]:
            rows.setdefault((note, state["row"]["sheet"]), []).append(state["row"]["row"])
    return tuple(
        RowsNoted(note.partition(":")[0], note.endswith(":unknown"), sheet, tuple(sorted(some)))
        for (note, sheet), some in sorted(rows.items())
    )
