"""Assets (帮扶资产) as registers have them: the columns of a card or list (领域 4.3), and what a row says of its asset."""

from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import Any

from api.exchange import opening
from api.exchange.columns import AREA, ORDINAL, PLACES, UNREAD
from api.exchange.party import shares, written_shares
from api.exchange.schema import NO_FUNDS, Column, Schema
from api.exchange.written import in_wan, label_of, parted, plain, yes_no

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
        Column(
            "project", "所属项目", aliases="项目名称 形成资产项目 对应项目 项目", merged_down=True, kept=False
        ),
        opening.PROJECT_NUMBERS,
        *PLACES,
        AREA,
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
        Column("unit_price", "单价", "money", kept=False),
        Column(
            "amount",
            "资产原值(万元)",
            "money",
            "原值 资产原值 账面原值 形成资产原值 金额 资产价值 投入 投资金额 资产金额 购建金额 合计 总计",
            required=True,
            example="100",
        ),
        Column("build_year", "建设年度", "year", "年度 形成年度 建成年度 建设年份 购建年度", kept=False),
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
        Column("additions", "后续增加(万元)", "money", "后续增加 增加额"),
        Column("depreciation", "已提折旧(万元)", "money", "累计折旧 已提折旧"),
        Column("disposed", "已处置金额(万元)", "money", "已处置金额 已处置 已核减"),
        Column("final_amount", "决算金额", "money", "结算金额 结算价 决算价", kept=False),
        Column("accepted_on", "验收日期", "date", "验收时间 竣工验收日期", kept=False),
        Column("booked_on", "入账日期", "date", "入账时间"),
        Column("voucher", "入账凭证号", aliases="凭证号 记账凭证号", kept=False),
        Column(
            "owner",
            "所有权人",
            "owners",
            "产权归属 所有者 权属单位 资产所有权人 产权单位 资产权属",
            hint="单位名称；几个的写“甲合作社 60%；乙公司 40%”；自然人不填",
        ),
        Column("owner_type", "权属类型", "choice", "产权类型 权属", choices=OWNER_TYPES, example="村集体"),
        Column("registered", "是否确权", "yes_no", "已确权 是否已确权 确权登记"),
        Column("disputed", "是否有争议", "yes_no", "权属争议 有无争议"),
        Column("encumbered", "是否抵押担保", "yes_no", "抵押担保 是否抵押"),
        Column("carrying", "账面净值(万元)", "money", "账面净值 净值 账面价值"),
        opening.EVIDENCE,
        *opening.PAPERS,
        Column("custodian", "管护责任单位", "organisation", "管护单位 管护主体", hint="已登记的单位"),
        Column("user", "使用权人", "organisation", "使用单位 承租人 承租单位", kept=False),
        Column("beneficiary", "收益权人", "organisation", "收益单位", kept=False),
        Column("supervisor", "监管单位", "organisation", "监督单位 主管部门", kept=False),
        Column("title", "权证号", aliases="权证名称/号码 不动产登记号 证书号 权证号码"),
        Column("rent", "年租金", "money", "租金 年收益 年租金收入", kept=False),
        Column("rent_basis", "租金标准", aliases="租金计算标准", kept=False),
        Column("derived", "台账净值(万元)", "unread", "台账净值", only_exported=True),
        Column("gone_on", "核销日期", "date", only_exported=True),
        Column("asset", "台账编号", "id", "台账内部编号"),
        *UNREAD,
    ),
)

COMPARED: Mapping[str, tuple[str, ...]] = {
    **opening.COMPARED,
    "additions_fen": ("additions",),
    "booked_on": ("booked_on",),
    "carrying_fen": ("carrying",),
    "category": ("category",),
    "certificate": ("title",),
    "condition": ("condition",),
    "custodian": ("custodian",),
    "depreciation_fen": ("depreciation",),
    "disposed_fen": ("disposed",),
    "disputed": ("disputed",),
    "encumbered": ("encumbered",),
    "in_service_on": ("in_service_on",),
    "kind": ("kind",),
    "life_months": ("life",),
    "location": (),
    "original_fen": (),
    "owner_type": ("owner_type",),
    "quantity": ("quantity", "measure"),
    "registered": ("registered",),
    "shares": ("owner",),
    "specification": ("spec",),
}


def said(fields: Mapping[str, Any], as_read: Mapping[str, str], paper: str) -> dict[str, Any]:
    """What a row itself says of its asset, in the words of `asset.open.v1`: an opening as found."""
    owner_type = fields.get("owner_type", "undetermined")
    life = fields.get("life")
    return opening.said(fields, paper) | {
        "additions_fen": fields.get("additions_fen", 0),
        "booked_on": fields.get("booked_on", ""),
        "carrying_fen": fields.get("carrying_fen"),
        "category": fields.get("category", ""),
        "certificate": fields.get("title", ""),
        "condition": fields.get("condition", ""),
        "custodian": fields.get("custodian_id", ""),
        "depreciation_fen": fields.get("depreciation_fen", 0),
        "disposed_fen": fields.get("disposed_fen", 0),
        "disputed": fields.get("disputed"),
        "encumbered": fields.get("encumbered"),
        "in_service_on": fields.get("in_service_on", ""),
        "kind": fields.get("kind", ""),
        "life_months": round(Decimal(life) * 12) if life else None,
        "location": fields["place"],
        "name": fields["name"],
        "original_fen": fields["amount_fen"],
        "owner_type": owner_type,
        "quantity": f"{fields.get('quantity', '')}{fields.get('measure', '')}",
        "registered": fields.get("registered"),
        "shares": shares(fields.get("owner", ()), owner_type),
        "specification": fields.get("spec", ""),
    }


def questions(fields: Mapping[str, Any], unread: frozenset[str]) -> Iterator[str]:
    """What an opening must say, and a register may not."""
    if not fields["name"]:
        yield "这是什么资产？"
    if "kind" not in fields:
        yield "资产类型不详：是经营性、公益性、到户还是权益性资产？"
    if gone := fields.get("gone_on"):
        yield f"这项资产已于 {gone} 核销：不再建账，请删去此行"


def cells(held: Mapping[str, Any], identity: str) -> dict[str, str | Decimal | None]:
    """What holds of an asset as a row of the export; read again, it says the same."""
    quantity, measure = parted(held["quantity"])
    life = held["life_months"]
    owner_type = held["owner_type"] or "undetermined"
    return opening.cells(held) | {
        "place": held["location"],
        "kind": label_of(KINDS, held["kind"]),
        "category": held["category"],
        "spec": held["specification"],
        "quantity": quantity,
        "measure": measure,
        "amount": NO_FUNDS if held["original_fen"] is None else in_wan(held["original_fen"]),
        "condition": label_of(CONDITIONS, held["condition"] or ""),
        "in_service_on": held["in_service_on"],
        "life": None if life is None else plain(round(Decimal(life) / 12, 6)),
        "additions": in_wan(held["additions_fen"]),
        "depreciation": in_wan(held["depreciation_fen"]),
        "disposed": in_wan(held["disposed_fen"]),
        "booked_on": held["booked_on"] or "",
        "owner": written_shares(held["shares"] or (), owner_type),
        "owner_type": label_of(OWNER_TYPES, owner_type),
        "registered": yes_no(held["registered"]),
        "disputed": yes_no(held["disputed"]),
        "encumbered": yes_no(held["encumbered"]),
        "carrying": in_wan(held["carrying_fen"]),
        "custodian": held["custodian_name"],
        "title": held["certificate"] or "",
        "gone_on": held["gone_on"],
        "asset": identity,
    }
