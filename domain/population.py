"""The population (应登记数) of a load session: what there is to load, as it is stated, and what has been loaded, as it is counted (D9)."""

from collections.abc import Iterator, Mapping

from domain.base import State
from domain.command import Value
from domain.entered import Entered
from domain.loading import is_over
from domain.money import Money
from domain.standing import LoadFacts
from domain.values import Count, Fen
from domain.world import Case

# What is counted: kind of subject -> the field whose amounts are summed, as a batch sums them (FORMAT 5.3).
COUNTED: Mapping[str, str] = {"asset": "original_fen", "obligation": "principal_fen", "project": "total_fen"}
PARTS: Mapping[str, tuple[str, str]] = {
    "projects": ("project", "项目"),
    "assets": ("asset", "资产"),
    "obligations": ("obligation", "债权债务"),
}


class Part(Value):
    """How many there are, and their amount in all: of projects the funds, of assets the original value, of debts the principal."""

    count: Count
    total_fen: Fen


class Population(Value):
    """What there is to load, or has been loaded."""

    assets: Part
    obligations: Part
    projects: Part

    def __str__(self) -> str:
        parts: Iterator[tuple[str, Part]] = (
            (title, getattr(self, name)) for name, (_, title) in PARTS.items()
        )
        return "、".join(f"{title} {part.count} 项 {Money(part.total_fen)}" for title, part in parts)


def counted(case: Case, load: LoadFacts, between: tuple[int, int]) -> State:
    """What lies under a session and began between two positions of the log, as of a day up to its cut-over date (LOAD-4)."""
    world = case.world
    begun = [
        stream for stream, state in world.begun(COUNTED, *between) if state["occurred_on"] <= load.cut_over_on
    ]
    world.foresee(begun)
    found: dict[str, list[int]] = {kind: [] for kind in COUNTED}
    for stream in begun:
        subject = world.find(stream)
        assert isinstance(subject, Entered)
        if not subject.duplicate_of and any(is_over(case, load, area) for area in subject.places(case.today)):
            found[subject.TOPIC].append(subject.last(COUNTED[subject.TOPIC]) or 0)
    return {
        part: {"count": len(found[kind]), "total_fen": sum(found[kind])} for part, (kind, _) in PARTS.items()
    }
