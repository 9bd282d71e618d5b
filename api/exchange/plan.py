"""What an import would do (导入预演): the outcome of every row, and the payload of each new one.

Outcomes: `new` 新登记, `same` 已登记, `changed` 已登记而有改动, `ask` 留待询问, `fault` 有误, `skip` 略过.
Nothing is written here. The caller signs the payloads (`project.list.v1`, nature fact, occurred on the day of the notice).
"""

import re
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal, get_args

from api.exchange.grid import Grid
from api.exchange.headings import Key
from api.exchange.register import SKIPPED, Printed, Register, SheetRow, read_register
from api.exchange.rules import Fault
from api.exchange.scope import fund_source
from api.exchange.text import folded, one_line
from domain.money import Money
from domain.values import code as code_of
from domain.values import shortened
from projections.labels import FIELDS, shown

Outcome = Literal["new", "changed", "same", "ask", "fault", "skip"]
OUTCOMES: tuple[Outcome, ...] = get_args(Outcome)
Payload = dict[str, Any]
# What holds now of the project that a code names; None when the code names none.
Held = Callable[[str], Mapping[str, Any] | None]
# A village as papers may word it → its name as registered, and its area.
Villages = Mapping[str, tuple[str, str]]

_DOCUMENT_MAX = 100
_VILLAGE = re.compile(r"(?:村|社区)(?:第?[一二三四五六七八九十\d]{1,3}(?:组|社|队|屯))?\Z")
# What of a project a row can say, and the columns by which it does; what has none is part of every row.
_COMPARED: Mapping[str, tuple[Key, ...]] = {
    "number": ("number",),
    "name": (),
    "place": (),
    "build_year": (),
    "operator": ("operator",),
    "scale": ("scale",),
    "category": ("category",),
    "content": ("content", "grant", "own"),
    "department": ("department",),
    "former_poor_village": ("former_poor_village",),
    "subsisting": ("subsisting",),
    "operating_assets": ("operating_assets",),
    "fund_lines": (),
}


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
    total: Printed | None

    @property
    def difference_fen(self) -> int | None:
        return None if self.printed_fen is None else self.sum_fen - self.printed_fen

    @property
    def differing(self) -> tuple[Printed, ...]:
        """The printed subtotals and total that are not the sum of their rows."""
        printed = (*self.subtotals, *((self.total,) if self.total is not None else ()))
        return tuple(one for one in printed if one.difference_fen)

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
    villages: Villages | None
    sha256: str
    notice: str
    late_reason: str
    new_id: Callable[[str], str]
    held: Mapping[str, Mapping[str, Any]]  # by code
    alike: Mapping[str, Sequence[int]]  # by code: the first rows that have it, enough to name


def plan(
    grid: Grid,
    *,
    area_ids: Sequence[str],
    area_label: str,
    sha256: str,
    seen: Callable[[Sequence[str]], dict[str, int]],
    held: Held,
    new_id: Callable[[str], str],
    villages: Villages | None = None,
    notice: str = "",
    late_reason: str = "",
) -> Plan:
    """The outcome of every row of a sheet.

    `area_ids` and `area_label` (their names, joined with 、) say whose register it is; a row whose place is one of
    `villages` belongs to that village's area instead, and a village that is not among them is asked about (READ-15).
    Without `villages` places are only text. `seen` answers for each code how often the ledger names it (0: never),
    `held` what holds of the project that such a code names.
    `notice` is the title of the paper that the table came with, for tables that print none.
    """
    register = read_register(grid)
    count = Counter(row.code for row in register.data if row.code)
    asked = sorted({*count, *(number for row in register.data if (number := _number_code(row)))})
    recorded = [code for code, moves in seen(asked).items() if moves] if asked else []
    given = _Given(
        area_ids=tuple(area_ids),
        area_label=area_label,
        villages=None if villages is None else {folded(name): one for name, one in villages.items()},
        sha256=sha256,
        notice=notice,
        late_reason=late_reason,
        new_id=new_id,
        held={code: found for code in recorded if (found := held(code)) is not None},
        alike=_alike(register),
    )
    rows = tuple(_planned(register, row, count, given) for row in register.rows)
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
        total=register.total,
    )
    return Plan(grid.file, grid.sheet, sha256, register.title, rows, totals, register.notes)


_NAMED_MAX = 4


def _alike(register: Register) -> dict[str, list[int]]:
    """The first rows of each identity: a file of many equal rows is asked about without naming all of them in each."""
    found: dict[str, list[int]] = {}
    for row in register.data:
        if row.code:
            rows = found.setdefault(row.code, [])
            if len(rows) < _NAMED_MAX:
                rows.append(row.row)
    return found


def _number_code(row: SheetRow) -> str:
    """The code that the number of a project claims in the ledger."""
    number = row.fields.get("number")
    return code_of("project", str(number)) if number and not row.faults else ""


def _planned(register: Register, row: SheetRow, count: Mapping[str, int], given: _Given) -> PlannedRow:
    outcome, reason = _outcome(register, row, count, given)
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
    register: Register, row: SheetRow, count: Mapping[str, int], given: _Given
) -> tuple[Outcome, str]:
    if row.role != "data":
        return "skip", SKIPPED[row.role]
    if row.faults:
        return "fault", "；".join(f"{fault.cell}：{fault.fix}" for fault in row.faults)
    if count[row.code] > 1:  # READ-12
        others = [number for number in given.alike[row.code] if number != row.row]
        named = "、".join(map(str, others)) + ("等" if count[row.code] > len(others) + 1 else "")
        return "ask", f"与第{named}行的地点、名称、年度、金额都相同：是同一个项目，还是几个项目？"
    held = given.held.get(row.code) or given.held.get(_number_code(row))
    if held is not None:  # READ-16
        differences = "；".join(_differences(register, row, held, given))
        if not differences:
            return "same", "已登记，内容相同"
        known = held["number"] or held["name"]
        return "changed", f"{known} 已登记，与台账不同：{differences}。请用更正办理，导入不改写"
    questions = [*row.questions, *_place_questions(row, given)]
    return ("ask", "；".join(questions)) if questions else ("new", "新登记")


def _differences(register: Register, row: SheetRow, held: Mapping[str, Any], given: _Given) -> Iterator[str]:
    """What the row says otherwise than the ledger, column by column; a column that is not there says nothing."""
    said = _said(register, row, given)
    for field, columns in _COMPARED.items():
        if columns and not register.columns & set(columns):
            continue
        before, now = held.get(field), said[field]
        if _comparable(register, before) != _comparable(register, now):
            yield f"{FIELDS[field]}，台账是“{shown(field, before)}”，本行是“{shown(field, now)}”"


def _comparable(register: Register, value: Any) -> Any:
    """Spaces and forms of characters are no difference, nor is how an amount was written."""
    if isinstance(value, str):
        return folded(value)
    if isinstance(value, list):
        keys = ["amount_fen", *(("source",) if "source" in register.columns else ())]
        keys += ["document"] if register.columns & {"source", "document"} else []
        return [[_comparable(register, line[key]) for key in keys] for line in value]
    return value


def _village(row: SheetRow, given: _Given) -> tuple[str, str] | None:
    """The registered village that a row names, also with a group of it (示例一村三组) behind."""
    for key in ("village", "place"):
        text = folded(str(row.fields.get(key, "")))
        begun = [name for name in given.villages or () if text.startswith(name)]
        longest = max(begun, key=len, default="")
        if longest and not re.search("村|社区", text[len(longest) :]):
            return (given.villages or {})[longest]
    return None


def _place_questions(row: SheetRow, given: _Given) -> Iterator[str]:
    """READ-15: a village that nobody has registered is no reason to file its projects under somebody else."""
    place = str(row.fields.get("place", ""))
    if given.villages is None or _village(row, given) is not None:
        return
    if _VILLAGE.search(folded(place)) or _VILLAGE.search(folded(str(row.fields.get("village", "")))):
        yield f"“{place}”是哪个村？区域中没有登记，请改正地点，或先请登记员登记这个村"


# --- the payload ------------------------------------------------------------------------------------


def _payload(register: Register, row: SheetRow, given: _Given) -> Payload:
    village = _village(row, given)
    label, areas = (given.area_label, given.area_ids) if village is None else (village[0], village[1:])
    return _said(register, row, given) | {
        "area_label": label,
        "areas": list(areas),
        "contact": "",
        "late_reason": given.late_reason,
        "project": given.new_id("project"),
        "row": {"code": row.code, "file": given.sha256, "row": row.row, "sheet": register.grid.sheet},
    }


def _said(register: Register, row: SheetRow, given: _Given) -> Payload:
    """What the row itself says of its project."""
    fields = row.fields
    line = _fund_line(register, row, given)
    return {
        "build_year": fields["build_year"],
        "category": fields.get("category", ""),
        "content": _content(row),
        "department": fields.get("department", ""),
        "former_poor_village": fields.get("former_poor_village"),
        "fund_lines": [line],
        "name": fields["name"],
        "number": fields.get("number", ""),
        "operating_assets": fields.get("operating_assets"),
        "operator": fields.get("operator", ""),
        "place": fields["place"],
        "scale": fields.get("scale", ""),
        "subsisting": fields.get("subsisting"),
        "total_fen": line["amount_fen"],
    }


def _fund_line(register: Register, row: SheetRow, given: _Given) -> dict[str, Any]:
    """The assistance funds of a row: the grant where a total investment stands beside it, else the amount."""
    key: Literal["grant", "amount"] = "grant" if "grant_fen" in row.fields else "amount"
    cell, document = str(row.fields.get("source", "")), str(row.fields.get("document", ""))
    title = one_line(given.notice) or register.title
    source = fund_source(cell) if cell else fund_source(title)
    return {
        "amount_fen": row.fields[f"{key}_fen"],
        "as_read": row.money_as_read[key],
        "document": _document(cell, document) or shortened(title, _DOCUMENT_MAX),
        "source": source,
        "year": row.fields["build_year"],
    }


def _document(cell: str, document: str) -> str:
    """The paper's own words for the funds, then its number: the group that they are held to be is our reading."""
    room = _DOCUMENT_MAX - len(document) - 1
    return "，".join(part for part in (shortened(cell, room) if room > 1 else "", document) if part)


def _content(row: SheetRow) -> str:
    """The content as read; where the funds are a part of the investment, the other money columns follow."""
    content = str(row.fields.get("content", ""))
    if "grant_fen" not in row.fields:
        return content
    labels = (("amount_fen", "总投资"), ("grant_fen", "中央补助"), ("own_fen", "自筹"))
    parts = [f"{label}{Money(fen)}" for key, label in labels if isinstance(fen := row.fields.get(key), int)]
    return f"{content}（{'，'.join(parts)}）"
