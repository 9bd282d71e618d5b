"""Assets (帮扶资产) as registers have them: the columns of a card or list of assets (domain field list 4.3)."""

from api.exchange.common import ORDINAL, PLACES, UNREAD
from api.exchange.schema import Column, Schema

TYPES = {"经营性": "operating", "公益性": "public", "到户": "household"}
STATUSES = {
    "在用": "in_use",
    "闲置": "idle",
    "出租": "leased",
    "毁损": "damaged",
    "报废": "scrapped",
    "灭失": "lost",
}

SCHEMA = Schema(
    noun="asset",
    title="帮扶资产登记表",
    amount="amount",
    stand_ins=("final_amount",),
    anchors=("name", "place", "village", "town"),
    named_by="name",
    weak="合计 总计 资产 地点",
    columns=(
        ORDINAL,
        Column("number", "资产编号", "code", "资产编码 资产代码 资产卡片编号 卡片编号", example="SL-ZC-0001"),
        Column("name", "资产名称", aliases="资产 资产项目名称", required=True, example="冷藏库"),
        Column("project", "所属项目", aliases="项目名称 形成资产项目 对应项目 项目", merged_down=True),
        Column("project_number", "项目编号", "code", "所属项目编号 项目编码"),
        *PLACES,
        Column("type", "资产类型", "choice", "类型 资产性质", choices=TYPES, example="经营性"),
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
            "status", "使用状态", "choice", "资产状态 状态 现状 使用状况", choices=STATUSES, example="在用"
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
