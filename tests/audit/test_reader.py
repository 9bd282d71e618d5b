"""Entries read back for the ledger's questions, on every store."""

from __future__ import annotations

from audit.reader import Reader
from tests.support.stores import Store
from tests.support.submissions import asset, founded, project, ready


def test_what_began_between_two_positions_is_told_with_how_it_began(store: Store) -> None:
    """The ends are not between; what goes on there had begun before; other kinds are not asked about."""
    log = founded(store.driver())
    positions = [
        ready(log, stream, text=f"第{n}条").into(log)[0]
        for n, stream in enumerate(
            (project("一"), project("二"), asset("一"), project("一"), project("三"), project("四"))
        )
    ]
    first, last = positions[0], positions[-1]
    reader = Reader(log)
    found = list(reader.begun({"project"}, first, last))
    assert [stream for stream, _ in found] == [project("二"), project("三")]
    assert [state["text"] for _, state in found] == ["第1条", "第4条"]
    both = [stream for stream, _ in reader.begun({"project", "asset"}, first - 1, last + 1)]
    assert both == [project("一"), project("二"), asset("一"), project("三"), project("四")]
    assert list(reader.begun({"meeting"}, first - 1, last + 1)) == []


def test_a_stream_is_read_without_what_others_say_of_its_subject(store: Store) -> None:
    log = founded(store.driver())
    one, two = asset("一"), asset("二")
    own = [ready(log, one, text=text).into(log)[0] for text in ("起", two)]
    other = ready(log, two, text=one).into(log)[0]
    own += ready(log, one, text="止").into(log)
    reader = Reader(log)
    assert [entry.position for entry in reader.of_subject(one)] == sorted([*own, other])
    assert [entry.position for entry in reader.of_stream(one)] == own
    assert list(reader.of_stream(asset("三"))) == []
