"""A sheet read as a register (登记表): its tables or its form found, each row given its role, each data row its fields.

Pure reading: what the ledger already holds is asked later (`plan.py`). A row is skipped by rule only
(READ-3); whatever else stands below the heading is data, and what is wrong with it is collected, cell by cell.
"""

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, replace

from api.exchange.amounts import is_blank
from api.exchange.forms import Form, find_form
from api.exchange.grid import Grid, address
from api.exchange.project import SCHEMA as PROJECT
from api.exchange.row_cells import Setting
from api.exchange.row_reader import RowReader
from api.exchange.rows import Role, SheetRow
from api.exchange.rules import Fault
from api.exchange.schema import Schema
from api.exchange.sums import Printed, printed, with_sums_above
from api.exchange.tables import Table, Unread, find_tables, no_heading, role_above, without_heading
from api.exchange.text import folded, one_line
from domain.money import Unit

SKIPPED: dict[Role, str] = {
    "title": "标题行",
    "unit": "计量单位行",
    "heading": "表头行",
    "numbering": "栏次行",
    "empty": "空行",
    "subtotal": "小计行",
    "total": "合计行",
    "remark": "备注行",
    "group": "分组标题行",
    "example": "模板的示例行",
    "field": "表单中同一项目的栏",
    "text": "说明文字",
}
EXAMPLE = "示例"

_TOTAL = re.compile(
    r"(?P<of>[\u4e00-\u9fff]{0,12}?)(?P<word>小计|合计|总计|共计|累计)(?:金额)?(?:\([^()]*\))?:?\Z"
)
# Of everything: what else stands before the word is the part that it sums up (城南镇合计).
_WHOLE = re.compile(r"(?:总|全[县区市州乡镇村省]|以上|全部|本表|资金|项目|两项|三项)?\Z")
_REMARK = re.compile(
    r"(?:备注|注|说明|填表人|制表人|审核人|填报人|填报单位|填报日期|填表日期|制表日期|负责人签字|公示时间|监督电话|举报电话|审核|制表|单位负责人|以下空白)(?:[0-9一二三四五]?:|\Z|\()"
    r"|第[0-9]+页"
)
_GROUP = re.compile(r"(?:[一二三四五六七八九十]{1,3}[、.]|\([一二三四五六七八九十]{1,3}\))")
_LETTER = re.compile(r"[甲乙丙丁戊己庚辛壬癸]\Z")
_LABELLING = ("ordinal", "county", "town", "village", "place", "category", "name")


@dataclass(frozen=True, slots=True)
class Register:
    """A sheet as read: every row in order, and what its tables say of their own sums."""

    grid: Grid
    schema: Schema
    title: str
    rows: tuple[SheetRow, ...]
    subtotals: tuple[Printed, ...]
    totals: tuple[Printed, ...]  # one of each table that prints one
    unread: tuple[Unread, ...]
    notes: tuple[str, ...]  # of the sheet as a whole, beside what is unread
    columns: frozenset[str]
    tables: int  # found; 0: only text

    @property
    def data(self) -> tuple[SheetRow, ...]:
        return tuple(row for row in self.rows if row.role == "data")

    @property
    def total(self) -> Printed | None:
        return self.totals[-1] if self.totals else None


def read_register(grid: Grid, schema: Schema = PROJECT, unit: Unit | None = None) -> Register:
    """The rows of a sheet with their roles and fields. Raises `Unreadable` when there is no table and no form in it."""
    found = read_sheet(grid, schema, unit)
    if found is None:
        raise no_heading(schema, grid)
    return found


def read_sheet(grid: Grid, schema: Schema = PROJECT, unit: Unit | None = None) -> Register | None:
    """The same; None when there is no table and no form. Raises AmbiguousHeading."""
    tables = find_tables(schema, grid, unit)
    if tables:
        return _tabular(grid, schema, tables)
    form = find_form(schema, grid)
    return None if form is None else _form(grid, schema, form, unit)


def likeness(grid: Grid, schema: Schema) -> int:
    """How many columns a schema knows of the tables of a sheet; which noun its rows are, the best answer says."""
    return max((len(table.columns) for table in find_tables(schema, grid)), default=0)


def likeness_of_form(grid: Grid, schema: Schema) -> int:
    """The same of a sheet that has no table."""
    form = find_form(schema, grid)
    return 0 if form is None else max(len(record.places) for record in form.records)


def only_text(grid: Grid, schema: Schema = PROJECT) -> Register:
    """A sheet of notes, without a table."""
    rows = tuple(
        SheetRow(row, "text" if any(folded(text) for text in grid.row(row)) else "empty")
        for row in range(1, len(grid.rows) + 1)
    )
    return Register(grid, schema, "", rows, (), (), (), tuple(_notes_of_hiding(grid)), frozenset(), 0)


# --- tables -----------------------------------------------------------------------------------------


def _tabular(grid: Grid, schema: Schema, tables: list[Table]) -> Register:
    rows: list[SheetRow] = []
    unread: list[Unread] = []
    subtotals: list[Printed] = []
    totals: list[Printed] = []
    done = 0
    for table in tables:
        above = [SheetRow(row, _above(grid, row)) for row in range(done + 1, table.top)]
        headings = [SheetRow(row, "heading") for row in table.heading_rows]
        below = with_sums_above(grid, table, list(_below(grid, schema, table)))
        parts, whole = printed(grid, schema, table, below)
        subtotals += parts
        totals += whole
        rows += [*above, *headings, *below]
        unread += table.unread
        unread += without_heading(grid, table, [row.row for row in below if row.role == "data"])
        done = table.last
    columns = frozenset(key for table in tables for key in table.columns)
    numbered = tuple(_number_faults(schema, rows))
    notes = (
        *_notes_of_parts(tables),
        *_notes_of_what_is_left(schema, columns, numbered),
        *_notes_of_hiding(grid),
    )
    return Register(
        grid,
        schema,
        tables[0].title,
        numbered,
        tuple(subtotals),
        tuple(totals),
        tuple(unread),
        notes,
        columns,
        len(tables),
    )


def _above(grid: Grid, row: int) -> Role:
    role = role_above(grid, row)
    return "unit" if role == "unit" else "empty" if role == "empty" else "title"


def _notes_of_parts(tables: list[Table]) -> Iterator[str]:
    for part in dict.fromkeys(one.heading for table in tables for one in table.parts):
        yield f"“{part}”栏作为金额的一部分读入"


def _notes_of_what_is_left(
    schema: Schema, columns: frozenset[str], rows: tuple[SheetRow, ...]
) -> Iterator[str]:
    """What was understood and has no place in the entry."""
    said = {
        key.removesuffix("_fen")
        for row in rows
        for key, value in row.fields.items()
        if value not in ("", None)
    }
    left = [column.heading for column in schema.columns if not column.kept and column.key in said & columns]
    if left:
        yield f"读懂了而登记里没有位置、不入账的栏：{'、'.join(left)}"


def _notes_of_hiding(grid: Grid) -> Iterator[str]:
    if grid.is_hidden:
        yield "隐藏的工作表，照样读入"
    if grid.hidden_rows:
        yield f"有 {len(grid.hidden_rows)} 个隐藏的行，照样读入"
    if grid.hidden_columns:
        yield f"有 {len(grid.hidden_columns)} 个隐藏的列，照样读入"


def _below(grid: Grid, schema: Schema, table: Table) -> Iterator[SheetRow]:
    # In a workbook of our own making, with a column of the ledger's ids, every cell speaks for itself.
    is_ours = schema.noun in table.columns and schema.by_key[schema.noun].kind == "id"
    merging = [
        column.key
        for column in schema.columns
        if column.merged_down and column.key in table.columns and not is_ours
    ]
    filling: set[str] | None = None  # the merged columns that the first data row fills
    above: dict[str, str] = {}
    has_years = "build_year" in table.columns
    setting = Setting(schema, grid, table.units, table.title, has_years, table.parts, table.measures)
    headings = [[folded(text) for text in grid.row(row)] for row in table.heading_rows]
    for row in range(table.first, table.last + 1):
        role = _role_below(grid, table, row, headings)
        if role == "data" and _is_numbering(grid, schema, table, row, headings):
            role = "numbering"
        if role in {"subtotal", "total", "group"}:
            above = {}  # no merged cell reaches across a sum
        if role != "data":
            yield SheetRow(row, role)
            continue
        reader = RowReader(setting, row, table.places(row))
        if filling is None:
            filling = {key for key in merging if reader.text(key)}
        reader.fill_down(filling, above)
        yield reader.read()


def _role_below(grid: Grid, table: Table, row: int, headings: list[list[str]]) -> Role:
    """READ-3. Whoever is in doubt is data: a fault or a question is seen, a skipped row is not."""
    cells = grid.row(row)
    first = next((plain for text in cells if text and (plain := folded(text))), "")
    if not first:
        return "empty"
    if (
        first == EXAMPLE
        and "ordinal" in table.columns
        and folded(grid.text(row, table.columns["ordinal"])) == EXAMPLE
    ):
        return "example"
    # "小计" may stand behind the town whose sum it is.
    labels = [
        first,
        *(folded(grid.text(row, table.columns[key])) for key in _LABELLING if key in table.columns),
    ]
    if found := next(
        (match for label in labels if len(label) <= 20 and (match := _TOTAL.match(label))), None
    ):
        return "subtotal" if found["word"] == "小计" or not _WHOLE.match(found["of"]) else "total"
    if first in {texts[0] for texts in headings if texts} and [folded(text) for text in cells] in headings:
        return "heading"  # printed again on the next page
    if all(is_blank(grid.text(row, column)) for column in _money_columns(table)):
        if _REMARK.match(first):
            return "remark"
        if _GROUP.match(first) and sum(bool(text) for text in cells) == 1:
            return "group"
    return "data"


def _is_numbering(grid: Grid, schema: Schema, table: Table, row: int, headings: list[list[str]]) -> bool:
    """Whether a row right below the headings only counts the columns: 甲, 乙, 1, 2, none left out (栏次)."""
    if [folded(text) for text in grid.row(row - 1)] not in headings:
        return False
    ours = {folded(column.heading) for column in schema.columns if column.only_exported}
    headed = {at for texts in headings for at, text in enumerate(texts) if text and text not in ours}
    said = {at: folded(text).strip("()") for at, text in enumerate(grid.row(row)) if folded(text)}
    counted = [said[at] for at in sorted(said) if not _LETTER.match(said[at])]
    return (
        headed <= set(said)
        and len(said) > 2
        and len(counted) > 1
        and counted == [str(number) for number in range(1, len(counted) + 1)]
    )


def _money_columns(table: Table) -> list[int]:
    amount = table.columns.get("amount")
    return [part.column for part in table.parts] if amount is None else [amount]


# --- forms ------------------------------------------------------------------------------------------


def _form(grid: Grid, schema: Schema, form: Form, unit: Unit | None) -> Register:
    title = "".join(one_line(text) for row in range(1, form.first) for text in grid.row(row))
    rows: dict[int, list[SheetRow]] = {}
    for record in form.records:
        units = {key: found or unit for key, found in record.units.items()}
        setting = Setting(schema, grid, units, title, "build_year" in record.places)
        row = record.places[schema.named_by][0]
        rows.setdefault(row, []).append(RowReader(setting, row, record.places).read())
    found = [
        one
        for row in range(1, len(grid.rows) + 1)
        for one in rows.get(row, [SheetRow(row, _role_in_form(grid, form, row))])
    ]
    columns = frozenset(key for record in form.records for key in record.places)
    numbered = tuple(_number_faults(schema, found))
    notes = (
        *_notes_of_what_is_left(schema, columns, numbered),
        *_notes_of_hiding(grid),
    )
    return Register(grid, schema, title, numbered, (), (), form.unread, notes, columns, 1)


def _role_in_form(grid: Grid, form: Form, row: int) -> Role:
    if not any(folded(text) for text in grid.row(row)):
        return "empty"
    return "title" if row < form.first else "remark" if row > form.last else "field"


# --- the table as a whole ---------------------------------------------------------------------------


def _number_faults(schema: Schema, rows: list[SheetRow]) -> Iterator[SheetRow]:
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
        heading = schema.by_key["number"].heading
        fault = Fault(
            address(*row.places["number"]), str(number), "READ-9", f"{heading}与第{others}行相同，请改正"
        )
        yield replace(row, faults=(*row.faults, fault))
