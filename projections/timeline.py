"""The timeline (时间线) of a subject, from entries: what happened, when it was entered, who signed, what changed.

Nothing is left out: what a correction withdrew stands where it was, with the number of what withdrew it.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from domain.natures import LABELS as NATURES
from domain.values import kind_of
from projections import cards, labels
from projections.entry import Entry
from projections.leads import Lead, Leads, Sees, all_seen
from projections.nouns import CHECKS, TELLERS
from projections.ports import Entries
from projections.said import Said, Saying, plain
from projections.story import KnownAt, Link, Names, Signer, Story, gather


@dataclass(frozen=True, slots=True)
class Change:
    """One field of one subject, before and after. Before: what held, for the same day, until this was said."""

    subject: str
    field: str
    label: str
    old: Any
    new: Any
    withdrawn_at: int | None  # position of the correction that withdrew the new value


@dataclass(frozen=True, slots=True)
class Origin:
    """Where an entry came from: its batch, and the row of the workbook."""

    batch: str
    batch_position: int | None
    index: int | None
    file: str
    sheet: str
    row: int | None

    @property
    def told(self) -> str:
        """In words. The log holds no name of a file: it is told by the first digits of its SHA-256 (`sha256sum`), as many
        as the summary of its batch says."""
        batch = (
            ""
            if self.batch_position is None
            else f"第 {self.batch_position} 号批次{labels.nth(self.index or 0)}"
        )
        sheet = "" if self.row is None else f"文件 {self.file[:16]} 工作表“{self.sheet}”第 {self.row} 行"
        return "，".join(one for one in (batch, sheet) if one)


@dataclass(frozen=True, slots=True)
class Item:
    """One entry of the timeline."""

    position: int
    command_at: int  # the first entry of its command: what stands there was signed once for all of them
    leaf: str
    recorded_at: str
    recorded_on: str
    occurred_on: str
    late_days: int
    late_reason: str
    event: str
    title: str
    stream: str
    nature: str
    nature_title: str
    summary: str
    concerns: tuple[
        Link, ...
    ]  # what else it is about, where the summary of its command does not say it of this entry
    signers: tuple[Signer, ...]
    changes: tuple[Change, ...]
    proposed: tuple[
        Change, ...
    ]  # what holds only when the others have signed: of a correction, of an ownership
    notes: tuple[str, ...]  # rules not met, or not known to be met
    needs_check: bool  # entered as 未核
    checked_at: int | None  # position of the endorsement that checked it
    reason: str
    origin: Origin | None
    leads: tuple[Lead, ...]  # what has been corrected since of what it rests on

    @property
    def withdrawn(self) -> bool:
        """Whether everything it said has been withdrawn since."""
        return bool(self.changes) and all(one.withdrawn_at is not None for one in self.changes)


def timeline(entries: Entries, subject: str, known_at: KnownAt = None, sees: Sees = all_seen) -> list[Item]:
    """The story of a subject in order of position, as it was known at a position or recording time."""
    return items(entries, gather(entries, subject, known_at), sees)


def items(entries: Entries, story: Story, sees: Sees = all_seen) -> list[Item]:
    names = Names(entries)
    leads = Leads(entries, names, story.known, sees)
    told = tell(story.entries)
    checks = _Checks(story.checks)
    said = {subject: said for _, after in told for subject, said in after.items()}
    before: dict[str, Said] = {}
    found: list[Item] = []
    for entry, after in told:
        changes = tuple(_changes(entry, before, after, said))
        before = {**before, **after}
        found.append(_item(entry, names, changes, checks, leads, story.subject))
    return found


def tell(entries: Iterable[Entry]) -> list[tuple[Entry, dict[str, Said]]]:
    """Each entry with what has been said, after it, of the subjects it says something of."""
    said: dict[str, Said] = {}
    told: list[tuple[Entry, dict[str, Said]]] = []
    for entry in entries:
        after: dict[str, Said] = {}
        for about in dict.fromkeys((entry.stream, entry.state.get("subject", ""))):
            teller = TELLERS.get(kind_of(about), {}).get(
                entry.event, plain if about == entry.stream else None
            )
            if teller is not None:
                after[about] = teller(said.get(about, Said()), entry)
        said.update(after)
        told.append((entry, after))
    return told


def _changes(
    entry: Entry, before: dict[str, Said], after: dict[str, Said], final: dict[str, Said]
) -> Iterator[Change]:
    for subject, said in after.items():
        was = before.get(subject, Said())
        last = {one.position: one for one in final[subject].sayings}
        new = [one for one in said.sayings if one.position == entry.position]
        spoken = {name for one in new for name in one.fields}
        for one in new:
            for name in cards.ordered(kind_of(subject), one.fields):
                gone = last[one.position].withdrawn.get(name)
                yield _change(subject, name, was.at(name, one.valid_from), one.fields[name], gone)
        for one in said.sayings:  # withdrawn, and nothing said in its place
            gone_now = _withdrawn_by(one, entry.position) - spoken
            for name in cards.ordered(kind_of(subject), sorted(gone_now)):
                yield _change(subject, name, one.fields[name], said.at(name), None)


def _withdrawn_by(saying: Saying, position: int) -> set[str]:
    return {name for name, by in saying.withdrawn.items() if by == position}


# What each endorsement says of itself: the next one's takes the place of nothing.
_OF_ITSELF = frozenset({"capacity"})


def _change(subject: str, name: str, old: Any, new: Any, withdrawn_at: int | None) -> Change:
    was = None if name in _OF_ITSELF else old
    return Change(subject, name, cards.label(kind_of(subject), name), was, new, withdrawn_at)


class _Checks:
    """Which entries have been checked (已核), and where."""

    def __init__(self, entries: Iterable[Entry]) -> None:
        self._single: dict[int, int] = {}
        self._batches: dict[int, tuple[int, frozenset[int]]] = {}  # outcome -> (endorsement, excepted rows)
        for entry in entries:
            if entry.event in CHECKS:
                self._single.setdefault(entry.state["position"], entry.position)
            elif entry.event == "batch.endorsed.v1":
                excepted = frozenset(index for index, _reason in entry.state["excepted"])
                self._batches[entry.state["position"]] = (entry.position, excepted)

    def of(self, entry: Entry) -> int | None:
        if entry.position in self._single:
            return self._single[entry.position]
        if entry.recorded.batch is None:
            return None
        outcome, index = entry.recorded.batch
        endorsed = self._batches.get(outcome)
        return None if endorsed is None or index in endorsed[1] else endorsed[0]


# What an event of one subject names of another that it is about.
_ABOUT = ("disposal", "proposal", "subject")


def _concerns(entry: Entry, names: Names, subject: str) -> tuple[Link, ...]:
    """The summary of a command tells its first entry; of a later one it is told whose it is, and what it is about."""
    if entry.recorded.i == 1:
        return ()
    named = dict.fromkeys((entry.stream, *(entry.state.get(name, "") for name in _ABOUT)))
    return tuple(names.link(one) for one in named if isinstance(one, str) and one not in ("", subject))


def _proposed(entry: Entry) -> Iterator[Change]:
    kind = kind_of(entry.stream)
    if entry.event == f"{kind}.correction_proposed.v1":
        for one in entry.state["changes"]:
            yield _change(entry.stream, one["field"], one["was"], one["now"], None)
    elif entry.event == "asset.ownership_proposed.v1":
        title = entry.state["title"]
        for name in cards.ordered(kind, title):
            if name in cards.CARDS[kind]:
                yield _change(entry.stream, name, None, title[name], None)


def _item(
    entry: Entry, names: Names, changes: tuple[Change, ...], checks: _Checks, leads: Leads, subject: str
) -> Item:
    state, recorded = entry.state, entry.recorded
    return Item(
        position=entry.position,
        command_at=entry.position - (recorded.i - 1),
        leaf=recorded.leaf,
        recorded_at=recorded.recorded_at,
        recorded_on=entry.recorded_on,
        occurred_on=entry.occurred_on,
        late_days=entry.late_days,
        late_reason=state.get("late_reason", ""),
        event=recorded.event,
        title=labels.event_title(recorded.event),
        stream=entry.stream,
        nature=entry.nature,
        nature_title=NATURES.get(entry.nature, entry.nature),  # type: ignore[call-overload]
        summary=entry.statement.get("summary", ""),
        concerns=_concerns(entry, names, subject),
        signers=tuple(names.signer(stated) for stated in entry.statement.get("signers", ())),
        changes=changes,
        proposed=tuple(_proposed(entry)),
        notes=tuple(state.get("notes", ())),
        needs_check=state.get("unchecked", False),
        checked_at=checks.of(entry),
        reason=state.get("reason", ""),
        origin=_origin(entry),
        leads=leads.of(entry),
    )


def _origin(entry: Entry) -> Origin | None:
    batch, row = entry.recorded.batch, entry.state.get("row")
    if batch is None and not isinstance(row, dict):
        return None
    position, index = (None, None) if batch is None else batch
    row = row if isinstance(row, dict) else {}
    return Origin(
        batch=entry.state.get("batch", ""),
        batch_position=position,
        index=index,
        file=row.get("file", ""),
        sheet=row.get("sheet", ""),
        row=row.get("row"),
    )
