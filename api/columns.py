"""The columns (栏目) of a command's content, in the words of the office: what each is called, and what may stand in it.

Everything comes from the shape that the domain declares.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from api.compose import china_today
from api.titles import common, title
from domain.classification import STAGES
from domain.command import spec_of
from domain.errors import BadShape
from domain.law import PARAMETERS, ParameterSpec, in_force
from domain.scope import FUND_SOURCES
from projections import cards
from projections.labels import FIELDS, KINDS, WORDS

ORGANISATION_KINDS: dict[str, str] = {
    "village_committee": "村（居）民委员会",
    "village_collective": "村集体经济组织",
    "town_government": "乡镇党委政府",
    "town_office": "乡镇办所（农服中心等）",
    "town_discipline": "乡镇纪委",
    "county_department": "县级部门",
    "other": "其他",
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
    "batch": "batch:21",
    "disposal": "disposal:QX-C-0001",
    "document": "document:30",
    "erasure": "erasure:60",
    "key": "key:青溪乡农服中心/核查岗",
    "load": "load:1",
    "meeting": "meeting:31",
    "notice": "notice:32",
    "obligation": "debt:QX-Z-0001",
    "organisation": "organisation:青溪乡农服中心",
    "person": "person:青溪乡农服中心/核查岗",
    "post": "post:青溪乡农服中心/核查岗",
    "project": "project:QX-0001",
    "proposal": "proposal:27",
}
_DIGEST = "0123456789abcdef" * 4
_BODY = _NAMED["organisation"].partition(":")[2]
# An example of a text that must be of one pattern.
_PATTERNED: Mapping[str, str] = {
    "^[0-9]{4}-[0-9]{2}-[0-9]{2}$": "2026-12-31",
    "^[0-9]{6,12}$": "999999001",
    "^([0-9]{6,12})?$": "999999001",
    "^[0-9a-f]{64}$": _DIGEST,
    "^commit:[0-9a-f]{64}$": f"commit:{_DIGEST}",
}
# An example of what a rule asks something of that a form cannot say: that a paper which is there has a hash and pages (DOC-4)
# and a day that is past (DOC-5), that a slip names no other subject (CORR-3).
# A row is of what is read from a sheet; nobody writes one.
_EXAMPLES: Mapping[str, Any] = {
    "hash": _DIGEST,
    "instead": "",
    "instead_name": "",
    "issued_on": "2025-12-31",
    "pages": 1,
    "row": None,
}
# Texts that must show themselves to name a body (PROJ-6).
_BODIES = ("issuer", "operator")
# Of what may be corrected, a text: whatever was written in the two places beside it is one.
_CORRECTED = ("name", "reason")
_ID = "_[a-z2-7]{26}$"
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
# What the ledger itself can be asked for.
_FOUND: Mapping[str, tuple[str, ...]] = {
    **{name: ("unlike",) for name in _OWN if name.endswith(".correct")},
    "disposal.approve": ("leaf", "position"),
    "disposal.decide": ("leaf", "position"),
    "disposal.propose": (TERM,),
    "erasure.order": ("commitments",),
    "parameter.set": ("parameter",),
    "post.deputise": ("deputy_label",),
    "post.end_deputy": ("deputy_label",),
    "proposal.withdraw": ("label",),
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


# What takes the form of another column, whichever that is.
_LIKE: Mapping[str, str] = dict.fromkeys(
    ("changes/*/now", "changes/*/was"), "同所改那一栏的写法，不详填 null"
)


class Shape:
    """A JSON schema with its definitions, one node at a time."""

    def __init__(self, node: Mapping[str, Any], definitions: Mapping[str, Any]) -> None:
        reference = node.get("$ref")
        self.node: Mapping[str, Any] = definitions[reference.rpartition("/")[2]] if reference else node
        self._definitions = definitions

    def of(self, node: Mapping[str, Any]) -> Shape:
        return Shape(node, self._definitions)

    @property
    def forms(self) -> list[Shape]:
        """Every form that a value may have; the first is the ordinary one."""
        return [self.of(one) for one in self.node.get("anyOf", [self.node])]

    @property
    def parts(self) -> dict[str, Shape]:
        return {key: self.of(one) for key, one in self.forms[0].node.get("properties", {}).items()}

    @property
    def item(self) -> Shape | None:
        items = self.forms[0].node.get("items")
        return None if items is None else self.of(items)

    @property
    def values(self) -> list[str]:
        return [str(one) for shape in self.forms for one in shape.node.get("enum", ())]

    @property
    def identity(self) -> str:
        """The kind of the id that stands here; empty for anything else."""
        pattern = str(self.forms[0].node.get("pattern", ""))
        kind = pattern[1:].partition("_")[0] if pattern.endswith(_ID) else ""
        return kind if kind in KINDS else ""

    @property
    def kinds(self) -> frozenset[str]:
        """The kinds of what may be named where an id stands: of any kind where any may stand."""
        if self.identity:
            return frozenset({self.identity})
        pattern = str(self.forms[0].node.get("pattern", ""))
        return frozenset(KINDS) if pattern.endswith(_ID) else frozenset()

    def form(self) -> str:
        words = [one for shape in self.forms if (one := shape._word())]
        return "，".join(dict.fromkeys(words)) if words != ["可空"] else "留空"

    def _word(self) -> str:
        if "const" in self.node:
            return f"固定写 {self.node['const']}" if self.node["const"] else "可空"
        if self.identity:
            named = _NAMED.get(self.identity)
            return f"{KINDS[self.identity]}的 id" + (f"，或写作 {named}" if named else "")
        if str(self.node.get("pattern", "")).endswith(_ID):
            return "任一事项的 id，或写作 debt:QX-Z-0001"
        if self.node.get("pattern") == _DAY:
            return "日期 2026-11-23"
        if self.item is not None:
            return f"列表：{self.item.form()}" if not self.item.parts else "列表"
        if "prefixItems" in self.node:
            return "成对"
        return _FORMS.get(str(self.node.get("type")), "")

    def example(self, key: str) -> Any:
        """A value of the right form, to be written over."""
        first = self.forms[0].node
        if key in _EXAMPLES:
            return _EXAMPLES[key]
        if self.values:
            return self.values[0]
        if self.identity in _NAMED:
            return _NAMED[self.identity]
        if self.kinds:
            kind = str(first["pattern"])[1:].partition("_")[0]
            return f"{kind}_{'a' * 26}" if kind.isalpha() else _NAMED["obligation"]
        if self.parts:
            return self._example_of_parts()
        if self.item is not None:
            return [self.item.example(key)] * first.get("minItems", 1)
        if "prefixItems" in first:
            return [self.of(one).example(key) for one in first["prefixItems"]]
        if len(self.forms) > 1 and self.forms[1].node.get("const") == "":
            return ""
        if "const" in first:
            return first["const"]
        if first.get("pattern") in _PATTERNED:
            return _PATTERNED[first["pattern"]]
        by_type: dict[str, Any] = {"integer": first.get("minimum", 0), "boolean": True, "object": {}}
        return by_type.get(str(first.get("type")), _BODY if key in _BODIES else common(key))

    def _example_of_parts(self) -> dict[str, Any]:
        """A party is a body by its name (PARTY-1); a change is of a text."""
        parts = self.parts
        made = {name: part.example(name) for name, part in parts.items()}
        if parts.keys() >= {"name", "organisation", "person"}:
            made["name"] = _BODY
        if parts.keys() >= {"field", "now", "was"}:
            made["field"] = next(one for one in _CORRECTED if one in parts["field"].values)
        return made


def shape_of(name: str) -> Shape:
    """The content of a command with its version. Refused when there is no such command."""
    schema = spec_of(name).payload.model_json_schema(by_alias=True)
    return Shape(schema, schema.get("$defs", {}))


def columns(name: str) -> list[Column]:
    """Every column of a command with its version, as a form asks for them. Refused when there is no such command."""
    return list(_columns(name, shape_of(name), ""))


def _ordered(name: str, shape: Shape) -> dict[str, Shape]:
    """The parts of a content: whose it is, then in the order of the noun's card, then what is about the entry alone."""
    kind, parts = name.partition(".")[0], shape.parts
    return {
        key: parts[key]
        for key in (
            *(one for one in parts if one == kind),
            *cards.ordered(kind, (one for one in parts if one != kind)),
        )
    }


def _columns(name: str, shape: Shape, path: str) -> Iterator[Column]:
    for key, part in (shape.parts if path else _ordered(name, shape)).items():
        where = f"{path}{key}"
        item = part.item
        values = part.values or (item.values if item is not None else [])
        meaning = _VALUES.get(key, {})
        allowed = {value: meaning.get(value, "") for value in values} or _listed(name, where)
        form = _LIKE.get(where) or part.form()
        form = form.replace("整数", "整数，单位分", 1) if key.endswith("_fen") else form
        yield Column(where, title(name, where), form, allowed)
        yield from _columns(name, part, f"{where}/")
        if item is not None:
            yield from _columns(name, item, f"{where}/*/")


def _listed(name: str, where: str) -> Mapping[str, str]:
    """What may stand in a column whose list is no part of the shape: it grows without a new version of the command."""
    if (name.rpartition(".v")[0], where) != ("parameter.set", "name"):
        return {}
    return {one.name: f"{one.title}：{one.range}，未设定的为 {_unset(one)}" for one in PARAMETERS.values()}


def _unset(parameter: ParameterSpec) -> str:
    """What holds today where nothing is set."""
    found = in_force(parameter.statutory, china_today())
    assert found is not None, parameter.name
    return parameter.said(found.value)


def skeleton(name: str) -> dict[str, Any]:
    """An example of the content, without the id that `prepare` makes."""
    parts = _ordered(name, shape_of(name))
    return {
        key: next(iter(_listed(name, key)), None) or part.example(key)
        for key, part in parts.items()
        if key not in left_out(name)
    }


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
        named = fault.get("title") or common(key)
        allowed = "、".join(f"{value} {label}".strip() for value, label in fault.get("allowed", {}).items())
        may = f"；可填 {allowed}" if allowed else f"；应为{fault['form']}" if fault.get("form") else ""
        yield f"  {named}（{fault['pointer'].removeprefix('/payload/')}）{fault['problem']}{may}"


# --- what a clerk need not write ------------------------------------------------------------------------


def left_out(name: str) -> frozenset[str]:
    """The columns that `filling.completed` fills in."""
    plain = name.rpartition(".v")[0]
    own = brought(name)
    return frozenset((*own, *_FOUND.get(plain, ()), *((TERM,) if "proposal" in own else ())))


def brought(name: str) -> tuple[str, ...]:
    """The columns with the ids of what a command itself brings."""
    return _OWN.get(name.rpartition(".v")[0], ())
