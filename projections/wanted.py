"""Which subjects of a noun a reader asks for: the same for pages, registers and sums."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

import orjson
from sqlalchemy import Boolean, Column, ColumnElement, Connection, String, Table, or_, select

from domain.errors import BadShape
from projections.area import territories_in
from projections.entered import may_be
from projections.noun import Noun
from projections.shared_columns import JSON
from projections.story import as_of_day
from projections.tally import NAMES


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which subjects, and when. None, or no field: any.

    `fields` are columns of words or yes-or-no with the value each must have, "" for those of which it was not said:
    `{"class": "idle"}`. Where the column is a dated field it is chosen by the clocks, any other (`external`, `open`,
    `status`) is as it is now.
    """

    areas: frozenset[str] | None = None  # in one of them, or in what lies in them
    fields: Mapping[str, Any] = field(default_factory=dict)
    checked: bool | None = None  # 已核 / 未核
    known_as: str = ""  # part of a number or name
    about: str | None = None  # a subject that they are about: a project, an asset
    until: Mapping[str, str] = field(default_factory=dict)  # columns of days: stated, and not after
    as_of: str | None = None  # business day, ISO; None: with all that was said
    known_at: int | None = None  # last position known; None: all that is in the rows

    @property
    def is_now(self) -> bool:
        return self.as_of is None and self.known_at is None


def refuse_unknown(noun: Noun, wanted: Wanted) -> None:
    """Refused (CMD-2): a filter that the noun does not have, a day that is none, a past of a noun that has no dated fields."""
    columns = noun.table.c
    missing = [name for name in wanted.fields if name not in columns or not _may_choose(columns[name])]
    missing += [name for name in wanted.until if name not in columns or not _is_day(columns[name])]
    missing += ["checked"] if wanted.checked is not None and not noun.is_checked else []
    missing += ["areas"] if wanted.areas is not None and noun.tally is None else []
    missing += ["about"] if wanted.about is not None and noun.about is None else []
    if missing:
        raise BadShape(f"{noun.kind} 没有可筛选的字段：{'、'.join(missing)}")
    if not wanted.is_now and "said" not in columns:
        raise BadShape(f"{noun.kind} 的列表没有按日期记载的字段，不能按 as_of、known_at 查看")
    as_of_day(wanted.as_of)


def _may_choose(column: Column[Any]) -> bool:
    """Words and yes-or-no. Amounts are not: a column may be a derived total where the field is what was stated."""
    return isinstance(column.type, String | Boolean) and column.name not in (*JSON, "id")


def _is_day(column: Column[Any]) -> bool:
    return isinstance(column.type, String) and column.type.length == len("2026-11-23")


@dataclass(frozen=True, slots=True)
class Choice:
    """What is wanted, as the database understands it, for rows and for their tallies alike."""

    territories: Any | None  # a query; None: wherever they lie
    keys: Mapping[str, Any]  # of the columns by which the noun is tallied
    further: tuple[ColumnElement[bool], ...]  # what no tally knows: has to be looked for among the rows
    until: int | None  # the last position wanted

    def of(self, table: Table) -> Iterator[ColumnElement[bool]]:
        """Conditions on the rows, or on the lines of their tally: of what both know."""
        if self.territories is not None:
            yield table.c.territory.in_(self.territories)
        for name, value in self.keys.items():
            yield table.c[name] == value


def choice(connection: Connection, noun: Noun, wanted: Wanted) -> Choice:
    (found,) = choices(connection, (noun,), wanted)
    return found


def choices(connection: Connection, nouns: Iterable[Noun], wanted: Wanted) -> list[Choice]:
    """The same wanted of several nouns. Of a past, only what does not depend on the clocks."""
    territories = None if wanted.areas is None else territories_in(connection, sorted(wanted.areas))
    return [_choice(noun, wanted, territories) for noun in nouns]


def _choice(noun: Noun, wanted: Wanted, territories: Any | None) -> Choice:
    fields = dict(wanted.fields) if wanted.is_now else {}
    if wanted.checked is not None and wanted.known_at is None:
        fields["checked"] = wanted.checked
    by = () if noun.tally is None else noun.tally.by
    keys = {name: value for name, value in fields.items() if name in by and value is not None}
    others = {name: value for name, value in fields.items() if name not in keys}
    return Choice(territories, keys, tuple(_further(noun, wanted, others)), wanted.known_at)


def _ever(noun: Noun, wanted: Wanted) -> Iterator[ColumnElement[bool]]:
    """Of a past: that what is wanted was ever said at all, so that most rows need not be read.

    Whether it held then is decided by the clocks afterwards. What a database may write otherwise in small letters than Python
    does is left to that as well.
    """
    columns, part = noun.table.c, wanted.known_as
    if wanted.checked is not None and wanted.known_at is not None:
        yield may_be(noun.table, wanted.checked, wanted.known_at)
    if part and all(one.isascii() or one.lower() == one.upper() for one in part):
        yield _holds(columns.said, _json(part)[1:-1])
    for name, value in wanted.fields.items():
        if value:  # of nothing there need not be any word
            said = columns.said.contains(f"{_json(name)}:{_json(value)}", autoescape=True)
            yield or_(said, columns[name] == value)


def _holds(column: ColumnElement[str], part: str) -> ColumnElement[bool]:
    """Whether a part of text stands there, in small letters or capitals. Where it has neither, as Chinese and digits, the database
    need not make all of the text small, which takes several times as long as to look for the part."""
    found = column.contains if part.lower() == part.upper() else column.icontains
    return found(part, autoescape=True)


def _json(value: Any) -> str:
    """As `said` holds it."""
    return orjson.dumps(value).decode()


def _further(noun: Noun, wanted: Wanted, fields: Mapping[str, Any]) -> Iterator[ColumnElement[bool]]:
    columns = noun.table.c
    if wanted.about is not None and noun.about is not None:
        lines = noun.about.c
        yield columns.id.in_(select(lines[0]).where(lines[1] == wanted.about))
    for name, value in fields.items():
        yield columns[name].is_(None) if value is None else columns[name] == value
    if not wanted.is_now:
        yield from _ever(noun, wanted)
        return
    for name, day in wanted.until.items():
        yield columns[name] != ""
        yield columns[name] <= day
    if wanted.known_as:
        named = [columns[name] for name in NAMES if name in columns]
        yield or_(*(_holds(one, wanted.known_as) for one in named))
