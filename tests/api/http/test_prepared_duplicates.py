"""CORR-6: who prepares the correction of a duplicate reads and signs in what the two differ, as the ledger finds it."""

from __future__ import annotations

import base64
from typing import Any

import pytest

from tests.support.logbook import new_id
from tests.support.served import Served
from tests.support.world import project_of

ONE, TWIN = "登记两次的", "登记两次的（又一）"
UNLIKE = "建设内容、规模大小"
PREPARE = "/api/v1/commands:prepare"


@pytest.fixture(scope="module")
def twins(office: Served) -> Served:
    office.world.listed(ONE, number="QX-0901")
    office.world.listed(TWIN, number="QX-0902", scale="1亩", content="又一次写下")
    return office


def wish(office: Served, proposal: str, **changed: Any) -> dict[str, Any]:
    content = office.world.correction(
        TWIN, proposal, changes=[], kind="duplicate", instead="project:QX-0901", instead_name=ONE
    )
    del content["proposal"]
    return {"command": "project.correct", "payload": content | changed}


def signed(office: Served, told: dict[str, Any], by: str = "kang") -> Any:
    key = office.world.keys[by]
    signature = base64.b64encode(key.signer.sign(base64.b64decode(told["pae"]))).decode()
    body = {"payload": told["payload"], "payloadType": told["payloadType"]}
    return office.stranger.post(
        "/api/v1/commands", body | {"signatures": [{"keyid": key.key_id, "sig": signature}]}
    )


def test_corr_6_what_is_unlike_is_filled_in_for_who_signs_it(twins: Served) -> None:
    told = twins.as_("kang").post(PREPARE, wish(twins, "一")).json()
    assert told["document"]["payload"]["unlike"] == UNLIKE
    assert f"所不同的是{UNLIKE}" in told["document"]["summary"]
    answer = signed(twins, told)
    assert answer.status_code == 201, answer.text


def test_corr_6_what_the_clerk_says_is_left_as_it_is(twins: Served) -> None:
    told = twins.as_("kang").post(PREPARE, wish(twins, "二", unlike="规模大小")).json()
    assert told["document"]["payload"]["unlike"] == "规模大小"
    answer = signed(twins, told)
    assert (answer.status_code, answer.json()["rule"]) == (422, "CORR-6")


def test_corr_6_of_another_kind_nothing_is_filled_in(twins: Served) -> None:
    slip = twins.world.correction(TWIN, "三", changes=[{"field": "scale", "now": "2亩", "was": "1亩"}])
    told = twins.as_("kang").post(PREPARE, {"command": "project.correct", "payload": slip}).json()
    assert told["document"]["payload"].get("unlike", "") == ""


@pytest.mark.parametrize(
    "instead", [new_id("project", "没有的"), new_id("asset", "没有的"), project_of(TWIN), ""], ids=str
)
def test_corr_6_of_what_is_no_other_of_its_kind_nothing_is_told(twins: Served, instead: str) -> None:
    answer = twins.as_("kang").post(PREPARE, wish(twins, "四", instead=instead))
    assert answer.status_code in (200, 422)
    assert UNLIKE not in answer.text


def test_auth_5_in_what_two_of_another_village_differ_is_not_told(twins: Served) -> None:
    by_id = wish(twins, "五", instead=project_of(ONE))
    answer = twins.as_("shan").post(PREPARE, by_id)
    assert (answer.status_code, answer.json()["code"]) == (403, "outside_area")
    assert "规模" not in answer.text
