"""Claims and debts (债权债务) as registers have them: the columns of a list (领域 4.5), and what a row says."""

from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import Any

from api.exchange import opening
from api.exchange.columns import AREA, ORDINAL, PLACES, UNREAD
from api.exchange.party import party, written
from api.exchange.schema import NO_FUNDS, Column, Schema
from api.exchange.text import folded
from api.exchange.written import in_wan, label_of, listed, plain, yes_no

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
        AREA,
        Column("project", "所属项目", aliases="项目名称 对应项目 项目", kept=False),
        opening.PROJECT_NUMBERS,
        Column("asset_number", "资产编号", "codes", "所属资产编号 资产编码", hint="同上"),
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
        Column("interest", "应计利息(万元)", "money", "应计利息 利息 应付利息 应收利息"),
        Column("purpose", "用途", aliases="用途/来源 形成原因 事由 来源"),
        Column("voucher", "凭据号", aliases="合同/凭据号 合同号 凭证号 合同编号"),
        Column("due_on", "到期日", "date", "到期日期 还款日期 应还日期"),
        Column(
            "instalments",
            "分期(万元)",
            "instalments",
            "分期 分期还款",
            hint="日期和金额，各期以；分开，如 2026-03-01 1.5；2027-03-01 1.5",
        ),
        Column("paid", "已还金额(万元)", "money", "已还金额 已还 已偿还 已收 已付 已收回"),
        Column("offset", "已抵销金额(万元)", "money", "已抵销金额 已抵销 抵销金额"),
        Column("written_off", "已核销金额(万元)", "money", "已核销金额 已核销 核销金额"),
        Column("balance", "余额(万元)", "money", "余额 尚欠 尚欠金额 未还金额 未收回 结欠"),
        Column("confirmed_on", "双方确认日期", "date", "确认日期 对账日期", kept=False),
        Column("security", "担保抵押", aliases="担保/抵押 担保 抵押 担保情况"),
        Column("litigation", "涉诉涉执状态", aliases="涉诉情况 诉讼情况 是否涉诉", hint="没有的写“无”"),
        Column("basis", "依据", aliases="登记依据 债权债务依据", hint="有一方不明时，说明凭什么登记"),
        opening.EVIDENCE,
        Column("democratic", "是否经民主决策", "yes_no", "民主决策"),
        Column("for_government", "是否为政府举债", "yes_no"),
        Column("insider", "债务人是否集体经管人员", "yes_no"),
        *opening.PAPERS,
        Column("derived", "台账余额(万元)", "unread", "台账余额", only_exported=True),
        Column("obligation", "台账编号", "id", "台账内部编号"),
        *UNREAD,
    ),
)

COMPARED: Mapping[str, tuple[str, ...]] = {
    **opening.COMPARED,
    "assets": ("asset_number",),
    "basis": ("basis",),
    "category": ("category",),
    "contract": ("voucher",),
    "creditor": ("creditor", "counterparty"),
    "debtor": ("debtor", "counterparty"),
    "democratic": ("democratic",),
    "due_on": ("due_on",),
    "for_government": ("for_government",),
    "insider": ("insider",),
    "instalments": ("instalments",),
    "interest_fen": ("interest",),
    "litigation": ("litigation",),
    "offset_fen": ("offset",),
    "origin_on": ("origin_on",),
    "outstanding_fen": ("balance",),
    "paid_fen": ("paid",),
    "principal_fen": (),
    "purpose": ("purpose",),
    "rate_basis_points": ("rate",),
    "security": ("security",),
    "written_off_fen": ("written_off",),
}
_NO_LITIGATION = frozenset({"无", "否", "没有", "未涉诉", "不涉诉", "无涉诉", "未起诉", "未诉讼"})
_ONE_SIDE = "登记表只写明一方"
_SIDES = ("creditor", "debtor")


def said(fields: Mapping[str, Any], as_read: Mapping[str, str], paper: str) -> dict[str, Any]:
    """What a row itself says of a claim or debt, in the words of `obligation.register.v1`."""
    sides = _sides(fields)
    # A side that was left alone is there all the same: a person, whom no register names.
    is_whole = all(value or side in fields.get("unread", ()) for side, value in sides.items())
    rate = fields.get("rate")
    purpose = fields.get("purpose", "")
    return opening.said(fields, paper) | {
        "assets": list(fields.get("assets", ())),
        "basis": fields.get("basis", "") or ("" if is_whole else paper or _ONE_SIDE),
        "category": fields.get("category", "other"),
        "contract": fields.get("voucher", ""),
        "creditor": party(sides["creditor"]) if sides["creditor"] else None,
        "debtor": party(sides["debtor"]) if sides["debtor"] else None,
        "democratic": fields.get("democratic"),
        "due_on": fields.get("due_on", ""),
        "for_government": fields.get("for_government"),
        "handler": "",
        "insider": fields.get("insider"),
        "instalments": [{"amount_fen": fen, "due_on": day} for day, fen in fields.get("instalments", ())],
        "interest_fen": fields.get("interest_fen", 0),
        "litigation": _litigation(fields),
        "name": fields["name"] or purpose,
        "offset_fen": fields.get("offset_fen", 0),
        "origin_on": fields.get("origin_on", ""),
        "outstanding_fen": fields.get("balance_fen"),
        "paid_fen": fields.get("paid_fen", 0),
        "principal_fen": fields["amount_fen"],
        "purpose": purpose,
        "rate_basis_points": None if rate is None else int(Decimal(rate) * 100),
        "security": fields.get("security", ""),
        "witness": "",
        "written_off_fen": fields.get("written_off_fen", 0),
    }


def _litigation(fields: Mapping[str, Any]) -> bool | None:
    """Whether it is before a court: whatever is written there says so, unless it says no."""
    text = folded(fields.get("litigation", ""))
    return None if not text else text not in _NO_LITIGATION


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


def cells(held: Mapping[str, Any], identity: str) -> dict[str, str | Decimal | None]:
    """What holds of a claim or debt as a row of the export; read again, it says the same."""
    rate = held["rate_basis_points"]
    principal = held["principal_fen"]
    return opening.cells(held) | {
        "category": label_of(CATEGORIES, held["category"]),
        "creditor": written(held["creditor"]),
        "debtor": written(held["debtor"]),
        "asset_number": listed(held["asset_numbers"]),
        "origin_on": held["origin_on"],
        "amount": NO_FUNDS if principal is None else in_wan(principal),
        "rate": None if rate is None else plain(Decimal(rate) / 100),
        "interest": in_wan(held["interest_fen"]),
        "purpose": held["purpose"],
        "voucher": held["contract"],
        "due_on": held["due_on"],
        "instalments": listed(f"{one['due_on']} {in_wan(one['amount_fen'])}" for one in held["instalments"]),
        "paid": in_wan(held["paid_fen"]),
        "offset": in_wan(held["offset_fen"]),
        "written_off": in_wan(held["written_off_fen"]),
        "balance": in_wan(held["outstanding_fen"]),
        "security": held["security"],
        "litigation": yes_no(held["litigation"]),
        "basis": held["basis"],
        "democratic": yes_no(held["democratic"]),
        "for_government": yes_no(held["for_government"]),
        "insider": yes_no(held["insider"]),
        "obligation": identity,
    }
