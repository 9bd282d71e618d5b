"""FORMAT 15, step 50: a database of another shape than ours, or whose index leaves out a row, is found."""

from __future__ import annotations

import sqlite3

import psycopg
import pytest

from api.desk import open_driver
from audit.directory import STEP, DatabaseLog
from audit.verify import verify
from tests.audit.attacked import Attacked, found_by
from tests.support.submissions import founded

# A reader believes an index, a view and a collation: step 50 asks whether the database is the one that the program made.
_ROUNDS = "CREATE TABLE kept AS SELECT * FROM subjects; DROP TABLE subjects; "
REBUILT = {
    "a trigger": "CREATE TRIGGER t AFTER INSERT ON entries BEGIN DELETE FROM subjects; END",
    "a view": "CREATE VIEW seen AS SELECT * FROM entries",
    "another index": "CREATE INDEX another ON entries (leaf)",
    "another table": "CREATE TABLE more (a)",
    "subjects without regard to case": _ROUNDS
    + "CREATE TABLE subjects (subject TEXT NOT NULL COLLATE NOCASE, count INTEGER NOT NULL, position INTEGER NOT NULL, earlier BLOB NOT NULL); "
    "INSERT INTO subjects SELECT * FROM kept; DROP TABLE kept",
}


def assert_only_step_50_finds(attacked: Attacked) -> None:
    """The entries verify; what is wrong is the database around them."""
    driver = attacked.driver()
    try:
        assert verify(DatabaseLog(driver)).ok
        assert found_by(driver) == STEP
    finally:
        driver.close()


@pytest.mark.parametrize("name", REBUILT)
def test_50_a_database_of_another_shape_is_found(attacked: Attacked, name: str) -> None:
    connection = sqlite3.connect(attacked.path)
    connection.executescript(REBUILT[name])
    connection.close()
    assert_only_step_50_finds(attacked)


def test_50_an_index_that_leaves_out_a_row_is_found(attacked: Attacked) -> None:
    """The index of (stream, version) is emptied behind the back of the database: the table still has every row."""
    connection = sqlite3.connect(attacked.path)
    (root,) = connection.execute(
        "SELECT rootpage FROM sqlite_master WHERE name = 'sqlite_autoindex_entries_1'"
    ).fetchone()
    (size,) = connection.execute("PRAGMA page_size").fetchone()
    connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    connection.close()
    raw = bytearray(attacked.path.read_bytes())
    at = (root - 1) * size
    raw[at + 3 : at + 5] = (int.from_bytes(raw[at + 3 : at + 5], "big") - 1).to_bytes(2, "big")
    attacked.path.write_bytes(raw)
    assert_only_step_50_finds(attacked)


@pytest.mark.parametrize(
    "attack",
    [
        "CREATE RULE quiet AS ON INSERT TO subjects DO INSTEAD NOTHING",
        "ALTER TABLE entries DROP CONSTRAINT entries_stream_version_key",
        'ALTER TABLE subjects ALTER COLUMN subject TYPE text COLLATE "default"',
        "ALTER TABLE entries ADD COLUMN note text",
    ],
)
def test_50_a_postgresql_database_of_another_shape_is_found(postgresql_url: str, attack: str) -> None:
    driver = open_driver(postgresql_url)
    try:
        founded(driver)
        assert driver.unsound() == ""
        with psycopg.connect(postgresql_url.replace("postgresql+psycopg", "postgresql")) as connection:
            connection.execute(attack)
        assert driver.unsound() != ""
    finally:
        driver.close()
