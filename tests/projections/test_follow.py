"""D14: rows follow the log in order, with their position in the same transaction, by one process at a time."""

import copy
import shutil
import subprocess
import sys
import threading
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from time import monotonic

import pytest
from sqlalchemy import Engine, event, select, text, update
from sqlalchemy.exc import DBAPIError

from domain.record import Recorded
from projections import nouns, tables
from projections.database import SCHEMA, Unreachable, are_ours, empty, is_fault_of_ours, is_of_shape, prepare
from projections.entry import read
from projections.follow import (
    LEASE,
    FollowedElsewhere,
    Follower,
    Lease,
    catch_up,
    follow,
    passed_over,
    position,
    utcnow,
)
from projections.nouns import NOUNS
from projections.rebuild import digests, rebuild
from projections.register import register
from tests.projections.log import Log, an_id
from tests.projections.rows import row_of

PROJECTS = NOUNS["project"]


class Failing(Log):
    """A log whose reading breaks at a position, once."""

    broken_at: int | None = None

    def entries(self, start: int, stop: int | None = None) -> Iterator[Recorded]:
        for one in super().entries(start, stop):
            if one.position == self.broken_at:
                self.broken_at = None
                raise ConnectionError("the log is gone")
            yield one


class Clock:
    def __init__(self) -> None:
        self.now = datetime(2026, 11, 23, 2, 0, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.now


@pytest.mark.parametrize("shown", [True, False])
def test_d14_a_read_database_that_another_holds_for_long_is_said_to_be_held(
    log: Log, engine: Engine, shown: bool
) -> None:
    """Rows made anew in one long transaction: whoever asks meanwhile sees what is shown, or is told."""
    log.list("QX-0001")
    assert follow(log, engine) == log.size()
    if not shown:
        log.list("QX-0002")
    event.listen(engine, "connect", lambda connection, _: connection.execute("PRAGMA busy_timeout=20"))
    engine.dispose()
    with engine.connect() as another:
        another.exec_driver_sql("BEGIN IMMEDIATE")
        if shown:
            assert catch_up(log, engine, timedelta()) == log.size()
        else:
            with pytest.raises(FollowedElsewhere, match="读表"):
                catch_up(log, engine, timedelta())


def test_d14_rows_that_cannot_be_written_for_another_reason_keep_nobody_waiting(
    log: Log, engine: Engine
) -> None:
    """A disc that is full, a file that may only be read: nobody else is at work, and it is not said that somebody is."""
    assert follow(log, engine) == log.size()
    log.list("QX-0001")
    event.listen(engine, "connect", lambda connection, _: connection.execute("PRAGMA query_only=ON"))
    engine.dispose()
    started = monotonic()
    with pytest.raises(Unreachable, match="readonly"):
        catch_up(log, engine, timedelta(seconds=60))
    assert monotonic() - started < 30


def test_d14_tables_are_never_seen_without_their_rows(each_engine: Engine) -> None:
    """Several who make them at once, while another looks: it sees those of before, or those of after, whole."""
    with each_engine.begin() as connection:
        connection.execute(update(tables.position).values(shape="of last year"))
    looked, making = [], [threading.Thread(target=prepare, args=(each_engine,)) for _ in range(4)]
    for one in making:
        one.start()
    while any(one.is_alive() for one in making):
        with each_engine.connect() as connection:
            looked.append(connection.execute(select(tables.position.c.shape)).scalar_one())
    for one in making:
        one.join()
    assert set(looked) <= {"of last year", tables.shape()}
    with each_engine.connect() as connection:
        assert connection.execute(select(tables.position.c.shape)).scalars().all() == [tables.shape()]


def test_d14_a_follower_that_was_replaced_says_so_once(
    log: Log, engine: Engine, caplog: pytest.LogCaptureFixture
) -> None:
    follow(log, engine)
    with engine.begin() as connection:
        connection.execute(update(tables.position).values(shape="of next year"))
    follower = Follower(log, engine, poll_seconds=0.01)
    rounds: list[int] = []
    follower.on_move(rounds.append)
    log.list("QX-0001")
    follower.start()
    until = monotonic() + 30
    while len(rounds) < 5 and monotonic() < until:
        follower.signal.set()
    follower.stop()
    assert len(rounds) >= 5
    (said,) = caplog.messages
    assert "另一版本" in said


def test_d14_rows_of_more_than_there_is_are_of_another_log(log: Log, each_engine: Engine) -> None:
    """A log that was put back from a backup: what came after it is no longer recorded, and is not shown as if it were."""
    kept = Log()
    for one in (log, kept):
        one.list("QX-0001")
    gone = log.list("QX-0002")
    assert follow(log, each_engine) > kept.size()
    assert catch_up(kept, each_engine) == kept.size() == position(each_engine)
    assert row_of(each_engine, PROJECTS, gone) is None
    assert rebuild(kept, each_engine).differences == ()


@pytest.mark.parametrize("more", [0, 2, -1], ids=["as long", "longer", "shorter"])
def test_d14_rows_of_another_log_are_made_anew_however_long_it_is(
    log: Log, each_engine: Engine, more: int
) -> None:
    """A read database that served another ledger: its rows end with an entry that this log does not have."""
    other = Log("另一台账").begin()
    foreign = other.list("QX-0009")
    follow(other, each_engine)
    for number in range(other.size() + more - log.size()):
        log.list(f"QX-000{number + 1}")
    assert log.size() == other.size() + more
    assert catch_up(log, each_engine) == log.size() == position(each_engine)
    assert row_of(each_engine, PROJECTS, foreign) is None
    assert rebuild(log, each_engine).differences == ()


def test_d14_a_log_that_went_on_otherwise_after_it_was_put_back_is_another(
    log: Log, each_engine: Engine
) -> None:
    """As long as before, and not a leaf of what was followed is changed but the last."""
    kept = copy.deepcopy(log)
    follow(log, each_engine)
    gone = log.list("QX-0001")
    follow(log, each_engine)
    kept.name = "恢复之后"
    again = kept.list("QX-0002")
    assert kept.size() == log.size()
    follow(kept, each_engine)
    assert row_of(each_engine, PROJECTS, gone) is None
    assert row_of(each_engine, PROJECTS, again) is not None


def test_d14_its_own_rows_are_never_made_anew(log: Log, each_engine: Engine) -> None:
    """A process that begins goes on where another has stopped."""
    log.list("QX-0001")
    follow(log, each_engine, stop=3)
    with each_engine.begin() as connection:
        connection.execute(update(tables.area).values(name="旧行"))
    assert catch_up(log, each_engine) == log.size()
    with each_engine.connect() as connection:
        assert "旧行" in connection.execute(select(tables.area.c.name)).scalars().all()


def test_d14_who_saw_less_of_the_log_than_another_followed_takes_nothing_away(
    log: Log, engine: Engine
) -> None:
    log.list("QX-0001")
    seen = log.size()
    project = log.list("QX-0002")
    follow(log, engine)
    assert follow(log, engine, seen) == log.size() == position(engine)
    assert row_of(engine, PROJECTS, project) is not None


def test_d14_a_listed_project_is_a_row_with_its_position(log: Log, each_engine: Engine) -> None:
    project = log.list("QX-0007")
    assert follow(log, each_engine) == log.size() == position(each_engine)
    row = row_of(each_engine, PROJECTS, project)
    assert row is not None
    assert (row["number"], row["checked"], row["total_fen"], row["position"]) == (
        "QX-0007",
        False,
        1_000_000,
        log.size() - 1,
    )


def test_d14_following_again_changes_nothing(log: Log, each_engine: Engine) -> None:
    log.list("QX-0007")
    follow(log, each_engine)
    before = digests(each_engine)
    assert follow(log, each_engine) == log.size()
    assert digests(each_engine) == before


def test_d14_a_crash_between_transactions_loses_nothing(engine: Engine) -> None:
    log = Failing()
    log.begin()
    before = log.size()
    projects = [log.list(f"QX-{number:04}") for number in range(1200)]
    log.broken_at = 700
    with pytest.raises(ConnectionError):
        follow(log, engine)
    assert position(engine) == 500, "the transaction that was broken left nothing"
    assert [row["id"] for row in register(engine, PROJECTS, limit=2000).rows] == projects[: 500 - before]
    assert follow(log, engine) == log.size()
    assert [row["id"] for row in register(engine, PROJECTS, limit=2000).rows] == projects


def test_d14_events_of_nobody_are_passed_over_and_counted(log: Log, engine: Engine) -> None:
    follow(log, engine)
    before = passed_over(engine)
    log.record(("contract.signed.v1", an_id("contract", "1"), {"name": "大棚"}))
    log.list("QX-0007")
    follow(log, engine)
    assert passed_over(engine) == before + 1
    assert len(register(engine, PROJECTS).rows) == 1


def test_d14_a_command_may_be_followed_in_two_parts(log: Log, engine: Engine) -> None:
    project = log.list("QX-0007")
    log.opine(project, an_id("proposal", "1"), "weak", on="2026-11-01")
    follow(log, engine, stop=log.size() - 1)
    assert follow(log, engine) == log.size()
    assert rebuild(log, engine).differences == ()


def test_an_entry_read_alone_has_the_statement_of_its_command(log: Log) -> None:
    project = log.list("QX-0007")
    at = log.opine(project, an_id("proposal", "1"), "weak", on="2026-11-01")
    (second,) = read(log, log.entries(at + 1))
    assert second.statement == log.all[at].command
    assert second.occurred_on == "2026-11-01"


def test_d14_a_position_out_of_order_is_never_followed(log: Log, engine: Engine) -> None:
    log.list("QX-0007")
    del log.all[3]
    with pytest.raises(AssertionError, match="not in order"):
        follow(log, engine)
    assert position(engine) == 0


def test_d14_one_process_follows_and_another_is_told_so(log: Log, each_engine: Engine) -> None:
    clock = Clock()
    first, second = Lease(each_engine, clock), Lease(each_engine, clock)
    follow(log, each_engine, lease=first)
    log.list("QX-0007")
    with pytest.raises(FollowedElsewhere):
        follow(log, each_engine, lease=second)
    first.release()
    assert follow(log, each_engine, lease=second) == log.size()


def test_d14_a_lease_not_renewed_passes_to_another(log: Log, engine: Engine) -> None:
    clock = Clock()
    first, second = Lease(engine, clock), Lease(engine, clock)
    follow(log, engine, lease=first)
    log.list("QX-0007")
    clock.now += LEASE - timedelta(seconds=1)
    with pytest.raises(FollowedElsewhere):
        follow(log, engine, lease=second)
    clock.now += timedelta(seconds=2)
    assert follow(log, engine, lease=second) == log.size()
    log.list("QX-0008")
    with pytest.raises(FollowedElsewhere):
        follow(log, engine, lease=first)


def test_d14_one_who_slept_while_others_followed_writes_nothing(log: Log, engine: Engine) -> None:
    class Sleeping(Log):
        """Somebody else follows, and is done, while this one reads."""

        def entries(self, start: int, stop: int | None = None) -> Iterator[Recorded]:
            follow(log, engine)
            return log.entries(start, stop)

        def size(self) -> int:
            return log.size()

    log.list("QX-0007")
    with pytest.raises(FollowedElsewhere, match="第 0 号起"):
        follow(Sleeping(), engine)
    assert position(engine) == log.size()
    assert rebuild(log, engine).differences == ()


def test_d14_tables_of_another_shape_are_made_anew(log: Log, engine: Engine) -> None:
    log.list("QX-0007")
    follow(log, engine)
    prepare(engine)
    assert position(engine) == log.size(), "the same shape stays"
    with engine.begin() as connection:
        connection.exec_driver_sql("UPDATE position SET shape = 'of last year'")
    prepare(engine)
    assert position(engine) == 0
    assert register(engine, PROJECTS).rows == ()
    assert follow(log, engine) == log.size()


@pytest.mark.parametrize(
    "changed",
    [
        "ALTER TABLE {0}project DROP COLUMN scale",
        "ALTER TABLE {0}project ADD COLUMN mine INTEGER",
        "DROP TABLE {0}territory_area",
        "ALTER TABLE {0}asset RENAME TO aside",  # which takes the indexes with it, by the names that they have
    ],
)
def test_d14_tables_that_a_hand_has_changed_are_made_anew(
    log: Log, each_engine: Engine, changed: str
) -> None:
    log.list("QX-0007")
    follow(log, each_engine)
    assert are_ours(each_engine)
    with each_engine.begin() as connection:
        schema = "" if connection.dialect.name == "sqlite" else f"{SCHEMA}."
        connection.exec_driver_sql(changed.format(schema))
    assert not are_ours(each_engine)
    assert are_ours(engine := prepare(each_engine))
    assert position(engine) == 0
    assert follow(log, engine) == log.size()
    assert rebuild(log, engine).differences == ()


def test_d14_a_program_writes_nothing_into_the_tables_of_another(log: Log, each_engine: Engine) -> None:
    """A server that was started before its program was changed, after a command line of the changed one made them anew."""
    log.list("QX-0007")
    follow(log, each_engine)
    with each_engine.begin() as connection:
        empty(connection)
        connection.execute(update(tables.position).values(shape="of next year"))
    with pytest.raises(FollowedElsewhere, match="另一版本"):
        follow(log, each_engine)
    assert position(each_engine) == 0
    assert register(each_engine, PROJECTS).rows == ()
    assert follow(log, prepare(each_engine)) == log.size(), "whoever prepares them makes them its own"


@pytest.mark.parametrize("changed", ["", "projections/project.py", "domain/limitation.py"])
def test_d14_rows_of_another_program_are_made_anew(tmp_path: Path, changed: str) -> None:
    for package in ("domain", "projections"):
        shutil.copytree(Path(tables.__file__).parents[1] / package, tmp_path / package)
    if changed:
        with (tmp_path / changed).open("a") as source:
            source.write("\n# another program\n")
    program = [sys.executable, "-c", "from projections import tables; print(tables.shape())"]
    ran = subprocess.run(program, cwd=tmp_path, capture_output=True, text=True, check=True)
    assert (ran.stdout.strip() == tables.shape()) == (changed == "")


def test_d14_the_follower_wakes_by_its_signal_and_answers_who_waits(log: Log, engine: Engine) -> None:
    follower = Follower(log, engine, poll_seconds=30)
    follower.start()
    try:
        assert follower.wait(log.size() - 1, timeout=10)
        project = log.list("QX-0007")
        assert not follower.wait(log.size() - 1, timeout=0.05), "nobody has signalled, the poll is far off"
        follower.signal.set()
        assert follower.wait(log.size() - 1, timeout=10)
        assert row_of(engine, PROJECTS, project) is not None
    finally:
        follower.stop()
    assert not follower.alive
    log.list("QX-0008")
    assert follow(log, engine) == log.size(), "a stopped follower has let its lease go"


def test_d14_stopping_does_not_wait_for_the_poll(log: Log, engine: Engine) -> None:
    follower = Follower(log, engine, poll_seconds=60)
    follower.start()
    assert follower.wait(log.size() - 1, timeout=10)
    started = monotonic()
    follower.stop()
    assert monotonic() - started < 30


def test_d14_the_follower_polls_when_nobody_signals(log: Log, engine: Engine) -> None:
    follower = Follower(log, engine, poll_seconds=0.02)
    follower.start()
    try:
        assert follower.wait(log.size() - 1, timeout=10)
        log.list("QX-0007")
        assert follower.wait(log.size() - 1, timeout=10)
    finally:
        follower.stop()


def test_d14_a_follower_beside_another_answers_by_the_others_position(log: Log, engine: Engine) -> None:
    other = Lease(engine)
    follow(log, engine, lease=other)
    beside = Follower(log, engine, poll_seconds=0.02)
    beside.start()
    try:
        log.list("QX-0007")
        assert not beside.wait(log.size() - 1, timeout=0.1)
        log.list("QX-0008")
        follow(log, engine, lease=other, stop=log.size() - 1)
        assert beside.wait(log.size() - 2, timeout=10)
        assert not beside.wait(log.size() - 1, timeout=0.1), "the other is not so far"
    finally:
        beside.stop()


def test_d14_who_needs_the_rows_waits_for_the_process_that_follows(log: Log, each_engine: Engine) -> None:
    other = Follower(log, each_engine, poll_seconds=0.2)
    other.start()
    try:
        log.list("QX-0007")
        assert other.wait(log.size() - 1, timeout=10), "it has the lease now"
        log.list("QX-0008")
        assert catch_up(log, each_engine) == log.size() == position(each_engine)
    finally:
        other.stop()


def test_d14_who_needs_the_rows_takes_over_from_a_process_that_was_killed(log: Log, engine: Engine) -> None:
    killed = Lease(engine, lambda: utcnow() - LEASE + timedelta(seconds=0.3))
    follow(log, engine, lease=killed)
    log.list("QX-0007")
    assert catch_up(log, engine) == log.size()


def test_d14_who_needs_the_rows_is_told_when_they_do_not_come(log: Log, engine: Engine) -> None:
    follow(log, engine, lease=Lease(engine))
    log.list("QX-0007")
    with pytest.raises(FollowedElsewhere, match="bangfu serve"):
        catch_up(log, engine, timedelta(0))
    assert position(engine) < log.size()


@pytest.mark.parametrize(
    ("asked", "is_ours", "of_shape"),
    [
        ("SELECT 1 FROM nothing_of_ours", False, True),
        ("SELECT nothing_of_ours FROM (SELECT 1 AS one) AS those", False, True),
        ("SELECT nothing(1)", False, False),
        ("INSERT INTO {kept} (id) VALUES (1)", True, False),
    ],
)
def test_what_a_database_says_is_told_apart(
    each_engine: Engine, asked: str, is_ours: bool, of_shape: bool
) -> None:
    prepare(each_engine)
    kept = f"{SCHEMA}.position" if each_engine.dialect.name == "postgresql" else "position"
    with pytest.raises(DBAPIError) as raised, each_engine.begin() as connection:
        connection.execute(text(asked.format(kept=kept)))
    assert (is_fault_of_ours(raised.value), is_of_shape(raised.value)) == (is_ours, of_shape)


def test_every_noun_has_its_kind_its_table_and_its_events_to_itself() -> None:
    assert len(nouns.NOUNS) == len(nouns.LISTED)
    for noun in nouns.LISTED:
        assert noun.table.name == noun.kind
        assert {"id", "position", "last_position"} <= set(noun.table.c.keys())
    # An event is handled by the noun it belongs to; the others follow what concerns them too.
    assert all(event.partition(".")[0] in nouns.NOUNS for event in nouns.HANDLERS)
    assert all(event in nouns.NOUNS[event.partition(".")[0]].handlers for event in nouns.HANDLERS)
