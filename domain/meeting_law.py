"""The law of a meeting: what the law of its day asks of how it was held, of its votes and of who may decide (MEET-1 to MEET-7).

Each rule is weighed by the nature of the command at hand: a meeting that is told notes what it did not meet, an act that rests
on it is refused.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from domain.citing import weigh_sources
from domain.document import Document
from domain.errors_disposal import (
    MeetingNotNotified,
    MinutesMissing,
    NoQuorum,
    NotCompetent,
    NotPassed,
    PartyNotConsulted,
    WrongCount,
)
from domain.values import days_after
from domain.verdicts import Shown, weigh_by_law
from domain.voting import BODIES, SHARES
from domain.world import Case


def has_passed(meeting: Mapping[str, Any], resolution: Mapping[str, Any], passing: int) -> bool:
    """Whether a resolution has the votes that the law asks for, which is one of `SHARES`."""
    share = SHARES[passing]
    return share.met(resolution["agreed"], meeting["entitled"] if share.of_all else meeting["present"])


def weigh_votes(
    case: Case,
    meeting: Mapping[str, Any],
    resolutions: Sequence[Mapping[str, Any]],
    day: str,
    identity: str,
    shown: Shown | None = None,
) -> None:
    """That resolutions have the votes that the law of the day asks for (MEET-3)."""
    body, entitled, present = meeting["body"], meeting["entitled"], meeting["present"]
    agreed = "、".join(str(one["agreed"]) for one in resolutions)
    weigh_by_law(
        case,
        "MEET-3",
        f"{body}_passing",
        lambda passing: all(has_passed(meeting, one, passing) for one in resolutions),
        lambda passing: NotPassed(
            f"会议 {identity} 的决议同意 {agreed} 票，应到 {entitled}、实到 {present}，"
            f"{BODIES[body]}的决议须经{'' if SHARES[passing].of_all else '到会人数的'}{SHARES[passing]}同意",
            subject=identity,
        ),
        shown=shown,
        day=day,
    )


def weigh_meeting(case: Case, meeting: Mapping[str, Any], day: str, shown: Shown | None = None) -> None:
    """What the law of the day asks of a meeting as such, weighed by the nature of the command at hand."""
    body, entitled, present = meeting["body"], meeting["entitled"], meeting["present"]
    notified, discussed = meeting["notified_on"], meeting["party_discussed"]
    weigh_by_law(
        case,
        "MEET-1",
        f"{body}_notice_days",
        lambda days: True if not days else notified <= days_after(day, -days) if notified else None,
        lambda days: MeetingNotNotified(f"{BODIES[body]}须在 {days} 天前通知，{day} 的会于 {notified} 通知"),
        shown=shown,
        day=day,
    )
    weigh_by_law(
        case,
        "MEET-2",
        f"{body}_quorum",
        lambda quorum: SHARES[quorum].met(present, entitled),
        lambda quorum: NoQuorum(f"{BODIES[body]}到会须{SHARES[quorum]}，应到 {entitled} 实到 {present}"),
        shown=shown,
        day=day,
    )
    odd = [
        number
        for number, one in enumerate(meeting["resolutions"], start=1)
        if one["agreed"] + one["against"] + one["abstained"] != present
    ]
    case.weigh(
        "MEET-4",
        present <= entitled and not odd,
        lambda: WrongCount(f"应到 {entitled} 实到 {present}，第 {odd or '—'} 项决议的票数之和与实到不符"),
    )
    weigh_by_law(
        case,
        "MEET-5",
        "party_discusses",
        lambda asked: discussed if asked else True,
        lambda _: PartyNotConsulted("须先经乡镇党委或村党组织研究讨论（集组法26）"),
        shown=shown,
        day=day,
    )
    _weigh_minutes(case, meeting["minutes"], day)
    _weigh_competence(case, meeting, day, shown)


def _weigh_competence(case: Case, meeting: Mapping[str, Any], day: str, shown: Shown | None) -> None:
    """That the body may decide on disposal, distribution, debt and ownership (MEET-7)."""
    body, entitled = meeting["body"], meeting["entitled"]

    def refusal(_: int = 0) -> NotCompetent:
        return NotCompetent(f"{BODIES[body]}（{day}，应到 {entitled}）无权决定此类事项")

    if body == "council":
        case.weigh("MEET-7", False, refusal)
    elif body == "member_reps":
        met = lambda fewer: entitled > fewer  # noqa: E731
        weigh_by_law(case, "MEET-7", "member_reps_more_than", met, refusal, shown=shown, day=day)
    elif body != "members":
        # A villagers' meeting gives its representatives such a matter for a term (渝村办10); where there is no
        # 农村集体经济组织, the village acts in its place (集组法64).
        authorised = meeting["authorised"] if body == "village_reps" else True
        weigh_by_law(
            case,
            "MEET-7",
            "collective_decides",
            lambda decides: _both(authorised, meeting["no_rceo"] if decides else True),
            refusal,
            shown=shown,
            day=day,
        )


def _both(one: bool | None, other: bool | None) -> bool | None:
    return False if False in {one, other} else None if None in {one, other} else True


def _weigh_minutes(case: Case, minutes: str, day: str) -> None:
    document = case.world.get(Document, minutes, "材料") if minutes else None
    if document is not None:
        document.require_kind(("minutes",), "会议")
        weigh_sources(case, [document])
    case.weigh(
        "MEET-6",
        document is not None and document.issued_on >= day,
        lambda: MinutesMissing(f"{day} 的会议须有会议记录，日期不早于当日"),
    )
