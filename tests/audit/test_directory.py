"""The database attacked, column by column, by somebody who may write to it: either verify finds it, or it changes nothing that is exported."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from pathlib import Path

import pytest

from audit.directory import STEP, check_columns
from audit.drivers.sqlite import SqliteDriver
from audit.errors import NotBelieved
from audit.export import export_log
from audit.log import Log
from audit.sealer import Sealer
from tests.audit.attacked import NEXT, NEXT_HASH, Attacked, files_of, found_by
from tests.support.stores import Store
from tests.support.submissions import (
    ARCHIVE_HASH,
    LEDGER,
    LEDGER_ID,
    adoption,
    asset,
    batch,
    believe,
    founded,
    project,
    ready,
)

# Position 4 and 5 are a command of two events, 6 to 8 a batch, 9 the adoption. The index was renewed at 3 and at 9.
ATTACKS = {
    "entries.stream changed": "UPDATE entries SET stream = 'project_aaaaaaaaaaaaaaaaaaaaaaaaaa' WHERE position = 3",
    "entries.stream of the adoption changed": "UPDATE entries SET stream = 'ledger_aaaaaaaaaaaaaaaaaaaaaaaaaa' WHERE position = 9",
    "entries.version raised": "UPDATE entries SET version = version + 10 WHERE position = 4",
    "entries.command emptied": "UPDATE entries SET command = NULL WHERE position = 3",
    "entries.command changed": "UPDATE entries SET command = zeroblob(32) WHERE position = 3",
    "entries.command given to a second event": "UPDATE entries SET command = zeroblob(32) WHERE position = 5",
    "entries.command of a batch changed": "UPDATE entries SET command = zeroblob(32) WHERE position = 6",
    "entries.leaf changed": "UPDATE entries SET leaf = zeroblob(32) WHERE position = 3",
    "entries.leaf cut": "UPDATE entries SET leaf = substr(leaf, 1, 31) WHERE position = 3",
    "entries.leaf of the last entry changed": "UPDATE entries SET leaf = zeroblob(32) WHERE position = 11",
    "entries.entry changed": "UPDATE entries SET entry = substr(entry, 1, length(entry) - 1) || x'00' WHERE position = 3",
    "entries.entry cut": "UPDATE entries SET entry = substr(entry, 1, 40) WHERE position = 3",
    "entries.entry emptied": "UPDATE entries SET entry = x'' WHERE position = 3",
    "entries.entry of the genesis changed": "UPDATE entries SET entry = x'62666531' WHERE position = 0",
    "entries.position moved away": "UPDATE entries SET position = 99 WHERE position = 11",
    "entries.position negative": "UPDATE entries SET position = -1 WHERE position = 3",
    "an entry deleted": "DELETE FROM entries WHERE position = 3",
    "the first entry deleted": "DELETE FROM entries WHERE position = 0",
    "the last entry deleted": "DELETE FROM entries WHERE position = 11",
    "all entries deleted": "DELETE FROM entries",
    "an entry added after the seal": "INSERT INTO entries SELECT 12, stream, 9, NULL, leaf, entry FROM entries WHERE position = 11",
    "an entry added before the first": "INSERT INTO entries SELECT -1, stream, 9, NULL, leaf, entry FROM entries WHERE position = 11",
    "subjects.subject changed": "UPDATE subjects SET subject = subject || 'x' WHERE position = 4 AND subject LIKE 'project%'",
    "subjects.count raised": "UPDATE subjects SET count = count + 100 WHERE position = 5 AND subject LIKE 'asset%'",
    "subjects.position changed": "UPDATE subjects SET position = 5 WHERE position = 4 AND subject LIKE 'project%'",
    "subjects.position changed to another entry that names it": "UPDATE subjects SET position = 4 WHERE position = 5 AND subject LIKE 'asset%'",
    "subjects.earlier changed": "UPDATE subjects SET earlier = x'0000000000000002' WHERE position = 4 AND subject LIKE 'project%'",
    "subjects.earlier emptied": "UPDATE subjects SET earlier = x'' WHERE position = 4 AND subject LIKE 'project%'",
    "subjects.earlier cut": "UPDATE subjects SET earlier = substr(earlier, 1, 7) WHERE position = 4 AND subject LIKE 'project%'",
    "subjects.earlier filled": "UPDATE subjects SET earlier = x'0000000000000003' WHERE position = 7 AND subject LIKE 'project%'",
    "a subject row deleted": "DELETE FROM subjects WHERE position = 4 AND subject LIKE 'project%'",
    "a subject row of the first renewal deleted": "DELETE FROM subjects WHERE position = 2 AND subject LIKE 'post%'",
    "the last subject row deleted": "DELETE FROM subjects WHERE position = 8 AND subject LIKE 'project%'",
    "all subject rows deleted": "DELETE FROM subjects",
    "a subject row added": "INSERT INTO subjects VALUES ('project_aaaaaaaaaaaaaaaaaaaaaaaaaa', 1, 3, x'')",
    "a true subject row added beyond the end of the index": "INSERT INTO subjects SELECT subject, count + 1, 10, x'' FROM subjects WHERE position = 4 AND subject LIKE 'project%'",
    "a naming added to a subject": "INSERT INTO subjects SELECT subject, MAX(count) + 1, 8, x'' FROM subjects WHERE subject LIKE 'project%' GROUP BY subject",
    "a subject row cut in two": "INSERT INTO subjects SELECT subject, count - 1, 3, x'' FROM subjects WHERE position = 4 AND subject LIKE 'project%'",
    "seals.indexed of the last raised": "UPDATE seals SET indexed = 12 WHERE size = 12",
    "seals.indexed of the last raised beyond the log": "UPDATE seals SET indexed = 99 WHERE size = 12",
    "seals.indexed of the last lowered": "UPDATE seals SET indexed = 3 WHERE size = 12",
    "seals.indexed since the last renewal lowered": "UPDATE seals SET indexed = 3 WHERE size >= 9",
    "seals.indexed of all lowered": "UPDATE seals SET indexed = 0",
    "seals.indexed of a renewal moved": "UPDATE seals SET indexed = 6 WHERE size = 6",
    "seals.indexed of the first renewal undone": "UPDATE seals SET indexed = 0 WHERE size < 9",
    "seals.indexed within a commit": "UPDATE seals SET indexed = 8 WHERE size >= 9",
    "seals.indexed negative": "UPDATE seals SET indexed = -1 WHERE size = 12",
    "seals.indexed no number": "UPDATE seals SET indexed = 'x' WHERE size = 4",
    "seals.indexed of the last no number": "UPDATE seals SET indexed = x'09' WHERE size = 12",
    "seals.root changed": "UPDATE seals SET root = zeroblob(32) WHERE size = 4",
    "seals.root of the last changed": "UPDATE seals SET root = zeroblob(32) WHERE size = 12",
    "seals.blob changed": "UPDATE seals SET blob = zeroblob(68) WHERE size = 4",
    "seals.blob of the last changed": "UPDATE seals SET blob = zeroblob(68) WHERE size = 12",
    "seals.size raised": "UPDATE seals SET size = 99 WHERE size = 12",
    "seals.size within a command": "UPDATE seals SET size = 5 WHERE size = 4",
    "seals.size negative": "UPDATE seals SET size = -4 WHERE size = 4",
    "a seal deleted": "DELETE FROM seals WHERE size = 4",
    "the last seal deleted": "DELETE FROM seals WHERE size = 12",
    "all seals deleted": "DELETE FROM seals",
    "a negative seal added": "INSERT INTO seals SELECT -4, root, blob, indexed FROM seals WHERE size = 4",
    "a seal added": "INSERT INTO seals SELECT 5, root, blob, indexed FROM seals WHERE size = 4",
    "archives.body changed": "UPDATE archives SET body = x'00' WHERE sha256 = '" + ARCHIVE_HASH + "'",
    "archives.sha256 changed": "UPDATE archives SET sha256 = substr(sha256, 1, 63) || 'z' WHERE sha256 = '"
    + NEXT_HASH
    + "'",
    "an archive deleted": "DELETE FROM archives WHERE sha256 = '" + NEXT_HASH + "'",
    "a false archive added": "INSERT INTO archives VALUES ('" + "a" * 64 + "', x'00')",
    "an archive that nobody adopted added": f"INSERT INTO archives VALUES ('{hashlib.sha256(b'').hexdigest()}', x'')",
    "entries.stream no text": "UPDATE entries SET stream = x'00' WHERE position = 3",
    "entries.version no number": "UPDATE entries SET version = 'x' WHERE position = 3",
    "entries.command no bytes": "UPDATE entries SET command = 'x' WHERE position = 3",
    "entries.leaf no bytes": "UPDATE entries SET leaf = 'x' WHERE position = 3",
    "entries.leaf a number": "UPDATE entries SET leaf = 32 WHERE position = 3",
    "entries.entry no bytes": "UPDATE entries SET entry = 'x' WHERE position = 3",
    "entries.entry a number of bytes beyond all memory": "UPDATE entries SET entry = 9007199254740991 WHERE position = 3",
    "entries.entry of the genesis no bytes": "UPDATE entries SET entry = 'x' WHERE position = 0",
    "subjects.subject no text": "UPDATE subjects SET subject = x'00' WHERE position = 4 AND subject LIKE 'project%'",
    "subjects.count no number": "UPDATE subjects SET count = 'x' WHERE position = 4 AND subject LIKE 'project%'",
    "subjects.position no number": "UPDATE subjects SET position = 'x' WHERE position = 4 AND subject LIKE 'project%'",
    "subjects.earlier no bytes": "UPDATE subjects SET earlier = 'x' WHERE position = 4 AND subject LIKE 'project%'",
    "seals.root no bytes": "UPDATE seals SET root = 'x' WHERE size = 4",
    "seals.blob no bytes": "UPDATE seals SET blob = 'x' WHERE size = 4",
    "seals.blob of the last no bytes": "UPDATE seals SET blob = 'x' WHERE size = 12",
    "archives.sha256 no text": "UPDATE archives SET sha256 = x'00' WHERE sha256 = '" + NEXT_HASH + "'",
    "archives.body no bytes": "UPDATE archives SET body = 'x' WHERE sha256 = '" + NEXT_HASH + "'",
    "writer.id changed": "INSERT INTO writer VALUES (7)",
}
SWAPS = {
    "places in a stream": ["stream", "version"],
    "commands": ["command"],
    "leaves": ["leaf"],
    "entries": ["entry"],
    "entries with their leaves": ["leaf", "entry"],
    "whole rows": ["stream", "version", "command", "leaf", "entry"],
}
# What changes nothing that is exported, and hides nothing: a column that no answer is made of.
HARMLESS = {"an archive that nobody adopted added", "writer.id changed"}


@pytest.mark.parametrize("name", ATTACKS)
def test_50_an_attack_on_a_column_is_found_or_changes_nothing_that_is_exported(
    attacked: Attacked, tmp_path: Path, name: str
) -> None:
    assert attacked.run(ATTACKS[name]) > 0
    driver = attacked.driver()
    try:
        step = found_by(driver)
        assert (step is None) == (name in HARMLESS), step
        if step is None:
            export_log(Log(driver, Sealer(LEDGER.key)), tmp_path / "exported")
            assert files_of(tmp_path / "exported") == attacked.exported
    finally:
        driver.close()


@pytest.mark.parametrize("columns", SWAPS.values(), ids=SWAPS)
@pytest.mark.parametrize("positions", [(3, 11), (4, 5), (7, 8), (0, 9), (10, 11)], ids=str)
def test_50_two_rows_whose_columns_were_swapped_are_found(
    attacked: Attacked, columns: list[str], positions: tuple[int, int]
) -> None:
    attacked.swap(columns, *positions)
    driver = attacked.driver()
    try:
        assert found_by(driver) is not None
    finally:
        driver.close()


@pytest.fixture
def intact(attacked: Attacked) -> Iterator[SqliteDriver]:
    driver = attacked.driver()
    yield driver
    driver.close()


def test_50_the_original_is_believed_and_its_copy_is_exported_to_the_same_bytes(
    attacked: Attacked, intact: SqliteDriver, tmp_path: Path
) -> None:
    assert found_by(intact) is None
    export_log(Log(intact, None), tmp_path / "exported")
    assert files_of(tmp_path / "exported") == attacked.exported
    assert {f"rules/{ARCHIVE_HASH}.zip", f"rules/{NEXT_HASH}.zip"} <= set(attacked.exported)


def test_50_an_older_state_is_consistent_in_itself_and_only_who_has_seen_more_can_tell(
    attacked: Attacked,
) -> None:
    attacked.run(
        "DELETE FROM entries WHERE position >= 11",
        "DELETE FROM seals WHERE size > 11",
    )
    driver = attacked.driver()
    assert found_by(driver) is None
    driver.close()


@pytest.mark.parametrize("size", [11, 4, 3])
def test_50_an_older_state_of_any_age_is_consistent_in_itself(attacked: Attacked, size: int) -> None:
    attacked.run(
        f"DELETE FROM entries WHERE position >= {size}",
        f"DELETE FROM subjects WHERE position >= {size}",
        f"DELETE FROM seals WHERE size > {size}",
    )
    driver = attacked.driver()
    assert found_by(driver) is None
    driver.close()


def test_50_the_columns_of_every_database_agree_with_its_entries(store: Store) -> None:
    driver = store.driver()
    log = founded(driver)
    ready(log, project("a"), asset("b")).into(log)
    batch(log, [project("r0"), project("r1")], {0: "x"}).into(log)
    assert check_columns(driver) > 4 * log.size
    assert found_by(driver) is None


def test_13_an_archive_that_was_kept_and_never_adopted_is_no_fault_and_is_not_exported(
    store: Store, tmp_path: Path
) -> None:
    """The process died between keeping the archive and the adoption."""
    driver = store.driver()
    log = founded(driver)
    driver.put_archive(NEXT_HASH, NEXT)
    believe(log)
    export_log(log, tmp_path / "exported")
    assert [path.name for path in (tmp_path / "exported" / "rules").iterdir()] == [f"{ARCHIVE_HASH}.zip"]


def test_50_an_archive_that_an_epoch_names_and_nobody_kept_is_found(store: Store) -> None:
    driver = store.driver()
    log = founded(driver)
    adoption(log.origin, 1, 2, NEXT_HASH, {LEDGER_ID: 1}).into(log)
    with pytest.raises(NotBelieved, match="缺规则存档") as found:
        check_columns(driver)
    assert found.value.step == STEP
    driver.put_archive(NEXT_HASH, NEXT)
    check_columns(driver)


def test_13_a_log_is_exported_into_an_empty_directory_only_and_not_before_it_has_entries(
    store: Store, tmp_path: Path
) -> None:
    empty = Log(store.driver(), None)
    with pytest.raises(LookupError):
        export_log(empty, tmp_path / "none")
    log = founded(store.driver())
    assert export_log(log, tmp_path / "one") == 3
    with pytest.raises(FileExistsError):
        export_log(log, tmp_path / "one")
