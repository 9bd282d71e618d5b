"""The one list of nouns: which handler an event has, which rows its subjects have, what it says of them."""

from collections.abc import Callable, Mapping

from sqlalchemy import Table

from projections import area, batch, project, proposal, tables
from projections.entry import Entry
from projections.rows import Rows
from projections.said import Said

# Event -> what it does to the rows. An event that stands here twice would be a slip: the test counts.
HANDLERS: Mapping[str, Callable[[Rows, Entry], None]] = {
    **area.HANDLERS,
    **batch.HANDLERS,
    **project.HANDLERS,
    **proposal.HANDLERS,
}

# Kind of subject -> its table: the rows that entries naming such subjects may change.
TABLES: Mapping[str, Table] = {
    "area": tables.area,
    "batch": tables.batch,
    "project": tables.project,
    "proposal": tables.proposal,
}

# Kind of subject -> event -> what it says of the subject. The events of other kinds say all of their state.
TELLERS: Mapping[str, Mapping[str, Callable[[Said, Entry], Said]]] = {"project": project.TELLERS}
