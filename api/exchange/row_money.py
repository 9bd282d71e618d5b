"""The money of one data row: amounts cell by cell, the parts of a whole, and sums that do not agree (READ-5, READ-22)."""

from api.exchange.amounts import Amount, is_blank, read_amount
from api.exchange.grid import address
from api.exchange.row_cells import RowCells
from api.exchange.rules import Problem, as_read
from api.exchange.schema import NO_FUNDS, Column
from api.exchange.text import folded, one_line

_LENGTH_AS_READ = 100
_EMPTY = "金额为空，请填金额，不是数据的行请删去"


def read_money(cells: RowCells, column: Column) -> str:
    """The cell as read, when it holds an amount."""
    key = column.key
    place, is_amount = cells.places[key], key == cells.setting.schema.amount
    if cells.is_merged_above(key) or cells.is_merged_below(key):
        if is_amount:
            origin = address(*cells.origin(place))
            cells.questions.append(
                f"金额 {origin} {as_read(cells.text(key))}由几行合并：各行各是多少？请拆开填写"
            )
        return ""
    if not cells.is_sound(key):
        return ""
    text = cells.setting.grid.text(*place)
    if folded(text) == NO_FUNDS and is_amount:
        cells.fields["funds_unknown"] = True
        return ""
    if is_blank(text):
        if is_amount:
            cells.fault(key, Problem("READ-5", _EMPTY))
        return ""
    amount = read_amount(text, cells.setting.units.get(key))
    if isinstance(amount, Problem):
        cells.fault(key, amount)
        return ""
    cells.fields[f"{key}_fen"] = amount.money.fen
    if amount.remark:
        _note_remark(cells, key, amount)
    if _is_of_another_unit(cells, key, amount):
        of_column = cells.setting.units.get(key)
        cells.questions.append(f"{cells.where(key)} {as_read(text)}表上单位是{of_column}：以哪个为准？")
    return cells.limited(key, one_line(text), _LENGTH_AS_READ)


def _note_remark(cells: RowCells, key: str, amount: Amount) -> None:
    cells.fields[f"{key}_remark"] = amount.remark
    where, remark = cells.where(key), one_line(amount.remark)
    if amount.remark_may_add:
        cells.questions.append(f"{where} 的附注“{remark}”里的金额，是否已含在内？")
    else:
        cells.notes.append(f"{where} 的附注“{remark}”不计入金额")


def _is_of_another_unit(cells: RowCells, key: str, amount: Amount) -> bool:
    of_column = cells.setting.units.get(key)
    return amount.own_unit and of_column is not None and of_column != amount.unit


def read_lines(cells: RowCells, key: str, text: str) -> None:
    """READ-22: the amounts of several funds in one cell."""
    amounts = [
        read_amount(part, cells.setting.units.get(key))
        for part in text.replace(";", "；").split("；")
        if part.strip()
    ]
    problem = next((one for one in amounts if isinstance(one, Problem)), None)
    if problem is not None:
        cells.fault(key, Problem("READ-22", f"各笔金额以；分开：{problem.fix}"))
    else:
        cells.fields["lines_fen"] = [one.money.fen for one in amounts if isinstance(one, Amount)]


def add_parts(cells: RowCells, key: str, money: dict[str, str]) -> None:
    """The table has no column of the amount: it is the sum of its parts."""
    found = _part_amounts(cells)
    if found and not cells.faults:
        cells.fields[f"{key}_fen"] = sum(found.values())
        texts = [one_line(cells.setting.grid.text(cells.row, part.column)) for part in cells.setting.parts]
        money[key] = "+".join(text for text in texts if text)[:_LENGTH_AS_READ]
        cells.notes.append(f"金额是{'、'.join(found)}之和")
    elif not cells.faults:
        place = (cells.row, cells.setting.parts[0].column)
        cells.fault_at(place, Problem("READ-5", _EMPTY))


def compare_with_parts(cells: RowCells) -> None:
    found, whole = _part_amounts(cells), cells.fields["amount_fen"]
    if found and isinstance(whole, int) and sum(found.values()) != whole:
        cells.notes.append(f"{'、'.join(found)}之和不等于合计")


def _part_amounts(cells: RowCells) -> dict[str, int]:
    found: dict[str, int] = {}
    for part in cells.setting.parts:
        place = (cells.row, part.column)
        text = cells.setting.grid.text(*place)
        if is_blank(text) or not cells.is_sound_at(place):
            continue
        amount = read_amount(text, part.unit)
        if isinstance(amount, Problem):
            cells.fault_at(place, amount)
        else:
            found[part.heading] = amount.money.fen
    if found:
        cells.fields["parts"] = found
    return found


def compare_sums(cells: RowCells) -> None:
    fen = {
        key: one
        for key in cells.setting.schema.money
        if isinstance(one := cells.fields.get(f"{key}_fen"), int)
    }
    if {"amount", "grant", "own"} <= set(fen) and fen["amount"] != fen["grant"] + fen["own"]:
        cells.notes.append("总投资不等于中央补助与自筹之和")
    spent = [fen[key] for key in ("settled", "fee", "rest") if key in fen]
    if {"planned", "settled", "rest"} <= set(fen) and fen["planned"] != sum(spent):
        cells.notes.append("计划投资不等于结算价、管理费、项目结余之和")
    if "lines_fen" in cells.fields:
        lines = cells.fields["lines_fen"]
        assert isinstance(lines, list)
        if "amount" in fen and fen["amount"] != sum(lines):
            cells.fault("lines", Problem("READ-22", "各笔金额之和须等于总额"))
