"""A grid read as a register (登记表): its heading row found, each row given its role, each data row its fields.

Pure reading: what the ledger already holds is asked later (`plan.py`). A row is skipped by rule only
(READ-3); whatever else stands below the heading is data, and what is wrong with it is collected, cell by cell.
"""

import re
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Literal

from api.exchange.amounts import Amount, is_blank, read_amount
from api.exchange.cells import is_organisation, read_year, read_yes_no, year_in
from api.exchange.errors import AmbiguousHeading, NoHeading
from api.exchange.grid import Grid, address
from api.exchange.headings import MERGED_DOWN, MONEY, Heading, Key, read_heading, read_unit_line
from api.exchange.identity import row_code
from api.exchange.rules import Fault, Problem
from api.exchange.scope import no_project
from api.exchange.text import folded, one_line
from domain.money import Unit

Role = Literal["title", "unit", "heading", "empty", "subtotal", "total", "remark", "data"]
Value = str | int | bool | None

SKIPPED: dict[Role, str] = {
    "title": "标题行",
    "unit": "计量单位行",
    "heading": "表头行",
    "empty": "空行",
    "subtotal": "小计行",
    "total": "合计行",
    "remark": "备注行",
}
_TEXTS: tuple[Key, ...] = ("name", "scale", "category", "content", "source", "document", "department")
_YES_NO: tuple[Key, ...] = ("former_poor_village", "subsisting", "operating_assets")
_LABELLING: tuple[Key, ...] = ("ordinal", "county", "town", "village", "place", "category", "name")
_UNREAD: tuple[Key, ...] = ("contact", "remark")
_LABELS: dict[Key, str] = {"category": "类别", "town": "乡镇", "county": "区县"}
_PLACES: tuple[Key, ...] = ("place", "village", "town", "county")  # from the narrow to the wide
_LENGTH_MAX = 200
# Below the limits of the payload: to the content is added what other money columns said.
_MAXIMA: dict[Key, int] = {"content": 1800, "document": 100}

_TOTAL = re.compile(r"(?P<word>小计|合计|总计|共计|总合计)(?:\([^()]*\))?:?\Z")
_REMARK = re.compile(
    r"(?:备注|注|说明|填表人|制表人|审核人|填报人|填报单位|公示时间|监督电话|举报电话)(?::|\Z)"
)
_NUMBER = re.compile(r"[^\x00-\x20\"\\\x7f\s]{1,60}\Z")  # as domain.values.CodeName


@dataclass(frozen=True, slots=True)
class SheetRow:
    """One row of the sheet. Only a data row has fields, faults, questions, and a code when its amount is read."""

    row: int
    role: Role
    fields: Mapping[str, Value] = field(default_factory=dict)
    money_as_read: Mapping[Key, str] = field(default_factory=dict)
    faults: tuple[Fault, ...] = ()
    questions: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    code: str = ""

    @property
    def amount_fen(self) -> int:
        """What the row adds to a sum; an amount that could not be read adds nothing, and is a fault."""
        fen = self.fields.get("amount_fen")
        return fen if isinstance(fen, int) else 0


@dataclass(frozen=True, slots=True)
class Printed:
    """A subtotal or total as the table prints it, beside the sum of the rows it stands for (READ-13)."""

    row: int
    printed_fen: int | None  # None: printed, but not to be read as an amount
    sum_fen: int

    @property
    def difference_fen(self) -> int | None:
        return None if self.printed_fen is None else self.sum_fen - self.printed_fen


@dataclass(frozen=True, slots=True)
class Register:
    """A table as read: every row of the sheet in order, and what the table says of its own sums."""

    grid: Grid
    title: str
    rows: tuple[SheetRow, ...]
    subtotals: tuple[Printed, ...]
    total: Printed | None
    notes: tuple[str, ...]
    columns: frozenset[Key]

    @property
    def data(self) -> tuple[SheetRow, ...]:
        return tuple(row for row in self.rows if row.role == "data")


@dataclass(frozen=True, slots=True)
class _Table:
    """Where the table begins, and what each column means."""

    heading_row: int
    columns: Mapping[Key, int]
    units: Mapping[Key, Unit | None]
    title: str
    unread: tuple[str, ...]


def read_register(grid: Grid) -> Register:
    """The rows of a sheet with their roles and fields. Raises `Unreadable` when there is no table in it."""
    table = _find_table(grid)
    rows: list[SheetRow] = [SheetRow(row, _role_above(grid, row)) for row in range(1, table.heading_row)]
    rows.append(SheetRow(table.heading_row, "heading"))
    rows.extend(_below(grid, table))
    subtotals, total = _printed(grid, table, rows)
    notes = (f"未读入的栏：{'、'.join(table.unread)}",) if table.unread else ()
    numbered = tuple(_number_faults(table, rows))
    return Register(grid, table.title, numbered, subtotals, total, notes, frozenset(table.columns))


# --- finding the table ------------------------------------------------------------------------------


def _find_table(grid: Grid) -> _Table:
    for row in range(1, len(grid.rows) + 1):
        headings = [read_heading(text) for text in grid.row(row)]
        keys = {heading.key for heading in headings}
        if "amount" in keys and keys & {"name", "place", "village"}:
            return _table(grid, row, headings)
    raise NoHeading(
        f"文件 {grid.file} 里找不到表头：须有一行同时有金额栏（如 资金金额、投资规模、总投资）"
        "和项目名称栏或地点栏（如 项目名称、村名、建设地点）"
    )


def _table(grid: Grid, row: int, headings: list[Heading]) -> _Table:
    columns: dict[Key, int] = {}
    unread: list[str] = []
    for column, heading in enumerate(headings, start=1):
        if heading.key is None or heading.key in _UNREAD:
            if name := one_line(heading.text):
                unread.append(name)
        elif heading.key in columns:
            first, second = address(row, columns[heading.key]), address(row, column)
            raise AmbiguousHeading(
                f"文件 {grid.file} 的表头中 {first}“{one_line(grid.text(row, columns[heading.key]))}”"
                f"和 {second}“{one_line(heading.text)}”是同一内容，请只留一栏或改名",
                cells=[first, second],
            )
        else:
            columns[heading.key] = column
    above = [one_line(text) for one in range(1, row) for text in grid.row(one)]
    line_unit = next((unit for text in above if (unit := read_unit_line(text))), None)
    units = {key: headings[columns[key] - 1].unit or line_unit for key in MONEY if key in columns}
    titles = [grid.row(one) for one in range(1, row) if _role_above(grid, one) == "title"]
    title = "".join(one_line(text) for cells in titles for text in cells)
    return _Table(row, columns, units, title, tuple(unread))


def _role_above(grid: Grid, row: int) -> Role:
    texts = [folded(text) for text in grid.row(row) if folded(text)]
    if not texts:
        return "empty"
    return "unit" if len(texts) == 1 and texts[0].lstrip("(").startswith(("单位", "金额单位")) else "title"


def _role_below(grid: Grid, table: _Table, row: int) -> Role:
    """READ-3. Whoever is in doubt is data: a fault or a question is seen, a skipped row is not."""
    texts = [folded(text) for text in grid.row(row)]
    first = next(filter(None, texts), "")
    if not first:
        return "empty"
    # "小计" may stand behind the town whose sum it is.
    labels = [
        first,
        *(folded(grid.text(row, table.columns[key])) for key in _LABELLING if key in table.columns),
    ]
    if found := next(filter(None, map(_TOTAL.match, labels)), None):
        return "subtotal" if found["word"] == "小计" else "total"
    if texts == [folded(text) for text in grid.row(table.heading_row)]:
        return "heading"  # printed again on the next page
    if _REMARK.match(first) and is_blank(grid.text(row, table.columns["amount"])):
        return "remark"
    return "data"


# --- the rows below the heading ---------------------------------------------------------------------


def _below(grid: Grid, table: _Table) -> Iterator[SheetRow]:
    filling: set[Key] | None = None  # the merged columns that the first data row fills
    above: dict[Key, str] = {}
    for row in range(table.heading_row + 1, len(grid.rows) + 1):
        role = _role_below(grid, table, row)
        if role in {"subtotal", "total"}:
            above = {}  # no merged cell reaches across a sum
        if role != "data":
            yield SheetRow(row, role)
            continue
        reader = _RowReader(grid, table, row)
        if filling is None:
            filling = {key for key in MERGED_DOWN if reader.text(key)}
        reader.fill_down(filling, above)
        yield reader.read()


class _RowReader:
    """Reads one data row: fields, and everything that is wrong or open, in the order of the columns."""

    def __init__(self, grid: Grid, table: _Table, row: int) -> None:
        self._grid = grid
        self._table = table
        self._row = row
        self._filled: dict[Key, str] = {}
        self._fields: dict[str, Value] = {}
        self._faults: list[Fault] = []
        self._questions: list[str] = []
        self._notes: list[str] = []

    def text(self, key: Key) -> str:
        column = self._table.columns.get(key)
        return one_line(self._grid.text(self._row, column)) if column else ""

    def fill_down(self, keys: set[Key], above: dict[Key, str]) -> None:
        """READ-10; `above` is brought up to this row."""
        for key in MERGED_DOWN:
            if key not in keys:
                continue
            if here := self.text(key):
                above[key] = here
            elif key in above:
                self._filled[key] = above[key]
                self._notes.append(f"{_LABELS[key]}“{above[key]}”取自上一行（纵向合并）")

    def read(self) -> SheetRow:
        fields = self._fields
        fields |= {"name": "", "place": "", "build_year": None, "amount_fen": None}
        self._put_place()
        for key in _TEXTS:
            self._put_text(key)
        self._put_number()
        self._put_operator()
        for key in _YES_NO:
            self._put_yes_no(key)
        self._put_year()
        money = {key: text for key in MONEY if (text := self._put_money(key))}
        self._compare_parts()
        self._ask_what_it_is()
        return SheetRow(
            row=self._row,
            role="data",
            fields=fields,
            money_as_read=money,
            faults=tuple(self._faults),
            questions=tuple(self._questions),
            notes=tuple(self._notes),
            code=self._code(),
        )

    def _fault(self, key: Key, problem: Problem) -> None:
        column = self._table.columns[key]
        cell, value = address(self._row, column), self._grid.text(self._row, column)
        self._faults.append(Fault(cell, value, problem.rule, problem.fix))

    def _limited(self, key: Key, text: str, maximum: int = _LENGTH_MAX) -> str:
        if len(text) > maximum:
            self._fault(key, Problem("READ-8", f"共{len(text)}字，请缩到{maximum}字以内"))
        return text

    def _put_place(self) -> None:
        """County, town and village or place as one text, as read; no part is said twice."""
        present = [key for key in _PLACES if key in self._table.columns]
        whole = ""
        for key in present:
            part = self._filled.get(key) or self.text(key)
            if key != "place" and part:
                self._fields[key] = part
            whole = whole if folded(part) in folded(whole) else part + whole
        self._fields["place"] = self._limited(present[0], whole) if present else ""

    def _put_text(self, key: Key) -> None:
        text = self._filled.get(key) or self.text(key)
        if text:
            self._fields[key] = self._limited(key, text, _MAXIMA.get(key, _LENGTH_MAX))

    def _put_number(self) -> None:
        if not (text := self.text("number")):
            return
        self._fields["number"] = text
        if not _NUMBER.match(text):
            self._fault("number", Problem("READ-9", "项目编号请去掉空格、引号和反斜杠，不超过60字"))

    def _put_operator(self) -> None:
        if not (text := self.text("operator")):
            return
        if is_organisation(text):
            self._fields["operator"] = self._limited("operator", text)
        else:
            cell = address(self._row, self._table.columns["operator"])
            self._notes.append(f"{cell} 经营主体看不出是单位，可能是自然人，未读入")  # READ-14

    def _put_yes_no(self, key: Key) -> None:
        if not (text := self.text(key)):
            return
        answer = read_yes_no(text)
        if isinstance(answer, Problem):
            self._fault(key, answer)
        else:
            self._fields[key] = answer

    def _put_year(self) -> None:
        """READ-6. A title speaks for a row only where the table has no column of years."""
        if text := self.text("build_year"):
            year = read_year(text)
            if isinstance(year, Problem):
                self._fault("build_year", year)
            else:
                self._fields["build_year"] = year
            return
        if (named := year_in(self.text("name"))) is not None:
            self._fields["build_year"] = named
            self._notes.append(f"建设年度{named}取自项目名称")
        elif "build_year" not in self._table.columns and (titled := year_in(self._table.title)) is not None:
            self._fields["build_year"] = titled
            self._notes.append(f"建设年度{titled}取自标题")

    def _put_money(self, key: Key) -> str:
        """The cell as read, when it holds an amount."""
        if key not in self._table.columns:
            return ""
        text = self._grid.text(self._row, self._table.columns[key])
        if is_blank(text):
            if key == "amount":
                self._fault(key, Problem("READ-5", "金额为空，请填金额"))
            return ""
        amount = read_amount(text, self._table.units[key])
        if isinstance(amount, Problem):
            self._fault(key, amount)
            return ""
        self._fields[f"{key}_fen"] = amount.money.fen
        if amount.remark:
            self._fields[f"{key}_remark"] = amount.remark
            self._notes.append(
                f"{address(self._row, self._table.columns[key])} 的附注“{one_line(amount.remark)}”不计入金额"
            )
        self._ask_which_unit(key, amount)
        return self._limited(key, one_line(text), 100)

    def _ask_which_unit(self, key: Key, amount: Amount) -> None:
        of_column = self._table.units[key]
        if amount.own_unit and of_column is not None and of_column != amount.unit:
            cell = address(self._row, self._table.columns[key])
            self._questions.append(f"{cell} 格内单位是{amount.unit}，表上单位是{of_column}：以哪个为准？")

    def _compare_parts(self) -> None:
        whole, grant, own = (self._fields.get(f"{key}_fen") for key in MONEY)
        if (
            isinstance(whole, int)
            and isinstance(grant, int)
            and isinstance(own, int)
            and whole != grant + own
        ):
            self._notes.append("总投资不等于中央补助与自筹之和")

    def _ask_what_it_is(self) -> None:
        """READ-11."""
        name, place = self._fields["name"], self._fields["place"]
        kind = no_project(str(name or place))
        if kind:
            self._questions.append(f"“{name or place}”看来是{kind}，不是帮扶产业项目：是否按项目登记？")
        elif not name:
            self._questions.append("这笔资金对应什么项目？")

    def _code(self) -> str:
        name, place, year, fen = (self._fields[one] for one in ("name", "place", "build_year", "amount_fen"))
        if not isinstance(fen, int):
            return ""
        assert year is None or isinstance(year, int)
        return row_code(place=str(place), name=str(name), build_year=year, amount_fen=fen)


# --- the table as a whole ---------------------------------------------------------------------------


def _printed(grid: Grid, table: _Table, rows: list[SheetRow]) -> tuple[tuple[Printed, ...], Printed | None]:
    """READ-13: a 小计 stands for the rows since the last one, a 合计 for all above it; the last 合计 counts."""
    column = table.columns["amount"]
    subtotals: list[Printed] = []
    total: Printed | None = None
    since = whole = 0
    for row in rows:
        since, whole = since + row.amount_fen, whole + row.amount_fen
        if row.role not in {"subtotal", "total"}:
            continue
        amount = read_amount(grid.text(row.row, column), table.units["amount"])
        printed_fen = amount.money.fen if isinstance(amount, Amount) else None
        if row.role == "subtotal":
            subtotals.append(Printed(row.row, printed_fen, since))
            since = 0
        else:
            total = Printed(row.row, printed_fen, whole)
    return tuple(subtotals), total


def _number_faults(table: _Table, rows: list[SheetRow]) -> Iterator[SheetRow]:
    """READ-9: a number that stands twice is a fault of each of its rows."""
    count = Counter(row.fields["number"] for row in rows if "number" in row.fields)
    for row in rows:
        number = row.fields.get("number")
        if number is None or count[number] < 2:
            yield row
            continue
        others = "、".join(
            str(one.row) for one in rows if one is not row and one.fields.get("number") == number
        )
        cell = address(row.row, table.columns["number"])
        fault = Fault(cell, str(number), "READ-9", f"项目编号与第{others}行相同，请改正")
        yield replace(row, faults=(*row.faults, fault))
