"""Who disposes how (处置路径): by type of owner the hands of each step, by method the papers. 领域 3.7.b to 3.7.d.

Who owns decides the whole path: 国有 by the unit and the fiscal approver, 集体 by its members, 到户 by the
household. Thresholds are dated parameters (law.py).
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Literal, get_args

Method = Literal[
    "lease",
    "transfer",
    "auction",
    "scrap",
    "loss",
    "gratis_transfer",
    "donate",
    "swap",
    "demolish",
    "debt_offset",
    "equity",
]
METHODS: dict[str, str] = {
    "lease": "出租",
    "transfer": "转让",
    "auction": "拍卖",
    "scrap": "报废",
    "loss": "报损",
    "gratis_transfer": "无偿划转",
    "donate": "捐赠",
    "swap": "置换",
    "demolish": "拆除",
    "debt_offset": "资产抵债",
    "equity": "对外投资入股",
}
Ground = Literal[
    "idle_class",
    "eliminated_class",
    "natural_disaster",
    "accident",
    "planning",
    "over_age",
    "obsolete",
    "shortage",
    "bad_debt",
    "use",
    "other",
]
GROUNDS: dict[str, str] = {
    "idle_class": "项目认定为闲置类",
    "eliminated_class": "项目认定为淘汰类",
    "natural_disaster": "自然灾害",
    "accident": "意外事故",
    "planning": "发展规划",
    "over_age": "达到使用年限",
    "obsolete": "技术淘汰",
    "shortage": "盘亏",
    "bad_debt": "坏账",
    "use": "盘活使用",
    "other": "其他",
}
# The grounds that rest on the class of a project (DISP-9).
CLASS_GROUNDS: dict[str, str] = {"idle_class": "idle", "eliminated_class": "eliminated"}

Step = Literal["propose", "decide", "approve", "settle", "derecognise"]
STEPS: dict[str, str] = {
    "propose": "提出",
    "decide": "决定",
    "approve": "审批",
    "settle": "结算",
    "derecognise": "核销",
}
Account = Literal["treasury", "collective", "household", "personal", "none"]
ACCOUNTS: dict[str, str] = {
    "treasury": "国库或非税账户",
    "collective": "集体经济组织账户",
    "household": "农户账户",
    "personal": "个人账户",
    "none": "没有款项",
}
Level = Literal["township", "county"]
LEVELS: dict[str, str] = {"township": "乡党委政府", "county": "县级"}
assert (tuple(METHODS), tuple(GROUNDS)) == (get_args(Method), get_args(Ground))

APPRAISED = frozenset({"transfer", "auction", "swap", "equity", "debt_offset"})
SOLD = frozenset({"transfer", "auction", "scrap", "demolish"})  # what is got for it is all there is to get

Kinds = tuple[str, ...]  # kinds of document of which any one will do


@dataclass(frozen=True, slots=True)
class Path:
    """The hands of each step for one type of owner, and what its decision rests on."""

    propose: frozenset[str]
    decide: frozenset[str]
    decision: str  # "meeting", or the kind of document that shows the decision
    keep: frozenset[str]  # settle and derecognise: who keeps the owner's books
    account: Account
    county_from: str = ""  # the parameter of the amount from which the county approves; "" nobody approves

    @property
    def approved(self) -> bool:
        return self.county_from != ""

    def hands(self, step: str) -> frozenset[str]:
        """The roles that may take a step. Who of the two approves depends on the amount (DISP-14)."""
        match step:
            case "propose":
                return self.propose
            case "decide":
                return self.decide
            case "approve":
                return frozenset(LEVELS)
            case _:
                return self.keep

    def before(self, step: str) -> tuple[str, ...]:
        """The steps that come first."""
        steps = [one for one in STEPS if one != "approve" or self.approved]
        return tuple(steps[: steps.index(step)]) if step in steps else ()


_COLLECTIVE = Path(
    propose=frozenset({"village_admin", "collective"}),
    decide=frozenset({"collective"}),
    decision="meeting",
    keep=frozenset({"collective", "finance"}),
    account="collective",
    county_from="collective_county_fen",
)
PATHS: Mapping[str, Path] = {
    "state": Path(
        propose=frozenset({"service_centre"}),
        decide=frozenset({"service_centre", "finance"}),
        decision="unit_decision",
        keep=frozenset({"finance"}),
        account="treasury",
        county_from="state_county_fen",
    ),
    "collective_town": _COLLECTIVE,
    "collective_village": _COLLECTIVE,
    "collective_group": _COLLECTIVE,
    # The consent is on paper (assurance level B): one enters it, another has seen the original.
    "household": Path(
        propose=frozenset({"village_admin"}),
        decide=frozenset({"village_admin", "service_centre"}),
        decision="consent",
        keep=frozenset({"village_admin", "service_centre"}),
        account="household",
    ),
    "equity": Path(
        propose=frozenset({"village_admin", "collective"}),
        decide=frozenset({"collective"}),
        decision="contract",
        keep=frozenset({"collective", "finance"}),
        account="collective",
        county_from="collective_county_fen",
    ),
    # Nothing may be done about these; what was done is held against the path of the most usual owner.
    "undetermined": _COLLECTIVE,
}


def level_of(owner_type: str, amount_fen: int | None, limit: int, *, realty: bool) -> Level:
    """Who must approve (DISP-14): from `limit` on, in fen, the county; an amount that nobody knows is the county's."""
    if amount_fen is None or amount_fen >= limit or (owner_type == "state" and realty):
        return "county"
    return "township"


def papers_to_approve(
    owner_type: str, method: str, amount_fen: int | None, appraised_from: int
) -> Iterator[Kinds]:
    """The documents that must be there before a disposal is approved (DOC-1). Of a collective's property one of less than
    `appraised_from`, in fen, needs no appraisal."""
    if method in APPRAISED:
        if owner_type == "state":
            yield ("appraisal",)
            yield ("value_proof",)
        elif amount_fen is None or amount_fen >= appraised_from:
            yield ("appraisal",)
    match method:
        case "scrap":
            yield ("expert_opinion", "appraisal")
            yield ("photo",)
        case "loss":
            yield ("loss_proof",)
        case "demolish":
            yield ("permit",)
            yield ("contract",)
        case "gratis_transfer" | "donate":
            yield ("contract",)
        case "lease":
            yield ("tender",)


def papers_to_settle(owner_type: str, method: str, received_fen: int) -> Iterator[Kinds]:
    """The documents that must be there when a disposal is settled. What a household keeps is its own affair."""
    if owner_type == "household":
        return
    match method:
        case "transfer":
            yield ("deal", "contract")
        case "auction":
            yield ("auction_notice",)
            yield ("deal",)
        case "lease" | "swap" | "equity" | "debt_offset":
            yield ("contract",)
        case "gratis_transfer" | "donate":
            yield ("handover",)
    if received_fen:
        yield ("receipt",)
