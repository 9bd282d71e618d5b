"""Two points of two clocks compared for one subject, from entries: the fields that differ, and what made the difference.

A point is a business day (`as_of`) together with a position (`known_at`) up to which entries are known (D7). The
fields of a noun, and what its events say of them, come from its tellers, so that every noun can be compared.
"""

from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from typing import Any

from domain.assertions import FOREVER
from domain.values import kind_of
from projections import cards, labels, wording
from projections.leads import Sees, all_seen
from projections.ports import Entries
from projections.said import Said
from projections.story import KnownAt, as_of_day, gather, known_position
from projections.text import wrap
from projections.timeline import Item, items, tell
from projections.trace import Held, held, is_filled


@dataclass(frozen=True, slots=True)
class Point:
    """A business day, None for all that is said of any day; and the last position known. Both inclusive."""

    as_of: str | None
    known_at: int

    @property
    def day(self) -> str:
        return self.as_of or FOREVER


@dataclass(frozen=True, slots=True)
class Differing:
    """A field whose values differ. None: nothing is said of it at that point."""

    field: str
    label: str
    before: Held | None
    after: Held | None
    by: tuple[
        int, ...
    ]  # positions of the entries that made the difference, ascending; their items are in `Diff.entries`


@dataclass(frozen=True, slots=True)
class Diff:
    subject: str
    kind: str
    title: str  # number and name, as they are at the later point; "" where it has none
    before: Point
    after: Point
    size: int  # entries in the log now
    differences: tuple[Differing, ...]
    entries: tuple[Item, ...]  # those that some difference names, in order

    def as_dict(self) -> dict[str, Any]:
        """Plain values for JSON."""
        return asdict(self)

    def as_text(self) -> str:
        """Lines for a terminal of eighty columns."""
        return "\n".join(_text(self)) + "\n"


def diff(
    entries: Entries,
    subject: str,
    from_day: str | None = None,
    to_day: str | None = None,
    from_known_at: KnownAt = None,
    to_known_at: KnownAt = None,
    sees: Sees = all_seen,
) -> Diff:
    """What differs of a subject between (from_day, from_known_at) and (to_day, to_known_at).

    Each day is ISO; each known_at is a position, a day or a moment with its zone. None: no bound. Refused (CMD-2) when
    a day or time is none, (ID-2) when nothing known at the later of the two positions names the subject.
    """
    before = Point(as_of_day(from_day), known_position(entries, from_known_at))
    after = Point(as_of_day(to_day), known_position(entries, to_known_at))
    story = gather(entries, subject, max(before.known_at, after.known_at))
    said = Said()
    for _, told in tell(story.entries):
        said = told.get(subject, said)
    differences = tuple(_differences(subject, said, before, after, story.names))
    making = {position for one in differences for position in one.by}
    return Diff(
        subject=subject,
        kind=kind_of(subject),
        title=_title(said, after) or _title(said, before),
        before=before,
        after=after,
        size=entries.size(),
        differences=differences,
        entries=tuple(one for one in items(entries, story, sees) if one.position in making),
    )


def _title(said: Said, point: Point) -> str:
    named = (said.dated(name).at(point.day, point.known_at) for name in ("number", "name"))
    return " ".join(str(one) for one in named if one)


def _differences(
    subject: str, said: Said, before: Point, after: Point, names: wording.Names
) -> Iterator[Differing]:
    """In the order of the card."""
    kind = kind_of(subject)
    was, now = _at(kind, said, before, names), _at(kind, said, after, names)
    for name in cards.ordered(kind, said.names()):
        old, new = was.get(name), now.get(name)
        if (None if old is None else (old.value,)) != (None if new is None else (new.value,)):
            by = {*_ceased(said, old, after), *_ceased(said, new, before)}
            yield Differing(name, cards.label(kind, name), old, new, tuple(sorted(by)))


def _at(kind: str, said: Said, point: Point, names: wording.Names) -> Mapping[str, Held]:
    return {one.field: one for one in held(kind, said, point.day, point.known_at, names)}


def _ceased(said: Said, one: Held | None, point: Point) -> Iterator[int]:
    """Why what holds at the other point does not count at this one: the entry that withdrew it, or, where this point is
    too early for it, the entry that says it. Nothing when it counts, or when there is nothing."""
    for word in () if one is None else said.assertions(one.field):
        if one is not None and word.order == one.position and not word.counts(point.day, point.known_at):
            early = word.valid_from > point.day or word.order > point.known_at
            yield word.order if early or word.withdrawn is None else word.withdrawn


# --- as text -----------------------------------------------------------------------------------------


def _text(found: Diff) -> Iterator[str]:
    yield from wrap(f"{labels.KINDS.get(found.kind, found.kind)} {found.title or found.subject}")
    yield f"编号 {found.subject}"
    yield f"从 {_point(found.before)}"
    yield f"到 {_point(found.after)}"
    yield ""
    told = [one for one in found.differences if _is_told(found.kind, one)]
    if not told:
        yield "两时点之间没有差异"
        return
    yield f"差异（{len(told)} 项）"
    for one in told:
        by = "、".join(f"第 {position} 号" for position in one.by)
        yield from wrap(f"{one.label}：{_shown(one.before)} → {_shown(one.after)}（{by}）", "  ", "      ")
    yield ""
    yield f"所据分录（{len(found.entries)} 条）"
    for item in found.entries:
        signed = "、".join(
            f"{one.organisation_name}{one.post_title}{'（代理）' if one.deputy else ''}"
            for one in item.signers
        )
        stated = f"业务日期 {item.occurred_on}，{item.recorded_on} 入账"
        yield from wrap(f"{item.title}（{stated}）{signed}", f"  第 {item.position} 号  ", "      ")


def _is_told(kind: str, one: Differing) -> bool:
    """Whether people read anything of it: of what was not said and of what is said to be empty they read the same."""
    return cards.is_shown(kind, one.field) and any(
        is_filled(side.value) for side in (one.before, one.after) if side is not None
    )


def _point(point: Point) -> str:
    day = "全部业务日期" if point.as_of is None else f"截至 {point.as_of}"
    return f"{day}，已知至第 {point.known_at} 号"


def _shown(one: Held | None) -> str:
    return "未载" if one is None else one.shown
