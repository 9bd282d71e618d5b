"""Verdicts (结论) of a rule that a dated parameter decides: by the law of the day on which something was done, and by the
law of the day on which it is recorded (D8).

Where both say the same, the rule is weighed as every other. Where they differ, the law of the day of the deed governs, and
nobody is believed about that day alone: an act needs a document from before the change that another has endorsed, and it
must keep the law of its day; a fact is recorded. What is recorded so carries both verdicts in its notes (LAW-1).
"""

from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass
from typing import NamedTuple, Protocol, runtime_checkable

from domain.errors import LawChanged, Refused
from domain.law import PARAMETERS, in_force
from domain.voting import SHARES
from domain.world import Case

# Whether the rule is met under a value of its parameter; None: nobody knows.
Met = Callable[[int], bool | None]
NUMBER = "LAW-1"
_WORDS: dict[bool | None, str] = {True: "met", False: "unmet", None: "unknown"}
_SAID = {"met": "符合", "unmet": "不符合", "unknown": "是否符合不详"}


@runtime_checkable
class Paper(Protocol):
    """A document, as far as it can show that something was done before the law changed."""

    def weak_before(self, day: str, about: Collection[str]) -> str:
        """Why it does not show that what it is about was done before a day; "" when it does."""
        ...


@dataclass(frozen=True, slots=True)
class Shown:
    """The documents that a command carries, by id, and the subjects of which they must speak."""

    papers: tuple[str, ...] = ()
    about: tuple[str, ...] = ()


class Law(NamedTuple):
    """A parameter as it stands on a day. `since` is empty of what no day is known of."""

    name: str
    day: str
    value: int
    since: str
    document: str

    def __str__(self) -> str:
        source = f"自 {self.since} 起，{self.document}" if self.since else self.document
        return f"{self.day} 的规定 {self.name} 为 {PARAMETERS[self.name].said(self.value)}（{source}）"


def law_on(case: Case, name: str, day: str) -> Law:
    """The value in force on a day, with the statute or document that says so. It is in the read set."""
    found = in_force(case.world.parameter(name), day)
    assert found is not None  # a default is of every day
    return Law(name, day, found.value, found.effective_on, found.document)


def weigh_by_law(
    case: Case,
    rule: str,
    parameter: str,
    met: Met,
    refusal: Callable[[int], Refused],
    *,
    shown: Shown | None = None,
    day: str = "",
    recorded: str = "",
) -> None:
    """Weigh a rule by the value of its parameter on the business date and on the day of recording.

    `day` and `recorded` are those of the command, unless the rule asks of something that happened before it.
    `shown` is None where a command has no place for a document: an act keeps both laws then.
    Raises what the rule refuses with, or LawChanged.
    """
    then = law_on(case, parameter, day or case.occurred_on)
    now = law_on(case, parameter, recorded or case.today)
    verdict = met(then.value)
    later = verdict if now.value == then.value else met(now.value)
    if verdict == later:
        case.weigh(rule, verdict, lambda: refusal(then.value))
        return
    if case.nature == "act":
        changed_on = _change(case, then, now, met)
        lacking = _lacking(case, changed_on, shown) if verdict else _PAST
        if lacking:
            broken = now if verdict else then
            raise LawChanged(
                f"{rule}：{then}，{_SAID[_WORDS[verdict]]}；{now}，{_SAID[_WORDS[later]]}："
                f"{refusal(broken.value).message}。{lacking}",
                broken=rule,
                changed_on=changed_on,
                then=then._asdict(),
                now=now._asdict(),
            )
    else:
        case.weigh(rule, verdict, lambda: refusal(then.value))
    case.notes.append(
        ":".join(
            (NUMBER, rule, then.day, str(then.value), _WORDS[verdict], now.day, str(now.value), _WORDS[later])
        )
    )


_PAST = "按业务日期的规定不得办理，请以今天为业务日期另行办理，或以既成事实登记"
_TODAY = "须两日的规定都符合，方可办理"


def _change(case: Case, then: Law, now: Law, met: Met) -> str:
    """The first day after the deed from which the law says otherwise about it."""
    days = (one.effective_on for one in case.world.parameter(then.name))
    verdict = met(then.value)
    return next(
        day
        for day in sorted(days)
        if then.day < day <= now.day and met(law_on(case, then.name, day).value) != verdict
    )


def _lacking(case: Case, changed_on: str, shown: Shown | None) -> str:
    """What is lacking of a document that shows the deed before a day; "" when one of them does."""
    if shown is None:
        return _TODAY
    weak: list[str] = []
    for identity in dict.fromkeys(one for one in shown.papers if one):
        paper = case.world.find(identity)
        if isinstance(paper, Paper):
            fault = paper.weak_before(changed_on, shown.about)
            if not fault:
                return ""
            weak.append(f"{identity} {fault}")
    needed = f"须附 {changed_on} 以前的材料，为原件或复印件，登记时关联所办事项，并经另一人核对"
    return f"{needed}；所附 {'，'.join(weak)}" if weak else needed


# --- what stands in the notes ---------------------------------------------------------------------------


class Both(NamedTuple):
    """A note of two verdicts, read."""

    rule: str
    day: str
    value: str
    verdict: str
    recorded: str
    value_then: str
    verdict_then: str

    def _said(self, value: str) -> str:
        return str(SHARES[int(value)]) if self.rule in {"MEET-2", "MEET-3"} else value

    def __str__(self) -> str:
        return (
            f"{self.rule}：按 {self.day} 的规定（{self._said(self.value)}）{_SAID[self.verdict]}，"
            f"按 {self.recorded} 的规定（{self._said(self.value_then)}）{_SAID[self.verdict_then]}"
        )


def both_of(note: str) -> Both | None:
    """The two verdicts of a note; None when it is a note of another kind."""
    parts = note.split(":")
    return Both(*parts[1:]) if parts[0] == NUMBER and len(parts) == 8 else None


def judged_on(notes: Iterable[str], rule: str) -> str:
    """The day of recording on which a rule was judged otherwise than by the law of the deed; "" when it was not."""
    for note in notes:
        both = both_of(note)
        if both is not None and both.rule == rule:
            return both.recorded
    return ""


def said_of(note: str) -> str:
    """How a rule in the notes stands, in words: not met, not known, or judged in two ways."""
    both = both_of(note)
    if both is not None:
        return str(both)
    return f"有关各栏未载明，{_SAID['unknown']}" if ":" in note else _SAID["unmet"]
