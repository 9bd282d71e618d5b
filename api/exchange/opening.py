"""What registers of assets and of claims and debts (债权债务) share when books are opened (建账): the projects a row belongs to,
what it rests on (依据质量), and the papers that are there or missing. Columns, what a row says by them, and its cells in the export.
"""

from collections.abc import Mapping
from typing import Any

from api.exchange.schema import Column
from api.exchange.written import in_wan, label_of, listed

EVIDENCE_LABELS = {"原件": "original", "复印件": "copy", "追忆": "recollection", "无": "none"}

PROJECT_NUMBERS = Column(
    "project_number",
    "项目编号",
    "codes",
    "所属项目编号 项目编码",
    hint="已登记的项目，或同一文件里的；几个的以；分开",
)
EVIDENCE = Column(
    "evidence", "依据质量", "choice", choices=EVIDENCE_LABELS, hint="登记所依据的是原件、复印件、追忆还是无"
)
PAPERS: tuple[Column, ...] = (
    Column(
        "papers_present",
        "已有材料",
        "list",
        "现有材料 已有资料",
        hint="建账时手里有的，各项以；分开",
        example="验收单；移交清单",
    ),
    Column(
        "papers_missing",
        "缺少材料",
        "list",
        "缺失材料 缺少资料",
        hint="应有而没有的，各项以；分开",
        example="不动产权证",
    ),
)

# Field of the payload → the columns that say it; what has none is part of every row.
COMPARED: Mapping[str, tuple[str, ...]] = {
    "number": ("number",),
    "name": (),
    "areas": ("area",),
    "evidence": ("evidence",),
    "papers_missing": ("papers_missing",),
    "papers_present": ("papers_present",),
    "projects": ("project_number",),
}


def said(fields: Mapping[str, Any], paper: str) -> dict[str, Any]:
    """What a row says of this; `paper` is the register itself, when the row names no other."""
    return {
        "evidence": fields.get("evidence", "none"),
        "number": fields.get("number", ""),
        "papers_missing": fields.get("papers_missing", []),
        "papers_present": fields.get("papers_present", [paper] if paper else []),
        "projects": list(fields.get("projects", ())),
    }


def cells(held: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "number": held["number"],
        "name": held["name"],
        "area": listed(held["area_names"]),
        "project_number": listed(held["project_numbers"]),
        "evidence": label_of(EVIDENCE_LABELS, held["evidence"]),
        "papers_present": listed(held["papers_present"]),
        "papers_missing": listed(held["papers_missing"]),
        "derived": in_wan(held["derived_fen"]),
    }
