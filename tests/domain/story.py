"""The fictional 青溪乡 in which the domain's rules are told: given a township, when somebody signs, then …

示例数据: every place, post and deed here is invented. `Town.check()` is the oracle that every story may end
on: the whole log is decided once more and must give the same entries.
"""

import copy
import hashlib
import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, TypeVar

import pytest

from domain.base import Aggregate
from domain.book import key_id
from domain.command import COMMANDS, Payload, parse, table
from domain.decide import batch_summary, decide
from domain.errors import Refused
from domain.ledger import Accepted, BatchAccepted, Ledger
from domain.record import Recorded, Signed, SignedBatch
from domain.replay import replay
from domain.values import moving_ids
from domain.world import World
from tests.domain.naming import nameless
from tests.support.memory_books import MemoryBooks, MemoryFactory, canonical

TODAY = "2026-11-23"
ARCHIVE = "a" * 64
WAN = 1_000_000  # fen
Json = dict[str, Any]
Noun = TypeVar("Noun", bound=Aggregate)


def identity(kind: str, name: str) -> str:
    """A random-looking id that is the same in every run."""
    digest = hashlib.sha256(f"{kind}:{name}".encode()).digest()
    letters = "abcdefghijklmnopqrstuvwxyz234567"
    return f"{kind}_" + "".join(letters[byte % 32] for byte in digest[:26])


@dataclass(frozen=True)
class Actor:
    """Somebody with a key: `name` stands for the person, the key may be one of several."""

    key: str
    public: str
    person: str
    organisation: str
    post: str
    role: str

    @property
    def capacity(self) -> Json:
        return {"key": self.key, "organisation": self.organisation, "post": self.post}

    @property
    def enrolment(self) -> Json:
        return {
            "key": self.key,
            "organisation": self.organisation,
            "person": self.person,
            "post": self.post,
            "public": self.public,
            "role": self.role,
            "suite": "ed25519",
        }


def actor(name: str, role: str, organisation: str, *, person: str = "", post: str = "") -> Actor:
    public = hashlib.sha256(f"public {name}".encode()).hexdigest()
    return Actor(
        key_id("ed25519", public),
        public,
        identity("person", person or name),
        identity("organisation", organisation),
        identity("post", post or name),
        role,
    )


LEDGER_PUBLIC = hashlib.sha256(b"public ledger").hexdigest()
LEDGER = Actor(key_id("ed25519", LEDGER_PUBLIC), LEDGER_PUBLIC, "", "", "", "ledger")
AREAS = {"county": "示例县", "town": "青溪乡", "kang": "康家村", "shan": "山背村", "source": "外地公开表"}
ACTORS = {
    "registrar": actor("registrar", "registrar", "town"),
    "registrar2": actor("registrar2", "registrar", "town"),
    "clerk": actor("clerk", "village_admin", "village"),
    "clerk_shan": actor("clerk_shan", "village_admin", "village_shan"),
    "typist": actor("typist", "recorder", "centre"),
    "centre": actor("centre", "service_centre", "centre"),
    "centre2": actor("centre2", "service_centre", "centre"),
    "head": actor("head", "township", "town"),
    "discipline": actor("discipline", "discipline", "discipline"),
}
_POSTS = {
    "clerk": ("kang",),
    "clerk_shan": ("shan",),
    "typist": ("town", "source"),
    "centre": ("town", "source"),
    "centre2": ("town", "source"),
    "head": ("town", "source"),
    "discipline": ("town",),
}
# Who comes with the first disposals; the township begins without them.
LATER_ACTORS = {
    "chair": actor("chair", "collective", "rceo"),
    "bookkeeper": actor("bookkeeper", "collective", "rceo"),
    "treasurer": actor("treasurer", "finance", "finance"),
    "county": actor("county", "county", "county"),
}
_LATER_POSTS = {"chair": ("kang",), "bookkeeper": ("kang",), "treasurer": ("town",), "county": ("county",)}
LEDGER_ID = identity("ledger", "qingxi")


class Town:
    """A ledger over a store in memory, and what the people of the story know."""

    def __init__(self) -> None:
        self.books = MemoryBooks(TODAY)
        self.ledger = self.another_process()
        self.nonce = 0
        self.extra: dict[str, Actor] = {}

    def another_process(self, archive: str = ARCHIVE) -> Ledger:
        factory = MemoryFactory(self.books)
        return Ledger(factory=factory, books=self.books, today=lambda: self.books.today, archive=archive)

    def known(self, name: str) -> Actor:
        """Somebody by the name that the stories use."""
        return {**ACTORS, **LATER_ACTORS, **self.extra, "ledger": LEDGER}[name]

    # --- when ---

    def command(self, name: str, payload: Json, by: str | list[str] = "clerk", **header: Any) -> Json:
        """A command as a careful client makes it; `header` says what is otherwise."""
        people = [self.known(one) for one in ([by] if isinstance(by, str) else by)]
        self.nonce += 1
        made = {
            "command": name,
            "nature": "act",
            "nonce": f"{self.nonce:032x}",
            "occurred_on": self.books.today,
            "origin": self.ledger.refresh().origin,
            "payload": payload,
            "seen": [[one, self.books.moves([one])[one]] for one in moving_ids(payload)],
            "signed_at": f"{self.books.today}T01:00:00Z",
            "signers": [one.capacity for one in people],
            "summary": "",
            "valid_until": "2026-12-31",
        }
        made.update(header)
        if "summary" not in header:
            made["summary"] = self.summary(name, payload)
        return made

    @staticmethod
    def summary(name: str, payload: Json) -> str:
        try:
            return parse(name, payload).summary()
        except Refused:
            return "摘要无从生成"

    @staticmethod
    def sign(command: Json) -> Signed:
        body = canonical(command)
        signatures = tuple((one["key"], "c2ln") for one in command["signers"])
        return Signed(hashlib.sha256(body).hexdigest(), body, json.loads(body), signatures)

    def when(self, name: str, payload: Json, by: str | list[str] = "clerk", **header: Any) -> Accepted:
        return self.ledger.handle(self.sign(self.command(name, payload, by, **header)))

    def law(
        self, name: str, value: int, effective_on: str = "", document: str = "示例府发〔2026〕9号"
    ) -> Accepted:
        """A value of a parameter, from today on by a registrar; of days gone by as its paper shows, by two (PARAM-2)."""
        day = effective_on or self.books.today
        stated = {"document": document, "effective_on": day, "name": name, "value": value}
        stated["parameter"] = identity("parameter", name)
        if day < self.books.today:
            stated["earlier_document"] = self.decree(document, day, f"{name} {value} {day}")
        by = ["registrar", "registrar2"] if day < self.books.today else ["registrar"]
        return self.when("parameter.set.v1", stated, by, valid_until="2099-12-31")

    def decree(
        self,
        number: str,
        issued_on: str,
        title: str,
        *,
        seen: bool = True,
        filed_by: str = "head",
        seen_by: str = "centre",
        **changed: Any,
    ) -> str:
        """A paper about the law, filed and seen by two others than the registrars."""
        paper = identity("document", title)
        filed: Json = {
            "amount_fen": None,
            "areas": [identity("area", "town")],
            "document": paper,
            "hash": "d" * 64,
            "issued_on": issued_on,
            "issuer": "示例县人民政府",
            "kind": "other",
            "name": title,
            "number": number,
            "pages": 2,
            "quality": "original",
            "subjects": [LEDGER_ID],
        } | changed
        self.when("document.register.v1", filed, filed_by, valid_until="2099-12-31")
        if seen:
            position, leaf = self.books.located(paper, 1) or (0, "")
            said = {
                "document": paper,
                "issued_on": issued_on,
                "leaf": leaf,
                "name": title,
                "position": position,
            }
            self.when("document.endorse.v1", said, seen_by, valid_until="2099-12-31")
        return paper

    def enrol(self, name: str, role: str, organisation: str, *, person: str, post: str) -> None:
        """One more key for somebody, in a post that has been established."""
        self.extra[name] = actor(name, role, organisation, person=person, post=post)
        new = self.known(name)
        self.when("key.enrol.v1", new.enrolment, signers=[ACTORS["registrar"].capacity, new.capacity])

    def people(self) -> None:
        """Organisations, posts and keys of those who come later."""
        self.establish(LATER_ACTORS, _LATER_POSTS)

    def establish(self, actors: Mapping[str, Actor], posts: Mapping[str, tuple[str, ...]]) -> None:
        """Somebody's organisation, post with its areas, and first key."""
        organisations = sorted({one.organisation for one in actors.values()})
        for organisation in organisations:
            payload = {
                "area": identity("area", "town"),
                "kind": "other",
                "name": f"示例中心{organisations.index(organisation) + 1}",
                "organisation": organisation,
            }
            self.when("organisation.register.v1", payload, "registrar")
        for name, areas in posts.items():
            one = self.known(name)
            self.when("person.register.v1", {"person": one.person}, "registrar")
            post: Json = {
                "areas": [identity("area", area) for area in areas],
                "organisation": one.organisation,
                "post": one.post,
                "role": one.role,
                "title": f"示例岗位{name}",
            }
            self.when("post.establish.v1", post, "registrar")
            self.when("key.enrol.v1", one.enrolment, ["registrar", name])

    @staticmethod
    def key_of(name: str) -> str:
        return ACTORS[name].key

    @staticmethod
    def post_of(name: str) -> str:
        return ACTORS[name].post

    def batch(self, commands: list[Json], by: str = "typist", **changed: Any) -> SignedBatch:
        signers = [self.known(by).capacity]
        total = 0 if "source" in changed else sum(self.amount(one) for one in commands)
        self.nonce += 1
        statement = {
            "batch": identity("batch", str(self.nonce)),
            "nonce": f"{self.nonce:032x}",
            "origin": self.ledger.directory.origin,
            "root": "0" * 64,
            "rows": len(commands),
            "signed_at": f"{self.books.today}T01:00:00Z",
            "signers": signers,
            "source": {"sha256": "f" * 64, "sum_fen": total},
            "summary": batch_summary(len(commands), total, "f" * 64),
            "valid_until": "2026-12-31",
        }
        statement.update(changed)
        members = []
        for command in commands:
            signed = self.sign(command)
            members.append(Signed(signed.id, signed.body, signed.command, ()))
        body = canonical(statement)
        signatures = ((self.known(by).key, "c2ln"),)
        return SignedBatch(hashlib.sha256(body).hexdigest(), body, statement, signatures, tuple(members))

    @staticmethod
    def amount(command: Json) -> int:
        """What a careful client counts in the sum of a batch."""
        spec = COMMANDS.get(command["command"])
        return (Payload if spec is None else spec.payload).stated_fen(command["payload"]) or 0

    def when_batch(self, commands: list[Json], by: str = "typist", **changed: Any) -> BatchAccepted:
        return self.ledger.handle_batch(self.batch(commands, by, **changed))

    def reads_of(self, name: str, payload: Json, by: str = "clerk", **header: Any) -> dict[str, int]:
        """The read set that a decision would hand to the store."""
        world = World(self.books, self.ledger.repository.get, self.ledger.directory)
        decide(world, self.sign(self.command(name, payload, by, **header)), self.books.today)
        return world.reads

    # --- then ---

    def the(self, noun: type[Noun], subject: str) -> Noun:
        """A subject as it stands."""
        found: object = self.ledger.repository.get(subject)
        assert isinstance(found, noun)
        return found

    def entries_of(self, accepted: Accepted) -> list[Recorded]:
        return self.books.entries[accepted.position : accepted.position + accepted.n]

    def only(self, accepted: Accepted) -> Recorded:
        (entry,) = self.entries_of(accepted)
        return entry

    @contextmanager
    def refused(
        self, refusal: type[Refused], says: str | None = None
    ) -> Iterator[pytest.ExceptionInfo[Refused]]:
        """The refusal, of exactly this type, and nothing recorded."""
        before = len(self.books.entries)
        with pytest.raises(refusal, match=says) as caught:
            yield caught
        assert type(caught.value) is refusal
        assert caught.value.rule
        assert len(self.books.entries) == before
        assert nameless(caught.value, self.ledger.directory, self.books.entries) == []

    def check(self, epoch: int = 1) -> Json:
        """Decide everything once more: no difference."""
        lines = json.loads(json.dumps(self.books.lines()))
        *differences, summary = replay(lines, epoch)
        assert differences == []
        return summary

    # --- what the people of the story enter ---

    def project(self, name: str = "油茶基地", **changed: Any) -> Json:
        made = {
            "area_label": AREAS["kang"],
            "areas": [identity("area", "kang")],
            "build_year": 2016,
            "category": "种植业",
            "contact": "",
            "content": "新建油茶基地200亩",
            "department": "农业农村委",
            "former_poor_village": True,
            "fund_lines": [
                {
                    "amount_fen": 113_500_000,
                    "as_read": "113.5万元",
                    "document": "示例财农〔2016〕1号",
                    "source": "fiscal",
                    "year": 2016,
                }
            ],
            "late_reason": "",
            "name": name,
            "number": "",
            "operating_assets": True,
            "operator": "青溪油茶专业合作社",
            "project": identity("project", name),
            "row": None,
            "place": "",
            "scale": "200亩",
            "subsisting": True,
            "total_fen": 113_500_000,
        }
        return made | changed

    def listed(self, name: str = "油茶基地", by: str = "clerk", nature: str = "fact", **changed: Any) -> str:
        self.when("project.list.v1", self.project(name, **changed), by, nature=nature)
        return identity("project", name)

    def endorsement(self, name: str = "油茶基地", version: int = 1, **changed: Any) -> Json:
        project = identity("project", name)
        position, leaf = self.books.located(project, version) or (0, "0" * 64)
        made = {"leaf": leaf, "name": name, "position": position, "project": project, "version": version}
        return made | changed

    def checked(self, name: str = "油茶基地", **changed: Any) -> str:
        project = self.listed(name, **changed)
        self.when("project.endorse.v1", self.endorsement(name), "centre")
        return project

    def opinion(self, name: str = "油茶基地", proposal: str = "1", **changed: Any) -> Json:
        made = {
            "cause_codes": ["C1"],
            "cause_text": "",
            "class": "idle",
            "differs_from": "",
            "dimensions": {
                "industry": "有基地无加工",
                "linkage": "带动20户",
                "operation": "已停产",
                "prospects": "扶持后可恢复",
                "resources": "土壤适宜",
            },
            "expires_on": "2026-12-31",
            "name": name,
            "opinions_sought": {"collective": True, "farmers": True, "operator": True},
            "project": identity("project", name),
            "proposal": identity("proposal", proposal),
            "stage": "village",
        }
        return made | changed

    def signature(self, capacity: str, proposal: str = "1", name: str = "油茶基地", **changed: Any) -> Json:
        made = self.books.stream(identity("proposal", proposal))[0].state
        position, leaf = self.books.located(made["subject"], made["subject_version"]) or (0, "")
        return {
            "capacity": capacity,
            "label": made["label"],
            "leaf": leaf,
            "position": position,
            "proposal": identity("proposal", proposal),
            "subject": identity("project", name),
        } | changed


def opening(**changed: Any) -> Json:
    keys = [LEDGER.enrolment, ACTORS["registrar"].enrolment, ACTORS["registrar2"].enrolment]
    return {
        "area_code": "999999001",
        "area_name": "示例县青溪乡",
        "keys": keys,
        "ledger": LEDGER_ID,
        "rules": {"archive": ARCHIVE, "epoch": 1, "table": table(), "versions": {"python": "3.11"}},
    } | changed


def opened() -> Town:
    """Only the ledger and two registrars."""
    town = Town()
    town.when("ledger.open.v1", opening(), ["ledger", "registrar", "registrar2"], origin="")
    return town


def _settled() -> Town:
    town = opened()
    settle(town)
    return town


def settle(town: Town) -> None:
    """Areas, posts and keys of those who are there from the beginning."""
    parents = {"county": "", "town": "county", "kang": "town", "shan": "town", "source": "county"}
    kinds = {"county": "county", "town": "town", "kang": "village", "shan": "village", "source": "external"}
    for area, name in AREAS.items():
        payload = {
            "area": identity("area", area),
            "division_code": "",
            "kind": kinds[area],
            "name": name,
            "parent": identity("area", parents[area]) if parents[area] else "",
        }
        town.when("area.register.v1", payload, "registrar", occurred_on="2010-01-01")
    town.establish(ACTORS, _POSTS)


_SETTLED = _settled()


def settled(town: Town | None = None) -> Town:
    """The ledger, its areas, posts and keys; nothing listed yet. Each story has a copy of its own."""
    town = town or Town()
    lock = _SETTLED.books.lock
    memo = {id(lock): town.books.lock}
    town.books = copy.deepcopy(_SETTLED.books, memo)
    town.ledger = town.another_process()
    town.nonce = _SETTLED.nonce
    return town
