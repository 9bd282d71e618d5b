"""青溪乡 as the random days know it: a small model of its people and of what they have entered, and how a step is taken.

Each step foresees the answer from the model; nothing is recorded when it is refused.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any, ClassVar

from hypothesis import event

from api.compose import china_today
from api.desk import Answer
from audit.log import now
from domain.values import days_after
from tests.support.logbook import new_id
from tests.support.world import REGISTRARS, STAFF, World
from tests.world.identities import Identities

Json = dict[str, Any]


# A place and whatever it lies in.
ABOVE = {
    "kang": {"kang", "town", "county"},
    "shan": {"shan", "town", "county"},
    "town": {"town", "county"},
    "source": {"source", "county"},
    "county": {"county"},
}
# Who comes with disposals: whoever keeps the collective's and the state's books, and the county.
MORE_STAFF: dict[str, tuple[str, str, tuple[str, ...]]] = {
    **{f"chair {place}": ("collective", place, (place,)) for place in ("kang", "shan")},
    **{f"bookkeeper {place}": ("collective", place, (place,)) for place in ("kang", "shan")},
    "treasurer": ("finance", "centre", ("town", "source")),
    "treasurer2": ("finance", "centre", ("town", "source")),
    "township2": ("township", "town", ("town", "source")),
    "county": ("county", "town", ("county",)),
    "county2": ("county", "town", ("county",)),
}


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
        return bool(ABOVE[place] & set(self.places))


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
    """A proposal as the machine knows it. What is corrected is one field of `project`, kept in its `scales`."""

    kind: str
    project: Any  # whatever it is about
    by: list[str]
    needs: list[tuple[str, str]]
    label: str
    id: str
    expires: str
    class_: str = ""
    corrects: int = 0
    now: Any = ""
    signed: int = 0
    withdrawn: bool = False

    def is_open(self, today: str) -> bool:
        return self.signed < len(self.needs) and not self.withdrawn and today <= self.expires


@dataclass
class Imported:
    """A batch as the machine knows it."""

    enterer: str
    rows: int
    members: dict[int, Listed]
    checked: bool = False


@dataclass
class Made:
    """An entry: who made it, where it stands, whether somebody has checked it."""

    by: str
    position: int
    checked: bool = False


@dataclass
class Thing:
    """An asset or an obligation as the machine knows it; `fen` is what it is carried at, or what is outstanding."""

    noun: str
    name: str
    place: str
    fen: int
    entries: list[Made] = field(default_factory=list)
    streams: int = 1  # versions of its stream so far
    disputed: bool = False
    registered: bool = False
    open_class: int = -1  # position of the ownership proposal made last, until ownership is registered
    confirmed: set[str] = field(default_factory=set)
    owner_type: str = "collective_village"
    deal: Any = None  # the disposal that it is in
    gone: bool = False
    days: dict[str, int] = field(default_factory=dict)  # what an asset was carried at when a day was over
    # The field that is corrected, by the version that said it.
    scales: dict[int, Any] = field(default_factory=lambda: {1: "康家村三组"})

    @property
    def id(self) -> str:
        return new_id(self.noun, self.name)

    @property
    def checked(self) -> bool:
        return all(one.checked for one in self.entries)


class Office:
    """What every step of the machine has at hand."""

    commands = 0
    tally: ClassVar[Counter[str]] = Counter()

    def open_office(self, directory: Path, url: str) -> None:
        self.days = 0  # that have passed since the machine began
        self.world = World(directory, url, clock=lambda: now() + timedelta(days=self.days)).settle()
        self.staff = {name: Somebody(name, role, places) for name, (role, _, places) in STAFF.items()}
        for name in REGISTRARS:
            self.staff[name] = Somebody(name, "registrar", ())
        for name, (role, body, places) in MORE_STAFF.items():
            self.world.employ(name, role, body, places)
            self.staff[name] = Somebody(name, role, places)
        self.identities = Identities(self.world)
        self.projects: list[Listed] = []
        self.assets: list[Thing] = []
        self.owed: list[Thing] = []
        self.proposals: dict[int, Proposed] = {}
        self.batches: dict[int, Imported] = {}
        self.numbers: set[str] = set()
        self.forgotten: set[str] = set()  # debts of long ago, of which the model knows no more

    # --- what a step is made of ---

    @property
    def today(self) -> str:
        return china_today(self.world.clock())

    def in_days(self, days: int) -> str:
        return days_after(self.today, days)

    def foreseen(self, code: str, act: Callable[[], Answer], size: int = 1) -> int:
        """Do it: the position when `code` is empty, −1 when it is refused as foreseen and nothing is recorded.

        The identities of D20 hold after every entry.
        """
        type(self).commands += 1
        before = self.world.desk.log.size
        answer = act()
        self.world.desk.log.refresh()
        if answer.code:
            type(self).tally[f"refused {answer.code}"] += 1
        assert answer.code == code, f"foreseen {code or 'accepted'}, got {answer.code} {answer.message}"
        assert self.world.desk.log.size == before + (0 if code else size)
        self.identities.hold()
        if code:
            return -1
        assert answer.position == before
        return before

    def count_accepted(self) -> None:
        """Which commands were recorded, and as what: the run says how far it came."""
        for told in self.recorded(0):
            type(self).tally[told] += 1
            event(told)

    def recorded(self, start: int) -> Iterator[str]:
        """The commands recorded from a position on, each with its nature."""
        for entry in self.world.desk.reader.entries(start, self.world.desk.log.size):
            if entry.command is not None and entry.i == 1:
                yield f"{entry.command.get('command', 'batch')} {entry.command.get('nature', '')}".strip()

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
