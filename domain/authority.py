"""Who may do what: roles, and the directory (名录) of keys, posts, organisations, areas and parameters.

The directory is immutable and is built from entries alone. Whoever consults it does so through
`domain.world.World`, which puts every consulted id with its moves into the read set.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Literal, NamedTuple, get_args

from domain.assertions import Dated
from domain.record import Recorded

Ending = Literal["", "revoked", "lost", "compromised"]
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


@dataclass(frozen=True, slots=True)
class LedgerFacts:
    id: str
    area_code: str
    area_name: str
    origin: str
    epoch: int
    archive: str


@dataclass(frozen=True, slots=True)
class KeyFacts:
    id: str
    public: str
    person: str
    organisation: str
    post: str
    role: str
    position: int
    ended: Ending = ""


@dataclass(frozen=True, slots=True)
class PostFacts:
    id: str
    organisation: str
    role: str
    title: str
    areas: tuple[str, ...]
    closed: bool = False


@dataclass(frozen=True, slots=True)
class OrganisationFacts:
    id: str
    kind: str
    name: str
    area: str


@dataclass(frozen=True, slots=True)
class AreaFacts:
    id: str
    name: str
    kind: str
    division_code: str
    parents: Dated[str]


@dataclass(frozen=True, slots=True)
class ParameterFacts:
    id: str
    name: str
    # (effective_on, version, value, document), in the order they were set
    values: tuple[tuple[str, int, int, str], ...]

    def at(self, day: str) -> int | None:
        holding = [one for one in self.values if one[0] <= day]
        return max(holding)[2] if holding else None


class Happened(NamedTuple):
    """An event of a standing stream: recorded, or of an earlier row of the batch being decided."""

    position: int
    leaf: str
    event: str
    stream: str
    version: int
    state: Mapping[str, Any]


_ENDINGS: dict[str, Ending] = {
    "key.revoked.v1": "revoked",
    "key.lost.v1": "lost",
    "key.compromised.v1": "compromised",
}


@dataclass(slots=True)
class _Draft:
    """The maps of a directory while entries are being added to a copy of them."""

    ledger: LedgerFacts | None
    keys: dict[str, KeyFacts]
    posts: dict[str, PostFacts]
    organisations: dict[str, OrganisationFacts]
    persons: dict[str, bool]
    areas: dict[str, AreaFacts]
    parameters: dict[str, ParameterFacts]
    moves: dict[str, int]

    def open(self, state: Mapping[str, Any], position: int, leaf: str) -> None:
        origin = f"bangfu/{state['area_code']}/{leaf[:32]}"
        self.ledger = LedgerFacts(
            state["ledger"], state["area_code"], state["area_name"], origin, state["epoch"], state["archive"]
        )
        for key in state["keys"]:
            self.enrol(key, position)
            if key["post"]:
                # A first registrar's post stands in the opening itself; it has no stream of its own.
                self.posts[key["post"]] = PostFacts(
                    key["post"], key["organisation"], key["role"], "登记员", ()
                )
            if key["person"]:
                self.persons[key["person"]] = True

    def enrol(self, key: Mapping[str, Any], position: int) -> None:
        self.keys[key["key"]] = KeyFacts(
            key["key"], key["public"], key["person"], key["organisation"], key["post"], key["role"], position
        )

    def apply(self, happened: Happened) -> None:
        position, leaf, event, stream, version, state = happened
        self.moves[stream] = version
        match event:
            case "ledger.opened.v1":
                self.open(state, position, leaf)
            case "rules.adopted.v1" if self.ledger is not None:
                self.ledger = replace(self.ledger, epoch=state["epoch"], archive=state["archive"])
            case "key.enrolled.v1":
                self.enrol(state, position)
            case "key.revoked.v1" | "key.lost.v1" | "key.compromised.v1":
                self.keys[stream] = replace(self.keys[stream], ended=_ENDINGS[event])
            case "organisation.registered.v1":
                self.organisations[stream] = OrganisationFacts(
                    stream, state["kind"], state["name"], state["area"]
                )
            case "person.registered.v1":
                self.persons[stream] = True
            case "post.established.v1":
                self.posts[stream] = PostFacts(
                    stream, state["organisation"], state["role"], state["title"], tuple(state["areas"])
                )
            case "post.closed.v1":
                self.posts[stream] = replace(self.posts[stream], closed=True)
            case "area.registered.v1":
                nowhere: Dated[str] = Dated()
                parents = nowhere.asserted(state["parent"], state["occurred_on"], version)
                self.areas[stream] = AreaFacts(
                    stream, state["name"], state["kind"], state["division_code"], parents
                )
            case "area.moved.v1":
                area = self.areas[stream]
                parents = area.parents.asserted(state["parent"], state["occurred_on"], version)
                self.areas[stream] = replace(area, parents=parents)
            case "parameter.set.v1":
                before = self.parameters.get(state["name"])
                values = (state["effective_on"], version, state["value"], state["document"])
                self.parameters[state["name"]] = ParameterFacts(
                    stream, state["name"], (*(before.values if before else ()), values)
                )


@dataclass(frozen=True, slots=True)
class Directory:
    """What is known of the standing subjects up to a position. Never changed: `after` gives another one."""

    ledger: LedgerFacts | None = None
    keys: Mapping[str, KeyFacts] = field(default_factory=dict)
    posts: Mapping[str, PostFacts] = field(default_factory=dict)
    organisations: Mapping[str, OrganisationFacts] = field(default_factory=dict)
    persons: Mapping[str, bool] = field(default_factory=dict)
    areas: Mapping[str, AreaFacts] = field(default_factory=dict)
    parameters: Mapping[str, ParameterFacts] = field(default_factory=dict)  # by name
    moves: Mapping[str, int] = field(default_factory=dict)  # version of each standing stream
    next: int = 0  # the position from which entries have not been taken in

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
        draft = _Draft(
            self.ledger,
            dict(self.keys),
            dict(self.posts),
            dict(self.organisations),
            dict(self.persons),
            dict(self.areas),
            dict(self.parameters),
            dict(self.moves),
        )
        following = self.next
        for one in events:
            draft.apply(one)
            following = max(following, one.position + 1)
        return Directory(
            draft.ledger,
            draft.keys,
            draft.posts,
            draft.organisations,
            draft.persons,
            draft.areas,
            draft.parameters,
            draft.moves,
            following,
        )

    def registrars(self) -> list[KeyFacts]:
        """The good keys of registrars (登记员)."""
        return [key for key in self.keys.values() if key.role == "registrar" and not key.ended]
