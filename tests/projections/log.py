"""A log in memory, and the few events the tests tell stories with. Its states have the domain's own shapes."""

import base64
import hashlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import fields
from datetime import UTC, datetime, timedelta
from typing import Any

import domain.nouns  # noqa: F401 - declares the events
from domain.base import EVENTS
from domain.record import Recorded
from domain.values import ids_in

BEGINNING = datetime(2026, 11, 23, 2, 0, tzinfo=UTC)


def an_id(kind: str, name: str) -> str:
    """A random-looking id, the same for the same name."""
    digest = hashlib.sha256(f"{kind}/{name}".encode()).digest()
    return f"{kind}_{base64.b32encode(digest).decode().lower()[:26]}"


LEDGER = an_id("ledger", "示例县")
REGISTRAR = {
    "key": an_id("key", "登记员"),
    "organisation": an_id("organisation", "县"),
    "post": an_id("post", "登记员"),
}
CLERK = {"key": an_id("key", "村"), "organisation": an_id("organisation", "村"), "post": an_id("post", "村")}
CENTRE = {
    "key": an_id("key", "农服"),
    "organisation": an_id("organisation", "乡"),
    "post": an_id("post", "农服"),
}
TOWN = {"key": an_id("key", "乡"), "organisation": an_id("organisation", "乡"), "post": an_id("post", "乡")}
QINGXI = an_id("area", "青溪乡")
VILLAGE = an_id("area", "青溪村")
ELSEWHERE = an_id("area", "外地")
DIMENSIONS = dict.fromkeys(("resources", "industry", "operation", "linkage", "prospects"), "尚可")


class Log:
    """A memory `Entries`, written by `record`: one call is one command."""

    def __init__(self, name: str = "") -> None:
        """The leaves of logs with other names are other leaves."""
        self.name = name
        self.all: list[Recorded] = []
        self.now = BEGINNING
        self._counts: dict[str, int] = {}
        self._versions: dict[str, int] = {}
        self._named: dict[str, list[int]] = {}

    # --- Entries ---

    def size(self) -> int:
        return len(self.all)

    def leaf(self, position: int) -> str:
        return self.all[position].leaf if position < len(self.all) else ""

    def entries(self, start: int, stop: int | None = None) -> Iterator[Recorded]:
        return iter(self.all[start:stop])

    def of_subject(self, subject: str, start: int = 0) -> Iterator[Recorded]:
        return (self.all[position] for position in self._named.get(subject, ()) if position >= start)

    def of_stream(self, stream: str) -> Iterator[Recorded]:
        return (one for one in self.all if one.stream == stream)

    # --- writing ---

    def record(
        self,
        *events: tuple[str, str, Mapping[str, Any]],
        on: str = "2026-11-23",
        nature: str = "act",
        signers: Sequence[Mapping[str, str]] = (REGISTRAR,),
        payload: Mapping[str, Any] | None = None,
        batch: tuple[int, int] | None = None,
        statement: Mapping[str, Any] | None = None,
    ) -> int:
        """Record a command with its events (name, stream, state); the position of the first."""
        first = len(self.all)
        self.now += timedelta(minutes=1)
        command = statement or {
            "command": "test.v1",
            "nature": nature,
            "occurred_on": on,
            "payload": dict(payload or {}),
            "signers": [dict(one) for one in signers],
            "summary": f"第 {first} 号指令",
        }
        for i, (event, stream, state) in enumerate(events, start=1):
            _check_shape(event, state)
            position = len(self.all)
            named = ids_in(dict(state)) | {stream} | (ids_in(command) if i == 1 else set())
            for one in named:
                self._counts[one] = self._counts.get(one, 0) + 1
                self._named.setdefault(one, []).append(position)
            self._versions[stream] = self._versions.get(stream, 0) + 1
            self.all.append(
                Recorded(
                    position=position,
                    leaf=hashlib.sha256(f"leaf {position} {self.name}".encode()).hexdigest(),
                    recorded_at=self.now.strftime("%Y-%m-%dT%H:%M:%S.%fZ"),
                    epoch=1,
                    event=event,
                    stream=stream,
                    version=self._versions[stream],
                    i=i,
                    n=len(events),
                    state=state,
                    subjects=tuple(sorted((one, self._counts[one]) for one in named)),
                    command=command if i == 1 else None,
                    command_id=f"{first:064x}" if i == 1 else None,
                    batch=batch,
                )
            )
        return first

    def version(self, stream: str) -> int:
        return self._versions[stream]

    # --- what the stories are made of ---

    def begin(self) -> "Log":
        """The ledger, its areas, its signers."""
        roles = {"registrar": REGISTRAR, "village_admin": CLERK, "service_centre": CENTRE, "township": TOWN}
        opened = [
            {
                "role": "registrar",
                "public": "00",
                "suite": "ed25519",
                "person": an_id("person", "甲"),
                **REGISTRAR,
            }
        ]
        state = {
            "ledger": LEDGER,
            "area_code": "999999001",
            "area_name": "示例县",
            "keys": opened,
            "archive": "0" * 64,
            "epoch": 1,
        }
        self.record(("ledger.opened.v1", LEDGER, state))
        self.area("青溪乡", "town", "")
        self.area("青溪村", "village", QINGXI)
        self.area("外地", "external", "")
        for role, title in (
            ("village_admin", "青溪村信息员"),
            ("service_centre", "乡农服中心"),
            ("township", "乡党委书记"),
        ):
            signer = roles[role]
            post = {
                "post": signer["post"],
                "organisation": signer["organisation"],
                "role": role,
                "title": title,
            }
            self.record(("post.established.v1", signer["post"], post | {"areas": [QINGXI]}))
            key = {
                "public": "00",
                "suite": "ed25519",
                "role": role,
                "person": an_id("person", role),
                **signer,
            }
            self.record(("key.enrolled.v1", signer["key"], key), signers=(REGISTRAR, signer))
        return self

    def area(self, name: str, kind: str, parent: str, on: str = "2026-11-01") -> str:
        identity = an_id("area", name)
        state = {
            "area": identity,
            "code": f"code:area:{name}",
            "division_code": "",
            "kind": kind,
            "name": name,
        }
        self.record(("area.registered.v1", identity, state | {"occurred_on": on, "parent": parent}), on=on)
        return identity

    def list(
        self,
        number: str,
        *,
        on: str = "2024-05-01",
        batch: str = "",
        at: tuple[int, int] | None = None,
        **fields: Any,
    ) -> str:
        """A project, entered as a fact by the village."""
        project = an_id("project", number)
        state = listing(number, on, batch=batch, batch_index=None if at is None else at[1], **fields)
        event = ("project.listed.v1", project, state)
        self.record(event, on=on, nature="fact", signers=(CLERK,), payload={"project": project}, batch=at)
        return project

    def supersede(self, project: str, number: str, *, on: str, supersedes: int = 1, **fields: Any) -> int:
        state = listing(number, on, **fields) | {"supersedes": supersedes, "reason": "录错行"}
        return self.record(("project.superseded.v1", project, state), on=on, nature="fact", signers=(CLERK,))

    def check(self, project: str, version: int = 1, *, on: str = "2026-11-23") -> int:
        """A second person checks the entry of a project."""
        entered = next(one for one in self.all if (one.stream, one.version) == (project, version))
        state = {"position": entered.position, "leaf": entered.leaf, "version": version}
        signed = {"by": [CENTRE["key"]], "occurred_on": on}
        return self.record(("project.endorsed.v1", project, state | signed), signers=(CENTRE,), on=on)

    def opine(self, project: str, proposal: str, class_: str, *, on: str, stage: str = "village") -> int:
        """A class is opined; its proposal waits for the township."""
        signed = {"by": [CLERK["key"]], "occurred_on": on}
        causes = {"cause_codes": ["C4"] if class_ in ("idle", "eliminated") else [], "cause_text": ""}
        opined = {
            "class": class_,
            "differs_from": "",
            "dimensions": DIMENSIONS,
            "expires_on": "2026-12-31",
            "notes": [],
        }
        asked = {"opinions_sought": {"collective": True}, "proposal": proposal, "stage": stage}
        version = self.version(project) + 1
        made = self.made(proposal, project, version, kind="project.class", label="村级初步认定", on=on)
        state = signed | causes | opined | asked
        return self.record(("project.class_opined.v1", project, state), made, signers=(CLERK,), on=on)

    def made(
        self, proposal: str, project: str, version: int, *, kind: str, label: str, on: str
    ) -> tuple[str, str, Mapping[str, Any]]:
        needs = [["checks", "service_centre"], ["seals", "township"]]
        state = {
            "by": [CLERK["key"]],
            "expires_on": "2026-12-31",
            "kind": kind,
            "label": label,
            "needs": needs,
        }
        return (
            "proposal.made.v1",
            proposal,
            state | {"occurred_on": on, "subject": project, "subject_version": version},
        )

    def sign(
        self, project: str, proposal: str, signer: Mapping[str, str], *, on: str, then: str = "", corrects: int = 0,
        changes: Sequence[Mapping[str, Any]] = (),
    ) -> int:  # fmt: skip
        """A proposal is endorsed; the last endorsement determines the class `then`, or corrects."""
        complete = bool(then or corrects)
        signed = {"by": [signer["key"]], "occurred_on": on}
        place = {"leaf": self.leaf(0), "position": 0, "subject": project}
        state = signed | place | {"capacity": "seals" if complete else "checks", "complete": complete}
        events: list[tuple[str, str, Mapping[str, Any]]] = [("proposal.endorsed.v1", proposal, state)]
        if then:
            grounds = {
                "cause_codes": [],
                "cause_text": "",
                "dimensions": DIMENSIONS,
                "notes": [],
                "opined": 1,
            }
            determined = signed | grounds | {"class": then, "proposal": proposal, "stage": "township"}
            events.append(("project.class_determined.v1", project, determined))
        if corrects:
            content = {
                "changes": list(changes),
                "corrects": corrects,
                "instead": "",
                "kind": "slip",
                "paper": "",
            }
            corrected = content | {"proposal": proposal, "reason": "示例"}
            events.append(("project.corrected.v1", project, signed | corrected))
        return self.record(*events, signers=(signer,), on=on)

    def determine(self, project: str, proposal: str, class_: str, *, on: str) -> int:
        """The whole way of a class, on one day."""
        self.opine(project, proposal, class_, on=on)
        self.sign(project, proposal, CENTRE, on=on)
        return self.sign(project, proposal, TOWN, on=on, then=class_)

    def correct(self, project: str, proposal: str, corrects: int, field: str, was: Any, now: Any) -> int:
        """A correction is proposed by the village and checked by the service centre; the position of the latter."""
        on = "2026-11-23"
        changes = [{"field": field, "was": was, "now": now}]
        signed = {"by": [CLERK["key"]], "occurred_on": on, "expires_on": "2026-12-31"}
        content = {"changes": changes, "corrects": corrects, "instead": "", "kind": "slip", "paper": ""}
        proposed = signed | content | {"proposal": proposal, "reason": "示例"}
        version = self.version(project) + 1
        made = self.made(proposal, project, version, kind="project.correct", label="更正", on=on)
        self.record(("project.correction_proposed.v1", project, proposed), made, signers=(CLERK,), on=on)
        return self.sign(project, proposal, CENTRE, on=on, corrects=corrects, changes=changes)

    def withdraw(self, project: str, proposal: str, *, on: str = "2026-11-23") -> int:
        state = {"by": [CLERK["key"]], "occurred_on": on, "reason": "另行提议", "subject": project}
        return self.record(("proposal.withdrawn.v1", proposal, state), signers=(CLERK,), on=on)

    def load(self, batch: str, numbers: Sequence[str], *, on: str = "2024-05-01", **fields: Any) -> int:
        """A batch of projects; the position of its outcome."""
        outcome = len(self.all)
        last = len(numbers) - 1
        state = {"accepted": [[0, last]], "batch": batch, "refused": [], "rows": len(numbers)}
        statement = {
            "batch": batch,
            "signers": [CLERK],
            "summary": f"批量 {len(numbers)} 行",
            "rows": len(numbers),
        }
        recorded = ("batch.recorded.v1", batch, state | {"sha256": "0" * 64, "sum_fen": 0})
        self.record(recorded, statement=statement)
        for index, number in enumerate(numbers):
            self.list(number, on=on, batch=batch, at=(outcome, index), **fields)
        return outcome

    def check_batch(self, batch: str, outcome: int, excepted: Sequence[int] = ()) -> int:
        on = "2026-11-23"
        place = {"leaf": self.leaf(outcome), "position": outcome, "rows": self.all[outcome].state["rows"]}
        state = place | {
            "by": [CENTRE["key"]],
            "excepted": [[one, "原件看不清"] for one in excepted],
            "occurred_on": on,
        }
        return self.record(("batch.endorsed.v1", batch, state), signers=(CENTRE,), on=on)


def listing(number: str, on: str, **fields: Any) -> dict[str, Any]:
    """The state of a listing; the fields given are other than usual."""
    usual: dict[str, Any] = {
        "area_label": "青溪村",
        "areas": [VILLAGE],
        "batch": "",
        "batch_index": None,
        "build_year": 2020,
        "by": [CLERK["key"]],
        "category": "种植",
        "code": f"code:project:{number}",
        "contact": "",
        "content": "大棚十座",
        "department": "乡农服中心",
        "former_poor_village": True,
        "fund_lines": [line(1_000_000)],
        "late_reason": "示例数据：补登",
        "name": f"{number} 香菇大棚",
        "nature": "fact",
        "notes": [],
        "number": number,
        "occurred_on": on,
        "operating_assets": True,
        "operator": "青溪村股份经济合作联合社",
        "row": None,
        "place": "",
        "scale": "十亩",
        "subsisting": True,
        "total_fen": 1_000_000,
        "unchecked": True,
    }
    return usual | fields


def line(amount_fen: int, source: str = "fiscal") -> dict[str, Any]:
    return {"amount_fen": amount_fen, "as_read": "", "document": "", "source": source, "year": 2020}


def _check_shape(event: str, state: Mapping[str, Any]) -> None:
    """The tests' states have exactly the fields of the domain's events; events of nobody are free."""
    known = EVENTS.get(event)
    if known is None:
        return
    parts = fields(known)  # type: ignore[arg-type]  # the library's metaclass makes every event a dataclass
    names = {known.stored_as.get(one.name, one.name) for one in parts} - {
        "originator_id",
        "originator_version",
    }
    assert set(state) == names, f"{event}: {sorted(set(state) ^ names)}"
