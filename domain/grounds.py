"""What a disposal rests on (处置依据): the assets, the ground, the decision, the approver, the money.

Each rule is weighed by the nature of the step: an act that does not meet it is refused, a fact notes it.
"""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from typing import Any, Protocol

from domain.asset import Asset
from domain.citing import cited_as, kinds_missing, papers_missing
from domain.disposal_steps import Decide
from domain.document import DOCUMENT_KINDS, ONCE, Document
from domain.errors_disposal import (
    AssetNotChecked,
    AuctionNoticeLate,
    DecisionMissing,
    Encumbered,
    GroundNotShown,
    GroundUsed,
    InDispute,
    InOtherDisposal,
    LeaseTooLong,
    MixedOwners,
    NotFullyReceived,
    OwnershipOpen,
    PriceTooLow,
    ProceedsDiffer,
    WrongAccount,
    WrongApprover,
    WrongOrder,
)
from domain.meeting import Meeting
from domain.notice import Notice
from domain.paths import ACCOUNTS, CLASS_GROUNDS, GROUNDS, LEVELS, PATHS, Kinds, Level
from domain.project import Project
from domain.title import OWNER_TYPES
from domain.values import days_after
from domain.verdicts import Shown, weigh_by_law
from domain.world import Case


class Paid(Protocol):
    """What a settlement says of the money, in fen."""

    @property
    def account(self) -> str: ...
    @property
    def allocated_fen(self) -> int: ...
    @property
    def deal_fen(self) -> int | None: ...
    @property
    def received_fen(self) -> int: ...
    @property
    def retained_fen(self) -> int: ...


def weigh_assets(case: Case, assets: Sequence[Asset], owner_type: str) -> None:
    """That the assets may be disposed of, as they stand now (DISP-1 to DISP-5)."""
    if any(one.owner_type != owner_type for one in assets):  # DISP-5
        found = "、".join(f"{one.name}（{OWNER_TYPES[one.owner_type]}）" for one in assets)
        raise MixedOwners(f"所写权属是{OWNER_TYPES[owner_type]}，台账所载是 {found}")
    case.weigh(
        "DISP-1",
        owner_type != "undetermined" and all(one.registered for one in assets),
        lambda: OwnershipOpen(f"资产 {_named(assets, lambda one: not one.registered)} 权属未界定或未登记"),
    )
    case.weigh(
        "DISP-2",
        _none_of(one.disputed for one in assets),
        lambda: InDispute(f"资产 {_named(assets, lambda one: one.disputed)} 有权属争议"),
    )
    case.weigh(
        "DISP-3",
        _none_of(one.encumbered for one in assets),
        lambda: Encumbered(f"资产 {_named(assets, lambda one: one.encumbered)} 已抵押担保，须先解除"),
    )
    case.weigh(
        "DISP-4",
        all(one.is_checked(case) for one in assets),
        lambda: AssetNotChecked(
            f"资产 {_named(assets, lambda one: not one.is_checked(case))} 未核，须先由乡农服中心另一人核对"
        ),
    )


def _named(assets: Iterable[Asset], which: Callable[[Asset], bool | None]) -> str:
    return "、".join(f"{one.name}（{one.id}）" for one in assets if which(one))


def _none_of(answers: Iterable[bool | None]) -> bool | None:
    """True when all say no, None when somebody does not know."""
    found = list(answers)
    return False if True in found else None if None in found else True


def weigh_free(case: Case, assets: Sequence[Asset]) -> list[Asset]:
    """That no asset is in another disposal (DISP-7); the assets that are in none."""
    free = [one for one in assets if not one.held_by(case)]
    case.weigh(
        "DISP-7",
        len(free) == len(assets),
        lambda: InOtherDisposal(
            "；".join(f"{one.called}另有处置 {one.open_disposal} 在办" for one in assets if one not in free)
        ),
    )
    return free


def grounds_of(said: Mapping[str, Any]) -> list[str]:
    """What a step rests on: papers and notices by id, a resolution by its meeting and number."""
    named = [said.get(name, "") for name in ("approval", "document", "notice", "voucher")]
    resolution = f"{said['meeting']} {said['resolution']}" if said.get("meeting") else ""
    return [one for one in (*named, *said.get("documents", ()), resolution) if one]


def weigh_unused(case: Case, disposal: str, used: Collection[str]) -> None:
    """That what proves one deal has not been used for another disposal, unless it names this one (DISP-24)."""
    again = [one for one in grounds_of(case.payload) if one in used and not _may_serve(case, one, disposal)]
    case.weigh(
        "DISP-24",
        not again,
        lambda: GroundUsed(
            f"{'、'.join(again)} 已是同一资产另一份处置的依据，没有写明处置 {disposal}，不能再用",
            subject=disposal,
        ),
    )


def _may_serve(case: Case, ground: str, disposal: str) -> bool:
    """By what was first written down: no correction lets a paper bear a second deal."""
    identity, _, number = ground.partition(" ")
    match case.world.find(identity):
        case Document() as document:
            return document.first("kind") not in ONCE or disposal in document.first("subjects")
        case Notice() as notice:
            return notice.subject == disposal
        case Meeting() as meeting:
            return bool(meeting.first("resolutions")[int(number) - 1]["subject"] == disposal)
    return False


def weigh_ground(case: Case, ground: str, project: str, assets: Collection[str]) -> None:
    """That a ground which is the class of a project is shown by that project and its assets (DISP-9)."""
    needed = CLASS_GROUNDS.get(ground)
    if project:
        found = case.world.get(Project, project, "项目")
        named = [case.world.get(Asset, one, "资产") for one in assets]
        shown = all(project in (one.last("projects") or ()) for one in named) and needed in {
            None,
            found.at("class_township", case.occurred_on),
        }
    else:
        shown = needed is None
    case.weigh(
        "DISP-9",
        shown,
        lambda: GroundNotShown(
            f"处置情形“{GROUNDS[ground]}”须指明这些资产所属、已由乡镇如此认定的项目，所指是 {project or '（无）'}"
        ),
    )


def weigh_term(case: Case, months: int | None, shown: Shown | None = None) -> None:
    """A lease of twenty years at most (DISP-6, 民法典 705); what is beyond is void.

    A term that was told as a fact confers nothing: whoever does the next step as an act lets for it anew.
    """
    weigh_by_law(
        case,
        "DISP-6",
        "lease_months_max",
        lambda most: None if months is None else months <= most,
        lambda most: LeaseTooLong(f"租期 {months} 个月，最长 {most} 个月（民法典705），超过部分无效"),
        shown=shown,
    )


def weigh_decision(case: Case, asked: Decide, owner_type: str, about: Sequence[str]) -> int | None:
    """What the owner's decision rests on (DISP-13); the price that a meeting fixed, in fen."""
    kind = PATHS[owner_type].decision
    by_meeting = kind == "meeting"
    basis, other = (asked.meeting, asked.document) if by_meeting else (asked.document, asked.meeting)
    what = "会议决议" if by_meeting else DOCUMENT_KINDS[kind]
    case.weigh(
        "DISP-13",
        bool(basis) and not other,
        lambda: DecisionMissing(f"{OWNER_TYPES[owner_type]}资产的处置凭{what}决定，不凭别的，须引其编号"),
    )
    if by_meeting and basis:
        # A resolution about one asset is none about several.
        subjects = about if len(about) == 2 else about[:1]
        meeting = case.world.get(Meeting, basis, "会议")
        fixed: int | None = meeting.ground(asked.resolution or 0, "disposal", subjects, case)["amount_fen"]
        return fixed
    if basis:
        cited_as(case, basis, (kind,), "决定", about)
    return None


def weigh_level(case: Case, stated: str, needed: Level) -> None:
    """Who approves (DISP-14), whatever the amount."""
    case.weigh("DISP-14", _of_level(case, stated, needed), lambda: _wrong_level(stated, needed))


def weigh_level_by_amount(
    case: Case, stated: str, parameter: str, needed: Callable[[int], Level], shown: Shown | None
) -> None:
    """Who approves (DISP-14), by the amount from which the county does."""
    weigh_by_law(
        case,
        "DISP-14",
        parameter,
        lambda limit: _of_level(case, stated, needed(limit)),
        lambda limit: _wrong_level(stated, needed(limit)),
        shown=shown,
    )


def _of_level(case: Case, stated: str, needed: Level) -> bool:
    """The post that must sign an act; for a fact, who is said to have approved."""
    if case.nature == "act":
        return {stated, needed} == {signer.role for signer in case.signers}
    return stated in {needed, "county"}


def _wrong_level(stated: str, needed: Level) -> WrongApprover:
    return WrongApprover(f"此处置须由{LEVELS[needed]}审批，所写是{LEVELS[stated]}，签名人须是该级")


def weigh_papers_to_approve(
    case: Case,
    documents: Sequence[Document],
    demanded: Callable[[int], Iterable[Kinds]],
    what: str,
    shown: Shown,
) -> None:
    """That the papers of an approval are there (DOC-1), by the amount from which an appraisal is one of them."""
    weigh_by_law(
        case,
        "DOC-1",
        "collective_appraisal_fen",
        lambda limit: not kinds_missing(documents, demanded(limit)),
        lambda limit: papers_missing(what, kinds_missing(documents, demanded(limit))),
        shown=shown,
    )


def weigh_proceeds(case: Case, asked: Paid, account: str) -> None:
    """What was received is what was passed on and kept (DISP-18), and went to the owner's account (DISP-20)."""
    case.weigh(
        "DISP-18",
        asked.received_fen == asked.allocated_fen + asked.retained_fen,
        lambda: ProceedsDiffer(
            f"收入 {asked.received_fen} 分，分配 {asked.allocated_fen} 分、留存 {asked.retained_fen} 分，两者须相等"
        ),
    )
    needed = account if asked.received_fen else "none"
    case.weigh(
        "DISP-20",
        asked.account == needed,
        lambda: WrongAccount(f"收款账户须是{ACCOUNTS[needed]}，所写是{ACCOUNTS[asked.account]}"),
    )


def weigh_contracts(case: Case, documents: Sequence[Document], ready: str) -> None:
    """Nothing was signed with anybody before the day on which it was decided and approved (DISP-10)."""
    early = [one for one in documents if one.kind in {"contract", "deal"} and one.issued_on < ready]
    case.weigh(
        "DISP-10",
        not early,
        lambda: WrongOrder(
            f"{'、'.join(one.name for one in early)}签订在先（{early[0].issued_on}），至 {ready} 才决定、审批"
        ),
    )


def weigh_announced(case: Case, documents: Sequence[Document], shown: Shown) -> None:
    """An auction is announced days before (DISP-26). It was held when the deal was signed, which is done on the spot
    (拍卖法52); after one at which nobody bid it is announced anew. What was announced later was another auction."""
    held = min((one.issued_on for one in documents if one.kind == "deal"), default="")
    notices = [one.issued_on for one in documents if one.kind == "auction_notice"]
    announced = max((day for day in notices if day <= held), default=min(notices, default=""))
    weigh_by_law(
        case,
        "DISP-26",
        "auction_notice_days",
        lambda days: days_after(announced, days) <= held if announced and held else None,
        lambda days: AuctionNoticeLate(f"拍卖公告发布于 {announced}，须于拍卖日（{held}）的 {days} 日前发布"),
        shown=shown,
        day=held,
    )


def weigh_received(case: Case, asked: Paid) -> None:
    """What was sold is paid for in full (DISP-21)."""
    case.weigh(
        "DISP-21",
        asked.received_fen == asked.deal_fen,
        lambda: NotFullyReceived(f"成交价 {asked.deal_fen} 分，到账 {asked.received_fen} 分，须到齐"),
    )


def weigh_price(
    case: Case,
    deal: int | None,
    appraised: int | None,
    fixed: int | None,
    shown: Shown | None,
    day: str = "",
) -> None:
    """A price not below the floor: a part of the appraisal, and what the meeting fixed (DISP-19)."""
    if appraised is None and fixed is None:
        return
    unknown = False if case.nature == "act" else None  # who settles now knows the price
    weigh_by_law(
        case,
        "DISP-19",
        "price_floor_percent",
        # Integers throughout: 90% of the appraisal, without rounding.
        lambda percent: (
            unknown if deal is None else deal * 100 >= (appraised or 0) * percent and deal >= (fixed or 0)
        ),
        lambda percent: PriceTooLow(
            f"成交价 {deal} 分，评估值 {appraised} 分（不低于其 {percent}%），会议所定 {fixed} 分，须中止"
        ),
        shown=shown,
        day=day,
    )
