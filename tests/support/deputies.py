"""Deputies (代理) of the fictional 青溪乡."""

from __future__ import annotations

from api.compose import china_today
from domain.post import called
from domain.values import days_after
from tests.support.logbook import new_id
from tests.support.world import World, post


def deputise(world: World, principal: str, deputy: str) -> None:
    """From today for a week."""
    today = china_today()
    payload = {
        "deputy": new_id("person", deputy),
        "deputy_label": called(world.desk.ledger.directory, new_id("person", deputy)),
        "document": "示例委〔2026〕9号",
        "ground": "外出学习",
        "post": post(principal),
        "title": f"示例岗位 {principal}",
        "until": days_after(today, 7),
        "valid_from": today,
    }
    world.accepted("post.deputise.v1", payload, "registrar")
