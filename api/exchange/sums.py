"""Subtotals (小计) and totals (合计) as a table prints them, beside the sums of the rows they stand for (READ-13)."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from api.exchange.amounts import Amount, is_blank, read_amount
from api.exchange.grid import TROUBLES, Grid, address
from api.exchange.rows import SheetRow
from api.exchange.schema import Schema
from api.exchange.tables import Table
from api.exchange.text import folded, one_line
from domain.money import Money, Unit

_UPPER = re.compile(r"\(?[一二三四五六七八九十]{1,3}\)?[、.]?\Z")
_LOWER = re.compile(r"\(?[0-9]{1,4}\)?[、.]?\Z")


@dataclass(frozen=True, slots=True)
class Printed:
    """A subtotal or total as the table prints it."""

    row: int
    cell: str
    value: str  # as read; "" where the row of the sum leaves it empty
    printed_fen: int | None  # None: not to be read as an amount
    sum_fen: int
    trouble: str = ""  # why the cell does not show what its writer meant (READ-17)

    @property
    def difference_fen(self) -> int | None:
        return None if self.printed_fen is None else self.sum_fen - self.printed_fen

    @property
    def told(self) -> str:
        """What the clerk has to look at; "" where the sum agrees, or none is printed."""
        if self.printed_fen is None:
            is_printed = self.trouble or not is_blank(self.value)
            return f"所印的合计没有核对：{self.trouble or '读不出金额'}" if is_printed else ""
        if not self.difference_fen:
            return ""
        fens = (self.printed_fen, self.sum_fen, self.difference_fen)
        return "所印的合计 {} 与各行之和 {} 相差 {}".format(*map(Money, fens))

    def as_json(self) -> dict[str, Any]:
        return {
            "row": self.row,
            "cell": self.cell,
            "value": self.value,
            "printed_fen": self.printed_fen,
            "sum_fen": self.sum_fen,
            "difference_fen": self.difference_fen,
        }


def printed(
    grid: Grid, schema: Schema, table: Table, rows: Sequence[SheetRow]
) -> tuple[list[Printed], list[Printed]]:
    """The subtotals, and the total: the last one counts. A sum stands below its rows, or above them where the first row is one."""
    leading = next((row.role for row in rows if row.role in {"subtotal", "total", "data"}), "data") != "data"
    subtotals = _groups(grid, schema, table, rows)
    total: Printed | None = None
    since = whole = 0
    open_one: Printed | None = None
    everything = sum(row.amount_fen for row in rows)
    for row in rows:
        since, whole = since + row.amount_fen, whole + row.amount_fen
        if row.role not in {"subtotal", "total"}:
            continue
        one = _printed(grid, table, row.row)
        if row.role == "total":
            total = replace(one, sum_fen=everything if leading and not whole else whole)
            continue
        if leading:
            if open_one is not None:
                subtotals.append(replace(open_one, sum_fen=since))
            open_one = one
        else:
            subtotals.append(replace(one, sum_fen=since))
        since = 0
    if open_one is not None:
        subtotals.append(replace(open_one, sum_fen=since))
    return subtotals, [] if total is None else [total]


def with_sums_above(grid: Grid, table: Table, rows: list[SheetRow]) -> list[SheetRow]:
    """Rows numbered 一、二、 above rows numbered 1, 2 are the sums of these when their amounts say so; else it is asked."""
    column = table.columns.get("ordinal")
    if column is None:
        return rows
    levels = [_level(grid.text(row.row, column)) if row.role == "data" else "" for row in rows]
    found = list(rows)
    for at, row in enumerate(rows):
        below = levels[at + 1 : at + 2]
        if levels[at] != "upper" or below != ["lower"] or not row.amount_fen:
            continue
        end = next(
            (to for to in range(at + 1, len(rows)) if levels[to] == "upper" or rows[to].role == "total"),
            len(rows),
        )
        if sum(one.amount_fen for one in rows[at + 1 : end]) == row.amount_fen:
            found[at] = SheetRow(row.row, "subtotal")
        else:
            question = f"第{row.row}行的序号高一级，看来是以下各行的小计，但金额不等于其和：是小计还是项目？"
            found[at] = replace(row, questions=(*row.questions, question))
    return found


def _level(ordinal: str) -> str:
    plain = folded(ordinal)
    return "upper" if _UPPER.match(plain) else "lower" if _LOWER.match(plain) else ""


def _printed(grid: Grid, table: Table, row: int) -> Printed:
    """What a row of sums prints: its amount, or the sum of the parts that stand for one."""
    column = table.columns.get("amount")
    if column is not None:
        return _in_cell(grid, row, column, table.units.get("amount"))
    parts = [_in_cell(grid, row, part.column, part.unit) for part in table.parts]
    said = [one for one in parts if one.trouble or not is_blank(one.value)]
    fens = [one.printed_fen for one in said if one.printed_fen is not None]
    if not said:
        return Printed(row, address(row, 1), "", None, 0)
    return replace(
        said[0],
        value="+".join(one.value for one in said),
        printed_fen=sum(fens) if len(fens) == len(said) else None,
        trouble=next((one.trouble for one in said if one.trouble), ""),
    )


def _in_cell(grid: Grid, row: int, column: int, unit: Unit | None) -> Printed:
    text, trouble = grid.text(row, column), grid.troubles.get((row, column))
    found = None if trouble else read_amount(text, unit)
    fen = found.money.fen if isinstance(found, Amount) else None
    return Printed(
        row, address(row, column), one_line(text), fen, 0, f"该格{TROUBLES[trouble]}" if trouble else ""
    )


def _groups(grid: Grid, schema: Schema, table: Table, rows: Sequence[SheetRow]) -> list[Printed]:
    """A column of sums beside the rows: each stands for its own row and those below it that have none."""
    found: list[Printed] = []
    for wanted in schema.of_kind("group_total"):
        column = table.columns.get(wanted.key)
        if column is None:
            continue
        for row in rows:
            if row.role != "data":
                continue
            one = _in_cell(grid, row.row, column, table.units.get(wanted.key))
            if one.value or one.trouble:
                found.append(one)
            if found:
                last = found.pop()
                found.append(replace(last, sum_fen=last.sum_fen + row.amount_fen))
    return found
