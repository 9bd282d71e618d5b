"""The nouns (登记对象) whose registers can be read, each with its schema; those with a command can be entered."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import domain.nouns  # noqa: F401 - declares every command
from api.exchange import asset, obligation, project
from api.exchange.schema import Schema
from domain.command import COMMANDS

# Fields of a row, its money as read, and the paper it stands on → what the command's payload says of it.
Said = Callable[[Mapping[str, Any], Mapping[str, str], str], dict[str, Any]]

# What holds of a subject, and its id → the cells of its row in the export.
Cells = Callable[[Mapping[str, Any], str], Mapping[str, str | Decimal | None]]


# Fields of a row, and the columns of it that were left alone → what must be known before it can be entered, and is not.
Questions = Callable[[Mapping[str, Any], frozenset[str]], Iterable[str]]


@dataclass(frozen=True, slots=True)
class Noun:
    """How rows of one noun are read, compared with the ledger, and entered."""

    schema: Schema
    label: str
    name: str  # of the command that enters a row
    code: str  # the kind of its numbers: code:debt:…
    sum: str  # the field of the payload that a batch adds up
    said: Said
    compared: Mapping[str, tuple[str, ...]]  # field of the payload → columns
    cells: Cells  # for the export
    questions: Questions = lambda fields, unread: ()

    @property
    def command(self) -> str:
        """Empty while the rules know no such command: then its registers are read, and every row is asked about."""
        return self.name if self.name in COMMANDS else ""


NOUNS: Mapping[str, Noun] = {
    "project": Noun(
        project.SCHEMA,
        "项目",
        "project.list.v1",
        "project",
        "total_fen",
        project.said,
        project.COMPARED,
        project.cells,
    ),
    "asset": Noun(
        asset.SCHEMA,
        "资产",
        "asset.open.v1",
        "asset",
        "original_fen",
        asset.said,
        asset.COMPARED,
        asset.cells,
        asset.questions,
    ),
    "obligation": Noun(
        obligation.SCHEMA,
        "债权债务",
        "obligation.register.v1",
        "debt",
        "principal_fen",
        obligation.said,
        obligation.COMPARED,
        obligation.cells,
        obligation.questions,
    ),
}
