"""Subtotals (小计) and totals (合计) as a table prints them, beside the sums of the rows they stand for (READ-13)."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from api.exchange.amounts import Amount, read_amount
from api.exchange.grid import Grid
from api.exchange.rows import SheetRow
from api.exchange.schema import Schema
from api.exchange.tables import Table
from api.exchange.text import folded

_UPPER = re.compile(r"\(?[一二三四五六七八九十]{1,3}\)?[、.]?\Z")
_LOWER = re.compile(r"\(?[0-9]{1,4}\)?[、.]?\Z")


@dataclass(frozen=True, slots=True)
class Printed:
    """A subtotal or total as the table prints it."""

    row: int
    printed_fen: int | None  # None: printed, but not to be read as an amount
    sum_fen: int

    @property
    def difference_fen(self) -> int | None:
        return None if self.printed_fen is None else self.sum_fen - self.printed_fen


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
        fen = _amount(grid, table, row.row)
        if row.role == "total":
            total = Printed(row.row, fen, everything if leading and not whole else whole)
            continue
        if leading:
            if open_one is not None:
                subtotals.append(Printed(open_one.row, open_one.printed_fen, since))
            open_one = Printed(row.row, fen, 0)
        else:
            subtotals.append(Printed(row.row, fen, since))
        since = 0
    if open_one is not None:
        subtotals.append(Printed(open_one.row, open_one.printed_fen, since))
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


def _amount(grid: Grid, table: Table, row: int) -> int | None:
    """What a row of sums prints: its amount, or the sum of the parts that stand for one."""
    column = table.columns.get("amount")
    if column is not None:
        if (row, column) in grid.troubles:
            return None
        found = read_amount(grid.text(row, column), table.units.get("amount"))
        return found.money.fen if isinstance(found, Amount) else None
    amounts = [read_amount(text, part.unit) for part in table.parts if (text := grid.text(row, part.column))]
    fens = [one.money.fen for one in amounts if isinstance(one, Amount)]
    return sum(fens) if fens and len(fens) == len(amounts) else None


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
            text = grid.text(row.row, column)
            if text and (row.row, column) not in grid.troubles:
                amount = read_amount(text, table.units.get(wanted.key))
                found.append(Printed(row.row, amount.money.fen if isinstance(amount, Amount) else None, 0))
            if found:
                last = found.pop()
                found.append(Printed(last.row, last.printed_fen, last.sum_fen + row.amount_fen))
    return found
