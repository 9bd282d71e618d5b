"""A territory: some areas taken together, in which a subject lies. Most are one village; a project over three towns is real.

There are as many territories as areas, more or less, however many subjects there are; a subject that moves goes from one
to another. What lies in an area now is decided by the areas of now, so nothing has to be updated when an area moves.
"""

import hashlib
from functools import lru_cache

import orjson


@lru_cache(4096)
def territory_of(areas: str) -> str:
    """The territory that some areas make up, given as a column holds them (JSON); their order does not matter."""
    return hashlib.blake2b(orjson.dumps(_members(areas)), digest_size=16).hexdigest()


def lines_of(areas: str) -> list[dict[str, str]]:
    """The lines of `territory_area` for a territory."""
    territory = territory_of(areas)
    return [{"territory": territory, "area": one} for one in _members(areas)]


def _members(areas: str) -> list[str]:
    return sorted(set(orjson.loads(areas)))
