"""Which fields of which noun are corrected (更正的栏), and what is asked of their new values beside their type.

The mechanism is correction.py's. What decides which thing a noun is, or what others have signed, is not listed:
that is given up and entered anew.
"""

from typing import Annotated, Literal

from pydantic import Field, TypeAdapter

from domain.asset import Asset
from domain.command import Value
from domain.correction import Now, correctable
from domain.disposal import Disposal
from domain.disposing import ProposeDisposal, SettleDisposal
from domain.document import Document, RegisterDocument
from domain.holding import OpenAsset
from domain.listing import FundLine, ListProject
from domain.meeting import Meeting, RecordMeeting, Resolution
from domain.notice import CloseNotice, Notice, PostNotice
from domain.obligation import Obligation
from domain.owing import Channel, Instalment, RegisterObligation, check_sides
from domain.party import Party
from domain.project import Project
from domain.title import Share, check_shares
from domain.values import (
    INTEGER_MAX,
    AssetId,
    DisposalId,
    DocumentId,
    Fen,
    MeetingId,
    NoticeId,
    ObligationId,
    ProjectId,
)
from domain.world import Case

# --- projects ------------------------------------------------------------------------------------------

PROJECT_WORDS: dict[str, str] = {
    "build_year": "建设年度",
    "category": "分类",
    "content": "建设内容",
    "department": "主管部门",
    "former_poor_village": "所在村为脱贫村",
    "fund_lines": "资金明细",
    "name": "名称",
    "operating_assets": "形成经营性资产",
    "operator": "经营主体",
    "place": "项目地点",
    "scale": "规模大小",
    "subsisting": "存续期内",
    "total_fen": "所写资金总额",
}


correctable(
    Project,
    ProjectId,
    PROJECT_WORDS,
    str | int | bool | list[FundLine] | None,
    ListProject,
    seen={"class_village": "村级认定", "class_township": "乡级认定"},
)

# --- assets -------------------------------------------------------------------------------------------

ASSET_WORDS: dict[str, str] = {
    "additions_fen": "增加",
    "booked_on": "入账日期",
    "carrying_fen": "所写账面价值",
    "category": "分类",
    "certificate": "权证号",
    "condition": "使用状态",
    "custodian": "管护责任单位",
    "depreciation_fen": "已提折旧",
    "disposed_fen": "已处置",
    "disputed": "有争议",
    "encumbered": "抵押担保",
    "in_service_on": "开始使用日期",
    "kind": "类型",
    "life_months": "使用年限（月）",
    "location": "坐落地点",
    "movement": "金额变动",
    "name": "名称",
    "original_fen": "原值",
    "owner_type": "权属类型",
    "projects": "所属项目",
    "quantity": "数量",
    "registered": "已确权登记",
    "shares": "权利人份额",
    "specification": "规格型号",
}


class Movement(Value):
    """An addition or depreciation as it was booked; nothing (null) when it should not have been booked at all."""

    amount_fen: Annotated[int, Field(ge=1, le=INTEGER_MAX)]
    kind: Literal["additions", "depreciation"]


_SHARES = TypeAdapter(list[Share])


def _check_asset(case: Case, asset: Asset, now: Now) -> None:
    owner_type = now.get("owner_type", asset.owner_type)
    check_shares(case, owner_type, _SHARES.validate_python(now.get("shares", asset.shares)))


correctable(
    Asset,
    AssetId,
    ASSET_WORDS,
    str | int | bool | list[Share] | list[str] | Movement | None,
    OpenAsset,
    own={"movement": Movement | None},
    check=_check_asset,
)

# --- obligations --------------------------------------------------------------------------------------

OBLIGATION_WORDS: dict[str, str] = {
    "assets": "所涉资产",
    "basis": "依据",
    "category": "分类",
    "confirmed_creditor": "债权人确认金额",
    "confirmed_debtor": "债务人确认金额",
    "contract": "合同、凭据号",
    "creditor": "债权人",
    "debtor": "债务人",
    "demand": "催收",
    "democratic": "经民主决策",
    "due_on": "到期日",
    "for_government": "为地方政府举债",
    "insider": "债务人为内部人员",
    "instalments": "分期",
    "interest_fen": "利息",
    "litigation": "涉诉涉执",
    "movement": "金额变动",
    "name": "名称",
    "offset_fen": "抵销",
    "origin_on": "形成时间",
    "outstanding_fen": "所写余额",
    "paid_fen": "已还",
    "principal_fen": "本金",
    "projects": "所涉项目",
    "purpose": "用途、来源",
    "rate_basis_points": "年利率（万分之）",
    "security": "担保、抵押",
    "written_off_fen": "核销",
}


class Repayment(Value):
    """A repayment as it was entered; nothing (null) when there was none."""

    accrued_fen: Fen
    interest_fen: Fen
    kind: Literal["offset", "paid"]
    principal_fen: Fen


class Demand(Value):
    """A demand as it was entered; nothing (null) when there was none."""

    channel: Channel
    served: bool


_SIDE = TypeAdapter(Party | None)


def _check_obligation(case: Case, obligation: Obligation, now: Now) -> None:
    creditor, debtor, basis = (
        now.get(name, obligation.last(name)) for name in ("creditor", "debtor", "basis")
    )
    check_sides(case, _SIDE.validate_python(creditor), _SIDE.validate_python(debtor), basis)


correctable(
    Obligation,
    ObligationId,
    OBLIGATION_WORDS,
    str | int | bool | Party | Repayment | Demand | list[Instalment] | list[str] | None,
    RegisterObligation,
    own={
        "confirmed_creditor": Fen | None,
        "confirmed_debtor": Fen | None,
        "demand": Demand | None,
        "movement": Repayment | None,
    },
    check=_check_obligation,
)

# --- documents ----------------------------------------------------------------------------------------

DOCUMENT_WORDS: dict[str, str] = {
    "amount_fen": "所载金额",
    "hash": "文件哈希",
    "issued_on": "日期",
    "issuer": "出具单位",
    "kind": "种类",
    "name": "名称",
    "number": "文号",
    "pages": "页数",
    "quality": "来源",
    "subjects": "关联事项",
}


correctable(
    Document,
    DocumentId,
    DOCUMENT_WORDS,
    str | int | list[str] | None,
    RegisterDocument,
)

# --- meetings -----------------------------------------------------------------------------------------

MEETING_WORDS: dict[str, str] = {
    "authorised": "有村民会议授权",
    "body": "会议机构",
    "entitled": "应到",
    "minutes": "会议记录",
    "name": "名称",
    "no_rceo": "没有集体经济组织",
    "notified_on": "通知日期",
    "party_discussed": "经党组织研究",
    "present": "实到",
    "resolutions": "决议",
}


correctable(
    Meeting,
    MeetingId,
    MEETING_WORDS,
    str | int | bool | list[Resolution] | None,
    RecordMeeting,
    papers={"minutes": ("minutes", "会议")},
)

# --- public notices -----------------------------------------------------------------------------------

NOTICE_WORDS: dict[str, str] = {
    "answered": "已答复",
    "board": "公示地点",
    "kind": "种类",
    "name": "名称",
    "objections": "异议",
    "outcome": "结果",
    "proof": "公示证明",
    "reviewed": "经监督委员会审查",
    "text": "内容",
    "until": "截止日期",
}


correctable(
    Notice,
    NoticeId,
    NOTICE_WORDS,
    str | int | bool | None,
    CloseNotice,
    PostNotice,
    papers={"proof": ("notice_proof", "结束公示")},
)

# --- disposals: what was proposed as a fact, and what a settlement says of the money ------------------

DISPOSAL_WORDS: dict[str, str] = {
    "account": "收款账户",
    "allocated_fen": "分配",
    "counterparty": "对方",
    "deal_fen": "成交价",
    "expected_fen": "预计金额",
    "ground": "处置情形",
    "land_house_vehicle": "含土地、房屋、车辆",
    "months": "租期（月）",
    "project": "所属项目",
    "reason": "原因",
    "received_fen": "到账",
    "retained_fen": "留存",
}


def _check_disposal(case: Case, _disposal: Disposal, now: Now) -> None:
    if now.get("counterparty") is not None:
        Party.model_validate(now["counterparty"]).check(case)


correctable(
    Disposal,
    DisposalId,
    DISPOSAL_WORDS,
    str | int | bool | Party | None,
    ProposeDisposal,
    SettleDisposal,
    check=_check_disposal,
)
