"""The trace: state as of a day known at a time (D7), sums, links followed and not; as JSON and as text."""

import json
from datetime import timedelta

import pytest

from domain.errors import BadShape, NotFound
from projections.entry import CHINA, moment
from projections.story import known_position
from projections.text import width
from projections.trace import trace
from tests.projections.log import CENTRE, CLERK, ELSEWHERE, VILLAGE, Log, an_id, line


def test_d7_as_of_a_day_shows_what_held_on_it(log: Log) -> None:
    project = log.list("QX-0007", on="2023-05-01")
    log.determine(project, an_id("proposal", "1"), "weak", on="2025-03-01")
    log.determine(project, an_id("proposal", "2"), "idle", on="2024-03-01")
    assert trace(log, project).value("class") == "weak"
    assert trace(log, project, as_of="2024-12-31").value("class") == "idle"
    assert trace(log, project, as_of="2024-02-29").value("class") is None


def test_d7_known_before_the_correction_the_slip_still_shows(log: Log) -> None:
    project = log.list("QX-0007", scale="十亩")
    before = log.size() - 1
    log.correct(project, an_id("proposal", "1"), 1, "scale", "十亩", "二十亩")
    assert trace(log, project, known_at=before).value("scale") == "十亩"
    assert trace(log, project, known_at=log.size() - 2).value("scale") == "十亩", "proposed, not yet checked"
    assert trace(log, project).value("scale") == "二十亩"


def test_d7_known_at_is_a_position_a_day_or_a_moment(log: Log) -> None:
    at = log.size()
    log.list("QX-0007")  # recorded at 10:11 of the 23rd, UTC+8, as each entry a minute after the last
    log.now = log.now.replace(day=24)
    log.list("QX-0008")
    last = log.size() - 1
    assert known_position(log, None) == known_position(log, "2026-11-24") == known_position(log, last) == last
    assert known_position(log, at) == known_position(log, str(at)) == known_position(log, "2026-11-23") == at
    assert known_position(log, log.all[at].recorded_at) == at
    assert known_position(log, "2026-11-23T10:11:00+08:00") == at
    assert known_position(log, "2026-11-23T10:10:59+08:00") == at - 1
    assert known_position(log, "2026-11-22") == -1


def test_d7_what_is_still_to_come_is_known_to_nobody(log: Log) -> None:
    """A position without an entry, a day or a moment after now: no answer to it would stay the same."""
    log.list("QX-0007")
    last, now = log.size() - 1, log.now + timedelta(hours=1)
    for to_come in (last + 1, str(last + 1), 10**15):
        with pytest.raises(BadShape, match=f"台账截至第 {last} 号"):
            known_position(log, to_come)
    today = now.astimezone(CHINA).date()
    for to_come in (f"{today + timedelta(days=1)}", (now + timedelta(seconds=1)).isoformat()):
        with pytest.raises(BadShape, match="还没有到"):
            known_position(log, to_come, now)
    assert known_position(log, f"{today}", now) == known_position(log, now.isoformat(), now) == last


def test_d7_what_another_clock_has_recorded_is_not_still_to_come(log: Log) -> None:
    """A server that is a little behind: whoever holds a receipt asks it by the time that stands there."""
    log.list("QX-0007")
    last = log.size() - 1
    recorded = log.all[last].recorded_at
    behind = moment(recorded) - timedelta(days=1)
    assert known_position(log, recorded, behind) == last
    assert known_position(log, moment(recorded).astimezone(CHINA).date().isoformat(), behind) == last
    with pytest.raises(BadShape, match="还没有到"):
        known_position(log, (moment(recorded) + timedelta(microseconds=1)).isoformat(), behind)


@pytest.mark.parametrize("edge", ["9999-12-31", "9999-12-31T23:59:59-01:00", "0001-01-01T00:00:00+08:00"])
def test_d7_no_time_is_too_far(log: Log, edge: str) -> None:
    log.list("QX-0007")
    with pytest.raises(BadShape, match=f"{edge[:10]}"):
        known_position(log, edge, log.now)


@pytest.mark.parametrize("text", ["昨天", "2026-11-31", "2026-11-23T10:00:00", ""])
def test_d7_a_time_without_zone_or_no_time_is_refused(log: Log, text: str) -> None:
    with pytest.raises(BadShape, match="带时区"):
        known_position(log, text)


def test_d7_a_business_day_that_is_none_is_refused(log: Log) -> None:
    with pytest.raises(BadShape, match="2025-02-29"):
        trace(log, log.list("QX-0007"), as_of="2025-02-29")


def test_id_2_a_subject_unknown_by_then_is_refused(log: Log) -> None:
    project = log.list("QX-0007")
    with pytest.raises(NotFound, match=f"截至第 {log.size() - 2} 号，台账中没有 QX-0007 .*project_"):
        trace(log, project, known_at=log.size() - 2)
    with pytest.raises(NotFound, match="开账以前，"):
        trace(log, project, known_at="2020-01-01")
    with pytest.raises(NotFound):
        trace(log, an_id("project", "none"))


def test_d20_the_stated_total_stands_beside_the_derived_one(log: Log) -> None:
    project = log.list("QX-0007", fund_lines=[line(70), line(20)], total_fen=100)
    amounts = trace(log, project).amounts
    assert amounts is not None
    assert (amounts.total_fen, amounts.stated_fen, amounts.difference_fen) == (90, 100, 10)
    assert "相差 0.00001万元" in trace(log, project).as_text()
    unstated = trace(log, log.list("QX-0008", total_fen=None)).amounts
    assert unstated is not None
    assert unstated.difference_fen is None


def test_d5_what_was_followed_and_what_was_not_are_both_listed(log: Log) -> None:
    log.load(an_id("batch", "1"), ["QX-0007", "QX-0008"])
    project = an_id("project", "QX-0007")
    log.opine(project, an_id("proposal", "1"), "weak", on="2026-11-01")
    found = trace(log, project)
    followed = {(one.kind, one.id, one.label) for one in found.followed}
    assert followed == {
        ("batch", an_id("batch", "1"), "2 行"),
        ("proposal", an_id("proposal", "1"), "村级初步认定"),
        ("area", VILLAGE, "青溪村"),
    }
    named = {one.id for one in found.not_followed}
    assert named == {"code:project:QX-0007", CLERK["key"], CLERK["post"], CLERK["organisation"]}
    assert an_id("project", "QX-0008") not in {one.stream for one in found.timeline}, (
        "another row of the batch"
    )


def test_d9_a_project_is_unchecked_until_endorsed_and_a_key_is_neither(log: Log) -> None:
    project = log.list("QX-0007")
    assert trace(log, project).checked is False
    log.check(project)
    assert trace(log, project).checked is True
    assert trace(log, project, known_at=log.size() - 2).checked is False
    assert trace(log, CENTRE["key"]).checked is None


def test_a_trace_goes_through_json(log: Log) -> None:
    found = trace(log, log.list("QX-0007")).as_dict()
    assert json.loads(json.dumps(found, ensure_ascii=False))["state"][0]["value"] == "QX-0007"
    assert found["obligations"] == ()


def test_the_text_says_class_amounts_and_signers_and_fits_eighty_columns(log: Log) -> None:
    project = log.list("QX-0007", name="香菇大棚", total_fen=113_500_050, content="大棚十座，" * 40)
    log.determine(project, an_id("proposal", "1"), "idle", on="2026-11-01")
    log.correct(project, an_id("proposal", "2"), 1, "scale", "十亩", "二十亩")
    text = trace(log, project).as_text()
    for words in (
        "项目 QX-0007 香菇大棚【未核】",
        "分类 闲置类",
        "113.50005万元",
        "青溪村信息员（村系统管理员）",
    ):
        assert words in text
    assert "规模大小：十亩 → 二十亩" in text
    assert (
        "内容  签署身份：盖章认定" in text
    )  # in place of no other: each endorsement is in a capacity of its own
    assert "规模大小：十亩（已由第" in text
    assert all(width(line) <= 80 for line in text.splitlines())


def test_the_text_of_then_does_not_call_itself_the_present(log: Log) -> None:
    project = log.list("QX-0007", name="香菇大棚")
    then = log.size() - 1
    log.list("QX-0008")
    assert "\n现状\n" in trace(log, project).as_text()
    assert "\n当时的状态\n" in trace(log, project, known_at=then).as_text()
    earlier = trace(log, project, as_of="1999-12-31")
    assert "\n状态（截至 1999-12-31）\n" in earlier.as_text()
    assert (earlier.state, earlier.called) == ((), "QX-0007 香菇大棚")


def test_a_pending_opinion_is_shown_as_one_and_not_as_the_class(log: Log) -> None:
    project = log.list("QX-0007")
    log.opine(project, an_id("proposal", "1"), "weak", on="2026-11-01")
    assert "分类 未认定（意见：薄弱类，待签）" in trace(log, project).as_text()


def test_every_kind_of_subject_can_be_traced(log: Log) -> None:
    log.check_batch(an_id("batch", "1"), log.load(an_id("batch", "1"), ["QX-1"]), excepted=[0])
    log.determine(an_id("project", "QX-1"), an_id("proposal", "1"), "weak", on="2026-11-01")
    subjects = {name for one in log.all for name, _ in one.subjects}
    for subject in subjects - {ELSEWHERE}:
        assert (
            trace(log, subject)
            .as_text()
            .startswith(("项目", "批次", "提议", "区域", "密钥", "岗位", "人员", "单位", "台账", "编号"))
        )
