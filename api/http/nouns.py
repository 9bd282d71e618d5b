"""The one list of nouns that can be read over HTTP and on pages: a new noun is one line.

What a row needs: the columns `id`, `position`, `last_position`, `said`; and a table that says in which areas a subject lies.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy import Column, Table

from projections import tables
from projections.labels import KINDS


@dataclass(frozen=True, slots=True)
class Noun:
    """`plural` stands in the path; `kind` begins the ids; `code` is the kind of its codes: `project:QX-0007`."""

    plural: str
    kind: str
    table: Table
    places: Table  # its rows: (the subject, an area)
    code: str = ""

    @property
    def title(self) -> str:
        return KINDS[self.kind]

    @property
    def place_of(self) -> Column[str]:
        """The column of `places` that names the subject."""
        found: Column[str] = self.places.c[self.kind]
        return found

    def written(self, text: str) -> str:
        """What a caller wrote as the id, as `resolve` reads it: an id, or a code without its kind."""
        return text if text.startswith(f"{self.kind}_") else f"{self.code or self.kind}:{text}"


NOUNS: Mapping[str, Noun] = {
    one.plural: one
    for one in (
        Noun("projects", "project", tables.project, tables.project_area),
    )
}  # fmt: skip
BY_KIND: Mapping[str, Noun] = {one.kind: one for one in NOUNS.values()}
