"""Claims and debts (债权债务) as registers have them: the columns of a list (领域 4.5), and what a row says."""

from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import Any

from api.exchange.common import ORDINAL, PLACES, UNREAD
from api.exchange.party import party
from api.exchange.schema import Column, Schema

DIRECTIONS = {"债权": "claim", "债务": "debt"}
CATEGORIES = {
    "工程款": "construction",
    "货款": "goods",
    "农户工资": "wages",
    "工资": "wages",
    "土地流转金": "land_rent",
    "土地租金": "land_rent",
    "分红": "dividend",
    "资产租金": "rent",
    "租金": "rent",
    "借款": "loan",
    "垫资": "advance",
    "押金": "deposit",
    "保证金": "deposit",
    "入股本金": "investment",
    "其他": "other",
}

SCHEMA = Schema(
    noun="obligation",
    title="债权债务登记表",
    amount="amount",
    stand_ins=("balance",),
    anchors=("name", "creditor", "debtor", "counterparty"),
    named_by="name",
    identity=("creditor", "debtor", "counterparty", "origin_on", "voucher"),
    weak="合计 总计 余额",
    columns=(
        ORDINAL,
        Column("number", "债权债务编号", "code", "债务编号 债权编号 登记编号", example="SL-ZQ-0001"),
        Column(
            "direction", "类别", "choice", "债权/债务 债权债务类别 性质", choices=DIRECTIONS, example="债务"
        ),
        Column("name", "事项", aliases="款项名称 债务名称 债权名称 摘要", example="冷藏库工程尾款"),
        Column(
            "category",
            "款项类别",
            "choice",
            "款项性质 债务类型 债权类型",
            choices=CATEGORIES,
            example="工程款",
        ),
        Column("creditor", "债权人", "organisation", "债权单位 债权人名称 债权方"),
        Column("debtor", "债务人", "organisation", "债务单位 债务人名称 债务方 欠款单位"),
        Column("counterparty", "对方单位", "organisation", "债权人/债务人 债权人(债务人) 往来单位 对方名称"),
        *PLACES,
        Column("project", "所属项目", aliases="项目名称 对应项目 项目"),
        Column("project_number", "项目编号", "code", "所属项目编号 项目编码"),
        Column("origin_on", "形成日期", "date", "形成时间 发生日期 发生时间 借款日期"),
        Column(
            "amount",
            "本金(万元)",
            "money",
            "本金 金额 债务金额 债权金额 借款金额 欠款金额 原始金额 应付金额 应收金额 合计 总计",
            required=True,
            example="10",
        ),
        Column("rate", "年利率(%)", "number", "利率 年利率 利率(%)"),
        Column("interest", "应计利息", "money", "利息 应付利息 应收利息"),
        Column("purpose", "用途", aliases="用途/来源 形成原因 事由 来源"),
        Column("voucher", "凭据号", aliases="合同/凭据号 合同号 凭证号 合同编号"),
        Column("due_on", "到期日", "date", "到期日期 还款日期 应还日期"),
        Column("paid", "已还金额", "money", "已还 已偿还 已收 已付 已收回"),
        Column("balance", "余额", "money", "尚欠 尚欠金额 未还金额 未收回 结欠"),
        Column("confirmed_on", "双方确认日期", "date", "确认日期 对账日期"),
        Column("security", "担保抵押", aliases="担保/抵押 担保 抵押 担保情况"),
        Column("litigation", "涉诉涉执状态", aliases="涉诉情况 诉讼情况"),
        Column("obligation", "台账编号", "id", "台账内部编号"),
        *UNREAD,
    ),
)

COMPARED: Mapping[str, tuple[str, ...]] = {
    "number": ("number",),
    "name": (),
    "category": ("category",),
    "contract": ("voucher",),
    "due_on": ("due_on",),
    "origin_on": ("origin_on",),
    "principal_fen": (),
    "security": ("security",),
}
_ONE_SIDE = "登记表只写明一方"
_SIDES = ("creditor", "debtor")


def said(fields: Mapping[str, Any], as_read: Mapping[str, str], paper: str) -> dict[str, Any]:
    """What a row itself says of a claim or debt, in the words of `obligation.register.v1`."""
    sides = _sides(fields)
    rate = fields.get("rate")
    purpose = fields.get("purpose", "")
    return {
        "assets": [],
        "basis": "" if all(sides.values()) else paper or _ONE_SIDE,
        "category": fields.get("category", "other"),
        "contract": fields.get("voucher", ""),
        "creditor": party(sides["creditor"]) if sides["creditor"] else None,
        "debtor": party(sides["debtor"]) if sides["debtor"] else None,
        "democratic": None,
        "due_on": fields.get("due_on", ""),
        "evidence": "none",
        "for_government": None,
        "handler": "",
        "insider": None,
        "instalments": [],
        "interest_fen": fields.get("interest_fen", 0),
        "litigation": None,
        "name": fields["name"] or purpose,
        "number": fields.get("number", ""),
        "offset_fen": 0,
        "origin_on": fields.get("origin_on", ""),
        "outstanding_fen": fields.get("balance_fen"),
        "paid_fen": fields.get("paid_fen", 0),
        "papers_missing": [],
        "papers_present": [paper] if paper else [],
        "principal_fen": fields["amount_fen"],
        "projects": list(fields.get("projects", ())),
        "purpose": purpose,
        "rate_basis_points": None if rate is None else int(Decimal(rate) * 100),
        "security": fields.get("security", ""),
        "witness": "",
        "written_off_fen": 0,
    }


def _sides(fields: Mapping[str, Any]) -> dict[str, str]:
    """Who owes whom: by their columns, or the other side by what the row is to us (债权, 债务)."""
    found = {side: str(fields.get(side, "")) for side in _SIDES}
    other = {"claim": "debtor", "debt": "creditor"}.get(str(fields.get("direction", "")))
    if other and not found[other]:
        found[other] = str(fields.get("counterparty", ""))
    return found


def questions(fields: Mapping[str, Any], unread: frozenset[str]) -> Iterator[str]:
    """What a registration must say, and a register may not. A natural person is entered by a command that conceals the name."""
    if not fields["name"] and not fields.get("purpose"):
        yield "这笔债权债务是什么事项？"
    if unread & {*_SIDES, "counterparty"}:
        yield "债权人或债务人看来是自然人：请用 obligation.register 单独登记，姓名由签名端隐去"
    elif not any(_sides(fields).values()):
        yield "债权人、债务人都没有写明：是谁欠谁？"
