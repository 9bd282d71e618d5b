"""What the home page counts: projects by the four batches, and what is open of assets, debts and disposals.

Each in two columns, 已核 and 未核, external sources apart (D9, D22); all of it read from the tallies of the rows.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from api.http.nouns import BY_KIND, Noun
from projections.register import Line, Sum, Sums, sums_of

OTHERS = ("asset", "obligation", "disposal")
KINDS = ("project", *OTHERS)

# What a noun is counted in, what its sums are by, and its amounts.
_WORDS: Mapping[str, tuple[str, str, tuple[str, ...]]] = {
    "asset": ("项", "权属", ("原值", "账面价值")),
    "obligation": ("笔", "类别", ("本金", "余额")),
    "disposal": ("件", "已到步骤", ("预计金额",)),
}


@dataclass(frozen=True, slots=True)
class Table:
    """What is open of a noun, by owner type, category or step; only what there is of it."""

    noun: Noun
    unit: str
    by: str
    amounts: tuple[str, ...]
    lines: tuple[tuple[str, Sum], ...]
    all: Sum
    external: Sum
    closed: int  # our own that are no longer open
    unknown: int  # of the open ones, in how many the last amount is not known
    lapsed: int  # of the open ones, how many have waited too long (DISP-25)


def projects(found: Iterable[Line]) -> Sums:
    return sums_of(BY_KIND["project"].projected, found)


def of(noun: Noun, found: Iterable[Line], lapsed: int = 0) -> Table:
    lines = list(found)
    open_ = sums_of(noun.projected, [one for one in lines if one.by["open"]])
    closed = sums_of(noun.projected, [one for one in lines if not one.by["open"]])
    shown = [
        (noun.projected.groups.get(group, group), one)
        for group, one in open_.by.items()
        if one.checked.count or one.unchecked.count
    ]
    return Table(
        noun,
        *_WORDS[noun.kind],
        lines=tuple(shown),
        all=open_.all,
        external=open_.external,
        closed=closed.all.checked.count + closed.all.unchecked.count,
        unknown=open_.all.checked.unknown + open_.all.unchecked.unknown,
        lapsed=lapsed,
    )
