"""Forms (表单): headings down the side with their values to the right, one record below the other or beside each other."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from api.exchange.grid import Grid, Place, address
from api.exchange.schema import Heading, Schema, read_heading, suggested
from api.exchange.tables import Unread
from api.exchange.text import folded, one_line
from domain.money import Unit

_PAIRS_MIN = 3  # known headings with a value, below which a sheet is no form


@dataclass(frozen=True, slots=True)
class Record:
    """One record: where the value of each column stands."""

    places: Mapping[str, Place]
    units: Mapping[str, Unit | None]


@dataclass(frozen=True, slots=True)
class Form:
    """The records of a sheet, and which rows they cover."""

    records: tuple[Record, ...]
    first: int
    last: int
    unread: tuple[Unread, ...]


@dataclass(frozen=True, slots=True)
class _Pair:
    heading: Heading
    label: Place
    values: Sequence[Place]


def find_form(schema: Schema, grid: Grid) -> Form | None:
    """The form that a sheet is; None when it is none."""
    pairs = [pair for row in range(1, len(grid.rows) + 1) for pair in _pairs(schema, grid, row)]
    blocks = [
        block
        for block in _blocks(schema, pairs)
        if sum(any(grid.text(*value) for value in pair.values) for pair in block) >= _PAIRS_MIN
        and len({pair.label[0] for pair in block})
        > 1  # headings in one row alone are beside, not down the side
    ]
    if not blocks:
        return None
    records = tuple(record for block in blocks for record in _records(schema, block))
    rows = [pair.label[0] for block in blocks for pair in block]
    labels = {pair.label[1] for block in blocks for pair in block}
    last = max(rows)
    while last < len(grid.rows) and _goes_on(grid, last + 1, labels):
        last += 1
    taken = {key for record in records for key in record.places}
    unread = tuple(
        Unread(address(row, column), one_line(text), suggested(schema, text, taken))
        for row in range(min(rows), last + 1)
        for column in sorted(labels)
        if folded(text := grid.text(row, column)) and read_heading(schema, text).key is None
    )
    return Form(records, min(rows), last, unread)


def _goes_on(grid: Grid, row: int, labels: set[int]) -> bool:
    """Whether a row behind the known headings still is one of the form: something where headings stand, and a value."""
    said = [column for column, text in enumerate(grid.row(row), start=1) if folded(text)]
    return len(said) > 1 and said[0] in labels


def _pairs(schema: Schema, grid: Grid, row: int) -> Iterator[_Pair]:
    """Each known heading of a row with the places of the values behind it."""
    headings = [read_heading(schema, text) for text in grid.row(row)]
    known = [index for index, heading in enumerate(headings) if heading.key is not None]
    for number, index in enumerate(known):
        end = known[number + 1] if number + 1 < len(known) else len(headings)
        values = [(row, column) for column in range(index + 2, end + 1) if folded(grid.text(row, column))]
        yield _Pair(headings[index], (row, index + 1), values or [(row, index + 2)])


def _blocks(schema: Schema, pairs: Sequence[_Pair]) -> list[list[_Pair]]:
    """The pairs from each heading that names a record to the next one; what stands before the first goes with it."""
    blocks: list[list[_Pair]] = [[]]
    for pair in pairs:
        if pair.heading.key == schema.named_by and any(
            one.heading.key == schema.named_by for one in blocks[-1]
        ):
            blocks.append([])
        blocks[-1].append(pair)
    return [block for block in blocks if any(one.heading.key == schema.named_by for one in block)]


def _records(schema: Schema, block: Sequence[_Pair]) -> Iterator[Record]:
    """As many records as the name has values beside each other: each has the values of its own column."""
    named = next(pair for pair in block if pair.heading.key == schema.named_by)
    for index, (_, column) in enumerate(named.values):
        places: dict[str, Place] = {}
        units: dict[str, Unit | None] = {}
        for pair in block:
            key = pair.heading.key
            assert key is not None
            if schema.by_key[key].kind == "unread" or key in places:
                continue
            if index == 0:
                places[key] = pair.values[0] if len(named.values) == 1 else (pair.label[0], column)
            else:
                places[key] = (pair.label[0], column)
            units[key] = pair.heading.unit
        yield Record(places, units)
