"""`bangfu import`: a register becomes one signed batch of facts, or a list of what stands in the way."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from api.ceremony import NotDone
from api.clerk import Clerk
from api.compose import new_id
from api.desk import Answer
from api.exchange.csv_in import read_csv
from api.exchange.plan import Plan, plan
from audit.entry import BATCH_ROWS_MAX
from domain.authority import AreaFacts

LATE_REASON = "导入既有登记表"


@dataclass(frozen=True, slots=True)
class Imported:
    """The plan of a file and, when something was new and it was no dry run, the answers of its batches."""

    plan: Plan
    answers: tuple[Answer, ...] = ()

    @property
    def has_faults(self) -> bool:
        return any(row.outcome == "fault" for row in self.plan.rows) or any(
            answer.refused or not answer.ok for answer in self.answers
        )

    def json(self) -> dict[str, Any]:
        return self.plan.as_json() | {"batches": [answer.json() for answer in self.answers]}


def import_register(
    clerk: Clerk,
    path: Path,
    *,
    area: str = "",
    occurred_on: str = "",
    notice: str = "",
    late_reason: str = LATE_REASON,
    dry_run: bool = False,
) -> Imported:
    """Read a register, plan every row, and enter the new ones. Raises NotDone when the area is not clear, Unreadable for the file."""
    data = path.read_bytes()
    sha256 = hashlib.sha256(data).hexdigest()
    home, villages = _areas(clerk, area)
    planned = plan(
        read_csv(data, path.name),
        area_ids=(home.id,),
        area_label=home.name,
        villages=villages,
        sha256=sha256,
        notice=notice,
        late_reason=late_reason,
        seen=clerk.desk.reader.moves,
        new_id=new_id,
    )
    if dry_run or not planned.payloads:
        return Imported(planned)
    payloads = planned.payloads
    parts = (payloads[start : start + BATCH_ROWS_MAX] for start in range(0, len(payloads), BATCH_ROWS_MAX))
    return Imported(planned, tuple(_enter(clerk, part, sha256, occurred_on) for part in parts))


def _enter(clerk: Clerk, payloads: Sequence[dict[str, Any]], sha256: str, occurred_on: str) -> Answer:
    # A new row's ids are new, and its codes were looked up when it was planned: it has seen none of them.
    bodies = [
        clerk.prepare("project.list.v1", payload, nature="fact", occurred_on=occurred_on, seen={})
        for payload in payloads
    ]
    total = sum(payload["total_fen"] or 0 for payload in payloads)
    return clerk.batch(bodies, sha256=sha256, sum_fen=total)


def _areas(clerk: Clerk, wanted: str) -> tuple[AreaFacts, dict[str, str]]:
    """The area whose register it is, and the villages below it by name."""
    directory = clerk.desk.ledger.directory
    post = directory.posts[clerk.desk.capacity(clerk.keys[0].key_id)["post"]]
    if wanted:
        found = [area for area in directory.areas.values() if wanted in (area.name, area.id)]
    else:
        found = [directory.areas[area] for area in post.areas if area in directory.areas]
    if len(found) != 1:
        names = "、".join(area.name for area in found) or "无"
        raise NotDone(f"请用 --area 说明这是哪个区域的登记表（本岗位辖区：{names}）")
    home = found[0]
    villages = {
        area.name: area.id
        for area in directory.areas.values()
        if area.kind == "village" and area.parents.at("9999-12-31") == home.id
    }
    return home, villages
