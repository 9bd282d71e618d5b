"""Keys (密钥): enrolled for a person in a post by a registrar and the key itself; revoked, lost, compromised.

The shapes are fixed by audit/FORMAT.md, section 10: a verifier reads them without this package.
"""

from typing import Literal

from eventsourcing.domain import event

from domain.authority import ROLE_LABELS, Role
from domain.base import Aggregate, Event
from domain.book import Suite, key_id
from domain.command import Payload, command
from domain.errors import KeyNotGood, LastRegistrar, Taken, WrongBinding, WrongPosition, WrongSigners
from domain.values import Count, FilledText, KeyId, OrganisationId, PersonId, PostId, Sha256
from domain.world import Case


@command(
    "key.enrol.v1",
    title="登记密钥",
    may={"act": ("registrar",)},
    events=("key.enrolled.v1",),
)
class EnrolKey(Payload):
    key: KeyId
    organisation: OrganisationId
    person: PersonId
    post: PostId
    public: Sha256
    role: Role
    suite: Suite

    def summary(self) -> str:
        return f"登记密钥 {self.key}（{ROLE_LABELS[self.role]}）"

    def authorise(self, case: Case) -> None:
        """Registrars first, and last the new key, which thereby shows that its owner holds it (FORMAT 10.4)."""
        *stated, last = case.command["signers"]
        own = {"key": self.key, "organisation": self.organisation, "post": self.post}
        wanted = 2 if self.role == "registrar" else 1
        if len(stated) != wanted or last != own:
            raise WrongSigners(
                f"登记密钥须由 {wanted} 名登记员先签、新密钥后签，新密钥的身份与所登记的一致"
                "（登记登记员的密钥须两名登记员）"
            )
        case.admit_all(stated)
        if len(case.persons) < wanted:
            raise WrongSigners("登记登记员的密钥须由两名不同的登记员共同签名")

    def decide(self, case: Case) -> None:
        if (
            self.key in case.world.directory.keys
        ):  # a key of the opening has no stream: its count says nothing
            raise Taken(f"密钥 {self.key} 已登记，不能再登记", subject=self.key)
        case.world.person(self.person)
        post = case.world.post(self.post)
        if post.closed:
            raise WrongBinding(f"{post.called}已撤销，不能为其登记密钥", subject=post.id)
        if (post.organisation, post.role) != (self.organisation, self.role):
            raise WrongBinding(
                f"{post.called}属单位 {post.organisation}、角色 {post.role}，密钥登记须与之一致",
                subject=post.id,
            )
        case.world.create(Key, self.key, "密钥").enrol(self)


class EndKey(Payload):
    """What ends a key: the registrar's or, for a loss or a compromise, the key's own word."""

    key: KeyId
    reason: FilledText

    def authorise(self, case: Case) -> None:
        """The key itself, or registrars (FORMAT 10)."""
        stated = case.command["signers"]
        if len(stated) == 1 and stated[0]["key"] == self.key:
            case.signers = (case.admit(stated[0]),)
        else:
            self.by_registrars(case)

    def by_registrars(self, case: Case) -> None:
        """One registrar; two of different persons, neither being the key itself, for a registrar's key (FORMAT 10.4)."""
        stated = case.command["signers"]
        wanted = 2 if case.world.key(self.key).role == "registrar" else 1
        if len(stated) != wanted:
            raise WrongSigners(f"停用这把密钥须由 {wanted} 名登记员签名，现有 {len(stated)} 人")
        case.admit_all()
        if len(case.persons) < wanted or self.key in case.by:
            raise WrongSigners("停用登记员的密钥须由另外两名不同的登记员共同签名")

    def target(self, case: Case) -> "Key":
        facts = case.world.key(self.key)
        if facts.ended:
            raise KeyNotGood(f"密钥 {self.key} 已停用，不必再停", subject=self.key)
        others = [one for one in case.world.directory.registrars() if one.id != self.key]
        if facts.role == "registrar" and not others:
            raise LastRegistrar(
                f"密钥 {self.key} 是最后一名登记员的，须先登记另一名登记员的密钥", subject=self.key
            )
        for one in others:
            case.world.moves(one.post)
            case.world.moves(one.id)  # one of them may end meanwhile: then this is decided anew
        return case.world.seeded(Key, self.key)


@command(
    "key.revoke.v1",
    title="停用密钥",
    may={"act": ("registrar",)},
    events=("key.revoked.v1",),
)
class RevokeKey(EndKey):
    def summary(self) -> str:
        return f"停用密钥 {self.key}"

    def authorise(self, case: Case) -> None:
        self.by_registrars(case)

    def decide(self, case: Case) -> None:
        self.target(case).end("revoked", self.reason)


@command(
    "key.report_lost.v1",
    title="密钥报失",
    may={"act": ("registrar",)},
    events=("key.lost.v1",),
)
class ReportLost(EndKey):
    def summary(self) -> str:
        return f"密钥报失 {self.key}"

    def decide(self, case: Case) -> None:
        self.target(case).end("lost", self.reason)


@command(
    "key.report_compromise.v1",
    title="密钥报泄露",
    may={"act": ("registrar",)},
    events=("key.compromised.v1",),
)
class ReportCompromise(EndKey):
    from_position: Count

    def summary(self) -> str:
        return f"密钥报泄露 {self.key}，自第 {self.from_position} 号起存疑"

    def decide(self, case: Case) -> None:
        enrolled = case.world.key(self.key).position
        if self.from_position <= enrolled:  # KEY-3
            raise WrongPosition(f"密钥 {self.key} 登记于第 {enrolled} 号，存疑起点须在其后", subject=self.key)
        self.target(case).compromise(self.from_position, self.reason)


class Key(Aggregate):
    """The entries of a key. A key of the opening begins here with its end."""

    TOPIC = "key"

    class Enrolled(Event):
        TOPIC = "key.enrolled.v1"
        key: str
        organisation: str
        person: str
        post: str
        public: str
        role: str
        suite: str

    class Revoked(Event):
        TOPIC = "key.revoked.v1"
        key: str
        reason: str

    class Lost(Event):
        TOPIC = "key.lost.v1"
        key: str
        reason: str

    class Compromised(Event):
        TOPIC = "key.compromised.v1"
        key: str
        from_position: int
        reason: str

    def enrol(self, asked: EnrolKey) -> None:
        if asked.key != key_id(asked.suite, asked.public):  # KEY-1
            raise WrongBinding(f"密钥编号 {asked.key} 与公钥不符，应为 {key_id(asked.suite, asked.public)}")
        self._enrolled(
            key=asked.key,
            organisation=asked.organisation,
            person=asked.person,
            post=asked.post,
            public=asked.public,
            role=asked.role,
            suite=asked.suite,
        )

    def end(self, how: Literal["revoked", "lost"], reason: str) -> None:
        if how == "revoked":
            self._revoked(key=self.id, reason=reason)
        else:
            self._lost(key=self.id, reason=reason)

    def compromise(self, from_position: int, reason: str) -> None:
        self._compromised(key=self.id, from_position=from_position, reason=reason)

    @event(Enrolled)
    def _enrolled(
        self, *, key: str, organisation: str, person: str, post: str, public: str, role: str, suite: str
    ) -> None:
        """Keys and their ends are the directory's: whoever admits a signer looks there."""

    @event(Revoked)
    def _revoked(self, *, key: str, reason: str) -> None:
        """As its enrolment."""

    @event(Lost)
    def _lost(self, *, key: str, reason: str) -> None:
        """As its enrolment."""

    @event(Compromised)
    def _compromised(self, *, key: str, from_position: int, reason: str) -> None:
        """As its enrolment."""
