"""MEET: a meeting is a fact with its counts; what it did not meet of the law of its day stands in its notes, and
an act that would rest on it is refused by that rule."""

from datetime import date, timedelta
from typing import Any

import pytest

from domain.errors import (
    AlreadyChecked,
    LabelDiffers,
    LawChanged,
    NotFound,
    RoleNotAllowed,
    SamePerson,
    UnknownParameter,
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
from domain.verdicts import both_of
from domain.voting import BODIES, COLLECTIVE_LAW, HALF, SHARES, TWO_THIRDS
from tests.domain.deeds import endorse
from tests.domain.disposals import Estate, estate
from tests.domain.story import Json, Town, identity

BEFORE = "2025-04-30"
SINCE = "2025-05-01"


def notes(town: Town, title: str = "成员大会") -> list[str]:
    """What the meeting did not meet of the law of its own day."""
    return [one for one in all_notes(town, title) if not one.startswith("LAW-1")]


def all_notes(town: Town, title: str = "成员大会") -> list[str]:
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
    village = {"body": "villagers", "occurred_on": "2025-04-30", "notified_on": "2025-04-01"}
    bears_nothing(its, "MEET-2", NoQuorum, village | {"entitled": 200})
    its.held("过半", **village, entitled=199)
    assert notes(its.town, "过半") == []


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
    ("body", "day", "entitled", "authorised", "no_rceo", "noted"),
    [
        ("members", SINCE, 5, None, None, []),
        ("member_reps", SINCE, 20, None, None, ["MEET-7"]),
        ("member_reps", SINCE, 21, None, None, []),
        ("member_reps", BEFORE, 5, None, None, []),
        ("villagers", SINCE, 100, None, False, ["MEET-7"]),
        ("villagers", SINCE, 100, None, True, []),
        ("villagers", SINCE, 100, None, None, ["MEET-7:unknown"]),
        ("villagers", BEFORE, 100, None, False, []),
        ("households", BEFORE, 40, None, None, []),
        ("village_reps", BEFORE, 24, False, None, ["MEET-7"]),
        ("village_reps", SINCE, 24, True, False, ["MEET-7"]),
        ("village_reps", SINCE, 24, None, True, ["MEET-7:unknown"]),
        ("village_reps", SINCE, 24, True, True, []),
        ("council", BEFORE, 5, True, True, ["MEET-7"]),
        ("council", SINCE, 5, True, True, ["MEET-7"]),
    ],
)
def test_meet_7_who_may_decide(
    its: Estate,
    body: str,
    day: str,
    entitled: int,
    authorised: bool | None,
    no_rceo: bool | None,
    noted: list[str],
) -> None:
    all_agreed = {"entitled": entitled, "present": entitled, "resolution": votes(entitled, 0)}
    known = {"authorised": authorised, "no_rceo": no_rceo, "notified_on": "2025-04-01"}
    its.held(body=body, occurred_on=day, **all_agreed, **known)
    assert notes(its.town) == noted


def test_meet_3_and_2_shares_are_exact() -> None:
    two_thirds, half = SHARES[TWO_THIRDS], SHARES[HALF]
    assert next(part for part in range(25) if two_thirds.met(part, 24)) == 16
    assert next(part for part in range(25) if half.met(part, 24)) == 13
    assert next(part for part in range(25) if SHARES[11].met(part, 24)) == 24
    assert [SHARES[100 + code].of_all for code in (12, 23, 34, 45, 11)] == [True] * 5
    assert str(SHARES[123]) == "全体的三分之二以上"


# What an old and a new meeting of each body needs: told days before, so many of 60 there, so many of these agreed.
LAW: list[tuple[str, str, int, int, int]] = [
    ("villagers", BEFORE, 0, 31, 16),
    ("households", BEFORE, 0, 40, 21),
    ("village_reps", BEFORE, 3, 40, 21),
    ("members", BEFORE, 0, 31, 16),
    ("member_reps", BEFORE, 3, 40, 21),
    *((body, SINCE, 10, 40, 40) for body in BODIES if body != "council"),
    ("council", SINCE, 0, 40, 31),
]


@pytest.mark.parametrize(("body", "day", "days", "quorum", "passing"), LAW)
def test_meet_1_2_3_the_table_at_its_edges(
    its: Estate, body: str, day: str, days: int, quorum: int, passing: int
) -> None:
    """Who decides, told when, how many there, how many agreed: what is just enough, and one fewer."""
    told = (date.fromisoformat(day) - timedelta(days=days)).isoformat()
    late = (date.fromisoformat(told) + timedelta(days=1)).isoformat()
    enough: Json = {"body": body, "entitled": 60, "present": quorum, "occurred_on": day, "notified_on": told}
    enough |= {"authorised": True, "no_rceo": True}

    def noted(title: str, agreed: int, **changed: Any) -> set[str]:
        given = enough | changed
        its.held(title, **given, resolution=votes(agreed, given["present"] - agreed))
        return set(notes(its.town, title)) - {"MEET-7"}  # no council decides

    assert noted("恰够", passing) == set()
    assert noted("少一票", passing - 1) == {"MEET-3"}
    assert noted("迟一天", passing, notified_on=late) == ({"MEET-1"} if days else set())
    assert "MEET-2" in noted("少一人", min(passing, quorum - 1), present=quorum - 1)


def test_meet_before_2025_no_statute_spoke_of_a_council(its: Estate) -> None:
    few = {"body": "council", "entitled": 60, "present": 1, "resolution": votes(0, 1)}
    its.held(**few, occurred_on=BEFORE, notified_on="")
    assert notes(its.town) == ["MEET-7"]


# --- the law is dated data (D8) ---------------------------------------------------------------------------

OLD: Json = {"body": "village_reps", "entitled": 24, "present": 17, "authorised": True}
OLD |= {"notified_on": "2025-02-26", "occurred_on": "2025-03-01", "resolution": votes(9, 8)}


def old_minutes(its: Estate, *, endorsed: bool) -> str:
    minutes = its.paper("minutes", "当年的记录", issued_on="2025-03-01")
    if endorsed:
        endorse(its, minutes, "当年的记录", "2025-03-01")
    return minutes


def test_law_1_a_meeting_of_before_2025_carries_both_verdicts(its: Estate) -> None:
    its.held(**OLD)
    assert all_notes(its.town) == [
        "LAW-1:MEET-1:2025-03-01:3:met:2026-11-23:10:unmet",
        "LAW-1:MEET-7:2025-03-01:0:met:2026-11-23:1:unmet",
        "LAW-1:MEET-3:2025-03-01:12:met:2026-11-23:123:unmet",
    ]
    assert "按 2026-11-23 的规定（全体的三分之二以上）不符合" in str(both_of(all_notes(its.town)[2]))
    assert its.town.books.stream(identity("meeting", "成员大会"))[0].state["passed"] == [True]
    its.town.check()


def test_law_1_it_bears_an_act_by_minutes_of_its_day_that_another_has_seen(its: Estate) -> None:
    """Else a vote that is too thin today would only have to be told as one of 2025."""
    its.held(**OLD, minutes=old_minutes(its, endorsed=False))
    with its.town.refused(LawChanged, f"须附 {COLLECTIVE_LAW} 以前的材料"):
        decide(its)
    endorse(its, identity("document", "当年的记录"), "当年的记录", "2025-03-01")
    decided = its.when("decide", its.decision(meeting=identity("meeting", "成员大会")))
    assert its.town.only(decided).state["notes"] == all_notes(its.town)
    its.town.check()


def test_law_1_a_vote_that_only_the_law_of_today_bears_is_taken_anew(its: Estate) -> None:
    """The villagers of two villages with an organisation were asked in 2026, as nobody needed to be any more."""
    its.town.law("members_quorum", 12)
    its.held(
        occurred_on="2026-11-22",
        notified_on="2026-11-01",
        entitled=160,
        present=110,
        resolution=votes(108, 2),
    )
    assert notes(its.town) == []
    few = {"present": 100, "resolution": votes(100, 0), "entitled": 151}
    its.held("不足", occurred_on="2026-11-22", **few)
    assert notes(its.town, "不足") == ["MEET-2", "MEET-3"]
    with its.town.refused(LawChanged, "另行办理"):
        its.when("decide", its.decision(meeting=identity("meeting", "不足")))


def test_the_law_of_meetings_is_changed_by_the_record(its: Estate) -> None:
    """A statute of tomorrow needs no code: three quarters of those present, told fifteen days before."""
    its.town.law("members_passing", 34, "2026-11-24")
    its.town.law("members_notice_days", 15, "2026-11-24")
    its.town.books.today = "2026-11-25"
    three_quarters = {
        "occurred_on": "2026-11-25",
        "notified_on": "2026-11-10",
        "present": 80,
        "entitled": 120,
    }
    its.held("够", **three_quarters, resolution=votes(60, 20))
    assert all_notes(its.town, "够") == []
    its.held("不够", **three_quarters, resolution=votes(59, 21))
    assert all_notes(its.town, "不够") == ["MEET-3"]
    its.held("晚", **three_quarters | {"notified_on": "2026-11-11"}, resolution=votes(60, 20))
    assert all_notes(its.town, "晚") == ["MEET-1"]
    its.when("decide", its.decision(meeting=identity("meeting", "够")))
    its.town.check()


def test_a_later_statute_takes_the_place_of_an_earlier_setting(its: Estate) -> None:
    its.town.law("members_passing", 34, "2020-01-01")
    three_quarters = {"notified_on": "2025-01-01", "present": 80, "entitled": 100}
    its.held("旧", **three_quarters, occurred_on=BEFORE, resolution=votes(59, 21))
    assert notes(its.town, "旧") == ["MEET-3"]
    its.held("新", **three_quarters, occurred_on=SINCE, resolution=votes(67, 13))
    assert notes(its.town, "新") == []
    its.town.law("members_passing", 145, SINCE, "示例县办〔2025〕1号")
    its.held("再", **three_quarters, occurred_on=SINCE, resolution=votes(79, 1))
    assert notes(its.town, "再") == ["MEET-3"]


@pytest.mark.parametrize(
    ("name", "value"),
    [("members_passing", 13), ("members_quorum", 123), ("party_discusses", 2), ("members_notice_days", 366)],
)
def test_param_1_a_share_is_one_that_statutes_speak_of(town: Town, name: str, value: int) -> None:
    with town.refused(UnknownParameter, "取值"):
        town.law(name, value)


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
