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
        # 会计档案管理办法（财政部、国家档案局令第79号）第十四条、附表一：凭证30年，定期保管至少10年。
        ParameterSpec("names_years", "自然人信息自末笔业务的会计年度终了起保存多少年", 30, 10, 100),
        ParameterSpec("proposal_days", "提议最长有效天数", 90, 1, 3650),
        # Statute gives these two; the other values are no county's own and wait for one (领域3.7.d).
        ParameterSpec("notice_days", "公示最少天数（渝村办30）", 10, 1, 365),
        ParameterSpec("lease_months_max", "租期上限月数（民法典705）", 240, 1, 240),
        ParameterSpec("state_county_fen", "国有资产处置由县级审批的起点金额（分）", 5_000_000, 0, 10**15),
        ParameterSpec(
            "collective_county_fen", "集体资产处置由县级审批的起点金额（分）", 20_000_000, 0, 10**15
        ),
        ParameterSpec("collective_appraisal_fen", "集体资产处置须评估的起点金额（分）", 5_000_000, 0, 10**15),
        ParameterSpec("price_floor_percent", "成交价不低于评估值的百分比", 90, 0, 100),
    )
}
