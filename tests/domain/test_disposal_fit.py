"""DISP-1 to 9: which assets may be proposed for a disposal, by which method, on which ground, and by whom."""

from typing import Any

import pytest

from domain.errors import LabelDiffers, OutsideArea, Taken
from domain.errors_disposal import (
    AssetNotChecked,
    Encumbered,
    GroundNotShown,
    InDispute,
    InOtherDisposal,
    LeaseTooLong,
    MixedOwners,
    OwnershipOpen,
)
from tests.domain.disposals import Course, estate
from tests.domain.paths import by_owner
from tests.domain.story import Town, identity

UNFIT: list[tuple[str, Any, dict[str, Any]]] = [
    ("DISP-1", OwnershipOpen, {"registered": False}),
    ("DISP-2", InDispute, {"disputed": True}),
    ("DISP-3", Encumbered, {"encumbered": True}),
    ("DISP-4", AssetNotChecked, {"checked": False}),
]


@by_owner
@pytest.mark.parametrize(("rule", "refusal", "changed"), UNFIT, ids=[one[0] for one in UNFIT])
def test_disp_4_an_asset_that_is_not_fit_is_not_proposed(
    town: Town, course: Course, rule: str, refusal: Any, changed: dict[str, Any]
) -> None:
    its = estate(town, course, **changed)
    with town.refused(refusal):
        its.when("propose", its.proposal())
    accepted = its.when("propose", its.proposal(late_reason="补登"), "typist", nature="fact")
    assert town.entries_of(accepted)[0].state["notes"] == [rule]


def test_disp_1_undetermined_ownership_goes_no_way(town: Town) -> None:
    undetermined = Course(
        "undetermined", "clerk", "chair", "meeting", "head", "bookkeeper", "bookkeeper", "none"
    )
    its = estate(town, undetermined)
    with town.refused(OwnershipOpen):
        its.when("propose", its.proposal())


def test_disp_3_and_2_what_nobody_knows_is_noted(town: Town) -> None:
    its = estate(town, disputed=None, encumbered=None)
    accepted = its.when("propose", its.proposal())
    assert town.entries_of(accepted)[0].state["notes"] == ["DISP-2:unknown", "DISP-3:unknown"]


def test_disp_5_one_owner_type_each_asset_once(town: Town) -> None:
    its = estate(town)
    with town.refused(MixedOwners):
        its.when("propose", its.proposal(owner_type="state"), "centre")
    state = its.opened("公车", owner_type="state")
    both = its.proposal(assets=[its.asset, state], name="转让：冷库、公车")
    with town.refused(MixedOwners, "公车（国有）"):
        its.when("propose", both)
    with town.refused(MixedOwners):
        its.when("propose", its.proposal(assets=[its.asset, its.asset], name="转让：冷库、冷库"))


def test_disp_6_a_lease_of_twenty_years(town: Town) -> None:
    its = estate(town)
    lease = its.proposal(method="lease", name="出租：冷库", ground="use")
    with town.refused(LeaseTooLong, "241"):
        its.when("propose", lease | {"months": 241})
    its.when("propose", lease | {"months": 240})


def test_disp_7_one_disposal_at_a_time(town: Town) -> None:
    its = estate(town).proposed()
    second = its.proposal(disposal=identity("disposal", "2"))
    with town.refused(InOtherDisposal, its.disposal):
        its.when("propose", second)
    its.when("withdraw", its.of(reason="价格未定"), "clerk")
    its.when("propose", second)
    town.check()


def test_disp_9_a_class_is_the_ground_only_where_it_is_determined(town: Town) -> None:
    project = town.checked()
    its = estate(town, projects=[project])
    idle = its.proposal(ground="idle_class", project=project)
    with town.refused(GroundNotShown):
        its.when("propose", idle)
    town.when("project.opine_class.v1", town.opinion(), "clerk")
    town.when("proposal.endorse.v1", town.signature("checks"), "centre")
    town.when("proposal.endorse.v1", town.signature("seals"), "head")
    with town.refused(GroundNotShown):
        its.when("propose", idle | {"ground": "eliminated_class"})
    with town.refused(GroundNotShown):
        its.when("propose", idle | {"project": ""})
    its.when("propose", idle)


def test_disp_9_the_project_is_that_of_the_assets(town: Town) -> None:
    project = town.checked()
    its = estate(town)
    with town.refused(GroundNotShown):
        its.when("propose", its.proposal(project=project))


def test_id_1_and_3_a_number_is_used_once_and_the_name_recognised(town: Town) -> None:
    its = estate(town)
    other = its.opened("另一冷库")
    with town.refused(LabelDiffers, "转让：冷库"):
        its.when("propose", its.proposal(name="转让：另一冷库"))
    its.when("propose", its.proposal(number="QX-CZ-1"))
    again = {"assets": [other], "disposal": identity("disposal", "2"), "name": "转让：另一冷库"}
    with town.refused(Taken):
        its.when("propose", its.proposal(**again, number="QX-CZ-1"))
    its.when("propose", its.proposal(**again, number="QX-CZ-2"))


def test_auth_5_the_assets_lie_in_the_proposers_village(town: Town) -> None:
    its = estate(town)
    with town.refused(OutsideArea):
        its.when("propose", its.proposal(), "clerk_shan")
