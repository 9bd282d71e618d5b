"""A whole system in the fictional 青溪乡: desk, people with keys, and `check()`, the oracle that every story may end on.

示例数据: every place, post and deed here is invented. Builders name only what matters to a story; the rest is filled in.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from api.archive import own_archive
from api.ceremony import open_ledger, trust_of
from api.clerk import Clerk
from api.compose import china_today, compose_batch, sign_command
from api.desk import Answer, Desk
from api.endorsing import endorsement
from api.keyfile import KeyFile
from api.personal import conceal
from api.settings import Settings
from audit import dsse
from audit.commitment import Disclosure
from audit.directory import DatabaseLog, check_columns
from audit.export import export_log
from audit.exported import ExportedLog
from audit.log import now
from audit.replaying import Replayed, replay
from audit.suites import Ed25519Signer
from audit.trust import Trust
from audit.verdict import Verdict
from audit.verify import verify
from domain.errors import refusals
from domain.record import Recorded
from domain.values import days_after
from projections.follow import follow
from projections.rebuild import rebuild
from tests.support.logbook import new_id
from tests.support.second import SecondVerifier

Json = dict[str, Any]

AREA_CODE, AREA_NAME = "999999001", "示例县青溪乡"
AREAS = {  # name of ours: (official name, kind, parent)
    "county": ("示例县", "county", ""),
    "town": ("青溪乡", "town", "county"),
    "kang": ("康家村", "village", "town"),
    "shan": ("山背村", "village", "town"),
    "source": ("外地公开表", "external", "county"),
}
ORGANISATIONS = {
    "kang": ("康家村村民委员会", "village_committee", "kang"),
    "shan": ("山背村村民委员会", "village_committee", "shan"),
    "centre": ("青溪乡农业综合服务中心", "town_office", "town"),
    "town": ("青溪乡人民政府", "town_government", "town"),
    "discipline": ("青溪乡纪委", "town_discipline", "town"),
}
STAFF = {  # name of ours: (role, organisation, areas)
    "kang": ("village_admin", "kang", ("kang",)),
    "shan": ("village_admin", "shan", ("shan",)),
    "recorder": ("recorder", "centre", ("town", "source")),
    "centre": ("service_centre", "centre", ("town", "source")),
    "centre2": ("service_centre", "centre", ("town", "source")),
    "township": ("township", "town", ("town", "source")),
    "discipline": ("discipline", "discipline", ("town",)),
}
REGISTRARS = ("registrar", "registrar2", "registrar3")
WAN = 1_000_000  # fen


def key_of(name: str) -> KeyFile:
    """The key of somebody, the same in every run."""
    return KeyFile(name, Ed25519Signer.from_seed(hashlib.sha256(f"示例密钥 {name}".encode()).digest()))


def area(name: str) -> str:
    return new_id("area", name)


def post(name: str) -> str:
    return new_id("post", name)


def organisation(name: str) -> str:
    return new_id("organisation", name)


def project_of(name: str) -> str:
    return new_id("project", name)


@dataclass(frozen=True)
class Seen:
    """What was done, with its envelope: so that it can be sent again."""

    envelope: dsse.Envelope
    bodies: tuple[bytes, ...]
    answer: Answer


class World:
    """One ledger with its people. `clock` says when; `url` where, instead of the embedded SQLite."""

    def __init__(self, directory: Path, url: str = "", clock: Callable[[], datetime] = now) -> None:
        self.settings = Settings(data=directory, database_url=url)
        self.clock = clock
        self.keys = {name: key_of(name) for name in (*REGISTRARS, *STAFF)}
        registrars = [self.keys[name] for name in REGISTRARS]
        if not self.settings.key_path.exists():  # a copy of a world is open already
            opened = open_ledger(self.settings, AREA_CODE, AREA_NAME, registrars, clock=clock)
            assert opened.ok, opened
        self.desk = Desk(self.settings, clock=clock)
        self.trust = trust_of(self.desk)  # as it was handed out when the ledger was opened
        self.done: list[Seen] = []
        self._checks = 0

    def close(self) -> None:
        self.desk.close()

    def __enter__(self) -> World:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    # --- when somebody says something -----------------------------------------------------------------

    def clerk(self, *names: str) -> Clerk:
        return Clerk(self.desk, *(self.keys[name] for name in names))

    def take(self, body: bytes, *names: str, disclosures: Sequence[Disclosure] = ()) -> Answer:
        """Sign prepared bytes and hand them in."""
        envelope = sign_command(body, *(self.keys[name].signer for name in names))
        return self.hand_in(envelope, disclosures=disclosures)

    def hand_in(
        self,
        envelope: dsse.Envelope,
        bodies: Sequence[bytes] | None = None,
        disclosures: Sequence[Disclosure] = (),
    ) -> Answer:
        """Hand a signed command in, or a batch with its commands."""
        if bodies is None:
            answer = self.desk.take(envelope, disclosures)
        else:
            answer = self.desk.take_batch(envelope, bodies, disclosures)
        if answer.ok and not answer.replayed:
            self.done.append(Seen(envelope, tuple(bodies or ()), answer))
        return answer

    def says(self, name: str, payload: Mapping[str, Any], *by: str, **header: Any) -> Answer:
        """Somebody's wish, signed and handed in; names of persons in it are concealed first."""
        concealed = conceal(name, payload)
        body = self.clerk(*by).prepare(name, concealed.payload, now=self.clock(), **header)
        return self.take(body, *by, disclosures=concealed.disclosures)

    def accepted(self, name: str, payload: Mapping[str, Any], *by: str, **header: Any) -> int:
        """The position of a command that must be accepted."""
        answer = self.says(name, payload, *by, **header)
        assert answer.ok, f"{answer.code} {answer.message}"
        assert answer.position is not None
        return answer.position

    @contextmanager
    def nothing_recorded(self) -> Iterator[None]:
        size = self.desk.log.size
        yield
        self.desk.log.refresh()
        assert self.desk.log.size == size

    def refuses(self, code: str, name: str, payload: Mapping[str, Any], *by: str, **header: Any) -> Answer:
        """The answer to a command that must be refused so; nothing is recorded."""
        with self.nothing_recorded():
            answer = self.says(name, payload, *by, **header)
        assert (answer.code, answer.rule) == (code, refusals()[code].rule), f"{answer.code} {answer.message}"
        return answer

    # --- the people -----------------------------------------------------------------------------------

    def settle(self) -> World:
        """The places, the bodies, and everybody's key."""
        for name, (title, kind, parent) in AREAS.items():
            payload = {
                "area": area(name),
                "division_code": "",
                "kind": kind,
                "name": title,
                "parent": area(parent) if parent else "",
            }
            self.accepted("area.register.v1", payload, "registrar", occurred_on="2010-01-01")
        for name, (title, kind, place) in ORGANISATIONS.items():
            payload = {"area": area(place), "kind": kind, "name": title, "organisation": organisation(name)}
            self.accepted("organisation.register.v1", payload, "registrar")
        for name, (role, body, places) in STAFF.items():
            self.employ(name, role, body, places)
        return self

    def employ(
        self, name: str, role: str, body: str, places: Sequence[str], registrar: str = "registrar"
    ) -> int:
        """A new person in a new post, with a key; the position of the enrolment."""
        self.keys.setdefault(name, key_of(name))
        self.accepted("person.register.v1", {"person": new_id("person", name)}, registrar)
        self.accepted(
            "post.establish.v1",
            {
                "areas": [area(place) for place in places],
                "organisation": organisation(body),
                "post": post(name),
                "role": role,
                "title": f"示例岗位 {name}",
            },
            registrar,
        )
        payload = self.enrolment(name, role, body)
        signers = [
            self.desk.capacity(self.keys[registrar].key_id),
            {"key": payload["key"], "organisation": payload["organisation"], "post": payload["post"]},
        ]
        return self.accepted("key.enrol.v1", payload, registrar, name, signers=signers)

    def enrolment(self, name: str, role: str, body: str) -> Json:
        key = self.keys[name]
        return {
            "key": key.key_id,
            "organisation": organisation(body),
            "person": new_id("person", name),
            "post": post(name),
            "public": key.public,
            "role": role,
            "suite": key.signer.suite,
        }

    # --- projects ---------------------------------------------------------------------------------------

    @staticmethod
    def project(name: str = "油茶基地", place: str = "kang", fen: int = 113_500_000, **changed: Any) -> Json:
        """What is entered about a project."""
        made = {
            "area_label": AREAS[place][0],
            "areas": [area(place)],
            "build_year": 2016,
            "category": "种植业",
            "contact": "",
            "content": "新建油茶基地200亩",
            "department": "农业农村委",
            "former_poor_village": True,
            "fund_lines": [
                {
                    "amount_fen": fen,
                    "as_read": f"{fen // WAN}万元",
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
            "place": "",
            "project": project_of(name),
            "row": None,
            "scale": "200亩",
            "subsisting": True,
            "total_fen": fen,
        }
        return made | changed

    def listed(self, name: str = "油茶基地", by: str = "kang", **changed: Any) -> int:
        return self.accepted("project.list.v1", self.project(name, **changed), by, nature="fact")

    def batch(self, payloads: Sequence[Mapping[str, Any]], by: str = "recorder", **changed: Any) -> Answer:
        """Listings signed as one batch."""
        bodies = self.rows(payloads, by)
        total = sum(payload["total_fen"] or 0 for payload in payloads)
        envelope = self.batch_envelope(bodies, by, total, **changed)
        return self.hand_in(envelope, bodies)

    def rows(self, payloads: Sequence[Mapping[str, Any]], by: str) -> list[bytes]:
        clerk = self.clerk(by)
        return [
            clerk.prepare("project.list.v1", payload, nature="fact", now=self.clock()) for payload in payloads
        ]

    def batch_envelope(self, bodies: Sequence[bytes], by: str, total: int, **changed: Any) -> dsse.Envelope:
        clerk = self.clerk(by)
        fields: dict[str, Any] = {
            "origin": self.desk.log.origin,
            "signers": [self.desk.capacity(key.key_id) for key in clerk.keys],
            "sha256": hashlib.sha256(b"".join(bodies)).hexdigest(),
            "sum_fen": total,
            "now": self.clock(),
        }
        batch = changed.pop("batch", new_id("batch", f"{self.desk.log.size} {by}"))
        statement = compose_batch(batch, bodies, **fields | changed)
        return dsse.signed(dsse.BATCH, statement, self.keys[by].signer)

    def endorse(
        self, position: int, capacity: str, by: str, excepted: Sequence[tuple[int, str]] = ()
    ) -> Answer:
        """Endorse what stands at a position: a fact, a batch, a proposal."""
        name, payload = endorsement(self.desk, position, capacity, excepted)
        return self.says(name, payload, by)

    def endorsed(self, position: int, capacity: str, by: str, **options: Any) -> int:
        answer = self.endorse(position, capacity, by, **options)
        assert answer.ok, f"{answer.code} {answer.message}"
        assert answer.position is not None
        return answer.position

    def opinion(
        self, name: str = "油茶基地", proposal: str = "一", class_: str = "idle", **changed: Any
    ) -> Json:
        made = {
            "cause_codes": ["C1"] if class_ in ("idle", "eliminated") else [],
            "cause_text": "",
            "class": class_,
            "differs_from": "",
            "dimensions": dict.fromkeys(
                ("industry", "linkage", "operation", "prospects", "resources"), "示例：已停产"
            ),
            "expires_on": days_after(china_today(self.clock()), 30),
            "name": name,
            "opinions_sought": {"collective": True, "farmers": True, "operator": True},
            "project": project_of(name),
            "proposal": new_id("proposal", proposal),
            "stage": "village",
        }
        return made | changed

    def correction(
        self, name: str = "油茶基地", proposal: str = "更正", version: int = 1, **changed: Any
    ) -> Json:
        """A correction of the scale, which most stories do not care about."""
        return {
            "changes": [{"field": "scale", "now": "180亩", "was": "200亩"}],
            "paper": "",
            "instead": "",
            "instead_name": "",
            "kind": "slip",
            "expires_on": days_after(china_today(self.clock()), 30),
            "name": name,
            "project": project_of(name),
            "proposal": new_id("proposal", proposal),
            "reason": "测量有误",
            "version": version,
        } | changed

    # --- then -------------------------------------------------------------------------------------------

    def entry(self, position: int) -> Recorded:
        return self.desk.reader.entry(position)

    def export(self, out: Path) -> Path:
        export_log(self.desk.log, out)
        return out

    def check(self, scratch: Path, second: SecondVerifier) -> Verdict:
        """The oracle: the directory, its export read by two verifiers, the rules run again, the read tables made again."""
        self._checks += 1
        trust = self.trust.dump()
        stored = verify(DatabaseLog(self.desk.driver), trust)
        assert stored.ok, stored.failures
        assert check_columns(self.desk.driver) > 0

        out = self.export(scratch / f"log-{self._checks}")
        verdict = both_verify(out, trust, second)
        assert verdict.ok, verdict.failures
        assert (verdict.size, verdict.root, verdict.doubtful) == (stored.size, stored.root, stored.doubtful)
        replayed = replayed_log(out, self.trust)
        assert replayed.failures == ()
        assert not replayed.skipped

        follow(self.desk.reader, self.desk.projections)
        rebuilt = rebuild(self.desk.reader, self.desk.projections)
        assert rebuilt.differences == ()
        assert rebuilt.next == verdict.size
        self.trust = self.trust.raised(verdict.note)
        return verdict


def replayed_log(
    log: Path, trust: Trust | None, environment: Mapping[str, str] | None = None, own: bool = True
) -> Replayed:
    """The rules of an exported log run again, where nothing is at hand but the export and the trust file."""
    source = ExportedLog(log)
    verdict = verify(source, trust)
    assert verdict.ok, verdict.failures
    trusted = frozenset(trust.rules if trust else ()) | ({own_archive()[0]} if own else set())

    def archive(sha256: str) -> bytes | None:
        path = log / "rules" / f"{sha256}.zip"
        return path.read_bytes() if path.exists() else None

    return replay(source, verdict.size, trusted, archive, environment)


def both_verify(log: Path, trust: bytes | None, second: SecondVerifier) -> Verdict:
    """The verdict of the first verifier, which the second must have reached too. The trust file is put beside the log."""
    verdict = verify(ExportedLog(log), trust)
    path = None
    if trust is not None:
        path = log.with_name(f"{log.name}.trust")
        path.write_bytes(trust)
    said = second.verdict(log, path)
    assert reached(said) == reached(verdict.json()), (said, verdict.json())
    return verdict


def reached(verdict: Mapping[str, Any]) -> tuple[Any, ...]:
    """What two verifiers must agree on."""
    places = [(failure["step"], failure["position"]) for failure in verdict["failures"]]
    if not verdict["ok"]:
        return False, places
    return True, verdict["trust"], verdict["size"], verdict["root"], verdict["doubtful"]
