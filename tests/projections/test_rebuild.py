"""D14: rebuilt rows equal live ones, and rows equal what the entries say."""

from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import Engine, create_engine, update

from projections import tables
from projections.database import prepare
from projections.follow import FollowedElsewhere, Lease, follow, position
from projections.nouns import NOUNS
from projections.rebuild import compare, digests, rebuild
from projections.register import register
from projections.trace import trace
from tests.projections.log import ELSEWHERE, QINGXI, VILLAGE, Log, an_id, line

WORDS = (
    "list",
    "elsewhere",
    "batch",
    "check",
    "check_batch",
    "opine",
    "withdraw",
    "determine",
    "correct",
    "supersede",
)
HISTORIES = st.lists(
    st.tuples(
        st.sampled_from([*WORDS, "follow", "move"]),
        st.integers(0, 1000),
        st.sampled_from(["2023-01-01", "2024-01-01", "2025-01-01"]),
    ),
    max_size=25,
)


class History:
    """A random history that the domain might have admitted, and a follower that comes by at times."""

    def __init__(self, engine: Engine) -> None:
        self.log = Log().begin()
        self.engine = engine
        self.projects: dict[str, int] = {}  # -> version of its entry
        self.checked: set[str] = set()
        self.batches: list[tuple[str, int]] = []
        self.open: list[tuple[str, str]] = []
        self.corrected: set[str] = set()

    def tell(self, word: str, which: int, on: str) -> None:
        number = f"QX-{self.log.size()}"
        if word == "follow":
            follow(self.log, self.engine)
        elif word == "move":
            state = {"area": VILLAGE, "occurred_on": on, "parent": [QINGXI, ELSEWHERE][which % 2]}
            self.log.record(("area.moved.v1", VILLAGE, state), on=on)
        elif word == "list":
            self.projects[self.log.list(number, on=on, total_fen=None, fund_lines=[line(which), line(1)])] = 1
        elif word == "elsewhere":
            self.projects[
                self.log.list(number, on=on, areas=[VILLAGE, ELSEWHERE], area_label="青溪村、外地")
            ] = 1
        elif word == "batch":
            numbers = [f"{number}-{index}" for index in range(1 + which % 4)]
            batch = an_id("batch", number)
            self.batches.append((batch, self.log.load(batch, numbers, on=on)))
            self.projects |= {an_id("project", one): 1 for one in numbers}
        elif word == "check_batch" and self.batches:
            batch, outcome = self.batches.pop(which % len(self.batches))
            self.log.check_batch(batch, outcome, excepted=[0] if which % 3 else [])
            self.checked |= {one.stream for one in self.log.all if one.batch and one.batch[0] == outcome}
        elif self.projects:
            self.tell_of(sorted(self.projects)[which % len(self.projects)], word, which, on)

    def tell_of(self, project: str, word: str, which: int, on: str) -> None:
        proposal = an_id("proposal", str(self.log.size()))
        class_ = ["weak", "idle", "advantaged", "eliminated"][which % 4]
        if word == "check" and project not in self.checked:
            self.log.check(project, self.projects[project])
            self.checked.add(project)
        elif word == "opine":
            self.log.opine(project, proposal, class_, on=on)
            self.open.append((project, proposal))
        elif word == "withdraw" and self.open:
            self.log.withdraw(*self.open.pop(which % len(self.open)))
        elif word == "determine":
            self.log.determine(project, proposal, class_, on=on)
        elif word == "correct" and project not in self.corrected:
            now: Any = [line(which), line(which, "other")] if which % 2 else []
            self.log.correct(project, proposal, self.projects[project], "fund_lines", [], now)
            self.corrected.add(project)
        elif word == "supersede" and project not in self.checked:
            number = f"QX-{self.log.size()}"
            self.log.supersede(project, number, on=on, supersedes=self.projects[project], areas=[QINGXI])
            self.projects[project] = self.log.version(project)


@settings(max_examples=40, deadline=None)
@given(HISTORIES)
def test_d14_rebuilt_rows_equal_live_ones_and_rows_equal_the_trace(story: list[tuple[str, int, str]]) -> None:
    with TemporaryDirectory() as directory:
        engine = prepare(create_engine(f"sqlite:///{Path(directory) / 'read.db'}"))
        history = History(engine)
        for word, which, on in story:
            history.tell(word, which, on)
        follow(history.log, engine)
        assert rebuild(history.log, engine).differences == ()
        shown = register(engine, NOUNS["project"]).rows
        assert {row["id"] for row in shown} == set(history.projects)
        for row in shown:
            found = trace(history.log, row["id"])
            assert row["checked"] == found.checked
            assert row["class"] == (found.value("class") or "")
            assert row["opined_class"] == (found.value("opined_class") or "")
            assert row["number"] == found.value("number")
            assert row["areas"] == found.value("areas")
            assert found.amounts is not None
            assert (row["total_fen"], row["stated_fen"]) == (
                found.amounts.total_fen,
                found.amounts.stated_fen,
            )
            assert sum(one["amount_fen"] for one in row["fund_lines"]) == row["total_fen"]
        engine.dispose()


def test_d14_a_row_changed_by_hand_is_found_and_made_anew(log: Log, each_engine: Engine) -> None:
    project = log.list("QX-0007")
    follow(log, each_engine)
    with each_engine.begin() as connection:
        connection.execute(update(tables.project).values(total_fen=1))
    (difference,) = rebuild(log, each_engine).differences
    assert (difference.table, difference.live.rows, difference.replayed.rows) == ("project", 1, 1)
    assert register(each_engine, NOUNS["project"]).rows[0]["total_fen"] == 1_000_000
    assert register(each_engine, NOUNS["project"]).rows[0]["id"] == project
    assert rebuild(log, each_engine).differences == ()


def test_d14_a_row_lost_is_found(log: Log, engine: Engine) -> None:
    log.list("QX-0007")
    follow(log, engine)
    with engine.begin() as connection:
        connection.execute(tables.territory_area.delete())
    (difference,) = rebuild(log, engine).differences
    assert (difference.table, difference.live.rows, difference.replayed.rows) == ("territory_area", 0, 1)


def test_d14_entries_recorded_meanwhile_are_followed_but_no_difference(log: Log, engine: Engine) -> None:
    follow(log, engine)
    log.list("QX-0007")
    rebuilt = rebuild(log, engine)
    assert rebuilt.differences == ()
    assert rebuilt.next == log.size() - 1
    assert position(engine) == log.size()


def test_d14_nothing_is_rebuilt_under_one_who_follows(log: Log, engine: Engine) -> None:
    lease = Lease(engine)
    follow(log, engine, lease=lease)
    before = digests(engine)
    with pytest.raises(FollowedElsewhere):
        rebuild(log, engine)
    assert digests(engine) == before
    lease.release()
    assert rebuild(log, engine).differences == ()


def test_d14_a_scratch_database_of_another_kind_has_the_same_digests(
    log: Log, each_engine: Engine, tmp_path: Path
) -> None:
    log.check_batch(an_id("batch", "1"), log.load(an_id("batch", "1"), ["QX-1", "QX-2"]), excepted=[1])
    log.determine(an_id("project", "QX-1"), an_id("proposal", "1"), "idle", on="2026-11-01")
    follow(log, each_engine)
    scratch = create_engine(f"sqlite:///{tmp_path / 'scratch.db'}")
    assert compare(log, each_engine, scratch).differences == ()
    with each_engine.begin() as connection:
        connection.execute(update(tables.batch).values(endorsed_at=None))
    other = create_engine(f"sqlite:///{tmp_path / 'other.db'}")
    assert [one.table for one in compare(log, each_engine, other).differences] == ["batch"]
    scratch.dispose()
    other.dispose()
