"""Random working days: whatever people do in whatever order, each answer is the one foreseen, and the books stay whole.

The machine keeps a small model of 青溪乡: who may still sign, what is checked, which proposals wait. Each step foresees
the answer from the model, and at the end of a run `World.check()` is the oracle and the register must equal the model.
"""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, rule, run_state_machine_as_test

from api.compose import sign_command
from api.desk import Answer
from audit import dsse
from projections.follow import follow
from projections.register import Filter, register
from tests.support.logbook import new_id
from tests.support.postgres import Server
from tests.support.second import SecondVerifier
from tests.support.world import REGISTRARS, STAFF, World, key_of, post, project_of
from tests.world.estate_days import STEPS as ESTATE_STEPS
from tests.world.estate_days import EstateDays, Thing

WHICH = st.integers(0, 999)
# Which steps there are, and how often each is taken. One rule draws among them: every run is to see all of them.
STEPS = {
    "sign": 10,
    "list_project": 4,
    "list_a_number_twice": 1,
    "import_rows": 3,
    "supersede": 3,
    "check_one": 4,
    "check_batch": 3,
    "opine": 5,
    "correct": 4,
    "withdraw": 2,
    "enrol": 1,
    "end_key": 1,
    "close_post": 1,
    "send_again": 3,
    "sign_wrongly": 2,
} | ESTATE_STEPS
DRAWN = [name for name, times in STEPS.items() for _ in range(times)]


@dataclass
class Somebody:
    """A person with a key, and what has become of both."""

    name: str
    role: str
    places: tuple[str, ...]
    ended: bool = False
    closed: bool = False

    def may(self, *roles: str) -> str:
        """The code with which a command for these roles is refused; empty when it is not."""
        if self.ended:
            return "key_not_good"
        if self.closed:
            return "capacity_not_held"
        if self.role in roles:
            return ""
        return "discipline_independent" if self.role == "discipline" else "role_not_allowed"

    def over(self, place: str) -> bool:
        return place in self.places or (place in ("kang", "shan") and "town" in self.places)


@dataclass
class Listed:
    """A project as the machine knows it."""

    name: str
    place: str
    enterer: str
    position: int
    version: int = 1
    batch: int = -1  # position of the outcome, of a row that its batch would check
    index: int = 0
    checked: bool = False
    class_: str = ""
    open_class: int = -1  # position of the class proposal made last, until it is completed
    scales: dict[int, str] = field(default_factory=lambda: {1: "200亩"})  # by version, not withdrawn
    streams: int = 1  # versions of its stream so far


@dataclass
class Proposed:
    """A proposal as the machine knows it."""

    kind: str
    project: Listed | Thing
    by: list[str]
    needs: list[tuple[str, str]]
    label: str
    id: str
    class_: str = ""
    corrects: int = 0
    now: str = ""
    signed: int = 0
    withdrawn: bool = False

    @property
    def open(self) -> bool:
        return self.signed < len(self.needs) and not self.withdrawn


@dataclass
class Imported:
    """A batch as the machine knows it."""

    enterer: str
    rows: int
    members: dict[int, Listed]
    checked: bool = False


class Days(EstateDays, RuleBasedStateMachine):
    """What the people of 青溪乡 may do on any day."""

    second: SecondVerifier
    database: Callable[[], AbstractContextManager[str]]
    commands = 0

    @initialize()
    def open(self) -> None:
        self.directory = Path(tempfile.mkdtemp(prefix="bangfu-days-"))
        self.held = self.database()
        self.world = World(self.directory / "ledger", self.held.__enter__()).settle()
        self.staff = {name: Somebody(name, role, places) for name, (role, _, places) in STAFF.items()}
        for name in REGISTRARS:
            self.staff[name] = Somebody(name, "registrar", ())
        self.projects: list[Listed] = []
        self.proposals: dict[int, Proposed] = {}
        self.batches: dict[int, Imported] = {}
        self.numbers: set[str] = set()
        # A morning that was always the same: so that every run has something to check and to sign.
        self.list_project(0, 1, 1)
        self.import_rows(3, 1, 4)
        self.check_one(0, 1, 1)
        self.check_batch(0, 1, 1)
        self.opine(3, 1, 4)
        self.correct(1, 1, 1)
        self.begin_estate()

    @rule(step=st.sampled_from(DRAWN), which=WHICH, who=WHICH, odd=st.integers(0, 7))
    def step(self, step: str, which: int, who: int, odd: int) -> None:
        """Something that somebody does; `odd` is 0 where it is done wrongly."""
        getattr(self, step)(which, who, odd)

    def teardown(self) -> None:
        if not hasattr(self, "world"):
            return
        try:
            self.world.check(self.directory, self.second)
            self.register_equals_model()
        finally:
            self.world.close()
            self.held.__exit__(None, None, None)
            shutil.rmtree(self.directory)

    def register_equals_model(self) -> None:
        desk = self.world.desk
        follow(desk.reader, desk.projections)
        rows = register(desk.projections, Filter(), limit=100_000).rows
        shown = {row.id: (row.name, row.checked, row.class_ or "") for row in rows}
        assert shown == {
            project_of(one.name): (one.name, self.is_checked(one), one.class_) for one in self.projects
        }
        self.estate_equals_model()

    # --- what a step is made of ---

    def foreseen(self, code: str, act: Callable[[], Answer], size: int = 1) -> int:
        """Do it: the position when `code` is empty, −1 when it is refused as foreseen and nothing is recorded."""
        type(self).commands += 1
        before = self.world.desk.log.size
        answer = act()
        self.world.desk.log.refresh()
        assert answer.code == code, f"foreseen {code or 'accepted'}, got {answer.code} {answer.message}"
        assert self.world.desk.log.size == before + (0 if code else size)
        if code:
            return -1
        assert answer.position == before
        return before

    def somebody(self, which: int, *roles: str, place: str = "") -> Somebody:
        """Mostly somebody who may, over that place; now and then anybody."""
        fit = [one for one in self.staff.values() if not one.may(*roles) and (not place or one.over(place))]
        pool = fit if fit and which % 8 else list(self.staff.values())
        return pool[which // 8 % len(pool)]

    def registrar(self) -> Somebody:
        return next(one for one in self.staff.values() if one.role == "registrar" and not one.ended)

    def one(self, which: int) -> Listed:
        return self.projects[which % len(self.projects)]

    def is_checked(self, one: Listed | Thing) -> bool:
        if isinstance(one, Thing):
            return one.checked
        batch = self.batches.get(one.batch)
        return one.checked or (batch is not None and batch.checked and one.index in batch.members)

    def new_name(self) -> str:
        return f"示例项目{self.commands}"

    # --- facts ---

    def list_project(self, which: int, who: int, odd: int) -> None:
        """A fact is recorded whatever its signer had seen."""
        place = ("kang", "shan", "town", "source")[which % 4]
        roles, name = ("village_admin", "recorder", "service_centre"), self.new_name()
        by = self.somebody(who, *roles, place=place)
        code = by.may("village_admin", "recorder", "service_centre")
        if not code and not by.over(place):
            code = "outside_area"
        payload = self.world.project(name, place=place, number=f"QX-{self.commands}")
        seen = None if odd else {project_of(name): 5}
        position = self.foreseen(
            code, lambda: self.world.says("project.list.v1", payload, by.name, nature="fact", seen=seen)
        )
        if position >= 0:
            self.numbers.add(payload["number"])
            self.projects.append(Listed(name, place, by.name, position))

    def list_a_number_twice(self, which: int, _who: int, _odd: int) -> None:
        number = sorted(self.numbers)[which % len(self.numbers)]
        payload = self.world.project(self.new_name(), place="town", number=number)
        by = self.somebody(1, "recorder")
        code = by.may("recorder", "service_centre", "village_admin")
        code = code or ("taken" if by.over("town") else "outside_area")
        self.foreseen(code, lambda: self.world.says("project.list.v1", payload, by.name, nature="fact"))

    def import_rows(self, which: int, who: int, odd: int) -> None:
        """A batch: what is wrong with a row refuses that row, and the batch when no row is left (BATCH-6)."""
        by = self.somebody(who, "recorder", "village_admin")
        rows = [
            ("new", "taken", "elsewhere", "new")[(which + number * number) % 4] for number in range(odd + 1)
        ]
        bad = by.may("village_admin", "recorder", "service_centre")
        payloads: list[dict[str, Any]] = []
        refused: list[tuple[int, str]] = []
        fresh: dict[int, tuple[str, str, str]] = {}
        home = by.places[0] if by.places else "town"
        for index, kind in enumerate(rows):
            place = home if kind != "elsewhere" else "shan" if home == "kang" else "kang"
            number = f"QX-{self.commands}-{index}" if kind != "taken" else f"QX-{self.commands}-0"
            name = f"{self.new_name()}-{index}"
            payloads.append(self.world.project(name, place=place, number=number, fen=100 * (index + 1)))
            if bad:
                refused.append((index, bad))
            elif not by.over(place):
                refused.append((index, "outside_area"))
            elif number in {known for _, _, known in fresh.values()}:
                refused.append((index, "taken"))
            else:
                fresh[index] = name, place, number
        answers: list[Answer] = []

        def act() -> Answer:
            answers.append(self.world.batch(payloads, by.name))
            return answers[0]

        position = self.foreseen("" if fresh else "nothing_accepted", act, 1 + len(fresh))
        if position < 0:
            told = [(row["index"], row["code"]) for row in (answers[0].detail or {})["rows"]]
            assert told == refused
            return
        assert [(index, code) for index, code, _, _ in answers[0].refused] == refused
        members = {}
        for offset, (index, (name, place, number)) in enumerate(fresh.items(), 1):
            members[index] = Listed(name, place, by.name, position + offset, batch=position, index=index)
            self.projects.append(members[index])
            self.numbers.add(number)
        self.batches[position] = Imported(by.name, len(rows), members)

    def supersede(self, which: int, who: int, odd: int) -> None:
        one = self.one(which)
        by = self.staff[one.enterer] if who % 3 else self.somebody(who, "village_admin", "recorder")
        version = one.version if odd or one.version == 1 else one.version - 1
        code = by.may("village_admin", "recorder", "service_centre")
        if not code and not by.over(one.place):
            code = "outside_area"
        if not code and self.is_checked(one):
            code = "already_checked"
        if not code and version != one.version:
            code = "wrong_entry"
        if not code and by.name != one.enterer:
            code = "not_enterer"
        payload = self.world.project(one.name, place=one.place, scale=f"{self.commands}亩")
        payload |= {"number": self.number_of(one), "reason": "数量有误", "version": version}
        position = self.foreseen(
            code, lambda: self.world.says("project.supersede.v1", payload, by.name, nature="fact")
        )
        if position >= 0:
            one.scales.pop(one.version, None)
            one.streams += 1
            one.position, one.version, one.batch = position, one.streams, -1
            one.scales[one.version] = payload["scale"]

    def number_of(self, one: Listed) -> str:
        state = self.world.entry(one.position).state
        return str(state["number"])

    # --- checks ---

    def check_one(self, which: int, who: int, odd: int) -> None:
        one = self.one(which)
        by = self.somebody(who, "service_centre", place=one.place)
        entry = self.world.entry(one.position)
        payload = {
            "leaf": entry.leaf,
            "name": one.name,
            "position": one.position,
            "project": project_of(one.name),
            "version": one.version,
        }
        code = by.may("service_centre") or ("" if by.over(one.place) else "outside_area")
        if not code and not odd:
            code = "subject_moved"
        if not code and self.is_checked(one):
            code = "already_checked"
        if not code and by.name == one.enterer:
            code = "same_person"
        seen = None if odd else {project_of(one.name): 0}
        if (
            self.foreseen(code, lambda: self.world.says("project.endorse.v1", payload, by.name, seen=seen))
            >= 0
        ):
            one.checked = True
            one.streams += 1

    def check_batch(self, which: int, who: int, odd: int) -> None:
        position = sorted(self.batches)[which % len(self.batches)]
        batch, by = self.batches[position], self.somebody(who, "service_centre")
        excepted = sorted(batch.members)[: odd % 2] if odd else [batch.rows]
        code = by.may("service_centre")
        if not code and not all(by.over(place) for place in self.staff[batch.enterer].places):
            code = "outside_area"
        if not code and batch.checked:
            code = "already_checked"
        if not code and by.name == batch.enterer:
            code = "same_person"
        if not code and excepted and excepted[0] not in batch.members:
            code = "wrong_exception"
        rows = [(index, "与原件不符") for index in excepted]
        if self.foreseen(code, lambda: self.world.endorse(position, "checks", by.name, rows)) >= 0:
            batch.checked = True
            for index in excepted:
                batch.members.pop(index).batch = -1

    # --- proposals ---

    def opine(self, which: int, who: int, odd: int) -> None:
        class_ = ("idle", "weak", "advantaged", "eliminated")[odd % 4]
        checked = [one for one in self.projects if self.is_checked(one)]
        one = checked[which % len(checked)] if checked and which % 4 else self.one(which)
        by = self.somebody(who, "village_admin", place=one.place)
        code = by.may("village_admin", "service_centre")
        if not code and not by.over(one.place):
            code = "outside_area"
        if not code and by.role != "village_admin":
            code = "wrong_stage"
        if not code and not self.is_checked(one):
            code = "not_checked"
        waiting = self.proposals.get(one.open_class)
        if not code and waiting is not None and waiting.open:
            code = "proposal_open"
        name = str(self.commands)
        payload = self.world.opinion(one.name, name, class_)
        position = self.foreseen(code, lambda: self.world.says("project.opine_class.v1", payload, by.name), 2)
        if position >= 0:
            one.streams += 1
            one.open_class = position
            labels = {"advantaged": "优势类", "weak": "薄弱类", "idle": "闲置类", "eliminated": "淘汰类"}
            self.proposals[position] = Proposed(
                "class",
                one,
                [by.name],
                [("checks", "service_centre"), ("seals", "township")],
                f"村级初步认定：{labels[class_]}",
                new_id("proposal", name),
                class_,
            )

    def correct(self, which: int, who: int, odd: int) -> None:
        one = self.one(which)
        by = self.somebody(who, "village_admin", "recorder", "service_centre", place=one.place)
        code = by.may("village_admin", "recorder", "service_centre")
        if not code and not by.over(one.place):
            code = "outside_area"
        version = max(one.scales)
        was = one.scales[version] if odd else "没有写过"
        if not code and not odd:
            code = "nothing_corrected"
        name = str(self.commands)
        changes = [{"field": "scale", "now": f"更正{name}亩", "was": was}]
        payload = self.world.correction(one.name, name, version, changes=changes)
        position = self.foreseen(code, lambda: self.world.says("project.correct.v1", payload, by.name), 2)
        if position >= 0:
            one.streams += 1
            self.proposals[position] = Proposed(
                "correct",
                one,
                [by.name],
                [("checks", "service_centre")],
                "更正：scale",
                new_id("proposal", name),
                corrects=version,
                now=f"更正{name}亩",
            )

    def sign(self, which: int, who: int, odd: int) -> None:
        """The next signature of a proposal, by whom it needs or by anybody; the last one completes it."""
        positions = sorted(self.proposals)
        waiting = [at for at in positions if self.proposals[at].open]
        pool = waiting if waiting and which % 6 else positions
        position = pool[which // 6 % len(pool)]
        made = self.proposals[position]
        capacity, role = made.needs[min(made.signed, len(made.needs) - 1)]
        by = self.somebody(who if odd else who * 8, role, place=made.project.place)
        said = capacity if odd != 1 else "approves"
        code = by.may("service_centre", "township") or ("" if by.over(made.project.place) else "outside_area")
        code = code or self.why_not_signed(made, position, by, said, (capacity, role))
        last = made.signed + 1 == len(made.needs)
        size = 2 if last else 1
        if self.foreseen(code, lambda: self.world.endorse(position, said, by.name), size) < 0:
            return
        made.signed += 1
        made.by.append(by.name)
        if last:
            one = made.project
            one.streams += 1
            if isinstance(one, Thing):
                one.registered, one.open_class = True, -1
            elif made.kind == "class":
                one.class_, one.open_class = made.class_, -1
            else:
                del one.scales[made.corrects]
                one.scales[one.streams] = made.now

    def why_not_signed(
        self, made: Proposed, position: int, by: Somebody, said: str, need: tuple[str, str]
    ) -> str:
        one, (capacity, role) = made.project, need
        if not made.open:
            return "proposal_closed"
        if made.kind != "correct" and one.open_class != position:
            return "proposal_closed"
        if said != capacity or by.role != role:
            return "wrong_capacity"
        if by.name in made.by:
            return "same_person"
        if any(self.staff[name].ended for name in made.by):
            return "key_not_good"
        if made.signed + 1 < len(made.needs):
            return ""
        if not isinstance(one, Listed):
            return "not_checked" if not one.checked else "ownership_disputed" if one.disputed else ""
        if made.kind == "class":
            return "" if self.is_checked(one) else "not_checked"
        return "" if made.corrects in one.scales else "nothing_corrected"

    def withdraw(self, which: int, who: int, odd: int) -> None:
        positions = sorted(self.proposals)
        made = self.proposals[positions[which % len(positions)]]
        roles = ("village_admin", "service_centre", "recorder")
        by = self.somebody(who, *roles) if not odd else self.staff[made.by[0]]
        code = by.may(*roles)
        if not code and not made.open:
            code = "proposal_closed"
        if not code and by.name != made.by[0]:
            code = "not_proposer"
        payload = {"label": made.label, "proposal": made.id, "reason": "另议"}
        if self.foreseen(code, lambda: self.world.says("proposal.withdraw.v1", payload, by.name)) >= 0:
            made.withdrawn = True

    # --- people ---

    def enrol(self, which: int, _who: int, _odd: int) -> None:
        """Three commands: a person, a post, a key."""
        role = ("village_admin", "recorder", "service_centre", "township")[which % 4]
        body = {"village_admin": "kang", "township": "town"}.get(role, "centre")
        places = ("kang",) if role == "village_admin" else ("town", "source")
        name = f"新人{self.commands}"
        self.world.keys[name] = key_of(name)
        self.world.employ(name, role, body, places, self.registrar().name)
        type(self).commands += 3
        self.staff[name] = Somebody(name, role, places)

    def end_key(self, which: int, who: int, odd: int) -> None:
        """Seldom somebody that nobody could stand in for: the others must be able to go on."""
        how = ("revoke", "report_lost", "report_compromise")[odd % 3]
        names = sorted(self.staff)
        of = self.staff[names[which % len(names)]]
        peers = [
            one for one in self.staff.values() if one.role == of.role and not one.ended and not one.closed
        ]
        if of.role != "registrar" and len(peers) < 2 and which % 5:
            return
        good = [one for one in self.staff.values() if one.role == "registrar" and not one.ended]
        others = [one for one in good if one is not of]
        itself, wanted = who % 4 == 0, 2 if of.role == "registrar" else 1
        by = [of] if itself else others[:wanted] if odd and others else good[:1]
        if itself and how != "revoke":
            code = of.may(of.role)
        elif len(by) != wanted:
            code = "wrong_signers"
        else:
            code = next(filter(None, (one.may("registrar") for one in by)), "")
        if not code and of.ended:
            code = "key_not_good"
        if not code and of.role == "registrar" and not others:
            code = "last_registrar"
        key = self.world.keys[of.name].key_id
        payload: dict[str, Any] = {"key": key, "reason": "示例"}
        if how == "report_compromise":
            payload["from_position"] = self.world.desk.ledger.directory.keys[key].position + 1 + which % 40
        names = [one.name for one in by]
        if self.foreseen(code, lambda: self.world.says(f"key.{how}.v1", payload, *names)) >= 0:
            of.ended = True

    def close_post(self, which: int, _who: int, _odd: int) -> None:
        names = sorted(name for name in self.staff if name not in REGISTRARS)
        of = self.staff[names[which % len(names)]]
        peers = [
            one for one in self.staff.values() if one.role == of.role and not one.ended and not one.closed
        ]
        if len(peers) < 2 and which % 5:
            return
        payload = {"post": post(of.name), "reason": "撤并", "title": f"示例岗位 {of.name}"}
        code = "capacity_not_held" if of.closed else ""
        by = self.registrar().name
        if self.foreseen(code, lambda: self.world.says("post.close.v1", payload, by)) >= 0:
            of.closed = True

    # --- what is no new word ---

    def send_again(self, which: int, _who: int, _odd: int) -> None:
        """The same answer, nothing recorded: even when the key has ended meanwhile."""
        was = self.world.done[which % len(self.world.done)]
        type(self).commands += 1
        with self.world.nothing_recorded():
            answer = self.world.hand_in(was.envelope, was.bodies or None)
        assert answer.ok, answer
        assert answer.replayed
        assert (answer.command, answer.position, answer.n) == (
            was.answer.command,
            was.answer.position,
            was.answer.n,
        )

    def sign_wrongly(self, which: int, who: int, _odd: int) -> None:
        how = ("another's", "nobody's", "a changed body")[which % 3]
        by = self.somebody(who, "village_admin")
        payload = self.world.project(self.new_name())
        body = self.world.clerk(by.name).prepare("project.list.v1", payload, nature="fact")
        envelope = sign_command(body, self.world.keys[by.name].signer)
        if how == "a changed body":
            envelope = dsse.Envelope(envelope.kind, body.replace(b"200", b"300"), envelope.signatures)
        elif how == "another's":
            other = dsse.signed(dsse.COMMAND, body, key_of("外人").signer).signatures[0][1]
            envelope = dsse.Envelope(envelope.kind, body, ((envelope.signatures[0][0], other),))
        else:
            signers = [{"key": key_of("外人").key_id, "organisation": "", "post": ""}]
            body = self.world.clerk(by.name).prepare(
                "project.list.v1", payload, nature="fact", signers=signers
            )
            envelope = sign_command(body, key_of("外人").signer)
        code = "unknown_key" if how == "nobody's" else "bad_signature"
        self.foreseen(code, lambda: self.world.hand_in(envelope))


def run_days(
    second: SecondVerifier,
    database: Callable[[], AbstractContextManager[str]],
    examples: int,
    steps: int,
    derandomize: bool,
) -> int:
    """Run the machine; how many commands were handed in."""
    machine = type(
        "TheseDays", (Days,), {"second": second, "database": staticmethod(database), "commands": 0}
    )
    run_state_machine_as_test(
        machine,
        settings=settings(
            max_examples=examples,
            stateful_step_count=steps,
            derandomize=derandomize,
            database=None,
            deadline=None,
            # A day that goes wrong is told as it was; a soak takes the time to make the story short.
            phases=[Phase.generate] if derandomize else [Phase.generate, Phase.shrink],
            suppress_health_check=list(HealthCheck),
        ),
    )
    return int(machine.commands)  # type: ignore[attr-defined]


def test_200_commands_on_sqlite(second: SecondVerifier) -> None:
    assert run_days(second, lambda: nullcontext(""), 8, 40, derandomize=True) >= 200


def test_200_commands_on_postgresql(second: SecondVerifier, postgresql_server: Server) -> None:
    assert run_days(second, postgresql_server.database, 8, 40, derandomize=True) >= 200


@pytest.mark.soak
def test_2000_commands_on_sqlite(second: SecondVerifier) -> None:
    assert run_days(second, lambda: nullcontext(""), 25, 100, derandomize=False) >= 2000


@pytest.mark.soak
def test_2000_commands_on_postgresql(second: SecondVerifier, postgresql_server: Server) -> None:
    assert run_days(second, postgresql_server.database, 25, 100, derandomize=False) >= 2000
