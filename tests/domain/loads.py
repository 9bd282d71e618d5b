"""A load session (建账) of the story: what it states, and who opens and closes it."""

from typing import Any

from domain.record import Recorded
from domain.values import days_after
from tests.domain.story import AREAS, TODAY, WAN, Json, Town, identity

CUT_OVER = "2026-06-30"
FEN = 113_500_000  # of a project of the story
LATE = "2020-05-01"


def population(projects: int = 0, assets: int = 0, obligations: int = 0) -> Json:
    """So many projects, assets and debts of the usual amounts."""
    return {
        "assets": {"count": assets, "total_fen": assets * 50 * WAN},
        "obligations": {"count": obligations, "total_fen": obligations * 12 * WAN},
        "projects": {"count": projects, "total_fen": projects * FEN},
    }


def opening(name: str = "青溪乡清产核资", *areas: str, stated: Json | None = None, **changed: Any) -> Json:
    named = areas or ("town",)
    return {
        "area_label": "、".join(AREAS.get(one, one) for one in named),
        "areas": [identity("area", one) for one in named],
        "cut_over_on": CUT_OVER,
        "expires_on": days_after(TODAY, 30),
        "load": identity("load", name),
        "name": name,
        "population": population(1) if stated is None else stated,
        "proposal": identity("proposal", f"开立 {name}"),
    } | changed


def closing(name: str = "青溪乡清产核资", loaded: Json | None = None, **changed: Any) -> Json:
    return {
        "expires_on": days_after(TODAY, 60),
        "explanation": "",
        "load": identity("load", name),
        "loaded": population(1) if loaded is None else loaded,
        "name": name,
        "proposal": identity("proposal", f"封账 {name}"),
    } | changed


def approval(town: Town, proposal: str, name: str = "青溪乡清产核资") -> Json:
    return town.signature("approves", proposal) | {"subject": identity("load", name)}


def approve(town: Town, proposal: str, name: str = "青溪乡清产核资", by: str = "head") -> list[Recorded]:
    return town.entries_of(town.when("proposal.endorse.v1", approval(town, f"{proposal} {name}", name), by))


def opened(town: Town, name: str = "青溪乡清产核资", *areas: str, **changed: Any) -> list[Recorded]:
    town.when("load.open.v1", opening(name, *areas, **changed), "centre")
    return approve(town, "开立", name)


def closed(town: Town, name: str = "青溪乡清产核资", **changed: Any) -> list[Recorded]:
    town.when("load.close.v1", closing(name, **changed), "centre")
    return approve(town, "封账", name)


def load(town: Town, name: str = "油茶基地", on: str = LATE, nature: str = "opening", **changed: Any) -> None:
    """An entry of long ago, without a reason why it comes so late."""
    town.when("project.list.v1", town.project(name, **changed), "typist", nature=nature, occurred_on=on)
