"""Load sessions (集中登记场次): the books of whole areas are built up in one go, with a population stated beforehand (D9).

乡农服中心 proposes a session for areas, with the cut-over date (基准日) and the population (应登记数) as the township states
it; 乡党委政府 approves, and it is open. Closing (封账) is proposed and approved in the same way: both sign what had been
loaded and, where that differs from what was stated, why. What a session does to the commands of others is in loading.py.
"""

from collections.abc import Iterable, Sequence
from typing import Annotated

from eventsourcing.domain import event
from pydantic import Field

from domain.area import Area
from domain.base import Aggregate, Event, State
from domain.command import Payload, also_gives, command
from domain.errors import (
    DifferenceUnexplained,
    LabelDiffers,
    LoadedDiffers,
    NotInBatch,
    SessionOverlaps,
    WrongCutOver,
    WrongPhase,
)
from domain.holding import check_label
from domain.loading import is_closing, is_over, next_number
from domain.population import Population, counted
from domain.proposal import Proposal
from domain.standing import LoadFacts, Phase
from domain.values import (
    INTEGER_MAX,
    AreaId,
    FilledLine,
    IsoDate,
    LoadId,
    ProposalId,
    Text,
    code,
    named,
    shortened,
)
from domain.world import Case

NEEDS = [["approves", "township"]]
NAME_SHOWN = 30  # characters of a name in a label, which has a limit of its own


@command(
    "load.open.v1",
    title="提出开立集中登记场次",
    may={"act": ("service_centre",)},
    events=("load.proposed.v1", "proposal.made.v1"),
)
class OpenLoad(Payload):
    area_label: FilledLine
    areas: Annotated[list[AreaId], Field(min_length=1, max_length=30)]
    cut_over_on: IsoDate
    expires_on: IsoDate
    load: LoadId
    name: FilledLine
    population: Population
    proposal: ProposalId

    def summary(self) -> str:
        return f"{self.label()}（{shortened(self.area_label)}）"

    def label(self) -> str:
        """What whoever approves must recognise."""
        name = shortened(self.name, NAME_SHOWN)
        return f"开立集中登记场次：{name}，基准日 {self.cut_over_on}，应登记{self.population}"

    def places(self, case: Case) -> Sequence[str]:
        return self.areas

    def decide(self, case: Case) -> None:
        check_label(case, self.areas, self.area_label)
        load = case.world.create(Load, self.load, "场次编号")
        proposal = case.world.create(Proposal, self.proposal, "提议编号")
        load.propose(self, case)
        proposal.make(
            case,
            kind="load.open",
            label=self.label(),
            target=load,
            needs=NEEDS,
            expires_on=self.expires_on,
        )


@command(
    "load.close.v1",
    title="提出集中登记封账",
    may={"act": ("service_centre",)},
    events=("area.load_changed.v1", "load.closing_proposed.v1", "proposal.made.v1"),
)
class CloseLoad(Payload):
    """From here on nothing is loaded any more, unless the proposal is withdrawn or expires."""

    expires_on: IsoDate
    explanation: Text  # of a difference
    load: LoadId
    loaded: Population
    name: FilledLine
    proposal: ProposalId

    def summary(self) -> str:
        return self.label()

    def label(self) -> str:
        return f"集中登记封账：{shortened(self.name, NAME_SHOWN)}，已登记{self.loaded}"

    def places(self, case: Case) -> Sequence[str]:
        return case.world.there(Load, self.load, "集中登记场次").places(case.today)

    def decide(self, case: Case) -> None:
        load = case.world.get(Load, self.load, "集中登记场次")
        proposal = case.world.create(Proposal, self.proposal, "提议编号")
        load.propose_closing(self, case)
        proposal.make(
            case,
            kind="load.close",
            label=self.label(),
            target=load,
            needs=NEEDS,
            expires_on=self.expires_on,
        )
        load.mark_areas(case, load.covered(case), "closing", self.proposal)


also_gives("proposal.endorse.v1", "area.load_changed.v1", "load.closed.v1", "load.opened.v1")


class Load(Aggregate):
    """One session: proposed, open, closed."""

    TOPIC = "load"

    class Proposed(Event):
        TOPIC = "load.proposed.v1"
        area_label: str
        areas: list[str]
        by: list[str]
        cut_over_on: str
        name: str
        occurred_on: str
        population: State
        proposal: str

    class Opened(Event):
        TOPIC = "load.opened.v1"
        by: list[str]
        code: str
        number: int
        occurred_on: str
        proposal: str

    class ClosingProposed(Event):
        TOPIC = "load.closing_proposed.v1"
        by: list[str]
        explanation: str
        loaded: State
        occurred_on: str
        proposal: str

    class Closed(Event):
        TOPIC = "load.closed.v1"
        by: list[str]
        difference: State  # loaded less stated
        explanation: str
        loaded: State
        notes: list[str]
        occurred_on: str
        proposal: str

    def _begin(self) -> None:
        self.name = ""
        self.areas: list[str] = []
        self.cut_over_on = ""
        self.population: State = {}
        self.phase = "proposed"
        self.opened_at = 0  # version
        self.proposal = ""  # the one made last
        self.closing_at = 0  # version of the closing proposed last
        self.loaded: State = {}
        self.explanation = ""

    @property
    def called(self) -> str:
        """How a refusal calls it."""
        return named("场次", self.name, self.id)

    # --- guards ---

    def propose(self, asked: OpenLoad, case: Case) -> None:
        if asked.cut_over_on > case.occurred_on:  # LOAD-1
            raise WrongCutOver(f"基准日 {asked.cut_over_on} 晚于提出之日 {case.occurred_on}")
        if len(set(asked.areas)) < len(asked.areas):
            raise WrongCutOver("场次的区域不得重复")
        stated = case.payload
        self.require_alone(case, stated["areas"])
        self._proposed(
            area_label=asked.area_label,
            areas=stated["areas"],
            by=case.by,
            cut_over_on=asked.cut_over_on,
            name=asked.name,
            occurred_on=case.occurred_on,
            population=stated["population"],
            proposal=asked.proposal,
        )

    def propose_closing(self, asked: CloseLoad, case: Case) -> None:
        if asked.name != self.name:  # ID-3
            raise LabelDiffers(f"场次 {self.id} 的名称是“{self.name}”，所写是“{asked.name}”", subject=self.id)
        if self.phase != "open":  # LOAD-5
            raise WrongPhase(f"{self.called}{_PHASES[self.phase]}，不能封账", subject=self.id)
        if self.closing_at and is_closing(case, self.proposal):
            label = case.world.get(Proposal, self.proposal, "提议").label
            raise WrongPhase(
                f"{self.called}已提出封账，须先批准、撤回或到期：{named('提议', label, self.proposal)}",
                subject=self.proposal,
            )
        stated = case.payload["loaded"]
        if stated != self.population and not asked.explanation.strip():  # LOAD-3
            raise DifferenceUnexplained(
                f"{self.called}应登记{Population(**self.population)}，所写已登记{asked.loaded}，须说明差异原因",
                subject=self.id,
            )
        self.require_loaded(case, stated)
        self._closing_proposed(
            by=case.by,
            explanation=asked.explanation,
            loaded=stated,
            occurred_on=case.occurred_on,
            proposal=asked.proposal,
        )

    # --- what a proposal asks of its target ---

    def places(self, day: str) -> list[str]:
        return self.areas

    def accepts(self, proposal: Proposal) -> bool:
        """A closing proposed later takes the place of an earlier one."""
        return self.proposal == proposal.id

    def fulfil(self, case: Case, proposal: Proposal) -> None:
        if case.batch:  # BATCH-5
            raise NotInBatch("集中登记场次的开立和封账须单独签名，不得成批", subject=self.id)
        if proposal.kind == "load.open":
            self.open(case)
        else:
            self.close(case)

    def open(self, case: Case) -> None:
        number = self.require_alone(case, self.areas)
        done = {"by": case.by, "occurred_on": case.occurred_on, "proposal": self.proposal}
        self.trigger_event(self.Opened, code=code("load", str(number)), number=number, **done)
        # What took the place of another of them comes first: it is under the session as they all are, not as an heir.
        order = sorted(self.areas, key=lambda area: len(list(case.world.above(area, case.today))))
        self.mark_areas(case, order, "open", "")

    def require_alone(self, case: Case, areas: Sequence[str]) -> int:
        """No other session that is not closed reaches into these areas, nor they into its own (LOAD-2). The number it opens under."""
        world, today = case.world, case.today
        for other in world.directory.loads.values():
            if other.phase != "closed" and (
                any(is_over(case, other, one) for one in areas)
                or any(area in world.above(one, today) for one in other.areas for area in areas)
            ):
                called = world.get(Load, other.id, "场次").called
                raise SessionOverlaps(f"{called}尚未封账，其区域与所提的重叠", subject=other.id)
        return next_number(case)

    def close(self, case: Case) -> None:
        loaded = self.require_loaded(case, self.loaded, self.closing_at)
        difference = {
            part: {name: loaded[part][name] - stated[name] for name in stated}
            for part, stated in self.population.items()
        }
        self.trigger_event(
            self.Closed,
            by=case.by,
            difference=difference,
            explanation=self.explanation,
            loaded=loaded,
            notes=[] if loaded == self.population else ["LOAD-3"],
            occurred_on=case.occurred_on,
            proposal=self.proposal,
        )
        self.mark_areas(case, self._within(case), "closed", "")

    def covered(self, case: Case) -> list[str]:
        """Its areas, and those that have come under it since it was opened, for what they took over."""
        known = case.world.session(self.id)
        return [*self.areas, *sorted((known.areas | known.heirs).difference(self.areas))]

    def require_loaded(self, case: Case, stated: State, closing_at: int = 0) -> State:
        """What was loaded, which is what is stated (LOAD-4).

        Since the closing was proposed (at that version) nothing is, so that nobody's entry can slip in between count and close.
        Until it is recorded others do load, of which whoever decides need not know: so a proposal may state less, but no more
        than it finds; what has come by then, and a replay counts too, cannot make that untrue.
        """
        start = self._position(case, self.opened_at)
        end = self._position(case, closing_at) if closing_at else INTEGER_MAX
        loaded = counted(case, case.world.session(self.id), (start, end))
        more = any(stated[part][name] > found for part in loaded for name, found in loaded[part].items())
        if more or (closing_at and stated != loaded):
            raise LoadedDiffers(
                f"{self.called}已登记{Population(**loaded)}，封账所写是{Population(**stated)}，"
                + ("请撤回后按实际另提" if closing_at else "请按实际填写"),
                subject=self.id,
                loaded=loaded,
            )
        return loaded

    def _position(self, case: Case, version: int) -> int:
        found = case.world.located(self.id, version)
        assert found is not None
        return found[0]

    def _within(self, case: Case) -> list[str]:
        """What it covers and all that lies in there today: its books are closed wherever it goes afterwards (LOAD-6).

        An area that is registered since the closing was proposed brings no opening; one that is while this is decided would be
        unseen.
        """
        known, since = case.world.session(self.id), self._position(case, self.closing_at)
        lying = (
            one
            for one in case.world.directory.areas
            if (first := case.world.located(one, 1)) is not None
            and first[0] < since
            and is_over(case, known, one)
        )
        return list(dict.fromkeys((*self.covered(case), *lying)))

    def mark_areas(self, case: Case, areas: Iterable[str], phase: Phase, proposal: str) -> None:
        """Say it in the streams of areas: whoever decides about what lies there consults them."""
        facts = LoadFacts(self.id, frozenset(), self.cut_over_on, phase, proposal)
        for area in areas:
            case.world.get(Area, area, "区域").mark_load(facts)

    # --- what an event does: it only assigns ---

    @event(Proposed)
    def _proposed(
        self,
        *,
        area_label: str,
        areas: list[str],
        by: list[str],
        cut_over_on: str,
        name: str,
        occurred_on: str,
        population: State,
        proposal: str,
    ) -> None:
        self.name, self.areas, self.cut_over_on = name, areas, cut_over_on
        self.population, self.proposal = population, proposal

    @event(Opened)
    def _opened(self, *, by: list[str], code: str, number: int, occurred_on: str, proposal: str) -> None:
        self.phase = "open"
        self.opened_at = self.version + 1

    @event(ClosingProposed)
    def _closing_proposed(
        self, *, by: list[str], explanation: str, loaded: State, occurred_on: str, proposal: str
    ) -> None:
        self.proposal, self.loaded, self.explanation = proposal, loaded, explanation
        self.closing_at = self.version + 1

    @event(Closed)
    def _closed(
        self,
        *,
        by: list[str],
        difference: State,
        explanation: str,
        loaded: State,
        notes: list[str],
        occurred_on: str,
        proposal: str,
    ) -> None:
        self.phase = "closed"


_PHASES: dict[str, str] = {"proposed": "尚未开立", "open": "登记中", "closed": "已封账"}
