"""One row of a sheet as it was read: its role, its fields, and everything that is wrong or open, in the order of the columns."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from api.exchange.grid import Place
from api.exchange.rules import Fault

Role = Literal[
    "title",
    "unit",
    "heading",
    "numbering",
    "empty",
    "subtotal",
    "total",
    "remark",
    "group",
    "example",
    "field",
    "text",
    "data",
]
Value = str | int | bool | None | list[Any] | dict[str, int]


@dataclass(frozen=True, slots=True)
class SheetRow:
    """One row of the sheet. Only a data row has fields, faults, questions, and a code when its amount is read."""

    row: int
    role: Role
    fields: Mapping[str, Value] = field(default_factory=dict)
    money_as_read: Mapping[str, str] = field(default_factory=dict)
    faults: tuple[Fault, ...] = ()
    questions: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    code: str = ""
    title: str = ""  # of the table it stands in
    places: Mapping[str, Place] = field(default_factory=dict)
    unread: frozenset[str] = frozenset()  # columns whose cell was left alone: the row says nothing there

    @property
    def amount_fen(self) -> int:
        """What the row adds to a sum; an amount that could not be read adds nothing, and is a fault or a question."""
        fen = self.fields.get("amount_fen")
        return fen if isinstance(fen, int) else 0
