"""Tables for the tests of reading: written as text, read as a clerk's file would be."""

import hashlib
import io
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Self

from api.exchange.grid import Grid, Workbook
from api.exchange.outcome import Plan
from api.exchange.plan import plan
from api.exchange.register import Register, read_register
from api.exchange.said import Areas
from api.exchange.workbook import read_workbook
from domain.money import Unit

DATA = Path(__file__).parents[3] / "api" / "data"
AREA = "area_" + "a" * 26


def shipped(name: str) -> Grid:
    """A register or workbook that stands in api/data."""
    file = next(DATA.glob(f"*/{name}.csv"))
    return only_sheet(file.read_bytes(), file.name)


def only_sheet(data: bytes, name: str) -> Grid:
    [grid] = read_workbook(data, name).sheets
    return grid


def table(*lines: str) -> Grid:
    return only_sheet("\r\n".join(lines).encode(), "表.csv")


def saved(book: Any) -> bytes:
    """The file of a workbook that openpyxl holds."""
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def register(*lines: str) -> Register:
    return read_register(table(*lines))


class Ids:
    """Ids that count instead of being random."""

    def __init__(self) -> None:
        self.count = 0

    def __call__(self, kind: str) -> str:
        self.count += 1
        digits = "abcdefghijklmnopqrstuvwxyz"
        return f"{kind}_{'a' * 22}" + "".join(digits[self.count // 26**n % 26] for n in (3, 2, 1, 0))


class Memory:
    """What a ledger would answer: how often each code was named, and what holds of the project that it names."""

    def __init__(self, known: Mapping[str, Mapping[str, Any]] | None = None) -> None:
        self.known = dict(known or {})
        self.asked: list[Sequence[str]] = []

    @classmethod
    def of(cls, plan: Plan, **corrected: Any) -> Self:
        """A ledger that has taken every new row of a plan; `corrected` has been put right since."""
        known = {}
        for row in plan.rows:
            if row.payload is not None:
                number = row.payload["number"]
                codes = [row.code, *([f"code:project:{number}"] if number else [])]
                known |= dict.fromkeys(codes, row.payload | corrected)
        return cls(known)

    def __call__(self, codes: Sequence[str]) -> dict[str, int]:
        self.asked.append(codes)
        return {code: int(code in self.known) for code in codes}

    def held(self, code: str) -> Mapping[str, Any] | None:
        return self.known.get(code)


def planned(
    grid: Grid | Workbook,
    *,
    seen: Memory | None = None,
    villages: Areas | None = None,
    notice: str = "",
    unit: Unit | None = None,
    noun: str = "",
) -> Plan:
    memory = seen or Memory()
    return plan(
        Workbook(grid.file, (grid,)) if isinstance(grid, Grid) else grid,
        area_ids=[AREA],
        area_label="示例县",
        sha256=hashlib.sha256(grid.file.encode()).hexdigest(),
        seen=memory,
        held=memory.held,
        new_id=Ids(),
        villages=villages,
        notice=notice,
        late_reason="公开登记表补登",
        unit=unit,
        noun=noun,
    )
