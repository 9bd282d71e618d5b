"""Claims and debts (债权债务) as registers have them: the columns of a list (domain field list 4.5)."""

from api.exchange.common import ORDINAL, PLACES, UNREAD
from api.exchange.schema import Column, Schema

DIRECTIONS = {"债权": "claim", "债务": "debt"}

SCHEMA = Schema(
    noun="obligation",
    title="债权债务登记表",
    amount="amount",
    stand_ins=("balance",),
    anchors=("creditor", "debtor", "counterparty"),
    named_by="counterparty",
    weak="合计 总计 余额",
    columns=(
        ORDINAL,
        Column("number", "债权债务编号", "code", "债务编号 债权编号 登记编号", example="SL-ZQ-0001"),
        Column(
            "direction", "类别", "choice", "债权/债务 债权债务类别 性质", choices=DIRECTIONS, example="债务"
        ),
        Column("creditor", "债权人", "organisation", "债权单位 债权人名称 债权方"),
        Column("debtor", "债务人", "organisation", "债务单位 债务人名称 债务方 欠款单位"),
        Column("counterparty", "对方单位", "organisation", "债权人/债务人 债权人(债务人) 往来单位 对方名称"),
        *PLACES,
        Column("project", "所属项目", aliases="项目名称 对应项目 项目"),
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
