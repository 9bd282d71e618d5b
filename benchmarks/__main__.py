"""Measure, print a table, write `benchmarks/latest.json`. A figure that misses its target is said so, and is no failure of the run."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Callable, Iterator, Mapping
from functools import partial
from pathlib import Path

from api.desk import open_driver
from benchmarks import golive, verifying, workbook
from benchmarks.databases import postgresql
from benchmarks.figures import Figure, interleaved, machine, seconds, versions
from benchmarks.floors import Floor
from benchmarks.office import CLERKS, ROWS, Office, Things
from benchmarks.reading import reading
from benchmarks.serving import serving
from benchmarks.unsigned import Unsigned, postgresql_env, sqlite_env
from projections.rebuild import rebuild

REPEATS = 5
EACH = 300  # commands of one caller in a round
EACH_OF_MANY = 20  # commands of each of the 64
REBUILT = 6_000  # entries
DOORS = ("store", "save", "signed command")
LATEST = Path(__file__).parent / "latest.json"

# Database → number of callers, or a batch → what the signed command has to reach.
TARGETS: Mapping[str, Mapping[str, float]] = {
    "SQLite": {"1 caller": 0.5, "64 callers": 1.3, "batch of 1,000": 0.5},
    "PostgreSQL": {"1 caller": 0.85, "64 callers": 2.2, "batch of 1,000": 0.65},
}


def appending(database: str, office: Office, unsigned: Unsigned, floor: Floor) -> Iterator[Figure]:
    """Each door against the unsigned store, in events per second; and the floor, where one thread does all."""
    ways: Mapping[str, tuple[Callable[[], Things], Callable[[str], Things]]] = {
        "1 caller": (lambda: unsigned.one_by_one(EACH), lambda door: office.one_caller(door, EACH)),
        "64 callers": (
            lambda: unsigned.many_callers(CLERKS, EACH_OF_MANY),
            lambda door: office.many_callers(door, EACH_OF_MANY),
        ),
        "batch of 1,000": (lambda: unsigned.together(ROWS), office.batch),
    }
    floors = {"1 caller": lambda: floor.one_caller(EACH), "batch of 1,000": lambda: floor.batch(ROWS)}
    for way, (theirs, ours) in ways.items():
        contestants = {"unsigned": theirs, **{door: partial(ours, door) for door in DOORS}}
        if way in floors:
            contestants["floor"] = floors[way]
        rates = interleaved(contestants, REPEATS)
        yield Figure(f"{database}, {way}: unsigned save", rates["unsigned"], "events/s")
        for door in DOORS:
            target = TARGETS[database][way] if door == "signed command" else None
            yield Figure(f"{database}, {way}: {door}", rates[door] / rates["unsigned"], "ratio", target)
        if way in floors:
            yield Figure(f"{database}, {way}: floor", rates["floor"] / rates["unsigned"], "ratio")


def rebuilding(office: Office) -> Figure:
    """Batches and single commands, half and half; from the log's SQLite file into the tables of another."""
    for _ in range(REBUILT // 2 // ROWS):
        office.batch("signed command")[1]()
    office.many_callers("store", REBUILT // 2 // CLERKS)[1]()
    entries, tables = office.desk.reader, office.desk.projections
    size = entries.size()
    rebuild(entries, tables)
    rates = interleaved({"rebuild": lambda: (size, lambda: rebuild(entries, tables))}, REPEATS)
    return Figure(f"SQLite: rebuild of {size:,} entries", rates["rebuild"], "entries/s", 10_000)


def line(figure: Figure) -> str:
    value = f"{figure.value:,.0f}" if figure.value >= 100 else f"{figure.value:.2f}"
    bound = "" if figure.target is None else f"{'≤' if figure.at_most else '≥'} {figure.target:,g}"
    return f"{figure.name:<66}{value:>10} {figure.unit:<13}{bound:>9}  {_SAID[figure.ok]}"


_SAID = {None: "", True: "ok", False: "missed"}


def measured(directory: Path) -> tuple[str, list[Figure]]:
    """Everything, in one run. The version of the PostgreSQL server, and the figures as they were printed."""
    figures: list[Figure] = []

    def keep(figure: Figure) -> None:
        figures.append(figure)
        print(line(figure), flush=True)

    with postgresql(directory) as server:
        office = Office(directory / "postgresql-ours", server.ours)
        unsigned = Unsigned(
            postgresql_env(server.theirs), office.stated(), postgresql_env(server.theirs, of_many=True)
        )
        floor = Floor(office, open_driver(server.floor))
        for figure in appending("PostgreSQL", office, unsigned, floor):
            keep(figure)
        office.close()
        unsigned.close()
        version = server.version
    office = Office(directory / "sqlite-ours")
    unsigned = Unsigned(sqlite_env(directory / "unsigned.db"), office.stated())
    floor = Floor(office, open_driver(f"sqlite:///{directory / 'floor.db'}"))
    for figure in appending("SQLite", office, unsigned, floor):
        keep(figure)
    unsigned.close()
    office.close()
    office = Office(directory / "http")
    for figure in serving(office, directory):
        keep(figure)
    office.close()
    for figure in reading(directory / "pages"):
        keep(figure)
    office = Office(directory / "read")
    for figure in verifying.figures(office, directory, REPEATS):
        keep(figure)
    keep(rebuilding(office))
    office.close()
    for figure in workbook.figures(directory):
        keep(figure)
    for figure in golive.figures(directory):
        keep(figure)
    return version, figures


def main() -> None:
    found = machine()
    with tempfile.TemporaryDirectory(prefix="bangfu-bench-") as directory:
        took: list[tuple[str, list[Figure]]] = []
        spent = seconds(lambda: took.append(measured(Path(directory))))
    version, figures = took[0]
    text = {"machine": found, "versions": versions(version), "figures": [figure.json() for figure in figures]}
    LATEST.write_text(json.dumps(text, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    print(f"{LATEST.name}: {len(figures)} figures, {spent:.0f} s")


if __name__ == "__main__":
    main()
