"""The nouns (登记对象) whose registers can be read, each with its schema; those with a command can be entered."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from api.exchange import asset, obligation, project
from api.exchange.schema import Schema

# Fields of a row, its money as read, and the paper it stands on → what the command's payload says of it.
Said = Callable[[Mapping[str, Any], Mapping[str, str], str], dict[str, Any]]

# What holds of a subject, and its id → the cells of its row in the export.
Cells = Callable[[Mapping[str, Any], str], Mapping[str, str | Decimal | None]]


@dataclass(frozen=True, slots=True)
class Noun:
    """How rows of one noun are read, compared with the ledger, and entered."""

    schema: Schema
    label: str
    command: str = ""  # that enters a row; "" while there is none
    said: Said | None = None
    cells: Cells | None = None  # for the export
    compared: Mapping[str, tuple[str, ...]] = field(default_factory=dict)  # field of the payload → columns


NOUNS: Mapping[str, Noun] = {
    "project": Noun(project.SCHEMA, "项目", "project.list.v1", project.said, project.cells, project.COMPARED),
    "asset": Noun(asset.SCHEMA, "资产"),
    "obligation": Noun(obligation.SCHEMA, "债权债务"),
}
