"""What a decision may look at (`World`) and the decision at hand (`Case`).

The world keeps the read set: every subject consulted with its moves, the count always taken before the
aggregate is loaded. In a batch each row looks at the world through the rows accepted before it.
"""

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, TypeVar

from domain.authority import Directory, roles_label
from domain.base import Aggregate, Event, state_of
from domain.errors import (
    CapacityNotHeld,
    DisciplineIndependent,
    KeyNotGood,
    LedgerKeyLimited,
    Moved,
    NotDeputised,
    NotFound,
    OutsideArea,
    Refused,
    RoleNotAllowed,
    Taken,
    UnknownKey,
    WrongSigners,
)
from domain.law import PARAMETERS, ValueSet
from domain.natures import LABELS, Nature, weigh
from domain.ports import Books
from domain.standing import AreaFacts, KeyFacts, LoadFacts, OrganisationFacts, PostFacts
from domain.values import code, is_moving, kind_of, text_of

Noun = TypeVar("Noun", bound=Aggregate)
Load = Callable[[str], Aggregate | None]


@dataclass(slots=True)
class Earlier:
    """What the accepted rows of the same batch have done so far."""

    streams: dict[str, list[Event]] = field(default_factory=dict)
    named: set[str] = field(default_factory=set)


class World:
    """The recorded state, asked for by one decision (or by the rows of one batch)."""

    def __init__(
        self, books: Books, load: Load, directory: Directory, counts: Mapping[str, int] | None = None
    ) -> None:
        """`counts`: of moving subjects, as far as they were asked for already."""
        self.books = books
        self.directory = directory
        self.reads: dict[str, int] = {}
        self.pending: list[Event] = []
        self.earlier: Earlier | None = None
        self._load = load
        self._standing = directory.moves  # as recorded, whatever a batch adds to the directory
        self._counts: dict[str, int] = dict(counts or {})
        self._held: dict[str, Aggregate] = {}

    def row(self, earlier: Earlier) -> "World":
        """The world for one row of a batch: the same counts and read set, seen through the rows before it."""
        world = World(self.books, self._load, self.directory)
        world.reads, world._counts, world._standing = self.reads, self._counts, self._standing
        world.earlier = earlier
        return world

    def foresee(self, moving: Iterable[str]) -> None:
        """Ask for many counts at once."""
        unknown = [one for one in moving if one not in self._counts]
        if unknown:
            self._counts.update(self.books.moves(unknown))

    def moves(self, subject: str) -> int:
        """The recorded moves of a subject, kept in the read set."""
        known = self.reads.get(subject)
        if known is None:
            known = self._counts.get(subject)
            if known is None:
                if is_moving(subject):
                    self.foresee((subject,))
                    known = self._counts[subject]
                else:
                    known = self._standing.get(subject, 0)
            self.reads[subject] = known
        return known

    def claim(self, subject: str, what: str, taken: str = "") -> None:
        """Refuse a new id or code that has been named before, here or in an earlier row of the batch (ID-1).

        `taken` says so where the code says nothing to people.
        """
        named = self.moves(subject) > 0 or (self.earlier is not None and subject in self.earlier.named)
        if named:
            raise Taken(taken or f"{what} {text_of(subject)} 已被使用，请换一个", subject=subject)

    def create(self, noun: type[Noun], identity: str, what: str) -> Noun:
        """A blank aggregate under a new id."""
        self.claim(identity, what)
        return self._watched(noun.blank(identity))

    def find(self, identity: str) -> Aggregate | None:
        """The aggregate of an id as the decision may change it; None when there is none."""
        held = self._held.get(identity)
        if held is not None:
            return held
        before = [] if self.earlier is None else self.earlier.streams.get(identity, [])
        recorded = self.moves(identity) > 0
        aggregate = self._load(identity) if recorded else None
        for event in before:
            aggregate = event.mutate(aggregate)
        return None if aggregate is None else self._watched(aggregate)

    def there(self, noun: type[Noun], identity: str, what: str) -> Noun:
        """The aggregate of an id, to ask where it lies; refused when there is none (ID-2). What else is known of it is not told
        before it is clear who asks (AUTH-5)."""
        found = self.find(identity)
        if not isinstance(found, noun):
            raise NotFound(f"台账中没有{what} {identity}，请核对编号", subject=identity)
        return found

    def get(self, noun: type[Noun], identity: str, what: str) -> Noun:
        """As `there`, of what counts (CORR-8)."""
        found = self.there(noun, identity, what)
        found.require_counted()
        return found

    def seeded(self, noun: type[Noun], identity: str) -> Noun:
        """The aggregate of an id that the opening may have named without giving it a stream of its own."""
        found = self.find(identity)
        return found if isinstance(found, noun) else self._watched(noun.blank(identity))

    def _watched(self, aggregate: Noun) -> Noun:
        # All aggregates of one decision append to one list: so the events keep the order they were triggered in.
        aggregate._pending_events = self.pending  # type: ignore[assignment]
        self._held[aggregate.id] = aggregate
        return aggregate

    def located(self, stream: str, version: int) -> tuple[int, str] | None:
        self.moves(stream)
        return self.books.located(stream, version)

    def begun(
        self, kinds: Collection[str], after: int, before: int
    ) -> Iterator[tuple[str, Mapping[str, Any]]]:
        """(stream, state of its first event) of what has begun between two positions, and in an earlier row of the batch."""
        yield from self.books.begun(kinds, after, before)
        for stream, (first, *_) in ({} if self.earlier is None else self.earlier.streams).items():
            if first.originator_version == 1 and kind_of(stream) in kinds:
                yield stream, state_of(first)

    # --- standing subjects: each consultation is in the read set ---

    def key(self, identity: str) -> KeyFacts:
        self.moves(identity)
        found = self.directory.keys.get(identity)
        if found is None:
            raise UnknownKey(f"密钥 {identity} 未在台账登记，请先由登记员登记", subject=identity)
        return found

    def post(self, identity: str) -> PostFacts:
        self.moves(identity)
        found = self.directory.posts.get(identity)
        if found is None:
            raise NotFound(f"台账中没有岗位 {identity}，请先设立", subject=identity)
        return found

    def organisation(self, identity: str) -> OrganisationFacts:
        self.moves(identity)
        found = self.directory.organisations.get(identity)
        if found is None:
            raise NotFound(f"台账中没有单位 {identity}，请先登记", subject=identity)
        return found

    def person(self, identity: str) -> None:
        self.moves(identity)
        if identity not in self.directory.persons:
            raise NotFound(f"台账中没有人员 {identity}，请先登记", subject=identity)

    def area(self, identity: str) -> AreaFacts:
        self.moves(identity)
        found = self.directory.areas.get(identity)
        if found is None:
            raise NotFound(f"台账中没有区域 {identity}，请先登记", subject=identity)
        return found

    def session(self, identity: str) -> LoadFacts:
        """A load session with all that has come under it.

        What comes under it names it; so nothing comes later unseen. What had come before this process has read on would: then it
        is decided anew.
        """
        self.moves(identity)
        if self.books.identities(self.directory.upto)[0]:
            raise Moved((identity,))
        return self.directory.loads[identity]

    def within(
        self, identity: str, areas: Collection[str], day: str, below: frozenset[str] = frozenset()
    ) -> bool:
        """Whether an area is one of `areas` or lies in one of them on a day; where others have taken its place, whether
        all of them do. `below`: from where this was asked."""
        if not identity or identity in below:
            return False
        area = self.area(identity)
        heirs = area.heirs(day)
        if not heirs and identity in areas:
            return True
        above = heirs or (area.parents.at(day) or "",)
        return all(self.within(one, areas, day, below | {identity}) for one in above)

    def above(self, identity: str, day: str, below: frozenset[str] = frozenset()) -> Iterator[str]:
        """An area, what has taken its place, and everything these lie in on a day."""
        if identity and identity not in below:
            yield identity
            area = self.area(identity)
            for one in area.heirs(day) or (area.parents.at(day) or "",):
                yield from self.above(one, day, below | {identity})

    def comes_to(self, identity: str, wanted: str, day: str) -> bool:
        """Whether a succession leads from one area to another on a day."""
        heirs = self.area(identity).heirs(day)
        return wanted in heirs or any(self.comes_to(one, wanted, day) for one in heirs)

    def parameter(self, name: str) -> tuple[ValueSet, ...]:
        """The values of a parameter: by statute, and as they were set. What is in force of them stands in law.py."""
        statutory = PARAMETERS[name].statutory
        found = self.directory.parameters.get(name)
        if found is None:
            unique = code("parameter", name)
            if self.moves(unique) > 0:  # set by another process: the directory is behind the log
                raise Moved((unique,))
            return statutory
        self.moves(found.id)
        return (*statutory, *found.values)


@dataclass(frozen=True, slots=True)
class Signer:
    """A signer whose key is good and whose post is held."""

    key: KeyFacts
    post: PostFacts

    @property
    def role(self) -> str:
        """Of the post that is signed in: a deputy has the role of his principal."""
        return self.post.role


@dataclass(slots=True)
class Case:
    """One command being decided: its header, its signers, the world it looks at."""

    world: World
    command: Mapping[str, Any]
    name: str
    title: str
    roles: frozenset[str]
    nature: Nature
    today: str
    batch: str = ""
    index: int | None = None
    signers: tuple[Signer, ...] = ()
    notes: list[str] = field(default_factory=list)

    @property
    def occurred_on(self) -> str:
        day: str = self.command["occurred_on"]
        return day

    @property
    def payload(self) -> Mapping[str, Any]:
        """The payload as signed: plain JSON, equal to what was validated."""
        content: Mapping[str, Any] = self.command["payload"]
        return content

    @property
    def by(self) -> list[str]:
        """The signing keys, as events keep them."""
        return [signer["key"] for signer in self.command["signers"]]

    @property
    def persons(self) -> set[str]:
        return {signer.key.person for signer in self.signers}

    def persons_of(self, keys: Iterable[str]) -> set[str]:
        return {self.world.key(key).person for key in keys}

    def weigh(self, rule: str, met: bool | None, refusal: Callable[[], Refused]) -> None:
        """Apply a rule in the way its register says for this nature; what it notes is kept in `notes`."""
        self.notes += weigh(self.nature, rule, met, refusal)

    # --- authority ---

    def admit(self, stated: Mapping[str, str]) -> Signer:
        """A signer with a good key (AUTH-1, AUTH-2) in the capacity it was enrolled for (AUTH-3), or as a deputy (AUTH-9)."""
        key = self.world.key(stated["key"])
        if key.ended:
            raise KeyNotGood(f"密钥 {key.id} 已{_ENDED[key.ended]}，不能再签名", subject=key.id)
        if key.role == "ledger":
            raise LedgerKeyLimited(f"台账自身密钥 {key.id} 不得签“{self.title}”", subject=key.id)
        post = self._held(key, key.post)
        if (stated["organisation"], stated["post"]) != (key.organisation, key.post):
            post = self._deputised(key, stated)
        return Signer(key, post)

    def _held(self, key: KeyFacts, identity: str) -> PostFacts:
        """The post, which is held today: neither closed nor outside its term."""
        post = self.world.post(identity)
        if post.closed:
            raise CapacityNotHeld(f"{post.called}已撤销，密钥 {key.id} 不能再以此身份签名", subject=post.id)
        if not post.term.holds(self.today):
            raise CapacityNotHeld(
                f"{post.called}任期自{post.term}，{self.today} 不在任期之内", subject=post.id
            )
        return post

    def _deputised(self, key: KeyFacts, stated: Mapping[str, str]) -> PostFacts:
        """The post of another, in which this person may sign today. 乡纪委 stands in for nobody (AUTH-6)."""
        post = self.world.directory.posts.get(stated["post"])
        terms = [] if post is None else post.terms_of(key.person)
        if post is None or not terms or post.organisation != stated["organisation"]:
            raise CapacityNotHeld(
                f"密钥 {key.id} 登记的单位是 {key.organisation}、岗位是{self.world.post(key.post).called}，签名身份须与之一致",
                subject=key.id,
            )
        if key.role == "discipline":
            raise DisciplineIndependent("乡纪委只监督检查，不代理他人的岗位", subject=key.id)
        if not any(term.holds(self.today) for term in terms):  # AUTH-9
            days = "、".join(f"自{term}" for term in terms)
            raise NotDeputised(
                f"代理{post.called}的授权{days}，{self.today} 不在其内，请另行授权", subject=key.id
            )
        return self._held(key, post.id)

    def admit_role(self, signer: Signer) -> None:
        """The signer's post may give this command with this nature (AUTH-4, AUTH-6)."""
        if signer.role in self.roles:
            return
        if signer.role == "discipline":
            raise DisciplineIndependent(f"乡纪委只监督检查，不得签“{self.title}”", subject=signer.key.id)
        raise RoleNotAllowed(
            f"“{self.title}”（{LABELS[self.nature]}）由{roles_label(self.roles)}签，{roles_label([signer.role])}无权",
            subject=signer.key.id,
        )

    def admit_one(self) -> None:
        """The ordinary authority: exactly one signer, whose post may give the command (AUTH-8)."""
        if len(self.by) != 1:
            raise WrongSigners(f"“{self.title}”须恰由一人签名，现有 {len(self.by)} 人")
        self.admit_all()

    def admit_all(self, stated: Sequence[Mapping[str, str]] | None = None) -> None:
        """Every signer, or these of them, each with a post that may give the command. How many there must be, who asks knows."""
        self.signers = tuple(
            self.admit(one) for one in (self.command["signers"] if stated is None else stated)
        )
        for signer in self.signers:
            self.admit_role(signer)

    def admit_over(self, areas: Sequence[str]) -> None:
        """Every signer's post is over every area concerned, today (AUTH-5)."""
        for signer in self.signers:
            beyond = self.beyond(signer.post, areas)
            if beyond is not None:
                raise OutsideArea(
                    f"{signer.post.called}的辖区不含{beyond.called}",
                    subject=beyond.id,
                )

    def beyond(self, post: PostFacts, areas: Sequence[str]) -> AreaFacts | None:
        """The first of some areas that a post is not over today. A registrar is over all of them."""
        if post.role == "registrar":
            return None
        return next(
            (self.world.area(one) for one in areas if not self.world.within(one, post.areas, self.today)),
            None,
        )


_ENDED = {"revoked": "停用", "lost": "报失", "compromised": "报泄露"}
