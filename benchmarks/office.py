"""Our side: the fictional 示例县青溪乡 with 64 village clerks, and the same work brought to each of the three doors."""

from __future__ import annotations

import hashlib
import json
import secrets
from collections.abc import Callable
from functools import partial
from itertools import count
from pathlib import Path
from typing import Any

from eventsourcing.persistence import StoredEvent

from api.ceremony import OrganisationOf, PersonFile, PostOf, enrol, open_ledger
from api.clerk import Clerk
from api.compose import compose, compose_batch, new_id, sign_command
from api.desk import Answer, Desk
from api.keyfile import KeyFile, generate
from api.settings import Settings
from audit import canonical, dsse
from audit.admission import admit, admit_batch
from audit.log import Log
from audit.mapper import LedgerMapper
from benchmarks.figures import Work, at_once
from domain.base import state_of
from domain.decide import decide, decide_batch
from domain.record import Signed, Submission
from domain.world import World

CLERKS = 64
ROWS = 1_000

Things = tuple[int, Work]


class Office:
    """One open ledger. Everything that a clerk does before handing in, signing too, is done before the clock starts."""

    def __init__(self, directory: Path, database_url: str = "") -> None:
        registrars = [generate("登记员甲"), generate("登记员乙")]
        settings = Settings(data=directory, database_url=database_url)
        _done(open_ledger(settings, "999901", "示例县青溪乡", registrars))
        self.desk = Desk(settings)
        registrar = Clerk(self.desk, registrars[0])
        parent = ""
        for kind, name in (("county", "示例县"), ("town", "青溪乡"), ("village", "青溪村")):
            area = new_id("area")
            stated = {"area": area, "division_code": "", "kind": kind, "name": name, "parent": parent}
            _done(registrar.do("area.register.v1", stated))
            parent = area
        self._village = parent
        self._clerks = [generate(f"村系统管理员{number}") for number in range(CLERKS)]
        person = PersonFile(
            organisation=OrganisationOf(name="青溪村民委员会", kind="village_committee", area="青溪村"),
            post=PostOf(title="村系统管理员", role="village_admin", areas=["青溪村"]),
        )
        for clerk in self._clerks:
            _done(enrol(self.desk, registrars[:1], clerk, person))
        self._numbers = count(1)
        self._mapper = LedgerMapper(transcoder=None)  # type: ignore[arg-type]

    def close(self) -> None:
        self.desk.close()

    def clerk_key(self) -> KeyFile:
        """The key of one clerk, for a process of its own."""
        return self._clerks[0]

    # --- what is handed in ------------------------------------------------------------------------------

    def _body(self, clerk: KeyFile) -> bytes:
        """A fact of the size that the public registers have (docs/…: some ten fields, one or two sources of funds)."""
        number = next(self._numbers)
        payload: dict[str, Any] = {
            "area_label": "青溪村",
            "areas": [self._village],
            "build_year": 2021,
            "category": "种植业",
            "contact": "",
            "content": "新建标准化大棚 12 座，配套灌溉管网 3.2 公里、机耕道 1.1 公里",
            "department": "示例县农业农村局",
            "former_poor_village": True,
            "fund_lines": [
                {"amount_fen": 38000000, "as_read": "38", "document": "", "source": "fiscal", "year": 2021}
            ],
            "late_reason": "2021 年建成，历史项目补登",
            "name": f"青溪村蔬菜大棚项目{number}期",
            "number": f"QX-2021-{number:06d}",
            "operating_assets": True,
            "operator": "示例县青溪乡青溪村股份经济合作联合社",
            "place": "青溪村二组",
            "project": new_id("project"),
            "row": None,
            "scale": "12 座",
            "subsisting": True,
            "total_fen": 38000000,
        }
        moving = {payload["project"]: 0, f"code:project:{payload['number']}": 0}
        return compose(
            "project.list.v1",
            payload,
            nature="fact",
            origin=self.desk.log.origin,
            signers=[self.desk.capacity(clerk.key_id)],
            seen=moving,
        )

    def _envelope(self, clerk: KeyFile) -> dsse.Envelope:
        return sign_command(self._body(clerk), clerk.signer)

    def envelopes(self, clerk: int, number: int) -> list[dsse.Envelope]:
        """Commands of one clerk, signed and not handed in."""
        return [self._envelope(self._clerks[clerk]) for _ in range(number)]

    def _batch(self) -> tuple[dsse.Envelope, list[bytes]]:
        clerk = self._clerks[0]
        bodies = [self._body(clerk) for _ in range(ROWS)]
        statement = compose_batch(
            new_id("batch"),
            bodies,
            origin=self.desk.log.origin,
            signers=[self.desk.capacity(clerk.key_id)],
            sha256=hashlib.sha256(b"".join(bodies)).hexdigest(),
            sum_fen=ROWS * 38000000,
        )
        return dsse.signed(dsse.BATCH, statement, clerk.signer), bodies

    def _world(self) -> World:
        return World(self.desk.reader, lambda _: None, self.desk.ledger.directory)

    def submission(self, clerk: KeyFile) -> tuple[Submission, list[StoredEvent]]:
        """A decided command as the store receives it."""
        signed = admit(self._envelope(clerk), self.desk.public_key)
        world, today = self._world(), self.desk.ledger._today()
        stored = [self._mapper.to_stored_event(event) for event in decide(world, signed, today)]
        submission = Submission(signed, (len(stored),), (), world.reads, today, self.desk.log.epoch)
        return submission, stored

    def stated(self) -> dict[str, Any]:
        """The state of one listing: what an event of like size holds."""
        signed = admit(self._envelope(self._clerks[0]), self.desk.public_key)
        (event,) = decide(self._world(), signed, self.desk.ledger._today())
        return state_of(event)

    # --- the doors, one caller after another or many at once ---------------------------------------------------

    def _store(self, clerk: KeyFile, number: int) -> Work:
        ready = [self.submission(clerk) for _ in range(number)]
        append = self.desk.log.append

        def work() -> None:
            for submission, stored in ready:
                append(submission, stored)

        return work

    def _save(self, clerk: KeyFile, number: int) -> Work:
        ready = [admit(self._envelope(clerk), self.desk.public_key) for _ in range(number)]
        handle = self.desk.ledger.handle

        def work() -> None:
            for signed in ready:
                handle(signed)

        return work

    def _command(self, clerk: KeyFile, number: int) -> Work:
        ready = [json.dumps(dsse.envelope_json(self._envelope(clerk))).encode() for _ in range(number)]
        submit = self.desk.submit

        def work() -> None:
            for envelope in ready:
                _done(submit(envelope))

        return work

    def one_caller(self, door: str, number: int) -> Things:
        return number, self._door(door)(self._clerks[0], number)

    def many_callers(self, door: str, each: int) -> Things:
        """64 callers, each with its own key."""
        return CLERKS * each, at_once([self._door(door)(clerk, each) for clerk in self._clerks])

    def _door(self, door: str) -> Callable[[KeyFile, int], Work]:
        return {"store": self._store, "save": self._save, "signed command": self._command}[door]

    # --- a long log --------------------------------------------------------------------------------------

    def _likeness(self) -> Callable[[KeyFile], tuple[Submission, list[StoredEvent]]]:
        """Further submissions like one that was decided: other project, number and nonce, signed anew, not decided again."""
        submission, (stored,) = self.submission(self._clerks[0])
        assert isinstance(submission.signed, Signed)
        command, state = dict(submission.signed.command), canonical.decode(stored.state)

        def another(clerk: KeyFile) -> tuple[Submission, list[StoredEvent]]:
            name, project = f"QX-2021-{next(self._numbers):06d}", new_id("project")
            command["nonce"] = secrets.token_hex(16)
            command["payload"] = {**command["payload"], "number": name, "project": project}
            command["seen"] = [[f"code:project:{name}", 0], [project, 0]]
            command["signers"] = [self.desk.capacity(clerk.key_id)]
            body = canonical.encode_trusted(command)
            (signature,) = dsse.signed(dsse.COMMAND, body, clerk.signer).signatures
            signed = Signed(
                dsse.statement_id(dsse.COMMAND, body).hex(),
                body,
                command,
                ((signature[0], dsse.b64(signature[1])),),
            )
            state.update(by=[clerk.key_id], code=f"code:project:{name}", number=name)
            event = StoredEvent(project, 1, stored.topic, canonical.encode_trusted(state))
            return Submission(signed, (1,), (), {}, submission.today, submission.epoch), [event]

        return another

    def grow(self, log: Log, size: int) -> None:
        """Append commands to a log, each in a commit of its own, until it has `size` entries."""
        another = self._likeness()
        while log.size < size:
            log.append(*another(self._clerks[log.size % CLERKS]))

    def grow_together(self, log: Log, size: int) -> None:
        """As `grow`, by 64 callers at once, whom the log commits in groups."""
        another = self._likeness()
        shares = {
            clerk.key_id: [another(clerk) for _ in range((size - log.size) // CLERKS)]
            for clerk in self._clerks
        }

        def append(share: list[tuple[Submission, list[StoredEvent]]]) -> None:
            for submission, stored in share:
                log.append(submission, stored)

        at_once([partial(append, share) for share in shares.values()])()

    # --- a batch of 1,000 ---------------------------------------------------------------------------------

    def batch(self, door: str) -> Things:
        envelope, bodies = self._batch()
        desk = self.desk
        if door == "signed command":
            wire = json.dumps(
                {
                    "commands": [dsse.b64(body) for body in bodies],
                    "envelope": dsse.envelope_json(envelope),
                }
            ).encode()
            return ROWS, lambda: _done(desk.submit(wire))
        signed = admit_batch(envelope, bodies, desk.public_key)
        if door == "save":
            return ROWS, lambda: desk.ledger.handle_batch(signed)
        today, world = desk.ledger._today(), self._world()
        decision = decide_batch(world, signed, today)
        submission = Submission(signed, decision.sizes, decision.indexes, world.reads, today, desk.log.epoch)
        stored = [self._mapper.to_stored_event(event) for event in decision.events]
        return ROWS, lambda: desk.log.append(submission, stored)


def _done(answer: Answer) -> None:
    """What is measured must have been recorded, whole."""
    if not answer.ok or answer.refused or answer.replayed:
        raise AssertionError(answer.message or f"{len(answer.refused)} rows refused")
