"""Chinese words for what is recorded: events, fields, classes, roles. Unknown words are shown as they are."""

from collections.abc import Mapping

from domain.area import LABELS as AREA_KINDS
from domain.authority import ROLE_LABELS
from domain.classification import CAUSES, CLASSES, STAGES
from domain.correction import KINDS as CORRECTION_KINDS
from domain.corrections import ASSET_WORDS, OBLIGATION_WORDS
from domain.erasure import GROUNDS as ERASURE_GROUNDS
from domain.holding import ASSET_KINDS, CONDITIONS, EVIDENCE, MOVEMENTS
from domain.money import Money
from domain.natures import LABELS
from domain.owing import CATEGORIES, CHANNELS, FUNDS, MEANS, SIDE_LABELS
from domain.party import PARTY_KINDS
from domain.proposal import CAPACITIES
from domain.rules import RULES
from domain.title import OWNER_TYPES
from domain.verdicts import both_of, said_of
from projections import disposal_labels, estate_labels, standing_labels

EVENTS: dict[str, str] = {
    "ledger.opened": "开立台账",
    "rules.adopted": "启用规则",
    "key.enrolled": "登记密钥",
    "key.revoked": "停用密钥",
    "key.lost": "密钥报失",
    "key.compromised": "密钥报泄露",
    "organisation.registered": "登记单位",
    "person.registered": "登记人员",
    **standing_labels.EVENTS,
    "parameter.set": "设定参数",
    "project.listed": "登记项目",
    "project.superseded": "改写未核项目",
    "project.endorsed": "核对项目",
    "project.class_opined": "提出分类认定",
    "project.class_determined": "分类认定完成",
    "project.correction_proposed": "提出更正",
    "project.corrected": "更正",
    **estate_labels.EVENTS,
    **disposal_labels.EVENTS,
    "proposal.made": "提议",
    "proposal.endorsed": "签署提议",
    "proposal.withdrawn": "撤回提议",
    "erasure.ordered": "命令删除个人信息",
    "erasure.confirmed": "确认副本已删除",
    "batch.recorded": "批次入账",
    "batch.endorsed": "批次核对",
}

FIELDS: dict[str, str] = {
    "name": "名称",
    "areas": "区域编号",
    "area_label": "实施地点",
    "build_year": "建设年度",
    "operator": "经营主体",
    "place": "项目地点",
    "scale": "规模大小",
    "category": "分类",
    "content": "建设内容",
    "department": "主管部门",
    "former_poor_village": "所在村为脱贫村",
    "subsisting": "存续期内",
    "operating_assets": "形成经营性资产",
    "fund_lines": "资金明细",
    "total_fen": "所写资金总额",
    "class": "认定分类",
    "class_stage": "认定层级",
    "opined_class": "意见分类",
    "opined_stage": "意见层级",
    "opined_in": "所在提议",
    "label": "事项",
    "subject": "对象",
    "subject_version": "对象版次",
    "complete": "签齐",
    "cause_codes": "闲置淘汰原因",
    "cause_text": "原因说明",
    "dimensions": "五个维度",
    "kind": "类型",
    "parent": "上级区域",
    "division_code": "区划代码",
    "title": "职务",
    "role": "角色",
    "organisation": "单位",
    "post": "岗位",
    "person": "人员",
    "key": "密钥",
    "reason": "原因",
    "needs": "须签",
    "expires_on": "有效期",
    "capacity": "签署身份",
    "status": "状态",
    "rows": "行数",
    "accepted": "入账范围",
    "refused": "拒绝的行",
    "sum_fen": "合计",
    "excepted": "除外的行",
    "sha256": "文件哈希",
    "code": "唯一编号",
    "document": "依据文件",
    "value": "取值",
    "effective_on": "生效日期",
    "number": "编号",
    **estate_labels.FIELDS,
    # documents, meetings, notices, disposals; areas, posts, load sessions
    **disposal_labels.FIELDS,
    # corrections
    "duplicate_of": "重复登记，留存的是",
    "instead": "正确的或留存的一项",
    "instead_name": "正确的或留存的一项的名称",
    "unlike": "与留存的一项所不同的",
    "paper": "所凭材料",
    # erasures
    "basis": "依据",
    "codes": "删除编号",
    "commitments": "承诺",
    "copies": "副本",
    "medium": "副本",
    "record": "销毁记录",
    **standing_labels.FIELDS,
}
# The words of a correction are those of the fields.
FIELDS = {**ASSET_WORDS, **OBLIGATION_WORDS, **FIELDS}

# What follows from what was said: the derived totals beside the stated ones (D20).
FIGURES: dict[str, str] = {
    "original_fen": "原值",
    "additions_fen": "增加",
    "depreciation_fen": "折旧",
    "disposed_fen": "处置",
    "carrying_fen": "账面价值",
    "principal_fen": "本金",
    "interest_fen": "利息",
    "paid_fen": "已还",
    "offset_fen": "抵销",
    "written_off_fen": "核销",
    "outstanding_fen": "余额",
}

NATURES: Mapping[str, str] = dict(LABELS.items())
STATUSES: dict[str, str] = {"open": "待签", "completed": "已完成", "withdrawn": "已撤回"}
_STAGES = {**STAGES, "township": "乡镇认定"}
DIMENSIONS: dict[str, str] = {
    "resources": "资源禀赋",
    "industry": "产业发展水平",
    "operation": "生产经营状况",
    "linkage": "联农带农效果",
    "prospects": "发展前景",
}
KINDS: dict[str, str] = {
    "ledger": "台账",
    "key": "密钥",
    "person": "人员",
    "organisation": "单位",
    "post": "岗位",
    "area": "区域",
    "parameter": "参数",
    "project": "项目",
    "asset": "资产",
    "obligation": "债权债务",
    **disposal_labels.KINDS,
    **standing_labels.KINDS,
    "proposal": "提议",
    "batch": "批次",
    "erasure": "删除令",
    "code": "编号",
}

UNCLASSIFIED = "未认定"
DUPLICATE = CORRECTION_KINDS["duplicate"]
# Field -> what its values mean.
WORDS: dict[str, Mapping[str, str]] = {
    "class": CLASSES,
    "opined_class": CLASSES,
    "class_stage": _STAGES,
    "opined_stage": _STAGES,
    "cause_codes": CAUSES,
    "role": ROLE_LABELS,
    "status": STATUSES,
    "capacity": CAPACITIES,
    "kind": {
        **AREA_KINDS,
        **ASSET_KINDS,
        **PARTY_KINDS,
        **MOVEMENTS,
        **disposal_labels.KINDS_OF,
        **CORRECTION_KINDS,
        "paid": "偿还",
        "offset": "抵销",
    },
    "category": CATEGORIES,
    "channel": CHANNELS,
    "condition": CONDITIONS,
    "evidence": EVIDENCE,
    "funds": FUNDS,
    "means": MEANS,
    "owner_type": OWNER_TYPES,
    "side": SIDE_LABELS,
    **disposal_labels.WORDS,
    "ground": {**disposal_labels.WORDS["ground"], **ERASURE_GROUNDS},
    "decide_nature": NATURES,
    "approve_nature": NATURES,
    **standing_labels.WORDS,
}


def event_title(event: str) -> str:
    """The title of an event, whatever its version."""
    return EVENTS.get(event.rpartition(".v")[0], event)


def class_label(value: str) -> str:
    return CLASSES.get(value, value) or UNCLASSIFIED


def checked_label(checked: bool) -> str:
    return "已核" if checked else "未核"


def is_unknown(note: str) -> bool:
    """Whether a note is of a rule of which nobody knows whether it is met."""
    return note.endswith(":unknown") and both_of(note) is None


def note(text: str) -> str:
    """A rule that was not met, or of which it is not known, in its own words: what it asks, and what is missing."""
    number = text.partition(":")[0]
    said = f"{number} {RULES[number].statement}" if number in RULES else number
    return f"{said.removesuffix('。')}（{said_of(text)}）"


def amount(fen: int | None) -> str:
    """万元, exact to the fen."""
    return "未载" if fen is None else str(Money(fen))


def nth(index: int) -> str:
    """A row of a batch as people count them: FORMAT counts from 0 (8.1)."""
    return f"第 {index + 1} 条"
