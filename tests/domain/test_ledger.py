"""The ledger under many hands: idempotent, never behind the log in a refusal, deciding anew what has moved."""

import threading
from collections.abc import Sequence
from typing import Any

import pytest
from eventsourcing.persistence import ApplicationRecorder

from domain.errors import (
    Busy,
    KeyNotGood,
    LateReasonMissing,
    Moved,
    SubjectMoved,
    Taken,
    WrongSigners,
)
from domain.ledger import Accepted, Ledger
from domain.record import Signed, Submission
from tests.domain import estate
from tests.domain.story import ACTORS, ARCHIVE, Town, identity
from tests.support.memory_books import MemoryBooks, MemoryFactory, MemoryRecorder


def test_a_command_sent_again_gives_the_same_answer_and_changes_nothing(town: Town) -> None:
    signed = town.sign(town.command("project.list.v1", town.project(), nature="fact"))
    first = town.ledger.handle(signed)
    again = town.ledger.handle(signed)
    assert (first.replayed, again.replayed) == (False, True)
    assert (again.position, again.n, again.command_id) == (first.position, first.n, first.command_id)
    assert len(town.books.entries) == first.position + 1


def test_it_is_given_again_after_it_has_expired(town: Town) -> None:
    signed = town.sign(town.command("project.list.v1", town.project(), nature="fact"))
    first = town.ledger.handle(signed)
    town.books.today = "2027-02-01"
    assert town.ledger.handle(signed).position == first.position


def test_a_refused_command_is_decided_anew(town: Town) -> None:
    signed = town.sign(town.command("project.endorse.v1", town.endorsement(), "centre"))
    for _ in range(2):
        with pytest.raises(Exception, match="台账中没有项目"):
            town.ledger.handle(signed)


def test_a_refusal_never_rests_on_a_directory_behind_the_log(town: Town) -> None:
    other = town.another_process()
    town.enrol("second", "village_admin", "village", person="clerk", post="clerk")
    command = town.command(
        "project.list.v1", town.project(), nature="fact", signers=[town.extra["second"].capacity]
    )
    assert other.handle(town.sign(command)).n == 1


def test_a_key_revoked_elsewhere_signs_no_more(town: Town) -> None:
    other = town.another_process()
    town.when("key.revoke.v1", {"key": ACTORS["clerk"].key, "reason": "调离"}, "registrar")
    signed = town.sign(town.command("project.list.v1", town.project(), nature="fact"))
    with town.refused(KeyNotGood):
        other.handle(signed)


class Meddling(MemoryRecorder):
    """A recorder between whose question and append somebody else is quicker, a given number of times."""

    def __init__(self, books: MemoryBooks, meddle: Any, times: int) -> None:
        super().__init__(books)
        self.meddle, self.times = meddle, times

    def insert_events(self, stored_events: Sequence[Any], **kwargs: Any) -> Sequence[int] | None:
        submission: Submission = kwargs["submission"]
        if self.times > 0:
            self.times -= 1
            self.meddle(submission)
        return super().insert_events(stored_events, submission=submission)


class MeddlingFactory(MemoryFactory):
    def __init__(self, books: MemoryBooks, meddle: Any, times: int) -> None:
        super().__init__(books)
        self.meddling = (meddle, times)

    def application_recorder(self) -> ApplicationRecorder:
        return Meddling(self.books, *self.meddling)


def meddled(town: Town, meddle: Any, times: int = 1) -> Ledger:
    factory = MeddlingFactory(town.books, meddle, times)
    return Ledger(factory=factory, books=town.books, today=lambda: town.books.today, archive=ARCHIVE)


def test_a_name_taken_meanwhile_is_seen_when_it_is_decided_anew(town: Town) -> None:
    ledger = meddled(town, lambda _: town.listed("茶园", number="QX-1"))
    signed = town.sign(
        town.command("project.list.v1", town.project("油茶基地", number="QX-1"), nature="fact")
    )
    with pytest.raises(Taken):
        ledger.handle(signed)
    town.check()


def test_a_key_revoked_meanwhile_refuses_the_command(town: Town) -> None:
    revoke = {"key": ACTORS["clerk"].key, "reason": "调离"}
    ledger = meddled(town, lambda _: town.when("key.revoke.v1", revoke, "registrar"))
    with pytest.raises(KeyNotGood):
        ledger.handle(town.sign(town.command("project.list.v1", town.project(), nature="fact")))
    town.check()


def test_a_date_changed_meanwhile_is_the_new_date(town: Town) -> None:
    def midnight(_: Submission) -> None:
        town.books.today = "2026-11-24"

    ledger = meddled(town, midnight)
    accepted = ledger.handle(town.sign(town.command("project.list.v1", town.project(), nature="fact")))
    assert town.books.dates[accepted.position] == "2026-11-24"


def test_an_act_whose_subject_moved_meanwhile_is_refused(town: Town) -> None:
    town.listed()
    better = town.project() | {"reason": "x", "version": 1}
    ledger = meddled(town, lambda _: town.when("project.supersede.v1", better, nature="fact"))
    with pytest.raises(SubjectMoved):
        ledger.handle(town.sign(town.command("project.endorse.v1", town.endorsement(), "centre")))


def test_seen_3_what_keeps_moving_is_refused_in_the_end(town: Town) -> None:
    def always(submission: Submission) -> None:
        raise Moved(tuple(submission.reads))

    ledger = meddled(town, always, times=1_000)
    with town.refused(Busy):
        ledger.handle(town.sign(town.command("project.list.v1", town.project(), nature="fact")))
    with town.refused(Busy):
        commands = [town.command("project.list.v1", town.project(), "typist", nature="fact")]
        ledger.handle_batch(town.batch(commands))


def test_batch_4_a_row_recorded_by_itself_meanwhile_is_refused(town: Town) -> None:
    register = {"division_code": "", "kind": "external", "name": "甲", "parent": ""}
    command = town.command("area.register.v1", register | {"area": identity("area", "甲")}, "registrar")
    other = register | {"area": identity("area", "乙"), "name": "乙"}
    commands = [command, town.command("area.register.v1", other, "registrar")]
    ledger = meddled(town, lambda _: town.ledger.handle(town.sign(command)))
    accepted = ledger.handle_batch(town.batch(commands, "registrar"))
    assert [(one.index, one.code) for one in accepted.refused] == [(0, "repeated")]
    town.check()


def test_many_threads_list_at_once_and_nothing_is_lost(town: Town) -> None:
    commands = [
        town.sign(town.command("project.list.v1", town.project(f"第{n}项", number=f"N-{n}"), nature="fact"))
        for n in range(40)
    ]
    failures: list[BaseException] = []

    def work(part: list[Any]) -> None:
        for signed in part:
            try:
                town.ledger.handle(signed)
            except BaseException as failure:  # noqa: BLE001 - a thread's failure is the test's
                failures.append(failure)

    before = len(town.books.entries)
    threads = [threading.Thread(target=work, args=(commands[start::4],)) for start in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == []
    assert len(town.books.entries) == before + 40
    town.check()


def test_d13_a_parameter_set_by_another_process_is_in_force(town: Town) -> None:
    """Its name is a code that nobody had named: a directory behind the log knows nothing of it, the count does."""
    behind = town.another_process()
    town.law("late_days", 5, "2026-01-01")
    late = town.command("project.list.v1", town.project(), nature="fact", occurred_on="2026-11-03")
    with town.refused(LateReasonMissing):
        behind.handle(town.sign(late))
    again = town.another_process()
    town.law("late_days", 30, "2026-01-01")
    again.handle(town.sign(late))
    town.check()


def test_many_threads_want_one_number_and_one_gets_it(town: Town) -> None:
    commands = [
        town.sign(town.command("project.list.v1", town.project(f"第{n}项", number="N-1"), nature="fact"))
        for n in range(8)
    ]
    outcomes: list[str] = []

    def work(signed: Any) -> None:
        try:
            town.ledger.handle(signed)
            outcomes.append("accepted")
        except Taken:
            outcomes.append("taken")

    threads = [threading.Thread(target=work, args=(signed,)) for signed in commands]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(outcomes) == ["accepted"] + ["taken"] * 7
    assert identity("project", "第0项")


def test_d13_the_process_environment_chooses_nothing(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PERSISTENCE_MODULE", "eventsourcing.sqlite")
    monkeypatch.setenv("AGGREGATE_CACHE_MAXSIZE", "100")
    ledger = town.another_process()
    assert dict(ledger.env) == {}
    assert ledger.repository.cache is None


def test_what_was_looked_through_for_keys_and_posts_is_not_looked_through_again(town: Town) -> None:
    starts: list[int] = []

    class Watched:
        def identities(self, start: int) -> Any:
            starts.append(start)
            return town.books.identities(start)

        def __getattr__(self, name: str) -> Any:
            return getattr(town.books, name)

    factory = MemoryFactory(town.books)
    ledger = Ledger(factory=factory, books=Watched(), today=lambda: town.books.today, archive=ARCHIVE)
    town.listed()
    ledger.refresh()
    size = len(town.books.entries)
    ledger.refresh()
    assert starts[-1] == size
    town.when("key.revoke.v1", {"key": ACTORS["clerk"].key, "reason": "调离"}, "registrar")
    assert ledger.refresh().keys[ACTORS["clerk"].key].ended == "revoked"


def test_of_commands_that_come_together_each_has_its_own_answer(town: Town) -> None:
    """One that is refused, one that is sent twice, and two who want one number fail nobody else."""

    def listing(name: str, number: str) -> Signed:
        return town.sign(town.command("project.list.v1", town.project(name, number=number), nature="fact"))

    before = town.ledger.handle(listing("早先一项", "N-0"))
    good, rival = listing("茶园", "N-1"), listing("油茶基地", "N-1")
    unsigned = Signed("0" * 64, b"", good.command, ())
    taken = listing("又一项", "N-0")
    found = town.ledger.handle_all([good, taken, rival, good, unsigned, listing("冷库", "N-2")])
    first, refused, second, again, nobody, last = found
    assert isinstance(first, Accepted)
    assert isinstance(last, Accepted)
    assert isinstance(again, Accepted)
    assert (first.position, last.position) == (before.position + 1, before.position + 2)
    assert isinstance(refused, Taken)
    assert isinstance(second, Taken)
    assert isinstance(nobody, WrongSigners)
    assert (again.position, again.replayed) == (first.position, True)
    town.check()


def test_a_key_enrolled_in_the_same_group_is_known_to_those_refused_for_it(town: Town) -> None:
    revoke = town.sign(
        town.command("key.revoke.v1", {"key": ACTORS["clerk"].key, "reason": "调离"}, "registrar")
    )
    listing = town.sign(town.command("project.list.v1", town.project(), nature="fact"))
    revoked, listed = town.ledger.handle_all([revoke, listing])
    assert isinstance(revoked, Accepted)
    assert isinstance(listed, KeyNotGood)
    town.check()


def test_who_moves_one_subject_together_all_come_through(town: Town) -> None:
    """Each round lets one through: 30 of them are more than the rounds in which nobody may."""
    estate.opened(town)
    reports = [
        town.sign(town.command("asset.report_condition.v1", estate.report("damaged"), nature="fact"))
        for _ in range(30)
    ]
    found = town.ledger.handle_all(reports)
    assert [one for one in found if not isinstance(one, Accepted)] == []
    town.check()


class Away:
    """Books that are away from the second look on."""

    def __init__(self, books: MemoryBooks) -> None:
        self.books, self.looks = books, 0

    def __getattr__(self, name: str) -> Any:
        return getattr(self.books, name)

    def look(self, *args: Any) -> Any:
        self.looks += 1
        if self.looks > 1:
            raise ConnectionError
        return self.books.look(*args)


def test_who_is_recorded_is_told_so_though_the_store_fails_those_to_be_decided_anew(town: Town) -> None:
    estate.opened(town)
    command = "asset.report_condition.v1"
    reports = [town.sign(town.command(command, estate.report("damaged"), nature="fact")) for _ in range(2)]
    factory, away = MemoryFactory(town.books), Away(town.books)
    ledger = Ledger(factory=factory, books=away, today=lambda: town.books.today, archive=ARCHIVE)
    first, second = ledger.handle_all(reports)
    assert isinstance(first, Accepted)
    assert isinstance(second, ConnectionError)


class Locked(MemoryRecorder):
    def insert_all(self, *_: Any) -> Any:
        raise PermissionError


class LockedFactory(MemoryFactory):
    def application_recorder(self) -> ApplicationRecorder:
        return Locked(self.books)


def test_who_was_recorded_before_is_told_so_beside_one_who_cannot_be(town: Town) -> None:
    known, new = (
        town.sign(town.command("project.list.v1", town.project(name), nature="fact"))
        for name in ("茶园", "冷库")
    )
    town.ledger.handle(known)
    factory = LockedFactory(town.books)
    ledger = Ledger(factory=factory, books=town.books, today=lambda: town.books.today, archive=ARCHIVE)
    again, refused = ledger.handle_all([known, new])
    assert isinstance(again, Accepted)
    assert again.replayed
    assert isinstance(refused, PermissionError)
