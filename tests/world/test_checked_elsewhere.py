"""An entry that is told in the story of another subject is told there as what it is: 未核 until it is checked, 已核 from then on."""

from __future__ import annotations

from typing import Any

import pytest

from projections.timeline import Item, timeline
from tests.domain.estate import opening_of
from tests.support.world import WAN, World, area, organisation, project_of


def opening(name: str) -> dict[str, Any]:
    lies = {"areas": [area("kang")], "custodian": organisation("kang")}
    return opening_of(name, projects=[project_of("油茶基地")], **lies)


def told(world: World, position: int) -> Item:
    return next(
        one for one in timeline(world.desk.reader, project_of("油茶基地")) if one.position == position
    )


def test_what_is_checked_in_a_story_of_its_own(world: World) -> None:
    world.listed("油茶基地")
    at = world.accepted("asset.open.v1", opening("冷库"), "kang", nature="opening")
    assert (told(world, at).needs_check, told(world, at).checked_at) == (True, None)
    checked = world.endorsed(at, "checks", "centre")
    assert told(world, at).checked_at == checked
    assert (
        next(
            one
            for one in timeline(world.desk.reader, project_of("油茶基地"), checked - 1)
            if one.position == at
        ).checked_at
        is None
    )


@pytest.mark.parametrize("excepted", [False, True])
def test_what_is_checked_with_a_batch_of_other_things(world: World, excepted: bool) -> None:
    world.listed("油茶基地")
    clerk = world.clerk("kang")
    rows = [clerk.prepare("asset.open.v1", opening(name), nature="opening") for name in ("冷库", "烤房")]
    outcome = world.hand_in(world.batch_envelope(rows, "kang", 100 * WAN), rows)
    assert outcome.ok, outcome.message
    assert outcome.position is not None
    checked = world.endorsed(
        outcome.position, "checks", "centre", excepted=[(1, "示例原件未见")] if excepted else []
    )
    first, second = (told(world, outcome.position + row) for row in (1, 2))
    assert (first.checked_at, second.checked_at) == (checked, None if excepted else checked)
