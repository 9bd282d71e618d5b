"""What each column (栏目) of a command's content is called: by the card of its noun, else by the common word.

The amounts of a content are whole fen: `Column.form` says so, a title does not.
"""

from __future__ import annotations

from collections.abc import Mapping

from domain.population import PARTS
from projections import cards
from projections.labels import DIMENSIONS, FIELDS, KINDS
from projections.standing_labels import POPULATIONS

_COMMON: Mapping[str, str] = {
    **KINDS,
    **DIMENSIONS,
    **FIELDS,
    "alias": "别名",
    "amount_fen": "金额",
    "archive": "规则程序包的哈希",
    "area_code": "区划代码",
    "area_label": "所在区域",
    "area_name": "区域名称",
    "areas": "区域",
    "as_read": "金额原文",
    "capacity": "签署身份",
    "changes": "所改各栏",
    "collective": "村集体经济组织理事长",
    "command": "指令",
    "commands": "各指令",
    "contact": "联系人（空置）",
    "count": "项数",
    "differs_from": "所不同意的村级提议",
    "epoch": "规则版次",
    "events": "所记的事件",
    "farmers": "有关农户",
    "field": "栏",
    "file": "文件哈希",
    "from_position": "自第几号起",
    "keys": "首批登记员的密钥",
    "late_reason": "迟登原因",
    "leaf": "所签那一条的哈希",
    "nature": "性质",
    "natures": "可用的性质",
    "new_name": "新名称",
    "now": "应为",
    "obligations": "债权债务",
    "occurred_on": "业务日期",
    "opinions_sought": "征求过意见",
    "origin": "台账标识",
    "position": "第几号",
    "proposal": "提议",
    "public": "公钥",
    "row": "表格行",
    "rules": "规则",
    "seen": "所见次数",
    "sheet": "工作表",
    "signers": "签名人",
    "source": "资金来源",
    "stage": "认定层级",
    "suite": "签名算法",
    "table": "指令与事件对照",
    "version": "版次",
    "versions": "运行环境的版本",
    "was": "原为",
    "year": "年度",
}
# Command without its version -> path -> what it means there alone.
_OWN: Mapping[str, Mapping[str, str]] = {
    "asset.book": {"kind": "入账类别"},
    "asset.register_ownership": {"basis": "确权依据", "notice_from": "公示自", "notice_to": "公示至"},
    "obligation.repay": {"notice": "抵销通知"},
    "parameter.set": {"name": "参数名称"},
    "project.opine_class": {"class": "意见分类", "stage": "意见层级"},
    "meeting.record": {"no_rceo": "没有集体经济组织"},
    "batch.endorse": {"excepted": "除外的行，每行写 [序号, 理由]，序号从 0 起"},
    "disposal.handle": {"reason": "理由"},
    "disposal.reject": {"reason": "理由"},
    "disposal.withdraw": {"reason": "理由"},
    "document.register": {"hash": "文件的加盐哈希（bangfu file-hash 得出）"},
}
# The end of a path -> what it means in every command.
_ENDS: Mapping[str, str] = {
    "owner/person": "自然人姓名",
    "creditor/person": "自然人姓名",
    "debtor/person": "自然人姓名",
    "counterparty/person": "自然人姓名",
    "row/code": "表格行的编号",
    "row/row": "第几行",
}


def title(command: str, path: str) -> str:
    """What a column of a command is called. `path` as in Column; `command` with or without its version."""
    name = command.rpartition(".v")[0] or command
    kind = name.partition(".")[0]
    first, _, rest = path.partition("/")
    key = path.removesuffix("/*").rpartition("/")[2]
    if path == "kind" and name.endswith(".correct"):
        return "更正种类"
    own = _OWN.get(name, {}).get(path) or _ENDS.get("/".join(path.split("/")[-2:]))
    if own:
        return own
    if first in POPULATIONS and rest:
        return PARTS[key][1] if key in PARTS else {"count": "项数", "total_fen": "金额合计"}.get(key, key)
    if not rest and first == kind:
        return KINDS.get(kind) or common(kind)
    if not rest and first in cards.CARDS.get(kind, {}) and first not in ("areas", "proposal"):
        return cards.label(kind, first)
    return common(key)


def common(key: str) -> str:
    """What a key is called wherever nothing more is known of it."""
    return _COMMON.get(key, key)
