"""What is written down by one and checked by another: an entry (登记的一条) of a fact or an opening bears 未核 until a second
person has endorsed it, alone or with its batch (D9)."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, ClassVar, Protocol

from domain.base import Event, State
from domain.batch import Batch
from domain.errors import AlreadyChecked, NotChecked, SamePerson, WrongEntry
from domain.errors_correction import WrongRemaining
from domain.said import effect_of
from domain.values import entry_of
from domain.world import Case
from domain.written import Written


@dataclass(frozen=True, slots=True)
class EnteredBy:
    """Who made an entry, and with which batch: what decides whether it is 已核."""

    by: tuple[str, ...]
    batch: str
    batch_index: int | None


class Entry(Event):
    """One signer's word about a noun: it bears 未核 until another has endorsed it, whatever its nature.

    So many fields that the event hands itself over to be assigned.
    """

    batch: str
    batch_index: int | None
    by: list[str]
    evidence: str
    late_reason: str
    nature: str
    notes: list[str]
    occurred_on: str
    unchecked: bool

    def says(self) -> Mapping[str, Any]:
        """What it says of the noun, field by field: pure, and only of what it states itself."""
        return {}

    def apply(self, aggregate: Any) -> None:
        if self.unchecked:
            aggregate._enter(self.originator_version, self.by, self.batch, self.batch_index)
        aggregate._assert(self.originator_version, self.occurred_on, self.says())


def entry(case: Case, *kept: str) -> State:
    """What an entry keeps of its command: these fields of the payload as they stand, and what every entry has."""
    stated = {name: case.payload[name] for name in (*kept, "evidence", "late_reason")}
    return {**stated, **signed(case), "unchecked": True}


def signed(case: Case) -> State:
    """What an event keeps of its command beside the payload. An act rests on its guards; a fact is checked by another."""
    return {
        "batch": case.batch,
        "batch_index": case.index,
        "by": case.by,
        "nature": case.nature,
        "notes": case.notes,  # the same list: what is weighed later stands in it too
        "occurred_on": case.occurred_on,
        "unchecked": case.nature != "act",
    }


class AskedEndorsement(Protocol):
    """What an endorsement of an entry says, whatever the noun."""

    @property
    def leaf(self) -> str: ...
    @property
    def name(self) -> str: ...
    @property
    def position(self) -> int: ...
    @property
    def version(self) -> int: ...


class Entered(Written):
    """A noun whose entries are checked by another than entered them."""

    STRIKES: ClassVar[bool] = False  # whether its later entries stand each for itself

    class Endorsed(Event):
        by: list[str]
        leaf: str
        occurred_on: str
        position: int
        version: int

        def apply(self, aggregate: Any) -> None:
            aggregate._endorsed.add(self.version)

    def _begin(self) -> None:
        super()._begin()
        self._entries: dict[int, EnteredBy] = {}  # version -> who entered it; what was superseded is out
        self._endorsed: set[int] = set()  # versions

    # --- whether it is checked ---

    def is_registered(self, case: Case) -> bool:
        """Whether what registered it was an act, or is checked."""
        return self.registered_at not in self._entries or self.is_entry_checked(self.registered_at, case)

    def is_entry_checked(self, version: int, case: Case) -> bool:
        """已核: itself endorsed, or its batch endorsed and its row not excepted (D9)."""
        made = self._entries[version]
        if version in self._endorsed or made.batch == "":
            return version in self._endorsed
        batch = case.world.find(made.batch)
        return isinstance(batch, Batch) and made.batch_index is not None and batch.covers(made.batch_index)

    def is_checked(self, case: Case) -> bool:
        """Whether every entry about it is checked."""
        return all(self.is_entry_checked(version, case) for version in self._entries)

    def require_checked(self, case: Case) -> None:
        if not self.is_checked(case):  # PROJ-7
            raise NotChecked(f"{self.called}未核，须先由乡农服中心另一人核对", subject=self.id)

    def endorse(self, asked: AskedEndorsement, case: Case) -> None:
        self.require_name(asked.name, case.occurred_on)
        known = asked.version in self._entries
        if self.is_checked(case) or (known and self.is_entry_checked(asked.version, case)):  # PROJ-8
            raise AlreadyChecked(f"{self.called}已核，不必再核", subject=self.id)
        found = case.world.located(self.id, asked.version)
        if not known or (asked.position, asked.leaf) != found:  # PROJ-10
            raise WrongEntry(
                f"{self.called}待核的是第 {'、'.join(map(str, self._entries))} 版，"
                f"第 {asked.version} 版是{entry_of(found)}，所写的不是待核的一条",
                subject=self.id,
            )
        if case.persons & case.persons_of(self._entries[asked.version].by):  # PROJ-9
            raise SamePerson(f"{self.called}由签名人自己录入，须由另一人核对", subject=self.id)
        self.trigger_event(
            self.Endorsed,
            by=case.by,
            leaf=asked.leaf,
            occurred_on=case.occurred_on,
            position=asked.position,
            version=asked.version,
        )

    def require_duplicate(self, version: int, instead: str, case: Case) -> None:
        """What is checked does not give way to what its enterer may still rewrite alone (CORR-6)."""
        super().require_duplicate(version, instead, case)
        other = case.world.get(Entered, instead, self.WHAT)
        if self.is_registered(case) and not other.is_registered(case):
            raise WrongRemaining(
                f"{self.called}已核，留存的是{other.called}，未核，须先核对", subject=instead
            )

    def may_strike(self, version: int) -> bool:
        return self.STRIKES and version in self._entries

    # --- what an event does: it only assigns ---

    def _corrected(self, said: Written.Corrected) -> None:
        super()._corrected(said)
        if effect_of(vars(said), self.id).strikes:
            self._entries.pop(said.corrects, None)  # what is struck need not be checked any more

    def _enter(self, version: int, by: Iterable[str], batch: str, batch_index: int | None) -> None:
        self._entries[version] = EnteredBy(tuple(by), batch, batch_index)
