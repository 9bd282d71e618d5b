"""Every driver passes the contract; and what is owed by one kind of database only."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from audit.driver import Driver, StoreFailure
from audit.drivers.postgresql import PostgresqlDriver
from audit.drivers.sqlite import SqliteDriver
from tests.audit.contract_driver import A, B, DriverContract, SharedDriverContract, commit, row, seal
from tests.support.stores import Store, memory_store, url_store


class TestMemoryDriver(DriverContract):
    @pytest.fixture
    def store(self) -> Store:
        return memory_store()


class TestSqliteDriver(SharedDriverContract):
    @pytest.fixture
    def store(self, sqlite_url: str) -> Iterator[Store]:
        with url_store(sqlite_url) as found:
            yield found

    def test_a_commit_is_on_the_disk_when_it_returns(self, store: Store) -> None:
        driver = store.driver()
        assert isinstance(driver, SqliteDriver)
        driver.begin()
        cursor = driver._writer.driver_connection.cursor()
        settings = [
            cursor.execute(f"PRAGMA {name}").fetchone()[0] for name in ("journal_mode", "synchronous")
        ]
        driver.abandon()
        assert settings == ["wal", 2]

    def test_a_file_that_is_no_database_is_a_store_failure(self, tmp_path: Path) -> None:
        path = tmp_path / "log.sqlite"
        path.write_bytes(b"this is no database, however long it may be" * 100)
        with pytest.raises(StoreFailure, match="文件不是数据库"):
            SqliteDriver(f"sqlite:///{path}")

    def test_a_full_disk_is_said_in_words(self, sqlite_url: str) -> None:
        driver = SqliteDriver(sqlite_url)
        commit(driver, [row(0, A, 1)])
        driver.begin()
        pages = driver._writer.driver_connection.execute("PRAGMA page_count").fetchone()[0]
        driver._writer.driver_connection.execute(f"PRAGMA max_page_count={pages}")
        large = row(1, B, 1)._replace(entry=bytes(1_000_000))
        with pytest.raises(StoreFailure, match="磁盘已满"):
            driver.write([large], seal(2), 0)
        driver.abandon()
        assert driver.head().seal.size == 1
        commit(driver, [row(1, B, 1)])
        driver.close()

    def test_a_reader_cannot_write(self, store: Store) -> None:
        driver = store.driver()
        commit(driver, [row(0, A, 1)])
        assert isinstance(driver, SqliteDriver)
        with pytest.raises(StoreFailure):
            driver._all("DELETE FROM entries")
        assert len(driver.stream(A)) == 1


class TestPostgresqlDriver(SharedDriverContract):
    @pytest.fixture
    def store(self, postgresql_url: str) -> Iterator[Store]:
        with url_store(postgresql_url) as found:
            yield found

    def test_a_commit_is_on_the_disk_when_it_returns(self, store: Store) -> None:
        commit(store.driver(), [row(0, A, 1)])
        with psycopg.connect(store.url) as connection:
            settings = [
                connection.execute(f"SHOW {name}").fetchone() for name in ("fsync", "synchronous_commit")
            ]
        assert settings == [("on",), ("on",)]

    def test_ids_are_compared_by_their_bytes_whatever_the_locale(self, store: Store) -> None:
        store.driver()
        with psycopg.connect(store.url) as connection:
            found = connection.execute(
                "SELECT attname FROM pg_attribute JOIN pg_collation c ON c.oid = attcollation "
                "WHERE attrelid IN ('entries'::regclass, 'subjects'::regclass) AND collname = 'C' ORDER BY 1"
            ).fetchall()
        assert found == [("stream",), ("subject",)]

    def test_a_server_that_dropped_the_connections_is_a_store_failure_once_and_then_works(
        self, store: Store
    ) -> None:
        driver = store.driver()
        commit(driver, [row(0, A, 1)])
        assert isinstance(driver, PostgresqlDriver)
        with driver._reading(), driver._reading():
            pass  # two idle readers now: the second must not fail after the first has
        self._drop_connections(store)
        with pytest.raises(StoreFailure):
            driver.begin()
        with pytest.raises(StoreFailure):
            driver.stream(A)
        commit(driver, [row(1, B, 1)])
        assert [one.position for one in driver.rows(0, 9)] == [0, 1]

    def test_a_connection_dropped_between_begin_and_write_leaves_nothing(self, store: Store) -> None:
        driver = store.driver()
        driver.begin()
        self._drop_connections(store)
        with pytest.raises(StoreFailure):
            driver.write([row(0, A, 1)], seal(1), 0)
        driver.abandon()
        assert driver.head().seal is None
        commit(driver, [row(0, A, 1)])
        assert driver.head().seal == seal(1)

    def test_without_the_row_that_is_the_lock_nothing_is_begun(self, store: Store) -> None:
        driver: Driver = store.driver()
        with psycopg.connect(store.url) as connection:
            connection.execute("DELETE FROM writer")
        with pytest.raises(StoreFailure, match="writer"):
            driver.begin()

    @staticmethod
    def _drop_connections(store: Store) -> None:
        with psycopg.connect(store.url) as connection:
            connection.execute(
                "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity "
                "WHERE datname = current_database() AND pid <> pg_backend_pid()"
            )
