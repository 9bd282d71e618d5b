"""Chinese words for areas, posts and load sessions; labels.py has them with all the others."""

from collections.abc import Mapping

from domain.money import Money
from domain.population import PARTS
from domain.succession import SUCCESSIONS

EVENTS: dict[str, str] = {
    "area.registered": "登记区域",
    "area.moved": "变更区域隶属",
    "area.renamed": "区域更名",
    "area.aliased": "登记区域别名",
    "area.succeeded": "登记区域承继",
    "area.load_changed": "集中登记场次变动",
    "load.proposed": "提出集中登记场次",
    "load.opened": "开立集中登记场次",
    "load.closing_proposed": "提出集中登记封账",
    "load.closed": "集中登记封账",
    "post.established": "设立岗位",
    "post.closed": "撤销岗位",
    "post.term_set": "设定任期",
    "post.deputised": "授权代理",
    "post.deputy_ended": "终止代理",
}
KINDS: dict[str, str] = {"load": "集中登记场次"}
FIELDS: dict[str, str] = {
    "aliases": "别名",
    "deputy": "代理人",
    "deputy_label": "代理人的岗位",
    "cut_over_on": "基准日",
    "difference": "差额",
    "explanation": "差异说明",
    "how": "承继方式",
    "load": "集中登记场次",
    "loaded": "已登记",
    "phase": "阶段",
    "population": "应登记",
    "proposal": "所在提议",
    "successors": "承继的区域",
    "valid_from": "起日",
}
WORDS: dict[str, Mapping[str, str]] = {
    "how": SUCCESSIONS,
    "phase": {"proposed": "待批", "open": "登记中", "closing": "封账待批", "closed": "已封账"},
}
POPULATIONS = frozenset({"population", "loaded", "difference"})


def population(value: Mapping[str, Mapping[str, int]]) -> str:
    """Part by part: 项目 3 项 12万元."""
    return "、".join(
        f"{title} {value[part]['count']} 项 {Money(value[part]['total_fen'])}"
        for part, (_, title) in PARTS.items()
        if part in value
    )
