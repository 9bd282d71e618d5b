"""What is entered by one, checked by another, corrected by both, as rows: the same columns for every noun (D9, D12).

A row's `entries` holds every entry that a second person checks: [version, position, batch, index in it, position of
its check, or of what struck it, or null]. The endorsement of a batch finds the subjects that the batch brought by their
`batch`, and those of which it brought a later entry in `awaiting`.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import orjson
from sqlalchemy import ColumnElement, Table, or_

from domain.said import DUPLICATE_OF, effect_of
from domain.values import kind_of
from projections import tables
from projections.entry import Entry
from projections.noun import Teller
from projections.rows import Row, Rows
from projections.said import BOOKKEEPING, Said, compact

Made = list[Any]  # as above
_OF_THE_ENTRY = BOOKKEEPING | {"batch", "batch_index", "code", "position", "version"}

# --- what an event says, of whatever noun -------------------------------------------------------------


def says_corrected(said: Said, entry: Entry) -> Said:
    """A correction (更正): what it withdraws stays visible, and what is right is said from the same day on."""
    effect = effect_of(entry.state, entry.stream)
    corrected = said.made_at(entry.state["corrects"])
    since = None if corrected is None else corrected.valid_from
    withdrawn = None if effect.strikes else effect.withdrawn
    return said.without(entry.state["corrects"], by=entry.position, names=withdrawn).by(
        entry, effect.says, since
    )


def says_nothing(said: Said, _entry: Entry) -> Said:
    """The event is about an entry or a proposal; of the subject itself nothing new is said."""
    return said


def says_its_state(*but: str, **also: Any) -> Teller:
    """A teller of the whole state of an event, and of what it means beside; not of its own entry and batch, nor of what is
    about the event alone though a field of the subject has that name."""
    silent = _OF_THE_ENTRY.union(but)

    def teller(said: Said, entry: Entry) -> Said:
        fields = {name: value for name, value in entry.state.items() if name not in silent}
        return said.by(entry, fields | also)

    return teller


def says(of: Callable[[Mapping[str, Any]], Mapping[str, Any]]) -> Teller:
    """A teller by the domain's own word of what an event says."""
    return lambda said, entry: said.by(entry, of(entry.state))


def told(tellers: Mapping[str, Teller], entry: Entry, row: Mapping[str, Any] | None = None) -> str:
    """The column `said` with what an entry says; without a row, of its first entry."""
    said = Said() if row is None else Said.loads(row["said"])
    return tellers[entry.event](said, entry).dumps()


@dataclass(frozen=True, slots=True)
class Corrections:
    """The corrections of a noun whose columns are the fields that its events state.

    `texts` are the columns that hold JSON; `then` changes what follows from the fields besides.
    """

    table: Table
    texts: tuple[str, ...] = ()
    then: Callable[[Rows, Entry, Said], None] | None = None

    def tellers(self) -> Mapping[str, Teller]:
        kind = self.table.name
        return {f"{kind}.correction_proposed.v1": says_nothing, f"{kind}.corrected.v1": says_corrected}

    def handlers(self) -> Mapping[str, Callable[[Rows, Entry], None]]:
        kind = self.table.name
        return {f"{kind}.correction_proposed.v1": self._touch, f"{kind}.corrected.v1": self._correct}

    def _touch(self, rows: Rows, entry: Entry) -> None:
        rows.change(self.table, entry.stream, last_position=entry.position)

    def _correct(self, rows: Rows, entry: Entry) -> None:
        row = rows.get(self.table, entry.stream)
        assert row is not None, f"{entry.event} of {entry.stream}, which was never entered"
        said = says_corrected(Said.loads(row["said"]), entry)
        now = {name: said.at(name) for name in effect_of(entry.state, entry.stream).says}
        columns = {
            name: compact(value) if name in self.texts else value
            for name, value in now.items()
            if name in self.table.c
        }
        rows.change(self.table, entry.stream, **columns, said=said.dumps(), last_position=entry.position)
        if self.then is not None:
            self.then(rows, entry, said)


# --- the check of entries -----------------------------------------------------------------------------


def is_checked(row: Mapping[Any, Any], known_at: int | None = None) -> bool:
    """Whether every entry that was there by a position had been checked by then (PROJ-8); None: by now."""
    if known_at is None:
        return bool(row["checked"])
    return all(
        checked_at is not None and checked_at <= known_at
        for _version, position, _batch, _index, checked_at in orjson.loads(row["entries"])
        if position <= known_at
    )


def may_be(table: Table, checked: bool, known_at: int) -> ColumnElement[bool]:
    """Of rows: those of which `is_checked` may say so at a position. Of one entry it surely does."""
    if checked:
        return table.c.unchecked_until <= known_at
    return or_(table.c.checked_since.is_(None), table.c.checked_since > known_at)


@dataclass(frozen=True, slots=True)
class Checks:
    """The check of what is entered in a table."""

    table: Table

    def add(self, rows: Rows, entry: Entry, row: Row) -> None:
        """The first entry of a subject, and the row that it makes."""
        made = _made(entry)
        rows.add(
            self.table,
            {
                "id": entry.stream,
                "duplicate_of": "",
                **row,
                "batch": entry.state["batch"],
                "recorded_at": entry.recorded.recorded_at,
                "position": entry.position,
                "last_position": entry.position,
                **_columns(made, entry.position),
            },
        )

    def enter(self, rows: Rows, entry: Entry) -> None:
        """A later entry, which waits for its own check."""
        entries = orjson.loads(self.row(rows, entry)["entries"])
        self._change(rows, entry.stream, entry, entries, entries + _made(entry))

    def rewrite(self, rows: Rows, entry: Entry) -> None:
        """The one entry that was there is written anew by another, which waits in its place."""
        entries = orjson.loads(self.row(rows, entry)["entries"])
        since = [one[1] for one in entries] or [entry.position]
        made = [[version, min(since), *rest] for version, _position, *rest in _made(entry)]
        state, at = entry.state, entry.recorded.recorded_at
        rows.change(self.table, entry.stream, batch=state["batch"], recorded_at=at)
        self._change(rows, entry.stream, entry, entries, made)

    def endorse(self, rows: Rows, entry: Entry) -> None:
        """For the event that endorses one entry."""
        self._check(rows, entry.stream, entry, lambda made: made[0] == entry.state["version"])

    def strike(self, rows: Rows, entry: Entry) -> None:
        """What is struck as a whole need not be checked any more: it waited until here."""
        self._check(rows, entry.stream, entry, lambda made: made[0] == entry.state["corrects"])

    def check_batch(self, rows: Rows, entry: Entry) -> None:
        """For `batch.endorsed.v1`: it checks the entries of the batch but those of the excepted rows."""
        excepted = {index for index, _reason in entry.state["excepted"]}
        brought = [row["id"] for row in rows.having(self.table, "batch", entry.stream)]
        owners = rows.owners(tables.awaiting, "batch", entry.stream)
        later = [one for one in owners if kind_of(one) == self.table.name]
        rows.fetch(self.table, later)
        for identity in dict.fromkeys(brought + later):
            self._check(
                rows, identity, entry, lambda made: made[2] == entry.stream and made[3] not in excepted
            )

    def touch(self, rows: Rows, entry: Entry) -> None:
        """For an event that says nothing new of the subject itself."""
        rows.change(self.table, entry.stream, last_position=entry.position)

    def row(self, rows: Rows, entry: Entry, identity: str | None = None) -> Row:
        """The row of the entry's own subject, or of another that it concerns."""
        found = rows.get(self.table, identity or entry.stream)
        assert found is not None, f"{entry.event} of {identity or entry.stream}, which was never entered"
        return found

    def _check(self, rows: Rows, identity: str, entry: Entry, is_meant: Callable[[Made], bool]) -> None:
        entries = orjson.loads(self.row(rows, entry, identity)["entries"])
        checked = [[*one[:4], entry.position] if one[4] is None and is_meant(one) else one for one in entries]
        self._change(rows, identity, entry, entries, checked)

    def _change(self, rows: Rows, identity: str, entry: Entry, old: list[Made], new: list[Made]) -> None:
        row = self.row(rows, entry, identity)
        rows.change(self.table, identity, last_position=entry.position, **_columns(new, row["position"]))
        if len(old) < 2 and len(new) < 2:
            return  # only the entry that brought the subject
        brought = row["batch"]
        before, after = _waiting(old, brought), _waiting(new, brought)
        if before != after:
            lines = [{"subject": identity, "batch": batch} for batch in after]
            rows.replace(tables.awaiting, identity, lines, new=not before)


def _made(entry: Entry) -> list[Made]:
    """What an entry adds to `entries`: itself, unless nobody need check it."""
    state = entry.state
    if not state["unchecked"]:
        return []
    return [[entry.recorded.version, entry.position, state["batch"], state["batch_index"], None]]


def _columns(entries: list[Made], begun: int) -> Row:
    """What follows from `entries` of a subject that began at a position."""
    checks = [one[4] for one in entries]
    checked = None not in checks
    return {
        "entries": compact(entries),
        "checked": checked,
        "checked_since": max(checks, default=0) if checked else None,
        "unchecked_until": next((one[4] for one in entries if one[1] == begun), 0),
    }


def _waiting(entries: list[Made], brought: str) -> list[str]:
    """The batches of what still waits, but for the one that brought the subject."""
    return list(dict.fromkeys(one[2] for one in entries if one[4] is None and one[2] not in ("", brought)))


# --- nouns whose fields are dated ---------------------------------------------------------------------


def no_lines(_identity: str, _said: Said) -> Iterable[tuple[Table, Sequence[Row]]]:
    return ()


@dataclass(frozen=True, slots=True)
class EnteredRows:
    """The rows of a noun: their check, what its events say, and what follows for its columns and its lines."""

    checks: Checks
    tellers: Mapping[str, Teller]
    columns: Callable[[Rows, Said], Row]
    lines: Callable[[str, Said], Iterable[tuple[Table, Sequence[Row]]]] = no_lines

    def begin(self, rows: Rows, entry: Entry) -> None:
        """The first entry of a subject."""
        said = self.tellers[entry.event](Said(), entry)
        self.checks.add(rows, entry, {**self._of_the_entry(entry), **self.columns(rows, said)})
        self._replace_lines(rows, entry.stream, said, new=True)

    def say(self, rows: Rows, entry: Entry) -> None:
        """Say what an event says that needs no further check."""
        self._replace_lines(rows, entry.stream, self.tell(rows, entry), new=False)

    def enter(self, rows: Rows, entry: Entry) -> None:
        """A later entry: it says something, and waits for its own check."""
        self.say(rows, entry)
        self.checks.enter(rows, entry)

    def correct(self, rows: Rows, entry: Entry) -> None:
        """Say rightly what was entered wrongly."""
        self.say(rows, entry)
        if effect_of(entry.state, entry.stream).strikes:
            self.checks.strike(rows, entry)

    def rewrite(self, rows: Rows, entry: Entry) -> None:
        """What was entered is said anew, by an entry that waits in place of the one before."""
        self.say(rows, entry)
        rows.change(self.checks.table, entry.stream, **self._of_the_entry(entry))
        self.checks.rewrite(rows, entry)

    def tell(self, rows: Rows, entry: Entry, identity: str | None = None) -> Said:
        """Say what an event says that leaves the lines as they are, of its own subject or another."""
        row = self.checks.row(rows, entry, identity)
        said = self.tellers[entry.event](Said.loads(row["said"]), entry)
        columns = {**self.columns(rows, said), DUPLICATE_OF: said.at(DUPLICATE_OF) or ""}
        rows.change(self.checks.table, row["id"], last_position=entry.position, **columns)
        return said

    def _of_the_entry(self, entry: Entry) -> Row:
        """The columns that are about the entry that says what the subject is."""
        return {
            "row": compact(entry.state["row"]),
            "notes": compact(entry.state["notes"]),
            "occurred_on": entry.occurred_on,
        }

    def _replace_lines(self, rows: Rows, identity: str, said: Said, *, new: bool) -> None:
        for table, lines in self.lines(identity, said):
            rows.replace(table, identity, lines, new=new)
