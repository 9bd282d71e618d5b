"""What is written down by one and corrected by two: the base of most nouns.

A field is its assertions (D7); a slip in it is put right by a correction of two hands (D12).
"""

from collections.abc import Callable, Iterable, Mapping
from typing import Any, ClassVar, NamedTuple

from domain.assertions import FOREVER, Dated
from domain.base import Aggregate, Event, State
from domain.errors import LabelDiffers, NothingCorrected, Refused
from domain.errors_correction import (
    CountedElsewhere,
    EntryStays,
    UnlikeRemaining,
    WrongRemaining,
    WrongRightSubject,
)
from domain.proposal import Proposal
from domain.said import CORRECTION, DUPLICATE_OF, Said, effect_of
from domain.values import named
from domain.world import Case


class Asked(NamedTuple):
    """What correction.py asks of a correction of a noun, from what its events state.

    `unlike`: in what two of the noun differ by the state of now. `told` of a duplicate: the same of it and the one that
    remains, and the label that says so.
    """

    ask: Callable[[Case, Any, Mapping[str, Any]], None]
    unlike: Callable[[Any, Any], str]
    told: Callable[[Case, Any, Mapping[str, Any]], tuple[str, str]]


ASKED: dict[str, Asked] = {}  # by the topic of the noun


class Written(Aggregate):
    """A noun whose fields are written down, each for a day, and corrected by two hands."""

    WHAT: ClassVar[str] = ""  # the noun in Chinese, for messages

    class CorrectionProposed(Event):
        by: list[str]
        changes: list[State]
        corrects: int
        paper: str
        expires_on: str
        instead: str
        kind: str
        occurred_on: str
        proposal: str
        reason: str

        def apply(self, aggregate: Any) -> None:
            content = {name: getattr(self, name) for name in CORRECTION}
            aggregate._proposed[self.proposal] = (self.originator_version, content)

    class Corrected(Event):
        by: list[str]
        changes: list[State]
        corrects: int
        paper: str
        instead: str
        kind: str
        occurred_on: str
        proposal: str
        reason: str

        def apply(self, aggregate: Any) -> None:
            aggregate._corrected(self)

    def _begin(self) -> None:
        self._said = Said()
        # proposal -> version of the event that proposed, what it would do
        self._proposed: dict[str, tuple[int, Mapping[str, Any]]] = {}

    # --- what holds ---

    def field(self, name: str) -> Dated[Any]:
        """Every assertion made about a field, in the order they were made."""
        return self._said.field(name)

    def at(self, name: str, day: str) -> Any:
        """A field as of a day; what holds last when nothing had been said by then."""
        dated = self.field(name)
        value = dated.at(day)
        return dated.at(FOREVER) if value is None else value

    def last(self, name: str) -> Any:
        """A field as it holds with all that has been said."""
        return self.field(name).at(FOREVER)

    def first(self, name: str) -> Any:
        """A field as it was first written down, whatever has been corrected since."""
        return self.field(name).assertions[0].value

    def standing(self) -> list[Any]:
        """Every value that was said of a field and not withdrawn, of whatever day."""
        return [
            one.value
            for name in self._said.fields()
            for one in self.field(name).assertions
            if one.withdrawn is None
        ]

    @property
    def last_on(self) -> str:
        """The last day on which anything happened to it."""
        return max(self._said.days())

    @property
    def name(self) -> str:
        return self.last("name") or ""

    @property
    def called(self) -> str:
        """How a refusal calls it, to whoever may be told its name (AUTH-5)."""
        return named(self.WHAT, self.name, self.id)

    def places(self, day: str) -> list[str]:
        areas: list[str] = self.at("areas", day) or []
        return areas

    def require_name(self, name: str, day: str) -> None:
        if name != self.at("name", day):  # ID-3
            raise LabelDiffers(
                f"{self.WHAT} {self.id} 的名称是“{self.at('name', day)}”，所写是“{name}”", subject=self.id
            )

    # --- correction ---

    @property
    def registered_at(self) -> int:
        """Version of the event that says what it is."""
        return 1

    @property
    def duplicate_of(self) -> str:
        """What it was registered a second time of; "" while it counts."""
        return self.last(DUPLICATE_OF) or ""

    def require_counted(self) -> None:
        if self.duplicate_of:  # CORR-8
            raise CountedElsewhere(
                f"{self.WHAT} {self.id} 系重复登记，不再办理、不作依据，请用留存的 {self.duplicate_of}",
                subject=self.id,
            )

    def stands(self) -> Mapping[str, str]:
        """How it stands, by what no single field says: for whoever must tell it from another of its kind."""
        return {}

    def propose_correction(
        self, stated: State, proposal: str, expires_on: str, label: str, case: Case
    ) -> None:
        """`stated` is what correction.py made of the command, after the rules about what each kind states."""
        self.require_correctable(stated, case, label)
        header = {
            "by": case.by,
            "expires_on": expires_on,
            "occurred_on": case.occurred_on,
            "proposal": proposal,
        }
        self.trigger(self.CorrectionProposed, stated | header)

    def require_correctable(self, content: Mapping[str, Any], case: Case, label: str) -> None:
        """Each field is as the correction says it was, at the entry it names (CORR-1); what is struck may be.

        Asked when it is proposed, and again of the state of then when another has checked it, who has read the label.
        """
        ASKED[self.TOPIC].ask(case, self, content)
        version = content["corrects"]
        for change in content["changes"]:
            found = self.field(change["field"]).made_at(version)
            if found is None:
                raise NothingCorrected(
                    f"{self.called}第 {version} 版没有写“{change['field']}”，或已更正",
                    subject=self.id,
                )
            if found.value != change["was"]:
                raise NothingCorrected(
                    f"{self.called}第 {version} 版的“{change['field']}”是 {found.value!r}，"
                    f"所写是 {change['was']!r}",
                    subject=self.id,
                )
        effect = effect_of(content, self.id)
        if DUPLICATE_OF in effect.says and not content["changes"]:
            self.require_duplicate(version, content["instead"], case)
            unlike, told = ASKED[self.TOPIC].told(case, self, content)
            if label != told:  # CORR-6
                raise UnlikeRemaining(
                    f"与留存的 {content['instead']} 所不同的须在 unlike 栏如实写明：“{unlike}”；所提的是“{label}”",
                    subject=self.id,
                    unlike=unlike,
                )
        elif effect.strikes:
            self._require_struck(version, content, case)
        trial = self._said.copy()
        trial.correct(self.version + 1, version, effect)
        self.check(trial, case)

    def require_duplicate(self, version: int, instead: str, case: Case) -> None:
        """It was registered by this event, counts still, and so does the other, which is of its kind (CORR-6)."""
        self.require_counted()
        self._require_like(instead, WrongRemaining, case)
        if version != self.registered_at:
            raise WrongRemaining(
                f"{self.called}由第 {self.registered_at} 版登记，整项重复的须指这一版",
                subject=self.id,
            )

    def _require_struck(self, version: int, content: Mapping[str, Any], case: Case) -> None:
        """An entry of one hand about a thing that stays; all that it said is as it said it (CORR-7)."""
        if content["kind"] == "wrong_subject":
            self._require_like(content["instead"], WrongRightSubject, case)
        names = self._said.made_at(version)
        if version == self.registered_at or not names or not self.may_strike(version):
            raise EntryStays(
                f"{self.called}第 {version} 版不能整条作废：只有另记的一条、由一人登记的可以",
                subject=self.id,
            )
        if content["kind"] == "duplicate" and not self._said.twins_of(version):
            raise EntryStays(
                f"{self.called}没有另一条与第 {version} 版同日同文的，不是重复登记", subject=self.id
            )
        if any(self.field(name).made_at(version) is None for name in names):
            raise EntryStays(f"{self.called}第 {version} 版已有更正，请更正其后的各栏", subject=self.id)

    def _require_like(self, instead: str, refusal: type[Refused], case: Case) -> None:
        other = case.world.get(Written, instead, "事项")
        if other.id == self.id or other.TOPIC != self.TOPIC:
            raise refusal(f"须指另一项{self.WHAT}，所写是 {instead}", subject=instead)

    def may_strike(self, version: int) -> bool:
        """Whether an entry can be taken away as a whole and leave a thing that makes sense."""
        return False

    def check(self, said: Said, case: Case) -> None:
        """What must hold of the noun as it would be; refused or noted when it does not."""

    @property
    def proposed(self) -> dict[str, Mapping[str, Any]]:
        """What was ever proposed of it, by proposal."""
        return {proposal: content for proposal, (_, content) in self._proposed.items()}

    # --- what a proposal asks of its target ---

    def accepts(self, proposal: Proposal) -> bool:
        """Whether a proposal is still the one to sign."""
        return True

    def fulfil(self, case: Case, proposal: Proposal) -> None:
        """Do what a completed proposal proposed, on the state of now."""
        version, content = self._proposed[proposal.id]
        done = {"by": case.by, "occurred_on": case.occurred_on, "proposal": proposal.id, **content}
        if proposal.kind == f"{self.TOPIC}.correct":
            self.require_correctable(content, case, proposal.label)
            self.trigger(self.Corrected, done)
        else:
            self.require_counted()
            self.complete(case, proposal.kind, version, done)

    def complete(self, case: Case, kind: str, version: int, done: State) -> None:
        """Do what was proposed by the event `version`, when it is not a correction."""
        raise NotImplementedError(kind)

    # --- what an event does: it only assigns ---

    def _corrected(self, said: Corrected) -> None:
        self._said.correct(said.originator_version, said.corrects, effect_of(vars(said), self.id))

    def _assert(self, order: int, day: str, values: Mapping[str, Any]) -> None:
        self._said.say(order, day, values)

    def _withdraw(self, order: int, fields: Iterable[str], by: int) -> None:
        self._said.withdraw(order, fields, by)
