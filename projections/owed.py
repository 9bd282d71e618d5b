"""What is owed (债权债务) in matters of a project or an asset: in its trace, each obligation as it stood (D7)."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from domain.limitation import limitation_until
from domain.said import DUPLICATE_OF
from domain.values import kind_of
from projections import labels, obligation, wording
from projections.entry import read
from projections.ports import Entries
from projections.story import Story, until_position
from projections.text import wrap
from projections.timeline import tell


@dataclass(frozen=True, slots=True)
class Owed:
    """An obligation that concerns the subject, as it stood."""

    id: str
    name: str
    category: str
    creditor: str
    debtor: str
    outstanding_fen: int | None  # None: the principal is unknown, or nothing had been said by then
    limitation_until: str  # "": nothing is owed any more, or no due day is known
    limitation: str  # the same as a lead, in words (诉讼时效)
    sides: tuple[Any, Any]  # creditor and debtor as they were said


def of(entries: Entries, story: Story, subject: str, day: str) -> Iterator[Owed]:
    """The obligations whose own entries name the subject, each by all of its own entries."""
    if kind_of(subject) not in ("project", "asset"):
        return
    named = dict.fromkeys(one.stream for one in story.entries if kind_of(one.stream) == "obligation")
    for identity in named:
        own = until_position(entries.of_stream(identity), story.known)
        said = tell(read(entries, own))[-1][1][identity]
        values = {name: said.dated(name).at(day, story.known) for name in said.names()}
        if values["name"] is None:
            continue  # nothing was owed yet on that day
        lead = obligation.limited(said, day, story.known)
        yield Owed(
            id=identity,
            name=values["name"] + (f"（{labels.DUPLICATE}，不计）" if values.get(DUPLICATE_OF) else ""),
            category=wording.shown("category", values["category"] or ""),
            creditor=wording.party(values["creditor"]),
            debtor=wording.party(values["debtor"]),
            sides=(values["creditor"], values["debtor"]),
            outstanding_fen=obligation.money(said, day, story.known)["outstanding_fen"],
            limitation_until=limitation_until(said.dated, day, story.known) if lead else "",
            limitation=lead,
        )


def text(obligations: Sequence[Owed]) -> Iterator[str]:
    """Lines for a terminal."""
    if not obligations:
        yield "债权债务：尚无登记"
        return
    yield f"债权债务（{len(obligations)} 笔）"
    for one in obligations:
        until = f"，{one.limitation}" if one.limitation else ""
        yield from wrap(
            f"{one.name}（{one.category}）{one.debtor} 欠 {one.creditor}，"
            f"余额 {labels.amount(one.outstanding_fen)}{until}",
            "  ",
            "    ",
        )
