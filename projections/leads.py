"""Leads (线索): what has been corrected since of the papers, meetings and notices that an entry rests on (D8, D12).

What was done stands, and no rule is asked again: whether it would have been done otherwise the body that may do it says. A
lead says what differs from what whoever signed could read, and where that is recorded. From entries, signed by nobody.
Of what the reader may not look at it says that it was corrected, and not what (AUTH-5).
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from domain.assertions import FOREVER
from domain.said import DUPLICATE_OF, effect_of
from domain.values import ids_in, kind_of
from projections import cards, labels
from projections.entry import Entry, read
from projections.nouns import TELLERS
from projections.ports import Entries
from projections.said import Said
from projections.story import Names, until_position

# What acts rest on, and which of its fields no rule asks of.
_GROUNDS: Mapping[str, frozenset[str]] = {
    "document": frozenset({"issuer", "name", "pages"}),
    "meeting": frozenset({"name"}),
    "notice": frozenset({"board", "name"}),
}

Sees = Callable[[str], bool]
"""Whether the reader may look at a paper, a meeting or a notice."""


def all_seen(_subject: str) -> bool:
    return True


@dataclass(frozen=True, slots=True)
class Lead:
    """One thing that an entry rests on, and that has been corrected since."""

    subject: str
    position: int  # of the last correction by which it differs
    text: str


class Leads:
    """The leads of one story, as known at a position. What nobody has corrected costs one question."""

    def __init__(self, entries: Entries, names: Names, known: int, sees: Sees) -> None:
        self._entries = entries
        self._names = names
        self._known = known
        self._sees = sees
        self._told: set[tuple[int, str]] = set()
        self._corrected: dict[str, Sequence[Entry]] = {}
        self._stated: dict[str, Said] = {}  # of what was corrected

    def of(self, entry: Entry) -> tuple[Lead, ...]:
        """Of one entry; what the entries of one command rest on is told with the first of them."""
        command_at = entry.position - (entry.recorded.i - 1)
        new = [one for one in grounds(entry) if (command_at, one) not in self._told]
        self._told.update((command_at, one) for one in new)
        return tuple(lead for one in new if (lead := self._of(one, entry.position)) is not None)

    def _of(self, subject: str, position: int) -> Lead | None:
        after = [one for one in self._corrections(subject) if one.position > position]
        if not after:
            return None
        kind = kind_of(subject)
        said = self._said(subject)
        differing = {
            name: one.position
            for one in after
            for name in effect_of(one.state, subject).says
            if name not in _GROUNDS[kind] and _differs(said, name, position, self._known)
        }
        if not differing:
            return None
        fields = "、".join(
            labels.DUPLICATE if name == DUPLICATE_OF else cards.label(kind, name) for name in differing
        )
        told = f"（{fields}）" if self._sees(subject) else ""
        last = max(differing.values())
        called = self._names.label(subject) or subject
        return Lead(
            subject,
            last,
            f"所凭的{labels.KINDS[kind]}“{called}”此后已更正{told}，见第 {last} 号："
            "可能不再符合当时所据的规则，由有权办理的单位认定",
        )

    def _corrections(self, subject: str) -> Sequence[Entry]:
        if subject not in self._corrected:
            event = f"{kind_of(subject)}.corrected.v1"
            own = until_position(self._entries.of_stream(subject), self._known)
            found = [one for one in own if one.event == event]
            self._corrected[subject] = tuple(read(self._entries, found))
        return self._corrected[subject]

    def _said(self, subject: str) -> Said:
        if subject not in self._stated:
            own = self._entries.of_stream(subject)
            tellers, said = TELLERS[kind_of(subject)], Said()
            for entry in read(self._entries, own):
                if entry.event in tellers:
                    said = tellers[entry.event](said, entry)
            self._stated[subject] = said
        return self._stated[subject]


def _differs(said: Said, name: str, position: int, known: int) -> bool:
    """Whether a field holds otherwise than it held at a position; empty and never said are the same."""
    then, now = (said.dated(name).at(FOREVER, at) for at in (position, known))
    return bool((None if then == "" else then) != (None if now == "" else now))


# What an entry is about, and does not rest on.
_ABOUT = frozenset({"instead", "subject", "subjects"})


def grounds(entry: Entry) -> list[str]:
    """What an entry rests on: the papers, meetings and notices that it or its command names, but for what it is about, and for
    what a correction replaces."""
    command: Mapping[str, Any] = entry.statement.get("payload", {})
    noun = entry.statement.get("command", "").partition(".")[0]
    named = {
        one
        for content in (entry.state, command)
        for name, value in content.items()
        if name not in _ABOUT
        for one in ids_in([change["now"] for change in value] if name == "changes" else value)
    }
    return sorted(one for one in named - {entry.stream, command.get(noun)} if kind_of(one) in _GROUNDS)
