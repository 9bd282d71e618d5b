"""Values in words for the templates. Everything that is shown comes from rows and entries; nothing is decided here."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from fastapi import Response
from jinja2 import Environment, FileSystemLoader, StrictUndefined

from domain.classification import CLASSES
from domain.population import PARTS as LOADED
from projections import labels, wording
from projections.entry import minute
from projections.trace import is_told

# 四类 and the batch that each belongs to (四个一批), with a sign of its own: never told apart by colour alone.
BATCHES: Mapping[str, tuple[str, str]] = {
    "advantaged": ("巩固一批", "▲"),
    "weak": ("升级一批", "◆"),
    "idle": ("盘活一批", "●"),
    "eliminated": ("调整一批", "■"),
    "": ("未认定", "○"),
}
assert set(BATCHES) == {*CLASSES, ""}

# What a list shows of each noun between name and check: field or figure -> heading.
COLUMNS: Mapping[str, Mapping[str, str]] = {
    "project": {"area_label": "地点", "class": "分类", "total_fen": "资金"},
    "asset": {"area_label": "地点", "owner_type": "权属", "condition": "状况", "carrying_fen": "账面价值"},
    "obligation": {"debtor": "债务人", "creditor": "债权人", "outstanding_fen": "余额"},
    "disposal": {"owner_type": "权属", "method": "方式", "progress": "进度", "expected_fen": "预计金额"},
    "meeting": {"area_label": "地点", "body": "机构", "entitled": "应到", "present": "实到"},
    "notice": {"kind": "事由", "board": "地点", "until": "截止"},
    "document": {"kind": "类型", "issuer": "出具单位", "issued_on": "日期"},
    "load": {
        "area_label": "登记区域",
        "cut_over_on": "基准日",
        "phase": "阶段",
        "population": "应登记",
        "loaded": "封账所写已登记",
    },
}

# Part of a load session -> what it counts, and the amount that is summed.
PARTS: Mapping[str, str] = {"projects": "资金", "assets": "原值", "obligations": "本金"}
assert PARTS.keys() == LOADED.keys()

# How those of a noun are called that are still open, and the others.
OPEN: Mapping[str, tuple[str, str]] = {
    "asset": ("在册", "已核销"),
    "obligation": ("未清", "已清"),
    "disposal": ("在办", "已了结"),
}


def yuan(fen: int | None) -> str:
    if fen is None:
        return ""
    return f"{'-' if fen < 0 else ''}{abs(fen) // 100:,}.{abs(fen) % 100:02d} 元"


def filled(value: Any) -> bool:
    return value not in ("", None, [], {}, ())


def query(**values: object) -> str:
    """A query string without what is empty."""
    found = urlencode({name.rstrip("_"): value for name, value in values.items() if value not in (None, "")})
    return f"?{found}" if found else ""


@dataclass(frozen=True, slots=True)
class Level:
    """How sure a signature makes it who said something (D15)."""

    code: str
    text: str


OWN_KEY = Level("A", "本人密钥签名")
BY_SYSTEM = Level("S", "台账自身密钥")


def level(roles: Sequence[str]) -> Level:
    """Paper (B) and telephone (C) come with the statements that bring them; this version knows own keys only."""
    return BY_SYSTEM if all(role == "ledger" for role in roles) else OWN_KEY


_environment = Environment(
    loader=FileSystemLoader(Path(__file__).parent / "templates"),
    autoescape=True,
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)
_environment.globals.update(
    BATCHES=BATCHES,
    FIGURES=labels.FIGURES,
    KINDS=labels.KINDS,
    LOADED=[(part, title, PARTS[part]) for part, (_, title) in LOADED.items()],
    OPEN=OPEN,
    class_label=labels.class_label,
    checked_label=labels.checked_label,
    is_told=is_told,
    level=level,
    note=labels.note,
    nth=labels.nth,
    pieces=wording.pieces,
    query=query,
    shown=wording.shown,
)
_environment.filters.update(money=labels.amount, yuan=yuan, at=minute)
_environment.tests.update(filled=filled, unknown=labels.is_unknown)


def page(
    template: str, status: int = 200, headers: Mapping[str, str] | None = None, **values: Any
) -> Response:
    text = _environment.get_template(template).render(**values)
    kept = {"Cache-Control": "private, no-cache", "Vary": "Cookie", **(headers or {})}
    return Response(text, status, kept, "text/html; charset=utf-8")
