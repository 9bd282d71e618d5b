"""What the routes ask of the rows besides pages: where a subject lies now."""

from __future__ import annotations

import json

from sqlalchemy import Engine, select

from api.http.nouns import Noun


def places_of(engine: Engine, noun: Noun, subject: str) -> list[str]:
    """The areas that a subject lies in now, as far as the rows know."""
    columns = noun.projected.table.c
    with engine.connect() as connection:
        found = connection.execute(select(columns.areas).where(columns.id == subject)).scalar()
    return [] if found is None else list(json.loads(found))
