"""The timeline: both clocks, who signed, what changed, what was withdrawn; nothing left out."""

import dataclasses
import re

from projections.timeline import Change, Item, timeline
from projections.trace import trace
from tests.projections.log import CENTRE, CLERK, TOWN, Log, an_id


def changes(item: Item) -> dict[str, tuple[object, object]]:
    return {one.field: (one.old, one.new) for one in item.changes}


def unbroken(text: str) -> str:
    """Without the ends of its lines, and the spaces that stand there."""
    return re.sub(r"\s+", "", text)


def test_d7_an_item_has_both_clocks_and_the_days_between_them(log: Log) -> None:
    project = log.list("QX-0007", on="2026-11-13")
    (item,) = timeline(log, project)
    assert (item.occurred_on, item.recorded_on, item.late_days) == ("2026-11-13", "2026-11-23", 10)
    assert item.recorded_at == log.all[-1].recorded_at
    assert item.late_reason == "示例数据：补登"


def test_d7_the_recorded_date_is_that_of_china(log: Log) -> None:
    log.now = log.now.replace(hour=16, minute=30)  # UTC; half past midnight of the 24th at UTC+8
    (item,) = timeline(log, log.list("QX-0007", on="2026-11-23"))
    assert (item.recorded_on, item.late_days) == ("2026-11-24", 1)


def test_an_item_says_in_chinese_what_happened_and_how_it_was_entered(log: Log) -> None:
    (item,) = timeline(log, log.list("QX-0007"))
    assert (item.title, item.nature, item.nature_title) == ("登记项目", "fact", "既成事实登记")


def test_an_item_names_person_post_and_role_of_each_signer_but_no_persons_name(log: Log) -> None:
    (item,) = timeline(log, log.list("QX-0007"))
    (signer,) = item.signers
    assert (signer.key, signer.organisation, signer.post) == (
        CLERK["key"],
        CLERK["organisation"],
        CLERK["post"],
    )
    assert signer.person == an_id("person", "village_admin")
    assert (signer.post_title, signer.role, signer.role_title) == (
        "青溪村信息员",
        "village_admin",
        "村系统管理员",
    )


def test_a_registrar_of_the_opening_is_named_by_the_opening(log: Log) -> None:
    item = timeline(log, an_id("area", "青溪乡"))[0]
    assert (item.title, item.signers[0].role_title) == ("登记区域", "登记员")
    assert item.signers[0].person == an_id("person", "甲")


def test_what_changed_is_shown_old_to_new_and_what_was_withdrawn_stays_visible(log: Log) -> None:
    project = log.list("QX-0007", scale="十亩")
    at = log.correct(project, an_id("proposal", "1"), 1, "scale", "十亩", "二十亩")
    listed, *_, corrected = timeline(log, project)
    assert changes(corrected) == {"scale": ("十亩", "二十亩")}
    scale = next(one for one in listed.changes if one.field == "scale")
    assert scale == Change(project, "scale", "规模大小", None, "十亩", corrected.position)
    assert corrected.position == at + 1
    assert not listed.withdrawn
    assert next(one for one in listed.changes if one.field == "name").withdrawn_at is None


def test_known_before_the_correction_the_slip_was_not_withdrawn(log: Log) -> None:
    project = log.list("QX-0007", scale="十亩")
    before = log.size() - 1
    log.correct(project, an_id("proposal", "1"), 1, "scale", "十亩", "二十亩")
    (listed,) = timeline(log, project, known_at=before)
    assert next(one for one in listed.changes if one.field == "scale").withdrawn_at is None


def test_a_row_rewritten_is_withdrawn_as_a_whole(log: Log) -> None:
    project = log.list("QX-0007", on="2024-05-01", scale="十亩")
    at = log.supersede(project, "QX-0007", on="2023-05-01", scale="二十亩")
    listed, rewritten = timeline(log, project)
    assert listed.withdrawn
    assert {one.withdrawn_at for one in listed.changes} == {at}
    assert (rewritten.reason, rewritten.withdrawn) == ("录错行", False)


def test_d7_old_is_what_held_on_the_same_day_not_what_was_entered_last(log: Log) -> None:
    project = log.list("QX-0007", on="2023-05-01")
    log.determine(project, an_id("proposal", "1"), "weak", on="2024-03-01")
    log.determine(project, an_id("proposal", "2"), "idle", on="2026-03-01")
    log.determine(project, an_id("proposal", "3"), "advantaged", on="2025-03-01")
    determined = [one for one in timeline(log, project) if one.event == "project.class_determined.v1"]
    assert [changes(one)["class"] for one in determined] == [
        (None, "weak"),
        ("weak", "idle"),
        ("weak", "advantaged"),
    ]


def test_d9_a_fact_is_unchecked_until_its_entry_is_endorsed(log: Log) -> None:
    project = log.list("QX-0007")
    assert [(one.needs_check, one.checked_at) for one in timeline(log, project)] == [(True, None)]
    at = log.check(project)
    assert [(one.needs_check, one.checked_at) for one in timeline(log, project)] == [
        (True, at),
        (False, None),
    ]


def test_d9_a_row_is_checked_by_the_endorsement_of_its_batch_but_not_when_excepted(log: Log) -> None:
    batch = an_id("batch", "1")
    outcome = log.load(
        batch, ["QX-1", "QX-2"], row={"code": "code:row:1", "file": "0a1b" * 16, "row": 5, "sheet": "表"}
    )
    at = log.check_batch(batch, outcome, excepted=[1])
    recorded, checked, endorsed = timeline(log, an_id("project", "QX-1"))
    assert [recorded.title, checked.title, endorsed.title] == ["批次入账", "登记项目", "批次核对"]
    assert (checked.checked_at, recorded.nature_title) == (at, "")
    assert checked.origin is not None
    assert (checked.origin.batch, checked.origin.batch_position, checked.origin.index) == (batch, outcome, 0)
    assert (checked.origin.sheet, checked.origin.row) == ("表", 5)
    # As the summary of the batch names it: what `sha256sum` of the workbook begins with.
    workbook = f"第 {outcome} 号批次第 1 条，文件 {'0a1b' * 4} 工作表“表”第 5 行"
    assert checked.origin.told == workbook
    assert unbroken(workbook) in unbroken(trace(log, an_id("project", "QX-1")).as_text())
    assert dataclasses.replace(checked.origin, row=None, file="").told == f"第 {outcome} 号批次第 1 条"
    assert timeline(log, an_id("project", "QX-2"))[1].checked_at is None


def test_d10_each_signature_has_its_own_time_and_the_completion_its_last_signer(log: Log) -> None:
    project = log.list("QX-0007")
    proposal = an_id("proposal", "1")
    log.opine(project, proposal, "weak", on="2026-11-01")
    log.sign(project, proposal, CENTRE, on="2026-11-02")
    last = log.sign(project, proposal, TOWN, on="2026-11-03", then="weak")
    told = [(one.title, one.occurred_on, one.signers[0].key) for one in timeline(log, project)[1:]]
    assert told == [
        ("提出分类认定", "2026-11-01", CLERK["key"]),
        ("提议", "2026-11-01", CLERK["key"]),
        ("签署提议", "2026-11-02", CENTRE["key"]),
        ("签署提议", "2026-11-03", TOWN["key"]),
        ("分类认定完成", "2026-11-03", TOWN["key"]),
    ]
    assert timeline(log, project)[-1].command_at == last, "the second entry of its command"


def test_d10_a_withdrawn_proposal_shows_what_its_opinion_fell_back_to(log: Log) -> None:
    project = log.list("QX-0007")
    log.opine(project, an_id("proposal", "1"), "weak", on="2026-11-01")
    log.opine(project, an_id("proposal", "2"), "idle", on="2026-11-02")
    log.withdraw(project, an_id("proposal", "2"))
    assert changes(timeline(log, project)[-1])["opined_class"] == ("idle", "weak")


def test_an_event_of_a_later_version_is_shown_with_all_it_says(log: Log) -> None:
    contract = an_id("contract", "1")
    log.record(
        ("contract.signed.v1", contract, {"contract": contract, "name": "大棚", "occurred_on": "2026-11-01"})
    )
    (item,) = timeline(log, contract)
    assert (item.title, item.occurred_on, changes(item)) == (
        "contract.signed.v1",
        "2026-11-01",
        {"name": (None, "大棚")},
    )


def test_a_persons_timeline_is_all_that_the_persons_keys_signed(log: Log) -> None:
    project = log.list("QX-0007")
    at = log.check(project)
    titles = [(one.title, one.position) for one in timeline(log, an_id("person", "service_centre"))]
    assert [title for title, _ in titles] == ["登记密钥", "核对项目"]
    assert titles[-1] == ("核对项目", at)
