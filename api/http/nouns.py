"""The one list of nouns that can be read over HTTP and on pages: a new noun is one line. What it is, its projection says."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from projections import asset, disposal, document, load, meeting, notice, obligation, project
from projections.labels import KINDS
from projections.noun import Noun as Projected


@dataclass(frozen=True, slots=True)
class Noun:
    """`plural` stands in the path; `code` is the kind of its codes when that is not its own: `debt:JY-001`."""

    plural: str
    projected: Projected
    code: str = ""

    @property
    def kind(self) -> str:
        return self.projected.kind

    @property
    def title(self) -> str:
        return KINDS[self.kind]

    def written(self, text: str) -> str:
        """What a caller wrote as the id, as `resolve` reads it: an id, or a code without its kind."""
        return text if text.startswith(f"{self.kind}_") else f"{self.code or self.kind}:{text}"


NOUNS: Mapping[str, Noun] = {
    one.plural: one
    for one in (
        Noun("projects", project.NOUN),
        Noun("assets", asset.NOUN),
        Noun("debts", obligation.NOUN, code="debt"),
        Noun("disposals", disposal.NOUN),
        Noun("meetings", meeting.NOUN),
        Noun("notices", notice.NOUN),
        Noun("documents", document.NOUN),
        Noun("loads", load.NOUN),
    )
}  # fmt: skip
BY_KIND: Mapping[str, Noun] = {one.kind: one for one in NOUNS.values()}
