"""Title (权属): who may own what, and what must have been done before ownership is registered (确权登记).

领域 3.5. An act that does not meet a rule is refused, a fact notes it. What nobody knows is no breach of a
fact; for an act it is: who registers now has the papers at hand.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Annotated, Any, Literal

from pydantic import Field

from domain.command import Value
from domain.errors_asset import (
    NotBooked,
    NotDecided,
    NothingDetermined,
    NoticeTooShort,
    OwnershipDisputed,
    OwnerUnlikeKind,
    OwnerUnlikeType,
    SharesDiffer,
)
from domain.party import NATURAL, PARTY_KINDS, Party
from domain.values import days_after
from domain.verdicts import Shown, weigh_by_law
from domain.world import Case

OwnerType = Literal[
    "state",
    "collective_town",
    "collective_village",
    "collective_group",
    "household",
    "equity",
    "undetermined",
]
OWNER_TYPES: dict[str, str] = {
    "state": "国有",
    "collective_town": "乡集体",
    "collective_village": "村集体",
    "collective_group": "组集体",
    "household": "到户",
    "equity": "股权（按合同）",
    "undetermined": "待界定",
}
COLLECTIVE = ("collective_town", "collective_village", "collective_group")
PUBLIC = ("state", *COLLECTIVE)
# Owner type -> the kinds of party that may own so; under a contract (股权) anybody may.
_OWNERS: dict[str, tuple[str, ...]] = {
    "state": ("state",),
    **dict.fromkeys(COLLECTIVE, ("organisation",)),
    "household": NATURAL,
}
WHOLE = 10_000  # basis points


class Share(Value):
    """One owner and how much of the asset is theirs, in basis points (万分之一)."""

    basis_points: Annotated[int, Field(ge=1, le=WHOLE)]
    owner: Party


Shares = Annotated[list[Share], Field(max_length=60)]


def check_shares(case: Case, owner_type: str, shares: Sequence[Share]) -> None:
    """Owners are parties that may own so (ASSET-7), and nothing is left without one (ASSET-1)."""
    allowed = _OWNERS.get(owner_type)
    for share in shares:
        share.owner.check(case)
        if allowed and share.owner.kind not in allowed:  # ASSET-7
            raise OwnerUnlikeType(
                f"{OWNER_TYPES[owner_type]}资产的权利人须是"
                f"{'、'.join(PARTY_KINDS[kind] for kind in allowed)}，所写是{PARTY_KINDS[share.owner.kind]}"
            )
    total = sum(share.basis_points for share in shares)
    if shares and total != WHOLE:  # ASSET-1
        raise SharesDiffer(f"各份额合计 {total}，须恰为 {WHOLE}（万分之一）", total=total)


@dataclass(frozen=True, slots=True)
class Known:
    """What the books know of an asset on the day its ownership is registered."""

    kind: str
    booked: bool
    disputed: bool | None


def check_title(case: Case, known: Known, title: Mapping[str, Any], shown: Shown) -> None:
    """The rules of registration, on the state of now: when it is proposed and again when it is completed.

    `title` has owner_type, shares, decision, decided_on, notice_from, notice_to, objections_settled; `shown`, the
    document of before a change of the law, if there is one.
    """
    owner_type = title["owner_type"]
    if owner_type == "undetermined" or not title["shares"]:  # ASSET-13
        raise NothingDetermined("确权登记须写明权属类型和权利人份额，待界定的请登记份额，不作确权")
    own = {"household": "household", "equity": "equity"}
    case.weigh(
        "ASSET-6",
        own.get(known.kind) == own.get(owner_type),
        lambda: OwnerUnlikeKind(
            f"到户类资产归户、权益性资产按合同，其他资产归国有或集体；所写是{OWNER_TYPES[owner_type]}"
        ),
    )
    _check_notice(case, title, shown)
    if owner_type in PUBLIC:
        case.weigh("ASSET-9", known.booked, lambda: NotBooked("国有、集体资产须先入账，再确权登记"))
        stated = bool(title["decision"] and title["decided_on"])
        case.weigh(
            "ASSET-11",
            title["decided_on"] <= case.occurred_on if stated else _missing(case),
            lambda: NotDecided(
                "集体资产凭成员（代表）大会决议，国有资产凭单位和财政的批准文件确权，日期不晚于登记"
            ),
        )
    open_objection = title["objections_settled"] is False
    case.weigh(
        "ASSET-10",
        False if open_objection else None if known.disputed is None else not known.disputed,
        lambda: OwnershipDisputed("权属有争议或异议未处理，须先协商、调解或裁判"),
    )


def _check_notice(case: Case, title: Mapping[str, Any], shown: Shown) -> None:
    """公示: the day of posting does not count (民法典201); its last day ends at midnight (民法典203), and ownership is
    registered after it, as a notice is closed (NOTICE-2)."""
    since, until = title["notice_from"], title["notice_to"]
    weigh_by_law(
        case,
        "ASSET-8",
        "notice_days",
        lambda days: (
            days_after(since, days) <= until < case.occurred_on if since and until else _missing(case)
        ),
        lambda days: NoticeTooShort(
            f"确权前须公示满 {days} 天（张贴当日不计，截止日期之后方可登记），所写是 {since or '（空）'} 至 {until or '（空）'}"
        ),
        shown=shown,
    )


def _missing(case: Case) -> bool | None:
    return False if case.nature == "act" else None
