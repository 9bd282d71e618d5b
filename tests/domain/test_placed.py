"""AUTH-5: whoever writes into a subject is over where it lies, whatever else the command is about."""

import pytest

from domain.command import COMMANDS, Payload
from domain.errors import OutsideArea
from tests.domain import estate
from tests.domain.disposals import COLLECTIVE, Estate
from tests.domain.disposals import estate as disposals
from tests.domain.placing import ABROAD, NEW, commands, held, paper
from tests.domain.story import AREAS, Town, identity

SHAN = {"area_label": AREAS["shan"], "areas": [identity("area", "shan")]}


def elsewhere(town: Town) -> str:
    """A project of another village than the clerk's."""
    return town.listed("山背茶园", "clerk_shan", **SHAN)


def test_auth_5_an_asset_is_opened_of_ones_own_projects(town: Town) -> None:
    foreign, own = elsewhere(town), town.listed()
    payload = estate.opening_of(projects=[own, foreign])
    with town.refused(OutsideArea, "也不关联辖区内的事项"):
        town.when("asset.open.v1", payload, "clerk", nature="opening")
    town.when("asset.open.v1", payload | {"projects": [own]}, "clerk", nature="opening")
    other = estate.opening_of("另一冷库", projects=[own, foreign])
    town.when("asset.open.v1", other, "typist", nature="opening")  # over both villages


@pytest.mark.parametrize("noun", ["projects", "assets"])
def test_auth_5_a_debt_is_about_ones_own_projects_and_assets(town: Town, noun: str) -> None:
    if noun == "projects":
        foreign, own = elsewhere(town), town.listed()
    else:
        foreign, own = estate.opened(town, "山背冷库", "clerk_shan", **SHAN), estate.opened(town)
    payload = estate.owed(**{noun: [own, foreign]})
    with town.refused(OutsideArea, "也不关联辖区内的事项"):
        town.when("obligation.register.v1", payload, "clerk", nature="fact")
    town.when("obligation.register.v1", payload | {noun: [own]}, "clerk", nature="fact")


def test_auth_5_a_disposal_rests_on_ones_own_project(town: Town) -> None:
    its: Estate = disposals(town, COLLECTIVE)
    foreign, own = elsewhere(town), town.listed()
    with town.refused(OutsideArea, "也不关联辖区内的事项"):
        its.proposed(project=foreign)
    with town.refused(OutsideArea, "也不关联辖区内的事项"):
        its.when("propose", its.proposal(project=foreign), "clerk", nature="fact")
    its.fact("propose", its.proposal(project=own))


def test_auth_5_nobody_says_anything_of_what_lies_elsewhere(town: Town) -> None:
    said = commands(town, "kang")
    for name, payload, nature, by in said:
        # Whatever names something is about what lies elsewhere; the rest would itself lie there.
        with town.refused(OutsideArea, "辖区不含区域“康家村”" if name in NEW else "也不关联辖区内的事项"):
            town.when(name, payload, by, nature=nature)
    assert len({name for name, *_ in said}) == len(said) == 44


def test_auth_5_whoever_writes_into_a_thing_is_over_all_of_its_areas(town: Town) -> None:
    """To have a part in it is enough to name it only."""
    said = commands(town, "kang", "shan")
    for name, payload, nature, by in said:
        with town.refused(OutsideArea, "辖区不含区域“康家村”"):
            town.when(name, payload, by, nature=nature)
    placed = {name for name, spec in COMMANDS.items() if spec.payload.places is not Payload.places}
    assert {name for name, *_ in said} == placed


def test_auth_5_nobody_files_in_another_village(town: Town) -> None:
    """What one's own is about does not matter then."""
    its = disposals(town, COLLECTIVE).proposed()
    own = estate.opened(town, "山背冷库", "clerk_shan", **SHAN)
    kang = {"areas": [identity("area", "kang")]}
    vote = held(its)["resolutions"][0] | {"subject": own}
    here = held(its) | kang | {"area_label": AREAS["kang"], "resolutions": [vote]}
    for name, payload, nature in (
        ("document.register.v1", paper(its) | kang | {"subjects": [own]}, "act"),
        ("meeting.record.v1", here, "fact"),
        ("notice.post.v1", its.posting(subject=own), "act"),
    ):
        with town.refused(OutsideArea, "康家村"):
            town.when(name, payload, "clerk_shan", nature=nature)
    town.when("document.register.v1", paper(its) | {"subjects": [own]}, "clerk_shan")
    town.when("meeting.record.v1", held(its) | {"resolutions": [vote]}, "clerk_shan", nature="fact")
    town.when("notice.post.v1", its.posting(subject=own, until="2026-12-10", **ABROAD), "clerk_shan")


def test_auth_5_of_what_lies_in_ones_own_area_it_is_not_asked_what_it_is_about(town: Town) -> None:
    """A paper may be about fifty things: naming it depends on none of them."""
    its: Estate = disposals(town, COLLECTIVE)
    about = [estate.opened(town, f"冷库 {number}") for number in range(3)]
    paper = its.paper("photo", subjects=about)
    asked = {"changes": [], "document": paper}
    payload = estate.correction_of(paper, "photo", ("pages", 2, 3)) | asked | {
        "changes": [{"field": "pages", "now": 3, "was": 2}]
    }  # fmt: skip
    reads = town.reads_of("document.correct.v1", payload, "clerk")
    assert paper in reads
    assert not [one for one in about if one in reads]


def test_auth_5_a_fact_rests_on_a_paper_of_the_whole_county_and_an_act_does_not(town: Town) -> None:
    """A county's approval for all of its villages names none of their subjects: what rests on it is recorded, and says so."""
    its: Estate = disposals(town, COLLECTIVE)
    filed = dict(town.books.stream(its.paper("approval", "康家批复"))[0].command["payload"])
    abroad, above = (identity("document", where) for where in ("shan", "county"))
    for document, where, by in ((abroad, "shan", "clerk_shan"), (above, "county", "county")):
        new = {"document": document, "areas": [identity("area", where)], "subjects": []}
        town.when("document.register.v1", filed | new, by)
    its.fact("propose", its.proposal())
    its.fact("decide", its.decision())
    late = {"late_reason": "补登"}
    with town.refused(OutsideArea, "也不关联辖区内的事项"):
        its.when("approve", its.approval(documents=[abroad]) | late, "clerk", nature="fact")
    with town.refused(OutsideArea, "也不关联辖区内的事项"):
        town.when(
            "document.register.v1",
            filed | {"document": identity("document", "新"), "subjects": [above]},
            "clerk",
        )
    approved = its.when("approve", its.approval(documents=[above]) | late, "clerk", nature="fact")
    assert "DOC-7" in town.only(approved).state["notes"]
    town.check()
