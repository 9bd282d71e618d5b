"""MEET: a meeting is a fact with its counts; what it did not meet of the law of its day stands in its notes, and
an act that would rest on it is refused by that rule."""

from typing import Any

import pytest

from domain.errors import (
    AlreadyChecked,
    LabelDiffers,
    NotFound,
    RoleNotAllowed,
    SamePerson,
    WrongEntry,
    WrongNature,
)
from domain.errors_disposal import (
    MeetingNotChecked,
    MeetingNotNotified,
    MinutesMissing,
    NoQuorum,
    NotCompetent,
    NotPassed,
    PartyNotConsulted,
    WeakSource,
    WrongCount,
    WrongDocumentKind,
    WrongOrder,
    WrongResolution,
)
from domain.voting import BODIES, HALF, TWO_THIRDS, competent, procedure
from tests.domain.disposals import Estate, estate
from tests.domain.story import Json, Town, identity

BEFORE = "2025-04-30"
SINCE = "2025-05-01"


def notes(town: Town, title: str = "成员大会") -> list[str]:
    found: list[str] = town.books.stream(identity("meeting", title))[0].state["notes"]
    return found


def votes(agreed: int, against: int, abstained: int = 0, **changed: Any) -> Json:
    return {"agreed": agreed, "against": against, "abstained": abstained} | changed


@pytest.fixture
def its(town: Town) -> Estate:
    return estate(town).proposed()


def decide(its: Estate, **changed: Any) -> None:
    its.when("decide", its.decision(meeting=identity("meeting", "成员大会"), **changed))


def test_meet_a_meeting_as_the_law_asks_bears_a_decision(its: Estate) -> None:
    its.held()
    assert notes(its.town) == []
    assert its.town.books.stream(identity("meeting", "成员大会"))[0].state["passed"] == [True]
    decide(its)
    its.town.check()


FAULTS: list[tuple[str, Any, Json]] = [
    ("MEET-3", NotPassed, {"resolution": votes(79, 21)}),
    ("MEET-4", WrongCount, {"resolution": votes(80, 10)}),
    ("MEET-5", PartyNotConsulted, {"party_discussed": False}),
    ("MEET-6", MinutesMissing, {"minutes": ""}),
    ("MEET-7", NotCompetent, {"body": "council", "entitled": 100}),
]


def bears_nothing(its: Estate, rule: str, refusal: Any, changed: Json) -> None:
    """The fault is noted in the meeting, and its resolution decides nothing."""
    its.held(**changed)
    assert notes(its.town) == [rule]
    with its.town.refused(refusal):
        decide(its)


def test_meet_1_everybody_is_told_ten_days_before(its: Estate) -> None:
    bears_nothing(its, "MEET-1", MeetingNotNotified, {"notified_on": "2026-11-14"})
    its.held("按时", notified_on="2026-11-13")
    its.when("decide", its.decision(meeting=identity("meeting", "按时")))


def test_meet_2_more_than_half_of_the_villagers_were_there(its: Estate) -> None:
    village = {"body": "villagers", "occurred_on": "2025-04-30"}
    bears_nothing(its, "MEET-2", NoQuorum, village | {"entitled": 200})
    its.held("过半", **village, entitled=199)
    its.when("decide", its.decision(meeting=identity("meeting", "过半")))


@pytest.mark.parametrize(("rule", "refusal", "changed"), FAULTS, ids=[one[0] for one in FAULTS])
def test_meet_4_a_fault_bears_no_act_but_a_fact(its: Estate, rule: str, refusal: Any, changed: Json) -> None:
    bears_nothing(its, rule, refusal, changed)
    decision = its.decision(meeting=identity("meeting", "成员大会"))
    accepted = its.when("decide", decision, "typist", nature="fact")
    assert its.town.only(accepted).state["notes"] == [rule]


NEIGHBOURS: list[Json] = [
    {"entitled": 150, "resolution": votes(100, 0)},
    {"resolution": votes(80, 20)},
    {"resolution": votes(80, 10, 10)},
    {"party_discussed": True},
]


@pytest.mark.parametrize("changed", NEIGHBOURS)
def test_meet_its_nearest_neighbour_bears_one(its: Estate, changed: Json) -> None:
    its.held(**changed)
    assert notes(its.town) == []
    decide(its)


def test_meet_5_and_1_what_nobody_knows_is_noted(its: Estate) -> None:
    its.held(notified_on="", party_discussed=None)
    assert notes(its.town) == ["MEET-1:unknown", "MEET-5:unknown"]
    decide(its)


def test_meet_s4_fifteen_of_twenty_four_representatives_are_too_few(its: Estate) -> None:
    reps = {"body": "member_reps", "entitled": 24, "present": 24, "notified_on": "2025-05-01"}
    its.held(**reps, occurred_on="2025-06-01", resolution=votes(15, 9))
    assert notes(its.town) == ["MEET-3"]
    its.held("再次", **reps, occurred_on="2025-06-01", resolution=votes(16, 8))
    assert notes(its.town, "再次") == []


def test_meet_s5_the_law_of_the_day_judges(its: Estate) -> None:
    reps = {
        "body": "village_reps",
        "entitled": 24,
        "present": 17,
        "authorised": True,
        "notified_on": "2025-02-26",
    }
    its.held(**reps, occurred_on="2025-03-01", resolution=votes(9, 8))
    assert notes(its.town) == []
    its.held(
        "新法",
        **reps | {"notified_on": "2025-04-01"},
        occurred_on=SINCE,
        no_rceo=True,
        resolution=votes(9, 8),
    )
    assert notes(its.town, "新法") == ["MEET-3"]


def test_meet_7_representatives_need_the_villagers_authority(its: Estate) -> None:
    reps = {"body": "village_reps", "entitled": 24, "present": 24, "notified_on": "2025-02-01"}
    for number, (authorised, noted) in enumerate(
        ((False, ["MEET-7"]), (None, ["MEET-7:unknown"]), (True, []))
    ):
        its.held(
            str(number), **reps, authorised=authorised, occurred_on="2025-03-01", resolution=votes(24, 0)
        )
        assert notes(its.town, str(number)) == noted


@pytest.mark.parametrize(
    ("body", "day", "entitled", "authorised", "no_rceo", "may"),
    [
        ("members", SINCE, 5, None, None, True),
        ("member_reps", SINCE, 20, None, None, False),
        ("member_reps", SINCE, 21, None, None, True),
        ("villagers", SINCE, 100, None, False, False),
        ("villagers", SINCE, 100, None, True, True),
        ("villagers", SINCE, 100, None, None, None),
        ("villagers", BEFORE, 100, None, False, True),
        ("households", BEFORE, 40, None, None, True),
        ("village_reps", BEFORE, 24, False, None, False),
        ("council", BEFORE, 5, True, True, False),
    ],
)
def test_meet_7_who_may_decide(
    body: str, day: str, entitled: int, authorised: bool | None, no_rceo: bool | None, may: bool | None
) -> None:
    assert competent(body, day, entitled, authorised=authorised, no_rceo=no_rceo) is may


def test_meet_3_and_2_shares_are_exact() -> None:
    assert next(part for part in range(25) if TWO_THIRDS.met(part, 24)) == 16
    assert next(part for part in range(25) if HALF.met(part, 24)) == 13
    for body in BODIES:
        assert procedure(body, SINCE).of_all
        assert procedure(body, BEFORE).of_all == (body == "council")


def test_meet_6_minutes_are_minutes_and_no_older_than_the_meeting(its: Estate) -> None:
    photo = its.paper("photo")
    with its.town.refused(WrongDocumentKind):
        its.held(minutes=photo)
    its.held(minutes=its.paper("minutes", issued_on="2026-11-22"))
    assert notes(its.town) == ["MEET-6"]


def test_doc_3_minutes_from_memory_bear_no_act(its: Estate) -> None:
    its.held(minutes=its.paper("minutes", "追忆的会议记录", quality="recollection"))
    assert notes(its.town) == ["DOC-3"]
    with its.town.refused(WeakSource):
        decide(its)


def test_meet_8_an_unchecked_meeting_bears_no_act(its: Estate) -> None:
    its.held(checked=False)
    with its.town.refused(MeetingNotChecked):
        decide(its)
    accepted = its.when(
        "decide", its.decision(meeting=identity("meeting", "成员大会")), "typist", nature="fact"
    )
    assert its.town.only(accepted).state["notes"] == ["MEET-8"]


def test_meet_9_a_resolution_is_about_this_disposal(its: Estate) -> None:
    its.held(resolution={"subject": its.opened("另一冷库")})
    with its.town.refused(WrongResolution):
        decide(its)
    with its.town.refused(WrongResolution, "所引是第 2 项"):
        decide(its, resolution=2)
    its.held("分配", resolution={"matter": "distribution"})
    with its.town.refused(WrongResolution, "收益分配"):
        its.when("decide", its.decision(meeting=identity("meeting", "分配")))
    its.held("资产", resolution={"subject": its.asset})
    its.when("decide", its.decision(meeting=identity("meeting", "资产")))


def test_disp_10_no_meeting_is_later_than_the_decision(its: Estate) -> None:
    its.town.books.today = "2026-11-24"
    its.held()
    with its.town.refused(WrongOrder, "召开"):
        its.when("decide", its.decision(meeting=identity("meeting", "成员大会")), occurred_on="2026-11-23")


def test_proj_9_and_10_another_checks_exactly_the_entry(its: Estate) -> None:
    its.held(checked=False)
    with its.town.refused(WrongEntry):
        its.check_meeting(leaf="0" * 64)
    with its.town.refused(LabelDiffers):
        its.check_meeting(name="另一会议")
    with its.town.refused(RoleNotAllowed):
        its.check_meeting(by="typist")
    its.check_meeting()
    with its.town.refused(AlreadyChecked):
        its.check_meeting()


def test_proj_9_who_entered_it_does_not_check_it(its: Estate) -> None:
    payload = dict(_recorded(its))
    payload["meeting"] = identity("meeting", "自录")
    its.town.when("meeting.record.v1", payload | {"name": "自录"}, "centre", nature="fact")
    with its.town.refused(SamePerson):
        its.check_meeting("自录")
    its.check_meeting("自录", by="centre2")


def _recorded(its: Estate) -> Json:
    found: Json = its.town.books.stream(its.held())[0].command["payload"]
    return found


def test_cmd_6_a_meeting_is_never_an_act(its: Estate) -> None:
    payload = _recorded(its) | {"meeting": identity("meeting", "2")}
    with its.town.refused(WrongNature):
        its.town.when("meeting.record.v1", payload, "typist")


def test_id_2_a_resolution_is_about_something_that_is_there(its: Estate) -> None:
    with its.town.refused(NotFound):
        its.held(minutes="", resolution={"subject": identity("asset", "没有的资产")})


def test_id_3_the_areas_are_recognised(its: Estate) -> None:
    with its.town.refused(LabelDiffers):
        its.held(minutes="", area_label="山背村")
