"""The columns (栏目) of a command's content, in the words of the office: what each is called, and what may stand in it.

Everything comes from the shape that the domain declares. `completed` saves a clerk the ids that only a machine can read.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from api.compose import VALID_DAYS, china_today, new_id
from api.desk import Desk
from domain.classification import STAGES
from domain.command import spec_of
from domain.errors import BadShape
from domain.scope import FUND_SOURCES
from domain.values import days_after
from projections.labels import DIMENSIONS, FIELDS, KINDS, WORDS
from projections.resolve import resolve

ORGANISATION_KINDS: dict[str, str] = {
    "village_committee": "村（居）民委员会",
    "village_collective": "村集体经济组织",
    "town_government": "乡镇党委政府",
    "town_office": "乡镇办所（农服中心等）",
    "town_discipline": "乡镇纪委",
    "county_department": "县级部门",
    "other": "其他",
}
_TITLES: dict[str, str] = {
    **KINDS,
    **DIMENSIONS,
    **FIELDS,
    "amount_fen": "金额（分）",
    "areas": "区域",
    "as_read": "金额原文",
    "capacity": "签署身份",
    "changes": "所改各栏",
    "collective": "村集体经济组织理事长",
    "contact": "联系人（空置）",
    "differs_from": "所不同意的村级提议",
    "farmers": "有关农户",
    "field": "栏",
    "file": "文件哈希",
    "from_position": "自第几号起",
    "late_reason": "迟登原因",
    "leaf": "所签那一条的哈希",
    "nature": "性质",
    "now": "应为",
    "occurred_on": "业务日期",
    "opinions_sought": "征求过意见",
    "origin": "台账标识",
    "position": "第几号",
    "public": "公钥",
    "row": "表格行",
    "seen": "所见次数",
    "sheet": "工作表",
    "signers": "签名人",
    "source": "资金来源",
    "stage": "认定层级",
    "suite": "签名算法",
    "version": "版次",
    "was": "原为",
    "year": "年度",
}
_VALUES: dict[str, Mapping[str, str]] = {
    **WORDS,
    "field": FIELDS,
    "kind": {**WORDS["kind"], **ORGANISATION_KINDS},
    "source": FUND_SOURCES,
    "stage": STAGES,
}
_FORMS = {
    "string": "文字",
    "integer": "整数",
    "boolean": "true 或 false",
    "null": "不详填 null",
    "object": "对象",
}
# Ids that may be written by the name under which the ledger knows them.
_NAMED = {
    "area": "area:青溪乡",
    "asset": "asset:QX-A-0001",
    "disposal": "disposal:QX-C-0001",
    "load": "load:1",
    "obligation": "obligation:QX-Z-0001",
    "project": "project:QX-0001",
}
_DAY = "^[0-9]{4}-[0-9]{2}-[0-9]{2}$"
TERM = "expires_on"
# What a command itself brings into the ledger: an id is new, and nobody need think it up.
_OWN: Mapping[str, tuple[str, ...]] = {
    "area.register": ("area",),
    "asset.correct": ("proposal",),
    "asset.open": ("asset",),
    "disposal.correct": ("proposal",),
    "disposal.propose": ("disposal",),
    "document.correct": ("proposal",),
    "document.register": ("document",),
    "erasure.order": ("erasure",),
    "load.close": ("proposal",),
    "load.open": ("load", "proposal"),
    "meeting.correct": ("proposal",),
    "meeting.record": ("meeting",),
    "notice.correct": ("proposal",),
    "notice.post": ("notice",),
    "obligation.correct": ("proposal",),
    "obligation.register": ("obligation",),
    "organisation.register": ("organisation",),
    "person.register": ("person",),
    "post.establish": ("post",),
    "project.correct": ("proposal",),
    "project.list": ("project",),
    "project.opine_class": ("proposal",),
}


@dataclass(frozen=True, slots=True)
class Column:
    """One place of a content: `dimensions/industry`, or `fund_lines/*/source` in every part of a list."""

    path: str
    title: str
    form: str
    allowed: Mapping[str, str] = field(default_factory=dict)  # value → what it means

    @property
    def key(self) -> str:
        return self.path.removesuffix("/*").rpartition("/")[2]


class _Shape:
    """A JSON schema with its definitions, one node at a time."""

    def __init__(self, node: Mapping[str, Any], definitions: Mapping[str, Any]) -> None:
        reference = node.get("$ref")
        self.node: Mapping[str, Any] = definitions[reference.rpartition("/")[2]] if reference else node
        self._definitions = definitions

    def of(self, node: Mapping[str, Any]) -> _Shape:
        return _Shape(node, self._definitions)

    @property
    def forms(self) -> list[_Shape]:
        """Every form that a value may have; the first is the ordinary one."""
        return [self.of(one) for one in self.node.get("anyOf", [self.node])]

    @property
    def parts(self) -> dict[str, _Shape]:
        return {key: self.of(one) for key, one in self.forms[0].node.get("properties", {}).items()}

    @property
    def item(self) -> _Shape | None:
        items = self.forms[0].node.get("items")
        return None if items is None else self.of(items)

    @property
    def values(self) -> list[str]:
        return [str(one) for shape in self.forms for one in shape.node.get("enum", ())]

    @property
    def identity(self) -> str:
        """The kind of the id that stands here; empty for anything else."""
        pattern = str(self.forms[0].node.get("pattern", ""))
        kind = pattern[1:].partition("_")[0] if pattern.endswith("_[a-z2-7]{26}$") else ""
        return kind if kind in KINDS else ""

    def form(self) -> str:
        words = [one for shape in self.forms if (one := shape._word())]
        return "，".join(dict.fromkeys(words))

    def _word(self) -> str:
        if self.node.get("const") == "":
            return "可空"
        if self.identity:
            named = _NAMED.get(self.identity)
            return f"{KINDS[self.identity]}的 id" + (f"，或写作 {named}" if named else "")
        if str(self.node.get("pattern", "")).endswith("_[a-z2-7]{26}$"):
            return "任一事项的 id"
        if self.node.get("pattern") == _DAY:
            return "日期 2026-11-23"
        if self.item is not None:
            return f"列表：{self.item.form()}" if not self.item.parts else "列表"
        if "prefixItems" in self.node:
            return "成对"
        return _FORMS.get(str(self.node.get("type")), "")

    def example(self, key: str) -> Any:
        """A value of the right form, to be written over."""
        first = self.forms[0]
        if self.values:
            return self.values[0]
        if self.identity in _NAMED:
            return _NAMED[self.identity]
        if self.parts:
            return {name: part.example(name) for name, part in self.parts.items()}
        if self.item is not None:
            return [self.item.example(key)]
        if len(self.forms) > 1 and self.forms[1].node.get("const") == "":
            return ""
        if first.node.get("pattern") == _DAY:
            return "2026-12-31"
        by_type: dict[str, Any] = {"integer": first.node.get("minimum", 0), "boolean": True}
        plain = _TITLES.get(key, key) if "const" not in first.node else ""
        return by_type.get(str(first.node.get("type")), plain)


def _shape(name: str) -> _Shape:
    schema = spec_of(name).payload.model_json_schema(by_alias=True)
    return _Shape(schema, schema.get("$defs", {}))


def columns(name: str) -> list[Column]:
    """Every column of a command with its version, in order. Refused when there is no such command."""
    return list(_columns(_shape(name), ""))


def _columns(shape: _Shape, path: str) -> Iterator[Column]:
    for key, part in shape.parts.items():
        where = f"{path}{key}"
        item = part.item
        values = part.values or (item.values if item is not None else [])
        meaning = _VALUES.get(key, {})
        allowed = {value: meaning.get(value, "") for value in values}
        yield Column(where, _TITLES.get(key, key), part.form(), allowed)
        yield from _columns(part, f"{where}/")
        if item is not None:
            yield from _columns(item, f"{where}/*/")


def skeleton(name: str) -> dict[str, Any]:
    """An example of the content, without the id that `prepare` makes."""
    return {key: part.example(key) for key, part in _shape(name).parts.items() if key not in left_out(name)}


def explained(name: str, refusal: BadShape) -> BadShape:
    """The same refusal, each fault with the title of its column and what may stand there (CMD-2)."""
    known = {column.path: column for column in columns(name)}
    faults = []
    for fault in refusal.detail["faults"]:
        pointer = fault["pointer"].removeprefix("/payload")
        path = "/".join("*" if part.isdigit() else part for part in pointer.split("/") if part)
        column = known.get(path) or known.get(path.removesuffix("/*"))
        more = (
            {}
            if column is None
            else {"title": column.title, "form": column.form, "allowed": dict(column.allowed)}
        )
        faults.append(fault | more)
    return BadShape(f"{name} 的内容有 {len(faults)} 处不对", faults=faults)


def fault_lines(faults: list[dict[str, Any]]) -> Iterator[str]:
    """The faults of a content for a clerk, a line each."""
    for fault in faults:
        key = next((one for one in reversed(fault["pointer"].split("/")) if not one.isdigit()), "")
        title = fault.get("title") or _TITLES.get(key, key)
        allowed = "、".join(f"{value} {label}".strip() for value, label in fault.get("allowed", {}).items())
        may = f"；可填 {allowed}" if allowed else f"；应为{fault['form']}" if fault.get("form") else ""
        yield f"  {title}（{fault['pointer'].removeprefix('/payload/')}）{fault['problem']}{may}"


# --- what a clerk need not write ------------------------------------------------------------------------


def left_out(name: str) -> frozenset[str]:
    """The columns that `completed` fills in: the ids of what the command itself brings, and the term of a proposal."""
    own = _OWN.get(name.rpartition(".v")[0], ())
    return frozenset((*own, TERM) if "proposal" in own else own)


def completed(
    name: str, payload: Mapping[str, Any], desk: Desk | None, look_up: Callable[[str], str] | None = None
) -> dict[str, Any]:
    """The content with the new id of its own subject, a term of 30 days for a proposal, and ids where `area:青溪乡` or `project:QX-0001` stood.

    `look_up` finds the ids; without it, whatever the ledger knows. Raises NotFound for a name that it does not know.
    """
    filled = dict(payload)
    for key in left_out(name):
        filled.setdefault(key, days_after(china_today(), VALID_DAYS) if key == TERM else new_id(key))
    if desk is None:
        return filled
    if name.startswith("parameter.set."):  # the same parameter is set again under the id that it has
        known = (
            one.id for one in desk.ledger.directory.parameters.values() if one.name == filled.get("name")
        )
        filled.setdefault("parameter", next(known, None) or new_id("parameter"))
    reader = desk.reader
    found: dict[str, Any] = _resolved(_shape(name), filled, look_up or (lambda text: resolve(reader, text)))
    return found


def _resolved(shape: _Shape, value: Any, look_up: Callable[[str], str]) -> Any:
    if isinstance(value, str) and shape.identity and value.startswith(f"{shape.identity}:"):
        return look_up(value)
    if isinstance(value, dict):
        parts = shape.parts
        return {
            key: _resolved(parts[key], one, look_up) if key in parts else one for key, one in value.items()
        }
    if isinstance(value, list) and shape.item is not None:
        item = shape.item
        return [_resolved(item, one, look_up) for one in value]
    return value
