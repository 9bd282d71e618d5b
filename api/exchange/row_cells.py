"""The cells of one data row, and what is found there: the fields, the faults, the questions and the notes, as they come up."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from api.exchange.grid import TROUBLES, Grid, Place, address
from api.exchange.rows import Value
from api.exchange.rules import Fault, Problem
from api.exchange.schema import Schema
from api.exchange.tables import Part
from api.exchange.text import one_line
from domain.money import Unit


@dataclass(frozen=True, slots=True)
class Setting:
    """What the rows of one table share."""

    schema: Schema
    grid: Grid
    units: Mapping[str, Unit | None]
    title: str
    has_years: bool  # there is a column of years
    parts: Sequence[Part] = ()
    measures: Mapping[str, str] = field(default_factory=dict)


class RowCells:
    """The cells of row `row`, whose values stand at `places`."""

    def __init__(self, setting: Setting, row: int, places: Mapping[str, Place]) -> None:
        self.setting = setting
        self.row = row
        self.places = places
        self.fields: dict[str, Value] = {}
        self.faults: list[Fault] = []
        self.questions: list[str] = []
        self.notes: list[str] = []

    def text(self, key: str) -> str:
        """The cell as read, also where it is merged with one above or beside it."""
        place = self.places.get(key)
        return one_line(self._shown(place)) if place else ""

    def where(self, key: str) -> str:
        return address(*self.places[key])

    def is_merged_above(self, key: str) -> bool:
        place = self.places.get(key)
        return place is not None and self.origin(place)[0] < place[0]

    def is_merged_below(self, key: str) -> bool:
        place = self.places.get(key)
        return place is not None and self.setting.grid.origins.get((place[0] + 1, place[1])) == place

    def origin(self, place: Place) -> Place:
        """Where the value of a merged cell stands; of another cell, the cell itself."""
        return self.setting.grid.origin(*place)

    def _shown(self, place: Place) -> str:
        return self.setting.grid.text(*self.origin(place))

    # --- what is wrong ---

    def fault(self, key: str, problem: Problem) -> None:
        self.fault_at(self.places[key], problem)

    def fault_at(self, place: Place, problem: Problem) -> None:
        self.faults.append(Fault(address(*place), self._shown(place), problem.rule, problem.fix))

    def is_faulty(self, key: str) -> bool:
        return key in self.places and any(one.cell == self.where(key) for one in self.faults)

    def is_sound(self, key: str) -> bool:
        """Whether the cell shows what its writer meant (READ-17)."""
        place = self.places.get(key)
        return place is None or self.is_sound_at(place)

    def is_sound_at(self, place: Place) -> bool:
        trouble = self.setting.grid.troubles.get(self.origin(place))
        if trouble is not None:
            self.fault_at(place, Problem("READ-17", f"该格{TROUBLES[trouble]}"))
        return trouble is None

    def limited(self, key: str, text: str, maximum: int) -> str:
        if len(text) > maximum:
            self.fault(key, Problem("READ-8", f"共{len(text)}字，请缩到{maximum}字以内"))
        return text
