"""What the policy covers (梳理核查对象), in three limbs: assistance funds, since 2013, still there or assets left.

种子 一(二). An act on a project outside the scope is refused; a fact notes the limbs it does not meet, and
those that nobody knows. What is not known is no breach: it is noted for an act as well.
"""

from collections.abc import Mapping
from typing import Any, Literal

from domain.errors import BeforePolicy, NoAssistanceFunds, NothingLeft
from domain.world import Case

# 帮扶资金: the four groups of the policy, and what is none of them.
FundSource = Literal["fiscal", "integrated", "cooperation", "designated", "other"]
FUND_SOURCES: dict[str, str] = {
    "fiscal": "财政衔接资金",
    "integrated": "统筹整合涉农资金",
    "cooperation": "东西部协作资金",
    "designated": "定点帮扶资金",
    "other": "其他资金",
}
POLICY_YEAR = 2013
SCOPE = ("build_year", "fund_lines", "operating_assets", "subsisting")


def check_scope(case: Case, project: Mapping[str, Any]) -> None:
    """The three limbs (PROJ-2, PROJ-3, PROJ-4), each weighed by the nature of the command."""
    lines = project["fund_lines"]
    funded = any(line["source"] != "other" for line in lines) if lines else None
    case.weigh(
        "PROJ-2",
        funded,
        lambda: NoAssistanceFunds("资金明细中没有财政衔接、统筹整合、东西部协作、定点帮扶资金"),
    )
    year = project["build_year"]
    case.weigh(
        "PROJ-3",
        None if year is None else year >= POLICY_YEAR,
        lambda: BeforePolicy(f"建设年度 {year} 早于 {POLICY_YEAR} 年，不在梳理核查范围"),
    )
    limbs = (project["subsisting"], project["operating_assets"])
    left = True if True in limbs else None if None in limbs else False
    case.weigh("PROJ-4", left, lambda: NothingLeft("项目既不在存续期，也未形成经营性资产，不在梳理核查范围"))
