"""What an import would do (导入预演): the outcome of every row of every sheet, and the payload of each new one.

Nothing is written here. The caller signs the payloads: facts of the day of the notice, or an opening as found on a day.
"""

import re
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from operator import itemgetter
from types import MappingProxyType
from typing import Any

from api.exchange.grid import Grid, Workbook
from api.exchange.identity import row_code
from api.exchange.nouns import NOUNS
from api.exchange.outcome import OUTCOMES, Outcome, Plan, PlannedRow, SheetPlan, Totals
from api.exchange.register import SKIPPED, Register, likeness, likeness_of_form, only_text, read_sheet
from api.exchange.rows import SheetRow
from api.exchange.said import Areas, Given, area_questions, differences, link_questions, links, notes, payload
from api.exchange.schema import Schema
from api.exchange.tables import no_heading
from api.exchange.text import folded
from domain.money import Unit
from domain.natures import Nature
from domain.values import code as code_of

# What holds now of the subject that a code or an id names; None when it names none.
Held = Callable[[str], Mapping[str, Any] | None]
REPORT = "检查结果（导入生成，可以删去）"  # the first cell of the sheet that an annotated copy begins with
_NUMBER = re.compile(r"[0-9][0-9,]*(?:\.[0-9]+)?(?:万元|元)?\Z")
_NAMED_MAX = 4


def plan(
    book: Workbook,
    *,
    area_ids: Sequence[str],
    area_label: str,
    sha256: str,
    seen: Callable[[Sequence[str]], dict[str, int]],
    held: Held,
    new_id: Callable[[str], str],
    villages: Areas | None = None,
    areas: Areas = MappingProxyType({}),
    organisations: Mapping[str, str] = MappingProxyType({}),
    nature: Nature = "fact",
    as_new: bool = False,
    notice: str = "",
    late_reason: str = "",
    unit: Unit | None = None,
    noun: str = "",
    aliases: Mapping[str, str] = MappingProxyType({}),
) -> Plan:
    """The outcome of every row of a file. Raises `Unreadable` when there is no table in any sheet.

    `area_ids` and `area_label` (their names, joined with 、) say whose register it is; a row whose place is one of
    `villages` belongs to that village's area instead, and a village that is not among them is asked about (READ-15).
    Without `villages` places are only text; `areas` are all that a column of areas may name, `organisations` the ids of
    the bodies that are registered, by name. `seen` answers for each code how often the ledger names it (0: never),
    `held` what holds of the subject that such a code names.
    `notice` is the title of the paper that the table came with, for tables that print none; `unit` counts where the
    table names none; `noun` says what the rows are, otherwise the headings do; `aliases` says of headings of this
    file which known one each is. In an opening an amount may be stated as unknown (未载明). `as_new`: ids of another
    ledger (台账编号) make no row a known one.

    A row may belong to a project or an asset that is a new row of the same file: nouns are planned in their order.
    """
    registers = _registers(book, unit, noun, aliases)
    if as_new:
        registers = _told_apart(registers)
    data = [(register, row) for register in registers for row in register.data]
    count = Counter(row.code for _, row in data if row.code)
    asked = sorted({name for register, row in data for name in (*_names(register, row), *links(row)) if name})
    recorded = [name for name, moves in seen(asked).items() if moves] if asked else []
    given = Given(
        area_ids=tuple(area_ids),
        area_label=area_label,
        areas={folded(name): one for name, one in areas.items()},
        organisations={folded(name): one for name, one in organisations.items()},
        nature=nature,
        as_new=as_new,
        villages=None if villages is None else {folded(name): one for name, one in villages.items()},
        sha256=sha256,
        notice=notice,
        late_reason=late_reason,
        new_id=new_id,
        held={name: found for name in recorded if (found := held(name)) is not None},
        alike=_alike(data),
    )
    order = list(NOUNS)
    planned: dict[int, list[PlannedRow]] = {}
    for at, register in sorted(enumerate(registers), key=lambda one: order.index(one[1].schema.noun)):
        planned[at] = [_planned_row(register, row, count, given) for row in register.rows]
    sheets = [_sheet_plan(register, planned[at]) for at, register in enumerate(registers)]
    rows = tuple(row for at in range(len(registers)) for row in planned[at])
    return Plan(book.file, sha256, tuple(sheets), rows, _all(sheets), tuple(_notes(book, sheets)))


def _told_apart(registers: list[Register]) -> list[Register]:
    """What another ledger keeps as two is two, though all that a row says of it be the same."""
    count = Counter(row.code for register in registers for row in register.data)

    def told(register: Register, row: SheetRow) -> SheetRow:
        identity = row.fields.get(register.schema.noun)
        if count[row.code] < 2 or not identity:
            return row
        code = row_code(
            place="", name=str(identity), build_year=None, amount_fen=None, noun=register.schema.noun
        )
        return replace(row, code=code)

    return [replace(one, rows=tuple(told(one, row) for row in one.rows)) for one in registers]


def _registers(book: Workbook, unit: Unit | None, noun: str, aliases: Mapping[str, str]) -> list[Register]:
    """Every sheet as a register of the noun whose headings it has."""
    schemas = [one.schema.with_aliases(aliases) for key, one in NOUNS.items() if noun in ("", key)]
    found: list[Register] = []
    without: list[tuple[Grid, Schema]] = []
    for grid in book.sheets:
        schema = _schema_of(grid, schemas)
        register = None if _is_report(grid) else read_sheet(grid, schema, unit)
        if register is None and not _is_report(grid):
            without.append((grid, schema))
        found.append(register or only_text(grid, schema))
    if not any(register.tables for register in found):
        raise (
            no_heading(without[0][1], without[0][0])
            if without
            else no_heading(found[0].schema, book.sheets[0])
        )
    return found


def _is_report(grid: Grid) -> bool:
    return bool(grid.rows) and grid.text(1, 1) == REPORT


def _schema_of(grid: Grid, schemas: Sequence[Schema]) -> Schema:
    if len(schemas) == 1:
        return schemas[0]
    found = [(likeness(grid, schema), schema) for schema in schemas]
    if not any(known for known, _ in found):
        found = [(likeness_of_form(grid, schema), schema) for schema in schemas]
    return max(found, key=itemgetter(0))[1]


def _names(register: Register, row: SheetRow) -> Iterator[str]:
    """Every name under which the ledger may know a row: of what it says, its number, and the ledger's own id."""
    if row.code:
        yield row.code
    if row.faults:
        return
    if number := row.fields.get("number"):
        yield code_of(NOUNS[register.schema.noun].code, str(number))
    if identity := row.fields.get(register.schema.noun):
        yield str(identity)


def _alike(data: Sequence[tuple[Register, SheetRow]]) -> dict[str, list[tuple[str, int]]]:
    """The first rows of each identity: a file of many equal rows is asked about without naming all of them in each."""
    found: dict[str, list[tuple[str, int]]] = {}
    for register, row in data:
        if row.code:
            rows = found.setdefault(row.code, [])
            if len(rows) < _NAMED_MAX:
                rows.append((register.grid.sheet, row.row))
    return found


# --- the outcome ------------------------------------------------------------------------------------


def _planned_row(register: Register, row: SheetRow, count: Mapping[str, int], given: Given) -> PlannedRow:
    outcome, reason = _outcome(register, row, count, given)
    return PlannedRow(
        sheet=register.grid.sheet,
        row=row.row,
        outcome=outcome,
        reason=reason,
        fields=row.fields,
        faults=row.faults,
        notes=(*row.notes, *notes(row, given)),
        code=row.code,
        payload=payload(register, row, given) if outcome == "new" else None,
        noun=register.schema.noun,
    )


def _outcome(
    register: Register, row: SheetRow, count: Mapping[str, int], given: Given
) -> tuple[Outcome, str]:
    noun = NOUNS[register.schema.noun]
    if row.role == "text":
        return _of_text(register.grid, row)
    if row.role != "data":
        return "skip", SKIPPED[row.role]
    if row.faults:
        return "fault", "；".join(fault.told for fault in row.faults)
    identity = str(row.fields.get(register.schema.noun, ""))
    if identity and identity not in given.held and not given.as_new:
        return "ask", f"台账里没有 {identity}：是另一个台账的行，还是新的{noun.label}？新的请把台账编号留空"
    if count[row.code] > 1 and not identity:  # READ-12
        return "ask", _which_are_alike(register, row, count, given)
    held = next((given.held[name] for name in _known_names(register, row) if name in given.held), None)
    if held is not None:  # READ-16
        told = "；".join(differences(register, row, held, given))
        if not told:
            return "same", "已登记，内容相同"
        known = held["number"] or held["name"]
        return "changed", f"{known} 已登记，与台账不同：{told}。请用更正办理，导入不改写"
    questions = [*row.questions, *area_questions(row, given)]
    if row.fields.get("funds_unknown") and given.nature != "opening":
        questions.append("金额未载明：是多少？")
    questions += [*noun.questions(row.fields, row.unread), *link_questions(row, given)]
    if not noun.command:
        questions.append(f"这是{noun.label}登记表，本版还不能登记{noun.label}：是否按项目登记？")
    return ("ask", "；".join(questions)) if questions else ("new", "新登记")


def _known_names(register: Register, row: SheetRow) -> list[str]:
    """The ledger's own id first, then the number, then what the row says."""
    return list(_names(register, row))[::-1]


def _of_text(grid: Grid, row: SheetRow) -> tuple[Outcome, str]:
    """READ-23: where nobody knows what the columns mean, a row with a number may be data."""
    texts = [folded(text) for text in grid.row(row.row) if text]
    if not _is_report(grid) and len(texts) > 1 and any(_NUMBER.match(text) for text in texts):
        return "ask", f"工作表“{grid.sheet}”找不到表头，这一行是不是数据？是的话请补上表头"
    return "skip", SKIPPED["text"]


def _which_are_alike(register: Register, row: SheetRow, count: Mapping[str, int], given: Given) -> str:
    here = register.grid.sheet
    others = [one for one in given.alike[row.code] if one != (here, row.row)]
    named = "、".join(str(number) if sheet == here else f"“{sheet}”第{number}" for sheet, number in others)
    more = "等" if count[row.code] > len(others) + 1 else ""
    return f"与第{named}{more}行的地点、名称、年度、金额都相同：是同一个项目，还是几个项目？"


# --- sums and notes ---------------------------------------------------------------------------------


def _sheet_plan(register: Register, rows: Sequence[PlannedRow]) -> SheetPlan:
    fens = [one.printed_fen for one in register.totals]
    complete = bool(fens) and len(fens) == register.tables and None not in fens
    totals = Totals(
        rows=len(rows),
        data_rows=len(register.data) + sum(row.outcome == "ask" and not row.fields for row in rows),
        sum_fen=sum(row.amount_fen for row in register.data),
        printed_fen=sum(fen for fen in fens if fen is not None) if complete else None,
        by_outcome=_counted(rows),
        subtotals=register.subtotals,
        totals=register.totals,
    )
    return SheetPlan(
        register.grid.sheet,
        register.schema.noun,
        register.title,
        totals,
        register.unread,
        register.notes,
        bool(register.tables),
    )


def _counted(rows: Sequence[PlannedRow]) -> dict[Outcome, int]:
    count = Counter(row.outcome for row in rows)
    return {outcome: count[outcome] for outcome in OUTCOMES}


def _all(sheets: Sequence[SheetPlan]) -> Totals:
    """The sheets with data added up."""
    with_data = [sheet.totals for sheet in sheets if sheet.totals.data_rows]
    printed = [one.printed_fen for one in with_data]
    by_outcome: dict[Outcome, int] = {
        outcome: sum(sheet.totals.by_outcome[outcome] for sheet in sheets) for outcome in OUTCOMES
    }
    return Totals(
        rows=sum(sheet.totals.rows for sheet in sheets),
        data_rows=sum(one.data_rows for one in with_data),
        sum_fen=sum(one.sum_fen for one in with_data),
        printed_fen=sum(fen for fen in printed if fen is not None)
        if printed and None not in printed
        else None,
        by_outcome=by_outcome,
        subtotals=tuple(one for sheet in sheets for one in sheet.totals.subtotals),
        totals=tuple(one for sheet in sheets for one in sheet.totals.totals),
    )


def _notes(book: Workbook, sheets: Sequence[SheetPlan]) -> Iterator[str]:
    yield from book.notes
    for sheet in sheets:
        for note in sheet.told:
            yield note if len(sheets) == 1 else f"{sheet.sheet}：{note}"
