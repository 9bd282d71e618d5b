"""What a row says of its subject: where it lies, what it belongs to, the payload by which it is entered, and how that differs."""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from api.exchange.compare import comparable
from api.exchange.nouns import NOUNS
from api.exchange.outcome import Payload
from api.exchange.register import Register
from api.exchange.rows import SheetRow
from api.exchange.text import folded, one_line
from domain.natures import Nature
from domain.values import code as code_of
from domain.values import is_id
from projections.labels import FIELDS
from projections.wording import shown

# An area as papers may word it → its name as registered, and its id.
Areas = Mapping[str, tuple[str, str]]

_VILLAGE = re.compile(r"(?:村|社区)(?:第?[一二三四五六七八九十\d]{1,3}(?:组|社|队|屯))?\Z")
# Column of numbers → the field of the payload that names what bears them, the kind of such numbers, and their word.
_LINKS = {"project_number": ("projects", "project", "项目"), "asset_number": ("assets", "asset", "资产")}


@dataclass(frozen=True, slots=True)
class Given:
    """What the caller says about the whole file, what the ledger answered, and the new rows so far."""

    area_ids: tuple[str, ...]
    area_label: str
    areas: Areas
    organisations: Mapping[str, str]
    villages: Areas | None
    nature: Nature
    as_new: bool
    sha256: str
    notice: str
    late_reason: str
    new_id: Callable[[str], str]
    held: Mapping[str, Mapping[str, Any]]  # by code or id
    alike: Mapping[str, Sequence[tuple[str, int]]]  # by code: the first rows that have it, enough to name
    entered: dict[str, str] = field(default_factory=dict)  # code of a new row of this file → its new id

    def known(self, name: str) -> str:
        """The id of what a code or an id names, in the ledger or among the new rows; "" when nothing is known by it."""
        held = self.held.get(name)
        return self.entered.get(name, "") if held is None else str(held["id"])


# --- what a row belongs to --------------------------------------------------------------------------


def links(row: SheetRow) -> Iterator[str]:
    """The codes or ids of the projects and assets that a row belongs to."""
    if not row.faults:
        for key in _LINKS:
            yield from (_link(key, text) for text in _listed(row, key))


def _listed(row: SheetRow, key: str) -> Sequence[str]:
    found = row.fields.get(key)
    return found if isinstance(found, list) else ()


def _link(key: str, text: str) -> str:
    return text if is_id(text) else code_of(_LINKS[key][1], text)


def link_questions(row: SheetRow, given: Given) -> Iterator[str]:
    """READ-26."""
    for key, (_, _, word) in _LINKS.items():
        for text in _listed(row, key):
            if not given.known(_link(key, text)):
                yield f"{word}编号 {text} 在台账里没有登记，同一文件里也没有可入账的：请先登记{word}，或改正编号"


def notes(row: SheetRow, given: Given) -> Iterator[str]:
    custodian = row.fields.get("custodian")
    if custodian and not _custodian(row, given):
        yield f"管护责任单位“{custodian}”没有登记为单位，未读入"


def _custodian(row: SheetRow, given: Given) -> str:
    return given.organisations.get(folded(str(row.fields.get("custodian", ""))), "")


# --- where it lies ----------------------------------------------------------------------------------


def _stated_areas(row: SheetRow, given: Given) -> list[tuple[str, str]]:
    """The registered areas that a row names in a column of its own; none unless all of them are registered."""
    found = [given.areas.get(folded(name)) for name in _listed(row, "area")]
    return [] if None in found else [one for one in found if one is not None]


def _village(row: SheetRow, given: Given) -> tuple[str, str] | None:
    """The registered village that a row names, also with a group of it (示例一村三组) behind."""
    for key in ("village", "place"):
        text = folded(str(row.fields.get(key, "")))
        begun = [name for name in given.villages or () if text.startswith(name)]
        longest = max(begun, key=len, default="")
        if longest and not re.search("村|社区", text[len(longest) :]):
            return (given.villages or {})[longest]
    return None


def area_questions(row: SheetRow, given: Given) -> Iterator[str]:
    """READ-15, READ-26: a village that nobody has registered is no reason to file its projects under somebody else."""
    if named := _listed(row, "area"):
        unknown = [name for name in named if folded(name) not in given.areas]
        if unknown:
            yield f"所属区域“{'、'.join(unknown)}”没有登记，或有几个同名：请写全，或先请登记员登记"
        return
    place = str(row.fields.get("place", ""))
    if given.villages is None or _village(row, given) is not None:
        return
    if _VILLAGE.search(folded(place)) or _VILLAGE.search(folded(str(row.fields.get("village", "")))):
        yield f"“{place}”是哪个村？区域中没有登记，或有几个同名：请写全地点，或先请登记员登记这个村"


# --- what is entered --------------------------------------------------------------------------------


def payload(register: Register, row: SheetRow, given: Given) -> Payload:
    """The payload of a new row, under a new id that later rows may name."""
    noun = NOUNS[register.schema.noun]
    village = _village(row, given)
    areas = _stated_areas(row, given) or ([village] if village else [])
    identity = given.new_id(noun.schema.noun)
    if number := row.fields.get("number"):
        given.entered[code_of(noun.code, str(number))] = identity
    return _said(register, row, given) | {
        "area_label": "、".join(name for name, _ in areas) or given.area_label,
        "areas": [one for _, one in areas] or list(given.area_ids),
        "late_reason": given.late_reason,
        noun.schema.noun: identity,
        "row": {
            "code": row.code,
            "file": given.sha256,
            "row": row.row,
            "sheet": one_line(register.grid.sheet),
        },
    }


def _said(register: Register, row: SheetRow, given: Given) -> Payload:
    """What the row itself says of its subject."""
    fields: dict[str, Any] = {
        **row.fields,
        "custodian_id": _custodian(row, given),
        "unread": row.unread,
    }
    for key, (name, _, _) in _LINKS.items():
        fields[name] = [one for text in _listed(row, key) if (one := given.known(_link(key, text)))]
    said = NOUNS[register.schema.noun].said(fields, row.money_as_read, one_line(given.notice) or row.title)
    areas = _stated_areas(row, given)
    return said | {"areas": [one for _, one in areas]} if areas else said


def differences(register: Register, row: SheetRow, held: Mapping[str, Any], given: Given) -> Iterator[str]:
    """What the row says otherwise than the ledger, column by column; a column that is not there says nothing."""
    noun = NOUNS[register.schema.noun]
    said = _said(register, row, given)
    for name, columns in noun.compared.items():
        is_there = not columns or (register.columns & set(columns) and not row.unread & set(columns))
        if name not in said or not is_there:
            continue
        before, now = held.get(name), said[name]
        if comparable(name, before, register.columns) != comparable(name, now, register.columns):
            yield f"{FIELDS.get(name, name)}，台账是“{shown(name, before)}”，本行是“{shown(name, now)}”"
