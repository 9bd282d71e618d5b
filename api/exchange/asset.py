"""Assets (帮扶资产) as registers have them: the columns of a card or list (领域 4.3), and what a row says of its asset."""

from collections.abc import Iterator, Mapping
from typing import Any

from api.exchange.common import ORDINAL, PLACES, UNREAD
from api.exchange.party import party
from api.exchange.schema import Column, Schema

KINDS = {
    "经营性": "operating",
    "经营性资产": "operating",
    "公益性": "public_benefit",
    "公益性资产": "public_benefit",
    "到户": "household",
    "到户类资产": "household",
    "权益性": "equity",
    "权益性资产": "equity",
}
CONDITIONS = {
    "在用": "in_operation",
    "出租": "leased",
    "管护中": "in_custody",
    "闲置": "idle",
    "低效": "inefficient",
    "毁损": "damaged",
    "灭失": "missing",
    "报废": "scrapped",
    "拟建": "planned",
    "在建": "under_construction",
    "已验收": "accepted",
}
OWNER_TYPES = {
    "国有": "state",
    "乡集体": "collective_town",
    "村集体": "collective_village",
    "组集体": "collective_group",
    "到户": "household",
    "股权": "equity",
    "待界定": "undetermined",
}
EVIDENCE = {"原件": "original", "复印件": "copy", "追忆": "recollection", "无": "none"}

SCHEMA = Schema(
    noun="asset",
    title="帮扶资产登记表",
    amount="amount",
    stand_ins=("final_amount",),
    anchors=("name", "place", "village", "town"),
    named_by="name",
    identity=("project", "spec"),
    weak="合计 总计 资产 地点",
    columns=(
        ORDINAL,
        Column("number", "资产编号", "code", "资产编码 资产代码 资产卡片编号 卡片编号", example="SL-ZC-0001"),
        Column("name", "资产名称", aliases="资产 资产项目名称", required=True, example="冷藏库"),
        Column("project", "所属项目", aliases="项目名称 形成资产项目 对应项目 项目", merged_down=True),
        Column("project_number", "项目编号", "code", "所属项目编号 项目编码"),
        *PLACES,
        Column(
            "kind",
            "资产类型",
            "choice",
            "类型 资产性质",
            choices=KINDS,
            example="经营性",
            hint="没有的留待询问",
        ),
        Column("category", "资产分类", aliases="分类 资产类别 类别"),
        Column("spec", "规格型号", aliases="规格 型号"),
        Column("quantity", "数量", "number", example="1"),
        Column("measure", "计量单位", aliases="数量单位"),
        Column("unit_price", "单价", "money"),
        Column(
            "amount",
            "资产原值(万元)",
            "money",
            "原值 资产原值 账面原值 形成资产原值 金额 资产价值 投入 投资金额 资产金额 购建金额 合计 总计",
            required=True,
            example="100",
        ),
        Column("build_year", "建设年度", "year", "年度 形成年度 建成年度 建设年份 购建年度"),
        Column(
            "condition",
            "使用状态",
            "choice",
            "资产状态 状态 现状 使用状况",
            choices=CONDITIONS,
            example="在用",
        ),
        Column("in_service_on", "开始使用日期", "date", "投入使用日期 启用日期 开始使用时间"),
        Column("life", "使用年限(年)", "number", "使用年限 预计使用年限"),
        Column("depreciation", "已提折旧", "money", "累计折旧 已提折旧(万元)"),
        Column("final_amount", "决算金额", "money", "结算金额 结算价 决算价"),
        Column("accepted_on", "验收日期", "date", "验收时间 竣工验收日期"),
        Column("booked_on", "入账日期", "date", "入账时间"),
        Column("voucher", "入账凭证号", aliases="凭证号 记账凭证号"),
        Column(
            "owner", "所有权人", "organisation", "产权归属 所有者 权属单位 资产所有权人 产权单位 资产权属"
        ),
        Column("owner_type", "权属类型", "choice", "产权类型 权属", choices=OWNER_TYPES, example="村集体"),
        Column("registered", "是否确权", "yes_no", "已确权 是否已确权 确权登记"),
        Column("disputed", "是否有争议", "yes_no", "权属争议 有无争议"),
        Column("encumbered", "是否抵押担保", "yes_no", "抵押担保 是否抵押"),
        Column("carrying", "账面净值", "money", "净值 账面价值"),
        Column(
            "evidence", "依据质量", "choice", choices=EVIDENCE, hint="登记所依据的是原件、复印件、追忆还是无"
        ),
        Column("user", "使用权人", "organisation", "使用单位 承租人 承租单位"),
        Column("beneficiary", "收益权人", "organisation", "收益单位"),
        Column("supervisor", "监管单位", "organisation", "监督单位 主管部门"),
        Column("title", "权证号", aliases="权证名称/号码 不动产登记号 证书号 权证号码"),
        Column("rent", "年租金", "money", "租金 年收益 年租金收入"),
        Column("rent_basis", "租金标准", aliases="租金计算标准"),
        Column("asset", "台账编号", "id", "台账内部编号"),
        *UNREAD,
    ),
)

# Field of the payload → the columns that say it; what has none is part of every row.
COMPARED: Mapping[str, tuple[str, ...]] = {
    "number": ("number",),
    "name": (),
    "category": ("category",),
    "certificate": ("title",),
    "condition": ("condition",),
    "kind": ("kind",),
    "location": (),
    "original_fen": (),
    "owner_type": ("owner_type",),
    "quantity": ("quantity",),
    "specification": ("spec",),
}
_WHOLE = 10_000  # basis points of an owner


def said(fields: Mapping[str, Any], as_read: Mapping[str, str], paper: str) -> dict[str, Any]:
    """What a row itself says of its asset, in the words of `asset.open.v1`: an opening as found."""
    owner, owner_type = fields.get("owner", ""), fields.get("owner_type", "undetermined")
    life = fields.get("life")
    return {
        "additions_fen": 0,
        "booked_on": fields.get("booked_on", ""),
        "carrying_fen": fields.get("carrying_fen"),
        "category": fields.get("category", ""),
        "certificate": fields.get("title", ""),
        "condition": fields.get("condition", ""),
        "custodian": "",
        "depreciation_fen": fields.get("depreciation_fen", 0),
        "disposed_fen": 0,
        "disputed": fields.get("disputed"),
        "encumbered": fields.get("encumbered"),
        "evidence": fields.get("evidence", "none"),
        "in_service_on": fields.get("in_service_on", ""),
        "kind": fields.get("kind", ""),
        "life_months": round(float(life) * 12) if life else None,
        "location": fields["place"],
        "name": fields["name"],
        "number": fields.get("number", ""),
        "original_fen": fields["amount_fen"],
        "owner_type": owner_type,
        "papers_missing": [],
        "papers_present": [paper] if paper else [],
        "projects": list(fields.get("projects", ())),
        "quantity": f"{fields.get('quantity', '')}{fields.get('measure', '')}",
        "registered": fields.get("registered"),
        "shares": [{"basis_points": _WHOLE, "owner": party(owner, owner_type)}] if owner else [],
        "specification": fields.get("spec", ""),
    }


def questions(fields: Mapping[str, Any], unread: frozenset[str]) -> Iterator[str]:
    """What an opening must say, and a register may not."""
    if not fields["name"]:
        yield "这是什么资产？"
    if "kind" not in fields:
        yield "资产类型不详：是经营性、公益性、到户还是权益性资产？"
