"""The register of rules: number, statement, source, tag, and what each does to an act and to a fact.

RULES.md is this register for people; a test keeps the two equal. A number is never used again.
"""

from dataclasses import dataclass
from typing import Literal

Effect = Literal["refuse", "note"]
Tag = Literal["规定", "推断"]


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule. An opening is treated as a fact."""

    number: str
    statement: str
    source: str
    tag: Tag
    on_act: Effect
    on_fact: Effect


def _rule(
    number: str,
    statement: str,
    source: str,
    tag: Tag = "推断",
    *,
    on_act: Effect = "refuse",
    on_fact: Effect = "refuse",
) -> Rule:
    return Rule(number, statement, source, tag, on_act, on_fact)


_ALL = (
    _rule("CMD-1", "指令的名称和版本须在目录之中。", "设计D11"),
    _rule("CMD-2", "指令的各栏须齐全、类型相符，不得多出一栏；整数之外没有数字。", "设计D1"),
    _rule("CMD-3", "指令须写明本台账的标识（origin）。", "设计D15"),
    _rule("CMD-4", "入账日期不得晚于指令的有效期。", "设计D1"),
    _rule("CMD-5", "摘要须与按内容生成的摘要逐字相同。", "设计D1"),
    _rule("CMD-6", "指令只能以目录所列的性质（办理、既成事实登记、期初建账）提交。", "设计D9"),
    _rule("CMD-7", "业务日期不得晚于入账日期。", "设计D7"),
    _rule(
        "CMD-8",
        "业务日期早于入账日期超过规定天数（参数 late_days，默认30天）的，须说明迟登原因；没有此栏的办理指令不受理。区域、单位、人员、岗位的登记除外。",
        "设计D7",
    ),
    _rule("MONEY-1", "金额须精确到分，不舍入。", "设计D20"),
    _rule("AUTH-1", "每个签名人的密钥须已在台账登记。", "设计D15"),
    _rule("AUTH-2", "密钥未被停用、未报失、未报泄露。", "设计D15"),
    _rule("AUTH-3", "签名所写的单位和岗位须与密钥登记的一致，岗位须仍在任。", "设计D15"),
    _rule("AUTH-4", "签名人的岗位须有权以该性质作此指令。", "种子 三；领域2.1", "规定"),
    _rule("AUTH-5", "签名人岗位的辖区须包含所涉的区域。", "种子 三；领域2.1"),
    _rule("AUTH-6", "乡纪委负责监督检查，不得签分类、确权、处置等经办指令。", "种子 附件1；领域2.2 D2"),
    _rule("AUTH-7", "台账自身的密钥只签开立等自身事项，不登记任何人。", "设计D15"),
    _rule("AUTH-8", "签名人须恰为该指令要求的人数和人选，签名次序与所列一致。", "设计D10"),
    _rule("SEEN-1", "所见清单须恰为内容中的全部变动编号，按次序列出。", "设计D5"),
    _rule(
        "SEEN-2",
        "办理时，所见次数须与现状一致；既成事实和期初只记所见，不因此拒绝。",
        "设计D1",
        on_fact="note",
    ),
    _rule("SEEN-3", "情况变动过多、多次重新判定仍不能入账的，请重新提交。", "设计D13"),
    _rule("ID-1", "新编号和唯一的名称（项目编号、区域名称、表格行）不得已被使用。", "设计D13"),
    _rule("ID-2", "所指的编号须在台账之中。", "设计D1"),
    _rule("ID-3", "供签名人辨认的名称须与台账所载一致。", "设计D1"),
    _rule("LEDGER-1", "台账只开立一次。", "设计D15"),
    _rule("LEDGER-2", "开立须列台账自身密钥和至少两名不同的登记员，并载明规则目录。", "FORMAT 11.1"),
    _rule("LEDGER-3", "启用规则的版次须比现行版次大一。", "FORMAT 11.4"),
    _rule("LEDGER-4", "程序所带规则与现行版次不同的，只读，直至启用。", "设计D6"),
    _rule("LEDGER-5", "台账开立之后方可入账。", "设计D15"),
    _rule("LEDGER-6", "启用规则须由带着该规则的程序办理：规则包和目录与该程序的相同。", "设计D6"),
    _rule("KEY-1", "登记的密钥须由其公钥得出编号，人、单位、岗位均已登记且相互一致。", "FORMAT 3.5；设计D15"),
    _rule("KEY-2", "不得停用最后一名登记员的密钥。", "设计D15"),
    _rule("KEY-3", "报泄露所指的起始位置须是已登记该密钥之后的位置。", "FORMAT 10.3"),
    _rule("AREA-1", "区域须有上级：县无上级，乡镇属县，村属乡镇，外部来源属县或乡镇。", "种子 附件2"),
    _rule("PARAM-1", "参数须是目录所列，取值须在其范围内。", "设计D8"),
    _rule(
        "PROJ-2",
        "须有帮扶资金投入：财政衔接、统筹整合、东西部协作、定点帮扶四类之一。",
        "种子 一(二)",
        "规定",
        on_fact="note",
    ),
    _rule("PROJ-3", "建设年度不早于2013年。", "种子 一(二)；附件2说明1", "规定", on_fact="note"),
    _rule("PROJ-4", "处于存续期内，或已形成经营性资产。", "种子 一(二)；附件2说明2", "规定", on_fact="note"),
    _rule("PROJ-5", "所写资金总额须等于各资金明细之和。", "设计D20", on_fact="note"),
    _rule("PROJ-6", "经营主体只写单位名称，联系人栏空置；自然人不进入签名内容。", "设计D17"),
    _rule("PROJ-7", "未核的项目不得作为办理的依据。", "设计D9"),
    _rule("PROJ-8", "已核的不重复核对，也不再由录入人改行。", "设计D9"),
    _rule("PROJ-9", "核对、签署人须与录入人、提议人及其他签署人不是同一人。", "领域2.2 D1"),
    _rule("PROJ-10", "核对、签署须指明所核那一条的位置和哈希。", "设计D10"),
    _rule("PROJ-11", "未核的一条只由录入人自己改行，他人另作更正。", "设计D9"),
    _rule("CLASS-1", "认定为闲置类、淘汰类的，须填主要原因；选其他的须写明。", "种子 附件2说明3", "规定"),
    _rule("CLASS-2", "认定为优势类、薄弱类的，不填闲置或淘汰原因。", "种子 附件2", "规定"),
    _rule(
        "CLASS-3", "初步认定前须征求经营主体、村集体经济组织理事长、有关农户的意见。", "种子 三(三)", "规定"
    ),
    _rule("CLASS-4", "同一项目不得同时有两份待签的认定。", "设计D10"),
    _rule(
        "CLASS-5",
        "村级认定由村系统管理员提出；乡级另提意见由乡农服中心提出，并指明所不同意的村级提议。",
        "种子 三(三)；附件2",
    ),
    _rule("CORR-1", "更正须指明原条及所改的栏，所改须确有不同。", "设计D12"),
    _rule("PROP-1", "已完成、已撤回或已到期的提议不得再签署。", "设计D10"),
    _rule("PROP-2", "签署须按次序，身份与岗位相符。", "设计D10"),
    _rule("PROP-3", "提议期限不早于入账日期，不超过规定天数（参数 proposal_days，默认90天）。", "设计D10"),
    _rule("PROP-4", "提议只能由提议人撤回。", "设计D10"),
    _rule("BATCH-1", "批次各行的台账标识、签名人须与批次声明一致，行数相符。", "FORMAT 5.3"),
    _rule("BATCH-2", "批次声明的合计须等于各行总额之和。", "FORMAT 5.3"),
    _rule("BATCH-3", "批量核对所除外的行须是该批已入账的行，不得重复，须写明原因。", "设计D9"),
    _rule("BATCH-4", "批次中已入账或与前面完全相同的指令不再入账。", "设计D1"),
    _rule("BATCH-5", "开立台账、启用规则和密钥的登记、停用、报失、报泄露须单独签名，不得成批。", "FORMAT 10"),
    _rule("BATCH-6", "批次中至少有一行可以入账，否则整批不入账。", "设计D1"),
)

RULES: dict[str, Rule] = {rule.number: rule for rule in _ALL}

_EFFECTS: dict[Effect, str] = {"refuse": "拒绝", "note": "记明"}


def as_markdown() -> list[str]:
    """The rows of the table in RULES.md."""
    return [
        f"| {rule.number} | {rule.statement} | {rule.source} | [{rule.tag}] | {_EFFECTS[rule.on_act]} "
        f"| {_EFFECTS[rule.on_fact]} |"
        for rule in _ALL
    ]
