"""The trace (追溯) of a subject, from entries: what held on a day as known then, its sums, its story, its links.

`as_of` is a business day, `known_at` a position or a recording time (D7). As JSON, and as text for people.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from typing import Any

from domain.assertions import FOREVER, chosen
from domain.money import Money
from domain.said import DUPLICATE_OF, effect_of
from domain.values import kind_of
from projections import cards, labels, owed, wording
from projections.entry import minute
from projections.leads import Sees, all_seen
from projections.noun import Look, Others
from projections.nouns import NOUNS
from projections.owed import Owed
from projections.ports import Entries
from projections.project import derived_total
from projections.said import Said
from projections.story import KnownAt, Link, Signer, Story, as_of_day, gather, reading_day
from projections.text import table, wrap
from projections.timeline import Change, Item, items, tell

# Movements are shown by the figures that they make.
_IN_FIGURES = frozenset({"movement", "additions_fen", "depreciation_fen", "disposed_fen", "original_fen"}) | {
    "principal_fen",
    "interest_fen",
    "paid_fen",
    "offset_fen",
    "written_off_fen",
}


def is_filled(value: Any) -> bool:
    return value not in ("", None, [], {})


@dataclass(frozen=True, slots=True)
class Held:
    """A field as it held."""

    field: str
    label: str
    value: Any
    shown: str
    valid_from: str
    position: int  # of the entry that said it
    remark: str = ""  # what the day of the reader adds to it


@dataclass(frozen=True, slots=True)
class Amounts:
    """A project's funds: the sum of its lines beside the total that somebody stated (D20)."""

    total_fen: int
    stated_fen: int | None
    difference_fen: int | None


@dataclass(frozen=True, slots=True)
class Trace:
    subject: str
    kind: str
    as_of: str | None  # None: with all that had been said
    known_at: int  # the last position looked at
    known_on: str  # its recording time
    size: int  # entries in the log now
    checked: bool | None  # 已核 / 未核; None for what needs no check
    state: tuple[Held, ...]
    amounts: Amounts | None
    figures: Mapping[str, int | None]  # derived from what was said (D20); of a project they are its amounts
    obligations: tuple[Owed, ...]  # 债权债务 of a project or an asset
    timeline: tuple[Item, ...]
    followed: tuple[Link, ...]
    not_followed: tuple[Link, ...]
    names: Mapping[str, str]  # id -> what people call the subject, and each that the story names

    def value(self, field: str) -> Any:
        """A field's value; None when nothing was said of it."""
        return next((one.value for one in self.state if one.field == field), None)

    def told(self) -> list[Held]:
        """The fields of which there is something to read, in the order of the card; without what the figures sum up."""
        return [
            one
            for one in self.state
            if cards.is_shown(self.kind, one.field)
            and (is_filled(one.value) or one.remark)
            and not (self.figures and one.field in _IN_FIGURES)
        ]

    @property
    def called(self) -> str:
        """Its number and name of then; before anything held of it, what it has been called since."""
        named = " ".join(str(one) for one in (self.value("number"), self.value("name")) if one)
        return named or self.names.get(self.subject) or self.subject

    @property
    def marks(self) -> list[str]:
        """What stands beside its name: whether it is checked, and that it was registered a second time (CORR-8)."""
        checked = [] if self.checked is None else [labels.checked_label(self.checked)]
        return [*checked, labels.DUPLICATE] if self.value(DUPLICATE_OF) else checked

    @property
    def led(self) -> list[Item]:
        """What there are leads to (线索)."""
        return [one for one in self.timeline if one.leads]

    def changes_of(self, item: Item) -> list[Change]:
        """What an item changed, to be read: of the subject, all; of what it leads to, what its own words do not tell."""
        return [one for one in item.changes if _is_shown(one, self.subject)]

    def as_dict(self) -> dict[str, Any]:
        """Plain values for JSON."""
        return asdict(self)

    def as_text(self) -> str:
        """Lines for a terminal of eighty columns."""
        return "\n".join(_text(self)) + "\n"


def trace(
    entries: Entries,
    subject: str,
    as_of: str | None = None,
    known_at: KnownAt = None,
    today: str | None = None,
    sees: Sees = all_seen,
) -> Trace:
    """What is recorded of a subject. Refused (ID-2) when nothing known by then names it.

    `today` is the day of the reader (ISO), where no other is asked for; None: the day of the last entry.
    `sees`: at which papers the reader may look.
    """
    day = as_of_day(as_of)
    story = gather(entries, subject, known_at)
    told = {one: said for _, after in tell(story.entries) for one, said in after.items()}
    said = told.get(subject, Said())
    look = Look(day or FOREVER, story.known, reading_day(entries, day, known_at, today))
    names = story.names
    remarks = _remarks(subject, said, told.get, look)
    state = tuple(
        replace(one, remark=remarks.get(one.field, ""))
        for one in held(kind_of(subject), said, look.day, story.known, names)
    )
    shown = tuple(items(entries, story, sees))
    last = next(entries.entries(story.known, story.known + 1))
    return Trace(
        subject=subject,
        kind=kind_of(subject),
        as_of=day,
        known_at=story.known,
        known_on=last.recorded_at,
        size=entries.size(),
        checked=_checked(story, shown),
        state=state,
        amounts=_amounts(state) if kind_of(subject) == "project" else None,
        figures=_figures(subject, said, day or FOREVER, story.known),
        obligations=tuple(owed.of(entries, story, subject, day or FOREVER)),
        timeline=shown,
        followed=story.followed,
        not_followed=story.not_followed,
        names=names,
    )


def _remarks(subject: str, said: Said, others: Others, look: Look) -> Mapping[str, str]:
    noun = NOUNS.get(kind_of(subject))
    return {} if noun is None or not said.sayings else noun.remarks(said, others, look)


def _figures(subject: str, said: Said, day: str, known: int) -> Mapping[str, int | None]:
    noun = NOUNS.get(kind_of(subject))
    if noun is None or noun.kind == "project" or not said.sayings:
        return {}
    return noun.sums(said, day, known)


def held(kind: str, said: Said, day: str, known: int, names: wording.Names) -> Iterator[Held]:
    """Every field as it held on a day, known at a position, in the order of the noun's card."""
    for name in cards.ordered(kind, said.names()):
        one = chosen(said.assertions(name), day, known)
        if one is not None:
            shown = wording.shown(name, one.value, names)
            yield Held(name, cards.label(kind, name), one.value, shown, one.valid_from, one.order)


def _amounts(state: Sequence[Held]) -> Amounts:
    values = {one.field: one.value for one in state}
    total, stated = derived_total(values.get("fund_lines") or ()), values.get("total_fen")
    return Amounts(total, stated, None if stated is None else stated - total)


def _checked(story: Story, shown: Sequence[Item]) -> bool | None:
    """Whether what says what the subject is has been checked: what was rewritten, or struck as a whole, needs it no more."""
    subject, struck = story.subject, _struck(story)
    entered = [one for one in shown if one.stream == subject and one.needs_check]
    standing = entered[-1:] if kind_of(subject) == "project" else entered
    left = [one for one in standing if one.position not in struck]
    return all(one.checked_at is not None for one in left) if entered else None


def _struck(story: Story) -> set[int]:
    """Where the entries stand that a correction has struck."""
    own = [one for one in story.entries if one.stream == story.subject]
    corrected = f"{kind_of(story.subject)}.corrected.v1"
    versions = {
        one.state["corrects"]
        for one in own
        if one.event == corrected and effect_of(one.state, one.stream).strikes
    }
    return {one.position for one in own if one.recorded.version in versions}


# --- as text -----------------------------------------------------------------------------------------


def _text(found: Trace) -> Iterator[str]:
    yield from _heading(found)
    yield ""
    now = "现状" if found.known_at == found.size - 1 else "当时的状态"
    yield now if found.as_of is None else f"状态（截至 {found.as_of}）"
    pairs = [(one.label, _held_text(one)) for one in found.told()]
    yield from table(pairs) if pairs else ["  此前尚无记载"]
    if found.amounts is not None:
        yield ""
        yield from _amount_lines(found.amounts)
    if found.figures:
        yield ""
        yield from table((labels.FIGURES[name], labels.amount(fen)) for name, fen in found.figures.items())
    if found.kind in ("project", "asset"):
        yield from owed.text(found.obligations)
    yield ""
    yield f"经过（{len(found.timeline)} 条）"
    before = None
    for one in found.timeline:
        yield from _item_lines(one, found, goes_on=one.command_at == before)
        before = one.command_at
    yield ""
    yield from _links("已一并查看", found.followed)
    yield from _links("提到而未展开", found.not_followed)


def _held_text(one: Held) -> str:
    remark = f"【{one.remark}】" if one.remark else ""
    return f"{one.shown}{remark}（自 {one.valid_from}，第 {one.position} 号）"


def _heading(found: Trace) -> Iterator[str]:
    marks = "".join(f"【{mark}】" for mark in found.marks)
    yield from wrap(f"{labels.KINDS.get(found.kind, found.kind)} {found.called}{marks}")
    yield f"编号 {found.subject}"
    if found.kind == "project":
        opined = found.value("opined_class")
        pending = (
            "" if found.value("class") or not opined else f"（意见：{labels.class_label(opined)}，待签）"
        )
        yield f"分类 {labels.class_label(found.value('class') or '')}{pending}"
    if found.led:
        at = "、".join(f"第 {one.position} 号" for one in found.led)
        yield from wrap(f"线索（不是结论）：{at}所凭的材料此后有更正，见其经过")
    yield f"已知至第 {found.known_at} 号（{minute(found.known_on)} 入账），全账 {found.size} 条"


def _amount_lines(amounts: Amounts) -> Iterator[str]:
    yield f"资金明细合计 {labels.amount(amounts.total_fen)}，所写总额 {labels.amount(amounts.stated_fen)}"
    if amounts.difference_fen:
        yield f"  相差 {Money(amounts.difference_fen)}（所写总额减明细合计）"


def _item_lines(item: Item, found: Trace, *, goes_on: bool) -> Iterator[str]:
    """A few lines; what was signed stands with the first entry of its command only."""
    late = f"（迟 {item.late_days} 天）" if item.late_days > 0 else ""
    yield from wrap(
        f"{minute(item.recorded_at)} 入账  业务日期 {item.occurred_on}{late}",
        f"第 {item.position} 号  ",
        "    ",
    )
    origin = "" if item.origin is None else item.origin.told
    marks = [mark for mark in (item.nature_title, _check_mark(item), origin) if mark]
    gone = "【已撤销】" if item.withdrawn else ""
    yield from wrap(f"{item.title}{gone}" + (f"（{'，'.join(marks)}）" if marks else ""), "    ", "    ")
    if item.summary and not goes_on:
        yield from wrap(item.summary, "    摘要  ", "          ")
    changes = found.changes_of(item)
    if item.concerns and not changes:
        yield from wrap("，".join(_concern(one) for one in item.concerns), "    涉及  ", "          ")
    yield from _change_lines(changes, found.names)
    if item.proposed and item.stream == found.subject:
        told = "；".join(_change_text(one, found.names) for one in item.proposed if is_told(one))
        yield from wrap(told, "    拟为  ", "          ")
    if item.reason and not any(one.field == "reason" for one in changes):
        yield from wrap(item.reason, "    原因  ", "          ")
    if item.late_reason:
        yield from wrap(item.late_reason, "    迟登原因  ", "              ")
    for note in item.notes:
        title = "待查明" if labels.is_unknown(note) else "未满足"
        yield from wrap(labels.note(note), f"    {title}  ", "            ")
    for lead in item.leads:
        yield from wrap(lead.text, "    线索  ", "          ")
    for signer in () if goes_on else item.signers:
        yield from wrap(_signer(signer), "    签名  ", "          ")


# Of what a story leads to, the fields that its summaries do not tell: how a proposal was signed, what was proposed.
_BESIDE = frozenset({"capacity", "excepted", "label", "needs", "expires_on"})


def _is_shown(change: Change, subject: str) -> bool:
    if change.subject != subject:
        return (
            change.field in _BESIDE
            and kind_of(change.subject) in ("proposal", "batch")
            and is_filled(change.new)
        )
    return cards.is_shown(kind_of(subject), change.field) and is_told(change)


def is_told(change: Change) -> bool:
    """Whether there is anything to read: a value, or one that is gone."""
    return is_filled(change.new) or is_filled(change.old)


def _concern(one: Link) -> str:
    return f"{labels.KINDS.get(one.kind, one.kind)} {one.label or one.id}"


def _change_lines(changes: Sequence[Change], names: wording.Names) -> Iterator[str]:
    """What is new in one paragraph; what took the place of something, or was withdrawn, on lines of their own."""
    plain = [
        one for one in changes if one.withdrawn_at is None and (not is_filled(one.old) or one.old == one.new)
    ]
    if plain:
        yield from wrap("；".join(_change_text(one, names) for one in plain), "    内容  ", "          ")
    for one in changes:
        if one not in plain:
            yield from wrap(_change_text(one, names), "    变动  ", "          ")


def _change_text(change: Change, names: wording.Names) -> str:
    new = wording.shown(change.field, change.new, names)
    text = f"{change.label}：{new}"
    if is_filled(change.old) and change.old != change.new:
        text = f"{change.label}：{wording.shown(change.field, change.old, names)} → {new}"
    return text if change.withdrawn_at is None else f"{text}（已由第 {change.withdrawn_at} 号撤销）"


def _check_mark(item: Item) -> str:
    if not item.needs_check:
        return ""
    return "未核" if item.checked_at is None else f"已核，见第 {item.checked_at} 号"


def _signer(signer: Signer) -> str:
    return f"{signer.organisation_name}{signer.capacity} {signer.person} {signer.key}"


def _links(title: str, links: Sequence[Link]) -> Iterator[str]:
    if not links:
        yield f"{title}：无"
        return
    yield f"{title}（{len(links)} 个）"
    for one in links:
        kind = labels.KINDS.get(one.kind, one.kind)
        named = one.label if one.kind == "code" else f"{one.label} {one.id}".lstrip()
        yield from wrap(named, f"  {kind}  ", "        ")
