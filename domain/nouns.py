"""The one list of nouns: importing this module declares every command, event and aggregate of the domain."""

from domain import (
    area,
    batch,
    book,
    classification,
    correction,
    key,
    listing,
    organisation,
    parameter,
    person,
    post,
    project,
    proposal,
)

NOUNS = (
    area,
    batch,
    book,
    classification,
    correction,
    key,
    listing,
    organisation,
    parameter,
    person,
    post,
    project,
    proposal,
)
