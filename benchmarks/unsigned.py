"""The other side: the `eventsourcing` library's own application on its own store. Nothing is signed, hashed, or decided."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from eventsourcing.application import Application
from eventsourcing.domain import Aggregate
from sqlalchemy.engine import make_url

from benchmarks.figures import Work, at_once

# The library sends each event of a save as a statement of its own, in one pipeline. Over a Unix socket that came to a
# standstill with 1,000 of them (psycopg 3.3.9): there the unsigned side saves its 1,000 in four parts.
MOST_AT_ONCE = {"SQLite": 1_000, "PostgreSQL": 250}


class Listing(Aggregate):
    """An aggregate whose first event holds as much as `project.listed.v1`."""

    def __init__(self, stated: dict[str, Any]) -> None:
        self.stated = stated


class Unsigned:
    """The library's application, and its share of each comparison."""

    def __init__(self, env: Mapping[str, str], stated: Mapping[str, Any], most_at_once: int) -> None:
        self._application: Application[Any] = Application(env=dict(env))
        self._stated = stated
        self._most_at_once = most_at_once

    def _listings(self, number: int) -> list[Listing]:
        return [Listing(stated=dict(self._stated)) for _ in range(number)]

    def one_by_one(self, number: int) -> tuple[int, Work]:
        listings, save = self._listings(number), self._application.save

        def work() -> None:
            for listing in listings:
                save(listing)

        return number, work

    def many_callers(self, callers: int, each: int) -> tuple[int, Work]:
        return callers * each, at_once([self.one_by_one(each)[1] for _ in range(callers)])

    def together(self, number: int) -> tuple[int, Work]:
        most, save = min(number, self._most_at_once), self._application.save
        parts = [self._listings(most) for _ in range(number // most)]

        def work() -> None:
            for listings in parts:
                save(*listings)

        return most * len(parts), work

    def close(self) -> None:
        self._application.close()


def sqlite_env(path: Path) -> dict[str, str]:
    """A file; the library turns on WAL, and SQLite's own default is synchronous=FULL."""
    return {
        "PERSISTENCE_MODULE": "eventsourcing.sqlite",
        "SQLITE_DBNAME": str(path),
        "SQLITE_LOCK_TIMEOUT": "60",
    }


def postgresql_env(text: str) -> dict[str, str]:
    url = make_url(text)
    host = url.host or url.query.get("host") or ""
    return {
        "PERSISTENCE_MODULE": "eventsourcing.postgres",
        "POSTGRES_DBNAME": url.database or "",
        "POSTGRES_HOST": str(host),
        "POSTGRES_PORT": str(url.port or 5432),
        "POSTGRES_USER": url.username or "",
        "POSTGRES_PASSWORD": url.password or "-",
    }
