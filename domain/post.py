"""Posts (岗位): what an organisation lets somebody do, over which areas, from when to when (任期), and who may stand in.

A key is enrolled for one post. A deputy (代理) signs with his own key in the post of another, within the days of his
authorisation, and counts as himself wherever different persons must sign (AUTH-9, D10). Whoever may sign is judged by
the day on which it is recorded.
"""

from typing import Annotated, ClassVar

from eventsourcing.domain import event
from pydantic import Field

from domain.authority import ROLE_LABELS, Directory, Role
from domain.base import Aggregate, Event
from domain.command import Payload, command
from domain.errors import CapacityNotHeld, LabelDiffers, LastRegistrar, Taken, WrongDeputy, WrongTerm
from domain.values import (
    AreaId,
    Blank,
    FilledLine,
    FilledText,
    IsoDate,
    Line,
    OrganisationId,
    PersonId,
    PostId,
    named,
)
from domain.world import Case

Areas = Annotated[list[AreaId], Field(min_length=1, max_length=100)]


@command(
    "post.establish.v1",
    title="设立岗位",
    may={"act": ("registrar",)},
    events=("post.established.v1",),
)
class EstablishPost(Payload):
    of_any_day: ClassVar = True

    areas: Areas
    organisation: OrganisationId
    post: PostId
    role: Role
    title: FilledLine

    def summary(self) -> str:
        return f"设立岗位：{self.title}（{ROLE_LABELS[self.role]}），辖区 {len(self.areas)} 个"

    def decide(self, case: Case) -> None:
        case.world.organisation(self.organisation)
        for area in self.areas:
            case.world.area(area)
        if (
            self.post in case.world.directory.posts
        ):  # a first registrar's post has no stream: its count says nothing
            raise Taken(f"岗位编号 {self.post} 已被使用，请换一个", subject=self.post)
        case.world.create(Post, self.post, "岗位编号").establish(self)


@command(
    "post.close.v1",
    title="撤销岗位",
    may={"act": ("registrar",)},
    events=("post.closed.v1",),
)
class ClosePost(Payload):
    of_any_day: ClassVar = True

    post: PostId
    reason: FilledText
    title: FilledLine

    def summary(self) -> str:
        return f"撤销岗位：{self.title}"

    def decide(self, case: Case) -> None:
        post = case.world.get(Post, self.post, "岗位")
        post.close(self)
        if case.world.post(self.post).role == "registrar":
            self.require_another(case)

    def require_another(self, case: Case) -> None:
        """A ledger without a registrar in office could enrol nobody any more (KEY-2)."""
        others = [one for one in case.world.directory.registrars() if one.post != self.post]
        if not others:
            raise LastRegistrar(
                f"{case.world.post(self.post).called}之外没有在任的登记员，不能撤销", subject=self.post
            )
        for one in others:
            case.world.moves(one.id)  # one of them may end meanwhile: then this is decided anew
            case.world.moves(one.post)


def _require_order(valid_from: str, until: str) -> None:
    if until and until < valid_from:  # POST-1
        raise WrongTerm(f"止日 {until} 早于起日 {valid_from}")


@command(
    "post.set_term.v1",
    title="设定任期",
    may={"act": ("registrar",)},
    events=("post.term_set.v1",),
)
class SetTerm(Payload):
    """The days on which the post is held, both included; empty: without a bound. A later term takes its place."""

    of_any_day: ClassVar = True

    document: Line
    post: PostId
    title: FilledLine
    until: IsoDate | Blank
    valid_from: IsoDate | Blank

    def summary(self) -> str:
        return f"设定任期：{self.title}，自{self.valid_from or '设立'}至{self.until or '撤销'}"

    def decide(self, case: Case) -> None:
        post = case.world.get(Post, self.post, "岗位")
        if case.world.post(self.post).role == "registrar":  # POST-1
            raise WrongTerm(f"登记员{post.called}不设任期，以密钥的登记和停用进退", subject=self.post)
        _require_order(self.valid_from, self.until)
        post.set_term(self)


@command(
    "post.deputise.v1",
    title="授权代理",
    may={"act": ("registrar",)},
    events=("post.deputised.v1",),
)
class Deputise(Payload):
    """Somebody with a key of his own may sign in this post too, on these days, both included.

    A person has no name here (D17): `deputy_label` says whom the signer means by a post of that person.
    """

    of_any_day: ClassVar = True

    deputy: PersonId
    deputy_label: FilledLine
    document: FilledLine
    ground: FilledLine
    post: PostId
    title: FilledLine
    until: IsoDate
    valid_from: IsoDate

    def summary(self) -> str:
        days = f"自{self.valid_from}至{self.until}"
        return f"授权代理：{self.deputy_label} 代理{self.title}，{days}，事由：{self.ground}，依据 {self.document}"

    def decide(self, case: Case) -> None:
        post = case.world.get(Post, self.post, "岗位")
        _require_order(self.valid_from, self.until)
        self.check_deputy(case)
        post.deputise(self)

    def check_deputy(self, case: Case) -> None:
        """Another person, with a good key that may stand in; not whoever registers it; for a post that has deputies (POST-2).

        One such key is enough, so that no key enrolled meanwhile makes the decision another.
        """
        case.world.person(self.deputy)
        post = case.world.post(self.post)
        role = post.role
        if role in NO_DEPUTY:
            raise WrongDeputy(f"{ROLE_LABELS[role]}{post.called}不设代理", subject=self.post)
        if self.deputy in case.persons:
            raise WrongDeputy("登记员不得授权自己代理，须由另一名登记员登记", subject=self.deputy)
        keys = [one.id for one in case.world.directory.keys.values() if one.person == self.deputy]
        able = [key for key in map(case.world.key, keys) if not key.ended and key.role != "discipline"]
        if all(key.post == self.post for key in able):
            raise WrongDeputy(
                f"人员 {self.deputy} 在{post.called}之外没有可用以代理的有效密钥（乡纪委的不可）",
                subject=self.deputy,
            )
        require_label(case, self.deputy, self.deputy_label)


def require_label(case: Case, deputy: str, label: str) -> None:
    """A deputy is called by the organisation and the title of a post in which he has, or had, a key of his own (ID-3)."""
    keys = [one.id for one in case.world.directory.keys.values() if one.person == deputy]
    titles = list(
        dict.fromkeys(label_of(case.world.directory, key.post) for key in map(case.world.key, keys))
    )
    if label not in titles:
        raise LabelDiffers(f"人员 {deputy} 的岗位是“{'、'.join(titles)}”，所写是“{label}”", subject=deputy)


def called(directory: Directory, person: str) -> str:
    """A person by the post of the first key that was theirs; by the id who never had one."""
    own = (one.post for one in directory.keys.values() if one.person == person)
    return next((label_of(directory, post) for post in own), person)


def label_of(directory: Directory, post: str) -> str:
    """A post as people call it: its organisation and its title; its title alone where the organisation has no name."""
    there = directory.posts[post]
    body = directory.organisations.get(there.organisation)
    return there.title if body is None else f"{body.name}/{there.title}"


NO_DEPUTY = frozenset({"registrar", "discipline"})


@command(
    "post.end_deputy.v1",
    title="终止代理",
    may={"act": ("registrar",)},
    events=("post.deputy_ended.v1",),
)
class EndDeputy(Payload):
    """Every authorisation of this person in this post ends at once, whatever its days."""

    of_any_day: ClassVar = True

    deputy: PersonId
    deputy_label: FilledLine
    post: PostId
    reason: FilledText
    title: FilledLine

    def summary(self) -> str:
        return f"终止代理：{self.deputy_label} 不再代理{self.title}"

    def decide(self, case: Case) -> None:
        post = case.world.get(Post, self.post, "岗位")
        if not case.world.post(self.post).terms_of(self.deputy):  # POST-2
            raise WrongDeputy(f"人员 {self.deputy} 不是{post.called}的代理人", subject=self.deputy)
        require_label(case, self.deputy, self.deputy_label)
        post.end_deputy(self)


class Post(Aggregate):
    """A post of an organisation, with its role and its areas."""

    TOPIC = "post"

    class Established(Event):
        TOPIC = "post.established.v1"
        areas: list[str]
        organisation: str
        post: str
        role: str
        title: str

    class Closed(Event):
        TOPIC = "post.closed.v1"
        post: str
        reason: str

    class TermSet(Event):
        TOPIC = "post.term_set.v1"
        document: str
        post: str
        until: str
        valid_from: str

    class Deputised(Event):
        TOPIC = "post.deputised.v1"
        deputy: str
        document: str
        ground: str
        post: str
        until: str
        valid_from: str

    class DeputyEnded(Event):
        TOPIC = "post.deputy_ended.v1"
        deputy: str
        post: str
        reason: str

    def _begin(self) -> None:
        self.title = ""
        self.closed = False

    @property
    def called(self) -> str:
        return named("岗位", self.title, self.id)

    def establish(self, asked: EstablishPost) -> None:
        self._established(
            areas=list(asked.areas),
            organisation=asked.organisation,
            post=asked.post,
            role=asked.role,
            title=asked.title,
        )

    def close(self, asked: ClosePost) -> None:
        if self.closed:
            raise CapacityNotHeld(f"{self.called}已撤销，不必再撤", subject=self.id)
        self.require_title(asked.title)
        self._closed(post=asked.post, reason=asked.reason)

    def require_title(self, title: str) -> None:
        if title != self.title:  # ID-3
            raise LabelDiffers(f"岗位 {self.id} 的名称是“{self.title}”，所写是“{title}”", subject=self.id)

    def require_open(self) -> None:
        if self.closed:  # AUTH-3
            raise CapacityNotHeld(f"{self.called}已撤销，不再设任期和代理", subject=self.id)

    def set_term(self, asked: SetTerm) -> None:
        self.require_open()
        self.require_title(asked.title)
        self._term_set(
            document=asked.document, post=asked.post, until=asked.until, valid_from=asked.valid_from
        )

    def deputise(self, asked: Deputise) -> None:
        self.require_open()
        self.require_title(asked.title)
        self._deputised(
            deputy=asked.deputy,
            document=asked.document,
            ground=asked.ground,
            post=asked.post,
            until=asked.until,
            valid_from=asked.valid_from,
        )

    def end_deputy(self, asked: EndDeputy) -> None:
        self.require_title(asked.title)
        self._deputy_ended(deputy=asked.deputy, post=asked.post, reason=asked.reason)

    @event(Established)
    def _established(self, *, areas: list[str], organisation: str, post: str, role: str, title: str) -> None:
        self.title = title

    @event(Closed)
    def _closed(self, *, post: str, reason: str) -> None:
        self.closed = True

    @event(TermSet)
    def _term_set(self, *, document: str, post: str, until: str, valid_from: str) -> None:
        """Terms and deputies are the directory's: whoever admits a signer looks there."""

    @event(Deputised)
    def _deputised(
        self, *, deputy: str, document: str, ground: str, post: str, until: str, valid_from: str
    ) -> None:
        """As a term."""

    @event(DeputyEnded)
    def _deputy_ended(self, *, deputy: str, post: str, reason: str) -> None:
        """As a term."""
