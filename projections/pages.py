"""Pages of any noun's subjects, as they stand or as they stood: what was said of each, chosen by two clocks (D7).

In the order of their first entry, so that a page once turned stays as it is: what is entered later comes last. Which
subjects lie in an area is decided by the areas of now; what is shown of them by the clocks that were asked for.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from sqlalchemy import Connection, Engine, select

from domain.assertions import FOREVER, chosen
from domain.errors import BadShape
from domain.values import kind_of
from projections.database import next_position, snapshot
from projections.entered import is_checked
from projections.noun import Look, Noun, Others
from projections.nouns import TABLES
from projections.said import Said
from projections.shared_columns import as_read
from projections.tally import NAMES
from projections.walk import walk
from projections.wanted import Wanted, choice, refuse_unknown

LIMIT_MAX = 500
_BLOCK = 200  # rows of a past that are looked through at a time
_BESIDE = ("id", "position", "last_position", "entries")  # told beside the fields, or not at all
_UNSAID = ("", None)


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
    remarks: Mapping[str, str]  # field -> what the day of the reader adds to it


@dataclass(frozen=True, slots=True)
class Page:
    items: tuple[Item, ...]
    next: int  # the first position that is not in the rows: they show everything before it
    more: str | None  # the cursor of the following page; None at the end


def page(
    engine: Engine,
    noun: Noun,
    wanted: Wanted | None = None,
    after: str | None = None,
    limit: int = 100,
    today: str = "",
) -> Page:
    """One page, its items and its position from one snapshot. `today` is the day of the reader (ISO); "": nobody's.

    Refused (CMD-2): a cursor that is none, a limit out of 1..LIMIT_MAX, a filter that the noun does not have, a day
    that is none, a past of a noun that has no dated fields.
    """
    wanted = wanted or Wanted()
    if not 1 <= limit <= LIMIT_MAX:
        raise BadShape(f"每页 {limit} 条不在 1 至 {LIMIT_MAX} 之间")
    refuse_unknown(noun, wanted)
    start = _position(after)
    with snapshot(engine) as connection:
        following = next_position(connection)
        found: list[Item] = []
        block = limit + 1 if wanted.is_now else _BLOCK
        for item in _items(connection, noun, wanted, start, block, today):
            if len(found) == limit:
                return Page(tuple(found), following, str(found[-1].position))
            found.append(item)
        return Page(tuple(found), following, None)


def _position(cursor: str | None) -> int:
    """The position that a cursor goes on after; refused (CMD-2) when it is none."""
    if cursor is None:
        return -1
    if not (cursor.isascii() and cursor.isdecimal() and len(cursor) < 17):
        raise BadShape(f"“{cursor[:40]}”不是上一页给出的游标")
    return int(cursor)


def _items(
    connection: Connection, noun: Noun, wanted: Wanted, start: int, block: int, today: str
) -> Iterator[Item]:
    look = Look(wanted.as_of or FOREVER, wanted.known_at, today)
    others = _others(connection)
    for row in walk(connection, noun, choice(connection, noun, wanted), start, block):
        said = Said.loads(row["said"]) if "said" in row else None
        item = _item(noun, row, said, wanted, others, look)
        if wanted.is_now or _is_wanted(item, row, said, wanted):
            yield item


def _others(connection: Connection) -> Others:
    """What has been said of a subject that a row names: each asked for once."""

    @cache
    def said_of(subject: str) -> Said | None:
        table = TABLES[kind_of(subject)]
        found = connection.execute(select(table.c.said).where(table.c.id == subject)).scalar()
        return None if found is None else Said.loads(found)

    return said_of


def _item(
    noun: Noun, row: Mapping[Any, Any], said: Said | None, wanted: Wanted, others: Others, look: Look
) -> Item:
    return Item(
        id=row["id"],
        position=row["position"],
        last_position=row["last_position"] if wanted.is_now else None,
        checked=is_checked(row, wanted.known_at) if noun.is_checked else None,
        fields=as_read(row, _BESIDE) if said is None else _held(said, wanted),
        sums={} if said is None else noun.sums(said, look.day, look.known),
        remarks={} if said is None or not said.sayings else noun.remarks(said, others, look),
    )


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
    named = (str(item.fields.get(name) or "") for name in NAMES)
    return not wanted.known_as or any(wanted.known_as.lower() in one.lower() for one in named)
