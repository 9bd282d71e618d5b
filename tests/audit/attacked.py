"""A log in an SQLite file that somebody may write to, and what notices."""

from __future__ import annotations

import hashlib
import sqlite3
from dataclasses import dataclass
from pathlib import Path

from audit.directory import DatabaseLog, check_columns
from audit.driver import Driver
from audit.drivers.sqlite import SqliteDriver
from audit.errors import NotBelieved
from audit.export import export_log
from audit.verify import verify
from tests.support.submissions import LEDGER_ID, adoption, asset, batch, believe, founded, project, ready

NEXT = b"the next rules"
NEXT_HASH = hashlib.sha256(NEXT).hexdigest()


@dataclass(frozen=True)
class Attacked:
    """A log in an SQLite file, closed; as it was exported before."""

    path: Path
    exported: dict[str, bytes]

    def run(self, *statements: str) -> int:
        """Write to the file as any program can; how many rows were changed."""
        connection = sqlite3.connect(self.path)
        try:
            with connection:
                return sum(connection.execute(sql).rowcount for sql in statements)
        finally:
            connection.close()

    def swap(self, columns: list[str], first: int, second: int) -> None:
        """Exchange columns between two entries."""
        names = ", ".join(columns)
        connection = sqlite3.connect(self.path)
        try:
            with connection:
                rows = [
                    connection.execute(f"SELECT * FROM entries WHERE position = {position}").fetchone()
                    for position in (first, second)
                ]
                chosen = [
                    connection.execute(f"SELECT {names} FROM entries WHERE position = {position}").fetchone()
                    for position in (second, first)
                ]
                assert chosen[0] != chosen[1]
                connection.execute(f"DELETE FROM entries WHERE position IN ({first}, {second})")
                whole = ["position", "stream", "version", "command", "leaf", "entry"]
                for row, other in zip(rows, chosen, strict=True):
                    values = dict(zip(whole, row, strict=True)) | dict(zip(columns, other, strict=True))
                    connection.execute("INSERT INTO entries VALUES (?, ?, ?, ?, ?, ?)", list(values.values()))
        finally:
            connection.close()

    def driver(self) -> SqliteDriver:
        return SqliteDriver(f"sqlite:///{self.path}")


def files_of(directory: Path) -> dict[str, bytes]:
    return {
        str(path.relative_to(directory)): path.read_bytes() for path in directory.rglob("*") if path.is_file()
    }


def founded_and_exported(directory: Path) -> Attacked:
    """A ledger with notes, a batch and a second epoch."""
    path = directory / "log.sqlite"
    driver = SqliteDriver(f"sqlite:///{path}")
    log = founded(driver)
    ready(log, project("a")).into(log)
    ready(log, project("a"), asset("b")).into(log)
    batch(log, [project("r0"), project("r1"), project("r2")], {1: "x"}).into(log)
    driver.put_archive(NEXT_HASH, NEXT)
    adoption(log.origin, 1, 2, NEXT_HASH, {LEDGER_ID: 1}).into(log)
    ready(log, project("a"), epoch=2).into(log)
    ready(log, asset("b"), names=["code:asset:青溪-0007"], epoch=2).into(log)
    believe(log)
    assert {indexed for _, indexed in driver.renewals()} == {0, 3, 9}
    export_log(log, directory / "exported")
    driver.close()
    return Attacked(path, files_of(directory / "exported"))


def found_by(driver: Driver) -> int | None:
    """The step that notices: of the procedure, or 50; None when all is believed."""
    verdict = verify(DatabaseLog(driver))
    if verdict.failures:
        return verdict.failures[0].step
    try:
        check_columns(driver)
    except NotBelieved as error:
        return error.step
    return None
