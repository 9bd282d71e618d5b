"""Disposals as the machine of random days knows them: whose hands, which papers, how far each has come. 领域 3.7."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, NamedTuple

from domain.paths import METHODS
from tests.support.logbook import new_id
from tests.world.office import Made, Thing
from tests.world.paper_days import Paper

ENTERERS = ("village_admin", "recorder", "service_centre")
MAY = {
    "propose": ("village_admin", "collective", "service_centre"),
    "decide": ("collective", "service_centre", "finance", "village_admin"),
    "approve": ("township", "county"),
    "settle": ("finance", "collective", "village_admin", "service_centre"),
    "derecognise": ("finance", "collective", "village_admin", "service_centre"),
    "withdraw": ("village_admin", "collective", "service_centre", "recorder"),
    "reject": ("collective", "service_centre", "finance", "village_admin", "township", "county"),
    "handle": ("township", "county"),
    "endorse": ("service_centre",),
}


class Way(NamedTuple):
    """How an owner's disposal goes: whose hands, what it is decided on, where the money goes. 领域 3.7.b."""

    propose: tuple[str, ...]
    decide: tuple[str, ...]
    decision: str
    keep: tuple[str, ...]
    account: str
    county: str  # the parameter from which the county approves; "": nobody approves
    kind: str = "operating"


WAYS = {
    "state": Way(("service_centre",), ("service_centre", "finance"), "unit_decision", ("finance",), "treasury", "state_county_fen"),
    "collective_village": Way(("village_admin", "collective"), ("collective",), "meeting", ("collective", "finance"), "collective", "collective_county_fen"),
    "household": Way(("village_admin",), ("village_admin", "service_centre"), "consent", ("village_admin", "service_centre"), "household", "", "household"),
    "equity": Way(("village_admin", "collective"), ("collective",), "contract", ("collective", "finance"), "collective", "collective_county_fen", "equity"),
}  # fmt: skip
APPROVAL_PAPERS = {
    "transfer": ("appraisal", "value_proof"),
    "scrap": ("expert_opinion", "photo"),
    "donate": ("contract",),
    "lease": ("tender",),
}
ORDER = ("propose", "decide", "approve", "settle", "derecognise")


@dataclass
class Did:
    """A step that was taken."""

    nature: str
    by: str


@dataclass
class Deal:
    """A disposal as the machine knows it. `scales` is the reason, which is corrected, by version."""

    number: str
    thing: Thing
    method: str
    position: int
    leaf: str
    expires: str
    scales: dict[int, Any]
    done: dict[str, Did] = field(default_factory=dict)
    facts: list[Made] = field(default_factory=list)
    papers: dict[str, str] = field(default_factory=dict)
    notice: Paper | None = None
    handled: str = ""
    ended: str = ""
    streams: int = 1

    @property
    def id(self) -> str:
        return new_id("disposal", self.number)

    @property
    def name(self) -> str:
        return f"{METHODS[self.method]}：{self.thing.name}"  # type: ignore[index]

    @property
    def place(self) -> str:
        return self.thing.place

    @property
    def way(self) -> Way:
        return WAYS[self.thing.owner_type]

    def is_act(self, step: str) -> bool:
        return step in self.done and self.done[step].nature == "act"

    @property
    def path(self) -> tuple[str, ...]:
        return tuple(one for one in ORDER if one != "approve" or self.way.county)

    def hands(self, step: str) -> tuple[str, ...]:
        way = self.way
        return {"propose": way.propose, "decide": way.decide, "approve": MAY["approve"]}.get(step, way.keep)

    def waits_in_vain(self, today: str) -> bool:
        signed = [one for one in ("decide", "approve") if one in self.path]
        waits = not self.ended and "settle" not in self.done and not all(map(self.is_act, signed))
        return waits and "" < self.expires < today
