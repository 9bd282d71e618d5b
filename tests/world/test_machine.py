"""Random working days: whatever people do in whatever order, each answer is the one foreseen, and the books stay whole.

The machine keeps a small model of 青溪乡: who may still sign, what is checked, which proposals wait, how far a disposal
has come. Each step foresees the answer from the model; the identities of D20 are asked after every entry; at the end
of a run `World.check()` is the oracle and the registers must equal the model. The steps stand noun by noun in the
modules beside this one.
"""

from __future__ import annotations

import shutil
import tempfile
from collections import Counter
from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from pathlib import Path

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, rule, run_state_machine_as_test

from domain.command import COMMANDS
from projections.follow import follow
from projections.nouns import NOUNS
from projections.register import register
from tests.support.postgres import Server
from tests.support.second import SecondVerifier
from tests.support.world import project_of
from tests.world import (
    disposal_days,
    estate_days,
    paper_days,
    people_days,
    project_days,
    proposal_days,
    standing_days,
)
from tests.world.disposal_days import DisposalDays
from tests.world.estate_days import EstateDays
from tests.world.people_days import PeopleDays
from tests.world.project_days import ProjectDays
from tests.world.proposal_days import ProposalDays
from tests.world.rarity import Rarity
from tests.world.standing_days import StandingDays

WHICH = st.integers(0, 999)
# Which steps there are, and how often each is drawn. One rule draws two of them, and the one is taken that gave the rarer
# command: every run is to see all of them, and every command. (Of more, those would be left out that others need done first.)
STEPS = {
    name: times
    for module in (
        disposal_days,
        estate_days,
        paper_days,
        people_days,
        project_days,
        proposal_days,
        standing_days,
    )
    for name, times in module.STEPS.items()
}
DRAWN = st.tuples(*[st.sampled_from([name for name, times in STEPS.items() for _ in range(times)])] * 2)
# What no day of the machine does: it has been done when the machine begins, or changes the machine itself.
NOT_OF_A_DAY = {
    "area.move.v1",
    "ledger.open.v1",
    "parameter.set.v1",
    "rules.adopt.v1",
}
# Seldom: a run in which many keys end comes to nothing.
ENDINGS = {"key.report_compromise.v1", "key.report_lost.v1", "key.revoke.v1"}


class Days(
    ProjectDays, ProposalDays, PeopleDays, DisposalDays, EstateDays, StandingDays, RuleBasedStateMachine
):
    """What the people of 青溪乡 may do on any day."""

    is_whole = False
    rarity: Rarity
    second: SecondVerifier
    database: Callable[[], AbstractContextManager[str]]

    @initialize()
    def open(self) -> None:
        self.directory = Path(tempfile.mkdtemp(prefix="bangfu-days-"))
        self.held = self.database()
        self.open_office(self.directory / "ledger", self.held.__enter__())
        # A morning that was always the same: so that every run has something to check and to sign.
        self.begin_projects()
        self.begin_estate()
        self.begin_papers()
        self.begin_disposals()
        self.begin_standing()
        self.gave: dict[str, list[str]] = {}  # commands accepted, by the step that gave them
        self.is_whole = True

    @rule(drawn=DRAWN, which=WHICH, who=WHICH, odd=st.integers(0, 7))
    def step(self, drawn: tuple[str, ...], which: int, who: int, odd: int) -> None:
        """Something that somebody does; `odd` is 0 where it is done wrongly."""
        self.is_whole = False
        step, start = min(drawn, key=self.rarity.of), self.world.desk.log.size
        getattr(self, step)(which, who, odd)
        self.gave.setdefault(step, []).extend(told.partition(" ")[0] for told in self.recorded(start))
        self.is_whole = True

    def teardown(self) -> None:
        if not hasattr(self, "world"):
            return
        went_well = False
        try:
            if self.is_whole:  # what failed in the middle is told there
                self.world.check(self.directory, self.second)
                self.register_equals_model()
                self.count_accepted()
                self.rarity.learn(self.gave)
                went_well = True
        finally:
            if not went_well:
                self.rarity.stop()
            self.world.close()
            self.held.__exit__(None, None, None)
            shutil.rmtree(self.directory)

    def register_equals_model(self) -> None:
        desk = self.world.desk
        follow(desk.reader, desk.projections)
        rows = register(desk.projections, NOUNS["project"], limit=100_000).rows
        shown = {row["id"]: (row["name"], row["checked"], row["class"]) for row in rows}
        assert shown == {
            project_of(one.name): (one.name, self.is_checked(one), one.class_) for one in self.projects
        }
        self.estate_equals_model()
        self.disposals_equal_model()


def run_days(
    second: SecondVerifier,
    database: Callable[[], AbstractContextManager[str]],
    examples: int,
    steps: int,
    derandomize: bool,
) -> tuple[int, Counter[str]]:
    """Run the machine; how many commands were handed in, and how often each was accepted, each refusal given."""
    own = {
        "second": second,
        "database": staticmethod(database),
        "commands": 0,
        "rarity": Rarity(ENDINGS),
        "tally": Counter(),
    }
    machine = type("TheseDays", (Days,), own)
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
    return machine.commands, machine.tally  # type: ignore[attr-defined]


def ask(commands: int, tally: Counter[str], least: int) -> None:
    """Enough was said, and disposals arrived; what was never said is told."""
    said = {told.partition(" ")[0] for told in tally}
    assert commands >= least
    for name in ("decide", "approve", "settle", "derecognise", "handle", "endorse"):
        assert f"disposal.{name}.v1" in said, f"{name} was never accepted: {sorted(tally.items())}"
    if least >= 2000:
        print(*(f"{times:6} {told}" for told, times in sorted(tally.items())), sep="\n")
        missing = set(COMMANDS) - NOT_OF_A_DAY - ENDINGS - said
        assert not missing, sorted(missing)
        assert said & ENDINGS


def test_200_commands_on_sqlite(second: SecondVerifier) -> None:
    ask(*run_days(second, lambda: nullcontext(""), 8, 50, derandomize=True), least=200)


def test_200_commands_on_postgresql(second: SecondVerifier, postgresql_server: Server) -> None:
    ask(*run_days(second, postgresql_server.database, 8, 50, derandomize=True), least=200)


@pytest.mark.soak
def test_2000_commands_on_sqlite(second: SecondVerifier) -> None:
    ask(*run_days(second, lambda: nullcontext(""), 25, 100, derandomize=False), least=2000)


@pytest.mark.soak
def test_2000_commands_on_postgresql(second: SecondVerifier, postgresql_server: Server) -> None:
    ask(*run_days(second, postgresql_server.database, 25, 100, derandomize=False), least=2000)
