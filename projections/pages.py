"""Pages of any noun's subjects, as they stand or as they stood: what was said of each, chosen by two clocks (D7).

In the order of their first entry, so that a page once turned stays as it is: what is entered later comes last. Which
subjects lie in an area is decided by the areas of now; what is shown of them by the clocks that were asked for.
"""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Boolean, Column, ColumnElement, Connection, Engine, String, or_, select

from domain.assertions import FOREVER, chosen
from domain.errors import BadShape
from projections import tables
from projections.area import within
from projections.database import snapshot
from projections.entered import is_checked
from projections.noun import Noun
from projections.said import Said
from projections.story import as_of_day

LIMIT_MAX = 500
_CHUNK = 200
_NAMES = ("number", "name", "label", "title")
_UNSAID = ("", None)


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which subjects, and when. None, or no field: any.

    `fields` are columns of words or yes-or-no with the value each must have, "" for those of which it was not said: `{"class": "idle"}`. Where
    the column is a dated field it is chosen by the clocks, any other (`external`, `batch`, `status`) is as it is now.
    """

    areas: frozenset[str] | None = None  # in one of them, or in what lies in them
    fields: Mapping[str, Any] = field(default_factory=dict)
    checked: bool | None = None  # 已核 / 未核
    known_as: str = ""  # part of a number or name
    as_of: str | None = None  # business day, ISO; None: with all that was said
    known_at: int | None = None  # last position known; None: all that is in the rows

    @property
    def is_now(self) -> bool:
        return self.as_of is None and self.known_at is None


@dataclass(frozen=True, slots=True)
class Item:
    """One subject."""

    id: str
    position: int  # of its first entry: the key of the order
    last_position: (
        int | None
    )  # of the last entry that changed it: its version; None when looked at in the past
    checked: bool | None  # None for a noun that needs no check
    fields: Mapping[str, Any]  # as they held; of a noun without dated fields its columns
    sums: Mapping[str, int | None]  # derived totals, fen (D20)


@dataclass(frozen=True, slots=True)
class Page:
    items: tuple[Item, ...]
    next: int  # the first position that is not in the rows: they show everything before it
    more: str | None  # the cursor of the following page; None at the end


def page(
    engine: Engine, noun: Noun, wanted: Wanted | None = None, after: str | None = None, limit: int = 100
) -> Page:
    """One page, its items and its position from one snapshot.

    Refused (CMD-2): a cursor that is none, a limit out of 1..LIMIT_MAX, a filter that the noun does not have, a day
    that is none, a past of a noun that has no dated fields.
    """
    wanted = wanted or Wanted()
    _check(noun, wanted, limit)
    start = _position(after)
    with snapshot(engine) as connection:
        following = int(connection.execute(select(tables.position.c.next)).scalar_one())
        found: list[Item] = []
        for item in _items(connection, noun, wanted, start):
            if len(found) == limit:
                return Page(tuple(found), following, str(found[-1].position))
            found.append(item)
        return Page(tuple(found), following, None)


def _check(noun: Noun, wanted: Wanted, limit: int) -> None:
    columns = noun.table.c
    if not 1 <= limit <= LIMIT_MAX:
        raise BadShape(f"每页 {limit} 条不在 1 至 {LIMIT_MAX} 之间")
    missing = [name for name in wanted.fields if name not in columns or not _may_choose(columns[name])]
    missing += ["checked"] if wanted.checked is not None and not noun.is_checked else []
    missing += ["areas"] if wanted.areas is not None and noun.places is None else []
    if missing:
        raise BadShape(f"{noun.kind} 没有可筛选的字段：{'、'.join(missing)}")
    if not wanted.is_now and "said" not in columns:
        raise BadShape(f"{noun.kind} 的列表没有按日期记载的字段，不能按 as_of、known_at 查看")
    as_of_day(wanted.as_of)


def _may_choose(column: Column[Any]) -> bool:
    """Words and yes-or-no. Amounts are not: a column may be a derived total where the field is what was stated."""
    return isinstance(column.type, String | Boolean) and column.name not in (*tables.JSON, "id")


def _position(cursor: str | None) -> int:
    if cursor is None:
        return -1
    if not (cursor.isascii() and cursor.isdecimal() and len(cursor) < 17):
        raise BadShape(f"“{cursor[:40]}”不是上一页给出的游标")
    return int(cursor)


def _items(connection: Connection, noun: Noun, wanted: Wanted, start: int) -> Iterator[Item]:
    for rows in _rows(connection, noun, wanted, start):
        for row in rows:
            said = Said.loads(row["said"]) if "said" in row else None
            item = _item(noun, row, said, wanted)
            if wanted.is_now or _is_wanted(item, row, said, wanted):
                yield item


def _rows(
    connection: Connection, noun: Noun, wanted: Wanted, start: int
) -> Iterator[Sequence[Mapping[Any, Any]]]:
    """What the database can choose, a few hundred at a time."""
    columns = noun.table.c
    query = select(noun.table).where(*_conditions(connection, noun, wanted)).order_by(columns.position)
    while True:
        rows = connection.execute(query.where(columns.position > start).limit(_CHUNK)).mappings().all()
        yield rows
        if len(rows) < _CHUNK:
            return
        start = rows[-1]["position"]


def _conditions(connection: Connection, noun: Noun, wanted: Wanted) -> Iterator[ColumnElement[bool]]:
    columns = noun.table.c
    if wanted.areas is not None and noun.places is not None:
        places = noun.places.c
        inside = select(places[0]).where(places.area.in_(within(connection, sorted(wanted.areas))))
        yield columns.id.in_(inside)
    if wanted.known_at is not None:
        yield columns.position <= wanted.known_at
    if not wanted.is_now:
        return
    for name, value in wanted.fields.items():
        yield columns[name].is_(None) if value is None else columns[name] == value
    if wanted.checked is not None:
        yield columns.checked.is_(wanted.checked)
    if wanted.known_as:
        named = [columns[name] for name in _NAMES if name in columns]
        yield or_(*(one.contains(wanted.known_as, autoescape=True) for one in named))


def _item(noun: Noun, row: Mapping[Any, Any], said: Said | None, wanted: Wanted) -> Item:
    return Item(
        id=row["id"],
        position=row["position"],
        last_position=row["last_position"] if wanted.is_now else None,
        checked=is_checked(row, wanted.known_at) if noun.is_checked else None,
        fields=_columns(row) if said is None else _held(said, wanted),
        sums={} if said is None else noun.sums(said, wanted.as_of or FOREVER, wanted.known_at),
    )


def _columns(row: Mapping[Any, Any]) -> dict[str, Any]:
    return {
        name: json.loads(value) if name in tables.JSON else value
        for name, value in row.items()
        if name not in ("id", "position", "last_position", "entries")
    }


def _held(said: Said, wanted: Wanted) -> dict[str, Any]:
    day = wanted.as_of or FOREVER
    found = ((name, chosen(said.assertions(name), day, wanted.known_at)) for name in said.names())
    return {name: one.value for name, one in found if one is not None}


def _is_wanted(item: Item, row: Mapping[Any, Any], said: Said | None, wanted: Wanted) -> bool:
    """Of the past, what the database cannot choose."""
    if not item.fields:
        return False  # nothing was said of it yet
    dated = () if said is None else said.names()
    for name, value in wanted.fields.items():
        had = item.fields.get(name) if name in dated else row[name]
        if had != value and not (had in _UNSAID and value in _UNSAID):
            return False
    if wanted.checked is not None and item.checked is not wanted.checked:
        return False
    named = (str(item.fields.get(name) or "") for name in _NAMES)
    return not wanted.known_as or any(wanted.known_as in one for one in named)
