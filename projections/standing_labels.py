"""Chinese words for areas and posts; labels.py has them with all the others."""

from collections.abc import Mapping

from domain.area import SUCCESSIONS

EVENTS: dict[str, str] = {
    "area.registered": "登记区域",
    "area.moved": "变更区域隶属",
    "area.renamed": "区域更名",
    "area.aliased": "登记区域别名",
    "area.succeeded": "登记区域承继",
    "post.established": "设立岗位",
    "post.closed": "撤销岗位",
    "post.term_set": "设定任期",
    "post.deputised": "授权代理",
    "post.deputy_ended": "终止代理",
}
FIELDS: dict[str, str] = {
    "aliases": "别名",
    "deputy": "代理人",
    "how": "承继方式",
    "successors": "承继的区域",
    "valid_from": "起日",
}
WORDS: dict[str, Mapping[str, str]] = {"how": SUCCESSIONS}
