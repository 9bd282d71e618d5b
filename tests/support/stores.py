"""A database under test: where it is, and as many drivers on it as a test wants."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from audit.driver import Driver
from audit.drivers.memory import MemoryDriver


def open_driver(url: str) -> Driver:
    """A driver on a database, as every process opens its own."""
    if url.startswith("sqlite"):
        from audit.drivers.sqlite import SqliteDriver  # noqa: PLC0415

        return SqliteDriver(url)
    from audit.drivers.postgresql import PostgresqlDriver  # noqa: PLC0415

    return PostgresqlDriver(url)


class Store:
    """One database. In memory there is one driver only; elsewhere each `driver()` is a stranger to the others."""

    def __init__(self, url: str, memory: MemoryDriver | None = None) -> None:
        self.url, self._memory = url, memory
        self._opened: list[Driver] = []

    def driver(self) -> Driver:
        if self._memory is not None:
            return self._memory
        self._opened.append(open_driver(self.url))
        return self._opened[-1]

    def close(self) -> None:
        for driver in self._opened:
            driver.close()


def memory_store() -> Store:
    return Store("", MemoryDriver())


@contextmanager
def url_store(url: str) -> Iterator[Store]:
    store = Store(url)
    try:
        yield store
    finally:
        store.close()
