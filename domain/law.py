"""The law as dated data (D8): parameters (参数), each with what a statute says of it and since when.

A statutory value stands here with its source and, where a statute changed it, with the day from which another is in force;
a value that is set by a signed event, with a day and a paper, takes its place from that day on. In force is what took effect
last: a later statute takes the place of an earlier setting, and of one day the setting goes before the statute.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import NamedTuple

from domain import voting
from domain.voting import Tag


class ValueSet(NamedTuple):
    """A value of a parameter: ordered by its day, and of one day by what was set last. Version 0: by statute."""

    effective_on: str
    version: int
    value: int
    document: str


@dataclass(frozen=True, slots=True)
class Since:
    """What a statute says from a day on."""

    effective_on: str
    value: int
    source: str
    tag: Tag


@dataclass(frozen=True, slots=True)
class ParameterSpec:
    """The default holds until a statute changes it or a value with an effective date and a document number is set."""

    name: str
    title: str
    default: int
    least: int
    most: int
    source: str
    tag: Tag
    changes: tuple[Since, ...] = ()
    choices: tuple[int, ...] = ()  # where not every number between the bounds means something

    @property
    def statutory(self) -> tuple[ValueSet, ...]:
        """What holds where nothing is set."""
        changes = (ValueSet(one.effective_on, 0, one.value, one.source) for one in self.changes)
        return (ValueSet("", 0, self.default, self.source), *changes)

    def allows(self, value: int) -> bool:
        return value in self.choices if self.choices else self.least <= value <= self.most

    @property
    def range(self) -> str:
        if self.choices:
            return "、".join(f"{value}（{voting.SHARES[value]}）" for value in self.choices)
        return f"{self.least} 到 {self.most}"

    def said(self, value: int) -> str:
        """A value in words."""
        return str(voting.SHARES[value]) if self.choices else str(value)


def in_force(values: Iterable[ValueSet], day: str) -> ValueSet | None:
    """Of some values the one that is in force on a day; None: of a day before all of them."""
    return max((one for one in values if one.effective_on <= day), default=None)


def _of_meetings() -> Iterable[ParameterSpec]:
    """The table of who decides and how (voting.py), a parameter for each of its cells."""
    for name, title in voting.TITLES.items():
        first, *later = (one for one in voting.TABLE if one.name == name)
        choices = voting.choices(name)
        least, most = (min(choices), max(choices)) if choices else voting.BOUNDS[voting.column(name)]
        yield ParameterSpec(
            name,
            title,
            first.value,
            least,
            most,
            first.source,
            first.tag,
            tuple(Since(one.since, one.value, one.source, one.tag) for one in later),
            choices,
        )


PARAMETERS: dict[str, ParameterSpec] = {
    spec.name: spec
    for spec in (
        ParameterSpec(
            "late_days", "业务日期早于入账日期多少天起须说明迟登原因", 30, 0, 3650, "设计D7", "推断"
        ),
        # 凭证30年，定期保管至少10年。
        ParameterSpec(
            "names_years",
            "自然人信息自末笔业务的会计年度终了起保存多少年",
            30,
            10,
            100,
            "会计档案管理办法（79号令）第十四条、附表一",
            "规定*",
        ),
        ParameterSpec("proposal_days", "提议最长有效天数", 90, 1, 3650, "设计D10", "推断"),
        # Statute gives these three; the other values are no county's own and wait for one (领域3.7.d).
        ParameterSpec(
            "notice_days", "公示最少天数（渝村办30）", 10, 1, 365, "渝村办30；公示11第四条", "规定"
        ),
        ParameterSpec("auction_notice_days", "拍卖公告须早于拍卖日多少天", 7, 7, 365, "拍卖法45", "规定"),
        ParameterSpec("lease_months_max", "租期上限月数（民法典705）", 240, 1, 240, "民法典705", "规定"),
        ParameterSpec(
            "state_county_fen",
            "国有资产处置由县级审批的起点金额（分）",
            5_000_000,
            0,
            10**15,
            "领域3.7.d 处B",
            "实践",
        ),
        ParameterSpec(
            "collective_county_fen",
            "集体资产处置由县级审批的起点金额（分）",
            20_000_000,
            0,
            10**15,
            "领域3.7.d 介休",
            "实践",
        ),
        ParameterSpec(
            "collective_appraisal_fen",
            "集体资产处置须评估的起点金额（分）",
            5_000_000,
            0,
            10**15,
            "领域3.7.c、3.7.d",
            "实践",
        ),
        ParameterSpec(
            "price_floor_percent", "成交价不低于评估值的百分比", 90, 0, 100, "领域3.7.d 处A", "实践"
        ),
        *_of_meetings(),
    )
}


def as_markdown() -> list[str]:
    """The rows of the table of parameters in RULES.md."""
    return [
        f"| {spec.name} | {spec.title} | {one.effective_on or '—'} | {spec.said(one.value)} | {one.source} | [{one.tag}] |"
        for spec in PARAMETERS.values()
        for one in (Since("", spec.default, spec.source, spec.tag), *spec.changes)
    ]
