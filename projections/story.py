"""The story of a subject: every entry that names it, and those of what it leads to, up to what was known.

A subject leads to what its noun says, a project to its batches and proposals, an asset to its disposals too (their
own entries), and a person to the keys enrolled for it (all that they signed). What else is named is listed as not
followed: the reader knows what was not looked at.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from domain.authority import ROLE_LABELS
from domain.errors import BadShape, NotFound
from domain.record import Recorded
from domain.values import kind_of, text_of
from projections.entry import CHINA, Entry, moment, read, recorded_day
from projections.nouns import CHECKS, NOUNS
from projections.ports import Entries

KnownAt = int | str | None
CHECKED_BATCH = "batch.endorsed.v1"


def known_position(entries: Entries, known_at: KnownAt, now: datetime | None = None) -> int:
    """The last position that was known: of a position itself, of a recording time the last entry by then.

    A recording time is a day (to its end, UTC+8) or a moment with its zone. None: all that is recorded now.
    -1 when nothing was recorded yet. Refused (CMD-2) for what is still to come, of which nobody knows anything: a position
    that has no entry, and, where `now` is given, a later day or moment. What is recorded is not still to come, though the clock
    that recorded it is ahead of `now`.
    """
    last = entries.size() - 1
    if known_at is None:
        return last
    if isinstance(known_at, int) or known_at.isdecimal():
        if int(known_at) > last:
            raise BadShape(f"还没有第 {known_at} 号，台账截至第 {last} 号")
        return int(known_at)
    until = _until(known_at)
    if now is not None and until > now:
        recorded = [moment(one.recorded_at) for one in entries.entries(max(last, 0), last + 1)]
        now = max([now, *recorded])
        here = now.astimezone(CHINA)
        if until > now and known_at != here.date().isoformat():  # of today all that is recorded so far
            raise BadShape(f"已知至“{known_at}”还没有到，现在是 {here:%Y-%m-%d %H:%M}")
    low, high = 0, last + 1  # recording times never fall (FORMAT 7.2): halve until the first later entry
    while low < high:
        middle = (low + high) // 2
        if moment(next(entries.entries(middle, middle + 1)).recorded_at) <= until:
            low = middle + 1
        else:
            high = middle
    return low - 1


def _until(text: str) -> datetime:
    try:
        if len(text) == len("2026-11-23"):
            day = date.fromisoformat(text)
            return datetime.combine(day + timedelta(days=1), time(), CHINA) - timedelta(microseconds=1)
        until = datetime.fromisoformat(text)
        if until.tzinfo is not None:
            return until.astimezone(CHINA).astimezone(UTC)  # in either zone it is a time that there is
    except (ValueError, OverflowError):
        """It is told below."""
    raise BadShape(
        f"已知至“{text}”不是号、日期或带时区的时间，应写作 12、2026-11-23 或 2026-11-23T10:00:00+08:00"
    )


def reading_day(entries: Entries, as_of: str | None, known_at: KnownAt, today: str | None) -> str:
    """The day of the reader (ISO, UTC+8): that which is asked for, else that on which was known what is known, else `today`."""
    if as_of is not None:
        return as_of
    if isinstance(known_at, str) and not known_at.isdecimal():
        return _until(known_at).astimezone(CHINA).date().isoformat()
    if known_at is None and today is not None:
        return today
    last = next(entries.entries(known := known_position(entries, known_at), known + 1))
    return recorded_day(last.recorded_at)


def as_of_day(text: str | None) -> str | None:
    """A business day as stated; refused when it is none."""
    try:
        return None if text is None else date.fromisoformat(text).isoformat()
    except ValueError:
        raise BadShape(f"业务日期“{text}”不是日期，应写作 2026-11-23") from None


@dataclass(frozen=True, slots=True)
class Link:
    """Something that the story names."""

    id: str
    kind: str
    label: str


@dataclass(frozen=True, slots=True)
class Story:
    subject: str
    itself: Link
    known: int  # the last position looked at
    entries: tuple[Entry, ...]
    checks: tuple[Entry, ...]  # what checked any of these, be it in the story or not
    followed: tuple[Link, ...]
    not_followed: tuple[Link, ...]

    @property
    def names(self) -> dict[str, str]:
        """Id -> what people call the subject, and each that the story names."""
        links = (self.itself, *self.followed, *self.not_followed)
        return {one.id: one.label for one in links if one.label}


def gather(entries: Entries, subject: str, known_at: KnownAt = None) -> Story:
    """The story of a subject; refused (ID-2) when nothing known by then names it."""
    known = known_position(entries, known_at)
    own = list(until_position(entries.of_subject(subject), known))
    if not own:
        by_then = f"截至第 {known} 号" if known >= 0 else "开账以前"
        called = f"{Names(entries).label(subject)} {subject}".strip()
        raise NotFound(f"{by_then}，台账中没有 {called}", subject=subject)
    found = {one.position: one for one in own}
    leads = _leads(subject, own)
    led = entries.of_subject if kind_of(subject) == "person" else entries.of_stream
    for lead in leads:
        found.update((one.position, one) for one in until_position(led(lead), known))
    checks = {
        one.position: one for one in found.values() if one.event in CHECKS or one.event == CHECKED_BATCH
    }
    for other in _waiting_elsewhere(found.values()) - {subject, *leads}:
        for one in until_position(entries.of_subject(other), known):
            if one.event in CHECKS or one.event == CHECKED_BATCH:
                checks[one.position] = one
    names = Names(entries)
    named = sorted({name for one in own for name, _ in one.subjects} - {subject})
    places = [one for one in named if kind_of(one) == "area"]
    return Story(
        subject,
        names.link(subject),
        known,
        tuple(read(entries, (found[position] for position in sorted(found)))),
        tuple(read(entries, (checks[position] for position in sorted(checks)))),
        tuple(names.link(one) for one in (*leads, *places)),
        tuple(names.link(one) for one in named if one not in leads and one not in places),
    )


def _waiting_elsewhere(found: Iterable[Recorded]) -> set[str]:
    """In whose stories it is told whether an entry has been checked: in that of its own stream, or of its batch."""
    waiting = [one for one in found if one.state.get("unchecked")]
    return {one.stream for one in waiting} | {one.state.get("batch", "") for one in waiting} - {""}


def until_position(recorded: Iterator[Recorded], known: int) -> Iterator[Recorded]:
    for one in recorded:
        if one.position > known:
            return
        yield one


def _leads(subject: str, own: list[Recorded]) -> list[str]:
    """What a subject leads to, in the order it was first named."""
    kind = kind_of(subject)
    if kind in NOUNS:
        named = (name for one in own for name, _ in one.subjects)
        return list(dict.fromkeys(one for one in named if kind_of(one) in NOUNS[kind].leads))
    if kind == "person":
        enrolled = (key for one in own for key in _enrolled(one) if key.get("person") == subject)
        return list(dict.fromkeys(key["key"] for key in enrolled))
    return []


def _enrolled(recorded: Recorded) -> list[Mapping[str, Any]]:
    """The keys that an entry enrols (FORMAT 10)."""
    if recorded.event == "ledger.opened.v1":
        return list(recorded.state["keys"])
    return [recorded.state] if recorded.event == "key.enrolled.v1" else []


@dataclass(frozen=True, slots=True)
class Signer:
    """Who signed, in which capacity, in words: ids first, names of persons never. A deputy signs in another's post (AUTH-9)."""

    key: str
    person: str
    organisation: str
    organisation_name: str
    post: str
    post_title: str
    role: str
    role_title: str
    deputy: bool

    @property
    def capacity(self) -> str:
        """The post, its role where that says more, and whether somebody stood in (代理)."""
        role = "" if self.role_title == self.post_title else f"（{self.role_title}）"
        return f"{self.post_title}{role}{'，代理' if self.deputy else ''}"


_NUMBERED = frozenset({"project", "asset", "obligation", "disposal", "document"})


class Names:
    """Names of standing subjects, from the entry that first named each: its enrolment or registration."""

    def __init__(self, entries: Entries) -> None:
        self._entries = entries
        self._first: dict[str, Recorded | None] = {}

    def first(self, subject: str) -> Recorded | None:
        if subject not in self._first:
            self._first[subject] = next(iter(self._entries.of_subject(subject)), None)
        return self._first[subject]

    def link(self, subject: str) -> Link:
        return Link(subject, kind_of(subject), self.label(subject))

    def label(self, subject: str) -> str:
        """What people call it: number and name, title, matter; whose key or post it is. "" where it has no such word."""
        kind = kind_of(subject)
        if kind == "code":
            return text_of(subject)
        if kind == "key":
            key = self._key(subject)
            return self._office(key.get("organisation", ""), key.get("post", ""), key.get("role", ""))
        own = self._own(subject)
        if kind in ("post", "organisation") and not own:
            return self._of_opening(subject, kind)
        if kind == "post":
            return self._office(own.get("organisation", ""), subject, own.get("role", ""))
        if kind == "batch" and own:
            return f"{own['rows']} 行"
        number = own.get("number")
        named = own.get("name") or own.get("title") or own.get("label") or own.get("area_name") or ""
        return " ".join(str(one) for one in (number if kind in _NUMBERED else "", named) if one)

    def _of_opening(self, subject: str, kind: str) -> str:
        """The unit and the posts of the first registrars have no entry of their own but that of the opening."""
        first = self.first(subject)
        if first is None or first.event != "ledger.opened.v1":
            return ""
        role = next((key["role"] for key in _enrolled(first) if key["post"] == subject), "")
        unit = f"{first.state['area_name']}（开账登记）"
        return f"{unit} {ROLE_LABELS.get(role, role)}" if kind == "post" else unit

    def _office(self, organisation: str, post: str, role: str) -> str:
        """An organisation's post; the opening's own posts have no entry of their own: their title is their role."""
        title = self._own(post).get("title") or ROLE_LABELS.get(role, role)
        return f"{self._own(organisation).get('name', '')} {title}".strip()

    def signer(self, stated: Mapping[str, str]) -> Signer:
        key = self._key(stated["key"])
        post, organisation = self._own(stated["post"]), self._own(stated["organisation"])
        deputy = stated["post"] != key.get("post", stated["post"])
        role = (post if deputy else key).get("role", "")
        return Signer(
            key=stated["key"],
            person=key.get("person", ""),
            organisation=stated["organisation"],
            organisation_name=organisation.get("name", ""),
            post=stated["post"],
            # The opening's own posts have no entry of their own: their title is their role.
            post_title=post.get("title", ROLE_LABELS.get(role, role)),
            role=role,
            role_title=ROLE_LABELS.get(role, role),
            deputy=deputy,
        )

    def _own(self, subject: str) -> Mapping[str, Any]:
        """The state of the subject's own first entry; empty when it has none."""
        first = self.first(subject) if subject else None
        if first is not None and first.stream != subject and kind_of(subject) == "proposal":
            # What is proposed is entered before the proposal itself, in the same command.
            first = next(self._entries.of_stream(subject), None)
        return first.state if first is not None and first.stream == subject else {}

    def _key(self, identity: str) -> Mapping[str, Any]:
        first = self.first(identity)
        enrolled = [] if first is None else _enrolled(first)
        return next((key for key in enrolled if key["key"] == identity), {})
