"""Parties (当事方) as a register names them: bodies only, by the words of their names. Persons are not read (READ-14).

A body is written by its name. Where its kind would not be guessed from the name, the kind stands behind it: "某公司〔国有单位〕".
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from typing import Any

from api.exchange.rules import Problem
from api.exchange.text import one_line
from domain.party import NATURAL, PARTY_KINDS

_BY_OWNER_TYPE = {
    "state": "state",
    "collective_town": "organisation",
    "collective_village": "organisation",
    "collective_group": "organisation",
}
# The first that matches counts; a body that shows none of these is an organisation.
_BY_NAME: tuple[tuple[str, re.Pattern[str]], ...] = (
    ("bank", re.compile(r"银行|信用社|信用联社")),
    ("operator", re.compile(r"公司|集团|企业|厂\Z")),
    ("state", re.compile(r"政府|财政|局\Z|办公室\Z|(?:农服|服务)中心\Z")),
)
_KINDS = {label: kind for kind, label in PARTY_KINDS.items() if kind not in NATURAL}
_MARKED = re.compile(rf"(?P<name>.*?)\s*〔(?P<kind>{'|'.join(_KINDS)})〕\Z")
_SHARE = re.compile(r"(?P<owner>.*\S)\s+(?P<percent>\d{1,3}(?:\.\d{1,2})?)\s*[%％]\Z")
_PARTS = re.compile("[；;]")
_WHOLE = 10_000  # basis points


def bare(text: str) -> str:
    """The name of a body without the kind behind it."""
    found = _MARKED.match(text)
    return found["name"] if found else text


def party(text: str, owner_type: str = "") -> dict[str, Any]:
    """A body as one side of something."""
    found = _MARKED.match(text)
    name = found["name"] if found else text
    kind = _KINDS[found["kind"]] if found else _guessed(name, owner_type)
    return {"kind": kind, "name": name, "organisation": "", "person": ""}


def _guessed(name: str, owner_type: str) -> str:
    by_name = next((kind for kind, words in _BY_NAME if words.search(name)), "organisation")
    return _BY_OWNER_TYPE.get(owner_type, by_name)


def written(value: Mapping[str, Any] | None, owner_type: str = "") -> str:
    """A party as `party` reads it; a natural person by what kind of one, since names leave by other ways only."""
    if value is None:
        return ""
    if value["kind"] in NATURAL:
        return f"（{PARTY_KINDS[value['kind']]}，姓名不导出）"
    name: str = value["name"]
    return name if _guessed(name, owner_type) == value["kind"] else f"{name}〔{PARTY_KINDS[value['kind']]}〕"


def same_party(value: Mapping[str, Any] | None) -> list[str]:
    """What of a party a register can say."""
    return [] if value is None else [value["kind"], value["name"], value["person"]]


# --- owners -----------------------------------------------------------------------------------------


def read_owners(text: str) -> list[tuple[str, int]] | Problem:
    """Names with their basis points: "甲公司 60%；乙合作社 40%"; a single one without a share owns the whole."""
    parts = [one_line(part) for part in _PARTS.split(text) if part.strip()]
    found = [_SHARE.match(part) for part in parts]
    if len(parts) == 1 and found[0] is None:
        return [(parts[0], _WHOLE)]
    shares = [(one["owner"], int(Decimal(one["percent"]) * 100)) for one in found if one is not None]
    if len(shares) < len(parts) or sum(points for _, points in shares) != _WHOLE:
        return Problem("READ-24", "几个所有权人以；分开，各写份额，合计100%，如 甲合作社 60%；乙公司 40%")
    return shares


def shares(owners: Iterable[Sequence[Any]], owner_type: str) -> list[dict[str, Any]]:
    """What `read_owners` gave, as the shares of an asset."""
    return [{"basis_points": points, "owner": party(name, owner_type)} for name, points in owners]


def written_shares(value: Sequence[Mapping[str, Any]], owner_type: str) -> str:
    if len(value) == 1:
        return written(value[0]["owner"], owner_type)
    return "；".join(
        f"{written(one['owner'], owner_type)} {Decimal(one['basis_points']) / 100}%" for one in value
    )
