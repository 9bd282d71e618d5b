"""What an import would do (导入预演): the outcome of every row, and the payload of each new one.

Outcomes: `new` 新登记, `same` 已登记, `changed` 已登记而有改动, `ask` 留待询问, `fault` 有误, `skip` 略过.
Nothing is written here. The caller signs the payloads (`project.list.v1`, nature fact, occurred on the day of the notice).
"""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal, get_args

from api.exchange.grid import Grid
from api.exchange.register import SKIPPED, Printed, Register, SheetRow, read_register
from api.exchange.rules import Fault
from api.exchange.scope import fund_source
from api.exchange.text import folded, one_line
from domain.money import Money
from domain.values import code as code_of

Outcome = Literal["new", "changed", "same", "ask", "fault", "skip"]
OUTCOMES: tuple[Outcome, ...] = get_args(Outcome)
Payload = dict[str, Any]


@dataclass(frozen=True, slots=True)
class PlannedRow:
    """One row of the sheet and what becomes of it. Only a `new` row has a payload."""

    sheet: str
    row: int
    outcome: Outcome
    reason: str
    fields: Mapping[str, Any]
    faults: tuple[Fault, ...]
    notes: tuple[str, ...]
    code: str  # the identity of the row, "" where it has none
    payload: Payload | None

    def __post_init__(self) -> None:
        assert (self.outcome == "new") == (self.payload is not None)
        assert (self.outcome == "fault") == bool(self.faults)

    def as_json(self) -> dict[str, Any]:
        return {
            "sheet": self.sheet,
            "row": self.row,
            "outcome": self.outcome,
            "reason": self.reason,
            "fields": dict(self.fields),
            "faults": [fault.as_json() for fault in self.faults],
            "notes": list(self.notes),
            "code": self.code,
        }


@dataclass(frozen=True, slots=True)
class Totals:
    """The table added up: every data row counts with its amount as read, whatever its outcome."""

    rows: int
    data_rows: int
    sum_fen: int
    printed_fen: int | None
    by_outcome: Mapping[Outcome, int]
    subtotals: tuple[Printed, ...]

    @property
    def difference_fen(self) -> int | None:
        return None if self.printed_fen is None else self.sum_fen - self.printed_fen

    def as_json(self) -> dict[str, Any]:
        return {
            "rows": self.rows,
            "data_rows": self.data_rows,
            "sum_fen": self.sum_fen,
            "printed_fen": self.printed_fen,
            "difference_fen": self.difference_fen,
            "by_outcome": dict(self.by_outcome),
            "subtotals": [
                {
                    "row": one.row,
                    "printed_fen": one.printed_fen,
                    "sum_fen": one.sum_fen,
                    "difference_fen": one.difference_fen,
                }
                for one in self.subtotals
            ],
        }


@dataclass(frozen=True, slots=True)
class Plan:
    """The dry run of one sheet."""

    file: str
    sheet: str
    sha256: str
    title: str
    rows: tuple[PlannedRow, ...]
    totals: Totals
    notes: tuple[str, ...]

    @property
    def payloads(self) -> tuple[Payload, ...]:
        """What to sign, in the order of the rows."""
        return tuple(row.payload for row in self.rows if row.payload is not None)

    @property
    def balanced(self) -> bool:
        """Whether every printed subtotal and total equals the sum of its rows (READ-13)."""
        return not self.totals.difference_fen and not any(one.difference_fen for one in self.totals.subtotals)

    def as_json(self) -> dict[str, Any]:
        return {
            "file": self.file,
            "sheet": self.sheet,
            "sha256": self.sha256,
            "title": self.title,
            "rows": [row.as_json() for row in self.rows],
            "totals": self.totals.as_json(),
            "notes": list(self.notes),
        }


@dataclass(frozen=True, slots=True)
class _Given:
    """What the caller says about the whole file."""

    area_ids: tuple[str, ...]
    area_label: str
    villages: Mapping[str, tuple[str, str]]
    sha256: str
    notice: str
    late_reason: str
    new_id: Callable[[str], str]


def plan(
    grid: Grid,
    *,
    area_ids: Sequence[str],
    area_label: str,
    sha256: str,
    seen: Callable[[Sequence[str]], dict[str, int]],
    new_id: Callable[[str], str],
    villages: Mapping[str, str] | None = None,
    notice: str = "",
    late_reason: str = "",
) -> Plan:
    """The outcome of every row of a sheet.

    `area_ids` and `area_label` (their names, joined with 、) say whose register it is; a row whose place is a name
    in `villages` belongs to that village's area instead. `seen` answers for each code how often the ledger names
    it (0: never).
    `notice` is the title of the paper that the table came with, for tables that print none.
    """
    register = read_register(grid)
    count = Counter(row.code for row in register.data if row.code)
    asked = sorted({*count, *(number for row in register.data if (number := _number_code(row)))})
    recorded = {code for code, moves in seen(asked).items() if moves} if asked else set()
    given = _Given(
        area_ids=tuple(area_ids),
        area_label=area_label,
        villages={folded(name): (name, area) for name, area in (villages or {}).items()},
        sha256=sha256,
        notice=notice,
        late_reason=late_reason,
        new_id=new_id,
    )
    rows = tuple(_planned(register, row, count, recorded, given) for row in register.rows)
    by_outcome: dict[Outcome, int] = {
        outcome: sum(row.outcome == outcome for row in rows) for outcome in OUTCOMES
    }
    totals = Totals(
        rows=len(rows),
        data_rows=len(register.data),
        sum_fen=sum(row.amount_fen for row in register.data),
        printed_fen=register.total.printed_fen if register.total else None,
        by_outcome=by_outcome,
        subtotals=register.subtotals,
    )
    return Plan(grid.file, grid.sheet, sha256, register.title, rows, totals, register.notes)


def _number_code(row: SheetRow) -> str:
    """The code that the number of a project claims in the ledger."""
    number = row.fields.get("number")
    return code_of("project", str(number)) if number and not row.faults else ""


def _planned(
    register: Register, row: SheetRow, count: Mapping[str, int], recorded: set[str], given: _Given
) -> PlannedRow:
    outcome, reason = _outcome(register, row, count, recorded)
    return PlannedRow(
        sheet=register.grid.sheet,
        row=row.row,
        outcome=outcome,
        reason=reason,
        fields=row.fields,
        faults=row.faults,
        notes=row.notes,
        code=row.code,
        payload=_payload(register, row, given) if outcome == "new" else None,
    )


def _outcome(
    register: Register, row: SheetRow, count: Mapping[str, int], recorded: set[str]
) -> tuple[Outcome, str]:
    if row.role != "data":
        return "skip", SKIPPED[row.role]
    if row.faults:
        return "fault", "；".join(f"{fault.cell}：{fault.fix}" for fault in row.faults)
    if count[row.code] > 1:  # READ-12
        others = "、".join(str(one.row) for one in register.data if one.code == row.code and one is not row)
        return "ask", f"与第{others}行的地点、名称、年度、金额都相同：是同一个项目，还是几个项目？"
    if row.code in recorded:
        return "same", "已登记，内容相同"
    if _number_code(row) in recorded:
        return (
            "changed",
            f"项目编号 {row.fields['number']} 已登记，本行内容与当时的不同；请用更正办理，导入不改写",
        )
    if row.questions:
        return "ask", "；".join(row.questions)
    return "new", "新登记"


# --- the payload ------------------------------------------------------------------------------------


def _payload(register: Register, row: SheetRow, given: _Given) -> Payload:
    fields = row.fields
    area_ids, area_label = _areas(row, given)
    line = _fund_line(register, row, given)
    return {
        "area_label": area_label,
        "areas": list(area_ids),
        "build_year": fields["build_year"],
        "category": fields.get("category", ""),
        "contact": "",
        "content": _content(row),
        "department": fields.get("department", ""),
        "former_poor_village": fields.get("former_poor_village"),
        "fund_lines": [line],
        "late_reason": given.late_reason,
        "name": fields["name"],
        "number": fields.get("number", ""),
        "operating_assets": fields.get("operating_assets"),
        "operator": fields.get("operator", ""),
        "place": fields["place"],
        "project": given.new_id("project"),
        "row": {"code": row.code, "file": given.sha256, "row": row.row, "sheet": register.grid.sheet},
        "scale": fields.get("scale", ""),
        "subsisting": fields.get("subsisting"),
        "total_fen": line["amount_fen"],
    }


def _areas(row: SheetRow, given: _Given) -> tuple[tuple[str, ...], str]:
    for key in ("village", "place"):
        if found := given.villages.get(folded(str(row.fields.get(key, "")))):
            name, area = found
            return (area,), name
    return given.area_ids, given.area_label


def _fund_line(register: Register, row: SheetRow, given: _Given) -> dict[str, Any]:
    """The assistance funds of a row: the grant where a total investment stands beside it, else the amount."""
    key: Literal["grant", "amount"] = "grant" if "grant_fen" in row.fields else "amount"
    cell, document = str(row.fields.get("source", "")), str(row.fields.get("document", ""))
    title = one_line(given.notice) or register.title
    source = fund_source(cell) if cell else fund_source(title)
    return {
        "amount_fen": row.fields[f"{key}_fen"],
        "as_read": row.money_as_read[key],
        # Funds of none of the four groups are told by the paper that names them.
        "document": document or (cell if source == "other" else "") or title[:200].strip(),
        "source": source,
        "year": row.fields["build_year"],
    }


def _content(row: SheetRow) -> str:
    """The content as read; where the funds are a part of the investment, the other money columns follow."""
    content = str(row.fields.get("content", ""))
    if "grant_fen" not in row.fields:
        return content
    labels = (("amount_fen", "总投资"), ("grant_fen", "中央补助"), ("own_fen", "自筹"))
    parts = [f"{label}{Money(fen)}" for key, label in labels if isinstance(fen := row.fields.get(key), int)]
    return f"{content}（{'，'.join(parts)}）"
