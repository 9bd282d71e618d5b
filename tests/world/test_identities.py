"""Identities on a whole system: what deputies, terms and succeeded areas leave is verified twice and decided again."""

from __future__ import annotations

from pathlib import Path

from api.clerk import Clerk
from api.compose import china_today
from api.endorsing import endorse
from projections.diff import diff
from projections.trace import trace
from tests.support.deputies import deputise
from tests.support.logbook import new_id
from tests.support.second import SecondVerifier
from tests.support.world import World, area, post, project_of


def folded(text: str) -> str:
    """Without the breaks of its lines."""
    return "".join(text.split())


def test_auth_9_a_deputys_signature_is_shown_as_one(
    world: World, tmp_path: Path, second: SecondVerifier
) -> None:
    world.endorsed(world.listed(), "checks", "centre")
    opined = world.accepted("project.opine_class.v1", world.opinion(), "kang")
    world.endorsed(opined, "checks", "centre")
    deputise(world, "township", "centre2")
    stand_in = Clerk(world.desk, world.keys["centre2"], post=post("township"))
    answer = endorse(stand_in, opined, "seals")
    assert answer.ok, answer.message
    shown = trace(world.desk.reader, project_of("油茶基地"))
    deputies = [(item.event, one) for item in shown.timeline for one in item.signers if one.deputy]
    assert [event for event, _ in deputies] == ["proposal.endorsed.v1", "project.class_determined.v1"]
    signer = deputies[0][1]
    assert (signer.role, signer.post) == ("township", post("township"))
    assert (signer.key, signer.person) == (world.keys["centre2"].key_id, new_id("person", "centre2"))
    assert signer.capacity == "示例岗位 township（乡党委政府），代理"
    assert folded(f"青溪乡人民政府{signer.capacity}") in folded(shown.as_text())
    found = diff(world.desk.reader, project_of("油茶基地"), china_today(), china_today(), 1)
    assert folded("青溪乡人民政府示例岗位 township（代理）") in folded(found.as_text())
    world.check(tmp_path, second)


def test_d19_a_merged_village_on_a_whole_system(world: World, tmp_path: Path, second: SecondVerifier) -> None:
    world.listed("油茶基地")
    merger = {
        "area": area("kang"),
        "document": "示例府发〔2026〕3号",
        "how": "merged",
        "label": "山背村",
        "name": "康家村",
        "successors": [area("shan")],
    }
    world.accepted("area.succeed.v1", merger, "registrar", occurred_on="2026-01-01")
    world.refuses("outside_area", "project.list.v1", world.project("茶园"), "kang", nature="fact")
    assert world.says("project.list.v1", world.project("茶园"), "shan", nature="fact").ok
    world.check(tmp_path, second)
