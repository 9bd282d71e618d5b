"""The areas by the names that papers give them: of now, of before and aliases, alone or after the names of what they lie in."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from domain.assertions import FOREVER
from domain.authority import Directory
from domain.standing import AreaFacts

_LIKE_MAX = 8  # names that are enough to see which was meant


def full_name(directory: Directory, area: str) -> str:
    """The name of now after those of all that it lies in: 示例县青溪乡康家村."""
    return "".join(one.name for one in reversed(list(_upwards(directory, area))))


def _upwards(directory: Directory, area: str) -> Iterator[AreaFacts]:
    """An area, what it lies in, what that lies in."""
    found = directory.areas.get(area)
    while found is not None:
        yield found
        found = directory.areas.get(found.parents.at(FOREVER) or "")


def all_within(directory: Directory, areas: Sequence[AreaFacts]) -> list[AreaFacts]:
    """The least area that all of these lie in or are, alone; none when there is none.

    An external source lies in nothing of ours here, wherever it is filed: its villages bear the names of ours.
    """
    ways = [[area] if area.kind == "external" else list(_upwards(directory, area.id)) for area in areas]
    return [one for one in ways[0] if all(one in way for way in ways)][:1] if ways else []


def _written(directory: Directory, area: str) -> Iterator[tuple[str, bool]]:
    """Every way in which papers may write a place, and whether that names what it lies in, too."""
    names = {""}
    for level, one in enumerate(_upwards(directory, area)):
        names = {before + name for before in one.known_as for name in names}
        yield from ((name, level > 0) for name in names)


def _meant(directory: Directory) -> Iterator[tuple[str, bool, AreaFacts]]:
    """Each name with each area that it means now: the names of an area whose place others have taken mean those."""
    for area in directory.areas:
        heirs = directory.heirs_of(area, FOREVER)
        for name, is_full in _written(directory, area):
            yield from ((name, is_full, heir) for heir in heirs)


def areas_called(directory: Directory, text: str) -> list[AreaFacts]:
    """The areas that an id or a name means now: several when the name is borne by several, or its area was divided."""
    if text in directory.areas:
        return directory.heirs_of(text, FOREVER)
    return list({area.id: area for name, _, area in _meant(directory) if name == text}.values())


def areas_like(directory: Directory, part: str) -> list[str]:
    """The full names of the areas whose name, old name or alias holds what somebody wrote, or stands in it."""
    part = part.strip()
    meant = (
        full_name(directory, area.id)
        for area in directory.areas.values()
        if any(part and (part in name or name in part) for name in area.known_as)
    )
    return list(dict.fromkeys(meant))[:_LIKE_MAX]


def areas_by_name(directory: Directory, home: str, *kinds: str) -> dict[str, tuple[str, str]]:
    """The areas of some kinds (of none: all) by every name that means one of them: (name as registered, id).

    A village of another town than that of `home` is meant only where its town is named too: every second town has a
    village of such a name. A name that means several stands for the one that lies in `home`, if there is only one; else
    for none: the rows have to be asked about.
    """
    town = next(one.id for one in _upwards(directory, home) if one.kind != "village")
    meant: dict[str, dict[str, AreaFacts]] = {}
    for name, is_full, area in _meant(directory):
        is_near = is_full or area.kind != "village" or _lies_in(directory, area.id, town)
        if is_near and (not kinds or area.kind in kinds):
            meant.setdefault(name, {})[area.id] = area
    found = {}
    for name, areas in meant.items():
        near = [area for area in areas.values() if len(areas) == 1 or _lies_in(directory, area.id, home)]
        if len(near) == 1:
            found[name] = near[0].name, near[0].id
    return found


def _lies_in(directory: Directory, area: str, home: str) -> bool:
    return any(one.id == home for one in _upwards(directory, area))
