"""The read database as a whole: every table, how far it has come, what is counted, and the shape of it all.

Nothing here is believed: rows are made from entries and may be made again (D14).
"""

import hashlib
from functools import cache
from importlib import resources

from sqlalchemy import BigInteger, Column, Integer, String, Table

from projections.disposal_tables import (
    disposal,
    disposal_asset,
    document,
    document_subject,
    meeting,
    meeting_resolution,
    notice,
)
from projections.estate_tables import asset, asset_project, obligation, obligation_about, project
from projections.shared_columns import links, metadata
from projections.standing_tables import area, batch, load, parameter, proposal
from projections.tally import Tally, tally_of

__all__ = [
    "DERIVED",
    "TALLIES",
    "area",
    "asset",
    "asset_project",
    "awaiting",
    "batch",
    "disposal",
    "disposal_asset",
    "document",
    "document_subject",
    "lease",
    "load",
    "meeting",
    "meeting_resolution",
    "metadata",
    "notice",
    "obligation",
    "obligation_about",
    "parameter",
    "position",
    "project",
    "proposal",
    "shape",
    "territory_area",
]

# The next position to follow and the leaf hash of the entry before it, by which the log is known again; entries passed over
# because no handler knows their event; shape of the tables and of the program that filled them.
position = Table(
    "position",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=False),
    Column("next", BigInteger, nullable=False),
    Column("leaf", String(64), nullable=False),
    Column("passed_over", BigInteger, nullable=False),
    Column("shape", String(64), nullable=False),
)

# Which process follows, and until when unless it says so again.
lease = Table(
    "lease",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=False),
    Column("holder", String(200), nullable=False),
    Column("until", String(27), nullable=False),
)

# Of which subjects a batch brought a later entry that still waits.
awaiting = links("awaiting", "subject", "batch")

# Which areas make up a territory.
territory_area = links("territory_area", "territory", "area")

TALLIES: dict[Table, Tally] = {}


def _tallied(rows: Table, *by: str, fen: tuple[str, ...] = ()) -> None:
    TALLIES[rows] = tally_of(rows, by, fen)


_tallied(project, "class", "external", "checked", fen=("total_fen", "stated_fen"))
_tallied(asset, "owner_type", "open", "external", "checked", fen=("original_fen", "carrying_fen"))
_tallied(obligation, "category", "open", "external", "checked", fen=("principal_fen", "outstanding_fen"))
_tallied(disposal, "stage", "open", "checked", fen=("expected_fen",))
_tallied(meeting, "body", "checked")
_tallied(notice, "kind", "checked")
_tallied(document, "kind")
_tallied(load, "phase")


@cache
def shape() -> str:
    """What changes when the program that makes the tables and their rows changes; then they are made anew.

    The program is this package and the rules whose words and days it puts into the rows, whole: nobody has to remember
    which of its changes the rows show.
    """
    digest = hashlib.sha256()
    for package in ("domain", "projections"):
        for one in sorted(resources.files(package).iterdir(), key=lambda file: file.name):
            if one.name.endswith(".py"):
                digest.update(one.read_bytes())
    return digest.hexdigest()


# The tables whose rows are made from entries alone: what a rebuild compares.
DERIVED: tuple[Table, ...] = tuple(
    table for table in metadata.sorted_tables if table not in (position, lease)
)
