"""Who may do what: roles, and the directory (名录) of keys, posts, organisations, areas and parameters.

The directory is immutable and is built from entries alone. Whoever consults it does so through
`domain.world.World`, which puts every consulted id with its moves into the read set.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Literal, get_args

from domain.record import Recorded
from domain.standing import (
    AreaFacts,
    Draft,
    Happened,
    KeyFacts,
    LedgerFacts,
    LoadFacts,
    OrganisationFacts,
    ParameterFacts,
    PostFacts,
)

Role = Literal[
    "registrar",
    "village_admin",
    "collective",
    "service_centre",
    "finance",
    "township",
    "county",
    "discipline",
    "recorder",
]
ROLES: tuple[Role, ...] = get_args(Role)
ROLE_LABELS: dict[str, str] = {
    "ledger": "台账",
    "registrar": "登记员",
    "village_admin": "村系统管理员",
    "collective": "集体经济组织",
    "service_centre": "乡农服中心",
    "finance": "乡财政办",
    "township": "乡党委政府",
    "county": "县级主管部门",
    "discipline": "乡纪委",
    "recorder": "录入员",
}


def roles_label(roles: Iterable[str]) -> str:
    """The roles in words, in an order that is always the same."""
    return "、".join(ROLE_LABELS.get(role, role) for role in sorted(roles))


@dataclass(frozen=True, slots=True)
class Directory:
    """What is known of the standing subjects up to a position. Never changed: `after` gives another one."""

    ledger: LedgerFacts | None = None
    keys: Mapping[str, KeyFacts] = field(default_factory=dict)
    posts: Mapping[str, PostFacts] = field(default_factory=dict)
    organisations: Mapping[str, OrganisationFacts] = field(default_factory=dict)
    persons: Mapping[str, bool] = field(default_factory=dict)
    areas: Mapping[str, AreaFacts] = field(default_factory=dict)
    loads: Mapping[str, LoadFacts] = field(default_factory=dict)
    parameters: Mapping[str, ParameterFacts] = field(default_factory=dict)  # by name
    moves: Mapping[str, int] = field(default_factory=dict)  # version of each standing stream
    upto: int = 0  # the position after the last entry that is known

    @property
    def origin(self) -> str:
        return "" if self.ledger is None else self.ledger.origin

    @property
    def epoch(self) -> int:
        return 0 if self.ledger is None else self.ledger.epoch

    def after(self, *recorded: Recorded) -> "Directory":
        """This directory with further entries of standing streams, in order of position."""
        return self.applied(
            Happened(one.position, one.leaf, one.event, one.stream, one.version, one.state)
            for one in recorded
        )

    def applied(self, events: Iterable[Happened]) -> "Directory":
        """As `after`, of what happened."""
        draft = Draft(
            self.ledger,
            dict(self.keys),
            dict(self.posts),
            dict(self.organisations),
            dict(self.persons),
            dict(self.areas),
            dict(self.loads),
            dict(self.parameters),
            dict(self.moves),
        )
        upto = self.upto
        for one in events:
            draft.apply(one)
            upto = max(upto, one.position + 1)
        return Directory(
            draft.ledger,
            draft.keys,
            draft.posts,
            draft.organisations,
            draft.persons,
            draft.areas,
            draft.loads,
            draft.parameters,
            draft.moves,
            upto,
        )

    def area_called(self, text: str) -> AreaFacts | None:
        """The area of an id or of a name, be it an old one or an alias: a name is one area's for ever (ID-1)."""
        return self.areas.get(text) or next(
            (area for area in self.areas.values() if text in area.known_as), None
        )

    def heirs_of(self, area: str, day: str) -> list[AreaFacts]:
        """The areas that stand where an area stood, by a day: itself, unless others have taken its place."""
        heirs = self.areas[area].heirs(day)
        if not heirs:
            return [self.areas[area]]
        found = (last for heir in heirs for last in self.heirs_of(heir, day))
        return list({one.id: one for one in found}.values())

    def reach(self, areas: Iterable[str], day: str) -> frozenset[str]:
        """Everything that a post over these areas is over on a day (AUTH-5). An area whose place others have taken is
        nobody's but theirs."""
        return self.lying_in(
            [one for one in areas if one in self.areas and not self.areas[one].heirs(day)], day
        )

    def lying_in(self, areas: Iterable[str], day: str) -> frozenset[str]:
        """Areas with everything that lies in them on a day, and what they have taken the place of."""
        below: dict[str, list[AreaFacts]] = {}
        for area in self.areas.values():
            for above in area.heirs(day) or (area.parents.at(day) or "",):
                below.setdefault(above, []).append(area)
        waiting = list(areas)
        found = set(waiting)
        while waiting:
            for area in below.get(waiting.pop(), ()):
                if area.id not in found and found.issuperset(area.heirs(day)):
                    found.add(area.id)
                    waiting.append(area.id)
        return frozenset(found)

    def registrars(self) -> list[KeyFacts]:
        """The good keys of registrars (登记员) in office."""
        keys = self.keys.values()
        return [
            key
            for key in keys
            if key.role == "registrar" and not key.ended and not self.posts[key.post].closed
        ]
