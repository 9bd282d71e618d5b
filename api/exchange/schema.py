"""A schema (栏目表): the columns of one noun as data, by which its registers are read, its template made, its rows written.

The table of aliases is closed: an unknown heading is reported with the nearest known ones and its column left alone.
"""

import difflib
import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Literal

from api.exchange.text import folded
from domain.money import Unit

Kind = Literal[
    "ordinal",  # 序号: of this table only, no identity
    "id",  # 台账编号: what the ledger itself calls the row
    "code",  # 项目编号: unique in the ledger
    "text",
    "organisation",  # a body; what may be a natural person is not read (READ-14)
    "owners",  # bodies with their shares: "甲 60%；乙 40%"
    "list",  # several texts, parted by ；
    "codes",  # several numbers, parted by ；
    "instalments",  # days with amounts, parted by ；
    "area",  # registered areas by their names, parted by ；
    "money",
    "group_total",  # money, the sum of the rows that share the cell
    "year",
    "date",
    "yes_no",
    "choice",
    "number",
    "unread",  # known, and left alone: personal data, remarks, what only this file says
]


@dataclass(frozen=True, slots=True)
class Column:
    """One column: its canonical key, what it is called, what may stand in it."""

    key: str
    heading: str  # as template and export print it
    kind: Kind = "text"
    aliases: str = ""  # other headings, parted by spaces
    required: bool = False
    length: int = 200
    choices: Mapping[str, str] = field(default_factory=dict)  # label → value
    merged_down: bool = False  # an empty cell means "as above" where the first row is filled (READ-10)
    is_place: bool = False
    printed: bool = True  # stands in template and export
    kept: bool = (
        True  # the command has a place for it; what has none is read and told, and stands in no template
    )
    only_exported: bool = False  # what the ledger itself says of the row: in no template
    hint: str = ""
    example: str = ""

    @property
    def labels(self) -> tuple[str, ...]:
        """What may be chosen, each meaning by the first of its words."""
        if self.kind == "yes_no":
            return ("是", "否")
        first: dict[str, str] = {}
        for label, value in self.choices.items():
            first.setdefault(value, label)
        return tuple(first.values())


@dataclass(frozen=True)
class Schema:
    """The columns of one noun. `amount` is the money that adds up; without it the `stand_ins` are asked in turn."""

    noun: str
    title: str
    columns: tuple[Column, ...]
    amount: str
    stand_ins: tuple[str, ...]
    anchors: tuple[str, ...]  # a heading row has the amount and one of these
    named_by: str  # the column that says what the row is
    identity: tuple[str, ...] = ()  # what beside name, place, year and amount makes a row another row
    weak: str = ""  # headings that give way to another of the same meaning

    def with_aliases(self, aliases: Mapping[str, str]) -> "Schema":
        """The same with headings of one file, each for a known one; what this schema does not know is left out."""
        more: dict[str, list[str]] = {}
        for heading, known in aliases.items():
            if key := self.by_heading.get(folded(known)):
                more.setdefault(key, []).append(folded(heading))
        if not more:
            return self
        taken = {word for words in more.values() for word in words}
        return replace(
            self,
            columns=tuple(
                replace(
                    column,
                    aliases=" ".join(
                        [
                            *(word for word in column.aliases.split() if folded(word) not in taken),
                            *more.get(column.key, ()),
                        ]
                    ),
                )
                for column in self.columns
            ),
        )

    @cached_property
    def by_key(self) -> dict[str, Column]:
        return {column.key: column for column in self.columns}

    @cached_property
    def by_heading(self) -> dict[str, str]:
        found: dict[str, str] = {}
        for column in self.columns:
            for word in (column.heading, *column.aliases.split()):
                assert found.setdefault(folded(word), column.key) == column.key, f"{word} means one thing"
        return found

    def of_kind(self, *kinds: Kind) -> tuple[Column, ...]:
        return tuple(column for column in self.columns if column.kind in kinds)

    @cached_property
    def weak_headings(self) -> frozenset[str]:
        return frozenset(folded(word) for word in self.weak.split())

    @cached_property
    def money(self) -> tuple[str, ...]:
        return tuple(column.key for column in self.of_kind("money"))


_UNIT = re.compile(
    r"(?:\((?:单位:?)?(?P<inside>万元|亿元|元)\)|/(?P<after>万元|亿元|元)|[,:](?P<plain>万元|亿元|元))\Z"
)
_UNIT_LINE = re.compile(
    r"\(?(?:金额|计量|货币)?单位:?(?:人民币)?(?P<unit>万元|亿元|元)\)?(?=\Z|[^\u4e00-\u9fff])"
)
_REMARK = re.compile(r"\([^()]*\)\Z")
_NUMBERED = re.compile(r"(?:[0-9]{1,2}|[一二三四五六七八九十]{1,3})[、.]")
_STARS = "*＊※#"
_UNITS: dict[str, Unit] = {"元": "元", "万元": "万元", "亿元": "亿元"}
NO_FUNDS = "未载明"  # in the place of an amount: nobody knows it
HEADING_MAX = 40  # letters; longer texts are content
_LIKENESS = 0.6


@dataclass(frozen=True, slots=True)
class Heading:
    """One heading: as read, what it means (None: not known), and the unit in it."""

    text: str
    key: str | None
    unit: Unit | None
    is_weak: bool = False
    measure: str = ""  # what its numbers count, where it says so: 建设规模(千瓦)
    under: str = ""  # the key of the heading above it, of which it is a part: 投入资金 / 省级


def read_heading(schema: Schema, text: str) -> Heading:
    """ "总投资 (万元)" means `amount` in 万元; "建設內容(摘)" and "*建设内容①" mean `content`."""
    if not 0 < len(text) <= HEADING_MAX:
        return Heading(text, None, None)
    bare, unit = folded(_without_marks(text)), None
    if found := _UNIT.search(bare):
        bare, unit = bare[: found.start()], _UNITS[found["inside"] or found["after"] or found["plain"]]
    known = schema.by_heading
    key = known.get(bare) or known.get(_REMARK.sub("", bare)) or known.get(_NUMBERED.sub("", bare, count=1))
    measure = found[0][1:-1] if key and unit is None and (found := _REMARK.search(bare)) else ""
    return Heading(text, key, unit, bare in schema.weak_headings, measure)


def _without_marks(text: str) -> str:
    """Stars and footnote marks at the ends of a heading mean nothing."""
    kept = "".join(one for one in text if unicodedata.category(one) != "No")
    return kept.strip().strip(_STARS)


def read_unit_line(text: str) -> Unit | None:
    """The unit of "单位:万元", which stands above many tables; None for every other text."""
    found = _UNIT_LINE.search(folded(text))
    return _UNITS[found["unit"]] if found else None


def suggested(schema: Schema, heading: str, taken: Iterable[str] = ()) -> str:
    """The known heading nearest to an unknown one; empty when none is near, or when its column is there already."""
    bare = _REMARK.sub("", folded(_without_marks(heading)))
    used = set(taken)
    words = [
        word
        for word, key in schema.by_heading.items()
        if key not in used and schema.by_key[key].kind != "unread"
    ]
    near = difflib.get_close_matches(bare, words, n=1, cutoff=_LIKENESS)
    return near[0] if near else ""
