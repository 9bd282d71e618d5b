"""The one list of nouns, and what follows from it. A new noun is its module, its table and its line here."""

from collections.abc import Mapping

from sqlalchemy import Table

from projections import (
    area,
    asset,
    batch,
    disposal,
    document,
    load,
    meeting,
    notice,
    obligation,
    parameter,
    project,
    proposal,
)
from projections.noun import Handler, Noun, Teller

LISTED: tuple[Noun, ...] = (
    area.NOUN,
    asset.NOUN,
    batch.NOUN,
    disposal.NOUN,
    document.NOUN,
    load.NOUN,
    meeting.NOUN,
    notice.NOUN,
    obligation.NOUN,
    parameter.NOUN,
    project.NOUN,
    proposal.NOUN,
)

NOUNS: Mapping[str, Noun] = {one.kind: one for one in LISTED}

# Event -> what it does to the rows of each noun that it concerns, in the order of the list.
HANDLERS: Mapping[str, tuple[Handler, ...]] = {
    event: tuple(one.handlers[event] for one in LISTED if event in one.handlers)
    for event in sorted({event for one in LISTED for event in one.handlers})
}

# Kind of subject -> its table: the rows that entries naming such subjects may change.
TABLES: Mapping[str, Table] = {one.kind: one.table for one in LISTED}

# Kind of subject -> event -> what it says of the subject.
TELLERS: Mapping[str, Mapping[str, Teller]] = {one.kind: one.tellers for one in LISTED}

# The events by which one entry is checked.
CHECKS = frozenset(one.endorsed for one in LISTED if one.is_checked)
