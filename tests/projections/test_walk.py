"""A page is the same as if every row had been looked at: whatever is asked for, wherever it goes on."""

from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import Connection, Engine, create_engine, event

from projections import tables
from projections.database import prepare, snapshot
from projections.nouns import NOUNS
from projections.pages import page
from projections.rows import Rows
from projections.said import compact
from projections.walk import walk
from projections.wanted import Wanted, choice

PROJECT = NOUNS["project"]
COUNTY, TOWN, A, B, C = (f"area_{name:0>26}" for name in ("county", "town", "a", "b", "c"))
BELOW = {COUNTY: {COUNTY, TOWN, A, B, C}, TOWN: {TOWN, A, B}, A: {A}, B: {B}, C: {C}}
PARENTS = {COUNTY: "", TOWN: COUNTY, A: TOWN, B: TOWN, C: COUNTY}


def areas(connection: Connection) -> None:
    rows = Rows(connection)
    for one, parent in PARENTS.items():
        values = {
            "name": one,
            "kind": "village",
            "parent": parent,
            "successors": "[]",
            "division_code": "",
            "said": "[]",
        }
        rows.add(tables.area, {"id": one, **values, "position": 0, "last_position": 0})
    rows.flush()


def project(number: int, position: int, lies: list[str], class_: str, *, checked: bool) -> dict[str, Any]:
    text = {one.name: "" for one in tables.project.c if not one.nullable}
    return {
        **text,
        **{one.name: None for one in tables.project.c if one.nullable},
        "id": f"project_{number:026d}",
        "number": f"QX-{number}",
        "areas": compact(lies),
        "class": class_,
        "checked": checked,
        "checked_since": position if checked else None,
        "unchecked_until": position if checked else None,
        "external": False,
        "total_fen": number,
        "said": compact([[position, 1, "2026-01-01", {"number": f"QX-{number}"}, {}]]),
        "entries": compact([[1, position, "", None, position if checked else None]]),
        "position": position,
        "last_position": position,
    }


LISTED = st.lists(
    st.tuples(
        st.lists(st.sampled_from([COUNTY, TOWN, A, B, C]), min_size=1, max_size=3, unique=True),
        st.sampled_from(["", "idle", "weak"]),
        st.booleans(),
        st.integers(1, 3),  # entries of something else before it
    ),
    max_size=40,
)
ASKED = st.fixed_dictionaries(
    {
        "areas": st.none() | st.frozensets(st.sampled_from([COUNTY, TOWN, A, B, C]), max_size=3),
        "fields": st.fixed_dictionaries({}, optional={"class": st.sampled_from(["", "idle", "eliminated"])}),
        "checked": st.none() | st.booleans(),
        "known_as": st.sampled_from(["", "1", "QX", "qx-1", "-", "%", "_"]),
    }
)


def is_wanted(row: dict[str, Any], lies: list[str], asked: dict[str, Any]) -> bool:
    seen = None if asked["areas"] is None else set().union(*(BELOW[one] for one in asked["areas"]))
    return (
        (seen is None or not seen.isdisjoint(lies))
        and all(row[name] == value for name, value in asked["fields"].items())
        and asked["checked"] in (None, row["checked"])
        and asked["known_as"].lower() in row["number"].lower()
    )


@settings(max_examples=40, deadline=None)
@given(LISTED, ASKED, st.integers(1, 5))
def test_pages_are_what_looking_at_every_row_finds(
    listed: list[tuple[list[str], str, bool, int]], asked: dict[str, Any], limit: int
) -> None:
    with TemporaryDirectory() as directory:
        engine = prepare(create_engine(f"sqlite:///{Path(directory) / 'read.db'}"))
        expected, position = [], 0
        with engine.begin() as connection:
            areas(connection)
            rows = Rows(connection)
            for number, (lies, class_, checked, gap) in enumerate(listed):
                position += gap
                row = project(number, position, lies, class_, checked=checked)
                rows.add(tables.project, row)
                if is_wanted(row, lies, asked):
                    expected.append(row["id"])
            rows.flush()
        assert list(all_pages(engine, Wanted(**asked), limit)) == expected
        with snapshot(engine) as connection:
            chosen = choice(connection, PROJECT, Wanted(**asked))
            for block in (1, 2, 100):
                assert [one["id"] for one in walk(connection, PROJECT, chosen, -1, block)] == expected
        engine.dispose()


def all_pages(engine: Engine, wanted: Wanted, limit: int) -> Iterator[str]:
    after: str | None = None
    while True:
        found = page(engine, PROJECT, wanted, after, limit)
        assert len(found.items) <= limit
        yield from (one.id for one in found.items)
        if found.more is None:
            return
        assert len(found.items) == limit
        after = found.more


@pytest.mark.parametrize(
    "wanted",
    [
        Wanted(),
        Wanted(areas=frozenset({TOWN})),
        Wanted(areas=frozenset({B}), fields={"class": "idle"}),
        Wanted(fields={"class": "weak"}, checked=True),
        Wanted(areas=frozenset({COUNTY}), known_at=10_000),
    ],
    ids=["all", "a town", "a class in a village", "a class, checked", "a past"],
)
def test_a_page_looks_at_as_many_rows_however_many_there_are(engine: Engine, wanted: Wanted) -> None:
    """Counted by the database itself: what its program does, step by step."""

    def fill(first: int, last: int, classed: int) -> None:
        """Only those from `classed` on have a class, or are checked."""
        with engine.begin() as connection:
            rows = Rows(connection)
            for number in range(first, last):
                class_ = ("", "idle", "weak")[number // 3 % 3] if number >= classed else ""
                checked = number >= classed and number // 9 % 2 == 0
                lies = [(A, B, C)[number % 3]]
                rows.add(tables.project, project(number, number, lies, class_, checked=checked))
            rows.flush()

    with engine.begin() as connection:
        areas(connection)
    fill(0, 300, classed=0)
    few = steps(engine, wanted, after=90)
    fill(300, 6000, classed=5700)
    assert steps(engine, wanted, after=290) <= few * 1.3


@pytest.mark.parametrize("checked", [True, False])
def test_of_a_past_what_was_checked_is_looked_for_in_an_index_as_a_name_is(
    engine: Engine, checked: bool
) -> None:
    """Where there is none, no row is read."""
    with engine.begin() as connection:
        areas(connection)
        rows = Rows(connection)
        for number in range(2000):
            rows.add(tables.project, project(number, number, [A], "", checked=not checked))
        rows.flush()
    by_name = steps(engine, Wanted(known_as="没有这个"), after=0, found=0)
    assert steps(engine, Wanted(checked=checked, known_at=10_000), after=0, found=0) <= by_name * 1.3


def steps(engine: Engine, wanted: Wanted, after: int, found: int = 10) -> int:
    """Steps of the virtual machine of SQLite for a page of ten, in tens."""
    counted = [0]

    def step() -> int:
        counted[0] += 1
        return 0

    def watch(connection: Any, *_: object) -> None:
        connection.set_progress_handler(step, 10)

    event.listen(engine, "checkout", watch)
    try:
        assert len(page(engine, PROJECT, wanted, after=str(after), limit=10).items) == found
    finally:
        event.remove(engine, "checkout", watch)
        engine.dispose()
    return counted[0]
