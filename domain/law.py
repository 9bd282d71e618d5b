"""Dated parameters (参数): what a rule may be told, its default, its bounds. Values are set by signed events (D8)."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class ParameterSpec:
    """A default holds until a value with an effective date and a document number is set."""

    name: str
    title: str
    default: int
    least: int
    most: int


PARAMETERS: dict[str, ParameterSpec] = {
    spec.name: spec
    for spec in (
        ParameterSpec("late_days", "业务日期早于入账日期多少天起须说明迟登原因", 30, 0, 3650),
        ParameterSpec("proposal_days", "提议最长有效天数", 90, 1, 3650),
        ParameterSpec("notice_days", "公示最少天数（渝村办30）", 10, 1, 365),
    )
}
