"""The other side: the `eventsourcing` library's own application on its own store. Nothing is signed, hashed, or decided."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from eventsourcing.application import Application
from eventsourcing.domain import Aggregate
from sqlalchemy.engine import make_url

from benchmarks.figures import Work, at_once


class Listing(Aggregate):
    """An aggregate whose first event holds as much as `project.listed.v1`."""

    def __init__(self, stated: dict[str, Any]) -> None:
        self.stated = stated


class Unsigned:
    """The library's application, and its share of each comparison."""

    def __init__(
        self, env: Mapping[str, str], stated: Mapping[str, Any], env_of_many: Mapping[str, str] | None = None
    ) -> None:
        """`env_of_many`: other settings for saving many at once."""
        self._application: Application[Any] = Application(env=dict(env))
        self._of_many: Application[Any] = (
            self._application if env_of_many is None else Application(env=dict(env_of_many))
        )
        self._stated = stated

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
        listings = self._listings(number)
        return number, lambda: self._of_many.save(*listings)

    def close(self) -> None:
        self._application.close()
        if self._of_many is not self._application:
            self._of_many.close()


def sqlite_env(path: Path) -> dict[str, str]:
    """A file; the library turns on WAL, and SQLite's own default is synchronous=FULL."""
    return {
        "PERSISTENCE_MODULE": "eventsourcing.sqlite",
        "SQLITE_DBNAME": str(path),
        "SQLITE_LOCK_TIMEOUT": "60",
    }


def postgresql_env(text: str, *, of_many: bool = False) -> dict[str, str]:
    """Of many: the library's insert by one database function. Its insert by one statement an event never ends with 1,000 of
    them over a Unix socket (psycopg 3.3.9 waits for answers before all is sent)."""
    url = make_url(text)
    host = url.host or url.query.get("host") or ""
    return {
        "PERSISTENCE_MODULE": "eventsourcing.postgres",
        "POSTGRES_DBNAME": url.database or "",
        "POSTGRES_HOST": str(host),
        "POSTGRES_PORT": str(url.port or 5432),
        "POSTGRES_USER": url.username or "",
        "POSTGRES_PASSWORD": url.password or "-",
        "POSTGRES_ENABLE_DB_FUNCTIONS": "y" if of_many else "n",
    }
