"""Whose days as a deputy (代理) are over is told so before anything is signed: since when, and by which entry (AUTH-9)."""

from __future__ import annotations

from api.compose import china_today
from api.desk import Desk
from domain.errors import NotDeputised
from domain.record import Recorded
from projections.entry import recorded_day

_ENDED = "post.deputy_ended.v1"


def require_deputy(desk: Desk, key: str, post: str) -> None:
    """Refused (AUTH-9) for whoever stood in here and does no more. Who never did is for the ledger to judge.

    The directory forgets an authorisation that was ended before its last day; its entries do not.
    """
    directory = desk.ledger.refresh()
    holder, there = directory.keys.get(key), directory.posts.get(post)
    if holder is None or there is None or holder.post == post:
        return
    terms, today = there.terms_of(holder.person), china_today(desk.now())
    if any(today <= term.until for term in terms):
        return
    called = f"岗位 {there.title}（{post}）"
    if terms:
        last = max(term.until for term in terms)
        raise NotDeputised(
            f"{called}的代理已于 {last} 期满，今天是 {today}；确需代理的，由登记员另行授权", subject=key
        )
    if (ended := _ended(desk, post, holder.person)) is not None:
        day = recorded_day(ended.recorded_at)
        raise NotDeputised(
            f"{called}的代理已于 {day} 终止（第 {ended.position} 号，{ended.state['reason']}）；"
            "确需代理的，由登记员另行授权",
            subject=key,
        )


def _ended(desk: Desk, post: str, person: str) -> Recorded | None:
    """The last entry that ended a deputy's authorisations in a post."""
    found = None
    for one in desk.reader.of_subject(post):
        if one.stream == post and one.event == _ENDED and one.state["deputy"] == person:
            found = one
    return found
