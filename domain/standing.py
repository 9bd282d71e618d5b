"""What is known of the standing subjects (FORMAT 3.4): keys, posts, organisations, areas, parameters, the ledger.

Facts are immutable; `Draft` is a copy of a directory's maps while entries are being added to it. What an event does to
the facts of its subject stands in one function each; an event that is not listed says nothing of them.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Literal, NamedTuple

from domain.assertions import FOREVER, Dated
from domain.law import ValueSet, in_force
from domain.values import named

Ending = Literal["", "revoked", "lost", "compromised"]
Phase = Literal["open", "closing", "closed"]


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
class Term:
    """From a day to a day, both within it; empty: without a bound."""

    valid_from: str = ""
    until: str = ""

    def holds(self, day: str) -> bool:
        return self.valid_from <= day and (not self.until or day <= self.until)

    def __str__(self) -> str:
        return f"{self.valid_from or '设立'}至{self.until or '撤销'}"


@dataclass(frozen=True, slots=True)
class Deputy:
    """Somebody who may sign in a post of another (代理), within a term."""

    person: str
    term: Term


@dataclass(frozen=True, slots=True)
class PostFacts:
    id: str
    organisation: str
    role: str
    title: str
    areas: tuple[str, ...]
    closed: bool = False
    term: Term = Term()
    deputies: tuple[Deputy, ...] = ()

    @property
    def called(self) -> str:
        """How a refusal calls it."""
        return named("岗位", self.title, self.id)

    def is_held(self, day: str) -> bool:
        return not self.closed and self.term.holds(day)

    def terms_of(self, person: str) -> list[Term]:
        """When a person may sign in this post as a deputy."""
        return [one.term for one in self.deputies if one.person == person]


@dataclass(frozen=True, slots=True)
class OrganisationFacts:
    id: str
    kind: str
    name: str
    area: str


@dataclass(frozen=True, slots=True)
class AreaFacts:
    """A place: its official names, what it lies in and what took its place, each since a day (D19)."""

    id: str
    kind: str
    division_code: str
    names: Dated[str]
    parents: Dated[str]
    aliases: tuple[str, ...] = ()
    successors: Dated[tuple[str, ...]] = field(default_factory=Dated)

    @property
    def name(self) -> str:
        """The official name of now."""
        return self.names.at(FOREVER) or ""

    @property
    def called(self) -> str:
        """How a refusal calls it."""
        return named("区域", self.name, self.id)

    @property
    def known_as(self) -> frozenset[str]:
        """Every name that is this area's alone: of now, of before (曾用名), and aliases (别名)."""
        return frozenset((*(one.value for one in self.names.assertions), *self.aliases))

    def heirs(self, day: str) -> tuple[str, ...]:
        """The areas that have taken its place by a day; none while it is there itself."""
        return self.successors.at(day) or ()


@dataclass(frozen=True, slots=True)
class LoadFacts:
    """A load session (集中登记场次) as the streams of its areas tell it."""

    id: str
    # Its own; once it is closed also those whose books it closed: with all that lies in them.
    areas: frozenset[str]
    cut_over_on: str
    phase: Phase
    proposal: str  # to close it, while it is closing
    # What took the place of one of these: by itself, whatever else lies in it.
    heirs: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class ParameterFacts:
    id: str
    name: str
    values: tuple[ValueSet, ...]  # in the order they were set

    def at(self, day: str) -> int | None:
        """What has been set for a day."""
        found = in_force(self.values, day)
        return None if found is None else found.value


class Happened(NamedTuple):
    """An event of a standing stream: recorded, or of an earlier row of the batch being decided."""

    position: int
    leaf: str
    event: str
    stream: str
    version: int
    state: Mapping[str, Any]


@dataclass(slots=True)
class Draft:
    """The maps of a directory while entries are being added to a copy of them."""

    ledger: LedgerFacts | None
    keys: dict[str, KeyFacts]
    posts: dict[str, PostFacts]
    organisations: dict[str, OrganisationFacts]
    persons: dict[str, bool]
    areas: dict[str, AreaFacts]
    loads: dict[str, LoadFacts]
    parameters: dict[str, ParameterFacts]
    moves: dict[str, int]

    def apply(self, happened: Happened) -> None:
        self.moves[happened.stream] = happened.version
        known = _KNOWN.get(happened.event)
        if known is not None:
            known(self, happened)


def _opened(draft: Draft, one: Happened) -> None:
    state = one.state
    origin = f"bangfu/{state['area_code']}/{one.leaf[:32]}"
    draft.ledger = LedgerFacts(
        state["ledger"], state["area_code"], state["area_name"], origin, state["epoch"], state["archive"]
    )
    for key in state["keys"]:
        _add_key(draft, key, one.position)
        if key["post"]:
            # A first registrar's post stands in the opening itself; it has no stream of its own.
            draft.posts[key["post"]] = PostFacts(key["post"], key["organisation"], key["role"], "登记员", ())
        if key["person"]:
            draft.persons[key["person"]] = True


def _adopted(draft: Draft, one: Happened) -> None:
    if draft.ledger is not None:
        draft.ledger = replace(draft.ledger, epoch=one.state["epoch"], archive=one.state["archive"])


def _enrolled(draft: Draft, one: Happened) -> None:
    _add_key(draft, one.state, one.position)


def _add_key(draft: Draft, key: Mapping[str, Any], position: int) -> None:
    draft.keys[key["key"]] = KeyFacts(
        key["key"], key["public"], key["person"], key["organisation"], key["post"], key["role"], position
    )


def _ended(how: Ending) -> "_Known":
    def end(draft: Draft, one: Happened) -> None:
        draft.keys[one.stream] = replace(draft.keys[one.stream], ended=how)

    return end


def _organisation(draft: Draft, one: Happened) -> None:
    draft.organisations[one.stream] = OrganisationFacts(
        one.stream, one.state["kind"], one.state["name"], one.state["area"]
    )


def _person(draft: Draft, one: Happened) -> None:
    draft.persons[one.stream] = True


def _established(draft: Draft, one: Happened) -> None:
    state = one.state
    draft.posts[one.stream] = PostFacts(
        one.stream, state["organisation"], state["role"], state["title"], tuple(state["areas"])
    )


def _closed(draft: Draft, one: Happened) -> None:
    draft.posts[one.stream] = replace(draft.posts[one.stream], closed=True)


def _term_set(draft: Draft, one: Happened) -> None:
    term = Term(one.state["valid_from"], one.state["until"])
    draft.posts[one.stream] = replace(draft.posts[one.stream], term=term)


def _deputised(draft: Draft, one: Happened) -> None:
    post, state = draft.posts[one.stream], one.state
    deputy = Deputy(state["deputy"], Term(state["valid_from"], state["until"]))
    draft.posts[one.stream] = replace(post, deputies=(*post.deputies, deputy))


def _deputy_ended(draft: Draft, one: Happened) -> None:
    post = draft.posts[one.stream]
    left = tuple(deputy for deputy in post.deputies if deputy.person != one.state["deputy"])
    draft.posts[one.stream] = replace(post, deputies=left)


def _area(draft: Draft, one: Happened) -> None:
    nothing: Dated[str] = Dated()
    state, day = one.state, one.state["occurred_on"]
    draft.areas[one.stream] = AreaFacts(
        one.stream,
        state["kind"],
        state["division_code"],
        names=nothing.asserted(state["name"], day, one.version),
        parents=nothing.asserted(state["parent"], day, one.version),
    )


def _moved(draft: Draft, one: Happened) -> None:
    area = draft.areas[one.stream]
    parents = area.parents.asserted(one.state["parent"], one.state["occurred_on"], one.version)
    draft.areas[one.stream] = replace(area, parents=parents)


def _renamed(draft: Draft, one: Happened) -> None:
    area = draft.areas[one.stream]
    names = area.names.asserted(one.state["name"], one.state["occurred_on"], one.version)
    draft.areas[one.stream] = replace(area, names=names)


def _aliased(draft: Draft, one: Happened) -> None:
    area = draft.areas[one.stream]
    draft.areas[one.stream] = replace(area, aliases=(*area.aliases, one.state["alias"]))


def _succeeded(draft: Draft, one: Happened) -> None:
    area = draft.areas[one.stream]
    heirs = area.successors.asserted(tuple(one.state["successors"]), one.state["occurred_on"], one.version)
    draft.areas[one.stream] = replace(area, successors=heirs)


def _load(draft: Draft, one: Happened) -> None:
    state = one.state
    before = draft.loads.get(state["load"])
    areas, heirs = (frozenset(), frozenset()) if before is None else (before.areas, before.heirs)
    # An heir is one for good: even when the place that it took is restored, what lies in it does not come under the session.
    if one.stream in heirs or any(one.stream in draft.areas[gone].heirs(FOREVER) for gone in areas | heirs):
        heirs |= {one.stream} - areas
    else:
        areas |= {one.stream}
    draft.loads[state["load"]] = LoadFacts(
        state["load"], areas, state["cut_over_on"], state["phase"], state["proposal"], heirs
    )


def _parameter(draft: Draft, one: Happened) -> None:
    state = one.state
    before = draft.parameters.get(state["name"])
    values = ValueSet(state["effective_on"], one.version, state["value"], state["document"])
    draft.parameters[state["name"]] = ParameterFacts(
        one.stream, state["name"], (*(before.values if before else ()), values)
    )


_Known = Callable[[Draft, Happened], None]
_KNOWN: Mapping[str, _Known] = {
    "ledger.opened.v1": _opened,
    "rules.adopted.v1": _adopted,
    "key.enrolled.v1": _enrolled,
    "key.revoked.v1": _ended("revoked"),
    "key.lost.v1": _ended("lost"),
    "key.compromised.v1": _ended("compromised"),
    "organisation.registered.v1": _organisation,
    "person.registered.v1": _person,
    "post.established.v1": _established,
    "post.closed.v1": _closed,
    "post.term_set.v1": _term_set,
    "post.deputised.v1": _deputised,
    "post.deputy_ended.v1": _deputy_ended,
    "area.registered.v1": _area,
    "area.moved.v1": _moved,
    "area.renamed.v1": _renamed,
    "area.aliased.v1": _aliased,
    "area.succeeded.v1": _succeeded,
    "area.load_changed.v1": _load,
    "parameter.set.v1": _parameter,
}
