"""Where the tables (表) of a sheet are: heading rows found, one or two deep, wherever they stand, and what each column means."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from api.exchange.amounts import Amount, is_blank, read_amount
from api.exchange.errors import AmbiguousHeading, NoHeading
from api.exchange.grid import Grid, Place, address
from api.exchange.schema import HEADING_MAX, Heading, Schema, read_heading, read_unit_line, suggested
from api.exchange.text import folded, one_line
from domain.money import Unit

_SUMS = frozenset({"合计", "总计", "小计", "金额", "总额", "计"})
_LISTS_OF_MONEY = ("lines", "instalments")
_NUMBER = re.compile(r"[+-]?[0-9][0-9,]*(?:\.[0-9]+)?%?\Z")


@dataclass(frozen=True, slots=True)
class Part:
    """A column of money that is a part of the amount: of a cross table, or below the heading of the amount."""

    heading: str
    column: int
    unit: Unit | None


@dataclass(frozen=True, slots=True)
class Unread:
    """A column that is left alone: where its heading stands, and which known one comes nearest."""

    cell: str
    heading: str  # "" where numbers or words stand below none
    near: str = ""
    is_known: bool = False  # one that is never read

    @property
    def name(self) -> str:
        return self.heading or f"{self._column}（没有栏目名）"

    @property
    def _column(self) -> str:
        return f"{self.cell.rstrip('0123456789')}列"

    @property
    def told(self) -> str:
        if self.near:
            return f"不认识这一栏，没有读入；是不是“{self.near}”？是的话请改成“{self.near}”再导入"
        if self.is_known:
            return "这一栏不读入"
        return "不认识这一栏，没有读入" if self.heading else f"{self._column}没有栏目名，没有读入"

    def as_json(self) -> dict[str, str]:
        return {"cell": self.cell, "heading": self.heading, "near": self.near}


@dataclass(frozen=True, slots=True)
class Table:
    """One table of a sheet: its rows from `first` to `last`, and what each column means."""

    heading_rows: tuple[int, ...]
    first: int
    last: int
    columns: Mapping[str, int]
    units: Mapping[str, Unit | None]
    measures: Mapping[str, str]  # what the numbers of a column of text count
    parts: tuple[Part, ...]
    title: str
    unread: tuple[Unread, ...]

    @property
    def top(self) -> int:
        return self.heading_rows[0]

    def places(self, row: int) -> dict[str, Place]:
        return {key: (row, column) for key, column in self.columns.items()}


def find_tables(schema: Schema, grid: Grid, unit: Unit | None = None) -> list[Table]:
    """Every table of the sheet in order; none when there is no heading row. Raises AmbiguousHeading."""
    found = list(_begun(schema, grid))
    tables: list[Table] = []
    above = 0  # the last row of the table before
    for index, (rows, headings) in enumerate(found):
        last = found[index + 1][0][0] - 1 if index + 1 < len(found) else len(grid.rows)
        if index + 1 < len(found):
            last = _without_titles(grid, rows[-1], last)
        table = _table(schema, grid, rows, headings, (above, last), unit)
        tables.append(table)
        above = last
    return tables


def no_heading(schema: Schema, grid: Grid) -> NoHeading:
    """What to say of a file without a table: what was looked for, and the row that comes nearest to it."""
    amount, names = schema.by_key[schema.amount], [schema.by_key[key] for key in schema.anchors[:2]]
    message = (
        f"文件 {grid.file} 里找不到表头：须有一行同时有金额栏（如 {amount.heading}、{'、'.join(amount.aliases.split()[:2])}）"
        f"和{names[0].heading}栏或地点栏（如 {'、'.join(column.heading for column in names)}）"
    )
    best, row = max(
        (
            (sum(read_heading(schema, text).key is not None for text in grid.row(row)), -row)
            for row in range(1, min(len(grid.rows), 50) + 1)
        ),
        default=(0, 0),
    )
    if best == 0:
        return NoHeading(message)
    texts = [text for text in grid.row(-row) if text and read_heading(schema, text).key is None]
    nearest = [(one_line(text), near) for text in texts if (near := suggested(schema, text))]
    hint = "".join(f"；“{text}”是不是“{near}”？" for text, near in nearest[:3])
    return NoHeading(f"{message}。第 {-row} 行像是表头{hint}", row=-row)


# --- heading rows -----------------------------------------------------------------------------------


def _heading_rows(schema: Schema, grid: Grid) -> Iterator[tuple[tuple[int, ...], list[Heading]]]:
    row = 1
    while row <= len(grid.rows):
        found = _heading_at(schema, grid, row)
        if found is None:
            row += 1
        else:
            yield found
            row = found[0][-1] + 1


def _begun(schema: Schema, grid: Grid) -> Iterator[tuple[tuple[int, ...], list[Heading]]]:
    """Those that begin a table: printed again on the next page, right below a row of data, they do not."""
    before: list[list[str]] = []
    for rows, headings in _heading_rows(schema, grid):
        texts = [[folded(text) for text in grid.row(row)] for row in rows]
        above = [text for text in grid.row(rows[0] - 1) if folded(text)] if rows[0] > 1 else []
        if texts != before or len(above) < 2 or any(_is_sum(text) for text in above):
            yield rows, headings
        before = texts


def _heading_at(schema: Schema, grid: Grid, row: int) -> tuple[tuple[int, ...], list[Heading]] | None:
    texts = grid.row(row)
    if not _may_be_heading(texts):
        return None
    single = [read_heading(schema, text) for text in texts]
    if not any(heading.key for heading in single) or any(map(_states_amount, texts)):
        return None
    if row < len(grid.rows) and _continues(schema, grid, row, single):
        double = _both(schema, grid, row)
        if _is_heading(schema, double):
            return (row, row + 1), double
    return ((row,), single) if _is_heading(schema, single) else None


def _may_be_heading(texts: Sequence[str]) -> bool:
    """Two words or more, and no number: cheap, since every row is asked."""
    said = [text for text in texts if text]
    return len(said) > 1 and not any(len(text) > HEADING_MAX or _NUMBER.match(text) for text in said)


def _states_amount(text: str) -> bool:
    """Whether a text is an amount with its unit: two pairs of a form in one row would else be headings."""
    found = read_amount(text, None) if text else None
    return isinstance(found, Amount) and found.own_unit


def _is_heading(schema: Schema, headings: Sequence[Heading]) -> bool:
    keys = {heading.key for heading in headings}
    has_amount = bool(keys & {schema.amount, *schema.stand_ins}) or any(
        heading.under == schema.amount for heading in headings
    )
    return has_amount and bool(keys & set(schema.anchors))


def _continues(schema: Schema, grid: Grid, row: int, headings: Sequence[Heading]) -> bool:
    """Whether the next row stands below these headings as their second line."""
    below = grid.row(row + 1)
    if not any(below) or any(text and (_NUMBER.match(text) or len(text) > HEADING_MAX) for text in below):
        return False
    fixed = {"ordinal", schema.named_by, *schema.anchors}
    for column, heading in enumerate(headings, start=1):
        if heading.key in fixed and not _is_group(grid, row, column) and grid.text(row + 1, column):
            return False
    lower = [(column, text) for column, text in enumerate(below, start=1) if text]
    known = any(read_heading(schema, text).key or folded(text) in _SUMS for _, text in lower)
    under_groups = all(_is_group(grid, row, column) or not grid.text(row, column) for column, _ in lower)
    return under_groups and (known or len(lower) > 1)


def _is_group(grid: Grid, row: int, column: int) -> bool:
    """Whether a heading stands above several columns: merged across them, or followed by an empty cell."""
    if not grid.text(row, column):
        return True
    if grid.origins:
        return grid.origin(row, column + 1) == (row, column)
    return not grid.text(row, column + 1) and bool(grid.text(row + 1, column + 1))


def _both(schema: Schema, grid: Grid, row: int) -> list[Heading]:
    width = max(len(grid.row(row)), len(grid.row(row + 1)))
    found = []
    upper = ""
    for column in range(1, width + 1):
        upper = grid.text(row, column) or upper
        lower = grid.text(row + 1, column)
        found.append(
            _composed(schema, upper, lower) if lower else read_heading(schema, grid.text(row, column))
        )
    return found


def _composed(schema: Schema, upper: str, lower: str) -> Heading:
    """ "资金来源及规模" above "资金规模(万元)" is the latter; "投入资金" above "合计" is the former."""
    above, below = read_heading(schema, upper), read_heading(schema, lower)
    unit = below.unit or above.unit
    text = f"{one_line(upper)}/{one_line(lower)}"
    if _is_sum(lower):
        return Heading(text, above.key or below.key, unit)
    joined = read_heading(schema, upper + lower)
    key = joined.key or below.key
    return Heading(text, key, unit, below.is_weak, below.measure, above.key or "")


def _group(heading: Heading) -> str:
    """What stands above it, where headings are two rows."""
    return heading.text.rpartition("/")[0]


def _is_sum(text: str) -> bool:
    """ "合计", also with its unit in brackets."""
    return folded(text).partition("(")[0] in _SUMS


# --- one table --------------------------------------------------------------------------------------


def _table(
    schema: Schema,
    grid: Grid,
    rows: tuple[int, ...],
    headings: Sequence[Heading],
    reach: tuple[int, int],
    told: Unit | None,
) -> Table:
    above, last = reach
    headings = _money_after_all(schema, grid, rows[-1], headings)
    columns = _columns(schema, grid, rows, headings)
    texts = [one_line(text) for one in range(above + 1, rows[0]) for text in grid.row(one)]
    line_unit = next((unit for text in texts if (unit := read_unit_line(text))), None) or told
    for stand_in in schema.stand_ins:
        if stand_in in columns:
            columns.setdefault(schema.amount, columns[stand_in])
    units = {
        column.key: headings[columns[column.key] - 1].unit or line_unit
        for column in schema.of_kind("money", "group_total")
        if column.key in columns
    } | {key: headings[columns[key] - 1].unit for key in _LISTS_OF_MONEY if key in columns}
    parts = _parts(schema, grid, headings, columns, (rows[-1] + 1, last), line_unit)
    titles = [grid.row(one) for one in range(above + 1, rows[0]) if role_above(grid, one) == "title"]
    title = "".join(one_line(text) for cells in titles for text in cells)
    unread = tuple(_left_alone(schema, grid, rows, headings, columns, parts))
    measures = {key: headings[column - 1].measure for key, column in columns.items()}
    return Table(rows, rows[-1] + 1, last, columns, units, measures, parts, title, unread)


def _columns(
    schema: Schema, grid: Grid, rows: tuple[int, ...], headings: Sequence[Heading]
) -> dict[str, int]:
    columns: dict[str, int] = {}
    for column, heading in enumerate(headings, start=1):
        key = heading.key
        if key is None or schema.by_key[key].kind == "unread":
            continue
        if key in columns:
            before = headings[columns[key] - 1]
            if heading.is_weak or schema.by_key[key].kind == "ordinal":
                continue
            if not before.is_weak:
                first, second = address(rows[-1], columns[key]), address(rows[-1], column)
                raise AmbiguousHeading(
                    f"文件 {grid.file} 的表头中 {first}“{one_line(before.text)}”"
                    f"和 {second}“{one_line(heading.text)}”是同一内容，请只留一栏或改名",
                    cells=[first, second],
                )
        columns[key] = column
    return columns


def _money_after_all(
    schema: Schema, grid: Grid, heading_row: int, headings: Sequence[Heading]
) -> list[Heading]:
    """ "补助资金" is where the funds come from, unless numbers stand below it and no other column has the amount."""
    found = list(headings)
    if "source" not in schema.by_key or any(heading.key == schema.amount for heading in found):
        return found
    for index, heading in enumerate(found):
        if heading.key == "source" and (
            heading.unit or _is_numeric(grid, index + 1, heading_row + 1, len(grid.rows))
        ):
            found[index] = replace(heading, key=schema.amount)
    return found


def _is_numeric(grid: Grid, column: int, first: int, last: int) -> bool:
    texts = [text for row in range(first, last + 1) if not is_blank(text := grid.text(row, column))]
    return bool(texts) and all(_NUMBER.match(folded(text)) for text in texts)


def _parts(
    schema: Schema,
    grid: Grid,
    headings: Sequence[Heading],
    columns: Mapping[str, int],
    reach: tuple[int, int],
    line_unit: Unit | None,
) -> tuple[Part, ...]:
    """The columns whose money adds up to the amount: unknown ones of numbers beside a sum, or below its heading."""
    amount = columns.get(schema.amount)
    sums_up = amount is None or _is_sum(headings[amount - 1].text.rpartition("/")[2])
    if not sums_up:
        return ()
    unit = line_unit if amount is None else headings[amount - 1].unit or line_unit
    group = "" if amount is None else _group(headings[amount - 1])
    found = []
    for column, heading in enumerate(headings, start=1):
        is_part = heading.key is None or (heading.under == schema.amount and column not in columns.values())
        is_beside = not group or _group(heading) == group
        if is_part and is_beside and folded(heading.text) and _is_numeric(grid, column, *reach):
            found.append(Part(one_line(heading.text).rpartition("/")[2], column, heading.unit or unit))
    return tuple(found)


def _left_alone(
    schema: Schema,
    grid: Grid,
    rows: tuple[int, ...],
    headings: Sequence[Heading],
    columns: Mapping[str, int],
    parts: Sequence[Part],
) -> Iterator[Unread]:
    read = {*columns.values(), *(part.column for part in parts)}
    for column, heading in enumerate(headings, start=1):
        name = one_line(heading.text)
        if column in read or not name or (heading.key and schema.by_key[heading.key].only_exported):
            continue
        row = next((row for row in reversed(rows) if grid.text(row, column)), rows[0])
        near = "" if heading.key else suggested(schema, name, columns)
        yield Unread(address(row, column), name, near, heading.key is not None)


def without_heading(grid: Grid, table: Table, rows: Iterable[int]) -> Iterator[Unread]:
    """The columns in which one of these rows says something, below no heading at all."""
    read = {*table.columns.values(), *(part.column for part in table.parts)}
    said = {
        column for row in rows for column, text in enumerate(grid.row(row), start=1) if not is_blank(text)
    }
    for column in sorted(said - read):
        if not any(folded(grid.text(row, column)) for row in table.heading_rows):
            yield Unread(address(table.heading_rows[-1], column), "")


def _without_titles(grid: Grid, top: int, last: int) -> int:
    """The last row of a table that another one follows: single texts and units right above belong to the next."""
    while last > top and len([text for text in grid.row(last) if folded(text)]) < 2:
        last -= 1
    return last


def role_above(grid: Grid, row: int) -> str:
    """What a row above a heading is: title, unit or empty."""
    texts = [folded(text) for text in grid.row(row) if folded(text)]
    if not texts:
        return "empty"
    return (
        "unit"
        if len(texts) == 1 and texts[0].lstrip("(").startswith(("单位:", "单位", "金额单位", "计量单位"))
        else "title"
    )
