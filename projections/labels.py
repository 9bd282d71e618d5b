"""Chinese words for what is recorded: events, fields, classes, roles. Unknown words are shown as they are."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

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
from domain.party import PARTY_KINDS, Party
from domain.proposal import CAPACITIES
from domain.rules import RULES
from domain.scope import FUND_SOURCES
from domain.title import OWNER_TYPES
from domain.values import is_id, kind_of
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
COMMITTED = "commit:"  # what stands for a personal value (FORMAT 5.5)
MARK = "〔"  # begins what is told in the place of a name that is not told
_PARTY = frozenset(Party.model_fields)
_AMOUNTS = frozenset({"confirmed_creditor", "confirmed_debtor"})
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


@dataclass(frozen=True, slots=True)
class Piece:
    """A run of what is shown of a value: text, or the name of the subject `id`."""

    text: str
    id: str = ""


Names = Mapping[str, str]
"""Id -> what people call the subject."""
NOBODY: Names = {}


def shown(field: str, value: Any, names: Names = NOBODY) -> str:
    """A recorded value in words, for people to read; an id only where no name of it is given."""
    return "".join(one.text for one in pieces(field, value, names))


def pieces(field: str, value: Any, names: Names = NOBODY) -> Iterator[Piece]:
    """As `shown`, with each subject that is named by itself, so that a page can lead to it."""
    if isinstance(value, str) and is_id(value) and kind_of(value) != "code":
        yield Piece(names.get(value) or value, value)
    elif isinstance(value, Mapping) and field == "resolutions":
        yield from _resolution(value, names)
    elif isinstance(value, Mapping) and field == "parts":
        yield from pieces("asset", value["asset"], names)
        yield Piece(f" {_part(value['amount_fen'])}")
    elif isinstance(value, Mapping) and _worded(field, value) is None:
        known = [one for one in FIELDS if one in value]  # states know no order, the words do
        told = [*known, *(one for one in value if one not in FIELDS)]
        title = {**FIELDS, **DIMENSIONS}
        runs = [[Piece(f"{title.get(name, name)}："), *pieces(name, value[name], names)] for name in told]
        yield from _joined("；", runs)
    elif isinstance(value, (list, tuple)) and _worded(field, value) is None:
        parted = "；" if any(isinstance(one, Mapping) for one in value) else "、"
        yield from _joined(parted, [[*pieces(field, one, names)] for one in value])
    else:
        yield Piece(_worded(field, value) or _word(field, value))


def _joined(separator: str, runs: Iterable[Sequence[Piece]]) -> Iterator[Piece]:
    none = True
    for run in runs:
        if not none:
            yield Piece(separator)
        none = False
        yield from run
    if none:
        yield Piece("无")


def _worded(field: str, value: Any) -> str | None:
    """What has words of its own as a whole; None for anything else."""
    if isinstance(value, Mapping) and value.keys() == _PARTY:
        return party(value)
    if field in standing_labels.POPULATIONS and isinstance(value, Mapping):
        return standing_labels.population(value)
    if not isinstance(value, (list, tuple)):
        return None
    whole = _WHOLES.get(field)
    return None if whole is None else whole(value)


def _word(field: str, value: Any) -> str:
    if value is None:
        return "不详"
    if isinstance(value, bool):
        return _YES_OR_NO.get(field, ("否", "是"))[value]
    if isinstance(value, int) and (field.endswith("_fen") or field in _AMOUNTS):
        return amount(value)
    if isinstance(value, str) and value.startswith(COMMITTED):
        return f"自然人（{person(value)}）"
    return WORDS.get(field, {}).get(str(value), str(value)) or "空"


_YES_OR_NO: Mapping[str, tuple[str, str]] = {"no_rceo": ("有", "没有")}


def _resolution(value: Mapping[str, Any], names: Names) -> Iterator[Piece]:
    """One resolution: what was put to the vote, about what, with how many votes."""
    yield Piece(f"{value['text']}（{_word('matter', value['matter'])}，")
    yield from pieces("subject", value["subject"], names)
    fixed = "" if value["amount_fen"] is None else f"，所定金额 {amount(value['amount_fen'])}"
    yield Piece(f"）：同意 {value['agreed']}，反对 {value['against']}，弃权 {value['abstained']}{fixed}")


def nth(index: int) -> str:
    """A row of a batch as people count them: FORMAT counts from 0 (8.1)."""
    return f"第 {index + 1} 条"


def _rows(spans: Sequence[Sequence[int]]) -> str:
    return "、".join(
        nth(first) if first == last else f"第 {first + 1} 至 {last + 1} 条" for first, last in spans
    )


def _need(need: Sequence[str]) -> str:
    capacity, role = need
    return f"{CAPACITIES.get(capacity, capacity)}（{ROLE_LABELS.get(role, role)}）"


# Field -> the words of a whole list.
_WHOLES: Mapping[str, Callable[[Sequence[Any]], str]] = {
    "fund_lines": lambda lines: "；".join(map(_fund_line, lines)) or "无",
    "shares": lambda shares: "；".join(map(_share, shares)) or "不详",
    "excepted": lambda rows: "；".join(f"{nth(index)}：{reason}" for index, reason in rows) or "无",
    "refused": lambda rows: "；".join(f"{nth(index)}（{rule}）" for index, _code, rule in rows) or "无",
    "accepted": lambda spans: _rows(spans) or "无",
    "needs": lambda needs: "、".join(map(_need, needs)) or "无",
    "instalments": lambda some: (
        "；".join(f"{one['due_on']} {amount(one['amount_fen'])}" for one in some) or "无"
    ),
}


def party(value: Mapping[str, Any] | None) -> str:
    """A body by its name; a natural person by the head of its commitment: who that is, the vault knows (`named`)."""
    if value is None:
        return "不详"
    if value["name"]:
        return str(value["name"])
    who = person(value["person"])
    return PARTY_KINDS[value["kind"]] + (who if who.startswith(MARK) else f"（{who}）")


def person(text: str) -> str:
    """A commitment by its head; what it was opened to as it stands."""
    return text.partition(":")[2][:8] if text.startswith(COMMITTED) else text


def _part(fen: int | None) -> str:
    return "整项" if fen is None else amount(fen)


def _share(share: Mapping[str, Any]) -> str:
    percent = f"{share['basis_points'] // 100}.{share['basis_points'] % 100:02d}".removesuffix(".00")
    return f"{party(share['owner'])} {percent}%"


def _fund_line(line: Mapping[str, Any]) -> str:
    source = FUND_SOURCES.get(line["source"], line["source"])
    year = f"{line['year']}年" if line.get("year") else ""
    document = f"（{line['document']}）" if line.get("document") else ""
    return f"{year}{source}{document}{amount(line['amount_fen'])}"
