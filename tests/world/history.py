"""The sample history of the attack programs: every kind of command and event once, in few entries."""

from __future__ import annotations

from dataclasses import dataclass

from api.compose import china_today
from tests.support.logbook import new_id
from tests.support.world import World


@dataclass(frozen=True)
class Places:
    """Where the story put what the attacks aim at."""

    listed: int
    batch: int
    member: int
    opined: int
    corrected: int
    revoked: int


def tell(world: World) -> Places:
    """List, import, check, classify, rewrite, correct, withdraw; lose keys. Ends with an ordinary listing."""
    listed = world.listed("油茶基地", number="QX-0001")
    world.listed("养蜂场", by="shan", place="shan")
    world.accepted(
        "project.supersede.v1",
        world.project("养蜂场", place="shan", scale="60箱") | {"reason": "数量有误", "version": 1},
        "shan",
        nature="fact",
    )
    rows = [
        world.project(f"示例项目{number}", place="town", number=number)
        for number in ("QX-0002", "QX-0001", "QX-0003")
    ]
    imported = world.batch(rows)
    assert imported.position is not None
    assert [row[:2] for row in imported.refused] == [(1, "taken")]
    world.endorsed(imported.position, "checks", "centre", excepted=[(2, "与原件不符")])
    world.endorsed(listed, "checks", "centre")
    opined = world.accepted("project.opine_class.v1", world.opinion(), "kang")
    world.endorsed(opined, "checks", "centre2")
    world.endorsed(opined, "seals", "township")
    corrected = world.accepted("project.correct.v1", world.correction(), "kang")
    world.endorsed(corrected, "checks", "centre")
    world.accepted("project.correct.v1", world.correction("示例项目QX-0002", "再更正"), "recorder")
    world.accepted(
        "proposal.withdraw.v1",
        {"label": "更正（笔误）：规模大小", "proposal": new_id("proposal", "再更正"), "reason": "无须更正"},
        "recorder",
    )
    world.accepted(
        "parameter.set.v1",
        {
            "document": "示例农发〔2026〕1号",
            "effective_on": china_today(world.clock()),
            "name": "late_days",
            "parameter": new_id("parameter", "late_days"),
            "value": 45,
        },
        "registrar2",
    )
    revoked = world.accepted(
        "key.revoke.v1", {"key": world.keys["discipline"].key_id, "reason": "调离"}, "registrar"
    )
    world.accepted("key.report_lost.v1", {"key": world.keys["centre2"].key_id, "reason": "遗失"}, "centre2")
    world.accepted(
        "key.report_compromise.v1",
        {"from_position": imported.position, "key": world.keys["recorder"].key_id, "reason": "被盗"},
        "registrar",
    )
    world.listed("茶园", number="QX-0009")
    return Places(listed, imported.position, imported.position + 1, opined, corrected, revoked)
