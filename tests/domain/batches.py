"""Rows of a batch in the story."""

from typing import Any

from tests.domain.story import Json, Town


def rows(town: Town, *names: str, **changed: Any) -> list[Json]:
    """Listings of projects, one for each name."""
    return [
        town.command("project.list.v1", town.project(name, **changed), "typist", nature="fact")
        for name in names
    ]
